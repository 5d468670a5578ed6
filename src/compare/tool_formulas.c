/* What other programs count for one layer, where that is no plain multiple of our counts too. */
#include "base/checked.h"
#include "compare/tools.h"
#include "net/network.h"

/* ---- sums and products of counts; what does not fit is CNN_TOOL_OVERFLOW and stays so ---- */

static int64_t plus(int64_t a, int64_t b)
{
    int64_t sum;
    const bool fits = a != CNN_TOOL_OVERFLOW && b != CNN_TOOL_OVERFLOW;
    return fits && cnn_checked_add(a, b, &sum) ? sum : CNN_TOOL_OVERFLOW;
}

static int64_t times(int64_t a, int64_t b)
{
    int64_t product;
    return cnn_checked_mul(a, b, &product) ? product : CNN_TOOL_OVERFLOW;
}

/* Of a shape of the network, whose volume fits. */
static int64_t values_of(const cnn_shape *shape)
{
    int64_t values = 0;
    (void)cnn_shape_volume(shape, &values);
    return values;
}

static int64_t inputs(const cnn_tool_site *site)
{
    return values_of(&site->layer->in);
}

static int64_t outputs(const cnn_tool_site *site)
{
    return values_of(&site->layer->out);
}

/* The positions of a map; 1 for a vector. */
static int64_t positions_of(const cnn_shape *shape)
{
    return values_of(shape) / shape->channels;
}

static int64_t params_of(const cnn_layer *layer)
{
    return layer->weights + layer->biases;
}

/* The area of a window with these sides. */
static int64_t area(const cnn_layer *layer, const int64_t *side)
{
    int64_t product = 1;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        product = times(product, side[i]);
    }
    return product;
}

/* ---- formulas ---- */

int64_t cnn_tool_multiple(const cnn_tool_rule *rule, const cnn_tool_site *site)
{
    const cnn_layer *layer = site->layer;
    const int64_t biased = layer->biases > 0 ? outputs(site) : 0;
    int64_t sum = times(rule->macs, layer->macs);
    sum = plus(sum, times(rule->in, inputs(site)));
    sum = plus(sum, times(rule->out, outputs(site)));
    sum = plus(sum, times(rule->params, params_of(layer)));
    return plus(sum, times(rule->biases, biased));
}

int64_t cnn_tool_nothing(const cnn_tool_site *site)
{
    (void)site;
    return 0;
}

int64_t cnn_tool_refuses(const cnn_tool_site *site)
{
    (void)site;
    return CNN_TOOL_REFUSES;
}

int64_t cnn_tool_params_at_output(const cnn_tool_site *site)
{
    return times(params_of(site->layer), positions_of(&site->layer->out));
}

/* Outputs of layers with parameters, once more for their gradients. */
int64_t cnn_tool_pass_bytes(const cnn_tool_site *site)
{
    const int64_t bytes = times(site->numbers->samples, site->numbers->value_bytes);
    return params_of(site->layer) > 0 ? times(times(2, outputs(site)), bytes) : 0;
}

/* n exponentials, n - 1 additions, n divisions at each position */
int64_t cnn_tool_softmax(const cnn_tool_site *site)
{
    return plus(times(3, inputs(site)), -positions_of(&site->layer->in));
}

/* An addition for each value in a window, those of the padding too, and a division for each output.
 * Under ceil the last window may reach beyond the padding; what lies there is no value. */
int64_t cnn_tool_windows(const cnn_tool_site *site)
{
    const cnn_layer *layer = site->layer;
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    int64_t added = layer->out.channels;
    for (int32_t axis = 0; axis < layer->in.axes; axis++) {
        const int64_t k = value[CNN_SIZE][axis], s = value[CNN_STRIDE][axis];
        const int64_t count = layer->out.side[axis];
        const int64_t padded = layer->in.side[axis] + layer->pad_low[axis] + layer->pad_high[axis];
        const int64_t beyond = k - (padded - (count - 1) * s); /* of the last window alone */
        added = times(added, plus(times(k, count), beyond > 0 ? -beyond : 0));
    }
    return plus(added, outputs(site));
}

/* An addition for each value in a window and a division for each output. Window j of an axis is
 * [floor(j W/O), ceil((j + 1) W/O)): neighbours share a value unless their border is whole, and of
 * the O borders gcd(W, O) are. */
int64_t cnn_tool_adaptive_windows(const cnn_tool_site *site)
{
    const cnn_layer *layer = site->layer;
    int64_t added = layer->out.channels;
    for (int32_t axis = 0; axis < layer->in.axes; axis++) {
        const int64_t w = layer->in.side[axis], o = layer->out.side[axis];
        added = times(added, plus(w, o - cnn_greatest_divisor(w, o)));
    }
    return plus(added, outputs(site));
}

/* Squares, a factor and a summand for each value; a mean over n channels, padded by n - 1. */
int64_t cnn_tool_local_norm(const cnn_tool_site *site)
{
    const cnn_layer *layer = site->layer;
    const int64_t padded = plus(layer->in.channels, layer->attrs->value[CNN_SIZE][0] - 1);
    return plus(times(3, inputs(site)), times(padded, positions_of(&layer->in)));
}

/* The smallest of the shapes that are multiplied: torchvision writes gate * map. */
int64_t cnn_tool_first_factor(const cnn_tool_site *site)
{
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < site->layer->source_count; i++) {
        const cnn_layer *source = &site->numbers->net->layers[site->layer->sources[i]];
        const int64_t values = values_of(&source->out);
        least = values < least ? values : least;
    }
    return least;
}

int64_t cnn_tool_sums(const cnn_tool_site *site)
{
    return times(outputs(site), site->layer->source_count - 1);
}

int64_t cnn_tool_weights(const cnn_tool_site *site)
{
    return site->layer->weights;
}

int64_t cnn_tool_with_statistics(const cnn_tool_site *site)
{
    return plus(params_of(site->layer), site->layer->statistics);
}

/* ---- formulas of OpenCV ---- */

/* Two operations for each weight of a kernel that sees all channels of the input. */
static int64_t kernel_operations(const cnn_layer *layer)
{
    return times(times(2, layer->in.channels), area(layer, layer->attrs->value[CNN_SIZE]));
}

/* (2 k^2 C + 1) for each output: the groups are not looked at, a bias is always there. */
int64_t cnn_tool_cv_conv(const cnn_tool_site *site)
{
    return times(plus(kernel_operations(site->layer), 1), outputs(site));
}

/* 2 k^2 C for each input, C being the input's channels where the output's were meant. */
int64_t cnn_tool_cv_transposed(const cnn_tool_site *site)
{
    return times(kernel_operations(site->layer), inputs(site));
}

/* Nothing if it reads a convolution that nothing else reads: the exporter folds it into that. */
int64_t cnn_tool_cv_batch_norm(const cnn_tool_site *site)
{
    const cnn_layer *layers = site->numbers->net->layers, *layer = site->layer;
    int32_t source = layer->sources[0];
    while (layers[source].op == layer->op && site->readers[source] == 1) {
        source = layers[source].sources[0];
    }
    const bool folded = layers[source].op->role == CNN_ROLE_CONV && site->readers[source] == 1;
    return folded ? 0 : times(3, inputs(site));
}

/* For a value: 6 for the statistics of its group, 3 for a batch norm, 4 for factor and summand. For
 * a group: 3. */
int64_t cnn_tool_cv_group_norm(const cnn_tool_site *site)
{
    return plus(times(13, inputs(site)), times(3, site->layer->attrs->value[CNN_SIZE][0]));
}

int64_t cnn_tool_cv_instance_norm(const cnn_tool_site *site)
{
    return plus(times(9, inputs(site)), times(3, site->layer->in.channels));
}

/* A vector cannot be read. */
int64_t cnn_tool_cv_layer_norm(const cnn_tool_site *site)
{
    const cnn_shape *in = &site->layer->in;
    return in->axes == 0 ? CNN_TOOL_REFUSES
                         : plus(times(20, inputs(site)), times(19, positions_of(in)));
}

int64_t cnn_tool_cv_max_pool(const cnn_tool_site *site)
{
    return times(area(site->layer, site->layer->attrs->value[CNN_SIZE]), outputs(site));
}

int64_t cnn_tool_cv_mean_pool(const cnn_tool_site *site)
{
    return plus(cnn_tool_cv_max_pool(site), outputs(site));
}

/* Exported as a pooling with windows of W/O; where O does not divide W it cannot be. */
int64_t cnn_tool_cv_adaptive_max(const cnn_tool_site *site)
{
    const cnn_layer *layer = site->layer;
    int64_t window[CNN_AXES];
    for (int32_t i = 0; i < layer->in.axes; i++) {
        window[i] = layer->in.side[i] / layer->out.side[i];
        if (layer->in.side[i] % layer->out.side[i] != 0) {
            return CNN_TOOL_REFUSES;
        }
    }
    return times(area(layer, window), outputs(site));
}

/* A single output is exported as a global mean, whose window counts as 1. */
int64_t cnn_tool_cv_adaptive_mean(const cnn_tool_site *site)
{
    if (positions_of(&site->layer->out) == 1) {
        return times(2, outputs(site));
    }
    const int64_t added = cnn_tool_cv_adaptive_max(site);
    return added == CNN_TOOL_REFUSES ? added : plus(added, outputs(site));
}

/* Two by two: 2 for each value that comes out; 2 for each that enters if one shape is stretched. */
int64_t cnn_tool_cv_join(const cnn_tool_site *site)
{
    const int64_t values = outputs(site), least = cnn_tool_first_factor(site);
    const int64_t sum = times(times(2, values), site->layer->source_count - 1);
    return least == values ? sum : plus(sum, times(2, least));
}
