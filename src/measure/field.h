/* Receptive fields. */
#ifndef CNN_NET_FIELD_H
#define CNN_NET_FIELD_H

#include "base/error.h"
#include "base/fraction.h"
#include "base/trace.h"
#include "measure/sight.h"

/*
 * What one position of a layer's output sees of the network's input, along each axis: `size`
 * pixels, `jump` pixels further for the next position, the middle of what the first position sees
 * at `start`, where the first pixel's middle is 1/2. After layers that enlarge a map, and after
 * joins, positions differ in what they see: `size` is that of the one that sees most, jump a mean.
 */
typedef struct cnn_field {
    int64_t size[CNN_AXES];
    cnn_fraction jump[CNN_AXES];
    cnn_fraction start[CNN_AXES];
    const cnn_sight *sight[CNN_AXES]; /* NULL: not followed, size and start are by recurrence */
    bool mixed;                       /* a join's branches have different jumps */
} cnn_field;

/* How the field of a layer's output, fields[index], follows from those of the layers before it. */
void cnn_layer_field_tell(const cnn_network *net, int32_t index, const cnn_field *fields,
                          const cnn_trace *trace);

/* How many positions there are along an axis; a vector is one. */
static inline int64_t cnn_field_side(const cnn_shape *shape, int32_t axis)
{
    return axis < shape->axes ? shape->side[axis] : 1;
}

/* Whether a position of the layer's output may see another one of its input, or several. */
static inline bool cnn_field_moves(const cnn_layer *layer, int32_t axis)
{
    return axis < layer->in.axes && layer->op->reach != NULL;
}

/* Size and start by the recurrence, which is exact where all positions see alike. False: they do
 * not fit into 64 bits. */
bool cnn_field_recur(const cnn_reach *reach, int32_t axis, const cnn_field *in, cnn_field *out);

/* The fields of all layers, in the arena; NULL with an error when numbers do not fit. *effort grows
 * by the layers looked at, and by what following their positions takes. */
const cnn_field *cnn_network_fields(const cnn_network *net, cnn_arena *arena, int64_t *effort,
                                    cnn_error *err);

#endif
