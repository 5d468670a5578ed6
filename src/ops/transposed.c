/* Windows the other way round: each position of the input spreads over the output. */
#include "ops/transposed.h"

#include <string.h>

#include "base/checked.h"
#include "ops/window.h"
#include "ops/window_size.h"

/* The steps of transposed_side. Its output is the longest sum of all: what is 0 is left out. */
static void tell_transposed(const cnn_site *site, int32_t axis, int64_t extent)
{
    const cnn_layer *layer = site->layer;
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    const int64_t s = value[CNN_STRIDE][axis], extra = cnn_window_extra(layer, axis);
    const int64_t low = layer->pad_low[axis], high = layer->pad_high[axis];
    cnn_step step = {.axis = axis + 1, .dilated = value[CNN_DILATION][axis] > 1};
    if (cnn_given(layer, CNN_SAME) && extent > s) {
        step.formula = "k - s";
        memcpy(step.value, (const int64_t[]){extent, s}, 2 * sizeof(int64_t));
        step.result = extent - s;
        cnn_tell_padding(site, &step);
    } else if (cnn_given(layer, CNN_SAME) && extra > 0) {
        step.quantity = CNN_STEP_EXTRA;
        step.formula = "s - k";
        memcpy(step.value, (const int64_t[]){s, extent}, 2 * sizeof(int64_t));
        step.result = extra;
        cnn_tell(site->trace, &step);
    }
    step.quantity = CNN_STEP_SIDE;
    step.result = layer->out.side[axis];
    memcpy(step.value, (const int64_t[]){site->in->side[axis], s}, 2 * sizeof(int64_t));
    if (low == high) {
        step.formula = extra > 0 ? "(W - 1)*s - 2*p + k + op" : "(W - 1)*s - 2*p + k";
        memcpy(&step.value[2], (const int64_t[]){low, extent, extra}, 3 * sizeof(int64_t));
    } else {
        step.formula = extra > 0 ? "(W - 1)*s - pl - ph + k + op" : "(W - 1)*s - pl - ph + k";
        memcpy(&step.value[2], (const int64_t[]){low, high, extent, extra}, 4 * sizeof(int64_t));
    }
    cnn_tell(site->trace, &step);
}

static bool transposed_side(cnn_site *site, int32_t axis)
{
    cnn_layer *layer = site->layer;
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    const int64_t in = site->in->side[axis], s = value[CNN_STRIDE][axis];
    const int64_t d = value[CNN_DILATION][axis];
    int64_t *const low = &layer->pad_low[axis], *const high = &layer->pad_high[axis];
    int64_t extent;
    if (!cnn_window_extent(value[CNN_SIZE][axis], d, &extent)) {
        return cnn_site_overflow(site, "the extent of the kernel");
    }
    const int64_t extra = cnn_window_extra(layer, axis); /* below the stride, when it is "same" */
    /* as in PyTorch: output padding is less than the stride or the dilation */
    if (extra >= (s > d ? s : d)) {
        return cnn_site_fail(site, CNN_E_EXTRA, extra, s > d ? s : d);
    }
    /* "same" gives in*s, as Keras' padding="same" does */
    if (cnn_given(layer, CNN_SAME)) {
        *low = extent > s ? (extent - s) / 2 : 0;
        *high = extent > s ? extent - s - *low : 0;
    } else {
        *low = value[CNN_PAD][axis];
        *high = value[CNN_PAD_AFTER][axis];
    }
    if (!cnn_window_transposed(in, extent, s, *low, *high, extra, &layer->out.side[axis])) {
        return cnn_site_overflow(site, "the size of the output");
    }
    if (layer->out.side[axis] < 1) {
        site->err->word[0] = cnn_text_of(cnn_side_name(site->in->axes, axis));
        return cnn_site_fail(site, CNN_E_EMPTY_OUTPUT, layer->out.side[axis], 0);
    }
    if (site->trace != NULL) {
        cnn_tell_extent(site, axis, extent);
        tell_transposed(site, axis, extent);
    }
    return true;
}

/* "same" computes the output padding by itself: a given one would contradict it. */
bool cnn_transposed_shape(cnn_site *site)
{
    const int64_t *const extra = site->layer->attrs->value[CNN_EXTRA];
    if (!cnn_site_map(site)) {
        return false;
    }
    if (cnn_given(site->layer, CNN_EXTRA) && cnn_given(site->layer, CNN_SAME) &&
        (extra[0] > 0 || extra[1] > 0 || extra[2] > 0)) {
        return cnn_site_fail(site, CNN_E_EXTRA_SAME, 0, 0);
    }
    site->layer->out = *site->in;
    for (int32_t i = 0; i < site->in->axes; i++) {
        if (!transposed_side(site, i)) {
            return false;
        }
    }
    return true;
}

/* An output position meets every (s/gcd(s,d))-th tap; these lie d/gcd(s,d) input positions apart.
 */
bool cnn_transposed_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t k = layer->attrs->value[CNN_SIZE][axis],
                  s = layer->attrs->value[CNN_STRIDE][axis];
    const int64_t d = layer->attrs->value[CNN_DILATION][axis];
    const int64_t common = cnn_greatest_divisor(s, d);
    const int64_t spread = (k - 1) / (s / common) * (d / common) + 1;
    const int64_t low = layer->pad_low[axis];
    if (low > INT64_MAX / 4 || s > INT64_MAX / 2) {
        return false;
    }
    *out = (cnn_reach){spread, 1, s, 2 * low - d * (k - 1), 2 * s, d / common};
    return true;
}

/* The number whose product with a is 1 among the remainders of m; a and m have no common divisor.
 * Euclid's algorithm, extended (Knuth, The Art of Computer Programming, 4.5.2). */
static int64_t inverse(int64_t a, int64_t m)
{
    int64_t before = m, rest = a % m, coefficient = 0, next = 1;
    while (rest > 0) {
        const int64_t times = before / rest, left = before % rest;
        const int64_t then = coefficient - times * next;
        before = rest;
        rest = left;
        coefficient = next;
        next = then;
    }
    return coefficient < 0 ? coefficient + m : coefficient;
}

/* Input position j meets output positions j*s - p + t*d, t from 0 to k - 1. The taps that fit,
 * those for which s divides at + p - t*d, lie s/gcd(s,d) apart. */
void cnn_transposed_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from,
                         int64_t *to)
{
    const int64_t k = layer->attrs->value[CNN_SIZE][axis],
                  s = layer->attrs->value[CNN_STRIDE][axis];
    const int64_t d = layer->attrs->value[CNN_DILATION][axis];
    const int64_t place = at + layer->pad_low[axis];
    const int64_t common = cnn_greatest_divisor(s, d), apart = s / common;
    const int64_t rest = (place / common % apart + apart) % apart;
    const int64_t tap = rest * inverse(d / common, apart) % apart; /* the first that fits */
    *from = 0;
    *to = -1;
    if (place % common == 0 && tap < k) {
        *from = (place - (tap + (k - 1 - tap) / apart * apart) * d) / s;
        *to = (place - tap * d) / s;
    }
}
