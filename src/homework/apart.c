/*
 * Telling apart two explanations that give the same wrong number: for a total, the first layer for
 * which they differ; for one layer, the same layer with something else entering it.
 */
#include "base/arena.h"
#include "homework/diagnose.h"

typedef struct comparison {
    const cnn_claim *claim;
    const cnn_explanation *by[2];
    cnn_study study;
} comparison;

/* The answer for `subject` under one of the explanations; false: there is none. */
static bool answer_under(comparison *c, int32_t which, const cnn_subject *subject, cnn_answer *out)
{
    const cnn_explanation *e = c->by[which];
    cnn_answer right;
    if (!cnn_study_vary(&c->study, e->made, e->count)) {
        return false;
    }
    const bool found =
        cnn_answer_of(c->claim->what, subject, c->study.base, &c->study.numbers, &right) &&
        cnn_study_answer(&c->study, c->claim->what, subject, &right, out);
    cnn_study_restore(&c->study);
    return found;
}

static bool formulas(const cnn_explanation *e)
{
    bool all = true;
    for (int32_t i = 0; i < e->count; i++) {
        const cnn_mistake *m = e->made[i].mistake;
        all = all && (m->side != NULL || m->size != NULL || m->count != NULL);
    }
    return all;
}

/* Keeps the answers of all layers under the first explanation, then looks for one that differs. */
static bool differing_layer(comparison *c, cnn_arena scratch, cnn_question *out)
{
    const int32_t first = c->claim->of.first, end = c->claim->of.end;
    cnn_answer *answers = CNN_NEW_ARRAY(&scratch, cnn_answer, end);
    const cnn_measure *what = c->claim->what;
    if (answers == NULL || !cnn_study_vary(&c->study, c->by[0]->made, c->by[0]->count)) {
        return false;
    }
    for (int32_t i = first; i < end; i++) {
        const cnn_subject layer = cnn_subject_layer(i);
        (void)cnn_answer_of(what, &layer, c->study.work, &c->study.numbers, &answers[i]);
    }
    cnn_study_restore(&c->study);
    if (!cnn_study_vary(&c->study, c->by[1]->made, c->by[1]->count)) {
        return false;
    }
    for (int32_t i = first; i < end; i++) {
        const cnn_subject layer = cnn_subject_layer(i);
        (void)cnn_answer_of(what, &layer, c->study.work, &c->study.numbers, &out->answer[1]);
        if (!cnn_answer_equal(&answers[i], &out->answer[1])) {
            out->layer = i;
            out->answer[0] = answers[i];
            return true;
        }
    }
    return false;
}

/* Another input for the layer: larger sides, then more channels. */
static bool other_input(const cnn_layer *layer, int32_t attempt, cnn_shape *out)
{
    enum { SIDES = 8 };
    const int64_t groups = layer->attrs.value[CNN_GROUPS][0];
    *out = layer->in;
    if (attempt <= SIDES && out->axes > 0) {
        out->side[0] += attempt;
        out->side[1] += attempt;
        return true;
    }
    out->channels += (attempt - SIDES) * (groups > 0 ? groups : 1);
    return attempt > SIDES && attempt <= 2 * SIDES;
}

/* The layer alone behind another input. */
static bool differing_input(const cnn_claim *claim, const cnn_numbers *numbers,
                            const cnn_explanation *const by[2], cnn_arena scratch,
                            cnn_question *out)
{
    static const int32_t source = 0;
    cnn_layer layers[2] = {numbers->net->layers[0], numbers->net->layers[claim->of.first]};
    cnn_explanation alone[2] = {*by[0], *by[1]};
    for (int32_t i = 0; i < 2; i++) {
        for (int32_t k = 0; k < alone[i].count; k++) {
            if (alone[i].made[k].layer != claim->of.first) {
                return false;
            }
            alone[i].made[k].layer = 1;
        }
    }
    if (layers[1].source_count != 1) {
        return false;
    }
    layers[1].sources = &source;
    const cnn_subject subject = cnn_subject_layer(1);
    for (int32_t attempt = 1; attempt <= 16; attempt++) {
        const cnn_network net = {.layers = layers, .layer_count = 2, .output = 1};
        cnn_numbers small = *numbers;
        cnn_arena arena = scratch;
        cnn_error ignored = {0};
        comparison c = {.claim = claim, .by = {&alone[0], &alone[1]}};
        small.net = &net;
        if (!other_input(&numbers->net->layers[claim->of.first], attempt, &layers[0].out) ||
            !cnn_study_layer(&layers[1], layers, NULL, scratch) ||
            !cnn_study_open(&c.study, &small, &arena, &ignored)) {
            continue;
        }
        if (answer_under(&c, 0, &subject, &out->answer[0]) &&
            answer_under(&c, 1, &subject, &out->answer[1]) &&
            !cnn_answer_equal(&out->answer[0], &out->answer[1])) {
            out->layer = claim->of.first;
            out->other_input = true;
            out->input = layers[0].out;
            return true;
        }
    }
    return false;
}

bool cnn_question_find(const cnn_claim *claim, const cnn_numbers *numbers, const cnn_explanation *a,
                       const cnn_explanation *b, cnn_arena scratch, cnn_question *out)
{
    comparison c = {.claim = claim, .by = {a, b}};
    cnn_error ignored = {0};
    *out = (cnn_question){0};
    if (!formulas(a) || !formulas(b)) {
        return false;
    }
    if (cnn_subject_single(&claim->of)) {
        return differing_input(claim, numbers, c.by, scratch, out);
    }
    return cnn_study_open(&c.study, numbers, &scratch, &ignored) &&
           differing_layer(&c, scratch, out);
}
