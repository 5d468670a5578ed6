/* How values lie in their storage: which layers have to copy what they read. */
#ifndef CNN_MEASURE_LIE_H
#define CNN_MEASURE_LIE_H

#include "ops/op.h"

/*
 * The axes of a value are its samples, its channels, then its sides. Bit k of `gaps`: axis k was
 * cut, so that what lies along it is followed by a gap. Parts of the channels lie apart from sample
 * to sample, crops within each.
 */
typedef struct cnn_lie {
    const cnn_shape *shape;
    int64_t samples;
    uint32_t gaps;
} cnn_lie;

/* Whether the layer has to copy what it reads, because it needs values that lie together. */
bool cnn_has_to_copy(const cnn_op *op, const cnn_lie *in);

/* The gaps of a view of `in`. */
uint32_t cnn_gaps_of_view(const cnn_op *op, const cnn_shape *out, const cnn_lie *in);

#endif
