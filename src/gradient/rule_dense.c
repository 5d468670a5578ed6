/*
 * z = W x + b, and layers that only look at values differently.
 *
 * Nothing is transposed: going through W row by row serves W x as well as W^T dl/dz.
 */
#include <string.h>

#include "gradient/rule.h"

/* Sums of four rows side by side: the processor adds them at the same time, and each sum has the
 * same order as alone. */
static void dense_four(const cnn_pass *p, int64_t i, int64_t m)
{
    const double *w = p->weights + i * m, *in = p->in;
    double sum[4];
    for (int64_t r = 0; r < 4; r++) {
        sum[r] = p->biases != NULL ? p->biases[i + r] : 0;
    }
    for (int64_t k = 0; k < m; k++) {
        const double x = in[k];
        sum[0] += w[k] * x;
        sum[1] += w[m + k] * x;
        sum[2] += w[2 * m + k] * x;
        sum[3] += w[3 * m + k] * x;
    }
    memcpy(p->out + i, sum, sizeof sum);
}

/* z = W x + b with n outputs, m inputs; W is n x m, row by row. */
static void dense_forward(const cnn_pass *p)
{
    const int64_t n = p->layer->out.channels, m = cnn_shape_values(&p->layer->in);
    int64_t i = 0;
    for (; i + 4 <= n; i += 4) {
        dense_four(p, i, m);
    }
    for (; i < n; i++) {
        double sum = p->biases != NULL ? p->biases[i] : 0;
        for (int64_t k = 0; k < m; k++) {
            sum += p->weights[i * m + k] * p->in[k];
        }
        p->out[i] = sum;
    }
}

/* dl/dx = W^T dl/dz,  dl/dW = dl/dz x^T,  dl/db = dl/dz */
static void dense_backward(const cnn_pass *p)
{
    const int64_t n = p->layer->out.channels, m = cnn_shape_values(&p->layer->in);
    memset(p->in_slope, 0, (size_t)m * sizeof(double));
    for (int64_t i = 0; i < n; i++) {
        const double slope = p->out_slope[i];
        const double *restrict w = p->weights + i * m, *restrict in = p->in;
        double *restrict dx = p->in_slope, *restrict dw = p->weight_slope + i * m;
        for (int64_t k = 0; k < m; k++) {
            dx[k] += w[k] * slope;
            dw[k] = slope * in[k];
        }
    }
    if (p->biases != NULL) {
        memcpy(p->bias_slope, p->out_slope, (size_t)n * sizeof(double));
    }
}

const cnn_rule cnn_rule_dense = {
    .formula = "{W} * {in}",
    .with_bias = " + {b}",
    .in_formula = "{W}^T * {dout}",
    .weight_formula = "{dout} * {in}^T",
    .bias_formula = "{dout}",
    .symbol = 'z',
    .forward = dense_forward,
    .backward = dense_backward,
};

/* flatten and reshape keep the values in their order: channel by channel, row by row. */
static void view_forward(const cnn_pass *p)
{
    memcpy(p->out, p->in, (size_t)cnn_shape_values(&p->layer->in) * sizeof(double));
}

static void view_backward(const cnn_pass *p)
{
    memcpy(p->in_slope, p->out_slope, (size_t)cnn_shape_values(&p->layer->in) * sizeof(double));
}

const cnn_rule cnn_rule_view = {
    .formula = "{op}({in})",
    .in_formula = "reshape({dout})",
    .symbol = 'v',
    .cost = 1,
    .forward = view_forward,
    .backward = view_backward,
};
