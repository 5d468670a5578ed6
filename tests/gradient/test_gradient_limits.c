/*
 * Derivations and numbers that the tests of each rule leave over: odd networks, odd sizes, numbers
 * at the ends of their range. Expected values are worked out by hand; names of errors stand in
 * base/errors.def.
 */
#include "support.h"

#include "gradient/double.h"

static unsigned char memory[1 << 23];
static sink out;

typedef bool work(const cnn_network *net, const cnn_gradient_options *options, cnn_arena scratch,
                  cnn_writer *to, cnn_error *err);

typedef struct question {
    const char *input, *layers, *loss, *format, *text; /* values */
} question;

/* The error, whose words lie in `memory`. */
static cnn_error ask(const question *q, work *f)
{
    cnn_error err = {0};
    cnn_writer to = sink_open(&out);
    const cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_gradient_options options = {.format = view(q->format), .loss = view(q->loss)};
    reading r = read_list(q->input, q->layers);
    assert_true(r.done);
    options.values = q->text != NULL ? view(q->text) : (cnn_text){0};
    f(&r.net, &options, arena, &to, &err);
    reading_free(&r);
    return err;
}

/* ---- derivations ---- */

#define EMPTY "0*(relu)"

static void derivations(void **state)
{
    static const struct {
        question q;
        const char *wanted; /* in what is written */
    } rows[] = {
        /* without layers the loss is one of x */
        {{"vector 2", EMPTY, "", "", ""}, "dl/dx = 2 * (x - y) "},
        {{"vector 2", EMPTY, "", "json", ""},
         "\"forward\":[\n  {\"name\":\"l\",\"formula\":\"sum((x - y)^2)\",\"shape\":[1]}\n ],\n"
         " \"backward\":[\n  {\"name\":\"dx\",\"formula\":\"2 * (x - y)\",\"shape\":[2]}\n ]}"},
        {{"vector 2", EMPTY, "cross-entropy", "", ""}, "l = -sum(y .* log(softmax(x))) "},
        /* other names of losses, and of the format */
        {{"vector 2", "tanh", "crossentropy", "table", ""}, "dl/da0 = softmax(a0) - y "},
        {{"vector 2", "tanh", "Squared", "", ""}, "dl/da0 = 2 * (a0 - y) "},
        /* third function behind the same layer; sums over indices stay as they are */
        {{"vector 2", "FC-2,relu,relu,tanh", "", "latex", ""}, "  a_{1,3} &= \\tanh\\left(a_{1,2}"},
        {{"1x3x3", "conv2-1 b0", "", "latex", ""},
         "  z_{1} &= \\sum_{c,u,v} W_{1}[n,c,u,v] \\, x[c,i+u,j+v] && \\in"},
        {{"1x3x3", "conv2-1 b0", "", "markdown", ""}, "\nIndices: n filter"},
        {{"vector 2", "tanh, FC-2", "cross-entropy", "latex", ""},
         "l &= -\\operatorname{sum}\\left(y \\odot \\log\\left(\\operatorname{softmax}\\left("
         "z_{1}\\right)\\right)\\right)"},
        /* 3 by 2 rounded up: the last windows are cut off; at one axis is enough */
        {{"1x3x3", "avgpool2 ceil", "", "", ""}, "p0 = 1/taps(i,j) * sum"},
        {{"1x3x4", "avgpool2 ceil", "", "", ""}, "p0 = 1/taps(i,j) * sum"},
        {{"1x4x4", "avgpool2 ceil", "", "", ""}, "p0 = 1/4 * sum"},
        /* 10^20 taps are no number of 64 bits */
        {{"1x8x8", "avgpool10000000000 s1 p5000000000", "", "", ""}, "p0 = 1/taps(i,j) * sum"},
    };
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_error err = ask(&rows[i].q, cnn_gradient_derive);
        EXPECT(failed, err.code == CNN_OK && strstr(out.data, rows[i].wanted) != NULL, "%s: %s\n%s",
               rows[i].q.layers, cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
}

/* ---- numbers ---- */

static void numbers(void **state)
{
    static const struct {
        question q;
        const char *wanted;
    } rows[] = {
        {{"vector 2", EMPTY, "", "", "x = [1 2]; y = [0 0]"}, "l = 5\ndx = [2 4]\n"},
        /* 1.34e154^2 is next to the largest double: the differences beside it are infinite */
        {{"vector 2", EMPTY, "", "", "x = [1.3407807929942596e154 0]; y = [0 1]"},
         " (1 of 2 values)\n"},
        {{"vector 1", EMPTY, "", "json", "x = [1.3407807929942596e154]; y = [0]"},
         "\"max_deviation\":0,\"checked\":0}"},
        /* 81 windows of 10^20 places, each with all of x: p = 64/10^20, dx = 81 * 2p/10^20, which
         * is 1.0368e-36 up to rounding */
        {{"1x8x8", "avgpool10000000000 s1 p5000000000", "", "",
          "x = [1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 "
          "1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1]\n"
          "y = [0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 "
          "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0]"},
         "dx = [1.03679999999999"},
    };
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_error err = ask(&rows[i].q, cnn_gradient_compute);
        EXPECT(failed, err.code == CNN_OK && strstr(out.data, rows[i].wanted) != NULL, "%s: %s\n%s",
               rows[i].q.layers, cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
}

static void refused_numbers(void **state)
{
    static const struct {
        question q;
        const char *id;
        cnn_source source;
        uint32_t begin, end;
    } rows[] = {
        /* a window of two places 5 apart, both beside the map of 4 */
        {{"1x4x4", "relu, maxpool2 p1 d5", "", "", NULL}, "not-finite", CNN_SOURCE_LAYERS, 6, 20},
        /* too large are a value, the loss, a slope; of values alone, or behind 3500 layers that
         * each make the values sqrt(1.5 e^(-1/8)) times as large: 10^213, and its square */
        {{"vector 2", "FC-2", "", "", "x=[1e200 0]; W1=[1e200 0; 0 0]; b1=[0 0]; y=[0 0]"},
         "not-finite",
         CNN_SOURCE_VALUES,
         0,
         0},
        {{"vector 1", EMPTY, "", "", "x = [1e200]; y = [0]"},
         "not-finite",
         CNN_SOURCE_VALUES,
         0,
         0},
        {{"vector 1", "FC-1,FC-1", "", "", "x=[0]; y=[1e150]; W1=[0]; b1=[0]; W2=[1e200]; b2=[0]"},
         "not-finite",
         CNN_SOURCE_VALUES,
         0,
         0},
        {{"vector 8", "3500*FC-8", "", "", NULL}, "not-finite", CNN_SOURCE_LAYERS, 5, 9},
        /* costs beyond 64 bits; a list that ends before it begins */
        {{"1x3000000000x3000000000", "relu,relu", "", "", NULL},
         "gradient-too-large",
         CNN_SOURCE_LAYERS,
         0,
         9},
        {{"1x3000000000x3000000000", "maxpool1000/1", "", "", NULL},
         "gradient-too-large",
         CNN_SOURCE_LAYERS,
         0,
         13},
        {{"1x3000000000x3000000000", EMPTY, "", "", NULL},
         "gradient-too-large",
         CNN_SOURCE_LAYERS,
         0,
         0},
        {{"1x512x512", "f=conv64-1\nrelu,f", "", "", NULL},
         "gradient-too-large",
         CNN_SOURCE_LAYERS,
         2,
         10},
        /* files of values */
        {{"vector 2", "FC-1", "", "", "y = 1; x = [1 2]"},
         "value-missing",
         CNN_SOURCE_VALUES,
         16,
         16},
        {{"1x1x2", "relu", "", "", "y = [1 2]"}, "value-missing", CNN_SOURCE_VALUES, 9, 9},
        {{"vector 2", "FC-1", "", "", "x = [1 2_]"}, "value-number", CNN_SOURCE_VALUES, 7, 9},
        {{"vector 3", "relu", "cross-entropy", "", "y = [1 0.5 0]"},
         "value-class",
         CNN_SOURCE_VALUES,
         4,
         13},
    };
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_error err = ask(&rows[i].q, cnn_gradient_compute);
        EXPECT(failed,
               strcmp(cnn_error_id(&err), rows[i].id) == 0 && err.source == rows[i].source &&
                   err.span.begin == rows[i].begin && err.span.end == rows[i].end,
               "row %d, %s: %s %d %u-%u", (int)i, rows[i].q.layers, cnn_error_id(&err),
               (int)err.source, err.span.begin, err.span.end);
        EXPECT(failed, err.code == CNN_OK || out.size == 0, "row %d: output", (int)i);
    }
    assert_int_equal(failed, 0);
}

/* Of a text that is too long not one byte is read. */
static void long_values(void **state)
{
    (void)state;
    reading r = read_list("vector 1", "relu");
    cnn_error err = {0};
    cnn_writer to = sink_open(&out);
    char *text = calloc(CNN_MAX_BYTES + 1, 1);
    const cnn_gradient_options options = {.values = {text, CNN_MAX_BYTES + 1}};
    assert_false(cnn_gradient_compute(&r.net, &options, r.arena, &to, &err));
    assert_string_equal(cnn_error_id(&err), "too-long");
    assert_int_equal(err.source, CNN_SOURCE_VALUES);
    free(text);
    reading_free(&r);
}

/* ---- doubles ---- */

/* How many bytes of the text are a number; and the shortest text of at least 15 digits. */
static void doubles(void **state)
{
    static const struct {
        const char *text;
        size_t size;
    } seen[] = {
        {"", 0},     {".", 0},    {".x", 0},   {"2", 1},    {"2.", 2},     {"2.x", 2},
        {"2.*a", 1}, {"2./a", 1}, {"2.^3", 1}, {"2.'", 1},  {"2.T", 1},    {".5", 2},
        {"1.5e", 3}, {"1e+", 1},  {"1e-x", 1}, {"1E+5", 4}, {"1e-05x", 5}, {"1.5.2", 3},
    };
    static const struct {
        double value;
        const char *text;
    } written[] = {
        {0.1, "0.1"},
        {0.1 + 0.2, "0.30000000000000004"}, /* 17 digits: with 16 it is 0.3 */
        {4.0 / 3, "1.3333333333333333"},    /* 17 */
        {0.1 + 0.7, "0.7999999999999999"},  /* 16: one unit below 0.8 */
        {-1e300, "-1e+300"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(seen); i++) {
        if (cnn_double_see(view(seen[i].text)) != seen[i].size) {
            fail_msg("%s", seen[i].text);
        }
    }
    for (size_t i = 0; i < LENGTH(written); i++) {
        cnn_writer to = sink_open(&out);
        cnn_out number;
        cnn_out_open(&number, &to);
        cnn_out_double(&number, written[i].value);
        assert_true(cnn_out_close(&number));
        assert_string_equal(out.data, written[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivations), cmocka_unit_test(numbers), cmocka_unit_test(refused_numbers),
        cmocka_unit_test(long_values), cmocka_unit_test(doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
