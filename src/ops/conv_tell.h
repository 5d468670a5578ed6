/* The working of convolutions: weights, biases and MACs with their formulas. */
#ifndef CNN_OPS_CONV_TELL_H
#define CNN_OPS_CONV_TELL_H

#include "ops/op.h"

/* Of kernels that meet every position of `map`: what enters (transposed), or what comes out. */
CNN_APART void cnn_conv_tell(const cnn_site *site, const cnn_shape *map);

/* Of a layer whose weights are the formula `weights` of k taps and the four numbers `value`. */
void cnn_conv_tell_taps(const cnn_site *site, const char *weights, const char *macs, int64_t taps,
                        const int64_t *value);

#endif
