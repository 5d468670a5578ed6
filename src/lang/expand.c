/* Expansion: walks the tree with the current value in hand and appends layers. */
#include "lang/expand.h"

#include "base/arena.h"
#include "lang/range.h"

typedef cnn_expander expander;

typedef cnn_place place;

static bool expand_item(expander *x, const cnn_node *node, const place *at, int32_t *value);

static cnn_scope scope_of(const expander *x, place at)
{
    return (cnn_scope){x->to, at.frame, at.entry, x->settings->unknowns,
                       x->settings->unknown_count};
}

static bool number_value(const expander *x, const cnn_expr *expr, place at, int64_t *out)
{
    const cnn_scope scope = scope_of(x, at);
    return cnn_expr_value(expr, &scope, out, x->to->err);
}

static bool find_label(expander *x, const cnn_node *node, const cnn_frame *frame, int32_t *out)
{
    if (cnn_text_is(node->label, "input")) {
        *out = x->to->input;
        return true;
    }
    const cnn_name *name = cnn_names_find(frame->labels, node->label);
    if (name != NULL) {
        *out = name->number;
        return true;
    }
    cnn_nearest nearest = cnn_nearest_to(node->label);
    cnn_names_offer(frame->labels, &nearest);
    return cnn_fail_words(x->to->err, CNN_E_UNKNOWN_LABEL, node->span, node->label, nearest.best);
}

/* ---- layers ---- */

static CNN_APART bool fill_holes(expander *x, const cnn_node *node, const place *at,
                                 cnn_layer *layer)
{
    cnn_attrs *attrs = cnn_arena_room(x->to->arena, sizeof *attrs);
    if (attrs == NULL) {
        return cnn_fail_memory(x->to->err);
    }
    *attrs = *layer->attrs;
    layer->attrs = attrs;
    for (const cnn_hole *hole = node->of.layer.holes; hole != NULL; hole = hole->next) {
        int64_t value;
        if (!number_value(x, hole->number.expr, *at, &value)) {
            return false;
        }
        if (node->op->decimal) {
            value = value < 0 || value > 1 ? 2 * (int64_t)CNN_DECIMAL : value * CNN_DECIMAL;
        }
        if (!cnn_attr_set(node->op, attrs, hole->attr, hole->axis, value,
                          cnn_expanded_span(x, hole->number.span), x->to->err)) {
            return false;
        }
    }
    cnn_stride_complete(node->op, attrs);
    return true;
}

/* The second source of resize@a. */
static CNN_APART bool read_label(expander *x, const cnn_node *node, const place *at,
                                 cnn_layer *layer)
{
    int32_t *sources = CNN_NEW_ARRAY(x->to->arena, int32_t, 2);
    if (sources == NULL) {
        return cnn_fail_memory(x->to->err);
    }
    sources[0] = layer->source_one;
    layer->sources = sources;
    layer->source_count = 2;
    return find_label(x, node, at->frame, &sources[1]);
}

static CNN_FLAT bool expand_layer(expander *x, const cnn_node *node, const place *at,
                                  int32_t *value)
{
    const cnn_layer_text *text = &node->of.layer;
    cnn_effect *effect = NULL;
    if (text->lasts && cnn_may_pass(x, at)) {
        if (cnn_network_pass_layer(x->to, cnn_op_is_idle(node->op), text->attrs, value)) {
            return true;
        }
        effect = cnn_network_effect(x->to, text->attrs, *value);
    }
    cnn_layer *layer = cnn_expand_next(x, node->op, node->of.layer.attrs, node->span, at, *value);
    if (layer == NULL) {
        return false;
    }
    if (node->of.layer.holes != NULL && !fill_holes(x, node, at, layer)) {
        return false;
    }
    if (node->label.size > 0 && !read_label(x, node, at, layer)) {
        return false;
    }
    return cnn_network_add(x->to, layer, effect, value);
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
        return cnn_fail_numbers(x->to->err, CNN_E_COUNT, cnn_expanded_span(x, count->span), n, 0);
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
        at.path = cnn_path_extend(x, at.path, (cnn_text){0}, at.number, 0);
        at.number = 0;
        if (at.path == NULL) {
            return false;
        }
    }
    return expand_series(x, node->item, at, value);
}

static bool expand_label(expander *x, const cnn_node *node, place at, int32_t *value)
{
    at.path = cnn_path_extend(x, at.path, node->label, at.number, 0);
    at.number = 0;
    if (at.path == NULL || !expand_item(x, node->item, &at, value)) {
        return false;
    }
    cnn_name *name = cnn_names_add(at.frame->labels, node->label, x->to->arena);
    if (name == NULL) {
        return cnn_fail_memory(x->to->err);
    }
    name->number = *value;
    return true;
}

static bool expand_tap(expander *x, const cnn_node *node, place at, int32_t *value)
{
    if (!at.head) {
        return cnn_fail_words(x->to->err, CNN_E_TAP_PLACE, node->span, node->label, (cnn_text){0});
    }
    int32_t tapped = 0;
    if (!find_label(x, node, at.frame, &tapped)) {
        return false;
    }
    if (tapped != *value) { /* the branch would begin there anyway */
        cnn_network_mark_tap(x->to, tapped);
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
        return cnn_fail_words(x->to->err, CNN_E_HOLDS_NUMBER, cnn_expanded_span(x, node->span),
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
    inside.frame = cnn_frame_make(node, &scope, *value, x->to->arena, x->to->err);
    if (inside.frame == NULL) {
        return false;
    }
    inside.entry = *value;
    inside.number = 0;
    inside.path = cnn_path_extend(x, at.path, d->name, at.number, 0);
    if (inside.path == NULL) {
        return false;
    }
    if (d->built_in) {
        x->built_in = true;
        x->at = node->span;
    }
    const bool done = expand_series(x, d->body, inside, value);
    x->built_in = false; /* built-in lists call nothing */
    return done;
}

/* ---- joins ---- */

static bool expand_join(expander *x, const cnn_node *node, place at, int32_t *value)
{
    cnn_join join;
    join.op = node->op;
    join.span = node->span;
    join.count = 0;
    for (const cnn_node *branch = node->item; branch != NULL; branch = branch->next) {
        join.count++;
    }
    if (!cnn_join_begin(x, &join, &at, *value)) {
        return false;
    }
    int32_t i = 0;
    for (const cnn_node *branch = node->item; branch != NULL; branch = branch->next, i++) {
        place inside;
        int32_t output;
        if (!cnn_branch_begin(x, &join, i, branch->span, &inside, &output) ||
            !expand_series(x, branch->item, inside, &output)) {
            return false;
        }
        cnn_branch_end(x, &join, i, output);
    }
    return cnn_join_end(x, &join, value);
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
        return cnn_fail_numbers(x->to->err, CNN_E_STEPS_LIMIT, cnn_expanded_span(x, node->span),
                                CNN_MAX_STEPS, 0);
    }
    if (node->kind == CNN_NODE_LAYER) {
        return expand_layer(x, node, at, value);
    }
    if (x->depth >= CNN_MAX_NESTING) {
        return cnn_fail_numbers(x->to->err, CNN_E_NESTING, cnn_expanded_span(x, node->span),
                                CNN_MAX_NESTING, 0);
    }
    x->depth++;
    const bool done = expanders[node->kind](x, node, *at, value);
    x->depth--;
    return done;
}

bool cnn_expand_inside(cnn_expander *x, const cnn_node *node, const cnn_place *at, int32_t *value)
{
    const cnn_scope scope = scope_of(x, *at);
    return cnn_count_ahead(node, &scope, &x->ahead, *x->to->arena, x->to->err) &&
           expand_item(x, node, at, value);
}

bool cnn_expand_item(cnn_expander *x, const cnn_node *node)
{
    const cnn_frame frame = {.labels = &x->labels};
    const place at = {.frame = &frame, .entry = x->to->input};
    const bool done =
        cnn_item_begin(x, node) && cnn_expand_inside(x, node, &at, &x->to->net->output);
    return cnn_item_end(x, node->span, done);
}
