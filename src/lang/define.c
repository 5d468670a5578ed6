/* Definitions, their parameters, and named numbers. */
#include <assert.h>

#include "base/arena.h"
#include "lang/parse.h"
#include "lang/range.h"

bool cnn_see_definition(const cnn_parser *ps)
{
    cnn_parser look = *ps;
    const cnn_text name = cnn_see_name(&look);
    if (name.size == 0) {
        return false;
    }
    look.p += name.size;
    cnn_skip_blanks(&look, false);
    if (cnn_peek(&look) == '(') {
        cnn_error ignored = {0};
        const char *close = cnn_see_close(&look, &ignored);
        if (close == NULL) {
            return false;
        }
        look.p = close + 1;
        cnn_skip_blanks(&look, false);
    }
    return cnn_peek(&look) == '=';
}

/* Whether the whole name reads as attributes: s2, p1x3, same, s2p1. */
static bool reads_as_attrs(const cnn_vocabulary *words, cnn_text name)
{
    cnn_parser look = {.p = name.data, .end = name.data + name.size, .begin = name.data};
    while (look.p < look.end) {
        const cnn_text word = cnn_see_letters(&look);
        const cnn_attr attr = cnn_vocabulary_attr(words, word);
        if (word.size == 0 || attr == CNN_ATTRS) {
            return false;
        }
        look.p += word.size;
        const char *digits = look.p;
        while (cnn_is_digit(cnn_peek(&look)) || (look.p > digits && cnn_see_times(&look) == 1 &&
                                                 cnn_is_digit(cnn_peek_at(&look, 1)))) {
            look.p++;
        }
        if (look.p == digits && attr < CNN_NUMBERS) {
            return false;
        }
    }
    return true;
}

/* Why a name is not free; NULL: it is. */
static const char *name_taken(const cnn_parser *ps, cnn_text name)
{
    size_t letters = 0;
    while (letters < name.size && cnn_is_letter(name.data[letters])) {
        letters++;
    }
    bool digits = true;
    for (size_t i = letters; i < name.size; i++) {
        digits = digits && (cnn_is_digit(name.data[i]) ||
                            (cnn_fold(name.data[i]) == 'x' && i + 1 < name.size));
    }
    if (cnn_vocabulary_find(ps->words, (cnn_text){name.data, letters}) != NULL && digits) {
        return "a layer";
    }
    if (cnn_text_is(name, "c") || cnn_text_is(name, "h") || cnn_text_is(name, "w")) {
        return "the channels, height or width that enter";
    }
    if (cnn_text_is(name, "input")) {
        return "the network's input";
    }
    return reads_as_attrs(ps->words, name) ? "an attribute" : NULL;
}

static bool check_name(cnn_parser *ps, cnn_text name)
{
    const char *taken = name_taken(ps, name);
    if (taken == NULL) {
        return true;
    }
    return cnn_fail_words(ps->err, CNN_E_NAME_TAKEN, cnn_span_of(ps, name), name,
                          cnn_text_of(taken));
}

static bool parse_param(cnn_parser *ps, cnn_definition *d, cnn_param *param)
{
    cnn_skip_blanks(ps, true);
    const cnn_text name = cnn_see_name(ps);
    if (name.size == 0) {
        return cnn_fail_unexpected(ps, "the name of a parameter is wanted here");
    }
    if (!check_name(ps, name)) {
        return false;
    }
    const cnn_name *twin = cnn_names_find(&d->names, name);
    if (twin != NULL) {
        return cnn_fail_words(ps->err, CNN_E_DEFINED_TWICE, cnn_span_of(ps, name), name,
                              twin->text);
    }
    param->name = name;
    ps->p += name.size;
    cnn_skip_blanks(ps, true);
    if (cnn_peek(ps) == '=') {
        ps->p++;
        cnn_arg *standard = CNN_NEW(ps->arena, cnn_arg);
        if (standard == NULL) {
            return cnn_fail_memory(ps->err);
        }
        /* Parameters before this one may be used in its default. */
        ps->current = d;
        const bool read = cnn_parse_arg_value(ps, standard);
        ps->current = NULL;
        if (!read) {
            return false;
        }
        param->standard = standard;
    } else if (d->param_count > 0 && d->params[d->param_count - 1].standard != NULL) {
        return cnn_fail_words(ps->err, CNN_E_DEFAULTS_LAST, cnn_span_of(ps, name), name,
                              (cnn_text){0});
    }
    cnn_name *entry = cnn_names_add(&d->names, name, ps->arena);
    if (entry == NULL) {
        return cnn_fail_memory(ps->err);
    }
    entry->number = d->param_count++;
    return true;
}

/* "(" param { "," param } ")": there are at most as many as commas, and one. */
static bool parse_params(cnn_parser *ps, cnn_definition *d)
{
    const char *close = cnn_see_close(ps, ps->err);
    assert(close != NULL); /* otherwise no definition was seen */
    int32_t most = 1;
    for (const char *q = ps->p; q < close; q++) {
        most += *q == ',';
    }
    d->params = CNN_NEW_ARRAY(ps->arena, cnn_param, most);
    if (d->params == NULL) {
        return cnn_fail_memory(ps->err);
    }
    ps->depth++; /* inside parentheses */
    do {
        ps->p++;
        if (!parse_param(ps, d, &d->params[d->param_count])) {
            return false;
        }
    } while (cnn_peek(ps) == ',');
    if (cnn_peek(ps) != ')') {
        return cnn_fail_unexpected(ps, "write f(a, b=2) = ... to define f");
    }
    ps->depth--;
    ps->p++;
    return true;
}

/* item { "," item }, up to a line end outside parentheses that no comma stands before. */
static bool parse_body(cnn_parser *ps, cnn_definition *d)
{
    const cnn_node **slot = &d->body;
    const char *comma = NULL; /* before the item */
    for (;;) {
        cnn_skip_blanks(ps, true);
        if (ps->p == ps->end || cnn_peek(ps) == ';') {
            return d->body == NULL
                       ? cnn_fail_words(ps->err, CNN_E_BODY_MISSING, cnn_span_of(ps, d->name),
                                        d->name, (cnn_text){0})
                       : cnn_fail(ps->err, CNN_E_ITEM_MISSING,
                                  cnn_span_of(ps, (cnn_text){comma, 1}));
        }
        cnn_node *item;
        if (!cnn_parse_item(ps, &item)) {
            return false;
        }
        *slot = item;
        slot = &item->next;
        cnn_skip_blanks(ps, false);
        if (cnn_peek(ps) != ',') {
            return true;
        }
        comma = ps->p++;
    }
}

/* Where the line of a named number has to end. */
static bool at_line_end(const cnn_parser *ps)
{
    const char c = cnn_peek(ps);
    return ps->p == ps->end || c == '\n' || c == '\r' || c == ';';
}

/* --define NAME=N stands for the number that the list gives. */
static bool override_number(cnn_parser *ps, cnn_definition *d)
{
    for (int32_t i = 0; i < ps->define_count; i++) {
        cnn_text value = ps->defines[i];
        const cnn_text name = cnn_text_trim(cnn_text_split(&value, '='));
        if (!cnn_text_same(name, d->name)) {
            continue;
        }
        value = cnn_text_trim(value);
        cnn_parser number = {.p = value.data, .end = value.data + value.size};
        cnn_error error = {0};
        number.begin = ps->defines[i].data;
        number.err = &error;
        if (!cnn_read_int(&number, &d->value) || number.p != number.end) {
            *ps->err = (cnn_error){.code = error.code != CNN_OK ? error.code : CNN_E_DEFINE_FORM,
                                   .source = CNN_SOURCE_DEFINE,
                                   .span = {0, (uint32_t)ps->defines[i].size},
                                   .word[0] = error.word[0]};
            ps->err->number[3] = i;
            return false;
        }
        ps->defines_used |= i < 32 ? 1u << i : 0;
    }
    return true;
}

/* A body that is an expression of known numbers makes a named number. `done`: it was one. */
static bool parse_named_number(cnn_parser *ps, cnn_definition *d, bool *done)
{
    const char *from = ps->p;
    cnn_error *const err = ps->err;
    cnn_error probe = {0};
    const cnn_expr *expr;
    const cnn_arena arena = *ps->arena;
    const int32_t depth = ps->depth;
    ps->err = &probe;
    const bool number = cnn_parse_expr(ps, &expr);
    cnn_skip_blanks(ps, false);
    ps->err = err;
    if (number && at_line_end(ps)) {
        *done = true;
        d->is_number = true;
        return cnn_expr_constant(expr, &d->value, err) && override_number(ps, d);
    }
    if (number && cnn_peek(ps) == ',') {
        return cnn_fail_words(err, CNN_E_NUMBER_LINE, cnn_span_of(ps, (cnn_text){ps->p, 1}),
                              d->name, (cnn_text){0});
    }
    if (probe.code == CNN_E_OVERFLOW || probe.code == CNN_OUT_OF_MEMORY) {
        *err = probe;
        return false;
    }
    *ps->arena = arena;
    ps->depth = depth;
    ps->p = from;
    *done = false;
    return true;
}

static cnn_definition *begin_definition(cnn_parser *ps)
{
    cnn_definition *d = CNN_NEW(ps->arena, cnn_definition);
    if (d == NULL) {
        cnn_fail_memory(ps->err);
        return NULL;
    }
    d->name = cnn_see_name(ps);
    ps->p += d->name.size;
    cnn_skip_blanks(ps, false);
    if (cnn_peek(ps) == '(' && !parse_params(ps, d)) {
        return NULL;
    }
    cnn_skip_blanks(ps, false);
    ps->p++; /* the "=", which cnn_see_definition saw */
    return d;
}

static bool finish_definition(cnn_parser *ps, cnn_definition *d)
{
    bool done = false;
    cnn_skip_blanks(ps, true);
    if (d->params == NULL && !parse_named_number(ps, d, &done)) {
        return false;
    }
    if (!done) {
        ps->current = d;
        const bool read = parse_body(ps, d);
        ps->current = NULL;
        return read;
    }
    return true;
}

bool cnn_parse_definition(cnn_parser *ps)
{
    const cnn_text name = cnn_see_name(ps);
    if (cnn_text_is(name, "input")) {
        return cnn_fail(ps->err, CNN_E_INPUT_LATE, cnn_span_of(ps, name));
    }
    if (!check_name(ps, name)) {
        return false;
    }
    const cnn_name *twin = cnn_names_find(&ps->definitions, name);
    if (twin != NULL) {
        return cnn_fail_words(ps->err, CNN_E_DEFINED_TWICE, cnn_span_of(ps, name), name,
                              twin->text);
    }
    cnn_definition *d = begin_definition(ps);
    if (d == NULL || !finish_definition(ps, d)) {
        return false;
    }
    /* Only now: a body cannot use the name that it defines. */
    cnn_name *entry = cnn_names_add(&ps->definitions, name, ps->arena);
    if (entry == NULL) {
        return cnn_fail_memory(ps->err);
    }
    entry->value = d;
    return true;
}

const cnn_definition *cnn_parse_macro(cnn_parser *ps, const cnn_op *op)
{
    cnn_name *entry = cnn_names_add(&ps->macros, cnn_text_of(op->name), ps->arena);
    if (entry == NULL || entry->value != NULL) {
        return entry == NULL ? NULL : entry->value;
    }
    const cnn_text text = cnn_text_of(op->body);
    cnn_parser inner = {.p = text.data,
                        .begin = text.data,
                        .end = text.data + text.size,
                        .arena = ps->arena,
                        .err = ps->err,
                        .words = ps->words};
    cnn_definition *d = begin_definition(&inner);
    if (d == NULL || !finish_definition(&inner, d)) {
        return NULL;
    }
    d->built_in = true;
    entry->value = d;
    return d;
}
