/* Fractions: products are reduced crosswise first, so that they stay small. */
#include "base/fraction.h"

#include "base/checked.h"

/* In lowest terms; the denominator is positive. */
cnn_fraction cnn_fraction_of(int64_t num, int64_t den)
{
    if (den == 1) {
        return (cnn_fraction){num, 1}; /* nearly all */
    }
    const int64_t rest = num % den; /* its negative always exists */
    const int64_t common = cnn_greatest_divisor(den, rest < 0 ? -rest : rest);
    return (cnn_fraction){num / common, den / common};
}

bool cnn_fraction_mul(cnn_fraction a, int64_t num, int64_t den, cnn_fraction *out)
{
    /* a/b * c/d: a and d, c and b are reduced before they are multiplied */
    const cnn_fraction left = cnn_fraction_of(a.num, den), right = cnn_fraction_of(num, a.den);
    int64_t n, d;
    if (!cnn_checked_mul(left.num, right.num, &n) || !cnn_checked_mul(left.den, right.den, &d)) {
        return false;
    }
    *out = cnn_fraction_of(n, d);
    return true;
}

bool cnn_fraction_add(cnn_fraction a, cnn_fraction b, cnn_fraction *out)
{
    int64_t p, q, sum, den;
    if (!cnn_checked_mul(a.num, b.den, &p) || !cnn_checked_mul(b.num, a.den, &q) ||
        !cnn_checked_add(p, q, &sum) || !cnn_checked_mul(a.den, b.den, &den)) {
        return false;
    }
    *out = cnn_fraction_of(sum, den);
    return true;
}

bool cnn_fraction_sub(cnn_fraction a, cnn_fraction b, cnn_fraction *out)
{
    return cnn_fraction_mul(b, -1, 1, &b) && cnn_fraction_add(a, b, out);
}
