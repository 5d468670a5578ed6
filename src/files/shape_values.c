/* Operators that make values from nothing, from a shape, or from what only running would tell. */
#include "base/checked.h"
#include "files/shapes.h"

static bool one_dim(cnn_call *c, int32_t i, int64_t size)
{
    const cnn_sizes y = {1, {size}};
    return cnn_out_sizes(c, i, &y);
}

/* Numbers in the node itself. */
static bool constant_numbers(cnn_call *c, const cnn_onnx_attr *attr, bool list, int32_t type)
{
    cnn_value *y = cnn_out_value(c, 0);
    cnn_number *data = attr->numbers;
    y->type = type;
    y->dims = (cnn_sizes){list, {attr->count}};
    if (!list || data == NULL) {
        data = CNN_NEW(c->machine->arena, cnn_number);
        if (data == NULL) {
            return cnn_fail_memory(c->machine->err);
        }
        *data = type == CNN_T_FLOAT ? (cnn_number){.f = attr->f} : (cnn_number){.i = attr->i};
    }
    y->data = !list || attr->count <= CNN_KEPT ? data : NULL;
    return true;
}

bool cnn_infer_constant(cnn_call *c)
{
    static const struct {
        const char *name;
        int32_t type;
        bool list;
    } kinds[] = {{"value_int", CNN_T_INT64, false},
                 {"value_ints", CNN_T_INT64, true},
                 {"value_float", CNN_T_FLOAT, false},
                 {"value_floats", CNN_T_FLOAT, true}};
    for (size_t i = 0; i < CNN_LENGTH(kinds); i++) {
        const cnn_onnx_attr *attr = cnn_attr_of(c, kinds[i].name);
        if (attr != NULL && attr->type == CNN_A_STRINGS) {
            return cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, kinds[i].name, 0, 0);
        }
        if (attr != NULL) {
            return constant_numbers(c, attr, kinds[i].list, kinds[i].type);
        }
    }
    cnn_value *y = cnn_out_value(c, 0);
    const cnn_onnx_attr *strings = cnn_attr_of(c, "value_strings");
    if (strings != NULL || cnn_attr_of(c, "value_string") != NULL) {
        y->type = CNN_T_STRING;
        y->dims = strings == NULL ? (cnn_sizes){0} : (cnn_sizes){1, {strings->count}};
        return true;
    }
    /* Exactly one attribute is given; its name decides the type. */
    const cnn_onnx_attr *sparse = cnn_attr_of(c, "sparse_value");
    const cnn_onnx_attr *attr = sparse != NULL ? sparse : cnn_attr_of(c, "value");
    if (attr == NULL || attr->tensor == NULL) {
        return cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, "value", 0, 0);
    }
    y->tensor = attr->tensor;
    y->type = attr->tensor->type;
    y->dims = attr->tensor->dims;
    y->data = attr->tensor->data;
    return true;
}

bool cnn_infer_filled(cnn_call *c)
{
    const cnn_onnx_attr *value = cnn_attr_of(c, "value");
    const cnn_sizes *shape = cnn_in(c, 0);
    cnn_sizes y = {0};
    cnn_out_value(c, 0)->type =
        value != NULL && value->tensor != NULL ? value->tensor->type : CNN_T_FLOAT;
    if (!cnn_known_ints(c, 0, y.size, CNN_RANK, &y.rank)) {
        const bool rank =
            shape != NULL && shape->rank == 1 && shape->size[0] >= 0 && shape->size[0] <= CNN_RANK;
        y = cnn_sizes_unknown(rank ? (int32_t)shape->size[0] : CNN_SOME);
        return cnn_out_sizes(c, 0, &y);
    }
    for (int32_t i = 0; i < y.rank; i++) {
        if (y.size[i] < 0) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "input", y.size[i], 0);
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

/* From opset 15 on a part of the shape. */
bool cnn_infer_shape(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t first, count = CNN_SOME;
    if (x != NULL) {
        cnn_slice_count(x->rank, cnn_attr_int(c, "start", 0), cnn_attr_int(c, "end", INT64_MAX), 1,
                        &first, &count);
    }
    return one_dim(c, 0, count);
}

bool cnn_infer_scalar(cnn_call *c)
{
    static const cnn_sizes scalar = {0};
    return cnn_out_sizes(c, 0, &scalar);
}

/* Floats are subtracted in single precision, as onnxruntime does. */
static bool real_range(cnn_call *c, double start, double limit, double delta)
{
    cnn_number room = {.f = limit - start};
    int64_t count = CNN_SOME;
    if (delta == 0) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "delta", 0, 0);
    }
    (void)cnn_fold_fit_type(c->in[0]->type, &room);
    const double steps = room.f / delta;
    if (steps > -9e15 && steps < 9e15) {
        const int64_t whole = (int64_t)steps;
        /* ceil() without math.h: the cast truncates toward 0. */
        count = whole + (steps > (double)whole);
        count = count > 0 ? count : 0;
    }
    return one_dim(c, 0, count);
}

/* max(ceil((limit - start) / delta), 0) */
bool cnn_infer_range(cnn_call *c)
{
    const cnn_number *start = cnn_known_one(c, 0), *limit = cnn_known_one(c, 1);
    const cnn_number *delta = cnn_known_one(c, 2);
    if (start == NULL || limit == NULL || delta == NULL || c->in[0]->type != c->in[1]->type ||
        c->in[0]->type != c->in[2]->type) {
        return one_dim(c, 0, CNN_SOME);
    }
    int64_t count = CNN_SOME, first, room;
    if (cnn_elements[c->in[0]->type].real) {
        return real_range(c, start->f, limit->f, delta->f);
    }
    const int64_t step = delta->i;
    if (step == 0) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "delta", 0, 0);
    }
    const bool up = step > 0;
    if (!cnn_checked_sub(up ? limit->i : start->i, up ? start->i : limit->i, &room)) {
        return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    /* A Range has as many numbers as a slice of `room` elements with the same step. */
    cnn_slice_count(room > 0 ? room : 0, 0, INT64_MAX,
                    up                  ? step
                    : step == INT64_MIN ? INT64_MAX
                                        : -step,
                    &first, &count);
    return one_dim(c, 0, count);
}

/* RandomNormal, RandomUniform: the shape is an attribute. */
bool cnn_infer_random(cnn_call *c)
{
    cnn_sizes y = {0};
    if (!cnn_attr_ints(c, "shape", y.size, CNN_RANK, &y.rank)) {
        return false;
    }
    cnn_out_value(c, 0)->type = cnn_attr_element(c, "dtype", CNN_T_FLOAT);
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_multinomial(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const cnn_sizes y = {
        2, {x != NULL && x->rank == 2 ? x->size[0] : CNN_SOME, cnn_attr_int(c, "sample_size", 1)}};
    return cnn_out_sizes(c, 0, &y);
}

/* How many there are, only the values tell. */
bool cnn_infer_nonzero(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const cnn_value *known = cnn_known(c, 0);
    int64_t count = CNN_SOME, all;
    if (known != NULL && cnn_sizes_count(&known->dims, &all)) {
        count = 0;
        for (int64_t i = 0; i < all; i++) {
            count += cnn_elements[known->type].real ? known->data[i].f != 0 : known->data[i].i != 0;
        }
    }
    const cnn_sizes y = {2, {x == NULL ? CNN_SOME : x->rank == 0 ? 1 : x->rank, count}};
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_nms(cnn_call *c)
{
    static const cnn_sizes selected = {2, {CNN_SOME, 3}};
    return cnn_out_sizes(c, 0, &selected);
}

bool cnn_infer_unique(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int32_t axis;
    for (int32_t i = 1; i < c->outs; i++) {
        c->out[i]->type = CNN_T_INT64;
        one_dim(c, i, CNN_SOME);
    }
    if (cnn_attr_of(c, "axis") == NULL || x == NULL) {
        return x == NULL || one_dim(c, 0, CNN_SOME);
    }
    if (!cnn_axis(c, cnn_attr_int(c, "axis", 0), x->rank, &axis)) {
        return false;
    }
    cnn_sizes y = *x;
    y.size[axis] = CNN_SOME;
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_like(cnn_call *c)
{
    cnn_value *y = cnn_out_value(c, 0);
    y->type = cnn_attr_element(c, "dtype", y->type);
    return cnn_infer_first(c);
}

/* ---- signals ---- */

bool cnn_infer_window(cnn_call *c)
{
    int64_t size = CNN_SOME;
    (void)cnn_known_int(c, 0, &size);
    cnn_out_value(c, 0)->type = cnn_attr_element(c, "output_datatype", CNN_T_FLOAT);
    return size < CNN_SOME ? cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "size", size, 0)
                           : one_dim(c, 0, size);
}

/* [length of the transform / 2 + 1, bins] */
bool cnn_infer_mel(cnn_call *c)
{
    int64_t bins = CNN_SOME, length = CNN_SOME;
    (void)cnn_known_int(c, 0, &bins);
    if (cnn_known_int(c, 1, &length)) {
        length = length / 2 + 1;
    }
    const cnn_sizes y = {2, {length, bins}};
    return cnn_out_sizes(c, 0, &y);
}

/* The last dimension is 1 for real numbers and 2 for complex ones. */
bool cnn_infer_dft(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const bool half = cnn_attr_int(c, "onesided", 0) != 0;
    const bool back = cnn_attr_int(c, "inverse", 0) != 0;
    /* The axis is an attribute up to opset 19, input 2 from 20 on. */
    int64_t at = cnn_attr_int(c, "axis", c->version < 20 ? 1 : -2), length;
    int32_t axis;
    if (x == NULL || (cnn_has(c, 2) && !cnn_known_int(c, 2, &at))) {
        return true;
    }
    if (!cnn_axis(c, at, x->rank, &axis)) {
        return false;
    }
    cnn_sizes y = *x;
    if (cnn_has(c, 1)) {
        y.size[axis] = cnn_known_int(c, 1, &length) ? length : CNN_SOME;
    }
    if (half && !back && y.size[axis] >= 0) {
        y.size[axis] = y.size[axis] / 2 + 1;
    }
    y.size[x->rank - 1] = half && back ? 1 : 2;
    return cnn_out_sizes(c, 0, &y);
}

/* [batch, frames, bins, 2]: signal [batch, length, 1], step, window, frame length. */
bool cnn_infer_stft(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *window = cnn_in(c, 2);
    int64_t step = CNN_SOME, frame = CNN_SOME;
    if (x == NULL || x->rank < 2) {
        return x == NULL || cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, 3);
    }
    if (cnn_has(c, 3)) {
        (void)cnn_known_int(c, 3, &frame);
    } else if (window != NULL && window->rank == 1) {
        frame = window->size[0];
    }
    cnn_sizes y = {4, {x->size[0], CNN_SOME, CNN_SOME, 2}};
    if (cnn_known_int(c, 1, &step) && frame >= 1 && x->size[1] >= 0) {
        if (step < 1 || frame > x->size[1]) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "frame_step", step, 0);
        }
        y.size[1] = (x->size[1] - frame) / step + 1;
    }
    if (frame >= 1) {
        y.size[2] = cnn_attr_int(c, "onesided", 1) != 0 ? frame / 2 + 1 : frame;
    }
    return cnn_out_sizes(c, 0, &y);
}

/* ---- losses, texts ---- */

/* One number, or with reduction "none" one for each target; logarithms of probabilities beside. */
bool cnn_infer_loss(cnn_call *c)
{
    static const cnn_sizes scalar = {0};
    const cnn_sizes *scores = cnn_in(c, 0), *labels = cnn_in(c, 1);
    if (scores != NULL) {
        cnn_out_sizes(c, 1, scores);
    }
    if (!cnn_attr_is(c, "reduction", "none")) {
        return cnn_out_sizes(c, 0, &scalar);
    }
    return labels == NULL || cnn_out_sizes(c, 0, labels);
}

/* One number for each n-gram that has an index. */
bool cnn_infer_tfidf(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const cnn_onnx_attr *indexes = cnn_attr_of(c, "ngram_indexes");
    int64_t most = 0;
    if (x == NULL || indexes == NULL || indexes->type != CNN_A_INTS || indexes->count > CNN_KEPT ||
        x->rank > 2 || x->rank < 1) {
        return true;
    }
    for (int64_t i = 0; i < indexes->count; i++) {
        most = indexes->numbers[i].i > most ? indexes->numbers[i].i : most;
    }
    cnn_sizes y = *x;
    y.size[x->rank - 1] = most + 1;
    return cnn_out_sizes(c, 0, &y);
}
