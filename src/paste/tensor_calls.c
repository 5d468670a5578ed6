/* What functions and methods of tensors do: sizes, views, reductions, parts. */
#include "paste/tensor.h"

const cnn_py *cnn_request_given(const cnn_request *r, const char *name, int32_t position)
{
    int32_t at = 0;
    for (int32_t i = 0; i < r->rest.count; i++) {
        const cnn_argument *arg = &r->rest.at[i];
        /* Only arguments without a name have a position. */
        if (arg->name.size > 0 ? cnn_word_is(arg->name, name) : at++ == position) {
            return &arg->value;
        }
    }
    return NULL;
}

bool cnn_request_number(cnn_request *r, const char *name, int32_t position, int64_t standard,
                        int64_t *out)
{
    const cnn_py *value = cnn_request_given(r, name, position);
    *out = standard;
    return value == NULL || cnn_whole(r->p, value, NULL, cnn_text_of(name), out);
}

bool cnn_request_give(cnn_request *r, cnn_tensor *tensor)
{
    *r->out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

/* keepdim of torch, keepdims of the others. */
static bool read_keep(cnn_request *r, bool *out)
{
    const cnn_py_node place = {.span = r->span};
    const cnn_py *value = cnn_request_given(r, "keepdim", 1);
    value = value != NULL ? value : cnn_request_given(r, "keepdims", 1);
    *out = false;
    return value == NULL || cnn_py_truth(r->p, &place, value, out);
}

static bool same(cnn_request *r)
{
    return cnn_request_give(r, (cnn_tensor *)r->in);
}

static bool do_flatten(cnn_request *r)
{
    int64_t start, end;
    cnn_tensor *tensor;
    return cnn_request_number(r, "start_dim", 0, 0, &start) &&
           cnn_request_number(r, "end_dim", 1, -1, &end) &&
           cnn_tensor_flatten(r->p, r->in, start, end, r->span, NULL, &tensor) &&
           cnn_request_give(r, tensor);
}

static bool do_reshape(cnn_request *r)
{
    return cnn_tensor_reshape(r->p, r->in, &r->rest, r->out);
}

static bool do_size(cnn_request *r)
{
    const cnn_py *which = cnn_request_given(r, "dim", 0);
    cnn_py all;
    if (!cnn_tensor_shape(r->p, r->in, &all)) {
        return false;
    }
    if (which == NULL) {
        *r->out = all;
        return true;
    }
    const cnn_py_node node = {.span = r->span};
    return cnn_index(r->p, &node, &all, which, r->out);
}

static bool do_rank(cnn_request *r)
{
    *r->out = cnn_py_int(r->in->shape.axes + 2, r->span);
    return true;
}

static bool do_count(cnn_request *r)
{
    /* The batch is a factor of it, so it is no plain number. */
    *r->out = (cnn_py){.kind = CNN_PY_BATCH, .number = 1};
    return true;
}

/* Without an axis the result is one number, which is data. */
static bool reduce(cnn_request *r, cnn_reduction how)
{
    const cnn_py *over = cnn_request_given(r, "dim", 0);
    over = over != NULL ? over : cnn_request_given(r, "axis", 0);
    if (over == NULL || over->kind == CNN_PY_NONE) {
        *r->out = cnn_py_opaque("data");
        return true;
    }
    bool keep;
    return read_keep(r, &keep) && cnn_tensor_reduce(r->p, how, r->in, over, keep, r->span, r->out);
}

static bool do_mean(cnn_request *r)
{
    return reduce(r, CNN_REDUCE_MEAN);
}

static bool do_largest(cnn_request *r)
{
    return reduce(r, CNN_REDUCE_MAX);
}

static bool do_spread(cnn_request *r)
{
    return reduce(r, CNN_REDUCE_OTHER);
}

bool cnn_request_pair(cnn_request *r)
{
    const cnn_py value = *r->out;
    const cnn_py data = cnn_py_opaque("data");
    return cnn_py_items(r->p, CNN_PY_TUPLE, 2, r->out) &&
           cnn_py_append(r->p, r->out->items, &value) && cnn_py_append(r->p, r->out->items, &data);
}

/* torch.max(x, 1) gives the values and where they are. */
static bool do_extreme(cnn_request *r)
{
    const cnn_py *other = cnn_request_given(r, "other", 0);
    /* torch.max(x, y): element by element. */
    if (other != NULL && other->kind == CNN_PY_TENSOR) {
        return same(r);
    }
    return reduce(r, CNN_REDUCE_MAX) && (r->out->kind != CNN_PY_TENSOR || cnn_request_pair(r));
}

static bool do_squeeze(cnn_request *r)
{
    int64_t axis;
    const bool one = cnn_request_given(r, "dim", 0) != NULL;
    return cnn_request_number(r, "dim", 0, 0, &axis) &&
           cnn_tensor_squeeze(r->p, r->in, one ? &axis : NULL, r->span, r->out);
}

static bool do_unsqueeze(cnn_request *r)
{
    int64_t axis;
    return cnn_request_number(r, "dim", 0, 1, &axis) &&
           cnn_tensor_unsqueeze(r->p, r->in, axis, r->span, r->out);
}

static bool do_permute(cnn_request *r)
{
    cnn_items order;
    return cnn_arguments_listed(r->p, &r->rest, &order) &&
           cnn_tensor_permute(r->p, r->in, &order, r->span, r->out);
}

static bool do_transpose(cnn_request *r)
{
    int64_t a, b;
    return cnn_request_number(r, "dim0", 0, 1, &a) && cnn_request_number(r, "dim1", 1, 2, &b) &&
           cnn_tensor_transpose(r->p, r->in, a, b, r->span, r->out);
}

/* chunk(n): n parts of ceil(axis/n); split(size) or split([sizes]). */
static bool parts(cnn_request *r, bool by_count)
{
    const cnn_py *sizes = r->rest.count > 0 ? &r->rest.at[0].value : NULL;
    int64_t axis, size;
    cnn_py shape;
    cnn_items all = {0};
    if (sizes == NULL || !cnn_request_number(r, "dim", 1, 0, &axis) ||
        !cnn_tensor_shape(r->p, r->in, &shape)) {
        return cnn_not_followed(r->p, r->span);
    }
    if (cnn_py_is_list(sizes)) {
        return cnn_tensor_split(r->p, r->in, sizes->items, axis, r->span, r->out);
    }
    const int64_t at = axis < 0 ? axis + shape.items->count : axis;
    if (!cnn_whole(r->p, sizes, NULL, cnn_text_of("split"), &size) || size < 1 || at < 1 ||
        at >= shape.items->count) {
        return cnn_not_followed(r->p, r->span);
    }
    int64_t left = shape.items->at[at].number;
    /* As in PyTorch, parts of ceil(left / n) may be fewer than n. */
    size = by_count ? (left - 1) / size + 1 : size;
    while (left > 0) {
        const cnn_py part = cnn_py_int(left < size ? left : size, r->span);
        if (!cnn_py_append(r->p, &all, &part)) {
            return false;
        }
        left -= part.number;
    }
    return cnn_tensor_split(r->p, r->in, &all, axis, r->span, r->out);
}

/* F.glu: one half times the sigmoid of the other. */
static bool do_glu(cnn_request *r)
{
    int64_t axis;
    return cnn_request_number(r, "dim", 0, -1, &axis) &&
           cnn_tensor_gate(r->p, r->in, axis, r->span, r->out);
}

static bool do_chunk(cnn_request *r)
{
    return parts(r, true);
}

static bool do_split(cnn_request *r)
{
    return parts(r, false);
}

static bool join(cnn_request *r, const char *op)
{
    const cnn_py *other = r->rest.count > 0 ? &r->rest.at[0].value : NULL;
    if (other == NULL || other->kind != CNN_PY_TENSOR) {
        return same(r); /* a number */
    }
    const cnn_py both[] = {{.kind = CNN_PY_TENSOR, .tensor = (cnn_tensor *)r->in}, *other};
    const cnn_py_node node = {.span = r->span};
    return cnn_tensor_join(r->p, op, &node, both, 2, r->out);
}

static bool do_add(cnn_request *r)
{
    return join(r, "add");
}

static bool do_mul(cnn_request *r)
{
    return join(r, "mul");
}

static const struct {
    const char *name;
    cnn_request_handler *handle;
} handlers[] = {
    {"flatten", do_flatten},
    {"view", do_reshape},
    {"reshape", do_reshape},
    {"size", do_size},
    {"dim", do_rank},
    {"ndimension", do_rank},
    {"numel", do_count},
    {"nelement", do_count},
    {"mean", do_mean},
    {"reduce_mean", do_mean},
    {"sum", do_mean},
    {"max", do_extreme},
    {"min", do_extreme},
    {"amax", do_largest},
    {"amin", do_largest},
    {"std", do_spread},
    {"var", do_spread},
    {"squeeze", do_squeeze},
    {"unsqueeze", do_unsqueeze},
    {"permute", do_permute},
    {"transpose", do_transpose},
    {"swapaxes", do_transpose},
    {"glu", do_glu},
    {"chunk", do_chunk},
    {"split", do_split},
    {"add", do_add},
    {"sub", do_add},
    {"mul", do_mul},
    {"multiply", do_mul},
    {"pad", cnn_do_pad},
    /* What changes no size and is not counted. */
    {"contiguous", same},
    {"float", same},
    {"double", same},
    {"half", same},
    {"to", same},
    {"cuda", same},
    {"cpu", same},
    {"detach", same},
    {"clone", same},
    {"type", same},
    {"type_as", same},
    {"requires_grad", same},
    {"expand_as", cnn_do_expand_as},
    {"expand", cnn_do_expand},
    {"repeat", cnn_do_repeat},
    {"clamp", same},
    {"clip", same},
    {"abs", same},
    {"exp", same},
    {"log", same},
    {"sqrt", same},
    {"square", same},
    {"pow", same},
    {"div", same},
    {"neg", same},
    {"normalize", same},
    {"cast", same},
    {"identity", same},
    {"randn_like", same},
    {"rand_like", same},
    {"zeros_like", same},
    {"ones_like", same},
    {"empty_like", same},
    {"long", same},
};

bool cnn_request_handle(cnn_request *r, cnn_text name, bool *found)
{
    for (size_t i = 0; i < CNN_LENGTH(handlers); i++) {
        if (cnn_word_is(name, handlers[i].name)) {
            *found = true;
            return handlers[i].handle(r);
        }
    }
    *found = false;
    return true;
}
