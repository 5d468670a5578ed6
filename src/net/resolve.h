/* Resolving one layer: what the builder needs. */
#ifndef CNN_NET_RESOLVE_H
#define CNN_NET_RESOLVE_H

#include "net/network.h"

/* The bits of all numbers of a shape. Sides beyond the axes are 0. */
static inline int64_t cnn_shape_bits(const cnn_shape *shape)
{
    return shape->channels | shape->side[0] | shape->side[1] | shape->side[2];
}

/* One test for nearly all shapes: their volume is below 2^60. */
static inline bool cnn_shape_is_small(const cnn_shape *shape)
{
    return (uint64_t)cnn_shape_bits(shape) >> 15 == 0;
}

/* Shape, padding and counts of a layer from the shapes of its sources, one after another at `in`,
 * as if it were no part of an auxiliary head. The counts are 0 before. */
bool cnn_layer_measure(cnn_layer *layer, const cnn_shape *in, const cnn_trace *trace,
                       cnn_error *err);

/* Its weights count where they are its own. */
static inline void cnn_layer_share(cnn_layer *layer)
{
    layer->weights = 0;
    layer->biases = 0;
    layer->statistics = 0;
}

/* Whether the number of values of a shape fits into 64 bits; otherwise an error about `what`. */
bool cnn_volume_fits(const cnn_shape *shape, const char *what, cnn_span span, cnn_error *err);

/* The same of an input. */
bool cnn_input_fits(const cnn_shape *shape, cnn_span span, cnn_error *err);

/* The same for twice the MACs. */
bool cnn_flops_fit(const cnn_layer *layer, cnn_error *err);

CNN_COLD CNN_APART bool cnn_span_overflow(cnn_span span, const char *what, cnn_error *err);

#endif
