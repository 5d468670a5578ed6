/*
 * Telling apart two explanations that give the same wrong number: for a total, the first layer for
 * which they differ; for one layer, the same layer with something else entering it.
 */
#include <assert.h>

#include "base/arena.h"
#include "base/checked.h"
#include "check/diagnose.h"

typedef struct comparison {
    const cnn_claim *claim;
    const cnn_explanation *by[2];
    cnn_study study;
    cnn_error *err;
} comparison;

/* Drops mistakes that changed nothing. */
static void leave_harmless(const cnn_study *study, cnn_explanation *e)
{
    int32_t count = 0;
    for (int32_t i = 0; i < e->count; i++) {
        if (study->places[i] > 0) {
            e->made[count++] = e->made[i];
        }
    }
    e->count = count;
}

/* The answer for `subject` under one of the explanations; false: there is none. */
static bool answer_under(comparison *c, int32_t which, const cnn_subject *subject, cnn_answer *out)
{
    cnn_explanation e = *c->by[which];
    cnn_answer right;
    if (!cnn_answer_of(c->claim->what, subject, c->study.base, &c->study.numbers, &right)) {
        return false;
    }
    while (e.count > 0 && !cnn_study_vary(&c->study, e.made, e.count)) {
        if (!c->study.unchanged) {
            return false;
        }
        leave_harmless(&c->study, &e);
    }
    if (e.count == 0) {
        *out = right;
        return true;
    }
    const bool found = cnn_study_answer(&c->study, c->claim->what, subject, &right, out);
    cnn_study_restore(&c->study);
    return found;
}

/* Whether it can be made at other layers too. What cannot comes alone, so that the first mistake
 * speaks for both. */
static bool is_formula(const cnn_explanation *e)
{
    const cnn_mistake *m = e->made[0].mistake;
    return m->side != NULL || m->size != NULL || m->count != NULL;
}

/* Keeps the answers of all layers under the first explanation, then looks for one that differs.
 * Both gave the claimed number in this network, so neither fails to vary it. */
static bool differing_layer(comparison *c, cnn_arena scratch, cnn_question *out)
{
    const int32_t first = c->claim->of.first, end = c->claim->of.end;
    cnn_answer *answers = CNN_NEW_ARRAY(&scratch, cnn_answer, end);
    const cnn_quantity *what = c->claim->what;
    if (answers == NULL) {
        return cnn_fail_memory(c->err);
    }
    (void)cnn_study_vary(&c->study, c->by[0]->made, c->by[0]->count);
    for (int32_t i = first; i < end; i++) {
        const cnn_subject layer = cnn_subject_layer(i);
        (void)cnn_answer_of(what, &layer, c->study.work, &c->study.numbers, &answers[i]);
    }
    cnn_study_restore(&c->study);
    (void)cnn_study_vary(&c->study, c->by[1]->made, c->by[1]->count);
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

enum { SIDES = 8, ATTEMPTS = 4 * SIDES };

/* Another question about the layer: larger sides, more channels, or another stride as well. False:
 * there is none, or its numbers do not fit into 64 bits. */
static bool vary_question(const cnn_layer *layer, int32_t attempt, cnn_shape *input,
                          int64_t *stride)
{
    const int32_t step = attempt % SIDES + 1, row = attempt / SIDES;
    int64_t more, values;
    *input = layer->in;
    *stride = 0;
    if (row == 1) {
        return cnn_checked_mul(cnn_groups(layer), step, &more) &&
               cnn_checked_add(input->channels, more, &input->channels) &&
               cnn_shape_volume(input, &values);
    }
    if (row > 1 && (cnn_use_of(layer->op, CNN_STRIDE)->need == CNN_NEVER ||
                    !cnn_checked_add(layer->attrs->value[CNN_STRIDE][0], row - 1, stride))) {
        return false;
    }
    for (int32_t i = 0; i < input->axes; i++) {
        if (!cnn_checked_add(input->side[i], step - (row > 1), &input->side[i])) {
            return false;
        }
    }
    return input->axes > 0 && cnn_shape_volume(input, &values);
}

/* The layer alone after another input. */
static bool ask(const cnn_claim *claim, const cnn_numbers *numbers, cnn_layer *layers,
                const cnn_explanation *by, cnn_arena scratch, cnn_question *out, cnn_error *err)
{
    const cnn_subject subject = cnn_subject_layer(1);
    const cnn_network net = {.layers = layers, .layer_count = 2, .output = 1};
    cnn_numbers small = *numbers;
    comparison c = {.claim = claim, .by = {&by[0], &by[1]}};
    small.net = &net;
    if (!cnn_study_layer(&layers[1], layers, NULL, scratch) ||
        !cnn_study_open(&c.study, &small, &scratch, err)) {
        return false;
    }
    for (int32_t i = 0; i < 2; i++) {
        if (!answer_under(&c, i, &subject, &out->answer[i])) {
            return false;
        }
    }
    return !cnn_answer_equal(&out->answer[0], &out->answer[1]);
}

/* Both explanations are about this layer; for it alone they are made in layer 1 after an input. */
static bool about_one_layer(const cnn_explanation *const by[2], int32_t *layer,
                            cnn_explanation *alone)
{
    *layer = by[0]->made[0].layer;
    for (int32_t i = 0; i < 2; i++) {
        alone[i] = *by[i];
        for (int32_t k = 0; k < alone[i].count; k++) {
            if (by[i]->made[k].layer != *layer) {
                return false;
            }
            alone[i].made[k].layer = 1;
        }
    }
    return *layer > 0;
}

static bool differing_input(const cnn_claim *claim, const cnn_numbers *numbers,
                            const cnn_explanation *const by[2], cnn_arena scratch,
                            cnn_question *out, cnn_error *err)
{
    static const int32_t source = 0;
    cnn_explanation alone[2];
    if (!about_one_layer(by, &out->layer, alone)) {
        return false;
    }
    const cnn_layer *layer = &numbers->net->layers[out->layer];
    assert(layer->source_count == 1); /* nobody makes two mistakes at a join */
    for (int32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        cnn_layer layers[2] = {numbers->net->layers[0], *layer};
        cnn_attrs attrs = *layer->attrs;
        layers[1].sources = &source;
        if (!vary_question(layer, attempt, &layers[0].out, &out->stride)) {
            continue;
        }
        if (out->stride > 0) {
            attrs.given |= 1u << CNN_STRIDE;
            cnn_attr_put(&attrs, CNN_STRIDE, out->stride);
            layers[1].attrs = &attrs;
        }
        if (ask(claim, numbers, layers, alone, scratch, out, err)) {
            out->other_input = true;
            out->input = layers[0].out;
            return true;
        }
    }
    return false;
}

bool cnn_question_find(const cnn_claim *claim, const cnn_numbers *numbers, const cnn_explanation *a,
                       const cnn_explanation *b, cnn_arena scratch, cnn_question *out,
                       cnn_error *err)
{
    comparison c = {.claim = claim, .by = {a, b}, .err = err};
    *out = (cnn_question){0};
    if (!is_formula(a) || !is_formula(b)) {
        return false;
    }
    cnn_arena rest = scratch;
    if (!cnn_subject_single(&claim->of) && cnn_study_open(&c.study, numbers, &rest, err) &&
        differing_layer(&c, rest, out)) {
        return true;
    }
    return differing_input(claim, numbers, c.by, scratch, out, err);
}
