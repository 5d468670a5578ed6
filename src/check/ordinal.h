/* Layers by their number among those of a sort. */
#ifndef CNN_CHECK_ORDINAL_H
#define CNN_CHECK_ORDINAL_H

#include "net/network.h"

/* The layer that a name such as "conv2" or "Linear-4" means; names of summaries mean the next one
 * from `from` on. 0: none. */
int32_t cnn_layer_by_ordinal(const cnn_network *net, cnn_text text, int32_t from);

#endif
