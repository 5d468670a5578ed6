/* The wrong thing counted as parameters, and totals with layers left out. */
#include "base/checked.h"
#include "check/mistake.h"
#include "net/network.h"
#include "ops/count.h"

bool cnn_kernel_positions(const cnn_layer *layer, int64_t *out)
{
    bool fits = true;
    *out = 1;
    for (int32_t i = 0; fits && i < layer->in.axes; i++) {
        fits = cnn_checked_mul(*out, layer->attrs->value[CNN_SIZE][i], out);
    }
    return fits;
}

/* Counts that do not come from the factors: the MACs stay. False: they do not fit. */
static bool set_params(const cnn_slip *slip, int64_t weights, int64_t biases)
{
    int64_t params;
    slip->layer->weights = weights;
    slip->layer->biases = biases;
    return cnn_checked_add(weights, biases, &params);
}

static void leave_out(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    layer->weights = layer->biases = layer->statistics = layer->macs = 0;
}

/* ---- at every position ---- */

static bool at_positions(const cnn_slip *slip, const cnn_shape *map, bool biases_too)
{
    cnn_layer *layer = slip->layer;
    const int64_t positions = cnn_shape_positions(map);
    int64_t params;
    if (positions == 1 || !cnn_checked_mul(layer->weights + layer->biases, positions, &params)) {
        return false;
    }
    layer->weights *= positions;
    layer->biases *= biases_too ? positions : 1;
    return true;
}

static bool spatial(const cnn_slip *slip)
{
    return at_positions(slip, &slip->layer->out, true);
}

static bool spatial_shared_bias(const cnn_slip *slip)
{
    return at_positions(slip, &slip->layer->out, false);
}

static bool spatial_input(const cnn_slip *slip)
{
    return at_positions(slip, &slip->layer->in, slip->variant == 0);
}

static bool norm_spatial(const cnn_slip *slip)
{
    return at_positions(slip, &slip->layer->out, true);
}

/* ---- another kind of layer ---- */

/* C*H*W*N weights, N biases */
static bool as_dense(const cnn_slip *slip)
{
    const cnn_layer *layer = slip->layer;
    int64_t weights = 0;
    (void)cnn_shape_volume(&layer->in, &weights); /* it was computed before */
    return cnn_checked_mul(weights, layer->out.channels, &weights) &&
           set_params(slip, weights, layer->biases);
}

static bool activations_for_params(const cnn_slip *slip)
{
    (void)cnn_shape_volume(&slip->layer->out, &slip->layer->weights);
    slip->layer->biases = 0;
    return true;
}

static bool pool_params(const cnn_slip *slip)
{
    const int64_t c = slip->layer->in.channels;
    int64_t kernel, weights;
    return cnn_kernel_positions(slip->layer, &kernel) &&
           cnn_count_product(kernel, 1, c, c, &weights) && set_params(slip, weights, c);
}

/* ---- norms and functions with parameters ---- */

static bool norm_4c(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    if (layer->statistics > INT64_MAX / 2) {
        return false;
    }
    layer->statistics *= 2; /* they are as many as the parameters */
    layer->weights *= 2;
    layer->biases *= 2;
    return true;
}

static bool norm_scale_only(const cnn_slip *slip)
{
    const bool shifted = slip->layer->biases > 0;
    slip->layer->biases = 0;
    return shifted;
}

/* Trained parameters for a norm that has none. */
static bool norm_2c(const cnn_slip *slip)
{
    const int64_t c = slip->layer->in.channels;
    return set_params(slip, c, c);
}

static bool slope_per_value(const cnn_slip *slip)
{
    return slip->layer->weights > 0 && cnn_shape_volume(&slip->layer->out, &slip->layer->weights);
}

/* ---- totals ---- */

static bool left_out(const cnn_slip *slip)
{
    leave_out(slip);
    return true;
}

/* The 1x1 convolution after a depthwise one, perhaps with a norm and a function between. */
static bool pointwise_forgotten(const cnn_slip *slip)
{
    const uint32_t norms = CNN_NORMS | CNN_IS(INSTANCE_NORM);
    int64_t kernel;
    const cnn_layer *before = cnn_layer_before(slip->layers, slip->layer);
    if ((norms >> before->op->role & 1) != 0) {
        before = cnn_layer_before(slip->layers, before);
    }
    const int64_t groups = cnn_groups(before);
    leave_out(slip);
    return cnn_kernel_positions(slip->layer, &kernel) && kernel == 1 &&
           before->op->role == CNN_ROLE_CONV && groups > 1 && groups == before->in.channels;
}

/* No fully connected layer follows. */
static bool last_missing(const cnn_slip *slip)
{
    leave_out(slip);
    return slip->last;
}

static const cnn_mistake rows[] = {
    {"spatial", "weights are counted at every position, as if they were not shared",
     .weights = "C*N*kh*kw*Ho*Wo", .biases = "N*Ho*Wo", .rank = 2, .where = CNN_CONVS,
     .count = spatial},
    {"spatial", "weights are counted at every position, and biases once",
     .weights = "C*N*kh*kw*Ho*Wo", .rank = 2, .where = CNN_CONVS, .count = spatial_shared_bias},
    {"spatial", "weights are counted at every position of the input", .weights = "C*N*kh*kw*H*W",
     .biases = "N*H*W", .rank = 3, .variants = 2, .where = CNN_CONVS, .count = spatial_input},
    {"as-dense", "the layer is treated as fully connected", .weights = "C*H*W*N", .rank = 2,
     .where = CNN_CONVS, .count = as_dense},
    {"activations-for-params", "the outputs are counted, not the weights", .weights = "N*Ho*Wo",
     .features = "N", .biases = "", .rank = 2, .where = CNN_WEIGHTED | CNN_POOLS,
     .count = activations_for_params},
    {"pool-params", "a pooling layer is given weights", "C*C*kh*kw + C", .rank = 2,
     .where = CNN_POOLS, .count = pool_params},
    {"norm-4c", "the statistics of a batch norm, which are not trained, are counted: 4*C for 2*C",
     "4*C", .rank = 1, .where = CNN_IS(BATCH_NORM), .count = norm_4c},
    {"norm-2c", "2*C parameters are counted for a norm that trains none", "2*C", .rank = 1,
     .where = CNN_IS(INSTANCE_NORM), .count = norm_2c},
    {"norm-c", "the shifts of a norm are forgotten: C for 2*C", "C", .rank = 2,
     .where = CNN_IS(BATCH_NORM) | CNN_IS(GROUP_NORM), .count = norm_scale_only},
    {"norm-spatial", "the parameters of a norm are counted at every position", "2*C*H*W", .rank = 2,
     .where = CNN_NORMS, .count = norm_spatial},
    {"slope-per-value", "there is a slope for each value, as in Keras, not for each channel",
     "C*H*W", .rank = 1, .where = CNN_IS(LEAKY), .count = slope_per_value},
    {"depthwise-only", "the pointwise half of a separable convolution is forgotten", .rank = 1,
     .where = CNN_IS(CONV), .count = pointwise_forgotten},
    {"conv-only", "the total leaves out the fully connected layers", .rank = 1,
     .where = CNN_IS(DENSE), .whole = true, .count = left_out},
    {"dense-only", "the total leaves out the convolutions", .rank = 2, .where = CNN_CONVS,
     .whole = true, .count = left_out},
    {"last-missing", "the last fully connected layer is left out of the total", .rank = 1,
     .where = CNN_IS(DENSE), .whole = true, .count = last_missing},
};

const cnn_mistake_family cnn_mistakes_params = {rows, CNN_LENGTH(rows)};
