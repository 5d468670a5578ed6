/* Small constants whose elements change places, or are summed up. */
#include "base/checked.h"
#include "files/shapes.h"

/* The position of element `n` along each axis. */
static void position_of(const cnn_sizes *dims, int64_t n, int64_t *at)
{
    for (int32_t i = dims->rank - 1; i >= 0; i--) {
        at[i] = n % dims->size[i];
        n /= dims->size[i];
    }
}

static int64_t index_of(const cnn_sizes *dims, const int64_t *at)
{
    int64_t index = 0;
    for (int32_t i = 0; i < dims->rank; i++) {
        index = index * dims->size[i] + at[i];
    }
    return index;
}

/* Room for the elements of an output. *data is NULL where they are too many to be kept. */
static bool room_for(cnn_call *c, const cnn_value *y, int64_t *count, cnn_number **data)
{
    *data = NULL;
    if (!cnn_sizes_count(&y->dims, count) || *count > CNN_KEPT) {
        return true;
    }
    *data = CNN_NEW_ARRAY(c->machine->arena, cnn_number, CNN_KEPT);
    return *data != NULL || cnn_fail_memory(c->machine->err);
}

/* An output element by element: `from` turns the place in the output into the place in input 0. */
static bool move(cnn_call *c, int32_t i, void (*from)(cnn_call *c, int32_t out, int64_t *at))
{
    cnn_value *y = cnn_out_value(c, i);
    int64_t count, at[CNN_RANK];
    cnn_number *data;
    if (!room_for(c, y, &count, &data)) {
        return false;
    }
    if (data == NULL) {
        return true;
    }
    for (int64_t n = 0; n < count; n++) {
        position_of(&y->dims, n, at);
        from(c, i, at);
        data[n] = c->in[0]->data[index_of(&c->in[0]->dims, at)];
    }
    y->data = data;
    return true;
}

/* Axis i of the output is axis perm[i] of the input; without perm the axes are reversed. */
static void from_transposed(cnn_call *c, int32_t out, int64_t *at)
{
    int64_t perm[CNN_RANK], to[CNN_RANK];
    int32_t count;
    const int32_t rank = cnn_out_value(c, out)->dims.rank;
    (void)cnn_attr_ints(c, "perm", perm, CNN_RANK, &count);
    memcpy(to, at, sizeof to);
    for (int32_t i = 0; i < rank; i++) {
        at[count == CNN_SOME ? rank - 1 - i : perm[i]] = to[i];
    }
}

bool cnn_fold_transpose(cnn_call *c)
{
    return move(c, 0, from_transposed);
}

/* Stretched or repeated: positions wrap round; leading axes may be new. */
static void from_repeated(cnn_call *c, int32_t out, int64_t *at)
{
    const cnn_sizes *x = &c->in[0]->dims;
    const int32_t shift = cnn_out_value(c, out)->dims.rank - x->rank;
    for (int32_t i = 0; i < x->rank; i++) {
        at[i] = at[i + shift] % x->size[i];
    }
}

bool cnn_fold_expand(cnn_call *c)
{
    return move(c, 0, from_repeated);
}

bool cnn_fold_tile(cnn_call *c)
{
    return move(c, 0, from_repeated);
}

/* Output `out` begins where the outputs before it end, along the axis. */
static void from_split(cnn_call *c, int32_t out, int64_t *at)
{
    const int64_t axis = cnn_attr_int(c, "axis", 0);
    const int32_t i = (int32_t)(axis < 0 ? axis + c->in[0]->dims.rank : axis);
    for (int32_t k = 0; k < out; k++) {
        at[i] += cnn_out_value(c, k)->dims.size[i];
    }
}

bool cnn_fold_split(cnn_call *c)
{
    bool done = true;
    for (int32_t i = 0; done && i < c->outs; i++) {
        done = move(c, i, from_split);
    }
    return done;
}

/* A list of a Slice that was understood when its shape was found. */
static int32_t slice_numbers(cnn_call *c, const char *name, int32_t from, int64_t *out)
{
    int32_t count = CNN_SOME;
    /* Slice has attributes up to opset 9, inputs from 10 on. */
    if (c->version < 10) {
        (void)cnn_attr_ints(c, name, out, CNN_RANK, &count);
    } else {
        (void)cnn_known_ints(c, from, out, CNN_RANK, &count);
    }
    return count;
}

void cnn_slice_places(cnn_call *c, int64_t *first, int64_t *step)
{
    const cnn_sizes *x = &c->in[0]->dims;
    int64_t starts[CNN_RANK], ends[CNN_RANK], axes[CNN_RANK], steps[CNN_RANK], count;
    const int32_t used = slice_numbers(c, "starts", 1, starts);
    (void)slice_numbers(c, "ends", 2, ends);
    const bool placed = slice_numbers(c, "axes", 3, axes) != CNN_SOME;
    const bool stepped = slice_numbers(c, "steps", 4, steps) != CNN_SOME;
    for (int32_t i = 0; i < x->rank; i++) {
        first[i] = 0;
        step[i] = 1;
    }
    for (int32_t i = 0; i < used; i++) {
        const int64_t axis = !placed ? i : axes[i] < 0 ? axes[i] + x->rank : axes[i];
        step[axis] = stepped ? steps[i] : 1;
        (void)cnn_slice_count(x->size[axis], starts[i], ends[i], step[axis], &first[axis], &count);
    }
}

static void from_sliced(cnn_call *c, int32_t out, int64_t *at)
{
    (void)out;
    int64_t first[CNN_RANK], step[CNN_RANK];
    cnn_slice_places(c, first, step);
    for (int32_t i = 0; i < c->in[0]->dims.rank; i++) {
        at[i] = first[i] + at[i] * step[i];
    }
}

bool cnn_fold_slice(cnn_call *c)
{
    return move(c, 0, from_sliced);
}

/* The indices' axes take the place of `axis` in the output, so their positions are replaced by
 * the element found there, and the later axes move up. Indices below 0 count from the end. */
static void from_gathered(cnn_call *c, int32_t out, int64_t *at)
{
    (void)out;
    const cnn_sizes *x = &c->in[0]->dims, *indices = &c->in[1]->dims;
    const int64_t given = cnn_attr_int(c, "axis", 0);
    const int32_t axis = (int32_t)(given < 0 ? given + x->rank : given);
    const int64_t index = c->in[1]->data[index_of(indices, at + axis)].i;
    memmove(at + axis + 1, at + axis + indices->rank, (size_t)(x->rank - axis - 1) * sizeof *at);
    at[axis] = index < 0 ? index + x->size[axis] : index;
}

bool cnn_fold_gather(cnn_call *c)
{
    return move(c, 0, from_gathered);
}

/* Joined along an axis. */
bool cnn_fold_concat(cnn_call *c)
{
    cnn_value *y = cnn_out_value(c, 0);
    int64_t count, at[CNN_RANK];
    cnn_number *data;
    if (!room_for(c, y, &count, &data)) {
        return false;
    }
    if (data == NULL) {
        return true;
    }
    /* The axis is required from opset 4 on; before that its default is 1. */
    const int64_t given = cnn_attr_int(c, "axis", c->version < 4 ? 1 : 0);
    const int32_t axis = (int32_t)(given < 0 ? given + y->dims.rank : given);
    for (int64_t n = 0; n < count; n++) {
        position_of(&y->dims, n, at);
        int32_t i = 0;
        while (at[axis] >= c->in[i]->dims.size[axis]) {
            at[axis] -= c->in[i++]->dims.size[axis];
        }
        data[n] = c->in[i]->data[index_of(&c->in[i]->dims, at)];
    }
    y->data = data;
    return true;
}

/* ---- sums and products over axes ---- */

static bool take(const char *name, int64_t *so_far, int64_t x, bool first)
{
    if (strcmp(name, "ReduceProd") == 0) {
        return cnn_checked_mul(first ? 1 : *so_far, x, so_far);
    }
    if (strcmp(name, "ReduceSum") == 0) {
        return cnn_checked_add(first ? 0 : *so_far, x, so_far);
    }
    const bool most = strcmp(name, "ReduceMax") == 0;
    *so_far = first || (most ? x > *so_far : x < *so_far) ? x : *so_far;
    return true;
}

/* Of no elements there is none. */
static bool is_extreme(const char *name)
{
    return strcmp(name, "ReduceMax") == 0 || strcmp(name, "ReduceMin") == 0;
}

/* Whole numbers over all axes: the number of elements of a shape. */
bool cnn_fold_reduce(cnn_call *c)
{
    const cnn_value *x = c->in[0];
    int64_t count, made, result = 0;
    if (!cnn_sizes_count(&x->dims, &count) || !cnn_sizes_count(&cnn_out_value(c, 0)->dims, &made) ||
        made != 1 || !cnn_elements[x->type].whole || (count == 0 && is_extreme(c->op->name))) {
        return true;
    }
    for (int64_t n = 0; n < count; n++) {
        if (!take(c->op->name, &result, x->data[n].i, n == 0)) {
            return true;
        }
    }
    cnn_number *data = CNN_NEW(c->machine->arena, cnn_number);
    if (data == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    /* The product of no elements is 1: the number of elements of a scalar's shape. */
    data->i = count == 0 && strcmp(c->op->name, "ReduceProd") == 0 ? 1 : result;
    cnn_out_value(c, 0)->data = cnn_fold_fit_type(x->type, data) ? data : NULL;
    return true;
}

/* ScatterND into a list of numbers: indices [n, 1]. */
bool cnn_fold_scatter_nd(cnn_call *c)
{
    const cnn_value *x = c->in[0], *indices = c->in[1], *updates = c->in[2];
    int64_t count, places;
    if (x->dims.rank != 1 || cnn_attr_of(c, "reduction") != NULL || indices->dims.rank < 1 ||
        indices->dims.size[indices->dims.rank - 1] != 1 || !cnn_sizes_count(&x->dims, &count) ||
        !cnn_sizes_count(&indices->dims, &places) || count > CNN_KEPT) {
        return true;
    }
    int64_t given;
    if (!cnn_sizes_count(&updates->dims, &given) || given != places) {
        return true;
    }
    cnn_number *data = CNN_NEW_ARRAY(c->machine->arena, cnn_number, CNN_KEPT);
    if (data == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    memcpy(data, x->data, (size_t)count * sizeof *data);
    for (int64_t n = 0; n < places; n++) {
        const int64_t i = indices->data[n].i < 0 ? indices->data[n].i + count : indices->data[n].i;
        if (i < 0 || i >= count) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "indices", indices->data[n].i, 0);
        }
        data[i] = updates->data[n];
    }
    cnn_out_value(c, 0)->data = data;
    return true;
}

/* Where a constant is not 0: positions along each axis, one row each. */
bool cnn_fold_nonzero(cnn_call *c)
{
    const cnn_value *x = c->in[0];
    cnn_value *y = cnn_out_value(c, 0);
    int64_t count, made, at[CNN_RANK] = {0}, column = 0;
    if (!cnn_sizes_count(&x->dims, &count) || !cnn_sizes_count(&y->dims, &made) ||
        made > CNN_KEPT) {
        return true;
    }
    cnn_number *data = CNN_NEW_ARRAY(c->machine->arena, cnn_number, CNN_KEPT);
    if (data == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    for (int64_t n = 0; n < count; n++) {
        if (cnn_elements[x->type].real ? x->data[n].f == 0 : x->data[n].i == 0) {
            continue;
        }
        position_of(&x->dims, n, at);
        for (int64_t i = 0; i < y->dims.size[0]; i++) {
            data[i * y->dims.size[1] + column].i = at[i];
        }
        column++;
    }
    y->data = data;
    return true;
}
