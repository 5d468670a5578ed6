/*
 * Claims that test_gradient_claims.c leaves over: odd networks and sizes, factors at the ends of
 * their range, searches that end, typesetting of every expression. Verdicts follow from the chain
 * rule; names of mistakes stand in gradient/gradient_mistakes.def, those of errors in
 * base/errors.def.
 */
#include "support.h"

#include "base/arena.h"
#include "gradient/gradient_claim.h"

static unsigned char memory[1 << 23];
static sink out;

typedef struct question {
    const char *input, *layers, *loss, *format, *text;
} question;

/* The error, whose words lie in `memory`. */
static cnn_error ask(const question *q)
{
    cnn_error err = {0};
    cnn_writer to = sink_open(&out);
    const cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_gradient_options options = {.format = view(q->format), .loss = view(q->loss)};
    reading r = read_list(q->input, q->layers);
    int32_t wrong;
    assert_true(r.done);
    cnn_gradient_check(&r.net, &options, view(q->text), arena, &to, &wrong, &err);
    reading_free(&r);
    return err;
}

/* ---- verdicts ---- */

#define EMPTY   "0*(relu)"
#define MLP     "vector 3", "FC-4, sigmoid, FC-2, sigmoid", "squares"
#define SQUARE  "vector 4", "FC-4, tanh, FC-4, tanh, FC-4", "squares"
#define WIDER   "vector 3", "FC-4, tanh, FC-4, tanh", "squares"
#define MAP     "2x5x5", "conv3-4, softmax", "squares"
#define PIXELS  "2x2x2", "conv1-3", "cross-entropy"
#define VERDICT "\"verdict\":\"wrong\",\"mistakes\":["

static void verdicts(void **state)
{
    static const struct {
        question q;
        const char *wanted;
    } rows[] = {
        /* gradients of the loss by itself; of no layers at all */
        {{MLP, "json", "dl/dl = 1"}, "right"},
        {{MLP, "text", "dl/dl = 2"}, "2 times dl/dl [factor]\n    right: dl/dl = 1\n"},
        {{"vector 3", EMPTY, "", "json", "dx = 3*(x - y)"},
         VERDICT "[{\"id\":\"factor\",\"factor\":1.5}]]"},
        {{"vector 3", EMPTY, "", "json", "dx = a0 + y"}, VERDICT},
        {{"vector 3", EMPTY, "cross-entropy", "json", "dx = softmax(x) .* y"}, VERDICT},
        /* factors at the ends: tidied below 10^9 only; infinite once divided by dl/dz1 < 1 */
        {{MLP, "json", "dz2 = 10000000000 dz2"},
         VERDICT "[{\"id\":\"factor\",\"factor\":10000000000}]]"},
        {{"vector 2", "FC-1", "", "json", "dz1 = 1.7e308 * 1"}, VERDICT "]"},
        /* a value, or a slope, that is that of something else */
        {{SQUARE, "json", "a2 = a1"}, VERDICT "[{\"id\":\"value-of\",\"name\":\"a1\"}]"},
        {{SQUARE, "json", "dz1 = a1"}, VERDICT "[{\"id\":\"value-of\",\"name\":\"a1\"}]"},
        {{SQUARE, "json", "dx = dz1"}, VERDICT "[{\"id\":\"value-of\",\"name\":\"dz1\"}]"},
        {{SQUARE, "json", "db2 = dz3"}, VERDICT "[{\"id\":\"value-of\",\"name\":\"dz3\"}]"},
        {{SQUARE, "json", "db2 = 2*da1"},
         VERDICT "[{\"id\":\"bias-too-far\",\"name\":\"da1\"},{\"id\":\"factor\",\"factor\":2}]"},
        /* twice a value is nothing that one takes for a gradient */
        {{SQUARE, "json", "dz1 = 2*a1"}, VERDICT "]"},
        /* a slope left out twice is told, with a factor as well it is not */
        {{MLP, "json", "dW1 = (W2^T * 2*(a2-y)) * x^T"},
         VERDICT "[{\"id\":\"slope-missing\",\"name\":\"sigmoid'(z1)\"},"
                 "{\"id\":\"slope-missing\",\"name\":\"sigmoid'(z2)\"}]"},
        {{MLP, "json", "dW1 = (W2^T * 2*(a2-y)) * 7 * x^T"}, VERDICT "]"},
        {{MLP, "text", "z1 = W1 * x"}, "wrong    z1 = W1 * x\n    right: z1 = W1 * x + b1\n"},
        /* weights with as many rows and other columns are not taken for each other */
        {{WIDER, "json", "da1 = W1^T * dz2"},
         VERDICT "[{\"id\":\"wrong-size\"}],[{\"id\":\"wrong-name\",\"name\":\"W1\"}]"},
        {{WIDER, "json", "dz1 = z1 .* z1"}, VERDICT "]"},
        /* sizes in words */
        {{MLP, "text", "dz1 = x^T + a1"}, "x^T is a 1x3 row"},
        {{"2x5x5", "conv3-4", "", "text", "dx = W1^T * b1 + x"}, "W1^T * b1 is a vector of 18, x"},
        {{MLP, "text", "db1 = sum(z1)"}, "is a number"},
        /* what cannot be evaluated, inside of what could */
        {{MLP, "json", "dz2 = -(W2 * a2)"}, "\"id\":\"shapes\""},
        {{MLP, "json", "dz2 = (W2 * a2)^T"}, "\"id\":\"shapes\""},
        {{MLP, "json", "dz2 = (W2 * a2)^2"}, "\"id\":\"shapes\""},
        {{MLP, "json", "dz2 = 1 / (W2 * a2)"}, "\"id\":\"shapes\""},
        {{MLP, "json", "dz2 = W2 * a2\ndW2 = W2"}, VERDICT},
        /* of maps softmax goes over the channels */
        {{MAP, "json", "a1 = softmax(z1)"}, "right"},
        {{MAP, "json", "a1 = softmax(vec(z1))"}, "wrong"},
        {{MAP, "json", "dz1 = softmax'(z1)^T * da1"}, "right"},
        {{MAP, "json", "dz1 = softmax'(vec(z1)) * da1"}, "wrong"},
        {{PIXELS, "json", "dz1 = -y + softmax(z1)"}, "right"},
        {{PIXELS, "json", "dz1 = softmax(vec(z1)) - y"}, "wrong"},
        {{PIXELS, "json", "l = -1 * sum(y .* log(softmax(z1)))"}, "right"},
        {{PIXELS, "json", "l = -sum_{c,i,j} y[c,i,j]*log(exp(z1[c,i,j])/sum_{k} exp(z1[k,i,j]))"},
         "right"},
        {{PIXELS, "json", "dz1 = (softmax(z1) - y) .* softmax(z1) .* (1 - softmax(z1))"},
         VERDICT "[{\"id\":\"slope-kept\""},
        /* powers in their spellings */
        {{MLP, "json", "l = sum((a2 - y)^(2))"}, "right"},
        {{MLP, "json", "l = sum((a2 - y)\xC2\xB2)"}, "right"},
        {{MLP, "json", "da2 = 2*(a2 - y)*(-1)^2000"}, "right"},
        {{MLP, "json", "da2 = -2*(a2 - y)*(-1)^2001"}, "right"},
        {{MLP, "json", "dW2 = dz2 * a1^{T}"}, "right"},
        {{MLP, "json", "dW2 = dz2 * a1 ^t"}, "right"},
        {{MLP, "json", "dz2 = 2.*(a2-y) .* a2 .* (1. - a2)"}, "right"},
        /* names that a sheet gives are told where they have no value */
        {{MLP, "markdown", "q = 2*(a2 - y)\nda2 = q\ndz2 = -q"},
         "- **right** `da2 = q`\n- **wrong** `dz2 = -q`\n  - "},
        {{MLP, "json", "q = a1 * z1\ndz1 = q"}, "\"what\":\"q\",\"verdict\":\"wrong\""},
    };
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_error err = ask(&rows[i].q);
        EXPECT(failed, err.code == CNN_OK && strstr(out.data, rows[i].wanted) != NULL, "%s: %s\n%s",
               rows[i].q.text, cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
}

static void refused_claims(void **state)
{
    static const struct {
        question q;
        const char *id;
    } rows[] = {
        {{MLP, "csv", "dz2 = 1"}, "gradient-format"},
        {{MLP, "", "l = sum((a2 - y)^(2"}, "claim-end"},
        {{MLP, "", "l = sum((a2 - y)^1e999)"}, "value-range"},
        {{MLP, "", "l = a2^b1"}, "claim-unexpected"},
        /* 500^3 multiply-adds in one product are more than 10^8 */
        {{"vector 500", "FC-1", "", "", "dx = (x*x^T) * (x*x^T) * x"}, "claim-cost"},
        {{"3x224x224", "conv3-64", "", "", "db1 = sum(dz1)"}, "gradient-too-large"},
        {{"vector 1", EMPTY, "cross-entropy", "", "dx = softmax(x) - y"}, "loss-one-unit"},
    };
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_error err = ask(&rows[i].q);
        EXPECT(failed, strcmp(cnn_error_id(&err), rows[i].id) == 0 && out.size == 0, "%s: %s\n%s",
               rows[i].q.text, cnn_error_id(&err), out.data);
    }
    assert_int_equal(failed, 0);
    assert_false(cnn_gradient_claimed(view("dl = 2")));
    assert_true(cnn_gradient_claimed(view("dl/dl = 2")));
    assert_false(cnn_gradient_claimed(view("params = 2")));
}

/* Claims hold at given values, too; what is wrong with these is told. */
static void claims_at_values(void **state)
{
    static const struct {
        const char *values, *id;
        int32_t wrong;
    } rows[] = {
        {"x=[1 2]; W1=[1 2]; b1=3; y=4", "ok", 0},
        {"x=[1 2]; W1=[1 2]; b1=3", "value-missing", 0},
        {"x=[1 2]; W1=[1 2]; b1=1e200; y=4", "not-finite", 0},
    };
    (void)state;
    reading r = read_list("vector 2", "FC-1");
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_error err = {0};
        cnn_writer to = sink_open(&out);
        int32_t wrong = -1;
        const cnn_gradient_options options = {.values = view(rows[i].values)};
        cnn_gradient_check(&r.net, &options, view("dW1 = 2*(z1 - y)*x^T"),
                           cnn_arena_over(memory, sizeof memory), &to, &wrong, &err);
        assert_string_equal(cnn_error_id(&err), rows[i].id);
        assert_int_equal(wrong, rows[i].wrong);
        assert_true(i == 0 || err.source == CNN_SOURCE_VALUES);
    }
    reading_free(&r);
}

/* ---- parts ---- */

/* A search for causes ends when the work that it may take is used up, at every place. */
static void searches_end(void **state)
{
    (void)state;
    reading r = read_list("vector 3", "FC-4, sigmoid, FC-2, sigmoid");
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_error err = {0};
    cnn_chain chain;
    assert_true(cnn_chain_make(&chain, &r.net, view("squares"), &arena, &err));
    cnn_gradient_sheet sheet = {.chain = &chain,
                                .text = view("dW1 = (W2^T * 2*(a2-y)) * x^T\nz1 = dW1 * x"),
                                .err = &err,
                                .arena = arena};
    const cnn_gradient_options none = {0};
    assert_true(cnn_points_choose(&sheet.points, &chain, &none, &sheet.arena, &err));
    assert_true(cnn_point_make(&chain, &sheet.spare, &sheet.arena, &err));
    assert_true(cnn_gradient_sheet_read(&sheet) && cnn_gradient_sheet_judge(&sheet));
    cnn_gradient_claim *claim = &sheet.claims[0];
    assert_int_equal(claim->causes[0].count, 2); /* two slopes are missing */
    int32_t without = 0;
    for (int64_t work = 0; work < 50000; work += 100) {
        claim->count = 0;
        memset(claim->causes, 0, sizeof claim->causes);
        sheet.work = work;
        cnn_gradient_claim_find_causes(&sheet, claim);
        without += claim->count == 0;
        assert_true(claim->count == 0 || claim->causes[0].count == 2);
    }
    assert_true(without > 10 && without < 500);
    reading_free(&r);
}

/* LaTeX as amsmath has it; parentheses where an operator binds looser. */
static void typesetting(void **state)
{
    static const struct {
        const char *claim, *latex;
    } rows[] = {
        {"-a1", "-a_{1}"},
        {"-(a1 + z1)", "-\\left(a_{1} + z_{1}\\right)"},
        {"-(-a1)", "-\\left(-a_{1}\\right)"},
        {"a1 - z1", "a_{1} - z_{1}"},
        {"a1 + (-z1)", "a_{1} + \\left(-z_{1}\\right)"},
        {"a1 / z1", "a_{1} / z_{1}"},
        {"a1 * (-z1)", "a_{1} \\, \\left(-z_{1}\\right)"},
        {"a1 .* (z1 - 1)", "a_{1} \\odot \\left(z_{1} - 1\\right)"},
        {"(a1 * z1)^T", "\\left(a_{1} \\, z_{1}\\right)^{\\top}"},
        {"(a1^T)^2", "\\left(a_{1}^{\\top}\\right)^{2}"},
        {"(a1^2)^T", "\\left(a_{1}^{2}\\right)^{\\top}"},
        {"(-a1)^2", "\\left(-a_{1}\\right)^{2}"},
        {"(a1 + z1)^2", "\\left(a_{1} + z_{1}\\right)^{2}"},
        {"dz1^T", "\\left(\\frac{\\partial l}{\\partial z_{1}}\\right)^{\\top}"},
        {"z1^T", "z_{1}^{\\top}"},
        {"0.5^2", "0.5^{2}"},
        {"sigmoid'(z1) .* tanh(x)", "\\sigma'\\left(z_{1}\\right) \\odot \\tanh\\left(x\\right)"},
    };
    (void)state;
    reading r = read_list("vector 3", "FC-4, sigmoid");
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_error err = {0};
    cnn_chain chain;
    const cnn_names none = {0};
    assert_true(cnn_chain_make(&chain, &r.net, view("squares"), &arena, &err));
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_text text = view(rows[i].claim);
        const cnn_term_source source = {&chain, &none, text, &arena, &err};
        const cnn_term *term = cnn_term_read(&source, (cnn_span){0, (uint32_t)text.size});
        assert_non_null(term);
        cnn_writer to = sink_open(&out);
        cnn_out latex;
        cnn_out_open(&latex, &to);
        cnn_out_term_latex(&latex, term);
        assert_true(cnn_out_close(&latex));
        assert_string_equal(out.data, rows[i].latex);
    }
    reading_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts),         cmocka_unit_test(refused_claims),
        cmocka_unit_test(claims_at_values), cmocka_unit_test(searches_end),
        cmocka_unit_test(typesetting),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
