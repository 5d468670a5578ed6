/* Numbers and expressions, computed while they are read. */
#include "base/checked.h"
#include "lang/reader.h"

const char *cnn_stop_computed(cnn_reader *r, const cnn_computed *number)
{
    if (r->err->code == CNN_OK) {
        r->err->number[0] = number->a;
        r->err->number[1] = number->b;
    }
    return cnn_stop_words(r, number->code, number->place, number->word, (cnn_text){0});
}

const char *cnn_read_int(cnn_reader *r, const char *p, int64_t *out)
{
    const char *from = p;
    int64_t n = 0;
    bool fits = true;
    for (; cnn_is_digit(*p); p++) {
        const int64_t digit = *p - '0';
        fits = p - from < 18 || (fits && n <= (INT64_MAX - digit) / 10);
        n = fits ? n * 10 + digit : n;
    }
    if (!fits) {
        r->trial = 0; /* whatever was tried: this is the error */
        return cnn_stop_words(r, CNN_E_OVERFLOW, cnn_span_at(r, from, p),
                              cnn_text_of("this number"), (cnn_text){0});
    }
    *out = n;
    return p;
}

/* The first thing that is wrong stays. */
static void spoil(cnn_computed *number, int32_t code, cnn_span place)
{
    if (number->code == CNN_OK) {
        number->code = code;
        number->place = place;
    }
}

static void loosen(cnn_computed *number, cnn_span place)
{
    number->loose = true;
    number->loose_at = place;
}

/* c, h and w of what entered. A side that it does not have counts as 1. */
static int64_t entry_number(const cnn_shape *shape, char which)
{
    const int32_t axis = which == 'w' ? shape->axes - 1 : shape->axes - 2;
    return which == 'c' ? shape->channels : axis >= 0 ? shape->side[axis] : 1;
}

/* A parameter; while its definition is checked it has no value yet. */
static void param_number(const cnn_place *at, int32_t index, cnn_text name, cnn_computed *out)
{
    const cnn_binding *bindings = at->frame->bindings;
    out->param = index;
    loosen(out, out->place);
    if (bindings == NULL) {
        return;
    }
    out->n = bindings[index].number;
    if (bindings[index].kind == CNN_BOUND_LAYERS) {
        out->code = CNN_E_HOLDS_LAYER;
        out->word = name;
    }
}

cnn_name_kind cnn_see_number(cnn_reader *r, const cnn_place *at, cnn_text name, cnn_computed *out)
{
    const cnn_definition *own = at->frame->definition;
    *out = (cnn_computed){.param = -1, .place = cnn_span_of(r, name)};
    if (own != NULL) {
        const cnn_name *param = cnn_names_find(&own->names, name);
        if (param != NULL) {
            param_number(at, param->number, name, out);
            return CNN_PARAM;
        }
    }
    const char c = name.size == 1 ? cnn_fold(name.data[0]) : '\0';
    if (c == 'c' || c == 'h' || c == 'w') {
        loosen(out, out->place);
        out->n = entry_number(&at->entry->shape, c);
        return CNN_ENTRY;
    }
    const cnn_name *found = cnn_names_find(&r->definitions, name);
    const cnn_definition *definition = found == NULL ? NULL : found->value;
    if (definition == NULL || !definition->is_number) {
        out->list = definition;
        return CNN_NO_NUMBER;
    }
    out->n = definition->value;
    return CNN_NAMED;
}

const char *cnn_stop_number(cnn_reader *r, const cnn_place *at, cnn_text name)
{
    if (r->trial > 0) {
        return NULL;
    }
    cnn_nearest nearest = cnn_nearest_to(name);
    if (at->frame->definition != NULL) {
        cnn_names_offer(&at->frame->definition->names, &nearest);
    }
    return cnn_stop_words(r, CNN_E_UNKNOWN_NUMBER, cnn_span_of(r, name), name, nearest.best);
}

/* The expression after the "(" at `open` ends at `p`, where its ")" is missing. */
static CNN_COLD const char *stop_close(cnn_reader *r, const char *open, const char *p)
{
    int32_t bars;
    const char *deep;
    if (cnn_see_close(open, &bars, &deep) == NULL) {
        return cnn_stop(r, CNN_E_PAREN_OPEN, cnn_span_at(r, open, open + 1));
    }
    return cnn_stop_unexpected(r, p, "these parentheses hold one number, as in conv3-(2*n)");
}

static const char *factor(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out)
{
    p = cnn_skip(p, true);
    if (cnn_is_digit(*p)) {
        *out = (cnn_computed){.param = -1};
        return cnn_read_int(r, p, &out->n);
    }
    if (*p == '?') {
        *out = (cnn_computed){.param = -1};
        spoil(out, CNN_E_UNKNOWN_VALUE, cnn_span_at(r, p, p + 1));
        loosen(out, out->place);
        return p + 1;
    }
    if (*p == '(') {
        const char *open = p;
        if (!cnn_nest(r, cnn_span_at(r, p, p + 1))) {
            return NULL;
        }
        p = cnn_read_expr(r, at, p + 1, out);
        if (p == NULL) {
            return NULL;
        }
        r->nest--;
        p = cnn_skip(p, true);
        return *p == ')' ? p + 1 : stop_close(r, open, p);
    }
    const cnn_text name = cnn_see_name(p);
    if (name.size == 0) {
        return cnn_stop_words(r, CNN_E_NUMBER_WANTED, cnn_span_of(r, cnn_see_thing(p)),
                              cnn_text_of("a number such as 2, a name, or (2*n)"), (cnn_text){0});
    }
    return cnn_see_number(r, at, name, out) == CNN_NO_NUMBER ? cnn_stop_number(r, at, name)
                                                             : p + name.size;
}

/* INT64_MIN / -1 cannot occur: no number is negative to begin with, and the smallest difference is
 * above INT64_MIN. */
static bool apply(char sign, int64_t a, int64_t b, int64_t *out)
{
    switch (sign) {
    case '+':
        return cnn_checked_add(a, b, out);
    case '-':
        return cnn_checked_sub(a, b, out);
    case '*':
        return cnn_checked_mul(a, b, out);
    default:
        *out = a / b;
        return true;
    }
}

/* a = a sign b; the operator is at `place`. */
static void combine(cnn_computed *a, char sign, const cnn_computed *b, cnn_span place)
{
    a->param = -1;
    if (b->loose && !a->loose) {
        loosen(a, b->loose_at);
    }
    if (a->code != CNN_OK || b->code != CNN_OK) {
        const cnn_computed *wrong = a->code != CNN_OK ? a : b;
        a->code = wrong->code;
        a->place = wrong->place;
        a->word = wrong->word;
        a->a = wrong->a;
        a->b = wrong->b;
    } else if (sign == '/' && (b->n == 0 || a->n % b->n != 0)) {
        spoil(a, CNN_E_DIVISION, place);
        a->a = a->n;
        a->b = b->n;
    } else if (!apply(sign, a->n, b->n, &a->n)) {
        spoil(a, CNN_E_OVERFLOW, place);
        a->word = cnn_text_of("the result");
    }
}

typedef const char *operand(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out);

/* Operands joined by one of two operators, from left to right. An operator may begin the next line
 * only inside parentheses; elsewhere a line end ends the expression. */
static const char *chain(cnn_reader *r, const cnn_place *at, const char *p, operand *next,
                         const char *operators, cnn_computed *out)
{
    p = next(r, at, p, out);
    while (p != NULL) {
        const char *sign = cnn_skip(p, r->nest > 0);
        if (*sign != operators[0] && *sign != operators[1]) {
            return p;
        }
        cnn_computed right;
        p = next(r, at, sign + 1, &right);
        if (p != NULL) {
            combine(out, *sign, &right, cnn_span_at(r, sign, sign + 1));
        }
    }
    return NULL;
}

static const char *product(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out)
{
    return chain(r, at, p, factor, "*/", out);
}

const char *cnn_read_expr(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out)
{
    return chain(r, at, p, product, "+-", out);
}

const char *cnn_read_number(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out,
                            bool *literal)
{
    *literal = cnn_is_digit(*p);
    if (*literal || *p == '(' || *p == '?') {
        /* The parentheses belong to the number: what follows is not part of the expression. */
        return factor(r, at, p, out);
    }
    return cnn_stop_words(r, CNN_E_NUMBER_WANTED, cnn_span_of(r, cnn_see_thing(p)),
                          cnn_text_of("a number such as 64, or (2*n) in parentheses"),
                          (cnn_text){0});
}
