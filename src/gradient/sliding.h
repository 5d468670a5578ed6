/* A window sliding over one channel of a map: what convolution and pooling share. */
#ifndef CNN_GRADIENT_SLIDING_H
#define CNN_GRADIENT_SLIDING_H

#include "gradient/rule.h"

/* Of both axes: k kernel, s stride, d dilation, low padding; and the sides. */
typedef struct cnn_sliding {
    int64_t k[2], s[2], d[2], low[2], high[2];
    int64_t in[2], out[2];
} cnn_sliding;

cnn_sliding cnn_sliding_of(const cnn_layer *layer);

/* Where the window of one output position meets the map: taps [first, end) along each axis, and the
 * input row and column of tap 0, which may lie outside. */
typedef struct cnn_place {
    int64_t first[2], end[2], origin[2];
} cnn_place;

cnn_place cnn_place_at(const cnn_sliding *w, int64_t i, int64_t j);

/* The input position, within the channel, of tap (u, v). */
static inline int64_t cnn_place_tap(const cnn_sliding *w, const cnn_place *at, int64_t u, int64_t v)
{
    return (at->origin[0] + u * w->d[0]) * w->in[1] + at->origin[1] + v * w->d[1];
}

/* How many taps lie in the map or its padding: what a mean divides by. PyTorch 1.13, AvgPool2d with
 * count_include_pad: what a window has beyond the padding (ceil) does not count. */
double cnn_place_divisor(const cnn_sliding *w, const cnn_place *at);

#endif
