/* The families, one file each; table.c puts them in order. */
#ifndef CNN_OPS_FAMILIES_H
#define CNN_OPS_FAMILIES_H

#include "ops/op.h"

extern const cnn_family cnn_family_conv;
extern const cnn_family cnn_family_dense;
extern const cnn_family cnn_family_pool;
extern const cnn_family cnn_family_norm;
extern const cnn_family cnn_family_activation;
extern const cnn_family cnn_family_shape;
extern const cnn_family cnn_family_join;

#endif
