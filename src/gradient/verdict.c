/*
 * The verdict. A claim is evaluated at random points, once with the true values of the names that
 * it uses and once with those that the sheet claimed before; what is equal to the true derivative
 * is right, what would be the derivative if an earlier claim were true follows from it.
 */
#include "gradient/derive.h"
#include "gradient/written.h"

#include <string.h>

#include "base/arena.h"

/* Multiply-adds for finding out what is wrong with all claims, each with a part of what is left;
 * and values that are kept for later claims. */
static const int64_t SEARCH_WORK = 400000000;
enum { SEARCH_PART = 4, MOST_KEPT = 1 << 23 };

/* ---- verdicts ---- */

static bool is_right(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                     const cnn_trial *trial)
{
    const double scale = cnn_gradient_claim_scale(sheet, claim);
    bool right = trial->valid;
    for (int32_t p = 0; right && p < sheet->points.count; p++) {
        const cnn_matrix wanted = cnn_gradient_claim_right(sheet, claim, p);
        right = cnn_matrix_near(&trial->at[p], &wanted, 1, scale);
    }
    return right;
}

/* The first name in the expression that was claimed wrongly before; NULL: none. */
static const cnn_gradient_claim *find_wrong_name(const cnn_gradient_sheet *sheet,
                                                 const cnn_gradient_claim *claim, const cnn_term *e)
{
    const cnn_gradient_claim *found = NULL;
    if (sheet->doubtful == 0) {
        return NULL;
    }
    if (e->kind == CNN_TERM_NAME || e->kind == CNN_TERM_ENTRY) {
        found = cnn_gradient_claim_before(sheet, claim, e);
    } else if (e->kind == CNN_TERM_OWN) {
        const cnn_gradient_claim *own = &sheet->claims[e->claim];
        found = find_wrong_name(sheet, own, own->term);
    }
    for (const cnn_term *f = e->first; f != NULL && found == NULL; f = f->next) {
        found = find_wrong_name(sheet, claim, f);
    }
    return found;
}

/* The backward pass goes on with what was claimed. */
typedef struct override {
    const cnn_gradient_claim *claim, *from;
    int32_t point;
} override;

static void put_claimed(const cnn_chain *chain, const cnn_point *point, int32_t step,
                        const void *user)
{
    const override *o = user;
    const cnn_value *q = o->from->what;
    /* whose slope is ready now: of what enters the step, or of the output after the loss */
    const int32_t made = step < chain->step_count ? chain->steps[step].in : chain->output;
    if (&chain->quantities[made] == q) {
        memcpy(point->slope + q->at, o->from->trials[CNN_NAMES_CLAIMED].at[o->point].v,
               (size_t)cnn_dims_count(&q->dims) * sizeof(double));
    }
}

static cnn_matrix get_followed(const cnn_gradient_sheet *sheet, const void *user, int32_t point)
{
    override o = *(const override *)user;
    o.point = point;
    const cnn_backward_hook mistake = {put_claimed, &o};
    const cnn_point spare = {sheet->points.at[point].value, sheet->spare.slope};
    cnn_chain_backward(sheet->chain, &spare, &mistake);
    return (cnn_matrix){o.claim->what->dims, spare.slope + o.claim->what->at};
}

/* Whether the claim is what comes out when `from` is taken to be true. */
static bool follows_from(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                         const cnn_gradient_claim *from)
{
    const cnn_trial *base = &from->trials[CNN_NAMES_CLAIMED];
    if (from->what == NULL || !from->slope || from->what->role != CNN_VALUE_OUTPUT ||
        !base->valid || !cnn_same_dims(&base->at[0].dims, &from->what->dims)) {
        return false;
    }
    const cnn_trial *own = &claim->trials[CNN_NAMES_CLAIMED];
    const override o = {claim, from, 0};
    return own->valid && cnn_trial_factor(sheet, own, get_followed, &o) == 1;
}

/* The nearest wrong claim before this one that explains it. */
static const cnn_gradient_claim *find_source(cnn_gradient_sheet *sheet,
                                             const cnn_gradient_claim *claim)
{
    for (const cnn_gradient_claim *c = claim; claim->slope && c-- > sheet->claims;) {
        if (c->judgement == CNN_JUDGED_WRONG && follows_from(sheet, claim, c)) {
            return c;
        }
    }
    return NULL;
}

/* ---- one claim after the other ---- */

/* The piece of the sheet that a finding quotes. */
static cnn_text part(const cnn_gradient_sheet *sheet, cnn_span span)
{
    return cnn_text_part(sheet->text, span);
}

/* Two operands that do not fit, or one thing without a value, with an earlier claim `own`. */
static void explain_unfit(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim,
                          const cnn_trial *trial, cnn_text own)
{
    static const struct {
        char op;
        int32_t mistake;
    } codes[] = {{'.', CNN_MISTAKE_UNFIT_EACH},
                 {'*', CNN_MISTAKE_UNFIT_PRODUCT},
                 {'+', CNN_MISTAKE_UNFIT_SUM},
                 {'-', CNN_MISTAKE_UNFIT_SUM}};
    cnn_finding finding = {.mistake = trial->unfit == CNN_UNFIT_NUMBER  ? CNN_MISTAKE_NOT_FINITE
                                      : trial->unfit == CNN_UNFIT_INDEX ? CNN_MISTAKE_NO_INDEX
                                                                        : CNN_MISTAKE_NO_VALUE,
                           .a = part(sheet, trial->spans[0]),
                           .own = own};
    for (size_t i = 0; trial->unfit == CNN_UNFIT && i < CNN_LENGTH(codes); i++) {
        if (codes[i].op == trial->op) {
            finding.mistake = codes[i].mistake;
            finding.b = part(sheet, trial->spans[1]);
            finding.s = trial->dims[0];
            finding.t = trial->dims[1];
        }
    }
    cnn_gradient_claim_explain(claim, &finding, NULL);
}

/* It has no value, with the true values of names or with those claimed before. */
static void explain_missing(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    const cnn_trial *trial = &claim->trials[CNN_NAMES_TRUE];
    const cnn_trial *own = &claim->trials[CNN_NAMES_CLAIMED];
    if (!trial->valid) {
        explain_unfit(sheet, claim, trial, (cnn_text){0});
    } else if (!own->valid) {
        const cnn_gradient_claim *from = find_wrong_name(sheet, claim, claim->term);
        explain_unfit(sheet, claim, own, cnn_value_name(from->what, from->slope));
    }
}

static void explain_size(cnn_gradient_claim *claim)
{
    const cnn_dims *dims = &claim->trials[CNN_NAMES_TRUE].at[0].dims;
    if (!cnn_same_dims(dims, &claim->what->dims)) {
        const cnn_finding finding = {.mistake = CNN_MISTAKE_WRONG_SIZE,
                                     .b = cnn_value_name(claim->what, claim->slope),
                                     .s = *dims,
                                     .t = claim->what->dims};
        cnn_gradient_claim_explain(claim, &finding, NULL);
    }
}

/* A claim without a value cannot be compared with anything: only repairs are tried. */
static void find_reasons(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    explain_missing(sheet, claim);
    if (!claim->trials[CNN_NAMES_TRUE].valid) {
        cnn_gradient_claim_find_repairs(sheet, claim, false);
        return;
    }
    const int32_t before = claim->count;
    cnn_gradient_claim_find_causes(sheet, claim);
    const bool found = claim->count > before;
    if (!found) {
        explain_size(claim);
    }
    cnn_gradient_claim_find_repairs(sheet, claim, found);
}

static void explain(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    const int64_t work = sheet->work_all / SEARCH_PART;
    claim->judgement = CNN_JUDGED_WRONG;
    if (claim->what == NULL) {
        explain_missing(sheet, claim);
        return;
    }
    sheet->work = work;
    find_reasons(sheet, claim);
    sheet->work_all -= work - sheet->work;
}

bool cnn_gradient_claim_derived(const cnn_chain *chain, const cnn_gradient_claim *claim)
{
    cnn_line line;
    return claim->what != NULL && claim->left == NULL &&
           cnn_derive_find(chain, claim->what, claim->slope, &line) &&
           cnn_line_is(chain, &line, claim->formula);
}

static bool mentions(const cnn_term *e, const cnn_gradient_claim *claim)
{
    const bool name = e->kind == CNN_TERM_NAME || e->kind == CNN_TERM_ENTRY;
    bool found = name && e->quantity == claim->what && e->slope == claim->slope;
    for (const cnn_term *f = e->first; f != NULL && !found; f = f->next) {
        found = mentions(f, claim);
    }
    return found;
}

/* Whether later claims may need the values: they use the name, or may follow from it. Those of a
 * right claim are those of its name anyway. */
static bool is_needed(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim)
{
    if (claim->what == NULL) {
        return true;
    }
    bool needed = claim->slope && claim->what->role == CNN_VALUE_OUTPUT;
    for (const cnn_gradient_claim *c = claim + 1; !needed && c < sheet->claims + sheet->count;
         c++) {
        needed = c->term != NULL && mentions(c->term, claim);
    }
    return needed && claim->judgement != CNN_JUDGED_RIGHT;
}

static bool keep(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim, cnn_arena before)
{
    if (!is_needed(sheet, claim)) {
        sheet->arena = before;
        memset(claim->trials, 0, sizeof claim->trials);
        return true;
    }
    for (int32_t names = 0; names < 2; names++) {
        const cnn_trial *trial = &claim->trials[names];
        sheet->kept += trial->valid ? cnn_dims_count(&trial->at[0].dims) * sheet->points.count : 0;
    }
    return sheet->kept <= MOST_KEPT || cnn_trial_fail(sheet, claim, CNN_UNFIT_WORK);
}

/* Whether the expression has no names. */
static bool is_constant(const cnn_term *e)
{
    bool constant = e->kind != CNN_TERM_NAME && e->kind != CNN_TERM_OWN &&
                    e->kind != CNN_TERM_ENTRY && e->kind != CNN_TERM_TAPS;
    for (const cnn_term *f = e->first; f != NULL && constant; f = f->next) {
        constant = is_constant(f);
    }
    return constant;
}

/* With the caller's values an expression without names is a number; without them a list of numbers
 * cannot be judged. */
static bool find_numbers(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    if (claim->term == NULL) {
        return sheet->points.given || cnn_written_fail(sheet, claim);
    }
    if (claim->numbers != NULL || claim->what == NULL || !sheet->points.given ||
        !is_constant(claim->term)) {
        return true;
    }
    cnn_trial trial = {0};
    cnn_matrix v;
    if (cnn_trial_at(sheet, claim, CNN_NAMES_TRUE, 0, &trial, sheet->arena, &v)) {
        claim->numbers = cnn_written_of(sheet, claim->term, v.v[0]);
    }
    return sheet->err->code == CNN_OK;
}

static bool judge(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim)
{
    if (!find_numbers(sheet, claim)) {
        return false;
    }
    if (claim->numbers != NULL && sheet->points.given) {
        cnn_written_judge(sheet, claim);
        return true;
    }
    cnn_trial *const trials = claim->trials;
    const cnn_gradient_claim *wrong = find_wrong_name(sheet, claim, claim->term);
    const cnn_arena before = sheet->arena;
    if (!cnn_trial_make(sheet, claim, CNN_NAMES_TRUE, &trials[CNN_NAMES_TRUE])) {
        return false;
    }
    if (wrong == NULL) {
        trials[CNN_NAMES_CLAIMED] = trials[CNN_NAMES_TRUE];
    } else if (!cnn_trial_make(sheet, claim, CNN_NAMES_CLAIMED, &trials[CNN_NAMES_CLAIMED])) {
        return false;
    }
    const bool has_value = trials[CNN_NAMES_TRUE].valid;
    if (claim->what == NULL ? has_value : is_right(sheet, claim, &trials[CNN_NAMES_CLAIMED])) {
        return keep(sheet, claim, before); /* "right" is the initial verdict */
    }
    if (claim->numbers != NULL && cnn_written_fit(claim)) {
        return cnn_written_fail(sheet, claim);
    }
    if (claim->what != NULL) {
        /* right with the true names: then a wrong one among them is to blame */
        const bool formula = is_right(sheet, claim, &trials[CNN_NAMES_TRUE]);
        claim->from = formula ? wrong : find_source(sheet, claim);
    }
    if (claim->from != NULL) {
        claim->judgement = CNN_JUDGED_FOLLOWS;
    } else {
        explain(sheet, claim);
    }
    return sheet->err->code == CNN_OK && keep(sheet, claim, before);
}

bool cnn_gradient_sheet_derived(cnn_gradient_sheet *sheet)
{
    bool all = true;
    for (int32_t i = 0; i < sheet->count; i++) {
        cnn_gradient_claim *claim = &sheet->claims[i];
        claim->derived = cnn_gradient_claim_derived(sheet->chain, claim);
        all = all && claim->derived;
    }
    return all;
}

bool cnn_gradient_sheet_judge(cnn_gradient_sheet *sheet)
{
    sheet->work_eval = CNN_SHEET_WORK;
    sheet->work_all = SEARCH_WORK;
    for (int32_t i = 0; i < sheet->count; i++) {
        cnn_gradient_claim *claim = &sheet->claims[i];
        /* with a wrong claim before it, even a derivation's own line may only follow from that */
        if (claim->derived && sheet->doubtful == 0) {
            continue;
        }
        if (!judge(sheet, claim)) {
            return false;
        }
        sheet->doubtful += claim->judgement != CNN_JUDGED_RIGHT;
    }
    return true;
}
