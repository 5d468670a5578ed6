/* Checked answers on their way to the reader. */
#ifndef CNN_CHECK_CHECK_H
#define CNN_CHECK_CHECK_H

#include "base/out.h"
#include "check/diagnose.h"

typedef struct cnn_checked {
    const cnn_claim_text *texts; /* that the claims were read from */
    const cnn_claims *claims;
    const cnn_numbers *numbers;
    const cnn_check_counts *counts;
    cnn_arena scratch;
    cnn_out *out;
    cnn_error *err;
} cnn_checked;

/* Tells in `err` when there is not memory enough for all that should be told. */
void cnn_check_text(const cnn_checked *checked);
void cnn_check_json(const cnn_checked *checked);

/* ---- sentences, without what is before and after them ---- */

/* "total: params = 1728; right is 1,792" */
void cnn_say_claim(const cnn_checked *checked, const cnn_claim *claim);

/* What it follows from, what it is right for, or why no answer is right. */
bool cnn_has_reason(const cnn_claim *claim);
void cnn_say_reason(const cnn_checked *checked, const cnn_claim *claim);

/* Whether causes and the working belong to it. */
bool cnn_is_studied(const cnn_claim *claim);

/* "if the biases are forgotten: C*N*kh*kw [no-bias]"; `others`: with the other layers where it
 * gives the same. */
void cnn_say_cause(const cnn_checked *checked, const cnn_claim *claim, const cnn_explanation *e,
                   bool others);

/* Whether both are one mistake, at different layers. */
bool cnn_same_mistake(const cnn_explanation *a, const cnn_explanation *b);

/* The formula for the layer and the quantity that the mistake concerns. False: it has none. */
bool cnn_has_formula(const cnn_checked *checked, const cnn_claim *claim, const cnn_variation *v);
bool cnn_say_formula(const cnn_checked *checked, const cnn_claim *claim, const cnn_variation *v,
                     cnn_out *out);

/* Finds a question that would tell the first two causes apart, unless `questions` were many. False:
 * there is none. */
bool cnn_ask(const cnn_checked *checked, const cnn_claim *claim, int32_t *questions,
             cnn_question *out);
void cnn_say_question(const cnn_checked *checked, const cnn_claim *claim, const cnn_question *q);

/* That the network is too large for causes. */
bool cnn_has_limit(const cnn_checked *checked);
void cnn_say_limit(const cnn_checked *checked);

#endif
