/*
 * Mistaken weights and biases. F kernel, C input channels, K filters, G groups; right are
 * F^2 C/G K weights and K biases. A mistaken number of weights makes the MACs mistaken too,
 * because each weight is used at every position.
 */
#include "check/slip_count.h"

#include "base/checked.h"
#include "ops/count.h"

static bool dense(const cnn_layer *layer)
{
    return layer->op->role == CNN_ROLE_DENSE;
}

cnn_factors cnn_factors_of(const cnn_layer *layer)
{
    if (dense(layer)) {
        const int64_t k = layer->out.channels;
        return (cnn_factors){1, 1, layer->weights / k, 1, k};
    }
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    return (cnn_factors){value[CNN_SIZE][0], value[CNN_SIZE][1], layer->in.channels,
                         cnn_groups(layer), layer->out.channels};
}

/* The weights that the factors give, and MACs that use them at as many positions as the right ones.
 */
static bool weigh(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    const cnn_factors *f = slip->factors;
    const int64_t positions = layer->weights > 0 ? layer->macs / layer->weights : 0;
    int64_t params, flops;
    return cnn_count_product(f->fh, f->fw, f->c / f->g, f->k, &layer->weights) &&
           cnn_checked_mul(layer->weights, positions, &layer->macs) &&
           cnn_checked_mul(layer->macs, 2, &flops) &&
           cnn_checked_add(layer->weights, layer->biases, &params);
}

static bool has_bias(const cnn_layer *layer)
{
    return layer->biases > 0;
}

/* ---- biases: never more than the weights, and both together fit ---- */

bool cnn_slip_no_bias(const cnn_slip *slip)
{
    const bool there = has_bias(slip->layer);
    slip->layer->biases = 0;
    return there;
}

bool cnn_slip_one_bias(const cnn_slip *slip)
{
    const bool there = has_bias(slip->layer);
    slip->layer->biases = 1;
    return there;
}

static bool set_biases(cnn_layer *layer, int64_t biases)
{
    int64_t params;
    const bool there = has_bias(layer);
    layer->biases = biases;
    return there && cnn_checked_add(layer->weights, biases, &params);
}

bool cnn_slip_bias_per_slice(const cnn_slip *slip)
{
    const cnn_factors *f = slip->factors;
    return set_biases(slip->layer, f->c / f->g * f->k); /* no more than the weights */
}

bool cnn_slip_bias_per_input(const cnn_slip *slip)
{
    return set_biases(slip->layer, slip->factors->c);
}

bool cnn_slip_bias_twice(const cnn_slip *slip)
{
    return set_biases(slip->layer, 2 * slip->layer->biases);
}

/* The layer has no biases of its own, but K are counted. */
bool cnn_slip_bias_with_norm(const cnn_slip *slip)
{
    int64_t params;
    const bool none = !has_bias(slip->layer);
    slip->layer->biases = slip->layer->out.channels;
    return none && cnn_checked_add(slip->layer->weights, slip->layer->biases, &params);
}

/* ---- depth ---- */

/* Smaller factors: the product fits as the right one does. With one channel there is no depth to
 * forget: the weights stay. */
bool cnn_slip_no_depth(const cnn_slip *slip)
{
    slip->factors->c = slip->factors->g;
    return weigh(slip);
}

bool cnn_slip_no_depth_no_bias(const cnn_slip *slip)
{
    (void)cnn_slip_no_depth(slip);
    return cnn_slip_no_bias(slip);
}

bool cnn_slip_no_depth_one_bias(const cnn_slip *slip)
{
    (void)cnn_slip_no_depth(slip);
    return cnn_slip_one_bias(slip);
}

/* Only the layer that reads the network's input can make it one of its own. */
static bool is_first(const cnn_slip *slip)
{
    return slip->layer->sources[0] == 0 && slip->factors->g == 1;
}

bool cnn_slip_own_depth(const cnn_slip *slip)
{
    slip->factors->c = slip->factors->k;
    return is_first(slip) && weigh(slip);
}

bool cnn_slip_grey(const cnn_slip *slip)
{
    const cnn_shape *in = &slip->layer->in;
    slip->factors->c /= 3;
    (void)weigh(slip);
    return is_first(slip) && in->channels == 3 && in->axes > 0;
}

bool cnn_slip_depth_padded(const cnn_slip *slip)
{
    const cnn_layer *layer = slip->layer;
    int64_t *const c = &slip->factors->c;
    return layer->op->role == CNN_ROLE_CONV && layer->pad_high[0] > 0 && slip->factors->g == 1 &&
           cnn_checked_add(*c, layer->pad_low[0] + layer->pad_high[0], c) && weigh(slip);
}

/* ---- kernel, filters, groups ---- */

/* F for F^2; where the kernel is not square, either of its sides. */
bool cnn_slip_kernel_once(const cnn_slip *slip)
{
    *(slip->variant == 0 ? &slip->factors->fw : &slip->factors->fh) = 1;
    return weigh(slip);
}

bool cnn_slip_one_filter(const cnn_slip *slip)
{
    slip->layer->biases = slip->layer->biases > 0 ? 1 : 0;
    slip->factors->k = 1;
    return weigh(slip);
}

bool cnn_slip_groups_ignored(const cnn_slip *slip)
{
    slip->factors->g = 1;
    return weigh(slip);
}

/* F^2 (C/G)(K/G), with or without the K biases */
bool cnn_slip_groups_twice(const cnn_slip *slip)
{
    if (slip->variant == 1) {
        slip->layer->biases = 0;
    }
    slip->factors->k /= slip->factors->g;
    (void)weigh(slip);
    return slip->factors->g > 1;
}

bool cnn_slip_conv1_as_conv3(const cnn_slip *slip)
{
    const bool small = slip->factors->fh == 1 && slip->factors->fw == 1;
    slip->factors->fh = slip->factors->fw = 3;
    return small && weigh(slip);
}

/* ---- the flattening ---- */

/* The map that a fully connected layer flattens, itself or by a layer before it; NULL: none. */
static const cnn_shape *flattened(const cnn_slip *slip, const cnn_layer **reader)
{
    *reader = slip->layer;
    if (slip->layer->in.axes == 0) {
        *reader = cnn_layer_behind(slip->layers, slip->layer);
    }
    const bool flattens =
        dense(*reader) ? *reader == slip->layer : (*reader)->op->role == CNN_ROLE_FLATTEN;
    return flattens && dense(slip->layer) && (*reader)->in.axes > 0 ? &(*reader)->in : NULL;
}

/* C O n: with the height, or with the width */
bool cnn_slip_flat_once(const cnn_slip *slip)
{
    const cnn_layer *reader;
    const cnn_shape *in = flattened(slip, &reader);
    if (in == NULL) {
        return false;
    }
    slip->factors->c = in->channels * in->side[slip->variant];
    (void)weigh(slip);
    return in->side[1 - slip->variant] > 1;
}

bool cnn_slip_flat_channels(const cnn_slip *slip)
{
    const cnn_layer *reader;
    const cnn_shape *in = flattened(slip, &reader);
    if (in == NULL || in->side[0] * in->side[1] == 1) {
        return false;
    }
    slip->factors->c = in->channels;
    return weigh(slip);
}

bool cnn_slip_flat_before_pool(const cnn_slip *slip)
{
    const cnn_layer *reader;
    if (flattened(slip, &reader) == NULL) {
        return false;
    }
    const cnn_layer *pool = cnn_layer_behind(slip->layers, reader);
    const uint32_t pools = 1u << CNN_ROLE_MAX_POOL | 1u << CNN_ROLE_AVERAGE_POOL;
    (void)cnn_shape_volume(&pool->in, &slip->factors->c);
    return (pools >> pool->op->role & 1) != 0 && weigh(slip);
}
