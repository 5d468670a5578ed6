/* The wrong thing counted, wrong totals, and mistaken MACs. O output side, W input side. */
#include "base/checked.h"
#include "check/slip_count.h"
#include "ops/count.h"

static int64_t area(const cnn_shape *shape)
{
    return shape->axes > 0 ? shape->side[0] * shape->side[1] : 1;
}

/* Parameters of another kind: the MACs stay as they are. */
static bool set_params(cnn_layer *layer, int64_t weights, int64_t biases)
{
    int64_t params;
    layer->weights = weights;
    layer->biases = biases;
    return cnn_checked_add(weights, biases, &params);
}

/* ---- parameters ---- */

/* O^2 (F^2 C + 1) K; or with W^2; or with the biases shared */
bool cnn_slip_spatial(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    const int64_t positions = area(slip->variant % 2 == 0 ? &layer->out : &layer->in);
    int64_t params;
    if (positions == 1 || !cnn_checked_mul(layer->weights + layer->biases, positions, &params)) {
        return false;
    }
    layer->weights *= positions;
    layer->biases *= slip->variant >= 2 ? 1 : positions;
    return true;
}

/* (W^2 C + 1) K */
bool cnn_slip_as_dense(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    int64_t weights = 0;
    (void)cnn_shape_volume(&layer->in, &weights); /* it was computed before */
    return cnn_checked_mul(weights, layer->out.channels, &weights) &&
           set_params(layer, weights, layer->biases);
}

bool cnn_slip_activations(const cnn_slip *slip)
{
    (void)cnn_shape_volume(&slip->layer->out, &slip->layer->weights);
    slip->layer->biases = 0;
    return true;
}

/* F^2 C C + C */
bool cnn_slip_pool_params(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    const int64_t *f = layer->attrs->value[CNN_SIZE];
    const int64_t c = layer->in.channels;
    int64_t weights;
    return cnn_count_product(f[0], f[1], c, c, &weights) && set_params(layer, weights, c);
}

bool cnn_slip_norm_4c(const cnn_slip *slip)
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

/* Trained parameters for a norm that has none. */
bool cnn_slip_norm_2c(const cnn_slip *slip)
{
    const int64_t c = slip->layer->in.channels;
    return set_params(slip->layer, c, c);
}

bool cnn_slip_norm_spatial(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    const int64_t positions = area(&layer->out);
    int64_t params;
    if (!cnn_checked_mul(layer->weights + layer->biases, positions, &params)) {
        return false;
    }
    layer->weights *= positions;
    layer->biases *= positions;
    return true;
}

/* ---- totals ---- */

/* The layer is left out. */
bool cnn_slip_nothing(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    layer->weights = layer->biases = layer->statistics = layer->macs = 0;
    return true;
}

/* The 1x1 convolution behind a depthwise one, perhaps with a norm and a function between. */
bool cnn_slip_pointwise_forgotten(const cnn_slip *slip)
{
    const uint32_t norms = 1u << CNN_ROLE_BATCH_NORM | 1u << CNN_ROLE_LAYER_NORM |
                           1u << CNN_ROLE_GROUP_NORM | 1u << CNN_ROLE_INSTANCE_NORM;
    const int64_t *f = slip->layer->attrs->value[CNN_SIZE];
    const cnn_layer *before = cnn_layer_behind(slip->layers, slip->layer);
    if ((norms >> before->op->role & 1) != 0) {
        before = cnn_layer_behind(slip->layers, before);
    }
    const int64_t groups = cnn_groups(before);
    (void)cnn_slip_nothing(slip);
    return f[0] == 1 && f[1] == 1 && before->op->role == CNN_ROLE_CONV && groups > 1 &&
           groups == before->in.channels;
}

/* Nothing behind it is fully connected. */
bool cnn_slip_last_missing(const cnn_slip *slip)
{
    (void)cnn_slip_nothing(slip);
    return slip->last;
}

/* ---- MACs ---- */

bool cnn_slip_bias_in_macs(const cnn_slip *slip)
{
    cnn_layer *layer = slip->layer;
    int64_t more, flops;
    return layer->biases > 0 && layer->macs > 0 &&
           cnn_checked_mul(layer->biases, area(&layer->out), &more) &&
           cnn_checked_add(layer->macs, more, &layer->macs) &&
           cnn_checked_mul(layer->macs, 2, &flops);
}

static bool macs_at(cnn_layer *layer, const cnn_shape *map)
{
    int64_t flops;
    return layer->macs > 0 && cnn_checked_mul(layer->weights, area(map), &layer->macs) &&
           cnn_checked_mul(layer->macs, 2, &flops);
}

bool cnn_slip_macs_at_input(const cnn_slip *slip)
{
    return macs_at(slip->layer, &slip->layer->in);
}

bool cnn_slip_macs_at_output(const cnn_slip *slip)
{
    return macs_at(slip->layer, &slip->layer->out);
}

/* 2 x MACs where MACs are asked; 2 x FLOPs */
bool cnn_slip_doubled(const cnn_quantity *quantity, int64_t right, int32_t variant, int64_t *out)
{
    (void)variant;
    return quantity->work && cnn_checked_mul(right, 2, out);
}

bool cnn_slip_halved(const cnn_quantity *quantity, int64_t right, int32_t variant, int64_t *out)
{
    (void)variant;
    *out = right / 2;
    return quantity->work && right % 2 == 0;
}
