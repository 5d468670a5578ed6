/* The recurrence of receptive fields. Araujo, Norris & Sim 2019, Computing Receptive Fields of
 * Convolutional Neural Networks: size += (extent - 1) * jump, start += offset * jump, jump *= s. */
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

/* The recurrence in numbers; e is what a position sees, o how far behind its start that lies. */
static void tell(const cnn_trace *trace, int32_t axis, const cnn_reach *reach, const cnn_field *in,
                 const cnn_field *out)
{
    const cnn_fraction jump = in->jump[axis], start = in->start[axis];
    const cnn_fraction stride = reduce(reach->stride_num, reach->stride_den);
    const cnn_fraction shift = reduce(reach->offset_num, reach->offset_den);
    cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_FIELD,
                                .axis = axis + 1,
                                .formula = jump.den == 1 ? "r + (e - 1)*j" : "r + ceil((e - 1)*j)",
                                .value = {in->size[axis], reach->extent, jump.num},
                                .over = {1, 1, jump.den},
                                .result = out->size[axis]});
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

static bool step(const cnn_layer *layer, int32_t axis, const cnn_field *in, const cnn_trace *trace,
                 cnn_field *out)
{
    cnn_reach reach = {1, 1, 1, 0, 1};
    cnn_fraction shift;
    if (layer->in.axes > 0 && layer->op->reach != NULL && !layer->op->reach(layer, axis, &reach)) {
        return false;
    }
    out->size[axis] = in->size[axis];
    if (!grow(&out->size[axis], reach.extent, in->jump[axis]) ||
        !multiply(in->jump[axis], reach.offset_num, reach.offset_den, &shift) ||
        !add(in->start[axis], shift, &out->start[axis]) ||
        !multiply(in->jump[axis], reach.stride_num, reach.stride_den, &out->jump[axis])) {
        return false;
    }
    if (trace != NULL && layer->in.axes > 0 && layer->op->reach != NULL) {
        tell(trace, axis, &reach, in, out);
    }
    return true;
}

static void tell_join(const cnn_trace *trace, int32_t axis, const cnn_field *branch,
                      const cnn_field *out)
{
    cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_FIELD,
                                .axis = axis + 1,
                                .joining = CNN_LARGEST,
                                .formula = "r",
                                .value = {branch->size[axis]},
                                .result = out->size[axis]});
}

/* A single row or column that a product stretches: it has no jump, every position sees all of it.
 */
static bool is_stretched(const cnn_shape *branch, const cnn_shape *out, int32_t axis)
{
    return out->side[axis] > 1 && (branch->axes == 0 || branch->side[axis] == 1);
}

static void join_axis(const cnn_network *net, const cnn_layer *layer, int32_t axis,
                      const cnn_field *fields, const cnn_trace *trace, cnn_field *out)
{
    const int32_t count = layer->op->form == CNN_FORM_AUX ? 1 : layer->source_count;
    int64_t most = 0; /* of the branches with a jump */
    cnn_fraction jump = {0, 1};
    out->size[axis] = 0;
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
            }
        }
        if (trace != NULL && count > 1) {
            tell_join(trace, axis, branch, out);
        }
    }
    out->jump[axis] = jump;
}

bool cnn_layer_field(const cnn_network *net, int32_t index, const cnn_field *fields,
                     const cnn_trace *trace, cnn_field *out)
{
    const cnn_layer *layer = &net->layers[index];
    if (layer->branches != NULL) {
        *out = fields[layer->sources[0]];
        out->mixed = false;
        join_axis(net, layer, 0, fields, trace, out);
        join_axis(net, layer, 1, fields, trace, out);
        return true;
    }
    const cnn_field *in = &fields[layer->sources[0]];
    return step(layer, 0, in, trace, out) && step(layer, 1, in, trace, out);
}

const cnn_field *cnn_network_fields(const cnn_network *net, cnn_arena *arena, cnn_error *err)
{
    cnn_field *fields = CNN_NEW_ARRAY(arena, cnn_field, net->layer_count);
    if (fields == NULL) {
        cnn_fail_memory(err);
        return NULL;
    }
    fields[0] = (cnn_field){{1, 1}, {{1, 1}, {1, 1}}, {{1, 2}, {1, 2}}, false};
    for (int32_t i = 1; i < net->layer_count; i++) {
        if (!cnn_layer_field(net, i, fields, NULL, &fields[i])) {
            cnn_fail(err, CNN_E_FIELD, net->layers[i].span);
            return NULL;
        }
    }
    return fields;
}
