/*
 * All quantities with too little memory, and with numbers that grow until nothing fits: what a
 * larger batch or a wider data type makes of them is told by 128 bits.
 */
#include "support.h"
#include "wide.h"

#include "measure/quantity.h"

enum { MEMORY = 1 << 20, STEP = 16, GUARD = 64, MOST_QUANTITIES = 64 };

static unsigned char memory[MEMORY + GUARD];

typedef struct situation {
    const char *input, *layers, *dtype, *train, *device, *checkpoint;
    int32_t samples;
} situation;

typedef struct answers {
    bool known[MOST_QUANTITIES];
    cnn_answer of[MOST_QUANTITIES];
} answers;

/* Everything that can be known of the whole network; false: *err. */
static bool measure(const cnn_network *net, const situation *s, cnn_arena arena, answers *out,
                    cnn_error *err)
{
    cnn_numbers numbers;
    assert_true(cnn_numbers_begin(&numbers, net, view(s->dtype), s->samples, err));
    assert_true(
        cnn_numbers_train(&numbers, view(s->train), view(s->device), view(s->checkpoint), err));
    uint32_t needs = 0;
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        needs |= cnn_quantities[i].needs;
    }
    if (!cnn_numbers_prepare(&numbers, needs, &arena, err)) {
        return false;
    }
    const cnn_subject all = cnn_subject_total(net), last = cnn_subject_layer(net->output);
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        const cnn_quantity *what = &cnn_quantities[i];
        const bool pair = what->kind == CNN_QUANTITY_PAIR;
        out->known[i] =
            cnn_answer_of(what, pair ? &last : &all, net->layers, &numbers, &out->of[i]);
    }
    return true;
}

static void every_arena_ends_cleanly(void **state)
{
    (void)state;
    assert_true(cnn_quantity_count <= MOST_QUANTITIES);
    static const situation rows[] = {
        {"3x16x16", "conv3-8,bn,relu,maxpool,conv3-8,upsample2,conv3-4,gap,FC-10", "f16", "adam",
         "cpu", "", 2},
        {"3x16x16", "2*(conv3-8,relu),add(conv1-8|id),FC-3", "f32", "sgd", "cuda", "2", 3},
        {"3x16x16", "conv3-4,cat(conv3-4,conv1-2|maxpool,upsample2|conv5-9,conv1-1),mul(id|gap)",
         "i8", "momentum", "cpu", "", 1},
        {"3x16x16", "maxpool,conv3-1,upsample2,conv3-1,upsample2,add(conv3-1|id),aux(gap,FC-2)",
         "f64", "adamw", "cpu", "3", 1},
        {"3x16x16", "resize9x7,conv3-2,deconv4-2 s2,split(conv3-2|id),frozen(conv3-2),lrelu",
         "bf16", "none", "cpu", "", 9},
        {"1d 4x64", "conv3-8,cat(conv5-8|id|maxpool2,upsample2),conv3-1", "f32", "adam", "cpu", "",
         1},
        {"3d 2x8x8x8", "conv3-4,maxpool,upsample2,cat(id|conv3-1),conv1-1", "f32", "", "", "", 1},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        answers with = {0}, now = {0};
        cnn_error err = {0};
        if (!r.done || !measure(&r.net, &rows[i], cnn_arena_over(memory, MEMORY), &with, &err)) {
            fail_msg("%s: %s, %s", rows[i].layers, cnn_error_id(&r.err), cnn_error_id(&err));
        }
        bool done = false;
        for (size_t size = 0; !done && size < MEMORY; size += STEP) {
            err = (cnn_error){0};
            memset(memory + size, 0x5A, GUARD);
            done = measure(&r.net, &rows[i], cnn_arena_over(memory, size), &now, &err);
            assert_int_equal(err.code, done ? CNN_OK : CNN_OUT_OF_MEMORY);
            for (size_t k = 0; k < GUARD; k++) {
                assert_int_equal(memory[size + k], 0x5A);
            }
        }
        assert_true(done);
        for (size_t k = 0; k < cnn_quantity_count; k++) {
            assert_int_equal(now.known[k], with.known[k]);
            assert_true(!now.known[k] || cnn_answer_equal(&now.of[k], &with.of[k]));
        }
        reading_free(&r);
    }
}

static int failed;

/* One that fits has to be there and right, another one not. */
static void expect(const char *list, const char *what, const answers *a, wide wanted)
{
    const size_t i = (size_t)(cnn_quantity_named(what) - cnn_quantities);
    const bool fits = wanted <= INT64_MAX;
    EXPECT(failed, a->known[i] == fits, "%s: %s is %s", list, what, fits ? "missing" : "there");
    EXPECT(failed, !fits || !a->known[i] || a->of[i].count == (int64_t)wanted, "%s: %s is %lld",
           list, what, (long long)a->of[i].count);
}

static wide count_of(const answers *a, const char *what)
{
    return a->of[cnn_quantity_named(what) - cnn_quantities].count;
}

static bool knows(const answers *a, const char *what)
{
    return a->known[cnn_quantity_named(what) - cnn_quantities];
}

/* Those of samples are so many times those of one; those of parameters follow from their counts. */
static void check_growth(const char *list, const cnn_network *net, const answers *one,
                         const answers *many, wide samples)
{
    static const char *const by_samples[] = {"memory", "peak_memory", "ram", "ram_bound", "kept"};
    const bool norms = net->totals.statistics > 0; /* they keep means, whatever the samples */
    for (size_t i = 0; i < LENGTH(by_samples) - norms; i++) {
        if (knows(one, by_samples[i])) {
            expect(list, by_samples[i], many, count_of(one, by_samples[i]) * samples);
        }
    }
    enum { BYTES = 8, MOMENTS = 2 };
    const cnn_totals *t = &net->totals;
    const wide params = t->params, held = params + t->statistics;
    expect(list, "params_memory", many, params * BYTES);
    expect(list, "flash", many, held * BYTES);
    expect(list, "file", many, (held + (t->statistics > 0)) * BYTES);
    expect(list, "train_params", many, params * BYTES);
    expect(list, "gradients", many, params * BYTES);
    if (knows(many, "kept") && knows(many, "optimizer")) {
        expect(list, "train", many,
               count_of(many, "kept") + 2 * params * BYTES + count_of(many, "optimizer"));
    }
    if (params * BYTES * MOMENTS > INT64_MAX) {
        expect(list, "optimizer", many, params * BYTES * MOMENTS);
    }
}

static void numbers_grow_until_nothing_fits(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers;
    } rows[] = {
        {"vector %lld", "FC-1"},         {"vector %lld", "bn"},
        {"vector %lld", "scale"},        {"vector %lld", "bias"},
        {"vector %lld", "sigmoid"},      {"vector %lld", "bias,sigmoid,FC-1 b0"},
        {"1x%lldx1", "conv1-2,sigmoid"}, {"1x1x%lld", "conv1-1,tanh,maxpool1x2"},
        {"%lldx1x1", "dwconv1,sigmoid"}, {"vector %lld", "bias,add(sigmoid|id)"},
    };
    static const int32_t batches[] = {2, 1000, INT32_MAX};
    failed = 0;
    int read = 0;
    for (size_t i = 0; i < LENGTH(rows) * 63; i++) {
        char input[64], list[128];
        /* sizes from 1 to 2^62, those of odd rows one less than a power */
        const int64_t size = ((int64_t)1 << i % 63) - (i / 63 % 2 == 1 && i % 63 > 0);
        snprintf(input, sizeof input, rows[i / 63].input, (long long)size);
        reading r = read_list(input, rows[i / 63].layers);
        for (size_t k = 0; r.done && k < LENGTH(batches); k++) {
            answers one = {0}, many = {0};
            cnn_error err = {0};
            const cnn_arena arena = cnn_arena_over(memory, MEMORY);
            situation s = {
                .dtype = "f64", .train = "adam", .device = "", .checkpoint = "", .samples = 1};
            snprintf(list, sizeof list, "%s; %s, %d samples", input, rows[i / 63].layers,
                     (int)batches[k]);
            if (!measure(&r.net, &s, arena, &one, &err)) {
                EXPECT(failed, err.code != CNN_OK, "%s: no error", list);
                continue;
            }
            s.samples = batches[k];
            assert_true(measure(&r.net, &s, arena, &many, &err));
            check_growth(list, &r.net, &one, &many, batches[k]);
            read++;
        }
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
    assert_true(read > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_arena_ends_cleanly),
        cmocka_unit_test(numbers_grow_until_nothing_fits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
