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

/* Where the layer's value lies, and how. */
static void find_place(const cnn_layer *layer, int64_t samples, cnn_kept_value *values)
{
    cnn_kept_value *value = &values[layer->index];
    const cnn_kept_value *source = &values[layer->sources[0]];
    const lie in = {&layer->in, samples, source->gaps};
    cnn_keeps keeps;
    value->copies = has_to_copy(layer, &in);
    (void)cnn_layer_keeps(layer, value->copies, &keeps);
    value->storages = (uint8_t)keeps.storages;
    if ((keeps.storages & CNN_KEEPS_PLACE) != 0) {
        value->home = source->home;
        value->gaps = (uint8_t)gaps_of_view(layer, &in);
    }
}

/* Homes, and who wants a gradient. Auxiliary heads do not run here, either. */
static void find_values(const cnn_network *net, const int32_t *parts, int64_t samples,
                        cnn_kept_value *values)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        cnn_kept_value *value = &values[i];
        *value = (cnn_kept_value){.home = i, .keeper = -1, .wants = is_trained(layer)};
        value->part = parts != NULL ? parts[i] : 0;
        value->opens = value->part > 0 && values[i - 1].part != value->part;
        if (i < net->input_count) {
            continue;
        }
        find_place(layer, samples, values);
        for (int32_t k = 0; k < cnn_sources_read(layer); k++) {
            cnn_kept_value *source = &values[layer->sources[k]];
            value->wants = value->wants || source->wants;
            values[source->home].last = layer->aux ? values[source->home].last : i;
        }
        value->wants = value->wants && !layer->aux;
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
static void keep(cnn_kept_value *values, int32_t value, int32_t i)
{
    cnn_kept_value *home = &values[values[value].home];
    home->keeper = home->keeper < 0 || i < home->keeper ? i : home->keeper;
}

/* What enters a part that is computed again is kept by its first layer, if anything in it wants a
 * gradient. */
static void keep_entering(const cnn_network *net, cnn_kept_value *values)
{
    int32_t first = 0;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        first = values[i].opens ? i : first;
        for (int32_t k = 0; k < layer->source_count && values[i].part > 0 && values[i].wants; k++) {
            if (values[layer->sources[k]].part != values[i].part) {
                keep(values, layer->sources[k], first);
            }
        }
    }
}

/* How much that is. */
static void count_entering(const cnn_network *net, cnn_kept_value *values)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        cnn_kept_value *keeper = values[i].keeper < 0 ? NULL : &values[values[i].keeper];
        if (keeper != NULL && keeper->opens && values[i].part != keeper->part &&
            keeper->enters >= 0 &&
            !cnn_checked_add(keeper->enters, cnn_shape_values(&net->layers[i].out),
                             &keeper->enters)) {
            keeper->enters = -1;
        }
    }
}

/* Whether layer `i` can write over its input: no layer keeps it, and none reads it later. PyTorch
 * refuses it for a part of a split; for crops the same is taken. */
static bool can_overwrite(const cnn_network *net, const cnn_kept_value *values, int32_t i)
{
    const int32_t source = net->layers[i].sources[0], home = values[source].home;
    return values[home].keeper < 0 && values[home].last <= i &&
           cnn_shape_values(&net->layers[source].out) == cnn_shape_values(&net->layers[home].out);
}

static void find_keepers(const cnn_network *net, bool again, cnn_kept_value *values)
{
    keep_entering(net, values);
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        cnn_kept_value *value = &values[i];
        value->keeps = value->wants && (again || value->part == 0);
        for (int32_t k = 0; k < layer->source_count && value->keeps; k++) {
            if (cnn_keeps_input(layer, values, k)) {
                keep(values, layer->sources[k], i);
            }
        }
        if (value->keeps && (value->storages & CNN_KEEPS_OUTPUT) != 0) {
            keep(values, i, i);
        }
    }
    for (int32_t i = net->input_count; i < net->layer_count; i++) { /* these depend on the others */
        if (values[i].keeps && (values[i].storages & CNN_KEEPS_EITHER) != 0) {
            const bool over = can_overwrite(net, values, i);
            values[i].storages = over ? CNN_KEEPS_OUTPUT : CNN_KEEPS_INPUT;
            keep(values, over ? i : net->layers[i].sources[0], i);
        }
    }
    count_entering(net, values);
}

const cnn_kept_value *cnn_network_kept(const cnn_network *net, const int32_t *parts,
                                       int64_t samples, bool again, cnn_arena *arena)
{
    cnn_kept_value *values = CNN_NEW_ARRAY(arena, cnn_kept_value, net->layer_count);
    if (values != NULL) {
        find_values(net, parts, samples, values);
        find_keepers(net, again, values);
    }
    return values;
}
