/* What is known of layers is written once and read often. */
#include "net/effect.h"

/* All bits that its numbers have. None is negative. */
static int64_t bits_of(const cnn_shape *shape)
{
    int64_t bits = shape->channels;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        bits |= shape->side[i];
    }
    return bits;
}

static cnn_small_shape small(const cnn_shape *shape)
{
    cnn_small_shape out = {.channels = (int32_t)shape->channels};
    for (int32_t i = 0; i < CNN_AXES; i++) {
        out.side[i] = (int32_t)shape->side[i];
    }
    return out;
}

bool cnn_effect_keep(cnn_effect *effect, const cnn_attrs *attrs, const cnn_shape *in,
                     const cnn_shape *out, int32_t layers, const cnn_sums *sums)
{
    const int64_t too_large = (bits_of(in) | bits_of(out)) >> 31 |
                              (sums->biases | sums->statistics) >> 32 | layers >> 16 |
                              cnn_sums_large(sums);
    if (too_large != 0) {
        return false;
    }
    *effect = (cnn_effect){.attrs = attrs,
                           .weights = sums->weights,
                           .macs = sums->macs,
                           .biases = (uint32_t)sums->biases,
                           .statistics = (uint32_t)sums->statistics,
                           .in = small(in),
                           .out = small(out),
                           .in_axes = (uint8_t)in->axes,
                           .out_axes = (uint8_t)out->axes,
                           .layers = (uint16_t)layers};
    return true;
}
