/* The C library converts; the decimal point of its locale is exchanged for "." on both ways. */
#include "gradient/double.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 400, POINT = 16 };

/* What stands between the digits of 0.5 in the locale at hand. */
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

void cnn_out_double(cnn_out *out, double value)
{
    char text[POINT + 32], point[POINT];
    int digits = 14;
    do {
        (void)snprintf(text, sizeof text, "%.*g", ++digits, value);
    } while (digits < 17 && strtod(text, NULL) != value);
    find_point(point);
    const char *at = strstr(text, point);
    if (at == NULL) {
        cnn_out_string(out, text);
        return;
    }
    cnn_out_bytes(out, text, (size_t)(at - text));
    cnn_out_char(out, '.');
    cnn_out_string(out, at + strlen(point));
}
