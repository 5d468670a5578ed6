/* The functions of expressions: exact, on fractions. They fail only where a result does not fit. */
#include "base/checked.h"
#include "lang/reader.h"

static int64_t round_down(cnn_fraction a)
{
    return a.num / a.den - (a.num % a.den < 0);
}

static bool apply_floor(cnn_fraction a, cnn_fraction *out)
{
    *out = (cnn_fraction){round_down(a), 1};
    return true;
}

static bool apply_ceil(cnn_fraction a, cnn_fraction *out)
{
    *out = (cnn_fraction){cnn_fraction_ceil(a), 1};
    return true;
}

/* Half is rounded up. */
static bool apply_round(cnn_fraction a, cnn_fraction *out)
{
    cnn_fraction more;
    return cnn_fraction_add(a, (cnn_fraction){1, 2}, &more) && apply_floor(more, out);
}

/* The nearest multiple of 8, at least 8, and never below 90 % of the number: the widths of
 * MobileNet v2 (Sandler et al. 2018, the authors' code). */
static bool apply_to8(cnn_fraction a, cnn_fraction *out)
{
    cnn_fraction eighth, least;
    int64_t n;
    if (!cnn_fraction_mul(a, 1, 8, &eighth) || !apply_round(eighth, &eighth) ||
        !cnn_checked_mul(eighth.num < 1 ? 1 : eighth.num, 8, &n) ||
        !cnn_fraction_mul(a, 9, 10, &least)) {
        return false;
    }
    const bool low = n <= INT64_MAX - 8 && n < cnn_fraction_ceil(least);
    *out = (cnn_fraction){low ? n + 8 : n, 1};
    return true;
}

static bool pick(cnn_fraction a, cnn_fraction b, bool larger, cnn_fraction *out)
{
    cnn_fraction apart;
    if (!cnn_fraction_sub(a, b, &apart)) {
        return false;
    }
    *out = (apart.num > 0) == larger ? a : b;
    return true;
}

static bool apply_min(cnn_fraction a, cnn_fraction b, cnn_fraction *out)
{
    return pick(a, b, false, out);
}

static bool apply_max(cnn_fraction a, cnn_fraction b, cnn_fraction *out)
{
    return pick(a, b, true, out);
}

static const cnn_number_function functions[] = {
    {"floor", apply_floor, NULL}, {"ceil", apply_ceil, NULL}, {"round", apply_round, NULL},
    {"to8", apply_to8, NULL},     {"min", NULL, apply_min},   {"max", NULL, apply_max},
};

const cnn_number_function *cnn_number_function_find(cnn_text name)
{
    const char first = cnn_fold(*name.data); /* no name is empty */
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (first == *functions[i].name && cnn_text_is(name, functions[i].name)) {
            return &functions[i];
        }
    }
    return NULL;
}
