/* Maps made larger or smaller: output position i lies at (i + 1/2) * in/out - 1/2 of the input. */
#ifndef CNN_OPS_RESAMPLE_H
#define CNN_OPS_RESAMPLE_H

#include "ops/op.h"

/* cnn_op.reach and cnn_op.sees where each position takes the nearest one, or two by their distance.
 */
bool cnn_nearest_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out);
void cnn_nearest_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to);
bool cnn_linear_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out);
void cnn_linear_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to);

#endif
