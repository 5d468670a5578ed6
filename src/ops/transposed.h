/* Windows the other way round, for transposed convolutions and unpooling; see window.h. */
#ifndef CNN_OPS_TRANSPOSED_H
#define CNN_OPS_TRANSPOSED_H

#include "ops/op.h"

/*
 * The sides that come out: (W - 1)*s - pl - ph + k + op. Without a given padding they are W*s: what
 * the kernel has beyond the stride is padding, what it lacks is added at the high end. The channels
 * stay.
 */
bool cnn_transposed_shape(cnn_site *site);

/* cnn_op.reach and cnn_op.sees. */
bool cnn_transposed_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out);
void cnn_transposed_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from,
                         int64_t *to);

#endif
