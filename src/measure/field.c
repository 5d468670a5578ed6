/*
 * Receptive fields. Size and start are read off what each position sees. The recurrence is that of
 * Araujo, Norris & Sim 2019, Computing Receptive Fields of Convolutional Neural Networks:
 * size += (extent - 1) * jump, start += offset * jump, jump *= s. It gives the jump, and the rest
 * where positions are too many to be followed.
 */
#include "measure/field.h"

#include "base/arena.h"
#include "base/checked.h"
#include "ops/op.h"

/* (extent - 1) * jump, rounded up: part of a pixel is seen as a whole one. */
static bool grow(int64_t *size, int64_t extent, cnn_fraction jump)
{
    cnn_fraction more;
    if (!cnn_fraction_mul(jump, extent - 1, 1, &more)) {
        return false;
    }
    return cnn_checked_add(*size, cnn_fraction_ceil(more), size);
}

/* A single row or column that the output repeats: it has no jump. */
static bool is_stretched(const cnn_shape *in, const cnn_shape *out, int32_t axis)
{
    return cnn_field_side(out, axis) > 1 && cnn_field_side(in, axis) == 1;
}

/* The positions of a layer that are looked at, by itself and by those that read it. */
typedef struct need {
    cnn_rows along[CNN_AXES];
} need;

/* The fields of a network while they grow. */
typedef struct walk {
    const cnn_network *net;
    cnn_field *fields;
    need *needs;
    cnn_sights sights;
    cnn_error *err;
} walk;

/* Room for rows, and looks at them: many more than usual networks have, and less than a second. */
enum { ROOM = 1 << 19, LOOKS = 1 << 24 };

static cnn_rows range_of(const walk *w, const cnn_layer *layer, int32_t axis)
{
    return w->needs[layer - w->net->layers].along[axis];
}

static bool overflow(const walk *w, const cnn_layer *layer)
{
    return cnn_fail(w->err, CNN_E_FIELD, layer->span);
}

/* Takes size and start from what the positions see. False: they do not fit into 64 bits. */
static bool read_sight(const cnn_layer *layer, int32_t axis, cnn_field *field)
{
    const cnn_sight *sight = field->sight[axis];
    const int64_t side = cnn_field_side(&layer->out, axis);
    const cnn_rows most = cnn_sight_at(sight, cnn_sight_widest(sight, side));
    const cnn_rows first = cnn_sight_at(sight, cnn_sight_first(sight, side));
    int64_t ends;
    if (!cnn_checked_sub(most.last, most.first, &field->size[axis]) ||
        !cnn_checked_add(field->size[axis], 1, &field->size[axis]) ||
        !cnn_checked_add(first.first, first.last, &ends) || !cnn_checked_add(ends, 1, &ends)) {
        return false;
    }
    if (first.first <= first.last) {
        field->start[axis] = cnn_fraction_of(ends, 2);
    }
    return true;
}

/* ---- one source ---- */

bool cnn_field_recur(const cnn_reach *reach, int32_t axis, const cnn_field *in, cnn_field *out)
{
    cnn_fraction shift;
    out->size[axis] = in->size[axis];
    return grow(&out->size[axis], reach->extent, in->jump[axis]) &&
           cnn_fraction_mul(in->jump[axis], reach->offset_num, reach->offset_den, &shift) &&
           cnn_fraction_add(in->start[axis], shift, &out->start[axis]);
}

static bool step(walk *w, const cnn_layer *layer, int32_t axis, const cnn_field *in, cnn_field *out)
{
    if (!cnn_field_moves(layer, axis)) {
        if (is_stretched(&layer->in, &layer->out, axis)) {
            out->sight[axis] = cnn_sight_stretch(in->sight[axis], &w->sights);
        }
        return !w->sights.full || cnn_fail_memory(w->err);
    }
    cnn_reach reach;
    if (!layer->op->reach(layer, axis, &reach) ||
        !cnn_fraction_mul(in->jump[axis], reach.stride_num, reach.stride_den, &out->jump[axis])) {
        return overflow(w, layer);
    }
    out->sight[axis] =
        cnn_sight_step(layer, axis, &reach, in->sight[axis], range_of(w, layer, axis), &w->sights);
    if (w->sights.full) {
        return cnn_fail_memory(w->err);
    }
    const bool fits = cnn_field_recur(&reach, axis, in, out);
    return (out->sight[axis] != NULL ? read_sight(layer, axis, out) : fits) || overflow(w, layer);
}

/* ---- joins ---- */

/* The jump is that of the branch that sees most; what is stretched has none. */
static void join_jumps(const cnn_network *net, const cnn_layer *layer, int32_t axis,
                       const cnn_field *fields, cnn_field *out)
{
    int64_t most = 0;
    for (int32_t i = 0; i < cnn_sources_read(layer); i++) {
        const int32_t source = layer->sources[i];
        const cnn_fraction its = fields[source].jump[axis];
        const int64_t size = fields[source].size[axis];
        if (is_stretched(&net->layers[source].out, &layer->out, axis)) {
            continue;
        }
        const cnn_fraction jump = out->jump[axis];
        out->mixed = out->mixed || (most > 0 && (jump.num != its.num || jump.den != its.den));
        if (size > most) {
            most = size;
            out->jump[axis] = its;
        }
    }
}

/* Where the field of the branch's position `at` begins and ends, by its mean. */
static bool edges(const cnn_field *branch, bool stretched, int32_t axis, int64_t at,
                  cnn_fraction *low, cnn_fraction *high)
{
    const cnn_fraction still = {0, 1};
    cnn_fraction middle;
    return cnn_fraction_mul(stretched ? still : branch->jump[axis], at, 1, &middle) &&
           cnn_fraction_add(middle, branch->start[axis], &middle) &&
           cnn_fraction_add(middle, cnn_fraction_of(-branch->size[axis], 2), low) &&
           cnn_fraction_add(middle, cnn_fraction_of(branch->size[axis], 2), high);
}

/* Whether a < b; false too where that cannot be told. */
static bool is_less(cnn_fraction a, cnn_fraction b)
{
    cnn_fraction difference;
    return cnn_fraction_sub(b, a, &difference) && difference.num > 0;
}

/* The hull of the branches' fields at position `at`. */
static bool join_at(const cnn_network *net, const cnn_layer *layer, int32_t axis, int64_t at,
                    const cnn_field *fields, cnn_fraction *first, cnn_fraction *last)
{
    for (int32_t i = 0; i < cnn_sources_read(layer); i++) {
        const int32_t source = layer->sources[i];
        const bool stretched = is_stretched(&net->layers[source].out, &layer->out, axis);
        cnn_fraction low, high;
        if (!edges(&fields[source], stretched, axis, at, &low, &high)) {
            return false;
        }
        *first = i == 0 || is_less(low, *first) ? low : *first;
        *last = i == 0 || is_less(*last, high) ? high : *last;
    }
    return true;
}

/* Size and start of a join that is not followed: the hull at its first position, or at its last
 * if it is larger there. */
static bool join_means(const cnn_network *net, const cnn_layer *layer, int32_t axis,
                       const cnn_field *fields, cnn_field *out)
{
    const int64_t ends[] = {0, cnn_field_side(&layer->out, axis) - 1};
    out->size[axis] = 0;
    for (int32_t i = 0; i < 2; i++) {
        cnn_fraction first, last, size;
        if (!join_at(net, layer, axis, ends[i], fields, &first, &last) ||
            !cnn_fraction_sub(last, first, &size)) {
            return false;
        }
        const int64_t whole = cnn_fraction_ceil(size);
        out->size[axis] = whole > out->size[axis] ? whole : out->size[axis];
        if (i == 0 && !(cnn_fraction_add(first, last, &last) &&
                        cnn_fraction_mul(last, 1, 2, &out->start[axis]))) {
            return false;
        }
    }
    return true;
}

/* The sights of a join's branches, and of the join. */
static const cnn_sight *join_sights(walk *w, const cnn_layer *layer, int32_t axis)
{
    const int32_t count = cnn_sources_read(layer);
    const cnn_sight **branches = CNN_NEW_ARRAY(w->sights.arena, const cnn_sight *, count);
    if (branches == NULL) {
        w->sights.full = true;
        return NULL;
    }
    bool alike = true;
    for (int32_t i = 0; i < count; i++) {
        const int32_t source = layer->sources[i];
        branches[i] = w->fields[source].sight[axis];
        if (is_stretched(&w->net->layers[source].out, &layer->out, axis)) {
            branches[i] = cnn_sight_stretch(branches[i], &w->sights);
        }
        alike = alike && branches[i] == branches[0];
    }
    return alike ? branches[0]
                 : cnn_sight_join(branches, count, range_of(w, layer, axis), &w->sights);
}

static bool join_axis(walk *w, const cnn_layer *layer, int32_t axis, cnn_field *out)
{
    join_jumps(w->net, layer, axis, w->fields, out);
    out->sight[axis] = join_sights(w, layer, axis);
    if (w->sights.full) {
        return cnn_fail_memory(w->err);
    }
    if (out->sight[axis] != NULL) {
        return read_sight(layer, axis, out) || overflow(w, layer);
    }
    return join_means(w->net, layer, axis, w->fields, out) || overflow(w, layer);
}

/* ---- the network ---- */

/* Adds the positions that a layer uses to what its sources need. */
static void spread_need(walk *w, int32_t index, int32_t axis)
{
    const cnn_layer *layer = &w->net->layers[index];
    cnn_rows *range = &w->needs[index].along[axis];
    cnn_rows used = *range;
    cnn_reach reach;
    if (cnn_field_moves(layer, axis) &&
        !(layer->op->reach(layer, axis, &reach) &&
          cnn_sight_uses(layer, axis, &reach, *range, &w->sights, &used))) {
        *range = (cnn_rows){0, -1};
        return;
    }
    for (int32_t i = 0; i < cnn_sources_read(layer); i++) {
        const int32_t source = layer->sources[i];
        if (cnn_field_moves(layer, axis) ||
            !is_stretched(&w->net->layers[source].out, &layer->out, axis)) {
            cnn_rows *its = &w->needs[source].along[axis];
            its->first = used.first < its->first ? used.first : its->first;
            its->last = used.last > its->last ? used.last : its->last;
        }
    }
}

static bool find_needs(walk *w)
{
    const cnn_network *net = w->net;
    w->needs = CNN_NEW_ARRAY(w->sights.arena, need, net->layer_count);
    for (int32_t i = 0; w->needs != NULL && i < net->layer_count; i++) {
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            w->needs[i].along[axis] = (cnn_rows){0, cnn_field_side(&net->layers[i].out, axis) - 1};
        }
    }
    for (int32_t i = net->layer_count - 1; w->needs != NULL && i >= net->input_count; i--) {
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            spread_need(w, i, axis);
        }
    }
    return w->needs != NULL || cnn_fail_memory(w->err);
}

static bool layer_field(walk *w, int32_t index)
{
    const cnn_layer *layer = &w->net->layers[index];
    cnn_field *out = &w->fields[index];
    *out = w->fields[layer->sources[0]];
    out->mixed = false;
    for (int32_t axis = 0; axis < CNN_AXES; axis++) {
        if (cnn_sources_read(layer) > 1
                ? !join_axis(w, layer, axis, out)
                : !step(w, layer, axis, &w->fields[layer->sources[0]], out)) {
            return false;
        }
    }
    return true;
}

/* Several inputs are laid one over the other: a row is what all of them have there. */
static cnn_field field_of_input(void)
{
    cnn_field field = {0};
    for (int32_t axis = 0; axis < CNN_AXES; axis++) {
        field.size[axis] = 1;
        field.jump[axis] = (cnn_fraction){1, 1};
        field.start[axis] = (cnn_fraction){1, 2};
        field.sight[axis] = &cnn_sight_input;
    }
    return field;
}

static bool find_fields(walk *w)
{
    for (int32_t i = 0; i < w->net->layer_count; i++) {
        if (i < w->net->input_count) {
            w->fields[i] = field_of_input();
        } else if (!layer_field(w, i)) {
            return false;
        }
    }
    return true;
}

const cnn_field *cnn_network_fields(const cnn_network *net, cnn_arena *arena, int64_t *effort,
                                    cnn_error *err)
{
    enum { LOOKS_OF_LAYER = 32 }; /* a row takes as long as a layer, so many looks as well */
    cnn_field *fields = CNN_NEW_ARRAY(arena, cnn_field, net->layer_count);
    if (fields == NULL) {
        cnn_fail_memory(err);
        return NULL;
    }
    walk w = {net, fields, NULL, {arena, ROOM, LOOKS, false}, err};
    const bool found = find_needs(&w) && find_fields(&w);
    *effort += net->layer_count + ROOM - w.sights.room + (LOOKS - w.sights.looks) / LOOKS_OF_LAYER;
    return found ? fields : NULL;
}
