/* Calls: the values of a definition's parameters. */
#include "base/arena.h"
#include "lang/expand.h"

/* While layers are only counted, there are no sizes yet and so no c, h, w. */
static bool known(const cnn_expr *expr, const cnn_scope *scope)
{
    bool all = true;
    for (int32_t i = 0; i < expr->count; i++) {
        const cnn_term *term = &expr->terms[i];
        all = all && term->kind != CNN_TERM_ENTRY &&
              (term->kind != CNN_TERM_PARAM || !scope->frame->bindings[term->value].unknown);
    }
    return all;
}

bool cnn_expr_known(const cnn_expr *expr, const cnn_scope *scope, int64_t *out)
{
    cnn_error ignored = {0};
    return known(expr, scope) && cnn_expr_value(expr, scope, out, &ignored);
}

/* The value of an argument where it is written. A lone parameter passes on what it holds. */
static bool bind(const cnn_arg *arg, const cnn_scope *scope, cnn_binding *out, cnn_error *err)
{
    if (arg->item != NULL) {
        *out = (cnn_binding){.item = arg->item, .frame = scope->frame, .entry = scope->entry};
        return true;
    }
    const cnn_term *term = arg->expr->terms;
    if (arg->expr->count == 1 && term->kind == CNN_TERM_PARAM) {
        *out = scope->frame->bindings[term->value];
        return true;
    }
    if (scope->to == NULL) {
        out->unknown = !cnn_expr_known(arg->expr, scope, &out->number);
        return true;
    }
    return cnn_expr_value(arg->expr, scope, &out->number, err);
}

/* The values given, where the call is written; then the defaults, inside the call, with the
 * parameters before them. Parsing has made sure that each parameter has one of the two. */
const cnn_frame *cnn_frame_make(const cnn_node *call, const cnn_scope *outside, int32_t entry,
                                cnn_arena *arena, cnn_error *err)
{
    const cnn_definition *d = call->of.definition;
    cnn_frame *frame = CNN_NEW(arena, cnn_frame);
    cnn_binding *bindings = CNN_NEW_ARRAY(arena, cnn_binding, d->param_count);
    bool *bound = CNN_NEW_ARRAY(arena, bool, d->param_count);
    cnn_names *labels = CNN_NEW(arena, cnn_names);
    if (frame == NULL || bindings == NULL || bound == NULL || labels == NULL) {
        cnn_fail_memory(err);
        return NULL;
    }
    *frame = (cnn_frame){d, bindings, labels};
    for (const cnn_arg *arg = call->args; arg != NULL; arg = arg->next) {
        bound[arg->index] = true;
        if (!bind(arg, outside, &bindings[arg->index], err)) {
            return NULL;
        }
    }
    cnn_scope inside = *outside;
    inside.frame = frame;
    inside.entry = entry;
    for (int32_t i = 0; i < d->param_count; i++) {
        if (!bound[i] && !bind(d->params[i].standard, &inside, &bindings[i], err)) {
            return NULL;
        }
    }
    return frame;
}
