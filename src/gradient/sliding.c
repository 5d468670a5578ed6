/* Taps outside the map are cut off before the loops, so that these need no tests. */
#include "gradient/sliding.h"

cnn_sliding cnn_sliding_of(const cnn_layer *layer)
{
    cnn_sliding w = {0};
    for (int32_t i = 0; i < 2; i++) {
        w.k[i] = layer->attrs->value[CNN_SIZE][i];
        w.s[i] = layer->attrs->value[CNN_STRIDE][i];
        w.d[i] = layer->attrs->value[CNN_DILATION][i];
        w.low[i] = layer->pad_low[i];
        w.high[i] = layer->pad_high[i];
        w.in[i] = layer->in.side[i];
        w.out[i] = layer->out.side[i];
    }
    return w;
}

/* How many of k taps, d apart from `origin` on, lie before `end`. */
static int64_t taps_before(int64_t end, int64_t origin, int64_t k, int64_t d)
{
    if (end <= origin) {
        return 0;
    }
    const int64_t taps = (end - origin - 1) / d + 1;
    return taps < k ? taps : k;
}

cnn_place cnn_place_at(const cnn_sliding *w, int64_t i, int64_t j)
{
    const int64_t at[2] = {i, j};
    cnn_place place = {0};
    for (int32_t a = 0; a < 2; a++) {
        place.origin[a] = at[a] * w->s[a] - w->low[a];
        place.first[a] = taps_before(0, place.origin[a], w->k[a], w->d[a]);
        place.end[a] = taps_before(w->in[a], place.origin[a], w->k[a], w->d[a]);
    }
    return place;
}

double cnn_place_divisor(const cnn_sliding *w, const cnn_place *at)
{
    int64_t taps[2];
    for (int32_t a = 0; a < 2; a++) {
        taps[a] = taps_before(w->in[a] + w->high[a], at->origin[a], w->k[a], w->d[a]);
    }
    return (double)taps[0] * (double)taps[1];
}
