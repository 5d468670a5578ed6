/* The sum that makes a side, right or with mistakes in it. */
#include "check/side.h"

#include "base/checked.h"
#include "ops/window.h"

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
    if (cnn_given(layer, CNN_CEIL)) {
        sum.rounding = CNN_ROUND_UP;
        sum.limit = sum.w + layer->pad_low[axis];
    }
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
    int64_t top, begin;
    if (sum->transposed) {
        return transposed_value(sum, out);
    }
    if (!numerator(sum, &top) || (top < 0 && sum->rounding != CNN_ROUND_UP)) {
        return false;
    }
    const int64_t rest = top % sum->s;
    const bool up = sum->rounding == CNN_ROUND_UP
                        ? rest > 0
                        : sum->rounding == CNN_ROUND_NEAREST && rest >= sum->s - rest;
    *out = top / sum->s + (up ? 1 : 0);
    if (!cnn_checked_add(*out, sum->plus, out)) {
        return false;
    }
    if (sum->limit > 0 && sum->rounding == CNN_ROUND_UP && *out > 0 &&
        (!cnn_checked_mul(*out - 1, sum->s, &begin) || begin >= sum->limit)) {
        *out -= 1;
    }
    return *out >= 1;
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

bool cnn_side_equal(const cnn_side_sum *a, const cnn_side_sum *b)
{
    return a->transposed == b->transposed && a->w == b->w && a->extent == b->extent &&
           a->s == b->s && a->pad == b->pad && a->inside == b->inside && a->plus == b->plus &&
           a->extra == b->extra && a->rounding == b->rounding && a->limit == b->limit;
}
