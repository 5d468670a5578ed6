/*
 * No derivative may be left out: for each kind of layer that has a rule, at every small size and
 * place in a chain, a claim without its derivative is wrong. It would be right only at points that
 * take one branch of a function alone, as a relu whose only unit is positive.
 */
#include "support.h"

#include "ops/op.h"

static int32_t judge(const char *input, const char *layers, const char *claim, cnn_error *err)
{
    static unsigned char memory[1 << 22];
    static sink out;
    const cnn_gradient_options options = {0};
    reading r = read_list(input, layers);
    cnn_writer to = sink_open(&out);
    int32_t wrong = -1;
    *err = r.err;
    if (r.done && !cnn_gradient_check(&r.net, &options, view(claim),
                                      cnn_arena_over(memory, sizeof memory), &to, &wrong, err)) {
        wrong = -1;
    }
    reading_free(&r);
    return wrong;
}

/* What a kind does to maps or vectors of `n` values a side, and when its derivative is the
 * identity: never, always, where the map has one value, or where there is one channel. */
typedef enum identity { NEVER, ALWAYS, ONE_VALUE } identity;

static const struct {
    const char *layer;
    cnn_derivative rule;
    char symbol; /* of its output */
    bool map;
    identity identity;
} kinds[] = {
    {"sigmoid", CNN_DERIVE_SIGMOID, 'a', false, NEVER},
    {"tanh", CNN_DERIVE_TANH, 'a', false, NEVER},
    {"relu", CNN_DERIVE_RELU, 'a', false, NEVER},
    {"softmax", CNN_DERIVE_SOFTMAX, 'a', false, NEVER},
    {"sigmoid", CNN_DERIVE_SIGMOID, 'a', true, NEVER},
    {"tanh", CNN_DERIVE_TANH, 'a', true, NEVER},
    {"relu", CNN_DERIVE_RELU, 'a', true, NEVER},
    {"softmax", CNN_DERIVE_SOFTMAX, 'a', true, NEVER},
    {"flatten", CNN_DERIVE_VIEW, 'v', true, ALWAYS},
    {"maxpool2", CNN_DERIVE_MAX, 'p', true, NEVER},
    {"maxpool3/1", CNN_DERIVE_MAX, 'p', true, NEVER},
    {"maxpool3/1 p1", CNN_DERIVE_MAX, 'p', true, ONE_VALUE},
    {"maxpool2/1 ceil", CNN_DERIVE_MAX, 'p', true, NEVER},
    {"avgpool2", CNN_DERIVE_MEAN, 'p', true, NEVER},
    {"avgpool3/1 p1", CNN_DERIVE_MEAN, 'p', true, NEVER}, /* of one value: 1/9 */
    {"gap", CNN_DERIVE_MEAN_ALL, 'p', true, ONE_VALUE},
    {"conv3-1 p1", CNN_DERIVE_CONV, 'z', true, NEVER},
    {"conv1-2", CNN_DERIVE_CONV, 'z', true, NEVER},
    {"dwconv3", CNN_DERIVE_CONV, 'z', true, NEVER},
    {"FC-1", CNN_DERIVE_DENSE, 'z', false, NEVER},
    {"FC-2", CNN_DERIVE_DENSE, 'z', false, NEVER},
    {"FC-3", CNN_DERIVE_DENSE, 'z', false, NEVER},
};

typedef struct chain {
    char input[32], layers[128], in[16], out[16], after[16];
} chain;

/* `place`: the kind is the first layer, the last one, or between two; 3: between two relus. */
static chain chain_of(size_t kind, int n, int channels, int place)
{
    static const char *const before[] = {"", "FC-", "FC-", "FC-"};
    const bool map = kinds[kind].map, weights = kinds[kind].symbol == 'z';
    const int number = (place > 0) + weights;
    chain c = {0};
    snprintf(c.input, sizeof c.input, map ? "%dx%dx%d" : "vector %d", map ? channels : n, n, n);
    if (map) {
        snprintf(c.layers, sizeof c.layers, place > 0 ? "conv1-%d, %s%s%s" : "%.0d%s%s%s", channels,
                 place == 3 ? "relu, " : "", kinds[kind].layer, place >= 2 ? ", FC-2" : "");
    } else {
        snprintf(c.layers, sizeof c.layers, place > 0 ? "%s%d, %s%s%s" : "%s%.0d%s%s%s",
                 before[place], place > 0 ? n : 0, place == 3 ? "relu, " : "", kinds[kind].layer,
                 place >= 2 ? ", tanh, FC-2" : "");
    }
    snprintf(c.in, sizeof c.in, place == 0 ? "x" : place == 3 ? "a1" : "z1");
    const bool second = place == 3 && kinds[kind].symbol == 'a';
    snprintf(c.out, sizeof c.out, "%c%d%s", kinds[kind].symbol, number, second ? "_2" : "");
    if (place >= 2) {
        snprintf(c.after, sizeof c.after, "W%d^T * dl/dz%d", number + 1, number + 1);
    }
    return c;
}

static bool is_identity(size_t kind, int n)
{
    return kinds[kind].identity == ALWAYS || (kinds[kind].identity == ONE_VALUE && n == 1);
}

static void nothing_may_be_left_out(void **state)
{
    int failed = 0, judged = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(kinds); i++) {
        for (int trial = 0; trial < 4 * 3 * 4; trial++) {
            const int n = 1 + trial % 4, channels = 1 + trial / 4 % 3, place = trial / 12;
            const chain c = chain_of(i, n, channels, place);
            char claim[80];
            cnn_error err;
            snprintf(claim, sizeof claim, "dl/d%s = dl/d%s", c.in, c.out);
            const int32_t wrong = judge(c.input, c.layers, claim, &err);
            if (wrong < 0) {
                continue; /* a window that does not fit, or a softmax of one channel */
            }
            judged++;
            EXPECT(failed, wrong == !is_identity(i, n), "%s; %s: %s", c.input, c.layers, claim);
        }
    }
    assert_int_equal(failed, 0);
    assert_true(judged > 600);
}

/* The kind's derivative alone is left out, not those after it. */
static void relus_of_one_unit(void **state)
{
    static const struct {
        const char *layers, *claim;
    } rows[] = {
        {"FC-1, relu, FC-1", "dz1 = W2^T * dz2"},
        {"FC-1, relu, FC-3", "dz1 = W2^T * dz2"},
        {"FC-1, relu", "dz1 = 2*(a1 - y)"},
        {"FC-3, relu, FC-1, relu, FC-2", "dz2 = W3^T * dz3"},
        {"FC-3, relu, FC-1, relu, FC-2", "dW2 = W3^T * dz3 * a1^T"},
        {"FC-1, relu, FC-1, relu, FC-1, relu", "dz2 = W3^T * dz3"},
        {"FC-1, relu, FC-1, relu, FC-1, relu", "dz1 = W2^T * (W3^T * dz3) .* relu'(z1)"},
        {"FC-1, sigmoid, FC-1, relu, FC-1, tanh", "db2 = W3^T * dz3"},
        {"FC-1, relu", "dz1 = 2*(a1 - y) .* relu'(-z1)"},
        /* a branch that is shifted a little */
        {"FC-1, relu, FC-3", "dz1 = W2^T*dz2 .* relu'(z1 + 0.01)"},
        {"FC-1, relu, FC-3", "dz1 = W2^T*dz2 .* relu'(z1 - 0.01)"},
        {"FC-3 b0, relu, FC-2", "dz1 = W2^T*dz2 .* relu'(z1 + 0.01)"},
        {"FC-1, relu", "a1 = z1"},
        {"FC-1, relu", "a1 = 0*z1"},
        {"FC-2, relu", "a1 = z1"},
    };
    int failed = 0;
    (void)state;
    for (int input = 1; input <= 3; input++) {
        char text[16];
        snprintf(text, sizeof text, "vector %d", input);
        for (size_t i = 0; i < LENGTH(rows); i++) {
            cnn_error err;
            EXPECT(failed, judge(text, rows[i].layers, rows[i].claim, &err) == 1, "%s: %s",
                   rows[i].layers, rows[i].claim);
        }
    }
    assert_int_equal(failed, 0);
}

/* A derivative that is there is right at the same points. */
static void what_is_there_is_right(void **state)
{
    static const struct {
        const char *layers, *claim;
    } rows[] = {
        {"FC-1, relu, FC-1", "dz1 = W2^T * dz2 .* relu'(z1)"},
        {"FC-1, relu", "dz1 = 2*(a1 - y) .* relu'(z1)"},
        {"FC-1, relu", "dz1 = 2*(a1 - y) .* relu'(a1)"},    /* the same: a1 > 0 where z1 > 0 */
        {"FC-1, sigmoid, relu, FC-1", "dl/da1 = dl/da1_2"}, /* a sigmoid is always positive */
        {"FC-1, relu, FC-1, relu, FC-1, relu",
         "dz1 = W2^T * (W3^T * dz3 .* relu'(z2)) .* relu'(z1)"},
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_error err;
        EXPECT(failed, judge("vector 2", rows[i].layers, rows[i].claim, &err) == 0, "%s: %s",
               rows[i].layers, rows[i].claim);
    }
    assert_int_equal(failed, 0);
}

/* What is infinite or undefined is no number, and equal to nothing. */
static void infinity_is_never_right(void **state)
{
    static const char *const claims[] = {
        "dW1 = 1/0",
        "dz1 = a1/0",
        "dz1 = -a1/0",
        "l = -1/0",
        "dW1 = dz1 x^T + 1/0",
        "dz1 = log(y-y)",
        "l = 0/0",
        "dz1 = dz1 + 1/(1/0)",
        "dz1 = dz1 / (1 - 1)",
        "l = log(-l)",
        "dz1 = sqrt(-l) * dz1",
        "dz1 = dz1 * (y - y)^-1",
        "l = (0-l)^0.5",
        "dz1 = exp(1e3) * dz1",
        "q = 1/0\ndz1 = q",
        "q = 1/0\ndz1 = dz1 + 1/q",
        "dz1 = exp(exp(exp(exp(exp(a1)))))",
        "dz1 = exp(1e3) - exp(1e3)",
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(claims); i++) {
        cnn_error err;
        EXPECT(failed, judge("vector 2", "FC-2, sigmoid", claims[i], &err) > 0, "%s: %s", claims[i],
               cnn_error_id(&err));
    }
    assert_int_equal(failed, 0);
}

static void every_rule_is_tried(void **state)
{
    (void)state;
    for (int rule = CNN_DERIVE_NONE + 1; rule < CNN_DERIVATIVES; rule++) {
        bool tried = false;
        for (size_t i = 0; i < LENGTH(kinds); i++) {
            tried = tried || (int)kinds[i].rule == rule;
        }
        assert_true(tried);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_may_be_left_out), cmocka_unit_test(relus_of_one_unit),
        cmocka_unit_test(what_is_there_is_right),  cmocka_unit_test(infinity_is_never_right),
        cmocka_unit_test(every_rule_is_tried),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
