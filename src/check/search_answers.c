/* Causes that are about one answer, not about a layer: conventions, units, fields, other inputs. */
#include "base/checked.h"
#include "check/search.h"

/* A side of a map that is claimed with its fraction. */
static bool is_fraction(const cnn_layer *layer, const cnn_claim *claim)
{
    const int32_t first = claim->numbers > layer->out.axes ? 1 : 0;
    const bool volume = claim->four && layer->out.axes == CNN_AXES;
    const cnn_amount *channels = volume ? &claim->first : first > 0 ? &claim->value[0] : NULL;
    if (claim->what->kind != CNN_QUANTITY_SIZE || claim->value[first].decimals == 0 ||
        (claim->numbers != 1 && claim->numbers != layer->out.axes + first) ||
        (channels != NULL && !cnn_amount_is(channels, (cnn_fraction){layer->out.channels, 1}))) {
        return false;
    }
    for (int32_t axis = 0; axis < layer->out.axes; axis++) {
        const cnn_side_sum sum = cnn_side_of(layer, axis);
        cnn_fraction side = {layer->out.side[axis], 1};
        (void)cnn_side_fraction(&sum, &side);
        if (!cnn_amount_is(&claim->value[claim->numbers == 1 ? 0 : first + axis], side)) {
            return false;
        }
    }
    return true;
}

static bool is_field(const cnn_search *s, const cnn_claim *claim, const cnn_mistake *m)
{
    const int32_t index = claim->of.total ? s->study.numbers.net->output : claim->of.end - 1;
    cnn_answer answer = {.kind = CNN_QUANTITY_PAIR,
                         .axes = claim->right.axes,
                         .numbers = 1,
                         .only = claim->right.only};
    if (!cnn_text_is(cnn_text_of(claim->what->name), "rf")) {
        return false;
    }
    for (int32_t axis = 0; axis < answer.axes; axis++) {
        answer.pair[axis].den = 1;
        if (!m->field(s->study.base, index, axis, &answer.pair[axis].num)) {
            return false;
        }
    }
    return cnn_claim_is(claim, &answer);
}

/* Bytes have both kinds of units. Other counts seldom have powers of 1024: a total of several
 * layers has to have more digits for that. */
static bool is_rebased(const cnn_search *s, const cnn_claim *claim)
{
    cnn_claim other = *claim;
    const bool sure = claim->what->sizes || cnn_subject_single(&claim->of) || s->weighted >= 0;
    return cnn_claim_digits(claim) >= (sure ? 2 : 4) && claim->numbers == 1 &&
           claim->what->kind == CNN_QUANTITY_COUNT &&
           cnn_amount_rebased(&claim->value[0], &other.value[0]) &&
           cnn_claim_is(&other, &claim->right);
}

/* The sum of the layers' amounts under a convention. */
static bool sum_of_terms(const cnn_search *s, const cnn_claim *claim, const cnn_mistake *m,
                         int32_t variant, int64_t *out)
{
    const cnn_layer *layers = s->study.base;
    const bool input = claim->of.total && claim->what->with_input;
    bool fits = true;
    *out = 0;
    for (int32_t i = input ? 0 : claim->of.first; fits && i < claim->of.end; i++) {
        const cnn_counting as = {
            .numbers = &s->study.numbers, .layer = &layers[i], .variant = variant};
        int64_t term = 0;
        const bool left_out = claim->of.without_aux && layers[i].aux;
        fits = left_out || (m->term(&as, &term) && cnn_checked_add(*out, term, out));
    }
    return fits;
}

static bool is_convention(const cnn_search *s, const cnn_claim *claim, const cnn_variation *v)
{
    const cnn_mistake *m = v->mistake;
    cnn_answer answer = {.kind = CNN_QUANTITY_COUNT, .numbers = 1};
    const cnn_counting as = {
        .numbers = &s->study.numbers, .right = claim->right.count, .variant = v->variant};
    return claim->what->kind == CNN_QUANTITY_COUNT && cnn_mistake_concerns(m, claim->what) &&
           (m->value != NULL ? m->value(&as, &answer.count)
                             : sum_of_terms(s, claim, m, v->variant, &answer.count)) &&
           cnn_claim_is(claim, &answer) && cnn_search_told_apart(s, claim, v, 1, &answer);
}

/* Operations are compared with all that a program counts, whatever it calls them; and its memory
 * with any bytes that follow from sizes, such as those kept for the backward pass. */
static bool is_about(const cnn_tool_report *report, const cnn_claim *claim)
{
    const cnn_quantity *what = cnn_quantity_named(report->quantity);
    return what == claim->what || (what->work && claim->what->work) ||
           (what->bytes && what->sizes && claim->what->bytes && claim->what->sizes);
}

/* Computes what other programs report, once. Without memory the search is over. */
static bool open_book(cnn_search *s)
{
    if (s->book != NULL) {
        return true;
    }
    cnn_tool_book *book = CNN_NEW(s->arena, cnn_tool_book);
    s->study.steps -= s->study.numbers.net->layer_count;
    if (book == NULL) {
        (void)cnn_fail_memory(s->err);
    } else if (cnn_tool_book_open(book, &s->study.numbers, s->arena, s->err)) {
        s->study.scratch = *s->arena;
        s->book = book;
        return true;
    }
    s->study.steps = 0;
    return false;
}

/* Programs count much alike, so that a rounded answer fits several: they are named if nothing else
 * is. */
static bool may_be_reported(const cnn_claim *claim)
{
    const bool rounded = claim->value[0].step > 0;
    bool explained = false;
    for (const cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        explained = explained || e->made[0].mistake->like == NULL;
    }
    return claim->what->kind == CNN_QUANTITY_COUNT && cnn_claim_digits(claim) >= 2 &&
           !(rounded && explained);
}

static bool is_reported(cnn_search *s, const cnn_claim *claim, const char *tool)
{
    cnn_answer answer = {.kind = CNN_QUANTITY_COUNT, .numbers = 1};
    if (!may_be_reported(claim) || !open_book(s)) {
        return false;
    }
    for (size_t i = 0; i < cnn_tool_report_count; i++) {
        const cnn_tool_report *report = &cnn_tool_reports[i];
        if (cnn_text_is(cnn_text_of(tool), report->tool->name) && is_about(report, claim) &&
            cnn_tool_book_count(s->book, i, &claim->of, &answer.count) &&
            cnn_claim_is(claim, &answer)) {
            return true;
        }
    }
    return false;
}

static bool answers_by(cnn_search *s, const cnn_claim *claim, cnn_variation *v)
{
    const cnn_mistake *m = v->mistake;
    v->layer = cnn_subject_single(&claim->of) ? claim->of.first : CNN_EVERYWHERE;
    if (m->exact) {
        v->layer = claim->of.total ? s->study.numbers.net->output : claim->of.end - 1;
        const cnn_layer *last = &s->study.base[v->layer];
        return cnn_mistake_fits(m, last) && is_fraction(last, claim);
    }
    if (m->field != NULL) {
        return is_field(s, claim, m);
    }
    if (m->rebase) {
        return is_rebased(s, claim);
    }
    if (m->like != NULL) {
        return is_reported(s, claim, m->like);
    }
    return (m->value != NULL || m->term != NULL) && is_convention(s, claim, v);
}

void cnn_search_answers(cnn_search *s)
{
    for (int32_t i = 0; i < s->claims->count && s->study.steps > 0; i++) {
        cnn_claim *claim = &s->claims->list[i];
        for (size_t k = 0; k < cnn_mistake_count() && cnn_search_open(s, claim); k++) {
            const cnn_mistake *m = cnn_mistake_at(k);
            for (int32_t variant = 0; variant < cnn_variants_of(m); variant++) {
                cnn_variation v = {m, variant, 0, false};
                s->study.steps -=
                    m->term != NULL || m->like != NULL ? claim->of.end - claim->of.first : 1;
                if (answers_by(s, claim, &v)) {
                    (void)cnn_search_add(s, claim, &v, 1);
                }
            }
        }
    }
}

/* ---- another input ---- */

/* Sides of the images that networks are usually measured with. */
static const int64_t usual_sides[] = {224, 256, 299, 227, 384, 448, 512, 640, 320, 32, 28, 64};

/* Sizes tell little about the input, and parameters depend on it in fully connected layers only:
 * what is quoted is work, with four digits. A mistaken count is a better cause. */
static bool may_be_of_other_input(const cnn_search *s, const cnn_claim *claim)
{
    bool counted = false;
    for (const cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        counted = counted || (!e->made[0].sizes && e->made[0].mistake->count != NULL);
    }
    return cnn_search_open(s, claim) && !counted && claim->of.total && claim->what->work &&
           cnn_claim_digits(claim) >= 4;
}

static void try_input(cnn_search *s, const cnn_shape *input)
{
    const cnn_mistake *m = &cnn_mistake_other_input;
    for (int32_t i = 0; i < s->claims->count; i++) {
        cnn_claim *claim = &s->claims->list[i];
        cnn_answer answer;
        if (may_be_of_other_input(s, claim) &&
            cnn_answer_of(claim->what, &claim->of, s->study.work, &s->study.numbers, &answer) &&
            cnn_claim_is(claim, &answer)) {
            const cnn_variation v = {m, 0, CNN_EVERYWHERE, false};
            cnn_explanation *found = cnn_search_add(s, claim, &v, 1);
            if (found != NULL) {
                found->input = *input;
            }
        }
    }
}

void cnn_search_inputs(cnn_search *s)
{
    const cnn_shape *right = &s->study.base[0].out;
    bool any = false;
    for (int32_t i = 0; i < s->claims->count; i++) {
        any = any || may_be_of_other_input(s, &s->claims->list[i]);
    }
    for (size_t i = 0; any && right->axes > 0 && i < CNN_LENGTH(usual_sides); i++) {
        cnn_shape input = *right;
        for (int32_t axis = 0; axis < right->axes; axis++) {
            input.side[axis] = usual_sides[i];
        }
        if (input.side[0] != right->side[0] && cnn_study_input(&s->study, &input)) {
            try_input(s, &input);
            cnn_study_restore(&s->study);
        }
    }
}

/* ---- the input read otherwise ---- */

/* Channels last: the first two numbers are equal, the third is another. */
static bool turned_input(const cnn_network *net, cnn_shape *out)
{
    const cnn_shape *in = &net->layers[0].out;
    *out = (cnn_shape){in->side[1], {in->channels, in->side[0]}, in->axes};
    return cnn_input_looks_turned(in);
}

/* A vector of 784 given as "784", which is an image: when the first layer is fully connected. */
static bool vector_input(const cnn_network *net, cnn_shape *out)
{
    const cnn_shape *in = &net->layers[0].out;
    int32_t first = 1;
    while (first < net->layer_count - 1 &&
           (net->layers[first].op->in_place || net->layers[first].op->role == CNN_ROLE_FLATTEN)) {
        first++;
    }
    *out = (cnn_shape){.channels = in->side[0]};
    return in->axes == 2 && in->side[0] == in->side[1] && in->channels == 3 &&
           first < net->layer_count && cnn_is_dense(&net->layers[first]);
}

bool cnn_claims_read_otherwise(cnn_claims *claims, const cnn_numbers *numbers, cnn_error *err)
{
    static bool (*const readings[])(const cnn_network *net, cnn_shape *out) = {turned_input,
                                                                               vector_input};
    cnn_search s = {.claims = claims};
    cnn_shape *input = NULL;
    for (size_t i = 0; i < CNN_LENGTH(readings); i++) {
        cnn_shape other;
        if (!readings[i](numbers->net, &other)) {
            continue;
        }
        input = CNN_NEW(claims->arena, cnn_shape);
        if (input == NULL || !cnn_study_open(&s.study, numbers, claims->arena, err)) {
            return cnn_fail_memory(err);
        }
        *input = other;
        if (!cnn_study_input(&s.study, &other)) {
            continue;
        }
        for (int32_t k = 0; k < claims->count; k++) {
            cnn_claim *claim = &claims->list[k];
            cnn_answer answer;
            if (cnn_search_open(&s, claim) && claim->what->kind != CNN_QUANTITY_PAIR &&
                cnn_answer_of(claim->what, &claim->of, s.study.work, numbers, &answer) &&
                cnn_claim_is(claim, &answer)) {
                claim->reading = input;
            }
        }
    }
    return true;
}
