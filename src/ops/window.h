/* The sliding window as layers use it: convolution and pooling share it. */
#ifndef CNN_OPS_WINDOW_H
#define CNN_OPS_WINDOW_H

#include "ops/op.h"

/* Sides of the output and padding of a window layer, from its attributes and input. */
bool cnn_window_shape(cnn_site *site);

bool cnn_window_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out);
int64_t cnn_window_unread(const cnn_layer *layer, int32_t axis);

/* A window that covers the whole map: global pooling, a flattening, an FC. */
bool cnn_global_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out);

#endif
