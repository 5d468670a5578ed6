/* Layers that change the channels of a map and leave its positions alone. */
#include "ops/channels.h"

void cnn_channels_tell(const cnn_site *site, const char *formula, int64_t a, int64_t b)
{
    if (site->trace != NULL) {
        cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_CHANNELS,
                                          .formula = formula,
                                          .value = {site->in->channels, a, b},
                                          .result = site->layer->out.channels});
    }
}

/* The channels as G x C/G, transposed. Zhang et al. 2018, ShuffleNet */
bool cnn_channels_shuffle(cnn_site *site)
{
    if (site->in->channels % site->layer->attrs->value[CNN_SIZE][0] != 0) {
        site->err->word[0] = cnn_text_of(site->layer->op->name);
        return cnn_site_fail(site, CNN_E_DIVIDES, site->layer->attrs->value[CNN_SIZE][0],
                             site->in->channels);
    }
    return cnn_shape_same(site);
}

/* Nothing moves where there is one group, or one channel in each. */
bool cnn_channels_shuffle_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    const int64_t groups = layer->attrs->value[CNN_SIZE][0];
    out->storages = groups == 1 || groups == layer->in.channels ? CNN_KEEPS_PLACE : 0;
    return true;
}

/* The short cut of a residual block that gets wider. He et al. 2016, option A */
bool cnn_channels_pad(cnn_site *site)
{
    const int64_t n = site->layer->attrs->value[CNN_CHANNELS][0];
    if (n < site->in->channels) {
        return cnn_site_fail(site, CNN_E_FEWER, n, site->in->channels);
    }
    site->layer->out = *site->in;
    site->layer->out.channels = n;
    cnn_tell_note(site, CNN_STEP_CHANNELS, "channels of zeros are added");
    return true;
}

/* chcrop1+2: channels that are cut off before and after. */
bool cnn_channels_crop(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    const int64_t low = site->layer->attrs->value[CNN_SIZE][0];
    const int64_t high = cnn_given(layer, CNN_PAD) ? layer->attrs->value[CNN_PAD_AFTER][0] : low;
    const int64_t c = site->in->channels;
    if (low >= c || high >= c - low) {
        site->err->word[0] = cnn_text_of("number of channels");
        return cnn_site_fail(site, CNN_E_EMPTY_OUTPUT, 0, 0);
    }
    layer->out = *site->in;
    layer->out.channels = c - low - high;
    cnn_channels_tell(site, "C - pl - ph", low, high);
    return true;
}

int64_t cnn_channels_first(const cnn_layer *layer)
{
    return layer->attrs->value[CNN_SIZE][0];
}

/* One channel, of what each position has in all channels. */
bool cnn_channels_one(cnn_site *site)
{
    site->layer->out = *site->in;
    site->layer->out.channels = 1;
    cnn_tell_note(site, CNN_STEP_CHANNELS, "each position keeps one value of all its channels");
    return true;
}
