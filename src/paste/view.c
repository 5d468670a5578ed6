/* Tensors by their axes: sizes, and the same values in another shape. Axis 0 is the batch. */
#include "base/checked.h"
#include "paste/flow.h"

bool cnn_not_followed(cnn_paster *p, cnn_span span)
{
    return cnn_paste_fail(p, CNN_E_PASTE_NOT_FOLLOWED, span, cnn_text_part(p->text, span),
                          (cnn_text){0});
}

bool cnn_wants_list(cnn_paster *p, const cnn_py *value, cnn_span span)
{
    return value->kind == CNN_PY_NAME ? cnn_no_value(p, value) : cnn_not_followed(p, span);
}

int32_t cnn_tensor_axes(const cnn_paster *p, const cnn_tensor *tensor, int64_t *axis)
{
    const cnn_shape *shape = &tensor->shape;
    const bool last = p->framework == CNN_KERAS && !tensor->first;
    axis[last ? shape->axes : 0] = shape->channels;
    for (int32_t i = 0; i < shape->axes; i++) {
        axis[last ? i : i + 1] = shape->side[i];
    }
    return shape->axes + 1;
}

bool cnn_axes_shape(cnn_paster *p, const int64_t *axis, int32_t count, bool first, cnn_span span,
                    cnn_shape *out)
{
    if (count > CNN_SAMPLE_AXES) {
        return cnn_not_followed(p, span);
    }
    const bool last = p->framework == CNN_KERAS && !first;
    *out = (cnn_shape){.channels = 1, .axes = count > 0 ? count - 1 : 0};
    if (count > 0) {
        out->channels = axis[last ? count - 1 : 0];
    }
    for (int32_t i = 0; i + 1 < count; i++) {
        out->side[i] = axis[last ? i : i + 1];
    }
    return true;
}

bool cnn_tensor_shape(cnn_paster *p, const cnn_tensor *tensor, cnn_py *out)
{
    int64_t axis[CNN_SAMPLE_AXES];
    const int32_t count = cnn_tensor_axes(p, tensor, axis);
    if (!cnn_py_items(p, CNN_PY_TUPLE, count + 1, out)) {
        return false;
    }
    out->items->at[out->items->count++] = (cnn_py){.kind = CNN_PY_BATCH};
    for (int32_t i = 0; i < count; i++) {
        out->items->at[out->items->count++] = cnn_py_int(axis[i], (cnn_span){0, 0});
    }
    return true;
}

bool cnn_axis_at(cnn_paster *p, int64_t at, int32_t rank, cnn_span span, int32_t *out)
{
    const int64_t from = at < 0 ? at + rank : at;
    if (from < 0 || from >= rank) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_AXIS, span, at, rank);
    }
    if (from == 0) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_BATCH_AXIS, span, at, 0);
    }
    *out = (int32_t)from;
    return true;
}

bool cnn_tensor_as(cnn_paster *p, const cnn_tensor *in, const int64_t *axis, int32_t count,
                   cnn_span span, cnn_py *out)
{
    cnn_shape shape;
    cnn_tensor *tensor;
    if (!cnn_axes_shape(p, axis, count, in->first, span, &shape) ||
        !cnn_flow_view(p, in, &shape, span, &tensor)) {
        return false;
    }
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

bool cnn_tensor_flatten(cnn_paster *p, const cnn_tensor *in, int64_t start, int64_t end,
                        cnn_span span, cnn_module *m, cnn_tensor **out)
{
    int64_t axis[CNN_SAMPLE_AXES];
    const int32_t count = cnn_tensor_axes(p, in, axis), rank = count + 1;
    const int64_t from = start < 0 ? start + rank : start, to = end < 0 ? end + rank : end;
    (void)m;
    if (from == 0) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_BATCH_AXIS, span, start, 0);
    }
    if (from < 0 || to >= rank || to < from) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_AXIS, span, from < 0 ? start : end, rank);
    }
    int64_t flat[CNN_SAMPLE_AXES];
    int32_t left = 0;
    for (int32_t i = 1; i < rank; i++) {
        if (i > from && i <= to) {
            flat[left - 1] *= axis[i - 1]; /* the product of all fits */
        } else {
            flat[left++] = axis[i - 1];
        }
    }
    cnn_shape shape;
    return cnn_axes_shape(p, flat, left, in->first, span, &shape) &&
           cnn_flow_view(p, in, &shape, span, out);
}

/* ---- views whose sizes are numbers ---- */

static bool view_fails(cnn_paster *p, const char *kind, cnn_module *m, const cnn_py *declared,
                       const cnn_py_node *place, const cnn_tensor *in, int64_t enters,
                       int64_t write)
{
    const cnn_span span = place != NULL ? place->span : declared->origin;
    const cnn_mismatch found = {.kind = kind,
                                .layer = m != NULL ? m->name : cnn_text_of("view"),
                                .declared = declared->number,
                                .enters = enters,
                                .write = write,
                                .shape = in->shape,
                                .value = in->layer,
                                .code = cnn_paste_digits(p, write),
                                .span = span};
    if (p->counting || p->probing > 0) {
        return true;
    }
    return p->err->code == CNN_OK && cnn_mismatch_add(p, &found) &&
           (write == 0 || cnn_edit_add(p, span, found.code));
}

/* The sizes of one sample, with the unknown one computed; *fits: they hold its values. */
static bool measure(cnn_paster *p, const cnn_py *sizes, int32_t count, int64_t values,
                    cnn_span span, int64_t *axis, bool *fits, int64_t *product)
{
    int32_t open = -1;
    *product = 1;
    if (count > CNN_SAMPLE_AXES) {
        return cnn_not_followed(p, span);
    }
    for (int32_t i = 0; i < count; i++) {
        if (!cnn_whole(p, &sizes[i], NULL, cnn_text_of("a view"), &axis[i])) {
            return false;
        }
        if (axis[i] == -1 && open < 0) {
            open = i;
        } else if (axis[i] < 1 || !cnn_checked_mul(*product, axis[i], product)) {
            return cnn_not_followed(p, span);
        }
    }
    *fits = open < 0 ? *product == values : values % *product == 0;
    if (open >= 0) {
        axis[open] = values / *product;
        *fits = *fits && axis[open] > 0;
    }
    return true;
}

/* `free`: the batch is -1, so that values that do not fit make other samples. */
static bool view_as(cnn_paster *p, const cnn_tensor *in, const cnn_py *sizes, int32_t count,
                    bool free, cnn_span span, cnn_module *m, const cnn_py_node *place,
                    cnn_tensor **out)
{
    const int64_t values = cnn_shape_values(&in->shape);
    int64_t axis[CNN_SAMPLE_AXES], product;
    bool fits = false;
    cnn_shape shape;
    if (!measure(p, sizes, count, values, span, axis, &fits, &product)) {
        return false;
    }
    if (fits) {
        return cnn_axes_shape(p, axis, count, in->first, span, &shape) &&
               cnn_flow_view(p, in, &shape, span, out);
    }
    const char *kind = free && values % product == 0 ? "view-batch" : "view";
    const cnn_py *declared = &sizes[count - 1];
    const cnn_py whole = cnn_py_int(product, declared->origin);
    /* Of several sizes it is not known which one is wrong: the view is taken as written, so that
     * reading goes on. A single one is repaired. */
    if (count != 1) {
        if (!view_fails(p, kind, m, &whole, NULL, in, values, 0) ||
            !cnn_axes_shape(p, axis, count, in->first, span, &shape)) {
            return false;
        }
        const cnn_known_layer known = {.what = "view", .out = shape};
        return cnn_flow_known(p, &known, &in, NULL, span, out);
    }
    return view_fails(p, kind, m, declared, place, in, values, values) &&
           cnn_flow_view(p, in, &(cnn_shape){.channels = values}, span, out);
}

bool cnn_tensor_view(cnn_paster *p, const cnn_tensor *in, const cnn_py *sizes, int32_t count,
                     cnn_span span, cnn_module *m, const cnn_py_node *place, cnn_tensor **out)
{
    return view_as(p, in, sizes, count, false, span, m, place, out);
}

/* view(x.size(0), -1), view(-1, 400), reshape((n, c, h, w)) */
bool cnn_tensor_reshape(cnn_paster *p, const cnn_tensor *in, cnn_arguments *args, cnn_py *out)
{
    const cnn_span span = args->call->span;
    cnn_items list;
    cnn_tensor *tensor;
    const cnn_py_node *place = args->count > 0 ? args->at[args->count - 1].node : NULL;
    if (place != NULL && (place->kind == CNN_SYNTAX_TUPLE || place->kind == CNN_SYNTAX_LIST) &&
        place->a != NULL) {
        place = place->a->next; /* the second one of (-1, 400) */
    }
    if (!cnn_arguments_listed(p, args, &list)) {
        return false;
    }
    const cnn_py *size = list.at;
    const int32_t count = list.count;
    if (count < 1) {
        return cnn_not_followed(p, span);
    }
    if (size[0].kind != CNN_PY_BATCH && size[0].kind != CNN_PY_INT) {
        int64_t ignored;
        return cnn_whole(p, &size[0], NULL, cnn_text_of("a view"), &ignored) &&
               cnn_not_followed(p, span);
    }
    /* view(-1) mixes the samples. */
    if (count == 1) {
        return size[0].kind == CNN_PY_INT && size[0].number == -1
                   ? cnn_fail_numbers(p->err, CNN_E_PASTE_BATCH_AXIS, span, 0, 0)
                   : cnn_not_followed(p, span);
    }
    const bool free = size[0].kind == CNN_PY_INT && size[0].number == -1;
    if (size[0].kind == CNN_PY_BATCH && size[0].number != 0) {
        return cnn_not_followed(p, span); /* samples are mixed: b * n */
    }
    if (!view_as(p, in, size + 1, count - 1, free, span, NULL, place, &tensor)) {
        return false;
    }
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

/* ---- dropping, adding and moving axes ---- */

bool cnn_tensor_squeeze(cnn_paster *p, const cnn_tensor *in, const int64_t *which, cnn_span span,
                        cnn_py *out)
{
    int64_t axis[CNN_SAMPLE_AXES];
    const int32_t count = cnn_tensor_axes(p, in, axis);
    int32_t left = 0, only = 0;
    if (which != NULL && !cnn_axis_at(p, *which, count + 1, span, &only)) {
        return false;
    }
    /* As in PyTorch, a given axis whose size is not 1 is kept. */
    for (int32_t i = 0; i < count; i++) {
        if (axis[i] != 1 || (only > 0 && only != i + 1)) {
            axis[left++] = axis[i];
        }
    }
    return cnn_tensor_as(p, in, axis, left, span, out);
}

bool cnn_tensor_unsqueeze(cnn_paster *p, const cnn_tensor *in, int64_t at, cnn_span span,
                          cnn_py *out)
{
    int64_t axis[CNN_SAMPLE_AXES + 1];
    const int32_t count = cnn_tensor_axes(p, in, axis);
    int32_t place = 0;
    /* The place is one in the result, which has an axis more. */
    if (!cnn_axis_at(p, at, count + 2, span, &place)) {
        return false;
    }
    for (int32_t i = count; i >= place; i--) {
        axis[i] = axis[i - 1];
    }
    axis[place - 1] = 1;
    return cnn_tensor_as(p, in, axis, count + 1, span, out);
}
