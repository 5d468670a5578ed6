/* Calls that take tensors apart or put them together: chunk, split, unbind, narrow, stack. */
#include "paste/tensor.h"

/* The number of elements along an axis of one sample. */
static bool side_of(cnn_request *r, int64_t axis, int64_t *out)
{
    cnn_py shape;
    int32_t at = 0;
    if (!cnn_tensor_shape(r->p, r->in, &shape) ||
        !cnn_axis_at(r->p, axis, shape.items->count, r->span, &at)) {
        return false;
    }
    *out = shape.items->at[at].number;
    return true;
}

/* The first argument of a split, which has many names. */
static const cnn_py *sizes_of(const cnn_request *r)
{
    static const char *const names[] = {"chunks", "split_size", "split_size_or_sections",
                                        "indices_or_sections", "num_or_size_splits"};
    const cnn_py *found = NULL;
    for (size_t i = 0; i < CNN_LENGTH(names) && found == NULL; i++) {
        found = cnn_request_given(r, names[i], 0);
    }
    return found;
}

/* chunk(n): parts of ceil(side / n), which may be fewer than n. tensor_split(n): n parts, the first
 * of which have one more where n does not divide the side. split(size), split([sizes]). */
typedef enum cutting { BY_SIZE, BY_CHUNKS, EVENLY } cutting;

static bool split(cnn_request *r, cutting how)
{
    const cnn_py *sizes = sizes_of(r);
    int64_t axis, n, left = 0;
    cnn_items all = {0};
    if (sizes == NULL || !cnn_request_axis(r, 1, 0, &axis)) {
        return cnn_not_followed(r->p, r->span);
    }
    if (cnn_py_is_list(sizes) && how == BY_SIZE) {
        return cnn_tensor_split(r->p, r->in, sizes->items, axis, r->span, r->out);
    }
    if (!side_of(r, axis, &left) || !cnn_whole(r->p, sizes, NULL, cnn_text_of("split"), &n)) {
        return false;
    }
    if (n < 1 || (how == EVENLY && n > left)) {
        return cnn_not_followed(r->p, r->span);
    }
    const int64_t size = how == BY_SIZE ? n : how == EVENLY ? left / n : (left - 1) / n + 1;
    int64_t longer = how == EVENLY ? left % n : 0;
    while (left > 0) {
        const int64_t wanted = size + (longer-- > 0);
        const cnn_py part = cnn_py_int(left < wanted ? left : wanted, r->span);
        if (!cnn_py_append(r->p, &all, &part)) {
            return false;
        }
        left -= part.number;
    }
    return cnn_tensor_split(r->p, r->in, &all, axis, r->span, r->out);
}

bool cnn_do_chunk(cnn_request *r)
{
    return split(r, BY_CHUNKS);
}

bool cnn_do_split(cnn_request *r)
{
    const cnn_py *sizes = sizes_of(r);
    const bool list = sizes != NULL && cnn_py_is_list(sizes);
    /* TensorFlow's number is that of the parts. */
    return split(r, r->p->framework == CNN_KERAS && !list ? EVENLY : BY_SIZE);
}

bool cnn_do_tensor_split(cnn_request *r)
{
    return split(r, EVENLY);
}

/* One position of an axis, which is dropped. */
static bool pick(cnn_request *r, int64_t axis, int64_t at, cnn_py *out)
{
    int64_t axes[CNN_SAMPLE_AXES], side;
    int32_t place = 0, left = 0;
    const int32_t count = cnn_tensor_axes(r->p, r->in, axes);
    if (!side_of(r, axis, &side) || !cnn_axis_at(r->p, axis, count + 1, r->span, &place) ||
        !cnn_tensor_part(r->p, r->in, axis, at < 0 ? at + side : at, 1, r->span, out)) {
        return false;
    }
    for (int32_t i = 1; i <= count; i++) {
        axes[left] = axes[i - 1];
        left += i != place;
    }
    return cnn_tensor_as(r->p, out->tensor, axes, left, r->span, out);
}

bool cnn_do_select(cnn_request *r)
{
    int64_t axis, at;
    return cnn_request_number(r, "dim", 0, 0, &axis) && cnn_request_number(r, "index", 1, 0, &at) &&
           pick(r, axis, at, r->out);
}

bool cnn_do_unbind(cnn_request *r)
{
    int64_t axis, side;
    if (!cnn_request_axis(r, 0, 0, &axis) || !side_of(r, axis, &side) ||
        !cnn_py_items(r->p, CNN_PY_TUPLE, 0, r->out)) {
        return false;
    }
    for (int64_t i = 0; i < side; i++) {
        cnn_py one;
        if (!pick(r, axis, i, &one) || !cnn_py_append(r->p, r->out->items, &one)) {
            return false;
        }
    }
    return true;
}

bool cnn_do_narrow(cnn_request *r)
{
    int64_t axis, from, length, side;
    if (!cnn_request_number(r, "dim", 0, 0, &axis) ||
        !cnn_request_number(r, "start", 1, 0, &from) ||
        !cnn_request_number(r, "length", 2, 0, &length) || !side_of(r, axis, &side)) {
        return false;
    }
    return cnn_tensor_part(r->p, r->in, axis, from < 0 ? from + side : from, length, r->span,
                           r->out);
}

/* torch.stack([a, b], dim): each with one axis more, side by side along it. */
bool cnn_tensor_stack(cnn_paster *p, const cnn_items *parts, int64_t axis, cnn_span span,
                      cnn_items *out)
{
    for (int32_t i = 0; i < parts->count; i++) {
        cnn_py one;
        if (parts->at[i].kind != CNN_PY_TENSOR) {
            return cnn_not_followed(p, span);
        }
        if (!cnn_tensor_unsqueeze(p, parts->at[i].tensor, axis, span, &one) ||
            !cnn_py_append(p, out, &one)) {
            return false;
        }
    }
    return true;
}
