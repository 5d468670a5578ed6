/*
 * Findings as sentences: for dW1 = x * dz1^T, "the outer product is reversed: this is the transpose
 * of dl/dW1", and then the derivation's own formula.
 */
#include "gradient/derive.h"
#include "gradient/double.h"
#include "gradient/gradient_claim.h"
#include "gradient/values.h"

const cnn_gradient_mistake cnn_gradient_mistakes[CNN_MISTAKES] = {
#define X(CODE, id, sentence) {id, sentence},
#include "gradient/gradient_mistakes.def"
#undef X
};

const char *const cnn_judgement_names[] = {"right", "wrong", "follows"};

/* "a vector of 4 (the size of z1)", "a 2x4 matrix", "a number" */
static void put_dims(cnn_out *out, const cnn_gradient_sheet *sheet, const cnn_dims *dims)
{
    if (dims->rows == 1 && dims->columns == 1) {
        cnn_out_string(out, "a number");
        return;
    }
    if (dims->columns > 1) {
        cnn_out_string(out, "a ");
        cnn_out_int(out, dims->rows);
        cnn_out_char(out, 'x');
        cnn_out_int(out, dims->columns);
        cnn_out_string(out, dims->rows == 1 ? " row" : " matrix");
        return;
    }
    cnn_out_string(out, dims->map.axes > 0 ? "a map of " : "a vector of ");
    cnn_out_int(out, dims->rows);
    /* the first value of this size helps to see what was meant */
    for (int32_t i = 0; i < sheet->chain->quantity_count; i++) {
        const cnn_value *q = &sheet->chain->quantities[i];
        if (q->dims.rows == dims->rows && q->dims.columns == 1 && q->role != CNN_VALUE_BIASES) {
            cnn_out_string(out, " (the size of ");
            cnn_out_string(out, q->name);
            cnn_out_char(out, ')');
            return;
        }
    }
}

void cnn_out_finding_name(cnn_out *out, const cnn_finding *finding)
{
    cnn_out_text(out, finding->a);
    if (finding->argument.size > 0) {
        cnn_out_string(out, "'(");
        cnn_out_text(out, finding->argument);
        cnn_out_char(out, ')');
    }
}

/* Writes the sentence; in it, {a} is one letter between braces. */
static void put_finding(cnn_out *out, const cnn_gradient_sheet *sheet, const cnn_finding *f)
{
    if (f->own.size > 0) {
        cnn_out_string(out, "with your ");
        cnn_out_text(out, f->own);
        cnn_out_char(out, ' ');
    }
    for (const char *p = cnn_gradient_mistakes[f->mistake].sentence; *p != '\0'; p++) {
        if (*p != '{') {
            cnn_out_char(out, *p);
            continue;
        }
        if (p[1] == 'a') {
            cnn_out_finding_name(out, f);
        } else if (p[1] == 'b') {
            cnn_out_text(out, f->b);
        } else if (p[1] == 'f') {
            cnn_out_double(out, f->factor);
        } else {
            put_dims(out, sheet, p[1] == 's' ? &f->s : &f->t);
        }
        p += 2;
    }
}

/* Values of a claim in numbers that are shown, where there are not more. */
enum { SHOWN = 64 };

/* The formula of the derivation for what the claim is about; of a claim in numbers these. */
static void put_right(cnn_out *out, const cnn_gradient_sheet *sheet,
                      const cnn_gradient_claim *claim)
{
    cnn_line line;
    if (claim->what == NULL) {
        return;
    }
    cnn_out_string(out, "right: ");
    cnn_notation_text.name(out, claim->what, claim->slope);
    cnn_out_string(out, " = ");
    if (claim->numbers != NULL && cnn_dims_count(&claim->what->dims) <= SHOWN) {
        const cnn_matrix right = cnn_gradient_claim_right(sheet, claim, 0);
        if (claim->what->role == CNN_VALUE_LOSS) {
            cnn_out_double(out, right.v[0]);
        } else {
            cnn_out_values(out, right.v, claim->what);
        }
    } else if (cnn_derive_find(sheet->chain, claim->what, claim->slope, &line)) {
        cnn_out_line(out, sheet->chain, &line, &cnn_notation_text);
    } else {
        cnn_out_char(out, '1'); /* dl/dl, which no derivation has */
    }
}

static void put_ids(cnn_out *out, const cnn_cause *cause)
{
    for (int32_t i = 0; i < cause->count; i++) {
        cnn_out_string(out, i == 0 ? " [" : " ");
        cnn_out_string(out, cnn_gradient_mistakes[cause->findings[i].mistake].id);
    }
    cnn_out_char(out, ']');
}

/* Why it follows, or what may be wrong, and then what is right. */
void cnn_out_reason(cnn_out *out, const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                    const char *separator, bool ids)
{
    if (claim->judgement == CNN_JUDGED_FOLLOWS) {
        cnn_out_string(out, "follows from your ");
        cnn_notation_text.name(out, claim->from->what, claim->from->slope);
        cnn_out_string(out, claim->from->judgement == CNN_JUDGED_RIGHT ? ", which is rounded"
                                                                       : ", which is wrong");
        return;
    }
    for (int32_t i = 0; i < claim->count; i++) {
        const cnn_cause *e = &claim->causes[i];
        for (int32_t k = 0; k < e->count; k++) {
            cnn_out_string(out, k > 0 ? ", and " : "");
            put_finding(out, sheet, &e->findings[k]);
        }
        if (ids) {
            put_ids(out, e);
        }
        cnn_out_string(out, separator);
    }
    if (claim->judgement == CNN_JUDGED_WRONG) {
        put_right(out, sheet, claim);
    }
}
