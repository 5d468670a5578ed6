/* Lists and items. Each look ahead decides alone; nothing is read twice but the values of calls. */
#include "lang/parse.h"

#include "base/arena.h"
#include "lang/plain.h"

cnn_node *cnn_node_new(cnn_parser *ps, cnn_node_kind kind)
{
    cnn_node *node = CNN_NEW(ps->arena, cnn_node);
    if (node == NULL) {
        cnn_fail_memory(ps->err);
        return NULL;
    }
    node->kind = kind;
    node->span.begin = (uint32_t)(ps->p - ps->begin);
    return node;
}

static bool parse_label(cnn_parser *ps, cnn_text label, cnn_node *node)
{
    if (cnn_text_is(label, "input")) {
        return cnn_fail(ps->err, CNN_E_LABEL_TAKEN, cnn_span_of(ps, label));
    }
    cnn_node *item;
    node->kind = CNN_NODE_LABEL;
    node->label = label;
    cnn_skip_blanks(ps, false);
    if (!cnn_nest(ps, cnn_span_of(ps, label)) || !cnn_parse_item(ps, &item)) {
        return false;
    }
    ps->depth--;
    node->item = item;
    return true;
}

static bool parse_tap(cnn_parser *ps, cnn_node *node)
{
    ps->p++;
    node->kind = CNN_NODE_TAP;
    node->label = cnn_see_label(ps);
    if (node->label.size == 0) {
        return cnn_fail(ps->err, CNN_E_LABEL_MISSING, cnn_span_of(ps, (cnn_text){ps->p - 1, 1}));
    }
    ps->p += node->label.size;
    return true;
}

/* What stands at the start of an item decides what it is. */
static bool parse_unit(cnn_parser *ps, cnn_node *node)
{
    const cnn_text label = cnn_see_label(ps);
    if (label.size > 0) {
        cnn_parser behind = *ps;
        behind.p += label.size;
        cnn_skip_blanks(&behind, false);
        if (cnn_peek(&behind) == ':') {
            ps->p = behind.p + 1;
            return parse_label(ps, label, node);
        }
    }
    const char c = cnn_peek(ps);
    if (cnn_is_digit(c)) {
        return cnn_parse_counted(ps, node);
    }
    if (c == '(') {
        return cnn_parse_group(ps, node);
    }
    if (c == '@') {
        return parse_tap(ps, node);
    }
    if (cnn_is_letter(c) || c == '_') {
        return cnn_parse_word(ps, node);
    }
    if (c == ',') {
        return cnn_fail(ps->err, CNN_E_ITEM_MISSING, cnn_span_of(ps, (cnn_text){ps->p, 1}));
    }
    return cnn_fail_unexpected(ps, "a layer is wanted here");
}

/* A plain layer as a node. *out stays NULL when there is none. */
static bool parse_plain(cnn_parser *ps, cnn_node **out)
{
    cnn_plain plain;
    if (!cnn_plain_see(ps, &plain)) {
        return false;
    }
    if (plain.attrs == NULL) {
        return true;
    }
    cnn_node *node = cnn_node_new(ps, CNN_NODE_LAYER);
    if (node == NULL) {
        return false;
    }
    node->op = plain.op;
    node->of.layer = (cnn_layer_text){.attrs = plain.attrs, .lasts = plain.lasts};
    node->span.end = (uint32_t)(plain.end - ps->begin);
    ps->p = plain.behind;
    *out = node;
    return true;
}

/* Any item; at the top of a list also a definition, which gives none. */
bool cnn_parse_any(cnn_parser *ps, bool top, cnn_node **out)
{
    *out = NULL;
    if (!parse_plain(ps, out)) {
        return false;
    }
    if (*out != NULL) {
        return true;
    }
    if (top && cnn_see_definition(ps)) {
        return cnn_parse_definition(ps);
    }
    cnn_node *node = cnn_node_new(ps, CNN_NODE_LAYER);
    if (node == NULL || !parse_unit(ps, node)) {
        return false;
    }
    node->span = cnn_span_from(ps, ps->begin + node->span.begin);
    *out = node;
    return true;
}

bool cnn_parse_item(cnn_parser *ps, cnn_node **out)
{
    cnn_skip_blanks(ps, false);
    return cnn_parse_any(ps, false, out);
}

/* Something follows an item without a break. */
static bool fail_break(cnn_parser *ps)
{
    const cnn_text thing = cnn_see_thing(ps);
    const char c = cnn_peek(ps);
    if (c == '=') {
        return cnn_fail(ps->err, CNN_E_DEFINITION_INSIDE, cnn_span_of(ps, thing));
    }
    if (cnn_is_letter(c) || cnn_is_digit(c) || c == '_' || c == '(' || c == '@') {
        return cnn_fail_words(ps->err, CNN_E_BREAK_MISSING, cnn_span_of(ps, thing), thing,
                              (cnn_text){0});
    }
    if (c == ')' || c == '|') {
        return cnn_fail_unexpected(ps, "");
    }
    if (c == '*') {
        return cnn_fail(ps->err, CNN_E_STAR, cnn_span_of(ps, thing));
    }
    return cnn_fail_words(ps->err, CNN_E_BAD_CHAR, cnn_span_of(ps, thing), thing, (cnn_text){0});
}

bool cnn_parse_branch_blanks(cnn_parser *ps)
{
    const char *from = ps->p;
    bool found, comma;
    if (!cnn_read_breaks(ps, &found, &comma)) {
        return false;
    }
    if (comma) {
        cnn_text rest = {from, (size_t)(ps->p - from)};
        const cnn_text before = cnn_text_split(&rest, ',');
        return cnn_fail(ps->err, CNN_E_ITEM_MISSING,
                        cnn_span_of(ps, (cnn_text){before.data + before.size, 1}));
    }
    return true;
}

bool cnn_parse_break(cnn_parser *ps, bool inside)
{
    const char *end = ps->p;
    bool found, comma;
    if (!cnn_read_breaks(ps, &found, &comma)) {
        return false;
    }
    const char next = cnn_peek(ps);
    const bool closes = inside && (next == ')' || next == '|');
    if (closes && comma) {
        return cnn_fail(ps->err, CNN_E_ITEM_MISSING, cnn_span_of(ps, (cnn_text){ps->p, 1}));
    }
    if (!found && !closes && ps->p < ps->end) {
        ps->p = end;
        cnn_skip_blanks(ps, false);
        return fail_break(ps);
    }
    return true;
}

bool cnn_parse_branch(cnn_parser *ps, const cnn_node **out)
{
    const cnn_node **slot = out;
    *out = NULL;
    if (!cnn_parse_branch_begin(ps)) {
        return false;
    }
    while (ps->p < ps->end && *ps->p != ')' && *ps->p != '|') {
        cnn_node *item;
        if (!cnn_parse_any(ps, false, &item) || !cnn_parse_break(ps, true)) {
            return false;
        }
        *slot = item;
        slot = &item->next;
    }
    return true;
}

bool cnn_parse_begin(cnn_parser *ps, cnn_program *out)
{
    return cnn_parse_input_line(ps, out) && cnn_parse_branch_begin(ps);
}
