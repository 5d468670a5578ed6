/*
 * Sums over indices. Derivations of convolutional chains judge themselves: as they are printed,
 * which needs no numbers, and evaluated, with parentheses around the formulas; with a factor none
 * is right. Other verdicts follow from the definition of a convolution and from the chain rule.
 */
#include "support.h"

static sink out;
static unsigned char memory[1 << 25];

static int32_t judge(const char *input, const char *layers, const char *loss, cnn_text claims,
                     cnn_error *err)
{
    const cnn_gradient_options options = {.loss = view(loss)};
    reading r = read_list(input, layers);
    cnn_writer to = sink_open(&out);
    int32_t wrong = -1;
    *err = r.err;
    const bool done =
        r.done && cnn_gradient_check(&r.net, &options, claims,
                                     cnn_arena_over(memory, sizeof memory), &to, &wrong, err);
    reading_free(&r);
    return done ? wrong : -1;
}

static int32_t count(const char *text, const char *what)
{
    int32_t n = 0;
    for (const char *p = text; (p = strstr(p, what)) != NULL; p++) {
        n++;
    }
    return n;
}

/* Every formula between `before` and `after`. */
static void wrap_formulas(const char *sheet, const char *before, const char *after, sink *to)
{
    cnn_writer w = sink_open(to);
    for (const char *line = sheet; *line != '\0'; line += strcspn(line, "\n") + 1) {
        const size_t size = strcspn(line, "\n"), left = strcspn(line, "="),
                     end = strcspn(line, "#");
        if (line[0] == '#' || left >= size || end > size) {
            continue;
        }
        w.write(w.user, line, left + 1);
        w.write(w.user, before, strlen(before));
        w.write(w.user, line + left + 1, end - left - 1);
        w.write(w.user, after, strlen(after));
        w.write(w.user, "\n", 1);
    }
}

static void judge_itself(const char *input, const char *layers, const char *loss, int *failed)
{
    static sink sheet, wrapped;
    const cnn_gradient_options options = {.loss = view(loss)};
    reading r = read_list(input, layers);
    cnn_writer to = sink_open(&sheet);
    cnn_error err = {0};
    if (!r.done || !cnn_gradient_derive(&r.net, &options, r.arena, &to, &err)) {
        reading_free(&r); /* a window that is larger than its map */
        return;
    }
    reading_free(&r);
    const int32_t lines = count(sheet.data, "  # ");
    const int32_t wrong = judge(input, layers, loss, (cnn_text){sheet.data, sheet.size}, &err);
    EXPECT(*failed, wrong == 0 && count(out.data, "+ right ") == lines, "%s; %s: %s %s", input,
           layers, cnn_error_id(&err), out.data);
    wrap_formulas(sheet.data, "(", ")", &wrapped);
    const int32_t evaluated =
        judge(input, layers, loss, (cnn_text){wrapped.data, wrapped.size}, &err);
    const bool vanished = strcmp(cnn_error_id(&err), "vanished") == 0 ||
                          strcmp(cnn_error_id(&err), "not-finite") == 0;
    EXPECT(*failed, vanished || (evaluated == 0 && count(out.data, "+ right ") == lines),
           "%s; %s: %s %s", input, layers, cnn_error_id(&err), out.data);
    wrap_formulas(sheet.data, "1.5 * (", ")", &wrapped);
    (void)judge(input, layers, loss, (cnn_text){wrapped.data, wrapped.size}, &err);
    EXPECT(*failed, vanished || count(out.data, "+ right ") == 0, "%s; %s: %s", input, layers,
           out.data);
}

static unsigned random_state = 7;

static unsigned next(void)
{
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 16;
}

static void random_chains(void **state)
{
    static const char *const kinds[] = {
        "conv%u-2",  "conv%ux2-3/2", "conv%u-4 g2",      "conv2-2 d%u", "maxpool%u",
        "avgpool%u", "maxpool%u/1",  "avgpool%u/2 p1",   "tanh",        "sigmoid",
        "relu",      "softmax",      "maxpool%u/2 ceil", "dwconv%u",    "avgpool%u/2 ceil",
    };
    int failed = 0;
    (void)state;
    for (int i = 0; i < 50; i++) {
        char layers[200] = "conv3-4 p1", input[32], kind[32];
        snprintf(input, sizeof input, "%ux%ux%u", 1 + next() % 3, 4 + next() % 4, 4 + next() % 4);
        for (unsigned k = 1 + next() % 3; k > 0; k--) {
            snprintf(kind, sizeof kind, kinds[next() % LENGTH(kinds)], 2 + next() % 2);
            snprintf(layers + strlen(layers), sizeof layers - strlen(layers), ", %s", kind);
        }
        const bool dense = next() % 2 == 0;
        snprintf(layers + strlen(layers), sizeof layers - strlen(layers), "%s",
                 dense ? next() % 2 == 0 ? ", FC-2" : ", gap, FC-2" : "");
        const char *last = strrchr(layers, ',');
        const bool logits = strstr(last, "softmax") == NULL && strstr(last, "-2") != NULL;
        judge_itself(input, layers, logits && next() % 2 == 0 ? "cross-entropy" : "half-squares",
                     &failed);
    }
    assert_int_equal(failed, 0);
}

/* Chains of any size: nothing is evaluated. */
static void large_chains(void **state)
{
    static const char *const chains[][2] = {
        {"3x224x224", "conv3-64, relu, maxpool2, conv3-128, relu, gap, FC-1000"},
        {"vector 4", "1500*(FC-4, tanh)"},
    };
    static sink sheet;
    (void)state;
    for (size_t i = 0; i < LENGTH(chains); i++) {
        const cnn_gradient_options options = {0};
        reading r = read_list(chains[i][0], chains[i][1]);
        cnn_writer to = sink_open(&sheet);
        cnn_error err = {0};
        assert_true(cnn_gradient_derive(&r.net, &options, cnn_arena_over(memory, sizeof memory),
                                        &to, &err));
        reading_free(&r);
        const cnn_text text = {sheet.data, sheet.size};
        assert_int_equal(judge(chains[i][0], chains[i][1], "", text, &err), 0);
        assert_int_equal(count(out.data, "+ right "), count(sheet.data, "  # "));
    }
}

#define NET   "2x5x5", "conv3-4 p1, relu, maxpool2, FC-3"
#define DEPTH "4x5x5", "dwconv3-8 p0, avgpool2/1"

static const struct {
    const char *input, *layers, *claim;
    int32_t wrong;
} rows[] = {
    /* a convolution, as it is defined, in other words */
    {NET, "z1[n,i,j] = sum_{c,u,v} W1[n,c,u,v] x[c,i+u-1,j+v-1] + b1[n]", 0},
    {NET, "z1[k,p,q] = b1[k] + sum_{c,u,v} W1[k,c,u,v] * x[c,p+u-1,q+v-1]", 0},
    {NET, "z1 = \xE2\x88\x91_{v,u,c} x[c, i + u - 1, j + v - 1] W1[n,c,u,v] + b1[n]", 0},
    {NET, "z1 = sum_{c,u,v} W1[n,c,u,v] * x[c,i+u,j+v] + b1[n]", 1},
    {NET, "z1 = sum_{c,u,v} W1[n,c,v,u] * x[c,i+u-1,j+v-1] + b1[n]", 1},
    {NET, "z1 = sum_{c,u,v} W1[n,c,u,v] * x[c,i-u+1,j-v+1] + b1[n]", 1},
    {NET, "z1 = sum_{c,u,v} W1[n,c,u,v] * x[c,i+u-1,j+v-1]", 1},
    {NET, "z1 = sum_{u,v} W1[n,0,u,v] * x[0,i+u-1,j+v-1] + b1[n]", 1},

    /* its gradients: the filter turned round, or the taps that meet a place */
    {NET, "dx = sum_{n,u,v} dz1[n,h-u+1,w-v+1] * W1[n,c,u,v]", 0},
    {NET, "dx = sum_{n,u,v} dz1[n,h+u-1,w+v-1] * W1[n,c,2-u,2-v]", 0},
    {NET, "dx[c,i,j] = sum_{n,u,v} dz1[n,i-u+1,j-v+1] * W1[n,c,u,v]", 0},
    {NET, "dx = sum_{n,u,v} dz1[n,h+u-1,w+v-1] * W1[n,c,u,v]", 1},
    {NET, "dx = sum_{n,i,j,u,v: i+u-1=h, j+v-1=w} dz1[n,i,j] * W1[n,c,u,v]", 0},
    {NET, "dx = sum_{n,i,j,u,v: i+u-1=h} dz1[n,i,j] * W1[n,c,u,v]", 1},
    {NET, "dW1 = sum_{i,j} dz1[n,i,j] * x[c,i+u-1,j+v-1]", 0},
    {NET, "dW1 = sum_{h,w} dz1[n,h-u+1,w-v+1] * x[c,h,w]", 0},
    {NET, "dW1 = sum_{i,j} dz1[n,i,j] * x[c,i+v-1,j+u-1]", 1},
    {NET, "db1 = sum_{i,j} dz1[n,i,j]", 0},
    {NET, "db1 = sum_{i,j} dz1[c,i,j]", 0},
    {NET, "db1 = sum_{n,i,j} dz1[n,i,j]", 1},

    /* functions and pooling */
    {NET, "dz1[n,i,j] = dl/da1[n,i,j] * relu'(z1[n,i,j])", 0},
    {NET, "dz1[n,i,j] = dl/da1[n,i,j]", 1},
    {NET, "p1 = max_{u,v} a1[c,2i+u,2j+v]", 0},
    {NET, "p1 = max_{u} a1[c,2i+u,2j]", 1},
    {NET, "dl/da1 = sum_{i,j: (h,w) is the first largest of window (i,j)} dl/dp1[c,i,j]", 0},
    {NET, "dl/da1 = sum_{i,j,u,v: 2i+u=h, 2j+v=w} dl/dp1[c,i,j]", 1},
    {NET, "dl/da1 = sum_{i,j: 2i=h, 2j=w} dl/dp1[c,i,j]", 1},
    {DEPTH, "z1 = sum_{u,v} W1[n,0,u,v] * x[floor(n/2),i+u,j+v] + b1[n]", 0},
    {DEPTH, "z1 = sum_{u,v} W1[n,0,u,v] * x[n mod 4,i+u,j+v] + b1[n]", 1},
    {DEPTH, "p1 = 1/4 * sum_{u,v} z1[c,i+u,j+v]", 0},
    {DEPTH, "p1 = 1/taps(i,j) * sum_{u,v} z1[c,i+u,j+v]", 0},
    {DEPTH, "p1 = 1/9 * sum_{u,v} z1[c,i+u,j+v]", 1},

    /* vectors */
    {NET, "dz2[n] = 2*(z2[n] - y[n])", 0},
    {NET, "l = sum_{n} (z2[n] - y[n])^2", 0},
    {NET, "l = sum_{n} z2[n] - y[n]", 1},
    {"vector 3", "FC-2, softmax", "z1 = sum_{c} W1[n,c] * x[c] + b1[n]", 0},
    {"vector 3", "FC-2, softmax", "a1[n] = exp(z1[n]) / sum_{k} exp(z1[k])", 0},
    {"vector 3", "FC-2, softmax", "dz1[n] = a1[n]*(dl/da1[n] - sum_{k} dl/da1[k]*a1[k])", 0},
    {"vector 3", "FC-2, softmax", "dz1[n] = a1[n]*(1 - a1[n])*dl/da1[n]", 1},
    {"vector 3", "FC-2", "dW1[n,c] = dz1[n] * x[c]", 0},
    {"vector 3", "FC-2", "dW1[c,n] = dz1[n] * x[c]", 1},

    /* a letter inside of a sum is another one than outside of it */
    {NET, "l = sum_{c} (z2[c] - y[c])^2", 0},
    {"2x4x4", "conv3-2, gap", "p1 = 1/16 * sum_{i,j} z1[c,i,j]", 0},
    {"2x4x4", "conv3-2, gap", "p1[i,j,c] = 1/16 * sum_{j,c} z1[i,j,c]", 0},
    {"2x4x4", "conv3-2, gap", "p1 = 1/4 * sum_{i,j} z1[c,i,j]", 1},
    {"vector 3", "FC-2, softmax", "a1[n] = exp(z1[n]) / sum_{n} exp(z1[n])", 0},

    /* any letters will do */
    {NET, "da1[k,h,w] = sum_{i,j: (h,w) is the first largest of window (i,j)} dp1[k,i,j]", 0},
    {NET, "da1[a,b,e] = sum_{s,t: (b,e) is the first largest of window (s,t)} dp1[a,s,t]", 0},
    {NET, "da1 = sum_{i,j: (h,w) is the first largest of window (i,j)} dp1[n,i,j]", 0},
    {NET, "da1[k,h,w] = sum_{c,i,j: (h,w) is the first largest of window (i,j), c=k} dp1[c,i,j]",
     0},
    {NET, "da1[k,h,w] = sum_{i,j: (w,h) is the first largest of window (i,j)} dp1[k,i,j]", 1},
    {"1x4x4", "maxpool2",
     "dx[0,h,w] = sum_{i,j: (h,w) is the first largest of window (i,j)} dp0[0,i,j]", 0},
    {NET, "p1[k,a,b] = max_{s,t} a1[k,2a+s,2b+t]", 0},
    {NET, "p1[k,a,b] = max_{s,t} a1[k,2a+t,2b]", 1},
    {"2x4x4", "avgpool2", "dx[k,a,b] = 1/4*sum_{i,j,s,t: 2i+s=a, 2j+t=b} dp0[k,i,j]", 0},
    {"2x4x4", "avgpool2", "dx[k,a,b] = 1/4*sum_{i,j,s,t: a=2i+s, b=2j+t+1} dp0[k,i,j]", 1},
    {"1x4x1", "avgpool2x1", "dx[0,a] = 1/2*sum_{i,s: 2i+s=a} dp0[0,i,0]", 0},

    /* an index of a side of 1 is 0, or left out */
    {"2x4x4", "conv3-2, gap", "p1[c] = 1/16 * sum_{i,j} z1[c,i,j]", 0},
    {"2x4x4", "conv3-2, gap", "p1[c,0,0] = 1/16 * sum_{i,j} z1[c,i,j]", 0},
    {"2x4x4", "conv3-2, gap", "p1[c,1] = 1/16 * sum_{i,j} z1[c,i,j]", 1},
    {"2x4x4", "conv3-2, gap", "p1[0] = 1/16 * sum_{i,j} z1[0,i,j]", 1},
    {"2x4x4", "conv3-2, gap", "p1[c,i,j,k] = 1/16 * sum_{i,j} z1[c,i,j]", 1},
    {NET, "z1[n,i] = sum_{c,u,v} W1[n,c,u,v] x[c,i+u-1,v-1] + b1[n]", 1},

    /* indices that mean nothing */
    {NET, "z1 = x[c,i,j,k]", 1},
    {NET, "z1 = sum_{t} 1", 1},
    {NET, "z1 = W1 * x[c,i,j]", 1},
    {NET, "z1[n,i] = x[0,i,i]", 1},
    {NET, "p1 = max_{u,v} a1[c,2i+u,2j+v] / 0", 1},
    {NET, "z1 = x[c,h,j]", 1},
    {NET, "z1 = sum_{i: i=i} z1[n,i,j]", 1},
};

static void verdicts(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_error err;
        const int32_t wrong = judge(rows[i].input, rows[i].layers, "", view(rows[i].claim), &err);
        EXPECT(failed, wrong == rows[i].wrong, "%s: %s %s", rows[i].claim, cnn_error_id(&err),
               out.data);
    }
    assert_int_equal(failed, 0);
}

static void errors_have_places(void **state)
{
    static const struct {
        const char *claim, *id;
        uint32_t begin;
    } bad[] = {
        {"z1 = sum_{c,u,v W1", "claim-sum", 16},     {"z1 = sum_{} x[c,i,j]", "claim-sum", 10},
        {"z1 = sum_{cc} x[c,i,j]", "claim-sum", 10}, {"z1 = sum_{c: c=} x[c,i,j]", "claim-sum", 15},
        {"z1 = sum_{c} ", "claim-end", 12},          {"z1 = x[c,i", "claim-sum", 10},
        {"z1 = x[9999999999,i,j]", "claim-sum", 16}, {"z1 = x[c mod 0,i,j]", "claim-sum", 14},
        {"z1 = x[floor(c/0),i,j]", "claim-sum", 16}, {"z1[n,i = x[c,i,j]", "claim-sum", 2},
        {"z1(n) = x[c,i,j]", "claim-form", 2},       {"z1 = taps(i", "claim-sum", 11},
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        cnn_error err;
        const int32_t wrong = judge("2x5x5", "conv3-4", "", view(bad[i].claim), &err);
        EXPECT(failed,
               wrong < 0 && strcmp(cnn_error_id(&err), bad[i].id) == 0 &&
                   err.span.begin == bad[i].begin && err.source == CNN_SOURCE_CLAIM,
               "%s: %s at %u", bad[i].claim, cnn_error_id(&err), err.span.begin);
    }
    assert_int_equal(failed, 0);
}

/* Sums inside of sums, and long ones, end with an error. */
static void hostile_sums_end(void **state)
{
    static char text[4096];
    cnn_error err;
    (void)state;
    size_t size = (size_t)snprintf(text, sizeof text, "z1 = ");
    for (int i = 0; i < 90; i++) {
        size += (size_t)snprintf(text + size, sizeof text - size, "sum_{c,u,v,i,j} ");
    }
    snprintf(text + size, sizeof text - size, "x[c,i,j]*W1[n,c,u,v]");
    assert_int_equal(judge("2x5x5", "conv3-4", "", view(text), &err), -1);
    assert_string_equal(cnn_error_id(&err), "claim-cost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_chains),    cmocka_unit_test(large_chains),
        cmocka_unit_test(verdicts),         cmocka_unit_test(errors_have_places),
        cmocka_unit_test(hostile_sums_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
