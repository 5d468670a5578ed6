/* Series after a reduction of the argument; ldexp and frexp are libc's, not libm's. */
#include "gradient/elementary.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts; the first has so few digits that its products with exponents are exact. */
static const double LN2_HIGH = 6.93147180369123816490e-01;
static const double LN2_LOW = 1.90821492927058770002e-10;

/* ---- e^x ---- */

enum { STEPS = 64, BIAS = 2048 };

/* ln 2 / 64 in two parts, the first of 36 bits; and 64 / ln 2. */
static const double STEP_HIGH = 0x1.62e42fefap-7, STEP_LOW = 0x1.cf79abc9e3b3ap-46;
static const double STEPS_PER_ONE = 92.33248261689366;

/* 2^(i/64) in two parts: the nearest double, and what it lacks. */
static const struct {
    double high, low;
} powers[STEPS] = {
    {0x1.0000000000000p0, 0x0.0p+0},
    {0x1.02c9a3e778061p0, -0x1.19083535b085dp-56},
    {0x1.059b0d3158574p0, 0x1.d73e2a475b465p-55},
    {0x1.0874518759bc8p0, 0x1.186be4bb284ffp-57},
    {0x1.0b5586cf9890fp0, 0x1.8a62e4adc610bp-54},
    {0x1.0e3ec32d3d1a2p0, 0x1.03a1727c57b53p-59},
    {0x1.11301d0125b51p0, -0x1.6c51039449b3ap-54},
    {0x1.1429aaea92de0p0, -0x1.32fbf9af1369ep-54},
    {0x1.172b83c7d517bp0, -0x1.19041b9d78a76p-55},
    {0x1.1a35beb6fcb75p0, 0x1.e5b4c7b4968e4p-55},
    {0x1.1d4873168b9aap0, 0x1.e016e00a2643cp-54},
    {0x1.2063b88628cd6p0, 0x1.dc775814a8495p-55},
    {0x1.2387a6e756238p0, 0x1.9b07eb6c70573p-54},
    {0x1.26b4565e27cddp0, 0x1.2bd339940e9d9p-55},
    {0x1.29e9df51fdee1p0, 0x1.612e8afad1255p-55},
    {0x1.2d285a6e4030bp0, 0x1.0024754db41d5p-54},
    {0x1.306fe0a31b715p0, 0x1.6f46ad23182e4p-55},
    {0x1.33c08b26416ffp0, 0x1.32721843659a6p-54},
    {0x1.371a7373aa9cbp0, -0x1.63aeabf42eae2p-54},
    {0x1.3a7db34e59ff7p0, -0x1.5e436d661f5e3p-56},
    {0x1.3dea64c123422p0, 0x1.ada0911f09ebcp-55},
    {0x1.4160a21f72e2ap0, -0x1.ef3691c309278p-58},
    {0x1.44e086061892dp0, 0x1.89b7a04ef80d0p-59},
    {0x1.486a2b5c13cd0p0, 0x1.3c1a3b69062f0p-56},
    {0x1.4bfdad5362a27p0, 0x1.d4397afec42e2p-56},
    {0x1.4f9b2769d2ca7p0, -0x1.4b309d25957e3p-54},
    {0x1.5342b569d4f82p0, -0x1.07abe1db13cadp-55},
    {0x1.56f4736b527dap0, 0x1.9bb2c011d93adp-54},
    {0x1.5ab07dd485429p0, 0x1.6324c054647adp-54},
    {0x1.5e76f15ad2148p0, 0x1.ba6f93080e65ep-54},
    {0x1.6247eb03a5585p0, -0x1.383c17e40b497p-54},
    {0x1.6623882552225p0, -0x1.bb60987591c34p-54},
    {0x1.6a09e667f3bcdp0, -0x1.bdd3413b26456p-54},
    {0x1.6dfb23c651a2fp0, -0x1.bbe3a683c88abp-57},
    {0x1.71f75e8ec5f74p0, -0x1.16e4786887a99p-55},
    {0x1.75feb564267c9p0, -0x1.0245957316dd3p-54},
    {0x1.7a11473eb0187p0, -0x1.41577ee04992fp-55},
    {0x1.7e2f336cf4e62p0, 0x1.05d02ba15797ep-56},
    {0x1.82589994cce13p0, -0x1.d4c1dd41532d8p-54},
    {0x1.868d99b4492edp0, -0x1.fc6f89bd4f6bap-54},
    {0x1.8ace5422aa0dbp0, 0x1.6e9f156864b27p-54},
    {0x1.8f1ae99157736p0, 0x1.5cc13a2e3976cp-55},
    {0x1.93737b0cdc5e5p0, -0x1.75fc781b57ebcp-57},
    {0x1.97d829fde4e50p0, -0x1.d185b7c1b85d1p-54},
    {0x1.9c49182a3f090p0, 0x1.c7c46b071f2bep-56},
    {0x1.a0c667b5de565p0, -0x1.359495d1cd533p-54},
    {0x1.a5503b23e255dp0, -0x1.d2f6edb8d41e1p-54},
    {0x1.a9e6b5579fdbfp0, 0x1.0fac90ef7fd31p-54},
    {0x1.ae89f995ad3adp0, 0x1.7a1cd345dcc81p-54},
    {0x1.b33a2b84f15fbp0, -0x1.2805e3084d708p-57},
    {0x1.b7f76f2fb5e47p0, -0x1.5584f7e54ac3bp-56},
    {0x1.bcc1e904bc1d2p0, 0x1.23dd07a2d9e84p-55},
    {0x1.c199bdd85529cp0, 0x1.11065895048ddp-55},
    {0x1.c67f12e57d14bp0, 0x1.2884dff483cadp-54},
    {0x1.cb720dcef9069p0, 0x1.503cbd1e949dbp-56},
    {0x1.d072d4a07897cp0, -0x1.cbc3743797a9cp-54},
    {0x1.d5818dcfba487p0, 0x1.2ed02d75b3707p-55},
    {0x1.da9e603db3285p0, 0x1.c2300696db532p-54},
    {0x1.dfc97337b9b5fp0, -0x1.1a5cd4f184b5cp-54},
    {0x1.e502ee78b3ff6p0, 0x1.39e8980a9cc8fp-55},
    {0x1.ea4afa2a490dap0, -0x1.e9c23179c2893p-54},
    {0x1.efa1bee615a27p0, 0x1.dc7f486a4b6b0p-54},
    {0x1.f50765b6e4540p0, 0x1.9d3e12dd8a18bp-54},
    {0x1.fa7c1819e90d8p0, 0x1.74853f3a5931ep-55},
};

/* e^x = 2^exponent (high + rest) */
typedef struct parts {
    double high, rest;
    int32_t exponent;
} parts;

/*
 * x = k ln 2/64 + r with |r| < 0.00542, k = 64 exponent + i, and e^x = 2^exponent 2^(i/64) e^r.
 *
 * The error, with u = 2^-53: k STEP_HIGH is exact, because k has 17 bits and STEP_HIGH 36, and so
 * is its difference from x, a multiple of 2^-60 below 2^-7 (or x itself, when k is 0). Subtracting
 * k STEP_LOW adds less than 2^-60 in all. The series leaves out r^7/5040 < 3e-20. Its rounding
 * errors are below 3u |r|, and high and low together are 2^(i/64) within u^2. So high + rest is
 * exact but for 0.03 u, relatively; the one addition of the two rounds by u at most: the result is
 * off by less than 1.04 u = 1.2e-16 of its size, or half a unit of the last place.
 */
static parts exp_parts(double x)
{
    const int32_t n = (int32_t)(x * STEPS_PER_ONE + (BIAS * STEPS + 0.5)); /* positive */
    const int32_t k = n - BIAS * STEPS, i = n % STEPS;
    const double r = (x - k * STEP_HIGH) - k * STEP_LOW;
    const double square = r * r;
    const double series = (1.0 / 2 + r * (1.0 / 6)) + square * (1.0 / 24 + r * (1.0 / 120)) +
                          square * square * (1.0 / 720);
    const double less_one = r + square * series;
    return (parts){powers[i].high, powers[i].low + powers[i].high * less_one, n / STEPS - BIAS};
}

/* 2^n for |n| < 1023 */
static double power_of_two(int32_t n)
{
    const uint64_t bits = (uint64_t)(1023 + n) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

double cnn_exp(double x)
{
    if (!(x > -746)) {
        return x < 0 ? 0 : x; /* too small for any double, or no number */
    }
    if (x > 710) {
        return (double)INFINITY;
    }
    const parts e = exp_parts(x);
    const double m = e.high + e.rest;
    return x < -700 || x > 700 ? ldexp(m, e.exponent) : m * power_of_two(e.exponent);
}

/* e^x - 1 for 0 <= x <= 1: high - 1 is exact, and where it is 0 the rest is the series alone. */
static double exp_less_one(double x)
{
    const parts e = exp_parts(x);
    const double scale = power_of_two(e.exponent);
    return (e.high * scale - 1) + e.rest * scale;
}

/* ---- the others ---- */

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
    if (size < 0.5) {
        const double less = exp_less_one(2 * size);
        return x < 0 ? -less / (less + 2) : less / (less + 2);
    }
    const double tanh = 1 - 2 / (cnn_exp(2 * size) + 1);
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

/* Whether n is whole, and whether it is odd; from 2^53 on every double is even. */
static bool is_whole(double n, bool *odd)
{
    const bool small = n > -0x1p53 && n < 0x1p53;
    *odd = small && (int64_t)n % 2 != 0;
    return !small || n == (double)(int64_t)n;
}

/* Small whole exponents by squaring, so that 3^4 is 81. The error of squaring grows with the
 * exponent, so that large ones take the logarithm: of a negative number that of its size. */
double cnn_power(double x, double n)
{
    const double size = n < 0 ? -n : n;
    bool odd;
    const bool whole = is_whole(n, &odd);
    if (!whole || size > 1024) {
        const double power = cnn_exp(n * cnn_log(x < 0 && whole ? -x : x));
        return x < 0 && odd ? -power : power;
    }
    double power = 1, square = x;
    for (int left = (int)size; left > 0; left /= 2) {
        power *= left % 2 == 1 ? square : 1;
        square *= square;
    }
    return n < 0 ? 1 / power : power;
}
