/* The working of receptive fields: the recurrence where it gives the field, or else the rows that a
 * position sees. */
#include "measure/field.h"
#include "ops/op.h"

/* From the first to the last pixel that a position sees. */
static void tell_rows(const cnn_trace *trace, int32_t axis, const cnn_field *field, int64_t side,
                      const char *note)
{
    const cnn_rows most =
        cnn_sight_at(field->sight[axis], cnn_sight_widest(field->sight[axis], side));
    cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_FIELD,
                                .axis = axis + 1,
                                .formula = "b - a + 1",
                                .value = {most.last, most.first},
                                .result = field->size[axis],
                                .note = note});
}

/* The middle of what the first position sees. */
static void tell_middle(const cnn_trace *trace, int32_t axis, const cnn_field *field, int64_t side)
{
    const cnn_rows first =
        cnn_sight_at(field->sight[axis], cnn_sight_first(field->sight[axis], side));
    cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_START,
                                .axis = axis + 1,
                                .formula = "(a + b + 1)/2",
                                .value = {first.first, first.last},
                                .result = field->start[axis].num,
                                .result_over = field->start[axis].den,
                                .note = "the first position sees from a to b"});
}

/* The recurrence in numbers, where it is exact; e is what a position sees, o how far after its
 * start that lies. */
static void tell(const cnn_trace *trace, int32_t axis, const cnn_layer *layer,
                 const cnn_reach *reach, const cnn_field *in, const cnn_field *out)
{
    const cnn_fraction jump = in->jump[axis], start = in->start[axis];
    const cnn_fraction stride = cnn_fraction_of(reach->stride_num, reach->stride_den);
    const cnn_fraction shift = cnn_fraction_of(reach->offset_num, reach->offset_den);
    const int64_t side = cnn_field_side(&layer->out, axis);
    cnn_field mean = {0};
    const bool exact = cnn_field_recur(reach, axis, in, &mean);
    if (exact && mean.size[axis] == out->size[axis]) {
        cnn_tell(trace,
                 &(cnn_step){.quantity = CNN_STEP_FIELD,
                             .axis = axis + 1,
                             .formula = jump.den == 1 ? "r + (e - 1)*j" : "r + ceil((e - 1)*j)",
                             .value = {in->size[axis], reach->extent, jump.num},
                             .over = {0, 0, jump.den},
                             .result = out->size[axis]});
    } else {
        tell_rows(trace, axis, out, side,
                  "positions differ in what they see: one that sees most sees from a to b");
    }
    cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_JUMP,
                                .axis = axis + 1,
                                .formula = "j*s",
                                .value = {jump.num, stride.num},
                                .over = {jump.den, stride.den},
                                .result = out->jump[axis].num,
                                .result_over = out->jump[axis].den});
    if (exact && cnn_fraction_equal(mean.start[axis], out->start[axis])) {
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_START,
                                    .axis = axis + 1,
                                    .formula = "x + o*j",
                                    .value = {start.num, shift.num, jump.num},
                                    .over = {start.den, shift.den, jump.den},
                                    .result = out->start[axis].num,
                                    .result_over = out->start[axis].den});
    } else {
        tell_middle(trace, axis, out, side);
    }
}

/* The largest of the branches' fields, where one of them covers the others; else their hull. */
static void tell_branches(const cnn_trace *trace, int32_t axis, const cnn_layer *layer,
                          const cnn_field *fields, const cnn_field *out)
{
    const int32_t count = cnn_sources_read(layer);
    int64_t most = 0;
    bool starts = false;
    for (int32_t i = 0; i < count; i++) {
        const cnn_field *branch = &fields[layer->sources[i]];
        most = branch->size[axis] > most ? branch->size[axis] : most;
        starts = starts || cnn_fraction_equal(branch->start[axis], out->start[axis]);
    }
    if (most != out->size[axis] && out->sight[axis] != NULL) {
        tell_rows(trace, axis, out, cnn_field_side(&layer->out, axis),
                  "the branches see different pixels, together from a to b");
    }
    int64_t so_far = 0;
    for (int32_t i = 0; i < count && count > 1 && most == out->size[axis]; i++) {
        const int64_t size = fields[layer->sources[i]].size[axis];
        so_far = size > so_far ? size : so_far;
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_FIELD,
                                    .axis = axis + 1,
                                    .joining = CNN_LARGEST,
                                    .formula = "r",
                                    .value = {size},
                                    .result = so_far});
    }
    if (!starts && out->sight[axis] != NULL) {
        tell_middle(trace, axis, out, cnn_field_side(&layer->out, axis));
    }
}

void cnn_layer_field_tell(const cnn_network *net, int32_t index, const cnn_field *fields,
                          const cnn_trace *trace)
{
    const cnn_layer *layer = &net->layers[index];
    for (int32_t axis = 0; axis < CNN_AXES; axis++) {
        cnn_reach reach;
        if (cnn_sources_read(layer) > 1 && axis < net->layers->out.axes) {
            tell_branches(trace, axis, layer, fields, &fields[index]);
        } else if (cnn_field_moves(layer, axis)) {
            (void)layer->op->reach(layer, axis, &reach); /* it fitted before */
            tell(trace, axis, layer, &reach, &fields[layer->sources[0]], &fields[index]);
        }
    }
}
