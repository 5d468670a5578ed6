/*
 * Statements of Python. Where line ends were lost, a new statement begins where an expression
 * cannot go on. Bodies are in blocks.c, definitions in define.c.
 */
#include "paste/syntax.h"

/* Up to the end of the line, or to a semicolon. */
static void skip_statement(cnn_syntax_reader *r)
{
    while (!cnn_at_line_end(r)) {
        r->at++;
    }
}

/* ---- conditions, loops, attempts ---- */

/* The word at the beginning of a line of the same block, such as "else". The line ends before it
 * are given back where it is missing, because cnn_statement_read() takes one of them. */
static bool take_clause(cnn_syntax_reader *r, int32_t column, const char *word)
{
    const cnn_token *const end = r->at;
    cnn_skip_ends(r);
    const bool found = r->at->column == column && cnn_token_word(r->at, word);
    r->at = found ? r->at : end;
    return found;
}

/* "else:" or "finally:" with its body; *out stays NULL where there is none. False: its body cannot
 * be read. */
static bool clause(cnn_syntax_reader *r, int32_t column, const char *word, cnn_py_node **out)
{
    if (!take_clause(r, column, word)) {
        return true;
    }
    r->at++;
    *out = cnn_body_read(r, CNN_SYNTAX_IF, column);
    return *out != NULL;
}

static cnn_py_node *condition(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_IF, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->a = cnn_expression_read(r);
    node->b = node->a == NULL ? NULL : cnn_body_read(r, CNN_SYNTAX_IF, column);
    if (node->b == NULL) {
        return NULL;
    }
    if (take_clause(r, column, "elif")) {
        node->c = condition(r, column);
        return node->c == NULL ? NULL : node;
    }
    return clause(r, column, "else", &node->c) ? node : NULL;
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
    node->b = node->c == NULL ? NULL : cnn_body_read(r, CNN_SYNTAX_FOR, column);
    if (node->b == NULL || !clause(r, column, "else", &node->d)) {
        return NULL;
    }
    return cnn_py_node_end(r, node);
}

static cnn_py_node *while_loop(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_WHILE, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->a = cnn_expression_read(r);
    node->b = node->a == NULL ? NULL : cnn_body_read(r, CNN_SYNTAX_WHILE, column);
    if (node->b == NULL || !clause(r, column, "else", &node->d)) {
        return NULL;
    }
    return cnn_py_node_end(r, node);
}

/* "with": the head is passed over and the body runs. */
static cnn_py_node *with(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_WITH, r->at++);
    while (!cnn_token_is(r->at, ':') && !cnn_at_line_end(r)) {
        r->at++;
    }
    if (node != NULL) {
        node->b = cnn_body_read(r, CNN_SYNTAX_WITH, column);
    }
    return node == NULL || node->b == NULL ? NULL : cnn_py_node_end(r, node);
}

/* "except ...:" is passed over with its body, on its own line or on the lines that follow. */
static cnn_py_node *handler(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_SKIPPED, r->at);
    while (!cnn_at_line_end(r) || r->at->op == ';') {
        r->at++;
    }
    const bool block = cnn_token_is(r->at - 1, ':');
    const cnn_token *end = r->at;
    for (cnn_skip_ends(r); block && r->at->kind != CNN_TOKEN_END && r->at->column > column;
         cnn_skip_ends(r)) {
        skip_statement(r);
        end = r->at;
    }
    r->at = end; /* for take_clause() */
    return node;
}

/* "try": the body runs, and what follows it when nothing fails. */
static cnn_py_node *attempt(cnn_syntax_reader *r, int32_t column)
{
    cnn_py_node *node = with(r, column);
    if (node == NULL) {
        return NULL;
    }
    while (take_clause(r, column, "except")) {
        if (handler(r, column) == NULL) {
            return NULL;
        }
    }
    const bool done = clause(r, column, "else", &node->c) && clause(r, column, "finally", &node->d);
    return done ? cnn_py_node_end(r, node) : NULL;
}

/* ---- simple statements ---- */

/* A statement that does nothing here, or that is refused when it is reached. */
static cnn_py_node *passed_over(cnn_syntax_reader *r, cnn_syntax kind)
{
    cnn_py_node *node = cnn_py_node_new(r, kind, r->at);
    if (node == NULL) {
        return NULL;
    }
    node->text = r->at->text;
    skip_statement(r);
    return cnn_py_node_end(r, node);
}

/* "assert a, message"; one that is not understood decides nothing. */
static cnn_py_node *assertion(cnn_syntax_reader *r, int32_t column)
{
    (void)column;
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_ASSERT, r->at++);
    if (node == NULL) {
        return NULL;
    }
    node->a = cnn_expression_read(r);
    r->code = CNN_OK;
    skip_statement(r);
    return r->err->code != CNN_OK ? NULL : cnn_py_node_end(r, node);
}

/* "yield a" and "yield from a", as statements. */
static cnn_py_node *yielding(cnn_syntax_reader *r, int32_t column)
{
    (void)column;
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_YIELD, r->at++);
    if (node == NULL) {
        return NULL;
    }
    r->yields = true;
    node->flag = cnn_token_word(r->at, "from");
    r->at += node->flag;
    if (!cnn_at_line_end(r) && (node->a = cnn_expressions_read(r)) == NULL) {
        return NULL;
    }
    return cnn_py_node_end(r, node);
}

/* "global a, b" and "nonlocal a, b" */
static cnn_py_node *scope(cnn_syntax_reader *r, int32_t column)
{
    (void)column;
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_SCOPE, r->at);
    if (node == NULL) {
        return NULL;
    }
    node->flag = cnn_token_word(r->at++, "global");
    node->a = cnn_expressions_read(r);
    return node->a == NULL ? NULL : cnn_py_node_end(r, node);
}

static cnn_py_node *returning(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_RETURN, r->at++);
    if (node != NULL && !cnn_at_line_end(r)) {
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
    const bool typed = cnn_token_is(r->at, ':') && first->kind != CNN_SYNTAX_TUPLE;
    if (typed) { /* x: int = 3 */
        r->at++;
        if (cnn_expression_read(r) == NULL) {
            return NULL;
        }
    }
    if (cnn_token_is(r->at, '=')) {
        cnn_py_node *node = assignment(r, first);
        if (node != NULL) {
            node->flag = typed;
        }
        return node;
    }
    const bool change = r->at->kind == CNN_TOKEN_OP && r->at->assigns;
    cnn_py_node *node = cnn_py_node_new(r,
                                        change  ? CNN_SYNTAX_CHANGE
                                        : typed ? CNN_SYNTAX_TYPED
                                                : CNN_SYNTAX_EXPRESSION,
                                        begin);
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

/* "@name(...)", kept for the definition that follows. Line ends may be lost after it. */
static cnn_py_node *decorator(cnn_syntax_reader *r)
{
    cnn_py_node *node = cnn_py_node_new(r, CNN_SYNTAX_SKIPPED, r->at++);
    cnn_py_node **last = &r->decorators;
    while (*last != NULL) {
        last = &(*last)->next;
    }
    *last = node == NULL ? NULL : cnn_expression_read(r);
    return *last == NULL ? NULL : cnn_py_node_end(r, node);
}

static cnn_py_node *compound(cnn_syntax_reader *r, int32_t column)
{
    static const struct {
        const char *word;
        cnn_py_node *(*read)(cnn_syntax_reader *, int32_t);
    } words[] = {{"class", cnn_class_read},
                 {"def", cnn_function_read},
                 {"async", cnn_function_read},
                 {"if", condition},
                 {"for", loop},
                 {"while", while_loop},
                 {"with", with},
                 {"try", attempt},
                 {"except", handler},
                 {"finally", with},
                 {"del", deletion},
                 {"assert", assertion},
                 {"global", scope},
                 {"nonlocal", scope},
                 {"yield", yielding}};
    static const struct {
        const char *word;
        cnn_syntax kind;
    } passed[] = {{"import", CNN_SYNTAX_SKIPPED}, {"from", CNN_SYNTAX_SKIPPED},
                  {"raise", CNN_SYNTAX_REFUSED},  {"pass", CNN_SYNTAX_PASS},
                  {"break", CNN_SYNTAX_BREAK},    {"continue", CNN_SYNTAX_CONTINUE}};
    if (cnn_token_is(r->at, '@')) {
        return decorator(r);
    }
    if (cnn_token_match(r->at)) {
        return cnn_match_read(r, column);
    }
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_token_word(r->at, words[i].word)) {
            return words[i].read(r, column);
        }
    }
    r->decorators = NULL;
    for (size_t i = 0; i < CNN_LENGTH(passed); i++) {
        const bool prose = r->at[1].kind == CNN_TOKEN_NAME;
        if (cnn_token_word(r->at, passed[i].word) && (prose || i != 1)) {
            return passed_over(r, passed[i].kind);
        }
    }
    if (cnn_token_is(r->at, '!') || cnn_token_is(r->at, '%')) {
        return passed_over(r, CNN_SYNTAX_SKIPPED); /* a shell command */
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
    skip_statement(r);
    cnn_py_node_end(r, node);
    /* The text is the whole line, for run_unreadable(); the place is where it went wrong. */
    node->text = cnn_text_part(r->text, node->span);
    node->span = trouble;
    return node;
}

cnn_py_node *cnn_statement_read(cnn_syntax_reader *r, int32_t column)
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
    for (cnn_skip_ends(r); r->at->kind != CNN_TOKEN_END; cnn_skip_ends(r)) {
        if (cnn_py_node_append(&last, cnn_statement_read(r, r->at->column)) == NULL) {
            return NULL;
        }
    }
    return first != NULL ? first : cnn_py_node_new(r, CNN_SYNTAX_PASS, r->at);
}
