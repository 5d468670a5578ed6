/*
 * Bodies of compound statements. They are found by indentation; where that was lost, "class", "def"
 * and "return" still tell where bodies end.
 */
#include "paste/syntax.h"

cnn_py_node *cnn_py_node_append(cnn_py_node ***last, cnn_py_node *node)
{
    **last = node;
    while (node != NULL && node->next != NULL) {
        node = node->next;
    }
    *last = node == NULL ? *last : &node->next;
    return node;
}

static bool is_definition(const cnn_token *at)
{
    return cnn_token_word(at, "def") || cnn_token_word(at, "class") || cnn_token_is(at, '@') ||
           (cnn_token_word(at, "async") && cnn_token_word(at + 1, "def"));
}

bool cnn_token_method(const cnn_token *at)
{
    return cnn_token_word(at, "def") && at[1].kind == CNN_TOKEN_NAME && cnn_token_is(at + 2, '(') &&
           cnn_token_word(at + 3, "self");
}

/* Lines that are indented more than `column`. */
static cnn_py_node *indented(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *first = NULL, **last = &first;
    for (cnn_skip_ends(r); r->at->kind != CNN_TOKEN_END && r->at->column > column;
         cnn_skip_ends(r)) {
        if (cnn_py_node_append(&last, cnn_statement_read(r, r->at->column)) == NULL) {
            return NULL;
        }
    }
    return first;
}

/* Whether the statement just read ends its line. A semicolon does not. */
static bool line_is_over(const cnn_syntax_reader *r)
{
    return r->at[-1].kind == CNN_TOKEN_LINE && r->at[-1].op != ';';
}

/* Without indentation: the methods that follow a class, or what follows a "def" up to the next one
 * or to the "return". On one line with the colon it ends with that line. */
static cnn_py_node *flat_body(cnn_syntax_reader *r, cnn_syntax kind, int32_t column, bool one_line)
{
    cnn_py_node *first = NULL, **last = &first;
    r->flat |= !one_line;
    cnn_skip_ends(r);
    const bool methods = !one_line || cnn_token_method(r->at); /* or "class A: x = 1" */
    for (; r->at->kind != CNN_TOKEN_END; cnn_skip_ends(r)) {
        if (kind == CNN_SYNTAX_CLASS ? methods && !cnn_token_method(r->at) : is_definition(r->at)) {
            break;
        }
        const bool ends = cnn_token_word(r->at, "return");
        if (cnn_py_node_append(&last, cnn_statement_read(r, column)) == NULL) {
            return NULL;
        }
        if ((ends && kind == CNN_SYNTAX_FUNCTION) || (one_line && line_is_over(r))) {
            break;
        }
    }
    return first != NULL ? first : cnn_py_node_new(r, CNN_SYNTAX_PASS, r->at);
}

/* "if x: a; b" */
static cnn_py_node *one_line(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *first = NULL, **last = &first;
    do {
        if (cnn_py_node_append(&last, cnn_statement_read(r, column)) == NULL) {
            return NULL;
        }
    } while (r->at[-1].kind == CNN_TOKEN_LINE && r->at[-1].op == ';' && !cnn_at_line_end(r));
    return first;
}

/* A condition or a loop without indentation has no end that could be known. */
cnn_py_node *cnn_body_read(cnn_syntax_reader *r, cnn_syntax kind, int32_t column)
{
    if (!cnn_token_is(r->at, ':')) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    r->at++;
    const bool definition = kind == CNN_SYNTAX_CLASS || kind == CNN_SYNTAX_FUNCTION;
    if (!cnn_at_line_end(r)) {
        return definition ? flat_body(r, kind, column, true) : one_line(r, column);
    }
    cnn_skip_ends(r);
    if (r->at->kind != CNN_TOKEN_END && r->at->column > column) {
        return indented(r, column);
    }
    return definition ? flat_body(r, kind, column, false) : cnn_syntax_stop(r, CNN_E_PASTE_INDENT);
}
