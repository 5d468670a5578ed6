/* Series after a reduction of the argument; ldexp and frexp are libc's, not libm's. */
#include "gradient/elementary.h"

#include <math.h>
#include <stdint.h>

/* ln 2 in two parts; the first has so few digits that its products with exponents are exact. */
static const double LN2_HIGH = 6.93147180369123816490e-01;
static const double LN2_LOW = 1.90821492927058770002e-10;
static const double LOG2_E = 1.44269504088896338700;

/* 1 + x/2 (1 + x/3 (1 + ...)), which is (e^x - 1)/x, for |x| <= 1 */
static double exp_series(double x)
{
    double sum = 1;
    for (int n = 20; n > 1; n--) {
        sum = 1 + sum * x / n;
    }
    return sum;
}

/* e^x = 2^k e^r with |r| <= ln 2 / 2 */
double cnn_exp(double x)
{
    if (!(x > -746)) {
        return x < 0 ? 0 : x; /* too small for any double, or no number */
    }
    if (x > 710) {
        return (double)INFINITY;
    }
    const int k = (int)(x * LOG2_E + (x < 0 ? -0.5 : 0.5));
    const double r = (x - k * LN2_HIGH) - k * LN2_LOW;
    return ldexp(1 + r * exp_series(r), k);
}

/* x = 2^k m with m near 1; log m = 2 (s + s^3/3 + s^5/5 + ...) with s = (m - 1)/(m + 1) */
double cnn_log(double x)
{
    if (!(x > 0) || isinf(x)) {
        return x == 0 ? -(double)INFINITY : x > 0 ? x : (double)NAN;
    }
    int k;
    double m = frexp(x, &k);
    if (m < 0.70710678118654752440) {
        m *= 2;
        k--;
    }
    const double s = (m - 1) / (m + 1), square = s * s;
    double sum = 0;
    for (int n = 25; n > 1; n -= 2) {
        sum = (sum + 1.0 / n) * square;
    }
    return k * LN2_HIGH + (2 * s * (1 + sum) + k * LN2_LOW);
}

/* (e^2x - 1)/(e^2x + 1), by way of e^2x - 1 where that is small */
double cnn_tanh(double x)
{
    const double size = x < 0 ? -x : x;
    double tanh = 1 - 2 / (cnn_exp(2 * size) + 1);
    if (size < 0.5) {
        const double less = 2 * size * exp_series(2 * size);
        tanh = less / (less + 2);
    }
    return x < 0 ? -tanh : tanh;
}

/* Newton's step makes the estimate exact to the last digit or the one before. */
double cnn_root(double x)
{
    if (!(x > 0) || isinf(x)) {
        return x < 0 ? (double)NAN : x;
    }
    const double estimate = cnn_exp(cnn_log(x) / 2);
    return (estimate + x / estimate) / 2;
}

/* Whole exponents by squaring, so that negative numbers have powers too. */
double cnn_power(double x, double n)
{
    const double size = n < 0 ? -n : n;
    if (!(size <= 1024) || size != (double)(int)size) {
        return cnn_exp(n * cnn_log(x));
    }
    double power = 1, square = x;
    for (int left = (int)size; left > 0; left /= 2) {
        power *= left % 2 == 1 ? square : 1;
        square *= square;
    }
    return n < 0 ? 1 / power : power;
}
