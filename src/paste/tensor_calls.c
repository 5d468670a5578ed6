/* What functions and methods of tensors do: sizes, views, reductions, parts. */
#include "paste/tensor.h"

const cnn_py *cnn_request_given(const cnn_request *r, const char *name, int32_t position)
{
    return cnn_argument_given(&r->rest, name, position);
}

bool cnn_request_number(cnn_request *r, const char *name, int32_t position, int64_t standard,
                        int64_t *out)
{
    const cnn_py *value = cnn_request_given(r, name, position);
    *out = standard;
    return value == NULL || cnn_whole(r->p, value, NULL, cnn_text_of(name), out);
}

bool cnn_request_axis(cnn_request *r, int32_t position, int64_t standard, int64_t *out)
{
    const bool axis = cnn_request_given(r, "axis", position) != NULL;
    return cnn_request_number(r, axis ? "axis" : "dim", position, standard, out);
}

bool cnn_request_give(cnn_request *r, cnn_tensor *tensor)
{
    *r->out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

static bool same(cnn_request *r)
{
    return cnn_request_give(r, (cnn_tensor *)r->in);
}

/* torch.randn_like(x): as large as x, but it wants no gradient. */
static bool do_noise(cnn_request *r)
{
    cnn_tensor *noise = CNN_PASTE_NEW(r->p, cnn_tensor);
    if (noise == NULL) {
        return false;
    }
    *noise = *r->in;
    noise->noise = true;
    return cnn_request_give(r, noise);
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

bool cnn_request_pair(cnn_request *r)
{
    const cnn_py value = *r->out;
    const cnn_py data = cnn_py_opaque("data");
    return cnn_py_items(r->p, CNN_PY_TUPLE, 2, r->out) &&
           cnn_py_append(r->p, r->out->items, &value) && cnn_py_append(r->p, r->out->items, &data);
}

/* F.glu: one half times the sigmoid of the other. */
static bool do_glu(cnn_request *r)
{
    int64_t axis;
    return cnn_request_number(r, "dim", 0, -1, &axis) &&
           cnn_tensor_gate(r->p, r->in, axis, r->span, r->out);
}

/* As the operator does: x.div(y) is x / y. */
static bool join(cnn_request *r, const char *op, uint8_t sign)
{
    const cnn_py *other = cnn_request_given(r, "other", 0);
    if (other == NULL) {
        return cnn_not_followed(r->p, r->span);
    }
    if (other->kind != CNN_PY_TENSOR) {
        return cnn_tensor_number(r->p, r->in, sign, other, true, r->span, r->out);
    }
    const cnn_py both[] = {{.kind = CNN_PY_TENSOR, .tensor = (cnn_tensor *)r->in}, *other};
    const cnn_py_node node = {.span = r->span};
    return cnn_tensor_join(r->p, op, &node, both, 2, r->out);
}

static bool do_add(cnn_request *r)
{
    return join(r, "add", '+');
}

static bool do_mul(cnn_request *r)
{
    return join(r, "mul", '*');
}

static const struct {
    const char *name;
    cnn_request_handler *handle;
} handlers[] = {
    {"flatten", cnn_do_flatten},
    {"view", cnn_do_reshape},
    {"reshape", cnn_do_reshape},
    {"view_as", cnn_do_view_as},
    {"reshape_as", cnn_do_view_as},
    {"unflatten", cnn_do_unflatten},
    {"squeeze", cnn_do_squeeze},
    {"unsqueeze", cnn_do_unsqueeze},
    {"expand_dims", cnn_do_unsqueeze},
    {"permute", cnn_do_permute},
    {"transpose", cnn_do_transpose},
    {"swapaxes", cnn_do_transpose},
    {"swapdims", cnn_do_transpose},
    {"movedim", cnn_do_movedim},
    {"moveaxis", cnn_do_movedim},
    {"chunk", cnn_do_chunk},
    {"split", cnn_do_split},
    {"tensor_split", cnn_do_tensor_split},
    {"unbind", cnn_do_unbind},
    {"unstack", cnn_do_unbind},
    {"select", cnn_do_select},
    {"narrow", cnn_do_narrow},
    {"size", do_size},
    {"dim", do_rank},
    {"ndimension", do_rank},
    {"numel", do_count},
    {"nelement", do_count},
    {"glu", do_glu},
    {"add", do_add},
    {"sub", do_add},
    {"subtract", do_add},
    {"mul", do_mul},
    {"multiply", do_mul},
    {"div", do_mul},
    {"divide", do_mul},
    {"true_divide", do_mul},
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
    {"tile", cnn_do_repeat},
    {"cast", same},
    {"identity", same},
    {"randn_like", do_noise},
    {"rand_like", do_noise},
    {"zeros_like", do_noise},
    {"ones_like", do_noise},
    {"empty_like", do_noise},
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
    return cnn_request_values(r, name, found) && (*found || cnn_request_reduce(r, name, found));
}
