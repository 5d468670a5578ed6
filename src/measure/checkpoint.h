/* Parts of a network that are computed again in the backward pass. */
#ifndef CNN_NET_CHECKPOINT_H
#define CNN_NET_CHECKPOINT_H

#include "base/error.h"

/*
 * For each layer the number of the part that it belongs to, from 1; 0: it is not computed again.
 * `text` is a number of parts, or labels with commas between them. NULL: out of memory, or an error
 * of the text.
 */
const int32_t *cnn_checkpoint_parts(const cnn_network *net, cnn_text text, cnn_arena *arena,
                                    cnn_error *err);

#endif
