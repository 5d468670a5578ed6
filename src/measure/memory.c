/* Which values live when. */
#include "measure/memory.h"

#include "base/arena.h"
#include "base/checked.h"
#include "measure/order.h"
#include "measure/placement.h"
#include "net/network.h"
#include "ops/op.h"

/* ---- who reads a value ---- */

/*
 * What is known of the value that a layer gives. Values and their views are one class, named by
 * the layer that made it first. Parts of a split are classes inside of that of their source.
 */
typedef struct value {
    int32_t class;  /* of which it is one */
    int32_t parent; /* of a class: the class that it is a part of; its own number: none */
    int32_t last;   /* of a class: the layer that reads it last; */
    int32_t inside; /* the same with its parts */
    int32_t cuts;   /* of a class: how many parts were cut from it, */
    int32_t newest; /* the last of them, */
    int32_t older;  /* and the one before; 0: there is none */
    int64_t first;  /* of a part: its values in its class, [first, next) */
    int64_t next;
    int64_t cut_to; /* of a class: where its parts end so far */
    bool mixed;     /* of a class: parts of it may have values in common */
    int32_t home;   /* the layer in whose memory it lies */
    int32_t end;    /* of a home: the layer that reads it last */
} value;

/* Whether a layer makes no values, but shows those of its source or some of its channels. */
static bool is_view(const cnn_layer *layer)
{
    return cnn_op_is_view(layer->op) || layer->op->first_channel != NULL;
}

static void find_class(value *values, const cnn_layer *layer, int32_t i)
{
    value *v = &values[i];
    *v = (value){.class = i, .parent = i, .last = i, .inside = i, .home = i, .end = i};
    if (!is_view(layer) || layer->aux) {
        return;
    }
    const int32_t source = values[layer->sources[0]].class;
    if (layer->op->first_channel == NULL) {
        v->class = source;
        return;
    }
    value *parent = &values[source];
    const int64_t all = cnn_shape_values(&layer->out);
    v->parent = source;
    v->last = v->inside = 0;
    v->first = layer->op->first_channel(layer) * (all / layer->out.channels);
    v->next = v->first + all;
    v->older = parent->newest;
    parent->newest = i;
    parent->cuts++;
    parent->mixed = parent->mixed || v->first < parent->cut_to;
    parent->cut_to = v->next > parent->cut_to ? v->next : parent->cut_to;
}

/* The last reader of each class. A view reads nothing by itself. */
static void find_readers(const cnn_network *net, value *values)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const int32_t reads = cnn_sources_read(layer);
        find_class(values, layer, i);
        for (int32_t k = 0; k < reads && !layer->aux && !is_view(layer); k++) {
            values[values[layer->sources[k]].class].last = i;
        }
    }
    values[values[net->output].class].last = net->layer_count;
    for (int32_t i = net->layer_count - 1; i >= 0; i--) {
        value *v = &values[i], *parent = &values[v->parent];
        v->inside = v->last > v->inside ? v->last : v->inside;
        parent->inside = v->inside > parent->inside ? v->inside : parent->inside;
    }
}

/* So many parts of a value are compared; of more it is taken that they overlap. */
enum { COMPARED = 64 };

/* Whether a part that has values in common with `part` is read after layer `i`. */
static bool is_read_beside(const value *values, int32_t part, int32_t i)
{
    const value *parent = &values[values[part].parent];
    if (!parent->mixed || parent->inside <= i) {
        return false;
    }
    if (parent->cuts > COMPARED) {
        return true;
    }
    for (int32_t at = parent->newest; at > 0; at = values[at].older) {
        const bool common =
            values[at].first < values[part].next && values[part].first < values[at].next;
        if (at != part && values[at].inside > i && common) {
            return true;
        }
    }
    return false;
}

/* Whether nothing after function `i` reads what it reads, be it whole or in part. */
static bool reads_last(const value *values, int32_t class, int32_t i)
{
    if (values[class].inside > i) {
        return false;
    }
    for (int32_t at = class; values[at].parent != at; at = values[at].parent) {
        if (values[values[at].parent].last > i || is_read_beside(values, at, i)) {
            return false;
        }
    }
    return true;
}

static void find_homes(const cnn_network *net, value *values, bool *adds)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const value *source = &values[i < net->input_count ? i : layer->sources[0]];
        const bool shares =
            is_view(layer) || (layer->op->in_place && reads_last(values, source->class, i));
        values[i].home = shares ? source->home : i;
        adds[i] = !shares && !layer->aux;
    }
    for (int32_t i = 0; i < net->layer_count; i++) {
        value *home = &values[values[i].home];
        const int32_t last = net->layers[i].aux ? 0 : values[values[i].class].last;
        home->end = last > home->end ? last : home->end;
    }
}

/* ---- how much lives at once ---- */

/* Drops what layer `i` is the last to read, once, even if it reads it twice. */
static int64_t drop(const cnn_network *net, value *values, int32_t home, int32_t i)
{
    if (values[home].end != i) {
        return 0;
    }
    values[home].end = -1;
    return cnn_shape_values(&net->layers[home].out);
}

/* The most alive while the layers [first, end) run. -1: all values together do not fit into 64
 * bits. */
static int64_t find_peak(const cnn_network *net, value *values, const bool *adds, int32_t first,
                         int32_t end)
{
    int64_t all = 0, alive = 0, peak = 0;
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const int32_t reads = cnn_sources_read(layer);
        const int64_t more = adds[i] ? cnn_shape_values(&layer->out) : 0;
        if (!cnn_checked_add(all, more, &all)) {
            return -1;
        }
        alive += more;
        peak = i >= first && i < end && alive > peak ? alive : peak;
        for (int32_t k = 0; k < reads && !layer->aux; k++) {
            alive -= drop(net, values, values[layer->sources[k]].home, i);
        }
        alive -= adds[i] ? drop(net, values, i, i) : 0; /* nothing reads it */
    }
    return peak;
}

/* Which layers add memory, and how long it lives. NULL: out of memory. */
static value *find_lives(const cnn_network *net, bool *adds, cnn_arena *arena)
{
    value *values = CNN_NEW_ARRAY(arena, value, net->layer_count);
    if (values != NULL && adds != NULL) {
        find_readers(net, values);
        find_homes(net, values, adds);
    }
    return adds != NULL ? values : NULL;
}

const cnn_memory *cnn_network_memory(const cnn_network *net, cnn_arena *arena)
{
    cnn_memory *memory = CNN_NEW(arena, cnn_memory);
    bool *adds = CNN_NEW_ARRAY(arena, bool, net->layer_count);
    cnn_arena scratch = *arena;
    value *values = find_lives(net, adds, &scratch);
    if (memory == NULL || values == NULL) {
        return NULL;
    }
    *memory = (cnn_memory){adds, find_peak(net, values, adds, 0, net->layer_count)};
    return memory;
}

bool cnn_network_peak_within(const cnn_network *net, int32_t first, int32_t end, cnn_arena scratch,
                             int64_t *out)
{
    bool *adds = CNN_NEW_ARRAY(&scratch, bool, net->layer_count);
    value *values = find_lives(net, adds, &scratch);
    if (values != NULL) {
        *out = find_peak(net, values, adds, first, end);
    }
    return values != NULL;
}

static bool place_all(const cnn_network *net, cnn_arena scratch, int64_t *out, int64_t *effort,
                      cnn_error *err)
{
    enum { PAIRS_OF_LAYER = 64 }; /* each buffer is compared with those before it */
    bool *adds = CNN_NEW_ARRAY(&scratch, bool, net->layer_count);
    value *values = find_lives(net, adds, &scratch);
    cnn_buffer *list = CNN_NEW_ARRAY(&scratch, cnn_buffer, CNN_MOST_BUFFERS);
    if (values == NULL || list == NULL) {
        return cnn_fail_memory(err);
    }
    int64_t all = 0;
    int32_t count = 0;
    for (int32_t i = 0; i < net->layer_count; i++) {
        if (!adds[i]) {
            continue;
        }
        if (count == CNN_MOST_BUFFERS ||
            !cnn_checked_add(all, cnn_shape_values(&net->layers[i].out), &all)) {
            *out = -1;
            return true;
        }
        list[count++] = (cnn_buffer){cnn_shape_values(&net->layers[i].out), 0, i, values[i].end};
    }
    *effort += net->layer_count + (int64_t)count * count / 2 / PAIRS_OF_LAYER;
    *out = cnn_buffers_place(list, count, scratch);
    return *out >= 0 || cnn_fail_memory(err);
}

/* Fewer values alive at once need not mean a smaller block: the smaller one of both orders counts.
 */
bool cnn_network_ram(const cnn_network *net, cnn_arena scratch, int64_t *out, int64_t *bound,
                     int64_t *effort, cnn_error *err)
{
    cnn_network turned;
    int64_t other;
    if (!cnn_network_order(net, &scratch, &turned, effort)) {
        return cnn_fail_memory(err);
    }
    cnn_arena rest = scratch;
    const cnn_memory *memory = cnn_network_memory(&turned, &rest);
    if (memory == NULL) {
        return cnn_fail_memory(err);
    }
    *bound = memory->peak;
    if (!place_all(net, scratch, out, effort, err) ||
        !place_all(&turned, scratch, &other, effort, err)) {
        return false;
    }
    *out = other < *out ? other : *out;
    return true;
}

/* ---- the values of a layer ---- */

/* Why a layer adds no values. */
static const char *none_because(const cnn_layer *layer)
{
    return layer->aux       ? "an auxiliary head does not run at inference: no values"
           : is_view(layer) ? "looks at the same values: no new ones"
                            : "works in place: no new values";
}

static void tell_activations(const cnn_layer *layer, int64_t values, const cnn_trace *trace)
{
    const cnn_shape *out = &layer->out;
    cnn_step step = {.quantity = CNN_STEP_COUNT,
                     .formula = out->axes > 0 ? "C*H*W" : "C",
                     .value = {out->channels, out->side[0], out->side[1]},
                     .result = values};
    if (values == 0) {
        step.formula = NULL;
        step.note = none_because(layer);
    } else if (layer->op->in_place) {
        step.note = "what it reads is read later, too: it cannot work in place";
    }
    cnn_tell(trace, &step);
}

int64_t cnn_layer_activations(const cnn_layer *layer, const cnn_memory *memory,
                              const cnn_trace *trace)
{
    const int64_t values = memory->adds[layer->index] ? cnn_shape_values(&layer->out) : 0;
    if (trace != NULL) {
        tell_activations(layer, values, trace);
    }
    return values;
}

bool cnn_activation_bytes(int64_t values, int64_t samples, int64_t bytes, const cnn_trace *trace,
                          int64_t *out)
{
    if (!cnn_checked_mul(values, samples, out) || !cnn_checked_mul(*out, bytes, out)) {
        return false;
    }
    if (trace != NULL && values > 0) {
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_COUNT,
                                    .formula = "v*n*b",
                                    .value = {values, samples, bytes},
                                    .result = *out});
    }
    return true;
}
