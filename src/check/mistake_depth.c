/* Mistaken channels, and sides that are exchanged. */
#include "base/checked.h"
#include "check/mistake.h"

/* C + 2p, or C + p */
static int64_t depth_padding(const cnn_slip *slip)
{
    const cnn_layer *layer = slip->layer;
    return slip->variant == 0 ? layer->pad_low[0] + layer->pad_high[0] : layer->pad_low[0];
}

static bool pad_in_depth(const cnn_slip *slip)
{
    int64_t *const channels = &slip->layer->out.channels;
    const int64_t pad = depth_padding(slip);
    return pad > 0 && cnn_checked_add(*channels, pad, channels);
}

static bool pad_in_depth_weights(const cnn_slip *slip)
{
    const cnn_layer *layer = slip->layer;
    int64_t *const c = &slip->factors->c;
    return layer->op->role == CNN_ROLE_CONV && layer->pad_high[0] > 0 && slip->factors->g == 1 &&
           cnn_checked_add(*c, depth_padding(slip), c) && cnn_slip_weigh(slip);
}

static bool pool_divides(const cnn_slip *slip)
{
    int64_t *const channels = &slip->layer->out.channels;
    const int64_t s = slip->layer->attrs->value[CNN_STRIDE][0];
    *channels /= s;
    return s > 1 && *channels >= 1;
}

static bool depth_kept(const cnn_slip *slip)
{
    slip->layer->out.channels = slip->layer->in.channels;
    return true;
}

static bool depth_multiplied(const cnn_slip *slip)
{
    int64_t *const channels = &slip->layer->out.channels;
    return cnn_checked_mul(*channels, slip->layer->in.channels, channels);
}

/* The widest branch, or the first one. */
static bool cat_widest(const cnn_slip *slip)
{
    const cnn_layer *layer = slip->layer;
    int64_t *const channels = &slip->layer->out.channels;
    *channels = slip->layers[layer->sources[0]].out.channels;
    for (int32_t i = 1; i < layer->source_count; i++) {
        const int64_t its = slip->layers[layer->sources[i]].out.channels;
        *channels = its > *channels ? its : *channels;
    }
    return true;
}

static bool swapped_sides(const cnn_slip *slip)
{
    int64_t *const side = slip->layer->out.side;
    const int64_t height = side[0];
    side[0] = side[1];
    side[1] = height;
    return slip->layer->out.axes == 2 && side[0] != side[1];
}

static const cnn_mistake rows[] = {
    {"pad-in-depth", "the channels are padded too", "C + 2*p", .weights = "(C + 2*p)*N*kh*kw",
     .rank = 2, .variants = 2, .where = CNN_WINDOWS | CNN_IS(PAD), .size = pad_in_depth,
     .count = pad_in_depth_weights},
    {"pool-divides-channels", "the pooling is applied to the channels too", "C/s", .rank = 1,
     .where = CNN_POOLS, .size = pool_divides},
    {"depth-kept", "the output keeps the input's channels", "C", .rank = 1, .where = CNN_CONVS,
     .size = depth_kept},
    {"depth-multiplied", "filters and channels are multiplied", "C*N", .rank = 2,
     .where = CNN_CONVS, .size = depth_multiplied},
    {"cat-widest", "the widest branch is taken for all that is joined", "max(C)", .rank = 1,
     .where = CNN_IS(CAT), .size = cat_widest},
    {"swapped-sides", "height and width are exchanged", .rank = 2, .where = CNN_ANY,
     .size = swapped_sides},
};

const cnn_mistake_family cnn_mistakes_depth = {rows, CNN_LENGTH(rows)};
