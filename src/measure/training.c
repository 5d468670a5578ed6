/*
 * What training keeps. Measured with PyTorch 1.13.1 (torch.autograd.graph.saved_tensors_hooks);
 * docs/memory.md has the rules and their sources. What a kind keeps is in its entry of the table
 * of kinds; here storages are followed, of which each counts once.
 */
#include "measure/training.h"

#include "base/arena.h"
#include "base/checked.h"
#include "base/names.h"
#include "net/network.h"
#include "ops/op.h"

/* ---- who keeps what ---- */

/* Weights that belong to another layer are trained here, too. */
static bool is_trained(const cnn_layer *layer)
{
    return !layer->frozen && (layer->weights > 0 || layer->biases > 0 || layer->weights_of > 0);
}

static int64_t volume(const cnn_layer *layer)
{
    int64_t values = 0;
    (void)cnn_shape_volume(&layer->out, &values); /* it fitted when the layer was resolved */
    return values;
}

/* Whether the layer's input is a part of what its storage holds. */
static bool reads_part(const cnn_network *net, const cnn_layer *layer, const cnn_kept_value *values)
{
    const int32_t source = layer->sources[0], home = values[source].home;
    return home != source && volume(&net->layers[source]) != volume(&net->layers[home]);
}

/* False: something of its own does not fit into 64 bits. */
static bool keeps_of(const cnn_network *net, const cnn_layer *layer, const cnn_kept_value *values,
                     cnn_keeps *out)
{
    *out = (cnn_keeps){.storages = layer->op->keeps, .why = layer->op->why_kept};
    if (layer->op->view) {
        out->storages |= CNN_KEEPS_PLACE;
    }
    return layer->op->keeps_more == NULL ||
           layer->op->keeps_more(layer, reads_part(net, layer, values), out);
}

/* Homes, and who wants a gradient. Auxiliary heads do not run here, either. */
static void find_values(const cnn_network *net, const int32_t *parts, cnn_kept_value *values)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        cnn_kept_value *value = &values[i];
        cnn_keeps keeps;
        *value = (cnn_kept_value){.home = i, .keeper = -1, .wants = is_trained(layer)};
        value->part = parts != NULL ? parts[i] : 0;
        value->opens = value->part > 0 && values[i - 1].part != value->part;
        if (i < net->input_count) {
            continue;
        }
        (void)keeps_of(net, layer, values, &keeps);
        value->storages = (uint8_t)keeps.storages;
        if ((keeps.storages & CNN_KEEPS_PLACE) != 0) {
            value->home = values[layer->sources[0]].home;
        }
        const int32_t read = layer->op->form == CNN_FORM_JOIN ? layer->source_count : 1;
        for (int32_t k = 0; k < read; k++) {
            value->wants = value->wants || values[layer->sources[k]].wants;
        }
        value->wants = value->wants && !layer->aux;
    }
}

/* Whether an input of a product other than the k-th wants a gradient. */
static bool another_wants(const cnn_layer *layer, const cnn_kept_value *values, int32_t k)
{
    for (int32_t i = 0; i < layer->source_count; i++) {
        if (i != k && values[layer->sources[i]].wants) {
            return true;
        }
    }
    return false;
}

/* Whether the layer keeps its k-th input. */
static bool keeps_input(const cnn_layer *layer, const cnn_kept_value *values, uint32_t storages,
                        int32_t k)
{
    const bool idle = (storages & CNN_KEEPS_TRAINED) != 0 && !is_trained(layer);
    return ((storages & CNN_KEEPS_INPUT) != 0 && k == 0 && !idle) ||
           ((storages & CNN_KEEPS_OPERANDS) != 0 && another_wants(layer, values, k));
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
            !cnn_checked_add(keeper->enters, volume(&net->layers[i]), &keeper->enters)) {
            keeper->enters = -1;
        }
    }
}

static void find_keepers(const cnn_network *net, bool again, cnn_kept_value *values)
{
    keep_entering(net, values);
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const bool keeps = values[i].wants && (again || values[i].part == 0);
        const uint32_t storages = keeps ? values[i].storages : 0;
        for (int32_t k = 0; k < layer->source_count && storages != 0; k++) {
            if (keeps_input(layer, values, storages, k)) {
                keep(values, layer->sources[k], i);
            }
        }
        if ((storages & CNN_KEEPS_OUTPUT) != 0) {
            keep(values, i, i);
        }
    }
    for (int32_t i = net->input_count; i < net->layer_count; i++) { /* these depend on the others */
        const bool either = (values[i].storages & CNN_KEEPS_EITHER) != 0 && values[i].wants &&
                            (again || values[i].part == 0);
        if (either && values[values[net->layers[i].sources[0]].home].keeper < 0) {
            keep(values, i, i);
        }
    }
    count_entering(net, values);
}

const cnn_kept_value *cnn_network_kept(const cnn_network *net, const int32_t *parts, bool again,
                                       cnn_arena *arena)
{
    cnn_kept_value *values = CNN_NEW_ARRAY(arena, cnn_kept_value, net->layer_count);
    if (values != NULL) {
        find_values(net, parts, values);
        find_keepers(net, again, values);
    }
    return values;
}

/* ---- bytes of a layer ---- */

/* What a layer keeps is added up, and told, piece by piece. */
typedef struct sum {
    const cnn_kept_form *form;
    const cnn_trace *trace;
    const char *why;
    int64_t all;
    bool fits;
} sum;

/* `values` of each sample, or of all samples together, of so many bytes. */
static void add(sum *s, int64_t values, bool of_each, int64_t bytes)
{
    const int64_t samples = of_each ? s->form->samples : 1;
    int64_t more;
    if (values == 0) {
        return;
    }
    s->fits = s->fits && cnn_checked_mul(values, samples, &more) &&
              cnn_checked_mul(more, bytes, &more) && cnn_checked_add(s->all, more, &s->all);
    if (s->trace != NULL && s->fits) {
        cnn_step step = {.quantity = CNN_STEP_COUNT,
                         .joining = CNN_SUMMED,
                         .formula = of_each ? "v*n*b" : "v*b",
                         .value = {values, of_each ? samples : bytes, of_each ? bytes : 0},
                         .result = s->all,
                         .note = s->why};
        cnn_tell(s->trace, &step);
    }
}

/* The storages that this layer is the first to keep. */
static void add_storages(sum *s, const cnn_network *net, const cnn_layer *layer,
                         const cnn_kept_value *values, uint32_t storages)
{
    const int64_t bytes = s->form->value_bytes;
    for (int32_t k = 0; k < layer->source_count; k++) {
        const int32_t home = values[layer->sources[k]].home;
        bool again = false;
        for (int32_t i = 0; i < k && !again; i++) {
            again =
                values[layer->sources[i]].home == home && keeps_input(layer, values, storages, i);
        }
        const bool entered =
            values[layer->index].opens && values[home].part != values[layer->index].part;
        if (!again && !entered && values[home].keeper == layer->index &&
            keeps_input(layer, values, storages, k)) {
            add(s, volume(&net->layers[home]), true, bytes);
        }
    }
    const int32_t home = values[layer->index].home;
    if (home == layer->index && values[home].keeper == home) {
        add(s, volume(layer), true, bytes);
    }
}

/* What a layer does not keep. */
static void tell_rest(const cnn_layer *layer, const cnn_kept_value *values, uint32_t storages,
                      int64_t kept, const cnn_trace *trace)
{
    enum { SHARED = CNN_KEEPS_INPUT | CNN_KEEPS_OPERANDS | CNN_KEEPS_EITHER };
    const char *note = NULL;
    if (layer->aux) {
        note = "an auxiliary head does not run: nothing is kept";
    } else if (values[layer->index].part > 0) {
        note = kept > 0 ? NULL : "it is computed again in the backward pass: nothing is kept";
    } else if (!values[layer->index].wants) {
        note = "nothing is trained up to here: nothing is kept";
    } else if ((storages & SHARED) != 0 &&
               values[values[layer->sources[0]].home].keeper < layer->index) {
        note = "its input is kept by an earlier layer";
    } else if (kept == 0) {
        note = "its gradient needs no values";
    }
    if (note != NULL) {
        cnn_tell(trace, &(cnn_step){.quantity = CNN_STEP_COUNT, .note = note});
    }
}

bool cnn_layer_entered(const cnn_kept_value *value, const cnn_kept_form *form, int64_t *out)
{
    *out = 0;
    return !value->opens || value->enters == 0 ||
           (value->enters > 0 && cnn_checked_mul(value->enters, form->samples, out) &&
            cnn_checked_mul(*out, form->value_bytes, out));
}

bool cnn_layer_kept(const cnn_network *net, const cnn_layer *layer, const cnn_kept_value *values,
                    const cnn_kept_form *form, const cnn_trace *trace, int64_t *out)
{
    const int64_t b = form->value_bytes, statistic = b > 4 ? b : 4;
    sum s = {form, trace, NULL, 0, true};
    cnn_keeps keeps = {0};
    *out = 0;
    if (values[layer->index].opens && values[layer->index].enters != 0) {
        s.why = "what enters a part that is computed again";
        s.fits = values[layer->index].enters > 0;
        add(&s, values[layer->index].enters, true, b);
    }
    if (values[layer->index].wants && (form->again || values[layer->index].part == 0)) {
        if (!keeps_of(net, layer, values, &keeps)) {
            return false;
        }
        s.why = keeps.why;
        add_storages(&s, net, layer, values, keeps.storages);
        add(&s, keeps.values, true, b);
        add(&s, keeps.masks, true, form->way->cuda ? 1 : b);
        add(&s, keeps.statistics, true, statistic);
        add(&s, keeps.once, false, statistic);
        add(&s, keeps.indices, true, 8);
        add(&s, keeps.bytes, false, 1);
    }
    *out = s.all;
    if (trace != NULL && s.fits) {
        tell_rest(layer, values, keeps.storages, s.all, trace);
    }
    return s.fits;
}

/* Of a layer's k-th input: whether it, an earlier one, or none keeps it. */
static int keeper_of(const cnn_kept_value *values, const cnn_layer *layer, int32_t value)
{
    const int32_t keeper = values[values[value].home].keeper;
    return keeper == layer->index ? 2 : keeper >= 0 && keeper < layer->index;
}

bool cnn_layers_kept_alike(const cnn_kept_value *values, const cnn_layer *a, const cnn_layer *b)
{
    bool same = values[a->index].wants == values[b->index].wants &&
                (values[a->index].part > 0) == (values[b->index].part > 0) &&
                values[a->index].enters == values[b->index].enters &&
                keeper_of(values, a, a->index) == keeper_of(values, b, b->index);
    for (int32_t k = 0; k < a->source_count && same; k++) {
        same = keeper_of(values, a, a->sources[k]) == keeper_of(values, b, b->sources[k]) &&
               values[a->sources[k]].wants == values[b->sources[k]].wants &&
               (values[a->sources[k]].home == a->sources[k]) ==
                   (values[b->sources[k]].home == b->sources[k]);
    }
    return same;
}

/* ---- optimizers ---- */

/* Kingma & Ba 2015, Adam: two moments; PyTorch counts the steps of each tensor in 32 bits. */
static const struct {
    const char *name;
    int32_t moments; /* numbers for each parameter */
    int32_t counter; /* bytes for each tensor */
} optimizers[] = {
    {"none", 0, 0}, {"sgd", 0, 0}, {"momentum", 1, 0}, {"adam", 2, 4}, {"adamw", 2, 4},
};

const char *cnn_optimizer_at(size_t place)
{
    return place < CNN_LENGTH(optimizers) ? optimizers[place].name : NULL;
}

static bool fail(cnn_error *err, int32_t code, cnn_source source, cnn_text name)
{
    err->source = source;
    return cnn_fail_words(err, code, (cnn_span){0, (uint32_t)name.size}, name, (cnn_text){0});
}

bool cnn_training_way_read(cnn_text optimizer, cnn_text device, cnn_training_way *out,
                           cnn_error *err)
{
    *out = (cnn_training_way){0};
    out->cuda = cnn_text_is(device, "cuda");
    if (!out->cuda && device.size > 0 && !cnn_text_is(device, "cpu")) {
        return fail(err, CNN_E_DEVICE, CNN_SOURCE_DEVICE, device);
    }
    for (size_t i = 0; i < CNN_LENGTH(optimizers); i++) {
        if (optimizer.size == 0 || cnn_text_is(optimizer, optimizers[i].name)) {
            out->optimizer = (int32_t)i;
            return true;
        }
    }
    return fail(err, CNN_E_OPTIMIZER, CNN_SOURCE_TRAIN, optimizer);
}

cnn_text cnn_optimizer_name(const cnn_training_way *way)
{
    return cnn_text_of(optimizers[way->optimizer].name);
}

/* What a layer has of parameters that are trained and are no other layer's; heads do not run. */
static bool owns_trained(const cnn_layer *layer)
{
    return !layer->frozen && !layer->aux;
}

int64_t cnn_trained_params(const cnn_network *net)
{
    int64_t params = 0; /* their total fitted when the network was read */
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        params += owns_trained(layer) ? layer->weights + layer->biases : 0;
    }
    return params;
}

bool cnn_optimizer_state(const cnn_network *net, const cnn_kept_form *form, int64_t *out)
{
    const int32_t which = form->way->optimizer;
    int64_t tensors = 0;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        tensors += owns_trained(layer) ? (layer->weights > 0) + (layer->biases > 0) : 0;
    }
    return cnn_checked_mul(cnn_trained_params(net), form->value_bytes, out) &&
           cnn_checked_mul(*out, optimizers[which].moments, out) &&
           cnn_checked_add(*out, tensors * optimizers[which].counter, out);
}
