/* Expressions, in postfix order: no tree to walk, and no depth to fear when they are evaluated. */
#include "base/arena.h"
#include "lang/parse.h"

typedef struct builder {
    cnn_term terms[CNN_MAX_TERMS];
    int32_t count;
} builder;

static bool push(cnn_parser *ps, builder *b, cnn_term term)
{
    if (b->count == CNN_MAX_TERMS) {
        return cnn_fail_numbers(ps->err, CNN_E_TERMS, term.span, CNN_MAX_TERMS, 0);
    }
    b->terms[b->count++] = term;
    return true;
}

bool cnn_see_number_name(const cnn_parser *ps, cnn_text name, cnn_term *out)
{
    out->span = cnn_span_of(ps, name);
    if (ps->current != NULL) {
        const cnn_name *param = cnn_names_find(&ps->current->names, name);
        if (param != NULL) {
            out->kind = CNN_TERM_PARAM;
            out->value = param->number;
            return true;
        }
    }
    static const char entries[] = "chw";
    for (int32_t i = 0; name.size == 1 && i < 3; i++) {
        if (cnn_fold(name.data[0]) == entries[i]) {
            out->kind = CNN_TERM_ENTRY;
            out->value = i;
            return true;
        }
    }
    const cnn_name *found = cnn_names_find(&ps->definitions, name);
    const cnn_definition *definition = found == NULL ? NULL : found->value;
    if (definition == NULL || !definition->is_number) {
        return false;
    }
    out->kind = CNN_TERM_NUMBER;
    out->value = definition->value;
    return true;
}

static bool fail_name(cnn_parser *ps, cnn_text name)
{
    cnn_nearest nearest = cnn_nearest_to(name);
    if (ps->current != NULL) {
        cnn_names_offer(&ps->current->names, &nearest);
    }
    return cnn_fail_words(ps->err, CNN_E_UNKNOWN_NUMBER, cnn_span_of(ps, name), name, nearest.best);
}

static bool sum(cnn_parser *ps, builder *b);

/* The expression behind the "(" at `open` is over, and its ")" is not here. */
static CNN_COLD bool fail_close(cnn_parser *ps, const char *open)
{
    int32_t bars;
    if (cnn_see_branches(ps, open, &bars) == NULL) {
        return cnn_fail(ps->err, CNN_E_PAREN_OPEN, cnn_span_of(ps, (cnn_text){open, 1}));
    }
    return cnn_fail_unexpected(ps, "these parentheses hold one number, as in conv3-(2*n)");
}

static bool factor(cnn_parser *ps, builder *b)
{
    cnn_skip_blanks(ps, true);
    const char *from = ps->p;
    cnn_term term = {.kind = CNN_TERM_NUMBER};
    if (cnn_read_int(ps, &term.value)) {
        term.span = cnn_span_from(ps, from);
        return push(ps, b, term);
    }
    if (ps->err->code != CNN_OK) {
        return false;
    }
    if (cnn_peek(ps) == '?') {
        ps->p++;
        term = (cnn_term){CNN_TERM_UNKNOWN, ps->unknowns++, cnn_span_from(ps, from)};
        return push(ps, b, term);
    }
    if (cnn_peek(ps) == '(') {
        if (!cnn_nest(ps, cnn_span_of(ps, (cnn_text){ps->p, 1}))) {
            return false;
        }
        ps->p++;
        if (!sum(ps, b)) {
            return false;
        }
        ps->depth--;
        cnn_skip_blanks(ps, true);
        if (cnn_peek(ps) != ')') {
            return fail_close(ps, from);
        }
        ps->p++;
        return true;
    }
    const cnn_text name = cnn_see_name(ps);
    if (name.size == 0) {
        return cnn_fail_words(ps->err, CNN_E_NUMBER_WANTED, cnn_span_of(ps, cnn_see_thing(ps)),
                              cnn_text_of("a number such as 2, a name, or (2*n)"), (cnn_text){0});
    }
    if (!cnn_see_number_name(ps, name, &term)) {
        return fail_name(ps, name);
    }
    ps->p += name.size;
    return push(ps, b, term);
}

/* Operands joined by one of two operators, from left to right. */
static bool chain(cnn_parser *ps, builder *b, bool (*operand)(cnn_parser *, builder *),
                  const char *operators, cnn_term_kind first)
{
    if (!operand(ps, b)) {
        return false;
    }
    for (;;) {
        /* An operator may stand on the next line only inside parentheses, where a caller's ")" or
         * "," ends the expression anyway; elsewhere a line end ends it. */
        const char *before = ps->p;
        cnn_skip_blanks(ps, ps->depth > 0);
        const char c = cnn_peek(ps);
        if (c != operators[0] && c != operators[1]) {
            ps->p = before;
            return true;
        }
        const cnn_term term = {.kind = c == operators[0] ? first : first + 1,
                               .span = cnn_span_of(ps, (cnn_text){ps->p, 1})};
        ps->p++;
        if (!operand(ps, b) || !push(ps, b, term)) {
            return false;
        }
    }
}

static bool product(cnn_parser *ps, builder *b)
{
    return chain(ps, b, factor, "*/", CNN_TERM_MUL);
}

static bool sum(cnn_parser *ps, builder *b)
{
    return chain(ps, b, product, "+-", CNN_TERM_ADD);
}

static const cnn_expr *finish(cnn_parser *ps, const cnn_term *terms, int32_t count)
{
    cnn_expr *expr = CNN_NEW(ps->arena, cnn_expr);
    cnn_term *copy = CNN_NEW_ARRAY(ps->arena, cnn_term, count);
    if (expr == NULL || copy == NULL) {
        cnn_fail_memory(ps->err);
        return NULL;
    }
    for (int32_t i = 0; i < count; i++) {
        copy[i] = terms[i];
    }
    expr->terms = copy;
    expr->count = count;
    return expr;
}

const cnn_expr *cnn_expr_of(cnn_parser *ps, const cnn_term *term)
{
    return finish(ps, term, 1);
}

bool cnn_parse_expr(cnn_parser *ps, const cnn_expr **out)
{
    builder b;
    b.count = 0;
    if (!sum(ps, &b)) {
        return false;
    }
    *out = finish(ps, b.terms, b.count);
    return *out != NULL;
}

bool cnn_parse_number(cnn_parser *ps, cnn_number *out)
{
    const char *from = ps->p;
    *out = (cnn_number){0};
    if (cnn_peek(ps) == '(' || cnn_peek(ps) == '?') {
        /* The parentheses belong to the number: what follows them is not part of the expression. */
        builder b;
        b.count = 0;
        if (!factor(ps, &b)) {
            return false;
        }
        out->expr = finish(ps, b.terms, b.count);
        if (out->expr == NULL) {
            return false;
        }
    } else if (!cnn_read_int(ps, &out->value)) {
        return cnn_fail_words(ps->err, CNN_E_NUMBER_WANTED, cnn_span_of(ps, cnn_see_thing(ps)),
                              cnn_text_of("a number such as 64, or (2*n) in parentheses"),
                              (cnn_text){0});
    }
    out->span = cnn_span_from(ps, from);
    return true;
}

bool cnn_fail_decimal(cnn_parser *ps, const char *from)
{
    ps->p += cnn_see_label(ps).size;
    return cnn_fail_words(ps->err, CNN_E_NUMBER_WANTED, cnn_span_from(ps, from),
                          cnn_text_of("digits on both sides of the point: 0.5"), (cnn_text){0});
}

bool cnn_read_decimal(cnn_parser *ps, int64_t *out)
{
    const char *from = ps->p;
    int64_t whole;
    if (!cnn_read_int(ps, &whole)) {
        return false;
    }
    *out = whole > 1 ? 2 * (int64_t)CNN_DECIMAL : whole * CNN_DECIMAL;
    if (cnn_peek(ps) == '.') {
        int64_t part;
        const size_t digits = cnn_read_fraction(ps->p + 1, ps->end, &part);
        if (digits == 0) {
            return cnn_fail_decimal(ps, from);
        }
        *out += part;
        ps->p += 1 + digits;
    }
    return true;
}
