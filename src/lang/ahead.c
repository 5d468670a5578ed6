/* Counting before expanding: a short text can stand for more layers than there is memory, and a
 * count behind a count behind a count is cheap to multiply. */
#include "base/arena.h"
#include "lang/expand.h"

typedef struct counter {
    cnn_scope scope; /* without sizes */
    cnn_arena arena;
    cnn_error *err;
    int64_t room; /* for layers */
    int64_t steps;
    int32_t depth;
    const cnn_node *built_in; /* the call of a built-in list, while that is counted */
} counter;

static bool count_item(counter *x, const cnn_node *node, const cnn_frame *frame, int64_t *sum);

static bool fail_limit(counter *x, int32_t code, cnn_span span, int64_t limit)
{
    const cnn_span place = x->built_in != NULL ? x->built_in->span : span;
    return cnn_fail_numbers(x->err, code, place, limit, 0);
}

/* Adds `times` times `count` layers, if there is room for them. */
static bool add(counter *x, int64_t times, int64_t count, cnn_span span, int64_t *sum)
{
    if (count > 0 && times > (x->room - *sum) / count) {
        return fail_limit(x, CNN_E_LAYERS_LIMIT, span, CNN_MAX_LAYERS);
    }
    *sum += times * count;
    return true;
}

static bool count_series(counter *x, const cnn_node *first, const cnn_frame *frame, int64_t *sum)
{
    for (const cnn_node *node = first; node != NULL; node = node->next) {
        if (!count_item(x, node, frame, sum)) {
            return false;
        }
    }
    return true;
}

/* A count that is not known yet counts as none, and what is wrong with it is found out later. */
static bool count_repeat(counter *x, const cnn_node *node, const cnn_frame *frame, int64_t *sum)
{
    const cnn_number *number = node->of.count;
    int64_t times = number->value, once = 0;
    x->scope.frame = frame;
    if (number->expr != NULL && !cnn_expr_known(number->expr, &x->scope, &times)) {
        return true;
    }
    return times <= 0 ||
           (count_item(x, node->item, frame, &once) && add(x, times, once, number->span, sum));
}

static bool count_call(counter *x, const cnn_node *node, const cnn_frame *frame, int64_t *sum)
{
    const cnn_arena before = x->arena;
    x->scope.frame = frame;
    const cnn_frame *inside = cnn_frame_make(node, &x->scope, 0, &x->arena, x->err);
    if (node->of.definition->built_in) {
        x->built_in = node;
    }
    const bool done = inside != NULL && count_series(x, node->of.definition->body, inside, sum);
    x->built_in = NULL; /* built-in lists call nothing */
    x->arena = before;
    return done;
}

/* The join is a layer, and each branch of a split begins with one. */
static bool count_join(counter *x, const cnn_node *node, const cnn_frame *frame, int64_t *sum)
{
    for (const cnn_node *branch = node->item; branch != NULL; branch = branch->next) {
        if (!count_series(x, branch->item, frame, sum) ||
            !add(x, node->op->splits, 1, node->span, sum)) {
            return false;
        }
    }
    return add(x, 1, 1, node->span, sum);
}

static bool count_param(counter *x, const cnn_node *node, const cnn_frame *frame, int64_t *sum)
{
    const cnn_binding *binding = &frame->bindings[node->of.param];
    return binding->item == NULL || count_item(x, binding->item, binding->frame, sum);
}

static bool count_inside(counter *x, const cnn_node *node, const cnn_frame *frame, int64_t *sum)
{
    switch (node->kind) {
    case CNN_NODE_LAYER:
        return add(x, 1, 1, node->span, sum);
    case CNN_NODE_GROUP:
        return count_series(x, node->item, frame, sum);
    case CNN_NODE_JOIN:
        return count_join(x, node, frame, sum);
    case CNN_NODE_REPEAT:
        return count_repeat(x, node, frame, sum);
    case CNN_NODE_LABEL:
        return count_item(x, node->item, frame, sum);
    case CNN_NODE_CALL:
        return count_call(x, node, frame, sum);
    case CNN_NODE_PARAM:
        return count_param(x, node, frame, sum);
    default:
        return true; /* a tap is no layer */
    }
}

static bool count_item(counter *x, const cnn_node *node, const cnn_frame *frame, int64_t *sum)
{
    if (++x->steps > CNN_MAX_STEPS) {
        return fail_limit(x, CNN_E_STEPS_LIMIT, node->span, CNN_MAX_STEPS);
    }
    if (x->depth >= CNN_MAX_NESTING) {
        return true; /* an error when it is expanded */
    }
    x->depth++;
    const bool done = count_inside(x, node, frame, sum);
    x->depth--;
    return done;
}

bool cnn_count_ahead(const cnn_node *node, const cnn_scope *scope, int64_t *steps, cnn_arena arena,
                     cnn_error *err)
{
    counter x = {.scope = *scope, .arena = arena, .err = err, .steps = *steps};
    x.room = cnn_network_room(scope->to);
    x.scope.to = NULL;
    int64_t sum = 0;
    const bool done = count_item(&x, node, scope->frame, &sum);
    *steps = x.steps;
    return done;
}
