/*
 * What training keeps, against bytes measured in PyTorch (tests/data/train_*.tsv), and what its
 * optimizers keep. The rest by hand, as said beside it.
 */
#include "support.h"

#include "net/quantity.h"

/* A quantity of the whole network; -1: it does not fit. */
static int64_t total_of(reading *r, const char *what, int32_t samples, const char *dtype,
                        const char *optimizer, const char *device)
{
    cnn_numbers numbers;
    cnn_arena arena = r->arena;
    assert_true(r->done);
    assert_true(cnn_numbers_begin(&numbers, &r->net, view(dtype), samples, &r->err));
    assert_true(cnn_numbers_train(&numbers, view(optimizer), view(device), &r->err));
    const cnn_quantity *quantity = cnn_quantity_named(what);
    assert_true(cnn_numbers_prepare(&numbers, quantity->needs, &arena, &r->err));
    const cnn_subject all = cnn_subject_total(&r->net);
    int64_t total;
    return cnn_sum_of(quantity, &all, r->net.layers, &numbers, &total) ? total : -1;
}

static int64_t kept_by(const char *input, const char *layers, int32_t samples)
{
    reading r = read_list(input, layers);
    if (!r.done) {
        fail_msg("%s: %s", layers, cnn_error_id(&r.err));
    }
    const int64_t kept = total_of(&r, "kept", samples, "f32", "sgd", "cpu");
    reading_free(&r);
    return kept;
}

static void random_lists(void **state)
{
    (void)state;
    enum { INPUT, SAMPLES, LAYERS, OUTPUT, KEPT, CELLS };
    char *table = slurp(TEST_DATA "/train_lists.tsv"), *at = table, *cells[CELLS];
    int failed = 0, rows = 0;
    assert_true(next_row(&at, cells, CELLS));
    assert_string_equal(cells[KEPT], "kept");
    for (; next_row(&at, cells, CELLS); rows++) {
        const int64_t kept = kept_by(cells[INPUT], cells[LAYERS], atoi(cells[SAMPLES]));
        EXPECT(failed, kept == atoll(cells[KEPT]), "%s: %lld, not %s", cells[LAYERS],
               (long long)kept, cells[KEPT]);
    }
    free(table);
    assert_int_equal(failed, 0);
    assert_int_equal(rows, 250);
}

static void networks(void **state)
{
    (void)state;
    enum { NAME, INPUT, SAMPLES, KEPT, CELLS };
    char *table = slurp(TEST_DATA "/train_networks.tsv"), *at = table, *cells[CELLS];
    int failed = 0, rows = 0;
    assert_true(next_row(&at, cells, CELLS));
    for (; next_row(&at, cells, CELLS); rows++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s.cnn", EXAMPLES, cells[NAME]);
        char *text = slurp(path);
        const int64_t kept = kept_by(cells[INPUT], text, atoi(cells[SAMPLES]));
        EXPECT(failed, kept == atoll(cells[KEPT]), "%s: %lld, not %s", cells[NAME], (long long)kept,
               cells[KEPT]);
        free(text);
    }
    free(table);
    assert_int_equal(failed, 0);
    assert_int_equal(rows, 16);
}

/* The shift before the layer keeps nothing, and makes its output want a gradient. */
static void single_layers(void **state)
{
    (void)state;
    enum { LAYER, INPUT, KEPT, CELLS };
    char *table = slurp(TEST_DATA "/train_layers.tsv"), *at = table, *cells[CELLS];
    int failed = 0, rows = 0;
    assert_true(next_row(&at, cells, CELLS));
    for (; next_row(&at, cells, CELLS); rows++) {
        char list[64], input[64];
        const char *size = strchr(cells[INPUT], 'x') + 1;
        snprintf(input, sizeof input, "%s%s", strchr(size, 'x') == NULL ? "vector" : "", size);
        snprintf(list, sizeof list, "bias, %s", cells[LAYER]);
        const int64_t kept = kept_by(input, list, atoi(cells[INPUT]));
        EXPECT(failed, kept == atoll(cells[KEPT]), "%s: %lld, not %s", list, (long long)kept,
               cells[KEPT]);
    }
    free(table);
    assert_int_equal(failed, 0);
    assert_int_equal(rows, 36);
}

/* Each layer's own share: what several need is kept by the first. 16 values of 4 bytes. */
static void layers_one_by_one(void **state)
{
    (void)state;
    static const struct {
        const char *layers;
        int64_t kept[6];
    } rows[] = {
        {"conv1-1,relu,conv1-1,sigmoid", {64, 64, 0, 64}},
        {"relu,maxpool", {0, 0}},             /* nothing is trained */
        {"conv1-1,lrelu", {64, 64}},          /* in place */
        {"bias,sigmoid,lrelu,bias", {0, 64}}, /* not: its input is what sigmoid keeps */
        {"bias,dropout0,droppath0,conv1-1", {0, 0, 0, 64}},
        {"mul(conv1-1 | id),bias", {64, 0, 0, 0}}, /* the input wants no gradient: it is kept, */
        {"mul(bias | id)", {0, 0, 64}},            /* and what is added to it is not */
        {"bias,mul(id | id)", {0, 0, 0, 64}},      /* one storage */
        {"bias,mul(id | gap)", {0, 0, 64, 4}},     /* gap keeps x, the product the mean */
        {"conv1-2,split(gn1 | relu)", {64, 0, 72, 0, 64}}, /* a copy of half, and two numbers */
        {"conv1-2,split(bn | in)", {64, 0, 136, 0, 72}},   /* bn keeps the whole */
        {"conv1-1,aux(conv1-1),relu", {64, 0, 0, 64}},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x4x4", rows[i].layers);
        cnn_numbers numbers;
        assert_true(r.done && cnn_numbers_begin(&numbers, &r.net, view("f32"), 1, &r.err) &&
                    cnn_numbers_train(&numbers, view("sgd"), view(""), &r.err) &&
                    cnn_numbers_prepare(&numbers, CNN_NEEDS_KEPT, &r.arena, &r.err));
        for (int32_t k = 1; k < r.net.layer_count; k++) {
            int64_t kept = -1;
            EXPECT(failed,
                   cnn_layer_count(cnn_quantity_named("kept"), &r.net.layers[k], &numbers, &kept) &&
                       kept == rows[i].kept[k - 1],
                   "%s, layer %d: %lld", rows[i].layers, (int)k, (long long)kept);
        }
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* 3*3*3*8 + 8 = 224 parameters in two tensors, and 16 of a norm in two. */
static void optimizers(void **state)
{
    (void)state;
    static const struct {
        const char *optimizer, *dtype, *device;
        const char *what;
        int64_t bytes;
    } rows[] = {
        {"none", "f32", "", "optimizer", 0},
        {"sgd", "f32", "", "optimizer", 0},
        {"momentum", "f32", "cpu", "optimizer", 240 * 4},
        {"adam", "f32", "cpu", "optimizer", 2 * 240 * 4 + 4 * 4},
        {"adamw", "f16", "cuda", "optimizer", 2 * 240 * 2 + 4 * 4},
        {"adam", "f64", "cuda", "gradients", 240 * 8},
        /* the input, 48 values; what the convolution gives, 128, with 16 statistics; what the norm
         * gives for the pooling, 128, and 32 places; 32 dropped ones */
        {"sgd", "f32", "cpu", "kept", 2 * 4 * (48 + 128 + 128 + 32) + 4 * 16 + 2 * 8 * 32},
        {"sgd", "f16", "cpu", "kept", 2 * 2 * (48 + 128 + 128 + 32) + 4 * 16 + 2 * 8 * 32},
        {"sgd", "f64", "cpu", "kept", 2 * 8 * (48 + 128 + 128 + 32) + 8 * 16 + 2 * 8 * 32},
        {"sgd", "f32", "cuda", "kept", 2 * 4 * (48 + 128 + 128) + 2 * 32 + 4 * 16 + 2 * 8 * 32},
        {"adam", "f32", "cpu", "train",
         2 * 240 * 4 + 2 * 240 * 4 + 4 * 4 + 2 * 4 * (48 + 128 + 128 + 32) + 4 * 16 + 2 * 8 * 32},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("3x4x4", "conv3-8,bn,maxpool,dropout");
        const int64_t bytes =
            total_of(&r, rows[i].what, 2, rows[i].dtype, rows[i].optimizer, rows[i].device);
        EXPECT(failed, bytes == rows[i].bytes, "%s, %s, %s: %lld, not %lld", rows[i].optimizer,
               rows[i].dtype, rows[i].what, (long long)bytes, (long long)rows[i].bytes);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static void unknown_names(void **state)
{
    (void)state;
    reading r = read_list("8", "conv3-4");
    cnn_numbers numbers;
    assert_true(cnn_numbers_begin(&numbers, &r.net, view("f32"), 1, &r.err));
    assert_false(cnn_numbers_train(&numbers, view("rmsprop"), view("cpu"), &r.err));
    assert_string_equal(cnn_error_id(&r.err), "unknown-optimizer");
    assert_int_equal(r.err.source, CNN_SOURCE_TRAIN);
    r.err = (cnn_error){0};
    assert_false(cnn_numbers_train(&numbers, view("adam"), view("tpu"), &r.err));
    assert_string_equal(cnn_error_id(&r.err), "unknown-device");
    assert_int_equal(r.err.source, CNN_SOURCE_DEVICE);
    reading_free(&r);
}

/* Bytes that do not fit into 64 bits are not there, whichever sum or product is too large. */
static void what_does_not_fit(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *what;
        int32_t samples;
    } rows[] = {
        {"1x1000000x1000000", "conv1-1", "kept", 3000000},
        {"1x1000000x1000000", "conv1-1", "train", 3000000},
        {"1x1000000000x1000000000", "bias,conv1-1,sigmoid", "kept", 2},
        {"1x2000000000x2000000000", "bias,LRN5", "kept", 1},
        {"4000000000000000000x1x1", "bias,LRN5", "kept", 1},
        {"4611686018427387903x1x1", "bias,in", "kept", 1},
        {"1x9223372036854775807x1", "conv2x2-1 p0x1 s9000000000000000000x1", "kept", 1},
        {"vector3000000000", "FC-1000000000 b0", "gradients", 1},
        {"vector3000000000", "FC-1000000000 b0", "optimizer", 1},
        {"vector1000000000", "FC-1000000000 b0", "train", 1},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        EXPECT(failed, r.done, "%s: %s", rows[i].layers, cnn_error_id(&r.err));
        const int64_t bytes =
            r.done ? total_of(&r, rows[i].what, rows[i].samples, "f32", "adam", "") : 0;
        EXPECT(failed, bytes == -1, "%s: %lld", rows[i].layers, (long long)bytes);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_lists),      cmocka_unit_test(networks),
        cmocka_unit_test(single_layers),     cmocka_unit_test(layers_one_by_one),
        cmocka_unit_test(optimizers),        cmocka_unit_test(unknown_names),
        cmocka_unit_test(what_does_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
