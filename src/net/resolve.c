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

/* The sources' shapes side by side; the only source of most layers is used in place. */
static const cnn_shape *gather(const cnn_layer *layer, const cnn_layer *layers, cnn_arena *scratch)
{
    if (layer->source_count == 1) {
        return &layers[layer->sources[0]].out;
    }
    cnn_shape *in = CNN_NEW_ARRAY(scratch, cnn_shape, layer->source_count);
    for (int32_t i = 0; in != NULL && i < layer->source_count; i++) {
        in[i] = layers[layer->sources[i]].out;
    }
    return in;
}

static void tell_flops(const cnn_site *site, int64_t flops)
{
    if (site->layer->aux) {
        cnn_tell_note(site, CNN_STEP_MACS, "an auxiliary head does not run: its MACs count as 0");
        return;
    }
    cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_FLOPS,
                                      .formula = "2*M",
                                      .value = {site->layer->macs},
                                      .result = flops});
}

bool cnn_layer_resolve(cnn_layer *layer, const cnn_layer *layers, cnn_arena scratch, cnn_error *err)
{
    return cnn_layer_resolve_told(layer, layers, scratch, NULL, err);
}

bool cnn_layer_resolve_told(cnn_layer *layer, const cnn_layer *layers, cnn_arena scratch,
                            const cnn_trace *trace, cnn_error *err)
{
    cnn_site site = {layer, gather(layer, layers, &scratch), layer->source_count, err, trace};
    if (site.in == NULL) {
        return cnn_fail_memory(err);
    }
    layer->in = site.in[0];
    if (!layer->op->shape(&site) || (layer->op->cost != NULL && !layer->op->cost(&site))) {
        return false;
    }
    int64_t values, flops;
    if (!cnn_shape_volume(&layer->out, &values)) {
        return cnn_site_overflow(&site, "the number of values");
    }
    if (!cnn_checked_mul(layer->macs, 2, &flops)) {
        return cnn_site_overflow(&site, "the number of FLOPs");
    }
    if (trace != NULL && layer->macs > 0) {
        tell_flops(&site, flops);
    }
    if (layer->aux) {
        layer->macs = 0; /* heads do not run at inference */
    }
    return true;
}

static bool totals_add(cnn_totals *totals, const cnn_layer *layer, cnn_error *err)
{
    int64_t params, doubled;
    bool fits = cnn_checked_add(layer->weights, layer->biases, &params) &&
                cnn_checked_add(totals->params, params, &totals->params) &&
                cnn_checked_add(totals->statistics, layer->statistics, &totals->statistics) &&
                cnn_checked_add(totals->macs, layer->macs, &totals->macs) &&
                cnn_checked_mul(totals->macs, 2, &doubled);
    if (!fits) {
        return cnn_fail_words(err, CNN_E_OVERFLOW, layer->span, cnn_text_of("the total up to here"),
                              (cnn_text){0});
    }
    /* Parts of a sum that fits. */
    totals->weights += layer->weights;
    totals->biases += layer->biases;
    totals->params_without_aux += layer->aux ? 0 : params;
    totals->statistics_without_aux += layer->aux ? 0 : layer->statistics;
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
    cnn_layer *layer = cnn_network_next(net, span, arena, err);
    if (layer == NULL) {
        return false;
    }
    layer->op = &cnn_op_input;
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

cnn_layer *cnn_network_next(cnn_network *net, cnn_span span, cnn_arena *arena, cnn_error *err)
{
    if (net->layer_count > CNN_MAX_LAYERS) {
        cnn_fail_numbers(err, CNN_E_LAYERS_LIMIT, span, CNN_MAX_LAYERS, 0);
        return NULL;
    }
    cnn_layer *layer = cnn_arena_push(arena, sizeof(cnn_layer));
    if (layer == NULL) {
        cnn_fail_memory(err);
        return NULL;
    }
    *layer = (cnn_layer){.span = span};
    return layer;
}

bool cnn_network_add(cnn_network *net, cnn_layer *layer, cnn_arena scratch, cnn_error *err)
{
    if (!cnn_layer_resolve(layer, net->layers, scratch, err) ||
        !totals_add(&net->totals, layer, err)) {
        return false;
    }
    net->layer_count++;
    return true;
}
