/* Evaluating a calculation, by descent: sum, product, power, atom. */
#include "check/calculation.h"

#include "base/checked.h"

enum { MOST_NESTED = 20 };

typedef struct calculation {
    cnn_text rest;
    int32_t depth, signs;
} calculation;

static bool sum(calculation *c, int64_t *out);

static void skip(calculation *c, size_t size)
{
    c->rest.data += size;
    c->rest.size -= size;
}

static char peek(calculation *c)
{
    while (c->rest.size > 0 && c->rest.data[0] == ' ') {
        skip(c, 1);
    }
    return c->rest.size > 0 ? c->rest.data[0] : '\0';
}

/* Digits, perhaps with commas between thousands, or a sum in parentheses. */
static bool atom(calculation *c, int64_t *out)
{
    if (peek(c) == '(') {
        skip(c, 1);
        const bool read = ++c->depth <= MOST_NESTED && sum(c, out) && peek(c) == ')';
        skip(c, read ? 1 : 0);
        c->depth--;
        return read;
    }
    bool fits = cnn_is_digit(peek(c));
    *out = 0;
    while (fits && c->rest.size > 0 && (cnn_is_digit(c->rest.data[0]) || c->rest.data[0] == ',')) {
        const bool digit = c->rest.data[0] != ',';
        fits = !digit || (cnn_checked_mul(*out, 10, out) &&
                          cnn_checked_add(*out, c->rest.data[0] - '0', out));
        skip(c, 1);
    }
    return fits;
}

/* 7^2, and the two of 7 squared as one character */
static bool power(calculation *c, int64_t *out)
{
    static const char squared[] = "\xC2\xB2";
    int64_t exponent = 1;
    bool fits = atom(c, out);
    if (fits && peek(c) == '^') {
        skip(c, 1);
        c->signs++;
        fits = atom(c, &exponent) && exponent >= 0 && exponent <= 64;
    } else if (fits && c->rest.size >= 2 && c->rest.data[0] == squared[0] &&
               c->rest.data[1] == squared[1]) {
        skip(c, 2);
        c->signs++;
        exponent = 2;
    }
    const int64_t base = fits ? *out : 0;
    *out = exponent == 0 ? 1 : base;
    for (int64_t i = 1; fits && i < exponent; i++) {
        fits = cnn_checked_mul(*out, base, out);
    }
    return fits;
}

/* The bytes of a sign of multiplication or division; 0: there is none. */
static size_t times(calculation *c)
{
    const char first = peek(c);
    const char second = c->rest.size > 1 ? c->rest.data[1] : '\0';
    const bool cross =
        (first == '\xC3' && second == '\x97') || (first == '\xC2' && second == '\xB7');
    return cross ? 2 : first == '*' || first == '/' || cnn_fold(first) == 'x';
}

/* Only what divides exactly. */
static bool divide(int64_t *out, int64_t by)
{
    const bool exact = by != 0 && *out % by == 0;
    *out = exact ? *out / by : 0;
    return exact;
}

static bool product(calculation *c, int64_t *out)
{
    bool fits = power(c, out);
    for (size_t sign = times(c); fits && sign > 0; sign = times(c)) {
        int64_t factor;
        const bool over = peek(c) == '/';
        skip(c, sign);
        c->signs++;
        fits =
            power(c, &factor) && (over ? divide(out, factor) : cnn_checked_mul(*out, factor, out));
    }
    return fits;
}

static bool sum(calculation *c, int64_t *out)
{
    bool fits = product(c, out);
    while (fits && (peek(c) == '+' || peek(c) == '-')) {
        const bool minus = peek(c) == '-';
        int64_t term;
        skip(c, 1);
        c->signs++;
        fits = product(c, &term) &&
               (minus ? cnn_checked_sub(*out, term, out) : cnn_checked_add(*out, term, out));
    }
    return fits;
}

bool cnn_expression_value(cnn_text text, int64_t *out)
{
    calculation c = {.rest = cnn_text_trim(text)};
    return sum(&c, out) && peek(&c) == '\0' && c.rest.size == 0 && c.signs > 0;
}
