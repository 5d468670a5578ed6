/*
 * The recurrence of receptive fields. Araujo, Norris & Sim 2019, Computing Receptive Fields of
 * Convolutional Neural Networks: size += (extent - 1) * jump, start += offset * jump, jump *= s.
 * Where positions differ in what they see, the size is read off their sights.
 */
#include "net/field.h"

#include "base/arena.h"
#include "base/checked.h"
#include "ops/op.h"

static cnn_fraction reduce(int64_t num, int64_t den)
{
    const int64_t rest = num % den; /* its negative always exists */
    const int64_t common = cnn_greatest_divisor(den, rest < 0 ? -rest : rest);
    return (cnn_fraction){num / common, den / common};
}

static bool multiply(cnn_fraction a, int64_t num, int64_t den, cnn_fraction *out)
{
    /* reduced crosswise first, so that products stay small */
    const cnn_fraction left = reduce(a.num, den), right = reduce(num, a.den);
    int64_t n, d;
    if (!cnn_checked_mul(left.num, right.num, &n) || !cnn_checked_mul(left.den, right.den, &d)) {
        return false;
    }
    *out = reduce(n, d);
    return true;
}

static bool add(cnn_fraction a, cnn_fraction b, cnn_fraction *out)
{
    int64_t p, q, sum, den;
    if (!cnn_checked_mul(a.num, b.den, &p) || !cnn_checked_mul(b.num, a.den, &q) ||
        !cnn_checked_add(p, q, &sum) || !cnn_checked_mul(a.den, b.den, &den)) {
        return false;
    }
    *out = reduce(sum, den);
    return true;
}

/* (extent - 1) * jump, rounded up: part of a pixel is seen as a whole one. */
static bool grow(int64_t *size, int64_t extent, cnn_fraction jump)
{
    cnn_fraction more;
    if (!multiply(jump, extent - 1, 1, &more)) {
        return false;
    }
    const int64_t whole = more.num / more.den + (more.num % more.den != 0);
    return cnn_checked_add(*size, whole, size);
}

/* How many positions there are; a vector is one. */
static int64_t side_of(const cnn_shape *shape, int32_t axis)
{
    return shape->axes > 0 ? shape->side[axis] : 1;
}

/* From the first to the last pixel that the widest position sees, or by the recurrence, if that
 * says the same. */
static void tell_size(const cnn_trace *trace, int32_t axis, const cnn_layer *layer,
                      const cnn_reach *reach, const cnn_field *in, const cnn_field *out)
{
    const cnn_fraction jump = in->jump[axis];
    const cnn_sight *sight = &out->sight[axis];
    cnn_step step = {.quantity = CNN_STEP_FIELD, .axis = axis + 1, .result = out->size[axis]};
    int64_t size = in->size[axis];
    (void)grow(&size, reach->extent, jump); /* the numbers of a sight that is known are small */
    if (sight->period == 0 || size == step.result) {
        step.formula = jump.den == 1 ? "r + (e - 1)*j" : "r + ceil((e - 1)*j)";
        step.value[0] = in->size[axis];
        step.value[1] = reach->extent;
        step.value[2] = jump.num;
        step.over[2] = jump.den;
    } else {
        const int32_t widest = cnn_sight_widest(sight, side_of(&layer->out, axis));
        step.formula = "b - a + 1";
        step.value[0] = sight->last[widest];
        step.value[1] = sight->first[widest];
        step.note = "positions differ in what they see: one that sees most sees from a to b";
    }
    cnn_tell(trace, &step);
}

/* The recurrence in numbers; e is what a position sees, o how far behind its start that lies. */
static void tell(const cnn_trace *trace, int32_t axis, const cnn_layer *layer,
                 const cnn_reach *reach, const cnn_field *in, const cnn_field *out)
{
    const cnn_fraction jump = in->jump[axis], start = in->start[axis];
    const cnn_fraction stride = reduce(reach->stride_num, reach->stride_den);
    const cnn_fraction shift = reduce(reach->offset_num, reach->offset_den);
    tell_size(trace, axis, layer, reach, in, out);
    cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_JUMP,
                                .axis = axis + 1,
                                .formula = "j*s",
                                .value = {jump.num, stride.num},
                                .over = {jump.den, stride.den},
                                .result = out->jump[axis].num,
                                .result_over = out->jump[axis].den});
    cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_START,
                                .axis = axis + 1,
                                .formula = "x + o*j",
                                .value = {start.num, shift.num, jump.num},
                                .over = {start.den, shift.den, jump.den},
                                .result = out->start[axis].num,
                                .result_over = out->start[axis].den});
}

/* Whether a position of the layer's output may see another one of its input, or several. */
static bool reaches(const cnn_layer *layer)
{
    return layer->in.axes > 0 && layer->op->reach != NULL;
}

/* How many different positions are followed in a network: many more than usual ones have. */
enum { SIGHTS = 1 << 17 };

/* The fields of a network while they grow. */
typedef struct walk {
    const cnn_network *net;
    cnn_field *fields;
    cnn_arena *arena;
    cnn_error *err;
    int32_t room; /* for sights */
} walk;

static bool overflow(const walk *w, const cnn_layer *layer)
{
    return cnn_fail(w->err, CNN_E_FIELD, layer->span);
}

static bool step(walk *w, const cnn_layer *layer, int32_t axis, const cnn_field *in, cnn_field *out)
{
    if (!reaches(layer)) {
        out->size[axis] = in->size[axis];
        out->jump[axis] = in->jump[axis];
        out->start[axis] = in->start[axis];
        out->sight[axis] = in->sight[axis];
        return true;
    }
    cnn_reach reach;
    cnn_fraction shift;
    if (!layer->op->reach(layer, axis, &reach) ||
        !multiply(in->jump[axis], reach.offset_num, reach.offset_den, &shift) ||
        !add(in->start[axis], shift, &out->start[axis]) ||
        !multiply(in->jump[axis], reach.stride_num, reach.stride_den, &out->jump[axis])) {
        return overflow(w, layer);
    }
    cnn_sight *sight = &out->sight[axis];
    const int32_t most = w->room < CNN_MOST_SIGHTS ? w->room : CNN_MOST_SIGHTS;
    if (!cnn_sight_step(layer, axis, &reach, &in->sight[axis], most, w->arena, sight)) {
        return cnn_fail_memory(w->err);
    }
    out->size[axis] = in->size[axis];
    if (sight->period > 0) {
        const int32_t widest = cnn_sight_widest(sight, side_of(&layer->out, axis));
        out->size[axis] = sight->last[widest] - sight->first[widest] + 1;
        w->room -= sight->period > 1 ? sight->period : 0;
    } else if (!grow(&out->size[axis], reach.extent, in->jump[axis])) {
        return overflow(w, layer);
    }
    return true;
}

/* An auxiliary head is no part of what it stands beside. */
static int32_t branches_of(const cnn_layer *layer)
{
    return layer->op->form == CNN_FORM_AUX ? 1 : layer->source_count;
}

static void tell_branches(const cnn_trace *trace, int32_t axis, const cnn_layer *layer,
                          const cnn_field *fields)
{
    const int32_t count = branches_of(layer);
    int64_t most = 0;
    for (int32_t i = 0; i < count && count > 1; i++) {
        const int64_t size = fields[layer->sources[i]].size[axis];
        most = size > most ? size : most;
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_FIELD,
                                    .axis = axis + 1,
                                    .joining = CNN_LARGEST,
                                    .formula = "r",
                                    .value = {size},
                                    .result = most});
    }
}

/* A single row or column that a product stretches: it has no jump, every position sees all of it.
 */
static bool is_stretched(const cnn_shape *branch, const cnn_shape *out, int32_t axis)
{
    return out->side[axis] > 1 && (branch->axes == 0 || branch->side[axis] == 1);
}

static void join_axis(const cnn_network *net, const cnn_layer *layer, int32_t axis,
                      const cnn_field *fields, cnn_field *out)
{
    const int32_t count = branches_of(layer);
    int64_t most = 0; /* of the branches with a jump */
    cnn_fraction jump = {0, 1};
    out->size[axis] = 0;
    out->sight[axis] = (cnn_sight){0};
    for (int32_t i = 0; i < count; i++) {
        const int32_t source = layer->sources[i];
        const cnn_field *branch = &fields[source];
        const cnn_fraction its = branch->jump[axis];
        const int64_t size = branch->size[axis];
        out->size[axis] = size > out->size[axis] ? size : out->size[axis];
        if (!is_stretched(&net->layers[source].out, &layer->out, axis)) {
            out->mixed = out->mixed || (most > 0 && (jump.num != its.num || jump.den != its.den));
            if (size > most) {
                most = size;
                jump = its;
                out->start[axis] = branch->start[axis];
                out->sight[axis] = branch->sight[axis];
            }
        }
    }
    out->jump[axis] = jump;
    if (out->size[axis] > most) {
        out->sight[axis].period = 0; /* a branch without a jump sees more */
    }
}

void cnn_layer_field_tell(const cnn_network *net, int32_t index, const cnn_field *fields,
                          const cnn_trace *trace)
{
    const cnn_layer *layer = &net->layers[index];
    for (int32_t axis = 0; axis < 2; axis++) {
        cnn_reach reach;
        if (layer->branches != NULL) {
            tell_branches(trace, axis, layer, fields);
        } else if (reaches(layer)) {
            (void)layer->op->reach(layer, axis, &reach); /* it fitted before */
            tell(trace, axis, layer, &reach, &fields[layer->sources[0]], &fields[index]);
        }
    }
}

static bool layer_field(walk *w, int32_t index)
{
    const cnn_layer *layer = &w->net->layers[index];
    const cnn_field *in = &w->fields[layer->sources[0]];
    cnn_field *out = &w->fields[index];
    if (layer->branches != NULL) {
        *out = *in;
        out->mixed = false;
        join_axis(w->net, layer, 0, w->fields, out);
        join_axis(w->net, layer, 1, w->fields, out);
        return true;
    }
    return step(w, layer, 0, in, out) && step(w, layer, 1, in, out);
}

const cnn_field *cnn_network_fields(const cnn_network *net, cnn_arena *arena, cnn_error *err)
{
    cnn_field *fields = CNN_NEW_ARRAY(arena, cnn_field, net->layer_count);
    if (fields == NULL) {
        cnn_fail_memory(err);
        return NULL;
    }
    walk w = {net, fields, arena, err, SIGHTS};
    fields[0] = (cnn_field){.size = {1, 1},
                            .jump = {{1, 1}, {1, 1}},
                            .start = {{1, 2}, {1, 2}},
                            .sight = {cnn_sight_input, cnn_sight_input}};
    for (int32_t i = 1; i < net->layer_count; i++) {
        if (!layer_field(&w, i)) {
            return NULL;
        }
    }
    return fields;
}
