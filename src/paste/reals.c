/* Floats as Python rounds, divides and shows them; without the mathematics of the C library. */
#include "paste/reals.h"

#include "base/checked.h"

enum { MOST_PLACES = 15 };

static double power_of_ten(int32_t n)
{
    double power = 1;
    for (; n > 0; n--) {
        power *= 10; /* exact up to 10^22 */
    }
    return power;
}

/* a * b as a rounded product and what the rounding took away, both exact (T. J. Dekker 1971). */
static double product_of(double a, double b, double *rest)
{
    const double split = 134217729; /* 2^27 + 1 parts a double into two halves */
    const double a_far = split * a, b_far = split * b;
    const double a_high = a_far - (a_far - a), b_high = b_far - (b_far - b);
    const double a_low = a - a_high, b_low = b - b_high, product = a * b;
    *rest = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return product;
}

double cnn_real_scaled(int64_t digits, int32_t power)
{
    const double high = (double)digits;
    const double low = digits < INT64_MAX - 1024 ? (double)(digits - (int64_t)high) : 0;
    if (power < -22 || power > 22) { /* the power is no longer exact, nor is its last bit needed */
        double n = high;
        for (int32_t left = power < 0 ? -power : power; left > 0; left -= 22) {
            const double factor = power_of_ten(left < 22 ? left : 22);
            n = power < 0 ? n / factor : n * factor;
        }
        return n;
    }
    double rest;
    if (power >= 0) {
        const double product = product_of(high, power_of_ten(power), &rest);
        return product + (rest + low * power_of_ten(power));
    }
    /* What the rounded quotient leaves is divided once more. */
    const double factor = power_of_ten(-power), quotient = high / factor;
    const double product = product_of(quotient, factor, &rest);
    return quotient + ((high - product) - rest + low) / factor;
}

bool cnn_real_read(cnn_text text, double *out)
{
    const bool negative = text.size > 0 && text.data[0] == '-';
    int64_t digits = 0;
    int32_t count = 0, power = 0, exponent = 0;
    bool point = false, full = false;
    size_t i = negative;
    for (; i < text.size && cnn_fold(text.data[i]) != 'e'; i++) {
        const char c = text.data[i];
        int64_t more = digits;
        if (c == '_' && count > 0) {
            continue;
        }
        if (!cnn_is_digit(c) && (c != '.' || point)) {
            return false;
        }
        point = point || c == '.';
        count += c != '.' && count < 1;
        if (c == '.' || power > 400 || power < -400) {
            continue;
        }
        /* Digits that do not fit are beyond those of a double; none after them is taken. */
        const bool fits =
            !full && cnn_checked_mul(digits, 10, &more) && cnn_checked_add(more, c - '0', &more);
        full = !fits;
        digits = fits ? more : digits;
        power += fits ? (point ? -1 : 0) : (point ? 0 : 1);
    }
    const bool scaled = i < text.size, low = i + 1 < text.size && text.data[i + 1] == '-';
    i += scaled && i + 1 < text.size && (low || text.data[i + 1] == '+');
    i += scaled;
    const size_t begin = i;
    for (; i < text.size && cnn_is_digit(text.data[i]); i++) {
        exponent = exponent < 400 ? exponent * 10 + (text.data[i] - '0') : exponent;
    }
    *out = cnn_real_scaled(digits, power + (low ? -exponent : exponent));
    *out = negative ? -*out : *out;
    return count > 0 && i == text.size && (!scaled || i > begin);
}

static bool is_finite(double x)
{
    return x - x == 0;
}

double cnn_real_floor(double x)
{
    /* Beyond 2^52 every double is whole. */
    if (!(x > -4e15 && x < 4e15)) {
        return x;
    }
    const double whole = (double)(int64_t)x;
    return whole - (whole > x);
}

bool cnn_real_decimal(double x, int32_t places, int64_t *out)
{
    double rest;
    if (places < 0 || places > MOST_PLACES || !(x > -1e15 && x < 1e15)) {
        return false;
    }
    const double product = product_of(x, power_of_ten(places), &rest);
    if (!(product > -2e15 && product < 2e15)) {
        return false;
    }
    const double whole = cnn_real_floor(product);
    /* How far it is above the middle of two whole numbers; its sign is exact. */
    const double above = (product - whole - 0.5) + rest;
    const int64_t n = (int64_t)whole;
    *out = n + (above > 0 || (above == 0 && n % 2 != 0));
    return true;
}

bool cnn_real_round(double x, int32_t places, double *out)
{
    int64_t n;
    if (!cnn_real_decimal(x, places, &n)) {
        return false;
    }
    /* One division of two exact numbers: the double nearest to the decimal number. */
    *out = (double)n / power_of_ten(places);
    return true;
}

/* What is left of a after whole multiples of b, with the sign of a; b is not 0. Each subtraction is
 * exact. */
static double remainder_of(double a, double b)
{
    double rest = a < 0 ? -a : a;
    const double size = b < 0 ? -b : b;
    double step = size;
    while (step <= rest / 2) {
        step *= 2;
    }
    for (; step >= size; step /= 2) {
        rest -= rest >= step ? step : 0;
    }
    return a < 0 ? -rest : rest;
}

bool cnn_real_divide(double a, double b, double *quotient, double *rest)
{
    if (!is_finite(a) || !is_finite(b) || b == 0) {
        return false;
    }
    /* As float_divmod() of CPython: the quotient from what the rest leaves, so that 1.0 // 0.1 is
     * 9, although 1.0 / 0.1 is 10. */
    *rest = remainder_of(a, b);
    double n = (a - *rest) / b;
    if (*rest != 0 && (b < 0) != (*rest < 0)) {
        *rest += b;
        n -= 1;
    }
    *quotient = cnn_real_floor(n);
    *quotient += n - *quotient > 0.5;
    return is_finite(*quotient);
}

double cnn_real_root(double x)
{
    /* Newton's rule from above falls until it meets the root, so that a square gives its side. */
    double root = x > 1 ? x : 1;
    for (int32_t i = 0; i < 1100; i++) { /* each step halves it at first */
        const double next = (root + x / root) / 2;
        if (!(next < root)) {
            break;
        }
        root = next;
    }
    return root;
}

bool cnn_real_power(double base, double exponent, double *out)
{
    /* By products, because the library has no pow(). Compound scaling (1.1 ** 3) and attention
     * (64 ** -0.5) need no more. */
    const double size = exponent < 0 ? -exponent : exponent;
    double power = 1;
    if (size == 0.5 && base >= 0 && base < 1e300) {
        power = cnn_real_root(base);
    } else if (size <= 64 && cnn_real_floor(size) == size) {
        for (int64_t i = (int64_t)size; i > 0; i--) {
            power *= base;
        }
    } else {
        return false;
    }
    *out = exponent < 0 ? 1 / power : power;
    return is_finite(*out) && is_finite(power);
}

static cnn_text digits_of(cnn_paster *p, int64_t n, int32_t places, bool negative)
{
    char letters[32];
    size_t at = sizeof letters;
    for (int32_t i = 0; n > 0 || i <= places; i++) {
        if (i == places && places > 0) {
            letters[--at] = '.';
        }
        letters[--at] = (char)('0' + n % 10);
        n /= 10;
    }
    if (negative) {
        letters[--at] = '-';
    }
    return cnn_paste_join(p, (cnn_text){letters + at, sizeof letters - at}, "", (cnn_text){0});
}

bool cnn_real_fixed(cnn_paster *p, double x, int32_t places, cnn_text *out)
{
    int64_t n;
    if (!cnn_real_decimal(x < 0 ? -x : x, places, &n)) {
        return false;
    }
    *out = digits_of(p, n, places, x < 0);
    return p->err->code == CNN_OK;
}

bool cnn_real_shown(cnn_paster *p, double x, cnn_text *out)
{
    const double size = x < 0 ? -x : x;
    if (size != 0 && !(size >= 1e-4 && size < 1e15)) { /* Python writes an exponent */
        return false;
    }
    for (int32_t places = 1; places <= MOST_PLACES; places++) {
        double rounded;
        if (cnn_real_round(size, places, &rounded) && rounded == size) {
            return cnn_real_fixed(p, x, places, out);
        }
    }
    return false;
}
