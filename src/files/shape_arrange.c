/* Operators that give the same elements another shape. */
#include "base/checked.h"
#include "files/shapes.h"

bool cnn_axes(cnn_call *c, int32_t from, int32_t rank, int32_t *axes, int32_t *count, bool *known)
{
    int64_t list[CNN_RANK];
    *known = true;
    if (!cnn_attr_ints(c, "axes", list, CNN_RANK, count)) {
        return false;
    }
    if (*count == CNN_SOME && cnn_has(c, from)) {
        *known = cnn_known_ints(c, from, list, CNN_RANK, count);
    }
    /* A bit for each axis: none may be named twice. */
    uint32_t seen = 0;
    for (int32_t i = 0; *known && i < *count; i++) {
        if (!cnn_axis(c, list[i], rank, &axes[i])) {
            return false;
        }
        if ((seen & 1u << axes[i]) != 0) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "axes", list[i], 0);
        }
        seen |= 1u << axes[i];
    }
    return true;
}

/* Fills in the size that is -1 from the number of elements. */
static bool fill_rest(cnn_call *c, const cnn_sizes *x, cnn_sizes *y, int32_t rest)
{
    int64_t all, part = 1;
    bool known = cnn_sizes_count(x, &all);
    for (int32_t i = 0; i < y->rank; i++) {
        known = known && (i == rest || y->size[i] >= 0);
        if (known && i != rest && !cnn_checked_mul(part, y->size[i], &part)) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
    }
    if (!known) {
        return true;
    }
    if (rest == CNN_SOME) {
        return all == part || cnn_call_fail(c, CNN_E_NODE_RESHAPE, all, part);
    }
    /* With a size of 0 beside it, -1 could be any number. */
    if (part == 0 || all % part != 0) {
        return cnn_call_fail(c, CNN_E_NODE_RESHAPE, all, part);
    }
    y->size[rest] = all / part;
    return true;
}

/* 0 keeps a size (or is one, with allowzero), -1 takes the rest. */
static bool reshape_to(cnn_call *c, const cnn_sizes *x, const int64_t *shape, int32_t count)
{
    const bool zero = cnn_attr_int(c, "allowzero", 0) != 0;
    cnn_sizes y = {.rank = count};
    int32_t rest = CNN_SOME;
    for (int32_t i = 0; i < count; i++) {
        y.size[i] = shape[i];
        if (shape[i] < -1 || (shape[i] == -1 && rest != CNN_SOME) ||
            (shape[i] == 0 && !zero && i >= x->rank)) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "shape", shape[i], 0);
        }
        if (shape[i] == -1) {
            rest = i;
        } else if (shape[i] == 0 && !zero) {
            y.size[i] = x->size[i];
        }
    }
    return fill_rest(c, x, &y, rest) && cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_reshape(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *shape = cnn_in(c, 1);
    int64_t list[CNN_RANK];
    int32_t count;
    if (x == NULL) {
        return true;
    }
    if (c->version < 5) {
        return cnn_attr_ints(c, "shape", list, CNN_RANK, &count) &&
               (count == CNN_SOME ? cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, "shape", 0, 0)
                                  : reshape_to(c, x, list, count));
    }
    if (shape != NULL && shape->rank == 1 && shape->size[0] > CNN_RANK) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, shape->size[0], 0);
    }
    if (cnn_known_ints(c, 1, list, CNN_RANK, &count)) {
        return reshape_to(c, x, list, count);
    }
    if (shape != NULL && shape->rank == 1 && shape->size[0] >= 0) {
        const cnn_sizes unknown = cnn_sizes_unknown((int32_t)shape->size[0]);
        cnn_out_sizes(c, 0, &unknown);
    }
    return true;
}

/* Always two dimensions: the sizes before the axis, and the others. */
bool cnn_infer_flatten(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const int64_t axis = cnn_attr_int(c, "axis", 1);
    if (x == NULL) {
        return true;
    }
    if (axis < -x->rank || axis > x->rank) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "axis", axis, 0);
    }
    const int32_t at = (int32_t)(axis < 0 ? axis + x->rank : axis);
    cnn_sizes y = {2, {1, 1}};
    for (int32_t i = 0; i < x->rank; i++) {
        int64_t *size = &y.size[i >= at];
        if (x->size[i] < 0 || *size < 0) {
            *size = CNN_SOME;
        } else if (!cnn_checked_mul(*size, x->size[i], size)) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

/* Without "perm" the order is reversed. */
bool cnn_infer_transpose(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t perm[CNN_RANK];
    int32_t count;
    if (x == NULL || !cnn_attr_ints(c, "perm", perm, CNN_RANK, &count)) {
        return x == NULL;
    }
    if (count != CNN_SOME && count != x->rank) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "perm", count, x->rank);
    }
    cnn_sizes y = *x;
    uint32_t seen = 0;
    for (int32_t i = 0; i < x->rank; i++) {
        const int64_t from = count == CNN_SOME ? x->rank - 1 - i : perm[i];
        if (from < 0 || from >= x->rank || (seen & 1u << from) != 0) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "perm", from, 0);
        }
        seen |= 1u << from;
        y.size[i] = x->size[from];
    }
    return cnn_out_sizes(c, 0, &y);
}

/* Without axes every size of 1 goes, the batch's too. */
bool cnn_infer_squeeze(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int32_t axes[CNN_RANK], count;
    bool known;
    if (x == NULL || !cnn_axes(c, 1, x->rank, axes, &count, &known)) {
        return x == NULL;
    }
    if (!known || (count == CNN_SOME && !cnn_sizes_known(x))) {
        return true;
    }
    uint32_t gone = 0;
    for (int32_t i = 0; i < count; i++) {
        if (x->size[axes[i]] > 1 || x->size[axes[i]] == 0) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "axes", axes[i], 0);
        }
        gone |= 1u << axes[i];
    }
    cnn_sizes y = {0};
    for (int32_t i = 0; i < x->rank; i++) {
        if (count == CNN_SOME ? x->size[i] != 1 : (gone & 1u << i) == 0) {
            y.size[y.rank++] = x->size[i];
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

/* Axes are those of the result. */
bool cnn_infer_unsqueeze(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *list = cnn_in(c, 1);
    const cnn_onnx_attr *attr = cnn_attr_of(c, "axes");
    int32_t axes[CNN_RANK], count;
    bool known;
    const int64_t more = attr != NULL      ? attr->count
                         : list == NULL    ? CNN_SOME
                         : list->rank == 0 ? 1
                                           : list->size[0];
    if (attr == NULL && !cnn_has(c, 1)) {
        return cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, "axes", 0, 0);
    }
    if (x == NULL || more < 0) {
        return true;
    }
    if (more > CNN_RANK - x->rank) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank + more, 0);
    }
    cnn_sizes y = cnn_sizes_unknown(x->rank + (int32_t)more);
    if (!cnn_axes(c, 1, y.rank, axes, &count, &known)) {
        return false;
    }
    for (int32_t i = 0; known && i < count; i++) {
        y.size[axes[i]] = 1;
    }
    for (int32_t i = 0, k = 0; known && i < y.rank; i++) {
        /* The result is still unknown (-1) except at the new axes, so the rest takes the input's
         * in order. */
        if (y.size[i] != 1) {
            y.size[i] = x->size[k++];
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_expand(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    cnn_sizes wanted = {0}, y;
    if (x == NULL || !cnn_known_ints(c, 1, wanted.size, CNN_RANK, &wanted.rank)) {
        return true;
    }
    for (int32_t i = 0; i < wanted.rank; i++) {
        if (wanted.size[i] < 0) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "shape", wanted.size[i], 0);
        }
    }
    /* Stretches both ways: a 1 in the shape keeps the input's size. */
    return cnn_sizes_broadcast(x, &wanted, &y) ? cnn_out_sizes(c, 0, &y)
                                               : cnn_call_fail(c, CNN_E_NODE_BROADCAST, 0, 0);
}

/* Until opset 5 two numbers: how often, and the axis. */
bool cnn_infer_tile(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t times[CNN_RANK];
    int32_t count;
    if (x == NULL) {
        return true;
    }
    cnn_sizes y = cnn_sizes_unknown(x->rank);
    if (c->version >= 6 && cnn_known_ints(c, 1, times, CNN_RANK, &count)) {
        if (count != x->rank) {
            return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "repeats", count, x->rank);
        }
        for (int32_t i = 0; i < count; i++) {
            y.size[i] = x->size[i];
            if (times[i] < 0 ||
                (x->size[i] >= 0 && !cnn_checked_mul(x->size[i], times[i], &y.size[i]))) {
                return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "repeats", times[i], 0);
            }
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

/* QLinearConcat: a scale and a zero point lead, and follow each input. */
bool cnn_infer_concat(cnn_call *c)
{
    const bool quantized = c->op->slots[0] == '.';
    const int32_t first = quantized ? 2 : 0, step = quantized ? 3 : 1;
    const cnn_sizes *x = cnn_in(c, first);
    int32_t axis;
    if (x == NULL) {
        return true;
    }
    if (!cnn_axis(c, cnn_attr_int(c, "axis", c->version < 4 ? 1 : 0), x->rank, &axis)) {
        return false;
    }
    cnn_sizes y = *x;
    for (int32_t i = first + step; i < c->ins; i += step) {
        const cnn_sizes *next = cnn_in(c, i);
        if (next == NULL) {
            y.size[axis] = CNN_SOME;
            continue;
        }
        if (next->rank != x->rank) {
            return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, next->rank);
        }
        for (int32_t k = 0; k < x->rank; k++) {
            if (k == axis) {
                const bool known = y.size[k] >= 0 && next->size[k] >= 0;
                if (known && !cnn_checked_add(y.size[k], next->size[k], &y.size[k])) {
                    return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
                }
                y.size[k] = known ? y.size[k] : CNN_SOME;
            } else if (y.size[k] < 0) {
                y.size[k] = next->size[k];
            } else if (next->size[k] >= 0 && next->size[k] != y.size[k]) {
                return cnn_call_fail(c, CNN_E_NODE_SIZES, y.size[k], next->size[k]);
            }
        }
    }
    return cnn_out_sizes(c, 0, &y);
}
