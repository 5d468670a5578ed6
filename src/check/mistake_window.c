/*
 * Mistaken sides of windows. Most change one thing in the textbook's formula, so two of them can
 * happen together: rounding((w - extent + pad + inside)/s) + plus.
 */
#include "base/checked.h"
#include "check/mistake.h"

/* ---- padding ---- */

static bool pad_once(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    sum->pad -= slip->layer->pad_high[axis];
    return slip->layer->pad_high[axis] > 0;
}

/* Where "same" is meant, a missing padding is another program's default. */
static bool no_padding(cnn_side_sum *sum)
{
    const bool padded = sum->pad > 0;
    sum->pad = 0;
    return padded;
}

static bool pad_ignored(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    return !cnn_given(slip->layer, CNN_SAME) && no_padding(sum);
}

static bool valid_for_same(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    return cnn_given(slip->layer, CNN_SAME) && no_padding(sum);
}

/* Twice the kernel does not overflow where the padded input did not, but for absurd kernels. */
static bool pad_by(cnn_side_sum *sum, int64_t pad)
{
    return cnn_checked_mul(pad, 2, &sum->pad);
}

static bool same_as_kernel(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    return cnn_given(slip->layer, CNN_SAME) &&
           pad_by(sum, slip->layer->attrs->value[CNN_SIZE][axis]);
}

static bool same_as_one(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    return cnn_given(slip->layer, CNN_SAME) && pad_by(sum, 1);
}

static bool same_as_unchanged(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    *sum = (cnn_side_sum){.w = sum->w, .s = 1, .replaced = true};
    return cnn_given(slip->layer, CNN_SAME);
}

static bool same_for_valid(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    const bool none = sum->pad == 0 && !cnn_given(slip->layer, CNN_SAME);
    *sum = (cnn_side_sum){.w = sum->w, .s = sum->s, .rounding = CNN_ROUND_UP, .replaced = true};
    return none;
}

/* The padding floor((k - 1)/2); with an odd kernel it gives ceil(W/s). */
static bool half_for_valid(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    const int64_t k = slip->layer->attrs->value[CNN_SIZE][axis];
    return sum->pad == 0 && !cnn_given(slip->layer, CNN_SAME) && sum->extent == k && k % 2 == 0 &&
           pad_by(sum, (k - 1) / 2);
}

/* ---- the + 1 and the rounding ---- */

static bool no_plus_one(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool there = sum->plus == 1;
    sum->plus = 0;
    return there;
}

static bool plus_one_inside(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool there = sum->plus == 1;
    sum->plus = 0;
    sum->inside = 1;
    return there;
}

static bool no_floor(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    sum->rounding = CNN_ROUND_NEAREST;
    return true;
}

static bool ceil_for_floor(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    sum->rounding = CNN_ROUND_UP;
    return !cnn_given(slip->layer, CNN_CEIL);
}

static bool floor_for_ceil(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    sum->rounding = CNN_ROUND_DOWN;
    return cnn_given(slip->layer, CNN_CEIL);
}

static bool window_kept(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool limited = sum->limit > 0;
    sum->limit = 0;
    return limited;
}

/* ---- stride ---- */

static bool stride_ignored(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool strided = sum->s > 1;
    sum->s = 1;
    return strided;
}

/* floor(W/s), or ceil */
static bool stride_only(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)axis;
    *sum = (cnn_side_sum){.w = sum->w,
                          .s = sum->s,
                          .rounding = slip->variant == 0 ? CNN_ROUND_DOWN : CNN_ROUND_UP,
                          .replaced = true};
    return true;
}

static bool stride_as_kernel(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    sum->s = slip->layer->attrs->value[CNN_SIZE][axis];
    return true;
}

/* ---- kernel and dilation ---- */

/* Where a dilation is written; under "same" it does not change the size. */
static bool dilated(const cnn_slip *slip)
{
    return cnn_given(slip->layer, CNN_DILATION) && !cnn_given(slip->layer, CNN_SAME);
}

static bool spread(const cnn_slip *slip, int32_t axis)
{
    return dilated(slip) && slip->layer->attrs->value[CNN_DILATION][axis] > 1;
}

static bool dilation_ignored(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    sum->extent = slip->layer->attrs->value[CNN_SIZE][axis];
    return dilated(slip);
}

static bool dilation_product(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    const int64_t(*const value)[CNN_AXES] = slip->layer->attrs->value;
    return dilated(slip) &&
           cnn_checked_mul(value[CNN_SIZE][axis], value[CNN_DILATION][axis], &sum->extent);
}

static bool dilation_zero(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    const int64_t more = slip->layer->attrs->value[CNN_SIZE][axis] - 1;
    return dilated(slip) && cnn_checked_add(sum->extent, more, &sum->extent);
}

static bool extent_no_one(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    sum->extent -= 1;
    return spread(slip, axis);
}

static bool extent_minus_one(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    sum->extent -= 2;
    return spread(slip, axis);
}

static bool plus_kernel(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    sum->extent = -sum->extent;
    return true;
}

/* The extent along the other axis. */
static bool swapped_kernel(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    const cnn_layer *layer = slip->layer;
    const int32_t other = 1 - axis;
    if (layer->in.axes != 2) {
        return false;
    }
    sum->extent =
        layer->attrs->value[CNN_DILATION][other] * (layer->attrs->value[CNN_SIZE][other] - 1) + 1;
    return !cnn_given(layer, CNN_SAME);
}

/* ---- transposed ---- */

static bool transposed_as_conv(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    sum->transposed = false;
    sum->plus = 1;
    return true;
}

static bool extra_ignored(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const bool there = sum->extra > 0;
    sum->extra = 0;
    return there;
}

/* W s as a sum: (W - 1)s - 0 + s */
static bool times_stride(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    *sum = (cnn_side_sum){
        .transposed = true, .w = sum->w, .s = sum->s, .extent = sum->s, .replaced = true};
    return sum->s > 1;
}

/* W s + max(k - s, 0) */
static bool keras_transposed(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum)
{
    (void)slip, (void)axis;
    const int64_t extent = sum->extent > sum->s ? sum->extent : sum->s;
    *sum = (cnn_side_sum){
        .transposed = true, .w = sum->w, .s = sum->s, .extent = extent, .replaced = true};
    return true;
}

/* ---- the rows ---- */

#define TRANSPOSED_SIZE "(W - 1)*s - 2*p + k"

static const cnn_mistake rows[] = {
    {"transposed-as-conv", "the formula of a convolution is used for a transposed one",
     "floor((W - k + 2*p)/s) + 1", .rank = 1, .where = CNN_IS(TRANSPOSED),
     .side = transposed_as_conv},
    {"times-stride", "the size is only multiplied by the stride", "W*s", .rank = 1,
     .where = CNN_IS(TRANSPOSED), .side = times_stride},
    {"output-padding-ignored", "the output padding is left out", TRANSPOSED_SIZE, .rank = 1,
     .where = CNN_IS(TRANSPOSED), .side = extra_ignored},
    {"keras-transposed", "the size is Keras' for a transposed convolution without padding",
     "W*s + max(k - s, 0)", .rank = 2, .where = CNN_IS(TRANSPOSED), .side = keras_transposed},
    {"pad-once", "the padding is added once instead of on both sides", "floor((W - k + p)/s) + 1",
     "(W - 1)*s - p + k", .rank = 1, .where = CNN_WINDOWS | CNN_IS(TRANSPOSED) | CNN_IS(PAD),
     .side = pad_once},
    {"pad-ignored", "the padding is left out", "floor((W - k)/s) + 1", "(W - 1)*s + k", .rank = 1,
     .where = CNN_WINDOWS | CNN_IS(TRANSPOSED) | CNN_IS(PAD), .side = pad_ignored},
    {"valid-for-same", "no padding is assumed, another program's default, where \"same\" is meant",
     "floor((W - k)/s) + 1", "(W - 1)*s + k", .rank = 1, .where = CNN_WINDOWS | CNN_IS(TRANSPOSED),
     .side = valid_for_same},
    {"floor-for-ceil", "it is rounded down, although the layer has ceil",
     "floor((W - k + 2*p)/s) + 1", .rank = 1, .where = CNN_WINDOWS, .side = floor_for_ceil},
    {"ceil-window-kept", "a last window that begins after the input is kept",
     "ceil((W - k + 2*p)/s) + 1", .rank = 1, .where = CNN_WINDOWS, .side = window_kept},
    {"dilation-ignored", "the dilation is forgotten: k is taken for d*(k - 1) + 1",
     "floor((W - k + 2*p)/s) + 1", TRANSPOSED_SIZE, .rank = 1,
     .where = CNN_WINDOWS | CNN_IS(TRANSPOSED), .side = dilation_ignored},
    {"dilation-as-product", "k*d is taken for d*(k - 1) + 1", "floor((W - k*d + 2*p)/s) + 1",
     "(W - 1)*s - 2*p + k*d", .rank = 1, .where = CNN_WINDOWS | CNN_IS(TRANSPOSED),
     .side = dilation_product},
    {"dilation-zero-based", "dilation is counted from 0: (d + 1)*(k - 1) + 1 for d*(k - 1) + 1",
     "floor((W - (d + 1)*(k - 1) - 1 + 2*p)/s) + 1", "(W - 1)*s - 2*p + (d + 1)*(k - 1) + 1",
     .rank = 2, .where = CNN_WINDOWS | CNN_IS(TRANSPOSED), .side = dilation_zero},
    {"extent-no-one", "the + 1 of the kernel's extent is forgotten: d*(k - 1)",
     "floor((W - d*(k - 1) + 2*p)/s) + 1", "(W - 1)*s - 2*p + d*(k - 1)", .rank = 2,
     .where = CNN_WINDOWS | CNN_IS(TRANSPOSED), .side = extent_no_one},
    {"extent-minus-one", "the kernel's extent is taken as d*(k - 1) - 1",
     "floor((W - d*(k - 1) + 1 + 2*p)/s) + 1", "(W - 1)*s - 2*p + d*(k - 1) - 1", .rank = 2,
     .where = CNN_WINDOWS | CNN_IS(TRANSPOSED), .side = extent_minus_one},
    {"no-plus-one", "the + 1 is forgotten", "floor((W - k + 2*p)/s)", .rank = 1,
     .where = CNN_WINDOWS, .side = no_plus_one},
    {"plus-one-inside", "the + 1 is put inside the bracket", "floor((W - k + 2*p + 1)/s)",
     .rank = 2, .where = CNN_WINDOWS, .side = plus_one_inside},
    {"ceil-for-floor", "it is rounded up instead of down", "ceil((W - k + 2*p)/s) + 1", .rank = 1,
     .where = CNN_WINDOWS, .side = ceil_for_floor},
    {"no-floor", "the fraction is kept, or rounded to the nearest number", "(W - k + 2*p)/s + 1",
     .rank = 1, .where = CNN_WINDOWS, .side = no_floor, .exact = true},
    {"stride-ignored", "the stride is taken as 1", "W - k + 2*p + 1", "W - 1 - 2*p + k", .rank = 1,
     .where = CNN_WINDOWS | CNN_IS(TRANSPOSED), .side = stride_ignored},
    {"stride-as-kernel", "the pooling divides by its kernel although another stride is given",
     "floor((W - k + 2*p)/k) + 1", .rank = 1, .where = CNN_POOLS, .side = stride_as_kernel},
    {"swapped-kernel", "height and width of the kernel are exchanged",
     "floor((H - kw + 2*p)/s) + 1", "(H - 1)*s - 2*p + kw", .rank = 1,
     .where = CNN_WINDOWS | CNN_IS(TRANSPOSED), .side = swapped_kernel},
    {"same-misread", "\"same\" is read as an unchanged size whatever the stride", "W", .rank = 2,
     .where = CNN_WINDOWS, .side = same_as_unchanged},
    {"same-misread", "\"same\" is read as a padding of 1", "floor((W - k + 2)/s) + 1", .rank = 2,
     .where = CNN_WINDOWS, .side = same_as_one},
    {"same-misread", "\"same\" is read as a padding of k", "floor((W - k + 2*k)/s) + 1", .rank = 3,
     .where = CNN_WINDOWS, .side = same_as_kernel},
    {"same-for-valid", "padding is assumed where there is none", "ceil(W/s)", .rank = 2,
     .where = CNN_WINDOWS, .side = same_for_valid},
    {"same-for-valid", "a padding of k/2 - 1 is assumed where there is none",
     "floor((W - k + 2*(k/2 - 1))/s) + 1", .rank = 2, .where = CNN_WINDOWS, .side = half_for_valid},
    {"stride-only", "the size is only divided by the stride", "W/s", .rank = 2, .variants = 2,
     .where = CNN_WINDOWS, .side = stride_only},
    {"plus-kernel", "the kernel is added instead of subtracted", "floor((W + k + 2*p)/s) + 1",
     .rank = 3, .where = CNN_WINDOWS, .side = plus_kernel},
};

const cnn_mistake_family cnn_mistakes_window = {rows, CNN_LENGTH(rows)};
