/* z = W x + b, and layers that only look at values differently. */
#include <string.h>

#include "gradient/rule.h"

static void dense_forward(const cnn_pass *p)
{
    const int64_t n = p->layer->out.channels, m = cnn_volume(&p->layer->in);
    for (int64_t i = 0; i < n; i++) {
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
    const int64_t n = p->layer->out.channels, m = cnn_volume(&p->layer->in);
    memset(p->in_slope, 0, (size_t)m * sizeof(double));
    for (int64_t i = 0; i < n; i++) {
        const double slope = p->out_slope[i];
        for (int64_t k = 0; k < m; k++) {
            p->in_slope[k] += p->weights[i * m + k] * slope;
            p->weight_slope[i * m + k] = slope * p->in[k];
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

static void view_forward(const cnn_pass *p)
{
    memcpy(p->out, p->in, (size_t)cnn_volume(&p->layer->in) * sizeof(double));
}

static void view_backward(const cnn_pass *p)
{
    memcpy(p->in_slope, p->out_slope, (size_t)cnn_volume(&p->layer->in) * sizeof(double));
}

const cnn_rule cnn_rule_view = {
    .formula = "{op}({in})",
    .in_formula = "reshape({dout})",
    .symbol = 'v',
    .forward = view_forward,
    .backward = view_backward,
};
