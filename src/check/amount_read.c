/* Reading numbers: digits, power of ten, unit, the word after them, tolerance. */
#include "base/checked.h"
#include "check/amount_settle.h"

enum { MOST_DECIMALS = 9, MOST_EXPONENT = 18 };

static bool digit_at(cnn_text text, size_t i)
{
    return i < text.size && cnn_is_digit(text.data[i]);
}

static size_t blanks(cnn_text text)
{
    size_t i = 0;
    while (i < text.size && text.data[i] == ' ') {
        i++;
    }
    return i;
}

/* ---- digits ---- */

/* The bytes of a separator between groups: exactly three digits follow it. 0: there is none. */
static size_t separator_at(cnn_text text, cnn_figures figures)
{
    /* the last ones are the spaces of typesetting, and an apostrophe */
    static const char *const marks[] = {
        "_", "'", " ", "\xC2\xA0", "\xE2\x80\x89", "\xE2\x80\xAF", "\xE2\x80\x99"};
    size_t size = 0;
    for (size_t i = 0; i < CNN_LENGTH(marks) && size == 0; i++) {
        size = cnn_text_begins(text, marks[i]) ? cnn_text_of(marks[i]).size : 0;
    }
    size = (figures == CNN_FIGURES_COMMAS && cnn_text_begins(text, ",")) ||
                   (figures == CNN_FIGURES_GERMAN && cnn_text_begins(text, "."))
               ? 1
               : size;
    const bool three = digit_at(text, size) && digit_at(text, size + 1) && digit_at(text, size + 2);
    return three && !digit_at(text, size + 3) ? size : 0;
}

static bool append(int64_t *number, char digit)
{
    int64_t n;
    return cnn_checked_mul(*number, 10, &n) && cnn_checked_add(n, digit - '0', number);
}

/* Digits with separators, then perhaps a point and more digits. `length` 0: none. */
static bool read_digits(cnn_text text, cnn_figures figures, cnn_amount *out, size_t *length)
{
    size_t i = 0, run = 0;
    bool fits = true;
    while (digit_at(text, i)) {
        fits = fits && append(&out->mantissa, text.data[i]);
        i++;
        /* No group follows a 0 alone: 0.118 is a decimal. */
        const bool may = ++run <= 3 && out->mantissa > 0;
        const size_t mark = may ? separator_at(cnn_text_skip(text, i), figures) : 0;
        run = mark > 0 ? 0 : run;
        i += mark;
    }
    const char point = figures == CNN_FIGURES_GERMAN ? ',' : '.';
    if (i > 0 && i < text.size && text.data[i] == point && digit_at(text, i + 1)) {
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

/* "e4", "*10^4": the length; 0: there is none. */
static size_t read_exponent(cnn_text text, cnn_amount *out)
{
    static const char *const forms[] = {"e", "*10^", "x10^",
                                        "\xC3\x97"
                                        "10^",
                                        "\xC2\xB7"
                                        "10^"};
    for (size_t k = 0; k < CNN_LENGTH(forms); k++) {
        size_t i = k > 0 ? blanks(text) : 0;
        if (!cnn_text_begins(cnn_text_skip(text, i), forms[k])) {
            continue;
        }
        i += cnn_text_of(forms[k]).size;
        i += k > 0 ? blanks(cnn_text_skip(text, i)) : 0;
        const bool minus = i < text.size && text.data[i] == '-';
        i += minus || (i < text.size && text.data[i] == '+');
        int32_t exponent = 0;
        if (!digit_at(text, i)) {
            continue;
        }
        for (; digit_at(text, i) && exponent <= MOST_EXPONENT; i++) {
            exponent = 10 * exponent + (text.data[i] - '0');
        }
        out->exponent = minus ? -exponent : exponent;
        return exponent <= MOST_EXPONENT && !digit_at(text, i) ? i : 0;
    }
    return 0;
}

/* "/65" after whole digits: the length, 0 when there is none. Nothing is divided by 0. */
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

/* ---- units and words ---- */

static cnn_text word_at(cnn_text text)
{
    size_t i = 0;
    while (i < text.size && (cnn_is_letter(text.data[i]) || (i > 0 && text.data[i] == '-'))) {
        i++;
    }
    return (cnn_text){text.data, i};
}

/* Words for powers of 1000. */
static const struct {
    const char *word;
    int32_t power;
} powers[] = {
    {"thousand", 1}, {"tsd", 1},     {"million", 2}, {"millions", 2}, {"mio", 2},
    {"mill", 2},     {"billion", 3}, {"bn", 3},      {"billions", 3}, {"mrd", 3},
    {"trillion", 4}, {"k", 1},       {"m", 2},       {"g", 3},        {"t", 4},
};

/* Words that may follow a number and name no quantity. */
static const char *const fillers[] = {"trainable", "pixels", "px",       "neurons",
                                      "features",  "units",  "channels", "in total"};

/* A word for what is counted; the length, 0: it is none. */
static size_t read_noun(cnn_text word, cnn_amount *out)
{
    static const char *const bytes[] = {"B", "byte"};
    for (size_t i = 0; i < CNN_LENGTH(bytes); i++) {
        if (cnn_text_is(word, bytes[i])) {
            out->of = cnn_quantity_find(cnn_text_of("memory"));
            return word.size;
        }
    }
    const cnn_quantity *named = word.size > 1 ? cnn_quantity_find(word) : NULL;
    out->of = named != NULL ? named : out->of;
    return named != NULL ? word.size : 0;
}

/* K, M, G or T with "i" for powers of 1024 and a noun in the same word: KiB, GFLOPs. */
static size_t read_prefix(cnn_text word, cnn_amount *out)
{
    static const char letters[] = "kmgt";
    for (int32_t power = 1; word.size > 0 && power <= 4; power++) {
        if (cnn_fold(word.data[0]) != letters[power - 1]) {
            continue;
        }
        const bool binary = word.size > 1 && word.data[1] == 'i';
        const cnn_text rest = cnn_text_skip(word, binary ? 2 : 1);
        if (rest.size > 0 && read_noun(rest, out) == 0) {
            return 0;
        }
        out->power = power;
        out->binary = binary;
        return word.size;
    }
    return 0;
}

static size_t read_power(cnn_text word, cnn_amount *out)
{
    for (size_t i = 0; i < CNN_LENGTH(powers); i++) {
        if (cnn_text_is(word, powers[i].word)) {
            out->power = powers[i].power;
            return word.size;
        }
    }
    return 0;
}

/* A unit, fillers, a noun; the length of what was understood. */
static size_t read_words(cnn_text text, cnn_amount *out)
{
    size_t end = 0;
    bool unit = false;
    for (;;) {
        const size_t begin = end + blanks(cnn_text_skip(text, end));
        const cnn_text word = word_at(cnn_text_skip(text, begin));
        size_t size = unit ? 0 : read_power(word, out);
        size = size > 0 ? size : read_noun(word, out);
        const bool noun = out->of != NULL && size > 0;
        if (size == 0 && !unit) {
            size = read_prefix(word, out);
        }
        for (size_t i = 0; i < CNN_LENGTH(fillers) && size == 0; i++) {
            size = cnn_text_is(word, fillers[i]) ? word.size : 0;
        }
        if (size == 0) {
            break;
        }
        unit = true;
        end = begin + size;
        if (noun || out->of != NULL) {
            break;
        }
    }
    const size_t sign = blanks(cnn_text_skip(text, end));
    if (end == 0 && cnn_text_begins(cnn_text_skip(text, sign), "%")) {
        out->percent = true;
        return sign + 1;
    }
    return end;
}

/* ---- the value ---- */

static bool times_ten(int64_t *n, int32_t times)
{
    bool fits = true;
    for (int32_t i = 0; i < times && fits; i++) {
        fits = cnn_checked_mul(*n, 10, n);
    }
    return fits;
}

bool cnn_amount_settle(cnn_amount *a)
{
    int64_t unit = 1;
    const int32_t tens = a->exponent - a->decimals;
    a->den = 1;
    for (int32_t i = 0; i < a->power; i++) {
        unit *= a->binary ? 1024 : 1000;
    }
    if (!times_ten(tens > 0 ? &unit : &a->den, tens > 0 ? tens : -tens)) {
        return false;
    }
    const bool rounded = a->power > 0 || a->decimals > 0 || a->exponent != 0;
    const int64_t common = cnn_greatest_divisor(unit, a->den);
    a->den /= common;
    a->step = rounded ? unit / common : 0;
    return cnn_checked_mul(a->mantissa, unit / common, &a->num);
}

/* Of "about 17000" the zeros are not meant. */
static void round_about(cnn_amount *a)
{
    int64_t rest = a->num;
    if (a->step > 0 || a->den != 1 || rest == 0) {
        return;
    }
    for (a->step = 1; rest % 10 == 0; rest /= 10) {
        a->step *= 10;
    }
    a->step = a->step == 1 ? 0 : a->step;
    a->mantissa = rest;
}

/* "+-100" after an amount: the length; 0: there is none. */
static size_t read_tolerance(cnn_text text, cnn_figures figures, cnn_amount *out)
{
    static const char *const signs[] = {"\xC2\xB1", "+/-", "+-"};
    cnn_error ignored = {0};
    cnn_amount by;
    for (size_t i = 0; i < CNN_LENGTH(signs); i++) {
        const size_t begin = blanks(text);
        if (!cnn_text_begins(cnn_text_skip(text, begin), signs[i])) {
            continue;
        }
        cnn_text rest = cnn_text_skip(text, begin + cnn_text_of(signs[i]).size);
        rest = cnn_text_skip(rest, blanks(rest));
        int64_t twice, halves;
        if (!cnn_amount_read(&rest, figures, rest, &by, &ignored) || by.spread || by.num < 0) {
            return 0;
        }
        int64_t den = by.den;
        if (by.percent && (!cnn_checked_mul(by.num, out->num / out->den, &by.num) ||
                           !cnn_checked_mul(den, 100, &den))) {
            return 0;
        }
        if (!cnn_checked_mul(out->den, 2, &halves) || !cnn_checked_mul(by.num, halves, &twice)) {
            return 0;
        }
        out->step = twice / den;
        out->spread = true;
        out->of = out->of != NULL ? out->of : by.of;
        return text.size - rest.size;
    }
    return 0;
}

/* "~", "about": the length; 0: there is none. */
static size_t read_about(cnn_text text)
{
    static const char *const words[] = {"~",   "\xE2\x89\x88", "about", "approximately",
                                        "ca.", "approx.",      "approx"};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_text_begins(text, words[i])) {
            const size_t size = cnn_text_of(words[i]).size;
            return size + blanks(cnn_text_skip(text, size));
        }
    }
    return 0;
}

bool cnn_amount_read(cnn_text *text, cnn_figures figures, cnn_text all, cnn_amount *out,
                     cnn_error *err)
{
    const size_t about = read_about(*text);
    const cnn_text number = cnn_text_skip(*text, about);
    const size_t sign = number.size > 0 && number.data[0] == '-';
    size_t length;
    int64_t den = 0;
    *out = (cnn_amount){0};
    bool fits = read_digits(cnn_text_skip(number, sign), figures, out, &length);
    if (length == 0) {
        return false;
    }
    length += about + sign;
    const size_t fraction =
        out->decimals > 0 ? 0 : read_denominator(cnn_text_skip(*text, length), &den, &fits);
    length += fraction;
    if (fraction == 0) {
        length += read_exponent(cnn_text_skip(*text, length), out);
        length += read_words(cnn_text_skip(*text, length), out);
        fits = fits && cnn_amount_settle(out);
    } else {
        out->num = out->mantissa;
        out->den = den;
    }
    if (!fits) {
        const uint32_t begin = (uint32_t)(text->data - all.data);
        return cnn_fail_words(err, CNN_E_OVERFLOW, (cnn_span){begin, begin + (uint32_t)length},
                              cnn_text_of("the number"), (cnn_text){0});
    }
    if (about > 0) {
        round_about(out);
    }
    out->num = sign > 0 ? -out->num : out->num;
    length += read_tolerance(cnn_text_skip(*text, length), figures, out);
    *text = cnn_text_skip(*text, length);
    return true;
}
