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

bool cnn_computed_whole(cnn_computed *number, int64_t *out)
{
    if (number->code == CNN_OK && number->n.den != 1) {
        number->code = CNN_E_DIVISION; /* the place is there */
        number->word = (cnn_text){0};
        if (number->b == 0) { /* and no division's numbers */
            number->a = number->n.num;
            number->b = number->n.den;
        }
    }
    *out = number->n.num;
    return number->code == CNN_OK;
}

const char *cnn_read_int(cnn_reader *r, const char *p, int64_t *out)
{
    const char *from = p;
    int64_t n = 0;
    bool fits = true;
    for (; cnn_is_digit(*p); p++) {
        const int64_t digit = *p - '0';
        /* 18 digits always fit; the division is only for those after them. */
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
        number->word = (cnn_text){0};
    }
}

/* A number of which nothing is wrong so far. What tells what is wrong is not filled in. */
static inline void begin_number(int64_t n, cnn_computed *out)
{
    out->n = (cnn_fraction){n, 1};
    out->code = CNN_OK;
    out->a = out->b = 0;
    out->param = -1;
    out->list = NULL;
    out->loose = false;
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
        return; /* the definition is being checked: 0 serves */
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
    const uint64_t hash = cnn_text_hash(name);
    begin_number(0, out);
    out->place = cnn_span_of(r, name);
    if (own != NULL) {
        const cnn_name *param = cnn_names_find_hashed(&own->names, name, hash);
        if (param != NULL) {
            param_number(at, param->number, name, out);
            return CNN_PARAM;
        }
    }
    if (cnn_is_entry(name)) {
        loosen(out, out->place);
        out->n.num = entry_number(&at->entry->shape, cnn_fold(*name.data));
        return CNN_ENTRY;
    }
    const cnn_name *found = cnn_names_find_hashed(&r->definitions, name, hash);
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
    cnn_names_offer_only(&r->definitions, true, &nearest);
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

/* ---- decimals ---- */

const char *cnn_read_decimal(cnn_reader *r, const char *p, cnn_fraction *out)
{
    const char *from = p;
    int64_t whole, over = 1;
    p = cnn_read_int(r, p, &whole);
    *out = (cnn_fraction){p == from ? 0 : whole, 1};
    if (p == NULL || p == from || *p != '.' || !cnn_is_digit(p[1])) {
        return p;
    }
    int64_t rest = 0;
    /* The digits after the point are rest / over. */
    for (p++; cnn_is_digit(*p) && over < INT64_MAX / 10; p++, over *= 10) {
        rest = rest * 10 + (*p - '0');
    }
    cnn_fraction sum = {whole, 1};
    const bool long_one = cnn_is_digit(*p);
    while (cnn_is_digit(*p)) {
        p++;
    }
    if (long_one || !cnn_fraction_add(sum, cnn_fraction_of(rest, over), out)) {
        r->trial = 0; /* whatever was tried: this is the error */
        return cnn_stop_words(r, CNN_E_OVERFLOW, cnn_span_at(r, from, p),
                              cnn_text_of("this number"), (cnn_text){0});
    }
    return p;
}

/* ---- expressions ---- */

/* What is wrong with `b` is wrong with what is made of it. */
static void take_over(cnn_computed *a, const cnn_computed *b)
{
    a->param = -1;
    if (b->loose && !a->loose) {
        loosen(a, b->loose_at);
    }
    if (a->code == CNN_OK && b->code != CNN_OK) {
        a->code = b->code;
        a->place = b->place;
        a->word = b->word;
        a->a = b->a;
        a->b = b->b;
    } else if (a->code == CNN_OK && a->n.den == 1 && b->n.den != 1) {
        a->place = b->place; /* of what made it a fraction */
        a->a = b->a;
        a->b = b->b;
    }
}

static void overflow(cnn_computed *number, cnn_span place)
{
    if (number->code == CNN_OK) {
        spoil(number, CNN_E_OVERFLOW, place);
        number->word = cnn_text_of("the result");
    }
}

/* The arguments of a function, from its "(" on, and its result. */
static const char *call(cnn_reader *r, const cnn_place *at, const cnn_number_function *f,
                        const char *open, cnn_span place, cnn_computed *out)
{
    int32_t count = 1;
    const char *p = cnn_read_expr(r, at, open + 1, out);
    for (; p != NULL && *(p = cnn_skip(p, true)) == ',' && f->of_two != NULL; count++) {
        cnn_computed next;
        p = cnn_read_expr(r, at, p + 1, &next);
        if (p != NULL) {
            take_over(out, &next);
        }
        if (p != NULL && out->code == CNN_OK && !f->of_two(out->n, next.n, &out->n)) {
            overflow(out, place);
        }
    }
    if (p == NULL) {
        return NULL;
    }
    if (*p != ')') {
        return stop_close(r, open, p);
    }
    if (f->of_two != NULL && count < 2) {
        return cnn_stop_unexpected(r, p, "min and max take two numbers or more: min(a, b)");
    }
    out->param = -1;
    if (f->of_one != NULL && out->code == CNN_OK && !f->of_one(out->n, &out->n)) {
        overflow(out, place);
    }
    return p + 1;
}

/* "(" name ")": nearly all parentheses in definitions. NULL: it is something else. */
static const char *lone_name(cnn_reader *r, const cnn_place *at, const char *open,
                             cnn_computed *out)
{
    const cnn_text name = cnn_see_name(open + 1);
    const char *end = open + 1 + name.size;
    const bool lone = name.size > 0 && *end == ')' && r->nest < CNN_MAX_NESTING;
    return lone && cnn_see_number(r, at, name, out) != CNN_NO_NUMBER ? end + 1 : NULL;
}

/* A number in parentheses, from its "(" on. */
static const char *parentheses(cnn_reader *r, const cnn_place *at, const cnn_number_function *f,
                               const char *open, cnn_span place, cnn_computed *out)
{
    if (!cnn_nest(r, (cnn_text){open, 1})) {
        return NULL;
    }
    const char *p = open;
    if (f != NULL) {
        p = call(r, at, f, open, place, out);
    } else {
        p = cnn_read_expr(r, at, open + 1, out);
        p = p != NULL ? cnn_skip(p, true) : NULL;
        p = p == NULL || *p == ')' ? p : stop_close(r, open, p);
        p = p != NULL ? p + 1 : NULL;
    }
    r->nest--;
    return p;
}

static const char *factor(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out)
{
    p = cnn_skip(p, true);
    if (cnn_is_digit(*p)) {
        int64_t n;
        const char *end = cnn_read_digits(p, &n);
        begin_number(n, out);
        /* Up to nine digits cannot have wrapped around. */
        if (end - p <= 9 && *end != '.') {
            return end;
        }
        end = cnn_read_decimal(r, p, &out->n);
        if (end != NULL && out->n.den != 1) {
            out->place = cnn_span_at(r, p, end);
        }
        return end;
    }
    if (*p == '?') {
        begin_number(0, out);
        spoil(out, CNN_E_UNKNOWN_VALUE, cnn_span_at(r, p, p + 1));
        loosen(out, out->place);
        return p + 1;
    }
    if (*p == '(') {
        const char *end = lone_name(r, at, p, out);
        return end != NULL ? end : parentheses(r, at, NULL, p, cnn_span_at(r, p, p + 1), out);
    }
    const cnn_text name = cnn_see_name(p);
    if (name.size == 0) {
        return cnn_stop_words(r, CNN_E_NUMBER_WANTED, cnn_span_of(r, cnn_see_thing(p)),
                              cnn_text_of("a number such as 2, a name, or (2*n)"), (cnn_text){0});
    }
    const cnn_number_function *f = p[name.size] == '(' ? cnn_number_function_find(name) : NULL;
    if (f != NULL) {
        return parentheses(r, at, f, p + name.size, cnn_span_of(r, name), out);
    }
    return cnn_see_number(r, at, name, out) == CNN_NO_NUMBER ? cnn_stop_number(r, at, name)
                                                             : p + name.size;
}

static bool apply(char sign, cnn_fraction a, cnn_fraction b, cnn_fraction *out)
{
    switch (sign) {
    case '+':
        return cnn_fraction_add(a, b, out);
    case '-':
        return cnn_fraction_sub(a, b, out);
    case '*':
        return cnn_fraction_mul(a, b.num, b.den, out);
    default: /* the smallest number has no positive: it overflows */
        return b.num > 0            ? cnn_fraction_mul(a, b.den, b.num, out)
               : b.num < -INT64_MAX ? false
                                    : cnn_fraction_mul(a, -b.den, -b.num, out);
    }
}

/* a = a sign b; the operator is at `place`. */
static void combine(cnn_computed *a, char sign, const cnn_computed *b, cnn_span place)
{
    const bool whole = a->n.den == 1 && b->n.den == 1;
    const cnn_fraction left = a->n;
    take_over(a, b);
    if (a->code != CNN_OK) {
        return;
    }
    if (sign == '/' && b->n.num == 0) {
        spoil(a, CNN_E_DIVISION, place);
        a->a = left.num;
        a->b = 0;
    } else if (!apply(sign, left, b->n, &a->n)) {
        overflow(a, place);
    } else if (whole && a->n.den != 1) {
        /* 7/2: where a whole number is wanted, this division is to blame. */
        a->place = place;
        a->a = left.num;
        a->b = b->n.num;
    }
}

typedef const char *operand(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out);

/* Operands joined by one of two operators, from left to right; `p` is after the first one. An
 * operator may begin the next line only inside parentheses; elsewhere a line end ends the
 * expression. */
static const char *chain(cnn_reader *r, const cnn_place *at, const char *p, operand *next,
                         const char *operators, cnn_computed *out)
{
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
    return chain(r, at, factor(r, at, p, out), factor, "*/", out);
}

const char *cnn_read_expr(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out)
{
    p = factor(r, at, p, out);
    if (p == NULL || *p == ')' || *p == ',') {
        return p; /* nearly all are a lone number or name */
    }
    p = chain(r, at, p, factor, "*/", out); /* the first product */
    return chain(r, at, p, product, "+-", out);
}

const char *cnn_read_number(cnn_reader *r, const cnn_place *at, const char *p, cnn_computed *out,
                            bool *literal)
{
    *literal = cnn_is_digit(*p);
    if (*literal) {
        begin_number(0, out);
        return cnn_read_int(r, p, &out->n.num);
    }
    if (*p == '(' || *p == '?') {
        /* The parentheses belong to the number: what follows is not part of the expression. */
        return factor(r, at, p, out);
    }
    return cnn_stop_words(r, CNN_E_NUMBER_WANTED, cnn_span_of(r, cnn_see_thing(p)),
                          cnn_text_of("a number such as 64, or (2*n) in parentheses"),
                          (cnn_text){0});
}
