/* Memory of a forward pass, counted in values. */
#ifndef CNN_NET_MEMORY_H
#define CNN_NET_MEMORY_H

#include "base/error.h"
#include "base/trace.h"

/*
 * The values that a layer adds: its output, unless it works in place, only looks at its input
 * differently, or belongs to an auxiliary head, which does not run.
 */
int64_t cnn_layer_activations(const cnn_layer *layer);

/* The same for somebody who wants to know the steps; trace may be NULL. */
int64_t cnn_layer_activations_told(const cnn_layer *layer, const cnn_trace *trace);

/* The bytes of values when `samples` pass at once, `bytes` for a value. False: they do not fit.
 * trace may be NULL. */
bool cnn_activation_bytes(int64_t values, int64_t samples, int64_t bytes, const cnn_trace *trace,
                          int64_t *out);

/* All of them, with the input; false: they do not fit into 64 bits. */
bool cnn_network_activations(const cnn_network *net, int64_t *out);

/* The most values that are alive at once when the layers run one after the other and every value
 * is dropped after its last use: no more than all of them, which fit. False: out of memory. */
bool cnn_network_peak(const cnn_network *net, cnn_arena scratch, int64_t *out);

#endif
