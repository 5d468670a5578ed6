/* Expansion: walks the tree with the current value in hand and appends layers. */
#include "lang/expand.h"

#include "base/arena.h"
#include "lang/range.h"
#include "net/network.h"

typedef cnn_expander expander;

/* Where an item is expanded. */
typedef struct place {
    const cnn_frame *frame;
    const cnn_path *path;
    int32_t entry;  /* what entered the innermost list */
    int32_t number; /* of the repetition, when the item is repeated */
    bool head;      /* a branch begins here: a tap may stand, */
    int32_t *start; /* and says here what the branch begins with */
    bool aux;
} place;

static bool expand_item(expander *x, const cnn_node *node, const place *at, int32_t *value);

/* Spans in a built-in list mean nothing to the user: the call stands for them. */
static cnn_span span_of(const expander *x, cnn_span span)
{
    return x->built_in ? x->at : span;
}

static cnn_scope scope_of(const expander *x, place at)
{
    return (cnn_scope){x->net, at.frame, at.entry, x->settings->unknowns,
                       x->settings->unknown_count};
}

static bool number_value(const expander *x, const cnn_expr *expr, place at, int64_t *out)
{
    const cnn_scope scope = scope_of(x, at);
    return cnn_expr_value(expr, &scope, out, x->err);
}

/* A path one step longer; NULL with an error when there is no memory. */
static const cnn_path *extend(expander *x, const cnn_path *parent, cnn_text name, int32_t number,
                              int32_t branch)
{
    cnn_path *path = CNN_NEW(x->arena, cnn_path);
    if (path == NULL) {
        cnn_fail_memory(x->err);
        return NULL;
    }
    *path = (cnn_path){parent, name, number, branch};
    return path;
}

static bool find_label(expander *x, const cnn_node *node, const cnn_frame *frame, int32_t *out)
{
    if (cnn_text_is(node->label, "input")) {
        *out = 0;
        return true;
    }
    const cnn_name *name = cnn_names_find(frame->labels, node->label);
    if (name != NULL) {
        *out = name->number;
        return true;
    }
    cnn_nearest nearest = cnn_nearest_to(node->label);
    cnn_names_offer(frame->labels, &nearest);
    return cnn_fail_words(x->err, CNN_E_UNKNOWN_LABEL, node->span, node->label, nearest.best);
}

/* ---- layers ---- */

static CNN_APART bool fill_holes(expander *x, const cnn_node *node, const place *at,
                                 cnn_layer *layer)
{
    for (const cnn_hole *hole = node->of.layer->holes; hole != NULL; hole = hole->next) {
        int64_t value;
        if (!number_value(x, hole->number.expr, *at, &value)) {
            return false;
        }
        if (node->op->decimal) {
            value = value < 0 || value > 1 ? 2 * (int64_t)CNN_DECIMAL : value * CNN_DECIMAL;
        }
        if (!cnn_attr_set(node->op, &layer->attrs, hole->attr, hole->axis, value,
                          span_of(x, hole->number.span), x->err)) {
            return false;
        }
    }
    return true;
}

/* The next layer, reading `source`. */
static inline cnn_layer *next_layer(expander *x, const cnn_op *op, const cnn_attrs *attrs,
                                    cnn_span span, const place *at, int32_t source)
{
    cnn_layer *layer = cnn_network_next(x->net, op, attrs, x->arena, x->err);
    if (layer != NULL) {
        layer->span = span_of(x, span);
        layer->source_one = source;
        layer->path = at->path;
        layer->item = x->item;
        layer->aux = at->aux;
    } else if (x->err->code != CNN_OUT_OF_MEMORY) {
        x->err->span = span_of(x, span);
    }
    return layer;
}

static inline bool add_layer(expander *x, cnn_layer *layer, int32_t *value)
{
    const int32_t index = x->net->layer_count;
    if (!cnn_network_add(x->net, layer, x->arena, x->err)) {
        return false;
    }
    *value = index;
    return true;
}

/* The second source of resize@a. */
static CNN_APART bool read_label(expander *x, const cnn_node *node, const place *at,
                                 cnn_layer *layer)
{
    int32_t *sources = CNN_NEW_ARRAY(x->arena, int32_t, 2);
    if (sources == NULL) {
        return cnn_fail_memory(x->err);
    }
    sources[0] = layer->source_one;
    layer->sources = sources;
    layer->source_count = 2;
    return find_label(x, node, at->frame, &sources[1]);
}

static inline bool expand_layer(expander *x, const cnn_node *node, const place *at, int32_t *value)
{
    cnn_layer *layer = next_layer(x, node->op, &node->of.layer->attrs, node->span, at, *value);
    if (layer == NULL) {
        return false;
    }
    if (node->of.layer->holes != NULL && !fill_holes(x, node, at, layer)) {
        return false;
    }
    if (node->label.size > 0 && !read_label(x, node, at, layer)) {
        return false;
    }
    return add_layer(x, layer, value);
}

/* ---- lists, repeats, labels ---- */

static bool expand_series(expander *x, const cnn_node *first, place at, int32_t *value)
{
    at.entry = *value;
    for (const cnn_node *node = first; node != NULL; node = node->next) {
        if (!expand_item(x, node, &at, value)) {
            return false;
        }
        at.head = false;
    }
    return true;
}

static bool expand_repeat(expander *x, const cnn_node *node, place at, int32_t *value)
{
    const cnn_number *count = node->of.count;
    int64_t n = count->value;
    if (count->expr != NULL && !number_value(x, count->expr, at, &n)) {
        return false;
    }
    if (n < 0) {
        return cnn_fail_numbers(x->err, CNN_E_COUNT, span_of(x, count->span), n, 0);
    }
    at.head = false;
    for (int64_t i = 0; i < n; i++) {
        at.number = (int32_t)i + 1;
        if (!expand_item(x, node->item, &at, value)) {
            return false;
        }
    }
    return true;
}

static bool expand_group(expander *x, const cnn_node *node, place at, int32_t *value)
{
    if (at.number > 0) {
        at.path = extend(x, at.path, (cnn_text){0}, at.number, 0);
        at.number = 0;
        if (at.path == NULL) {
            return false;
        }
    }
    return expand_series(x, node->item, at, value);
}

static bool expand_label(expander *x, const cnn_node *node, place at, int32_t *value)
{
    at.path = extend(x, at.path, node->label, at.number, 0);
    at.number = 0;
    if (at.path == NULL || !expand_item(x, node->item, &at, value)) {
        return false;
    }
    cnn_name *name = cnn_names_add(at.frame->labels, node->label, x->arena);
    if (name == NULL) {
        return cnn_fail_memory(x->err);
    }
    name->number = *value;
    return true;
}

static bool expand_tap(expander *x, const cnn_node *node, place at, int32_t *value)
{
    if (!at.head) {
        return cnn_fail_words(x->err, CNN_E_TAP_PLACE, node->span, node->label, (cnn_text){0});
    }
    int32_t tapped = 0;
    if (!find_label(x, node, at.frame, &tapped)) {
        return false;
    }
    if (tapped != *value) { /* the branch would begin there anyway */
        x->net->layers[tapped].tapped = true;
    }
    *value = tapped;
    *at.start = tapped;
    return true;
}

/* A layer argument: expanded here, but with the names, labels and sizes of where it was written. */
static bool expand_param(expander *x, const cnn_node *node, place at, int32_t *value)
{
    const cnn_binding *binding = &at.frame->bindings[node->of.param];
    if (binding->item == NULL) {
        return cnn_fail_words(x->err, CNN_E_HOLDS_NUMBER, span_of(x, node->span),
                              at.frame->definition->params[node->of.param].name, (cnn_text){0});
    }
    at.frame = binding->frame;
    at.entry = binding->entry;
    return expand_item(x, binding->item, &at, value);
}

/* ---- calls ---- */

static bool expand_call(expander *x, const cnn_node *node, place at, int32_t *value)
{
    const cnn_definition *d = node->of.definition;
    const cnn_scope scope = scope_of(x, at);
    place inside = at;
    inside.frame = cnn_frame_make(node, &scope, *value, x->arena, x->err);
    if (inside.frame == NULL) {
        return false;
    }
    inside.entry = *value;
    inside.number = 0;
    inside.path = extend(x, at.path, d->name, at.number, 0);
    if (inside.path == NULL) {
        return false;
    }
    const bool outer = x->built_in;
    if (d->built_in && !outer) {
        x->built_in = true;
        x->at = node->span;
    }
    const bool done = expand_series(x, d->body, inside, value);
    x->built_in = outer;
    return done;
}

/* ---- joins ---- */

/* Each branch of a split begins with its part of the channels. */
static bool expand_part(expander *x, const cnn_node *node, place at, int32_t parts, int32_t *value)
{
    const cnn_attrs attrs = {.value[CNN_SIZE][0] = parts};
    cnn_layer *layer = next_layer(x, &cnn_op_part, &attrs, node->span, &at, *value);
    return layer != NULL && add_layer(x, layer, value);
}

static bool expand_branch(expander *x, const cnn_node *join, const cnn_node *branch, place at,
                          int32_t parts, cnn_branch *out, int32_t *value)
{
    out->entry = *value;
    out->first = x->net->layer_count;
    if (join->op->splits && !expand_part(x, branch, at, parts, value)) {
        return false;
    }
    at.head = true;
    at.start = &out->start;
    out->start = *value;
    if (!expand_series(x, branch->item, at, value)) {
        return false;
    }
    out->end = x->net->layer_count;
    return true;
}

static bool expand_join(expander *x, const cnn_node *node, place at, int32_t *value)
{
    int32_t count = 0;
    for (const cnn_node *branch = node->item; branch != NULL; branch = branch->next) {
        count++;
    }
    const bool aux = node->op->form == CNN_FORM_AUX;
    const int32_t entry = *value, first = x->net->layer_count;
    cnn_branch *branches = CNN_NEW_ARRAY(x->arena, cnn_branch, count);
    int32_t *sources = CNN_NEW_ARRAY(x->arena, int32_t, count + 1);
    if (branches == NULL || sources == NULL) {
        return cnn_fail_memory(x->err);
    }
    place inside = at;
    inside.number = 0;
    inside.aux = at.aux || aux;
    int32_t *source = sources;
    *source = entry;
    source += aux ? 1 : 0; /* an auxiliary head's end reads the path first, then the head */
    const cnn_node *branch = node->item;
    for (int32_t i = 0; i < count; i++, branch = branch->next) {
        int32_t output = entry;
        inside.path = aux ? at.path : extend(x, at.path, (cnn_text){0}, 0, i + 1);
        if ((inside.path == NULL && !aux) ||
            !expand_branch(x, node, branch, inside, count, &branches[i], &output)) {
            return false;
        }
        *source++ = output;
    }
    static const cnn_attrs none = {0};
    cnn_layer *layer = next_layer(x, node->op, &none, node->span, &at, entry);
    if (layer == NULL) {
        return false;
    }
    layer->aux = inside.aux;
    layer->sources = sources;
    layer->source_count = (int32_t)(source - sources);
    layer->branches = branches;
    if (!add_layer(x, layer, value)) {
        return false;
    }
    cnn_network_mark_join(x->net, *value, first);
    *value = aux ? entry : *value;
    return true;
}

/* ---- items ---- */

static bool (*const expanders[])(expander *, const cnn_node *, place, int32_t *) = {
    [CNN_NODE_GROUP] = expand_group,   [CNN_NODE_JOIN] = expand_join,
    [CNN_NODE_REPEAT] = expand_repeat, [CNN_NODE_LABEL] = expand_label,
    [CNN_NODE_CALL] = expand_call,     [CNN_NODE_TAP] = expand_tap,
    [CNN_NODE_PARAM] = expand_param,
};

static CNN_APART bool expand_item(expander *x, const cnn_node *node, const place *at,
                                  int32_t *value)
{
    if (++x->steps > CNN_MAX_STEPS) {
        return cnn_fail_numbers(x->err, CNN_E_STEPS_LIMIT, span_of(x, node->span), CNN_MAX_STEPS,
                                0);
    }
    if (node->kind == CNN_NODE_LAYER) {
        return expand_layer(x, node, at, value);
    }
    if (x->depth >= CNN_MAX_NESTING) {
        return cnn_fail_numbers(x->err, CNN_E_NESTING, span_of(x, node->span), CNN_MAX_NESTING, 0);
    }
    x->depth++;
    const bool done = expanders[node->kind](x, node, *at, value);
    x->depth--;
    return done;
}

/* Everything but a bare layer has an entry of its own, and is counted before it is expanded. */
static bool prepare(expander *x, const cnn_node *node, const place *at)
{
    const cnn_scope scope = scope_of(x, *at);
    return cnn_item_begin(x, node) && cnn_count_ahead(node, &scope, &x->ahead, *x->arena, x->err);
}

bool cnn_expand_item(cnn_expander *x, const cnn_node *node)
{
    const cnn_frame frame = {.labels = &x->labels};
    const place at = {.frame = &frame};
    const bool bare = node->kind == CNN_NODE_LAYER;
    const bool done =
        bare && ++x->steps <= CNN_MAX_STEPS
            ? expand_layer(x, node, &at, &x->net->output)
            : (bare || prepare(x, node, &at)) && expand_item(x, node, &at, &x->net->output);
    if (!done) {
        const cnn_span span_of_error = x->err->span;
        const bool outside =
            span_of_error.begin < node->span.begin || span_of_error.end > node->span.end;
        x->err->call = outside ? node->span : (cnn_span){0, 0};
        return false;
    }
    if (x->item != NULL) {
        x->item->end = x->net->layer_count;
        x->item = NULL;
    }
    return true;
}
