/*
 * Fully connected layers, and squeeze-and-excitation, which is a list of other layers. FC flattens
 * what enters, as in the tables of papers; linear works on the last axis, as PyTorch's Linear.
 */
#include <string.h>

#include "base/checked.h"
#include "ops/count.h"
#include "ops/families.h"
#include "ops/window.h"

/* Whatever enters is flattened to C*H*W features. */
static bool dense_shape(cnn_site *site)
{
    site->layer->out = (cnn_shape){.channels = site->layer->attrs->value[CNN_CHANNELS][0]};
    return true;
}

/* A map is flattened first; a vector's features are n. */
static void tell_cost(const cnn_site *site)
{
    const cnn_layer *layer = site->layer;
    const cnn_shape *in = site->in;
    const int64_t n = layer->out.channels;
    static const char *const formulas[] = {"n*N", "C*W*N", "C*H*W*N", "C*D*H*W*N"};
    cnn_step step = {.formula = formulas[in->axes], .value = {in->channels}};
    for (int32_t i = 0; i < in->axes; i++) {
        step.value[1 + i] = in->side[i];
    }
    step.value[1 + in->axes] = n;
    cnn_tell_volume(site, in);
    step.quantity = CNN_STEP_WEIGHTS;
    step.result = layer->weights;
    cnn_tell(site->trace, &step);
    step.quantity = CNN_STEP_MACS;
    step.result = layer->macs;
    cnn_tell(site->trace, &step);
    cnn_tell_biases(site);
}

/* C*H*W*N weights; sides that are missing count as 1. */
static bool dense_cost(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    const cnn_shape *in = site->in;
    const int32_t axes = in->axes;
    if (!cnn_count_product(in->channels, axes > 0 ? in->side[0] : 1, axes > 1 ? in->side[1] : 1,
                           layer->out.channels, &layer->weights) ||
        (axes > 2 && !cnn_checked_mul(layer->weights, in->side[2], &layer->weights))) {
        return cnn_site_overflow(site, "the number of weights");
    }
    layer->biases = layer->attrs->value[CNN_BIAS][0] * layer->out.channels;
    /* each weight is used once */
    layer->macs = layer->weights;
    if (site->trace != NULL) {
        tell_cost(site);
    }
    return true;
}

/* Channels, places and units have 20 bits each: their product fits. */
static bool dense_quick(cnn_quick *l)
{
    cnn_shape *const shape = l->shape;
    const int64_t places = shape->axes == 2 ? shape->side[0] * shape->side[1] : 1;
    const int64_t n = l->number[0].of[CNN_CHANNELS];
    if ((shape->axes != 0 && shape->axes != 2) || places >> CNN_QUICK_BITS != 0) {
        return false;
    }
    const int64_t weights = shape->channels * places * n; /* below 2^60 */
    *shape = (cnn_shape){.channels = n};
    l->sums->weights += weights;
    l->sums->biases += l->number[0].of[CNN_BIAS] * n;
    l->sums->macs += weights;
    return true;
}

/* On a vector what FC is; on a map every row of the last axis becomes one of N, as in PyTorch. */
static bool last_shape(cnn_site *site)
{
    const int32_t axes = site->in->axes;
    if (axes == 0) {
        return dense_shape(site);
    }
    site->layer->out = *site->in;
    site->layer->out.side[axes - 1] = site->layer->attrs->value[CNN_CHANNELS][0];
    cnn_tell_note(site, CNN_STEP_SIDE, "a map is not flattened: the last axis alone changes");
    return true;
}

/* C*H rows of W values: each is multiplied by the same W x N weights. */
static void tell_last(const cnn_site *site, int64_t rows)
{
    static const char *const all[] = {"", "C", "C*H", "C*D*H"};
    const cnn_layer *layer = site->layer;
    const int32_t axes = site->in->axes;
    const int64_t n = layer->attrs->value[CNN_CHANNELS][0];
    cnn_step step = {.quantity = CNN_STEP_ROWS, .formula = all[axes], .result = rows};
    step.value[0] = site->in->channels;
    memcpy(step.value + 1, site->in->side, (size_t)(axes - 1) * sizeof *step.value);
    cnn_tell(site->trace, &step);
    cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_WEIGHTS,
                                      .formula = "W*N",
                                      .value = {site->in->side[axes - 1], n},
                                      .result = layer->weights});
    cnn_tell_biases(site);
    cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_MACS,
                                      .formula = "n*W*N",
                                      .value = {rows, site->in->side[axes - 1], n},
                                      .result = layer->macs});
}

/* W*N weights, used once for each row; W is the last axis. */
static bool last_cost(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    const int32_t axes = site->in->axes;
    const int64_t n = layer->attrs->value[CNN_CHANNELS][0];
    int64_t rows = site->in->channels;
    if (axes == 0) {
        return dense_cost(site);
    }
    for (int32_t i = 0; i < axes - 1; i++) {
        rows *= site->in->side[i]; /* no more than the map has values */
    }
    if (!cnn_checked_mul(site->in->side[axes - 1], n, &layer->weights)) {
        return cnn_site_overflow(site, "the number of weights");
    }
    if (!cnn_checked_mul(layer->weights, rows, &layer->macs)) {
        return cnn_site_overflow(site, "the number of MACs");
    }
    layer->biases = layer->attrs->value[CNN_BIAS][0] * n;
    if (site->trace != NULL) {
        tell_last(site, rows);
    }
    return true;
}

/* Each position sees all of the last axis, and its own place in the others. */
static bool last_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    if (layer->in.axes == 0 || axis == layer->in.axes - 1) {
        return cnn_global_reach(layer, axis, out);
    }
    *out = (cnn_reach){1, 1, 1, 0, 1, 1};
    return true;
}

static void last_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to)
{
    *from = *to = at;
    if (layer->in.axes == 0 || axis == layer->in.axes - 1) {
        cnn_global_sees(layer, axis, at, from, to);
    }
}

static const cnn_use uses[CNN_ATTRS] = {
    [CNN_CHANNELS] = {.need = CNN_REQUIRED, .numbers = 1, .least = 1},
    [CNN_BIAS] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 1, .most = 1},
};

const cnn_op cnn_ops_dense[] = {
    {
        .name = "FC",
        .role = CNN_ROLE_DENSE,
        .brief = "fully connected; flattens what enters",
        .params = "in*N + N*b",
        .example = "FC-100",
        .uses = uses,
        .shape = dense_shape,
        .cost = dense_cost,
        .quick = dense_quick,
        .why_kept = "its input: the gradient of the weights is made of it",
        .keeps = CNN_KEEPS_INPUT | CNN_KEEPS_TRAINED,
        /* flattening copies a map whose values do not lie together, as after a permute */
        .together = CNN_TOGETHER_SAMPLE,
        .reach = cnn_global_reach,
        .sees = cnn_global_sees,
        .derivative = CNN_DERIVE_DENSE,
    },
    {
        .name = "linear",
        .role = CNN_ROLE_LINEAR,
        .brief = "fully connected on the last axis: a map is not flattened",
        .params = "in*N + N*b",
        .example = "linear-100",
        .uses = uses,
        .shape = last_shape,
        .cost = last_cost,
        .why_kept = "its input: the gradient of the weights is made of it",
        .keeps = CNN_KEEPS_INPUT | CNN_KEEPS_TRAINED,
        .together = CNN_TOGETHER_ROWS,
        .reach = last_reach,
        .sees = last_sees,
        .derivative = CNN_DERIVE_DENSE,
    },
    {
        /* Hu et al. 2018, Squeeze-and-Excitation Networks */
        .name = "se",
        .brief = "squeeze-and-excitation: mul(id | gap, conv1-N, relu, conv1-C, sigmoid)",
        .params = "2*C*N + (N + C)*b",
        .example = "se-4",
        .uses = uses,
        .form = CNN_FORM_MACRO,
        .body = "se(n, b) = mul(id | gap, conv1-n b(b), relu, conv1-c b(b), sigmoid)" CNN_BODY_END,
    },
};

const cnn_family cnn_family_dense = {"fully connected", cnn_ops_dense, CNN_LENGTH(cnn_ops_dense)};
