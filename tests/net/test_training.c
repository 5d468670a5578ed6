/*
 * What training keeps, against bytes measured in PyTorch (tests/data/train_*.tsv), and what its
 * optimizers keep. The rest by hand, as said beside it.
 */
#include "support.h"

#include "lang/outline.h"
#include "measure/quantity.h"

/* A quantity of the whole network; -1: it does not fit. */
static int64_t total_of(reading *r, const char *what, int32_t samples, const char *dtype,
                        const char *optimizer, const char *device)
{
    cnn_numbers numbers;
    cnn_arena arena = r->arena;
    assert_true(r->done);
    assert_true(cnn_numbers_begin(&numbers, &r->net, view(dtype), samples, &r->err));
    assert_true(cnn_numbers_train(&numbers, view(optimizer), view(device), (cnn_text){0}, &r->err));
    const cnn_quantity *quantity = cnn_quantity_named(what);
    assert_true(cnn_numbers_prepare(&numbers, quantity->needs, &arena, &r->err));
    const cnn_subject all = cnn_subject_total(&r->net);
    int64_t total;
    return cnn_sum_of(quantity, &all, r->net.layers, &numbers, &total) ? total : -1;
}

/* The bytes that the single layers keep, added up. */
static int64_t kept_in_rows(reading *r, int32_t samples)
{
    cnn_numbers numbers;
    cnn_arena arena = r->arena;
    int64_t sum;
    assert_true(cnn_numbers_begin(&numbers, &r->net, (cnn_text){0}, samples, &r->err));
    assert_true(cnn_numbers_train(&numbers, view("sgd"), (cnn_text){0}, (cnn_text){0}, &r->err));
    assert_true(cnn_numbers_prepare(&numbers, CNN_NEEDS_KEPT, &arena, &r->err));
    const cnn_subject rows = {.first = 0, .end = r->net.layer_count, .item = 1};
    return cnn_sum_of(cnn_quantity_named("kept"), &rows, r->net.layers, &numbers, &sum) ? sum : -1;
}

/* The same as the batch finds it, without records; -1: weights are used again. */
static int64_t kept_while_read(const char *input, const char *layers, int32_t samples)
{
    enum { ROOM = 1 << 22 };
    unsigned char *memory = malloc(ROOM);
    cnn_arena arena = {memory, memory + ROOM};
    const cnn_settings settings = {.input = view(input != NULL ? input : "")};
    cnn_numbers numbers;
    cnn_keeping k;
    cnn_network net;
    cnn_layer ends;
    cnn_error err = {0};
    int64_t kept = -1;
    assert_true(cnn_numbers_begin(&numbers, &net, (cnn_text){0}, samples, &err));
    assert_true(cnn_keeping_open(&k, NULL, samples, false, &arena));
    assert_true(cnn_outline_read(&arena, view(layers), &settings, NULL, &k, &net, &ends, &err));
    if (net.layers == NULL) {
        assert_true(cnn_keeping_close(&k, &net, &numbers.training));
        const cnn_kept_form form = cnn_numbers_kept_form(&numbers);
        assert_true(cnn_kept_bytes(&numbers.training, &form, &kept));
    }
    free(memory);
    return kept;
}

/* The batch, a single network and its rows agree. */
static int64_t kept_by(const char *input, const char *layers, int32_t samples)
{
    reading r = read_list(input, layers);
    if (!r.done) {
        fail_msg("%s: %s", layers, cnn_error_id(&r.err));
    }
    const int64_t kept = total_of(&r, "kept", samples, "f32", "sgd", "cpu");
    const int64_t read = kept_while_read(input, layers, samples);
    assert_int_equal(kept_in_rows(&r, samples), kept);
    assert_true(read == kept || (read == -1 && strstr(layers, "reuse(") != NULL));
    reading_free(&r);
    return kept;
}

static void lists_of(const char *path, int expected)
{
    enum { INPUT, SAMPLES, LAYERS, OUTPUT, KEPT, CELLS };
    char *table = slurp(path), *at = table, *cells[CELLS];
    int failed = 0, rows = 0;
    assert_true(next_row(&at, cells, CELLS));
    assert_string_equal(cells[KEPT], "kept");
    for (; next_row(&at, cells, CELLS); rows++) {
        char list[1024];
        snprintf(list, sizeof list, "input %s; %s", cells[INPUT], cells[LAYERS]);
        const int64_t kept = kept_by(NULL, list, atoi(cells[SAMPLES]));
        EXPECT(failed, kept == atoll(cells[KEPT]), "%s: %lld, not %s", list, (long long)kept,
               cells[KEPT]);
    }
    free(table);
    assert_int_equal(failed, 0);
    assert_int_equal(rows, expected);
}

static void random_lists(void **state)
{
    (void)state;
    lists_of(TEST_DATA "/train_lists.tsv", 250);
}

static void random_graphs(void **state)
{
    (void)state;
    lists_of(TEST_DATA "/train_graphs.tsv", 360);
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
        {"conv1-2,split(gn1 | relu)", {64, 0, 136, 0, 64}}, /* the whole, and two numbers */
        {"conv1-2,split(bn | in)", {64, 0, 136, 0, 8}},     /* it is kept once */
        {"conv1-1,aux(conv1-1),relu", {64, 0, 0, 64}},
        {"conv1-1,add(elu | id)", {64, 64, 0, 0}}, /* not in place: its input is added later */
        {"conv1-1,mul(id | id | id)", {64, 0, 0, 0, 128}}, /* x and x*x */
        {"conv1-1,crop2,FC-1", {64, 0, 16}},               /* a copy, to flatten it */
        {"conv1-1,crop4x2,linear-1", {64, 0, 64}},         /* rows lie evenly: a view */
        {"conv1-1,crop2x4,linear-1", {64, 0, 64}},         /* so they do in one channel */
        {"conv1-2,shuffle2,gap", {64, 0, 128}},            /* nothing moves: a view */
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x4x4", rows[i].layers);
        cnn_numbers numbers;
        assert_true(r.done && cnn_numbers_begin(&numbers, &r.net, view("f32"), 1, &r.err) &&
                    cnn_numbers_train(&numbers, view("sgd"), view(""), (cnn_text){0}, &r.err) &&
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

/* 12 values enter; 16, 16 and 8 come out. Kept: 12 by the first convolution, 16 by relu. The most
 * is alive at relu: all that is kept and two gradients of 16. By hand, as all of these. */
static void backward_peak(void **state)
{
    (void)state;
    static const struct {
        const char *layers, *checkpoint, *what;
        int64_t bytes;
    } rows[] = {
        {"conv1-4 b0,relu,conv1-2 b0", "", "train_peak", 4 * (12 + 16 + 16 + 16)},
        /* both branches have the gradient of the sum; adding them takes another one */
        {"conv1-4 b0,add(id | id)", "", "train_peak", 4 * (12 + 16 + 16)},
        /* the first contribution is still there while the second one is made */
        {"conv1-4 b0,add(conv1-4 b0 | conv1-4 b0)", "", "train_peak", 4 * (12 + 16 + 3 * 16)},
        /* nothing is trained: no gradients */
        {"relu,maxpool", "", "train_peak", 0},
        {"frozen(conv1-4 b0),relu,conv1-2 b0", "", "train_peak", 4 * (16 + 8)},
        /* one of two parts: its input; the second keeps what it always does */
        {"conv1-4 b0,relu,conv1-2 b0,sigmoid", "2", "kept", 4 * (12 + 16 + 8)},
        {"conv1-4 b0,relu,conv1-2 b0,sigmoid", "2", "recompute", 4 * 12},
        {"conv1-4 b0,relu,conv1-2 b0,sigmoid", "1", "kept", 4 * (12 + 16 + 8)},
        {"conv1-4 b0,relu,conv1-2 b0,sigmoid", "4", "kept", 4 * (12 + 16 + 16 + 8)},
        {"a: (conv1-4 b0,relu),conv1-2 b0,b: (sigmoid,conv1-2 b0)", "a,b", "kept",
         4 * (12 + 16 + 8)},
        {"a: (conv1-4 b0,relu),conv1-2 b0,b: (sigmoid,conv1-2 b0)", " b ", "recompute", 4 * 4},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("3x2x2", rows[i].layers);
        cnn_numbers numbers;
        const cnn_quantity *what = cnn_quantity_named(rows[i].what);
        const cnn_subject all = cnn_subject_total(&r.net);
        int64_t bytes = -1;
        assert_true(
            r.done && cnn_numbers_begin(&numbers, &r.net, view("f32"), 1, &r.err) &&
            cnn_numbers_train(&numbers, view("sgd"), view(""), view(rows[i].checkpoint), &r.err) &&
            cnn_numbers_prepare(&numbers, what->needs, &r.arena, &r.err));
        EXPECT(failed,
               cnn_sum_of(what, &all, r.net.layers, &numbers, &bytes) && bytes == rows[i].bytes,
               "%s, %s, %s: %lld, not %lld", rows[i].layers, rows[i].checkpoint, rows[i].what,
               (long long)bytes, (long long)rows[i].bytes);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static void wrong_parts(void **state)
{
    (void)state;
    static const struct {
        const char *checkpoint, *id;
    } rows[] = {{"0", "checkpoint-parts"},         {"4", "checkpoint-parts"},
                {"b", "checkpoint-label"},         {"a,b", "checkpoint-label"},
                {",", "checkpoint-label"},         {"-1", "checkpoint-label"},
                {"9999999999", "checkpoint-label"}};
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("8", "a: conv3-4,relu,(bn,relu)");
        cnn_numbers numbers;
        assert_true(
            cnn_numbers_begin(&numbers, &r.net, view("f32"), 1, &r.err) &&
            cnn_numbers_train(&numbers, view(""), view(""), view(rows[i].checkpoint), &r.err));
        EXPECT(failed,
               !cnn_numbers_prepare(&numbers, CNN_NEEDS_KEPT, &r.arena, &r.err) &&
                   strcmp(cnn_error_id(&r.err), rows[i].id) == 0 &&
                   r.err.source == CNN_SOURCE_CHECKPOINT,
               "%s: %s", rows[i].checkpoint, cnn_error_id(&r.err));
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
    assert_false(cnn_numbers_train(&numbers, view("rmsprop"), view("cpu"), (cnn_text){0}, &r.err));
    assert_string_equal(cnn_error_id(&r.err), "unknown-optimizer");
    assert_int_equal(r.err.source, CNN_SOURCE_TRAIN);
    r.err = (cnn_error){0};
    assert_false(cnn_numbers_train(&numbers, view("adam"), view("tpu"), (cnn_text){0}, &r.err));
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

/* ---- graphs without a text ---- */

typedef struct graph {
    cnn_network net;
    cnn_error err;
    cnn_builder *b;
} graph;

/* Adds a layer of `source`, frozen or not, with the weights of its own or of another layer. */
static cnn_node put(graph *g, const char *kind, int64_t size, int64_t channels, cnn_node source,
                    bool frozen, cnn_node weights_of)
{
    cnn_attrs attrs = {.value = {{size, size, size}, {channels}}};
    attrs.given = (size > 0 ? 1u << CNN_SIZE : 0) | (channels > 0 ? 1u << CNN_CHANNELS : 0);
    cnn_node out = -1;
    const cnn_layer_spec spec = {.op = cnn_op_find(view(kind)),
                                 .attrs = &attrs,
                                 .sources = &source,
                                 .source_count = 1,
                                 .frozen = frozen,
                                 .weights_of = weights_of};
    if (!cnn_builder_layer(g->b, &spec, &out)) {
        fail_msg("%s: %s", kind, cnn_error_id(&g->err));
    }
    return out;
}

/*
 * Two inputs of 2x4x4 (128 bytes) are added; then come conv1-2 (6 parameters), bn and FC-3 (99),
 * frozen or not. By the rules that were measured: a frozen convolution or norm keeps its input as
 * long as something before it is trained, a frozen FC keeps nothing.
 */
static void frozen_layers(void **state)
{
    (void)state;
    static const struct {
        bool frozen[3];
        int64_t kept, gradients, adam;
    } rows[] = {
        {{false, false, false}, 128 + 128 + 16 + 128, 4 * 109, 8 * 109 + 6 * 4},
        {{false, true, false}, 128 + 128 + 16 + 128, 4 * 105, 8 * 105 + 4 * 4},
        {{false, true, true}, 128 + 128 + 16, 4 * 6, 8 * 6 + 2 * 4},
        {{true, false, true}, 128 + 16, 4 * 4, 8 * 4 + 2 * 4},
        {{true, true, false}, 128, 4 * 99, 8 * 99 + 2 * 4},
        {{true, true, true}, 0, 0, 0},
    };
    static unsigned char memory[1 << 16];
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        graph g = {0};
        cnn_node in[2], sum = -1;
        const cnn_shape shape = {2, {4, 4}, 2};
        g.b = cnn_builder_begin(&arena, &g.net, &g.err);
        assert_true(cnn_builder_input(g.b, view("a"), &shape, (cnn_span){0, 0}, &in[0]));
        assert_true(cnn_builder_input(g.b, view("b"), &shape, (cnn_span){0, 0}, &in[1]));
        const cnn_layer_spec add = {
            .op = cnn_op_find(view("add")), .sources = in, .source_count = 2};
        assert_true(cnn_builder_layer(g.b, &add, &sum));
        cnn_node at = put(&g, "conv", 1, 2, sum, rows[i].frozen[0], 0);
        at = put(&g, "bn", 0, 0, at, rows[i].frozen[1], 0);
        at = put(&g, "FC", 0, 3, at, rows[i].frozen[2], 0);
        assert_true(cnn_builder_end(g.b, at));
        reading r = {.net = g.net, .arena = arena, .done = true};
        const int64_t kept = total_of(&r, "kept", 1, "f32", "adam", "");
        const int64_t gradients = total_of(&r, "gradients", 1, "f32", "adam", "");
        const int64_t adam = total_of(&r, "optimizer", 1, "f32", "adam", "");
        EXPECT(failed,
               kept == rows[i].kept && gradients == rows[i].gradients && adam == rows[i].adam &&
                   total_of(&r, "train", 1, "f32", "adam", "") ==
                       4 * 109 + gradients + adam + kept &&
                   total_of(&r, "activations", 1, "f32", "", "") == 32 * 5 + 3 &&
                   total_of(&r, "peak", 1, "f32", "", "") == 32 * 3,
               "row %d: %d, %d, %d", (int)i, (int)kept, (int)gradients, (int)adam);
    }
    assert_int_equal(failed, 0);
}

/* A convolution twice with the same weights: they have one gradient, and both inputs are kept. */
static void weights_used_again(void **state)
{
    (void)state;
    static unsigned char memory[1 << 16];
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    graph g = {0};
    cnn_node at;
    const cnn_shape shape = {2, {4, 4}, 2};
    g.b = cnn_builder_begin(&arena, &g.net, &g.err);
    assert_true(cnn_builder_input(g.b, view("a"), &shape, (cnn_span){0, 0}, &at));
    const cnn_node first = put(&g, "conv", 1, 2, at, false, 0);
    at = put(&g, "conv", 1, 2, first, false, first);
    assert_true(cnn_builder_end(g.b, at));
    reading r = {.net = g.net, .arena = arena, .done = true};
    assert_int_equal(total_of(&r, "kept", 1, "f32", "adam", ""), 128 + 128);
    assert_int_equal(total_of(&r, "gradients", 1, "f32", "adam", ""), 4 * 6);
    assert_int_equal(total_of(&r, "optimizer", 1, "f32", "adam", ""), 8 * 6 + 2 * 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_lists),      cmocka_unit_test(random_graphs),
        cmocka_unit_test(networks),          cmocka_unit_test(single_layers),
        cmocka_unit_test(layers_one_by_one), cmocka_unit_test(optimizers),
        cmocka_unit_test(backward_peak),     cmocka_unit_test(wrong_parts),
        cmocka_unit_test(unknown_names),     cmocka_unit_test(what_does_not_fit),
        cmocka_unit_test(frozen_layers),     cmocka_unit_test(weights_used_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
