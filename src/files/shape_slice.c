/* Operators that cut a tensor along its axes. */
#include "base/checked.h"
#include "files/shapes.h"

/* ---- split ---- */

/* Parts of equal size; from opset 18 on the last may be smaller, but not empty. */
static bool split_evenly(cnn_call *c, const cnn_sizes *x, int32_t axis)
{
    const int64_t size = x->size[axis];
    const bool counted = c->version >= 18;
    if (counted && cnn_attr_of(c, "num_outputs") == NULL) {
        return cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, "num_outputs", 0, 0);
    }
    if (c->outs == 0 || (!counted && size >= 0 && size % c->outs != 0)) {
        return cnn_call_fail_attr(c, CNN_E_NODE_DIVIDE, "axis", c->outs, size);
    }
    const int64_t part = size < 0 ? CNN_SOME : (size + c->outs - 1) / c->outs;
    for (int32_t i = 0; i < c->outs; i++) {
        cnn_sizes y = *x;
        const bool last = i == c->outs - 1;
        y.size[axis] = size < 0 ? CNN_SOME : last ? size - part * i : part;
        if (size >= 0 && (y.size[axis] < 0 || (size > 0 && y.size[axis] == 0))) {
            return cnn_call_fail_attr(c, CNN_E_NODE_DIVIDE, "num_outputs", c->outs, size);
        }
        cnn_out_sizes(c, i, &y);
    }
    return true;
}

static bool split_as(cnn_call *c, const cnn_sizes *x, int32_t axis, const int64_t *parts,
                     int32_t count)
{
    int64_t sum = 0;
    if (count != c->outs) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "split", count, c->outs);
    }
    for (int32_t i = 0; i < count; i++) {
        cnn_sizes y = *x;
        y.size[axis] = parts[i];
        if (parts[i] < 0 || !cnn_checked_add(sum, parts[i], &sum)) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "split", parts[i], 0);
        }
        cnn_out_sizes(c, i, &y);
    }
    return x->size[axis] < 0 || sum == x->size[axis] ||
           cnn_call_fail(c, CNN_E_NODE_SIZES, sum, x->size[axis]);
}

bool cnn_infer_split(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t parts[CNN_KEPT];
    int32_t axis, count;
    if (x == NULL) {
        return true;
    }
    if (!cnn_axis(c, cnn_attr_int(c, "axis", 0), x->rank, &axis) ||
        !cnn_attr_ints(c, "split", parts, CNN_KEPT, &count)) {
        return false;
    }
    if (cnn_has(c, 1) && cnn_attr_of(c, "num_outputs") != NULL) {
        return cnn_call_fail_attr(c, CNN_E_NODE_BOTH, "num_outputs", 0, 0);
    }
    if (cnn_has(c, 1) && !cnn_known_ints(c, 1, parts, CNN_KEPT, &count)) {
        cnn_sizes y = *x;
        y.size[axis] = CNN_SOME;
        for (int32_t i = 0; i < c->outs; i++) {
            cnn_out_sizes(c, i, &y);
        }
        return true;
    }
    return count == CNN_SOME ? split_evenly(c, x, axis) : split_as(c, x, axis, parts, count);
}

/* ---- slice ---- */

bool cnn_slice_count(int64_t size, int64_t start, int64_t end, int64_t step, int64_t *first,
                     int64_t *count)
{
    if (step == 0) {
        return false;
    }
    /* Python's rule: backward, positions go from size - 1 down to -1, which is before the first. */
    const int64_t low = step > 0 ? 0 : -1, high = step > 0 ? size : size - 1;
    start = start < 0 ? start + size : start;
    end = end < 0 ? end + size : end;
    start = start < 0 ? 0 : start; /* backwards from before the beginning takes the first */
    start = start > high ? high : start;
    end = end < low ? low : end > size ? size : end;
    const int64_t room = step > 0 ? end - start : start - end;
    const int64_t stride = step == INT64_MIN ? INT64_MAX : step < 0 ? -step : step;
    *first = start;
    *count = room > 0 ? (room - 1) / stride + 1 : 0;
    return true;
}

/* A list of a Slice: an attribute until opset 9, then an input. *count CNN_SOME: not given. */
static bool slice_list(cnn_call *c, const char *name, int32_t from, int64_t *out, int32_t *count,
                       bool *known)
{
    *count = CNN_SOME;
    if (c->version < 10) {
        return cnn_attr_ints(c, name, out, CNN_RANK, count);
    }
    *known = *known && (!cnn_has(c, from) || cnn_known_ints(c, from, out, CNN_RANK, count));
    return true;
}

/* onnxruntime takes the largest integers for an end that is left out, backwards as well. */
static int64_t their_end(int64_t end, int64_t step)
{
    return step < 0 && (end == INT32_MAX || end == INT64_MAX) ? INT64_MIN : end;
}

bool cnn_infer_slice(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t starts[CNN_RANK], ends[CNN_RANK], steps[CNN_RANK], first;
    int32_t axes[CNN_RANK], begun, ended, stepped, count;
    bool known = true, placed;
    if (x == NULL) {
        return true;
    }
    if (!slice_list(c, "starts", 1, starts, &begun, &known) ||
        !slice_list(c, "ends", 2, ends, &ended, &known) ||
        !slice_list(c, "steps", 4, steps, &stepped, &known) ||
        !cnn_axes(c, 3, x->rank, axes, &count, &placed)) {
        return false;
    }
    cnn_sizes y = cnn_sizes_unknown(x->rank);
    if (!placed) {
        return cnn_out_sizes(c, 0, &y);
    }
    y = *x;
    const int32_t used = count == CNN_SOME ? begun : count;
    if (known && begun != used) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "starts", begun, used);
    }
    if (known && ended != used) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "ends", ended, used);
    }
    if (known && stepped != CNN_SOME && stepped != used) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "steps", stepped, used);
    }
    /* Without known axes any axis may be cut; with them the others keep their sizes. */
    if (used > x->rank || (!known && count == CNN_SOME)) {
        y = cnn_sizes_unknown(x->rank);
        return used > x->rank ? cnn_call_fail(c, CNN_E_NODE_RANK, used, x->rank)
                              : cnn_out_sizes(c, 0, &y);
    }
    cnn_sizes theirs = y;
    for (int32_t i = 0; i < used; i++) {
        const int32_t axis = count == CNN_SOME ? i : axes[i];
        const int64_t step = stepped == CNN_SOME ? 1 : steps[i];
        int64_t *size = &y.size[axis];
        if (!known || *size < 0) {
            *size = theirs.size[axis] = CNN_SOME;
            continue;
        }
        if (!cnn_slice_count(*size, starts[i], ends[i], step, &first, size)) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "steps", 0, 0);
        }
        cnn_slice_count(theirs.size[axis], starts[i], their_end(ends[i], step), step, &first,
                        &theirs.size[axis]);
    }
    cnn_out_sizes(c, 0, &y);
    return cnn_sizes_equal(&y, &theirs) || cnn_note_add(c, CNN_NOTE_SLICE_END, &theirs);
}
