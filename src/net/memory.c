/* Which values live when. */
#include "net/memory.h"

#include "base/arena.h"
#include "base/checked.h"
#include "net/network.h"
#include "ops/op.h"

int64_t cnn_layer_activations(const cnn_layer *layer)
{
    return cnn_layer_activations_told(layer, NULL);
}

/* Why a layer adds no values. */
static const char *none_because(const cnn_layer *layer)
{
    return layer->aux            ? "an auxiliary head does not run at inference: no values"
           : layer->op->in_place ? "works in place: no new values"
                                 : "looks at the same values: no new ones";
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
    }
    cnn_tell(trace, &step);
}

int64_t cnn_layer_activations_told(const cnn_layer *layer, const cnn_trace *trace)
{
    int64_t values = 0;
    if (!layer->aux && !layer->op->in_place && !layer->op->view) {
        (void)cnn_shape_volume(&layer->out, &values); /* it fitted when the layer was resolved */
    }
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

bool cnn_network_activations(const cnn_network *net, int64_t *out)
{
    *out = 0;
    for (int32_t i = 0; i < net->layer_count; i++) {
        if (!cnn_checked_add(*out, cnn_layer_activations(&net->layers[i]), out)) {
            return false;
        }
    }
    return true;
}

/* Storage is named by the layer that fills it first; `last` is the layer that reads it last. */
typedef struct storage {
    int32_t home;
    int32_t last;
} storage;

static void find_last_uses(const cnn_network *net, storage *at)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        at[i].last = i;
        for (int32_t k = 0; k < layer->source_count && !layer->aux; k++) {
            at[layer->sources[k]].last = i;
        }
    }
    at[net->output].last = net->layer_count;
}

/* A view lies where its source lies; a function in place too, if nobody reads its input later. */
static void find_homes(const cnn_network *net, storage *at)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const int32_t source = i > 0 ? layer->sources[0] : 0;
        const bool shares =
            i > 0 && (layer->op->view || (layer->op->in_place && at[source].last == i));
        at[i].home = shares ? at[source].home : i;
    }
    for (int32_t i = net->layer_count - 1; i > 0; i--) {
        storage *home = &at[at[i].home];
        home->last = at[i].last > home->last ? at[i].last : home->last;
    }
}

static int64_t volume(const cnn_layer *layer)
{
    int64_t values = 0;
    (void)cnn_shape_volume(&layer->out, &values);
    return values;
}

bool cnn_network_peak(const cnn_network *net, cnn_arena scratch, int64_t *out)
{
    storage *at = CNN_NEW_ARRAY(&scratch, storage, net->layer_count);
    if (at == NULL) {
        return false;
    }
    find_last_uses(net, at);
    find_homes(net, at);
    int64_t alive = 0;
    *out = 0;
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        if (layer->aux) {
            continue;
        }
        alive += at[i].home == i ? volume(layer) : 0;
        *out = alive > *out ? alive : *out;
        for (int32_t k = 0; k < layer->source_count; k++) {
            const int32_t home = at[layer->sources[k]].home;
            if (at[home].last == i) {
                alive -= volume(&net->layers[home]);
                at[home].last = -1; /* dropped once, even if it is read twice */
            }
        }
        alive -= at[i].last == i ? volume(layer) : 0; /* nobody reads it */
    }
    return true;
}
