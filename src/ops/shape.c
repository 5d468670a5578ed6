/*
 * Layers that only move, repeat, cut or add values. None has parameters. Values have the order of
 * PyTorch: channel by channel, row by row.
 */
#include "base/checked.h"
#include "ops/channels.h"
#include "ops/count.h"
#include "ops/families.h"
#include "ops/resample.h"
#include "ops/views.h"
#include "ops/window.h"

static const int64_t *size_of(const cnn_site *site)
{
    return site->layer->attrs->value[CNN_SIZE];
}

/* A side that becomes another by a formula of W and one or two numbers. */
static void tell_side(const cnn_site *site, int32_t axis, const char *formula, int64_t a, int64_t b)
{
    if (site->trace != NULL) {
        cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_SIDE,
                                          .axis = axis + 1,
                                          .formula = formula,
                                          .value = {site->in->side[axis], a, b},
                                          .result = site->layer->out.side[axis]});
    }
}

/* W*f, by repeating each value f times. */
static bool upsample_shape(cnn_site *site)
{
    if (!cnn_site_map(site)) {
        return false;
    }
    site->layer->out = *site->in;
    for (int32_t i = 0; i < site->in->axes; i++) {
        if (!cnn_checked_mul(site->in->side[i], size_of(site)[i], &site->layer->out.side[i])) {
            return cnn_site_overflow(site, "the size of the output");
        }
        tell_side(site, i, "W*f", size_of(site)[i], 0);
    }
    return true;
}

/* The sides that are asked for: those of a label's map, or the numbers of the text. */
static bool target_shape(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    if (!cnn_site_map(site)) {
        return false;
    }
    layer->out = *site->in;
    if (site->count > 1 && site->in[1].axes != site->in->axes) {
        site->err->word[0] = cnn_text_of(layer->op->name);
        return site->in[1].axes == 0
                   ? cnn_site_fail(site, CNN_E_NEEDS_MAP, site->in[1].channels, 0)
                   : cnn_site_fail(site, CNN_E_AXES_DIFFER, site->in->axes, site->in[1].axes);
    }
    for (int32_t i = 0; i < site->in->axes; i++) {
        layer->out.side[i] = site->count > 1 ? site->in[1].side[i] : size_of(site)[i];
    }
    cnn_tell_note(site, CNN_STEP_SIDE, "the layer gives its output's size");
    return true;
}

/* crop1+2: rows and columns that are cut off before and after. */
static bool crop_ends(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    layer->out = *site->in;
    for (int32_t i = 0; i < site->in->axes; i++) {
        const int64_t low = layer->attrs->value[CNN_PAD][i];
        const int64_t high = layer->attrs->value[CNN_PAD_AFTER][i];
        int64_t *const side = &layer->out.side[i];
        if (low >= *side || high >= *side - low) {
            site->err->word[0] = cnn_text_of(cnn_side_name(site->in->axes, i));
            return cnn_site_fail(site, CNN_E_EMPTY_OUTPUT, 0, 0);
        }
        *side -= low + high;
        tell_side(site, i, "W - pl - ph", low, high);
    }
    return true;
}

/* crop1+2 cuts off both ends, crop24 and crop@a cut the middle out. */
static bool crop_shape(cnn_site *site)
{
    if (cnn_given(site->layer, CNN_PAD)) {
        return cnn_site_map(site) && crop_ends(site);
    }
    if (!target_shape(site)) {
        return false;
    }
    for (int32_t i = 0; i < site->in->axes; i++) {
        if (site->layer->out.side[i] > site->in->side[i]) {
            site->err->shape[0] = site->layer->out;
            site->err->shape[1] = *site->in;
            return cnn_site_fail(site, CNN_E_CROP, 0, 0);
        }
    }
    cnn_tell_note(site, CNN_STEP_SIDE,
                  "floor((W - O)/2) rows and columns are cut off before, the others after");
    return true;
}

/* Bilinear as PyTorch has it with align_corners=False: pixels are areas, not points. */
static bool resize_shape(cnn_site *site)
{
    if (!target_shape(site)) {
        return false;
    }
    cnn_tell_note(site, CNN_STEP_SIDE,
                  "output i lies at (i + 1/2)*W/O - 1/2 of the input, between its neighbours");
    return true;
}

static bool pad_shape(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    if (!cnn_site_map(site)) {
        return false;
    }
    layer->out = *site->in;
    for (int32_t i = 0; i < site->in->axes; i++) {
        /* pad1 is the same at both ends, pad1+2 is not */
        const int64_t low = size_of(site)[i];
        const int64_t high =
            cnn_given(layer, CNN_PAD) ? layer->attrs->value[CNN_PAD_AFTER][i] : low;
        /* a pad layer has its numbers where windows have theirs */
        layer->pad_low[i] = low;
        layer->pad_high[i] = high;
        if (!cnn_checked_add(layer->out.side[i], low, &layer->out.side[i]) ||
            !cnn_checked_add(layer->out.side[i], high, &layer->out.side[i])) {
            return cnn_site_overflow(site, "the size of the output");
        }
        if (low == high) {
            tell_side(site, i, "W + 2*p", low, 0);
        } else {
            tell_side(site, i, "W + pl + ph", low, high);
        }
    }
    return true;
}

/* C/R^2 x HR x WR: each block of R x R positions comes from as many channels. On one axis R are
 * enough, on three it takes R^3. Shi et al. 2016, sub-pixel convolution */
static bool pixel_shuffle_shape(cnn_site *site)
{
    const int64_t r = size_of(site)[0];
    int64_t block = 1;
    if (!cnn_site_map(site)) {
        return false;
    }
    for (int32_t i = 0; i < site->in->axes; i++) {
        if (!cnn_checked_mul(block, r, &block)) {
            return cnn_site_overflow(site, "the power of the factor");
        }
    }
    if (site->in->channels % block != 0) {
        site->err->word[0] = cnn_text_of(site->layer->op->name);
        return cnn_site_fail(site, CNN_E_DIVIDES, block, site->in->channels);
    }
    (void)upsample_shape(site); /* as many values as before, which fit: so H*r and W*r fit */
    site->layer->out.channels = site->in->channels / block;
    /* the formula is that of two axes */
    if (site->in->axes == 2) {
        cnn_channels_tell(site, "C/(r*r)", r, 0);
    }
    return true;
}

/* C*R^2 x H/R x W/R, the opposite of a pixel shuffle. */
static bool pixel_unshuffle_shape(cnn_site *site)
{
    const int64_t r = size_of(site)[0];
    cnn_shape *out = &site->layer->out;
    if (!cnn_site_map(site)) {
        return false;
    }
    *out = *site->in;
    for (int32_t i = 0; i < out->axes; i++) {
        if (out->side[i] % r != 0) {
            site->err->word[0] = cnn_text_of(site->layer->op->name);
            return cnn_site_fail(site, CNN_E_SIDES_DIVIDE, r, out->side[i]);
        }
        out->side[i] /= r;
        out->channels *= r; /* as many values as before, which fit */
        tell_side(site, i, "W/r", r, 0);
    }
    /* the formula is that of two axes */
    if (out->axes == 2) {
        cnn_channels_tell(site, "C*r*r", r, 0);
    }
    return true;
}

/* Each position sees a block of R x R. */
static bool block_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t r = layer->attrs->value[CNN_SIZE][axis];
    /* the first block's middle is (r - 1)/2 */
    *out = (cnn_reach){r, r, 1, r - 1, 2, 1};
    return true;
}

/* The middle is cut out; where it cannot be met exactly, one more goes at the high end. */
static bool crop_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t middle = (layer->in.side[axis] - layer->out.side[axis]) / 2;
    const int64_t low = cnn_given(layer, CNN_PAD) ? layer->attrs->value[CNN_PAD][axis] : middle;
    *out = (cnn_reach){1, 1, 1, low, 1, 1};
    return true;
}

/* Output position 0 lies as many places before the input as were added. */
static bool pad_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    *out = (cnn_reach){1, 1, 1, -layer->pad_low[axis], 1, 1};
    return true;
}

/* Three numbers, or two for a map of one axis. */
static const cnn_use reshape_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_REQUIRED, .numbers = 3, .least = 1},
};

static const cnn_use sides_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_REQUIRED, .least = 1},
};

static const cnn_use crop_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_REQUIRED, .least = 1},
    [CNN_PAD_AFTER] = {.need = CNN_OPTIONAL}, /* crop1+1 is not crop1 */
};

static const cnn_use channel_crop_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_REQUIRED, .numbers = 1},
    [CNN_PAD_AFTER] = {.need = CNN_OPTIONAL},
};

/* No least number: a padding of 0 changes nothing, but is allowed. */
static const cnn_use pad_uses[CNN_ATTRS] = {[CNN_SIZE] = {.need = CNN_REQUIRED}};

/* One number for all axes: groups, or the factor of pixels. */
static const cnn_use count_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_REQUIRED, .numbers = 1, .least = 1},
};

static const cnn_use channel_pad_uses[CNN_ATTRS] = {
    [CNN_CHANNELS] = {.need = CNN_REQUIRED, .numbers = 1, .least = 1},
};

const cnn_op cnn_ops_shape[] = {
    {.name = "flatten",
     .role = CNN_ROLE_FLATTEN,
     .brief = "a map as a vector of C*H*W features",
     .example = "flatten",
     .shape = cnn_flatten_shape,
     .quick = cnn_flatten_quick,
     .reach = cnn_global_reach,
     .sees = cnn_global_sees,
     .keeps = CNN_KEEPS_PLACE,
     .together = CNN_TOGETHER_SAMPLE,
     .derivative = CNN_DERIVE_VIEW},
    {.name = "reshape",
     .brief = "the same values as CxHxW, or as CxL of one axis",
     .example = "reshape64x16x16",
     .size = "CxHxW",
     .uses = reshape_uses,
     .shape = cnn_reshape_shape,
     .reach = cnn_global_reach,
     .sees = cnn_global_sees,
     .keeps = CNN_KEEPS_PLACE,
     .together = CNN_TOGETHER_SAMPLE,
     .derivative = CNN_DERIVE_VIEW},
    /* a view with other strides: no value moves */
    {.name = "permute",
     .brief = "the axes in another order, the channels being axis 1: permute2x3x1",
     .example = "permute2x3x1",
     .size = "AxBxC",
     .uses = reshape_uses,
     .shape = cnn_permute_shape,
     .reach = cnn_global_reach,
     .sees = cnn_global_sees,
     .keeps = CNN_KEEPS_PLACE},
    {.name = "upsample",
     .role = CNN_ROLE_UPSAMPLE,
     .brief = "makes height and width F times as large",
     .example = "upsample2",
     .size = "F",
     .uses = sides_uses,
     .shape = upsample_shape,
     .reach = cnn_nearest_reach,
     .sees = cnn_nearest_sees},
    {.name = "resize",
     .role = CNN_ROLE_RESIZE,
     .brief = "bilinear interpolation to HxW, or to the size of @label",
     .example = "resize64",
     .uses = sides_uses,
     .shape = resize_shape,
     .reach = cnn_linear_reach,
     .sees = cnn_linear_sees,
     .clamps = true,
     .takes_label = true},
    /* a U-Net cuts the middle out for its skips: Ronneberger et al. 2015 */
    {.name = "crop",
     .brief = "cuts the middle HxW out, or the size of @label; crop1+2 cuts off both ends",
     .example = "crop24",
     .uses = crop_uses,
     .shape = crop_shape,
     .reach = crop_reach,
     .keeps = CNN_KEEPS_PLACE,
     .two_ends = true,
     .takes_label = true},
    {.name = "pad",
     .role = CNN_ROLE_PAD,
     .brief = "adds P rows and columns of zeros at each side",
     .example = "pad1",
     .size = "P",
     .uses = pad_uses,
     .two_ends = true,
     .shape = pad_shape,
     .reach = pad_reach},
    {.name = "shuffle",
     .brief = "mixes the channels of G groups",
     .example = "shuffle2",
     .size = "G",
     .uses = count_uses,
     .shape = cnn_channels_shuffle,
     .keeps_more = cnn_channels_shuffle_keeps},
    {.name = "pixshuf",
     .brief = "pixel shuffle: C/R^2 x HR x WR",
     .example = "pixshuf2",
     .size = "R",
     .uses = count_uses,
     .shape = pixel_shuffle_shape,
     .reach = cnn_nearest_reach,
     .sees = cnn_nearest_sees},
    {.name = "pixunshuf",
     .brief = "pixel unshuffle: C*R^2 x H/R x W/R",
     .example = "pixunshuf2",
     .size = "R",
     .uses = count_uses,
     .shape = pixel_unshuffle_shape,
     .reach = block_reach},
    {.name = "chpad",
     .brief = "adds channels of zeros up to N",
     .example = "chpad-32",
     .uses = channel_pad_uses,
     .shape = cnn_channels_pad},
    {.name = "chcrop",
     .brief = "cuts channels off: chcrop1+2 cuts 1 before and 2 after",
     .example = "chcrop0+8",
     .uses = channel_crop_uses,
     .shape = cnn_channels_crop,
     .first_channel = cnn_channels_first,
     .two_ends = true,
     .keeps = CNN_KEEPS_PLACE},
    /* both are inputs of a spatial attention: Woo et al. 2018, CBAM */
    {.name = "chmean",
     .brief = "mean over the channels: 1xHxW",
     .example = "chmean",
     .why_kept = "its input: only the size is needed, but PyTorch keeps it",
     .keeps = CNN_KEEPS_INPUT,
     .shape = cnn_channels_one},
    {.name = "chmax",
     .brief = "largest value over the channels: 1xHxW",
     .example = "chmax",
     .shape = cnn_channels_one,
     .why_kept = "the place of each largest value in 64 bits",
     .keeps = CNN_KEEPS_INDICES},
};

const cnn_family cnn_family_shape = {"shape", cnn_ops_shape, CNN_LENGTH(cnn_ops_shape)};
