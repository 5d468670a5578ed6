/* What other programs count for one layer, where that is no plain multiple of our counts too. */
#include "base/checked.h"
#include "compare/tools.h"
#include "net/network.h"

/* ---- products and sums ---- */

/* Of a shape of the network, whose volume fits. */
static int64_t values_of(const cnn_shape *shape)
{
    int64_t values = 0;
    (void)cnn_shape_volume(shape, &values);
    return values;
}

/* The positions of a map; 1 for a vector. */
static int64_t positions_of(const cnn_shape *shape)
{
    return values_of(shape) / shape->channels;
}

/* *sum += times * n */
static bool add_times(int64_t *sum, int64_t times, int64_t n)
{
    int64_t product;
    return cnn_checked_mul(times, n, &product) && cnn_checked_add(*sum, product, sum);
}

/* The positions of a convolution's kernel. */
static bool kernel_of(const cnn_layer *layer, int64_t *out)
{
    bool fits = true;
    *out = 1;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        fits = fits && cnn_checked_mul(*out, layer->attrs->value[CNN_SIZE][i], out);
    }
    return fits;
}

/* ---- formulas ---- */

bool cnn_tool_multiple(const cnn_tool_rule *rule, const cnn_layer *layer, int64_t *out)
{
    *out = 0;
    return add_times(out, rule->macs, layer->macs) &&
           add_times(out, rule->in, values_of(&layer->in)) &&
           add_times(out, rule->out, values_of(&layer->out)) &&
           add_times(out, rule->params, layer->weights + layer->biases) &&
           (layer->biases == 0 || add_times(out, rule->biases, values_of(&layer->out)));
}

bool cnn_tool_nothing(const cnn_tool_site *site, int64_t *out)
{
    (void)site;
    *out = 0;
    return true;
}

bool cnn_tool_refuses(const cnn_tool_site *site, int64_t *out)
{
    (void)site;
    *out = CNN_TOOL_REFUSES;
    return true;
}

bool cnn_tool_params_at_output(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    return cnn_checked_mul(layer->weights + layer->biases, positions_of(&layer->out), out);
}

/* Outputs of layers with parameters, once more for their gradients. Heads do not run. */
bool cnn_tool_pass_bytes(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    *out = 0;
    return layer->weights + layer->biases == 0 || layer->aux ||
           (cnn_checked_mul(values_of(&layer->out), 2, out) &&
            cnn_checked_mul(*out, site->numbers->samples, out) &&
            cnn_checked_mul(*out, site->numbers->value_bytes, out));
}

/* n exponentials, n - 1 additions, n divisions at each position */
bool cnn_tool_softmax(const cnn_tool_site *site, int64_t *out)
{
    *out = -positions_of(&site->layer->in);
    return add_times(out, 3, values_of(&site->layer->in));
}

/* An addition for each value in a window, those of the padding too, and a division for each output.
 * Under ceil the last window may reach beyond the padding; what lies there is no value. */
bool cnn_tool_windows(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    int64_t added = layer->out.channels;
    for (int32_t axis = 0; axis < layer->in.axes; axis++) {
        const int64_t k = value[CNN_SIZE][axis], s = value[CNN_STRIDE][axis];
        const int64_t count = layer->out.side[axis];
        const int64_t padded = layer->in.side[axis] + layer->pad_low[axis] + layer->pad_high[axis];
        const int64_t beyond = (count - 1) * s + k - padded; /* of the last window alone */
        int64_t covered = beyond > 0 ? -beyond : 0;
        if (!add_times(&covered, k, count) || !cnn_checked_mul(added, covered, &added)) {
            return false;
        }
    }
    return cnn_checked_add(added, values_of(&layer->out), out);
}

/* Window j of an axis is [floor(j W/O), ceil((j + 1) W/O)); they overlap unless O divides W. */
static int64_t adaptive_covered(int64_t w, int64_t o)
{
    /* The ends that are no multiple lie in two windows: all but every (O/g)-th, g = gcd(W, O). */
    const int64_t common = cnn_greatest_divisor(w, o);
    return w + o - common;
}

/* An addition for each value in a window and a division for each output. */
bool cnn_tool_adaptive_windows(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    int64_t added = layer->out.channels;
    for (int32_t axis = 0; axis < layer->in.axes; axis++) {
        if (!cnn_checked_mul(added, adaptive_covered(layer->in.side[axis], layer->out.side[axis]),
                             &added)) {
            return false;
        }
    }
    return cnn_checked_add(added, values_of(&layer->out), out);
}

/* Squares, a factor and a summand for each value; a mean over n channels, padded by n - 1. */
bool cnn_tool_local_norm(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    int64_t padded;
    *out = 0;
    return cnn_checked_add(layer->in.channels, layer->attrs->value[CNN_SIZE][0] - 1, &padded) &&
           add_times(out, 3, values_of(&layer->in)) &&
           add_times(out, padded, positions_of(&layer->in));
}

/* The smaller shape of two that are multiplied: torchvision writes gate * map. */
static int64_t least_factor(const cnn_tool_site *site)
{
    int64_t least = INT64_MAX;
    for (int32_t i = 0; i < site->layer->source_count; i++) {
        const cnn_layer *source = &site->numbers->net->layers[site->layer->sources[i]];
        const int64_t values = values_of(&source->out);
        least = values < least ? values : least;
    }
    return least;
}

bool cnn_tool_first_factor(const cnn_tool_site *site, int64_t *out)
{
    *out = least_factor(site);
    return true;
}

bool cnn_tool_sums(const cnn_tool_site *site, int64_t *out)
{
    return cnn_checked_mul(values_of(&site->layer->out), site->layer->source_count - 1, out);
}

bool cnn_tool_weights(const cnn_tool_site *site, int64_t *out)
{
    *out = site->layer->weights;
    return true;
}

bool cnn_tool_with_statistics(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    return cnn_checked_add(layer->weights + layer->biases, layer->statistics, out);
}

/* ---- formulas of OpenCV ---- */

/* (2 k^2 C + 1) for each output: the groups are not looked at, a bias is always there. */
bool cnn_tool_cv_conv(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    int64_t kernel, each = 1;
    return kernel_of(layer, &kernel) && cnn_checked_mul(kernel, layer->in.channels, &kernel) &&
           add_times(&each, 2, kernel) && cnn_checked_mul(each, values_of(&layer->out), out);
}

/* 2 k^2 C for each input, C being the input's channels where the output's were meant. */
bool cnn_tool_cv_transposed(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    int64_t kernel, each = 0;
    return kernel_of(layer, &kernel) && cnn_checked_mul(kernel, layer->in.channels, &kernel) &&
           add_times(&each, 2, kernel) && cnn_checked_mul(each, values_of(&layer->in), out);
}

/* Nothing if it reads a convolution that nothing else reads: the exporter folds it into that. */
bool cnn_tool_cv_batch_norm(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layers = site->numbers->net->layers, *layer = site->layer;
    const cnn_layer *before = &layers[layer->sources[0]];
    while (before->op == layer->op && site->readers[before - layers] == 1) {
        before = &layers[before->sources[0]];
    }
    if (before->op->role == CNN_ROLE_CONV && site->readers[before - layers] == 1) {
        return cnn_tool_nothing(site, out);
    }
    return cnn_checked_mul(values_of(&layer->in), 3, out);
}

/* Statistics of each group (6 for a value, 3 for a group), a batch norm (3), factor and summand (4)
 */
bool cnn_tool_cv_group_norm(const cnn_tool_site *site, int64_t *out)
{
    const cnn_layer *layer = site->layer;
    *out = 0;
    return add_times(out, 13, values_of(&layer->in)) &&
           add_times(out, 3, layer->attrs->value[CNN_SIZE][0]);
}

bool cnn_tool_cv_instance_norm(const cnn_tool_site *site, int64_t *out)
{
    *out = 0;
    return add_times(out, 9, values_of(&site->layer->in)) &&
           add_times(out, 3, site->layer->in.channels);
}

/* A vector cannot be read. */
bool cnn_tool_cv_layer_norm(const cnn_tool_site *site, int64_t *out)
{
    const cnn_shape *in = &site->layer->in;
    *out = in->axes == 0 ? CNN_TOOL_REFUSES : 0;
    return in->axes == 0 ||
           (add_times(out, 20, values_of(in)) && add_times(out, 19, positions_of(in)));
}

/* The area of a window, and `more` besides, for each output. */
static bool windows(const cnn_layer *layer, const int64_t *window, int64_t more, int64_t *out)
{
    int64_t area = 1;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        if (!cnn_checked_mul(area, window[i], &area)) {
            return false;
        }
    }
    return cnn_checked_add(area, more, &area) && cnn_checked_mul(area, values_of(&layer->out), out);
}

/* Exported as a pooling with windows of W/O; where O does not divide W it cannot be. */
static bool adaptive(const cnn_layer *layer, int64_t more, int64_t *out)
{
    int64_t window[CNN_AXES];
    for (int32_t i = 0; i < layer->in.axes; i++) {
        if (layer->in.side[i] % layer->out.side[i] != 0) {
            *out = CNN_TOOL_REFUSES;
            return true;
        }
        window[i] = layer->in.side[i] / layer->out.side[i];
    }
    return windows(layer, window, more, out);
}

bool cnn_tool_cv_max_pool(const cnn_tool_site *site, int64_t *out)
{
    return windows(site->layer, site->layer->attrs->value[CNN_SIZE], 0, out);
}

bool cnn_tool_cv_mean_pool(const cnn_tool_site *site, int64_t *out)
{
    return windows(site->layer, site->layer->attrs->value[CNN_SIZE], 1, out);
}

bool cnn_tool_cv_adaptive_max(const cnn_tool_site *site, int64_t *out)
{
    return adaptive(site->layer, 0, out);
}

/* A single output is exported as a global mean, whose window counts as 1. */
bool cnn_tool_cv_adaptive_mean(const cnn_tool_site *site, int64_t *out)
{
    const cnn_shape *shape = &site->layer->out;
    return positions_of(shape) == 1 ? cnn_checked_mul(values_of(shape), 2, out)
                                    : adaptive(site->layer, 1, out);
}

/* Two by two: 2 for each value that comes out; 2 for each that enters if one shape is stretched. */
bool cnn_tool_cv_join(const cnn_tool_site *site, int64_t *out)
{
    const int64_t values = values_of(&site->layer->out), least = least_factor(site);
    *out = 0;
    return add_times(out, site->layer->source_count - 1, 2 * values) &&
           (least == values || add_times(out, 2, least));
}
