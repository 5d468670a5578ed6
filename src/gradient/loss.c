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

static double half_squares(const double *a, const double *y, int64_t n)
{
    return squares(a, y, n) / 2;
}

/* The mean over the outputs of one sample, as PyTorch's MSELoss. */
static double mean_squares(const double *a, const double *y, int64_t n)
{
    return squares(a, y, n) / (double)n;
}

static void squares_slope(const double *a, const double *y, int64_t n, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = 2 * (a[i] - y[i]);
    }
}

static void half_squares_slope(const double *a, const double *y, int64_t n, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = a[i] - y[i];
    }
}

static void mean_squares_slope(const double *a, const double *y, int64_t n, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = 2 * (a[i] - y[i]) / (double)n;
    }
}

/* l = -sum_i (y_i log a_i + (1 - y_i) log(1 - a_i)); 0 log 0 is 0. This
 * is the sum over the outputs; PyTorch's BCELoss takes their mean. */
static double binary_cross_entropy(const double *a, const double *y, int64_t n)
{
    double loss = 0;
    for (int64_t i = 0; i < n; i++) {
        loss -= y[i] == 0 ? 0 : y[i] * cnn_log(a[i]);
        loss -= y[i] == 1 ? 0 : (1 - y[i]) * cnn_log(1 - a[i]);
    }
    return loss;
}

/* No finite number at a = 0 or 1, which is reported; PyTorch's BCELoss clamps log at -100. */
static void binary_cross_entropy_slope(const double *a, const double *y, int64_t n, double *out)
{
    for (int64_t i = 0; i < n; i++) {
        out[i] = (a[i] - y[i]) / (a[i] * (1 - a[i]));
    }
}

/* l = -sum_i y_i log softmax(a)_i, with softmax(a)_i = exp(a_i - m)/sum_k exp(a_k - m). Subtracting
 * m, the largest, keeps exp from overflowing. PyTorch's CrossEntropyLoss of a vector. */
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
        .name = "half-squares",
        .aliases = "half_squares",
        .formula = "1/2 * sum(({out} - y)^2)",
        .slope_formula = "{out} - y",
        .value = half_squares,
        .slope = half_squares_slope,
    },
    {
        .name = "mean-squares",
        .aliases = "mean_squares mse",
        .formula = "1/{count} * sum(({out} - y)^2)",
        .slope_formula = "2/{count} * ({out} - y)",
        .value = mean_squares,
        .slope = mean_squares_slope,
    },
    {
        .name = "cross-entropy",
        .aliases = "crossentropy cross_entropy",
        .formula = "-sum(y .* log(softmax({out})))",
        .slope_formula = "softmax({out}) - y",
        .target = CNN_TARGET_CLASS,
        .value = cross_entropy,
        .slope = cross_entropy_slope,
        .applies = &cnn_rule_softmax,
        .one_unit = "binary-cross-entropy",
    },
    {
        .name = "binary-cross-entropy",
        .aliases = "binary_cross_entropy bce",
        .formula = "-sum(y .* log({out}) + (1 - y) .* log(1 - {out}))",
        .slope_formula = "({out} - y) / ({out} .* (1 - {out}))",
        .target = CNN_TARGET_PART,
        .value = binary_cross_entropy,
        .slope = binary_cross_entropy_slope,
        .takes = &cnn_rule_sigmoid,
    },
};

const size_t cnn_loss_count = CNN_LENGTH(cnn_losses);

/* ---- which one ---- */

const cnn_loss *cnn_loss_find(cnn_text name, cnn_error *err)
{
    for (size_t i = 0; i < cnn_loss_count; i++) {
        if (name.size == 0 || cnn_text_is(name, cnn_losses[i].name) ||
            cnn_text_among(name, cnn_losses[i].aliases)) {
            return &cnn_losses[i];
        }
    }
    err->source = CNN_SOURCE_LOSS;
    cnn_fail_words(err, CNN_E_LOSS, (cnn_span){0, (uint32_t)name.size}, name, (cnn_text){0});
    return NULL;
}

/* Refuses softmax before a loss that has its own, cross-entropy of one output (always 0), and
 * binary cross-entropy after anything but a sigmoid. */
bool cnn_loss_fits(const cnn_loss *loss, const cnn_layer *last, cnn_error *err)
{
    const cnn_rule *rule = cnn_rule_of(last);
    const cnn_text name = cnn_text_of(loss->name), kind = cnn_text_of(last->op->name);
    if (loss->applies != NULL && rule != NULL && rule->forward == loss->applies->forward) {
        return cnn_fail_words(err, CNN_E_LOSS_TWICE, last->span, name, kind);
    }
    if (loss->one_unit != NULL && cnn_shape_values(&last->out) == 1) {
        return cnn_fail_words(err, CNN_E_LOSS_ONE_UNIT, last->span, name,
                              cnn_text_of(loss->one_unit));
    }
    if (loss->takes != NULL && rule != loss->takes) {
        return cnn_fail_words(err, CNN_E_LOSS_TAKES, last->span, name, cnn_text_of("sigmoid"));
    }
    return true;
}
