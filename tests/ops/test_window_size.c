/*
 * Window sizes against brute force: lay out the padded axis, place window after window, and count
 * them. No formula in common with the library.
 */
#include "support.h"

#include "ops/window_size.h"
#include "wide.h"

/* k taps, d apart, on an axis of low padding, `in` positions, high padding. */
typedef struct axis {
    int in, k, d, s, low, high;
} axis;

/* The last position that the taps of a window that begins at `at` touch. */
static int last_tap(const axis *a, int at)
{
    int position = at;
    for (int tap = 1; tap < a->k; tap++) {
        position += a->d;
    }
    return position;
}

/* Windows that lie inside the padded axis. */
static int count_floor(const axis *a)
{
    int windows = 0;
    for (int at = 0; last_tap(a, at) < a->low + a->in + a->high; at += a->s) {
        windows++;
    }
    return windows;
}

/*
 * With ceil a window may stick out by less than a stride, which is the case as long as the one
 * before it has not reached the end; and a window goes that begins in the high padding or behind.
 * (PyTorch's rule: "sliding windows that would start in the right padded region are ignored".)
 */
static int count_ceil(const axis *a)
{
    const int end = a->low + a->in + a->high;
    int windows = 0;
    for (int at = 0;; at += a->s) {
        const bool sticks_out = last_tap(a, at) >= end;
        const bool too_far = last_tap(a, at) - (end - 1) >= a->s;
        if (too_far || (windows > 0 && at >= a->low + a->in)) {
            return windows;
        }
        windows++;
        if (sticks_out) {
            return windows;
        }
    }
}

static void check(const axis *a, cnn_fit fit, int64_t out, int windows, const char *rule)
{
    const cnn_fit wanted = windows > 0 ? CNN_FITS : CNN_FIT_KERNEL;
    if (fit != wanted || (windows > 0 && out != windows)) {
        fail_msg("%s: in %d k %d d %d s %d low %d high %d: %d windows, not %d", rule, a->in, a->k,
                 a->d, a->s, a->low, a->high, windows, (int)out);
    }
}

static void every_window_is_placed(void **state)
{
    (void)state;
    for (axis a = {.in = 1}; a.in <= 12; a.in++) {
        for (a.k = 1; a.k <= 6; a.k++) {
            for (a.d = 1; a.d <= 3; a.d++) {
                for (a.s = 1; a.s <= 5; a.s++) {
                    for (a.low = 0; a.low <= 4; a.low++) {
                        for (a.high = 0; a.high <= 4; a.high++) {
                            int64_t extent = 0, out = 0;
                            assert_true(cnn_window_extent(a.k, a.d, &extent));
                            assert_int_equal(extent, last_tap(&a, 0) + 1);
                            cnn_fit fit = cnn_window_floor(a.in, extent, a.s, a.low, a.high, &out);
                            check(&a, fit, out, count_floor(&a), "floor");
                            if (a.high <= a.k / 2) { /* what pooling allows */
                                fit = cnn_window_ceil(a.in, extent, a.s, a.low, a.high, &out);
                                check(&a, fit, out, count_ceil(&a), "ceil");
                            }
                        }
                    }
                }
            }
        }
    }
}

/* "same": one window for every s-th position, and the padding is the least that makes them fit,
 * the odd one at the high side; for odd kernels (k-1)/2 at both sides. */
static void same_padding(void **state)
{
    (void)state;
    for (axis a = {.in = 1, .d = 1}; a.in <= 40; a.in++) {
        for (a.k = 1; a.k <= 9; a.k++) {
            for (a.s = 1; a.s <= 6; a.s++) {
                int64_t low = -1, high = -1;
                int wanted = 0;
                for (int at = 0; at < a.in; at += a.s) {
                    wanted++;
                }
                assert_int_equal(cnn_window_same(a.in, a.s), wanted);
                cnn_window_same_pad(a.in, a.k, a.s, false, &low, &high);
                a.low = (int)low;
                a.high = (int)high;
                assert_int_equal(count_floor(&a), wanted);
                if (a.k % 2 == 1) {
                    assert_int_equal(low, a.k / 2);
                    assert_int_equal(high, a.k / 2);
                    continue;
                }
                assert_true(high == low || high == low + 1);
                a.high--; /* one less, and a window is lost */
                assert_true(low + high == 0 || count_floor(&a) < wanted);
            }
        }
    }
}

/* A transposed convolution writes a window for each input position; its output runs from the first
 * to the last position written, less the padding, and `extra` more. */
static void transposed(void **state)
{
    (void)state;
    for (axis a = {.in = 1}; a.in <= 8; a.in++) {
        for (a.k = 1; a.k <= 5; a.k++) {
            for (a.d = 1; a.d <= 3; a.d++) {
                for (a.s = 1; a.s <= 4; a.s++) {
                    for (a.low = 0; a.low <= 3; a.low++) {
                        int written = 0;
                        for (int i = 0, at = 0; i < a.in; i++, at += a.s) {
                            written = last_tap(&a, at) + 1;
                        }
                        int64_t out, extent = 0;
                        assert_true(cnn_window_extent(a.k, a.d, &extent));
                        assert_true(
                            cnn_window_transposed(a.in, extent, a.s, a.low, a.low, 1, &out));
                        assert_int_equal(out, written - 2 * a.low + 1);
                    }
                }
            }
        }
    }
}

static wide floor_exact(int64_t in, int64_t extent, int64_t s, int64_t pad)
{
    return ((wide)in + 2 * (wide)pad - extent) / s + 1;
}

/* At the limits of 64 bits: exact, or refused because the padded input does not fit. */
static void sizes_at_the_limits(void **state)
{
    (void)state;
    for (int i = 0; i < GRID * GRID * GRID * GRID; i++) {
        const int64_t in = grid[i % GRID], extent = grid[i / GRID % GRID];
        const int64_t s = grid[i / GRID / GRID % GRID], pad = grid[i / GRID / GRID / GRID];
        if (in < 1 || extent < 1 || s < 1) {
            continue;
        }
        int64_t out = -1;
        const cnn_fit fit = cnn_window_floor(in, extent, s, pad, pad, &out);
        const wide padded = (wide)in + 2 * (wide)pad;
        if (!wide_fits(padded)) {
            assert_int_equal(fit, CNN_FIT_OVERFLOW);
        } else if (padded < extent) {
            assert_int_equal(fit, CNN_FIT_KERNEL);
        } else {
            assert_int_equal(fit, CNN_FITS);
            assert_true(out == floor_exact(in, extent, s, pad));
        }
        /* ceil, with a padding that pooling allows: the same or one more, never a wrap */
        if (pad > extent / 2) {
            continue;
        }
        int64_t up = -1;
        const cnn_fit fit_up = cnn_window_ceil(in, extent, s, pad, pad, &up);
        assert_int_equal(fit_up == CNN_FIT_OVERFLOW, !wide_fits(padded));
        assert_true(fit != CNN_FITS || (fit_up == CNN_FITS && (up == out || up == out + 1)));
        assert_true(cnn_window_same(in, s) == ((wide)in + s - 1) / s);
    }
}

static void extents_at_the_limits(void **state)
{
    (void)state;
    for (int i = 0; i < GRID * GRID; i++) {
        const int64_t k = grid[i % GRID], d = grid[i / GRID];
        int64_t out = 0;
        if (k >= 1 && d >= 1) {
            const wide exact = (wide)d * (k - 1) + 1;
            const bool fits = cnn_window_extent(k, d, &out);
            assert_int_equal(fits, wide_fits(exact));
            assert_true(!fits || out == exact);
        }
    }
}

static void transposed_at_the_limits(void **state)
{
    (void)state;
    for (int i = 0; i < GRID * GRID * GRID * GRID; i++) {
        const int64_t in = grid[i % GRID], extent = grid[i / GRID % GRID];
        const int64_t s = grid[i / GRID / GRID % GRID], pad = grid[i / GRID / GRID / GRID];
        if (in < 1 || extent < 1 || s < 1) {
            continue;
        }
        int64_t out = 0;
        const wide grown = ((wide)in - 1) * s + extent;
        if (cnn_window_transposed(in, extent, s, pad, pad, 0, &out)) {
            assert_true(out == grown - 2 * (wide)pad);
        } else {
            /* something on the way does not fit: what grows, or what is left */
            assert_true(!wide_fits(grown) || !wide_fits(grown - 2 * (wide)pad));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_window_is_placed),
        cmocka_unit_test(same_padding),
        cmocka_unit_test(transposed),
        cmocka_unit_test(sizes_at_the_limits),
        cmocka_unit_test(extents_at_the_limits),
        cmocka_unit_test(transposed_at_the_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
