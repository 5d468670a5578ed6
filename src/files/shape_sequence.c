/* Lists of tensors, and optional values. What a list holds is known, or nothing of it is. */
#include "base/checked.h"
#include "files/shapes.h"

static bool make_sequence(cnn_call *c, int32_t count)
{
    cnn_value *y = cnn_out_value(c, 0);
    y->sequence = true;
    y->item_count = count;
    y->items = NULL;
    if (count <= 0) {
        return true;
    }
    y->items = CNN_NEW_ARRAY(c->machine->arena, cnn_value *, count);
    return y->items != NULL || cnn_fail_memory(c->machine->err);
}

bool cnn_infer_sequence(cnn_call *c)
{
    if (!make_sequence(c, c->ins)) {
        return false;
    }
    for (int32_t i = 0; i < c->ins; i++) {
        cnn_out_value(c, 0)->items[i] = c->in[i];
    }
    return true;
}

bool cnn_infer_sequence_empty(cnn_call *c)
{
    return make_sequence(c, 0);
}

/* The sequence that enters; NULL: what it holds is not known. */
static const cnn_value *sequence_in(const cnn_call *c)
{
    const cnn_value *x = cnn_has(c, 0) ? c->in[0] : NULL;
    return x != NULL && x->sequence && x->item_count >= 0 ? x : NULL;
}

/* A position, counted from the end when it is negative. */
static bool position(cnn_call *c, int32_t from, int32_t count, int32_t *out)
{
    int64_t at;
    return cnn_known_int(c, from, &at) && at >= -count && at < count
               ? (*out = (int32_t)(at < 0 ? at + count : at), true)
               : false;
}

bool cnn_infer_sequence_at(cnn_call *c)
{
    const cnn_value *x = sequence_in(c);
    int32_t at;
    cnn_value *y = cnn_out_value(c, 0);
    if (x != NULL && position(c, 1, x->item_count, &at) && x->items[at] != NULL) {
        y->dims = x->items[at]->dims;
        y->type = x->items[at]->type;
        y->data = x->items[at]->data;
    }
    return true;
}

bool cnn_infer_sequence_insert(cnn_call *c)
{
    const cnn_value *x = sequence_in(c);
    int32_t at = x == NULL ? 0 : x->item_count;
    if (!make_sequence(c, x == NULL ? CNN_SOME : x->item_count + 1)) {
        return false;
    }
    if (x == NULL || (cnn_has(c, 2) && !position(c, 2, x->item_count + 1, &at))) {
        cnn_out_value(c, 0)->item_count = CNN_SOME;
        return true;
    }
    cnn_value **items = cnn_out_value(c, 0)->items;
    for (int32_t i = 0; i <= x->item_count; i++) {
        items[i] = i < at ? x->items[i] : i == at ? c->in[1] : x->items[i - 1];
    }
    return true;
}

bool cnn_infer_sequence_erase(cnn_call *c)
{
    const cnn_value *x = sequence_in(c);
    int32_t at = x == NULL ? 0 : x->item_count - 1;
    if (!make_sequence(c, x == NULL || x->item_count == 0 ? CNN_SOME : x->item_count - 1)) {
        return false;
    }
    if (x == NULL || x->item_count == 0 || (cnn_has(c, 1) && !position(c, 1, x->item_count, &at))) {
        cnn_out_value(c, 0)->item_count = CNN_SOME;
        return true;
    }
    for (int32_t i = 0; i < x->item_count - 1; i++) {
        cnn_out_value(c, 0)->items[i] = x->items[i < at ? i : i + 1];
    }
    return true;
}

bool cnn_infer_sequence_length(cnn_call *c)
{
    const cnn_value *x = sequence_in(c);
    cnn_number *count = CNN_NEW(c->machine->arena, cnn_number);
    if (count == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    if (x != NULL) {
        count->i = x->item_count;
        cnn_out_value(c, 0)->data = count;
    }
    return cnn_infer_scalar(c);
}

/* Along an axis into parts of given sizes, of one size, or of 1; these lose the axis on demand. */
bool cnn_infer_sequence_split(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *split = cnn_in(c, 1);
    int64_t parts[CNN_KEPT];
    int32_t axis, count = 0;
    cnn_value *y = cnn_out_value(c, 0);
    y->sequence = true;
    y->item_count = CNN_SOME;
    if (x == NULL || !cnn_axis(c, cnn_attr_int(c, "axis", 0), x->rank, &axis)) {
        return x == NULL;
    }
    const int64_t size = x->size[axis];
    const bool listed = split != NULL && split->rank == 1;
    if (size < 0 || (cnn_has(c, 1) && !cnn_known_ints(c, 1, parts, CNN_KEPT, &count))) {
        return true;
    }
    /* A scalar `split` is the size of each part; the last may be smaller. */
    const int64_t step = cnn_has(c, 1) && !listed ? parts[0] : 1;
    if (step < 1) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "split", step, 0);
    }
    int64_t sum = 0;
    for (int32_t i = 0; listed && i < count; i++) {
        if (parts[i] < 0 || !cnn_checked_add(sum, parts[i], &sum)) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "split", parts[i], 0);
        }
    }
    if (listed && sum != size) {
        return cnn_call_fail(c, CNN_E_NODE_SIZES, sum, size);
    }
    const int64_t items = listed ? count : size / step + (size % step != 0);
    if (items > CNN_KEPT * CNN_KEPT || !make_sequence(c, (int32_t)items)) {
        return items > CNN_KEPT * CNN_KEPT;
    }
    /* keepdims counts only when `split` is left out. */
    const bool drop = !cnn_has(c, 1) && cnn_attr_int(c, "keepdims", 1) == 0;
    for (int32_t i = 0; i < items; i++) {
        cnn_value *item = y->items[i] = cnn_value_new(c->machine);
        if (item == NULL) {
            return cnn_fail_memory(c->machine->err);
        }
        const int64_t rest = size - i * step;
        item->type = y->type;
        item->dims = *x;
        item->dims.size[axis] = listed ? parts[i] : rest < step ? rest : step;
        if (drop) {
            item->dims.rank--;
            memmove(&item->dims.size[axis], &item->dims.size[axis + 1],
                    (size_t)(item->dims.rank - axis) * sizeof *item->dims.size);
        }
    }
    return true;
}

bool cnn_infer_sequence_concat(cnn_call *c)
{
    const cnn_value *x = sequence_in(c);
    const bool fresh = cnn_attr_int(c, "new_axis", 0) != 0;
    if (x == NULL || x->item_count == 0) {
        return true;
    }
    cnn_value *const *in = c->in;
    const int32_t ins = c->ins;
    if (fresh) {
        const cnn_value *item = x->items[0];
        int32_t axis;
        if (item == NULL || item->dims.rank < 0 || item->dims.rank == CNN_RANK) {
            return true;
        }
        cnn_sizes y = item->dims;
        if (!cnn_axis(c, cnn_attr_int(c, "axis", 0), y.rank + 1, &axis)) {
            return false;
        }
        memmove(&y.size[axis + 1], &y.size[axis], (size_t)(y.rank - axis) * sizeof *y.size);
        y.size[axis] = x->item_count;
        y.rank++;
        cnn_out_value(c, 0)->type = item->type;
        return cnn_out_sizes(c, 0, &y);
    }
    /* Borrows Concat's function by showing it the items as inputs. */
    c->in = x->items;
    c->ins = x->item_count;
    const bool done = cnn_infer_concat(c);
    c->in = (cnn_value **)in;
    c->ins = ins;
    return done;
}

/* ---- optional values ---- */

bool cnn_infer_optional(cnn_call *c)
{
    if (cnn_has(c, 0)) {
        const cnn_symbol *name = cnn_out_value(c, 0)->name;
        *cnn_out_value(c, 0) = *c->in[0];
        cnn_out_value(c, 0)->name = name;
    }
    return true;
}

bool cnn_infer_optional_has(cnn_call *c)
{
    return cnn_infer_scalar(c);
}
