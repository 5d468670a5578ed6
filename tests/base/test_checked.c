/* Checked arithmetic at the limits, against 128-bit arithmetic. */
#include "support.h"

#include "base/checked.h"
#include "wide.h"

/* The grid and its negatives, and the smallest number, which has no negative. */
static int64_t number(int i)
{
    return i < GRID ? grid[i] : i < 2 * GRID ? -grid[i - GRID] : INT64_MIN;
}

typedef bool operation(int64_t a, int64_t b, int64_t *out);

static void check(operation *op, int64_t a, int64_t b, wide exact)
{
    int64_t out = 4711;
    const bool fits = op(a, b, &out);
    if (fits != wide_fits(exact) || out != (fits ? (int64_t)exact : 4711)) {
        fail_msg("%lld and %lld give %d, %lld", (long long)a, (long long)b, fits, (long long)out);
    }
}

static void every_pair_is_exact_or_refused(void **state)
{
    (void)state;
    for (int i = 0; i <= 2 * GRID; i++) {
        for (int k = 0; k <= 2 * GRID; k++) {
            const int64_t a = number(i), b = number(k);
            check(cnn_checked_add, a, b, (wide)a + b);
            check(cnn_checked_sub, a, b, (wide)a - b);
            check(cnn_checked_mul, a, b, (wide)a * b);
        }
    }
}

/* Around the limit itself: a * b for b from the quotient - 2 to the quotient + 2. */
static void products_at_the_limit(void **state)
{
    (void)state;
    for (int i = 0; i <= 2 * GRID; i++) {
        const int64_t a = number(i);
        for (int64_t step = -2; a != 0 && step <= 2; step++) {
            const wide near[] = {(wide)INT64_MAX / a + step, (wide)INT64_MIN / a + step};
            for (size_t k = 0; k < LENGTH(near); k++) {
                if (wide_fits(near[k])) {
                    check(cnn_checked_mul, a, (int64_t)near[k], a * near[k]);
                }
            }
        }
    }
}

/* The greatest common divisor divides both, and no larger number does: by trial. */
static void greatest_divisors(void **state)
{
    (void)state;
    for (int64_t a = 1; a < 60; a++) {
        for (int64_t b = 0; b < 60; b++) {
            int64_t most = 1;
            for (int64_t d = 1; d <= a; d++) {
                most = a % d == 0 && b % d == 0 ? d : most;
            }
            assert_int_equal(cnn_greatest_divisor(a, b), most);
        }
    }
    assert_int_equal(cnn_greatest_divisor(INT64_MAX, INT64_MAX), INT64_MAX);
    assert_int_equal(cnn_greatest_divisor(INT64_MAX, INT64_MAX - 1), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_pair_is_exact_or_refused),
        cmocka_unit_test(products_at_the_limit),
        cmocka_unit_test(greatest_divisors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
