/* Building a network layer by layer; every layer is resolved when it is added. */
#ifndef CNN_NET_NETWORK_H
#define CNN_NET_NETWORK_H

#include "base/arena.h"
#include "base/error.h"
#include "base/trace.h"

/* Starts a network with its input. The layers grow at the arena's low end. */
bool cnn_network_begin(cnn_network *net, const cnn_shape *input, cnn_span span, cnn_arena *arena,
                       cnn_error *err);

/* The error of a network that cannot take another layer: too many, or no memory. */
CNN_COLD void cnn_network_refuse(const cnn_network *net, cnn_error *err);

/*
 * A layer behind the last one, for the caller to fill and then to add with cnn_network_add, which
 * gives it its sizes `in` and `out`. It reads source_one and keeps `attrs`; everything else is
 * empty. NULL: out of memory or too many layers, an error whose place is the caller's to fill in.
 */
static inline cnn_layer *cnn_network_next(cnn_network *net, const cnn_op *op,
                                          const cnn_attrs *attrs, cnn_arena *arena, cnn_error *err)
{
    cnn_layer *layer =
        net->layer_count > CNN_MAX_LAYERS ? NULL : cnn_arena_push(arena, sizeof(cnn_layer));
    if (layer == NULL) {
        cnn_network_refuse(net, err);
        return NULL;
    }
    /* Field by field: clearing all of it first takes as long as computing a small layer. */
    layer->op = op;
    layer->attrs = attrs;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        layer->pad_low[i] = 0;
        layer->pad_high[i] = 0;
    }
    layer->weights = 0;
    layer->biases = 0;
    layer->statistics = 0;
    layer->macs = 0;
    layer->sources = &layer->source_one;
    layer->branches = NULL;
    layer->item = NULL;
    layer->path = NULL;
    layer->span = (cnn_span){0, 0};
    layer->source_count = 1;
    layer->source_one = 0;
    layer->join_here = 0;
    layer->join_inside = 0;
    layer->aux = false;
    layer->tapped = false;
    return layer;
}

/* Resolves the layer that cnn_network_next gave and makes it part of the network. */
bool cnn_network_add(cnn_network *net, cnn_layer *layer, const cnn_arena *scratch, cnn_error *err);

/*
 * Sizes, parameters and MACs of one layer from its attributes and its sources in `layers`: the one
 * place where they are computed.
 */
bool cnn_layer_resolve(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                       cnn_error *err);

/* The same for somebody who wants to know the steps; trace may be NULL. A layer that is resolved
 * already gives the same again. */
bool cnn_layer_resolve_told(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                            const cnn_trace *trace, cnn_error *err);

/* Says of a join with which layer it begins. The outermost one that begins with a layer hides the
 * inner ones, which it points to. */
void cnn_network_mark_join(cnn_network *net, int32_t join, int32_t first);

/* The number of values of a shape; false when it does not fit into 64 bits. */
bool cnn_shape_volume(const cnn_shape *shape, int64_t *out);

#endif
