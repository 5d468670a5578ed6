/* Evaluating expressions: numbers, names, lists; calls are in call.c. Nothing is executed. */
#include "paste/paste.h"

static bool eval_items(cnn_paster *p, const cnn_py_node *first, cnn_py_kind kind, cnn_py *out)
{
    if (!cnn_py_items(p, kind, 0, out)) {
        return false;
    }
    for (const cnn_py_node *node = first; node != NULL; node = node->next) {
        cnn_py value;
        const bool spread = node->kind == CNN_SYNTAX_ARGUMENT;
        if (!cnn_eval(p, spread ? node->a : node, &value)) {
            return false;
        }
        if (!spread) {
            if (!cnn_py_append(p, out->items, &value)) {
                return false;
            }
            continue;
        }
        cnn_items *more;
        if (!cnn_sequence(p, node, &value, &more) || !cnn_py_append_all(p, out->items, more)) {
            return false;
        }
    }
    return true;
}

/* {**other} */
static bool spread(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, cnn_items *out)
{
    return value->kind == CNN_PY_DICT
               ? cnn_dict_add_all(p, out, value->items)
               : cnn_paste_fail(p, CNN_E_PASTE_NOT_FOLLOWED, node->span,
                                cnn_text_part(p->text, node->span), (cnn_text){0});
}

static bool eval_dict(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_DICT, 0, out)) {
        return false;
    }
    for (const cnn_py_node *pair = node->a; pair != NULL; pair = pair->next) {
        cnn_py key, value;
        if (!cnn_eval(p, pair->a, &key)) {
            return false;
        }
        const bool done = pair->b == NULL ? spread(p, pair->a, &key, out->items)
                                          : cnn_eval(p, pair->b, &value) &&
                                                cnn_dict_set(p, out->items, &key, &value);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* [a for b in c if d] into `to`. */
static bool eval_each(cnn_paster *p, const cnn_py_node *node, cnn_items *to, bool *opaque)
{
    cnn_py sequence, value;
    cnn_items *items;
    if (!cnn_eval(p, node->c, &sequence)) {
        return false;
    }
    if (sequence.kind == CNN_PY_OPAQUE) {
        *opaque = true; /* so is the list */
        return true;
    }
    if (!cnn_sequence(p, node->c, &sequence, &items)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        bool take = true;
        if (!cnn_assign(p, node->b, &items->at[i])) {
            return false;
        }
        if (node->d != NULL && node->d->kind == CNN_SYNTAX_EACH) {
            if (!eval_each(p, node->d, to, opaque)) {
                return false;
            }
            continue;
        }
        if (node->d != NULL &&
            (!cnn_eval(p, node->d, &value) || !cnn_py_truth(p, node->d, &value, &take))) {
            return false;
        }
        if (take && (!cnn_eval(p, node->a, &value) || !cnn_py_append(p, to, &value))) {
            return false;
        }
    }
    return true;
}

bool cnn_eval_each(cnn_paster *p, const cnn_py_node *node, cnn_items *to, bool *opaque)
{
    cnn_frame *scope = CNN_PASTE_NEW(p, cnn_frame); /* its names are its own */
    *opaque = false;
    if (scope == NULL) {
        return false;
    }
    scope->outer = p->frame;
    p->frame = scope;
    const bool done = eval_each(p, node, to, opaque);
    p->frame = scope->outer;
    return done;
}

static bool eval_list_of(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    bool opaque;
    if (!cnn_py_items(p, CNN_PY_LIST, 0, out) || !cnn_eval_each(p, node, out->items, &opaque)) {
        return false;
    }
    *out = opaque ? cnn_py_opaque("data") : *out;
    return true;
}

static bool eval_name(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    const cnn_py *found = cnn_frame_find(p->frame, node->text);
    if (found != NULL) {
        *out = *found;
        return true;
    }
    if (!cnn_defined(p, node->text, out)) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .text = node->text, .origin = node->span};
    }
    return true;
}

static bool eval_unary(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    cnn_py value;
    if (!cnn_eval(p, node->a, &value)) {
        return false;
    }
    if (node->op == 'n') {
        bool truth;
        if (!cnn_py_truth(p, node->a, &value, &truth)) {
            return false;
        }
        *out = cnn_py_bool(!truth);
        return true;
    }
    if (node->op == '-' && value.kind == CNN_PY_TENSOR) {
        *out = value;
        return true; /* the sign changes no size */
    }
    const cnn_py zero = cnn_py_int(0, node->span);
    return node->op == '+' ? (*out = value, true) : cnn_operate(p, node, &zero, &value, out);
}

static bool eval_logic(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    bool truth;
    if (!cnn_eval(p, node->a, out) || !cnn_py_truth(p, node->a, out, &truth)) {
        return false;
    }
    return truth == (node->kind == CNN_SYNTAX_OR) ? true : cnn_eval(p, node->b, out);
}

/* An expression in the braces of an f-string. Its tokens are forgotten at once, because the low end
 * of the arena belongs to the layers. */
static bool eval_braces(cnn_paster *p, cnn_text text, cnn_py *out)
{
    cnn_arena scratch = *p->arena;
    const cnn_token *tokens = cnn_tokens_read(&scratch, text);
    if (tokens == NULL) {
        return cnn_fail_memory(p->err);
    }
    cnn_syntax_reader r = {.arena = &scratch, .err = p->err, .text = text, .at = tokens};
    const cnn_py_node *expression = cnn_expression_read(&r);
    p->arena->high = scratch.high;
    *out = cnn_py_none();
    if (expression == NULL || cnn_eval(p, expression, out)) {
        return p->err->code == CNN_OK;
    }
    return cnn_paste_forgive(p); /* a text for people */
}

/* An f-string: expressions in braces are read and evaluated, formats are dropped. */
static bool eval_string(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    *out = (cnn_py){.kind = CNN_PY_STRING, .text = node->text, .origin = node->span};
    cnn_text rest = node->text, all = {0};
    bool known = true;
    if (!node->flag || memchr(rest.data, '{', rest.size) == NULL) {
        return true;
    }
    while (rest.size > 0) {
        const cnn_text before = cnn_text_split(&rest, '{');
        cnn_text inside = cnn_text_split(&rest, '}');
        all = cnn_paste_join(p, all, "", before);
        const cnn_text name = cnn_text_trim(cnn_text_split(&inside, ':'));
        cnn_py value;
        if (name.size == 0) {
            continue;
        }
        if (!eval_braces(p, name, &value)) {
            return false;
        }
        const cnn_text shown =
            value.kind == CNN_PY_INT ? cnn_paste_digits(p, value.number) : value.text;
        known =
            known && inside.size == 0 && (value.kind == CNN_PY_INT || value.kind == CNN_PY_STRING);
        all = cnn_paste_join(p, all, "", shown);
    }
    out->text = all;
    *out = known ? *out : cnn_py_opaque("text");
    return p->err->code == CNN_OK;
}

static bool eval_slice(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    const cnn_py_node *parts[] = {node->a, node->b, node->c};
    if (!cnn_py_items(p, CNN_PY_SLICE, 3, out)) {
        return false;
    }
    for (int32_t i = 0; i < 3; i++) {
        cnn_py value = cnn_py_none();
        if (parts[i] != NULL && !cnn_eval(p, parts[i], &value)) {
            return false;
        }
        out->items->at[out->items->count++] = value;
    }
    return true;
}

static bool eval_two(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    cnn_py a, b;
    if (!cnn_eval(p, node->a, &a) || !cnn_eval(p, node->b, &b)) {
        return false;
    }
    switch (node->kind) {
    case CNN_SYNTAX_BINARY:
        return cnn_operate(p, node, &a, &b, out);
    case CNN_SYNTAX_COMPARE:
        return cnn_compare(p, node, &a, &b, out);
    default:
        return cnn_index(p, node, &a, &b, out);
    }
}

static bool eval_choice(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    bool truth;
    return cnn_eval(p, node->b, out) && cnn_py_truth(p, node->b, out, &truth) &&
           cnn_eval(p, truth ? node->a : node->c, out);
}

static bool eval_plain(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    *out = (cnn_py){.origin = node->span, .number = node->number};
    switch (node->kind) {
    case CNN_SYNTAX_INT:
        out->kind = CNN_PY_INT;
        return node->flag ? cnn_paste_fail(p, CNN_E_OVERFLOW, node->span,
                                           cnn_text_of("this number"), (cnn_text){0})
                          : true;
    case CNN_SYNTAX_FLOAT:
        out->kind = CNN_PY_FLOAT;
        out->real = node->real;
        return true;
    case CNN_SYNTAX_BOOL:
        out->kind = CNN_PY_BOOL;
        return true;
    default:
        return true; /* None */
    }
}

static bool eval_kind(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    cnn_py object;
    switch (node->kind) {
    case CNN_SYNTAX_STRING:
        return eval_string(p, node, out);
    case CNN_SYNTAX_NAME:
        return eval_name(p, node, out);
    case CNN_SYNTAX_TUPLE:
        return eval_items(p, node->a, CNN_PY_TUPLE, out);
    case CNN_SYNTAX_LIST:
        return eval_items(p, node->a, CNN_PY_LIST, out);
    case CNN_SYNTAX_DICT:
        return eval_dict(p, node, out);
    case CNN_SYNTAX_CALL:
        return cnn_call_node(p, node, out);
    case CNN_SYNTAX_ATTRIBUTE:
        return cnn_eval(p, node->a, &object) && cnn_attribute(p, node, &object, out);
    case CNN_SYNTAX_INDEX:
    case CNN_SYNTAX_BINARY:
    case CNN_SYNTAX_COMPARE:
        return eval_two(p, node, out);
    case CNN_SYNTAX_SLICE:
        return eval_slice(p, node, out);
    case CNN_SYNTAX_UNARY:
        return eval_unary(p, node, out);
    case CNN_SYNTAX_AND:
    case CNN_SYNTAX_OR:
        return eval_logic(p, node, out);
    case CNN_SYNTAX_CHOICE:
        return eval_choice(p, node, out);
    case CNN_SYNTAX_LAMBDA:
        return cnn_function_make(p, node, out);
    case CNN_SYNTAX_EACH:
        return eval_list_of(p, node, out);
    default:
        return eval_plain(p, node, out);
    }
}

bool cnn_eval(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    if (!cnn_paste_step(p, 1)) {
        p->err->span = node->span;
        return false;
    }
    if (++p->depth > CNN_PASTE_DEPTH) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_CALLS, node->span, CNN_PASTE_CALLS, 0);
    }
    const bool done = eval_kind(p, node, out);
    p->depth--;
    return done;
}
