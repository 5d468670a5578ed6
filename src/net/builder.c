/* The builder: layers and their sums. Front ends and C programs make every network with it. */
#include <assert.h>

#include "base/checked.h"
#include "net/resolve.h"

static const cnn_attrs no_attrs = {0};

bool cnn_builder_open(cnn_builder *b, cnn_arena *arena, bool outline, cnn_network *net,
                      cnn_error *err)
{
    b->net = net;
    b->arena = arena;
    b->err = err;
    b->outline = outline;
    b->keeping = NULL;
    b->layer_count = 0;
    b->path = b->aux = (cnn_sums){0};
    b->large = false;
    if (!cnn_arena_align_low(arena)) {
        return cnn_fail_memory(err);
    }
    if (!outline) {
        *net = (cnn_network){.layers = (cnn_layer *)(void *)arena->low};
    } else {
        net->layers = NULL; /* its sums come last */
        net->pasted = NULL;
        net->input_count = 0;
        b->scratch.branches = NULL;
        b->scratch.weights_of = 0;
        b->scratch.aux = false;
        b->scratch.frozen = false;
        b->scratch.keep_rule = NULL;
        memset(b->scratch.pad_low, 0, sizeof b->scratch.pad_low);
        memset(b->scratch.pad_high, 0, sizeof b->scratch.pad_high);
    }
    return true;
}

cnn_layer *cnn_builder_push(cnn_builder *b, cnn_span span)
{
    if (cnn_builder_room(b) < 1) {
        (void)cnn_fail_numbers(b->err, CNN_E_LAYERS_LIMIT, span, CNN_MAX_LAYERS, 0);
        return NULL;
    }
    /* nothing else may have been pushed: layers are one array at the low end */
    assert(b->arena->low == (unsigned char *)(b->net->layers + b->layer_count));
    cnn_layer *layer = cnn_arena_push(b->arena, sizeof *layer);
    if (layer == NULL) {
        (void)cnn_fail_memory(b->err);
        return NULL;
    }
    *layer = (cnn_layer){.index = b->layer_count};
    return layer;
}

/* The record of an input. */
static CNN_APART bool push_input(cnn_builder *b, const cnn_shape *shape, cnn_span span)
{
    cnn_layer *layer = cnn_builder_next(b, &cnn_op_input, &no_attrs, 0, span);
    if (layer == NULL) {
        return false;
    }
    layer->sources = NULL;
    layer->source_count = 0;
    layer->in = layer->out = *shape;
    if (b->keeping != NULL) {
        cnn_builder_show(b, layer, shape);
    }
    return true;
}

bool cnn_builder_add_input(cnn_builder *b, const cnn_shape *shape, cnn_span span)
{
    const bool record = !cnn_builder_skims(b) || cnn_builder_room(b) < 1;
    if (record && !push_input(b, shape, span)) {
        return false;
    }
    b->net->input_count = ++b->layer_count;
    return cnn_input_fits(shape, span, b->err);
}

/* Whether the totals fit with those of one more layer. */
static bool totals_fit(const cnn_builder *b, const cnn_layer *layer)
{
    /* MACs stay below half the range, because FLOPs are twice as many */
    const int64_t macs = layer->aux ? 0 : layer->macs;
    int64_t sum;
    if (!cnn_flops_fit(layer, b->err)) {
        return false;
    }
    /* A layer has at most as many statistics as parameters, so their sum fits if that does. */
    if (!cnn_checked_add(layer->weights, layer->biases, &sum) ||
        !cnn_checked_add(sum, b->path.weights + b->path.biases, &sum) ||
        !cnn_checked_add(sum, b->aux.weights + b->aux.biases, &sum) ||
        b->path.macs > INT64_MAX / 2 - macs) {
        return cnn_span_overflow(layer->span, "the total up to here", b->err);
    }
    return true;
}

bool cnn_builder_add_large(cnn_builder *b, cnn_layer *layer)
{
    const cnn_sums more = {layer->weights, layer->biases, layer->statistics, layer->macs, 0};
    if (!totals_fit(b, layer)) {
        return false;
    }
    if (layer->aux) {
        layer->macs = 0; /* heads do not run at inference */
    }
    cnn_sums *sums = layer->aux ? &b->aux : &b->path;
    sums->weights += more.weights;
    sums->biases += more.biases;
    sums->statistics += more.statistics;
    sums->macs += layer->macs;
    sums->frozen += layer->frozen ? more.weights + more.biases : 0;
    b->large = b->large || cnn_sums_large(sums) != 0;
    return true;
}

/* Whether a layer may use the weights of another one: they have to be as many, in the same order.
 */
static bool check_shared(cnn_builder *b, const cnn_layer *layer)
{
    const cnn_layer *owner = &b->net->layers[layer->weights_of];
    if (layer->op != owner->op || memcmp(layer->attrs, owner->attrs, sizeof *layer->attrs) != 0 ||
        layer->weights != owner->weights || layer->biases != owner->biases ||
        layer->statistics != owner->statistics) {
        b->err->shape[0] = owner->in;
        b->err->shape[1] = layer->in;
        return cnn_fail_words(b->err, CNN_E_SHARED, layer->span, cnn_text_of(owner->op->name),
                              (cnn_text){0});
    }
    return true;
}

/* What is wrong is reported before anything is added, so that the sums stay right. */
bool cnn_builder_add(cnn_builder *b, cnn_layer *layer, const cnn_shape *in)
{
    if (!cnn_layer_measure(layer, in, NULL, b->err)) {
        return false;
    }
    if (layer->weights_of > 0) {
        if (!check_shared(b, layer)) {
            return false;
        }
        cnn_layer_share(layer);
    }
    if (layer->op->cost != NULL && !cnn_builder_add_sums(b, layer)) {
        return false;
    }
    if (b->keeping != NULL) {
        cnn_builder_show(b, layer, in);
    }
    b->layer_count++;
    return true;
}

/* Layers of the same attributes are seldom further apart. */
enum { LOOK_BACK = 8 };

const cnn_attrs *cnn_builder_keep_attrs(cnn_builder *b, const cnn_attrs *attrs)
{
    const int32_t first = b->layer_count > LOOK_BACK ? b->layer_count - LOOK_BACK : 0;
    for (int32_t i = b->layer_count - 1; i >= first; i--) {
        const cnn_attrs *other = b->net->layers[i].attrs;
        /* the channels differ most often, so they are compared first */
        if (other->value[CNN_CHANNELS][0] == attrs->value[CNN_CHANNELS][0] &&
            memcmp(other, attrs, sizeof *attrs) == 0) {
            return other;
        }
    }
    cnn_attrs *own = cnn_arena_room(b->arena, sizeof *own);
    if (own == NULL) {
        (void)cnn_fail_memory(b->err);
        return NULL;
    }
    *own = *attrs;
    return own;
}

void cnn_builder_close(cnn_builder *b, cnn_node output)
{
    const cnn_sums *path = &b->path, *aux = &b->aux;
    cnn_totals *totals = &b->net->totals;
    b->net->layer_count = b->layer_count;
    b->net->output = output;
    totals->params_without_aux = path->weights + path->biases;
    totals->params = totals->params_without_aux + aux->weights + aux->biases;
    totals->weights = path->weights + aux->weights;
    totals->biases = path->biases + aux->biases;
    totals->statistics_without_aux = path->statistics;
    totals->statistics = path->statistics + aux->statistics;
    totals->macs = path->macs;
    totals->frozen = path->frozen + aux->frozen;
}
