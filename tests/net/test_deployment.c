/*
 * What a deployed network takes. MobileNetV2's figures and the size of resnet50's saved tensors are
 * PyTorch's (torchvision 0.14.1, batch norms folded, weights of 8 and biases of 32 bits); the
 * others by hand.
 */
#include "support.h"

#include "measure/placement.h"
#include "measure/quantity.h"

static reading read_example(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.cnn", EXAMPLES, name);
    char *text = slurp(path);
    reading r = read_list(NULL, text);
    free(text);
    r.net.text = (cnn_text){0};
    return r;
}

static int64_t total_of(reading *r, const char *what, const char *dtype)
{
    cnn_numbers numbers;
    cnn_arena arena = r->arena;
    const cnn_quantity *quantity = cnn_quantity_named(what);
    assert_true(r->done && cnn_numbers_begin(&numbers, &r->net, view(dtype), 1, &r->err) &&
                cnn_numbers_train(&numbers, view("sgd"), view(""), (cnn_text){0}, &r->err) &&
                cnn_numbers_prepare(&numbers, quantity->needs, &arena, &r->err));
    int64_t total;
    return cnn_total_of(quantity, &numbers, &total) ? total : -1;
}

static void known_networks(void **state)
{
    (void)state;
    static const struct {
        const char *name, *dtype, *what;
        bool fold;
        int64_t total;
    } rows[] = {
        {"mobilenet_v2", "i8", "flash", true, 3541984},
        {"mobilenet_v2", "i8", "peak_memory", true, 1505280},
        {"mobilenet_v2", "i8", "ram", true, 1505280},
        {"mobilenet_v2", "i8", "macs", true, 300774272}, /* as before folding */
        {"resnet50", "f32", "file", false, 102441032},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_example(rows[i].name);
        assert_true(!rows[i].fold || cnn_network_fold(&r.net, &r.arena, &r.err));
        const int64_t total = total_of(&r, rows[i].what, rows[i].dtype);
        EXPECT(failed, total == rows[i].total, "%s, %s: %lld", rows[i].name, rows[i].what,
               (long long)total);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* conv3-4 on one channel: 36 weights and 4 biases; bn 8 parameters and 8 statistics. */
static void bytes_of_parameters(void **state)
{
    (void)state;
    static const struct {
        const char *layers, *dtype, *what;
        int64_t plain, folded;
    } rows[] = {
        {"conv3-4,bn", "f32", "flash", 4 * (40 + 8 + 8), 4 * 40},
        {"conv3-4,bn", "f32", "file", 4 * (40 + 8 + 8) + 8, 4 * 40},
        {"conv3-4 b0,bn", "f32", "flash", 4 * (36 + 8 + 8), 4 * 40},
        {"conv3-4,bn", "f16", "flash", 2 * (40 + 8 + 8), 2 * 40},
        {"conv3-4,bn", "i8", "flash", 36 + 4 * 4 + 4 + 4 * 4 + 4 * 8, 36 + 4 * 4},
        {"conv3-4,bn", "i8", "file", 36 + 4 * 4 + 4 + 4 * 4 + 4 * 8 + 8, 36 + 4 * 4},
        {"conv3-4", "i8,f32", "file", 36 + 4 * 4, 36 + 4 * 4}, /* as the weights are stored */
        {"conv3-4,bn", "i8", "params_memory", 36 + 4 * 4 + 4 + 4 * 4, 36 + 4 * 4},
        {"conv3-4,bn", "i4,i8", "params_memory", 18 + 4 * 4 + 2 + 4 * 4, 18 + 4 * 4},
        {"conv3-4", "i2,f32", "params_memory", 9 + 4 * 4, 9 + 4 * 4},
        {"conv3-4", "i1,i8", "params_memory", 5 + 4 * 4, 5 + 4 * 4}, /* 36 bits fill 5 bytes */
        {"conv3-4", "i8,f32", "memory", 4 * (64 + 256), 4 * (64 + 256)},
        {"conv3-4,bn", "i8", "memory", 64 + 256 + 256, 64 + 256},
        /* a value that only gives a size is not read there: most are alive at the second layer */
        {"a: conv1-8, conv1-2, resize@a", "i8", "peak_memory", 64 * (8 + 2), 64 * (8 + 2)},
        /* a norm stays where somebody else reads what it reads, or nothing can take it up */
        {"a: conv3-4, bn, add(@a | id)", "f32", "params", 48, 48},
        {"relu, bn", "f32", "params", 2, 2},
        {"bn, conv3-4", "f32", "params", 42, 42},
        {"conv3-4, relu, bn", "f32", "params", 48, 48},
        {"FC-4, bn", "f32", "params", 64 * 4 + 4 + 8, 64 * 4 + 4},
        {"deconv2-3 b0, bn", "f32", "params", 12 + 6, 12 + 3},
        {"conv3-4, aux(bn)", "f32", "params", 48, 48},
        {"conv3-4, aux(conv1-2, bn)", "f32", "flash", 160, 160}, /* a head is not deployed */
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x8x8", rows[i].layers);
        const int64_t plain = total_of(&r, rows[i].what, rows[i].dtype);
        assert_true(cnn_network_fold(&r.net, &r.arena, &r.err));
        const int64_t folded = total_of(&r, rows[i].what, rows[i].dtype);
        EXPECT(failed, plain == rows[i].plain && folded == rows[i].folded,
               "%s, %s of %s: %lld and %lld", rows[i].layers, rows[i].what, rows[i].dtype,
               (long long)plain, (long long)folded);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* What is folded is a list of its own, with the biases that it got. */
static void folded_lists_read_back(void **state)
{
    (void)state;
    reading r = read_example("resnet18");
    assert_true(cnn_network_fold(&r.net, &r.arena, &r.err));
    assert_true(round_trips(&r.net));
    assert_int_equal(r.net.totals.statistics, 0);
    assert_int_equal(r.net.totals.params, 11689512 - 2 * 4800 + 4800); /* 4800 channels */
    reading_free(&r);
    r = read_list("8", "conv3-4,bn");
    cnn_arena full = {0};
    assert_false(cnn_network_fold(&r.net, &full, &r.err));
    assert_int_equal(r.err.code, CNN_OUT_OF_MEMORY);
    reading_free(&r);
}

/* The MACs of a 1x1 convolution on 4x4 are 16 for each weight. */
static void backward_passes(void **state)
{
    (void)state;
    static const struct {
        const char *layers;
        int64_t macs;
    } rows[] = {
        {"conv1-2", 32}, /* the input wants no gradient */
        {"conv1-2,conv1-3", 32 + 2 * 96},
        {"relu,conv1-2", 32},
        {"bias,conv1-2", 64},
        {"conv1-2,relu,maxpool,FC-3", 32 + 2 * 24},
        {"add(conv1-1 | id),conv1-2", 16 + 64},
        {"conv1-2,aux(conv1-9)", 32},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x4x4", rows[i].layers);
        const int64_t macs = total_of(&r, "backward", "f32");
        EXPECT(failed, macs == rows[i].macs, "%s: %lld", rows[i].layers, (long long)macs);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Largest first, each at the lowest free place; the time of a buffer is first..last. */
static void places(void **state)
{
    (void)state;
    static const struct {
        cnn_buffer list[5];
        int32_t count;
        int64_t all;
    } rows[] = {
        {{{10, 0, 0, 1}}, 1, 10},
        {{{10, 0, 0, 1}, {20, 0, 1, 2}}, 2, 30},
        {{{10, 0, 0, 1}, {20, 0, 2, 3}}, 2, 20},
        {{{10, 0, 0, 1}, {20, 0, 1, 2}, {10, 0, 2, 3}}, 3, 30}, /* both tens after the twenty */
        /* 8 at 0, 6 at 8 beside it, 5 at 0 beside the 6, 2 at 5 */
        {{{8, 0, 0, 1}, {6, 0, 1, 3}, {5, 0, 2, 3}, {2, 0, 3, 3}}, 4, 14},
        /* greed costs: 6 at 0, 5 at 6, 4 at 0, then 3 beside the 5 and the 4 at 11: at once are 12
         */
        {{{6, 0, 0, 1}, {5, 0, 1, 2}, {4, 0, 2, 2}, {3, 0, 2, 3}}, 4, 14},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        static unsigned char memory[4096];
        cnn_buffer list[5];
        memcpy(list, rows[i].list, sizeof list);
        const int64_t all =
            cnn_buffers_place(list, rows[i].count, cnn_arena_over(memory, sizeof memory));
        EXPECT(failed, all == rows[i].all, "row %d: %lld", (int)i, (long long)all);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_networks),
        cmocka_unit_test(bytes_of_parameters),
        cmocka_unit_test(folded_lists_read_back),
        cmocka_unit_test(backward_passes),
        cmocka_unit_test(places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
