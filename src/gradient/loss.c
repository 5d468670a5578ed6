/* The table of losses. */
#include <math.h>

#include "gradient/chain.h"
#include "gradient/elementary.h"

/* l = sum_i (a_i - y_i)^2 */
static double squares(const double *a, const double *y, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        sum += (a[i] - y[i]) * (a[i] - y[i]);
    }
    return sum;
}

static void squares_slope(const double *a, const double *y, int64_t n, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = 2 * (a[i] - y[i]);
    }
}

/* l = -sum_i y_i log softmax(a)_i, with softmax(a)_i = exp(a_i - m)/sum_k exp(a_k - m) */
static double cross_entropy(const double *a, const double *y, int64_t n)
{
    double largest = a[0], sum = 0, loss = 0;
    for (int64_t i = 1; i < n; i++) {
        largest = a[i] > largest ? a[i] : largest;
    }
    for (int64_t i = 0; i < n; i++) {
        sum += cnn_exp(a[i] - largest);
    }
    const double log_sum = cnn_log(sum);
    for (int64_t i = 0; i < n; i++) {
        loss -= y[i] * (a[i] - largest - log_sum);
    }
    return loss;
}

/* softmax(a) - y, because the y_i are zeros and a one */
static void cross_entropy_slope(const double *a, const double *y, int64_t n, double *out)
{
    cnn_softmax(a, n, 1, out);
    for (int64_t i = 0; i < n; i++) {
        out[i] -= y[i];
    }
}

const cnn_loss cnn_losses[] = {
    {
        .name = "squares",
        .aliases = "square squared",
        .formula = "sum(({out} - y)^2)",
        .slope_formula = "2 * ({out} - y)",
        .value = squares,
        .slope = squares_slope,
    },
    {
        .name = "cross-entropy",
        .aliases = "crossentropy cross_entropy",
        .formula = "-sum(y .* log(softmax({out})))",
        .slope_formula = "softmax({out}) - y",
        .takes_class = true,
        .value = cross_entropy,
        .slope = cross_entropy_slope,
        .applies = &cnn_rule_softmax,
    },
};

const size_t cnn_loss_count = CNN_LENGTH(cnn_losses);
