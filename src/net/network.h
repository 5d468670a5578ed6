/* Building a network layer by layer; every layer is resolved when it is added. */
#ifndef CNN_NET_NETWORK_H
#define CNN_NET_NETWORK_H

#include "base/arena.h"
#include "base/error.h"
#include "net/effect.h"
#include "ops/op.h"

/*
 * A network while layers are added to it. What a layer reads and gives are values, known by a
 * number. In a network that is kept the value of a layer has its index. Of an outline nothing is
 * kept but the sums and the shapes of its values: there is one record for all layers, which each
 * of them has for a while, and a value has the number of its shape. Shapes that got none are the
 * outline's own, and their numbers go on behind CNN_SHAPE_NUMBERS.
 */
typedef struct cnn_builder {
    cnn_network *net;
    cnn_arena *arena; /* the layers, or an outline's own shapes, grow at its low end */
    cnn_error *err;
    cnn_layer *sketch; /* the record of an outline; NULL: the layers are kept */
    cnn_known *known;  /* before an outline; NULL: all shapes are its own, all layers computed */
    cnn_shape *own;
    int32_t own_count;
    int32_t input;       /* the value that enters the network */
    int32_t layer_count; /* with the input */
    cnn_sums path;       /* of the layers so far, but for those of auxiliary heads, */
    cnn_sums aux;        /* and of these */
    int64_t large;       /* 0 as long as adding a layer left all of these below 2^60: what passing
                            adds is below 2^59, so that they surely fit together */
} cnn_builder;

/* The shape of a value of an outline; NULL: it is one of the layers. */
static inline const cnn_shape *cnn_shape_among(const cnn_layer *layers, const cnn_builder *outline,
                                               int32_t value)
{
    if (outline == NULL) {
        return &layers[value].out;
    }
    return value < CNN_SHAPE_NUMBERS ? &outline->known->shapes.of[value]
                                     : &outline->own[value - CNN_SHAPE_NUMBERS];
}

static inline const cnn_shape *cnn_value_shape(const cnn_builder *to, int32_t value)
{
    return cnn_shape_among(to->net->layers, to->sketch != NULL ? to : NULL, value);
}

/* Starts the network with its input; it is an outline or not. Network, arena and error are the
 * caller's to fill in, and for an outline what is known. */
bool cnn_network_begin(cnn_builder *to, const cnn_shape *input, cnn_span span, bool outline);

/* What all layers have from the beginning. */
static inline void cnn_layer_begin(cnn_layer *layer, const cnn_op *op, const cnn_attrs *attrs)
{
    layer->op = op;
    layer->attrs = attrs;
    layer->weights = 0;
    layer->biases = 0;
    layer->statistics = 0;
    layer->macs = 0;
    layer->sources = &layer->source_one;
    layer->source_count = 1;
}

/* The record for the next layer of a network that is kept; NULL as below. */
static inline cnn_layer *cnn_layer_push(cnn_builder *to)
{
    cnn_layer *layer = cnn_arena_push(to->arena, sizeof(cnn_layer));
    if (layer == NULL) {
        (void)cnn_fail_memory(to->err);
        return NULL;
    }
    /* Field by field: clearing all of it first takes as long as computing a small layer. */
    for (int32_t i = 0; i < CNN_AXES; i++) {
        layer->pad_low[i] = 0;
        layer->pad_high[i] = 0;
    }
    layer->index = to->layer_count;
    layer->branches = NULL;
    layer->join_here = 0;
    layer->join_inside = 0;
    layer->tapped = false;
    return layer;
}

/* How many layers more the network may have; the input is none. */
static inline int32_t cnn_network_room(const cnn_builder *to)
{
    return CNN_MAX_LAYERS + 1 - to->layer_count;
}

/* The error of a network that has as many layers as there may be. */
CNN_COLD void cnn_network_refuse(cnn_builder *to);

/*
 * A layer behind the last one, for the caller to fill and then to add with cnn_network_add, which
 * gives it its sizes `in` and `out`. It keeps `attrs`, reads source_one and has no branches; place
 * (source_one, item, path, span, aux) and whatever else it has are the caller's to fill in. NULL:
 * out of memory or too many layers, an error whose place is the caller's to fill in.
 */
static inline cnn_layer *cnn_network_next(cnn_builder *to, const cnn_op *op, const cnn_attrs *attrs)
{
    if (cnn_network_room(to) < 1) {
        cnn_network_refuse(to);
        return NULL;
    }
    cnn_layer *layer = to->sketch != NULL ? to->sketch : cnn_layer_push(to);
    if (layer != NULL) {
        cnn_layer_begin(layer, op, attrs);
    }
    return layer;
}

/* Where an outline may keep what a layer whose attributes will stay does to a value. */
static inline cnn_effect *cnn_network_effect(const cnn_builder *to, const cnn_attrs *attrs,
                                             int32_t value)
{
    return to->known == NULL ? NULL : cnn_effect_slot(to->known, attrs, value);
}

/*
 * Adds layers to an outline in passing, without a record, for what they do to value *value is
 * known. Then *value is their output. False: nothing was done, because numbers become large. Only
 * outside of auxiliary heads.
 */
static inline bool cnn_network_pass(cnn_builder *to, const cnn_effect *effect, int32_t *value)
{
    if (!CNN_LIKELY(to->large == 0 && cnn_network_room(to) >= effect->layers)) {
        return false;
    }
    to->path.weights += effect->weights;
    to->path.biases += effect->biases;
    to->path.statistics += effect->statistics;
    to->path.macs += effect->macs;
    to->layer_count += effect->layers;
    *value = effect->out;
    return true;
}

/* The same for one layer that does nothing (it is idle, an activation), or what it does is known.
 */
static inline bool cnn_network_pass_layer(cnn_builder *to, bool idle, const cnn_attrs *attrs,
                                          int32_t *value)
{
    if (idle) {
        const bool room = cnn_network_room(to) >= 1;
        to->layer_count += room;
        return room;
    }
    const cnn_effect *effect = cnn_effect_slot(to->known, attrs, *value);
    return CNN_LIKELY(effect->attrs == attrs && effect->in == *value) &&
           cnn_network_pass(to, effect, value);
}

/* Resolves the layer that cnn_network_next gave and makes it part of the network. It gives *value.
 * `effect`: where to keep what it does; NULL: nowhere. */
bool cnn_network_add(cnn_builder *to, cnn_layer *layer, cnn_effect *effect, int32_t *value);

/* Gives the network its layer count and totals. */
void cnn_network_end(cnn_builder *to);

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
void cnn_network_mark_join(cnn_builder *to, int32_t join, int32_t first);

/* Says of a value that a branch begins with it, by way of a label. */
void cnn_network_mark_tap(cnn_builder *to, int32_t value);

/* The number of values of a shape; false when it does not fit into 64 bits. */
bool cnn_shape_volume(const cnn_shape *shape, int64_t *out);

#endif
