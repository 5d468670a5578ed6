/* What each layer waits for before it can run, and which of it can come in another order. */
#ifndef CNN_MEASURE_WAITS_H
#define CNN_MEASURE_WAITS_H

#include <cnncalc/cnncalc.h>

/* The sources of a layer, each once. The first `turns` of a join lead to none of the others: only
 * their order makes a difference. */
typedef struct cnn_waits {
    int32_t *sources;
    int32_t count;
    int32_t turns; /* 0: not a join */
} cnn_waits;

/* Of all layers, and one more, which is empty and has room for as many sources as there are layers.
 * Comparing the sources of joins takes *work steps, and no more than `most`: further joins have no
 * turns. NULL: out of memory. */
cnn_waits *cnn_network_waits(const cnn_network *net, int64_t most, int64_t *work, cnn_arena *arena);

/* The last reader of each value among the layers that run; the layer itself: nothing reads it;
 * layer_count: it is the network's output; -1: it is part of an auxiliary head and does not run. */
void cnn_network_readers(const cnn_network *net, const cnn_waits *waits, int32_t *last);

/* The next order of a join's turns, as in a dictionary; after the last one the first, and false. */
bool cnn_waits_turn(const cnn_waits *w);
void cnn_waits_swap(const cnn_waits *w, int32_t a, int32_t b);

/* `orders` times those of a join's turns; more than `most`: too many. */
int64_t cnn_waits_orders(const cnn_waits *w, int64_t orders, int64_t most);

#endif
