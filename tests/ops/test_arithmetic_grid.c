/*
 * The arithmetic core on every combination of boundary numbers, against 128-bit arithmetic: it
 * succeeds exactly when the true value fits, and then it is the value. Quotients are checked by
 * what they mean (n is floor(a/b) when nb <= a < (n + 1)b), without dividing.
 */
#include "support.h"

#include "base/checked.h"
#include "ops/count.h"
#include "ops/window_size.h"
#include "wide.h"

enum { UNTOUCHED = -4711, ARGUMENTS = 6 };

/* Whether the function does on these arguments what it promises. */
typedef bool promise(const int64_t *v);

static bool same(bool done, int64_t out, bool fits, wide exact)
{
    return done == fits && out == (fits ? (int64_t)exact : UNTOUCHED);
}

/* Sums and products take negative numbers, too: n and -n - 1, down to the smallest. */
static bool signed_pairs(const int64_t *v)
{
    for (int sign = 0; sign < 4; sign++) {
        const int64_t a = sign & 1 ? -v[0] - 1 : v[0], b = sign & 2 ? -v[1] - 1 : v[1];
        int64_t sum = UNTOUCHED, difference = UNTOUCHED, product = UNTOUCHED;
        const bool added = cnn_checked_add(a, b, &sum);
        const bool taken = cnn_checked_sub(a, b, &difference);
        const bool multiplied = cnn_checked_mul(a, b, &product);
        if (!same(added, sum, wide_fits((wide)a + b), (wide)a + b) ||
            !same(taken, difference, wide_fits((wide)a - b), (wide)a - b) ||
            !same(multiplied, product, wide_fits((wide)a * b), (wide)a * b)) {
            return false;
        }
    }
    return true;
}

/* Of numbers from 0 up. It stops growing once it is too large, unless a zero follows. */
static wide product_of(const int64_t *v, int count)
{
    wide product = 1;
    for (int i = 0; i < count; i++) {
        product = v[i] == 0 || wide_fits(product) ? product * v[i] : product;
    }
    return product;
}

static bool products(const int64_t *v)
{
    int64_t out = UNTOUCHED;
    const bool done = cnn_count_product(v[0], v[1], v[2], v[3], &out);
    const wide exact = product_of(v, 4);
    return same(done, out, wide_fits(exact), exact);
}

static bool macs(const int64_t *v)
{
    int64_t out = UNTOUCHED;
    if (v[1] < 1 || v[2] < 1) {
        return true;
    }
    const bool done = cnn_count_macs(v[0], v[1], v[2], &out);
    const wide exact = product_of(v, 3);
    return same(done, out, wide_fits(exact), exact);
}

/* kh, kw, channels of a group, n, groups */
static bool convolutions(const int64_t *v)
{
    int64_t out = UNTOUCHED, channels;
    if (v[4] < 1 || !cnn_checked_mul(v[2], v[4], &channels)) {
        return true;
    }
    const bool done = cnn_count_conv(v[0], v[1], channels, v[4], v[3], &out);
    const wide exact = product_of(v, 4);
    return same(done, out, wide_fits(exact), exact);
}

static bool extents(const int64_t *v)
{
    int64_t out = UNTOUCHED;
    if (v[0] < 1 || v[1] < 1) {
        return true;
    }
    const bool done = cnn_window_extent(v[0], v[1], &out);
    const wide exact = (wide)v[1] * (v[0] - 1) + 1;
    return same(done, out, wide_fits(exact), exact);
}

/* in, extent, s, low, high */
static bool floors(const int64_t *v)
{
    const wide padded = (wide)v[0] + v[3] + v[4], room = padded - v[1], s = v[2];
    if (v[0] < 1 || v[1] < 1 || v[2] < 1) {
        return true;
    }
    int64_t out = UNTOUCHED;
    const cnn_fit fit = cnn_window_floor(v[0], v[1], v[2], v[3], v[4], &out);
    if (!wide_fits(padded) || room < 0) {
        return fit == (wide_fits(padded) ? CNN_FIT_KERNEL : CNN_FIT_OVERFLOW) && out == UNTOUCHED;
    }
    return fit == CNN_FITS && out >= 1 && (out - 1) * s <= room && room < out * s;
}

/* Rounded up there are `out` windows, and the last begins before the high padding; or there is one
 * more, which does not. */
static bool ceils(const int64_t *v)
{
    const wide padded = (wide)v[0] + v[3] + v[4], room = padded - v[1], s = v[2];
    if (v[0] < 1 || v[1] < 1 || v[2] < 1) {
        return true;
    }
    int64_t out = UNTOUCHED;
    const cnn_fit fit = cnn_window_ceil(v[0], v[1], v[2], v[3], v[4], &out);
    if (!wide_fits(padded) || room <= -s) {
        return fit == (wide_fits(padded) ? CNN_FIT_KERNEL : CNN_FIT_OVERFLOW) && out == UNTOUCHED;
    }
    const wide end = (wide)v[0] + v[3], n = out;
    const bool kept = (n - 2) * s < room && room <= (n - 1) * s && (n - 1) * s < end;
    const bool dropped = (n - 1) * s < room && room <= n * s && n * s >= end;
    return fit == CNN_FITS && n >= 1 && (kept || dropped);
}

/* in, s, extent */
static bool same_sizes(const int64_t *v)
{
    if (v[0] < 1 || v[1] < 1 || v[2] < 1) {
        return true;
    }
    const wide n = cnn_window_same(v[0], v[1]), s = v[1];
    int64_t low = UNTOUCHED, high = UNTOUCHED;
    cnn_window_same_pad(v[0], v[2], v[1], false, &low, &high);
    const wide missing = (n - 1) * s + v[2] - v[0];
    const wide total = v[2] % 2 == 1 ? (wide)v[2] - 1 : missing > 0 ? missing : 0;
    return (n - 1) * s < v[0] && v[0] <= n * s && (wide)low + high == total && 0 <= low &&
           low <= high && high - low <= 1;
}

/* in, extent, s, low, high, extra */
static bool transposed(const int64_t *v)
{
    if (v[0] < 1 || v[1] < 1 || v[2] < 1) {
        return true;
    }
    int64_t out = UNTOUCHED;
    const bool done = cnn_window_transposed(v[0], v[1], v[2], v[3], v[4], v[5], &out);
    const wide whole = ((wide)v[0] - 1) * v[2] + v[1] + v[5], cut = whole - v[3] - v[4];
    return same(done, out, wide_fits(whole) && wide_fits(cut), cut);
}

/* By halving and subtracting (Stein 1967), not by division. */
static int64_t common(int64_t a, int64_t b)
{
    int twos = 0;
    for (; a % 2 == 0 && b % 2 == 0; twos++) {
        a /= 2;
        b /= 2;
    }
    while (b != 0) {
        while (a % 2 == 0) {
            a /= 2;
        }
        while (b % 2 == 0) {
            b /= 2;
        }
        const int64_t less = a < b ? a : b;
        b = a < b ? b - a : a - b;
        a = less;
    }
    return a << twos;
}

static bool divisors(const int64_t *v)
{
    return v[0] < 1 || cnn_greatest_divisor(v[0], v[1]) == (v[1] == 0 ? v[0] : common(v[0], v[1]));
}

/* Every number of the grid as every argument; the last of six only 0, 1 and the largest. */
static void every_combination(void **state)
{
    static const struct {
        const char *name;
        promise *holds;
        int arguments;
    } rows[] = {
        {"add, sub, mul", signed_pairs, 2},
        {"greatest divisor", divisors, 2},
        {"extent", extents, 2},
        {"floor", floors, 5},
        {"ceil", ceils, 5},
        {"same", same_sizes, 3},
        {"transposed", transposed, 6},
        {"product", products, 4},
        {"convolution", convolutions, 5},
        {"MACs", macs, 3},
    };
    (void)state;
    int failed = 0;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        int at[ARGUMENTS] = {0}, turned = 0;
        while (turned < rows[row].arguments) {
            int64_t v[ARGUMENTS];
            for (int i = 0; i < ARGUMENTS; i++) {
                v[i] = grid[at[i]];
            }
            EXPECT(failed, rows[row].holds(v), "%s: %lld %lld %lld %lld %lld %lld", rows[row].name,
                   (long long)v[0], (long long)v[1], (long long)v[2], (long long)v[3],
                   (long long)v[4], (long long)v[5]);
            for (turned = 0; turned < rows[row].arguments; turned++) {
                at[turned] += turned < 5 ? 1 : at[turned] == 1 ? GRID - 2 : 1;
                if (at[turned] < GRID) {
                    break;
                }
                at[turned] = 0;
            }
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_combination)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
