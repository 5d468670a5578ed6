/* Checked answers on their way to the reader. */
#ifndef CNN_CHECK_CHECK_H
#define CNN_CHECK_CHECK_H

#include "base/out.h"
#include "check/diagnose.h"

typedef struct cnn_checked {
    const cnn_claims *claims;
    const cnn_numbers *numbers;
    const cnn_check_counts *counts;
    cnn_arena scratch;
    cnn_out *out;
    cnn_error *err;
} cnn_checked;

/* Says in `err` when there is not memory enough for all that should be said. */
void cnn_check_text(const cnn_checked *checked);
void cnn_check_json(const cnn_checked *checked);

#endif
