/* Taps outside the map are cut off before the loops, so that these need no tests. */
#include "gradient/sliding.h"

/* Missing axes come first: a row of L values is a map of 1 x 1 x L. */
cnn_sliding cnn_sliding_of(const cnn_layer *layer)
{
    cnn_sliding w;
    const int32_t missing = CNN_AXES - layer->in.axes;
    for (int32_t a = 0; a < CNN_AXES; a++) {
        const int32_t i = a - missing;
        w.k[a] = i < 0 ? 1 : layer->attrs->value[CNN_SIZE][i];
        w.s[a] = i < 0 ? 1 : layer->attrs->value[CNN_STRIDE][i];
        w.d[a] = i < 0 ? 1 : layer->attrs->value[CNN_DILATION][i];
        w.low[a] = i < 0 ? 0 : layer->pad_low[i];
        w.high[a] = i < 0 ? 0 : layer->pad_high[i];
        w.in[a] = i < 0 ? 1 : layer->in.side[i];
        w.out[a] = i < 0 ? 1 : layer->out.side[i];
    }
    return w;
}

/* How many of k taps, d apart from `origin` on, lie before `end`. */
static int64_t taps_before(int64_t end, int64_t origin, int64_t k, int64_t d)
{
    if (end <= origin) {
        return 0;
    }
    const int64_t room = end - origin;
    const int64_t taps = d == 1 ? room : (room - 1) / d + 1;
    return taps < k ? taps : k;
}

/* Taps before the map and those that reach it: between the two they are inside. */
static void move_to(const cnn_sliding *w, cnn_place *place, int32_t axis, int64_t at)
{
    const int64_t origin = at * w->s[axis] - w->low[axis];
    place->origin[axis] = origin;
    place->first[axis] = taps_before(0, origin, w->k[axis], w->d[axis]);
    place->end[axis] = taps_before(w->in[axis], origin, w->k[axis], w->d[axis]);
}

/* How many positions from j on have all their taps in the map; 0: position j has not. */
static int64_t full_run(const cnn_sliding *w, const cnn_place *place, int64_t j)
{
    const int64_t last = w->in[2] - 1 - (w->k[2] - 1) * w->d[2]; /* largest origin */
    if (place->origin[2] < 0 || place->origin[2] > last) {
        return 0;
    }
    const int64_t run = (last - place->origin[2]) / w->s[2] + 1;
    return run < w->out[2] - j ? run : w->out[2] - j;
}

void cnn_slide(const cnn_sliding *w, cnn_visit *visit, const void *plane)
{
    cnn_place place;
    int64_t o = 0;
    for (int64_t row = 0; row < w->out[0] * w->out[1]; row++) {
        move_to(w, &place, 0, row / w->out[1]);
        move_to(w, &place, 1, row % w->out[1]);
        for (int64_t j = 0; j < w->out[2];) {
            move_to(w, &place, 2, j);
            const int64_t full = full_run(w, &place, j), run = full > 0 ? full : 1;
            visit(plane, &place, o, run);
            o += run;
            j += run;
        }
    }
}

cnn_place cnn_place_at(const cnn_sliding *w, int64_t o)
{
    cnn_place place;
    for (int32_t a = CNN_AXES - 1; a >= 0; a--) {
        move_to(w, &place, a, o % w->out[a]);
        o /= w->out[a];
    }
    return place;
}

/* Of equal values the first counts, as in PyTorch. */
int64_t cnn_largest_tap(const cnn_sliding *w, const double *in, const cnn_place *at)
{
    int64_t best = -1;
    for (int64_t t = at->first[0]; t < at->end[0]; t++) {
        for (int64_t u = at->first[1]; u < at->end[1]; u++) {
            const int64_t row = cnn_place_row(w, at, t, u);
            for (int64_t v = at->first[2]; v < at->end[2]; v++) {
                const int64_t x = row + v * w->d[2];
                best = best < 0 || in[x] > in[best] ? x : best;
            }
        }
    }
    return best;
}

/* No tap is cut off on the low side, because the padding there counts. */
double cnn_place_divisor(const cnn_sliding *w, const cnn_place *at)
{
    double taps = 1;
    for (int32_t a = 0; a < CNN_AXES; a++) {
        taps *= (double)taps_before(w->in[a] + w->high[a], at->origin[a], w->k[a], w->d[a]);
    }
    return taps;
}
