/*
 * Normalisation, and the learned scale, shift and slope per channel.
 *
 * All norms are y = (x - mean)/sqrt(variance + eps) * scale + shift. They differ in the values that
 * mean and variance are of: bn those of a channel in all samples, in those of a channel in one
 * sample, gn those of a group of channels, ln those of all channels at one place, or of the last
 * axes. The scale and the shift are one for each channel, except in an ln of the last axes.
 */
#include "base/checked.h"
#include "ops/families.h"

/* A quantity whose formula has one name, for the number of channels or slopes. */
static void tell_count(const cnn_site *site, cnn_step_kind quantity, const char *formula,
                       int64_t count, int64_t result)
{
    if (site->trace != NULL) {
        cnn_tell(site->trace,
                 &(cnn_step){
                     .quantity = quantity, .formula = formula, .value = {count}, .result = result});
    }
}

static bool scale_cost(cnn_site *site)
{
    site->layer->weights = site->in->channels;
    tell_count(site, CNN_STEP_WEIGHTS, "C", site->in->channels, site->layer->weights);
    return true;
}

static bool shift_cost(cnn_site *site)
{
    site->layer->biases = site->in->channels;
    tell_count(site, CNN_STEP_BIASES, "C", site->in->channels, site->layer->biases);
    return true;
}

/* A scale and a shift for each channel, unless the text has a0. */
static bool affine_cost(cnn_site *site)
{
    if (site->layer->attrs->value[CNN_BIAS][0] == 0) {
        return true;
    }
    (void)scale_cost(site); /* neither can fail */
    return shift_cost(site);
}

/* Over how many of the last axes a layer norm works; 0: over the channels of each place. */
static int32_t last_axes(const cnn_layer *layer, int32_t axes)
{
    const bool some = cnn_given(layer, CNN_SIZE);
    return cnn_given(layer, CNN_ALL) ? axes + 1
           : some                    ? (int32_t)layer->attrs->value[CNN_SIZE][0]
                                     : 0;
}

/* The values that are normalised together. */
static int64_t last_values(const cnn_shape *in, int32_t count)
{
    int64_t values = count > in->axes ? in->channels : 1;
    for (int32_t i = count > in->axes ? 0 : in->axes - count; i < in->axes; i++) {
        values *= in->side[i];
    }
    return values;
}

static bool size_or_all(const cnn_site *site)
{
    return cnn_fail_words(site->err, CNN_E_ATTR_CONFLICT, site->layer->span, cnn_text_of("size"),
                          cnn_text_of("all"));
}

/* ln1, ln2, ...: over so many of the last axes, of which the channels are the first. */
static bool layer_shape(cnn_site *site)
{
    const cnn_layer *layer = site->layer;
    if (cnn_given(layer, CNN_SIZE) && cnn_given(layer, CNN_ALL)) {
        return size_or_all(site);
    }
    const int32_t count = last_axes(layer, site->in->axes);
    if (count > site->in->axes + 1) {
        return cnn_site_fail(site, CNN_E_LAST_AXES, count, site->in->axes + 1);
    }
    return cnn_shape_same(site);
}

/* Over the last axes, each of whose values has its own scale and shift, as LayerNorm([H, W]). */
static bool layer_cost(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    const int32_t count = last_axes(layer, site->in->axes);
    if (count == 0) {
        return affine_cost(site);
    }
    if (layer->attrs->value[CNN_BIAS][0] == 0) {
        return true;
    }
    layer->weights = last_values(site->in, count);
    layer->biases = layer->weights;
    if (count > site->in->axes) {
        cnn_tell_volume(site, site->in);
    }
    tell_count(site, CNN_STEP_WEIGHTS, "n", layer->weights, layer->weights);
    tell_count(site, CNN_STEP_BIASES, "n", layer->biases, layer->biases);
    return true;
}

/* Besides these a batch norm keeps a mean and a variance per channel, which are not trained. */
static bool batch_cost(cnn_site *site)
{
    if (site->in->channels > INT64_MAX / 2) {
        return cnn_site_overflow(site, "the number of statistics");
    }
    site->layer->statistics = 2 * site->in->channels;
    tell_count(site, CNN_STEP_STATISTICS, "2*C", site->in->channels, site->layer->statistics);
    return affine_cost(site);
}

/* CNN_BIAS is 0 or 1: whether factors and shifts are learned. */
static bool affine_quick(cnn_quick *l)
{
    const int64_t both = l->shape->channels * l->number[0].of[CNN_BIAS];
    l->sums->weights += both;
    l->sums->biases += both;
    return true;
}

static bool batch_quick(cnn_quick *l)
{
    l->sums->statistics += 2 * l->shape->channels;
    return affine_quick(l);
}

/* A mean and an inverse deviation of each of `count`. */
static bool two_of_each(int64_t count, int64_t *out)
{
    return cnn_checked_mul(count, 2, out);
}

/* Over the channels, without a size. */
static bool layer_quick(cnn_quick *l)
{
    return l->number[0].of[CNN_SIZE] == 0 &&
           (!l->kept ||
            cnn_keeps_map(l->shape, 2, &cnn_quick_keeps(l, CNN_KEEPS_INPUT)->statistics)) &&
           affine_quick(l);
}

/* What does not divide is left to group_shape, which reports it. */
static bool group_quick(cnn_quick *l)
{
    const int32_t groups = l->number[0].of[CNN_SIZE];
    return l->shape->channels % groups == 0 &&
           (!l->kept || two_of_each(groups, &cnn_quick_keeps(l, CNN_KEEPS_INPUT)->statistics)) &&
           affine_quick(l);
}

/* Factors are repeated for each sample. */
static bool keep_instances(int64_t channels, bool affine, cnn_keeps *out)
{
    if (affine) {
        out->values = channels;
        out->why = "its input, a mean, a deviation and a factor of each channel";
    }
    return two_of_each(channels, &out->statistics);
}

static bool instance_quick(cnn_quick *l)
{
    return (!l->kept || keep_instances(l->shape->channels, l->number[0].of[CNN_BIAS] != 0,
                                       cnn_quick_keeps(l, CNN_KEEPS_INPUT))) &&
           affine_quick(l);
}

static bool group_shape(cnn_site *site)
{
    const int64_t groups = site->layer->attrs->value[CNN_SIZE][0];
    if (site->in->channels % groups != 0) {
        site->err->word[0] = cnn_text_of(site->layer->op->name);
        return cnn_site_fail(site, CNN_E_DIVIDES, groups, site->in->channels);
    }
    return cnn_shape_same(site);
}

static int64_t slopes_of(const cnn_site *site)
{
    if (cnn_given(site->layer, CNN_ALL)) {
        return cnn_shape_values(site->in);
    }
    return cnn_given(site->layer, CNN_SIZE) ? site->layer->attrs->value[CNN_SIZE][0]
                                            : site->in->channels;
}

/* One slope for all channels, or one for each. He et al. 2015, Delving Deep into Rectifiers */
static bool prelu_shape(cnn_site *site)
{
    const int64_t slopes = slopes_of(site);
    if (cnn_given(site->layer, CNN_ALL) && cnn_given(site->layer, CNN_SIZE)) {
        return size_or_all(site);
    }
    if (!cnn_given(site->layer, CNN_ALL) && slopes != 1 && slopes != site->in->channels) {
        return cnn_site_fail(site, CNN_E_PRELU, slopes, site->in->channels);
    }
    return cnn_shape_same(site);
}

static bool prelu_cost(cnn_site *site)
{
    const int64_t slopes = slopes_of(site);
    site->layer->weights = slopes;
    tell_count(site, CNN_STEP_WEIGHTS, "n", slopes, slopes);
    return true;
}

/* 0 is no number, which means one slope for each channel. */
static bool prelu_quick(cnn_quick *l)
{
    const int64_t c = l->shape->channels, n = l->number[0].of[CNN_SIZE];
    if (n > 1 && n != c) {
        return false;
    }
    l->sums->weights += n == 0 ? c : n;
    return true;
}

static bool layer_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    const int32_t count = last_axes(layer, layer->in.axes);
    if (count == 0) {
        /* two statistics for each place, as if they were two channels */
        return cnn_keeps_map(&layer->in, 2, &out->statistics);
    }
    const int64_t rows = cnn_shape_values(&layer->in) / last_values(&layer->in, count);
    out->why = rows == 1 ? "its input, a mean and a deviation" : out->why;
    return two_of_each(rows, &out->statistics);
}

static bool group_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    return two_of_each(layer->attrs->value[CNN_SIZE][0], &out->statistics);
}

/* PyTorch normalises (1, N*C, H, W), with the factors repeated for each sample. */
static bool instance_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    return keep_instances(layer->in.channels, layer->attrs->value[CNN_BIAS][0] != 0, out);
}

/* a0, a1: without and with learned factors and shifts. */
#define AFFINE_USE(usual)                                                                          \
    [CNN_BIAS] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = (usual), .most = 1}

static const cnn_use group_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 32, .least = 1},
    AFFINE_USE(1),
};

static const cnn_use affine_uses[CNN_ATTRS] = {AFFINE_USE(1)};

static const cnn_use plain_uses[CNN_ATTRS] = {AFFINE_USE(0)};

static const cnn_use layer_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .numbers = 1, .least = 1, .most = CNN_AXES + 1},
    AFFINE_USE(1),
    [CNN_ALL] = {.need = CNN_OPTIONAL},
};

static const cnn_use prelu_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .numbers = 1, .least = 1},
    [CNN_ALL] = {.need = CNN_OPTIONAL},
};

const cnn_op cnn_ops_norm[] = {
    {
        /* Ioffe & Szegedy 2015, Batch Normalization */
        .name = "bn",
        .role = CNN_ROLE_BATCH_NORM,
        .aliases = "batchnorm",
        .brief = "batch normalisation; 2C statistics besides, which are not trained",
        .params = "2C*a",
        .example = "bn",
        .why_kept = "its input, and a mean and a deviation of each channel",
        .keeps = CNN_KEEPS_INPUT | CNN_KEEPS_MEANS,
        .uses = affine_uses,
        .affine = true,
        .cost = batch_cost,
        .quick = batch_quick,
    },
    {
        /* Ba et al. 2016, Layer Normalization */
        .name = "ln",
        .role = CNN_ROLE_LAYER_NORM,
        .aliases = "layernorm",
        .brief = "layer normalisation over the channels; ln1: over the last axis; all: over all",
        .params = "2C*a",
        .example = "ln",
        .why_kept = "its input, and a mean and a deviation of each place",
        .keeps = CNN_KEEPS_INPUT,
        .keeps_more = layer_keeps,
        .uses = layer_uses,
        .affine = true,
        .shape = layer_shape,
        .cost = layer_cost,
        .quick = layer_quick,
    },
    {
        /* Wu & He 2018, Group Normalization, from which the 32 groups come */
        .name = "gn",
        .role = CNN_ROLE_GROUP_NORM,
        .aliases = "groupnorm",
        .brief = "group normalisation in G groups (32)",
        .params = "2C*a",
        .example = "gn4",
        .why_kept = "its input, and a mean and a deviation of each group",
        .keeps = CNN_KEEPS_INPUT,
        .keeps_more = group_keeps,
        .together = CNN_TOGETHER_ALL,
        .size = "G",
        .uses = group_uses,
        .affine = true,
        .shape = group_shape,
        .cost = affine_cost,
        .quick = group_quick,
    },
    {
        /* Ulyanov et al. 2016, Instance Normalization; PyTorch learns nothing unless asked to */
        .name = "in",
        .role = CNN_ROLE_INSTANCE_NORM,
        .aliases = "instancenorm",
        .brief = "instance normalisation; a1: with learned factors and shifts",
        .params = "2C*a",
        .example = "in",
        .why_kept = "its input, and a mean and a deviation of each channel",
        .keeps = CNN_KEEPS_INPUT,
        .keeps_more = instance_keeps,
        .together = CNN_TOGETHER_ALL,
        .uses = plain_uses,
        .affine = true,
        .cost = affine_cost,
        .quick = instance_quick,
    },
    {
        .name = "scale",
        .role = CNN_ROLE_SCALE,
        .brief = "a learned factor per channel",
        .params = "C",
        .example = "scale",
        .why_kept = "its input: the gradient of the factors is made of it",
        .keeps = CNN_KEEPS_INPUT | CNN_KEEPS_TRAINED,
        .cost = scale_cost,
    },
    {
        .name = "bias",
        .role = CNN_ROLE_SCALE,
        .brief = "a learned shift per channel",
        .params = "C",
        .example = "bias",
        .cost = shift_cost,
    },
    {
        .name = "prelu",
        .role = CNN_ROLE_LEAKY,
        .brief = "rectifier with n learned slopes (C, or prelu1); all: one for each value",
        .params = "n",
        .example = "prelu1",
        .why_kept = "its input: the slope depends on it",
        .keeps = CNN_KEEPS_INPUT,
        .uses = prelu_uses,
        .shape = prelu_shape,
        .cost = prelu_cost,
        .quick = prelu_quick,
    },
};

const cnn_family cnn_family_norm = {"normalisation and learned factors", cnn_ops_norm,
                                    CNN_LENGTH(cnn_ops_norm)};
