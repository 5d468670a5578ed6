/* A layer that is not plain, or is wrong: word, size or label, channels, attributes. Known numbers
 * go straight into the layer's attributes; the others become holes that the expansion fills. */
#include "base/arena.h"
#include "lang/parse.h"
#include "lang/range.h"

/* The layer that is being read. */
typedef struct reading {
    cnn_parser *ps;
    const cnn_word *word;
    cnn_node *node;
    cnn_attrs *attrs; /* its own */
    const char *from; /* its first byte */
} reading;

static cnn_text op_name(const reading *r)
{
    return cnn_text_of(r->word->op->name);
}

static CNN_COLD bool fail_at(const reading *r, int32_t code, cnn_text place, cnn_text b)
{
    return cnn_fail_words(r->ps->err, code, cnn_span_of(r->ps, place), op_name(r), b);
}

static bool add_hole(reading *r, cnn_attr attr, int32_t axis, const cnn_number *number)
{
    cnn_hole *hole = CNN_NEW(r->ps->arena, cnn_hole);
    if (hole == NULL) {
        return cnn_fail_memory(r->ps->err);
    }
    *hole = (cnn_hole){r->node->of.layer.holes, attr, axis, *number};
    r->node->of.layer.holes = hole;
    return true;
}

/* The number for one axis, or for all of them (-1). */
static bool set_number(reading *r, cnn_attr attr, int32_t axis, const cnn_number *number)
{
    if (number->expr != NULL) {
        return add_hole(r, attr, axis, number);
    }
    return cnn_attr_set(r->word->op, r->attrs, attr, axis, number->value, number->span, r->ps->err);
}

static bool mark_given(reading *r, cnn_attr attr, cnn_text place)
{
    if ((r->attrs->given >> attr & 1) != 0) {
        return cnn_fail_words(r->ps->err, CNN_E_ATTR_TWICE, cnn_span_of(r->ps, place),
                              cnn_text_of(cnn_attr_names[attr].what), (cnn_text){0});
    }
    r->attrs->given |= 1u << attr;
    return true;
}

/* number { "x" number }: one number counts for all axes. */
static bool parse_size(reading *r, cnn_attr attr)
{
    cnn_parser *ps = r->ps;
    const char *from = ps->p;
    const int32_t most = cnn_op_numbers(r->word->op, attr);
    cnn_number numbers[CNN_AXES];
    const char *end = from;
    int32_t count = 0;
    do {
        if (count == most) {
            const cnn_text place = {from, (size_t)(end - from)};
            ps->err->number[0] = most;
            return cnn_fail_words(ps->err, CNN_E_NUMBERS, cnn_span_of(ps, place),
                                  cnn_text_of(cnn_attr_names[attr].what),
                                  cnn_text_of(r->word->op->example));
        }
        if (!cnn_parse_number(ps, &numbers[count++])) {
            return false;
        }
        end = ps->p;
    } while (cnn_read_times(ps));
    if (most == CNN_AXES && count < most) {
        return cnn_fail(ps->err, CNN_E_RESHAPE_FORM,
                        cnn_span_of(ps, (cnn_text){from, (size_t)(ps->p - from)}));
    }
    for (int32_t i = 0; i < count; i++) {
        if (!set_number(r, attr, count == 1 ? -1 : i, &numbers[i])) {
            return false;
        }
    }
    return true;
}

/* dropout0.5 */
static bool parse_decimal(reading *r)
{
    cnn_parser *ps = r->ps;
    const char *from = ps->p;
    int64_t value;
    if (!cnn_is_digit(cnn_peek(ps))) {
        return parse_size(r, CNN_SIZE); /* (p) or ? */
    }
    if (!cnn_read_decimal(ps, &value)) {
        return false;
    }
    return cnn_attr_set(r->word->op, r->attrs, CNN_SIZE, -1, value, cnn_span_from(ps, from),
                        ps->err);
}

/* resize@label */
static bool parse_label(reading *r)
{
    cnn_parser *ps = r->ps;
    ps->p++;
    const cnn_text label = cnn_see_label(ps);
    if (label.size == 0) {
        return cnn_fail(ps->err, CNN_E_LABEL_MISSING, cnn_span_of(ps, (cnn_text){ps->p - 1, 1}));
    }
    ps->p += label.size;
    r->node->label = label;
    r->attrs->given |= 1u << CNN_SIZE;
    return true;
}

/* A count, or a group that a blank sets apart: an item whose comma is missing, not a size. */
static bool begins_item(const cnn_parser *ps)
{
    cnn_parser look = *ps;
    int64_t count;
    cnn_error ignored = {0};
    look.err = &ignored;
    if (cnn_peek(ps) == '(') {
        return ps->p[-1] == ' ' || ps->p[-1] == '\t'; /* the word stands before it */
    }
    if (!cnn_read_int(&look, &count)) {
        return false;
    }
    cnn_skip_blanks(&look, false);
    const size_t times = cnn_see_times(&look);
    return cnn_peek(&look) == '*' || (times > 0 && !cnn_is_digit(cnn_peek_at(&look, times)));
}

static bool parse_head(reading *r)
{
    cnn_parser *ps = r->ps;
    const cnn_op *op = r->word->op;
    cnn_skip_blanks(ps, false);
    const char c = cnn_peek(ps);
    if (c == '@') {
        return op->takes_label ? parse_label(r)
                               : fail_at(r, CNN_E_NO_LABEL, (cnn_text){ps->p, 1}, (cnn_text){0});
    }
    if (op->decimal && c == '.') {
        return cnn_fail_decimal(ps, ps->p);
    }
    if (!cnn_is_digit(c) && c != '?' && c != '(') {
        return true;
    }
    if (cnn_use_of(op, CNN_SIZE)->need == CNN_NEVER) {
        if (begins_item(ps)) {
            const cnn_text thing = cnn_see_thing(ps);
            return cnn_fail_words(ps->err, CNN_E_BREAK_MISSING, cnn_span_of(ps, thing), thing,
                                  (cnn_text){0});
        }
        return fail_at(r, CNN_E_NO_SIZE, cnn_see_thing(ps), cnn_text_of(op->example));
    }
    r->attrs->given |= 1u << CNN_SIZE;
    return op->decimal ? parse_decimal(r) : parse_size(r, CNN_SIZE);
}

/* "-" number or "-" NAME. Behind a bare name no "/" may follow: half of it, or a stride? */
static bool parse_channels(reading *r)
{
    cnn_parser *ps = r->ps;
    cnn_skip_blanks(ps, false);
    if (cnn_peek(ps) != '-') {
        return true;
    }
    if (cnn_use_of(r->word->op, CNN_CHANNELS)->need == CNN_NEVER) {
        return fail_at(r, CNN_E_NO_CHANNELS, (cnn_text){ps->p, 1},
                       cnn_text_of(r->word->op->example));
    }
    ps->p++;
    cnn_skip_blanks(ps, false);
    r->attrs->given |= 1u << CNN_CHANNELS;
    const cnn_text name = cnn_see_name(ps);
    if (name.size == 0) {
        cnn_number number;
        return cnn_parse_number(ps, &number) && set_number(r, CNN_CHANNELS, 0, &number);
    }
    cnn_term term;
    if (!cnn_see_number_name(ps, name, &term)) {
        cnn_nearest nearest = cnn_nearest_to(name);
        if (ps->current != NULL) {
            cnn_names_offer(&ps->current->names, &nearest);
        }
        return cnn_fail_words(ps->err, CNN_E_UNKNOWN_NUMBER, cnn_span_of(ps, name), name,
                              nearest.best);
    }
    const cnn_number number = {.expr = cnn_expr_of(ps, &term), .span = term.span};
    if (number.expr == NULL) {
        return false;
    }
    ps->p += name.size;
    cnn_skip_blanks(ps, false);
    if (cnn_peek(ps) == '/') {
        return cnn_fail_words(ps->err, CNN_E_SLASH, cnn_span_of(ps, (cnn_text){ps->p, 1}), name,
                              (cnn_text){0});
    }
    return set_number(r, CNN_CHANNELS, 0, &number);
}

/* A word that no attribute spells: most often a layer whose comma is missing. */
static CNN_COLD bool fail_attr(reading *r, cnn_text word)
{
    cnn_parser *ps = r->ps;
    const cnn_text name = cnn_see_name(ps);
    if (cnn_vocabulary_find(ps->words, word) != NULL ||
        cnn_names_find(&ps->definitions, name) != NULL) {
        return cnn_fail_words(ps->err, CNN_E_BREAK_MISSING, cnn_span_of(ps, name), name,
                              (cnn_text){0});
    }
    cnn_nearest nearest = cnn_nearest_to(word);
    for (int32_t attr = CNN_STRIDE; attr < CNN_ATTRS; attr++) {
        if (cnn_use_of(r->word->op, (cnn_attr)attr)->need != CNN_NEVER && word.size > 2) {
            cnn_nearest_offer(&nearest, cnn_text_of(cnn_attr_names[attr].letters));
            cnn_nearest_offer(&nearest, cnn_text_of(cnn_attr_names[attr].what));
        }
    }
    ps->err->word[2] = nearest.best;
    return fail_at(r, CNN_E_NO_ATTR, word, word);
}

static bool parse_attr(reading *r, cnn_text word, cnn_attr attr)
{
    cnn_parser *ps = r->ps;
    if (attr == CNN_ATTRS || cnn_use_of(r->word->op, attr)->need == CNN_NEVER) {
        return fail_attr(r, word);
    }
    ps->p += word.size;
    if (!mark_given(r, attr, word)) {
        return false;
    }
    if (attr >= CNN_NUMBERS) {
        return true;
    }
    cnn_skip_blanks(ps, false);
    const char c = cnn_peek(ps);
    if (!cnn_is_digit(c) && c != '(' && c != '?' && c != '-') {
        return cnn_fail_words(ps->err, CNN_E_ATTR_NUMBER, cnn_span_of(ps, word), word,
                              (cnn_text){0});
    }
    return parse_size(r, attr);
}

static bool parse_attrs(reading *r)
{
    cnn_parser *ps = r->ps;
    for (;;) {
        cnn_skip_blanks(ps, false);
        if (cnn_ends_item(cnn_peek(ps))) {
            return true;
        }
        const cnn_text word = cnn_see_letters(ps);
        if (word.size > 0) {
            if (!parse_attr(r, word, cnn_vocabulary_attr(ps->words, word))) {
                return false;
            }
        } else if (cnn_peek(ps) == '/') {
            if (!parse_attr(r, (cnn_text){ps->p, 1}, CNN_STRIDE)) {
                return false;
            }
        } else {
            return true;
        }
    }
}

/* What is missing, or contradicts. */
static CNN_COLD bool fail_check(reading *r)
{
    const uint32_t missing = r->word->required & ~r->attrs->given;
    const uint32_t padding = cnn_paddings(r->attrs->given);
    const cnn_text whole = cnn_text_trim((cnn_text){r->from, (size_t)(r->ps->p - r->from)});
    if (missing != 0) {
        const bool size = (missing >> CNN_SIZE & 1) != 0;
        return fail_at(r, size ? CNN_E_SIZE_MISSING : CNN_E_CHANNELS_MISSING, whole,
                       cnn_text_of(r->word->op->example));
    }
    cnn_text words[2] = {{0}};
    int32_t count = 0;
    for (int32_t attr = CNN_PAD; count < 2; attr++) {
        if ((padding >> attr & 1) != 0) {
            words[count++] = cnn_text_of(cnn_attr_names[attr].what);
        }
    }
    return cnn_fail_words(r->ps->err, CNN_E_ATTR_CONFLICT, cnn_span_of(r->ps, whole), words[0],
                          words[1]);
}

bool cnn_parse_layer(cnn_parser *ps, const cnn_word *word, cnn_node *node)
{
    cnn_attrs *attrs = cnn_arena_room(ps->arena, sizeof *attrs);
    if (attrs == NULL) {
        return cnn_fail_memory(ps->err);
    }
    *attrs = *word->bare;
    attrs->given = 0;
    node->kind = CNN_NODE_LAYER;
    node->op = word->op;
    node->of.layer = (cnn_layer_text){.attrs = attrs};
    reading r = {ps, word, node, attrs, ps->begin + node->span.begin};
    if (!parse_head(&r) || !parse_channels(&r) || !parse_attrs(&r)) {
        return false;
    }
    if (!cnn_word_complete(word, attrs)) {
        return fail_check(&r);
    }
    return true;
}
