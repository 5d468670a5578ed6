/* Functions of frameworks and methods of tensors by their names: torch.*, F.*, x.view(...). */
#include "paste/tensor.h"

/* What no layer of the language does. */
static const char *reason_of(cnn_text name)
{
    static const struct {
        const char *names, *reason;
    } refused[] = {
        {"matmul|bmm|mm|einsum|baddbmm|addmm|cdist|scaled_dot_product_attention|"
         "multi_head_attention_forward",
         "multiplies matrices, as attention does, which is not computed here"},
        {"where|masked_fill|gather|scatter|index_select|take|topk|sort|argsort|masked_select",
         "picks values by other values, which are not followed"},
        {"grid_sample|affine_grid", "takes values at places that are not followed"},
    };
    int32_t ignored;
    for (size_t i = 0; i < CNN_LENGTH(refused); i++) {
        if (cnn_row_matches(refused[i].names, name, &ignored)) {
            return refused[i].reason;
        }
    }
    return NULL;
}

static bool answer(cnn_request *r, cnn_text name, bool *found)
{
    if (name.size > 1 && name.data[name.size - 1] == '_') {
        name.size--; /* the same in place: exp_ */
    }
    if (!cnn_request_layer(r, name, found)) {
        return false;
    }
    if (!*found && !cnn_request_handle(r, name, found)) {
        return false;
    }
    const char *reason = *found ? NULL : reason_of(name);
    return reason == NULL || cnn_paste_refuse(r->p, r->span, name, reason);
}

/* torch.randn(1, 3, 32, 32): its sizes may be the input's. */
static bool samples(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    static const char *const names[] = {"randn",  "rand",        "zeros",         "ones", "empty",
                                        "Tensor", "FloatTensor", "random_normal", "full"};
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        *found |= cnn_word_is(name, names[i]);
    }
    if (!*found) {
        return true;
    }
    cnn_py list;
    if (!cnn_py_items(p, CNN_PY_SAMPLES, 0, &list)) {
        return false;
    }
    list.origin = args->call->span;
    const bool one = args->count > 0 && cnn_py_is_list(&args->at[0].value);
    const int32_t count = one ? args->at[0].value.items->count : args->count;
    for (int32_t i = 0; i < count; i++) {
        const cnn_py *value = one ? &args->at[0].value.items->at[i] : &args->at[i].value;
        cnn_py batch = cnn_py_int(1, list.origin);
        batch.text = cnn_text_of("a batch"); /* tells it from a size that is written */
        if (!one && args->at[i].name.size > 0) {
            continue;
        }
        /* A batch that is not known is 1. */
        if (!cnn_py_append(p, list.items, i == 0 && value->kind != CNN_PY_INT ? &batch : value)) {
            return false;
        }
    }
    *out = list;
    return true;
}

/* torch.cat([a, b], 1), torch.stack([a, b], 1) */
static bool concatenate(cnn_paster *p, cnn_arguments *args, bool stacks, cnn_py *out)
{
    cnn_request r = {.p = p, .rest = *args, .span = args->call->span};
    const cnn_py *list = args->count > 0 ? &args->at[0].value : NULL;
    /* torch's dim is called axis elsewhere; both are the second argument. */
    const cnn_py *named = cnn_request_given(&r, "axis", 1);
    int64_t axis;
    if (list == NULL || !cnn_py_is_list(list) ||
        !cnn_request_number(&r, named != NULL ? "axis" : "dim", 1, 0, &axis)) {
        return cnn_not_followed(p, r.span);
    }
    const cnn_items *items = list->items;
    for (int32_t i = 0; i < items->count; i++) {
        if (items->at[i].kind != CNN_PY_TENSOR) {
            return cnn_not_followed(p, r.span);
        }
    }
    cnn_items stacked = {0};
    if (items->count == 0) {
        return cnn_not_followed(p, r.span);
    }
    if (stacks) {
        if (!cnn_tensor_stack(p, items, axis, r.span, &stacked)) {
            return false;
        }
        items = &stacked;
    }
    const cnn_tensor *first = items->at[0].tensor;
    const int32_t rank = first->shape.axes + 2;
    const int64_t at = axis < 0 ? axis + rank : axis;
    const bool last = p->framework == CNN_KERAS && !first->first;
    const int64_t channels = last ? rank - 1 : 1;
    return at == channels ? cnn_tensor_join(p, "cat", args->call, items->at, items->count, out)
                          : cnn_tensor_cat_sides(p, items, at, channels, args->call, out);
}

/* torch.cat(dim=1, tensors=[a, b]): what the function works on comes first. */
static void put_first(cnn_arguments *args)
{
    for (int32_t i = 1; i < args->count; i++) {
        const cnn_argument arg = args->at[i];
        if (cnn_word_is(arg.name, "input") || cnn_word_is(arg.name, "tensors") ||
            cnn_word_is(arg.name, "tensor")) {
            memmove(args->at + 1, args->at, (size_t)i * sizeof *args->at);
            args->at[0] = arg;
        }
    }
}

/* A list that has a tensor, at whatever place. */
static bool has_tensor(const cnn_py *list)
{
    bool found = false;
    for (int32_t i = 0; cnn_py_is_list(list) && i < list->items->count; i++) {
        found = found || list->items->at[i].kind == CNN_PY_TENSOR;
    }
    return found;
}

bool cnn_tensor_function(cnn_paster *p, const cnn_py *name, cnn_arguments *args, bool *found,
                         cnn_py *out)
{
    static const char *const cats[] = {"cat", "concat", "concatenate", "stack"};
    put_first(args);
    if (!samples(p, name->text, args, found, out) || *found) {
        return p->err->code == CNN_OK;
    }
    const cnn_py *first = args->count > 0 ? &args->at[0].value : NULL;
    for (size_t i = 0; i < CNN_LENGTH(cats) && first != NULL; i++) {
        if (has_tensor(first) && cnn_word_is(name->text, cats[i])) {
            *found = true;
            return concatenate(p, args, cnn_word_is(name->text, "stack"), out);
        }
    }
    if (first != NULL && cnn_py_parameter(first) != NULL) {
        cnn_arguments rest = {args->at + 1, args->count - 1, args->call};
        return cnn_samples_method(p, first, name->text, &rest, out) && (*found = true);
    }
    if (first != NULL && first->kind == CNN_PY_SAMPLES) {
        return cnn_samples_function(p, name->text, args, found, out);
    }
    if (first == NULL || first->kind != CNN_PY_TENSOR) {
        return true;
    }
    cnn_request r = {.p = p,
                     .in = first->tensor,
                     .rest = {args->at + 1, args->count - 1, args->call},
                     .span = args->call->span,
                     .out = out};
    return answer(&r, name->text, found);
}

bool cnn_tensor_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       cnn_py *out)
{
    cnn_request r = {
        .p = p, .in = object->tensor, .rest = *args, .span = args->call->span, .out = out};
    bool found;
    if (!answer(&r, name, &found)) {
        return false;
    }
    return found || cnn_not_followed(p, args->call->span);
}
