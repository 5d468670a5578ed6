/* A window sliding over one channel of a map: what convolution and pooling share. */
#ifndef CNN_GRADIENT_SLIDING_H
#define CNN_GRADIENT_SLIDING_H

#include "gradient/rule.h"

/* Along each axis: kernel, stride, dilation, padding, and the sides. A map with fewer axes has
 * leading ones of side 1. */
typedef struct cnn_sliding {
    int64_t k[CNN_AXES], s[CNN_AXES], d[CNN_AXES], low[CNN_AXES], high[CNN_AXES];
    int64_t in[CNN_AXES], out[CNN_AXES];
} cnn_sliding;

cnn_sliding cnn_sliding_of(const cnn_layer *layer);

/* Where the window of one output position meets the map: taps [first, end) along each axis, and the
 * input position of tap 0, which may lie outside. */
typedef struct cnn_place {
    int64_t first[CNN_AXES], end[CNN_AXES], origin[CNN_AXES];
} cnn_place;

/* Calls `visit` for all output positions of one channel, in order. Each call is for `run` positions
 * in a row from position `o` on, whose windows meet the map in the same taps and begin s[2] apart;
 * `at` is the place of the first. */
typedef void cnn_visit(const void *plane, const cnn_place *at, int64_t o, int64_t run);
void cnn_slide(const cnn_sliding *w, cnn_visit *visit, const void *plane);

/* The place of output position `o`. */
cnn_place cnn_place_at(const cnn_sliding *w, int64_t o);

/* A row of taps (t, u, first) ... (t, u, end - 1): the position within the channel and in the
 * kernel of tap (t, u, 0). Neighbours are d[2] apart in the channel, and 1 in the kernel. */
static inline int64_t cnn_place_row(const cnn_sliding *w, const cnn_place *at, int64_t t, int64_t u)
{
    return ((at->origin[0] + t * w->d[0]) * w->in[1] + at->origin[1] + u * w->d[1]) * w->in[2] +
           at->origin[2];
}

static inline int64_t cnn_kernel_row(const cnn_sliding *w, int64_t t, int64_t u)
{
    return (t * w->k[1] + u) * w->k[2];
}

/* The position within the channel of the window's first largest value; -1: it lies in the padding
 * alone. */
int64_t cnn_largest_tap(const cnn_sliding *w, const double *in, const cnn_place *at);

/* How many taps lie in the map or its padding: what a mean divides by. PyTorch 1.13, AvgPool2d with
 * count_include_pad: what a window has beyond the padding (ceil) does not count. */
double cnn_place_divisor(const cnn_sliding *w, const cnn_place *at);

#endif
