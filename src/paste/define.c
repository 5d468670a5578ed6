/* Definitions: functions with their parameters, classes with their bases, decorators. */
#include "paste/syntax.h"

/* A type after a colon or an arrow is read and dropped. */
static bool pass_over(cnn_syntax_reader *r, uint8_t op)
{
    if (!cnn_token_is(r->at, op)) {
        return true;
    }
    r->at++;
    return cnn_expression_read(r) != NULL;
}

static cnn_py_node *parameter(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_PARAMETER, r->at);
    if (node == NULL) {
        return NULL;
    }
    while (cnn_token_is(r->at, '*') || cnn_token_is(r->at, CNN_OP_POWER)) {
        node->number += r->at->op == '*' ? 1 : 2;
        r->at++;
    }
    if (r->at->kind == CNN_TOKEN_NAME) {
        node->text = r->at->text;
        r->at++;
    }
    if (!pass_over(r, ':')) { /* a type */
        return NULL;
    }
    if (cnn_token_is(r->at, '=')) {
        r->at++;
        node->a = cnn_expression_read(r);
        if (node->a == NULL) {
            return NULL;
        }
    }
    return cnn_py_node_end(r, node);
}

static bool parameters(cnn_syntax_reader *r, cnn_py_node **last)
{
    if (!cnn_token_is(r->at, '(')) {
        (void)cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        return false;
    }
    for (r->at++; !cnn_token_is(r->at, ')'); last = &(*last)->next) {
        *last = parameter(r);
        if (*last == NULL) {
            return false;
        }
        if (cnn_token_is(r->at, ',') || cnn_token_is(r->at, '/')) {
            r->at++;
        } else if (!cnn_token_is(r->at, ')')) {
            (void)cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
            return false;
        }
    }
    r->at++;
    return true;
}

/* What the decorators before a definition make of it, and the decorators themselves. */
static void take_decorators(cnn_syntax_reader *r, cnn_py_node *node)
{
    static const struct {
        const char *word;
        cnn_decorator op;
    } words[] = {{"staticmethod", CNN_STATIC_METHOD},
                 {"classmethod", CNN_CLASS_METHOD},
                 {"property", CNN_PROPERTY},
                 {"cached_property", CNN_PROPERTY},
                 {"setter", CNN_SETTER},
                 {"deleter", CNN_SETTER},
                 {"dataclass", CNN_DATACLASS}};
    node->d = r->decorators;
    r->decorators = NULL;
    for (const cnn_py_node *d = node->d; d != NULL; d = d->next) {
        const cnn_text name = d->kind == CNN_SYNTAX_CALL ? d->a->text : d->text;
        for (size_t i = 0; i < CNN_LENGTH(words); i++) {
            node->op = cnn_word_is(name, words[i].word) ? (uint8_t)words[i].op : node->op;
        }
    }
}

cnn_py_node *cnn_function_read(cnn_syntax_reader *r, int32_t column)
{
    r->at += cnn_token_word(r->at, "async");
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_FUNCTION, r->at);
    r->at++;
    if (node == NULL || r->at->kind != CNN_TOKEN_NAME) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    take_decorators(r, node);
    node->text = r->at->text;
    r->at++;
    if (!parameters(r, &node->a) || !pass_over(r, CNN_OP_ARROW)) {
        return NULL;
    }
    const bool yields = r->yields;
    r->yields = false;
    node->b = cnn_body_read(r, CNN_SYNTAX_FUNCTION, column);
    node->flag = r->yields;
    r->yields = yields;
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

cnn_py_node *cnn_class_read(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_CLASS, r->at++);
    if (node == NULL || r->at->kind != CNN_TOKEN_NAME) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    take_decorators(r, node);
    node->text = r->at->text;
    r->at++;
    if (cnn_token_is(r->at, '(')) {
        /* Bases are written as the arguments of a call, metaclass=... among them. */
        const cnn_py_node *bases = cnn_call_read(r, node);
        if (bases == NULL) {
            return NULL;
        }
        node->a = bases->b;
    }
    r->classes++;
    node->b = cnn_body_read(r, CNN_SYNTAX_CLASS, column);
    r->classes--;
    cnn_py_node **last = node->b == NULL ? NULL : &node->b->next;
    while (last != NULL && *last != NULL) {
        last = &(*last)->next;
    }
    /* Methods to the left of where they belong, as a slip of the indentation leaves them. After a
     * class within another one they are methods of that one. */
    const bool outer = r->classes == 0;
    for (cnn_skip_ends(r); outer && last != NULL && cnn_token_method(r->at); cnn_skip_ends(r)) {
        if (cnn_py_node_append(&last, cnn_statement_read(r, r->at->column)) == NULL) {
            return NULL;
        }
    }
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}
