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

/* The sources' shapes side by side; NULL: no memory. The only one of most layers is used in place.
 */
static CNN_APART const cnn_shape *gather(const cnn_layer *layer, const cnn_layer *layers,
                                         const cnn_builder *outline, cnn_arena scratch)
{
    cnn_shape *in = CNN_NEW_ARRAY(&scratch, cnn_shape, layer->source_count);
    for (int32_t i = 0; in != NULL && i < layer->source_count; i++) {
        in[i] = *cnn_shape_among(layers, outline, layer->sources[i]);
    }
    return in;
}

static inline const cnn_shape *sources_of(const cnn_layer *layer, const cnn_layer *layers,
                                          const cnn_builder *outline, const cnn_arena *scratch)
{
    return layer->source_count == 1 ? cnn_shape_among(layers, outline, layer->sources[0])
                                    : gather(layer, layers, outline, *scratch);
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

/*
 * Shape and cost as if the layer were no part of an auxiliary head. `in`: the shapes of its
 * sources; NULL: there was no memory for them. `kept`: the layer is more than a record for a while.
 */
static inline bool measure(cnn_layer *layer, const cnn_shape *in, bool kept, const cnn_trace *trace,
                           cnn_error *err)
{
    if (in == NULL) {
        return cnn_fail_memory(err);
    }
    const cnn_op *op = layer->op;
    if (kept) {
        layer->in = *in;
        layer->out = *in; /* as long as nobody says anything else */
    }
    cnn_site site = {layer, in, layer->source_count, err, trace};
    if (op->shape != NULL && !op->shape(&site)) {
        return false;
    }
    if (op->cost != NULL && !op->cost(&site)) {
        return false;
    }
    return op->shape == NULL || volume_fits(&site);
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
    const cnn_shape *in = sources_of(layer, layers, NULL, scratch);
    if (!measure(layer, in, true, trace, err) || !flops_fit(layer, err)) {
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

/* Whether the totals fit with those of one more layer. */
static CNN_APART bool totals_fit(const cnn_builder *to, const cnn_layer *layer)
{
    const int64_t macs = layer->aux ? 0 : layer->macs;
    int64_t sum;
    if (!flops_fit(layer, to->err)) {
        return false;
    }
    /* Statistics are as many as the parameters of the same layer: their sum fits with that. */
    if (!cnn_checked_add(layer->weights, layer->biases, &sum) ||
        !cnn_checked_add(sum, to->path.weights + to->path.biases, &sum) ||
        !cnn_checked_add(sum, to->aux.weights + to->aux.biases, &sum) ||
        to->path.macs > INT64_MAX / 2 - macs) {
        return overflow(layer, "the total up to here", to->err);
    }
    return true;
}

/* What the layer counts for. */
static inline cnn_sums sums_of(const cnn_layer *layer)
{
    return (cnn_sums){layer->weights, layer->biases, layer->statistics, layer->macs};
}

static inline bool sums_add(cnn_builder *to, cnn_layer *layer)
{
    cnn_sums more = sums_of(layer);
    if ((cnn_sums_large(&more) | to->large) != 0 && !totals_fit(to, layer)) {
        return false;
    }
    if (layer->aux) {
        layer->macs = more.macs = 0; /* heads do not run at inference */
    }
    cnn_sums *sums = layer->aux ? &to->aux : &to->path;
    sums->weights += more.weights;
    sums->biases += more.biases;
    sums->statistics += more.statistics;
    sums->macs += more.macs;
    to->large |= cnn_sums_large(sums);
    return true;
}

void cnn_network_end(cnn_builder *to)
{
    const cnn_sums *path = &to->path, *aux = &to->aux;
    cnn_totals *totals = &to->net->totals;
    to->net->layer_count = to->layer_count;
    totals->params_without_aux = path->weights + path->biases;
    totals->params = totals->params_without_aux + aux->weights + aux->biases;
    totals->weights = path->weights + aux->weights;
    totals->biases = path->biases + aux->biases;
    totals->statistics_without_aux = path->statistics;
    totals->statistics = path->statistics + aux->statistics;
    totals->macs = path->macs;
}

/* The layers, or an outline's own shapes, begin where the arena does. */
static bool begin_values(cnn_builder *to, bool outline)
{
    if (outline) {
        to->sketch = cnn_arena_room(to->arena, sizeof *to->sketch);
        if (to->sketch == NULL) {
            return cnn_fail_memory(to->err);
        }
    }
    if (!cnn_arena_align_low(to->arena)) {
        return cnn_fail_memory(to->err);
    }
    void *values = to->arena->low;
    to->own = outline ? values : NULL;
    to->net->layers = outline ? NULL : values;
    return true;
}

/* A shape as a value of an outline. */
static inline bool shape_value(cnn_builder *to, const cnn_shape *shape, int32_t *value)
{
    if (to->known != NULL) {
        *value = cnn_shapes_number(&to->known->shapes, shape);
        if (*value < CNN_SHAPE_NUMBERS) {
            return true;
        }
    }
    cnn_shape *own = cnn_arena_push(to->arena, sizeof *own);
    if (own == NULL) {
        return cnn_fail_memory(to->err);
    }
    *own = *shape;
    *value = CNN_SHAPE_NUMBERS + to->own_count++;
    return true;
}

static bool add_input(cnn_builder *to, cnn_layer *layer, const cnn_shape *shape, cnn_span span)
{
    layer->item = NULL;
    layer->path = NULL;
    layer->span = span;
    layer->source_one = 0;
    layer->sources = NULL;
    layer->source_count = 0;
    layer->aux = false;
    layer->in = *shape;
    layer->out = *shape;
    to->layer_count = 1;
    return to->sketch == NULL || shape_value(to, shape, &to->input);
}

bool cnn_network_begin(cnn_builder *to, const cnn_shape *input, cnn_span span, bool outline)
{
    static const cnn_attrs none = {0};
    to->layer_count = 0;
    to->input = 0;
    to->path = to->aux = (cnn_sums){0};
    to->large = 0;
    to->own_count = 0;
    to->sketch = NULL;
    if (!begin_values(to, outline)) {
        return false;
    }
    cnn_layer *layer = cnn_network_next(to, &cnn_op_input, &none);
    if (layer == NULL || !add_input(to, layer, input, span)) {
        return false;
    }
    to->net->output = to->input;
    int64_t values;
    if (!small_shape(input) && !cnn_shape_volume(input, &values)) {
        return cnn_fail_words(to->err, CNN_E_OVERFLOW, span,
                              cnn_text_of("the number of input values"), (cnn_text){0});
    }
    return true;
}

void cnn_network_refuse(cnn_builder *to)
{
    cnn_fail_numbers(to->err, CNN_E_LAYERS_LIMIT, (cnn_span){0, 0}, CNN_MAX_LAYERS, 0);
}

/* The value that the layer gives, which is measured now. */
static inline bool give(cnn_builder *to, const cnn_layer *layer, int32_t *value)
{
    const int32_t index = to->layer_count++;
    if (to->sketch == NULL) {
        *value = index;
        return true;
    }
    if (layer->op->shape == NULL) {
        *value = layer->sources[0];
        return true;
    }
    return shape_value(to, &layer->out, value);
}

bool cnn_network_add(cnn_builder *to, cnn_layer *layer, cnn_effect *effect, int32_t *value)
{
    const bool kept = to->sketch == NULL;
    const cnn_shape *in = sources_of(layer, to->net->layers, kept ? NULL : to, to->arena);
    if (!measure(layer, in, kept, NULL, to->err)) {
        return false;
    }
    const cnn_sums sums = sums_of(layer);
    if (layer->op->cost != NULL && !sums_add(to, layer)) {
        return false;
    }
    if (!give(to, layer, value)) {
        return false;
    }
    if (effect != NULL) {
        (void)cnn_effect_keep(effect, layer->attrs, layer->sources[0], *value, 1, &sums);
    }
    return true;
}

void cnn_network_mark_join(cnn_builder *to, int32_t join, int32_t first)
{
    cnn_layer *layers = to->net->layers;
    if (to->sketch == NULL && first < join) {
        layers[join].join_inside = layers[first].join_here;
        layers[first].join_here = join;
    }
}

void cnn_network_mark_tap(cnn_builder *to, int32_t value)
{
    if (to->sketch == NULL) {
        to->net->layers[value].tapped = true;
    }
}
