/* Tensors with their axes in another order, or cut. Axis 0 is the batch. */
#include "base/checked.h"
#include "paste/flow.h"

static bool give(cnn_tensor *tensor, cnn_py *out)
{
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

bool cnn_channels_last(const cnn_paster *p, const cnn_tensor *in)
{
    return p->framework == CNN_KERAS && !in->first;
}

int32_t cnn_our_axis(bool last, int32_t at, int32_t count)
{
    /* With the channels last, axis `count` is our 1, and side k is our k + 1. */
    return !last ? at : at == count ? 1 : at + 1;
}

/* ---- order ---- */

/* order[i]: the axis that becomes axis i + 1. */
static bool moved(cnn_paster *p, const cnn_tensor *in, const int32_t *order, cnn_span span,
                  cnn_py *out)
{
    const int32_t count = in->shape.axes + 1;
    const bool last = cnn_channels_last(p, in);
    int64_t ours[CNN_SAMPLE_AXES] = {0};
    cnn_tensor *tensor;
    for (int32_t i = 1; i <= count; i++) {
        ours[cnn_our_axis(last, i, count) - 1] = cnn_our_axis(last, order[i - 1], count);
    }
    return cnn_flow_permute(p, in, ours, span, &tensor) && give(tensor, out);
}

bool cnn_tensor_permute(cnn_paster *p, const cnn_tensor *in, const cnn_items *order, cnn_span span,
                        cnn_py *out)
{
    const int32_t rank = in->shape.axes + 2;
    int32_t to[CNN_SAMPLE_AXES] = {0}, seen = 0;
    if (order->count != rank || order->at[0].kind != CNN_PY_INT || order->at[0].number != 0) {
        return cnn_not_followed(p, span);
    }
    for (int32_t i = 1; i < rank; i++) {
        if (order->at[i].kind != CNN_PY_INT ||
            !cnn_axis_at(p, order->at[i].number, rank, span, &to[i - 1])) {
            return cnn_not_followed(p, span);
        }
        seen |= 1 << to[i - 1];
    }
    /* Bits 1 to rank - 1 are set: each axis occurs once. The batch stays first. */
    return seen + 2 == 1 << rank ? moved(p, in, to, span, out) : cnn_not_followed(p, span);
}

bool cnn_tensor_transpose(cnn_paster *p, const cnn_tensor *in, int64_t a, int64_t b, cnn_span span,
                          cnn_py *out)
{
    const int32_t rank = in->shape.axes + 2;
    int32_t to[CNN_SAMPLE_AXES] = {0}, first = 0, second = 0;
    if (!cnn_axis_at(p, a, rank, span, &first) || !cnn_axis_at(p, b, rank, span, &second)) {
        return false;
    }
    for (int32_t i = 1; i < rank; i++) {
        to[i - 1] = i == first ? second : i == second ? first : i;
    }
    return moved(p, in, to, span, out);
}

/* ---- parts ---- */

/* A part of one axis: `length` positions from `from` on, `step` apart. */
typedef struct range {
    int64_t from, length, step;
} range;

/* Cuts the channels; `r` is the first of the ranges, those of the sides follow it. */
static bool cut_channels(cnn_paster *p, const range *r, cnn_span span, cnn_tensor **tensor)
{
    const cnn_tensor *in = *tensor;
    const int64_t low = r->from, high = in->shape.channels - low - r->length;
    /* The language has no word for every n-th channel. */
    if (r->step > 1 && r->length > 1) {
        cnn_known_layer known = {.what = "part", .out = in->shape};
        known.out.channels = r->length;
        return cnn_flow_known(p, &known, &in, NULL, span, tensor);
    }
    if (low == 0 && high == 0) {
        return true;
    }
    cnn_spec spec = cnn_spec_of("chcrop", &in, NULL, span);
    cnn_spec_ends(&spec, &low, &high, 1);
    return cnn_flow_add(p, &spec, tensor);
}

/* Cuts the sides, then takes every n-th position, as a pooling of 1x1 with a stride does. */
static bool cut_sides(cnn_paster *p, const range *side, cnn_span span, cnn_tensor **tensor)
{
    const cnn_tensor *in = *tensor;
    const int32_t axes = in->shape.axes;
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0}, step[CNN_AXES] = {1, 1, 1};
    bool cuts = false, steps = false;
    for (int32_t i = 0; i < axes; i++) {
        low[i] = side[i].from;
        /* What is left after the last position taken, from + (length - 1) * step. */
        high[i] = in->shape.side[i] - low[i] - (side[i].length - 1) * side[i].step - 1;
        step[i] = side[i].length > 1 ? side[i].step : 1;
        steps = steps || step[i] > 1;
        high[i] = step[i] > 1 && high[i] < step[i] ? 0 : high[i]; /* no window begins there */
        cuts = cuts || low[i] > 0 || high[i] > 0;
    }
    if (cuts) {
        cnn_spec spec = cnn_spec_of("crop", &in, NULL, span);
        cnn_spec_ends(&spec, low, high, axes);
        if (!cnn_flow_add(p, &spec, tensor)) {
            return false;
        }
        in = *tensor;
    }
    if (!steps) {
        return true;
    }
    cnn_spec spec = cnn_spec_of("maxpool", &in, NULL, span);
    cnn_spec_all(&spec, CNN_SIZE, 1);
    cnn_spec_sides(&spec, CNN_STRIDE, step, axes);
    spec.keep_rule = &cnn_keep_place; /* a view in PyTorch */
    return cnn_flow_add(p, &spec, tensor);
}

/* The ranges of all axes of the language, the channels first. */
static bool cut(cnn_paster *p, const cnn_tensor *in, const range *ranges, cnn_span span,
                cnn_tensor **out)
{
    *out = (cnn_tensor *)in;
    return cut_channels(p, &ranges[0], span, out) && cut_sides(p, ranges + 1, span, out);
}

/* All of every axis. */
static void whole(const cnn_shape *shape, range *ranges)
{
    ranges[0] = (range){0, shape->channels, 1};
    for (int32_t i = 0; i < shape->axes; i++) {
        ranges[i + 1] = (range){0, shape->side[i], 1};
    }
}

bool cnn_tensor_part(cnn_paster *p, const cnn_tensor *in, int64_t at, int64_t from, int64_t length,
                     cnn_span span, cnn_py *out)
{
    const int32_t count = in->shape.axes + 1;
    int32_t place = 0;
    range ranges[CNN_SAMPLE_AXES];
    cnn_tensor *tensor;
    if (!cnn_axis_at(p, at, count + 1, span, &place)) {
        return false;
    }
    whole(&in->shape, ranges);
    range *const one = &ranges[cnn_our_axis(cnn_channels_last(p, in), place, count) - 1];
    if (from < 0 || length < 1 || from > one->length || length > one->length - from) {
        return cnn_not_followed(p, span);
    }
    *one = (range){from, length, 1};
    return cut(p, in, ranges, span, &tensor) && give(tensor, out);
}

/* Parts of these sizes along an axis. As torch.split demands, they are the whole axis together. */
bool cnn_tensor_split(cnn_paster *p, const cnn_tensor *in, const cnn_items *sizes, int64_t at,
                      cnn_span span, cnn_py *out)
{
    const int32_t count = in->shape.axes + 1;
    int32_t place = 0;
    range ranges[CNN_SAMPLE_AXES];
    if (!cnn_axis_at(p, at, count + 1, span, &place) ||
        !cnn_py_items(p, CNN_PY_TUPLE, sizes->count, out)) {
        return false;
    }
    whole(&in->shape, ranges);
    range *const one = &ranges[cnn_our_axis(cnn_channels_last(p, in), place, count) - 1];
    const int64_t all = one->length;
    int64_t from = 0;
    for (int32_t i = 0; i < sizes->count; i++) {
        cnn_tensor *tensor;
        *one = (range){from, sizes->at[i].number, 1};
        if (sizes->at[i].kind != CNN_PY_INT || one->length < 1 || one->length > all - from) {
            return cnn_not_followed(p, span);
        }
        from += one->length;
        if (!cut(p, in, ranges, span, &tensor)) {
            return false;
        }
        out->items->at[out->items->count++] = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    }
    return from == all || cnn_not_followed(p, span);
}

bool cnn_tensor_cat_sides(cnn_paster *p, const cnn_items *parts, int64_t at, int64_t channels,
                          const cnn_py_node *place, cnn_py *out)
{
    cnn_py turned, joined;
    if (at < 1) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_CAT_AXIS, place->span, at, 0);
    }
    if (!cnn_py_items(p, CNN_PY_TUPLE, parts->count, &turned)) {
        return false;
    }
    for (int32_t i = 0; i < parts->count; i++) {
        cnn_py *one = &turned.items->at[turned.items->count++];
        if (!cnn_tensor_transpose(p, parts->at[i].tensor, at, channels, place->span, one)) {
            return false;
        }
    }
    return cnn_tensor_join(p, "cat", place, turned.items->at, parts->count, &joined) &&
           cnn_tensor_transpose(p, joined.tensor, at, channels, place->span, out);
}

bool cnn_tensor_gate(cnn_paster *p, const cnn_tensor *in, int64_t at, cnn_span span, cnn_py *out)
{
    int64_t axis[CNN_SAMPLE_AXES];
    const int32_t count = cnn_tensor_axes(p, in, axis);
    const cnn_py_node place = {.span = span};
    int32_t which = 0;
    cnn_py sizes, halves;
    if (!cnn_axis_at(p, at, count + 1, span, &which) || !cnn_py_items(p, CNN_PY_TUPLE, 2, &sizes)) {
        return false;
    }
    const cnn_py half = cnn_py_int(axis[which - 1] / 2, span);
    const int32_t first = p->builder->layer_count;
    if (axis[which - 1] % 2 != 0) {
        return cnn_not_followed(p, span);
    }
    if (!cnn_py_append(p, sizes.items, &half) || !cnn_py_append(p, sizes.items, &half) ||
        !cnn_tensor_split(p, in, sizes.items, at, span, &halves)) {
        return false;
    }
    const cnn_tensor *gate = halves.items->at[1].tensor;
    cnn_spec spec = cnn_spec_of("sigmoid", &gate, NULL, span);
    if (!cnn_flow_add(p, &spec, &halves.items->at[1].tensor) ||
        !cnn_tensor_join(p, "mul", &place, halves.items->at, 2, out)) {
        return false;
    }
    for (int32_t i = first; i < p->builder->layer_count; i++) { /* PyTorch does it as one layer */
        p->net->layers[i].keep_rule = i == first ? &cnn_keep_input : &cnn_keep_nothing;
    }
    return true;
}

/* What an index of several parts makes of the axes of one sample. */
typedef struct cutting {
    range ranges[CNN_SAMPLE_AXES]; /* of the axes of the language */
    int64_t after[2 * CNN_SAMPLE_AXES];
    int32_t left; /* axes of the result, */
    bool moved;   /* which are others than before */
} cutting;

/* x[:, :3], x[:, 0], x[:, :, None, None]; the batch stays whole. False: it is something else. */
static bool read_index(cnn_paster *p, const cnn_py_node *node, const cnn_items *parts,
                       const int64_t *axis, int32_t count, bool last, cutting *out)
{
    int32_t at = 0;
    for (int32_t i = 1; i < parts->count; i++) {
        const cnn_py *part = &parts->at[i];
        /* Only None may follow when all axes have their part. */
        if (out->left == 2 * CNN_SAMPLE_AXES || (at == count && part->kind != CNN_PY_NONE)) {
            return false;
        }
        out->moved = out->moved || part->kind != CNN_PY_SLICE;
        if (part->kind == CNN_PY_NONE) {
            out->after[out->left++] = 1;
            continue;
        }
        range *const one = &out->ranges[cnn_our_axis(last, at + 1, count) - 1];
        if (part->kind == CNN_PY_SLICE) {
            cnn_range r;
            if (!cnn_slice_read(p, node, part->items, axis[at], &r)) {
                return false;
            }
            const bool some = r.step > 0 && r.to > r.from;
            /* ceil((to - from) / step) positions. */
            *one = (range){r.from, some ? (r.to - r.from - 1) / r.step + 1 : 0, r.step};
            out->after[out->left++] = one->length;
        } else {
            int64_t n;
            if (!cnn_whole(p, part, node, cnn_text_of("an index"), &n)) {
                return false;
            }
            /* A number drops its axis: it adds no size to `after`. */
            *one = (range){n < 0 ? n + axis[at] : n, 1, 1};
        }
        if (one->length < 1 || one->from < 0 || one->from >= axis[at]) {
            return false;
        }
        at++;
    }
    while (at < count && out->left < 2 * CNN_SAMPLE_AXES) {
        out->after[out->left++] = axis[at++];
    }
    return true;
}

/* The parts of an index with "..." written out as whole axes. */
static bool write_out(cnn_paster *p, const cnn_py *index, int32_t rank, cnn_items *out)
{
    cnn_py slice;
    const cnn_py none = cnn_py_none();
    if (!cnn_py_items(p, CNN_PY_SLICE, 3, &slice) || !cnn_py_append(p, slice.items, &none) ||
        !cnn_py_append(p, slice.items, &none) || !cnn_py_append(p, slice.items, &none)) {
        return false;
    }
    const cnn_items one = {(cnn_py *)index, 1, 1};
    const cnn_items *parts = index->kind == CNN_PY_TUPLE ? index->items : &one;
    /* "..." is read as a string. It is as many whole axes as the other parts leave; None adds an
     * axis and so takes none. */
    int32_t more = rank;
    for (int32_t i = 0; i < parts->count; i++) {
        more -= parts->at[i].kind != CNN_PY_NONE && parts->at[i].kind != CNN_PY_STRING;
    }
    bool done = true;
    for (int32_t i = 0; i < parts->count && done; i++) {
        if (parts->at[i].kind != CNN_PY_STRING) {
            done = cnn_py_append(p, out, &parts->at[i]);
        }
        for (; parts->at[i].kind == CNN_PY_STRING && more > 0 && done; more--) {
            done = cnn_py_append(p, out, &slice);
        }
    }
    return done;
}

bool cnn_tensor_index(cnn_paster *p, const cnn_py_node *node, cnn_tensor *tensor,
                      const cnn_py *index, cnn_py *out)
{
    int64_t axis[CNN_SAMPLE_AXES];
    const int32_t count = cnn_tensor_axes(p, tensor, axis);
    cnn_items parts = {0};
    cutting c = {.left = 0};
    cnn_tensor *part;
    if (!write_out(p, index, count + 1, &parts)) {
        return false;
    }
    whole(&tensor->shape, c.ranges);
    /* The first part must be a plain ":", which takes the whole batch. */
    const cnn_items *batch =
        parts.count > 0 && parts.at[0].kind == CNN_PY_SLICE ? parts.at[0].items : NULL;
    if (batch == NULL || batch->at[0].kind != CNN_PY_NONE || batch->at[1].kind != CNN_PY_NONE ||
        batch->at[2].kind != CNN_PY_NONE ||
        !read_index(p, node, &parts, axis, count, cnn_channels_last(p, tensor), &c)) {
        return cnn_not_followed(p, node->span);
    }
    if (!cut(p, tensor, c.ranges, node->span, &part)) {
        return false;
    }
    return c.moved ? cnn_tensor_as(p, part, c.after, c.left, node->span, out) : give(part, out);
}
