/* Sights layer by layer: every position of a period is looked at, and what it sees is looked up in
 * the sights of the layer before. */
#include "net/sight.h"

#include "base/arena.h"
#include "base/checked.h"

static const int64_t itself = 0;
const cnn_sight cnn_sight_input = {1, 1, &itself, &itself};

/* Larger numbers are not followed: products of three that are smaller fit into 64 bits. */
enum { LIMIT = 1 << 21 };

static bool is_small(int64_t n)
{
    return n > -LIMIT && n < LIMIT;
}

/* What position `at` sees: *last < *first when that is nothing. */
static void look(const cnn_sight *sight, int64_t at, int64_t *first, int64_t *last)
{
    const int64_t index = (at % sight->period + sight->period) % sight->period;
    const int64_t shift = (at - index) / sight->period * sight->advance;
    *first = sight->first[index] + shift;
    *last = sight->last[index] + shift;
}

/* The hull of what every spacing-th of the positions from..to sees. A period further on everything
 * lies further on, so the outermost rows are seen from the first or the last so many positions. */
static void look_at_all(const cnn_sight *sight, int64_t from, int64_t to, int64_t spacing,
                        int64_t *first, int64_t *last)
{
    const int64_t taps = to < from ? 0 : (to - from) / spacing + 1;
    const int64_t count = taps < sight->period ? taps : sight->period;
    *first = INT64_MAX;
    *last = INT64_MIN;
    for (int64_t i = 0; i < 2 * count; i++) {
        int64_t begin, end;
        look(sight, i < count ? from + i * spacing : to - (i - count) * spacing, &begin, &end);
        if (begin <= end) {
            *first = begin < *first ? begin : *first;
            *last = end > *last ? end : *last;
        }
    }
    if (*last < *first) {
        *first = 0;
        *last = -1;
    }
}

/* The input positions from..to that output position `at` sees; none: to < from. */
static void seen_from(const cnn_layer *layer, int32_t axis, const cnn_reach *reach, int64_t at,
                      int64_t *from, int64_t *to)
{
    if (layer->op->sees != NULL) {
        layer->op->sees(layer, axis, at, from, to);
        return;
    }
    /* An extent of several positions has its middle at so many halves. */
    const bool halves = reach->offset_den == 2;
    const int64_t offset = reach->offset_num;
    *from = at * reach->stride_num + (halves ? (offset - (reach->extent - 1)) / 2 : offset);
    *to = *from + reach->extent - 1;
}

/* Moving by a period moves what is seen by whole periods of the input, and that by the advance.
 * False: the period is too long, or the advance too far. */
static bool find_period(const cnn_reach *reach, const cnn_sight *in, int32_t most, int32_t *period,
                        int64_t *advance)
{
    const int64_t common = cnn_greatest_divisor(reach->stride_num, reach->stride_den);
    const int64_t num = reach->stride_num / common, den = reach->stride_den / common;
    if (in->period == 0 || den > most || !is_small(num)) {
        return false;
    }
    const int64_t shared = cnn_greatest_divisor(in->period, num % in->period);
    *period = (int32_t)(den * (in->period / shared));
    *advance = num / shared * in->advance;
    return *period <= most && is_small(*advance);
}

/* Fills in what every position of a period sees. False: it lies too far out. */
static bool see_period(const cnn_layer *layer, int32_t axis, const cnn_reach *reach,
                       const cnn_sight *in, int32_t period, int64_t *first, int64_t *last)
{
    for (int32_t i = 0; i < period; i++) {
        int64_t from, to;
        seen_from(layer, axis, reach, i, &from, &to);
        if (!is_small(from) || !is_small(to)) {
            return false;
        }
        look_at_all(in, from, to, reach->spacing, &first[i], &last[i]);
        if (!is_small(first[i]) || !is_small(last[i])) {
            return false;
        }
    }
    return true;
}

bool cnn_sight_step(const cnn_layer *layer, int32_t axis, const cnn_reach *reach,
                    const cnn_sight *in, int32_t most, cnn_arena *arena, cnn_sight *out)
{
    int32_t period;
    int64_t advance;
    *out = (cnn_sight){0};
    if (!find_period(reach, in, most, &period, &advance)) {
        return true;
    }
    int64_t *first = CNN_NEW_ARRAY(arena, int64_t, 2 * period);
    if (first == NULL) {
        return false;
    }
    int64_t *last = first + period;
    if (see_period(layer, axis, reach, in, period, first, last)) {
        *out = (cnn_sight){period, advance, first, last};
    }
    return true;
}

int32_t cnn_sight_widest(const cnn_sight *sight, int64_t side)
{
    int32_t widest = 0;
    for (int32_t i = 1; i < sight->period && i < side; i++) {
        if (sight->last[i] - sight->first[i] > sight->last[widest] - sight->first[widest]) {
            widest = i;
        }
    }
    return widest;
}
