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

/* What a comprehension adds to its list, or to its dictionary. */
static bool add_element(cnn_paster *p, const cnn_py_node *element, cnn_items *to)
{
    cnn_py key, value;
    if (element->kind == CNN_SYNTAX_PAIR) {
        return element->b != NULL && cnn_eval(p, element->a, &key) &&
               cnn_eval(p, element->b, &value) && cnn_dict_set(p, to, &key, &value);
    }
    return cnn_eval(p, element, &value) && cnn_py_append(p, to, &value);
}

/* The clauses of a comprehension from this one on, loops and conditions; after the last one an
 * element is added to `to`. */
static bool eval_clauses(cnn_paster *p, const cnn_py_node *clause, const cnn_py_node *element,
                         cnn_items *to, bool *opaque)
{
    cnn_py value;
    cnn_items *items;
    for (; clause != NULL && clause->kind == CNN_SYNTAX_WHEN; clause = clause->d) {
        bool take;
        if (!cnn_eval(p, clause->a, &value) || !cnn_py_truth(p, clause->a, &value, &take)) {
            return false;
        }
        if (!take) {
            return true;
        }
    }
    if (clause == NULL) {
        return add_element(p, element, to);
    }
    if (!cnn_eval(p, clause->c, &value)) {
        return false;
    }
    if (value.kind == CNN_PY_OPAQUE) {
        *opaque = true; /* so is the list */
        return true;
    }
    if (!cnn_sequence(p, clause->c, &value, &items)) {
        return false;
    }
    if (++p->depth > CNN_PASTE_DEPTH) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_CALLS, clause->span, CNN_PASTE_CALLS, 0);
    }
    bool done = true;
    for (int32_t i = 0; done && i < items->count; i++) {
        done = cnn_assign(p, clause->b, &items->at[i]) &&
               eval_clauses(p, clause->d, element, to, opaque);
    }
    p->depth--;
    return done;
}

bool cnn_eval_each(cnn_paster *p, const cnn_py_node *node, cnn_items *to, bool *opaque)
{
    cnn_frame *scope = CNN_PASTE_NEW(p, cnn_frame); /* its names are its own */
    *opaque = false;
    if (scope == NULL) {
        return false;
    }
    *scope = (cnn_frame){.outer = p->frame, .each = true};
    p->frame = scope;
    const bool done = eval_clauses(p, node, node->a, to, opaque);
    p->frame = scope->outer;
    return done;
}

static bool eval_list_of(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    const bool pairs = node->a->kind == CNN_SYNTAX_PAIR;
    bool opaque;
    if (!cnn_py_items(p, pairs ? CNN_PY_DICT : CNN_PY_LIST, 0, out) ||
        !cnn_eval_each(p, node, out->items, &opaque)) {
        return false;
    }
    *out = opaque ? cnn_py_opaque("data") : *out;
    return true;
}

/* (n := value): the name belongs to the function, not to a comprehension around it. */
static bool eval_named(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    cnn_frame *frame = p->frame;
    while (frame->each) {
        frame = frame->outer;
    }
    return cnn_eval(p, node->b, out) && cnn_frame_set(p, frame, node->a->text, out);
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

/* a or b gives a where it is true, else b; the other one is not evaluated. */
static bool eval_logic(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    bool truth;
    if (!cnn_eval(p, node->a, out) || !cnn_py_truth(p, node->a, out, &truth)) {
        return false;
    }
    return truth == (node->kind == CNN_SYNTAX_OR) ? true : cnn_eval(p, node->b, out);
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

/* Only the branch that is chosen is evaluated, because the other may make layers. */
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
        return cnn_eval_string(p, node, out);
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
    case CNN_SYNTAX_NAMED:
        return eval_named(p, node, out);
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
