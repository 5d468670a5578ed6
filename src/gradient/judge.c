/*
 * The verdict. A claim is evaluated at random points, once with the true values of the names that
 * it uses and once with those that the sheet claimed before; what is equal to the true derivative
 * is right, what would be the derivative if an earlier claim were true follows from it.
 */
#include "gradient/assertion.h"

#include <string.h>

#include "base/arena.h"

/* Evaluating one claim at one point, and finding out what is wrong with it, may take so many
 * multiply-adds. */
static const int64_t CLAIM_WORK = 100000000, SEARCH_WORK = 300000000;

/* ---- trials ---- */

static bool fail_work(cnn_assertions *sheet, const cnn_assertion *claim, cnn_unfit unfit)
{
    const size_t begin = (size_t)(claim->text.data - sheet->text.data);
    const cnn_span span = {(uint32_t)begin, (uint32_t)(begin + claim->text.size)};
    return unfit == CNN_UNFIT_MEMORY
               ? cnn_fail_memory(sheet->err)
               : cnn_fail_numbers(sheet->err, CNN_E_CLAIM_COST, span, CLAIM_WORK, 0);
}

/* A value is computed once to learn its size, and again when its place has been taken. */
static bool try_point(cnn_assertions *sheet, const cnn_assertion *claim, int32_t names,
                      int32_t point, cnn_trial *trial)
{
    cnn_matrix *out = &trial->at[point], v;
    for (int32_t round = 0; round < 2; round++) {
        cnn_arena temporary = sheet->arena;
        cnn_env env = {.arena = &temporary, .work = CLAIM_WORK};
        if (!cnn_assertion_eval(sheet, claim, names, point, &env, &v)) {
            trial->unfit = env.unfit;
            trial->op = env.op;
            memcpy(trial->spans, env.spans, sizeof env.spans);
            memcpy(trial->dims, env.dims, sizeof env.dims);
            if (env.unfit == CNN_UNFIT_WORK || env.unfit == CNN_UNFIT_MEMORY) {
                return fail_work(sheet, claim, env.unfit);
            }
            return true;
        }
        const size_t count = (size_t)cnn_dims_count(&v.dims);
        if (round == 0) {
            *out = (cnn_matrix){v.dims, CNN_NEW_ARRAY(&sheet->arena, double, count)};
            if (out->v == NULL) {
                return cnn_fail_memory(sheet->err);
            }
        } else {
            memcpy(out->v, v.v, count * sizeof(double));
        }
    }
    return true;
}

static bool try_claim(cnn_assertions *sheet, const cnn_assertion *claim, int32_t names,
                      cnn_trial *trial)
{
    for (int32_t p = 0; p < CNN_POINTS; p++) {
        if (!try_point(sheet, claim, names, p, trial)) {
            return false;
        }
        if (trial->unfit != CNN_FIT_NONE) {
            return true;
        }
    }
    trial->valid = true;
    return true;
}

/* ---- verdicts ---- */

static bool is_right(const cnn_assertions *sheet, const cnn_assertion *claim,
                     const cnn_trial *trial)
{
    bool right = trial->valid;
    for (int32_t p = 0; right && p < CNN_POINTS; p++) {
        const cnn_matrix wanted = cnn_assertion_right(sheet, claim, p);
        right = cnn_matrix_equal(&trial->at[p], &wanted);
    }
    return right;
}

/* The first name in the expression that was claimed wrongly before; NULL: none. */
static const cnn_assertion *find_wrong_name(const cnn_assertions *sheet, const cnn_assertion *claim,
                                            const cnn_term *e)
{
    const cnn_assertion *found = NULL;
    if (e->kind == CNN_TERM_NAME) {
        found = cnn_assertion_before(sheet, claim, e);
    } else if (e->kind == CNN_TERM_OWN) {
        const cnn_assertion *own = &sheet->claims[e->claim];
        found = find_wrong_name(sheet, own, own->term);
    }
    for (const cnn_term *f = e->first; f != NULL && found == NULL; f = f->next) {
        found = find_wrong_name(sheet, claim, f);
    }
    return found;
}

/* The backward pass goes on with what was claimed. */
typedef struct override {
    const cnn_assertion *claim;
    int32_t point;
} override;

static void put_claimed(const cnn_chain *chain, const cnn_point *point, int32_t step,
                        const void *user)
{
    const override *o = user;
    const cnn_value *q = o->claim->what;
    const int32_t made = step < chain->step_count ? chain->steps[step].in : chain->output;
    if (&chain->quantities[made] == q) {
        memcpy(point->slope + q->at, o->claim->trials[CNN_NAMES_CLAIMED].at[o->point].v,
               (size_t)cnn_dims_count(&q->dims) * sizeof(double));
    }
}

/* Whether the claim is what comes out when `from` is taken to be true. */
static bool follows_from(cnn_assertions *sheet, const cnn_assertion *claim,
                         const cnn_assertion *from)
{
    const cnn_trial *base = &from->trials[CNN_NAMES_CLAIMED];
    if (from->what == NULL || !from->slope || from->what->role != CNN_VALUE_OUTPUT ||
        !base->valid || !cnn_same_dims(&base->at[0].dims, &from->what->dims)) {
        return false;
    }
    bool same = true;
    for (int32_t p = 0; same && p < CNN_POINTS; p++) {
        const override o = {from, p};
        const cnn_detour slip = {put_claimed, &o};
        const cnn_point spare = {sheet->points[p].value, sheet->spare.slope};
        cnn_chain_backward(sheet->chain, &spare, &slip);
        const cnn_matrix wanted = {claim->what->dims, spare.slope + claim->what->at};
        const cnn_trial *own = &claim->trials[CNN_NAMES_CLAIMED];
        same = own->valid && cnn_matrix_equal(&own->at[p], &wanted);
    }
    return same;
}

static const cnn_assertion *find_source(cnn_assertions *sheet, const cnn_assertion *claim)
{
    for (const cnn_assertion *c = claim; claim->slope && c-- > sheet->claims;) {
        if (c->judgement == CNN_JUDGED_WRONG && follows_from(sheet, claim, c)) {
            return c;
        }
    }
    return NULL;
}

/* ---- one claim after the other ---- */

static cnn_text part(const cnn_assertions *sheet, cnn_span span)
{
    return cnn_text_part(sheet->text, span);
}

static void explain_unfit(cnn_assertions *sheet, cnn_assertion *claim, const cnn_trial *trial,
                          cnn_text own)
{
    static const struct {
        char op;
        int32_t fault;
    } codes[] = {{'.', CNN_FAULT_UNFIT_EACH},
                 {'*', CNN_FAULT_UNFIT_PRODUCT},
                 {'+', CNN_FAULT_UNFIT_SUM},
                 {'-', CNN_FAULT_UNFIT_SUM}};
    cnn_finding finding = {
        .fault = CNN_FAULT_NO_VALUE, .a = part(sheet, trial->spans[0]), .own = own};
    for (size_t i = 0; trial->unfit == CNN_UNFIT && i < CNN_LENGTH(codes); i++) {
        if (codes[i].op == trial->op) {
            finding.fault = codes[i].fault;
            finding.b = part(sheet, trial->spans[1]);
            finding.s = trial->dims[0];
            finding.t = trial->dims[1];
        }
    }
    cnn_assertion_explain(claim, &finding, NULL);
}

/* With what was claimed before, or as it stands, it has no value. */
static void explain_missing(cnn_assertions *sheet, cnn_assertion *claim)
{
    const cnn_trial *trial = &claim->trials[CNN_NAMES_TRUE];
    const cnn_trial *own = &claim->trials[CNN_NAMES_CLAIMED];
    if (!trial->valid) {
        explain_unfit(sheet, claim, trial, (cnn_text){0});
    } else if (!own->valid) {
        const cnn_assertion *from = find_wrong_name(sheet, claim, claim->term);
        explain_unfit(sheet, claim, own, cnn_value_name(from->what, from->slope));
    }
}

static void explain_size(cnn_assertion *claim)
{
    const cnn_dims *dims = &claim->trials[CNN_NAMES_TRUE].at[0].dims;
    if (!cnn_same_dims(dims, &claim->what->dims)) {
        const cnn_finding finding = {.fault = CNN_FAULT_WRONG_SIZE,
                                     .b = cnn_value_name(claim->what, claim->slope),
                                     .s = *dims,
                                     .t = claim->what->dims};
        cnn_assertion_explain(claim, &finding, NULL);
    }
}

static void explain(cnn_assertions *sheet, cnn_assertion *claim)
{
    claim->judgement = CNN_JUDGED_WRONG;
    sheet->work = SEARCH_WORK;
    explain_missing(sheet, claim);
    if (claim->what == NULL) {
        return;
    }
    if (!claim->trials[CNN_NAMES_TRUE].valid) {
        cnn_assertion_find_repairs(sheet, claim, false);
        return;
    }
    const int32_t before = claim->count;
    cnn_assertion_find_causes(sheet, claim);
    const bool found = claim->count > before;
    if (!found) {
        explain_size(claim);
    }
    cnn_assertion_find_repairs(sheet, claim, found);
}

static bool judge(cnn_assertions *sheet, cnn_assertion *claim)
{
    cnn_trial *const trials = claim->trials;
    const cnn_assertion *wrong = find_wrong_name(sheet, claim, claim->term);
    if (!try_claim(sheet, claim, CNN_NAMES_TRUE, &trials[CNN_NAMES_TRUE])) {
        return false;
    }
    if (wrong == NULL) {
        trials[CNN_NAMES_CLAIMED] = trials[CNN_NAMES_TRUE];
    } else if (!try_claim(sheet, claim, CNN_NAMES_CLAIMED, &trials[CNN_NAMES_CLAIMED])) {
        return false;
    }
    const bool has_value = trials[CNN_NAMES_TRUE].valid;
    if (claim->what == NULL ? has_value : is_right(sheet, claim, &trials[CNN_NAMES_CLAIMED])) {
        return true; /* the verdict is "right" from the beginning */
    }
    if (claim->what != NULL) {
        const bool formula = is_right(sheet, claim, &trials[CNN_NAMES_TRUE]);
        claim->from = formula ? wrong : find_source(sheet, claim);
    }
    if (claim->from != NULL) {
        claim->judgement = CNN_JUDGED_FOLLOWS;
        return true;
    }
    explain(sheet, claim);
    return sheet->err->code == CNN_OK;
}

bool cnn_assertions_judge(cnn_assertions *sheet)
{
    for (int32_t i = 0; i < sheet->count; i++) {
        if (!judge(sheet, &sheet->claims[i])) {
            return false;
        }
    }
    return true;
}
