/*
 * Mistaken sizes. Most change one thing in the textbook's formula, so two of them can come
 * together: rounding((w - extent + pad + inside)/s) + plus.
 */
#include "check/slip_size.h"

#include "base/checked.h"
#include "ops/window.h"

/* ---- the sum ---- */

/* Everything here is part of a size that was computed before without overflow. */
cnn_side_sum cnn_side_of(const cnn_layer *layer, int32_t axis)
{
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    cnn_side_sum sum = {.w = layer->in.side[axis],
                        .extent = value[CNN_SIZE][axis],
                        .s = value[CNN_STRIDE][axis],
                        .pad = layer->pad_low[axis] + layer->pad_high[axis],
                        .plus = 1};
    if (layer->op->role == CNN_ROLE_PAD) {
        return (cnn_side_sum){.w = sum.w, .s = 1, .pad = sum.pad};
    }
    sum.extent = value[CNN_DILATION][axis] * (sum.extent - 1) + 1;
    sum.rounding = cnn_given(layer, CNN_CEIL) ? CNN_ROUND_UP : CNN_ROUND_DOWN;
    if (layer->op->role == CNN_ROLE_TRANSPOSED) {
        sum.transposed = true;
        sum.extra = cnn_window_extra(layer, axis);
        sum.plus = 0;
    }
    return sum;
}

static bool numerator(const cnn_side_sum *sum, int64_t *out)
{
    return cnn_checked_sub(sum->w, sum->extent, out) && cnn_checked_add(*out, sum->pad, out) &&
           cnn_checked_add(*out, sum->inside, out);
}

/* No mistake makes the first two terms larger than they are in the right sum. */
static bool transposed_value(const cnn_side_sum *sum, int64_t *out)
{
    return cnn_checked_add((sum->w - 1) * sum->s - sum->pad, sum->extent, out) &&
           cnn_checked_add(*out, sum->extra + sum->plus, out) && *out >= 1;
}

bool cnn_side_value(const cnn_side_sum *sum, int64_t *out)
{
    int64_t top;
    if (sum->transposed) {
        return transposed_value(sum, out);
    }
    if (!numerator(sum, &top) || top < 0) {
        return false;
    }
    const int64_t rest = top % sum->s;
    const bool up = sum->rounding == CNN_ROUND_UP
                        ? rest > 0
                        : sum->rounding == CNN_ROUND_NEAREST && rest >= sum->s - rest;
    *out = top / sum->s + (up ? 1 : 0);
    return cnn_checked_add(*out, sum->plus, out) && *out >= 1;
}

bool cnn_side_fraction(const cnn_side_sum *sum, cnn_fraction *out)
{
    int64_t top = 0;
    (void)numerator(sum, &top); /* it fits: the side is known */
    if (top % sum->s == 0) {
        return false;
    }
    *out = (cnn_fraction){0, sum->s};
    return cnn_checked_add(top, sum->s, &out->num);
}

/* ---- padding ---- */

bool cnn_slip_pad_once(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    sum->pad -= slip->layer->pad_high[axis];
    return slip->layer->pad_high[axis] > 0;
}

bool cnn_slip_pad_ignored(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool padded = sum->pad > 0;
    sum->pad = 0;
    return padded;
}

/* Twice the kernel does not overflow where the padded input did not, but for absurd kernels. */
static bool pad_by(cnn_side_sum *sum, int64_t pad)
{
    return cnn_checked_mul(pad, 2, &sum->pad);
}

/* P = F, P = 1, or the size unchanged although there is a stride. */
bool cnn_slip_same_misread(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    if (!cnn_given(slip->layer, CNN_SAME)) {
        return false;
    }
    if (slip->variant < 2) {
        return pad_by(sum, slip->variant == 0 ? slip->layer->attrs->value[CNN_SIZE][axis] : 1);
    }
    *sum = (cnn_side_sum){.w = sum->w, .s = 1, .replaced = true};
    return true;
}

bool cnn_slip_valid_for_same(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    return cnn_given(slip->layer, CNN_SAME) && cnn_slip_pad_ignored(slip, axis, sum);
}

/* ceil(W/S), or the padding (F - 1)/2 that keeps the size at stride 1. */
bool cnn_slip_same_for_valid(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    if (sum->pad > 0 || cnn_given(slip->layer, CNN_SAME)) {
        return false;
    }
    if (slip->variant == 1) {
        return pad_by(sum, (slip->layer->attrs->value[CNN_SIZE][axis] - 1) / 2);
    }
    *sum = (cnn_side_sum){.w = sum->w, .s = sum->s, .rounding = CNN_ROUND_UP, .replaced = true};
    return true;
}

/* ---- the + 1 and the rounding ---- */

bool cnn_slip_no_plus_one(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool there = sum->plus == 1;
    sum->plus = 0;
    return there;
}

bool cnn_slip_plus_one_inside(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool there = sum->plus == 1;
    sum->plus = 0;
    sum->inside = 1;
    return there;
}

bool cnn_slip_no_floor(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    sum->rounding = CNN_ROUND_NEAREST;
    return true;
}

bool cnn_slip_ceil_for_floor(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    sum->rounding = CNN_ROUND_UP;
    return !cnn_given(slip->layer, CNN_CEIL);
}

bool cnn_slip_floor_for_ceil(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    sum->rounding = CNN_ROUND_DOWN;
    return cnn_given(slip->layer, CNN_CEIL);
}

/* ---- stride, dilation, kernel ---- */

bool cnn_slip_stride_ignored(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool strided = sum->s > 1;
    sum->s = 1;
    return strided;
}

/* floor(W/S), or ceil */
bool cnn_slip_stride_only(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    *sum = (cnn_side_sum){.w = sum->w,
                          .s = sum->s,
                          .rounding = slip->variant == 0 ? CNN_ROUND_DOWN : CNN_ROUND_UP,
                          .replaced = true};
    return true;
}

/* Only where a dilation is written; under "same" it does not change the size. */
static bool dilated(const cnn_slip *slip)
{
    return cnn_given(slip->layer, CNN_DILATION) && !cnn_given(slip->layer, CNN_SAME);
}

bool cnn_slip_dilation_ignored(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    sum->extent = slip->layer->attrs->value[CNN_SIZE][axis];
    return dilated(slip);
}

bool cnn_slip_dilation_product(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    const int64_t(*const value)[CNN_AXES] = slip->layer->attrs->value;
    return dilated(slip) &&
           cnn_checked_mul(value[CNN_SIZE][axis], value[CNN_DILATION][axis], &sum->extent);
}

bool cnn_slip_dilation_zero(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    return dilated(slip) &&
           cnn_checked_add(sum->extent, slip->layer->attrs->value[CNN_SIZE][axis] - 1,
                           &sum->extent);
}

bool cnn_slip_plus_kernel(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    sum->extent = -sum->extent;
    return true;
}

bool cnn_slip_transposed_as_conv(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool there = sum->transposed;
    sum->transposed = false;
    sum->plus = 1;
    return there;
}

/* ---- depth, and the two sides ---- */

bool cnn_slip_pad_in_depth(const cnn_slip *slip)
{
    int64_t *const channels = &slip->layer->out.channels;
    const int64_t pad = slip->layer->pad_low[0] + slip->layer->pad_high[0];
    return pad > 0 && cnn_checked_add(*channels, pad, channels);
}

bool cnn_slip_pool_divides(const cnn_slip *slip)
{
    int64_t *const channels = &slip->layer->out.channels;
    const int64_t s = slip->layer->attrs->value[CNN_STRIDE][0];
    *channels /= s;
    return s > 1 && *channels >= 1;
}

bool cnn_slip_depth_kept(const cnn_slip *slip)
{
    slip->layer->out.channels = slip->layer->in.channels;
    return true;
}

bool cnn_slip_depth_multiplied(const cnn_slip *slip)
{
    int64_t *const channels = &slip->layer->out.channels;
    return cnn_checked_mul(*channels, slip->layer->in.channels, channels);
}

bool cnn_slip_swapped_sides(const cnn_slip *slip)
{
    int64_t *const side = slip->layer->out.side;
    const int64_t height = side[0];
    side[0] = side[1];
    side[1] = height;
    return slip->layer->out.axes == 2 && side[0] != side[1];
}

/* ---- the flattening ---- */

bool cnn_slip_flat_once_size(const cnn_slip *slip)
{
    const cnn_shape *in = &slip->layer->in;
    slip->layer->out.channels = in->channels * in->side[slip->variant];
    return in->axes > 0;
}

bool cnn_slip_flat_channels_size(const cnn_slip *slip)
{
    slip->layer->out.channels = slip->layer->in.channels;
    return slip->layer->in.axes > 0;
}

bool cnn_slip_flat_before_pool_size(const cnn_slip *slip)
{
    const cnn_layer *pool = cnn_layer_behind(slip->layers, slip->layer);
    const uint32_t pools = 1u << CNN_ROLE_MAX_POOL | 1u << CNN_ROLE_AVERAGE_POOL;
    (void)cnn_shape_volume(&pool->in, &slip->layer->out.channels);
    return (pools >> pool->op->role & 1) != 0;
}

const cnn_layer *cnn_layer_behind(const cnn_layer *layers, const cnn_layer *layer)
{
    do {
        layer = &layers[layer->sources[0]];
    } while (layer->source_count == 1 && layer->op->in_place);
    return layer;
}
