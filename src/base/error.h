/* Making errors. Printing them is in error_write.c. */
#ifndef CNN_BASE_ERROR_H
#define CNN_BASE_ERROR_H

#include "base/hints.h"
#include "base/out.h"
#include "base/text.h"

enum {
#define X(CODE, id, sentence, help, other) CNN_E_##CODE,
#include "base/errors.def"
#undef X
    CNN_ERROR_CODES
};

/*
 * fail(err, CODE, span): the error is recorded unless there is one already, and false is returned.
 * The variants fill in the sentence's numbers and words:  return fail_number(err, CNN_E_COUNT,
 * span, -1, 0);
 */
CNN_COLD bool cnn_fail(cnn_error *err, int32_t code, cnn_span span);
CNN_COLD bool cnn_fail_numbers(cnn_error *err, int32_t code, cnn_span span, int64_t n0, int64_t n1);
CNN_COLD bool cnn_fail_words(cnn_error *err, int32_t code, cnn_span span, cnn_text a, cnn_text b);

/* The sentence alone, and the way out alone; the latter may be empty. */
void cnn_out_error_sentence(cnn_out *out, const cnn_error *err);
void cnn_out_error_hint(cnn_out *out, const cnn_error *err);

/* The template of the way out, see errors.def; and any template, filled in. */
const char *cnn_error_hint(const cnn_error *err);
void cnn_out_error_template(cnn_out *out, const char *template, const cnn_error *err);

/* Sentence and way out in one line. */
void cnn_out_error(cnn_out *out, const cnn_error *err);

/* No memory: the code that tells the caller to try again with a larger arena. */
CNN_COLD bool cnn_fail_memory(cnn_error *err);

#endif
