/*
 * Who keeps what for the backward pass. What a kind keeps is in its entry of the table of kinds;
 * here storages are followed, of which each counts once.
 */
#include "measure/keepers.h"

#include "base/arena.h"
#include "base/checked.h"
#include "ops/op.h"

/* Weights that belong to another layer are trained here, too. */
static bool is_trained(const cnn_layer *layer)
{
    return !layer->frozen && (layer->weights > 0 || layer->biases > 0 || layer->weights_of > 0);
}

/* ---- how values lie in their storage ---- */

/*
 * The axes of a value are its samples, its channels, then its sides. Bit k of `gaps`: axis k was
 * cut, so that what lies along it is followed by a gap. Parts of the channels lie apart from sample
 * to sample, crops within each.
 */
typedef struct lie {
    const cnn_shape *shape;
    int64_t samples;
    uint32_t gaps;
} lie;

enum { OF_CHANNELS = 1u << 1 };

static bool is_single(const lie *value, int32_t axis)
{
    const int64_t size = axis == 0   ? value->samples
                         : axis == 1 ? value->shape->channels
                                     : value->shape->side[axis - 2];
    return size == 1;
}

/* Whether there is a gap between the values along the axes first, ..., end - 1. */
static bool lies_apart(const lie *value, int32_t first, int32_t end, bool dense)
{
    bool before = false, gap = false;
    for (int32_t axis = first; axis < end; axis++) {
        const bool single = is_single(value, axis);
        gap = gap || (before && (value->gaps >> axis & 1) != 0);
        if (gap && (dense || !single)) { /* a step of one size needs something at both sides */
            return true;
        }
        before = before || !single;
    }
    return false;
}

/* Whether the layer has to copy what it reads, because it needs values that lie together. */
static bool has_to_copy(const cnn_layer *layer, const lie *in)
{
    static const struct {
        int32_t first, less; /* axes */
        bool dense;
    } needs[] = {[CNN_TOGETHER_NOTHING] = {1, INT32_MAX, false},
                 [CNN_TOGETHER_SAMPLE] = {1, 0, false},
                 [CNN_TOGETHER_ROWS] = {0, 1, false},
                 [CNN_TOGETHER_ALL] = {0, 0, true}};
    const cnn_together what = layer->op->together;
    return in->gaps != 0 && lies_apart(in, needs[what].first,
                                       in->shape->axes + 2 - needs[what].less, needs[what].dense);
}

/* The gaps of a view of `in`. */
static uint32_t gaps_of_view(const cnn_layer *layer, const lie *in)
{
    uint32_t gaps = in->gaps;
    if (layer->op->together == CNN_TOGETHER_SAMPLE) { /* other axes; each sample lies together */
        return lies_apart(in, 0, in->shape->axes + 2, true) ? OF_CHANNELS : 0;
    }
    gaps |= layer->out.channels != in->shape->channels ? OF_CHANNELS : 0;
    for (int32_t i = 0; i < layer->out.axes; i++) {
        gaps |= layer->out.side[i] != in->shape->side[i] ? 1u << (i + 2) : 0;
    }
    return gaps;
}

/* ---- what a layer keeps ---- */

bool cnn_layer_keeps(const cnn_layer *layer, bool copies, cnn_keeps *out)
{
    const cnn_keep_rule *rule = layer->keep_rule;
    if (rule != NULL) {
        *out = (cnn_keeps){.storages = rule->storages, .why = rule->why};
        return rule->more == NULL || rule->more(layer, out);
    }
    *out = (cnn_keeps){.storages = layer->op->keeps, .why = layer->op->why_kept};
    out->storages |= layer->op->view ? CNN_KEEPS_PLACE : 0;
    const bool fits = layer->op->keeps_more == NULL || layer->op->keeps_more(layer, out);
    if ((out->storages & CNN_KEEPS_TRAINED) != 0 && !is_trained(layer)) {
        out->storages = 0;
    }
    if (copies) {
        out->copied = (out->storages & CNN_KEEPS_INPUT) != 0 ? cnn_shape_values(&layer->in) : 0;
        out->storages &= ~(uint32_t)(CNN_KEEPS_INPUT | CNN_KEEPS_PLACE);
    }
    return fits;
}

/* ---- sums ---- */

static void add_values(cnn_keeping *k, int64_t values, int64_t *sum)
{
    k->sums.fits = cnn_checked_add(*sum, values, sum) && k->sums.fits;
}

/* What the layer keeps besides storages of its input and output. */
static CNN_APART void add_own(cnn_keeping *k, const cnn_keeps *keeps)
{
    cnn_keeps *sums = &k->sums.kept;
    add_values(k, keeps->copied, &sums->values);
    add_values(k, keeps->values, &sums->values);
    add_values(k, keeps->masks, &sums->masks);
    add_values(k, keeps->statistics, &sums->statistics);
    add_values(k, keeps->indices, &sums->indices);
    add_values(k, keeps->once, &sums->once);
    add_values(k, keeps->bytes, &sums->bytes);
}

void cnn_product_extend(cnn_shape *product, const cnn_shape *factor)
{
    if (factor->channels > product->channels) {
        product->channels = factor->channels;
    }
    for (int32_t i = 0; i < product->axes; i++) {
        product->side[i] = factor->side[i] > product->side[i] ? factor->side[i] : product->side[i];
    }
}

static void add_products(cnn_keeping *k, const cnn_layer *layer, const cnn_shape *in)
{
    cnn_shape product = in[0];
    for (int32_t i = 1; i + 1 < layer->source_count; i++) {
        cnn_product_extend(&product, &in[i]);
        if (k->values[layer->sources[i + 1]].wants) {
            add_values(k, cnn_shape_values(&product), &k->sums.kept.values);
        }
    }
}

static void add_trained(cnn_training_sums *sums, const cnn_layer *layer)
{
    if (!layer->frozen && !layer->aux) {                /* heads do not run */
        sums->params += layer->weights + layer->biases; /* the network's total fits */
        sums->tensors += (layer->weights > 0) + (layer->biases > 0);
    }
}

/* ---- who keeps what ---- */

/* Whether what the k-th factor of a product is multiplied by wants a gradient: the product of those
 * before it; for the first one, the second. */
static bool factor_wants(const cnn_layer *layer, const cnn_kept_value *values, int32_t k)
{
    const int32_t first = k == 0 ? 1 : 0, end = k == 0 ? 2 : k;
    bool wants = false;
    for (int32_t i = first; i < end && i < layer->source_count; i++) {
        wants = wants || values[layer->sources[i]].wants;
    }
    return wants;
}

bool cnn_keeps_input(const cnn_layer *layer, const cnn_kept_value *values, int32_t k)
{
    const uint32_t storages = values[layer->index].storages;
    return ((storages & CNN_KEEPS_INPUT) != 0 && k == 0) ||
           ((storages & CNN_KEEPS_OPERANDS) != 0 && factor_wants(layer, values, k));
}

/* Marks a storage as kept by layer `i`, unless an earlier layer keeps it. */
static void keep(cnn_keeping *k, int32_t value, int32_t i)
{
    cnn_kept_value *home = &k->values[k->values[value].home];
    if (home->keeper < 0) {
        home->keeper = i;
        add_values(k, home->values, &k->sums.kept.values);
    } else if (i < home->keeper) {
        home->keeper = i;
    }
}

/* What the layer keeps, where it keeps anything. */
static void keep_storages(cnn_keeping *k, const cnn_layer *layer, const cnn_shape *in)
{
    const int32_t i = layer->index;
    const uint32_t storages = k->values[i].storages;
    if ((storages & CNN_KEEPS_INPUT) != 0) {
        keep(k, layer->sources[0], i);
    }
    if ((storages & CNN_KEEPS_OUTPUT) != 0) {
        keep(k, i, i);
    }
    if ((storages & CNN_KEEPS_EITHER) != 0 && k->either == 0) {
        k->either = i;
    }
    if ((storages & CNN_KEEPS_OPERANDS) != 0) {
        for (int32_t j = 0; j < layer->source_count; j++) {
            if (factor_wants(layer, k->values, j)) {
                keep(k, layer->sources[j], i);
            }
        }
        add_products(k, layer, in);
    }
}

/* What enters a part that is computed again is kept by its first layer, if anything in it wants a
 * gradient. */
static void keep_entering(cnn_keeping *k, const cnn_layer *layer)
{
    const cnn_kept_value *value = &k->values[layer->index];
    k->first = value->opens ? layer->index : k->first;
    for (int32_t j = 0; j < layer->source_count && value->part > 0 && value->wants; j++) {
        if (k->values[layer->sources[j]].part != value->part) {
            keep(k, layer->sources[j], k->first);
        }
    }
}

/* ---- layer by layer ---- */

/* A new value, so far with a storage of its own. NULL: there is no memory. */
static cnn_kept_value *next_value(cnn_keeping *k, const cnn_layer *layer)
{
    cnn_kept_value *value = cnn_arena_push(k->arena, sizeof *value);
    if (value == NULL || k->failed) {
        k->failed = true;
        return NULL;
    }
    const int32_t i = layer->index;
    *value = (cnn_kept_value){.home = i, .keeper = -1, .wants = is_trained(layer)};
    if (k->parts != NULL) {
        value->part = k->parts[i];
        value->opens = value->part > 0 && value[-1].part != value->part;
    }
    return value;
}

/* Auxiliary heads do not run here, either. */
static void read_sources(cnn_keeping *k, const cnn_layer *layer, cnn_kept_value *value)
{
    for (int32_t j = 0; j < cnn_sources_read(layer); j++) {
        const cnn_kept_value *source = &k->values[layer->sources[j]];
        value->wants = value->wants || source->wants;
        if (!layer->aux) {
            k->values[source->home].last = layer->index;
        }
    }
    value->wants = value->wants && !layer->aux;
    value->keeps = value->wants && (k->again || value->part == 0);
}

static void see(cnn_watcher *self, const cnn_layer *layer, const cnn_shape *in)
{
    cnn_keeping *k = (cnn_keeping *)(void *)self;
    cnn_kept_value *value = next_value(k, layer);
    if (value == NULL || layer->source_count == 0) {
        if (value != NULL) {
            value->values = cnn_shape_values(&layer->out);
        }
        return;
    }
    const cnn_kept_value *source = &k->values[layer->sources[0]];
    const lie lies = {&layer->in, k->samples, source->gaps};
    cnn_keeps keeps;
    value->source = layer->sources[0];
    value->copies = has_to_copy(layer, &lies);
    const bool fits = cnn_layer_keeps(layer, value->copies, &keeps);
    value->storages = (uint8_t)keeps.storages;
    value->values = cnn_shape_values(&layer->out);
    if ((keeps.storages & CNN_KEEPS_PLACE) != 0) {
        value->home = source->home;
        value->gaps = (uint8_t)gaps_of_view(layer, &lies);
    }
    read_sources(k, layer, value);
    add_trained(&k->sums, layer);
    if (k->parts != NULL) {
        keep_entering(k, layer);
    }
    if (value->keeps) {
        k->sums.fits = k->sums.fits && fits;
        keep_storages(k, layer, in);
        if (value->copies || layer->op->keeps_more != NULL || layer->keep_rule != NULL) {
            add_own(k, &keeps);
        }
    }
}

bool cnn_keeping_open(cnn_keeping *k, const int32_t *parts, int64_t samples, bool again,
                      cnn_arena *arena)
{
    *k = (cnn_keeping){.watcher = {see},
                       .arena = arena,
                       .parts = parts,
                       .samples = samples,
                       .again = again,
                       .failed = !cnn_arena_align_low(arena),
                       .sums.fits = true};
    k->values = (cnn_kept_value *)(void *)arena->low;
    return !k->failed;
}

/* Whether layer `i` can write over its input: no layer keeps it, and none reads it later. PyTorch
 * refuses it for a part of a split; for crops the same is taken. */
static bool can_overwrite(const cnn_kept_value *values, int32_t i)
{
    const cnn_kept_value *source = &values[values[i].source], *home = &values[source->home];
    return home->keeper < 0 && home->last <= i && source->values == home->values;
}

/* How much enters the parts that are computed again. */
static void count_entering(cnn_kept_value *values, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        cnn_kept_value *keeper = values[i].keeper < 0 ? NULL : &values[values[i].keeper];
        if (keeper != NULL && keeper->opens && values[i].part != keeper->part &&
            keeper->enters >= 0 &&
            !cnn_checked_add(keeper->enters, values[i].values, &keeper->enters)) {
            keeper->enters = -1;
        }
    }
}

bool cnn_keeping_close(cnn_keeping *k, int32_t count)
{
    if (k->failed) {
        return false;
    }
    for (int32_t i = k->either; i > 0 && i < count; i++) { /* these depend on the others */
        cnn_kept_value *value = &k->values[i];
        if (value->keeps && (value->storages & CNN_KEEPS_EITHER) != 0) {
            const bool over = can_overwrite(k->values, i);
            value->storages = over ? CNN_KEEPS_OUTPUT : CNN_KEEPS_INPUT;
            keep(k, over ? i : value->source, i);
        }
    }
    if (k->parts != NULL) {
        count_entering(k->values, count);
    }
    return true;
}

/* The shapes of the sources side by side, for products; NULL: no memory. */
static const cnn_shape *shapes_of(const cnn_network *net, const cnn_layer *layer, cnn_arena *arena)
{
    if (layer->source_count < 3 || (layer->op->keeps & CNN_KEEPS_OPERANDS) == 0) {
        return &layer->in;
    }
    cnn_shape *in = CNN_NEW_ARRAY(arena, cnn_shape, layer->source_count);
    for (int32_t i = 0; in != NULL && i < layer->source_count; i++) {
        in[i] = net->layers[layer->sources[i]].out;
    }
    return in;
}

const cnn_kept_value *cnn_network_kept(const cnn_network *net, const int32_t *parts,
                                       int64_t samples, bool again, cnn_arena *arena,
                                       cnn_training_sums *sums)
{
    cnn_keeping k;
    bool room = cnn_keeping_open(&k, parts, samples, again, arena);
    for (int32_t i = 0; room && i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const cnn_shape *in = shapes_of(net, layer, arena);
        room = in != NULL;
        if (room) {
            see(&k.watcher, layer, in);
        }
    }
    room = room && cnn_keeping_close(&k, net->layer_count);
    *sums = k.sums;
    return room ? k.values : NULL;
}
