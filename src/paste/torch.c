/* PyTorch's layers: one row each, and what each family does. */
#include "paste/flow.h"

/* A vector, a batch of them aside, has no axes. */
bool cnn_needs_axes(cnn_paster *p, const cnn_module *m, const cnn_tensor *in)
{
    if (in->shape.axes == m->axes) {
        return true;
    }
    p->err->shape[0] = in->shape;
    return cnn_fail_words(p->err, CNN_E_PASTE_AXES, cnn_module_span(m), cnn_module_kind(p, m),
                          m->name) &&
           false;
}

/* in_channels, num_features and the like: what is declared must be what enters. */
bool cnn_check_channels(cnn_paster *p, cnn_module *m, const char *argument, const char *kind,
                        const cnn_tensor *in)
{
    int64_t declared;
    if (!cnn_arg_int(p, m, argument, &declared)) {
        return false;
    }
    return declared == in->shape.channels ||
           cnn_declared(p, kind, m, cnn_arg(m, argument), cnn_arg_place(m, argument), in,
                        in->shape.channels);
}

/* ---- convolutions ---- */

/* padding=1, (1, 2), 'same' or 'valid' */
static bool conv_padding(cnn_paster *p, cnn_module *m, cnn_spec *spec, const int64_t *stride)
{
    const cnn_py *padding = cnn_arg(m, "padding");
    int64_t sides[CNN_AXES];
    if (padding->kind != CNN_PY_STRING) {
        if (!cnn_arg_sides(p, m, "padding", sides)) {
            return false;
        }
        cnn_spec_sides(spec, CNN_PAD, sides, m->axes);
        return true;
    }
    if (cnn_word_is(padding->text, "valid")) {
        cnn_spec_all(spec, CNN_PAD, 0);
        return true;
    }
    if (!cnn_word_is(padding->text, "same")) {
        return cnn_paste_fail(p, CNN_E_PASTE_PADDING, cnn_module_span(m), padding->text,
                              (cnn_text){0});
    }
    for (int32_t i = 0; i < m->axes; i++) {
        /* PyTorch refuses padding='same' with a stride. */
        if (stride[i] != 1) {
            return cnn_paste_fail(p, CNN_E_PASTE_SAME_STRIDE, cnn_module_span(m), (cnn_text){0},
                                  (cnn_text){0});
        }
    }
    /* CNN_SAME is a flag, whose number is not used. */
    cnn_spec_all(spec, CNN_SAME, 0);
    return true;
}

/* Reflection repeats the map without its edge: less than a side can be added. */
static bool check_reflection(cnn_paster *p, const cnn_module *m, const cnn_spec *spec,
                             const cnn_tensor *in)
{
    for (int32_t i = 0; cnn_py_is(cnn_arg(m, "padding_mode"), "reflect") && i < m->axes; i++) {
        if (spec->attrs.value[CNN_PAD][i] >= in->shape.side[i]) {
            return cnn_fail_numbers(p->err, CNN_E_PASTE_REFLECT, cnn_module_span(m),
                                    spec->attrs.value[CNN_PAD][i], in->shape.side[i]);
        }
    }
    return true;
}

static bool conv(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                 cnn_tensor **out)
{
    (void)place;
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    const bool transposed = cnn_word_is(cnn_text_of(m->row->op), "deconv");
    int64_t n, groups, kernel[CNN_AXES], stride[CNN_AXES], dilation[CNN_AXES], extra[CNN_AXES];
    bool bias;
    if (!cnn_needs_axes(p, m, in) ||
        (m->row->declares != NULL && !cnn_check_channels(p, m, "in_channels", "conv-in", in)) ||
        !cnn_arg_int(p, m, "out_channels", &n) || !cnn_arg_sides(p, m, "kernel_size", kernel) ||
        !cnn_arg_sides(p, m, "stride", stride) || !cnn_arg_sides(p, m, "dilation", dilation) ||
        !cnn_arg_int(p, m, "groups", &groups) || !cnn_arg_true(p, m, "bias", &bias) ||
        !conv_padding(p, m, &spec, stride)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, m->axes);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, m->axes);
    cnn_spec_sides(&spec, CNN_DILATION, dilation, m->axes);
    cnn_spec_all(&spec, CNN_GROUPS, groups);
    cnn_spec_all(&spec, CNN_BIAS, bias);
    if (transposed) {
        if (!cnn_arg_sides(p, m, "output_padding", extra)) {
            return false;
        }
        cnn_spec_sides(&spec, CNN_EXTRA, extra, m->axes);
    }
    const cnn_py *mode = cnn_arg(m, "padding_mode");
    if (!transposed && !cnn_py_is(mode, "zeros")) {
        spec.keep_rule = cnn_py_is(mode, "circular") ? &cnn_keep_padded : &cnn_keep_input_padded;
    }
    return (transposed || check_reflection(p, m, &spec, in)) && cnn_flow_add(p, &spec, out);
}

/* ---- pooling ---- */

/* Kernel, stride and padding of a pooling, or of what undoes one; a stride of None is the kernel.
 */
static bool pool_window(cnn_paster *p, cnn_module *m, const cnn_tensor *in, cnn_spec *spec)
{
    int64_t kernel[CNN_AXES], stride[CNN_AXES], padding[CNN_AXES];
    if (cnn_arg(m, "stride")->kind == CNN_PY_NONE) {
        *(cnn_py *)cnn_arg(m, "stride") = *cnn_arg(m, "kernel_size");
    }
    if (!cnn_needs_axes(p, m, in) || !cnn_arg_sides(p, m, "kernel_size", kernel) ||
        !cnn_arg_sides(p, m, "stride", stride) || !cnn_arg_sides(p, m, "padding", padding)) {
        return false;
    }
    cnn_spec_sides(spec, CNN_SIZE, kernel, m->axes);
    cnn_spec_sides(spec, CNN_STRIDE, stride, m->axes);
    cnn_spec_sides(spec, CNN_PAD, padding, m->axes);
    return true;
}

static bool pool(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                 cnn_tensor **out)
{
    (void)place;
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    /* Only MaxPool's row has a dilation. */
    const bool is_max = cnn_arg(m, "dilation") != NULL;
    int64_t dilation[CNN_AXES] = {1, 1, 1};
    bool ceil;
    if (!pool_window(p, m, in, &spec) || (is_max && !cnn_arg_sides(p, m, "dilation", dilation)) ||
        !cnn_arg_true(p, m, "ceil_mode", &ceil)) {
        return false;
    }
    cnn_spec_sides(&spec, CNN_DILATION, dilation, m->axes);
    if (ceil) {
        cnn_spec_all(&spec, CNN_CEIL, 0);
    }
    if (cnn_row_takes(m->row, cnn_text_of("norm_type"))) {
        spec.keep_rule = &cnn_keep_powers;
    }
    return cnn_flow_add(p, &spec, out);
}

static bool unpool(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                   cnn_tensor **out)
{
    (void)place;
    cnn_spec spec = cnn_spec_of("maxunpool", &in, m, cnn_module_span(m));
    return pool_window(p, m, in, &spec) && cnn_flow_add(p, &spec, out);
}

/* A size for each axis; None keeps the side. */
static bool adaptive(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                     cnn_tensor **out)
{
    (void)place;
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    const cnn_py *size = cnn_arg(m, "output_size");
    const bool list = cnn_py_is_list(size);
    int64_t sides[CNN_AXES] = {0};
    if (!cnn_needs_axes(p, m, in)) {
        return false;
    }
    if (list && size->items->count != m->axes && size->items->count != 1) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_SIDES, cnn_module_span(m), size->items->count,
                                m->axes);
    }
    for (int32_t i = 0; i < m->axes; i++) {
        const cnn_py *one = list ? &size->items->at[size->items->count == 1 ? 0 : i] : size;
        sides[i] = in->shape.side[i];
        if (one->kind != CNN_PY_NONE &&
            !cnn_whole(p, one, m->call, cnn_module_kind(p, m), &sides[i])) {
            return false;
        }
    }
    cnn_spec_sides(&spec, CNN_SIZE, sides, m->axes);
    return cnn_flow_add(p, &spec, out);
}

/* ---- fully connected ---- */

/* Puts a flattening before the layer where the code lacks it. */
static bool flatten_first(cnn_paster *p, cnn_module *m, const cnn_tensor **in,
                          const cnn_py_node *place)
{
    const int64_t values = cnn_shape_values(&(*in)->shape);
    cnn_tensor *flat;
    const cnn_py *declared = cnn_arg(m, "in_features");
    if (p->guessing) { /* a printout, or loose lines: the flattening is not shown */
        if (!cnn_paste_remark(p, cnn_module_span(m),
                              "a flattening is put before {a}, because its in_features fit then",
                              m->name)) {
            return false;
        }
    } else if (!cnn_no_flatten(p, m, declared, *in, values, place)) {
        return false;
    }
    if (!cnn_flow_view(p, *in, &(cnn_shape){.channels = values}, cnn_module_span(m), &flat)) {
        return false;
    }
    *in = flat;
    return true;
}

/* "linear" works on the last axis: of a map C x H x W on its rows. */
static bool dense(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const char *op, int64_t n,
                  bool bias, cnn_tensor **out)
{
    cnn_spec spec = cnn_spec_of(op, &in, m, cnn_module_span(m));
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_BIAS, bias);
    return cnn_flow_add(p, &spec, out);
}

static bool linear(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                   cnn_tensor **out)
{
    int64_t n, declared = 0;
    bool bias;
    const bool lazy = m->row->declares == NULL;
    if ((!lazy && !cnn_arg_int(p, m, "in_features", &declared)) ||
        !cnn_arg_int(p, m, "out_features", &n) || !cnn_arg_true(p, m, "bias", &bias)) {
        return false;
    }
    if (in->shape.axes > 0) {
        const int64_t last = in->shape.side[in->shape.axes - 1];
        /* PyTorch multiplies along the last axis, here also where all other axes are 1. */
        if (lazy || last == declared || last == cnn_shape_values(&in->shape)) {
            if (!lazy && last != declared &&
                !cnn_declared(p, "linear-in", m, cnn_arg(m, "in_features"),
                              cnn_arg_place(m, "in_features"), in, last)) {
                return false;
            }
            return dense(p, m, in, "linear", n, bias, out);
        }
        if (!flatten_first(p, m, &in, place)) {
            return false;
        }
    }
    if (p->probing > 0 && !p->probed_any) {
        /* The run ends here for probe(), without an error. */
        p->probed_any = true;
        p->probed = in->shape.channels;
        p->declared = declared;
        return false;
    }
    if (!lazy && declared != in->shape.channels &&
        !cnn_declared(p, "linear-in", m, cnn_arg(m, "in_features"), cnn_arg_place(m, "in_features"),
                      in, in->shape.channels)) {
        return false;
    }
    return dense(p, m, in, "FC", n, bias, out);
}

static const cnn_framework_row layers[] = {
    {"Conv#d",
     "in_channels out_channels kernel_size stride=1 padding=0 dilation=1 groups=1 bias=True "
     "padding_mode=zeros",
     "conv", conv, "convolution", "in_channels", false},
    {"ConvTranspose#d",
     "in_channels out_channels kernel_size stride=1 padding=0 output_padding=0 groups=1 bias=True "
     "dilation=1 padding_mode=zeros",
     "deconv", conv, "transposed convolution", "in_channels", false},
    {"DeformConv#d",
     "in_channels out_channels kernel_size stride=1 padding=0 dilation=1 groups=1 bias=True "
     "padding_mode=zeros",
     "conv", conv, "convolution where offsets say, which another layer makes", "in_channels",
     false},
    {"LazyConv#d",
     "out_channels kernel_size stride=1 padding=0 dilation=1 groups=1 bias=True padding_mode=zeros",
     "conv", conv, "convolution of whatever enters", NULL, false},
    {"LazyConvTranspose#d",
     "out_channels kernel_size stride=1 padding=0 output_padding=0 groups=1 bias=True dilation=1 "
     "padding_mode=zeros",
     "deconv", conv, "transposed convolution of whatever enters", NULL, false},
    {"MaxPool#d",
     "kernel_size stride=kernel_size padding=0 dilation=1 return_indices=False ceil_mode=False",
     "maxpool", pool, "largest value of each window", NULL, false},
    {"AvgPool#d",
     "kernel_size stride=kernel_size padding=0 ceil_mode=False count_include_pad=True "
     "divisor_override=None",
     "avgpool", pool, "mean of each window", NULL, false},
    {"MaxUnpool#d", "kernel_size stride=kernel_size padding=0", "maxunpool", unpool,
     "values back where a MaxPool took them from", NULL, false},
    {"LPPool#d", "norm_type kernel_size stride=kernel_size ceil_mode=False padding=0", "avgpool",
     pool, "power mean of each window", NULL, false},
    {"AdaptiveAvgPool#d", "output_size", "aap", adaptive, "means, to a given size", NULL, false},
    {"AdaptiveMaxPool#d", "output_size return_indices=False", "amp", adaptive,
     "largest values, to a given size", NULL, false},
    {"Linear", "in_features out_features bias=True", "FC", linear,
     "fully connected, on the last axis", "in_features", false},
    {"LazyLinear", "out_features bias=True", "FC", linear, "fully connected, of whatever enters",
     NULL, false},
};

const cnn_framework_rows cnn_torch_rows = {layers, CNN_LENGTH(layers), &cnn_torch_value_rows};
