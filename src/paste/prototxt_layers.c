/* The layers of Caffe's prototxt that compute, one row for each type. */
#include "base/checked.h"
#include "paste/prototxt.h"

cnn_spec cnn_prototxt_spec(const cnn_prototxt_job *j, const char *op)
{
    cnn_spec spec = cnn_spec_of(op, &j->in, NULL, j->span);
    spec.weights_of = j->weights_of;
    return spec;
}

static bool named(cnn_prototxt_job *j, const char *op)
{
    cnn_spec spec = cnn_prototxt_spec(j, op);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

/* ---- convolution and pooling ---- */

/* kernel_size once, or once for each axis; kernel_h and kernel_w, if given, win. */
static bool sides(const cnn_prototxt_job *j, const char *key, const char *high, const char *wide,
                  int64_t standard, int64_t *out)
{
    const int32_t count = cnn_prototxt_count(j->param, key), axes = j->in->shape.axes;
    if (count > 1 && count != axes) {
        return cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_SIDES, j->span, count, axes);
    }
    if (!cnn_prototxt_number(j->r, j->param, key, 0, standard, &out[0])) {
        return false;
    }
    for (int32_t i = 1; i < CNN_AXES; i++) {
        if (!cnn_prototxt_number(j->r, j->param, key, i, out[0], &out[i])) {
            return false;
        }
    }
    return cnn_prototxt_number(j->r, j->param, high, 0, out[0], &out[0]) &&
           cnn_prototxt_number(j->r, j->param, wide, 0, out[1], &out[1]);
}

/* num_output and kernel_size have no default. */
static bool has(const cnn_prototxt_job *j, const char *key)
{
    const cnn_py *type = cnn_prototxt_get(j->layer, "type", 0);
    return cnn_prototxt_get(j->param, key, 0) != NULL ||
           cnn_paste_fail(j->r->p, CNN_E_PASTE_MISSING, j->span, type->text, cnn_text_of(key));
}

static bool has_kernel(const cnn_prototxt_job *j)
{
    return (cnn_prototxt_get(j->param, "kernel_h", 0) != NULL &&
            cnn_prototxt_get(j->param, "kernel_w", 0) != NULL) ||
           has(j, "kernel_size");
}

static bool convolution(cnn_prototxt_job *j, const char *kind, int64_t groups)
{
    cnn_prototxt *r = j->r;
    const int32_t axes = j->in->shape.axes;
    int64_t n, group, kernel[CNN_AXES], stride[CNN_AXES], pad[CNN_AXES], dilation[CNN_AXES];
    cnn_spec spec = cnn_prototxt_spec(j, kind);
    if (!cnn_prototxt_number(r, j->param, "num_output", 0, 0, &n) ||
        !cnn_prototxt_number(r, j->param, "group", 0, groups, &group) ||
        !sides(j, "kernel_size", "kernel_h", "kernel_w", 0, kernel) ||
        !sides(j, "stride", "stride_h", "stride_w", 1, stride) ||
        !sides(j, "pad", "pad_h", "pad_w", 0, pad) ||
        !sides(j, "dilation", "dilation_h", "dilation_w", 1, dilation) || !has(j, "num_output") ||
        !has_kernel(j)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_GROUPS, group);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, axes);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, axes);
    cnn_spec_sides(&spec, CNN_PAD, pad, axes);
    cnn_spec_sides(&spec, CNN_DILATION, dilation, axes);
    cnn_spec_all(&spec, CNN_BIAS, cnn_prototxt_true(j->param, "bias_term", true));
    return cnn_flow_add(r->p, &spec, &j->out);
}

static bool conv(cnn_prototxt_job *j)
{
    return convolution(j, "conv", 1);
}

static bool deconv(cnn_prototxt_job *j)
{
    return convolution(j, "deconv", 1);
}

/* Of forks: a group for each channel, whatever `group` is. */
static bool depthwise(cnn_prototxt_job *j)
{
    return convolution(j, "conv", j->in->shape.channels);
}

/* The rows that have to be added after a side, so that a pooling that rounds up here gives as many
 * windows as Caffe does: ours drops one that would begin after the map, Caffe only where there is
 * a padding. */
static int64_t rows_after(int64_t in, int64_t k, int64_t s, int64_t pad)
{
    const int64_t over = in - k;
    if (pad > 0 || over < 0 || s < 1) {
        return 0;
    }
    const int64_t begins = (over + s - 1) / s * s; /* of the last window */
    return begins >= in ? begins + k - in : 0;
}

/* A word of an enumeration, or its number. */
static bool is_one(const cnn_py *param, const char *key, const char *word, const char *number)
{
    return cnn_prototxt_says(param, key, word) || cnn_prototxt_says(param, key, number);
}

static bool pooling(cnn_prototxt_job *j)
{
    cnn_prototxt *r = j->r;
    const int32_t axes = j->in->shape.axes;
    int64_t kernel[CNN_AXES], stride[CNN_AXES], pad[CNN_AXES];
    const bool mean = is_one(j->param, "pool", "AVE", "1");
    /* Caffe's poolings round up unless told otherwise: by round_mode, or by ceil_mode in some
     * forks. */
    const bool floors = is_one(j->param, "round_mode", "FLOOR", "1") ||
                        !cnn_prototxt_true(j->param, "ceil_mode", true);
    if (cnn_prototxt_true(j->param, "global_pooling", false)) {
        return named(j, mean ? "gap" : "gmp");
    }
    if (!sides(j, "kernel_size", "kernel_h", "kernel_w", 0, kernel) ||
        !sides(j, "stride", "stride_h", "stride_w", 1, stride) ||
        !sides(j, "pad", "pad_h", "pad_w", 0, pad) || !has_kernel(j)) {
        return false;
    }
    int64_t none[CNN_AXES] = {0}, after[CNN_AXES] = {0}, more = 0;
    for (int32_t i = 0; i < axes; i++) {
        /* Keeps rows_after from overflowing. */
        if (kernel[i] > INT32_MAX || pad[i] > INT32_MAX || stride[i] > INT32_MAX ||
            j->in->shape.side[i] > INT64_MAX / 4) {
            return cnn_paste_fail(r->p, CNN_E_OVERFLOW, j->span, cnn_text_of("the window"),
                                  (cnn_text){0});
        }
        after[i] = floors ? 0 : rows_after(j->in->shape.side[i], kernel[i], stride[i], pad[i]);
        more |= after[i];
    }
    const cnn_tensor *padded = j->in;
    if (more > 0) {
        cnn_spec rows = cnn_spec_of("pad", &j->in, NULL, j->span);
        cnn_spec_ends(&rows, none, after, axes);
        if (!cnn_flow_add(r->p, &rows, &j->out)) {
            return false;
        }
        padded = j->out;
    }
    cnn_spec spec = cnn_spec_of(mean ? "avgpool" : "maxpool", &padded, NULL, j->span);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, axes);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, axes);
    cnn_spec_sides(&spec, CNN_PAD, pad, axes);
    if (!floors) {
        cnn_spec_all(&spec, CNN_CEIL, 0);
    }
    return cnn_flow_add(r->p, &spec, &j->out);
}

/* ---- fully connected ---- */

/* The axes from `axis` on are one vector; those before it stay as they are. */
static bool inner_product(cnn_prototxt_job *j)
{
    cnn_paster *p = j->r->p;
    const int32_t rank = j->in->shape.axes + 2;
    int64_t n, axis;
    int32_t from;
    if (!has(j, "num_output") || !cnn_prototxt_number(j->r, j->param, "num_output", 0, 0, &n) ||
        !cnn_prototxt_signed(j->r, j->param, "axis", 0, 1, &axis) ||
        !cnn_axis_at(p, axis, rank, j->span, &from)) {
        return false;
    }
    cnn_tensor *flat = (cnn_tensor *)j->in;
    if (from > 1 && from < rank - 1 &&
        !cnn_tensor_flatten(p, j->in, from, -1, j->span, NULL, &flat)) {
        return false;
    }
    j->in = flat;
    cnn_spec spec = cnn_prototxt_spec(j, from > 1 ? "linear" : "FC");
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_BIAS, cnn_prototxt_true(j->param, "bias_term", true));
    return cnn_flow_add(p, &spec, &j->out);
}

/* ---- norms, factors and shifts ---- */

/* Caffe's normalisation has no factors; a Scale layer after it has. Those of forks have both. */
static bool batch_norm(cnn_prototxt_job *j)
{
    const cnn_py *type = cnn_prototxt_get(j->layer, "type", 0);
    cnn_spec spec = cnn_prototxt_spec(j, "bn");
    cnn_spec_all(&spec, CNN_BIAS,
                 cnn_word_is(type->text, "BN") || cnn_prototxt_true(j->param, "scale_bias", false));
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

/* One number for each position of the axes from `axis` on, num_axes of them; *n: how many. */
static bool factors(const cnn_prototxt_job *j, bool *channels, int64_t *n)
{
    int64_t axis, count, sizes[CNN_SAMPLE_AXES];
    const int32_t rank = cnn_tensor_axes(j->r->p, j->in, sizes) + 1;
    int32_t from;
    if (!cnn_prototxt_signed(j->r, j->param, "axis", 0, 1, &axis) ||
        !cnn_prototxt_signed(j->r, j->param, "num_axes", 0, 1, &count) ||
        !cnn_axis_at(j->r->p, axis, rank, j->span, &from)) {
        return false;
    }
    count = count == -1 ? rank - from : count;
    if (count < 0 || count > rank - from) {
        return cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_SIDES, j->span, count, rank - from);
    }
    *n = 1;
    for (int64_t i = 0; i < count; i++) {
        *n *= sizes[from - 1 + i]; /* the product of all fits */
    }
    *channels = from == 1 && *n == j->in->shape.channels;
    return true;
}

/* Factors or shifts of their own, or, with a second bottom, those that it holds. */
static bool scale_or_bias(cnn_prototxt_job *j, bool is_scale)
{
    cnn_paster *p = j->r->p;
    bool channels = false;
    int64_t n = 0;
    if (j->bottoms.count > 1) {
        return cnn_prototxt_join(j, is_scale ? "mul" : "add", &j->bottoms);
    }
    if (!factors(j, &channels, &n)) {
        return false;
    }
    if (channels) {
        return named(j, is_scale ? "scale" : "bias");
    }
    const cnn_known_layer known = {.what = "norm",
                                   .out = j->in->shape,
                                   .weights = is_scale ? n : 0,
                                   .biases = is_scale ? 0 : n};
    return cnn_flow_known(p, &known, &j->in, NULL, j->span, &j->out);
}

static bool bias(cnn_prototxt_job *j)
{
    return scale_or_bias(j, false);
}

static bool scale(cnn_prototxt_job *j)
{
    if (!scale_or_bias(j, true) || !cnn_prototxt_true(j->param, "bias_term", false)) {
        /* Failed, or there is no bias. */
        return j->r->p->err->code == CNN_OK;
    }
    j->in = j->out;
    j->bottoms.count = 1;
    j->weights_of += j->weights_of > 0; /* the shifts follow the factors there, too */
    return bias(j);
}

/* A norm without parameters. */
static bool mean_variance(cnn_prototxt_job *j)
{
    const cnn_known_layer known = {.what = "norm", .out = j->in->shape};
    return cnn_flow_known(j->r->p, &known, &j->in, NULL, j->span, &j->out);
}

/* Of SSD: to the length 1, then a factor for each channel, or one for all. */
static bool normalize(cnn_prototxt_job *j)
{
    const bool shared = cnn_prototxt_true(j->param, "channel_shared", true);
    const cnn_known_layer known = {
        .what = "norm", .out = j->in->shape, .weights = shared ? 1 : j->in->shape.channels};
    return cnn_flow_known(j->r->p, &known, &j->in, NULL, j->span, &j->out);
}

static bool local_norm(cnn_prototxt_job *j)
{
    int64_t size;
    cnn_spec spec = cnn_prototxt_spec(j, "LRN");
    if (!cnn_prototxt_number(j->r, j->param, "local_size", 0, 5, &size)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, size);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

/* ---- activations ---- */

static bool prelu(cnn_prototxt_job *j)
{
    cnn_spec spec = cnn_prototxt_spec(j, "prelu");
    const bool shared = cnn_prototxt_true(j->param, "channel_shared", false);
    cnn_spec_all(&spec, CNN_SIZE, shared ? 1 : j->in->shape.channels);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool relu(cnn_prototxt_job *j)
{
    const cnn_py *slope = cnn_prototxt_get(j->param, "negative_slope", 0);
    const bool none =
        slope == NULL || cnn_word_is(slope->text, "0") || cnn_word_is(slope->text, "0.0");
    return named(j, none ? "relu" : "lrelu");
}

/* Types that are one word of the language. */
#define PLAIN(function, op)                                                                        \
    static bool function(cnn_prototxt_job *j)                                                      \
    {                                                                                              \
        return named(j, op);                                                                       \
    }

PLAIN(relu6, "relu6")
PLAIN(sigmoid, "sigmoid")
PLAIN(tanh_layer, "tanh")
PLAIN(elu, "elu")
PLAIN(swish, "silu")
PLAIN(softplus, "softplus")
PLAIN(dropout, "dropout")
PLAIN(softmax, "softmax")

static bool passes(cnn_prototxt_job *j)
{
    j->out = (cnn_tensor *)j->in;
    return true;
}

/* What a layer of each type does; the names of older files are in capitals. */
static const cnn_prototxt_type types[] = {
    {"Convolution", "CONVOLUTION", "convolution_param", conv},
    {"DepthwiseConvolution", NULL, "convolution_param", depthwise},
    {"ConvolutionDepthwise", NULL, "convolution_param", depthwise},
    {"Deconvolution", "DECONVOLUTION", "convolution_param", deconv},
    {"Pooling", "POOLING", "pooling_param", pooling},
    {"InnerProduct", "INNER_PRODUCT", "inner_product_param", inner_product},
    {"ReLU", "RELU", "relu_param", relu},
    {"ReLU6", NULL, "", relu6},
    {"PReLU", NULL, "prelu_param", prelu},
    {"Sigmoid", "SIGMOID", "", sigmoid},
    {"TanH", "TANH", "", tanh_layer},
    {"ELU", NULL, "", elu},
    {"Swish", NULL, "", swish},
    {"BNLL", NULL, "", softplus},
    {"Dropout", "DROPOUT", "", dropout},
    {"LRN", NULL, "lrn_param", local_norm},
    {"MVN", NULL, "", mean_variance},
    {"Normalize", NULL, "norm_param", normalize},
    {"Softmax", "SOFTMAX", "", softmax},
    {"BatchNorm", "BN", "batch_norm_param", batch_norm},
    {"Scale", NULL, "scale_param", scale},
    {"Bias", NULL, "bias_param", bias},
    {"AbsVal", "ABSVAL", "", passes},
    {"Power", "POWER", "", passes},
    {"Exp", "EXP", "", passes},
    {"Log", NULL, "", passes},
    {"Threshold", "THRESHOLD", "", passes},
};

static const cnn_prototxt_type *find(const cnn_prototxt_type *rows, size_t count, cnn_text type)
{
    for (size_t i = 0; i < count; i++) {
        if (cnn_word_is(type, rows[i].name) ||
            (rows[i].old != NULL && cnn_word_is(type, rows[i].old))) {
            return &rows[i];
        }
    }
    return NULL;
}

bool cnn_prototxt_add(cnn_prototxt_job *j, cnn_text type, bool *found)
{
    const cnn_prototxt_type *row = find(types, CNN_LENGTH(types), type);
    row = row != NULL ? row : find(cnn_prototxt_shapes, cnn_prototxt_shape_count, type);
    *found = row != NULL;
    j->param = row == NULL ? NULL : cnn_prototxt_get(j->layer, row->param, 0);
    return row == NULL || row->add(j);
}
