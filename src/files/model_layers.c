/*
 * A table of operators and the layers that they are. Every shape is compared with the model's, so
 * that what fits is the same layer.
 */
#include "files/model_layers.h"
#include "files/shapes.h"

/* The layer that a value is; -1: it is none, as a constant. */
cnn_node cnn_layer_of(const cnn_value *value)
{
    while (value != NULL && value->layer == 0 && value->origin != NULL) {
        value = value->origin;
    }
    return value == NULL ? -1 : value->layer - 1;
}

bool cnn_layer_unfit(cnn_converter *x)
{
    return cnn_call_fail(x->call, CNN_E_MODEL_LAYERS, 0, 0);
}

/* ---- layers ---- */

void cnn_put_all(cnn_attrs *attrs, cnn_attr attr, int64_t value)
{
    for (int32_t i = 0; i < CNN_AXES; i++) {
        attrs->value[attr][i] = value;
    }
    attrs->given |= 1u << attr;
}

bool cnn_put_layer(cnn_converter *x, const char *kind, const cnn_attrs *attrs,
                   const cnn_node *sources, int32_t count, cnn_node weights_of, cnn_node *out)
{
    const cnn_layer_spec spec = {.op = cnn_op_find(cnn_text_of(kind)),
                                 .attrs = attrs,
                                 .sources = sources,
                                 .source_count = count,
                                 .weights_of = weights_of,
                                 .label = {0}};
    return cnn_builder_layer(x->builder, &spec, out) ||
           (x->err->code != CNN_OUT_OF_MEMORY && (*x->err = (cnn_error){0}, cnn_layer_unfit(x)));
}

/* Whether a value of the builder has the sizes of the model, without the batch. */
static bool fits(cnn_converter *x, cnn_node node, const cnn_sizes *sizes)
{
    const cnn_shape shape = cnn_builder_shape(x->builder, node);
    bool same = sizes->rank == shape.axes + 2 && sizes->size[1] == shape.channels;
    for (int32_t i = 0; same && i < shape.axes; i++) {
        same = sizes->size[i + 2] == shape.side[i];
    }
    return same;
}

bool cnn_put_finish(cnn_converter *x, int32_t i, cnn_node node)
{
    cnn_value *y = x->call->out[i];
    if (y->dims.rank == 2 && cnn_builder_shape(x->builder, node).axes > 0 &&
        !cnn_put_layer(x, "flatten", NULL, &node, 1, 0, &node)) {
        return false;
    }
    if (!fits(x, node, &y->dims)) {
        return cnn_layer_unfit(x);
    }
    y->layer = node + 1;
    return true;
}

bool cnn_put_one(cnn_converter *x, const char *kind, const cnn_attrs *attrs)
{
    cnn_node source = cnn_layer_of(x->call->in[0]), out = 0;
    return source < 0
               ? cnn_layer_unfit(x)
               : cnn_put_layer(x, kind, attrs, &source, 1, 0, &out) && cnn_put_finish(x, 0, out);
}

static bool put_plain(cnn_converter *x)
{
    return cnn_put_one(x, x->kind, NULL);
}

/* What does nothing to a sample: the value passes. */
bool cnn_put_pass(cnn_converter *x)
{
    const cnn_node source = cnn_layer_of(x->call->in[0]);
    return source < 0 ? cnn_layer_unfit(x) : cnn_put_finish(x, 0, source);
}

/* ---- windows ---- */

/* Strides, dilations and paddings of the node, per axis; k is known. */
static bool set_window(cnn_converter *x, cnn_attrs *attrs, const int64_t *k)
{
    cnn_call *c = x->call;
    const cnn_sizes *in = cnn_in(c, 0), *out = &c->out[0]->dims;
    const int32_t axes = in->rank - 2;
    int64_t s[CNN_RANK], d[CNN_RANK], p[2 * CNN_RANK], extra[CNN_RANK];
    if (axes < 1 || axes > CNN_AXES) {
        return cnn_layer_unfit(x);
    }
    if (!cnn_attr_fill(c, "strides", s, axes, 1) || !cnn_attr_fill(c, "dilations", d, axes, 1) ||
        !cnn_attr_fill(c, "pads", p, 2 * axes, 0) ||
        !cnn_attr_fill(c, "output_padding", extra, axes, 0)) {
        return false;
    }
    const bool upper = cnn_attr_is(c, "auto_pad", "SAME_UPPER");
    const bool turned = strcmp(x->kind, "deconv") == 0;
    const bool same = upper || cnn_attr_is(c, "auto_pad", "SAME_LOWER") ||
                      (turned && cnn_attr_of(c, "output_shape") != NULL);
    const bool valid = cnn_attr_is(c, "auto_pad", "VALID");
    cnn_put_all(attrs, CNN_SIZE, 1);
    cnn_put_all(attrs, CNN_STRIDE, 1);
    cnn_put_all(attrs, CNN_DILATION, 1);
    cnn_put_all(attrs, CNN_PAD, 0);
    if (turned) {
        cnn_put_all(attrs, CNN_EXTRA, 0);
    }
    for (int32_t i = 0; i < axes; i++) {
        /* auto_pad: as much as the output's size needs; an odd row goes after (UPPER) or before
         * (LOWER). A transposed convolution adds rows where it would need less than nothing. */
        const int64_t large = (turned ? in : out)->size[i + 2];
        const int64_t small = (turned ? out : in)->size[i + 2];
        const int64_t need = (large - 1) * s[i] + d[i] * (k[i] - 1) + 1 - small + extra[i];
        const int64_t total = need > 0 ? need : 0;
        attrs->value[CNN_EXTRA][i] = extra[i] + (same && need < 0 ? -need : 0);
        attrs->value[CNN_SIZE][i] = k[i];
        attrs->value[CNN_STRIDE][i] = s[i];
        attrs->value[CNN_DILATION][i] = d[i];
        const int64_t given = valid ? 0 : p[i], after = valid ? 0 : p[i + axes];
        attrs->value[CNN_PAD][i] = !same ? given : upper ? total / 2 : total - total / 2;
        attrs->value[CNN_PAD_AFTER][i] = same ? total - attrs->value[CNN_PAD][i] : after;
    }
    return true;
}

/* The stored constant that holds a layer's weights; NULL: they are computed. */
static cnn_tensor *weights_in(const cnn_call *c, int32_t i)
{
    const cnn_value *value = c->in[i];
    /* Weights may be transposed, cast or dequantised first: nodes with 'p' in slot 0 are passed. */
    while (value != NULL && value->tensor == NULL && value->maker != NULL &&
           value->maker->ins > 0 && value->maker->op != NULL && value->maker->op->slots[0] == 'p') {
        value = value->maker->in[0];
    }
    return value == NULL ? NULL : value->tensor;
}

/* A layer with weights; those used before belong to the layer that used them first. */
static bool put_weighted(cnn_converter *x, const cnn_attrs *attrs, int32_t weights)
{
    cnn_tensor *tensor = weights_in(x->call, weights);
    const cnn_node source = cnn_layer_of(x->call->in[0]);
    cnn_node out = 0;
    if (source < 0 || tensor == NULL) {
        return cnn_layer_unfit(x);
    }
    if (!cnn_put_layer(x, x->kind, attrs, &source, 1, tensor->layer, &out)) {
        return false;
    }
    tensor->layer = tensor->layer == 0 ? out : tensor->layer;
    return cnn_put_finish(x, 0, out);
}

static bool put_conv(cnn_converter *x)
{
    cnn_call *c = x->call;
    const cnn_sizes *weights = cnn_in(c, 1);
    cnn_attrs attrs = {0};
    if (weights == NULL || !set_window(x, &attrs, weights->size + 2)) {
        return weights == NULL ? cnn_layer_unfit(x) : false;
    }
    cnn_put_all(&attrs, CNN_CHANNELS, c->out[0]->dims.size[1]);
    cnn_put_all(&attrs, CNN_GROUPS, cnn_attr_int(c, "group", 1));
    cnn_put_all(&attrs, CNN_BIAS, cnn_has(c, 2));
    return put_weighted(x, &attrs, 1);
}

static bool put_pool(cnn_converter *x)
{
    cnn_call *c = x->call;
    int64_t k[CNN_RANK];
    cnn_attrs attrs = {0};
    if (!cnn_attr_fill(c, "kernel_shape", k, cnn_in(c, 0)->rank - 2, 1) ||
        !set_window(x, &attrs, k)) {
        return false;
    }
    attrs.given |= cnn_attr_int(c, "ceil_mode", 0) != 0 ? 1u << CNN_CEIL : 0;
    return cnn_put_one(x, x->kind, &attrs);
}

/* ---- products, norms, factors ---- */

static bool put_dense(cnn_converter *x)
{
    cnn_call *c = x->call;
    cnn_attrs attrs = {0};
    const cnn_sizes *in = cnn_in(c, 0), *out = &c->out[0]->dims;
    if (in->rank < 2 || out->rank != in->rank || cnn_attr_int(c, "transA", 0) != 0) {
        return cnn_layer_unfit(x);
    }
    /* FC has one vector per sample; with more axes MatMul uses the weights for each position. */
    x->kind = in->rank > 2 ? "linear" : x->kind;
    cnn_put_all(&attrs, CNN_CHANNELS, out->size[out->rank - 1]);
    cnn_put_all(&attrs, CNN_BIAS, strcmp(c->op->name, "Gemm") == 0 && cnn_has(c, 2));
    return put_weighted(x, &attrs, 1);
}

static bool put_norm(cnn_converter *x)
{
    return put_weighted(x, NULL, 1);
}

static bool put_groupnorm(cnn_converter *x)
{
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_SIZE, cnn_attr_int(x->call, "num_groups", 1));
    return put_weighted(x, &attrs, 1);
}

static bool put_instancenorm(cnn_converter *x)
{
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_BIAS, 1);
    return put_weighted(x, &attrs, 1);
}

/* Over the last axes, or over all of them: of a vector that is the only one. */
static bool put_layernorm(cnn_converter *x)
{
    const int32_t rank = cnn_in(x->call, 0)->rank;
    const int64_t axis = cnn_attr_int(x->call, "axis", -1);
    const int64_t count = axis < 0 ? -axis : rank - axis;
    cnn_attrs attrs = {0};
    if (count == rank - 1 && rank > 2) {
        attrs.given |= 1u << CNN_ALL;
    } else if (rank > 2) {
        cnn_put_all(&attrs, CNN_SIZE, count);
    }
    return put_weighted(x, &attrs, 1);
}

/* Whether a constant is stretched to one number for each channel. Before opset 7 an attribute may
 * name the axis where it begins. */
static bool is_per_channel(const cnn_call *c, const cnn_sizes *constant)
{
    const cnn_sizes *out = &c->out[0]->dims;
    const int32_t aligned = out->rank - constant->rank;
    const int64_t shift = c->version < 7 ? cnn_attr_int(c, "axis", aligned) : aligned;
    bool fits = shift == 0 || shift == 1;
    for (int32_t i = 0; fits && i < constant->rank; i++) {
        fits = constant->size[i] == (i + shift == 1 ? out->size[1] : 1);
    }
    return fits;
}

static bool put_prelu(cnn_converter *x)
{
    cnn_attrs attrs = {0};
    int64_t slopes;
    const cnn_sizes *slope = cnn_in(x->call, 1);
    /* Until opset 6 one slope for each channel is a vector. */
    if (slope == NULL || !cnn_sizes_count(slope, &slopes) ||
        (slopes != 1 && x->call->version >= 7 && !is_per_channel(x->call, slope))) {
        return cnn_layer_unfit(x);
    }
    cnn_put_all(&attrs, CNN_SIZE, slopes);
    return put_weighted(x, &attrs, 1);
}

/* A join of layers; or a constant beside one: a number for each channel is learned, one number is
 * part of a function. */
static bool put_join(cnn_converter *x)
{
    enum { MOST = 256 };
    cnn_call *c = x->call;
    cnn_node sources[MOST], out = 0;
    int32_t count = 0, other = -1;
    for (int32_t i = 0; i < c->ins && i < MOST; i++) {
        const cnn_node node = cnn_layer_of(c->in[i]);
        if (node >= 0) {
            sources[count++] = node;
        } else {
            other = i;
        }
    }
    if (count == 1 && c->ins == 1) {
        return cnn_put_finish(x, 0, sources[0]);
    }
    if (other < 0 && c->ins <= MOST && x->kind[0] != '\0') {
        return cnn_put_layer(x, x->kind, NULL, sources, count, 0, &out) &&
               cnn_put_finish(x, 0, out);
    }
    int64_t size = 0;
    const bool add = strcmp(c->op->name, "Add") == 0, mul = strcmp(c->op->name, "Mul") == 0;
    /* Sub and Div are accepted only with one number at the right: a part of a function. */
    if (count != 1 || c->ins != 2 || cnn_in(c, other) == NULL ||
        !cnn_sizes_count(cnn_in(c, other), &size) || !(add || mul || (size == 1 && other == 1))) {
        return cnn_layer_unfit(x);
    }
    if (size == 1) {
        return cnn_put_finish(x, 0, sources[0]);
    }
    if (!is_per_channel(c, cnn_in(c, other))) {
        return cnn_layer_unfit(x);
    }
    return cnn_put_layer(x, add ? "bias" : "scale", NULL, sources, 1, 0, &out) &&
           cnn_put_finish(x, 0, out);
}

static bool put_concat(cnn_converter *x)
{
    const int64_t axis = cnn_attr_int(x->call, "axis", 0);
    const bool channels = axis == 1 || axis == 1 - x->call->out[0]->dims.rank;
    return channels ? put_join(x) : cnn_layer_unfit(x);
}

/* ---- functions and shapes ---- */

/* Clip between 0 and 6. */
static bool put_clip(cnn_converter *x)
{
    const cnn_value *low = cnn_known(x->call, 1), *high = cnn_known(x->call, 2);
    /* Limits are attributes up to opset 10, inputs from 11 on. The default -1 matches neither. */
    const double from = low != NULL ? low->data->f : cnn_attr_float(x->call, "min", -1);
    const double to = high != NULL ? high->data->f : cnn_attr_float(x->call, "max", -1);
    return from == 0 && to == 6 ? cnn_put_one(x, "relu6", NULL) : cnn_layer_unfit(x);
}

static const struct {
    const char *op, *kind;
    bool (*put)(cnn_converter *x);
} counterparts[] = {
    {"Conv", "conv", put_conv},
    {"FusedConv", "conv", put_conv},
    {"ConvTranspose", "deconv", put_conv},
    {"Gemm", "FC", put_dense},
    {"MatMul", "FC", put_dense},
    {"MaxPool", "maxpool", put_pool},
    {"AveragePool", "avgpool", put_pool},
    {"GlobalAveragePool", "gap", put_plain},
    {"GlobalMaxPool", "gmp", put_plain},
    {"ReduceMean", "gap", cnn_put_reduce},
    {"ReduceMax", "gmp", cnn_put_reduce},
    {"BatchNormalization", "bn", put_norm},
    {"GroupNormalization", "gn", put_groupnorm},
    {"InstanceNormalization", "in", put_instancenorm},
    {"LayerNormalization", "ln", put_layernorm},
    {"PRelu", "prelu", put_prelu},
    {"Add", "add", put_join},
    {"Sum", "add", put_join},
    {"Mul", "mul", put_join},
    {"Sub", "", put_join},
    {"Div", "", put_join},
    {"Concat", "cat", put_concat},
    {"Relu", "relu", put_plain},
    {"LeakyRelu", "lrelu", put_plain},
    {"Elu", "elu", put_plain},
    {"Selu", "selu", put_plain},
    {"Gelu", "gelu", put_plain},
    {"Swish", "silu", put_plain},
    {"HardSwish", "hswish", put_plain},
    {"Mish", "mish", put_plain},
    {"Sigmoid", "sigmoid", put_plain},
    {"HardSigmoid", "hsigmoid", put_plain},
    {"Tanh", "tanh", put_plain},
    {"Softplus", "softplus", put_plain},
    {"Softmax", "softmax", put_plain},
    {"LRN", "LRN", put_plain},
    {"Clip", "relu6", put_clip},
    {"Dropout", "dropout", put_plain},
    {"Identity", "", cnn_put_pass},
    {"Cast", "", cnn_put_pass},
    {"Flatten", "flatten", cnn_put_reshape},
    {"Reshape", "reshape", cnn_put_reshape},
    {"Squeeze", "flatten", cnn_put_reshape},
    {"Unsqueeze", "reshape", cnn_put_reshape},
    {"Resize", "resize", cnn_put_resize},
    {"Upsample", "upsample", cnn_put_resize},
    {"DepthToSpace", "pixshuf", cnn_put_blocks},
    {"SpaceToDepth", "pixunshuf", cnn_put_blocks},
    {"Pad", "pad", cnn_put_pad},
    {"Split", "chcrop", cnn_put_split},
    {"Slice", "crop", cnn_put_slice},
    {"Transpose", "permute", cnn_put_permute},
};

bool cnn_layer_convert(cnn_converter *x)
{
    const cnn_call *c = x->call;
    for (size_t i = 0; c->op != NULL && i < CNN_LENGTH(counterparts); i++) {
        if (strcmp(counterparts[i].op, c->op->name) == 0) {
            x->kind = counterparts[i].kind;
            return counterparts[i].put(x);
        }
    }
    return cnn_layer_unfit(x);
}
