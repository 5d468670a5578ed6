/* The table of losses. */
#include <math.h>

#include "gradient/chain.h"
#include "gradient/elementary.h"

/* l = sum_i (a_i - y_i)^2 */
static double squares(const double *a, const double *y, const cnn_dims *dims)
{
    double sum = 0;
    for (int64_t i = 0; i < dims->rows; i++) {
        sum += (a[i] - y[i]) * (a[i] - y[i]);
    }
    return sum;
}

static double half_squares(const double *a, const double *y, const cnn_dims *dims)
{
    return squares(a, y, dims) / 2;
}

/* The mean over the outputs of one sample, as PyTorch's MSELoss. */
static double mean_squares(const double *a, const double *y, const cnn_dims *dims)
{
    return squares(a, y, dims) / (double)dims->rows;
}

static void squares_slope(const double *a, const double *y, const cnn_dims *dims, double *out)
{
    for (int64_t i = 0; i < dims->rows; i++) {
        out[i] = 2 * (a[i] - y[i]);
    }
}

static void half_squares_slope(const double *a, const double *y, const cnn_dims *dims, double *out)
{
    for (int64_t i = 0; i < dims->rows; i++) {
        out[i] = a[i] - y[i];
    }
}

static void mean_squares_slope(const double *a, const double *y, const cnn_dims *dims, double *out)
{
    for (int64_t i = 0; i < dims->rows; i++) {
        out[i] = 2 * (a[i] - y[i]) / (double)dims->rows;
    }
}

/* l = -sum_i (y_i log a_i + (1 - y_i) log(1 - a_i)); 0 log 0 is 0. This
 * is the sum over the outputs; PyTorch's BCELoss takes their mean. */
static double binary_cross_entropy(const double *a, const double *y, const cnn_dims *dims)
{
    double loss = 0;
    for (int64_t i = 0; i < dims->rows; i++) {
        loss -= y[i] == 0 ? 0 : y[i] * cnn_log(a[i]);
        loss -= y[i] == 1 ? 0 : (1 - y[i]) * cnn_log(1 - a[i]);
    }
    return loss;
}

/* No finite number at a = 0 or 1, which is reported. PyTorch's BCELoss clamps log at -100 and this
 * divisor at 1e-12, so that its slope is too small where a sigmoid is saturated. */
static void binary_cross_entropy_slope(const double *a, const double *y, const cnn_dims *dims,
                                       double *out)
{
    for (int64_t i = 0; i < dims->rows; i++) {
        out[i] = (a[i] - y[i]) / (a[i] * (1 - a[i]));
    }
}

/*
 * l = -sum_i y_i log softmax(a)_i, with log softmax(a)_i = a_i - m - log sum_k exp(a_k - m) and m
 * the largest a_k. Of a map, softmax is over the channels and l the sum over the positions:
 * PyTorch's CrossEntropyLoss(reduction='sum').
 */
static double cross_entropy(const double *a, const double *y, const cnn_dims *dims)
{
    const int64_t positions = cnn_shape_positions(&dims->map);
    double loss = 0;
    for (int64_t i = 0; i < positions; i++) {
        double largest;
        const double log_sum =
            cnn_log(cnn_exp_sum(a + i, dims->rows / positions, positions, &largest));
        for (int64_t k = i; k < dims->rows; k += positions) {
            loss -= y[k] * (a[k] - largest - log_sum);
        }
    }
    return loss;
}

/* softmax(a) - y, because the y_i of a position are zeros and a one */
static void cross_entropy_slope(const double *a, const double *y, const cnn_dims *dims, double *out)
{
    const int64_t positions = cnn_shape_positions(&dims->map);
    cnn_softmax(a, dims->rows / positions, positions, out);
    for (int64_t i = 0; i < dims->rows; i++) {
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
    if (loss->one_unit != NULL && last->out.channels == 1) {
        return cnn_fail_words(err, CNN_E_LOSS_ONE_UNIT, last->span, name,
                              cnn_text_of(loss->one_unit));
    }
    if (loss->takes != NULL && rule != loss->takes) {
        return cnn_fail_words(err, CNN_E_LOSS_TAKES, last->span, name, cnn_text_of("sigmoid"));
    }
    return true;
}
