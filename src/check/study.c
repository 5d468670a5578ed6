/*
 * Running a network with mistakes in it. Nothing is computed twice in two ways: layers are resolved
 * by the functions that compute the right sizes and counts, and a mistake changes the result of
 * one.
 */
#include "check/study.h"

#include <string.h>

#include "base/arena.h"
#include "base/checked.h"

/* The bound on all searching, about a second: a layer that is looked at costs 1, one that is
 * computed anew 10. */
static const int64_t MOST_STEPS = 20000000;
static const int64_t COMPUTED = 10;

bool cnn_study_open(cnn_study *study, const cnn_numbers *numbers, cnn_arena *arena, cnn_error *err)
{
    const cnn_network *net = numbers->net;
    *study = (cnn_study){.numbers = *numbers, .steps = MOST_STEPS, .last_dense = -1};
    study->work = CNN_NEW_ARRAY(arena, cnn_layer, net->layer_count);
    if (study->work == NULL) {
        return cnn_fail_memory(err);
    }
    for (int32_t i = 0; i < net->layer_count; i++) {
        if (cnn_is_dense(&net->layers[i]) && !net->layers[i].aux) {
            study->last_dense = i;
        }
    }
    study->scratch = *arena;
    cnn_study_base(study, net->layers, NULL);
    return true;
}

void cnn_study_base(cnn_study *study, const cnn_layer *base, const cnn_shape *forced)
{
    study->base = base;
    study->forced = forced;
    study->changed = 0;
    study->changed_end = study->until = study->numbers.net->layer_count;
    cnn_study_restore(study);
}

void cnn_study_restore(cnn_study *study)
{
    if (study->changed < study->changed_end) {
        memcpy(&study->work[study->changed], &study->base[study->changed],
               (size_t)(study->changed_end - study->changed) * sizeof(cnn_layer));
    }
    study->changed = study->numbers.net->layer_count;
    study->changed_end = 0;
}

static void mark_changed(cnn_study *study, int32_t index)
{
    study->changed = index < study->changed ? index : study->changed;
    study->changed_end = index >= study->changed_end ? index + 1 : study->changed_end;
}

static bool equal_shapes(const cnn_shape *a, const cnn_shape *b)
{
    const cnn_answer x = {.kind = CNN_QUANTITY_SIZE, .shape = *a};
    const cnn_answer y = {.kind = CNN_QUANTITY_SIZE, .shape = *b};
    return cnn_answer_equal(&x, &y);
}

/* Parameters and MACs for an output that is not the right one. */
static bool recount(cnn_layer *layer)
{
    cnn_error ignored = {0};
    cnn_site site = {
        .layer = layer, .in = &layer->in, .count = layer->source_count, .err = &ignored};
    int64_t values, flops;
    if (layer->op->cost != NULL && !layer->op->cost(&site)) {
        return false;
    }
    layer->macs = layer->aux ? 0 : layer->macs;
    return cnn_shape_volume(&layer->out, &values) && cnn_checked_mul(layer->macs, 2, &flops);
}

bool cnn_study_layer(cnn_layer *layer, const cnn_layer *layers, const cnn_shape *forced,
                     cnn_arena scratch)
{
    cnn_error ignored = {0};
    layer->weights = layer->biases = layer->statistics = layer->macs = 0;
    if (!cnn_layer_resolve(layer, layers, &scratch, &ignored)) {
        return false;
    }
    if (forced != NULL && forced->axes >= 0) {
        layer->out = *forced;
        return recount(layer);
    }
    return true;
}

/* ---- mistakes at one layer ---- */

/* The mistakes that concern one layer, by their places in the list of variations. */
typedef struct chosen {
    const cnn_variation *list;
    int32_t at[CNN_MOST_MISTAKES];
    int32_t count;
} chosen;

static chosen choose(const cnn_variation *list, int32_t count, const cnn_layer *layer,
                     int32_t index, bool sizes)
{
    chosen c = {.list = list};
    for (int32_t i = 0; i < count; i++) {
        const bool here = list[i].layer == index || list[i].layer == CNN_EVERYWHERE;
        if (here && list[i].sizes == sizes && cnn_mistake_fits(list[i].mistake, layer)) {
            c.at[c.count++] = i;
        }
    }
    return c;
}

static void note_place(cnn_study *study, int32_t which, int32_t index)
{
    study->places[which]++;
    study->only_place[which] = index;
}

static cnn_slip slip_of(const cnn_study *study, int32_t index, const cnn_variation *v)
{
    return (cnn_slip){.layers = study->work,
                      .layer = &study->work[index],
                      .variant = v->variant,
                      .last = index >= study->last_dense};
}

/* Mistakes in the formula of one side. A mistake that cannot happen there leaves it as it is. */
static bool vary_side(cnn_study *study, int32_t index, int32_t axis, const chosen *c, bool *made)
{
    cnn_layer *layer = &study->work[index];
    cnn_side_sum sum = cnn_side_of(layer, axis);
    bool any = false;
    for (int32_t i = 0; i < c->count; i++) {
        const cnn_variation *v = &c->list[c->at[i]];
        const cnn_slip slip = slip_of(study, index, v);
        cnn_side_sum changed = sum;
        if (v->mistake->side == NULL || !v->mistake->side(&slip, axis, &changed) ||
            cnn_side_equal(&sum, &changed)) {
            continue;
        }
        if (any && (sum.replaced || changed.replaced)) {
            return false;
        }
        sum = changed;
        any = made[i] = true;
    }
    return !any || cnn_side_value(&sum, &layer->out.side[axis]);
}

static bool apply_sizes(cnn_study *study, int32_t index, const chosen *c)
{
    cnn_layer *layer = &study->work[index];
    const cnn_shape right = layer->out;
    bool made[CNN_MOST_MISTAKES] = {false};
    for (int32_t axis = 0; axis < layer->in.axes; axis++) {
        bool sides = false;
        for (int32_t i = 0; i < c->count; i++) {
            sides = sides || c->list[c->at[i]].mistake->side != NULL;
        }
        if (sides && !vary_side(study, index, axis, c, made)) {
            return false;
        }
    }
    for (int32_t i = 0; i < c->count; i++) {
        const cnn_variation *v = &c->list[c->at[i]];
        const cnn_slip slip = slip_of(study, index, v);
        const cnn_shape before = layer->out;
        if (v->mistake->size == NULL) {
            continue;
        }
        made[i] = v->mistake->size(&slip) && !equal_shapes(&before, &layer->out);
        layer->out = made[i] ? layer->out : before;
    }
    if (!equal_shapes(&right, &layer->out)) {
        for (int32_t i = 0; i < c->count; i++) {
            if (made[i]) {
                note_place(study, c->at[i], index);
            }
        }
    }
    return recount(layer);
}

static bool sources_changed(const cnn_study *study, const cnn_layer *layer)
{
    for (int32_t i = 0; i < layer->source_count; i++) {
        const int32_t source = layer->sources[i];
        if (!equal_shapes(&study->work[source].out, &study->base[source].out)) {
            return true;
        }
    }
    return false;
}

static bool vary_size(cnn_study *study, int32_t index, const cnn_variation *list, int32_t count)
{
    cnn_layer *layer = &study->work[index];
    const chosen c = choose(list, count, layer, index, true);
    study->steps--;
    if (c.count == 0 && !sources_changed(study, layer)) {
        return true;
    }
    study->steps -= COMPUTED;
    mark_changed(study, index);
    const cnn_shape *forced = study->forced != NULL && c.count == 0 ? &study->forced[index] : NULL;
    return cnn_study_layer(layer, study->work, forced, study->scratch) &&
           (c.count == 0 || apply_sizes(study, index, &c));
}

/* What a mistake changed, a bit for each count, or for each factor of the weights. MACs that follow
 * from the weights do not count. */
static uint32_t differing(const cnn_layer *a, const cnn_layer *b, const cnn_factors *f,
                          const cnn_factors *g)
{
    const uint32_t factors = (f->kd != g->kd || f->kh != g->kh || f->kw != g->kw ? 16u : 0u) |
                             (f->c != g->c ? 32u : 0u) | (f->g != g->g ? 64u : 0u) |
                             (f->n != g->n ? 128u : 0u);
    const uint32_t weights = a->weights == b->weights ? 0u : (factors != 0 ? factors : 1u);
    const uint32_t bits =
        weights | (a->biases != b->biases ? 2u : 0u) | (a->statistics != b->statistics ? 4u : 0u);
    return bits == 0 && a->macs != b->macs ? 8u : bits;
}

/* The factors of layers that have any. */
static cnn_factors factors_of(const cnn_layer *layer)
{
    return (CNN_WEIGHTED >> cnn_role_of(layer) & 1) != 0 ? cnn_factors_of(layer) : (cnn_factors){0};
}

/* False: both mistakes change the same count, so that the second one undoes the first. */
static bool vary_count(cnn_study *study, int32_t index, const cnn_variation *list, int32_t count)
{
    cnn_layer *layer = &study->work[index];
    const chosen c = choose(list, count, layer, index, false);
    cnn_factors factors = c.count > 0 ? factors_of(layer) : (cnn_factors){0};
    uint32_t changed = 0;
    study->steps--;
    for (int32_t i = 0; i < c.count; i++) {
        const cnn_variation *v = &c.list[c.at[i]];
        const cnn_layer before = *layer;
        const cnn_factors before_factors = factors;
        cnn_slip slip = slip_of(study, index, v);
        slip.factors = &factors;
        study->steps -= COMPUTED;
        if (!v->mistake->count(&slip)) {
            *layer = before;
            factors = before_factors;
            continue;
        }
        layer->macs = layer->aux ? 0 : layer->macs;
        const uint32_t now = differing(&before, layer, &before_factors, &factors);
        if ((changed & now) != 0) {
            return false;
        }
        changed |= now;
        if (now != 0) {
            note_place(study, c.at[i], index);
            mark_changed(study, index);
        }
    }
    return true;
}

/* ---- the network ---- */

/* Whether each of the mistakes happened somewhere. */
static bool all_made(const cnn_study *study, int32_t count)
{
    bool all = true;
    for (int32_t i = 0; i < count; i++) {
        all = all && study->places[i] > 0;
    }
    return all;
}

bool cnn_study_vary(cnn_study *study, const cnn_variation *variations, int32_t count)
{
    int32_t from = study->until, end = 0;
    bool sizes = false, fits = true;
    for (int32_t i = 0; i < count; i++) {
        const bool everywhere = variations[i].layer == CNN_EVERYWHERE;
        const int32_t first = everywhere ? 1 : variations[i].layer;
        const int32_t last = everywhere ? study->until - 1 : variations[i].layer;
        from = first < from ? first : from;
        end = last >= end ? last + 1 : end;
        sizes = sizes || variations[i].sizes;
        study->places[i] = 0;
    }
    from = from < 1 ? 1 : from; /* the input is what it is */
    for (int32_t i = from; sizes && fits && i < study->until && study->steps > 0; i++) {
        fits = vary_size(study, i, variations, count);
    }
    for (int32_t i = from; fits && i < end && study->steps > 0; i++) {
        fits = vary_count(study, i, variations, count);
    }
    study->unchanged = fits && study->steps > 0 && !all_made(study, count);
    if (!fits || study->steps <= 0 || study->unchanged) {
        cnn_study_restore(study);
        return false;
    }
    return true;
}

bool cnn_study_input(cnn_study *study, const cnn_shape *input)
{
    const int32_t count = study->numbers.net->layer_count;
    study->changed = 0;
    study->changed_end = count;
    study->work[0].out = *input;
    int64_t values;
    bool fits = cnn_shape_volume(input, &values);
    for (int32_t i = 1; fits && i < count && study->steps > 0; i++) {
        study->steps -= COMPUTED;
        fits = cnn_study_layer(&study->work[i], study->work, NULL, study->scratch);
    }
    fits = fits && study->steps > 0;
    if (!fits) {
        cnn_study_restore(study);
    }
    return fits;
}

/* A total is that of the base, whose terms all fit, but for the layers that changed. */
static bool changed_total(const cnn_study *study, const cnn_quantity *quantity,
                          const cnn_subject *subject, int64_t right, int64_t *out)
{
    *out = right;
    const int32_t first = study->changed > subject->first ? study->changed : subject->first;
    const int32_t end = study->changed_end < subject->end ? study->changed_end : subject->end;
    for (int32_t i = first; i < end; i++) {
        int64_t now, before;
        if (!cnn_layer_count(quantity, &study->work[i], &study->numbers, &now) ||
            !cnn_layer_count(quantity, &study->base[i], &study->numbers, &before) ||
            !cnn_checked_add(*out - before, now, out)) {
            return false;
        }
    }
    return true;
}

bool cnn_study_answer(const cnn_study *study, const cnn_quantity *quantity,
                      const cnn_subject *subject, const cnn_answer *right, cnn_answer *out)
{
    if (quantity->count != NULL && !subject->without_aux) {
        *out = *right;
        return changed_total(study, quantity, subject, right->count, &out->count);
    }
    return quantity->kind != CNN_QUANTITY_PAIR &&
           cnn_answer_of(quantity, subject, study->work, &study->numbers, out);
}
