/*
 * Mistaken weights and biases. Right are kd kh kw (C/g) N weights and N biases. A mistaken number
 * of weights makes the MACs mistaken too, because each weight is used at every position.
 */
#include "base/checked.h"
#include "check/mistake.h"
#include "ops/count.h"

static bool dense(const cnn_layer *layer)
{
    return cnn_is_dense(layer);
}

/* Pasted text may not tell what enters: then there are two. */
static int32_t kernel_axes(const cnn_layer *layer)
{
    return layer->in.axes > 0 ? layer->in.axes : 2;
}

cnn_factors cnn_factors_of(const cnn_layer *layer)
{
    if (dense(layer)) {
        const int64_t n = layer->out.channels;
        return (cnn_factors){1, 1, 1, layer->weights / n, 1, n};
    }
    const int32_t axes = kernel_axes(layer);
    const int64_t *const last = &layer->attrs->value[CNN_SIZE][axes - 1];
    return (cnn_factors){axes > 2 ? last[-2] : 1, axes > 1 ? last[-1] : 1, *last,
                         layer->in.channels,      cnn_groups(layer),       layer->out.channels};
}

bool cnn_slip_weigh(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    const cnn_factors *f = slip->factors;
    const int64_t positions = layer->weights > 0 ? layer->macs / layer->weights : 0;
    int64_t params, flops;
    return cnn_count_product(f->kh, f->kw, f->c / f->g, f->n, &layer->weights) &&
           cnn_checked_mul(layer->weights, f->kd, &layer->weights) &&
           cnn_checked_mul(layer->weights, positions, &layer->macs) &&
           cnn_checked_mul(layer->macs, 2, &flops) &&
           cnn_checked_add(layer->weights, layer->biases, &params);
}

static bool has_bias(const cnn_layer *layer)
{
    return layer->biases > 0;
}

/* ---- biases: never more than the weights, and both together fit ---- */

static bool no_bias(const cnn_slip *slip)
{
    const bool there = has_bias(slip->layer);
    slip->layer->biases = 0;
    return there;
}

static bool one_bias(const cnn_slip *slip)
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

static bool bias_per_slice(const cnn_slip *slip)
{
    const cnn_factors *f = slip->factors;
    return set_biases(slip->layer, f->c / f->g * f->n); /* no more than the weights */
}

static bool bias_per_input(const cnn_slip *slip)
{
    return set_biases(slip->layer, slip->factors->c);
}

static bool bias_twice(const cnn_slip *slip)
{
    return set_biases(slip->layer, 2 * slip->layer->biases);
}

/* The layer has no biases, but N are counted. */
static bool bias_with_norm(const cnn_slip *slip)
{
    int64_t params;
    const bool none = !has_bias(slip->layer);
    slip->layer->biases = slip->layer->out.channels;
    return none && cnn_checked_add(slip->layer->weights, slip->layer->biases, &params);
}

/* ---- depth ---- */

/* Smaller factors: the product fits as the right one does. With one channel there is no depth to
 * forget: the weights stay. */
static bool no_depth(const cnn_slip *slip)
{
    slip->factors->c = slip->factors->g;
    return cnn_slip_weigh(slip);
}

static bool no_depth_no_bias(const cnn_slip *slip)
{
    (void)no_depth(slip);
    return no_bias(slip);
}

static bool no_depth_one_bias(const cnn_slip *slip)
{
    (void)no_depth(slip);
    return one_bias(slip);
}

/* Only the layer that reads the network's input can mistake its channels. */
static bool is_first(const cnn_slip *slip)
{
    return slip->layer->sources[0] == 0 && slip->factors->g == 1;
}

static bool own_depth(const cnn_slip *slip)
{
    slip->factors->c = slip->factors->n;
    return is_first(slip) && cnn_slip_weigh(slip);
}

static bool grey_for_colour(const cnn_slip *slip)
{
    const cnn_shape *in = &slip->layer->in;
    slip->factors->c /= 3;
    (void)cnn_slip_weigh(slip);
    return is_first(slip) && in->channels == 3 && in->axes > 0;
}

static bool colour_for_grey(const cnn_slip *slip)
{
    const cnn_shape *in = &slip->layer->in;
    return is_first(slip) && in->channels == 1 && in->axes > 0 &&
           cnn_checked_mul(slip->factors->c, 3, &slip->factors->c) && cnn_slip_weigh(slip);
}

/* ---- kernel, filters, groups ---- */

/* k for k^2; where the kernel is not square, either of its sides. */
static bool kernel_once(const cnn_slip *slip)
{
    slip->factors->kd = 1;
    *(slip->variant == 0 ? &slip->factors->kw : &slip->factors->kh) = 1;
    return slip->layer->in.axes > 1 && cnn_slip_weigh(slip);
}

/* What one side of the kernel covers. False: it does not fit, which the right one does; but another
 * mistake may have made the kernel larger. */
static bool cover(int64_t *side, int64_t dilation)
{
    return cnn_checked_mul(*side - 1, dilation, side) && cnn_checked_add(*side, 1, side);
}

static bool extent_counted(const cnn_slip *slip)
{
    const int32_t axes = kernel_axes(slip->layer);
    const int64_t *d = &slip->layer->attrs->value[CNN_DILATION][axes - 1];
    return cover(&slip->factors->kw, d[0]) && cover(&slip->factors->kh, axes > 1 ? d[-1] : 1) &&
           cover(&slip->factors->kd, axes > 2 ? d[-2] : 1) && cnn_slip_weigh(slip);
}

static bool one_filter(const cnn_slip *slip)
{
    slip->layer->biases = slip->layer->biases > 0 ? 1 : 0;
    slip->factors->n = 1;
    return cnn_slip_weigh(slip);
}

/* Two classes told apart by the sign of one output. */
static bool one_output(const cnn_slip *slip)
{
    return slip->last && slip->layer->out.channels == 2 && one_filter(slip);
}

static bool groups_ignored(const cnn_slip *slip)
{
    slip->factors->g = 1;
    return cnn_slip_weigh(slip);
}

/* Where there are biases, with them or without. */
static bool groups_twice(const cnn_slip *slip)
{
    if (slip->variant == 1) {
        slip->layer->biases = 0;
    }
    slip->factors->n /= slip->factors->g;
    (void)cnn_slip_weigh(slip);
    return slip->factors->g > 1;
}

static bool conv1_as_conv3(const cnn_slip *slip)
{
    const bool small = slip->factors->kh == 1 && slip->factors->kw == 1;
    slip->factors->kh = slip->factors->kw = 3;
    return small && slip->layer->in.axes == 2 && cnn_slip_weigh(slip);
}

static const cnn_mistake rows[] = {
    {"no-bias", "the biases are forgotten", .biases = "", .rank = 1, .where = CNN_WEIGHTED,
     .count = no_bias},
    {"no-depth", "the input's channels are forgotten", .weights = "N*kh*kw", .rank = 1,
     .where = CNN_CONVS, .count = no_depth},
    {"no-depth-no-bias", "the input's channels and the biases are forgotten", .weights = "N*kh*kw",
     .biases = "", .rank = 2, .where = CNN_CONVS, .count = no_depth_no_bias},
    {"one-bias", "one bias serves all filters", .biases = "1", .rank = 1, .where = CNN_WEIGHTED,
     .count = one_bias},
    {"no-depth-one-bias", "the input's channels are forgotten and one bias serves all filters",
     .weights = "N*kh*kw", .biases = "1", .rank = 2, .where = CNN_CONVS,
     .count = no_depth_one_bias},
    {"bias-per-slice", "every filter has a bias for each input channel", .biases = "C*N", .rank = 1,
     .where = CNN_CONVS, .count = bias_per_slice},
    {"bias-per-input", "there is a bias for each input channel instead of each filter",
     .biases = "C", .rank = 2, .where = CNN_CONVS, .count = bias_per_input},
    {"bias-per-input", "there is a bias for each input instead of each unit", .biases = "n",
     .rank = 2, .where = CNN_IS(DENSE), .count = bias_per_input},
    {"bias-twice", "the biases are counted twice", .biases = "2*N", .rank = 3,
     .where = CNN_WEIGHTED, .count = bias_twice},
    {"bias-with-norm", "a bias is counted though the layer has none", .biases = "N", .rank = 1,
     .where = CNN_WEIGHTED, .count = bias_with_norm},
    {"kernel-once", "the kernel is not squared", .weights = "C*N*k", .rank = 1, .variants = 2,
     .where = CNN_CONVS, .count = kernel_once},
    {"extent-counted", "the weights of the dilated kernel's whole extent are counted",
     .weights = "C*N*eh*ew", .rank = 1, .where = CNN_CONVS, .count = extent_counted},
    {"one-output", "one output is counted where two classes have two", .features = "n",
     .biases = "1", .rank = 1, .where = CNN_IS(DENSE), .count = one_output},
    {"one-filter", "the number of filters is forgotten", .weights = "C*kh*kw", .features = "n",
     .biases = "1", .rank = 1, .where = CNN_WEIGHTED, .count = one_filter},
    {"own-depth", "the first layer uses its own filters as input channels", .weights = "N*N*kh*kw",
     .features = "N*N", .rank = 2, .where = CNN_CONVS, .count = own_depth},
    {"grey-for-colour", "one input channel is counted where the image has three",
     .weights = "1*N*kh*kw", .features = "1*H*W*N", .rank = 1, .where = CNN_WEIGHTED,
     .count = grey_for_colour},
    {"colour-for-grey", "three input channels are counted where the image has one",
     .weights = "3*N*kh*kw", .features = "3*H*W*N", .rank = 1, .where = CNN_WEIGHTED,
     .count = colour_for_grey},
    {"groups-ignored", "the groups are ignored", .weights = "C*N*kh*kw", .rank = 1,
     .where = CNN_CONVS, .count = groups_ignored},
    {"groups-twice", "both channels and filters are divided by the groups",
     .weights = "(C/g)*(N/g)*kh*kw", .rank = 2, .variants = 2, .where = CNN_CONVS,
     .count = groups_twice},
    {"conv1-as-conv3", "the 1x1 convolutions are counted as 3x3 (VGG's D for C)",
     .weights = "C*N*3*3", .rank = 2, .where = CNN_IS(CONV), .count = conv1_as_conv3},
};

const cnn_mistake_family cnn_mistakes_weights = {rows, CNN_LENGTH(rows)};
