/*
 * Who keeps what for the backward pass. What a kind keeps is in its entry of the table of kinds;
 * here storages are followed, of which each counts once.
 */
#include "measure/keepers.h"

#include "base/arena.h"
#include "base/checked.h"
#include "measure/lie.h"
#include "ops/op.h"

/* Weights that belong to another layer are trained here, too. */
static bool is_trained(const cnn_layer *layer)
{
    return !layer->frozen && (layer->weights > 0 || layer->biases > 0 || layer->weights_of > 0);
}

/* ---- what a layer keeps ---- */

/* A layer that copies what it reads keeps the copy in place of its input. Returns its values. */
static CNN_APART int64_t keep_copy(const cnn_shape *in, uint32_t *storages)
{
    const int64_t copied = (*storages & CNN_KEEPS_INPUT) != 0 ? cnn_shape_values(in) : 0;
    *storages &= ~(uint32_t)(CNN_KEEPS_INPUT | CNN_KEEPS_PLACE);
    return copied;
}

bool cnn_layer_keeps(const cnn_layer *layer, bool copies, cnn_keeps *out)
{
    const cnn_keep_rule *rule = layer->keep_rule;
    if (rule != NULL) {
        *out = (cnn_keeps){.storages = rule->storages, .why = rule->why};
        return rule->more == NULL || rule->more(layer, out);
    }
    *out = (cnn_keeps){.storages = layer->op->keeps, .why = layer->op->why_kept};
    const bool fits = layer->op->keeps_more == NULL || layer->op->keeps_more(layer, out);
    cnn_keeps_count(cnn_shape_values(&layer->out), layer->out.channels, out);
    if ((out->storages & CNN_KEEPS_TRAINED) != 0 && !is_trained(layer)) {
        out->storages = 0;
    }
    if (copies) {
        out->copied = keep_copy(&layer->in, &out->storages);
    }
    return fits;
}

/* ---- sums ---- */

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
            cnn_keeping_add(k, cnn_shape_values(&product), &k->sums.values);
        }
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

/* Marks a storage as kept by a layer that is before some that have been seen. */
static void keep_before(cnn_keeping *k, int32_t value, int32_t i)
{
    cnn_kept_value *home = &k->values[k->values[value].home];
    cnn_keeping_mark(k, home, i);
    home->keeper = i < home->keeper ? i : home->keeper;
}

/* Each factor of a product is kept, when the others want a gradient. */
static CNN_APART void keep_factors(cnn_keeping *k, const cnn_layer *layer, const cnn_shape *in)
{
    for (int32_t j = 0; j < layer->source_count; j++) {
        if (factor_wants(layer, k->values, j)) {
            cnn_keeping_mark(k, &k->values[k->values[layer->sources[j]].home], layer->index);
        }
    }
    add_products(k, layer, in);
}

/* What the layer of a value keeps of the storages of its input and of its output. */
static inline void keep_storages(cnn_keeping *k, cnn_kept_value *value, uint32_t storages)
{
    const int32_t i = (int32_t)(value - k->values);
    if ((storages & CNN_KEEPS_INPUT) != 0) {
        cnn_keeping_mark(k, &k->values[k->values[value->source].home], i);
    }
    if ((storages & CNN_KEEPS_OUTPUT) != 0) {
        cnn_keeping_mark(k, value, i);
    }
    if ((storages & CNN_KEEPS_EITHER) != 0) {
        cnn_keeping_mark_either(k, i);
    }
}

/* What enters a part that is computed again is kept by its first layer, if anything in it wants a
 * gradient. */
static CNN_APART void see_part(cnn_keeping *k, const cnn_layer *layer)
{
    const int32_t i = layer->index;
    cnn_kept_value *value = &k->values[i];
    value->part = k->parts[i];
    value->opens = value->part > 0 && value[-1].part != value->part;
    k->first = value->opens ? layer->index : k->first;
    for (int32_t j = 0; j < layer->source_count && value->part > 0 && value->wants; j++) {
        if (k->values[layer->sources[j]].part != value->part) {
            keep_before(k, layer->sources[j], k->first);
        }
    }
}

/* ---- layer by layer ---- */

/* Whether any value that the layer reads wants a gradient. */
static bool read_sources(cnn_keeping *k, const cnn_layer *layer)
{
    bool wants = false;
    for (int32_t j = 0; j < cnn_sources_read(layer); j++) {
        const cnn_kept_value *source = &k->values[layer->sources[j]];
        wants = wants || source->wants;
        if (!layer->aux) {
            k->values[source->home].last = layer->index;
        }
    }
    return wants;
}

/* The next value. NULL: there is no room for it, or was none for an earlier one. */
static inline cnn_kept_value *next_value(cnn_keeping *k)
{
    cnn_kept_value *value = cnn_arena_push(k->arena, sizeof *value);
    k->failed = k->failed || value == NULL;
    return k->failed ? NULL : value;
}

static void see_input(cnn_keeping *k, const cnn_layer *layer)
{
    k->values[layer->index] = (cnn_kept_value){
        .values = cnn_shape_values(&layer->out), .home = layer->index, .keeper = -1};
}

/* Auxiliary heads do not run here, either. */
static void see(cnn_keeping *k, const cnn_layer *layer, const cnn_shape *in)
{
    cnn_kept_value *value = next_value(k);
    if (value == NULL) {
        return;
    }
    if (layer->source_count == 0) {
        see_input(k, layer);
        return;
    }
    const int32_t source = layer->sources[0];
    const cnn_lie lies = {&layer->in, k->samples, k->values[source].gaps};
    const bool trained = is_trained(layer), copies = cnn_has_to_copy(layer->op, &lies);
    cnn_keeps keeps;
    const bool fits = cnn_layer_keeps(layer, copies, &keeps);
    *value = (cnn_kept_value){.values = cnn_shape_values(&layer->out),
                              .source = source,
                              .home = layer->index,
                              .keeper = -1,
                              .storages = (uint16_t)keeps.storages};
    if ((keeps.storages & CNN_KEEPS_PLACE) != 0) {
        value->home = k->values[source].home;
        value->gaps = (uint8_t)cnn_gaps_of_view(layer->op, &layer->out, &lies);
    }
    value->copies = copies;
    value->wants = (read_sources(k, layer) || trained) && !layer->aux;
    if (trained && !layer->aux) {
        k->tensors += (layer->weights > 0) + (layer->biases > 0);
    } else if (!layer->aux) {
        k->untrained += layer->weights + layer->biases; /* the network's total fits */
    }
    if (k->parts != NULL) {
        see_part(k, layer);
    }
    value->again = value->part > 0 && !k->again;
    if (cnn_value_keeps(value)) {
        k->fits = k->fits && fits;
        keep_storages(k, value, keeps.storages);
        if ((keeps.storages & CNN_KEEPS_OPERANDS) != 0) {
            keep_factors(k, layer, in);
        }
        cnn_keeping_add_own(k, &keeps);
    }
}

bool cnn_keeping_open(cnn_keeping *k, const int32_t *parts, int64_t samples, bool again,
                      cnn_arena *arena)
{
    *k = (cnn_keeping){.see = see,
                       .arena = arena,
                       .parts = parts,
                       .samples = samples,
                       .again = again,
                       .failed = !cnn_arena_align_low(arena),
                       .fits = true};
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

bool cnn_keeping_close(cnn_keeping *k, const cnn_network *net, cnn_training_sums *sums)
{
    if (k->failed) {
        return false;
    }
    for (int32_t i = k->values[0].next; i > 0; i = k->values[i].next) { /* it depends on others */
        cnn_kept_value *value = &k->values[i];
        const bool over = can_overwrite(k->values, i);
        value->storages = over ? CNN_KEEPS_OUTPUT : CNN_KEEPS_INPUT;
        keep_before(k, over ? i : value->source, i);
    }
    if (k->parts != NULL) {
        count_entering(k->values, net->layer_count);
    }
    *sums = (cnn_training_sums){.kept = k->sums,
                                .fits = k->fits && k->signs >= 0,
                                .params = net->totals.params_without_aux - k->untrained,
                                .tensors = k->tensors};
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
            see(&k, layer, in);
        }
    }
    return room && cnn_keeping_close(&k, net, sums) ? k.values : NULL;
}
