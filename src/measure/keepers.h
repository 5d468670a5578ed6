/* What the parts of training.h share: which layer keeps which storage. */
#ifndef CNN_MEASURE_KEEPERS_H
#define CNN_MEASURE_KEEPERS_H

#include "measure/training.h"
#include "net/network.h"
#include "ops/keeps.h"

/* What the layer keeps where `copies` tells whether it copies its input. False: something of its
 * own does not fit into 64 bits. */
bool cnn_layer_keeps(const cnn_layer *layer, bool copies, cnn_keeps *out);

/* Whether the layer keeps its k-th input, or would if it kept anything. */
bool cnn_keeps_input(const cnn_layer *layer, const cnn_kept_value *values, int32_t k);

/* *product times one more factor: along each axis as large as the larger one. */
void cnn_product_extend(cnn_shape *product, const cnn_shape *factor);

#endif
