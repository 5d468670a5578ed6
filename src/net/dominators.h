/* Which values every way to a value leads through. */
#ifndef CNN_NET_DOMINATORS_H
#define CNN_NET_DOMINATORS_H

#include "net/network.h"

enum {
    CNN_ROOT = -1,  /* dominates the inputs */
    CNN_NESTED = 2, /* joins inside one another that are counted, and written as branches */
};

/* What is known of a value. */
typedef struct cnn_dominated {
    cnn_node by;   /* its nearest dominator */
    int32_t joins; /* joins inside one another on the way from there; at most CNN_NESTED + 1 */
} cnn_dominated;

/* Of all values of a network. False: the graph is so tangled that this would take too long. */
bool cnn_find_dominators(const cnn_network *net, cnn_dominated *values);

#endif
