/* From a network to its chain: each layer gets its rule, each value its name and place. */
#include "gradient/chain.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/checked.h"
#include "net/network.h"

int64_t cnn_dims_count(const cnn_dims *dims)
{
    return dims->rows * dims->columns;
}

/* ---- names ---- */

/* What has been named since the last layer with weights. */
typedef struct namer {
    cnn_chain *chain;
    cnn_arena *arena;
    int32_t number;     /* of that layer; 0: none yet */
    int32_t repeat[26]; /* how often each letter was used since */
    int32_t since[26];  /* the number it was used with, plus 1; 0: never */
    bool full;          /* the arena is */
} namer;

static void give(namer *n, cnn_text text, cnn_value *q)
{
    cnn_name *name = cnn_names_add(&n->chain->names, text, n->arena);
    if (name == NULL) {
        n->full = true;
    } else if (name->value == NULL) { /* a2 may be the name of another value already */
        name->value = q;
    }
}

/* "dl/dW1" holds both names: "W1" is its end. */
static void name_it(namer *n, cnn_value *q)
{
    static const char before[] = "dl/d";
    const size_t room = sizeof q->slope_name;
    if (q->number < 0) {
        (void)snprintf(q->slope_name, room, "%s%c", before, q->symbol);
    } else if (q->repeat > 1) {
        (void)snprintf(q->slope_name, room, "%s%c%d_%d", before, q->symbol, (int)q->number,
                       (int)q->repeat);
    } else {
        (void)snprintf(q->slope_name, room, "%s%c%d", before, q->symbol, (int)q->number);
    }
    q->name = q->slope_name + sizeof before - 1;
    give(n, cnn_text_of(q->name), q);
}

/* Costs that do not fit into 64 bits are too large all the same. */
static int64_t sum_of(int64_t a, int64_t b)
{
    int64_t sum = INT64_MAX;
    (void)cnn_checked_add(a, b, &sum);
    return sum;
}

static int64_t product_of(int64_t a, int64_t b)
{
    int64_t product = INT64_MAX;
    (void)cnn_checked_mul(a, b, &product);
    return product;
}

/* Adds a quantity after the others. */
static int32_t add(namer *n, char symbol, cnn_value_kind role, cnn_dims dims, int32_t step)
{
    cnn_chain *chain = n->chain;
    const bool bare = role == CNN_VALUE_INPUT || role == CNN_VALUE_TARGET || role == CNN_VALUE_LOSS;
    cnn_value *q = &chain->quantities[chain->quantity_count];
    *q = (cnn_value){.symbol = symbol,
                     .number = bare ? -1 : n->number,
                     .repeat = 1,
                     .role = role,
                     .dims = dims,
                     .at = chain->values,
                     .step = step};
    if (role == CNN_VALUE_OUTPUT) {
        const int letter = symbol - 'a';
        n->repeat[letter] = n->since[letter] == n->number + 1 ? n->repeat[letter] + 1 : 1;
        n->since[letter] = n->number + 1;
        q->repeat = n->repeat[letter];
    }
    chain->values = sum_of(chain->values, cnn_dims_count(&dims));
    name_it(n, q);
    return chain->quantity_count++;
}

/* A second name of a quantity: a2 for z2 where no function follows. */
static void add_alias(namer *n, char symbol, int32_t number, int32_t quantity)
{
    char *text = cnn_arena_take(n->arena, 16, 1);
    if (text == NULL) {
        n->full = true;
        return;
    }
    (void)snprintf(text, 16, "%c%d", symbol, (int)number);
    give(n, cnn_text_of(text), &n->chain->quantities[quantity]);
}

static cnn_dims dims_of(const cnn_shape *shape)
{
    int64_t volume = 0;
    (void)cnn_shape_volume(shape, &volume); /* it fitted when the network was resolved */
    return (cnn_dims){volume, 1, shape->axes > 0 ? *shape : (cnn_shape){0}};
}

/* ---- steps ---- */

/* The rule's cost for each value, a constant for each place of a window, and one for each step. */
static int64_t work_of(const cnn_link *step)
{
    enum { STEP = 20, PLACE = 3, VALUE = 4 };
    const cnn_layer *layer = step->layer;
    const int64_t values = dims_of(&layer->out).rows;
    int64_t work = sum_of(layer->macs, product_of(step->rule->cost, dims_of(&layer->in).rows));
    /* Taps outside the map are cut off before the loops: no more than `side` are visited. */
    if (step->rule->sliding) {
        const int64_t depth = layer->weights > 0 ? layer->in.channels / cnn_groups(layer) : 1;
        int64_t taps = product_of(values, step->rule->cost);
        for (int32_t i = 0; i < layer->in.axes; i++) {
            const int64_t k = layer->attrs->value[CNN_SIZE][i], side = layer->in.side[i];
            taps = product_of(taps, k < side ? k : side);
        }
        work = sum_of(sum_of(layer->macs, taps), product_of(product_of(values, depth), PLACE));
    }
    return sum_of(sum_of(work, product_of(values, VALUE)), STEP);
}

/* A layer with weights begins the next number. What entered it is also the a of the number before:
 * a1 is z1 where no function follows. */
static void add_step(namer *n)
{
    cnn_chain *chain = n->chain;
    cnn_link *step = &chain->steps[chain->step_count];
    const cnn_layer *layer = step->layer;
    const int32_t at = chain->step_count++;
    step->in = chain->output;
    step->weights = step->biases = -1;
    if (layer->weights > 0) {
        const cnn_dims weights = {layer->out.channels, layer->weights / layer->out.channels, {0}};
        const cnn_dims biases = {layer->out.channels, 1, {0}};
        if (n->number > 0) {
            add_alias(n, 'a', n->number, chain->output);
        }
        n->number++;
        step->weights = add(n, 'W', CNN_VALUE_WEIGHTS, weights, at);
        step->biases = layer->biases > 0 ? add(n, 'b', CNN_VALUE_BIASES, biases, at) : -1;
    }
    step->out = add(n, step->rule->symbol, CNN_VALUE_OUTPUT, dims_of(&layer->out), at);
    chain->output = step->out;
    step->work = work_of(step);
    chain->work = sum_of(chain->work, step->work);
}

/* A join makes the layers of its branches no chain either, so it is named before these. */
static bool check_chain(const cnn_network *net, cnn_error *err)
{
    if (net->input_count > 1) {
        return cnn_fail_words(err, CNN_E_DERIVE_BRANCH, net->layers[1].span,
                              cnn_text_of("a second input"), (cnn_text){0});
    }
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        if (layer->branches != NULL) {
            return cnn_fail_words(err, CNN_E_DERIVE_BRANCH, layer->span,
                                  cnn_text_of(layer->op->name), (cnn_text){0});
        }
        if (layer->weights_of > 0) {
            return cnn_fail_words(err, CNN_E_DERIVE_SHARED, layer->span,
                                  cnn_text_of(layer->op->name), (cnn_text){0});
        }
    }
    return true;
}

/* Every layer reads the one before it, and has a rule. */
static bool choose_rules(cnn_chain *chain, cnn_error *err)
{
    for (int32_t i = 1; i < chain->net->layer_count; i++) {
        const cnn_layer *layer = &chain->net->layers[i];
        cnn_link *step = &chain->steps[i - 1];
        step->layer = layer;
        step->rule = cnn_rule_of(layer);
        if (step->rule == NULL) {
            return cnn_fail_words(err, CNN_E_DERIVE_KIND, layer->span, cnn_text_of(layer->op->name),
                                  (cnn_text){0});
        }
        /* Without joins there is nothing else to read. */
        assert(layer->source_count == 1 && layer->sources[0] == i - 1);
    }
    return true;
}

static bool choose_loss(cnn_chain *chain, cnn_text name, cnn_error *err)
{
    chain->loss = cnn_loss_find(name, err);
    chain->scale = 1;
    return chain->loss != NULL &&
           cnn_loss_fits(chain->loss, &chain->net->layers[chain->net->layer_count - 1], err);
}

bool cnn_chain_make(cnn_chain *chain, const cnn_network *net, cnn_text loss, cnn_arena *arena,
                    cnn_error *err)
{
    const int32_t layers = net->layer_count - 1; /* without the input */
    *chain = (cnn_chain){.net = net};
    if (layers > CNN_GRADIENT_LAYERS) {
        return cnn_fail_numbers(err, CNN_E_GRADIENT_LAYERS, net->layers[layers].span, layers,
                                CNN_GRADIENT_LAYERS);
    }
    chain->steps = CNN_NEW_ARRAY(arena, cnn_link, layers + 1);
    /* x, y and l; weights, biases and an output for each layer */
    chain->quantities = CNN_NEW_ARRAY(arena, cnn_value, 3 * (int64_t)layers + 3);
    if (chain->steps == NULL || chain->quantities == NULL) {
        return cnn_fail_memory(err);
    }
    if (!check_chain(net, err) || !choose_rules(chain, err) || !choose_loss(chain, loss, err)) {
        return false;
    }
    namer n = {.chain = chain, .arena = arena};
    chain->output = add(&n, 'x', CNN_VALUE_INPUT, dims_of(&net->layers[0].out), -1);
    for (int32_t i = 0; i < layers; i++) {
        add_step(&n);
    }
    chain->target = add(&n, 'y', CNN_VALUE_TARGET, chain->quantities[chain->output].dims, -1);
    chain->loss_at = add(&n, 'l', CNN_VALUE_LOSS, (cnn_dims){1, 1, {0}}, -1);
    add_alias(&n, 'a', n.number, chain->output);
    /* x is also a0, as textbooks number the layers */
    add_alias(&n, 'a', 0, 0);
    if (n.full) {
        return cnn_fail_memory(err);
    }
    return true;
}

cnn_span cnn_chain_span(const cnn_chain *chain)
{
    if (chain->step_count == 0) {
        return (cnn_span){0, 0};
    }
    /* The last may come before the first in the text, when it is in a definition. */
    const uint32_t first = chain->steps[0].layer->span.begin;
    const cnn_span last = chain->steps[chain->step_count - 1].layer->span;
    return (cnn_span){first < last.end ? first : last.begin, last.end};
}

bool cnn_chain_affordable(const cnn_chain *chain, int64_t values, int64_t work, cnn_error *err)
{
    if (chain->values <= values && chain->work <= work) {
        return true;
    }
    err->number[2] = values;
    err->number[3] = work;
    return cnn_fail_numbers(err, CNN_E_GRADIENT_COST, cnn_chain_span(chain), chain->values,
                            chain->work);
}
