/* Operators that pick elements, or make one of many. */
#include "base/checked.h"
#include "files/shapes.h"

/* The indices' dimensions take the place of the axis. */
bool cnn_infer_gather(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *indices = cnn_in(c, 1);
    int32_t axis;
    if (x == NULL) {
        return true;
    }
    if (!cnn_axis(c, cnn_attr_int(c, "axis", 0), x->rank, &axis)) {
        return false;
    }
    if (indices == NULL) {
        return true;
    }
    if (x->rank - 1 + indices->rank > CNN_RANK) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank - 1 + indices->rank, 0);
    }
    cnn_sizes y = {0};
    for (int32_t i = 0; i < x->rank; i++) {
        if (i != axis) {
            y.size[y.rank++] = x->size[i];
        }
        for (int32_t k = 0; i == axis && k < indices->rank; k++) {
            y.size[y.rank++] = indices->size[k];
        }
    }
    const cnn_value *known = cnn_known(c, 1);
    int64_t count = 0;
    const bool checked = known != NULL && x->size[axis] >= 0 && cnn_sizes_count(indices, &count);
    for (int64_t i = 0; checked && i < count; i++) {
        if (known->data[i].i < -x->size[axis] || known->data[i].i >= x->size[axis]) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "indices", known->data[i].i, 0);
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_gather_elements(cnn_call *c)
{
    return cnn_in(c, 1) == NULL || cnn_out_sizes(c, 0, cnn_in(c, 1));
}

/* The last dimension of the indices is how many axes of the data they name. */
bool cnn_infer_gather_nd(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *indices = cnn_in(c, 1);
    const int64_t batch = cnn_attr_int(c, "batch_dims", 0);
    if (x == NULL || indices == NULL || indices->rank == 0 ||
        indices->size[indices->rank - 1] < 0) {
        return true;
    }
    const int64_t named = indices->size[indices->rank - 1];
    if (batch < 0 || batch >= indices->rank || named > x->rank - batch || named < 1) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "indices", named, 0);
    }
    /* Output: the indices' axes but the last, then the data's axes after batch and named ones. */
    const int64_t rank = indices->rank - 1 + x->rank - batch - named;
    if (rank > CNN_RANK) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, rank, 0);
    }
    cnn_sizes y = {0};
    for (int32_t i = 0; i < indices->rank - 1; i++) {
        y.size[y.rank++] = indices->size[i];
    }
    for (int64_t i = batch + named; i < x->rank; i++) {
        y.size[y.rank++] = x->size[i];
    }
    return cnn_out_sizes(c, 0, &y);
}

/* Axes are an attribute or, from some opset on, an input; none means all of them, or with
 * noop_with_empty_axes nothing. */
bool cnn_infer_reduce(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const bool keep = cnn_attr_int(c, "keepdims", 1) != 0;
    int32_t axes[CNN_RANK], count;
    bool known;
    /* com.microsoft's have scales where others have axes. */
    const int32_t from = c->op->domain[0] == '\0' ? 1 : INT32_MAX;
    if (x == NULL || !cnn_axes(c, from, x->rank, axes, &count, &known)) {
        return x == NULL;
    }
    if (!known) {
        const cnn_sizes unknown = cnn_sizes_unknown(x->rank);
        /* With keepdims at least the rank is known. */
        return !keep || cnn_out_sizes(c, 0, &unknown);
    }
    uint32_t gone = 0;
    for (int32_t i = 0; i < count; i++) {
        gone |= 1u << axes[i];
    }
    const bool nothing = count <= 0 && cnn_attr_int(c, "noop_with_empty_axes", 0) != 0;
    gone = count <= 0 && !nothing ? UINT32_MAX : gone;
    cnn_sizes y = {0};
    for (int32_t i = 0; i < x->rank; i++) {
        if ((gone & 1u << i) == 0) {
            y.size[y.rank++] = x->size[i];
        } else if (keep) {
            y.size[y.rank++] = 1;
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_arg(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int32_t axis;
    if (x == NULL || !cnn_axis(c, cnn_attr_int(c, "axis", 0), x->rank, &axis)) {
        return x == NULL;
    }
    cnn_sizes y = *x;
    y.size[axis] = 1;
    if (cnn_attr_int(c, "keepdims", 1) == 0) {
        y.rank--;
        memmove(&y.size[axis], &y.size[axis + 1], (size_t)(y.rank - axis) * sizeof *y.size);
    }
    return cnn_out_sizes(c, 0, &y);
}

/* k is an attribute until opset 9. */
bool cnn_infer_topk(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t k = cnn_attr_int(c, "k", CNN_SOME);
    int32_t axis;
    if (x == NULL || !cnn_axis(c, cnn_attr_int(c, "axis", -1), x->rank, &axis)) {
        return x == NULL;
    }
    const bool known = c->version < 10 || cnn_known_int(c, 1, &k);
    if (known && (k < 0 || (x->size[axis] >= 0 && k > x->size[axis]))) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "k", k, 0);
    }
    cnn_sizes y = *x;
    y.size[axis] = known ? k : CNN_SOME;
    if (c->outs > 1) {
        c->out[1]->type = CNN_T_INT64;
    }
    cnn_out_sizes(c, 1, &y);
    return cnn_out_sizes(c, 0, &y);
}

/* com.microsoft: a new axis of 1. */
bool cnn_infer_expand_dims(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t at;
    int32_t axis;
    if (x == NULL || x->rank == CNN_RANK || !cnn_known_int(c, 1, &at)) {
        return true;
    }
    if (!cnn_axis(c, at, x->rank + 1, &axis)) {
        return false;
    }
    cnn_sizes y = *x;
    memmove(&y.size[axis + 1], &y.size[axis], (size_t)(x->rank - axis) * sizeof *y.size);
    y.size[axis] = 1;
    y.rank++;
    return cnn_out_sizes(c, 0, &y);
}

/* Keeps what a condition of truth values marks; without an axis of the flattened input. */
bool cnn_infer_compress(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const cnn_value *marks = cnn_known(c, 1);
    const bool flat = cnn_attr_of(c, "axis") == NULL;
    int32_t axis = 0;
    if (x == NULL || (!flat && !cnn_axis(c, cnn_attr_int(c, "axis", 0), x->rank, &axis))) {
        return x == NULL;
    }
    int64_t kept = CNN_SOME;
    if (marks != NULL && marks->dims.rank == 1) {
        kept = 0;
        for (int64_t i = 0; i < marks->dims.size[0]; i++) {
            kept += marks->data[i].i != 0;
        }
    }
    cnn_sizes y = {1, {kept}};
    if (!flat) {
        y = *x;
        y.size[axis] = kept;
    }
    return cnn_out_sizes(c, 0, &y);
}

/* A new axis as long as "depth". */
bool cnn_infer_one_hot(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const cnn_number *known = cnn_known_one(c, 1);
    int32_t axis;
    if (x == NULL) {
        return true;
    }
    if (x->rank == CNN_RANK) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank + 1, 0);
    }
    if (!cnn_axis(c, cnn_attr_int(c, "axis", -1), x->rank + 1, &axis)) {
        return false;
    }
    int64_t depth = CNN_SOME;
    if (known != NULL) {
        /* A float may be no size at all: NaN, or beyond 64 bits. */
        const bool real = cnn_elements[c->in[1]->type].real;
        const bool fits = !real || (known->f >= 1 && known->f < 9.2e18);
        depth = !real ? known->i : fits ? (int64_t)known->f : 0;
        if (depth < 1) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "depth", depth, 0);
        }
    }
    cnn_sizes y = *x;
    memmove(&y.size[axis + 1], &y.size[axis], (size_t)(x->rank - axis) * sizeof *y.size);
    y.size[axis] = depth;
    y.rank++;
    return cnn_out_sizes(c, 0, &y);
}
