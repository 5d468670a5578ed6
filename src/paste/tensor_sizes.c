/* Tensors stretched, repeated and padded to other sizes. */
#include "base/checked.h"
#include "paste/tensor.h"

/* Values seen several times; x.repeat() makes copies, x.expand() does not. */
static bool put_stretched(cnn_request *r, const cnn_items *shape, bool copies)
{
    const int32_t first = r->p->builder->layer_count;
    if (!cnn_tensor_repeat(r->p, r->in, shape, r->span, r->out)) {
        return false;
    }
    for (int32_t i = first; i < r->p->builder->layer_count && !copies; i++) {
        r->p->net->layers[i].keep_rule = &cnn_keep_place;
    }
    return true;
}

/* x.expand(b, 6, -1, 8), and x.repeat(1, 3, 1, 1), which multiplies: sizes for all axes. */
static bool stretch(cnn_request *r, bool multiplies)
{
    cnn_items sizes;
    cnn_py shape;
    if (!cnn_arguments_listed(r->p, &r->rest, &sizes) || !cnn_tensor_shape(r->p, r->in, &shape) ||
        shape.items->count != sizes.count) {
        return cnn_not_followed(r->p, r->span);
    }
    for (int32_t i = 1; i < sizes.count; i++) {
        int64_t n;
        cnn_py *side = &shape.items->at[i];
        if (!cnn_whole(r->p, &sizes.at[i], NULL, cnn_text_of("expand"), &n)) {
            return false;
        }
        /* repeat multiplies; expand keeps a side by -1 or its size, and enlarges only a side of
         * 1. */
        const bool fits = multiplies ? n > 0 && cnn_checked_mul(n, side->number, &n)
                                     : n == -1 || n == side->number || side->number == 1;
        if (!fits || n == 0 || n < -1) {
            return cnn_not_followed(r->p, r->span);
        }
        side->number = n == -1 ? side->number : n;
    }
    const cnn_py batch = sizes.at[0];
    /* The batch must stay as it is: 1 for repeat, -1 or x.size(0) for expand. */
    const bool whole = batch.kind == CNN_PY_BATCH ||
                       (batch.kind == CNN_PY_INT && batch.number == (multiplies ? 1 : -1));
    return whole ? put_stretched(r, shape.items, multiplies) : cnn_not_followed(r->p, r->span);
}

bool cnn_do_expand(cnn_request *r)
{
    return stretch(r, false);
}

bool cnn_do_repeat(cnn_request *r)
{
    return stretch(r, true);
}

bool cnn_do_expand_as(cnn_request *r)
{
    const cnn_py *other = cnn_request_given(r, "other", 0);
    cnn_py shape, mine;
    if (other == NULL || other->kind != CNN_PY_TENSOR ||
        other->tensor->shape.axes != r->in->shape.axes) {
        return cnn_not_followed(r->p, r->span);
    }
    if (!cnn_tensor_shape(r->p, other->tensor, &shape) || !cnn_tensor_shape(r->p, r->in, &mine)) {
        return false;
    }
    for (int32_t i = 1; i < shape.items->count; i++) {
        const int64_t side = mine.items->at[i].number;
        if (side != 1 && side != shape.items->at[i].number) {
            return cnn_not_followed(r->p, r->span);
        }
    }
    return put_stretched(r, shape.items, false);
}

/* Channels of zeros beside those that are there; negative numbers cut. */
static bool pad_channels(cnn_request *r, int64_t low, int64_t high, cnn_tensor **tensor)
{
    const cnn_tensor *in = *tensor;
    const int64_t more = (low > 0 ? low : 0) + (high > 0 ? high : 0);
    const int64_t cut[] = {low < 0 ? -low : 0, high < 0 ? -high : 0};
    int64_t n;
    if (low < -INT32_MAX || low > INT32_MAX || high < -INT32_MAX || high > INT32_MAX ||
        !cnn_checked_add(in->shape.channels, more, &n)) {
        return cnn_not_followed(r->p, r->span);
    }
    if (more > 0) {
        cnn_spec spec = cnn_spec_of("chpad", &in, NULL, r->span);
        cnn_spec_all(&spec, CNN_CHANNELS, n);
        if (!cnn_flow_add(r->p, &spec, tensor)) {
            return false;
        }
        in = *tensor;
    }
    if (cut[0] + cut[1] == 0) {
        return true;
    }
    cnn_spec spec = cnn_spec_of("chcrop", &in, NULL, r->span);
    cnn_spec_ends(&spec, &cut[0], &cut[1], 1);
    return cnn_flow_add(r->p, &spec, tensor);
}

/* F.pad: pairs from the last axis on. */
bool cnn_do_pad(cnn_request *r)
{
    const cnn_py *pad = cnn_request_given(r, "pad", 0);
    int64_t low[CNN_AXES + 1] = {0}, high[CNN_AXES + 1] = {0}; /* the channels first */
    const int32_t axes = r->in->shape.axes;
    if (pad != NULL && !cnn_py_is_list(pad)) {
        return cnn_wants_list(r->p, pad, r->span);
    }
    if (pad == NULL || pad->items->count % 2 != 0 || pad->items->count > 2 * axes + 2) {
        return cnn_not_followed(r->p, r->span);
    }
    for (int32_t i = 0; i < pad->items->count; i++) {
        /* The first pair is the last side's, [axes]; one after the sides' is the channels', [0]. */
        int64_t *to = i % 2 == 0 ? low : high;
        if (!cnn_whole(r->p, &pad->items->at[i], NULL, cnn_text_of("F.pad"), &to[axes - i / 2])) {
            return false;
        }
    }
    cnn_py_node call = {.span = r->span};
    cnn_module module = {.call = &call};
    cnn_tensor *tensor = (cnn_tensor *)r->in;
    const cnn_py *mode = cnn_request_given(r, "mode", 1);
    const bool copies_edge =
        mode != NULL && (cnn_py_is(mode, "reflect") || cnn_py_is(mode, "replicate"));
    /* PyTorch's backward pass of these modes takes the input; that of constant does not. */
    const cnn_keep_rule *rule = copies_edge ? &cnn_keep_input : NULL;
    bool any = pad->items->count == 0;
    for (int32_t i = 1; i <= axes; i++) {
        any = any || low[i] != 0 || high[i] != 0;
    }
    if (any && axes > 0 && !cnn_flow_pad(r->p, &module, r->in, low + 1, high + 1, rule, &tensor)) {
        return false;
    }
    return pad_channels(r, low[0], high[0], &tensor) && cnn_request_give(r, tensor);
}
