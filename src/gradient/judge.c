/*
 * The verdict. A claim is evaluated at random points, once with the true values of the names that
 * it uses and once with those that the sheet claimed before; what is equal to the true derivative
 * is right, what would be the derivative if an earlier claim were true follows from it.
 */
#include "gradient/derive.h"
#include "gradient/numbers.h"

#include <string.h>

#include "base/arena.h"

/* In multiply-adds: evaluating one claim at one point, all claims at all points, and finding out
 * what is wrong with all of them, each with a part of what is left. Values that are kept, of all
 * claims. */
static const int64_t CLAIM_WORK = 100000000, SHEET_WORK = 1000000000, SEARCH_WORK = 400000000;
enum { SEARCH_PART = 4, MOST_KEPT = 1 << 23, STATED_POINTS = 3 };

/* ---- trials ---- */

static bool fail_work(cnn_assertions *sheet, const cnn_assertion *claim, cnn_unfit unfit)
{
    const size_t begin = (size_t)(claim->text.data - sheet->text.data);
    const cnn_span span = {(uint32_t)begin, (uint32_t)(begin + claim->text.size)};
    const int64_t limit = sheet->work_eval > 0 ? CLAIM_WORK : SHEET_WORK;
    return unfit == CNN_UNFIT_MEMORY
               ? cnn_fail_memory(sheet->err)
               : cnn_fail_numbers(sheet->err, CNN_E_CLAIM_COST, span, limit, 0);
}

static bool evaluate(cnn_assertions *sheet, const cnn_assertion *claim, int32_t names,
                     int32_t point, cnn_trial *trial, cnn_arena temporary, cnn_matrix *v)
{
    const int64_t work = sheet->work_eval < CLAIM_WORK ? sheet->work_eval : CLAIM_WORK;
    cnn_env env = {.arena = &temporary, .work = work};
    bool done = cnn_assertion_eval(sheet, claim, names, point, &env, v);
    sheet->work_eval -= work - env.work;
    if (done && !cnn_matrix_finite(v)) {
        done = cnn_fail_number(&env, claim->term);
    }
    trial->unfit = env.unfit;
    trial->op = env.op;
    memcpy(trial->spans, env.spans, sizeof env.spans);
    memcpy(trial->dims, env.dims, sizeof env.dims);
    return done;
}

/* A value is evaluated beside the place that it is to have. Where its size is not as expected there
 * is no such place yet, and it is evaluated once more. */
static bool try_point(cnn_assertions *sheet, const cnn_assertion *claim, int32_t names,
                      int32_t point, cnn_trial *trial)
{
    cnn_matrix *out = &trial->at[point], v;
    *out = (cnn_matrix){{1, 1, {0}}, NULL};
    if (point > 0 || claim->what != NULL) {
        out->dims = point > 0 ? trial->at[0].dims : claim->what->dims;
    }
    for (;;) {
        const int64_t count = cnn_dims_count(&out->dims);
        const cnn_arena before = sheet->arena;
        out->v = CNN_NEW_ARRAY(&sheet->arena, double, count);
        if (out->v == NULL) {
            return cnn_fail_memory(sheet->err);
        }
        if (!evaluate(sheet, claim, names, point, trial, sheet->arena, &v)) {
            return trial->unfit != CNN_UNFIT_WORK && trial->unfit != CNN_UNFIT_MEMORY
                       ? true
                       : fail_work(sheet, claim, trial->unfit);
        }
        out->dims.map = v.dims.map;
        if (cnn_same_dims(&out->dims, &v.dims)) {
            memcpy(out->v, v.v, (size_t)count * sizeof(double));
            return true;
        }
        out->dims = v.dims;
        sheet->arena = before;
    }
}

static bool try_claim(cnn_assertions *sheet, const cnn_assertion *claim, int32_t names,
                      cnn_trial *trial)
{
    trial->at = CNN_NEW_ARRAY(&sheet->arena, cnn_matrix, sheet->points.count);
    if (trial->at == NULL) {
        return cnn_fail_memory(sheet->err);
    }
    for (int32_t p = 0; p < sheet->points.count; p++) {
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
    const double scale = cnn_assertion_scale(sheet, claim);
    bool right = trial->valid;
    for (int32_t p = 0; right && p < sheet->points.count; p++) {
        const cnn_matrix wanted = cnn_assertion_right(sheet, claim, p);
        right = cnn_matrix_near(&trial->at[p], &wanted, 1, scale);
    }
    return right;
}

/* The first name in the expression that was claimed wrongly before; NULL: none. */
static const cnn_assertion *find_wrong_name(const cnn_assertions *sheet, const cnn_assertion *claim,
                                            const cnn_term *e)
{
    const cnn_assertion *found = NULL;
    if (sheet->doubtful == 0) {
        return NULL;
    }
    if (e->kind == CNN_TERM_NAME || e->kind == CNN_TERM_ENTRY) {
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
    const cnn_assertion *claim, *from;
    int32_t point;
} override;

static void put_claimed(const cnn_chain *chain, const cnn_point *point, int32_t step,
                        const void *user)
{
    const override *o = user;
    const cnn_value *q = o->from->what;
    const int32_t made = step < chain->step_count ? chain->steps[step].in : chain->output;
    if (&chain->quantities[made] == q) {
        memcpy(point->slope + q->at, o->from->trials[CNN_NAMES_CLAIMED].at[o->point].v,
               (size_t)cnn_dims_count(&q->dims) * sizeof(double));
    }
}

static cnn_matrix get_followed(const cnn_assertions *sheet, const void *user, int32_t point)
{
    override o = *(const override *)user;
    o.point = point;
    const cnn_detour slip = {put_claimed, &o};
    const cnn_point spare = {sheet->points.at[point].value, sheet->spare.slope};
    cnn_chain_backward(sheet->chain, &spare, &slip);
    return (cnn_matrix){o.claim->what->dims, spare.slope + o.claim->what->at};
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
    const cnn_trial *own = &claim->trials[CNN_NAMES_CLAIMED];
    const override o = {claim, from, 0};
    return own->valid && cnn_trial_factor(sheet, own, get_followed, &o) == 1;
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
    cnn_finding finding = {.fault = trial->unfit == CNN_UNFIT_NUMBER  ? CNN_FAULT_NOT_FINITE
                                    : trial->unfit == CNN_UNFIT_INDEX ? CNN_FAULT_NO_INDEX
                                                                      : CNN_FAULT_NO_VALUE,
                           .a = part(sheet, trial->spans[0]),
                           .own = own};
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

static void find_reasons(cnn_assertions *sheet, cnn_assertion *claim)
{
    explain_missing(sheet, claim);
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

static void explain(cnn_assertions *sheet, cnn_assertion *claim)
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

static bool mentions(const cnn_term *e, const cnn_assertion *claim)
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
static bool is_needed(const cnn_assertions *sheet, const cnn_assertion *claim)
{
    if (claim->what == NULL) {
        return true;
    }
    bool needed = claim->slope && claim->what->role == CNN_VALUE_OUTPUT;
    for (const cnn_assertion *c = claim + 1; !needed && c < sheet->claims + sheet->count; c++) {
        needed = c->term != NULL && mentions(c->term, claim);
    }
    return needed && claim->judgement != CNN_JUDGED_RIGHT;
}

static bool keep(cnn_assertions *sheet, cnn_assertion *claim, cnn_arena before)
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
    return sheet->kept <= MOST_KEPT || fail_work(sheet, claim, CNN_UNFIT_WORK);
}

/* Whether no name is in it. */
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
static bool find_numbers(cnn_assertions *sheet, cnn_assertion *claim)
{
    if (claim->term == NULL) {
        return sheet->points.given || cnn_numbers_fail(sheet, claim);
    }
    if (claim->numbers != NULL || claim->what == NULL || !sheet->points.given ||
        !is_constant(claim->term)) {
        return true;
    }
    cnn_trial trial = {0};
    cnn_matrix v;
    if (evaluate(sheet, claim, CNN_NAMES_TRUE, 0, &trial, sheet->arena, &v)) {
        claim->numbers = cnn_numbers_of(sheet, claim->term, v.v[0]);
    }
    return sheet->err->code == CNN_OK;
}

static bool judge(cnn_assertions *sheet, cnn_assertion *claim)
{
    if (!find_numbers(sheet, claim)) {
        return false;
    }
    if (claim->numbers != NULL && sheet->points.given) {
        cnn_numbers_judge(sheet, claim);
        return true;
    }
    cnn_trial *const trials = claim->trials;
    const cnn_assertion *wrong = find_wrong_name(sheet, claim, claim->term);
    const cnn_arena before = sheet->arena;
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
        return keep(sheet, claim, before); /* the verdict is "right" from the beginning */
    }
    if (claim->numbers != NULL && cnn_numbers_fit(claim)) {
        return cnn_numbers_fail(sheet, claim);
    }
    if (claim->what != NULL) {
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

static bool is_derived(const cnn_chain *chain, const cnn_assertion *claim)
{
    cnn_line line;
    return claim->what != NULL && claim->left == NULL &&
           cnn_derive_find(chain, claim->what, claim->slope, &line) &&
           cnn_line_is(chain, &line, claim->formula);
}

/* ---- a loss of the sheet's own ---- */

/* Whether it is made of values alone, and not of l itself or of gradients. */
static bool is_statement(const cnn_term *e)
{
    const bool name = e->kind == CNN_TERM_NAME || e->kind == CNN_TERM_ENTRY;
    bool values = !name || (!e->slope && e->quantity->role != CNN_VALUE_LOSS);
    for (const cnn_term *f = e->first; f != NULL && values; f = f->next) {
        values = is_statement(f);
    }
    return values;
}

static cnn_matrix get_loss(const cnn_assertions *sheet, const void *claim, int32_t point)
{
    return cnn_assertion_right(sheet, claim, point);
}

/* The factor between the loss that the sheet states and the chain's; 0: there is none. Names that
 * the sheet gave before are evaluated, too. */
static double compare_losses(cnn_assertions *sheet, const cnn_assertion *stated)
{
    bool valid = true;
    for (cnn_assertion *c = sheet->claims; c <= stated && valid; c++) {
        if (c->what == NULL || c == stated) {
            cnn_trial *trial = &c->trials[CNN_NAMES_TRUE];
            *trial = (cnn_trial){0};
            valid = try_claim(sheet, c, CNN_NAMES_TRUE, trial);
        }
    }
    const cnn_trial *trial = &stated->trials[CNN_NAMES_TRUE];
    return valid && trial->valid ? cnn_trial_factor(sheet, trial, get_loss, stated) : 0;
}

/* At a few random points of one loss. */
static double try_loss(cnn_assertions *sheet, cnn_chain *chain, const cnn_loss *loss,
                       const cnn_assertion *stated, uint64_t seed)
{
    cnn_error ignored = {0};
    if (!cnn_loss_fits(loss, &chain->net->layers[chain->net->layer_count - 1], &ignored)) {
        return 0;
    }
    chain->loss = loss;
    for (sheet->points.count = 0; sheet->points.count < STATED_POINTS; sheet->points.count++) {
        cnn_point *point = &sheet->points.at[sheet->points.count];
        if (!cnn_point_make(chain, point, &sheet->arena, sheet->err)) {
            return 0;
        }
        cnn_point_random(chain, point, ++seed);
        cnn_chain_forward(chain, point, 0);
    }
    return compare_losses(sheet, stated);
}

/* The loss whose formula it is, as a derivation has it; NULL: none. */
static const cnn_loss *find_loss(cnn_chain *chain, const cnn_assertion *stated)
{
    const cnn_layer *last = &chain->net->layers[chain->net->layer_count - 1];
    const cnn_loss *kept = chain->loss, *found = NULL;
    for (size_t i = 0; i < cnn_loss_count && found == NULL; i++) {
        cnn_error ignored = {0};
        chain->loss = &cnn_losses[i];
        const bool fits = cnn_loss_fits(chain->loss, last, &ignored);
        found = fits && is_derived(chain, stated) ? chain->loss : NULL;
    }
    chain->loss = kept;
    return found;
}

bool cnn_assertions_adopt_loss(cnn_assertions *sheet, cnn_chain *chain, uint64_t seed)
{
    const cnn_assertion *stated = NULL;
    for (int32_t i = 0; i < sheet->count && stated == NULL; i++) {
        const cnn_assertion *c = &sheet->claims[i];
        const bool loss = c->what == &chain->quantities[chain->loss_at] && !c->slope;
        stated = loss && c->term != NULL && is_statement(c->term) ? c : NULL;
    }
    const cnn_arena before = sheet->arena;
    const cnn_loss *chosen = stated != NULL ? find_loss(chain, stated) : NULL;
    double scale = chosen != NULL ? 1 : 0;
    if (stated != NULL && chosen == NULL &&
        !cnn_chain_affordable(chain, CNN_CLAIM_VALUES, CNN_CLAIM_WORK, sheet->err)) {
        return false;
    }
    sheet->work_eval = SHEET_WORK;
    for (size_t i = 0; i < cnn_loss_count && stated != NULL && scale != 1; i++) {
        const double f = try_loss(sheet, chain, &cnn_losses[i], stated, seed);
        if (f > 0 && (chosen == NULL || f == 1)) {
            chosen = &cnn_losses[i];
            scale = f;
        }
        sheet->arena = before;
        if (sheet->err->code == CNN_OUT_OF_MEMORY) {
            return false;
        }
    }
    for (int32_t i = 0; i < sheet->count; i++) {
        memset(sheet->claims[i].trials, 0, sizeof sheet->claims[i].trials);
    }
    *sheet->err = (cnn_error){0}; /* what cannot be evaluated is told when it is judged */
    chain->loss = chosen != NULL ? chosen : &cnn_losses[0];
    chain->scale = chosen != NULL ? cnn_tidy(scale) : 1;
    return true;
}

/* ---- all claims ---- */

bool cnn_assertions_derived(cnn_assertions *sheet)
{
    bool all = true;
    for (int32_t i = 0; i < sheet->count; i++) {
        cnn_assertion *claim = &sheet->claims[i];
        claim->derived = is_derived(sheet->chain, claim);
        all = all && claim->derived;
    }
    return all;
}

bool cnn_assertions_judge(cnn_assertions *sheet)
{
    sheet->work_eval = SHEET_WORK;
    sheet->work_all = SEARCH_WORK;
    for (int32_t i = 0; i < sheet->count; i++) {
        cnn_assertion *claim = &sheet->claims[i];
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
