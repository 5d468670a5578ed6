/* Tensors with fewer values, one for a whole axis, or with values several times. */
#include "paste/flow.h"

static bool give(cnn_tensor *tensor, cnn_py *out)
{
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

/* ---- reductions ---- */

/* The axes of `over` as bits, those of the language: the channels are bit 0. */
static bool axes_among(cnn_paster *p, const cnn_tensor *in, const cnn_py *over, cnn_span span,
                       uint32_t *out)
{
    const bool list = cnn_py_is_list(over);
    const int32_t count = in->shape.axes + 1;
    *out = 0;
    for (int32_t i = 0; i < (list ? over->items->count : 1); i++) {
        int64_t at;
        int32_t place = 0;
        const cnn_py *one = list ? &over->items->at[i] : over;
        if (!cnn_whole(p, one, NULL, cnn_text_of("an axis"), &at) ||
            !cnn_axis_at(p, at, count + 1, span, &place)) {
            return false;
        }
        *out |= 1u << (cnn_our_axis(cnn_channels_last(p, in), place, count) - 1);
    }
    return true;
}

/* What a reduction does, and keeps in PyTorch. The language reduces sides and channels one after
 * the other, so there are rules of the whole, and of the first and the second of two. NULL: as the
 * layer of the language. */
static const struct {
    bool largest, known; /* a layer that the language has no word for */
    const cnn_keep_rule *whole, *first, *second;
} reductions[] = {
    [CNN_REDUCE_MEAN] = {false, false, NULL, NULL, &cnn_keep_nothing},
    [CNN_REDUCE_SUM] = {false, false, &cnn_keep_nothing, &cnn_keep_nothing, &cnn_keep_nothing},
    [CNN_REDUCE_MAX] = {true, false, &cnn_keep_indices, &cnn_keep_indices, &cnn_keep_indices},
    [CNN_REDUCE_EXTREME] = {true, false, &cnn_keep_ends, &cnn_keep_input, &cnn_keep_output},
    [CNN_REDUCE_VARIANCE] = {false, true, &cnn_keep_input, NULL, NULL},
    [CNN_REDUCE_NORM] = {false, true, &cnn_keep_ends, NULL, NULL},
};

/* Sides that one window covers become 1; when it covers all of them it is global pooling. */
static bool reduce_sides(cnn_paster *p, bool largest, uint32_t gone, const cnn_keep_rule *rule,
                         cnn_span span, cnn_tensor **tensor)
{
    const cnn_tensor *in = *tensor;
    const int32_t axes = in->shape.axes;
    const uint32_t all = ((1u << axes) - 1) << 1;
    if ((gone & all) == 0) {
        return true;
    }
    if ((gone & all) == all) {
        cnn_spec spec = cnn_spec_of(largest ? "gmp" : "gap", &in, NULL, span);
        spec.keep_rule = rule;
        return cnn_flow_add(p, &spec, tensor);
    }
    int64_t kernel[CNN_AXES] = {0};
    for (int32_t i = 0; i < axes; i++) {
        kernel[i] = (gone >> (i + 1) & 1) != 0 ? in->shape.side[i] : 1;
    }
    cnn_spec spec = cnn_spec_of(largest ? "maxpool" : "avgpool", &in, NULL, span);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, axes);
    spec.keep_rule = rule;
    return cnn_flow_add(p, &spec, tensor);
}

bool cnn_tensor_reduce(cnn_paster *p, cnn_reduction how, const cnn_tensor *in, const cnn_py *over,
                       bool keep, cnn_span span, cnn_py *out)
{
    const int32_t count = in->shape.axes + 1;
    const bool last = cnn_channels_last(p, in), largest = reductions[how].largest;
    int64_t axis[CNN_SAMPLE_AXES];
    uint32_t gone;
    int32_t left = 0;
    cnn_tensor *tensor = (cnn_tensor *)in;
    if (!axes_among(p, in, over, span, &gone)) {
        return false;
    }
    (void)cnn_tensor_axes(p, in, axis);
    for (int32_t i = 0; i < count; i++) {
        const bool drops = (gone >> (cnn_our_axis(last, i + 1, count) - 1) & 1) != 0;
        if (!drops || keep) {
            axis[left++] = drops ? 1 : axis[i];
        }
    }
    if (reductions[how].known) {
        cnn_known_layer known = {.what = "reduce", .keep_rule = reductions[how].whole};
        return cnn_axes_shape(p, axis, left, in->first, span, &known.out) &&
               cnn_flow_known(p, &known, &in, NULL, span, &tensor) && give(tensor, out);
    }
    const bool sides = gone > 1, two = sides && (gone & 1) != 0;
    if (!reduce_sides(p, largest, gone, two ? reductions[how].first : reductions[how].whole, span,
                      &tensor)) {
        return false;
    }
    if ((gone & 1) != 0) {
        const cnn_tensor *reduced = tensor;
        cnn_spec spec = cnn_spec_of(largest ? "chmax" : "chmean", &reduced, NULL, span);
        spec.keep_rule = two ? reductions[how].second : reductions[how].whole;
        if (!cnn_flow_add(p, &spec, &tensor)) {
            return false;
        }
    }
    /* Pooling leaves sides of 1; without keepdim a view drops them. */
    return keep || gone == 0 || (left == 0 && in->shape.axes == 0)
               ? give(tensor, out)
               : cnn_tensor_as(p, tensor, axis, left, span, out);
}

/* ---- repeats ---- */

enum { MOST_COPIES = 64 }; /* of channels side by side */

/* Channels several times side by side. */
static bool repeat_channels(cnn_paster *p, int64_t times, cnn_span span, cnn_tensor **tensor)
{
    cnn_py copies[MOST_COPIES], all;
    const cnn_py_node place = {.span = span};
    for (int32_t i = 0; i < times; i++) {
        copies[i] = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = *tensor};
    }
    if (!cnn_tensor_join(p, "cat", &place, copies, (int32_t)times, &all)) {
        return false;
    }
    *tensor = all.tensor;
    return true;
}

bool cnn_tensor_repeat(cnn_paster *p, const cnn_tensor *in, const cnn_items *sizes, cnn_span span,
                       cnn_py *out)
{
    int64_t axis[CNN_SAMPLE_AXES] = {0};
    cnn_known_layer known = {.what = "repeat"};
    const int32_t count = sizes->count - 1;
    for (int32_t i = 0; i < count && i < CNN_SAMPLE_AXES; i++) {
        axis[i] = sizes->at[i + 1].number;
    }
    if (!cnn_axes_shape(p, axis, count, in->first, span, &known.out)) {
        return false;
    }
    /* The language can copy channels side by side and enlarge sides of 1. Anything else becomes a
     * layer of known size. */
    const int64_t times = known.out.channels / in->shape.channels;
    bool single = times <= MOST_COPIES, grows = false; /* sides of 1 are stretched */
    for (int32_t i = 0; i < known.out.axes; i++) {
        single = single && (in->shape.side[i] == 1 || in->shape.side[i] == known.out.side[i]);
        grows = grows || in->shape.side[i] != known.out.side[i];
    }
    cnn_tensor *tensor = (cnn_tensor *)in;
    if (!single) {
        return cnn_flow_known(p, &known, &in, NULL, span, &tensor) && give(tensor, out);
    }
    if (times > 1 && !repeat_channels(p, times, span, &tensor)) {
        return false;
    }
    if (grows) {
        const cnn_tensor *small = tensor;
        cnn_spec spec = cnn_spec_of("upsample", &small, NULL, span);
        int64_t factor[CNN_AXES] = {0};
        for (int32_t i = 0; i < known.out.axes; i++) {
            factor[i] = known.out.side[i] / small->shape.side[i];
        }
        cnn_spec_sides(&spec, CNN_SIZE, factor, known.out.axes);
        if (!cnn_flow_add(p, &spec, &tensor)) {
            return false;
        }
    }
    return give(tensor, out);
}
