/* Sizes and counts of one layer: the one place where they are computed. */
#include "net/resolve.h"
#include "base/checked.h"

bool cnn_shape_volume(const cnn_shape *shape, int64_t *out)
{
    int64_t volume = shape->channels;
    for (int32_t i = 0; i < shape->axes; i++) {
        if (!cnn_checked_mul(volume, shape->side[i], &volume)) {
            return false;
        }
    }
    *out = volume;
    return true;
}

CNN_APART bool cnn_span_overflow(cnn_span span, const char *what, cnn_error *err)
{
    return cnn_fail_words(err, CNN_E_OVERFLOW, span, cnn_text_of(what), (cnn_text){0});
}

bool cnn_volume_fits(const cnn_shape *shape, const char *what, cnn_span span, cnn_error *err)
{
    int64_t values;
    return cnn_shape_is_small(shape) || cnn_shape_volume(shape, &values) ||
           cnn_span_overflow(span, what, err);
}

bool cnn_input_fits(const cnn_shape *shape, cnn_span span, cnn_error *err)
{
    return cnn_volume_fits(shape, "the number of input values", span, err);
}

/* Shape before cost, because counts depend on the output. Without `shape` it is the input's. */
bool cnn_layer_measure(cnn_layer *layer, const cnn_shape *in, const cnn_trace *trace,
                       cnn_error *err)
{
    const cnn_op *op = layer->op;
    layer->in = *in;
    cnn_site site = {layer, in, layer->source_count, err, trace};
    if (op->shape == NULL) {
        layer->out = *in;
        return op->cost == NULL || op->cost(&site);
    }
    return op->shape(&site) && (op->cost == NULL || op->cost(&site)) &&
           cnn_volume_fits(&layer->out, "the number of values", layer->span, err);
}

/* ---- once more, for those who want the steps ---- */

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

bool cnn_flops_fit(const cnn_layer *layer, cnn_error *err)
{
    return layer->macs <= INT64_MAX / 2 ||
           cnn_span_overflow(layer->span, "the number of FLOPs", err);
}

/* The sources' shapes side by side; NULL: no memory. */
static const cnn_shape *gather(const cnn_layer *layer, const cnn_layer *layers, cnn_arena scratch)
{
    cnn_shape *in = CNN_NEW_ARRAY(&scratch, cnn_shape, layer->source_count);
    for (int32_t i = 0; in != NULL && i < layer->source_count; i++) {
        in[i] = layers[layer->sources[i]].out;
    }
    return in;
}

bool cnn_layer_resolve_told(cnn_layer *layer, const cnn_layer *layers, const cnn_arena *scratch,
                            const cnn_trace *trace, cnn_error *err)
{
    const cnn_shape *in =
        layer->source_count == 1 ? &layers[layer->sources[0]].out : gather(layer, layers, *scratch);
    if (in == NULL) {
        return cnn_fail_memory(err);
    }
    /* kinds set only what they have */
    layer->weights = layer->biases = layer->statistics = layer->macs = 0;
    if (!cnn_layer_measure(layer, in, trace, err) || !cnn_flops_fit(layer, err)) {
        return false;
    }
    if (trace != NULL && layer->macs > 0) {
        tell_flops(trace, layer);
    }
    if (layer->weights_of > 0) {
        cnn_layer_share(layer);
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
