/* Counts, groups, and the branches of joins. */
#include <string.h>

#include "base/arena.h"
#include "lang/parse.h"

/* Behind the count's "*" or "x", the bytes `times` before the position. */
static bool finish_repeat(cnn_parser *ps, cnn_number number, size_t times, cnn_node *node)
{
    const cnn_text sign = {ps->p - times, times};
    cnn_number *count = CNN_NEW(ps->arena, cnn_number);
    if (count == NULL) {
        return cnn_fail_memory(ps->err);
    }
    *count = number;
    node->kind = CNN_NODE_REPEAT;
    node->of.count = count;
    cnn_skip_blanks(ps, false);
    const char c = cnn_peek(ps);
    if (c == '\0' || c == ',' || c == ')' || c == '\n' || c == '\r' || c == ';' || c == '|') {
        return cnn_fail(ps->err, CNN_E_COUNT_ITEM, cnn_span_of(ps, sign));
    }
    cnn_node *item;
    if (!cnn_nest(ps, count->span) || !cnn_parse_item(ps, &item)) {
        return false;
    }
    ps->depth--;
    node->item = item;
    return true;
}

/* INT "*" or INT "x" */
bool cnn_parse_counted(cnn_parser *ps, cnn_node *node)
{
    const char *from = ps->p;
    cnn_number count = {0};
    if (!cnn_read_int(ps, &count.value)) {
        return false;
    }
    count.span = cnn_span_from(ps, from);
    cnn_skip_blanks(ps, false);
    const size_t times = cnn_see_times(ps);
    if (times == 0 && cnn_peek(ps) != '*') {
        return cnn_fail(ps->err, CNN_E_SIZE_FIRST, cnn_span_from(ps, from));
    }
    if (times > 0 && cnn_is_digit(cnn_peek_at(ps, times))) {
        ps->p += times + 1;
        return cnn_fail(ps->err, CNN_E_SIZE_FIRST, cnn_span_from(ps, from));
    }
    const size_t sign = times > 0 ? times : 1;
    ps->p += sign;
    return finish_repeat(ps, count, sign, node);
}

bool cnn_is_behind(const cnn_parser *ps, const char *q, char c)
{
    while (q < ps->end && (*q == ' ' || *q == '\t')) {
        q++;
    }
    return q < ps->end && *q == c;
}

static void skip_star(cnn_parser *ps)
{
    cnn_skip_blanks(ps, false);
    ps->p++;
}

/* ---- groups and joins ---- */

bool cnn_fail_empty_branch(cnn_parser *ps, const char *from)
{
    const cnn_text whole = {from, (size_t)(ps->p - from) + 1};
    return cnn_fail(ps->err, CNN_E_EMPTY_GROUP, cnn_span_of(ps, whole));
}

/* "(" list { "|" list } ")" as a chain of groups; only a join has more than one. */
static bool parse_branches(cnn_parser *ps, cnn_node *node, bool join, int32_t *count)
{
    const char *open = ps->p;
    const cnn_node **slot = &node->item;
    if (!cnn_nest(ps, cnn_span_of(ps, (cnn_text){open, 1}))) {
        return false;
    }
    *count = 0;
    do {
        const char *before = ps->p++;
        cnn_skip_blanks(ps, false);
        cnn_node *group = cnn_node_new(ps, CNN_NODE_GROUP);
        if (group == NULL || !cnn_parse_branch(ps, &group->item)) {
            return false;
        }
        group->span = cnn_span_from(ps, ps->begin + group->span.begin);
        if (group->item == NULL) {
            return ps->p == ps->end
                       ? cnn_fail(ps->err, CNN_E_PAREN_OPEN, cnn_span_of(ps, (cnn_text){open, 1}))
                       : cnn_fail_empty_branch(ps, before);
        }
        *slot = group;
        slot = &group->next;
        ++*count;
    } while (join && cnn_peek(ps) == '|');
    if (cnn_peek(ps) == '|') {
        return cnn_fail(ps->err, CNN_E_BAR, cnn_span_of(ps, (cnn_text){ps->p, 1}));
    }
    if (cnn_peek(ps) != ')') {
        return cnn_fail(ps->err, CNN_E_PAREN_OPEN, cnn_span_of(ps, (cnn_text){open, 1}));
    }
    ps->p++;
    ps->depth--;
    return true;
}

/* Whether the group at the position has its end. What stands inside one that has is known to be
 * closed, and not looked through again. */
static bool check_closed(cnn_parser *ps)
{
    if (ps->p - ps->begin >= ps->closed) {
        const char *close = cnn_see_close(ps, ps->err);
        ps->closed = close == NULL ? 0 : (uint32_t)(close - ps->begin);
        return close != NULL;
    }
    return true;
}

/* Between parentheses that hold a count it cannot stand. */
static bool is_no_sum(char c)
{
    return c == ',' || c == '|' || c == ';' || c == ':' || c == '=' || c == '@';
}

/* Whether the parentheses at the position hold a count, as in (2*n)*relu. Nearly all that do not
 * show it at once: otherwise nested groups would be read as often as they are nested. */
static bool see_count(const cnn_parser *ps)
{
    cnn_parser look = *ps;
    int32_t open = 0;
    do {
        const char c = *look.p++;
        if (cnn_in_name(c) && cnn_in_name(cnn_peek(&look))) {
            continue;
        }
        open += (c == '(') - (c == ')');
        const char *from = look.p;
        cnn_skip_blanks(&look, open > 0);
        const size_t skipped = (size_t)(look.p - from);
        const bool next_line = skipped > 0 && cnn_in_name(c) && memchr(from, '\n', skipped) != NULL;
        if (is_no_sum(c) || (next_line && cnn_in_name(cnn_peek(&look)))) {
            return false;
        }
    } while (open > 0);
    return cnn_peek(&look) == '*';
}

bool cnn_parse_group(cnn_parser *ps, cnn_node *node)
{
    if (!check_closed(ps)) {
        return false;
    }
    if (see_count(ps)) {
        cnn_number count;
        if (!cnn_parse_number(ps, &count)) {
            return false;
        }
        skip_star(ps);
        return finish_repeat(ps, count, 1, node);
    }
    int32_t branches;
    cnn_node list = {0};
    if (!parse_branches(ps, &list, false, &branches)) {
        return false;
    }
    node->kind = CNN_NODE_GROUP;
    node->item = list.item->item;
    return true;
}

bool cnn_parse_join(cnn_parser *ps, const cnn_op *op, cnn_node *node)
{
    int32_t branches = 0;
    cnn_skip_blanks(ps, false);
    node->kind = CNN_NODE_JOIN;
    node->op = op;
    if (cnn_peek(ps) == '(' && !parse_branches(ps, node, true, &branches)) {
        return false;
    }
    const cnn_span span = cnn_span_from(ps, ps->begin + node->span.begin);
    if (op->form == CNN_FORM_AUX) {
        if (branches != 1) {
            return cnn_fail(ps->err, CNN_E_ONE_LIST, span);
        }
    } else if (branches < 2) {
        return cnn_fail_words(ps->err, CNN_E_BRANCHES, span, cnn_text_of(op->name), (cnn_text){0});
    }
    return true;
}

/* NAME "*": a count. */
bool cnn_parse_named_count(cnn_parser *ps, cnn_text name, const cnn_term *term, cnn_node *node)
{
    const cnn_number count = {.expr = cnn_expr_of(ps, term), .span = term->span};
    if (count.expr == NULL) {
        return false;
    }
    ps->p += name.size;
    skip_star(ps);
    return finish_repeat(ps, count, 1, node);
}
