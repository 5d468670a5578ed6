/* Reading and comparing numbers as people write them. */
#include "check/amount.h"

#include "base/checked.h"

enum { MOST_DECIMALS = 9 };

static bool digit_at(cnn_text text, size_t i)
{
    return i < text.size && cnn_is_digit(text.data[i]);
}

/* A separator between groups: exactly three digits follow it. */
static bool separator_at(cnn_text text, size_t i, bool commas)
{
    const char c = i < text.size ? text.data[i] : '\0';
    const bool mark = c == '_' || c == '\'' || c == ' ' || (commas && c == ',');
    return mark && digit_at(text, i + 1) && digit_at(text, i + 2) && digit_at(text, i + 3) &&
           !digit_at(text, i + 4);
}

static bool append(int64_t *number, char digit)
{
    int64_t n;
    return cnn_checked_mul(*number, 10, &n) && cnn_checked_add(n, digit - '0', number);
}

/* Digits with separators, then perhaps a point and more digits. `length` 0: none. */
static bool read_digits(cnn_text text, bool commas, cnn_amount *out, size_t *length)
{
    size_t i = 0, run = 0;
    bool fits = true;
    *length = 0;
    while (digit_at(text, i)) {
        fits = fits && append(&out->mantissa, text.data[i]);
        i++;
        if (++run <= 3 && separator_at(text, i, commas)) {
            run = 0;
            i++;
        }
    }
    if (i == 0) {
        return true;
    }
    if (i < text.size && text.data[i] == '.' && digit_at(text, i + 1)) {
        for (i++; digit_at(text, i); i++) {
            if (out->decimals < MOST_DECIMALS) {
                fits = fits && append(&out->mantissa, text.data[i]);
                out->decimals++;
            }
        }
    }
    *length = i;
    return fits;
}

/* K, M, G or T, "i" for powers of 1024, "B" or "bytes". */
static size_t read_unit(cnn_text text, cnn_amount *out)
{
    static const char units[] = "kmgt";
    size_t i = 0;
    while (i < text.size && text.data[i] == ' ') {
        i++;
    }
    size_t end = 0;
    for (int32_t power = 0; i < text.size && power < 4; power++) {
        if (cnn_fold(text.data[i]) == units[power]) {
            out->power = power + 1;
            end = ++i;
            break;
        }
    }
    if (end > 0 && i < text.size && text.data[i] == 'i') {
        out->binary = true;
        end = ++i;
    }
    const cnn_text rest = {text.data + i, text.size - i};
    static const char *const bytes[] = {"bytes", "byte", "B"};
    for (size_t k = 0; k < CNN_LENGTH(bytes); k++) {
        const size_t size = cnn_text_of(bytes[k]).size;
        if (rest.size >= size && cnn_text_is((cnn_text){rest.data, size}, bytes[k])) {
            return i + size;
        }
    }
    return end;
}

/* mantissa * unit / 10^decimals, reduced as far as the unit allows. */
static bool settle(cnn_amount *a)
{
    int64_t unit = 1;
    a->den = 1;
    for (int32_t i = 0; i < a->power; i++) {
        unit *= a->binary ? 1024 : 1000;
    }
    for (int32_t i = 0; i < a->decimals; i++) {
        a->den *= 10;
    }
    a->step = a->power > 0 || a->decimals > 0 ? unit : 0;
    const int64_t common = cnn_greatest_divisor(unit, a->den);
    a->den /= common;
    a->step /= common;
    return cnn_checked_mul(a->mantissa, unit / common, &a->num);
}

/* "/65" behind whole digits: the length, 0 when there is none. Nothing is divided by 0. */
static size_t read_denominator(cnn_text text, int64_t *out, bool *fits)
{
    size_t i = 1;
    *out = 0;
    if (!digit_at(text, 1) || text.data[0] != '/') {
        return 0;
    }
    for (; digit_at(text, i); i++) {
        *fits = *fits && append(out, text.data[i]);
    }
    return *out > 0 ? i : 0;
}

static cnn_text behind(cnn_text text, size_t size)
{
    return (cnn_text){text.data + size, text.size - size};
}

bool cnn_amount_read(cnn_text *text, bool commas, cnn_text all, cnn_amount *out, cnn_error *err)
{
    const size_t sign = text->size > 0 && text->data[0] == '-';
    size_t length;
    int64_t den = 0;
    *out = (cnn_amount){0};
    bool fits = read_digits(behind(*text, sign), commas, out, &length);
    if (length == 0) {
        return false;
    }
    length += sign;
    const size_t fraction =
        out->decimals > 0 ? 0 : read_denominator(behind(*text, length), &den, &fits);
    length += fraction;
    if (fraction == 0) {
        length += read_unit(behind(*text, length), out);
        fits = fits && settle(out);
    } else {
        out->num = out->mantissa;
        out->den = den;
    }
    out->num = sign > 0 ? -out->num : out->num;
    if (!fits) {
        const uint32_t begin = (uint32_t)(text->data - all.data);
        return cnn_fail_words(err, CNN_E_OVERFLOW, (cnn_span){begin, begin + (uint32_t)length},
                              cnn_text_of("the number"), (cnn_text){0});
    }
    text->data += length;
    text->size -= length;
    return true;
}

bool cnn_amount_is(const cnn_amount *amount, cnn_fraction right)
{
    int64_t mine, other, step, difference, twice;
    if (!cnn_checked_mul(amount->num, right.den, &mine) ||
        !cnn_checked_mul(right.num, amount->den, &other) ||
        !cnn_checked_mul(amount->step, right.den, &step) ||
        !cnn_checked_sub(mine, other, &difference) || !cnn_checked_mul(difference, 2, &twice)) {
        return false;
    }
    const bool rounded = twice <= step && -twice <= step;
    /* Of one digit alone nothing can be cut off: 1K does not stand for 1,900. */
    const bool cut = difference <= 0 && -difference < step && amount->mantissa >= 10;
    return difference == 0 || (step > 0 && (rounded || cut));
}

/* The whole number at or below a fraction, which keeps the rest. */
static int64_t take_whole(cnn_fraction *fraction)
{
    const int64_t rest = fraction->num % fraction->den;
    const int64_t whole = fraction->num / fraction->den - (rest < 0 ? 1 : 0);
    fraction->num = rest < 0 ? rest + fraction->den : rest;
    return whole;
}

/* Compares whole numbers, then what the rests leave of 1 when they divide it, and so on: no product
 * is needed that might not fit. */
int32_t cnn_amount_compare(const cnn_amount *amount, cnn_fraction right)
{
    cnn_fraction mine = {amount->num, amount->den};
    for (int32_t more = 1;; more = -more) {
        const int64_t a = take_whole(&mine), b = take_whole(&right);
        if (a != b) {
            return a > b ? more : -more;
        }
        if (mine.num == 0 || right.num == 0) {
            return more * ((mine.num != 0) - (right.num != 0));
        }
        mine = (cnn_fraction){mine.den, mine.num};
        right = (cnn_fraction){right.den, right.num};
    }
}

bool cnn_amount_rebased(const cnn_amount *amount, cnn_amount *out)
{
    *out = *amount;
    out->binary = !amount->binary;
    return amount->power > 0 && settle(out);
}
