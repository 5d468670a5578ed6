/* How a kind of layer is differentiated: the formulas for people, and the numbers. */
#ifndef CNN_GRADIENT_RULE_H
#define CNN_GRADIENT_RULE_H

#include "ops/op.h"

/*
 * One layer at work. Values are listed channel by channel, row by row; weights filter by filter (or
 * unit by unit). Slopes are derivatives of the loss with respect to the value of the same name.
 */
typedef struct cnn_pass {
    const cnn_layer *layer;
    const double *in, *weights, *biases; /* biases NULL: it has none */
    double *out;
    const double *out_slope;
    double *in_slope, *weight_slope, *bias_slope;
} cnn_pass;

/*
 * The rule of a kind. In formulas {in} {out} {W} {b} are the names of the step, {dout} for
 * dl/d(out), {op} for the kind's name, {ij} {uv} {hw} for the letters of all axes, and {window}
 * {meets} {n} and so on for the index expressions of a window.
 */
typedef struct cnn_rule {
    const char *formula; /* of out */
    const char *with_bias;
    const char *in_formula; /* of dl/d(in), and so on */
    const char *weight_formula;
    const char *bias_formula;
    char symbol;  /* the letter of its output: z, a, p, v */
    bool indexed; /* the formulas are sums over indices: for reading, not for evaluating */
    bool sliding; /* a window slides over every channel */
    int32_t cost; /* beside multiply-adds with weights, in these: of a value that enters, or of a
                     place in a window */
    const struct cnn_rule *on_maps; /* the rule where a map enters; NULL: this one */

    void (*forward)(const cnn_pass *pass);  /* fills out */
    void (*backward)(const cnn_pass *pass); /* fills the slopes of in, weights and biases */

    /* Branches that the function takes, as relu at z <= 0: how many there are, and which of them
     * the values of a pass take. NULL: there are none. */
    int64_t (*branch_count)(const cnn_layer *layer);
    void (*branches)(const cnn_pass *pass, bool *taken);
    bool by_sign; /* they are the signs of the values that enter: two for each, negative first */

    /* Of a function of each value: f(z), and f'(z) where a = f(z). Otherwise NULL. */
    double (*value)(double z);
    double (*slope)(double z, double a);
} cnn_rule;

/* The rule of a layer; NULL: it cannot be differentiated. */
const cnn_rule *cnn_rule_of(const cnn_layer *layer);

extern const cnn_rule cnn_rule_dense, cnn_rule_conv, cnn_rule_max, cnn_rule_mean, cnn_rule_mean_all,
    cnn_rule_view, cnn_rule_sigmoid, cnn_rule_tanh, cnn_rule_relu, cnn_rule_softmax;

/* The sum of exp(v[i*step] - largest) for i < n, with the largest of these v. */
double cnn_exp_sum(const double *v, int64_t n, int64_t step, double *largest);

/* Over the channels, at each position; a vector has one position, and its values are channels. */
void cnn_softmax(const double *v, int64_t channels, int64_t positions, double *out);

#endif
