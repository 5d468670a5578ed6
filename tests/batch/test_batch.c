/* Batch rows through the library: every case is a line and its row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <cnncalc/cnncalc.h>

static _Alignas(16) unsigned char memory[1 << 18];

typedef struct text {
    size_t size;
    size_t room; /* more bytes than this cannot be written */
    char data[1024];
} text;

static bool put(void *user, const char *data, size_t size)
{
    text *t = user;
    if (size > t->room - t->size) {
        return false;
    }
    memcpy(t->data + t->size, data, size);
    t->size += size;
    return true;
}

static cnn_text text_of(const char *string)
{
    return (cnn_text){string, strlen(string)};
}

/* conv3-64 on 3x224x224: 3*3*3*64 + 64 parameters, 1728*224*224 MACs; on 1x28x28: 576 + 64. */
static const struct {
    const char *format, *columns, *input, *line, *row;
} rows[] = {
    {"", "", "", "conv3-64", "7\t64x224x224\t1792\t86704128\t\n"},
    {"tsv", "", "28 gray", "conv3-64", "7\t64x28x28\t640\t451584\t\n"},
    {"", "", "28 gray", "input 3x224x224; conv3-64", "7\t64x224x224\t1792\t86704128\t\n"},
    {"csv", "params, LINE ,params", "", "conv3-64", "1792,7\n"},
    {"json", "line,input,output", "", "conv3-64,FC-2",
     "{\"schema\":1,\"line\":7,\"input\":[3,224,224],\"output\":[2]}\n"},
    {"", "", "", "", "7\t\t\t\t\n"},
    {"", "", "", " \t# conv3-64", "7\t\t\t\t\n"},
    {"", "", "", " \r", "7\t\t\t\t\n"},
    {"", "", "", "\xEF\xBB\xBF", "7\t\t\t\t\n"},
    {"", "line,error", "", "# \xFF",
     "7\tcolumn 3: this byte is not valid UTF-8; save it as UTF-8 or ASCII text\n"},
    {"", "line,error", "", "input 8",
     "7\tcolumn 8: there are no layers in the list; write layers such as "
     "conv3-64,maxpool,FC-4096\n"},
    {"", "line,error", "", " \t input 8",
     "7\tcolumn 11: there are no layers in the list; write layers such as "
     "conv3-64,maxpool,FC-4096\n"},
    {"json", "line,params,output,error", "", "",
     "{\"schema\":1,\"line\":7,\"params\":null,\"output\":null,\"error\":null}\n"},
    {"", "line,error", "", "conv3-64,,bn",
     "7\tcolumn 10: a layer is missing here; remove one of the commas\n"},
    {"csv", "line,error", "", "con3-6",
     "7,\"column 1: no layer or definition is called 'con'; did you mean conv?\"\n"},
    {"json", "error", "", "?",
     "{\"schema\":1,\"error\":\"column 1: '?' is not expected here; a layer is expected "
     "here\"}\n"},
    /* nothing helps but another value */
    {"", "line,error", "", "f(a)=conv3-a; f(bn)",
     "7\tcolumn 12: 'a' holds a layer, not a number\n"},
    /* the input and two outputs; twice 1 weight, 1 bias, 1 MAC */
    {"", "activations,params", "1x1x1", "2*conv1-1", "3\t4\n"},
    {"", "+activations", "1x1x1", "2*conv1-1", "7\t1x1x1\t4\t2\t3\t\n"},
    {"", "error,+activations,layers", "1x1x1", "2*conv1-1", "7\t1x1x1\t4\t2\t\t3\t2\n"},
    {"", "line,error", "", "input 0; bn",
     "7\tcolumn 7: size 0 is below 1; the smallest that makes sense is 1\n"},
    {"", "line,activations,error", "", "input 0; bn",
     "7\t\tcolumn 7: size 0 is below 1; the smallest that makes sense is 1\n"},
    /* 2^62 channels on one point: each layer's values fit, their sum does not */
    {"", "line,macs", "4611686018427387904x1x1", "id", "7\t0\n"},
    {"", "line,macs", "4611686018427387904x1x1", "gap,gap", "7\t0\n"},
    {"", "line,activations,error", "4611686018427387904x1x1", "gap,relu",
     "7\t\tcolumn 5: the number of values does not fit into 64 bits; use smaller numbers\n"},
    {"", "line,activations,error", "4611686018427387904x1x1", "gap,gap",
     "7\t\tcolumn 5: the number of values does not fit into 64 bits; use smaller numbers\n"},
};

static void each_line_has_its_row(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        text out = {.room = sizeof out.data};
        cnn_writer to = {put, &out};
        cnn_error err = {0};
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        const cnn_batch_options options = {.format = text_of(rows[i].format),
                                           .columns = text_of(rows[i].columns),
                                           .input = text_of(rows[i].input)};
        const cnn_batch *batch = cnn_batch_make(&arena, &options, &err);
        assert_non_null(batch);
        assert_true(cnn_batch_write_row(batch, text_of(rows[i].line), 7, arena, &to, &err));
        assert_int_equal(err.code != CNN_OK, strstr(rows[i].row, "column ") != NULL);
        out.data[out.size] = '\0';
        assert_string_equal(out.data, rows[i].row);
    }
}

static const struct {
    cnn_batch_options options;
    const char *id;
    cnn_source source;
} wrong[] = {
    {{.format = {"table", 5}}, "batch-format", CNN_SOURCE_FORMAT},
    {{.columns = {"line,op", 7}}, "unknown-column", CNN_SOURCE_COLUMNS},
    {{.columns = {"line,,macs", 10}}, "no-columns", CNN_SOURCE_COLUMNS},
    {{.columns = {"line, +macs", 6}}, "no-columns", CNN_SOURCE_COLUMNS}, /* '+' is behind it */
    {{.input = {"0", 1}}, "too-small", CNN_SOURCE_INPUT},
    {{.input = {"big", 3}}, "input-form", CNN_SOURCE_INPUT},
};

static void wrong_options_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cnn_error err = {0};
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        assert_null(cnn_batch_make(&arena, &wrong[i].options, &err));
        assert_string_equal(cnn_error_id(&err), wrong[i].id);
        assert_int_equal(err.source, wrong[i].source);
    }
}

/* Whatever the size of the arena: an error about it, or the right row; never a wrong one. */
static void every_arena_size(void **state)
{
    (void)state;
    static const char line[] = "input 8; f(n) = conv3-n,bn; 2x(f(8),relu),add(id | f(8)),FC-2";
    size_t fits = 0;
    for (size_t size = 0; size < sizeof memory && fits < 100; size += 16) {
        text out = {.room = sizeof out.data};
        cnn_writer to = {put, &out};
        cnn_error err = {0};
        cnn_arena arena = cnn_arena_over(memory, size);
        const cnn_batch *batch = cnn_batch_make(&arena, &(cnn_batch_options){0}, &err);
        if (batch == NULL || !cnn_batch_write_row(batch, text_of(line), 1, arena, &to, &err)) {
            assert_int_equal(err.code, CNN_OUT_OF_MEMORY);
            assert_int_equal(out.size, 0);
            assert_int_equal(fits, 0);
            continue;
        }
        /* 3*9*8+8+16, twice 8*9*8+8+16, 8*8*8*2+2 parameters; 64 positions */
        assert_memory_equal(out.data, "1\t2\t2466\t88576\t\n", 16);
        fits++;
    }
    assert_int_equal(fits, 100);
}

static void memory_that_nobody_has_is_said_in_the_row(void **state)
{
    (void)state;
    text out = {.room = sizeof out.data};
    cnn_writer to = {put, &out};
    cnn_error err = {0};
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_batch *batch = cnn_batch_make(&arena, &(cnn_batch_options){0}, &err);
    static char line[CNN_MAX_LINE]; /* there is no room for a copy of it */
    memset(line, ' ', sizeof line);
    const cnn_text whole = {line, sizeof line};
    assert_false(cnn_batch_write_row(batch, whole, 3, arena, &to, &err));
    assert_int_equal(err.code, CNN_OUT_OF_MEMORY);
    assert_true(cnn_batch_write_row(batch, whole, 3, arena, &to, &err));
    assert_memory_equal(out.data, "3\t\t\t\tout of memory\n", 18);
    /* who gives up is believed: the line is not read once more */
    out.size = 0;
    assert_true(cnn_batch_write_row(batch, text_of("bn"), 4, arena, &to, &err));
    assert_memory_equal(out.data, "4\t\t\t\tout of memory\n", 18);
}

/* A blank line ends where it ends, although blanks and more follow in memory. */
static void blank_lines_end(void **state)
{
    (void)state;
    static const char *const around[] = {"  x", "\t\tx", "\r\rx", " x", "\tx", "\rx"};
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        for (size_t size = 0; size <= 1; size++) {
            text out = {.room = sizeof out.data};
            cnn_writer to = {put, &out};
            cnn_error err = {0};
            cnn_arena arena = cnn_arena_over(memory, sizeof memory);
            const cnn_batch *batch = cnn_batch_make(&arena, &(cnn_batch_options){0}, &err);
            const cnn_text line = {around[i], size};
            assert_true(cnn_batch_write_row(batch, line, 3, arena, &to, &err));
            assert_int_equal(out.size, 6);
            assert_memory_equal(out.data, "3\t\t\t\t\n", 6);
        }
    }
}

/* The end of the memory may lie at any address. */
static void odd_arenas(void **state)
{
    (void)state;
    for (size_t from = 0; from < 16; from++) {
        text out = {.room = sizeof out.data};
        cnn_writer to = {put, &out};
        cnn_error err = {0};
        cnn_arena arena = cnn_arena_over(memory, sizeof memory - from);
        const cnn_batch *batch = cnn_batch_make(&arena, &(cnn_batch_options){0}, &err);
        assert_non_null(batch);
        assert_true(cnn_batch_write_row(batch, text_of("relu"), 3, arena, &to, &err));
        assert_memory_equal(out.data, "3\t3x224x224\t0\t0\t\n", 17);
    }
}

static void a_line_that_is_too_long_is_not_looked_at(void **state)
{
    (void)state;
    text out = {.room = sizeof out.data};
    cnn_writer to = {put, &out};
    cnn_error err = {0};
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_batch *batch = cnn_batch_make(&arena, &(cnn_batch_options){0}, &err);
    const cnn_text gone = {NULL, CNN_MAX_LINE + 1};
    assert_true(cnn_batch_write_row(batch, gone, 3, arena, &to, &err));
    assert_string_equal(cnn_error_id(&err), "too-long");
    assert_memory_equal(out.data, "3\t\t\t\tcolumn 1: the list is longer", 33);
}

static void a_writer_that_fails_is_an_error(void **state)
{
    (void)state;
    text out = {.room = 0};
    cnn_writer to = {put, &out};
    cnn_error err = {0};
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_batch *batch = cnn_batch_make(&arena, &(cnn_batch_options){0}, &err);
    assert_false(cnn_batch_write_header(batch, &to));
    assert_false(cnn_batch_write_row(batch, text_of("bn"), 1, arena, &to, &err));
    assert_int_equal(err.code, CNN_WRITE_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_has_its_row),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(every_arena_size),
        cmocka_unit_test(memory_that_nobody_has_is_said_in_the_row),
        cmocka_unit_test(blank_lines_end),
        cmocka_unit_test(odd_arenas),
        cmocka_unit_test(a_line_that_is_too_long_is_not_looked_at),
        cmocka_unit_test(a_writer_that_fails_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
