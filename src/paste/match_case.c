/* "match" with its cases, read as an assignment of its subject and conditions one after another. */
#include "paste/syntax.h"

/* The subject's name, which no text can use. */
static const char subject_name[] = "match subject";

bool cnn_token_match(const cnn_token *at)
{
    const int32_t column = at->column;
    if (!cnn_token_word(at, "match")) {
        return false;
    }
    while (at->kind != CNN_TOKEN_LINE && at->kind != CNN_TOKEN_END) {
        at++;
    }
    return cnn_token_is(at - 1, ':') && at->kind == CNN_TOKEN_LINE && at[1].column > column &&
           cnn_token_word(at + 1, "case");
}

static cnn_py_node *subject(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_NAME, r->at - 1);
    if (node != NULL) {
        node->text = cnn_text_of(subject_name);
    }
    return node;
}

static cnn_py_node *join(cnn_syntax_reader *r, cnn_syntax kind, uint8_t op, cnn_py_node *a,
                         cnn_py_node *b)
{
    cnn_py_node *node = a == NULL || b == NULL ? NULL : cnn_py_node_new(r, kind, r->at - 1);
    if (node != NULL) {
        node->op = op;
        node->a = a;
        node->b = b;
        node->span =
            (cnn_span){a->span.begin, a->span.end > b->span.end ? a->span.end : b->span.end};
    }
    return node;
}

/* "_" takes anything; a name takes it, too, and keeps it. */
static cnn_py_node *capture(cnn_syntax_reader *r)
{
    cnn_py_node *name = cnn_py_node_new(r, CNN_SYNTAX_NAME, r->at);
    if (name == NULL) {
        return NULL;
    }
    name->text = r->at->text;
    r->at++;
    if (cnn_word_is(name->text, "_")) {
        name->kind = CNN_SYNTAX_BOOL;
        name->number = 1;
        return name;
    }
    /* (name := subject) is subject */
    return join(r, CNN_SYNTAX_COMPARE, 's', join(r, CNN_SYNTAX_NAMED, 0, name, subject(r)),
                subject(r));
}

/* int(), nn.Conv2d(): isinstance(subject, int) */
static cnn_py_node *of_class(cnn_syntax_reader *r, cnn_py_node *called)
{
    cnn_py_node *name = subject(r), *value = cnn_py_node_new(r, CNN_SYNTAX_ARGUMENT, r->at - 1);
    cnn_py_node *type = cnn_py_node_new(r, CNN_SYNTAX_ARGUMENT, r->at - 1);
    if (name == NULL || value == NULL || type == NULL || called->b != NULL) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    name->text = cnn_text_of("isinstance");
    value->a = subject(r);
    value->next = type;
    type->a = called->a;
    called->a = name;
    called->b = value;
    return value->a == NULL ? NULL : called;
}

/* A number, a string, None, a name with a dot, a class, or a name that is bound. Sequences are not
 * read. */
static cnn_py_node *pattern(cnn_syntax_reader *r)
{
    const bool dotted = cnn_token_is(r->at + 1, '.') || cnn_token_is(r->at + 1, '(');
    const bool constant = cnn_token_word(r->at, "None") || cnn_token_word(r->at, "True") ||
                          cnn_token_word(r->at, "False");
    if (r->at->kind == CNN_TOKEN_NAME && !dotted && !constant) {
        return capture(r);
    }
    if (cnn_token_is(r->at, '(') || cnn_token_is(r->at, '[') || cnn_token_is(r->at, '{')) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    const cnn_token *begin = r->at;
    const bool negative = cnn_token_is(begin, '-');
    r->at += negative;
    cnn_py_node *value = cnn_operand_read(r);
    if (value == NULL || value->kind == CNN_SYNTAX_CALL) {
        return value == NULL ? NULL : of_class(r, value);
    }
    if (negative) {
        cnn_py_node *sign = cnn_py_node_new(r, CNN_SYNTAX_UNARY, begin);
        if (sign == NULL) {
            return NULL;
        }
        sign->op = '-';
        sign->a = value;
        value = cnn_py_node_end(r, sign);
    }
    return join(r, CNN_SYNTAX_COMPARE, constant ? 's' : CNN_OP_EQUAL, subject(r), value);
}

/* One case with its body: an "if". */
static cnn_py_node *one_case(cnn_syntax_reader *r)
{
    const int32_t column = r->at->column;
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_IF, r->at++);
    cnn_py_node *all = node == NULL ? NULL : pattern(r);
    while (all != NULL && cnn_token_is(r->at, '|')) {
        r->at++;
        all = join(r, CNN_SYNTAX_OR, 0, all, pattern(r));
    }
    if (all != NULL && cnn_token_word(r->at, "if")) {
        r->at++;
        all = join(r, CNN_SYNTAX_AND, 0, all, cnn_expression_read(r));
    }
    if (all == NULL) {
        return NULL;
    }
    node->a = all;
    node->b = cnn_body_read(r, CNN_SYNTAX_IF, column);
    return node->b == NULL ? NULL : node;
}

cnn_py_node *cnn_match_read(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_ASSIGN, r->at++);
    if (node == NULL || (node->a = subject(r)) == NULL ||
        (node->b = cnn_expressions_read(r)) == NULL) {
        return NULL;
    }
    r->at += cnn_token_is(r->at, ':');
    cnn_py_node **last = &node->next;
    for (cnn_skip_ends(r); cnn_token_word(r->at, "case") && r->at->column > column;
         cnn_skip_ends(r)) {
        *last = one_case(r);
        if (*last == NULL) {
            return NULL;
        }
        last = &(*last)->c;
    }
    return cnn_py_node_end(r, node);
}
