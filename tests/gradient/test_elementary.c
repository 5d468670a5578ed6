/* The library's elementary functions against the system's libm. */
#include "support.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

#include "gradient/elementary.h"

static uint64_t random_state = 20261123;

/* Marsaglia 2003, xorshift */
static double uniform(double low, double high)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return low + (high - low) * (double)(random_state >> 11) / 9007199254740992.0;
}

static bool close_to(double got, double want)
{
    if (isnan(want) || isinf(want) || want == 0) {
        return isnan(want) ? isnan(got) : got == want;
    }
    return fabs(got - want) <= 1e-15 * fabs(want);
}

static void functions_of_one_number(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        double (*ours)(double);
        double (*theirs)(double);
        double low, high;
    } rows[] = {
        {"exp", cnn_exp, exp, -30, 30},      {"exp", cnn_exp, exp, -700, 709},
        {"exp", cnn_exp, exp, -1e-8, 1e-8},  {"log", cnn_log, log, 0, 4},
        {"log", cnn_log, log, 0.999, 1.001}, {"log", cnn_log, log, 0, 1e300},
        {"tanh", cnn_tanh, tanh, -3, 3},     {"tanh", cnn_tanh, tanh, -1e-6, 1e-6},
        {"tanh", cnn_tanh, tanh, -40, 40},   {"tanh", cnn_tanh, tanh, -0.51, 0.51},
        {"sqrt", cnn_root, sqrt, 0, 1e6},    {"sqrt", cnn_root, sqrt, 0, 1e-300},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (int k = 0; k < 20000 && failed < 5; k++) {
            const double x = uniform(rows[i].low, rows[i].high);
            if (!close_to(rows[i].ours(x), rows[i].theirs(x))) {
                print_error("%s(%.17g) = %.17g, not %.17g\n", rows[i].name, x, rows[i].ours(x),
                            rows[i].theirs(x));
                failed++;
            }
        }
    }
    assert_int_equal(failed, 0);
}

/* The bound that is proved beside cnn_exp, 1.04 2^-53, where long doubles are long enough to tell;
 * what they lack themselves is 2^-63. */
static void exp_within_its_bound(void **state)
{
    static const double widths[] = {1e-9, 0.006, 1, 30, 700};
    const double bound = LDBL_MANT_DIG >= 64 ? 1.05 * 0x1p-53 : 1e-15;
    (void)state;
    for (size_t i = 0; i < LENGTH(widths); i++) {
        for (int k = 0; k < 50000; k++) {
            const double x = uniform(-widths[i], widths[i]);
            const long double want = expl((long double)x);
            const double off = (double)(fabsl((long double)cnn_exp(x) - want) / want);
            if (!(off <= bound)) {
                fail_msg("exp(%a) = %a is off by %g", x, cnn_exp(x), off);
            }
        }
    }
}

/* ISO C, annex F */
static void ends_of_the_range(void **state)
{
    (void)state;
    static const double rows[] = {0, 1, -1, 1e308, -1e308, 709.7, -745, 800, -800, 1e-310};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_true(close_to(cnn_log(rows[i]), log(rows[i])));
        assert_true(close_to(cnn_tanh(rows[i]), tanh(rows[i])));
        assert_true(close_to(cnn_root(rows[i]), sqrt(rows[i])));
        assert_true(rows[i] == -745 || close_to(cnn_exp(rows[i]), exp(rows[i])));
    }
    assert_true(isnan(cnn_exp(NAN)) && isnan(cnn_log(NAN)) && isnan(cnn_tanh(NAN)));
    assert_true(cnn_exp(-INFINITY) == 0 && cnn_exp(INFINITY) == INFINITY);
    assert_true(cnn_log(INFINITY) == INFINITY && cnn_tanh(-INFINITY) == -1);
    assert_true(cnn_root(INFINITY) == INFINITY && isnan(cnn_root(NAN)) && isnan(cnn_root(-1)));
    assert_true(cnn_exp(-745) > 0 && cnn_exp(-745) < 1e-322); /* the smallest there are */
}

static void powers(void **state)
{
    (void)state;
    for (int k = 0; k < 20000; k++) {
        const double x = uniform(-4, 4), n = (double)(k % 7);
        assert_true(fabs(cnn_power(x, n) - pow(x, n)) <= 3e-15 * fabs(pow(x, n)));
        assert_true(fabs(cnn_power(4 + x, 0.5 + n) - pow(4 + x, 0.5 + n)) <=
                    2e-14 * pow(4 + x, 0.5 + n));
    }
    assert_true(cnn_power(2, -3) == 0.125 && cnn_power(0, 0) == 1);
    assert_true(isnan(cnn_power(-1, 0.5)));
    assert_true(cnn_power(-1, 2000) == 1 && cnn_power(-1, 2001) == -1);
    assert_true(cnn_power(-1, -0x1p53) == 1 && cnn_power(-1, 0x1p53 - 1) == -1);
    assert_true(cnn_power(-1, 1e300) == 1 && cnn_power(-2, -1e300) == 0);
    assert_true(cnn_power(-2, 1025) == -INFINITY && cnn_power(0, 2000) == 0);
    assert_true(isnan(cnn_power(-1, 2000.5)));
    assert_true(fabs(cnn_power(-0.999, 3001) - pow(-0.999, 3001)) < 1e-12 * pow(0.999, 3001));
    assert_true(cnn_power(2, 1025) == INFINITY && cnn_power(2, -2000) == 0); /* beyond squaring */
    assert_true(fabs(cnn_power(1.001, 2000) - pow(1.001, 2000)) < 1e-12 * pow(1.001, 2000));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_of_one_number),
        cmocka_unit_test(exp_within_its_bound),
        cmocka_unit_test(ends_of_the_range),
        cmocka_unit_test(powers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
