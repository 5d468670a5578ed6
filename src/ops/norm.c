/* Normalisation, and the learned scale, shift and slope per channel. */
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

/* A scale and a shift for each channel. */
static bool affine_cost(cnn_site *site)
{
    (void)scale_cost(site); /* neither can fail */
    return shift_cost(site);
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
    return cnn_given(site->layer, CNN_SIZE) ? site->layer->attrs->value[CNN_SIZE][0]
                                            : site->in->channels;
}

/* One slope for all channels, or one for each. He et al. 2015, Delving Deep into Rectifiers */
static bool prelu_shape(cnn_site *site)
{
    const int64_t slopes = slopes_of(site);
    if (slopes != 1 && slopes != site->in->channels) {
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

static const cnn_use group_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 32, .least = 1},
};

static const cnn_use prelu_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .numbers = 1, .least = 1},
};

const cnn_op cnn_ops_norm[] = {
    {
        .name = "bn",
        .role = CNN_ROLE_BATCH_NORM,
        .aliases = "batchnorm",
        .brief = "batch normalisation; 2C statistics besides, which are not trained",
        .params = "2C",
        .example = "bn",
        .cost = batch_cost,
    },
    {
        .name = "ln",
        .role = CNN_ROLE_LAYER_NORM,
        .aliases = "layernorm",
        .brief = "layer normalisation over the channels",
        .params = "2C",
        .example = "ln",
        .cost = affine_cost,
    },
    {
        .name = "gn",
        .role = CNN_ROLE_GROUP_NORM,
        .aliases = "groupnorm",
        .brief = "group normalisation in G groups (32)",
        .params = "2C",
        .example = "gn4",
        .size = "G",
        .uses = group_uses,
        .shape = group_shape,
        .cost = affine_cost,
    },
    {
        .name = "in",
        .role = CNN_ROLE_INSTANCE_NORM,
        .aliases = "instancenorm",
        .brief = "instance normalisation, without parameters",
        .example = "in",
    },
    {
        .name = "scale",
        .role = CNN_ROLE_SCALE,
        .brief = "a learned factor per channel",
        .params = "C",
        .example = "scale",
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
        .brief = "rectifier with n learned slopes (C, or prelu1)",
        .params = "n",
        .example = "prelu1",
        .uses = prelu_uses,
        .shape = prelu_shape,
        .cost = prelu_cost,
    },
};

const cnn_family cnn_family_norm = {"normalisation and learned factors", cnn_ops_norm, CNN_LENGTH(cnn_ops_norm)};
