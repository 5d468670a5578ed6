/* Parameters and MACs as products, against 128-bit arithmetic; and textbook values. */
#include "support.h"

#include "ops/count.h"
#include "wide.h"

/* False when a product is refused though it fits, or is wrong. */
static bool agrees(bool done, const int64_t *out, wide exact)
{
    return done == wide_fits(exact) && (!done || *out == (int64_t)exact);
}

/* In 128 bits: the product of four numbers below 2^63 may need 252, so it stops once it is large
 * enough for every later factor but 0, which is looked for first. */
static wide product(int64_t a, int64_t b, int64_t c, int64_t d)
{
    const int64_t factors[] = {a, b, c, d};
    wide result = 1;
    for (int i = 0; i < 4; i++) {
        if (factors[i] == 0) {
            return 0;
        }
    }
    for (int i = 0; i < 4 && wide_fits(result); i++) {
        result *= factors[i];
    }
    return result;
}

static void every_product_of_four(void **state)
{
    (void)state;
    int64_t out = 0;
    for (int i = 0; i < GRID * GRID * GRID * GRID; i++) {
        const int64_t a = grid[i % GRID], b = grid[i / GRID % GRID];
        const int64_t c = grid[i / GRID / GRID % GRID], d = grid[i / GRID / GRID / GRID];
        if (!agrees(cnn_count_product(a, b, c, d, &out), &out, product(a, b, c, d))) {
            fail_msg("%lld * %lld * %lld * %lld", (long long)a, (long long)b, (long long)c,
                     (long long)d);
        }
    }
}

/* Every combination of the grid but 0: no layer has a side of 0, or weights to use but none. */
static void macs(void **state)
{
    (void)state;
    int64_t out = 0;
    for (int i = 0; i < GRID * GRID * GRID; i++) {
        const int64_t n = grid[i % GRID], h = grid[i / GRID % GRID], w = grid[i / GRID / GRID];
        if (n > 0 && h > 0 && w > 0) {
            assert_true(agrees(cnn_count_macs(n, h, w, &out), &out, product(n, h, w, 1)));
        }
    }
}

static void convolutions(void **state)
{
    (void)state;
    /* by hand, Kh * Kw * C/g * N */
    static const struct {
        int64_t kh, kw, c, g, n, weights;
    } rows[] = {
        {3, 3, 3, 1, 64, 1728},      /* VGG's first layer */
        {11, 11, 3, 1, 96, 34848},   /* AlexNet's */
        {5, 5, 96, 2, 256, 307200},  /* AlexNet's second, in two groups */
        {1, 7, 128, 1, 128, 114688}, /* Inception's 1x7 */
        {3, 3, 32, 32, 32, 288},     /* depthwise */
        {3, 3, 1, 1, 1, 9},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        int64_t out = 0;
        assert_true(cnn_count_conv(rows[i].kh, rows[i].kw, rows[i].c, rows[i].g, rows[i].n, &out));
        assert_int_equal(out, rows[i].weights);
    }
}

/* Groups of 1 and of all channels, on the whole grid but 0, which no layer has. */
static void convolutions_at_the_limits(void **state)
{
    (void)state;
    int64_t out = 0;
    for (int i = 0; i < GRID * GRID * GRID; i++) {
        const int64_t k = grid[i % GRID], c = grid[i / GRID % GRID], n = grid[i / GRID / GRID];
        if (k > 0 && c > 0 && n > 0) {
            assert_true(agrees(cnn_count_conv(k, k, c, 1, n, &out), &out, product(k, k, c, n)));
            assert_true(agrees(cnn_count_conv(k, 3, c, c, n, &out), &out, product(k, 3, 1, n)));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_product_of_four),
        cmocka_unit_test(macs),
        cmocka_unit_test(convolutions),
        cmocka_unit_test(convolutions_at_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
