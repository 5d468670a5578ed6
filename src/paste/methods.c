/* Methods of the values of Python: lists, dictionaries, tuples. */
#include "paste/flow.h"

static bool list_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                        bool *found, cnn_py *out)
{
    cnn_items *items = object->items, *more;
    *found = true;
    *out = cnn_py_none();
    if (cnn_word_is(name, "append") && args->count == 1) {
        return cnn_py_append(p, items, &args->at[0].value);
    }
    if (cnn_word_is(name, "extend") && args->count == 1) {
        return cnn_argument_sequence(p, args, 0, &more) && cnn_py_append_all(p, items, more);
    }
    if (cnn_word_is(name, "pop") && items->count > 0 && args->count == 0) {
        *out = items->at[--items->count];
        return true;
    }
    if (cnn_word_is(name, "insert") && args->count == 2) {
        int64_t at;
        if (!cnn_whole(p, &args->at[0].value, args->at[0].node, name, &at) ||
            !cnn_py_append(p, items, &args->at[1].value)) {
            return false;
        }
        /* The new element is already counted. Python moves a position that is too far to the
         * nearest end. */
        at = at < 0 ? at + items->count - 1 : at;
        at = at < 0 ? 0 : at >= items->count ? items->count - 1 : at;
        memmove(&items->at[at + 1], &items->at[at],
                (size_t)(items->count - 1 - at) * sizeof *items->at);
        items->at[at] = args->at[1].value;
        return true;
    }
    if (cnn_word_is(name, "copy") || cnn_word_is(name, "tolist")) {
        return cnn_py_items(p, CNN_PY_LIST, 0, out) && cnn_py_append_all(p, out->items, items);
    }
    return cnn_call_not_followed(p, args);
}

/* x.size().numel(); what else a tuple can do is not needed to build a network. */
static bool tuple_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                         cnn_py *out)
{
    *out = cnn_py_opaque("data");
    if (!cnn_word_is(name, "numel")) {
        return true;
    }
    /* By cnn_operate, because the batch is among the factors of a size(). */
    const cnn_py_node node = {.op = '*', .span = args->call->span};
    *out = cnn_py_int(1, args->call->span);
    for (int32_t i = 0; i < object->items->count; i++) {
        const cnn_py before = *out;
        if (!cnn_operate(p, &node, &before, &object->items->at[i], out)) {
            return false;
        }
    }
    return true;
}

static bool dict_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                        bool *found, cnn_py *out)
{
    const cnn_items *items = object->items;
    *found = true;
    if (cnn_word_is(name, "get") && args->count > 0) {
        const cnn_py *value = cnn_dict_find(items, &args->at[0].value);
        *out = value != NULL ? *value : args->count > 1 ? args->at[1].value : cnn_py_none();
        return true;
    }
    const bool keys = cnn_word_is(name, "keys"), values = cnn_word_is(name, "values");
    if (!keys && !values && !cnn_word_is(name, "items")) {
        return cnn_call_not_followed(p, args);
    }
    if (!cnn_py_items(p, CNN_PY_LIST, items->count / 2, out)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i += 2) {
        cnn_py *to = &out->items->at[out->items->count++];
        if (keys || values) {
            /* The key of a pair, or its value, one place later. */
            *to = items->at[i + values];
        } else if (!cnn_py_items(p, CNN_PY_TUPLE, 2, to) ||
                   !cnn_py_append(p, to->items, &items->at[i]) ||
                   !cnn_py_append(p, to->items, &items->at[i + 1])) {
            return false;
        }
    }
    return true;
}

bool cnn_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                bool *found, cnn_py *out)
{
    *found = false;
    switch (object->kind) {
    case CNN_PY_LIST:
        return list_method(p, object, name, args, found, out);
    case CNN_PY_DICT:
        return dict_method(p, object, name, args, found, out);
    case CNN_PY_TENSOR:
        *found = true;
        return cnn_tensor_method(p, object, name, args, out);
    case CNN_PY_MODULE:
        return cnn_module_method(p, object, name, args, found, out);
    case CNN_PY_STRING:
        *found = true;
        return cnn_string_method(p, object, name, args, out);
    case CNN_PY_TUPLE:
        *found = true;
        return tuple_method(p, object, name, args, out);
    case CNN_PY_INT:
    case CNN_PY_FLOAT:
        *found = true;
        *out = *object;
        return cnn_word_is(name, "item") || cnn_call_not_followed(p, args);
    case CNN_PY_SAMPLES:
        *found = true;
        return cnn_samples_method(p, object, name, args, out);
    default:
        return true;
    }
}
