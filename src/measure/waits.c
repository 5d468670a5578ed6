/*
 * What layers wait for. Branches of a join are not looked up but found: a source that leads to
 * another source of the same join is only on the way there, and every other one ends a branch.
 */
#include "measure/waits.h"

#include "base/arena.h"
#include "ops/op.h"

/* Puts the sources of a join in ascending order, each once, and those that lead to none of the
 * others to the front. `marks` is all 0, and is so again in the end. */
static void find_turns(cnn_waits *waits, cnn_waits *join, unsigned char *marks)
{
    enum { SOURCE = 1, LEADS = 2 };
    int32_t low = join->sources[0], high = low, count = 0;
    for (int32_t k = 0; k < join->count; k++) {
        const int32_t source = join->sources[k];
        low = source < low ? source : low;
        high = source > high ? source : high;
        marks[source] = SOURCE;
    }
    for (int32_t i = high; i > low; i--) {
        for (int32_t k = 0; marks[i] != 0 && k < waits[i].count; k++) {
            const int32_t source = waits[i].sources[k];
            marks[source] |= source >= low ? LEADS : 0;
        }
    }
    for (int32_t i = low; i <= high; i++) {
        if (marks[i] == SOURCE) {
            join->sources[count++] = i;
        }
    }
    join->turns = count;
    for (int32_t i = low; i <= high; i++) {
        if (marks[i] == (SOURCE | LEADS)) {
            join->sources[count++] = i;
        }
        marks[i] = 0;
    }
    join->count = count;
}

/* The distance of the first and the last source: so many layers may be between them. */
static int64_t span_of(const cnn_waits *join)
{
    int32_t low = join->sources[0], high = low;
    for (int32_t k = 1; k < join->count; k++) {
        low = join->sources[k] < low ? join->sources[k] : low;
        high = join->sources[k] > high ? join->sources[k] : high;
    }
    return (int64_t)high - low;
}

cnn_waits *cnn_network_waits(const cnn_network *net, int64_t most, int64_t *work, cnn_arena *arena)
{
    int64_t all = net->layer_count;
    for (int32_t i = 0; i < net->layer_count; i++) {
        all += cnn_sources_read(&net->layers[i]);
    }
    cnn_waits *waits = CNN_NEW_ARRAY(arena, cnn_waits, (int64_t)net->layer_count + 1);
    int32_t *sources = CNN_NEW_ARRAY(arena, int32_t, all);
    cnn_arena scratch = *arena;
    unsigned char *marks = CNN_NEW_ARRAY(&scratch, unsigned char, net->layer_count);
    if (waits == NULL || sources == NULL || marks == NULL) {
        return NULL;
    }
    *work = 0;
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        cnn_waits *w = &waits[i];
        *w = (cnn_waits){.sources = sources, .count = cnn_sources_read(layer)};
        for (int32_t k = 0; k < w->count; k++) {
            *sources++ = layer->sources[k];
        }
        if (w->count > 1 && *work + span_of(w) <= most) {
            *work += span_of(w);
            find_turns(waits, w, marks);
        }
    }
    waits[net->layer_count].sources = sources;
    return waits;
}

void cnn_network_readers(const cnn_network *net, const cnn_waits *waits, int32_t *last)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        last[i] = -1;
    }
    last[net->output] = net->layer_count;
    for (int32_t i = net->layer_count - 1; i >= 0; i--) {
        last[i] = last[i] < 0 && !net->layers[i].aux ? i : last[i];
        for (int32_t k = 0; last[i] >= 0 && k < waits[i].count; k++) {
            const int32_t source = waits[i].sources[k];
            last[source] = i > last[source] ? i : last[source];
        }
    }
}

void cnn_waits_swap(const cnn_waits *w, int32_t a, int32_t b)
{
    const int32_t moved = w->sources[a];
    w->sources[a] = w->sources[b];
    w->sources[b] = moved;
}

bool cnn_waits_turn(const cnn_waits *w)
{
    int32_t from = w->turns - 1; /* from here on the numbers fall */
    while (from > 0 && w->sources[from - 1] > w->sources[from]) {
        from--;
    }
    for (int32_t a = from, b = w->turns - 1; a < b; a++, b--) {
        cnn_waits_swap(w, a, b);
    }
    if (from == 0) {
        return false;
    }
    int32_t larger = from;
    while (w->sources[larger] < w->sources[from - 1]) {
        larger++;
    }
    cnn_waits_swap(w, from - 1, larger);
    return true;
}

int64_t cnn_waits_orders(const cnn_waits *w, int64_t orders, int64_t most)
{
    for (int32_t k = 2; k <= w->turns && orders <= most; k++) {
        orders *= k;
    }
    return orders;
}
