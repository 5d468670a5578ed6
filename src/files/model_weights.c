/* Nodes with windows or with weights, as layers of the language. */
#include "files/model_layers.h"
#include "files/shapes.h"

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

bool cnn_is_per_channel(const cnn_call *c, const cnn_sizes *constant)
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

/* A layer without biases whose output only an Add of some reads has them. Weights that are used
 * again may have others there. */
static bool take_biases(cnn_converter *x)
{
    cnn_call *add = cnn_next_call(x->call, "Add");
    if (add == NULL || x->call->in[1]->readers != 1) {
        return false;
    }
    const int32_t other = add->in[0] == x->call->out[0];
    const cnn_sizes *dims = cnn_in(add, other);
    const cnn_sizes *out = &x->call->out[0]->dims;
    const bool linear = strcmp(x->kind, "linear") == 0;
    if (weights_in(add, other) == NULL || dims == NULL ||
        !cnn_sizes_equal(out, &add->out[0]->dims) ||
        !(linear ? dims->rank == 1 && dims->size[0] == out->size[out->rank - 1]
                 : cnn_is_per_channel(add, dims))) {
        return false;
    }
    int64_t count = 0; /* one number is part of a function, not learned */
    x->last = cnn_sizes_count(dims, &count) && count > 1 ? add : x->last;
    return x->last == add;
}

bool cnn_put_conv(cnn_converter *x)
{
    cnn_call *c = x->call;
    const cnn_sizes *weights = cnn_in(c, 1);
    cnn_attrs attrs = {0};
    if (weights == NULL || !set_window(x, &attrs, weights->size + 2)) {
        return weights == NULL ? cnn_layer_unfit(x) : false;
    }
    cnn_put_all(&attrs, CNN_CHANNELS, c->out[0]->dims.size[1]);
    cnn_put_all(&attrs, CNN_GROUPS, cnn_attr_int(c, "group", 1));
    cnn_put_all(&attrs, CNN_BIAS, cnn_has(c, 2) || take_biases(x));
    return put_weighted(x, &attrs, 1);
}

bool cnn_put_pool(cnn_converter *x)
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

/* Whether input i has so many elements, one for each that it belongs to. */
static bool has_each(const cnn_call *c, int32_t i, int64_t count)
{
    int64_t all;
    return cnn_in(c, i) != NULL && cnn_sizes_count(cnn_in(c, i), &all) && all == count;
}

bool cnn_put_dense(cnn_converter *x)
{
    cnn_call *c = x->call;
    cnn_attrs attrs = {0};
    const cnn_sizes *in = cnn_in(c, 0), *out = &c->out[0]->dims;
    const bool biased = strcmp(c->op->name, "Gemm") == 0 && cnn_has(c, 2);
    if (in->rank < 2 || out->rank != in->rank || cnn_attr_int(c, "transA", 0) != 0 ||
        (biased && !has_each(c, 2, out->size[out->rank - 1]))) {
        return cnn_layer_unfit(x);
    }
    /* FC has one vector per sample; with more axes MatMul uses the weights for each position. */
    x->kind = in->rank > 2 ? "linear" : x->kind;
    cnn_put_all(&attrs, CNN_CHANNELS, out->size[out->rank - 1]);
    cnn_put_all(&attrs, CNN_BIAS, biased || take_biases(x));
    return put_weighted(x, &attrs, 1);
}

bool cnn_put_norm(cnn_converter *x)
{
    return put_weighted(x, NULL, 1);
}

bool cnn_put_groupnorm(cnn_converter *x)
{
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_SIZE, cnn_attr_int(x->call, "num_groups", 1));
    /* Until opset 20 there is a number for each group. */
    return has_each(x->call, 1, cnn_in(x->call, 0)->size[1]) ? put_weighted(x, &attrs, 1)
                                                             : cnn_layer_unfit(x);
}

bool cnn_put_instancenorm(cnn_converter *x)
{
    cnn_attrs attrs = {0};
    cnn_put_all(&attrs, CNN_BIAS, 1);
    return put_weighted(x, &attrs, 1);
}

/* Over the last axes, or over all of them: of a vector that is the only one. */
bool cnn_put_layernorm(cnn_converter *x)
{
    const int32_t rank = cnn_in(x->call, 0)->rank;
    const int64_t axis = cnn_attr_int(x->call, "axis", -1);
    const int64_t count = axis < 0 ? -axis : rank - axis;
    cnn_attrs attrs = {0};
    cnn_sizes last = {(int32_t)count, {0}};
    int64_t values;
    if (count >= rank || !cnn_has(x->call, 2)) {
        return cnn_layer_unfit(x);
    }
    memcpy(last.size, &cnn_in(x->call, 0)->size[rank - count], (size_t)count * sizeof *last.size);
    if (!cnn_sizes_count(&last, &values) || !has_each(x->call, 1, values)) {
        return cnn_layer_unfit(x);
    }
    if (count == rank - 1 && rank > 2) {
        attrs.given |= 1u << CNN_ALL;
    } else if (rank > 2) {
        cnn_put_all(&attrs, CNN_SIZE, count);
    }
    return put_weighted(x, &attrs, 1);
}

bool cnn_put_prelu(cnn_converter *x)
{
    cnn_attrs attrs = {0};
    int64_t slopes;
    const cnn_sizes *slope = cnn_in(x->call, 1);
    /* Until opset 6 one slope for each channel is a vector. */
    if (slope == NULL || !cnn_sizes_count(slope, &slopes) ||
        (slopes != 1 && x->call->version >= 7 && !cnn_is_per_channel(x->call, slope))) {
        return cnn_layer_unfit(x);
    }
    cnn_put_all(&attrs, CNN_SIZE, slopes);
    return put_weighted(x, &attrs, 1);
}
