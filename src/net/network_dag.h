/* A network without recorded branches, as a list. */
#ifndef CNN_NET_NETWORK_DAG_H
#define CNN_NET_NETWORK_DAG_H

#include "base/out.h"

/* Writes inputs and items of a network that a builder made, from any graph of values. `scratch` is
 * used during the call only. False with an error: no memory, or joins that nest too deep. */
bool cnn_out_graph(cnn_out *out, const cnn_network *net, cnn_arena scratch, cnn_error *err);

#endif
