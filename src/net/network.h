/* Building a network layer by layer. Each layer is resolved when it is added. */
#ifndef CNN_NET_NETWORK_H
#define CNN_NET_NETWORK_H

#include "base/arena.h"
#include "base/error.h"
#include "net/keeping.h"
#include "ops/op.h"

/* Not 0 when one of them is 2^60 or more: then sums of them may overflow. None is negative. */
static inline int64_t cnn_sums_large(const cnn_sums *sums)
{
    return (sums->weights | sums->biases | sums->statistics | sums->macs) >> 60;
}

/*
 * A network while layers are added to it. It keeps them, or, as an outline, nothing but their sums:
 * then all layers reuse one scratch record, and the caller keeps the shapes that are needed
 * again.
 */
struct cnn_builder {
    cnn_network *net;
    cnn_arena
        *arena; /* layers grow at its low end, which nothing else uses; see cnn_builder_next */
    cnn_error *err;
    bool outline;
    int32_t layer_count;  /* with the inputs */
    cnn_sums path;        /* of the layers so far, except those of auxiliary heads */
    cnn_sums aux;         /* of auxiliary heads */
    bool large;           /* one of these is 2^60 or more */
    cnn_layer scratch;    /* of an outline */
    cnn_keeping *keeping; /* of an outline: follows its layers; NULL: nothing does */
};

/* Whether nothing but sums and sizes is wanted, so that layers need no record. */
static inline bool cnn_builder_skims(const cnn_builder *b)
{
    return b->outline && b->keeping == NULL;
}

/* Shows a layer that is complete to what follows them, before it is counted. */
static inline void cnn_builder_show(const cnn_builder *b, cnn_layer *layer, const cnn_shape *in)
{
    layer->index = b->layer_count;
    b->keeping->see(b->keeping, layer, in);
}

/* Starts an empty network in `arena`, or the outline of one. */
bool cnn_builder_open(cnn_builder *b, cnn_arena *arena, bool outline, cnn_network *net,
                      cnn_error *err);

/* Adds an input; all inputs come before the first layer. */
bool cnn_builder_add_input(cnn_builder *b, const cnn_shape *shape, cnn_span span);

/* How many more layers the network may have. */
static inline int32_t cnn_builder_room(const cnn_builder *b)
{
    return CNN_MAX_LAYERS + 1 - b->layer_count;
}

/* A record for the next layer; NULL with an error when there is no room for it. */
CNN_APART cnn_layer *cnn_builder_push(cnn_builder *b, cnn_span span);

/*
 * The next layer, for the caller to complete (sources, item, path, aux) and to add with
 * cnn_builder_add. It reads `source` unless more sources are filled in. `attrs` must live as long
 * as the network. NULL: an error.
 */
static inline cnn_layer *cnn_builder_next(cnn_builder *b, const cnn_op *op, const cnn_attrs *attrs,
                                          cnn_node source, cnn_span span)
{
    cnn_layer *layer =
        b->outline && b->layer_count <= CNN_MAX_LAYERS ? &b->scratch : cnn_builder_push(b, span);
    if (layer == NULL) {
        return NULL;
    }
    layer->op = op;
    layer->attrs = attrs;
    layer->weights = 0;
    layer->biases = 0;
    layer->statistics = 0;
    layer->macs = 0;
    layer->source_one = source;
    layer->sources = &layer->source_one;
    layer->source_count = 1;
    layer->span = span;
    return layer;
}

/* Adds a layer's counts to the sums; false with an error when one of these overflows. */
CNN_APART bool cnn_builder_add_large(cnn_builder *b, cnn_layer *layer);

static inline bool cnn_builder_add_sums(cnn_builder *b, cnn_layer *layer)
{
    /* None is negative, so that sums of two fit into 64 bits without a sign. */
    cnn_sums *path = &b->path;
    const uint64_t weights = (uint64_t)path->weights + (uint64_t)layer->weights;
    const uint64_t biases = (uint64_t)path->biases + (uint64_t)layer->biases;
    const uint64_t statistics = (uint64_t)path->statistics + (uint64_t)layer->statistics;
    const uint64_t macs = (uint64_t)path->macs + (uint64_t)layer->macs;
    if ((layer->aux | layer->frozen | b->large) ||
        ((weights | biases | statistics | macs) >> 60) != 0) {
        return cnn_builder_add_large(b, layer);
    }
    path->weights = (int64_t)weights;
    path->biases = (int64_t)biases;
    path->statistics = (int64_t)statistics;
    path->macs = (int64_t)macs;
    return true;
}

/* Resolves the layer from the shapes of its sources, one after another at `in`, and makes it part
 * of the network. Its shape is then layer->out and its value the layer count before. */
bool cnn_builder_add(cnn_builder *b, cnn_layer *layer, const cnn_shape *in);

/* Whether a layer has trained or kept numbers. */
static inline bool cnn_layer_has_weights(const cnn_layer *layer)
{
    return (layer->weights | layer->biases | layer->statistics) != 0;
}

/* Attributes that equal those of an earlier layer share its copy; NULL: no memory. */
const cnn_attrs *cnn_builder_keep_attrs(cnn_builder *b, const cnn_attrs *attrs);

/* Adds a layer of any kind, also one that is no word of the language. Its attributes are complete,
 * and its sources exist. */
bool cnn_builder_complete(cnn_builder *b, const cnn_layer_spec *spec, const cnn_attrs *complete,
                          cnn_node *out);

/* Gives the network its layer count and totals. */
void cnn_builder_close(cnn_builder *b, cnn_node output);

/*
 * Sizes, parameters and MACs of one layer from its attributes and its sources in `layers`, by the
 * same functions as when it was added. `trace` gets the steps; it may be NULL. A layer
 * that is resolved already gives the same again.
 */
bool cnn_layer_resolve_told(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                            const cnn_trace *trace, cnn_error *err);
bool cnn_layer_resolve(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                       cnn_error *err);

/* Whether an input may be meant as height x width x channels: its first two numbers are equal, and
 * the third is another. */
static inline bool cnn_input_looks_turned(const cnn_shape *input)
{
    const int64_t c = input->channels;
    return input->axes == 2 && c >= 5 && input->side[0] == c && input->side[1] != c;
}

/* The number of values of a shape; false when it does not fit into 64 bits. */
bool cnn_shape_volume(const cnn_shape *shape, int64_t *out);

#endif
