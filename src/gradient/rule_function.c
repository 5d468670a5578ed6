/* Functions of each value, and softmax. */
#include <math.h>

#include "gradient/elementary.h"
#include "gradient/rule.h"

/* f of the layer's rule, value by value */
static void each_forward(const cnn_pass *p)
{
    const cnn_rule *rule = cnn_rule_of(p->layer);
    const int64_t n = cnn_shape_values(&p->layer->in);
    for (int64_t i = 0; i < n; i++) {
        p->out[i] = rule->value(p->in[i]);
    }
}

/* The chain rule, dl/dz = dl/da f'(z). */
static void each_backward(const cnn_pass *p)
{
    const cnn_rule *rule = cnn_rule_of(p->layer);
    const int64_t n = cnn_shape_values(&p->layer->in);
    for (int64_t i = 0; i < n; i++) {
        p->in_slope[i] = p->out_slope[i] * rule->slope(p->in[i], p->out[i]);
    }
}

static double sigmoid(double z)
{
    return 1 / (1 + cnn_exp(-z));
}

/* The derivatives of sigmoid and tanh need only the output: s' = s (1 - s), tanh' = 1 - tanh^2. */
static double sigmoid_slope(double z, double a)
{
    (void)z;
    return a * (1 - a);
}

static double tanh_slope(double z, double a)
{
    (void)z;
    return 1 - a * a;
}

static double relu(double z)
{
    return z > 0 ? z : 0;
}

/* At 0, where there is no derivative, 0 is taken, as PyTorch does. */
static double relu_slope(double z, double a)
{
    (void)a;
    return z > 0 ? 1 : 0;
}

/* Both signs of every unit; where there are many, of any of them. */
enum { UNITS = 32 };

static int64_t relu_branch_count(const cnn_layer *layer)
{
    const int64_t units = cnn_shape_values(&layer->in);
    return units <= UNITS ? 2 * units : 2;
}

/* For each unit the negative side comes first. */
static void relu_branches(const cnn_pass *p, bool *taken)
{
    const int64_t units = cnn_shape_values(&p->layer->in);
    for (int64_t i = 0; i < units; i++) {
        taken[(units <= UNITS ? 2 * i : 0) + (p->in[i] > 0)] = true;
    }
}

#define FUNCTION(f, f_slope)                                                                       \
    .formula = "{op}({in})", .symbol = 'a', .forward = each_forward, .backward = each_backward,    \
    .value = (f), .slope = (f_slope), .cost = 12

const cnn_rule cnn_rule_sigmoid = {
    FUNCTION(sigmoid, sigmoid_slope),
    .in_formula = "{dout} .* {out} .* (1 - {out})",
};

const cnn_rule cnn_rule_tanh = {
    FUNCTION(cnn_tanh, tanh_slope),
    .in_formula = "{dout} .* (1 - {out}^2)",
};

const cnn_rule cnn_rule_relu = {
    FUNCTION(relu, relu_slope),
    .in_formula = "{dout} .* relu'({in})",
    .branch_count = relu_branch_count,
    .branches = relu_branches,
    .by_sign = true,
};

/* ---- softmax: of a vector, or over the channels at each position of a map ---- */

/* Subtracting the largest value changes no quotient of exponentials, and none overflows. */
double cnn_exp_sum(const double *v, int64_t n, int64_t step, double *largest)
{
    double sum = 0;
    *largest = v[0];
    for (int64_t i = 1; i < n; i++) {
        *largest = v[i * step] > *largest ? v[i * step] : *largest;
    }
    for (int64_t i = 0; i < n; i++) {
        sum += cnn_exp(v[i * step] - *largest);
    }
    return sum;
}

void cnn_softmax(const double *v, int64_t channels, int64_t positions, double *out)
{
    for (int64_t i = 0; i < positions; i++) {
        double largest;
        const double sum = cnn_exp_sum(v + i, channels, positions, &largest);
        for (int64_t k = i; k < channels * positions; k += positions) {
            out[k] = cnn_exp(v[k] - largest) / sum;
        }
    }
}

static void softmax_forward(const cnn_pass *p)
{
    cnn_softmax(p->in, p->layer->in.channels, cnn_shape_positions(&p->layer->in), p->out);
}

/* dl/dz_i = a_i (dl/da_i - sum_k dl/da_k a_k) */
static void softmax_backward(const cnn_pass *p)
{
    const int64_t channels = p->layer->in.channels;
    const int64_t positions = cnn_shape_positions(&p->layer->in), n = channels * positions;
    for (int64_t i = 0; i < positions; i++) {
        double sum = 0;
        for (int64_t k = i; k < n; k += positions) {
            sum += p->out_slope[k] * p->out[k];
        }
        for (int64_t k = i; k < n; k += positions) {
            p->in_slope[k] = p->out[k] * (p->out_slope[k] - sum);
        }
    }
}

static const cnn_rule softmax_of_channels = {
    .formula = "exp({in}[c,{ij}]) / {sum}_{k} exp({in}[k,{ij}])",
    .in_formula = "{out}[c,{ij}] * ({dout}[c,{ij}] - {sum}_{k} {dout}[k,{ij}] * {out}[k,{ij}])",
    .symbol = 'a',
    .indexed = true,
    .cost = 12,
    .forward = softmax_forward,
    .backward = softmax_backward,
};

const cnn_rule cnn_rule_softmax = {
    .formula = "{op}({in})",
    .in_formula = "{out} .* ({dout} - sum({dout} .* {out}))",
    .symbol = 'a',
    .cost = 12,
    .on_maps = &softmax_of_channels,
    .forward = softmax_forward,
    .backward = softmax_backward,
};
