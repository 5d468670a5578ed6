/* Operators whose output is as large as an input, or as two inputs stretched to each other. */
#include "files/shapes.h"

bool cnn_infer_same(cnn_call *c)
{
    for (int32_t i = 0; cnn_in(c, 0) != NULL && i < c->outs; i++) {
        cnn_out_sizes(c, i, cnn_in(c, 0));
    }
    return true;
}

bool cnn_infer_first(cnn_call *c)
{
    return cnn_in(c, 0) == NULL || cnn_out_sizes(c, 0, cnn_in(c, 0));
}

bool cnn_infer_any(cnn_call *c)
{
    (void)c;
    return true;
}

/* The maker stays, so that constants are traced through. */
bool cnn_infer_identity(cnn_call *c)
{
    cnn_value *y = cnn_out_value(c, 0);
    const cnn_value *x = c->in[0];
    y->dims = x->dims;
    y->data = x->data;
    y->sequence = x->sequence;
    y->item_count = x->item_count;
    y->items = x->items;
    return true;
}

/* The zero point's type, an attribute's, or bytes. */
bool cnn_infer_quantize(cnn_call *c)
{
    if (!cnn_has(c, 2)) {
        cnn_out_value(c, 0)->type = cnn_attr_element(c, "output_dtype", CNN_T_UINT8);
    }
    return cnn_infer_first(c);
}

bool cnn_infer_cast(cnn_call *c)
{
    const int64_t to = cnn_attr_int(c, "to", CNN_T_NONE);
    const cnn_onnx_attr *attr = cnn_attr_of(c, "to");
    if (attr != NULL && attr->type == CNN_A_STRING) { /* until opset 5 a word: "FLOAT" */
        for (int32_t t = 1; t < CNN_T_COUNT; t++) {
            if (cnn_text_is(attr->s, cnn_elements[t].name)) {
                cnn_out_value(c, 0)->type = t;
            }
        }
        return cnn_infer_first(c);
    }
    if (to <= CNN_T_NONE || to >= CNN_T_COUNT) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "to", to, 0);
    }
    cnn_out_value(c, 0)->type = (int32_t)to;
    return cnn_infer_first(c);
}

bool cnn_sizes_broadcast(const cnn_sizes *a, const cnn_sizes *b, cnn_sizes *out)
{
    const cnn_sizes *big = a->rank >= b->rank ? a : b, *small = big == a ? b : a;
    const int32_t shift = big->rank - small->rank;
    cnn_sizes dims = *big;
    for (int32_t i = 0; i < small->rank; i++) {
        const int64_t x = big->size[i + shift], y = small->size[i];
        if (x > 1 && y > 1 && x != y) {
            return false;
        }
        if ((x == 0 && y > 1) || (y == 0 && x > 1)) {
            return false;
        }
        /* An unknown size beside 1 stays unknown; beside another one it has to be that or 1. */
        dims.size[i + shift] = x == 1 ? y : (y == 1 || x >= 0) ? x : y;
    }
    *out = dims;
    return true;
}

bool cnn_infer_broadcast(cnn_call *c)
{
    cnn_sizes all = {0};
    for (int32_t i = 0; i < c->ins; i++) {
        if (cnn_in(c, i) == NULL) {
            return true;
        }
        if (!cnn_sizes_broadcast(&all, cnn_in(c, i), &all)) {
            return cnn_call_fail(c, CNN_E_NODE_BROADCAST, 0, 0);
        }
    }
    return cnn_out_sizes(c, 0, &all);
}

bool cnn_infer_binary(cnn_call *c)
{
    /* Before opset 7 the second operand is stretched to the first, from `axis` on. */
    return c->version < 7 && cnn_attr_int(c, "broadcast", 0) != 0 ? cnn_infer_first(c)
                                                                  : cnn_infer_broadcast(c);
}

/* The slope is stretched to the input; onnxruntime stretches both. Until opset 6 it may be one for
 * each channel. */
bool cnn_infer_prelu(cnn_call *c)
{
    return c->version < 7 ? cnn_infer_first(c) : cnn_infer_broadcast(c);
}

/* Softmax and its like: as large as the input, along an axis that it has. */
bool cnn_infer_along(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int32_t axis;
    if (x == NULL) {
        return true;
    }
    /* Before opset 13 Softmax saw a matrix cut at `axis`, so the rank itself was allowed. */
    const int64_t at = cnn_attr_int(c, "axis", c->version < 13 ? 1 : -1);
    return (at == x->rank && c->version < 13) || x->rank == 0 || cnn_attr_of(c, "axis") == NULL ||
                   cnn_axis(c, at, x->rank, &axis)
               ? cnn_out_sizes(c, 0, x)
               : false;
}

/* Whether inputs `from` to `to` hold a number for each channel. */
static bool check_channels(cnn_call *c, int32_t from, int32_t to)
{
    const cnn_sizes *x = cnn_in(c, 0);
    for (int32_t i = from; x != NULL && i <= to; i++) {
        const cnn_sizes *w = cnn_in(c, i);
        const int64_t channels = x->rank > 1 ? x->size[1] : 1;
        if (w == NULL || channels < 0 || (w->rank == 1 && w->size[0] < 0)) {
            continue;
        }
        if (w->rank != 1 || w->size[0] != channels) {
            return cnn_call_fail(c, CNN_E_NODE_CHANNELS, channels, w->rank == 1 ? w->size[0] : 0);
        }
    }
    return true;
}

/* The statistics that training gives out have the size of those that go in. With spatial=0 they are
 * kept for each position. */
bool cnn_infer_batchnorm(cnn_call *c)
{
    const bool spatial = cnn_attr_int(c, "spatial", 1) != 0;
    for (int32_t i = 1; i < c->outs; i++) {
        if (cnn_in(c, 3) != NULL) {
            cnn_out_sizes(c, i, cnn_in(c, 3));
        }
    }
    return (!spatial || check_channels(c, 1, 4)) && cnn_infer_first(c);
}

bool cnn_infer_channelnorm(cnn_call *c)
{
    return check_channels(c, 1, 2) && cnn_infer_first(c);
}

/* Scale and bias are one for each group in opset 18 and one for each channel later. */
bool cnn_infer_groupnorm(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const int64_t groups = cnn_attr_int(c, "num_groups", 1);
    if (groups < 1 || (x != NULL && x->rank > 1 && x->size[1] >= 0 && x->size[1] % groups != 0)) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "num_groups", groups, 0);
    }
    const cnn_sizes *scale = cnn_in(c, 1);
    if (c->version < 21 && scale != NULL && scale->rank == 1 && scale->size[0] >= 0 &&
        scale->size[0] != groups) {
        return cnn_call_fail(c, CNN_E_NODE_CHANNELS, groups, scale->size[0]);
    }
    return (c->version < 21 || check_channels(c, 1, 2)) && cnn_infer_first(c);
}

/* Mean and deviation have 1 in place of the sizes from `axis` on. */
bool cnn_infer_layernorm(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int32_t axis;
    if (x == NULL) {
        return true;
    }
    if (!cnn_axis(c, cnn_attr_int(c, "axis", -1), x->rank, &axis)) {
        return false;
    }
    cnn_sizes all, mean = *x;
    for (int32_t i = axis; i < x->rank; i++) {
        mean.size[i] = 1;
    }
    for (int32_t i = 1; i <= 2; i++) {
        const cnn_sizes *w = cnn_in(c, i);
        if (w != NULL && (!cnn_sizes_broadcast(x, w, &all) || all.rank != x->rank ||
                          (cnn_sizes_known(x) && !cnn_sizes_equal(&all, x)))) {
            return cnn_call_fail(c, CNN_E_NODE_BROADCAST, 0, 0);
        }
    }
    for (int32_t i = 1; i < c->outs; i++) {
        cnn_out_sizes(c, i, &mean);
    }
    return cnn_out_sizes(c, 0, x);
}

/* com.microsoft SkipLayerNormalization: output 3 is the sum before the norm. */
bool cnn_infer_skipnorm(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    if (x != NULL) {
        cnn_out_sizes(c, 3, x);
    }
    return cnn_infer_first(c);
}

/* The mask was of the input's type until opset 9. */
bool cnn_infer_dropout(cnn_call *c)
{
    if (c->outs > 1 && c->version >= 10) {
        c->out[1]->type = CNN_T_BOOL;
    }
    return cnn_infer_same(c);
}

bool cnn_infer_dynamic(cnn_call *c)
{
    static const cnn_sizes scalar = {0};
    cnn_out_sizes(c, 1, &scalar);
    cnn_out_sizes(c, 2, &scalar);
    cnn_out_value(c, 1)->type = CNN_T_FLOAT;
    return cnn_infer_first(c);
}

/* Inputs 0 and 3; a scale and a zero point follow each of them. */
bool cnn_infer_qbinary(cnn_call *c)
{
    const cnn_sizes *a = cnn_in(c, 0), *b = cnn_in(c, 3);
    cnn_sizes all;
    if (a == NULL || b == NULL) {
        return true;
    }
    return cnn_sizes_broadcast(a, b, &all) ? cnn_out_sizes(c, 0, &all)
                                           : cnn_call_fail(c, CNN_E_NODE_BROADCAST, 0, 0);
}
