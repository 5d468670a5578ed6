/* The families, one file each; kinds.c lists them in the order of the help. */
#ifndef CNN_OPS_FAMILIES_H
#define CNN_OPS_FAMILIES_H

#include "ops/op.h"

#define CNN_FAMILIES(X) X(conv) X(dense) X(pool) X(norm) X(activation) X(shape) X(join)

#define X(name)                                                                                    \
    extern const cnn_op cnn_ops_##name[];                                                          \
    extern const cnn_family cnn_family_##name;
CNN_FAMILIES(X)
#undef X

#endif
