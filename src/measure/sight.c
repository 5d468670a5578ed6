/* Sights, layer by layer: what a position's window covers is looked up in the sight of the layer
 * before. */
#include "measure/sight.h"

#include <assert.h>

#include "base/arena.h"
#include "base/checked.h"

const cnn_sight cnn_sight_input = {.start = {0, 0}, .advance = 1};

static const cnn_rows nothing = {0, -1};

/* Positions that are further out are not listed, so that products of two of them fit into 64 bits
 * without a check, and rows of a steady sight within bounds. */
enum { FAR = 1 << 21 };
#define BOUND (INT64_MAX / 4)

static bool is_near(int64_t n)
{
    return n > -FAR && n < FAR;
}

/* Whether positions that are near can be looked up without checks. */
static bool is_tame(const cnn_sight *sight)
{
    return sight->listed != NULL ||
           (is_near(sight->advance) && sight->start.first > -BOUND && sight->start.last < BOUND);
}

static void widen(cnn_rows *hull, cnn_rows more)
{
    if (more.last < more.first) {
        return;
    }
    const bool empty = hull->last < hull->first;
    hull->first = empty || more.first < hull->first ? more.first : hull->first;
    hull->last = empty || more.last > hull->last ? more.last : hull->last;
}

/* ---- memory ---- */

/* NULL: there is no room. */
static cnn_sight *sight_of(cnn_sights *to)
{
    const int64_t room = sizeof(cnn_sight) / sizeof(cnn_rows) + 1;
    if (to->room < room) {
        return NULL;
    }
    to->room -= room;
    cnn_sight *sight = CNN_NEW(to->arena, cnn_sight);
    to->full = to->full || sight == NULL;
    return sight;
}

/* All positions see `rows`. */
static const cnn_sight *constant(cnn_rows rows, cnn_sights *to)
{
    cnn_sight *sight = sight_of(to);
    if (sight != NULL) {
        *sight = (cnn_sight){.start = rows};
    }
    return sight;
}

/* An empty list for the positions of `range`. */
static cnn_sight *list_of(cnn_rows range, cnn_sights *to, cnn_rows **listed)
{
    const int64_t count = range.last - range.first + 1;
    if (count < 1 || to->room < count) {
        return NULL;
    }
    cnn_sight *sight = sight_of(to);
    if (sight == NULL) {
        return NULL;
    }
    to->room -= count;
    *listed = CNN_NEW_ARRAY(to->arena, cnn_rows, count);
    to->full = to->full || *listed == NULL;
    *sight = (cnn_sight){.listed = *listed, .range = range};
    return *listed == NULL ? NULL : sight;
}

/* ---- windows ---- */

/* The input positions that output position `at` uses. */
static cnn_rows window(const cnn_layer *layer, int32_t axis, const cnn_reach *reach, int64_t at)
{
    cnn_rows used;
    if (layer->op->sees == NULL) {
        /* An extent of several positions has its middle at so many halves. */
        const bool halves = reach->offset_den == 2;
        const int64_t offset = reach->offset_num;
        used.first =
            at * reach->stride_num + (halves ? (offset - (reach->extent - 1)) / 2 : offset);
        used.last = used.first + reach->extent - 1;
        return used;
    }
    layer->op->sees(layer, axis, at, &used.first, &used.last);
    if (layer->op->clamps && at >= 0 && at < layer->out.side[axis]) {
        const int64_t end = layer->in.side[axis] - 1;
        used.first = used.first < 0 ? 0 : used.first;
        used.last = used.last > end ? end : used.last;
    }
    return used;
}

/* Whether the numbers of its windows are small enough to be computed without checks. */
static bool has_near_windows(const cnn_layer *layer, int32_t axis, const cnn_reach *reach)
{
    return is_near(reach->extent) && is_near(reach->stride_num) && is_near(reach->stride_den) &&
           is_near(reach->offset_num / reach->offset_den) && is_near(layer->in.side[axis]) &&
           is_near(layer->out.side[axis]);
}

/* Windows move on steadily over so many positions as the denominator of their stride. */
bool cnn_sight_uses(const cnn_layer *layer, int32_t axis, const cnn_reach *reach, cnn_rows range,
                    cnn_sights *to, cnn_rows *used)
{
    if (range.last < range.first || !has_near_windows(layer, axis, reach)) {
        return false;
    }
    *used = nothing;
    for (int64_t i = 0; i < reach->stride_den && i <= range.last - range.first; i++) {
        widen(used, window(layer, axis, reach, range.first + i));
        widen(used, window(layer, axis, reach, range.last - i));
        to->looks--;
    }
    return to->looks >= 0 && is_near(used->first) && is_near(used->last);
}

/* Whether every position uses the same: global pooling. */
static bool stays(const cnn_layer *layer, int32_t axis, const cnn_reach *reach)
{
    if (layer->op->sees == NULL || reach->stride_den != 1) {
        return false;
    }
    const cnn_rows here = window(layer, axis, reach, 0), next = window(layer, axis, reach, 1);
    return here.first == next.first && here.last == next.last;
}

/* ---- one layer ---- */

/* The hull of what every spacing-th of the positions `used` sees. */
static cnn_rows look(const cnn_sight *in, cnn_rows used, int64_t spacing, cnn_sights *to)
{
    cnn_rows hull = nothing;
    if (used.last < used.first) {
        return nothing;
    }
    if (in->listed == NULL) {
        to->looks--;
        widen(&hull, cnn_sight_at(in, used.first));
        widen(&hull, cnn_sight_at(in, used.last));
        return hull;
    }
    to->looks -= (used.last - used.first) / spacing + 1;
    for (int64_t at = used.first; at <= used.last && to->looks >= 0; at += spacing) {
        widen(&hull, cnn_sight_at(in, at));
    }
    return hull;
}

/* Windows over steady positions move steadily, too. */
static const cnn_sight *step_steadily(const cnn_reach *reach, const cnn_sight *in, cnn_rows used,
                                      cnn_sights *to)
{
    cnn_rows start = in->start;
    int64_t low, high, advance;
    if (!cnn_checked_mul(in->advance, used.first, &low) ||
        !cnn_checked_add(start.first, low, &start.first) ||
        !cnn_checked_mul(in->advance, used.last, &high) ||
        !cnn_checked_add(start.last, high, &start.last) ||
        !cnn_checked_mul(in->advance, reach->stride_num, &advance)) {
        return NULL;
    }
    cnn_sight *out = sight_of(to);
    if (out != NULL) {
        *out = (cnn_sight){.start = start, .advance = advance};
    }
    return out;
}

const cnn_sight *cnn_sight_step(const cnn_layer *layer, int32_t axis, const cnn_reach *reach,
                                const cnn_sight *in, cnn_rows range, cnn_sights *to)
{
    if (in == NULL) {
        return NULL;
    }
    if (in->listed == NULL && layer->op->sees == NULL) {
        return step_steadily(reach, in, window(layer, axis, reach, 0), to);
    }
    if (!has_near_windows(layer, axis, reach) || !is_tame(in)) {
        return NULL;
    }
    if (stays(layer, axis, reach)) {
        const cnn_rows all = look(in, window(layer, axis, reach, 0), 1, to);
        return to->looks < 0 ? NULL : constant(all, to);
    }
    cnn_rows *listed;
    const cnn_sight *out = list_of(range, to, &listed);
    for (int64_t at = range.first; out != NULL && at <= range.last; at++) {
        listed[at - range.first] = look(in, window(layer, axis, reach, at), reach->spacing, to);
    }
    return to->looks < 0 ? NULL : out;
}

/* ---- joins ---- */

const cnn_sight *cnn_sight_stretch(const cnn_sight *in, cnn_sights *to)
{
    return in == NULL ? NULL : constant(cnn_sight_at(in, 0), to);
}

const cnn_sight *cnn_sight_join(const cnn_sight *const *branches, int32_t count, cnn_rows range,
                                cnn_sights *to)
{
    bool steady = true, tame = true;
    cnn_rows hull = nothing;
    for (int32_t i = 0; i < count; i++) {
        if (branches[i] == NULL) {
            return NULL;
        }
        steady =
            steady && branches[i]->listed == NULL && branches[i]->advance == branches[0]->advance;
        tame = tame && is_tame(branches[i]);
        widen(&hull, branches[i]->start);
    }
    if (steady) {
        cnn_sight *out = sight_of(to);
        if (out != NULL) {
            *out = (cnn_sight){.start = hull, .advance = branches[0]->advance};
        }
        return out;
    }
    cnn_rows *listed;
    const cnn_sight *out = tame ? list_of(range, to, &listed) : NULL;
    to->looks -= out != NULL ? (range.last - range.first + 1) * count : 0;
    for (int64_t at = range.first; out != NULL && at <= range.last; at++) {
        hull = nothing;
        for (int32_t i = 0; i < count; i++) {
            widen(&hull, cnn_sight_at(branches[i], at));
        }
        listed[at - range.first] = hull;
    }
    return to->looks < 0 ? NULL : out;
}

/* ---- what is asked of a sight ---- */

cnn_rows cnn_sight_at(const cnn_sight *sight, int64_t at)
{
    if (sight->listed != NULL) {
        assert(at >= sight->range.first && at <= sight->range.last);
        return sight->listed[at - sight->range.first];
    }
    const int64_t shift = at * sight->advance;
    return (cnn_rows){sight->start.first + shift, sight->start.last + shift};
}

int64_t cnn_sight_widest(const cnn_sight *sight, int64_t side)
{
    int64_t widest = 0, most = 0;
    for (int64_t at = 0; sight->listed != NULL && at < side; at++) {
        const cnn_rows seen = cnn_sight_at(sight, at);
        if (seen.last - seen.first + 1 > most) {
            most = seen.last - seen.first + 1;
            widest = at;
        }
    }
    return widest;
}

int64_t cnn_sight_first(const cnn_sight *sight, int64_t side)
{
    int64_t at = 0;
    while (sight->listed != NULL && at < side) {
        const cnn_rows seen = cnn_sight_at(sight, at);
        if (seen.first <= seen.last) {
            return at;
        }
        at++;
    }
    return 0;
}
