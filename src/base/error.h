/* Making errors. Printing them is in error_write.c. */
#ifndef CNN_BASE_ERROR_H
#define CNN_BASE_ERROR_H

#include "base/out.h"
#include "base/text.h"

enum {
#define X(CODE, id, sentence, help, other) CNN_E_##CODE,
#include "base/errors.def"
#undef X
    CNN_ERROR_CODES
};

/* Tells compilers that a call leads to an error, so that the way without one is laid out straight.
 */
#if defined(__GNUC__)
#define CNN_COLD __attribute__((cold))
#else
#define CNN_COLD
#endif

/* A condition that nearly always holds: what follows is laid out straight. */
#if defined(__GNUC__)
#define CNN_LIKELY(condition) __builtin_expect((condition), 1)
#else
#define CNN_LIKELY(condition) (condition)
#endif

/* Puts all that a function calls into it: for the one loop that nearly everything goes through. */
#if defined(__GNUC__)
#define CNN_FLAT __attribute__((flatten))
#else
#define CNN_FLAT
#endif

/* Keeps a function that is seldom needed out of its caller, which then needs fewer registers. */
#if defined(__GNUC__)
#define CNN_APART __attribute__((noinline))
#else
#define CNN_APART
#endif

/*
 * fail(err, CODE, span): the error is recorded unless there is one already, and false is returned.
 * The variants fill in the sentence's numbers and words:  return fail_number(err, CNN_E_COUNT,
 * span, -1, 0);
 */
CNN_COLD bool cnn_fail(cnn_error *err, int32_t code, cnn_span span);
CNN_COLD bool cnn_fail_numbers(cnn_error *err, int32_t code, cnn_span span, int64_t n0, int64_t n1);
CNN_COLD bool cnn_fail_words(cnn_error *err, int32_t code, cnn_span span, cnn_text a, cnn_text b);

/* Sentence and way out in one line. */
void cnn_out_error(cnn_out *out, const cnn_error *err);

/* No memory: the code that tells the caller to come again with a larger arena. */
CNN_COLD bool cnn_fail_memory(cnn_error *err);

#endif
