/* Keras' layers with weights: one row each, and what each family does. */
#include "base/checked.h"
#include "paste/flow.h"

/* Adds the layer's activation, if it has one. */
static bool activated(cnn_paster *p, cnn_module *m, cnn_tensor **out)
{
    const cnn_py *function = cnn_arg(m, "activation");
    return function == NULL || function->kind == CNN_PY_NONE ||
           cnn_keras_activation(p, m, function, out);
}

/* 'same' or 'valid', in any case; of a sequence also 'causal', all before it. `causal`
 * is NULL where that is not taken. */
static bool padding(cnn_paster *p, cnn_module *m, bool *same, bool *causal)
{
    const cnn_py *value = cnn_arg(m, "padding");
    *same = cnn_py_is(value, "same");
    const bool before = causal != NULL && m->axes == 1 && cnn_py_is(value, "causal");
    if (causal != NULL) {
        *causal = before;
    }
    return *same || before || cnn_py_is(value, "valid") ||
           cnn_paste_fail(p, CNN_E_PASTE_PADDING, cnn_module_span(m),
                          value->kind == CNN_PY_STRING ? value->text : cnn_text_of("this"),
                          (cnn_text){0});
}

typedef struct window {
    int64_t kernel[CNN_AXES], stride[CNN_AXES], dilation[CNN_AXES];
    bool same, causal, bias;
} window;

static bool read_window(cnn_paster *p, cnn_module *m, window *w)
{
    if (!cnn_arg_sides(p, m, "kernel_size", w->kernel) ||
        !cnn_arg_sides(p, m, "strides", w->stride) ||
        !cnn_arg_sides(p, m, "dilation_rate", w->dilation) ||
        !cnn_arg_true(p, m, "use_bias", &w->bias) || !padding(p, m, &w->same, &w->causal)) {
        return false;
    }
    bool strided = false, dilated = false;
    for (int32_t i = 0; i < m->axes; i++) {
        strided |= w->stride[i] > 1;
        dilated |= w->dilation[i] > 1;
    }
    return !strided || !dilated ||
           cnn_paste_fail(p, CNN_E_PASTE_STRIDE_DILATION, cnn_module_span(m), cnn_module_kind(p, m),
                          (cnn_text){0});
}

static void set_window(cnn_spec *spec, const window *w, int32_t axes)
{
    cnn_spec_sides(spec, CNN_SIZE, w->kernel, axes);
    cnn_spec_sides(spec, CNN_STRIDE, w->stride, axes);
    cnn_spec_sides(spec, CNN_DILATION, w->dilation, axes);
    cnn_spec_all(spec, CNN_BIAS, w->bias);
    cnn_spec_all(spec, w->same ? CNN_SAME : CNN_PAD, 0);
    if (w->causal) {
        const int64_t none = 0;
        int64_t before = 0;
        (void)cnn_checked_mul(w->kernel[0] - 1, w->dilation[0], &before); /* else it is refused */
        cnn_spec_ends(spec, &before, &none, 1);
    }
}

static bool conv(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                 cnn_tensor **out)
{
    (void)place;
    window w;
    int64_t n, groups;
    cnn_spec spec = cnn_spec_of("conv", &in, m, cnn_module_span(m));
    if (!cnn_needs_axes(p, m, in) || !read_window(p, m, &w) || !cnn_arg_int(p, m, "filters", &n) ||
        !cnn_arg_int(p, m, "groups", &groups)) {
        return false;
    }
    set_window(&spec, &w, m->axes);
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_GROUPS, groups);
    return cnn_flow_add(p, &spec, out) && activated(p, m, out);
}

/* k*k*C*m weights; C*m channels. */
static bool depthwise_part(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const window *w,
                           cnn_tensor **out)
{
    int64_t multiplier, n;
    cnn_spec spec = cnn_spec_of("dwconv", &in, m, cnn_module_span(m));
    if (!cnn_arg_int(p, m, "depth_multiplier", &multiplier) ||
        !cnn_checked_mul(in->shape.channels, multiplier, &n)) {
        return cnn_paste_fail(p, CNN_E_OVERFLOW, cnn_module_span(m),
                              cnn_text_of("the number of channels"), (cnn_text){0});
    }
    set_window(&spec, w, m->axes);
    if (multiplier != 1) {
        cnn_spec_all(&spec, CNN_CHANNELS, n);
    }
    return cnn_flow_add(p, &spec, out);
}

static bool depthwise(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                      cnn_tensor **out)
{
    (void)place;
    window w;
    return cnn_needs_axes(p, m, in) && read_window(p, m, &w) && depthwise_part(p, m, in, &w, out) &&
           activated(p, m, out);
}

/* A depthwise convolution without bias, then 1x1 with it. */
static bool separable(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                      cnn_tensor **out)
{
    (void)place;
    window w;
    int64_t n;
    if (!cnn_needs_axes(p, m, in) || !read_window(p, m, &w) || !cnn_arg_int(p, m, "filters", &n)) {
        return false;
    }
    const bool bias = w.bias;
    w.bias = false;
    if (!depthwise_part(p, m, in, &w, out)) {
        return false;
    }
    const cnn_tensor *middle = *out;
    cnn_spec spec = cnn_spec_of("conv", &middle, m, cnn_module_span(m));
    cnn_spec_all(&spec, CNN_SIZE, 1);
    cnn_spec_all(&spec, CNN_PAD, 0);
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_BIAS, bias);
    return cnn_flow_add(p, &spec, out) && activated(p, m, out);
}

/* same: in*s. valid: in*s + max(k - s, 0), where PyTorch gives (in - 1)*s + k. */
static bool transposed(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                       cnn_tensor **out)
{
    (void)place;
    window w;
    int64_t n, extra[CNN_AXES] = {0}, pad[CNN_AXES] = {0};
    const bool given = cnn_arg(m, "output_padding")->kind != CNN_PY_NONE;
    cnn_spec spec = cnn_spec_of("deconv", &in, m, cnn_module_span(m));
    if (!cnn_needs_axes(p, m, in) || !read_window(p, m, &w) || !cnn_arg_int(p, m, "filters", &n) ||
        (given && !cnn_arg_sides(p, m, "output_padding", extra))) {
        return false;
    }
    for (int32_t i = 0; i < m->axes; i++) {
        const int64_t extent = w.dilation[i] * (w.kernel[i] - 1) + 1;
        pad[i] = w.same ? w.kernel[i] / 2 : 0;
        extra[i] = given ? extra[i] : w.stride[i] > extent ? w.stride[i] - extent : 0;
    }
    const bool same = w.same && !given;
    w.same = same;
    set_window(&spec, &w, m->axes);
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    if (!same) {
        cnn_spec_sides(&spec, CNN_PAD, pad, m->axes);
        cnn_spec_sides(&spec, CNN_EXTRA, extra, m->axes);
    }
    return cnn_flow_add(p, &spec, out) && activated(p, m, out);
}

/* ---- pooling ---- */

static bool pool(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                 cnn_tensor **out)
{
    (void)place;
    int64_t kernel[CNN_AXES], stride[CNN_AXES];
    bool same;
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    const bool own = cnn_arg(m, "strides")->kind != CNN_PY_NONE;
    if (!cnn_needs_axes(p, m, in) || !cnn_arg_sides(p, m, "pool_size", kernel) ||
        !cnn_arg_sides(p, m, own ? "strides" : "pool_size", stride) ||
        !padding(p, m, &same, NULL)) {
        return false;
    }
    cnn_spec_sides(&spec, CNN_SIZE, kernel, m->axes);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, m->axes);
    cnn_spec_all(&spec, same ? CNN_SAME : CNN_PAD, 0);
    return cnn_flow_add(p, &spec, out);
}

/* A vector of C, unless the sides of 1 are kept. */
static bool global_pool(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                        const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    bool keep;
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    if (!cnn_needs_axes(p, m, in) || !cnn_arg_true(p, m, "keepdims", &keep) ||
        !cnn_flow_add(p, &spec, out)) {
        return false;
    }
    const cnn_shape vector = {.channels = in->shape.channels};
    return keep || cnn_flow_view(p, *out, &vector, cnn_module_span(m), out);
}

/* ---- fully connected ---- */

/* On the last axis: of a map on its channels, which is a convolution of 1x1. */
static bool dense(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                  cnn_tensor **out)
{
    (void)place;
    int64_t n;
    bool bias;
    if (!cnn_arg_int(p, m, "units", &n) || !cnn_arg_true(p, m, "use_bias", &bias)) {
        return false;
    }
    const bool map = in->shape.axes > 0;
    if (map && !cnn_paste_remark(p, cnn_module_span(m),
                                 "Dense works on the last axis of a map, which is not flattened: "
                                 "put Flatten() before it if all values should enter",
                                 (cnn_text){0})) {
        return false;
    }
    const bool conv = map && !in->first;
    cnn_spec spec = cnn_spec_of(conv ? "conv" : map ? "linear" : "FC", &in, m, cnn_module_span(m));
    if (conv) {
        cnn_spec_all(&spec, CNN_SIZE, 1);
        cnn_spec_all(&spec, CNN_PAD, 0);
    }
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_BIAS, bias);
    return cnn_flow_add(p, &spec, out) && activated(p, m, out);
}

/* ---- normalisation ---- */

/* The axes that a norm's axis= names, as bits: the channels are bit 0. */
static bool norm_axes(cnn_paster *p, cnn_module *m, const cnn_tensor *in, uint32_t *out)
{
    const cnn_py *axes = cnn_arg(m, "axis");
    const bool list = cnn_py_is_list(axes);
    const int32_t rank = in->shape.axes + 2;
    *out = 0;
    for (int32_t i = 0; i < (list ? axes->items->count : 1); i++) {
        int64_t at;
        if (!cnn_whole(p, list ? &axes->items->at[i] : axes, m->call, cnn_module_kind(p, m), &at)) {
            return false;
        }
        const int64_t from = at < 0 ? at + rank : at;
        if (from < 1 || from >= rank) {
            return cnn_fail_numbers(p->err, CNN_E_PASTE_AXIS, cnn_module_span(m), at, rank);
        }
        *out |= 1u << (in->first ? from - 1 : from == rank - 1 ? 0 : from);
    }
    return true;
}

/* Factors without shifts, or the other way round: a norm without both, then one of them. */
static bool norm_and_one(cnn_paster *p, cnn_module *m, cnn_spec *spec, bool scale, cnn_tensor **out)
{
    cnn_spec_all(spec, CNN_BIAS, 0);
    if (!cnn_flow_add(p, spec, out)) {
        return false;
    }
    const cnn_tensor *in = *out;
    cnn_spec one = cnn_spec_of(scale ? "scale" : "bias", &in, m, cnn_module_span(m));
    return cnn_flow_add(p, &one, out);
}

/* A norm whose factors belong to other axes than the language has words for. */
static bool norm_known(cnn_paster *p, cnn_module *m, const cnn_tensor *in, uint32_t axes,
                       bool scale, bool center, cnn_tensor **out)
{
    int64_t n = 1;
    for (int32_t i = 0; i <= in->shape.axes; i++) {
        n *= (axes >> i & 1) == 0 ? 1 : i == 0 ? in->shape.channels : in->shape.side[i - 1];
    }
    const bool batch = cnn_word_is(cnn_text_of(m->row->op), "bn");
    const cnn_known_layer known = {.what = "norm",
                                   .out = in->shape,
                                   .weights = scale ? n : 0,
                                   .biases = center ? n : 0,
                                   .statistics = batch ? 2 * n : 0};
    return cnn_flow_known(p, &known, &in, m, cnn_module_span(m), out);
}

/* How many of the last axes these are; 0: they are others. */
static int32_t last_axes(uint32_t axes, int32_t count)
{
    int32_t last = 0;
    while (last < count && (axes >> (count - 1 - last) & 1) != 0) {
        last++;
    }
    return axes == ((1u << last) - 1) << (count - last) ? last : 0;
}

static bool norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                 cnn_tensor **out)
{
    (void)place;
    uint32_t axes;
    bool scale, center;
    int64_t groups = 0;
    if (!norm_axes(p, m, in, &axes) || !cnn_arg_true(p, m, "scale", &scale) ||
        !cnn_arg_true(p, m, "center", &center) ||
        (cnn_arg(m, "groups") != NULL && !cnn_arg_int(p, m, "groups", &groups))) {
        return false;
    }
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    const int32_t last = last_axes(axes, in->shape.axes + 1);
    const bool layer = cnn_word_is(cnn_text_of(m->row->op), "ln");
    if (axes != 1 && (!layer || last == 0 || scale != center)) {
        return norm_known(p, m, in, axes, scale, center, out);
    }
    if (groups != 0) {
        cnn_spec_all(&spec, CNN_SIZE, groups == -1 ? in->shape.channels : groups);
    }
    if (axes != 1) {
        cnn_spec_last(&spec, last, in);
    }
    if (scale != center) {
        return norm_and_one(p, m, &spec, scale, out);
    }
    cnn_spec_all(&spec, CNN_BIAS, scale);
    return cnn_flow_add(p, &spec, out);
}

/* One slope a value, unless axes share theirs. */
static bool prelu(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                  cnn_tensor **out)
{
    (void)place;
    const cnn_py *shared = cnn_arg(m, "shared_axes");
    const bool list = cnn_py_is_list(shared);
    cnn_py shape;
    int64_t slopes = 1;
    if (!cnn_tensor_shape(p, in, &shape)) {
        return false;
    }
    for (int32_t i = 1; i < shape.items->count; i++) {
        const cnn_py at = cnn_py_int(i, (cnn_span){0, 0});
        bool among = !list && cnn_py_equal(shared, &at);
        for (int32_t k = 0; list && k < shared->items->count; k++) {
            among |= cnn_py_equal(&shared->items->at[k], &at);
        }
        slopes *= among ? 1 : shape.items->at[i].number;
    }
    cnn_spec spec = cnn_spec_of("prelu", &in, m, cnn_module_span(m));
    if (slopes == 1 || slopes == in->shape.channels) {
        cnn_spec_all(&spec, CNN_SIZE, slopes);
    } else if (slopes == cnn_shape_values(&in->shape)) {
        cnn_spec_all(&spec, CNN_ALL, 0);
    } else { /* a slope for each row or column */
        const cnn_known_layer known = {.what = "norm", .out = in->shape, .weights = slopes};
        return cnn_flow_known(p, &known, &in, m, cnn_module_span(m), out);
    }
    return cnn_flow_add(p, &spec, out);
}

#define WINDOW "strides|subsample=1 padding|border_mode=valid "
#define FORMAT "data_format|dim_ordering=None"

static const cnn_framework_row layers[] = {
    {"Conv#D|Convolution#D",
     "filters|nb_filter kernel_size|filter_length " WINDOW FORMAT
     " dilation_rate|atrous_rate=1 groups=1 activation=None use_bias|bias=True",
     "conv", conv, "convolution", NULL, false},
    {"Conv#DTranspose|Convolution#DTranspose|Deconvolution#D",
     "filters|nb_filter kernel_size " WINDOW "output_padding=None " FORMAT
     " dilation_rate=1 activation=None use_bias|bias=True",
     "deconv", transposed, "transposed convolution", NULL, false},
    {"SeparableConv#D|SeparableConvolution#D",
     "filters|nb_filter kernel_size " WINDOW FORMAT
     " dilation_rate=1 depth_multiplier=1 activation=None use_bias|bias=True",
     "conv", separable, "depthwise convolution, then 1x1", NULL, false},
    {"DepthwiseConv#D",
     "kernel_size strides=1 padding=valid depth_multiplier=1 data_format=None dilation_rate=1 "
     "activation=None use_bias=True",
     "dwconv", depthwise, "depthwise convolution", NULL, false},
    {"MaxPooling#D|MaxPool#D",
     "pool_size|pool_length=2 strides|stride=None padding|border_mode=valid " FORMAT, "maxpool",
     pool, "largest value of each window", NULL, false},
    {"AveragePooling#D|AvgPool#D|AveragePool#D",
     "pool_size|pool_length=2 strides|stride=None padding|border_mode=valid " FORMAT, "avgpool",
     pool, "mean of each window", NULL, false},
    {"GlobalAveragePooling#D|GlobalAvgPool#D", FORMAT " keepdims=False", "gap", global_pool,
     "mean of each map, as a vector", NULL, false},
    {"GlobalMaxPooling#D|GlobalMaxPool#D", FORMAT " keepdims=False", "gmp", global_pool,
     "largest value of each map, as a vector", NULL, false},
    {"Dense", "units|output_dim activation=None use_bias|bias=True", "FC", dense,
     "fully connected, on the last axis", NULL, false},
    {"BatchNormalization|SyncBatchNormalization",
     "axis=-1 momentum=0.99 epsilon=0.001 center=True scale=True mode=0", "bn", norm,
     "batch normalisation", NULL, false},
    {"LayerNormalization", "axis=-1 epsilon=0.001 center=True scale=True", "ln", norm,
     "layer normalisation", NULL, false},
    {"GroupNormalization", "groups=32 axis=-1 epsilon=0.001 center=True scale=True", "gn", norm,
     "group normalisation", NULL, false},
    {"PReLU", "alpha_initializer=zeros shared_axes=None", "prelu", prelu,
     "rectifier with learned slopes", NULL, false},
};

const cnn_framework_rows cnn_keras_rows = {layers, CNN_LENGTH(layers), &cnn_keras_shape_rows};
