/* The loop that gives layers their sizes and counts, and the sums over them. */
#include "base/arena.h"
#include "base/checked.h"
#include "net/network.h"
#include "ops/count.h"
#include "ops/op.h"

bool cnn_shape_volume(const cnn_shape *shape, int64_t *out)
{
    const bool map = shape->axes > 0;
    return cnn_count_product(shape->channels, map ? shape->side[0] : 1, map ? shape->side[1] : 1, 1,
                             out);
}

/* One test for nearly all shapes: their volume is below 2^60. Sides beyond the axes are 0. */
static bool small_shape(const cnn_shape *shape)
{
    return ((uint64_t)(shape->channels | shape->side[0] | shape->side[1]) >> 20) == 0;
}

/* The sources' shapes side by side. */
static CNN_APART const cnn_shape *gather(const cnn_layer *layer, const cnn_layer *layers,
                                         cnn_arena scratch)
{
    cnn_shape *in = CNN_NEW_ARRAY(&scratch, cnn_shape, layer->source_count);
    for (int32_t i = 0; in != NULL && i < layer->source_count; i++) {
        in[i] = layers[layer->sources[i]].out;
    }
    return in;
}

static void tell_flops(const cnn_trace *trace, const cnn_layer *layer)
{
    cnn_step step = {.quantity = CNN_STEP_FLOPS,
                     .formula = "2*M",
                     .value = {layer->macs},
                     .result = 2 * layer->macs};
    if (layer->aux) {
        step = (cnn_step){.quantity = CNN_STEP_MACS,
                          .note = "an auxiliary head does not run: its MACs count as 0"};
    }
    cnn_tell(trace, &step);
}

/* What is no error yet, although the shape was made: more values than can be counted. */
static bool volume_fits(cnn_site *site)
{
    int64_t values;
    if (!small_shape(&site->layer->out) && !cnn_shape_volume(&site->layer->out, &values)) {
        return cnn_site_overflow(site, "the number of values");
    }
    return true;
}

/* Shape and cost as if the layer were no part of an auxiliary head. */
static inline bool measure(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                           const cnn_trace *trace, cnn_error *err)
{
    /* The only source of most layers is used in place. */
    const cnn_shape *in =
        layer->source_count == 1 ? &layers[layer->sources[0]].out : gather(layer, layers, *scratch);
    if (in == NULL) {
        return cnn_fail_memory(err);
    }
    const cnn_op *op = layer->op;
    layer->in = *in;
    if (op->shape == NULL) {
        layer->out = *in;
        if (op->cost == NULL) {
            return true;
        }
    }
    cnn_site site = {layer, in, layer->source_count, err, trace};
    return (op->shape == NULL || op->shape(&site)) && (op->cost == NULL || op->cost(&site)) &&
           (op->shape == NULL || volume_fits(&site));
}

static CNN_COLD bool overflow(const cnn_layer *layer, const char *what, cnn_error *err)
{
    return cnn_fail_words(err, CNN_E_OVERFLOW, layer->span, cnn_text_of(what), (cnn_text){0});
}

/* Two for each MAC. */
static bool flops_fit(const cnn_layer *layer, cnn_error *err)
{
    if (layer->macs > INT64_MAX / 2) {
        return overflow(layer, "the number of FLOPs", err);
    }
    return true;
}

bool cnn_layer_resolve_told(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                            const cnn_trace *trace, cnn_error *err)
{
    if (!measure(layer, layers, scratch, trace, err) || !flops_fit(layer, err)) {
        return false;
    }
    if (trace != NULL && layer->macs > 0) {
        tell_flops(trace, layer);
    }
    if (layer->aux) {
        layer->macs = 0; /* heads do not run at inference */
    }
    return true;
}

bool cnn_layer_resolve(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                       cnn_error *err)
{
    return cnn_layer_resolve_told(layer, layers, scratch, NULL, err);
}

static CNN_APART bool totals_fit(const cnn_totals *totals, const cnn_layer *layer, cnn_error *err)
{
    const int64_t macs = layer->aux ? 0 : layer->macs;
    int64_t params, sum;
    if (!flops_fit(layer, err)) {
        return false;
    }
    /* Statistics are as many as the parameters of the same layer: their sum fits with that. */
    if (!cnn_checked_add(layer->weights, layer->biases, &params) ||
        !cnn_checked_add(totals->params, params, &sum) || totals->macs > INT64_MAX / 2 - macs) {
        return overflow(layer, "the total up to here", err);
    }
    return true;
}

static inline bool totals_add(cnn_totals *totals, cnn_layer *layer, cnn_error *err)
{
    /* None is negative, and nearly always all are below 2^60: then so many sums fit. */
    const int64_t bits = layer->weights | layer->biases | layer->statistics | layer->macs |
                         totals->params | totals->statistics | totals->macs;
    if (bits >> 60 != 0 && !totals_fit(totals, layer, err)) {
        return false;
    }
    const int64_t params = layer->weights + layer->biases;
    totals->params += params;
    totals->weights += layer->weights;
    totals->biases += layer->biases;
    totals->statistics += layer->statistics;
    if (layer->aux) {
        layer->macs = 0; /* heads do not run at inference */
        return true;
    }
    totals->macs += layer->macs;
    totals->params_without_aux += params;
    totals->statistics_without_aux += layer->statistics;
    return true;
}

bool cnn_network_begin(cnn_network *net, const cnn_shape *input, cnn_span span, cnn_arena *arena,
                       cnn_error *err)
{
    if (!cnn_arena_align_low(arena)) {
        return cnn_fail_memory(err);
    }
    net->layers = (cnn_layer *)(void *)arena->low;
    net->layer_count = 0;
    net->output = 0;
    net->totals = (cnn_totals){0};
    static const cnn_attrs none = {0};
    cnn_layer *layer = cnn_network_next(net, &cnn_op_input, &none, arena, err);
    if (layer == NULL) {
        return false;
    }
    layer->span = span;
    layer->sources = NULL;
    layer->source_count = 0;
    layer->in = *input;
    layer->out = *input;
    net->layer_count = 1;
    int64_t values;
    if (!cnn_shape_volume(input, &values)) {
        return cnn_fail_words(err, CNN_E_OVERFLOW, span, cnn_text_of("the number of input values"),
                              (cnn_text){0});
    }
    return true;
}

void cnn_network_refuse(const cnn_network *net, cnn_error *err)
{
    if (net->layer_count > CNN_MAX_LAYERS) {
        cnn_fail_numbers(err, CNN_E_LAYERS_LIMIT, (cnn_span){0, 0}, CNN_MAX_LAYERS, 0);
    } else {
        cnn_fail_memory(err);
    }
}

bool cnn_network_add(cnn_network *net, cnn_layer *layer, const cnn_arena *scratch, cnn_error *err)
{
    if (!measure(layer, net->layers, scratch, NULL, err) ||
        (layer->op->cost != NULL && !totals_add(&net->totals, layer, err))) {
        return false;
    }
    net->layer_count++;
    return true;
}

void cnn_network_mark_join(cnn_network *net, int32_t join, int32_t first)
{
    if (first < join) {
        net->layers[join].join_inside = net->layers[first].join_here;
        net->layers[first].join_here = join;
    }
}
