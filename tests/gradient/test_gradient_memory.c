/*
 * Gradients with too little memory, and with writers that fail. Arenas grow from nothing in steps
 * of one unit of allocation; until the answer is that of a large one there is only "out of memory".
 */
#include "support.h"

enum { STEP = 16, MOST = 1 << 20 };

static unsigned char memory[MOST];
static sink wanted, written;

typedef enum work { DERIVE, COMPUTE, CHECK } work;

#define MLP     "vector 2", "FC-2, sigmoid, FC-2, tanh", "squares"
#define MAP     "2x3x3", "relu, conv2-2, softmax, conv2-1", "squares"
#define CLASSES "vector 3", "FC-2, relu, FC-2", "cross-entropy"

static const struct {
    work work;
    const char *input, *layers, *loss, *format;
    const char *text; /* claims; of COMPUTE the values, "": random ones */
} rows[] = {
    {DERIVE, MLP, "text", ""},
    {DERIVE, MLP, "latex", ""},
    {DERIVE, CLASSES, "latex", ""},
    {DERIVE, MAP, "json", ""},
    {DERIVE, "vector 2", "tanh, FC-3 b0, relu, relu", "squares", "markdown", ""},
    {COMPUTE, MLP, "text", ""},
    {COMPUTE, MAP, "latex", ""},
    {COMPUTE, "vector 1", "FC-1", "squares", "json", "x = [1]; y = [2]; W1 = [3]; b1 = [4]"},
    /* every kind of expression */
    {CHECK, MLP, "json", "dz2 = -2*(y - a2) .* (1 - a2^2)\ndW2 = (dz2) * a1^T"},
    {CHECK, MLP, "json", "dz2 = 2*(a2 - y) .* (1 - a2\xC2\xB2)\nda1 = (dz2^T * W2)'"},
    {CHECK, MLP, "json", "q = 2*(a2 - y)\ndz2 = q .* tanh'(z2) / 1^(-2)\ndb2 = +q.*tanh'(z2)"},
    {CHECK, MLP, "json", "da1 = diag(1 + 0*exp(z1)) * W2^T * dz2 .* sqrt(1)\nl = sum((a2-y)^2)"},
    {CHECK, MLP, "json", "dl/dx = vec(W1^T) * dz1"},
    {CHECK, MLP, "json", "dz2 = softmax'(z2) * (a2 / y)"},
    {CHECK, MLP, "text", "q = W1 * dW2 .* x\nr = q + y\ndW2 = r"},
    {CHECK, MAP, "text", "db1 = sum(dz1)\na1 = softmax(z1)\ndb2 = sum(dz2) + 1"},
    {CHECK, CLASSES, "latex", "dz2 = (softmax(z2) - y) .* a2"},
    /* every kind of mistake: searching takes memory, too */
    {CHECK, MLP, "json", "dW2 = a1 * dz2^T"},
    {CHECK, MLP, "json", "dW2 = 2*(a2 - y) * a1^T"},
    {CHECK, MLP, "json", "dW1 = 3 * ((W2^T * dz2) * x^T)"},
    {CHECK, MLP, "json", "dW1 = (W2^T * (2*(a2 - y))) * x^T"},
    {CHECK, MLP, "json", "db2 = 2 * da1"},
    {CHECK, MLP, "json", "da1 = W2 * dz2"},
    {CHECK, "vector 3", "FC-4, sigmoid, FC-2", "squares", "json", "da1 = W2 * dz2"},
    {CHECK, MLP, "json", "dz1 = da1 .* sigmoid(z1)"},
    {CHECK, MLP, "json", "z1 = sigmoid'(W1 * x + b1)"},
    {CHECK, MLP, "json", "dz1 = (W1^T * dz2) .* a1 .* (1 - a1)"},
    {CHECK, MLP, "json", "dz1 = W2^T * dz2 .* (1 - a1) .* a1 .* x"},
    {CHECK, MLP, "json", "dz2 = 2*(a2 - y)\ndW2 = dz2 * a1^T\ndz1 = (W2^T * 2*(a2-y)).*a1.*(1-a1)"},
    {CHECK, MLP, "json", "dz2 = W2\ndW1 = dz2 * x + W1\ndb2 = (dz2^T)^T"},
};

static bool run(const cnn_network *net, size_t row, size_t size, cnn_writer *to, cnn_error *err)
{
    const cnn_arena arena = cnn_arena_over(memory, size);
    const cnn_text text = view(rows[row].text);
    cnn_gradient_options options = {.format = view(rows[row].format), .loss = view(rows[row].loss)};
    int32_t wrong;
    *err = (cnn_error){0};
    switch (rows[row].work) {
    case DERIVE:
        return cnn_gradient_derive(net, &options, arena, to, err);
    case COMPUTE:
        options.values = text.size > 0 ? text : (cnn_text){0};
        return cnn_gradient_compute(net, &options, arena, to, err);
    case CHECK:
        break;
    }
    return cnn_gradient_check(net, &options, text, arena, to, &wrong, err);
}

/* The answer, or the error of a claim, that plenty of memory gives. */
static void run_with_plenty(const cnn_network *net, size_t row, cnn_error *err)
{
    cnn_writer to = sink_open(&wanted);
    run(net, row, MOST, &to, err);
    if (err->code == CNN_OUT_OF_MEMORY || (err->code == CNN_OK) != (wanted.size > 0)) {
        fail_msg("%s: %s", rows[row].text, cnn_error_id(err));
    }
}

static void every_size_ends_cleanly(void **state)
{
    (void)state;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        reading r = read_list(rows[row].input, rows[row].layers);
        cnn_error plenty, err = {.code = CNN_OUT_OF_MEMORY};
        run_with_plenty(&r.net, row, &plenty);
        size_t size = 0;
        for (; err.code == CNN_OUT_OF_MEMORY && size < MOST; size += STEP) {
            cnn_writer to = sink_open(&written);
            run(&r.net, row, size, &to, &err);
            if (err.code != CNN_OUT_OF_MEMORY &&
                (err.code != plenty.code || strcmp(written.data, wanted.data) != 0)) {
                fail_msg("%s with %zu bytes: %s\n%s\n%s", rows[row].text, size, cnn_error_id(&err),
                         written.data, wanted.data);
            }
        }
        assert_true(size > 500 && size < MOST);
        reading_free(&r);
    }
}

/* A writer that takes n bytes and no more, for every n. */
static void every_writer_may_fail(void **state)
{
    (void)state;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        reading r = read_list(rows[row].input, rows[row].layers);
        cnn_error plenty, err;
        run_with_plenty(&r.net, row, &plenty);
        for (size_t n = 1; n < wanted.size; n += 1 + wanted.size / 20) {
            cnn_writer to = sink_open(&written);
            written.limit = n;
            assert_false(run(&r.net, row, MOST, &to, &err));
            assert_int_equal(err.code, CNN_WRITE_FAILED);
            assert_true(written.size <= n);
        }
        reading_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_ends_cleanly),
        cmocka_unit_test(every_writer_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
