/*
 * Claimed derivatives. Verdicts are those of the exercise sheet, of the chain rule, and of the
 * catalogue of mistakes that people make by hand; derivations judge themselves.
 */
#include "support.h"

static bool check(const char *input, const char *layers, const char *loss, cnn_text claims,
                  const char *format, sink *out, int32_t *wrong, cnn_error *err)
{
    const cnn_gradient_options options = {.format = view(format), .loss = view(loss)};
    reading r = read_list(input, layers);
    bool done = false;
    *err = r.err;
    for (size_t size = 1 << 18; r.done && !done && size <= 1 << 28; size *= 4) {
        void *memory = malloc(size);
        cnn_writer to = sink_open(out);
        *err = (cnn_error){0};
        done = cnn_gradient_check(&r.net, &options, claims, cnn_arena_over(memory, size), &to,
                                  wrong, err);
        free(memory);
        if (err->code != CNN_OUT_OF_MEMORY) {
            break;
        }
    }
    reading_free(&r);
    assert_int_equal(done, err->code == CNN_OK);
    return done;
}

/* ---- derivations judge themselves ---- */

static unsigned next(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

/* An MLP of any depth, with mixed functions, with and without biases. */
static void random_mlp(unsigned *state, char *layers, size_t room)
{
    static const char *const functions[] = {", sigmoid", ", tanh", ", relu",
                                            ", softmax", "",       ", tanh, sigmoid"};
    const unsigned depth = 1 + next(state) % 7;
    size_t size = 0;
    for (unsigned i = 0; i < depth; i++) {
        size += (size_t)snprintf(layers + size, room - size, "%sFC-%u%s%s", i > 0 ? ", " : "",
                                 2 + next(state) % 5, next(state) % 3 == 0 ? " b0" : "",
                                 functions[next(state) % LENGTH(functions)]);
    }
    if (next(state) % 4 == 0) {
        snprintf(layers + size, room - size, ", flatten");
    }
}

/* The numbers in front of the lines' "=" are replaced: every line of the sheet times `factor`. */
static void scale_lines(const char *sheet, const char *factor, sink *out)
{
    cnn_writer to = sink_open(out);
    for (const char *line = sheet; *line != '\0'; line += strcspn(line, "\n") + 1) {
        const size_t size = strcspn(line, "\n"), left = strcspn(line, "=");
        const size_t formula = strcspn(line, "#");
        if (line[0] == '#' || left >= size || formula > size) {
            continue;
        }
        to.write(to.user, line, left);
        to.write(to.user, factor, strlen(factor));
        to.write(to.user, line + left + 1, formula - left - 1);
        to.write(to.user, ")\n", 2);
    }
}

static void derivations_are_right(void **state)
{
    static sink sheet, out, scaled;
    char layers[300], input[32];
    unsigned random = 1;
    int failed = 0;
    (void)state;
    for (int i = 0; i < 300; i++) {
        random_mlp(&random, layers, sizeof layers);
        const char *loss = next(&random) % 3 == 0 && strstr(layers, "softmax") == NULL
                               ? "cross-entropy"
                               : "squares";
        snprintf(input, sizeof input, next(&random) % 3 == 0 ? "%ux2x2" : "vector %u",
                 2 + next(&random) % 4);
        reading r = read_list(input, layers);
        const cnn_gradient_options options = {.loss = view(loss)};
        cnn_writer to = sink_open(&sheet);
        cnn_error err = {0};
        int32_t wrong = -1, lines = 0, equations = 0;
        assert_true(cnn_gradient_derive(&r.net, &options, r.arena, &to, &err));
        reading_free(&r);
        check(input, layers, loss, (cnn_text){sheet.data, sheet.size}, "text", &out, &wrong, &err);
        for (const char *p = sheet.data; (p = strstr(p, " = ")) != NULL; p++) {
            equations++;
        }
        for (const char *p = out.data; *p != '\0'; p += strcspn(p, "\n") + 1) {
            lines += strncmp(p, "+ right ", 8) == 0;
        }
        EXPECT(failed, err.code == CNN_OK && wrong == 0 && lines == equations, "%s %s: %s\n%s",
               input, layers, cnn_error_id(&err), out.data);
        /* and the same lines times 1.5 are all wrong */
        scale_lines(sheet.data, "= 1.5 * (", &scaled);
        check(input, layers, loss, (cnn_text){scaled.data, scaled.size}, "text", &out, &wrong,
              &err);
        EXPECT(failed, strstr(out.data, "+ right ") == NULL && wrong > 0, "%s %s:\n%s", input,
               layers, out.data);
    }
    assert_int_equal(failed, 0);
}

/* ---- verdicts ---- */

#define MLP       "vector 3", "FC-4, sigmoid, FC-2, sigmoid", "squares"
#define SQUARE    "vector 4", "FC-4, tanh, FC-4, tanh, FC-4", "squares"
#define CLASSES   "vector 4", "FC-5, tanh, FC-3", "cross-entropy"
#define D2        "(2*(a2-y).*a2.*(1-a2))"
#define OTHERS(n) "vector 3", n, "squares"

/* What stands in the JSON: the verdict of the last claim, and the id of an explanation. */
static const struct {
    const char *input, *layers, *loss, *claims;
    const char *verdict, *id;
} rows[] = {
    /* the exercise sheet's lines, and its two corrections */
    {MLP, "dl/da2 = sigmoid'(z2) .* 2 (a2 - y)", "wrong", "value-of\",\"name\":\"dz2"},
    {MLP, "dl/dW2 = (sigmoid'(z2) .* 2 (a2 - y)) a1^T", "right", ""},
    {MLP, "dl/dz2 = W2^T (sigmoid'(z2) .* 2 (a2 - y))", "wrong", "value-of\",\"name\":\"da1"},
    {MLP, "dz2 = W2^T (sigmoid'(z2) .* 2 (a2 - y))\ndl/db2 = sigmoid'(z2) .* dl/dz2", "wrong",
     "shapes"},
    {MLP, "dz2 = W2^T (sigmoid'(z2) .* 2 (a2 - y))\ndl/db2 = sigmoid'(z2) .* dl/dz2", "wrong",
     "slope-twice"},
    {MLP, "dl/dW1 = (sigmoid'(z1) .* dl/dz1) x^T", "wrong", "slope-twice"},
    {MLP, "dl/dW1 = (sigmoid'(z1) .* dl/dz1) x^T", "wrong", "wrong-name\",\"name\":\"dz1"},
    {MLP, "dl/dW1 = (sigmoid'(z1) .* dl/da1) x^T", "right", ""},
    {MLP, "dW2 = (sigmoid'(z2) .* 2*(a2 - y)) * a1^T", "right", ""},
    {MLP, "db2 = sigmoid'(z2) .* (W2^T * (sigmoid'(z2) .* 2*(a2-y)))", "wrong", "shapes"},
    {MLP, "dW2 = 2*(a2-y).*a2.*(1-a2)*a1^T", "right", ""},

    /* the catalogue */
    {MLP, "dW1 = (W2^T * " D2 ") * x^T", "wrong", "slope-missing\",\"name\":\"sigmoid'(z1)"},
    {MLP, "dW1 = ((W2^T * " D2 ") .* z1 .* (1-z1)) * x^T", "wrong", "slope-of-z"},
    {MLP, "dW2 = 2*(a2-y) * a1^T", "wrong", "slope-missing\",\"name\":\"sigmoid'(z2)"},
    {CLASSES, "dz2 = (softmax(z2)-y) .* softmax(z2) .* (1-softmax(z2))", "wrong", "slope-kept"},
    {CLASSES, "dW2 = ((softmax(z2)-y).*softmax(z2).*(1-softmax(z2))) * a1^T", "wrong",
     "slope-kept"},
    {MLP, "dW2 = 2*(y-a2).*a2.*(1-a2)*a1^T", "wrong", "sign"},
    {MLP, "dz2 = (a2-y).*a2.*(1-a2)", "wrong", "factor"},
    {MLP, "dW1 = 1/3 * dz1 * x^T", "wrong", "factor"},
    {MLP, "da1 = W2 * dz2", "wrong", "not-transposed\",\"name\":\"W2"},
    {SQUARE, "dz2 = W3 * dz3 .* (1-a2^2)", "wrong", "not-transposed\",\"name\":\"W3"},
    {MLP, "dW2 = a1 * dz2^T", "wrong", "outer-reversed"},
    {MLP, "dz1 = da1 * a1 .* (1-a1)", "wrong", "elementwise\",\"name\":\"a1"},
    {MLP, "da1 = W1^T * dz2", "wrong", "wrong-name\",\"name\":\"W1"},
    {SQUARE, "dz1 = W3^T * dz2 .* (1-a1^2)", "wrong", "wrong-weights\",\"name\":\"W3"},
    {MLP, "db2 = dz2 * a1^T", "wrong", "bias-times-input"},
    {SQUARE, "db2 = dz2 .* a1", "wrong", "bias-times-input"},
    {MLP, "db2 = sigmoid'(z2) .* dz2", "wrong", "slope-twice"},
    {MLP, "db2 = W2^T * dz2", "wrong", "bias-too-far"},
    {MLP, "dW1 = W1^T * dz1", "wrong", "input-for-weights"},

    /* others */
    {MLP, "dW2 = dz2 * a1", "wrong", "not-transposed\",\"name\":\"a1"},
    {MLP, "dW2 = (2*(a2-y) .* sigmoid'(a2)) * a1^T", "wrong", "slope-at-a"},
    {MLP, "dW2 = (2*(a2-y) .* sigmoid(z2)) * a1^T", "wrong", "slope-missing"},
    {MLP, "dz2 = 2*(a2+y).*a2.*(1-a2)", "wrong", "sign"},
    {MLP, "dz2 = 2*(a2-y).*a2.*(1-a2).*a2", "wrong", "surplus-factor\",\"name\":\"a2"},
    {MLP, "dW1 = (W2^T * (2*(a2-y))) * x^T", "wrong", "slope-missing"},
    {MLP, "dx = dz1^T * W1", "wrong", "transposed"},
    {MLP, "dW2 = dz2", "wrong", "value-of"},
    {MLP, "dW1 = W2^T .* dz2 * x^T", "wrong", "shapes"},
    {MLP, "dW2 = sin", "", ""},
    {OTHERS("FC-5, relu, FC-3, softmax"), "dz2 = 2*(a2-y).*a2.*(1-a2)", "wrong", "softmax-each"},

    /* what is equal is right, however it is written */
    {MLP, "dz1 = sigmoid'(z1) .* W2^T * dz2", "right", ""},
    {MLP, "dz1 = W2' * dz2 .* sigmoid'(z1)", "right", ""},
    {MLP, "dz1 = diag(a1.*(1-a1)) W2^T dz2", "right", ""},
    {MLP, "dz1 = (dz2^T * W2)^T .* (a1 - a1.^2)", "right", ""},
    {MLP, "dz2 = -2 (y - a2) .* exp(-z2) / (1 + exp(-z2))^2", "right", ""},
    {MLP, "dW2 = ((2*(a2-y)) .* a2 .* (1-a2)) @ a1.T", "right", ""},
    {MLP, "\xE2\x88\x82l/\xE2\x88\x82z2 = 2(a2\xE2\x88\x92y) \xE2\x8A\x99 \xCF\x83\xE2\x80\xB2(z2)",
     "right", ""},
    {MLP, "dL / dW2 = dL/dz2 \xC2\xB7 a1\xE1\xB5\x80", "right", ""},
    {MLP, "DW2 = DZ2*A1^t", "right", ""},
    {MLP, "dW2 = dz2 / 2 * 4 / 2 * a1^T", "right", ""},
    {MLP, "dW1 = sigmoid'(z1) .* W2^T * dz2 * x^T", "right", ""},
    {MLP, "a1 = sigmoid(W1 x + b1)", "right", ""},
    {MLP, "l = sum((y - a2)^2)", "right", ""},
    {MLP, "l = (a2 - y)^T * (a2 - y)", "right", ""},
    {CLASSES, "l = -sum(y .* log(softmax(z2)))", "right", ""},
    {CLASSES, "l = log(sum(exp(z2))) - y^T z2", "right", ""},
    {OTHERS("FC-5, relu, FC-3, softmax"), "dz2 = softmax'(z2) * (2*(a2-y))", "right", ""},
    {OTHERS("FC-5, relu, FC-3"), "dz1 = (W2^T * dl/da2) .* relu'(z1)", "right", ""},
    {"2x5x5", "conv3-4, sigmoid, avgpool, flatten, FC-3", "squares", "db1 = sum(dz1)", "right", ""},
    {"2x5x5", "conv3-4, sigmoid, avgpool, flatten, FC-3", "squares", "dz1 = da1.*a1.*(1-a1)",
     "right", ""},
    {"2x5x5", "conv3-4, sigmoid", "squares", "l = sum((a1-y)^2)", "right", ""},
    {"2x5x5", "FC-3, sigmoid", "squares", "dW1 = dz1 * x^T", "right", ""},
    {"vector 1", "FC-1, sigmoid, FC-1, sigmoid", "squares", "dW1 = W2*dz2*a1*(1-a1)*x", "right",
     ""},

    /* a right line is right whatever stands above it; what uses a wrong one follows from it */
    {MLP, "dz2 = 2*(y-a2).*a2.*(1-a2)\ndW2 = 2*(a2-y).*a2.*(1-a2)*a1^T", "right", ""},
    {MLP, "dz2 = 2*(y-a2).*a2.*(1-a2)\ndW2 = dz2 * a1^T", "follows", ""},
    {MLP, "dz2 = 2*(y-a2).*a2.*(1-a2)\ndW2 = 2*(y-a2).*a2.*(1-a2)*a1^T", "follows", ""},
    {MLP, "dz2 = 2*(a2-y)\ndW1 = ((W2^T * 2*(a2-y)) .* sigmoid'(z1)) * x^T", "follows", ""},
    {MLP, "dz2 = 2*(a2-y)\ndW1 = (W2^T * 2*(a2-y)) * x^T", "wrong", "slope-missing"},
    {MLP, "dz2 = 2*(a2-y)\ndW2 = (sigmoid'(z2) .* dz2) a1^T", "right", ""},
    {MLP, "d = 2*(a2-y).*sigmoid'(z2)\ndW2 = d*a1^T", "right", ""},
    {MLP, "d = a1*z1\ndW2 = d*a1^T", "wrong", "no-value\",\"name\":\"d"},
    {MLP, "delta2 = 2*(a2-y)\ndelta1 = W2^T delta2\ndW1 = delta1 x^T", "wrong", "slope-missing"},
};

static void verdicts_and_causes(void **state)
{
    static sink out;
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_error err;
        int32_t wrong = 0;
        char verdict[40], id[80];
        if (!check(rows[i].input, rows[i].layers, rows[i].loss, view(rows[i].claims), "json", &out,
                   &wrong, &err)) {
            EXPECT(failed, rows[i].verdict[0] == '\0', "%s: %s", rows[i].claims,
                   cnn_error_id(&err));
            continue;
        }
        const char *last = out.data;
        for (const char *p = last; (p = strstr(p, "{\"claim\":")) != NULL; p++) {
            last = p;
        }
        snprintf(verdict, sizeof verdict, "\"verdict\":\"%s\"", rows[i].verdict);
        snprintf(id, sizeof id, "{\"id\":\"%s\"", rows[i].id);
        EXPECT(failed, strstr(last, verdict) != NULL, "%s: %s", rows[i].claims, last);
        EXPECT(failed, rows[i].id[0] == '\0' || strstr(last, id) != NULL, "%s: %s", rows[i].claims,
               last);
        EXPECT(failed, strcmp(rows[i].verdict, "wrong") != 0 || wrong > 0, "%s: nothing is wrong",
               rows[i].claims);
    }
    assert_int_equal(failed, 0);
}

/* ---- claims that cannot be read ---- */

static const struct {
    const char *claims, *id;
    uint32_t begin, end; /* the place */
} errors[] = {
    {"dW2", "claim-form", 0, 3},
    {"dW2 = ", "claim-end", 5, 5},
    {"dW2 = dz2 *", "claim-end", 11, 11},
    {"dW2 = (dz2", "claim-parenthesis", 6, 7},
    {"dW2 = dz2)", "claim-unexpected", 9, 10},
    {"dW2 = dz2 * [1 2]", "claim-index", 12, 13},
    {"dW2 = dz9", "claim-name", 6, 9},
    {"dW9 = dz2", "claim-name", 0, 3},
    {"x = 2", "claim-given", 0, 1},
    {"W1 = 2", "claim-given", 0, 2},
    {"dy = 2", "claim-name", 0, 2},
    {"dW2 = dy", "claim-name", 6, 8},
    {"dW2 = sigmoid", "claim-call", 6, 13},
    {"dW2 = sum'(z1)", "claim-prime", 6, 9},
    {"sum = z1", "claim-call", 0, 3},
    {"q = z1\nq = z2", "claim-twice", 7, 8},
    {"params = 35", "claim-unused", 0, 6},
    {"dW2 = 1e999", "value-range", 6, 11},
    {"dW2 = z1 ^ a1", "claim-unexpected", 11, 12},
    {"# nothing", "no-claims", 9, 9},
    {"", "no-claims", 0, 0},
    {"= 2", "claim-form", 0, 0},
    {"2 = dW2", "claim-form", 0, 1},
};

static void errors_have_places(void **state)
{
    static sink out;
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(errors); i++) {
        cnn_error err;
        int32_t wrong;
        check(MLP, view(errors[i].claims), "text", &out, &wrong, &err);
        EXPECT(failed,
               strcmp(cnn_error_id(&err), errors[i].id) == 0 && err.span.begin == errors[i].begin &&
                   err.span.end == errors[i].end && err.source == CNN_SOURCE_CLAIM,
               "%s: %s %u-%u", errors[i].claims, cnn_error_id(&err), err.span.begin, err.span.end);
    }
    assert_int_equal(failed, 0);
}

/* Where every gradient vanishes nothing is called right. */
static void nothing_is_judged_where_gradients_vanish(void **state)
{
    static sink out;
    cnn_error err;
    int32_t wrong;
    (void)state;
    check("vector 2", "900*(FC-2, sigmoid)", "squares", view("dW1 = dz1"), "text", &out, &wrong,
          &err);
    assert_string_equal(cnn_error_id(&err), "vanished");
    check("vector 2", "FC-1, softmax", "squares", view("dW1 = dz1"), "text", &out, &wrong, &err);
    assert_string_equal(cnn_error_id(&err), "vanished");
}

/* Every byte at every place of a claim and of a file of values: an answer or an error, and an error
 * lies within its text. */
static void any_byte_is_answered(void **state)
{
    static const char claim[] = "dl/dW2=(sigmoid'(z2).*2 (a2-y))*a1^T/2";
    static const char values[] = "x=[1 2];y=-1e0;W1=[1,2];b1=3";
    static sink out;
    char text[64];
    (void)state;
    reading mlp = read_list("vector 2", "FC-2, sigmoid, FC-2, sigmoid");
    reading one = read_list("vector 2", "FC-1");
    for (size_t at = 0; at < sizeof claim - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            cnn_error err = {0};
            int32_t wrong;
            cnn_writer to = sink_open(&out);
            memcpy(text, claim, sizeof claim);
            text[at] = (char)byte;
            const cnn_gradient_options none = {0};
            cnn_gradient_check(&mlp.net, &none, (cnn_text){text, sizeof claim - 1}, mlp.arena, &to,
                               &wrong, &err);
            assert_true(err.span.begin <= err.span.end && err.span.end <= sizeof claim - 1);
            if (at < sizeof values - 1) {
                err = (cnn_error){0};
                to = sink_open(&out);
                memcpy(text, values, sizeof values);
                text[at] = (char)byte;
                const cnn_gradient_options given = {.values = {text, sizeof values - 1}};
                cnn_gradient_compute(&one.net, &given, one.arena, &to, &err);
                assert_true(err.span.begin <= err.span.end && err.span.end <= sizeof values - 1);
            }
        }
    }
    reading_free(&mlp);
    reading_free(&one);
}

/* Long and deep ones end with an error or a verdict, within the memory and work they may take. */
static void large_claims_are_bounded(void **state)
{
    static sink out;
    static char text[1 << 18];
    cnn_error err;
    int32_t wrong;
    (void)state;
    memset(text, '(', sizeof text);
    memcpy(text, "dx=", 3);
    check(MLP, (cnn_text){text, sizeof text}, "text", &out, &wrong, &err);
    assert_string_equal(cnn_error_id(&err), "claim-nesting");
    memset(text + 3, '-', sizeof text - 3);
    check(MLP, (cnn_text){text, sizeof text}, "text", &out, &wrong, &err);
    assert_string_equal(cnn_error_id(&err), "claim-nesting");
    for (size_t i = 3; i + 3 < sizeof text; i += 3) {
        memcpy(text + i, "+z1", 3);
    }
    check(MLP, (cnn_text){text, 3 + 3 * 10000}, "text", &out, &wrong, &err);
    assert_int_equal(err.code, CNN_OK);
    assert_int_equal(wrong, 1);
    for (size_t i = 0; i + 6 < sizeof text; i += 6) {
        memcpy(text + i, "dx=z1\n", 6);
    }
    check(MLP, (cnn_text){text, sizeof text / 6 * 6}, "text", &out, &wrong, &err);
    assert_string_equal(cnn_error_id(&err), "too-many-claims");
    check("vector 3000", "FC-2", "squares", view("dx = x*x^T*x*x^T*x*x^T*x"), "text", &out, &wrong,
          &err);
    assert_string_equal(cnn_error_id(&err), "claim-cost");
    memset(text, '1', 4000);
    memcpy(text, "dx=", 3);
    check(MLP, (cnn_text){text, 4000}, "text", &out, &wrong, &err);
    assert_string_equal(cnn_error_id(&err), "value-range");
}

/* Too little memory is an error at every size, never half an answer. */
static void memory_is_asked_for(void **state)
{
    static sink out;
    static unsigned char memory[1 << 20];
    (void)state;
    reading r = read_list("vector 3", "FC-4, sigmoid, FC-2, sigmoid");
    const cnn_text claims = view("dz2 = 2*(a2-y)\ndW2 = dz2 * a1\ndW1 = dz1 * x^T");
    size_t size = 0, answered = 0;
    for (; size < sizeof memory && answered < 3; size += 97) {
        static const char *const formats[] = {"text", "latex", "json", "markdown"};
        const cnn_gradient_options options = {.format = view(formats[size % 4])};
        answered = 0;
        for (int task = 0; task < 3; task++) {
            cnn_error err = {0};
            int32_t wrong;
            cnn_writer to = sink_open(&out);
            const cnn_arena arena = cnn_arena_over(memory, size);
            const bool done = task == 0   ? cnn_gradient_derive(&r.net, &options, arena, &to, &err)
                              : task == 1 ? cnn_gradient_compute(&r.net, &options, arena, &to, &err)
                                          : cnn_gradient_check(&r.net, &options, claims, arena, &to,
                                                               &wrong, &err);
            assert_true(done ? out.size > 0 : err.code == CNN_OUT_OF_MEMORY && out.size == 0);
            answered += done;
        }
    }
    assert_int_equal(answered, 3);
    reading_free(&r);
}

static void claims_are_recognised(void **state)
{
    static const struct {
        const char *claim;
        bool gradient;
    } claims[] = {
        {"dW2 = 1", true},
        {"dx=1", true},
        {" db1 = 1", true},
        {"dl/dz2 = 1", true},
        {"dL / da1 = 1", true},
        {"# text\n\ndelta = 1\ndW1 = delta", true},
        {"z1 = 1", true},
        {"l = 1", true},
        {"132863336", false},
        {"params=5", false},
        {"output=512x7x7", false},
        {"params<5M", false},
        {"depth=3", false},
        {"index\tlayer\n1\tconv3-64", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(claims); i++) {
        if (cnn_gradient_claimed(view(claims[i].claim)) != claims[i].gradient) {
            fail_msg("%s", claims[i].claim);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(derivations_are_right),
        cmocka_unit_test(verdicts_and_causes),
        cmocka_unit_test(errors_have_places),
        cmocka_unit_test(nothing_is_judged_where_gradients_vanish),
        cmocka_unit_test(any_byte_is_answered),
        cmocka_unit_test(large_claims_are_bounded),
        cmocka_unit_test(memory_is_asked_for),
        cmocka_unit_test(claims_are_recognised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
