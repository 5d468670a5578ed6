/* What enters a flattening, mistaken: sizes of a vector, or inputs of a fully connected layer. */
#include "check/mistake.h"
#include "net/network.h"

static bool dense(const cnn_layer *layer)
{
    return cnn_is_dense(layer);
}

/* The map that a fully connected layer flattens, itself or by a layer before it; NULL: none. */
static const cnn_shape *flattened(const cnn_slip *slip, const cnn_layer **reader)
{
    *reader = slip->layer;
    if (slip->layer->in.axes == 0 && slip->layer->source_count == 1) {
        *reader = cnn_layer_before(slip->layers, slip->layer);
    }
    const bool flattens =
        dense(*reader) ? *reader == slip->layer : (*reader)->op->role == CNN_ROLE_FLATTEN;
    return flattens && (*reader)->in.axes > 0 ? &(*reader)->in : NULL;
}

/* Puts another number of values in place of the map's: as inputs, or as the vector's size. */
static bool enter(const cnn_slip *slip, int64_t values)
{
    if (!dense(slip->layer)) {
        slip->layer->out.channels = values;
        return true;
    }
    slip->factors->c = values;
    return cnn_slip_weigh(slip);
}

/* ---- as a count of a fully connected layer, or as the size of a flattening ---- */

/* C H: with the height, or with the width */
static bool flat_once(const cnn_slip *slip)
{
    const cnn_layer *reader;
    const cnn_shape *in = flattened(slip, &reader);
    return in != NULL && in->axes == 2 && in->side[1 - slip->variant] > 1 &&
           enter(slip, in->channels * in->side[slip->variant]);
}

static bool flat_channels(const cnn_slip *slip)
{
    const cnn_layer *reader;
    const cnn_shape *in = flattened(slip, &reader);
    return in != NULL && cnn_shape_positions(in) != 1 && enter(slip, in->channels);
}

static bool flat_no_channels(const cnn_slip *slip)
{
    const cnn_layer *reader;
    const cnn_shape *in = flattened(slip, &reader);
    return in != NULL && reader->sources[0] != 0 && in->channels > 1 &&
           cnn_shape_positions(in) > 1 && enter(slip, cnn_shape_positions(in));
}

static bool flat_before_pool(const cnn_slip *slip)
{
    const cnn_layer *reader;
    int64_t values = 0;
    if (flattened(slip, &reader) == NULL || reader->source_count != 1) {
        return false;
    }
    const cnn_layer *pool = cnn_layer_before(slip->layers, reader);
    (void)cnn_shape_volume(&pool->in, &values);
    return cnn_layer_pools(pool) && enter(slip, values);
}

static bool flat_input(const cnn_slip *slip)
{
    const cnn_layer *reader;
    int64_t values = 0;
    const bool flat = flattened(slip, &reader) != NULL && reader->sources[0] != 0;
    (void)cnn_shape_volume(&slip->layers[0].out, &values);
    return flat && enter(slip, values);
}

/* The first layer that gives a map of another size than the input's. */
static bool flat_first(const cnn_slip *slip)
{
    const cnn_layer *reader;
    int64_t values = 0;
    const bool flat = flattened(slip, &reader) != NULL && reader->sources[0] > 1;
    (void)cnn_shape_volume(&slip->layers[1].out, &values);
    return flat && slip->layers[1].out.axes > 0 && enter(slip, values);
}

/* The map that a global pooling reads, before a fully connected layer, flattened or not. */
static bool gap_ignored(const cnn_slip *slip)
{
    const uint32_t global = CNN_IS(GLOBAL_AVERAGE) | CNN_IS(GLOBAL_MAX);
    const cnn_layer *pool = slip->layer;
    int64_t values = 0;
    do {
        if (pool->source_count != 1 || pool->sources[0] == 0) {
            return false;
        }
        pool = cnn_layer_before(slip->layers, pool);
    } while (pool->op->role == CNN_ROLE_FLATTEN);
    (void)cnn_shape_volume(&pool->in, &values);
    return (global >> pool->op->role & 1) != 0 && enter(slip, values);
}

/* Each row serves sizes and counts; of a fully connected layer only counts can be mistaken. */
static bool of_vector(const cnn_slip *slip)
{
    return !dense(slip->layer);
}

#define EITHER(mistake)                                                                            \
    static bool mistake##_size(const cnn_slip *slip)                                               \
    {                                                                                              \
        return of_vector(slip) && mistake(slip);                                                   \
    }                                                                                              \
    static bool mistake##_count(const cnn_slip *slip)                                              \
    {                                                                                              \
        return !of_vector(slip) && mistake(slip);                                                  \
    }

EITHER(flat_once)
EITHER(flat_channels)
EITHER(flat_no_channels)
EITHER(flat_before_pool)
EITHER(flat_input)
EITHER(flat_first)
EITHER(gap_ignored)

#define FLAT CNN_IS(DENSE) | CNN_IS(FLATTEN)

static const cnn_mistake rows[] = {
    {"flat-once", "a side of the map enters the flattening once: C*H inputs instead of C*H*W",
     "C*H", .features = "C*H*N", .rank = 1, .variants = 2, .where = FLAT, .local = true,
     .size = flat_once_size, .count = flat_once_count},
    {"flat-channels", "only the channels enter the flattening", "C", .features = "C*N", .rank = 1,
     .where = FLAT, .local = true, .size = flat_channels_size, .count = flat_channels_count},
    {"flat-no-channels", "the channels are left out of the flattening", "H*W", .features = "H*W*N",
     .rank = 1, .where = FLAT, .local = true, .size = flat_no_channels_size,
     .count = flat_no_channels_count},
    {"flat-before-pool", "the map before the last pooling is flattened", "C*H*W",
     .features = "C*H*W*N", .rank = 1, .where = FLAT, .local = true, .size = flat_before_pool_size,
     .count = flat_before_pool_count},
    {"gap-ignored", "the global pooling is forgotten: the map before it is flattened", "C*H*W",
     .features = "C*H*W*N", .rank = 1, .where = FLAT, .local = true, .size = gap_ignored_size,
     .count = gap_ignored_count},
    {"flat-input", "the network's input is taken for the map that is flattened", "C*H*W",
     .features = "C*H*W*N", .rank = 2, .where = FLAT, .local = true, .size = flat_input_size,
     .count = flat_input_count},
    {"flat-first", "the first map is taken for the one that is flattened", "C*H*W",
     .features = "C*H*W*N", .rank = 2, .where = FLAT, .local = true, .size = flat_first_size,
     .count = flat_first_count},
};

const cnn_mistake_family cnn_mistakes_flat = {rows, CNN_LENGTH(rows)};
