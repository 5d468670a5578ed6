/* The values that are handed to a definition. */
#include "base/arena.h"
#include "lang/parse.h"

/* A number when it reads as one up to "," or ")" with names of numbers only; otherwise layers. */
bool cnn_parse_arg_value(cnn_parser *ps, cnn_arg *arg)
{
    cnn_skip_blanks(ps, true);
    if (cnn_peek(ps) == ')') {
        return cnn_fail_unexpected(ps, "a number or a layer is wanted here");
    }
    const char *from = ps->p;
    cnn_error *const err = ps->err;
    cnn_error probe = {0};
    const cnn_arena arena = *ps->arena;
    const int32_t depth = ps->depth;
    ps->err = &probe;
    bool number = cnn_parse_expr(ps, &arg->expr);
    if (number) {
        arg->span = cnn_span_from(ps, from);
        cnn_skip_blanks(ps, true);
        number = cnn_peek(ps) == ',' || cnn_peek(ps) == ')';
    }
    ps->err = err;
    if (number) {
        return true;
    }
    if (probe.code == CNN_E_OVERFLOW || probe.code == CNN_OUT_OF_MEMORY) {
        *err = probe;
        return false;
    }
    *ps->arena = arena;
    ps->depth = depth;
    ps->p = from;
    arg->expr = NULL;
    cnn_node *item;
    if (!cnn_parse_item(ps, &item)) {
        return false;
    }
    arg->item = item;
    arg->span = item->span;
    cnn_skip_blanks(ps, true);
    return true;
}

static bool parse_arg(cnn_parser *ps, cnn_arg *arg)
{
    cnn_skip_blanks(ps, true);
    cnn_parser look = *ps;
    const cnn_text name = cnn_see_name(&look);
    look.p += name.size;
    cnn_skip_blanks(&look, true);
    if (name.size > 0 && cnn_peek(&look) == '=') {
        arg->name = name;
        ps->p = look.p + 1;
    }
    return cnn_parse_arg_value(ps, arg);
}

/* Finds the parameter that an argument is for. */
static bool place_arg(cnn_parser *ps, const cnn_definition *definition, int32_t position,
                      cnn_arg *arg, bool *given)
{
    arg->index = position;
    if (arg->name.size == 0 && position >= definition->param_count) {
        ps->err->number[0] = definition->param_count;
        return cnn_fail_words(ps->err, CNN_E_ARG_SURPLUS, arg->span, definition->name,
                              (cnn_text){0});
    }
    if (arg->name.size > 0) {
        const cnn_name *param = cnn_names_find(&definition->names, arg->name);
        if (param == NULL) {
            cnn_nearest nearest = cnn_nearest_to(arg->name);
            cnn_names_offer(&definition->names, &nearest);
            ps->err->word[2] = nearest.best;
            return cnn_fail_words(ps->err, CNN_E_ARG_NAME, cnn_span_of(ps, arg->name),
                                  definition->name, arg->name);
        }
        arg->index = param->number;
    }
    if (given[arg->index]) {
        return cnn_fail_words(ps->err, CNN_E_ARG_TWICE, arg->span, definition->name,
                              definition->params[arg->index].name);
    }
    given[arg->index] = true;
    return true;
}

/* Every parameter without a default needs a value. */
static bool check_given(cnn_parser *ps, const cnn_definition *definition, cnn_span call,
                        const bool *given)
{
    for (int32_t i = 0; i < definition->param_count; i++) {
        if (!given[i] && definition->params[i].standard == NULL) {
            return cnn_fail_words(ps->err, CNN_E_ARG_MISSING, call, definition->name,
                                  definition->params[i].name);
        }
    }
    return true;
}

/* "(" [ arg { "," arg } ] ")" */
static bool parse_arg_list(cnn_parser *ps, const cnn_definition *definition, cnn_node *call,
                           bool *given)
{
    const cnn_span open = cnn_span_of(ps, (cnn_text){ps->p, 1});
    const cnn_arg **slot = &call->args;
    bool named = false;
    ps->p++;
    cnn_skip_blanks(ps, true);
    for (int32_t i = 0; cnn_peek(ps) != ')' || i > 0; i++) {
        cnn_arg *arg = CNN_NEW(ps->arena, cnn_arg);
        if (arg == NULL) {
            return cnn_fail_memory(ps->err);
        }
        if (ps->p == ps->end) {
            return cnn_fail(ps->err, CNN_E_PAREN_OPEN, open);
        }
        if (!parse_arg(ps, arg) || !place_arg(ps, definition, i, arg, given)) {
            return false;
        }
        if (named && arg->name.size == 0) {
            return cnn_fail(ps->err, CNN_E_ARG_ORDER, arg->span);
        }
        named = arg->name.size > 0;
        *slot = arg;
        slot = &arg->next;
        if (cnn_peek(ps) != ',') {
            break;
        }
        ps->p++;
        cnn_skip_blanks(ps, true);
    }
    if (cnn_peek(ps) != ')') {
        return ps->p == ps->end
                   ? cnn_fail(ps->err, CNN_E_PAREN_OPEN, open)
                   : cnn_fail_unexpected(ps, "write a comma between values, and parentheses around "
                                             "several layers");
    }
    ps->p++;
    return true;
}

bool cnn_parse_args(cnn_parser *ps, const cnn_definition *definition, cnn_node *call)
{
    bool *given = CNN_NEW_ARRAY(ps->arena, bool, definition->param_count);
    if (given == NULL) {
        return cnn_fail_memory(ps->err);
    }
    cnn_parser look = *ps;
    cnn_skip_blanks(&look, false);
    if (cnn_peek(&look) == '(') {
        ps->p = look.p;
        if (!cnn_nest(ps, cnn_span_of(ps, (cnn_text){ps->p, 1})) ||
            !parse_arg_list(ps, definition, call, given)) {
            return false;
        }
        ps->depth--;
    }
    const cnn_span whole = cnn_span_from(ps, ps->begin + call->span.begin);
    return check_given(ps, definition, whole, given);
}
