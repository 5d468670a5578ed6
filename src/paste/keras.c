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
    const cnn_py_node *place = cnn_arg_place(m, "padding");
    const cnn_text written = place != NULL ? cnn_text_part(p->text, place->span) : value->text;
    return *same || before || cnn_py_is(value, "valid") ||
           cnn_paste_fail(p, CNN_E_PASTE_PADDING, place != NULL ? place->span : cnn_module_span(m),
                          value->kind == CNN_PY_STRING ? value->text : written, (cnn_text){0});
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
        /* What overflows is refused as a kernel. */
        (void)(cnn_checked_sub(w->kernel[0], 1, &before) &&
               cnn_checked_mul(before, w->dilation[0], &before));
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

/* With ke for the dilated kernel (k - 1)*d + 1, same: in*s. valid: in*s + max(ke - s, 0), where
 * PyTorch gives (in - 1)*s + ke. With output_padding: (in - 1)*s + ke - 2p + output_padding, p half
 * of ke for same and 0 for valid. keras/src/utils/conv_utils.py, deconv_output_length */
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
        int64_t extent, more = 0;
        if (!cnn_checked_sub(w.kernel[i], 1, &extent) ||
            !cnn_checked_mul(extent, w.dilation[i], &extent) ||
            !cnn_checked_add(extent, 1, &extent) ||
            (w.stride[i] > extent && !cnn_checked_sub(w.stride[i], extent, &more))) {
            return cnn_paste_fail(p, CNN_E_OVERFLOW, cnn_module_span(m), cnn_text_of("the window"),
                                  (cnn_text){0});
        }
        if (given && extra[i] >= w.stride[i]) {
            const cnn_py_node *at = cnn_arg_place(m, "output_padding");
            return cnn_paste_refuse(p, at != NULL ? at->span : cnn_module_span(m),
                                    cnn_text_of("output_padding"),
                                    "has to be smaller than the stride");
        }
        pad[i] = w.same ? extent / 2 : 0;
        extra[i] = given ? extra[i] : more;
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

/* The sides of output_shape, in which the batch comes first. */
static bool output_sides(cnn_paster *p, const cnn_module *m, bool first, int64_t *out)
{
    const cnn_py *shape = cnn_arg(m, "output_shape");
    const cnn_py_node *place = cnn_arg_place(m, "output_shape");
    if (!cnn_py_is_list(shape) || shape->items->count != m->axes + 2) {
        return cnn_not_followed(p, place != NULL ? place->span : cnn_module_span(m));
    }
    for (int32_t i = 0; i < m->axes; i++) {
        if (!cnn_whole(p, &shape->items->at[i + (first ? 2 : 1)], place, m->kind, &out[i])) {
            return false;
        }
    }
    return true;
}

/* Of Keras 1, whose output_shape decides: what is less than (in - 1)*s + k is cut off at both ends,
 * the odd row after the map, and what is more is added there. */
static bool deconvolution(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                          const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    window w;
    int64_t n, side[CNN_AXES], low[CNN_AXES] = {0}, high[CNN_AXES] = {0}, extra[CNN_AXES] = {0};
    cnn_spec spec = cnn_spec_of("deconv", &in, m, cnn_module_span(m));
    if (!cnn_needs_axes(p, m, in) || !read_window(p, m, &w) || !cnn_arg_int(p, m, "filters", &n) ||
        !output_sides(p, m, in->first, side)) {
        return false;
    }
    for (int32_t i = 0; i < m->axes; i++) {
        int64_t over = 0; /* (in - 1)*s + k - out */
        if (!cnn_checked_mul(in->shape.side[i] - 1, w.stride[i], &over) ||
            !cnn_checked_add(over, w.kernel[i], &over) || !cnn_checked_sub(over, side[i], &over)) {
            return cnn_paste_fail(p, CNN_E_OVERFLOW, cnn_module_span(m), cnn_text_of("the window"),
                                  (cnn_text){0});
        }
        low[i] = over > 0 ? over / 2 : 0;
        high[i] = over > 0 ? over - low[i] : 0;
        extra[i] = over < 0 ? -over : 0;
    }
    w.same = false;
    set_window(&spec, &w, m->axes);
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_ends(&spec, low, high, m->axes);
    cnn_spec_sides(&spec, CNN_EXTRA, extra, m->axes);
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

#define WINDOW "strides|subsample|subsample_length=1 padding|border_mode=valid "
#define FORMAT "data_format|dim_ordering=None"

static const cnn_framework_row layers[] = {
    {"Conv#D|Convolution#D|AtrousConv#D|AtrousConvolution#D",
     "filters|nb_filter kernel_size|filter_length " WINDOW FORMAT
     " dilation_rate|atrous_rate=1 groups=1 activation=None use_bias|bias=True",
     "conv", conv, "convolution", NULL, false},
    {"Conv#DTranspose|Convolution#DTranspose",
     "filters|nb_filter kernel_size " WINDOW "output_padding=None " FORMAT
     " dilation_rate=1 activation=None use_bias|bias=True",
     "deconv", transposed, "transposed convolution", NULL, false},
    {"Deconvolution#D",
     "filters|nb_filter kernel_size output_shape=None init=None activation=None weights=None "
     "padding|border_mode=valid strides|subsample=1 " FORMAT " use_bias|bias=True dilation_rate=1",
     "deconv", deconvolution, "transposed convolution of Keras 1", NULL, false},
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
};

const cnn_framework_rows cnn_keras_rows = {layers, CNN_LENGTH(layers), &cnn_keras_norm_rows};
