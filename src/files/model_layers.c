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
    cnn_value *y = x->last->out[i];
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

/* ---- joins ---- */

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
    if (!cnn_is_per_channel(c, cnn_in(c, other))) {
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
    {"Conv", "conv", cnn_put_conv},
    {"FusedConv", "conv", cnn_put_conv},
    {"ConvTranspose", "deconv", cnn_put_conv},
    {"Gemm", "FC", cnn_put_dense},
    {"MatMul", "FC", cnn_put_dense},
    {"MaxPool", "maxpool", cnn_put_pool},
    {"AveragePool", "avgpool", cnn_put_pool},
    {"GlobalAveragePool", "gap", put_plain},
    {"GlobalMaxPool", "gmp", put_plain},
    {"ReduceMean", "gap", cnn_put_reduce},
    {"ReduceMax", "gmp", cnn_put_reduce},
    {"BatchNormalization", "bn", cnn_put_norm},
    {"GroupNormalization", "gn", cnn_put_groupnorm},
    {"InstanceNormalization", "in", cnn_put_instancenorm},
    {"LayerNormalization", "ln", cnn_put_layernorm},
    {"PRelu", "prelu", cnn_put_prelu},
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
