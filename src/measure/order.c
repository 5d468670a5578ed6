/*
 * The order in which the branches of joins run, for the least memory. A join's branches may run in
 * any order; the layers of each stay together. Of each join at the top level, with those inside it,
 * all orders are tried where these are few enough; otherwise neighbours change places join by join.
 */
#include "measure/order.h"

#include <string.h>

#include "base/arena.h"
#include "measure/memory.h"
#include "ops/op.h"

enum {
    SWEEPS = 2,         /* what is best inside may depend on the order outside */
    ALL_TRIED = 4,      /* branches of which all orders are tried */
    MOST_WORK = 4000000 /* layers looked at; beyond it the order is what it is by then */
};

typedef struct search {
    cnn_network net; /* in the order that is tried; its layers and their sources are copies */
    const cnn_network *given;
    int32_t *order; /* the given layers, in the order of work */
    int32_t *best;
    int32_t *place; /* of a given layer in `order` */
    int64_t least;  /* values alive at once in the best order, while a join runs: */
    int32_t first, end;
    int64_t work;
    bool *moves; /* of a given join: its branches may change places */
    bool turned; /* the best order is not the given one */
    cnn_arena scratch;
} search;

/* Branches can only change places where each is a run of layers in front of its join. */
static bool can_turn(const cnn_layer *join)
{
    bool runs = join->branches != NULL && join->op->form == CNN_FORM_JOIN && !join->op->splits &&
                join->source_count > 1;
    for (int32_t i = 0; runs && i + 1 < join->source_count; i++) {
        runs = join->branches[i].end == join->branches[i + 1].first;
    }
    return runs && join->branches[join->source_count - 1].end == join->index;
}

/* Whether one branch reads what another one makes, so that their order is given. */
static bool is_tied(const cnn_network *net, const cnn_layer *join)
{
    for (int32_t b = 0; b < join->source_count; b++) {
        const cnn_branch *branch = &join->branches[b];
        for (int32_t i = branch->first; i < branch->end; i++) {
            const cnn_layer *layer = &net->layers[i];
            for (int32_t k = 0; k < layer->source_count; k++) {
                const int32_t source = layer->sources[k];
                if (source >= join->branches[0].first && source < branch->first) {
                    return true;
                }
            }
        }
    }
    return false;
}

/* The network in the order that is tried. */
static void arrange(search *s)
{
    const cnn_network *given = s->given;
    for (int32_t at = 0; at < given->layer_count; at++) {
        s->place[s->order[at]] = at;
    }
    for (int32_t at = 0; at < given->layer_count; at++) {
        const cnn_layer *from = &given->layers[s->order[at]];
        cnn_layer *to = &s->net.layers[at];
        int32_t *sources = (int32_t *)to->sources;
        const cnn_layer copy = *from;
        *to = copy;
        to->index = at;
        to->sources = sources;
        for (int32_t k = 0; k < from->source_count; k++) {
            sources[k] = s->place[from->sources[k]];
        }
    }
    s->net.output = s->place[given->output];
}

/* Keeps the order when it needs less. Each layer's sources have a room of their own size, so the
 * rooms go with the layers. */
static bool try_order(search *s)
{
    s->work += s->given->layer_count;
    arrange(s);
    int64_t peak;
    if (!cnn_network_peak_within(&s->net, s->first, s->end, s->scratch, &peak)) {
        return false;
    }
    if (peak >= 0 && peak < s->least) {
        s->least = peak;
        s->turned = true;
        memcpy(s->best, s->order, (size_t)s->given->layer_count * sizeof *s->order);
    }
    return true;
}

/* The layers of a join's branches, branch by branch, in the order that each has now. Returns where
 * they begin. */
static int32_t take_branches(search *s, const cnn_layer *join, int32_t *layers)
{
    const int32_t first = join->branches[0].first, all = join->index - first;
    int32_t from = s->given->layer_count, used = 0;
    for (int32_t at = 0; at < s->given->layer_count; at++) {
        const bool inside = s->order[at] >= first && s->order[at] < join->index;
        from = inside && at < from ? at : from;
    }
    for (int32_t b = 0; b < join->source_count; b++) {
        for (int32_t at = from; at < from + all; at++) {
            if (s->order[at] >= join->branches[b].first && s->order[at] < join->branches[b].end) {
                layers[used++] = s->order[at];
            }
        }
    }
    return from;
}

/* Writes the branches of a join in the order `turn`, from where they begin. */
static void put_branches(search *s, const cnn_layer *join, const int32_t *turn, int32_t from,
                         const int32_t *layers)
{
    const int32_t first = join->branches[0].first;
    for (int32_t b = 0; b < join->source_count; b++) {
        const cnn_branch *branch = &join->branches[turn[b]];
        const int32_t count = branch->end - branch->first;
        memcpy(s->order + from, layers + (branch->first - first), (size_t)count * sizeof *layers);
        from += count;
    }
}

static void swap(int32_t *list, int32_t a, int32_t b)
{
    const int32_t moved = list[a];
    list[a] = list[b];
    list[b] = moved;
}

static bool try_all(search *s, int32_t index, int32_t end);

/* All orders of a join's branches (Heap's method), with all orders of the joins after it. */
static bool turn_fully(search *s, const cnn_layer *join, int32_t end)
{
    const int32_t all = join->index - join->branches[0].first;
    const cnn_arena before = s->scratch;
    int32_t turn[ALL_TRIED] = {0, 1, 2, 3}, done[ALL_TRIED] = {0};
    int32_t *layers = CNN_NEW_ARRAY(&s->scratch, int32_t, all);
    bool fine = layers != NULL;
    for (int32_t i = 0; fine && i < join->source_count;) {
        if (i > 0 && done[i] == i) {
            done[i++] = 0;
            continue;
        }
        if (i > 0) {
            swap(turn, i % 2 == 0 ? 0 : done[i], i);
            done[i]++;
        }
        i = 1;
        const int32_t from = take_branches(s, join, layers);
        put_branches(s, join, turn, from, layers);
        fine = try_all(s, join->index + 1, end);
    }
    s->scratch = before;
    return fine;
}

/* All orders of the joins from `index` to `end`. */
static bool try_all(search *s, int32_t index, int32_t end)
{
    while (index <= end && !s->moves[index]) {
        index++;
    }
    return index > end ? try_order(s) : turn_fully(s, &s->given->layers[index], end);
}

/* The number of orders of the joins in [first, last], each of up to four branches; more than
 * `most`: too many. */
static int64_t count_orders(const search *s, int32_t first, int32_t last, int64_t most)
{
    static const int32_t orders[ALL_TRIED + 1] = {1, 1, 2, 6, 24};
    int64_t all = 1;
    for (int32_t i = first; i <= last && all <= most; i++) {
        if (s->moves[i]) {
            const int32_t branches = s->given->layers[i].source_count;
            all = branches > ALL_TRIED ? most + 1 : all * orders[branches];
        }
    }
    return all;
}

/* Exchanges neighbours among the branches of one join as long as each exchange helps. */
static bool turn_simply(search *s, const cnn_layer *join)
{
    const cnn_arena before = s->scratch;
    int32_t *layers = CNN_NEW_ARRAY(&s->scratch, int32_t, join->index - join->branches[0].first);
    int32_t *turn = CNN_NEW_ARRAY(&s->scratch, int32_t, join->source_count);
    bool fine = layers != NULL && turn != NULL;
    for (int32_t i = 0; fine && i < join->source_count; i++) {
        turn[i] = i;
    }
    const int32_t from = fine ? take_branches(s, join, layers) : 0;
    for (int32_t i = 0; fine && i + 1 < join->source_count && s->work < MOST_WORK; i++) {
        const int64_t least = s->least;
        swap(turn, i, i + 1);
        put_branches(s, join, turn, from, layers);
        fine = try_order(s);
        if (s->least == least) {
            swap(turn, i, i + 1);
        }
    }
    s->scratch = before;
    return fine;
}

/* The joins inside a join at the top level, and itself, by what is alive while it runs. */
static bool turn_join(search *s, int32_t first, int32_t last)
{
    const int64_t most = (MOST_WORK - s->work) / s->given->layer_count;
    const bool all = count_orders(s, first, last, most) <= most;
    const bool turned = s->turned;
    const size_t bytes = (size_t)s->given->layer_count * sizeof *s->order;
    s->first = first; /* its layers stay where they are, taken together */
    s->end = last + 1;
    s->least = INT64_MAX;
    memcpy(s->order, s->best, bytes);
    if (!try_order(s)) { /* as it is */
        return false;
    }
    s->turned = turned;
    if (all) {
        return try_all(s, first, last);
    }
    bool fine = true;
    for (int32_t i = first; fine && i <= last && s->work < MOST_WORK; i++) {
        if (s->moves[i]) {
            memcpy(s->order, s->best, bytes);
            fine = turn_simply(s, &s->given->layers[i]);
        }
    }
    return fine;
}

/* A copy of the layers with copies of their sources. */
static bool copy_layers(search *s)
{
    const int32_t count = s->given->layer_count;
    s->net = *s->given;
    s->net.layers = CNN_NEW_ARRAY(&s->scratch, cnn_layer, count);
    s->order = CNN_NEW_ARRAY(&s->scratch, int32_t, count);
    s->best = CNN_NEW_ARRAY(&s->scratch, int32_t, count);
    s->place = CNN_NEW_ARRAY(&s->scratch, int32_t, count);
    s->moves = CNN_NEW_ARRAY(&s->scratch, bool, count);
    int32_t most = 1;
    for (int32_t i = 0; i < count; i++) {
        most = s->given->layers[i].source_count > most ? s->given->layers[i].source_count : most;
    }
    int32_t *sources = CNN_NEW_ARRAY(&s->scratch, int32_t, (int64_t)count * most);
    if (s->net.layers == NULL || s->order == NULL || s->best == NULL || s->place == NULL ||
        s->moves == NULL || sources == NULL) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        const cnn_layer *join = &s->given->layers[i];
        const int64_t span = join->branches != NULL ? i - join->branches[0].first : 0;
        s->work += span;
        s->moves[i] = s->work < MOST_WORK && can_turn(join) && !is_tied(s->given, join);
        s->order[i] = s->best[i] = i;
        s->net.layers[i].sources = sources + (int64_t)i * most;
    }
    return true;
}

/* Wide joins would need too much room for the sources of all. */
enum { WIDEST = 64 };

static bool worth_it(const cnn_network *net)
{
    bool any = false;
    for (int32_t i = net->input_count; net->nested && i < net->layer_count; i++) {
        if (net->layers[i].source_count > WIDEST) {
            return false;
        }
        any = any || can_turn(&net->layers[i]);
    }
    return any && net->layer_count <= MOST_WORK / 8;
}

bool cnn_network_order(const cnn_network *net, cnn_arena *arena, cnn_network *out)
{
    search s = {.given = net, .scratch = *arena};
    *out = *net;
    if (!worth_it(net)) {
        return true;
    }
    if (!copy_layers(&s)) {
        return false;
    }
    for (int32_t i = net->layer_count - 1; i >= net->input_count && s.work < MOST_WORK; i--) {
        const cnn_layer *join = &net->layers[i];
        if (join->branches != NULL && !join->aux && join->branches[0].first < i) {
            const int32_t first = join->branches[0].first;
            if (!turn_join(&s, first, i)) {
                return false;
            }
            i = first;
        }
    }
    if (s.turned) {
        memcpy(s.order, s.best, (size_t)net->layer_count * sizeof *s.order);
        arrange(&s);
        *out = s.net;
        *arena = s.scratch;
    }
    return true;
}
