/*
 * What training keeps. Measured with PyTorch 1.13.1 (torch.autograd.graph.saved_tensors_hooks);
 * docs/memory.md has the rules and their sources. Who keeps what is in keepers.c; here it becomes
 * bytes, and what optimizers keep comes on top.
 */
#include "measure/training.h"

#include "base/arena.h"
#include "base/checked.h"
#include "base/names.h"
#include "measure/keepers.h"
#include "net/network.h"
#include "ops/op.h"

/* ---- bytes of a layer ---- */

/* What a layer keeps is added up, and told, piece by piece. */
typedef struct sum {
    const cnn_kept_form *form;
    const cnn_trace *trace;
    const char *why;
    int64_t all;
    bool fits;
} sum;

static CNN_APART void tell_values(const sum *s, int64_t values, bool of_each, int64_t bytes)
{
    const cnn_step step = {
        .quantity = CNN_STEP_COUNT,
        .joining = CNN_SUMMED,
        .formula = of_each ? "v*n*b" : "v*b",
        .value = {values, of_each ? s->form->samples : bytes, of_each ? bytes : 0},
        .result = s->all,
        .note = s->why};
    cnn_tell(s->trace, &step);
}

/* `values` of each sample, or of all samples together, of so many bytes. Most are 0. */
static inline void add(sum *s, int64_t values, bool of_each, int64_t bytes)
{
    if (values == 0) {
        return;
    }
    const int64_t all = of_each ? s->form->samples * bytes : bytes; /* 2^31 samples of 8 bytes */
    int64_t more;
    s->fits =
        s->fits && cnn_checked_mul(values, all, &more) && cnn_checked_add(s->all, more, &s->all);
    if (s->trace != NULL && s->fits) {
        tell_values(s, values, of_each, bytes);
    }
}

/* The storages that this layer is the first to keep. */
static void add_storages(sum *s, const cnn_network *net, const cnn_layer *layer,
                         const cnn_kept_value *values)
{
    const int64_t bytes = s->form->value_bytes;
    for (int32_t k = 0; k < layer->source_count; k++) {
        const int32_t home = values[layer->sources[k]].home;
        const bool entered =
            values[layer->index].opens && values[home].part != values[layer->index].part;
        bool first =
            !entered && values[home].keeper == layer->index && cnn_keeps_input(layer, values, k);
        for (int32_t i = 0; i < k && first; i++) {
            first = values[layer->sources[i]].home != home || !cnn_keeps_input(layer, values, i);
        }
        if (first) {
            add(s, cnn_shape_values(&net->layers[home].out), true, bytes);
        }
    }
    const int32_t home = values[layer->index].home;
    if (home == layer->index && values[home].keeper == home) {
        add(s, cnn_shape_values(&layer->out), true, bytes);
    }
}

/* A product of three factors or more is made one by one: each product but the last is kept, if the
 * next factor wants a gradient. */
static void add_products(sum *s, const cnn_network *net, const cnn_layer *layer,
                         const cnn_kept_value *values)
{
    cnn_shape product = net->layers[layer->sources[0]].out;
    s->why = "a product of factors before: the slope of the next one";
    for (int32_t k = 1; k + 1 < layer->source_count; k++) {
        cnn_product_extend(&product, &net->layers[layer->sources[k]].out);
        if (values[layer->sources[k + 1]].wants) {
            add(s, cnn_shape_values(&product), true, s->form->value_bytes);
        }
    }
}

/* Other numbers than copies. */
static void add_numbers(sum *s, const cnn_keeps *keeps)
{
    const int64_t b = s->form->value_bytes, statistic = b > 4 ? b : 4;
    add(s, keeps->values, true, b);
    add(s, keeps->masks, true, s->form->way->cuda ? 1 : b);
    add(s, keeps->statistics, true, statistic);
    add(s, keeps->once, false, statistic);
    add(s, keeps->indices, true, 8);
    add(s, keeps->bytes, false, 1);
}

bool cnn_kept_bytes(const cnn_training_sums *sums, const cnn_kept_form *form, int64_t *out)
{
    sum s = {form, NULL, NULL, 0, sums->fits};
    add_numbers(&s, &sums->kept);
    *out = s.all;
    return s.fits;
}

/* What a layer does not keep. */
static void tell_rest(const cnn_layer *layer, const cnn_kept_value *values, int64_t kept,
                      const cnn_trace *trace)
{
    enum { SHARED = CNN_KEEPS_INPUT | CNN_KEEPS_OPERANDS };
    const uint32_t storages = values[layer->index].storages;
    const int32_t keeper =
        layer->source_count > 0 ? values[values[layer->sources[0]].home].keeper : -1;
    const char *note = NULL;
    if (layer->aux) {
        note = "an auxiliary head does not run: nothing is kept";
    } else if (values[layer->index].part > 0) {
        note = kept > 0 ? NULL : "it is computed again in the backward pass: nothing is kept";
    } else if (!values[layer->index].wants) {
        note = "nothing is trained up to here: nothing is kept";
    } else if ((storages & SHARED) != 0 && keeper >= 0 && keeper < layer->index) {
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
    const int64_t b = form->value_bytes;
    sum s = {form, trace, NULL, 0, true};
    cnn_keeps keeps = {0};
    *out = 0;
    if (values[layer->index].opens && values[layer->index].enters != 0) {
        s.why = "what enters a part that is computed again";
        s.fits = values[layer->index].enters > 0;
        add(&s, values[layer->index].enters, true, b);
    }
    if (cnn_value_keeps(&values[layer->index])) {
        if (!cnn_layer_keeps(layer, values[layer->index].copies, &keeps)) {
            return false;
        }
        s.why = "a copy of its input, whose values do not lie together";
        add(&s, keeps.copied, true, b);
        s.why = keeps.why;
        add_storages(&s, net, layer, values);
        add_numbers(&s, &keeps);
        if ((keeps.storages & CNN_KEEPS_OPERANDS) != 0) {
            add_products(&s, net, layer, values);
        }
    }
    *out = s.all;
    if (trace != NULL && s.fits) {
        tell_rest(layer, values, s.all, trace);
    }
    return s.fits;
}

/* Which layer keeps the storage of a value, as the layer that reads or makes it sees it. A layer
 * that comes later makes no difference to it. */
typedef enum keeper { NO_KEEPER_SO_FAR, AN_EARLIER_LAYER, THIS_LAYER } keeper;

static keeper keeper_of(const cnn_kept_value *values, const cnn_layer *layer, int32_t value)
{
    const int32_t first = values[values[value].home].keeper;
    return first == layer->index                ? THIS_LAYER
           : first >= 0 && first < layer->index ? AN_EARLIER_LAYER
                                                : NO_KEEPER_SO_FAR;
}

bool cnn_layers_kept_alike(const cnn_kept_value *values, const cnn_layer *a, const cnn_layer *b)
{
    bool same = values[a->index].wants == values[b->index].wants &&
                values[a->index].storages == values[b->index].storages &&
                values[a->index].copies == values[b->index].copies &&
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

bool cnn_optimizer_state(const cnn_training_sums *sums, const cnn_kept_form *form, int64_t *out)
{
    const int32_t which = form->way->optimizer;
    return cnn_checked_mul(sums->params, form->value_bytes, out) &&
           cnn_checked_mul(*out, optimizers[which].moments, out) &&
           cnn_checked_add(*out, sums->tensors * optimizers[which].counter, out);
}
