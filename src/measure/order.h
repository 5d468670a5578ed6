/* The order in which the branches of joins run. */
#ifndef CNN_MEASURE_ORDER_H
#define CNN_MEASURE_ORDER_H

#include <cnncalc/cnncalc.h>

/*
 * The network with its layers in an order in which fewer values are alive at once, where the
 * branches of its joins have one; otherwise as it is. Only for memory: branches and items still
 * name the layers of the given order. *effort grows by the layers looked at. False: out of memory.
 */
bool cnn_network_order(const cnn_network *net, cnn_arena *arena, cnn_network *out, int64_t *effort);

#endif
