/* Lists and items. Each look ahead decides alone; nothing is read twice but the values of calls. */
#include "lang/parse.h"

#include "base/arena.h"

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

/*
 * The layer's word that the position certainly begins with; most items do. It is certain when what
 * follows makes it neither a label, nor a definition, nor another name. NULL: look longer.
 */
static inline const cnn_word *see_plain_word(const cnn_parser *ps, size_t *size)
{
    const cnn_short_word *found = cnn_vocabulary_see(ps->words, ps->p, ps->end);
    if (found == NULL || !found->word->layer) {
        return NULL;
    }
    *size = found->size;
    if (cnn_ends_item(cnn_peek_at(ps, *size))) {
        return found->word;
    }
    if (found->word->longer || ps->current != NULL || ps->definitions.root != NULL) {
        return NULL;
    }
    const char *q = ps->p + *size;
    while (q < ps->end && cnn_in_label(*q) && *q != '_') {
        q++;
    }
    const char c = q < ps->end ? *q : '\0';
    const bool joined = cnn_peek_at(ps, *size) == '-' && cnn_is_letter(cnn_peek_at(ps, *size + 1));
    return (c == '-' || c == '/' || cnn_ends_item(c)) && !joined ? found->word : NULL;
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

static inline bool parse_plain_layer(cnn_parser *ps, const cnn_word *word, size_t size,
                                     cnn_node *node, cnn_layer_text *room)
{
    const char *from = ps->p;
    node->span.begin = (uint32_t)(from - ps->begin);
    ps->p += size;
    if (!cnn_parse_layer(ps, word, node, room)) {
        return false;
    }
    node->span = cnn_span_from(ps, from);
    return true;
}

/* Any item; at the top of a list also a definition, which gives none. */
static CNN_APART bool parse_any(cnn_parser *ps, bool top, cnn_node **out)
{
    size_t size;
    const cnn_word *word = see_plain_word(ps, &size);
    if (word == NULL && top && cnn_see_definition(ps)) {
        *out = NULL;
        return cnn_parse_definition(ps);
    }
    cnn_node *node = cnn_node_new(ps, CNN_NODE_LAYER);
    if (node == NULL) {
        return false;
    }
    *out = node;
    if (word != NULL) {
        return parse_plain_layer(ps, word, size, node, NULL);
    }
    if (!parse_unit(ps, node)) {
        return false;
    }
    node->span = cnn_span_from(ps, ps->begin + node->span.begin);
    return true;
}

bool cnn_parse_item(cnn_parser *ps, cnn_node **out)
{
    cnn_skip_blanks(ps, false);
    return parse_any(ps, false, out);
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
    return cnn_fail_words(ps->err, CNN_E_BAD_CHAR, cnn_span_of(ps, thing), thing, (cnn_text){0});
}

/* What may stand before the first item. */
static bool begin_list(cnn_parser *ps)
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

/* A break, or the list's end. */
static CNN_APART bool end_any(cnn_parser *ps, bool inside)
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

/* Mostly it is a comma, and a letter begins the next item. */
static inline bool end_item(cnn_parser *ps, bool inside)
{
    if (ps->end - ps->p > 2 && ps->p[0] == ',') {
        const char *next = ps->p + (ps->p[1] == ' ' ? 2 : 1);
        if (cnn_is_letter(*next)) {
            ps->p = next;
            return true;
        }
    }
    return end_any(ps, inside);
}

/* The next item and the breaks behind it; NULL at the end of the list. */
static bool next_item(cnn_parser *ps, bool inside, cnn_node **out)
{
    do {
        const char c = cnn_peek(ps);
        if (ps->p == ps->end || (inside && (c == ')' || c == '|'))) {
            *out = NULL;
            return true;
        }
        if (!parse_any(ps, !inside, out) || !end_item(ps, inside)) {
            return false;
        }
    } while (*out == NULL);
    return true;
}

bool cnn_parse_branch(cnn_parser *ps, const cnn_node **out)
{
    const cnn_node **slot = out;
    cnn_node *item;
    *out = NULL;
    if (!begin_list(ps)) {
        return false;
    }
    do {
        if (!next_item(ps, true, &item)) {
            return false;
        }
        *slot = item;
        slot = item == NULL ? slot : &item->next;
    } while (item != NULL);
    return true;
}

bool cnn_parse_next(cnn_parser *ps, const cnn_node **out)
{
    size_t size;
    const cnn_word *word = see_plain_word(ps, &size);
    cnn_node *item = NULL;
    if (word == NULL) {
        const bool done = next_item(ps, false, &item);
        *out = item;
        return done;
    }
    cnn_layer_room *room = ps->room;
    room->node.label.size = 0;
    *out = &room->node;
    return parse_plain_layer(ps, word, size, &room->node, &room->text) && end_item(ps, false);
}

bool cnn_parse_begin(cnn_parser *ps, cnn_program *out)
{
    return cnn_parse_input_line(ps, out) && begin_list(ps);
}
