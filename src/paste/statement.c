/*
 * Statements of Python. Blocks are found by indentation; where that was lost, "class", "def" and
 * "return" still say where bodies end. Where line ends were lost, a new statement begins where an
 * expression cannot go on.
 */
#include "paste/syntax.h"

static cnn_py_node *statement(cnn_syntax_reader *r, int32_t column);

static bool at_line_end(const cnn_syntax_reader *r)
{
    return r->at->kind == CNN_TOKEN_LINE || r->at->kind == CNN_TOKEN_END;
}

static void skip_line(cnn_syntax_reader *r)
{
    while (r->at->kind != CNN_TOKEN_LINE && r->at->kind != CNN_TOKEN_END) {
        r->at++;
    }
}

/* ---- blocks ---- */

/* Appends a node, or a chain of nodes, and moves *last to its end. NULL: there is no node. */
static cnn_py_node *append(cnn_py_node ***last, cnn_py_node *node)
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

/* "def forward(self": a method at any indentation. */
static bool is_method(const cnn_token *at)
{
    return cnn_token_word(at, "def") && at[1].kind == CNN_TOKEN_NAME && cnn_token_is(at + 2, '(') &&
           cnn_token_word(at + 3, "self");
}

static void skip_ends(cnn_syntax_reader *r)
{
    while (r->at->kind == CNN_TOKEN_LINE) {
        r->at++;
    }
}

/* Lines that are indented more than `column`. */
static cnn_py_node *indented(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *first = NULL, **last = &first;
    for (skip_ends(r); r->at->kind != CNN_TOKEN_END && r->at->column > column; skip_ends(r)) {
        if (append(&last, statement(r, r->at->column)) == NULL) {
            return NULL;
        }
    }
    return first;
}

/* Without indentation: the methods that follow a class, or what follows a "def" up to the next one
 * or to the "return". On one line with the colon it ends with that line. */
static cnn_py_node *flat_body(cnn_syntax_reader *r, cnn_syntax kind, int32_t column, bool one_line)
{
    cnn_py_node *first = NULL, **last = &first;
    r->flat |= !one_line;
    for (skip_ends(r); r->at->kind != CNN_TOKEN_END; skip_ends(r)) {
        if (kind == CNN_SYNTAX_CLASS ? !is_method(r->at) : is_definition(r->at)) {
            break;
        }
        const bool ends = cnn_token_word(r->at, "return");
        if (append(&last, statement(r, column)) == NULL) {
            return NULL;
        }
        if ((ends && kind == CNN_SYNTAX_FUNCTION) ||
            (one_line && r->at[-1].kind == CNN_TOKEN_LINE)) {
            break;
        }
    }
    return first != NULL ? first : cnn_py_node_new(r, CNN_SYNTAX_PASS, r->at);
}

/* After the colon. A condition or a loop without indentation has no end that could be known. */
static cnn_py_node *body(cnn_syntax_reader *r, cnn_syntax kind, int32_t column)
{
    if (!cnn_token_is(r->at, ':')) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    r->at++;
    const bool definition = kind == CNN_SYNTAX_CLASS || kind == CNN_SYNTAX_FUNCTION;
    if (!at_line_end(r)) {
        return definition ? flat_body(r, kind, column, true) : statement(r, column);
    }
    skip_ends(r);
    if (r->at->kind != CNN_TOKEN_END && r->at->column > column) {
        return indented(r, column);
    }
    return definition ? flat_body(r, kind, column, false) : cnn_syntax_stop(r, CNN_E_PASTE_INDENT);
}

/* ---- definitions ---- */

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
    if (cnn_token_is(r->at, ':')) { /* a type */
        r->at++;
        if (cnn_expression_read(r) == NULL) {
            return NULL;
        }
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

static cnn_py_node *function(cnn_syntax_reader *r, int32_t column)
{
    r->at += cnn_token_word(r->at, "async");
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_FUNCTION, r->at);
    r->at++;
    if (node == NULL || r->at->kind != CNN_TOKEN_NAME) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    node->op = cnn_word_is(r->decorator, "staticmethod") ? CNN_STATIC_METHOD
               : cnn_word_is(r->decorator, "property")   ? CNN_PROPERTY
                                                         : CNN_METHOD;
    r->decorator = (cnn_text){0};
    node->text = r->at->text;
    r->at++;
    if (!parameters(r, &node->a)) {
        return NULL;
    }
    if (cnn_token_is(r->at, CNN_OP_ARROW)) {
        r->at++;
        if (cnn_expression_read(r) == NULL) {
            return NULL;
        }
    }
    node->b = body(r, CNN_SYNTAX_FUNCTION, column);
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

static cnn_py_node *class_of(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_CLASS, r->at++);
    if (node == NULL || r->at->kind != CNN_TOKEN_NAME) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    node->text = r->at->text;
    r->at++;
    if (cnn_token_is(r->at, '(')) {
        r->at++;
        cnn_py_node *bases = cnn_token_is(r->at, ')') ? NULL : cnn_expressions_read(r);
        if (r->code != CNN_OK || r->err->code != CNN_OK || !cnn_token_is(r->at, ')')) {
            return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
        }
        node->a = bases != NULL && bases->kind == CNN_SYNTAX_TUPLE ? bases->a : bases;
        r->at++;
    }
    node->b = body(r, CNN_SYNTAX_CLASS, column);
    cnn_py_node **last = node->b == NULL ? NULL : &node->b->next;
    while (last != NULL && *last != NULL) {
        last = &(*last)->next;
    }
    /* Methods to the left of where they belong, as a slip of the indentation leaves them. */
    for (skip_ends(r); last != NULL && is_method(r->at); skip_ends(r)) {
        if (append(&last, statement(r, r->at->column)) == NULL) {
            return NULL;
        }
    }
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

/* ---- simple and compound statements ---- */

static cnn_py_node *condition(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_IF, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->a = cnn_expression_read(r);
    node->b = node->a == NULL ? NULL : body(r, CNN_SYNTAX_IF, column);
    if (node->b == NULL) {
        return NULL;
    }
    const cnn_token *end = r->at;
    skip_ends(r);
    if (r->at->column == column && cnn_token_word(r->at, "elif")) {
        node->c = condition(r, column);
        return node->c == NULL ? NULL : node;
    }
    if (r->at->column == column && cnn_token_word(r->at, "else")) {
        r->at++;
        node->c = body(r, CNN_SYNTAX_IF, column);
        return node->c == NULL ? NULL : node;
    }
    /* The line ends are given back: statement() takes one of them. */
    r->at = end;
    return node;
}

static cnn_py_node *loop(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_FOR, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->a = cnn_targets_read(r);
    if (node->a == NULL || !cnn_token_word(r->at, "in")) {
        return cnn_syntax_stop(r, CNN_E_PASTE_SYNTAX);
    }
    r->at++;
    node->c = cnn_expressions_read(r);
    node->b = node->c == NULL ? NULL : body(r, CNN_SYNTAX_FOR, column);
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

static cnn_py_node *while_loop(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_WHILE, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->a = cnn_expression_read(r);
    node->b = node->a == NULL ? NULL : body(r, CNN_SYNTAX_WHILE, column);
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

/* "with" and "try": the head is passed over and the body runs. "except" and "finally" are passed
 * over with theirs. */
static cnn_py_node *with(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_WITH, r->at++);
    while (!cnn_token_is(r->at, ':') && !at_line_end(r)) {
        r->at++;
    }
    if (node != NULL) {
        node->b = body(r, CNN_SYNTAX_WITH, column);
    }
    return node == NULL || node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

/* A statement that does nothing here, or that is refused when it is reached. One with a body takes
 * the lines of it along. */
static cnn_py_node *passed_over(cnn_syntax_reader *r, cnn_syntax kind, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, kind, r->at);
    if (node == NULL) {
        return NULL;
    }
    node->text = r->at->text;
    skip_line(r);
    cnn_py_node_end(r, node);
    const bool block = cnn_token_is(r->at - 1, ':');
    for (skip_ends(r); block && r->at->kind != CNN_TOKEN_END && r->at->column > column;
         skip_ends(r)) {
        skip_line(r);
    }
    return node;
}

static cnn_py_node *returning(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_RETURN, r->at++);
    if (node != NULL && !at_line_end(r)) {
        node->a = cnn_expressions_read(r);
        return node->a == NULL ? NULL : cnn_py_node_end(r, node);
    }
    return node;
}

static cnn_py_node *assignment(cnn_syntax_reader *r, cnn_py_node *target)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_ASSIGN, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->span.begin = target->span.begin;
    node->a = target;
    node->b = cnn_expressions_read(r);
    for (cnn_py_node **last = &target->next; node->b != NULL && cnn_token_is(r->at, '=');
         last = &(*last)->next) {
        r->at++;
        *last = node->b; /* a = b = value */
        node->b = cnn_expressions_read(r);
    }
    return node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

static cnn_py_node *expression(cnn_syntax_reader *r)
{
    const cnn_token *begin = r->at;
    cnn_py_node *first = cnn_expressions_read(r);
    if (first == NULL) {
        return NULL;
    }
    if (cnn_token_is(r->at, ':') && first->kind != CNN_SYNTAX_TUPLE) { /* x: int = 3 */
        r->at++;
        if (cnn_expression_read(r) == NULL) {
            return NULL;
        }
    }
    if (cnn_token_is(r->at, '=')) {
        return assignment(r, first);
    }
    const bool change = r->at->kind == CNN_TOKEN_OP && r->at->assigns;
    cnn_py_node *node =
        cnn_py_node_new(r, change ? CNN_SYNTAX_CHANGE : CNN_SYNTAX_EXPRESSION, begin);
    if (node == NULL) {
        return NULL;
    }
    node->a = first;
    if (change) {
        node->op = r->at->op;
        r->at++;
        node->b = cnn_expressions_read(r);
    }
    return change && node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

static cnn_py_node *deletion(cnn_syntax_reader *r, int32_t column)
{
    (void)column;
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_DELETE, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->a = cnn_expressions_read(r);
    return node->a == NULL ? NULL : cnn_py_node_end(r, node);
}

static cnn_py_node *compound(cnn_syntax_reader *r, int32_t column)
{
    static const struct {
        const char *word;
        cnn_py_node *(*read)(cnn_syntax_reader *, int32_t);
    } words[] = {{"class", class_of}, {"def", function}, {"async", function},
                 {"if", condition},   {"for", loop},     {"while", while_loop},
                 {"with", with},      {"try", with},     {"del", deletion}};
    static const struct {
        const char *word;
        cnn_syntax kind;
    } passed[] = {{"import", CNN_SYNTAX_SKIPPED},   {"from", CNN_SYNTAX_SKIPPED},
                  {"assert", CNN_SYNTAX_SKIPPED},   {"global", CNN_SYNTAX_SKIPPED},
                  {"nonlocal", CNN_SYNTAX_SKIPPED}, {"except", CNN_SYNTAX_SKIPPED},
                  {"finally", CNN_SYNTAX_SKIPPED},  {"raise", CNN_SYNTAX_REFUSED},
                  {"yield", CNN_SYNTAX_REFUSED},    {"pass", CNN_SYNTAX_PASS},
                  {"break", CNN_SYNTAX_BREAK},      {"continue", CNN_SYNTAX_CONTINUE}};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_token_word(r->at, words[i].word)) {
            return words[i].read(r, column);
        }
    }
    for (size_t i = 0; i < CNN_LENGTH(passed); i++) {
        const bool prose = at_line_end(r) || r->at[1].kind == CNN_TOKEN_NAME;
        if (cnn_token_word(r->at, passed[i].word) && (prose || i != 1)) {
            return passed_over(r, passed[i].kind, column);
        }
    }
    /* Kept for the "def" that follows. No line is indented by more than INT32_MAX, so no body is
     * taken along. */
    r->decorator = cnn_token_is(r->at, '@') ? r->at[1].text : (cnn_text){0};
    if (cnn_token_is(r->at, '@') || cnn_token_is(r->at, '!') || cnn_token_is(r->at, '%')) {
        return passed_over(r, CNN_SYNTAX_SKIPPED, INT32_MAX); /* a decorator, a shell command */
    }
    return cnn_token_word(r->at, "return") ? returning(r) : expression(r);
}

/* The rest of a line that is not Python; it is no error unless it is reached and matters. */
static cnn_py_node *unreadable(cnn_syntax_reader *r, const cnn_token *begin)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_UNREADABLE, begin);
    if (node == NULL) {
        return NULL;
    }
    node->number = r->code;
    const cnn_span trouble = r->trouble;
    r->code = CNN_OK;
    skip_line(r);
    cnn_py_node_end(r, node);
    /* The text is the whole line, for run_unreadable(); the place is where it went wrong. */
    node->text = cnn_text_part(r->text, node->span);
    node->span = trouble;
    return node;
}

static cnn_py_node *statement(cnn_syntax_reader *r, int32_t column)
{
    const cnn_token *begin = r->at;
    const int32_t depth = r->depth;
    if (++r->depth > CNN_MAX_NESTING) {
        (void)cnn_fail_numbers(r->err, CNN_E_NESTING, r->at->span, CNN_MAX_NESTING, 0);
        return NULL;
    }
    cnn_py_node *node = compound(r, column);
    r->depth = depth;
    r->inside = false;
    if (node == NULL && r->err->code == CNN_OK) {
        node = unreadable(r, begin);
    }
    /* Takes at least one token, so that loops over statements end. */
    r->at += r->at == begin && r->at->kind != CNN_TOKEN_END;
    r->at += r->at->kind == CNN_TOKEN_LINE;
    return node;
}

cnn_py_node *cnn_syntax_read(cnn_syntax_reader *r)
{
    cnn_py_node *first = NULL, **last = &first;
    for (skip_ends(r); r->at->kind != CNN_TOKEN_END; skip_ends(r)) {
        if (append(&last, statement(r, r->at->column)) == NULL) {
            return NULL;
        }
    }
    return first != NULL ? first : cnn_py_node_new(r, CNN_SYNTAX_PASS, r->at);
}
