/* Memory of a forward pass, counted in values. */
#ifndef CNN_NET_MEMORY_H
#define CNN_NET_MEMORY_H

#include "base/error.h"
#include "base/trace.h"

/*
 * Which values need memory of their own, and for how long. The layers run one after the other in
 * the order of the list, and a value is dropped after its last use. A view (flatten, id, a part of
 * a split) is where its source is; a function works in place where nothing else reads its input, or
 * a view of it, later; auxiliary heads do not run.
 */
typedef struct cnn_memory {
    const bool *adds; /* of each layer: whether its output needs new memory */
    int64_t peak;     /* the most values alive at once; -1: all together do not fit into 64 bits */
} cnn_memory;

/* NULL: out of memory. */
const cnn_memory *cnn_network_memory(const cnn_network *net, cnn_arena *arena);

/* The most values alive while the layers [first, end) run; -1: all do not fit into 64 bits. False:
 * out of memory. */
bool cnn_network_peak_within(const cnn_network *net, int32_t first, int32_t end, cnn_arena scratch,
                             int64_t *out);

/* The values of one block in which all have a place while they live, layer after layer, the
 * branches of joins in the best order found (order.h); -1: there are too many to place, or they do
 * not fit into 64 bits. *bound: those alive at once in that order, which no block can be smaller
 * than. *effort grows by the layers looked at. False: out of memory. */
bool cnn_network_ram(const cnn_network *net, cnn_arena scratch, int64_t *out, int64_t *bound,
                     int64_t *effort, cnn_error *err);

/* The values that the layer adds; the trace may be NULL. */
int64_t cnn_layer_activations(const cnn_layer *layer, const cnn_memory *memory,
                              const cnn_trace *trace);

/* The bytes of so many values of `bytes` each when `samples` pass at once; false: they do not fit
 * into 64 bits. The trace may be NULL. */
bool cnn_activation_bytes(int64_t values, int64_t samples, int64_t bytes, const cnn_trace *trace,
                          int64_t *out);

#endif
