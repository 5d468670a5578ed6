/*
 * Sizes along one axis of a sliding window: k kernel, s stride, d dilation, low and high padding.
 * Pure functions of checked integers, without anything of the network, so that they can be proved.
 */
#ifndef CNN_OPS_WINDOW_SIZE_H
#define CNN_OPS_WINDOW_SIZE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum cnn_fit {
    CNN_FITS,
    CNN_FIT_KERNEL,  /* the window covers more than the padded input */
    CNN_FIT_OVERFLOW /* a sum or product does not fit into 64 bits */
} cnn_fit;

/* What a dilated kernel covers: d(k - 1) + 1.  k, d >= 1. */
bool cnn_window_extent(int64_t k, int64_t d, int64_t *out);

/* floor((in + low + high - extent)/s) + 1.  in, extent, s >= 1; low, high >= 0.
 * Dumoulin & Visin 2016, relation 6. */
cnn_fit cnn_window_floor(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                         int64_t *out);

/* The same rounded up; then the last window goes if it starts in the high padding, that is when
 * (out - 1)s >= in + low. A window may exceed the padded input by less than s. */
cnn_fit cnn_window_ceil(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                        int64_t *out);

/* ceil(in/s): the output of "same". */
int64_t cnn_window_same(int64_t in, int64_t s);

/* The padding of "same": (extent - 1)/2 at both sides of an odd kernel; for an even one
 * max((out - 1)s + extent - in, 0) in all, the odd one at the high side. */
void cnn_window_same_pad(int64_t in, int64_t extent, int64_t s, int64_t *low, int64_t *high);

/* (in - 1)s - low - high + extent + extra: a transposed convolution. The result may be below 1. */
bool cnn_window_transposed(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                           int64_t extra, int64_t *out);

#endif
