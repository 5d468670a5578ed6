/* What is known of layers is written once and read often. */
#include "net/effect.h"

bool cnn_effect_keep(cnn_effect *effect, const cnn_attrs *attrs, int32_t in, int32_t out,
                     int32_t layers, const cnn_sums *sums)
{
    /* A million of them, which a network may be, are below 2^59. */
    const int64_t large = cnn_sums_beyond(sums, 39) | (sums->biases | sums->statistics) >> 32;
    if ((large | (in | out) / CNN_SHAPE_NUMBERS) != 0) {
        return false;
    }
    *effect = (cnn_effect){.attrs = attrs,
                           .weights = sums->weights,
                           .macs = sums->macs,
                           .biases = (uint32_t)sums->biases,
                           .statistics = (uint32_t)sums->statistics,
                           .in = in,
                           .out = out,
                           .layers = layers};
    return true;
}
