/*
 * Claims in numbers. Right ones are PyTorch's (tests/data/gradients), or those of M. Mazur, "A step
 * by step backpropagation example" (2015): a network of two layers with half the squares as its
 * loss, whose numbers are printed there with up to nine digits.
 */
#include "support.h"

#include <dirent.h>

typedef struct question {
    const char *input, *layers, *loss;
    cnn_text values, claims;
} question;

static sink out;
static unsigned char memory[1 << 24];

static int32_t judge(const question *q, cnn_error *err)
{
    const cnn_gradient_options options = {
        .format = view("json"), .loss = view(q->loss), .values = q->values};
    reading r = read_list(q->input, q->layers);
    cnn_writer to = sink_open(&out);
    int32_t wrong = -1;
    *err = r.err;
    const bool done =
        r.done && cnn_gradient_check(&r.net, &options, q->claims,
                                     cnn_arena_over(memory, sizeof memory), &to, &wrong, err);
    reading_free(&r);
    return done ? wrong : -1;
}

static void header(const char *text, const char *key, char *to, size_t size)
{
    const char *at = strstr(text, key);
    assert_non_null(at);
    at += strlen(key);
    snprintf(to, size, "%.*s", (int)strcspn(at, "\n"), at);
}

/* The lines with results: l and gradients. */
static cnn_text results(const char *text, sink *to)
{
    cnn_writer w = sink_open(to);
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        const size_t size = strcspn(line, "\n");
        if (line[0] == 'd' || line[0] == 'l') {
            w.write(w.user, line, size + 1);
        }
    }
    return (cnn_text){to->data, to->size};
}

static void results_of_pytorch_are_right(void **state)
{
    static sink claims;
    int failed = 0, files = 0;
    DIR *folder = opendir(TEST_DATA "/gradients");
    (void)state;
    assert_non_null(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[1024], input[64], layers[400], loss[32];
        if (entry->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, TEST_DATA "/gradients/%s", entry->d_name);
        char *text = slurp(path);
        header(text, "# input: ", input, sizeof input);
        header(text, "# layers: ", layers, sizeof layers);
        header(text, "# loss: ", loss, sizeof loss);
        cnn_error err;
        const question q = {input, layers, loss, view(text), results(text, &claims)};
        EXPECT(failed, judge(&q, &err) == 0, "%s: %s %s", path, cnn_error_id(&err), out.data);
        free(text);
        files++;
    }
    closedir(folder);
    assert_int_equal(files, 17);
    assert_int_equal(failed, 0);
}

#define MAZUR                                                                                      \
    "x = [0.05 0.10]; y = [0.01 0.99]; W1 = [0.15 0.20; 0.25 0.30]; b1 = [0.35 0.35];"             \
    "W2 = [0.40 0.45; 0.50 0.55]; b2 = [0.60 0.60]"

/* The verdict of the last claim, and the id of a cause. */
static const struct {
    const char *claims, *verdict, *id;
} rows[] = {
    /* as the article has them */
    {"z1 = [0.3775 0.3925]", "right", ""},
    {"a1 = [0.593269992 0.596884378]", "right", ""},
    {"a2 = [0.75136507 0.772928465]", "right", ""},
    {"l = 0.298371109", "right", ""},
    {"da2 = [0.74136507 -0.217071535]", "right", ""},
    {"dz2 = [0.138498562 -0.0380982]", "right", ""},
    {"dW2 = [0.082167041 0.082667628; -0.02260254 -0.022740242]", "right", ""},
    {"dW1 = [0.000438568 0.000877135; 0.000497713 0.000995425]", "right", ""},
    {"da1 = [0.036350306 0.041370323]", "right", ""},

    /* fewer digits, other arrangements */
    {"l = 0.298", "right", ""},
    {"l = 0.3", "right", ""},
    {"l = .298371", "right", ""},
    {"l = 2.98e-1", "right", ""},
    {"a1 = [0.59; 0.60]", "right", ""},
    {"a1 = [0.59, 0.59]", "right", ""}, /* cut off */
    {"a1 = [[0.593], [0.597]]", "right", ""},
    {"dW2 = [[0.0822, 0.0827], [-0.0226, -0.0227]]", "right", ""},
    {"a1 = array([0.59327, 0.59688])", "right", ""},
    {"a1 = tensor([0.5933, 0.5969])", "right", ""},
    {"a1 = [0.59327 0.59688]^T", "right", ""},
    {"l \xE2\x89\x88 0.298", "right", ""}, /* about */
    {"da2 = [0.741 \xE2\x88\x92"
     "0.217]",
     "right", ""},
    {"l = 0.5 * 0.74136507^2 + 0.5 * 0.217071535^2", "right", ""},

    /* not right as far as they are written */
    {"l = 0.299", "wrong", ""},
    {"l = 0.2984", "right", ""},
    {"l = 0.2985", "wrong", ""},
    {"l = 0.29837115", "right", ""}, /* single precision: seven digits are right */
    {"l = 0", "wrong", ""},
    {"l = 0.0", "wrong", ""},
    {"l = 1", "wrong", ""},
    {"a1 = [1 1]", "wrong", ""},
    {"a1 = [0.593 1]", "wrong", ""},
    {"a1 = [0.59327 0.6]", "right", ""},
    {"dW1 = [0 0; 0 0]", "wrong", ""},
    {"l = 1/3", "wrong", ""},
    {"a1 = 0.593", "wrong", "wrong-size"},
    {"a1 = [0.593 0.597 0.6]", "wrong", "wrong-size"},
    {"dW2 = [0.0822 0.0827 -0.0226 -0.0227]", "wrong", "wrong-size"},

    /* causes */
    {"l = 0.596742", "wrong", "factor\",\"factor\":2"},
    {"da2 = [-0.741365 0.2170715]", "wrong", "sign"},
    {"dW2 = [0.0821670 -0.0226025; 0.0826676 -0.0227402]", "wrong", "transposed"},
    {"dz2 = [0.741365 -0.2170715]", "wrong", "value-of\",\"name\":\"da2"},
    {"db2 = [0.741365 -0.2170715]", "wrong", "value-of\",\"name\":\"da2"},

    /* what follows */
    {"dz2 = [-0.138499 0.0380982]\ndb2 = [-0.138499 0.0380982]", "follows", ""},
    {"dz2 = [0.741365 -0.2170715]\ndW2 = [0.43983 0.44251; -0.12878 -0.12957]", "follows", ""},
    {"a1 = [0.6 0.6]\nz2 = [1.11 1.23]", "follows", ""}, /* 1.106 and 1.225 */
    {"a1 = [0.7 0.7]\nz2 = [1.195 1.335]", "follows", ""},
    {"a1 = [0.7 0.7]\nz2 = [1.195 1.4]", "wrong", ""},
    {"a1 = [0.7 0.7]\nz2 = W2 * a1 + b2", "right", ""},
};

static void verdicts(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const question q = {"vector 2", "FC-2, sigmoid, FC-2, sigmoid", "half-squares", view(MAZUR),
                            view(rows[i].claims)};
        cnn_error err;
        char verdict[40], id[80];
        const int32_t wrong = judge(&q, &err);
        const char *last = out.data;
        for (const char *p = last; (p = strstr(p, "{\"claim\":")) != NULL; p++) {
            last = p;
        }
        snprintf(verdict, sizeof verdict, "\"verdict\":\"%s\"", rows[i].verdict);
        snprintf(id, sizeof id, "{\"id\":\"%s", rows[i].id);
        EXPECT(failed, wrong >= 0 && strstr(last, verdict) != NULL, "%s: %s %s", rows[i].claims,
               cnn_error_id(&err), last);
        EXPECT(failed, rows[i].id[0] == '\0' || strstr(last, id) != NULL, "%s: %s", rows[i].claims,
               last);
    }
    assert_int_equal(failed, 0);
}

static void refused(void **state)
{
    static const struct {
        const char *values, *claims, *id;
    } bad[] = {
        {"", "l = 0.298", "claim-no-values"},
        {"", "a1 = [0.59 0.60]", "claim-no-values"},
        {MAZUR, "a1 = [0.59 x]", "claim-numbers"},
        {MAZUR, "a1 = [0.59 0.60", "claim-numbers"},
        {MAZUR, "a1 = []", "claim-numbers"},
        {MAZUR, "a1 = [[[[[1]]]]]", "claim-numbers"},
        {MAZUR, "a1 = [0.59 0.60] * 2", "claim-numbers"},
        {MAZUR, "a1 = [1e999 1]", "value-range"},
        {MAZUR, "q = [1 2]", "claim-index"},
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        const question q = {"vector 2", "FC-2, sigmoid, FC-2, sigmoid", "", view(bad[i].values),
                            view(bad[i].claims)};
        cnn_error err;
        const int32_t wrong = judge(&q, &err);
        EXPECT(failed, wrong < 0 && strcmp(cnn_error_id(&err), bad[i].id) == 0, "%s: %s %s",
               bad[i].claims, cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
}

/* ---- losses ---- */

/* y = 0, a = z = 3: (3 - 0)^2 and its kind; sigmoid(0) = 1/2: ln 2. */
static void losses_by_hand(void **state)
{
    static const struct {
        const char *layers, *loss, *values, *claims;
    } by_hand[] = {
        {"FC-1 b0", "squares", "x = 1; W1 = 3; y = 0", "l = 9\ndz1 = 6"},
        {"FC-1 b0", "half-squares", "x = 1; W1 = 3; y = 0", "l = 4.5\ndz1 = 3"},
        {"FC-1 b0", "mean-squares", "x = 1; W1 = 3; y = 0", "l = 9\ndz1 = 6"},
        {"FC-2 b0", "mean-squares", "x = 1; W1 = [3; 1]; y = [0 0]", "l = 5\ndz1 = [3 1]"},
        {"FC-2 b0", "mse", "x = 1; W1 = [3; 1]; y = [0 0]", "l = 5\ndz1 = [3 1]"},
        {"FC-1 b0, sigmoid", "binary-cross-entropy", "x = 1; W1 = 0; y = 1",
         "l = 0.693147181\nda1 = -2\ndz1 = -0.5"},
        /* two positions, the logits 0 and 0 with class 1, 3 and 3 with class 0: twice ln 2 */
        {"FC-4 b0, reshape2x1x2", "cross-entropy", "x = 1; W1 = [0; 3; 0; 3]; y = [1 0]",
         "l = 1.386294361\ndv1 = [0.5 -0.5 -0.5 0.5]"},
        {"FC-4 b0, reshape2x1x2", "cross-entropy", "x = 1; W1 = [0; 3; 0; 3]; y = [0 1 1 0]",
         "l = 1.386294361\ndv1 = [0.5 -0.5 -0.5 0.5]"},
        {"FC-2 b0, sigmoid", "bce", "x = 1; W1 = [0; 0]; y = [1 0]",
         "l = 1.386294361\nda1 = [-2 2]\ndz1 = [-0.5 0.5]"},
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(by_hand); i++) {
        const question q = {"vector 1", by_hand[i].layers, by_hand[i].loss, view(by_hand[i].values),
                            view(by_hand[i].claims)};
        cnn_error err;
        EXPECT(failed, judge(&q, &err) == 0, "%s %s: %s %s", by_hand[i].layers, by_hand[i].loss,
               cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
}

/* A sheet's own loss counts where none is asked for; number of wrong lines. */
static void losses_that_sheets_state(void **state)
{
    static const struct {
        const char *layers, *loss, *claims;
        int32_t wrong;
    } sheets[] = {
        {"FC-3", "", "l = 1/2*sum((z1 - y)^2)\ndz1 = z1 - y", 0},
        {"FC-3", "", "l = (z1 - y)^T (z1 - y)/2\ndz1 = 2*(z1 - y)", 1},
        {"FC-3", "", "l = 1/3*sum((z1 - y)^2)\ndz1 = 2/3*(z1 - y)", 0},
        {"FC-3", "", "e = z1 - y\nl = 1/8 * sum(e^2)\ndz1 = e/4", 0},
        {"FC-3", "squares", "l = 1/2*sum((z1 - y)^2)\ndz1 = z1 - y", 2},
        {"FC-3", "", "l = -sum(y .* log(softmax(z1)))\ndz1 = softmax(z1) - y", 0},
        {"FC-3", "", "l = log(sum(exp(z1))) - y^T z1\ndz1 = z1 - y", 1},
        {"FC-1, sigmoid", "", "l = -(y*log(a1) + (1-y)*log(1-a1))\ndz1 = a1 - y", 0},
        {"FC-1, sigmoid", "", "l = -y*log(a1) - (1-y)*log(1-a1)\nda1 = -y/a1 + (1-y)/(1-a1)", 0},
        {"FC-3", "", "l = -sum((z1 - y)^2)\ndz1 = 2*(z1 - y)", 1},
        {"FC-3", "", "l = sum(z1 - y)\ndz1 = 2*(z1 - y)", 1},
        {"FC-3", "", "l = 1/0\ndz1 = 2*(z1 - y)", 1},
        {"FC-3", "", "dz1 = z1 - y\nl = 1/2*sum((z1 - y)^2)", 0},
        /* of a map with two positions: PyTorch's default is the mean over them */
        {"FC-4, reshape2x1x2", "", "l = -1/2*sum(y .* log(softmax(v1)))\ndv1 = (softmax(v1)-y)/2",
         0},
        {"FC-4, reshape2x1x2", "", "l = -sum(y .* log(softmax(vec(v1))))\ndv1 = softmax(v1)-y", 2},
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(sheets); i++) {
        const question q = {
            "vector 2", sheets[i].layers, sheets[i].loss, {0}, view(sheets[i].claims)};
        cnn_error err;
        EXPECT(failed, judge(&q, &err) == sheets[i].wrong, "%s: %s %s", sheets[i].claims,
               cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
}

static void losses_that_do_not_fit(void **state)
{
    static const struct {
        const char *layers, *loss, *id;
    } bad[] = {
        {"FC-1, sigmoid", "cross-entropy", "loss-one-unit"},
        {"FC-1", "cross-entropy", "loss-one-unit"},
        {"FC-2, softmax", "cross-entropy", "loss-twice"},
        {"reshape2x1x1, conv1-1", "cross-entropy", "loss-one-unit"},
        {"reshape1x1x2", "cross-entropy", "loss-one-unit"},
        {"reshape2x1x1, softmax", "cross-entropy", "loss-twice"},
        {"FC-1, tanh", "binary-cross-entropy", "loss-takes"},
        {"FC-1", "binary-cross-entropy", "loss-takes"},
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        const question q = {"vector 2", bad[i].layers, bad[i].loss, {0}, view("dz1 = a1 - y")};
        cnn_error err;
        EXPECT(failed, judge(&q, &err) < 0 && strcmp(cnn_error_id(&err), bad[i].id) == 0,
               "%s %s: %s", bad[i].layers, bad[i].loss, cnn_error_id(&err));
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(results_of_pytorch_are_right),
        cmocka_unit_test(verdicts),
        cmocka_unit_test(refused),
        cmocka_unit_test(losses_by_hand),
        cmocka_unit_test(losses_that_sheets_state),
        cmocka_unit_test(losses_that_do_not_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
