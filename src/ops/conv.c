/* Convolutions: conv, its depthwise form, and the transposed one. */
#include "base/checked.h"
#include "ops/conv_tell.h"
#include "ops/count.h"
#include "ops/families.h"
#include "ops/transposed.h"
#include "ops/window.h"
#include "ops/window_size.h"

/* Groups split both the C input and the N output channels. */
static bool groups_fit(cnn_site *site, int64_t g)
{
    if (g == 1) { /* divisions are slow */
        return true;
    }
    if (site->in->channels % g != 0) {
        return cnn_site_fail(site, CNN_E_GROUPS_IN, g, site->in->channels);
    }
    if (site->layer->out.channels % g != 0) {
        return cnn_site_fail(site, CNN_E_GROUPS_OUT, g, site->layer->out.channels);
    }
    return true;
}

static bool conv_shape(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    if (!cnn_site_map(site)) {
        return false;
    }
    if (!cnn_window_shape(site)) {
        return false;
    }
    layer->out.channels = layer->attrs->value[CNN_CHANNELS][0];
    return groups_fit(site, layer->attrs->value[CNN_GROUPS][0]);
}

/* A depthwise convolution is one with as many groups as channels. */
static bool depthwise_shape(cnn_site *site)
{
    const int64_t c = site->in->channels, n = site->layer->attrs->value[CNN_CHANNELS][0];
    if (cnn_given(site->layer, CNN_CHANNELS) && n % c != 0) {
        return cnn_site_fail(site, CNN_E_MULTIPLE, n, c);
    }
    if (!cnn_site_map(site) || !cnn_window_shape(site)) {
        return false;
    }
    site->layer->out.channels = cnn_given(site->layer, CNN_CHANNELS) ? n : c;
    return true;
}

/* Each weight is used once at every position of `map`, whose volume nothing has checked yet. */
static bool count_uses(cnn_site *site, const cnn_shape *map)
{
    cnn_layer *layer = site->layer;
    const int32_t axes = map->axes;
    const bool fits =
        cnn_count_macs(layer->weights, map->side[0], axes > 1 ? map->side[1] : 1, &layer->macs) &&
        (axes <= 2 || cnn_checked_mul(layer->macs, map->side[2], &layer->macs));
    return fits || cnn_site_overflow(site, "the number of MACs");
}

/* K*(C/g)*N weights, K the product of the kernel's sides, and N biases; each weight is used once
 * at every position of `map`. Sides that a 1-D map lacks count as 1. */
static bool kernel_cost(cnn_site *site, const cnn_shape *map)
{
    cnn_layer *layer = site->layer;
    const int64_t *const k = layer->attrs->value[CNN_SIZE];
    const int32_t axes = map->axes;
    const int64_t c = site->in->channels, g = cnn_groups_of(layer->attrs, c);
    if (!cnn_count_conv(k[0], axes > 1 ? k[1] : 1, c, g, layer->out.channels, &layer->weights) ||
        (axes > 2 && !cnn_checked_mul(layer->weights, k[2], &layer->weights))) {
        return cnn_site_overflow(site, "the number of weights");
    }
    layer->biases = layer->attrs->value[CNN_BIAS][0] * layer->out.channels;
    if (!count_uses(site, map)) {
        return false;
    }
    if (site->trace != NULL) {
        cnn_conv_tell(site, map);
    }
    return true;
}

static CNN_FLAT bool conv_cost(cnn_site *site)
{
    return kernel_cost(site, &site->layer->out);
}

static bool deconv_shape(cnn_site *site)
{
    if (!cnn_transposed_shape(site)) {
        return false;
    }
    site->layer->out.channels = site->layer->attrs->value[CNN_CHANNELS][0];
    return groups_fit(site, site->layer->attrs->value[CNN_GROUPS][0]);
}

/* `n` filters with so many weights in all, on a map whose sides are already those of the output. */
static inline bool add_filters(cnn_quick *l, int64_t n, int64_t weights)
{
    l->shape->channels = n;
    l->sums->weights += weights;
    l->sums->biases += l->number[0].of[CNN_BIAS] * n;
    l->sums->macs += weights * l->shape->side[0] * l->shape->side[1];
    return true;
}

/* The same when the sides change. */
static CNN_APART bool add_moving(cnn_quick *l, int64_t n, int64_t weights)
{
    return cnn_window_quick(l) && add_filters(l, n, weights);
}

static bool conv_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    return cnn_keeps_padded(&layer->in, layer->pad_low, layer->pad_high, out);
}

/* The same of a quick layer with "same" and an even extent; other paddings are equal. */
static CNN_APART bool tell_padded(cnn_quick *l)
{
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0};
    for (int32_t i = 0; i < l->shape->axes && i < 2; i++) {
        const int32_t *const of = l->number[i].of;
        cnn_window_same_pad(l->shape->side[i], 1 + (of[CNN_SIZE] - 1) * (int64_t)of[CNN_DILATION],
                            of[CNN_STRIDE], false, &low[i], &high[i]);
    }
    return cnn_keeps_padded(l->shape, low, high, cnn_quick_keeps(l, CNN_KEEPS_INPUT));
}

/* Whether "same" may pad the two sides of an axis unequally: the extent is even. */
static bool may_pad_unequally(const cnn_quick *l)
{
    const int32_t *const high = l->number[0].of, *const wide = l->number[1].of;
    const int64_t h = (high[CNN_SIZE] - 1) * (int64_t)high[CNN_DILATION];
    const int64_t w = (wide[CNN_SIZE] - 1) * (int64_t)wide[CNN_DILATION];
    return high[CNN_PAD] == CNN_PAD_SAME && (h | w) % 2 != 0;
}

/* Of both kinds. */
static bool conv_quick(cnn_quick *l)
{
    const int32_t *const of = l->number[0].of;
    int64_t c = l->shape->channels, n = of[CNN_CHANNELS];
    if (of[CNN_GROUPS] != 1) {
        const int64_t g = of[CNN_GROUPS] == CNN_EACH_CHANNEL ? c : of[CNN_GROUPS];
        n = n > 0 ? n : c;
        if (c % g != 0 || n % g != 0) {
            return false;
        }
        c /= g;
    }
    const int64_t kernel = (int64_t)of[CNN_SIZE] * l->number[1].of[CNN_SIZE];
    const int64_t places = l->shape->side[0] * l->shape->side[1];
    const uint64_t weights = (uint64_t)kernel * (uint64_t)(c * n); /* wraps for large kernels */
    if ((kernel >> CNN_QUICK_BITS | places >> CNN_QUICK_PLACES) != 0 ||
        weights >> CNN_QUICK_WEIGHTS != 0) {
        return false;
    }
    if (l->kept && may_pad_unequally(l) && !tell_padded(l)) {
        return false;
    }
    return cnn_window_keeps(l) ? add_filters(l, n, (int64_t)weights)
                               : add_moving(l, n, (int64_t)weights);
}

/* Every weight meets every position of the input, not of the output. */
static bool deconv_cost(cnn_site *site)
{
    return kernel_cost(site, site->in);
}

/* ---- a convolution of two steps ---- */

/* One filter of K sides for each channel, then N of 1x1: Keras' SeparableConv2D. */
static bool separable_shape(cnn_site *site)
{
    if (!cnn_site_map(site) || !cnn_window_shape(site)) {
        return false;
    }
    site->layer->out.channels = site->layer->attrs->value[CNN_CHANNELS][0];
    return true;
}

/* The weights of the kernel at one channel; false when they do not fit. */
static bool kernel_taps(const cnn_layer *layer, int64_t *out)
{
    const int64_t *const k = layer->attrs->value[CNN_SIZE];
    const int32_t axes = layer->in.axes;
    return cnn_count_product(k[0], axes > 1 ? k[1] : 1, axes > 2 ? k[2] : 1, 1, out);
}

/* C*k weights at each channel and C*N of 1x1; one bias for each filter, at the end. */
static bool separable_cost(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    const int64_t c = site->in->channels, n = layer->out.channels;
    int64_t taps, depthwise, pointwise;
    if (!kernel_taps(layer, &taps) || !cnn_checked_mul(c, taps, &depthwise) ||
        !cnn_checked_mul(c, n, &pointwise) ||
        !cnn_checked_add(depthwise, pointwise, &layer->weights)) {
        return cnn_site_overflow(site, "the number of weights");
    }
    layer->biases = layer->attrs->value[CNN_BIAS][0] * n;
    if (!count_uses(site, &layer->out)) {
        return false;
    }
    if (site->trace != NULL) {
        cnn_conv_tell_taps(site, "C*k + C*N", "n*w", taps, (const int64_t[]){c, taps, n, 0});
    }
    return true;
}

/* What is between its two steps. */
static bool separable_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    cnn_keeps padded = *out;
    if (!conv_keeps(layer, &padded)) {
        return false;
    }
    *out = padded;
    int64_t between;
    out->why = "its input, and the map between its two steps";
    return cnn_keeps_map(&layer->out, layer->in.channels, &between) &&
           cnn_checked_add(out->values, between, &out->values);
}

/* The offsets come from a convolution of the same window with biases: two numbers for each tap.
 * Dai et al. 2017, Deformable Convolutional Networks. */
static bool deformable_cost(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    const int64_t c = site->in->channels, n = layer->out.channels;
    int64_t taps, filters, each;
    if (!kernel_taps(layer, &taps) || !cnn_checked_mul(taps, 2, &filters) ||
        !cnn_checked_add(filters, n, &filters) || !cnn_checked_mul(c, taps, &each) ||
        !cnn_checked_mul(each, filters, &layer->weights)) {
        return cnn_site_overflow(site, "the number of weights");
    }
    layer->biases = 2 * taps + layer->attrs->value[CNN_BIAS][0] * n;
    if (!count_uses(site, &layer->out)) {
        return false;
    }
    if (site->trace != NULL) {
        cnn_conv_tell_taps(site, "C*k*(N + 2*k)", "n*w", taps, (const int64_t[]){c, taps, n, 0});
    }
    return true;
}

static bool deformable_shape(cnn_site *site)
{
    if (!cnn_site_map(site)) {
        return false;
    }
    if (site->in->axes != 2) {
        site->err->word[0] = cnn_text_of(site->layer->op->name);
        return cnn_site_fail(site, CNN_E_NEEDS_TWO, site->in->axes, 0);
    }
    return separable_shape(site);
}

/* The offsets. */
static bool deformable_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    int64_t taps, channels, offsets;
    if (!conv_keeps(layer, out) || !kernel_taps(layer, &taps) ||
        !cnn_checked_mul(taps, 2, &channels) || !cnn_keeps_map(&layer->out, channels, &offsets)) {
        return false;
    }
    out->why = "its input, and an offset for each tap at each place";
    return cnn_checked_add(out->values, offsets, &out->values);
}

/* What all convolutions take. */
#define CONVOLUTION_USES                                                                           \
    [CNN_SIZE] = {.need = CNN_REQUIRED, .least = 1},                                               \
    [CNN_STRIDE] = {.need = CNN_OPTIONAL, .standard = 1, .least = 1},                              \
    [CNN_PAD] = {.need = CNN_OPTIONAL},                                                            \
    [CNN_DILATION] = {.need = CNN_OPTIONAL, .standard = 1, .least = 1},                            \
    [CNN_BIAS] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 1, .most = 1},                   \
    [CNN_SAME] = {.need = CNN_OPTIONAL, .standard = 1}, [CNN_SAME_TF] = {.need = CNN_OPTIONAL},    \
    [CNN_VALID] = {.need = CNN_OPTIONAL}

static const cnn_use conv_uses[CNN_ATTRS] = {
    [CNN_CHANNELS] = {.need = CNN_REQUIRED, .numbers = 1, .least = 1},
    [CNN_GROUPS] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 1, .least = 1},
    CONVOLUTION_USES,
};

static const cnn_use depthwise_uses[CNN_ATTRS] = {
    [CNN_CHANNELS] = {.need = CNN_OPTIONAL, .numbers = 1, .least = 1},
    [CNN_GROUPS] = {.need = CNN_NEVER, .standard = CNN_EACH_CHANNEL},
    CONVOLUTION_USES,
};

static const cnn_use two_step_uses[CNN_ATTRS] = {
    [CNN_CHANNELS] = {.need = CNN_REQUIRED, .numbers = 1, .least = 1},
    [CNN_GROUPS] = {.need = CNN_NEVER, .standard = 1},
    CONVOLUTION_USES,
};

/* The size that a pool's input had, with the windows apart. Zeiler & Fergus 2014. */
static const cnn_use unpool_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .standard = 2, .least = 1},
    [CNN_STRIDE] = {.need = CNN_OPTIONAL, .least = 1},
    [CNN_PAD] = {.need = CNN_OPTIONAL},
    [CNN_DILATION] = {.need = CNN_NEVER, .standard = 1},
};

static const cnn_use transposed_uses[CNN_ATTRS] = {
    [CNN_CHANNELS] = {.need = CNN_REQUIRED, .numbers = 1, .least = 1},
    [CNN_GROUPS] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 1, .least = 1},
    [CNN_EXTRA] = {.need = CNN_OPTIONAL},
    CONVOLUTION_USES,
};

const cnn_op cnn_ops_conv[] = {
    {
        .name = "conv",
        .role = CNN_ROLE_CONV,
        .brief = "convolution; keeps the size unless a stride or padding is given",
        .params = "Kh*Kw*(C/g)*N + N*b",
        .example = "conv3-64 s2 p1",
        .uses = conv_uses,
        .shape = conv_shape,
        .cost = conv_cost,
        .quick = conv_quick,
        .why_kept = "its input: the gradient of the weights is made of it",
        .keeps = CNN_KEEPS_INPUT,
        .keeps_more = conv_keeps,
        .derivative = CNN_DERIVE_CONV,
        .reach = cnn_window_reach,
        .unread = cnn_window_unread,
    },
    {
        .name = "dwconv",
        .role = CNN_ROLE_CONV,
        .brief = "depthwise convolution: one filter per channel (or N/C of them)",
        .params = "Kh*Kw*N + N*b",
        .example = "dwconv3 s2",
        .uses = depthwise_uses,
        .shape = depthwise_shape,
        .cost = conv_cost,
        .quick = conv_quick,
        .why_kept = "its input: the gradient of the weights is made of it",
        .keeps = CNN_KEEPS_INPUT,
        .keeps_more = conv_keeps,
        .derivative = CNN_DERIVE_CONV,
        .reach = cnn_window_reach,
        .unread = cnn_window_unread,
    },
    {
        .name = "deconv",
        .role = CNN_ROLE_TRANSPOSED,
        .aliases = "convt",
        .brief = "transposed convolution; gives input x stride unless a padding is given",
        .params = "Kh*Kw*(C/g)*N + N*b",
        .example = "deconv2-8 s2",
        .uses = transposed_uses,
        .shape = deconv_shape,
        .cost = deconv_cost,
        .why_kept = "its input: the gradient of the weights is made of it",
        .keeps = CNN_KEEPS_INPUT,
        .reach = cnn_transposed_reach,
        .sees = cnn_transposed_sees,
    },
    {
        .name = "sepconv",
        .brief = "depthwise, then 1x1, as Keras' SeparableConv2D: one bias at the end",
        .params = "Kh*Kw*C + C*N + N*b",
        .example = "sepconv3-64",
        .uses = two_step_uses,
        .shape = separable_shape,
        .cost = separable_cost,
        .why_kept = "its input, and the map between its two steps",
        .keeps = CNN_KEEPS_INPUT,
        .keeps_more = separable_keeps,
        .reach = cnn_window_reach,
        .unread = cnn_window_unread,
    },
    {
        .name = "deformconv",
        .brief = "deformable convolution with the one that makes its offsets",
        .params = "Kh*Kw*C*(N + 2*Kh*Kw) + N*b + 2*Kh*Kw",
        .example = "deformconv3-64",
        .uses = two_step_uses,
        .shape = deformable_shape,
        .cost = deformable_cost,
        .why_kept = "its input, and an offset for each tap at each place",
        .keeps = CNN_KEEPS_INPUT,
        .keeps_more = deformable_keeps,
        .reach = cnn_window_reach,
        .unread = cnn_window_unread,
    },
    {
        .name = "maxunpool",
        .brief = "puts values back to where a maxpool took them from, zeros elsewhere",
        .example = "maxunpool",
        .uses = unpool_uses,
        .shape = cnn_transposed_shape,
        .why_kept = "nothing more than the places that its pool keeps",
        .reach = cnn_transposed_reach,
        .sees = cnn_transposed_sees,
    },
};

const cnn_family cnn_family_conv = {"convolutions", cnn_ops_conv, CNN_LENGTH(cnn_ops_conv)};
