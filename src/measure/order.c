/*
 * An order of the layers in which fewer values are alive at once. Branches run whole, one after
 * another: a layer first needs everything that leads to its first source, then what its second
 * source needs besides, and so on. So an order of the sources of every join is an order of the
 * layers, whatever the network was read from. Blocks end where a single value is all that is needed
 * later, and are searched one by one: all orders where these are few enough, otherwise join by join
 * until nothing improves.
 */
#include "measure/order.h"

#include <string.h>

#include "base/arena.h"
#include "measure/memory.h"
#include "measure/waits.h"
#include "ops/op.h"

enum {
    MOST_WORK = 4000000, /* layers looked at; beyond it the best order so far is taken */
    FEW = 5              /* sources of which all orders are tried, even where joins are many */
};

typedef struct search {
    cnn_network net; /* in the order that is tried; its layers and their sources are copies */
    const cnn_network *given;
    cnn_waits *waits; /* of each given layer, and of the end of the block */
    int32_t *sources; /* of all layers of `net` */
    int32_t *order;   /* the given layers, in the order of work */
    int32_t *best;
    int32_t *held;  /* by which others are judged, where joins are many */
    int32_t *place; /* of a given layer in `order` */
    int32_t *last;  /* of a given layer: see cnn_network_readers */
    int32_t *next;  /* of a given layer: the source to look at next */
    int32_t *stack;
    int32_t *joins; /* those of the block whose sources may change places */
    bool *done;     /* of a given layer: it is in its place */
    int32_t join_count;
    int32_t first, end; /* the block's places in `order` */
    int64_t least;      /* values alive at once while the block runs, in its best order */
    int64_t work, most; /* of the block: it ends above by what one order takes */
    bool turned;        /* the best order is not the given one */
    cnn_arena scratch;
} search;

/* ---- one order ---- */

/* Puts `top` into the order at `at`, after everything that it waits for. */
static int32_t put(search *s, int32_t top, int32_t at)
{
    int32_t depth = 0;
    s->stack[depth++] = top;
    s->next[top] = 0;
    while (depth > 0) {
        const int32_t i = s->stack[depth - 1];
        if (s->next[i] == s->waits[i].count) {
            s->done[i] = true;
            s->order[at++] = i;
            depth--;
            continue;
        }
        const int32_t source = s->waits[i].sources[s->next[i]++];
        if (!s->done[source]) {
            s->next[source] = 0;
            s->stack[depth++] = source;
        }
    }
    return at;
}

/* What the block at hand ends with: values that are needed after it, in the order in which they are
 * made. They are turned like the sources of a join, of which there is one more than layers. */
static cnn_waits *ends_of(const search *s)
{
    return &s->waits[s->given->layer_count];
}

/* The block in the order that the sources of its joins give. */
static void put_block(search *s)
{
    const cnn_waits *ends = ends_of(s);
    int32_t at = s->first;
    for (int32_t i = s->first; i < s->end; i++) {
        s->done[s->order[i]] = false;
    }
    for (int32_t k = 0; k < ends->count; k++) {
        at = s->done[ends->sources[k]] ? at : put(s, ends->sources[k], at);
    }
}

/* The network with its layers in this order. */
static void arrange(search *s, const int32_t *order)
{
    const cnn_network *given = s->given;
    int32_t *sources = s->sources;
    for (int32_t at = 0; at < given->layer_count; at++) {
        s->place[order[at]] = at;
    }
    for (int32_t at = 0; at < given->layer_count; at++) {
        const cnn_waits *w = &s->waits[order[at]];
        cnn_layer *layer = &s->net.layers[at];
        *layer = given->layers[order[at]];
        layer->index = at;
        layer->sources = sources;
        layer->source_count = w->count;
        for (int32_t k = 0; k < w->count; k++) {
            *sources++ = s->place[w->sources[k]];
        }
    }
    s->net.output = s->place[given->output];
}

/* The values alive at once from one place of an order to another. False: out of memory. */
static bool find_peak(search *s, const int32_t *order, int32_t first, int32_t end, int64_t *out)
{
    s->work += s->given->layer_count;
    arrange(s, order);
    return cnn_network_peak_within(&s->net, first, end, s->scratch, out);
}

static void copy_block(const search *s, int32_t *to, const int32_t *from)
{
    memcpy(to + s->first, from + s->first, (size_t)(s->end - s->first) * sizeof *to);
}

/* Keeps the order of the block when it needs less than the best one. */
static bool try_order(search *s)
{
    int64_t peak;
    if (!find_peak(s, s->order, s->first, s->end, &peak)) {
        return false;
    }
    if (peak >= 0 && peak < s->least) {
        s->least = peak;
        s->turned = true;
        copy_block(s, s->best, s->order);
    }
    return true;
}

/* ---- all orders ---- */

/* Goes once round all orders of all joins of the block. */
static bool turn_all(search *s)
{
    bool fine = true;
    for (int32_t turned = 0; fine && turned < s->join_count;) {
        put_block(s);
        fine = try_order(s);
        turned = 0;
        while (turned < s->join_count && !cnn_waits_turn(&s->waits[s->joins[turned]])) {
            turned++;
        }
    }
    return fine;
}

/* ---- join by join ---- */

/* Holds the order of the joins' sources when fewer values are alive at once in the steps that it
 * changes: those before and after are the same then. */
static bool try_held(search *s, bool *better)
{
    int32_t first = s->first, end = s->end;
    int64_t before, after;
    put_block(s);
    while (first < end && s->order[first] == s->held[first]) {
        first++;
    }
    while (first < end && s->order[end - 1] == s->held[end - 1]) {
        end--;
    }
    *better = false;
    if (first == end) {
        return true;
    }
    if (!find_peak(s, s->held, first, end, &before) ||
        !find_peak(s, s->order, first, end, &after)) {
        return false;
    }
    *better = after >= 0 && after < before;
    if (*better) {
        copy_block(s, s->held, s->order);
    }
    return true;
}

/* Goes once round all orders of one join, which keeps the best one. */
static bool turn_few(search *s, const cnn_waits *w, bool *any)
{
    const int64_t orders = cnn_waits_orders(w, 1, INT32_MAX);
    const size_t bytes = (size_t)w->turns * sizeof *w->sources;
    int32_t best[FEW];
    bool fine = true;
    memcpy(best, w->sources, bytes);
    for (int64_t i = 1; fine && i < orders && s->work < s->most; i++) {
        bool better;
        (void)cnn_waits_turn(w);
        fine = try_held(s, &better);
        if (fine && better) {
            memcpy(best, w->sources, bytes);
            *any = true;
        }
    }
    memcpy(w->sources, best, bytes);
    return fine;
}

/* Exchanges any two sources of a join where that helps. */
static bool turn_pairs(search *s, const cnn_waits *w, bool *any)
{
    for (int32_t a = 0; a < w->turns; a++) {
        for (int32_t b = a + 1; b < w->turns && s->work < s->most; b++) {
            bool better;
            cnn_waits_swap(w, a, b);
            if (!try_held(s, &better)) {
                return false;
            }
            *any = *any || better;
            if (!better) {
                cnn_waits_swap(w, a, b);
            }
        }
    }
    return true;
}

static bool turn_one_by_one(search *s)
{
    memcpy(s->held, s->order, (size_t)s->given->layer_count * sizeof *s->held);
    put_block(s);
    copy_block(s, s->held, s->order);
    for (bool any = true; any && s->work < s->most;) {
        any = false;
        for (int32_t j = 0; j < s->join_count; j++) {
            const cnn_waits *w = &s->waits[s->joins[j]];
            if (w->turns <= FEW ? !turn_few(s, w, &any) : !turn_pairs(s, w, &any)) {
                return false;
            }
        }
    }
    copy_block(s, s->order, s->held);
    return try_order(s);
}

/* The order as it is, without what does not run. */
static void begin_order(search *s)
{
    int32_t at = 0;
    for (int32_t i = 0; i < s->given->layer_count; i++) {
        s->order[at] = i;
        at += s->last[i] >= 0;
    }
    for (int32_t i = 0; i < s->given->layer_count; i++) {
        s->order[at] = i;
        at += s->last[i] < 0;
    }
}

static bool take_arrays(search *s)
{
    const int32_t count = s->given->layer_count;
    int64_t all = 0;
    for (int32_t i = 0; i < count; i++) {
        all += cnn_sources_read(&s->given->layers[i]);
    }
    int32_t **arrays[] = {&s->order, &s->best, &s->held,  &s->place,
                          &s->last,  &s->next, &s->stack, &s->joins};
    s->net = *s->given;
    s->net.layers = CNN_NEW_ARRAY(&s->scratch, cnn_layer, count);
    s->sources = CNN_NEW_ARRAY(&s->scratch, int32_t, all);
    s->done = CNN_NEW_ARRAY(&s->scratch, bool, count);
    s->waits = cnn_network_waits(s->given, MOST_WORK / 2, &s->work, &s->scratch);
    bool fine = s->net.layers != NULL && s->sources != NULL && s->done != NULL && s->waits != NULL;
    for (size_t i = 0; fine && i < CNN_LENGTH(arrays); i++) {
        /* one more than layers: a block's end is among its joins */
        *arrays[i] = CNN_NEW_ARRAY(&s->scratch, int32_t, (int64_t)count + 1);
        fine = *arrays[i] != NULL;
    }
    return fine;
}

/* ---- block by block ---- */

/* The next block, up to `top`, the only layer of it whose value is needed later. A value that
 * nothing reads is an end, too. */
static void find_block(search *s, int32_t top)
{
    cnn_waits *ends = ends_of(s);
    s->join_count = ends->count = 0;
    s->first = s->end;
    while (s->end == s->first || s->order[s->end - 1] != top) {
        const int32_t i = s->order[s->end++];
        s->done[i] = true;
        if (s->waits[i].turns > 1) {
            s->joins[s->join_count++] = i;
        }
        if (s->last[i] == i || i == top) {
            ends->sources[ends->count++] = i;
        }
    }
    ends->turns = ends->count;
    if (ends->turns > 1) {
        s->joins[s->join_count++] = s->given->layer_count; /* where ends_of looks */
    }
}

/* No block may take more than half of what is left of the work. */
static bool turn_block(search *s)
{
    const int64_t most = (MOST_WORK - s->work) / 2;
    const bool turned = s->turned;
    int64_t orders = 1;
    for (int32_t j = 0; j < s->join_count; j++) {
        orders = cnn_waits_orders(&s->waits[s->joins[j]], orders, MOST_WORK);
    }
    s->most = s->work + most;
    s->least = INT64_MAX;
    if (!try_order(s)) { /* as it is */
        return false;
    }
    s->turned = turned;
    if (orders <= most / s->given->layer_count ? !turn_all(s) : !turn_one_by_one(s)) {
        return false;
    }
    copy_block(s, s->order, s->best);
    return true;
}

static bool turn_blocks(search *s)
{
    int32_t far = 0; /* the layer by which everything so far has been read */
    for (int32_t i = 0; i < s->given->layer_count && s->work < MOST_WORK; i++) {
        if (i >= s->given->input_count && s->last[i] >= 0 && far <= i) {
            find_block(s, i);
            if (s->join_count > 0 && !turn_block(s)) {
                return false;
            }
        }
        far = s->last[i] > far ? s->last[i] : far;
    }
    return true;
}

/* A network without joins has one order; of one with too many layers few could be tried. */
static bool worth_it(const cnn_network *net)
{
    bool any = false;
    for (int32_t i = net->input_count; !any && i < net->layer_count; i++) {
        any = cnn_sources_read(&net->layers[i]) > 1;
    }
    return any && net->layer_count <= MOST_WORK / 8;
}

bool cnn_network_order(const cnn_network *net, cnn_arena *arena, cnn_network *out, int64_t *effort)
{
    search s = {.given = net, .scratch = *arena};
    *out = *net;
    if (!worth_it(net)) {
        return true;
    }
    if (!take_arrays(&s)) {
        return false;
    }
    cnn_network_readers(net, s.waits, s.last);
    begin_order(&s);
    s.end = net->input_count;
    memset(s.done, true, (size_t)net->input_count * sizeof *s.done);
    memcpy(s.best, s.order, (size_t)net->layer_count * sizeof *s.best);
    if (!turn_blocks(&s)) {
        return false;
    }
    *effort += s.work;
    if (s.turned) {
        arrange(&s, s.best);
        *out = s.net;
        *arena = s.scratch;
    }
    return true;
}
