/* One side of an output as a sum in which everything can go wrong. */
#ifndef CNN_CHECK_SIDE_H
#define CNN_CHECK_SIDE_H

#include "measure/field.h"
#include "ops/op.h"

typedef enum cnn_rounding { CNN_ROUND_DOWN, CNN_ROUND_UP, CNN_ROUND_NEAREST } cnn_rounding;

/*
 * The textbook's formula: rounding((w - extent + pad + inside)/s) + plus, or of a transposed
 * convolution (w - 1)s - pad + extent + extra.
 */
typedef struct cnn_side_sum {
    bool transposed;
    int64_t w, extent, s, pad, inside, plus, extra;
    cnn_rounding rounding;
    int64_t limit; /* a last window that begins here or later is dropped; 0: none is */
    bool replaced; /* it is another formula: a second mistake in it makes no sense */
} cnn_side_sum;

/* The right sum for one side of a window layer's output. */
cnn_side_sum cnn_side_of(const cnn_layer *layer, int32_t axis);

/* False: no size, or it does not fit. */
bool cnn_side_value(const cnn_side_sum *sum, int64_t *out);

/* The same before rounding, of a window that is computed rightly. False: there is no fraction. */
bool cnn_side_fraction(const cnn_side_sum *sum, cnn_fraction *out);

bool cnn_side_equal(const cnn_side_sum *a, const cnn_side_sum *b);

#endif
