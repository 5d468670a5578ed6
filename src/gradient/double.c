/*
 * Numbers are read by the C library, with "." replaced by the decimal point of its locale: strtod
 * rounds correctly, but reads "0.5" as 0 where that is "," (the library may be in any program).
 */
#include "gradient/double.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gradient/shortest.h"

enum { LONGEST = 400, POINT = 16 };

/* The decimal point of the current locale: the bytes between the digits of 0.5. */
static void find_point(char point[POINT])
{
    char sample[POINT + 8];
    const int size = snprintf(sample, sizeof sample, "%.1f", 0.5);
    memcpy(point, sample + 1, (size_t)size - 2);
    point[size - 2] = '\0';
}

static size_t see_digits(cnn_text text, size_t at)
{
    while (at < text.size && cnn_is_digit(text.data[at])) {
        at++;
    }
    return at;
}

/* 12, 12., .5, 1e-3. An "e" without digits after it is not a part of the number. */
size_t cnn_double_see(cnn_text text)
{
    size_t at = see_digits(text, 0);
    size_t digits = at;
    if (at < text.size && text.data[at] == '.') {
        const size_t end = see_digits(text, at + 1);
        digits += end - at - 1;
        /* "2.*a" is 2 .* a, and a lone "." is no number */
        at = end > at + 1 || (digits > 0 && (end == text.size || !strchr("*/^'T", text.data[end])))
                 ? end
                 : at;
    }
    if (digits == 0) {
        return 0;
    }
    if (at < text.size && cnn_fold(text.data[at]) == 'e') {
        size_t exponent = at + 1;
        if (exponent < text.size && (text.data[exponent] == '-' || text.data[exponent] == '+')) {
            exponent++;
        }
        const size_t end = see_digits(text, exponent);
        at = end > exponent ? end : at;
    }
    return at;
}

/* `copy` is long enough because a number has one "." at most. */
bool cnn_double_read(cnn_text number, double *out)
{
    char point[POINT], copy[LONGEST + POINT + 1];
    size_t size = 0;
    if (number.size > LONGEST) {
        return false;
    }
    find_point(point);
    for (size_t i = 0; i < number.size; i++) {
        if (number.data[i] == '.') {
            memcpy(copy + size, point, strlen(point));
            size += strlen(point);
        } else {
            copy[size++] = number.data[i];
        }
    }
    copy[size] = '\0';
    *out = strtod(copy, NULL);
    return isfinite(*out);
}

/* The digits of n < 10^18 from the left, without zeros before them. In two halves: dividing 32 bits
 * is faster. */
static int32_t write_digits(uint64_t n, char digits[20])
{
    enum { HALF = 9 };
    char all[2 * HALF];
    uint32_t high = (uint32_t)(n / 1000000000), low = (uint32_t)(n % 1000000000);
    for (int32_t i = HALF - 1; i >= 0; i--) {
        all[i] = (char)('0' + high % 10);
        all[HALF + i] = (char)('0' + low % 10);
        high /= 10;
        low /= 10;
    }
    int32_t first = 0;
    while (first < 2 * HALF - 1 && all[first] == '0') {
        first++;
    }
    memcpy(digits, all + first, (size_t)(2 * HALF - first));
    return 2 * HALF - first;
}

static void put_digits(cnn_out *out, const char *digits, int32_t count)
{
    cnn_out_bytes(out, digits, (size_t)count);
}

/* 1.25e+30: one digit before the point, at least two in the exponent */
static void put_scientific(cnn_out *out, const char *digits, int32_t count, int32_t exponent)
{
    cnn_out_char(out, digits[0]);
    if (count > 1) {
        cnn_out_char(out, '.');
        put_digits(out, digits + 1, count - 1);
    }
    cnn_out_string(out, exponent < 0 ? "e-" : "e+");
    exponent = exponent < 0 ? -exponent : exponent;
    cnn_out_string(out, exponent < 10 ? "0" : "");
    cnn_out_int(out, exponent);
}

/* `exponent` is that of the first digit. */
static void put_positional(cnn_out *out, const char *digits, int32_t count, int32_t exponent)
{
    const int32_t before = exponent + 1;
    if (before <= 0) {
        cnn_out_string(out, "0.");
        cnn_out_fill(out, '0', -before);
        put_digits(out, digits, count);
    } else if (count <= before) {
        put_digits(out, digits, count);
        cnn_out_fill(out, '0', before - count);
    } else {
        put_digits(out, digits, before);
        cnn_out_char(out, '.');
        put_digits(out, digits + before, count - before);
    }
}

void cnn_out_double(cnn_out *out, double value)
{
    if (!isfinite(value)) {
        cnn_out_string(out, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
        return;
    }
    char digits[20];
    const cnn_decimal decimal = cnn_shortest(value);
    const int32_t count = write_digits(decimal.digits, digits);
    /* of the first digit */
    const int32_t exponent = decimal.exponent + count - 1;
    cnn_out_string(out, signbit(value) ? "-" : "");
    if (exponent < -4 || exponent >= (count > 15 ? count : 15)) {
        put_scientific(out, digits, count, exponent);
    } else {
        put_positional(out, digits, count, exponent);
    }
}
