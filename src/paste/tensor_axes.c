/* Calls that see the values of a tensor with other axes: flatten, view, permute, squeeze. */
#include "paste/tensor.h"

bool cnn_do_flatten(cnn_request *r)
{
    int64_t start, end;
    cnn_tensor *tensor;
    return cnn_request_number(r, "start_dim", 0, 0, &start) &&
           cnn_request_number(r, "end_dim", 1, -1, &end) &&
           cnn_tensor_flatten(r->p, r->in, start, end, r->span, NULL, &tensor) &&
           cnn_request_give(r, tensor);
}

bool cnn_do_reshape(cnn_request *r)
{
    return cnn_tensor_reshape(r->p, r->in, &r->rest, r->out);
}

bool cnn_do_squeeze(cnn_request *r)
{
    int64_t axis;
    const bool one =
        cnn_request_given(r, "dim", 0) != NULL || cnn_request_given(r, "axis", 0) != NULL;
    return cnn_request_axis(r, 0, 0, &axis) &&
           cnn_tensor_squeeze(r->p, r->in, one ? &axis : NULL, r->span, r->out);
}

bool cnn_do_unsqueeze(cnn_request *r)
{
    int64_t axis;
    return cnn_request_axis(r, 0, 1, &axis) &&
           cnn_tensor_unsqueeze(r->p, r->in, axis, r->span, r->out);
}

bool cnn_do_permute(cnn_request *r)
{
    cnn_items order;
    return cnn_arguments_listed(r->p, &r->rest, &order) &&
           cnn_tensor_permute(r->p, r->in, &order, r->span, r->out);
}

bool cnn_do_transpose(cnn_request *r)
{
    const bool axes = cnn_request_given(r, "axis0", 0) != NULL;
    int64_t a, b;
    return cnn_request_number(r, axes ? "axis0" : "dim0", 0, 1, &a) &&
           cnn_request_number(r, axes ? "axis1" : "dim1", 1, 2, &b) &&
           cnn_tensor_transpose(r->p, r->in, a, b, r->span, r->out);
}

/* x.movedim(1, -1): one axis to another place, the others keep their order. */
bool cnn_do_movedim(cnn_request *r)
{
    const int32_t rank = r->in->shape.axes + 2;
    int64_t a, b;
    int32_t from = 0, to = 0;
    cnn_items order = {0};
    if (!cnn_request_number(r, "source", 0, 1, &a) ||
        !cnn_request_number(r, "destination", 1, 1, &b) ||
        !cnn_axis_at(r->p, a, rank, r->span, &from) || !cnn_axis_at(r->p, b, rank, r->span, &to)) {
        return false;
    }
    for (int32_t i = 0; i < rank; i++) {
        /* Without the moved axis, those from it on are one place earlier. */
        const int32_t rest = i > to ? i - 1 : i;
        const cnn_py at = cnn_py_int(i == to ? from : rest + (rest >= from), r->span);
        if (!cnn_py_append(r->p, &order, &at)) {
            return false;
        }
    }
    return cnn_tensor_permute(r->p, r->in, &order, r->span, r->out);
}

/* x.view_as(y) */
bool cnn_do_view_as(cnn_request *r)
{
    const cnn_py *other = cnn_request_given(r, "other", 0);
    cnn_py shape;
    cnn_tensor *tensor;
    if (other == NULL || other->kind != CNN_PY_TENSOR) {
        return cnn_not_followed(r->p, r->span);
    }
    return cnn_tensor_shape(r->p, other->tensor, &shape) &&
           cnn_tensor_view(r->p, r->in, shape.items->at + 1, shape.items->count - 1, r->span, NULL,
                           NULL, &tensor) &&
           cnn_request_give(r, tensor);
}

/* x.unflatten(1, (2, 4)): one axis becomes several. */
bool cnn_do_unflatten(cnn_request *r)
{
    const cnn_py *sizes = cnn_request_given(r, "sizes", 1);
    int64_t axis;
    int32_t at = 0;
    cnn_py shape;
    cnn_items all = {0};
    cnn_tensor *tensor;
    if (sizes == NULL) {
        return cnn_not_followed(r->p, r->span);
    }
    if (!cnn_py_is_list(sizes)) {
        return cnn_wants_list(r->p, sizes, r->span);
    }
    if (!cnn_request_number(r, "dim", 0, 1, &axis) || !cnn_tensor_shape(r->p, r->in, &shape) ||
        !cnn_axis_at(r->p, axis, shape.items->count, r->span, &at)) {
        return false;
    }
    for (int32_t i = 1; i < shape.items->count; i++) {
        if (i == at ? !cnn_py_append_all(r->p, &all, sizes->items)
                    : !cnn_py_append(r->p, &all, &shape.items->at[i])) {
            return false;
        }
    }
    return cnn_tensor_view(r->p, r->in, all.at, all.count, r->span, NULL, NULL, &tensor) &&
           cnn_request_give(r, tensor);
}
