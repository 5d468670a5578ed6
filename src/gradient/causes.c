/* What a claimed value is: the value of something else, a multiple, the result of a known mistake.
 */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/backward_mistakes.h"

static double ratio_of(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                       cnn_matrix_at *get, const void *user)
{
    return cnn_trial_factor(sheet, &claim->trials[CNN_NAMES_TRUE], get, user);
}

/* ---- multiples and transposes of the right value ---- */

static cnn_matrix get_right(const cnn_gradient_sheet *sheet, const void *claim, int32_t point)
{
    return cnn_gradient_claim_right(sheet, claim, point);
}

/* The value is f times `name`. The sentence about a sign shows no factor. */
static cnn_finding multiple(double f, cnn_text name)
{
    const double factor = cnn_tidy(f);
    const bool missing = factor > 0 && factor < 1;
    return (cnn_finding){.mistake = factor == -1 ? CNN_MISTAKE_SIGN
                                    : missing    ? CNN_MISTAKE_FACTOR_MISSING
                                                 : CNN_MISTAKE_FACTOR,
                         .b = name,
                         .factor = factor == -1 ? 0 : factor};
}

/* Whether the claim's rows are the right value's columns, at every point. */
static bool is_transposed(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim)
{
    const double scale = cnn_gradient_claim_scale(sheet, claim);
    for (int32_t p = 0; p < sheet->points.count; p++) {
        const cnn_matrix *v = &claim->trials[CNN_NAMES_TRUE].at[p];
        const cnn_matrix right = cnn_gradient_claim_right(sheet, claim, p);
        cnn_arena scratch = sheet->arena;
        const int64_t rows = v->dims.rows, columns = v->dims.columns;
        cnn_matrix turned = {{columns, rows, {0}}, NULL};
        turned.v = CNN_NEW_ARRAY(&scratch, double, rows *columns);
        if (turned.v == NULL) {
            return cnn_fail_memory(sheet->err);
        }
        for (int64_t i = 0; i < rows * columns; i++) {
            turned.v[i % columns * rows + i / columns] = v->v[i];
        }
        if (!cnn_matrix_near(&turned, &right, 1, scale)) {
            return false;
        }
    }
    return true;
}

static bool find_multiple(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    const cnn_text name = cnn_value_name(claim->what, claim->slope);
    const double f = ratio_of(sheet, claim, get_right, claim);
    if (f != 0) {
        const cnn_finding finding = multiple(f, name);
        cnn_gradient_claim_explain(claim, &finding, NULL);
        return true;
    }
    if (is_transposed(sheet, claim)) {
        /* dl/dW = dl/dz x^T: its transpose is x (dl/dz)^T */
        const bool outer = claim->what->role == CNN_VALUE_WEIGHTS;
        const cnn_finding finding = {.mistake = outer ? CNN_MISTAKE_OUTER : CNN_MISTAKE_TRANSPOSED,
                                     .b = name};
        cnn_gradient_claim_explain(claim, &finding, NULL);
        return true;
    }
    return false;
}

/* ---- the value of another quantity ---- */

typedef struct candidate {
    const cnn_value *q;
    bool slope;
} candidate;

static cnn_matrix get_candidate(const cnn_gradient_sheet *sheet, const void *user, int32_t point)
{
    const candidate *c = user;
    const cnn_point *p = &sheet->points.at[point];
    return (cnn_matrix){c->q->dims, (c->slope ? p->slope : p->value) + c->q->at};
}

/* The mistake by which one gradient is taken for another; those of a layer have names. */
static int32_t name_swap(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                         const candidate *c)
{
    const cnn_value *what = claim->what;
    if (!claim->slope || !c->slope || what->step < 0) {
        return CNN_MISTAKE_VALUE_OF;
    }
    const cnn_link *step = &sheet->chain->steps[what->step];
    const bool enters = c->q == cnn_link_value(sheet->chain, step->in);
    const bool weights = c->q == cnn_link_value(sheet->chain, step->weights);
    if (what->role == CNN_VALUE_BIASES && weights) {
        return CNN_MISTAKE_BIAS_TIMES_INPUT;
    }
    if (what->role == CNN_VALUE_BIASES && enters) {
        return CNN_MISTAKE_BIAS_TOO_FAR;
    }
    return what->role == CNN_VALUE_WEIGHTS && enters ? CNN_MISTAKE_INPUT_FOR_WEIGHTS
                                                     : CNN_MISTAKE_VALUE_OF;
}

/* Gradients before values, and of those the outputs of layers first: dz2 rather than db2. */
static bool next_candidate(const cnn_chain *chain, int32_t *at, candidate *out)
{
    const int32_t n = chain->quantity_count;
    for (; *at < 3 * n; ++*at) {
        const cnn_value *q = &chain->quantities[*at % n];
        const bool output = q->role == CNN_VALUE_OUTPUT;
        const bool variable = cnn_is_variable(q);
        *out = (candidate){q, *at < 2 * n};
        if (*at < n ? output : *at < 2 * n ? variable : q->role != CNN_VALUE_TARGET) {
            ++*at;
            return true;
        }
    }
    return false;
}

/* `exact`: the value itself; otherwise also a multiple of it, but only of gradients. */
static bool find_other(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim, bool exact)
{
    candidate c;
    for (int32_t at = 0; next_candidate(sheet->chain, &at, &c);) {
        const bool same = c.q == claim->what && c.slope == claim->slope;
        const double f = same ? 0 : ratio_of(sheet, claim, get_candidate, &c);
        if (f == 0 || (exact ? f != 1 : !c.slope)) {
            continue;
        }
        assert(c.q != NULL && claim->what != NULL);
        const cnn_finding finding = {.mistake = name_swap(sheet, claim, &c),
                                     .a = cnn_value_name(c.q, c.slope),
                                     .b = cnn_value_name(claim->what, claim->slope)};
        const cnn_finding factor = multiple(f, finding.a);
        cnn_gradient_claim_explain(claim, &finding, f == 1 ? NULL : &factor);
        return true;
    }
    return false;
}

/* ---- mistakes ---- */

typedef struct mistaken {
    cnn_gradient_sheet *sheet;
    const cnn_gradient_claim *claim;
    const cnn_backward_mistake *mistakes;
    int32_t count;
} mistaken;

/* The gradient that the mistakes give. Only slopes change: the values are those of the point. */
static cnn_matrix get_mistaken(const cnn_gradient_sheet *sheet, const void *user, int32_t point)
{
    const mistaken *s = user;
    const cnn_point spare = {sheet->points.at[point].value, sheet->spare.slope};
    cnn_backward_with(sheet->chain, &spare, s->mistakes, s->count);
    return (cnn_matrix){s->claim->what->dims, spare.slope + s->claim->what->at};
}

/* A backward pass is taken to be worth two forward ones. */
static bool pay(cnn_gradient_sheet *sheet)
{
    sheet->work -= 2 * sheet->chain->work + 100;
    return sheet->work > 0;
}

/* A single mistake also explains a constant multiple of what it gives; a pair fits exactly. */
static void try_mistakes(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim,
                         const cnn_backward_mistake *mistakes, int32_t count)
{
    const mistaken s = {sheet, claim, mistakes, count};
    cnn_finding findings[2];
    const double f = ratio_of(sheet, claim, get_mistaken, &s);
    if (f == 0 || (f != 1 && count > 1)) {
        return;
    }
    for (int32_t i = 0; i < count; i++) {
        findings[i] = cnn_backward_mistake_describe(sheet->chain, &mistakes[i]);
    }
    if (f != 1) {
        findings[1] = multiple(f, cnn_value_name(claim->what, claim->slope));
        count = 2;
    }
    cnn_gradient_claim_explain(claim, &findings[0], count > 1 ? &findings[1] : NULL);
}

/* The first mistake that fits: no two give the same numbers. */
static bool find_mistake(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    cnn_backward_mistake at = {0, -1, -1};
    const int32_t before = claim->count;
    while (claim->count == before && cnn_backward_mistake_next(sheet->chain, &at) && pay(sheet)) {
        try_mistakes(sheet, claim, &at, 1);
    }
    return claim->count > before;
}

/* Stops at the first pair that fits. */
static void find_pairs(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    cnn_backward_mistake pair[2] = {{0, -1, -1}, {0, -1, -1}};
    while (cnn_backward_mistake_next(sheet->chain, &pair[0])) {
        pair[1] = pair[0];
        while (cnn_backward_mistake_next(sheet->chain, &pair[1])) {
            if (claim->count > 0 || !pay(sheet)) {
                return;
            }
            try_mistakes(sheet, claim, pair, 2);
        }
    }
}

/* From the plainest explanation to the most far-fetched: a multiple or the transpose, another
 * value, one mistake, a multiple of another gradient, two mistakes. */
void cnn_gradient_claim_find_causes(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    const bool fits = cnn_same_dims(&claim->trials[CNN_NAMES_TRUE].at[0].dims, &claim->what->dims);
    const bool mistakes = fits && claim->slope;
    if (!find_multiple(sheet, claim) && !find_other(sheet, claim, true) && mistakes &&
        !find_mistake(sheet, claim) && !find_other(sheet, claim, false)) {
        find_pairs(sheet, claim);
    }
}
