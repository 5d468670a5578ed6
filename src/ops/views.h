/* Layers that only look at the same values as another shape. */
#ifndef CNN_OPS_VIEWS_H
#define CNN_OPS_VIEWS_H

#include "ops/op.h"

/* cnn_op.shape of flatten, reshape and permute. */
bool cnn_flatten_shape(cnn_site *site);
bool cnn_reshape_shape(cnn_site *site);
bool cnn_permute_shape(cnn_site *site);

/* cnn_op.quick of flatten. */
bool cnn_flatten_quick(cnn_quick *l);

#endif
