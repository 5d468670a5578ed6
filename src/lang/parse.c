/* Lists and items. Each look ahead decides alone; nothing is read twice but the values of calls. */
#include "lang/parse.h"

#include <string.h>

#include "base/arena.h"
#include "base/checked.h"

static cnn_node *new_node(cnn_parser *ps, cnn_node_kind kind)
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

/* ---- counts ---- */

static bool finish_repeat(cnn_parser *ps, cnn_number number, cnn_node *node)
{
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
        return cnn_fail(ps->err, CNN_E_COUNT_ITEM, cnn_span_of(ps, (cnn_text){ps->p - 1, 1}));
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
static bool parse_counted(cnn_parser *ps, cnn_node *node)
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
    ps->p += times > 0 ? times : 1;
    return finish_repeat(ps, count, node);
}

/* Whether the first character behind `q` that is no blank is a "*". */
static bool star_behind(const cnn_parser *ps, const char *q)
{
    while (q < ps->end && (*q == ' ' || *q == '\t')) {
        q++;
    }
    return q < ps->end && *q == '*';
}

static bool skip_star(cnn_parser *ps)
{
    cnn_skip_blanks(ps, false);
    ps->p++;
    return true;
}

/* ---- groups and joins ---- */

/* "(" list { "|" list } ")" as a chain of groups. */
static bool parse_branches(cnn_parser *ps, cnn_node *node, int32_t *count)
{
    const char *open = ps->p;
    const cnn_node **slot = &node->item;
    if (!cnn_nest(ps, cnn_span_of(ps, (cnn_text){open, 1}))) {
        return false;
    }
    *count = 0;
    do {
        ps->p++;
        cnn_node *group = new_node(ps, CNN_NODE_GROUP);
        if (group == NULL || !cnn_parse_branch(ps, &group->item)) {
            return false;
        }
        group->span = cnn_span_from(ps, ps->begin + group->span.begin);
        if (group->item == NULL) {
            const cnn_span span = {group->span.begin - 1, (uint32_t)(ps->p - ps->begin) + 1};
            return ps->p == ps->end
                       ? cnn_fail(ps->err, CNN_E_PAREN_OPEN, cnn_span_of(ps, (cnn_text){open, 1}))
                       : cnn_fail(ps->err, CNN_E_EMPTY_GROUP, span);
        }
        *slot = group;
        slot = &group->next;
        ++*count;
    } while (cnn_peek(ps) == '|');
    if (cnn_peek(ps) != ')') {
        return cnn_fail(ps->err, CNN_E_PAREN_OPEN, cnn_span_of(ps, (cnn_text){open, 1}));
    }
    ps->p++;
    ps->depth--;
    return true;
}

static bool parse_group(cnn_parser *ps, cnn_node *node)
{
    const char *close = cnn_see_close(ps, ps->err);
    if (close == NULL) {
        return false;
    }
    if (star_behind(ps, close + 1)) {
        cnn_number count;
        return cnn_parse_number(ps, &count) && skip_star(ps) && finish_repeat(ps, count, node);
    }
    int32_t branches;
    cnn_node list = {0};
    if (!parse_branches(ps, &list, &branches)) {
        return false;
    }
    if (branches > 1) {
        const cnn_span bar = {list.item->span.end, list.item->span.end + 1};
        return cnn_fail(ps->err, CNN_E_BAR, bar);
    }
    node->kind = CNN_NODE_GROUP;
    node->item = list.item->item;
    return true;
}

static bool parse_join(cnn_parser *ps, const cnn_op *op, cnn_node *node)
{
    int32_t branches = 0;
    cnn_skip_blanks(ps, false);
    node->kind = CNN_NODE_JOIN;
    node->op = op;
    if (cnn_peek(ps) == '(' && !parse_branches(ps, node, &branches)) {
        return false;
    }
    const cnn_span span = cnn_span_from(ps, ps->begin + node->span.begin);
    if (op->form == CNN_FORM_AUX) {
        return branches == 1 || cnn_fail(ps->err, CNN_E_ONE_LIST, span);
    }
    return branches > 1 ||
           cnn_fail_words(ps->err, CNN_E_BRANCHES, span, cnn_text_of(op->name), (cnn_text){0});
}

/* ---- words ---- */

enum { LONGEST_WORD = 32 };

/* A word of letters and a number behind them, which blanks may set apart: relu6. */
static const cnn_word *see_numbered(const cnn_parser *ps, cnn_text letters, size_t *size)
{
    cnn_parser behind = *ps;
    behind.p += letters.size;
    cnn_skip_blanks(&behind, false);
    char joined[LONGEST_WORD];
    size_t used = letters.size; /* a known word is shorter */
    memcpy(joined, letters.data, letters.size);
    while (cnn_is_digit(cnn_peek(&behind)) && used < sizeof joined) {
        joined[used++] = *behind.p++;
    }
    const cnn_word *word = cnn_vocabulary_find(ps->words, (cnn_text){joined, used});
    *size = word != NULL ? (size_t)(behind.p - ps->p) : letters.size;
    return word;
}

/* The longest layer word at the position: relu6 before relu, soft-max before a layer "soft". */
static const cnn_word *see_word(const cnn_parser *ps, size_t *size)
{
    const cnn_text letters = cnn_see_letters(ps);
    const cnn_word *word = cnn_vocabulary_find(ps->words, letters);
    *size = letters.size;
    if (word != NULL && word->longer) {
        const cnn_word *longer = see_numbered(ps, letters, size);
        word = longer != NULL ? longer : word;
    }
    const char dash = cnn_peek_at(ps, *size);
    if (dash != '-' || !cnn_is_letter(cnn_peek_at(ps, *size + 1))) {
        return word;
    }
    cnn_parser behind = *ps;
    behind.p += *size + 1;
    const cnn_text second = cnn_see_letters(&behind);
    char joined[LONGEST_WORD];
    cnn_term term;
    if (letters.size + second.size > sizeof joined ||
        (word != NULL && cnn_see_number_name(&behind, cnn_see_name(&behind), &term))) {
        return word;
    }
    for (size_t i = 0; i < letters.size + second.size; i++) {
        joined[i] = i < letters.size ? letters.data[i] : second.data[i - letters.size];
    }
    const cnn_word *both =
        cnn_vocabulary_find(ps->words, (cnn_text){joined, letters.size + second.size});
    *size = both != NULL ? *size + 1 + second.size : *size;
    return both != NULL ? both : word;
}

/* Whether a definition of `name` stands further down, where a line may begin with it. */
static bool defined_later(const cnn_parser *ps, cnn_text name)
{
    cnn_parser look = *ps;
    for (look.p = ps->p; look.p < look.end; look.p++) {
        if (look.p > look.begin && (look.p[-1] == '\n' || look.p[-1] == ';')) {
            cnn_skip_blanks(&look, false);
            if (cnn_text_same(cnn_see_name(&look), name) && cnn_see_definition(&look)) {
                return true;
            }
        }
    }
    return false;
}

static void offer_words(const cnn_parser *ps, cnn_nearest *nearest)
{
    cnn_names_offer(&ps->words->words, nearest);
    cnn_names_offer(&ps->definitions, nearest);
}

static bool fail_word(cnn_parser *ps)
{
    const cnn_text name = cnn_see_name(ps);
    if (cnn_text_is(name, "input") || cnn_text_is(cnn_see_letters(ps), "input")) {
        return cnn_fail(ps->err, CNN_E_INPUT_LATE, cnn_span_of(ps, name));
    }
    if (ps->current != NULL && cnn_text_same(ps->current->name, name)) {
        return cnn_fail_words(ps->err, CNN_E_SELF, cnn_span_of(ps, name), name, (cnn_text){0});
    }
    if (cnn_see_definition(ps)) {
        return cnn_fail(ps->err, CNN_E_DEFINITION_INSIDE, cnn_span_of(ps, name));
    }
    if (defined_later(ps, name)) {
        return cnn_fail_words(ps->err, CNN_E_DEFINED_LATER, cnn_span_of(ps, name), name,
                              (cnn_text){0});
    }
    cnn_nearest whole = cnn_nearest_to(name);
    offer_words(ps, &whole);
    const cnn_text letters = cnn_see_letters(ps);
    cnn_nearest part = cnn_nearest_to(letters);
    offer_words(ps, &part);
    const bool use_part = letters.size > 0 && memchr(name.data, '_', name.size) == NULL &&
                          (whole.best.size == 0 || part.distance <= whole.distance);
    const cnn_text shown = use_part ? letters : name;
    return cnn_fail_words(ps->err, CNN_E_UNKNOWN_LAYER, cnn_span_of(ps, shown), shown,
                          use_part ? part.best : whole.best);
}

/* A macro layer becomes a call of its list: its channels and its bias are the arguments. */
static bool make_macro_call(cnn_parser *ps, cnn_node *node)
{
    static const struct {
        int32_t index; /* of the parameters (n, b) */
        cnn_attr attr;
    } numbers[] = {{1, CNN_BIAS}, {0, CNN_CHANNELS}};
    const cnn_layer_text *layer = node->of.layer;
    node->args = NULL;
    for (size_t i = 0; i < CNN_LENGTH(numbers); i++) {
        cnn_arg *arg = CNN_NEW(ps->arena, cnn_arg);
        cnn_term term = {CNN_TERM_NUMBER, layer->attrs.value[numbers[i].attr][0], node->span};
        if (arg == NULL) {
            return cnn_fail_memory(ps->err);
        }
        arg->expr = cnn_expr_of(ps, &term);
        for (const cnn_hole *hole = layer->holes; hole != NULL; hole = hole->next) {
            arg->expr = hole->attr == numbers[i].attr ? hole->number.expr : arg->expr;
        }
        if (arg->expr == NULL) {
            return cnn_fail_memory(ps->err);
        }
        arg->index = numbers[i].index;
        arg->span = node->span;
        arg->next = node->args;
        node->args = arg;
    }
    node->of.definition = cnn_parse_macro(ps, node->op);
    node->kind = CNN_NODE_CALL;
    return node->of.definition != NULL || cnn_fail_memory(ps->err);
}

static bool parse_layer_word(cnn_parser *ps, cnn_node *node)
{
    size_t size;
    const cnn_word *word = see_word(ps, &size);
    const cnn_text name = cnn_see_name(ps);
    if (word == NULL || memchr(name.data, '_', name.size) != NULL) {
        return fail_word(ps); /* no layer has a "_": a definition is meant */
    }
    ps->p += size;
    if (word->op->form == CNN_FORM_JOIN || word->op->form == CNN_FORM_AUX) {
        return parse_join(ps, word->op, node);
    }
    if (!cnn_parse_layer(ps, word, node, NULL)) {
        return false;
    }
    if (word->op->form == CNN_FORM_MACRO) {
        node->span = cnn_span_from(ps, ps->begin + node->span.begin);
        return make_macro_call(ps, node);
    }
    return true;
}

/* NAME "*": a count. */
static bool parse_named_count(cnn_parser *ps, cnn_text name, const cnn_term *term, cnn_node *node)
{
    const cnn_number count = {.expr = cnn_expr_of(ps, term), .span = term->span};
    ps->p += name.size;
    return count.expr != NULL && skip_star(ps) && finish_repeat(ps, count, node);
}

/* Names come first: a parameter, a named number, a definition; then the layers' words. */
static bool parse_word(cnn_parser *ps, cnn_node *node)
{
    const cnn_text name = cnn_see_name(ps);
    if (ps->current == NULL && ps->definitions.root == NULL && name.size > 1) {
        return parse_layer_word(ps, node); /* there are no names but c, h and w */
    }
    cnn_term term;
    if (cnn_see_number_name(ps, name, &term)) {
        if (star_behind(ps, name.data + name.size)) {
            return parse_named_count(ps, name, &term, node);
        }
        if (term.kind == CNN_TERM_PARAM) {
            node->kind = CNN_NODE_PARAM;
            node->of.param = (int32_t)term.value;
            ps->p += name.size;
            return true;
        }
        if (term.kind == CNN_TERM_NUMBER) {
            return cnn_fail_words(ps->err, CNN_E_HOLDS_NUMBER, term.span, name, (cnn_text){0});
        }
    }
    const cnn_name *found = cnn_names_find(&ps->definitions, name);
    if (found == NULL) {
        return parse_layer_word(ps, node);
    }
    const cnn_definition *definition = found->value;
    node->kind = CNN_NODE_CALL;
    node->of.definition = definition;
    ps->p += name.size;
    return cnn_parse_args(ps, definition, node);
}

/* ---- items ---- */

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
        return parse_counted(ps, node);
    }
    if (c == '(') {
        return parse_group(ps, node);
    }
    if (c == '@') {
        return parse_tap(ps, node);
    }
    if (cnn_is_letter(c) || c == '_') {
        return parse_word(ps, node);
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
    cnn_node *node = new_node(ps, CNN_NODE_LAYER);
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
