/*
 * Networks built without text: any graph of values, attributes that are checked, weights used
 * again. Counts are worked out by hand in the rows; what is written as a list has to read back to
 * the same totals and output.
 */
#include "support.h"

static unsigned char memory[1 << 20];
static sink written;

typedef struct build {
    cnn_arena arena;
    cnn_network net;
    cnn_error err;
    cnn_builder *b;
} build;

static void begin(build *x, int64_t c, int64_t h, int64_t w)
{
    cnn_node ignored;
    *x = (build){.arena = cnn_arena_over(memory, sizeof memory)};
    x->b = cnn_builder_begin(&x->arena, &x->net, &x->err);
    assert_non_null(x->b);
    const cnn_shape shape = {c, {h, w}, 2};
    assert_true(cnn_builder_input(x->b, (cnn_text){0}, &shape, (cnn_span){0, 0}, &ignored));
}

static bool add(build *x, const char *kind, int64_t size, int64_t channels, const cnn_node *sources,
                int32_t count, cnn_node *out)
{
    cnn_attrs attrs = {0};
    for (int i = 0; i < CNN_AXES; i++) {
        attrs.value[CNN_SIZE][i] = size;
    }
    attrs.value[CNN_CHANNELS][0] = channels;
    attrs.given = (size > 0 ? 1u << CNN_SIZE : 0) | (channels > 0 ? 1u << CNN_CHANNELS : 0);
    const cnn_layer_spec spec = {
        .op = cnn_op_find(view(kind)), .attrs = &attrs, .sources = sources, .source_count = count};
    return cnn_builder_layer(x->b, &spec, out);
}

static cnn_node one(build *x, const char *kind, int64_t size, int64_t channels, cnn_node source)
{
    cnn_node out = -1;
    assert_true(add(x, kind, size, channels, &source, 1, &out));
    return out;
}

static cnn_node join(build *x, const char *kind, cnn_node a, cnn_node b)
{
    cnn_node out = -1;
    const cnn_node sources[] = {a, b};
    assert_true(add(x, kind, 0, 0, sources, 2, &out));
    return out;
}

/* With too little memory, or a writer that fails, that is the error; what is written then is the
 * beginning of the list. */
static void write_with_less(const build *x, const char *list)
{
    static unsigned char little[1 << 16];
    bool done = false;
    for (size_t size = 0; !done && size < sizeof little; size += 16) {
        cnn_error err = {0};
        cnn_writer to = sink_open(&written);
        done = cnn_network_write(&x->net, cnn_arena_over(little, size), &to, &err);
        assert_int_equal(err.code, done ? CNN_OK : CNN_OUT_OF_MEMORY);
        assert_string_equal(written.data, done ? list : "");
    }
    assert_true(done);
    for (size_t limit = 1; limit < strlen(list); limit++) {
        cnn_error err = {0};
        cnn_writer to = sink_open(&written);
        written.limit = limit;
        assert_false(cnn_network_write(&x->net, cnn_arena_over(little, sizeof little), &to, &err));
        assert_int_equal(err.code, CNN_WRITE_FAILED);
        assert_memory_equal(written.data, list, written.size);
    }
}

/* Ends the network; its list has to be `list`, and reads back the same. */
static void end(build *x, cnn_node output, const char *list)
{
    assert_true(cnn_builder_end(x->b, output));
    write_with_less(x, list);
    cnn_writer to = sink_open(&written);
    assert_true(write_list(&x->net, &to));
    assert_string_equal(written.data, list);
    reading again = read_text_list(NULL, (cnn_text){written.data, written.size});
    assert_string_equal(cnn_error_id(&again.err), "ok");
    assert_memory_equal(&again.net.totals, &x->net.totals, sizeof x->net.totals);
    assert_memory_equal(output_of(&again.net), output_of(&x->net), sizeof(cnn_shape));
    reading_free(&again);
}

/* conv3-8 on 3 channels: 3*8*9 + 8 = 224 parameters, 216*64 MACs at 8x8 positions. */
static void a_chain(void **state)
{
    (void)state;
    build x;
    begin(&x, 3, 8, 8);
    const cnn_node conv = one(&x, "conv", 3, 8, 0), relu = one(&x, "relu", 0, 0, conv);
    assert_int_equal(cnn_builder_shape(x.b, conv).channels, 8);
    end(&x, one(&x, "FC", 0, 10, relu), "input 3x8x8\nconv3-8\nrelu\nFC-10\n");
    assert_int_equal(x.net.totals.params, 224 + 8 * 64 * 10 + 10);
    assert_int_equal(x.net.totals.macs, 216 * 64 + 8 * 64 * 10);
}

static void branches(void **state)
{
    (void)state;
    build x;
    begin(&x, 4, 8, 8);
    const cnn_node conv = one(&x, "conv", 3, 4, 0), sum = join(&x, "add", conv, 0);
    const cnn_node a = one(&x, "conv", 1, 2, sum), b = one(&x, "conv", 5, 3, sum);
    end(&x, join(&x, "cat", a, b), "input 4x8x8\nadd(conv3-4 | id)\ncat(conv1-2 | conv5-3)\n");
    assert_int_equal(output_of(&x.net)->channels, 5);
}

/* A value that is read in two branches, and skips across several joins as in U-Net. */
static void crossing_branches(void **state)
{
    (void)state;
    build x;
    begin(&x, 4, 8, 8);
    const cnn_node a = one(&x, "conv", 1, 4, 0), b = one(&x, "relu", 0, 0, 0);
    const cnn_node both = join(&x, "add", a, b);
    end(&x, join(&x, "cat", a, both), "input 4x8x8\ncat(n1: conv1-4 | add(@n1 | relu))\n");

    begin(&x, 4, 16, 16);
    cnn_node skip[3], at = 0;
    for (int i = 0; i < 3; i++) {
        skip[i] = one(&x, "conv", 3, 4 << i, at);
        at = one(&x, "maxpool", 2, 0, skip[i]);
    }
    for (int i = 2; i >= 0; i--) {
        at = join(&x, "cat", one(&x, "upsample", 2, 0, at), skip[i]);
    }
    end(&x, at,
        "input 4x16x16\nn1: conv3-4\nmaxpool\nconv3-8\n"
        "cat(maxpool, conv3-16, cat(maxpool, upsample2 | id), upsample2 | id)\nupsample2\n"
        "cat(id | @n1)\n");
}

/* Three uses of one conv3-8 on 8 channels: 8*8*9 + 8 = 584 parameters once, 576*256 MACs each. */
static void weights_used_again(void **state)
{
    (void)state;
    build x;
    begin(&x, 8, 16, 16);
    const cnn_node first = one(&x, "conv", 3, 8, 0);
    cnn_attrs attrs = {.value = {[CNN_SIZE] = {3, 3, 3}, [CNN_CHANNELS] = {8}},
                       .given = 1u << CNN_SIZE | 1u << CNN_CHANNELS};
    cnn_node at = first;
    for (int i = 0; i < 2; i++) {
        const cnn_layer_spec spec = {.op = cnn_op_find(view("conv")),
                                     .attrs = &attrs,
                                     .sources = &at,
                                     .source_count = 1,
                                     .weights_of = i == 0 ? first : at};
        assert_true(cnn_builder_layer(x.b, &spec, &at));
    }
    assert_int_equal(x.net.layers[at].weights_of, first);
    attrs.value[CNN_SIZE][0] = 1; /* another kernel */
    const cnn_layer_spec other = {.op = cnn_op_find(view("conv")),
                                  .attrs = &attrs,
                                  .sources = &at,
                                  .source_count = 1,
                                  .weights_of = first};
    cnn_node out;
    assert_true(cnn_builder_end(x.b, at));
    assert_int_equal(x.net.totals.params, 584);
    assert_int_equal(x.net.totals.macs, 442368);
    assert_false(cnn_builder_layer(x.b, &other, &out));
    assert_string_equal(cnn_error_id(&x.err), "shared-weights");
}

/* Padding before and after: (8 + 1 + 2 - 3)/1 + 1 = 9. */
static void padding_at_each_side(void **state)
{
    (void)state;
    build x;
    begin(&x, 1, 8, 8);
    const cnn_attrs attrs = {.value = {[CNN_SIZE] = {3, 3, 3},
                                       [CNN_CHANNELS] = {2},
                                       [CNN_PAD] = {1, 1, 1},
                                       [CNN_PAD_AFTER] = {2, 1, 1}},
                             .given = 1u << CNN_SIZE | 1u << CNN_CHANNELS | 1u << CNN_PAD};
    cnn_node at = 0;
    const cnn_layer_spec spec = {
        .op = cnn_op_find(view("conv")), .attrs = &attrs, .sources = &at, .source_count = 1};
    assert_true(cnn_builder_layer(x.b, &spec, &at));
    assert_int_equal(cnn_builder_shape(x.b, at).side[0], 9);
    assert_int_equal(cnn_builder_shape(x.b, at).side[1], 8);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        int64_t size, channels;
        int32_t sources;
        cnn_node source;
        const char *id;
    } rows[] = {
        {"conv", 0, 8, 1, 0, "size-missing"},    {"conv", 3, 0, 1, 0, "channels-missing"},
        {"conv", -1, 8, 1, 0, "size-missing"},   {"relu", 3, 0, 1, 0, "unknown-attribute"},
        {"conv", 3, 8, 2, 0, "sources"},         {"add", 0, 0, 1, 0, "sources"},
        {"relu", 0, 0, 1, 7, "source-unknown"},  {"relu", 0, 0, 1, -1, "source-unknown"},
        {"split", 0, 0, 2, 0, "kind-missing"},   {"aux", 0, 0, 1, 0, "kind-missing"},
        {"nothing", 0, 0, 1, 0, "kind-missing"}, {"maxpool", 9, 0, 1, 0, "kernel-too-large"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        build x;
        cnn_node out;
        const cnn_node sources[] = {rows[i].source, rows[i].source};
        begin(&x, 3, 8, 8);
        const bool done =
            add(&x, rows[i].kind, rows[i].size, rows[i].channels, sources, rows[i].sources, &out);
        EXPECT(failed, !done && strcmp(cnn_error_id(&x.err), rows[i].id) == 0, "row %d: %s", (int)i,
               cnn_error_id(&x.err));
    }
    assert_int_equal(failed, 0);
    build x;
    cnn_node out;
    const cnn_shape empty = {0, {8, 8}, 2}, good = {1, {8, 8}, 2};
    begin(&x, 3, 8, 8);
    assert_false(cnn_builder_input(x.b, view("b"), &empty, (cnn_span){0, 0}, &out));
    begin(&x, 3, 8, 8);
    (void)one(&x, "relu", 0, 0, 0);
    assert_false(cnn_builder_input(x.b, view("b"), &good, (cnn_span){0, 0}, &out));
    assert_string_equal(cnn_error_id(&x.err), "input-after-layers");
    begin(&x, 3, 8, 8);
    assert_false(cnn_builder_end(x.b, 1));
    for (size_t size = 0; size < 4096; size += 16) { /* no memory: NULL, or the error */
        cnn_arena arena = cnn_arena_over(memory, size);
        cnn_error err = {0};
        cnn_network net;
        cnn_builder *b = cnn_builder_begin(&arena, &net, &err);
        const bool done = b != NULL && cnn_builder_input(b, view(""), &good, (cnn_span){0}, &out);
        assert_true(done || err.code == CNN_OUT_OF_MEMORY);
    }
}

/* A value that the attributes of a kind do not take, wherever it is given. */
static void refused_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        int64_t size, pad, after;
        cnn_node weights_of;
        const char *id;
    } rows[] = {
        {"conv", 3, 1, 1, 0, "ok"},
        {"conv", 3, -1, 1, 0, "too-small"},
        {"conv", 3, 1, -1, 0, "too-small"},
        {"maxpool", 3, 1, -1, 0, "too-small"},
        {"pad", 0, 1, 2, 0, "ok"},
        {"pad", 0, 1, INT64_MIN, 0, "too-small"},
        {"pad", 0, INT64_MIN, 1, 0, "too-small"},
        {"crop", 0, 1, 2, 0, "ok"},
        {"crop", 0, -1, 2, 0, "too-small"},
        {"crop", 0, 1, -2, 0, "too-small"},
        {"conv", 3, 0, 0, -1, "source-unknown"},
        {"conv", 3, 0, 0, 2, "source-unknown"},
        {"conv", 3, 0, 0, 1, "shared-weights"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        build x;
        cnn_node out = 0;
        const cnn_node source = 0;
        const int64_t pad = rows[i].pad, after = rows[i].after;
        const cnn_attrs attrs = {.value = {[CNN_SIZE] = {rows[i].size, rows[i].size, rows[i].size},
                                           [CNN_CHANNELS] = {8},
                                           [CNN_PAD] = {pad, pad, pad},
                                           [CNN_PAD_AFTER] = {after, after, after}},
                                 .given =
                                     (rows[i].size > 0 ? 1u << CNN_SIZE : 0) | 1u << CNN_PAD |
                                     (strcmp(rows[i].kind, "conv") == 0 ? 1u << CNN_CHANNELS : 0)};
        begin(&x, 3, 8, 8);
        (void)one(&x, "relu", 0, 0, 0);
        const cnn_layer_spec spec = {.op = cnn_op_find(view(rows[i].kind)),
                                     .attrs = &attrs,
                                     .sources = &source,
                                     .source_count = 1,
                                     .weights_of = rows[i].weights_of};
        const bool done = cnn_builder_layer(x.b, &spec, &out);
        EXPECT(failed, strcmp(cnn_error_id(&x.err), rows[i].id) == 0, "row %d: %s", (int)i,
               cnn_error_id(&x.err));
        EXPECT(failed, done == (x.err.code == CNN_OK), "row %d", (int)i);
    }
    static const cnn_shape shapes[] = {{1, {8, 8}, -1}, {1, {8, 8}, 4}, {1, {8, 0}, 2}};
    for (size_t i = 0; i < LENGTH(shapes); i++) {
        build x;
        cnn_node out;
        begin(&x, 3, 8, 8);
        assert_false(cnn_builder_input(x.b, view("b"), &shapes[i], (cnn_span){0, 0}, &out));
        assert_string_equal(cnn_error_id(&x.err), "input-form");
        begin(&x, 3, 8, 8);
        assert_false(cnn_builder_end(x.b, -1));
        assert_string_equal(cnn_error_id(&x.err), "source-unknown");
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain),
        cmocka_unit_test(branches),
        cmocka_unit_test(crossing_branches),
        cmocka_unit_test(weights_used_again),
        cmocka_unit_test(padding_at_each_side),
        cmocka_unit_test(refused),
        cmocka_unit_test(refused_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
