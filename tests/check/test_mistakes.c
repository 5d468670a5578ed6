/*
 * Enumerates layers and mistakes: each wrong number has to be recognised with its own cause, and a
 * right one never as a mistake. The formulas here are written out once more from the catalogue of
 * mistakes (W input side, F kernel, S stride, P padding per side, D dilation, C input channels,
 * K filters, G groups, O output side); nothing of the program's own table is used.
 */
#include <inttypes.h>

#include "support.h"

typedef struct layer {
    int64_t w, f, s, p, d, c, k, g, b;
    int64_t o; /* the right output side */
} layer;

/* ---- formulas ---- */

static int64_t floor_div(int64_t a, int64_t b)
{
    return a >= 0 ? a / b : -((-a + b - 1) / b);
}

static int64_t extent(const layer *l)
{
    return l->d * (l->f - 1) + 1;
}

static int64_t side(int64_t w, int64_t f, int64_t padding, int64_t s)
{
    return w - f + padding < 0 ? 0 : (w - f + padding) / s + 1;
}

#define SIZE(name, expression)                                                                     \
    static int64_t name(const layer *l)                                                            \
    {                                                                                              \
        return expression;                                                                         \
    }

SIZE(right_size, side(l->w, extent(l), 2 * l->p, l->s))
SIZE(pad_once, side(l->w, extent(l), l->p, l->s))
SIZE(pad_ignored, side(l->w, extent(l), 0, l->s))
SIZE(no_plus_one, side(l->w, extent(l), 2 * l->p, l->s) - 1)
SIZE(plus_one_inside, floor_div(l->w - extent(l) + 2 * l->p + 1, l->s))
SIZE(ceil_for_floor, -floor_div(-(l->w - extent(l) + 2 * l->p), l->s) + 1)
SIZE(rounded, floor_div(2 * (l->w - extent(l) + 2 * l->p) + l->s, 2 * l->s) + 1)
SIZE(stride_ignored, l->w - extent(l) + 2 * l->p + 1)
SIZE(stride_only, l->w / l->s)
SIZE(stride_only_up, (l->w + l->s - 1) / l->s)
SIZE(dilation_ignored, side(l->w, l->f, 2 * l->p, l->s))
SIZE(dilation_product, l->d > 1 ? side(l->w, l->f * l->d, 2 * l->p, l->s) : 0)
SIZE(dilation_zero, side(l->w, (l->d + 1) * (l->f - 1) + 1, 2 * l->p, l->s))
SIZE(plus_kernel, floor_div(l->w + extent(l) + 2 * l->p, l->s) + 1)
SIZE(same_for_valid, l->p == 0 ? (l->w + l->s - 1) / l->s : 0)

SIZE(right_params, l->f * l->f * l->c / l->g * l->k + l->b * l->k)
SIZE(no_bias, l->f * l->f * l->c / l->g * l->k)
SIZE(no_depth, l->f * l->f * l->k + l->b * l->k)
SIZE(no_depth_no_bias, l->f * l->f * l->k)
SIZE(one_bias, l->f * l->f * l->c / l->g * l->k + 1)
SIZE(no_depth_one_bias, l->f * l->f * l->k + 1)
SIZE(bias_per_slice, (l->f * l->f + 1) * l->c / l->g * l->k)
SIZE(bias_per_input, l->f * l->f * l->c / l->g * l->k + l->c)
SIZE(bias_twice, l->f * l->f * l->c / l->g * l->k + 2 * l->k)
SIZE(bias_with_norm, l->f * l->f * l->c / l->g * l->k + l->k)
SIZE(kernel_once, l->f * l->c / l->g * l->k + l->b * l->k)
SIZE(one_filter, l->f * l->f * l->c / l->g + l->b)
SIZE(spatial, l->o * l->o * (l->f * l->f * l->c / l->g + l->b) * l->k)
SIZE(spatial_input, l->w * l->w * (l->f * l->f * l->c / l->g + l->b) * l->k)
SIZE(spatial_shared, l->o * l->o * l->f * l->f * l->c / l->g * l->k + l->b * l->k)
SIZE(as_dense, l->w * l->w * l->c * l->k + l->b * l->k)
SIZE(activations, l->o * l->o * l->k)
SIZE(own_depth, l->f * l->f * l->k * l->k + l->b * l->k)
SIZE(grey, l->f * l->f * l->k + l->b * l->k)
SIZE(pad_in_depth, l->f * l->f * (l->c + 2 * l->p) * l->k + l->b * l->k)
SIZE(groups_ignored, l->f * l->f * l->c * l->k + l->b * l->k)
SIZE(groups_twice, l->f * l->f * (l->c / l->g) * (l->k / l->g))

SIZE(right_macs, l->f * l->f * l->c / l->g * l->k * l->o * l->o)
SIZE(doubled, 2 * right_macs(l))
SIZE(bias_in_macs, (l->f * l->f * l->c / l->g + l->b) * l->k * l->o * l->o)
SIZE(macs_at_input, l->f * l->f * l->c / l->g * l->k * l->w * l->w)

/* ---- where they apply ---- */

static bool always(const layer *l)
{
    (void)l;
    return true;
}

static bool biased(const layer *l)
{
    return l->b == 1;
}

static bool plain(const layer *l)
{
    return l->b == 0;
}

static bool one_group(const layer *l)
{
    return l->g == 1;
}

static bool grouped(const layer *l)
{
    return l->g > 1;
}

static bool padded(const layer *l)
{
    return l->p > 0 && l->g == 1;
}

static bool colour(const layer *l)
{
    return l->c == 3 && l->g == 1;
}

typedef struct row {
    const char *id;
    int64_t (*formula)(const layer *l);
    bool (*applies)(const layer *l);
} row;

static const row sizes[] = {
    {"pad-once", pad_once, always},
    {"pad-ignored", pad_ignored, always},
    {"no-plus-one", no_plus_one, always},
    {"plus-one-inside", plus_one_inside, always},
    {"ceil-for-floor", ceil_for_floor, always},
    {"no-floor", rounded, always},
    {"stride-ignored", stride_ignored, always},
    {"stride-only", stride_only, always},
    {"stride-only", stride_only_up, always},
    {"dilation-ignored", dilation_ignored, always},
    {"dilation-as-product", dilation_product, always},
    {"dilation-zero-based", dilation_zero, always},
    {"plus-kernel", plus_kernel, always},
    {"same-for-valid", same_for_valid, always},
};

static const row params[] = {
    {"no-bias", no_bias, biased},
    {"no-depth", no_depth, always},
    {"no-depth-no-bias", no_depth_no_bias, biased},
    {"one-bias", one_bias, biased},
    {"no-depth-one-bias", no_depth_one_bias, biased},
    {"bias-per-slice", bias_per_slice, biased},
    {"bias-per-input", bias_per_input, biased},
    {"bias-twice", bias_twice, biased},
    {"bias-with-norm", bias_with_norm, plain},
    {"kernel-once", kernel_once, always},
    {"one-filter", one_filter, always},
    {"spatial", spatial, always},
    {"spatial", spatial_input, always},
    {"spatial", spatial_shared, always},
    {"as-dense", as_dense, always},
    {"activations-for-params", activations, always},
    {"own-depth", own_depth, one_group},
    {"grey-for-colour", grey, colour},
    {"pad-in-depth", pad_in_depth, padded},
    {"groups-ignored", groups_ignored, grouped},
    {"groups-twice", groups_twice, grouped},
};

static const row macs[] = {
    {"flops-for-macs", doubled, always},
    {"bias-in-macs", bias_in_macs, biased},
    {"macs-at-input", macs_at_input, always},
};

/* ---- checking ---- */

static unsigned char memory[1 << 21];
static sink output;
static int failed, wrong_answers, right_answers;

/* Checks one answer for the network `spec` and gives the JSON. */
static const char *check(const layer *l, const char *claim)
{
    char spec[128], input[64];
    snprintf(spec, sizeof spec,
             "conv%" PRId64 "-%" PRId64 " s%" PRId64 " p%" PRId64 " d%" PRId64 " g%" PRId64
             " b%" PRId64,
             l->f, l->k, l->s, l->p, l->d, l->g, l->b);
    snprintf(input, sizeof input, "%" PRId64 "x%" PRId64 "x%" PRId64, l->c, l->w, l->w);
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = view(input)};
    const cnn_claim_text text = {view(claim), false};
    const cnn_report_options options = {.format = view("json")};
    cnn_network net = {0};
    cnn_error err = {0};
    cnn_check_counts counts = {0};
    cnn_writer to = sink_open(&output);
    if (!cnn_network_read(&arena, view(spec), &settings, &net, &err) ||
        !cnn_check_write(&net, &text, 1, &options, arena, &to, &counts, &err)) {
        print_error("%s %s: %s\n", spec, claim, cnn_error_id(&err));
        failed++;
    }
    return output.data;
}

/* Named only where no common mistake gives the number. */
static bool is_rare(const row *r)
{
    return strcmp(r->id, "plus-kernel") == 0 || strcmp(r->id, "bias-twice") == 0;
}

static void expect(const layer *l, const char *what, const row *r, int64_t right, int64_t value)
{
    char claim[64], id[48];
    snprintf(claim, sizeof claim, "%s=%" PRId64, what, value);
    snprintf(id, sizeof id, "[{\"id\":\"%s\",\"layer\":", r->id);
    const char *json = check(l, claim);
    const bool called_wrong = strstr(json, "\"verdict\":\"wrong\"") != NULL;
    if (value == right) {
        right_answers++;
        EXPECT(failed, !called_wrong && strstr(json, "\"mistakes\":[]") != NULL,
               "a right answer is accused: %s", json);
    } else {
        wrong_answers++;
        const bool other = is_rare(r) && strstr(json, "[{\"id\":") != NULL;
        EXPECT(failed, called_wrong && (strstr(json, id) != NULL || other),
               "W%d F%d S%d P%d D%d C%d K%d G%d b%d: %s by %s: %s", (int)l->w, (int)l->f, (int)l->s,
               (int)l->p, (int)l->d, (int)l->c, (int)l->k, (int)l->g, (int)l->b, claim, r->id,
               json);
    }
}

static void check_rows(const layer *l, const char *what, const row *rows, size_t count,
                       int64_t right)
{
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].applies(l)) {
            continue;
        }
        const int64_t value = rows[i].formula(l);
        /* Of maps of one position the number of channels is their number of values. */
        if (value >= 1 && (l->o > 1 || value != l->k)) {
            expect(l, what, &rows[i], right, value);
        }
    }
}

/* Numbers that nothing produces: what is right is said, and nothing else is claimed. */
static void test_unexplained(void **state)
{
    (void)state;
    const layer l = {.w = 224, .f = 3, .s = 1, .p = 1, .d = 1, .c = 3, .k = 64, .g = 1, .b = 1};
    static const char *const claims[] = {"params=1793", "params=999983", "macs=86704129",
                                         "output=64x229x231"};
    for (size_t i = 0; i < LENGTH(claims); i++) {
        const char *json = check(&l, claims[i]);
        EXPECT(failed, strstr(json, "\"verdict\":\"wrong\",\"mistakes\":[]") != NULL, "%s", json);
    }
    assert_int_equal(failed, 0);
}

static void test_sizes(void **state)
{
    (void)state;
    static const int64_t w[] = {7, 12, 28, 33, 64, 227}, f[] = {1, 2, 3, 5, 7, 11};
    for (size_t i = 0; i < LENGTH(w); i++) {
        for (size_t j = 0; j < LENGTH(f); j++) {
            for (int64_t s = 1; s <= 4; s++) {
                for (int64_t n = 0; n < 8; n++) {
                    layer l = {w[i], f[j], s, n % 4, 1 + n / 4, 3, 8, 1, 1, 0};
                    l.o = right_size(&l);
                    if (l.o >= 1 && (l.d == 1 || l.f > 1)) {
                        check_rows(&l, "output", sizes, LENGTH(sizes), l.o);
                    }
                }
            }
        }
    }
    print_message("sizes: %d wrong answers explained, %d right ones\n", wrong_answers,
                  right_answers);
    assert_true(wrong_answers > 4000);
    assert_int_equal(failed, 0);
}

static void test_counts(void **state)
{
    (void)state;
    static const int64_t f[] = {1, 3, 5, 7}, c[] = {1, 3, 4, 16, 64, 96}, k[] = {1, 8, 10, 32, 64};
    wrong_answers = right_answers = 0;
    for (size_t n = 0; n < LENGTH(f) * LENGTH(c) * LENGTH(k) * 6; n++) {
        layer l = {.w = 28, .d = 1, .s = 1 + (int64_t)(n / 480) % 2, .b = (int64_t)n % 2};
        l.g = n / 2 % 3 == 2 ? 4 : n / 2 % 3 == 1 ? 2 : 1;
        l.f = f[n / 6 % LENGTH(f)];
        l.c = c[n / 24 % LENGTH(c)];
        l.k = k[n / 144 % LENGTH(k)];
        l.p = l.f / 2;
        if (l.c % l.g != 0 || l.k % l.g != 0) {
            continue;
        }
        l.o = right_size(&l);
        check_rows(&l, "params", params, LENGTH(params), right_params(&l));
        check_rows(&l, "macs", macs, LENGTH(macs), right_macs(&l));
    }
    print_message("counts: %d wrong answers explained, %d right ones\n", wrong_answers,
                  right_answers);
    assert_true(wrong_answers > 4000);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unexplained),
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
