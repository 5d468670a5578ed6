/* Functions of Python itself about lists, tuples and dictionaries. */
#include "paste/flow.h"

static bool call_len(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    cnn_items *items;
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    if (value->kind == CNN_PY_INT) {
        *out = *value; /* -D classes=10, for len(classes) */
        return true;
    }
    if (value->kind == CNN_PY_TENSOR) {
        *out = (cnn_py){.kind = CNN_PY_BATCH};
        return true;
    }
    /* As a name without a value: where the number matters, the error names the data. */
    if (value->kind == CNN_PY_OPAQUE) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .text = value->text, .origin = args->call->span};
        return true;
    }
    if (value->kind == CNN_PY_NAME) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .text = value->text, .origin = value->origin};
        return true;
    }
    if (!cnn_sequence(p, args->call, value, &items)) {
        return false;
    }
    *out = cnn_py_int(items->count, args->call->span);
    return true;
}

static bool copy_as(cnn_paster *p, cnn_arguments *args, cnn_py_kind kind, cnn_py *out)
{
    cnn_items *items;
    if (!cnn_py_items(p, kind, 0, out)) {
        return false;
    }
    return args->count == 0 ||
           (cnn_argument_sequence(p, args, 0, &items) && cnn_py_append_all(p, out->items, items));
}

static bool call_list(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return copy_as(p, args, CNN_PY_LIST, out);
}

static bool call_tuple(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return copy_as(p, args, CNN_PY_TUPLE, out);
}

static bool call_reversed(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (!call_list(p, args, out)) {
        return false;
    }
    cnn_items *items = out->items;
    for (int32_t i = 0; i < items->count / 2; i++) {
        const cnn_py other = items->at[i];
        items->at[i] = items->at[items->count - 1 - i];
        items->at[items->count - 1 - i] = other;
    }
    return true;
}

/* dict(a=1), OrderedDict([("a", x)]) */
static bool call_dict(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_DICT, 0, out)) {
        return false;
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const cnn_py key = {.kind = CNN_PY_STRING, .text = arg->name};
        cnn_items *items = NULL;
        if (arg->name.size > 0 || arg->value.kind == CNN_PY_DICT) {
            if (arg->name.size > 0 ? !cnn_dict_set(p, out->items, &key, &arg->value)
                                   : !cnn_dict_add_all(p, out->items, arg->value.items)) {
                return false;
            }
            continue;
        }
        if (!cnn_sequence(p, args->call, &arg->value, &items)) {
            return false;
        }
        for (int32_t k = 0; k < items->count; k++) {
            const cnn_py *pair = &items->at[k];
            if (!cnn_py_is_list(pair) || pair->items->count != 2) {
                return cnn_call_not_followed(p, args);
            }
            if (!cnn_dict_set(p, out->items, &pair->items->at[0], &pair->items->at[1])) {
                return false;
            }
        }
    }
    return true;
}

static bool tuple_of(cnn_paster *p, const cnn_py *values, int32_t count, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_TUPLE, count, out)) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        out->items->at[out->items->count++] = values[i];
    }
    return true;
}

static bool call_enumerate(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *items;
    int64_t first = 0;
    if (!cnn_argument_sequence(p, args, 0, &items)) {
        return false;
    }
    if ((args->count > 1 && !cnn_argument_whole(p, args, 1, &first)) ||
        !cnn_py_items(p, CNN_PY_LIST, items->count, out)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        const cnn_py pair[] = {cnn_py_int(first + i, args->call->span), items->at[i]};
        if (!tuple_of(p, pair, 2, &out->items->at[out->items->count++])) {
            return false;
        }
    }
    return true;
}

static bool call_zip(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *lists[8];
    int32_t count = INT32_MAX;
    if (args->count < 1 || args->count > 8) {
        return cnn_call_not_followed(p, args);
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_sequence(p, args->call, &args->at[i].value, &lists[i])) {
            return false;
        }
        count = lists[i]->count < count ? lists[i]->count : count;
    }
    if (!cnn_py_items(p, CNN_PY_LIST, count, out)) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        cnn_py values[8];
        for (int32_t k = 0; k < args->count; k++) {
            values[k] = lists[k]->at[i];
        }
        if (!tuple_of(p, values, args->count, &out->items->at[out->items->count++])) {
            return false;
        }
    }
    return true;
}

/* Whether one is true, or all are. */
static bool truths(cnn_paster *p, cnn_arguments *args, bool one, cnn_py *out)
{
    cnn_items *items;
    bool found = !one;
    if (!cnn_argument_sequence(p, args, 0, &items)) {
        return false;
    }
    for (int32_t i = 0; i < items->count && found != one; i++) {
        if (!cnn_py_truth(p, args->call, &items->at[i], &found)) {
            return false;
        }
    }
    *out = cnn_py_bool(found);
    return true;
}

static bool call_any(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return truths(p, args, true, out);
}

static bool call_all(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return truths(p, args, false, out);
}

/* Numbers in order; by insertion, each step of which counts. */
static bool call_sorted(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py_node less = {.op = '<', .span = args->call->span};
    if (args->count < 1 || (args->count > 1 && !cnn_word_is(args->at[1].name, "reverse"))) {
        return cnn_call_not_followed(p, args); /* by a key */
    }
    const bool reversed = args->count > 1 && args->at[1].value.number != 0;
    if (!copy_as(p, args, CNN_PY_LIST, out)) {
        return false;
    }
    cnn_py *at = out->items->at;
    for (int32_t i = 1; i < out->items->count; i++) {
        const cnn_py value = at[i];
        int32_t k = i;
        for (; k > 0; k--) {
            cnn_py before;
            const cnn_py *a = reversed ? &at[k - 1] : &value, *b = reversed ? &value : &at[k - 1];
            if (!cnn_paste_step(p, 1) || !cnn_compare(p, &less, a, b, &before)) {
                return false;
            }
            if (before.kind != CNN_PY_BOOL) {
                return cnn_call_not_followed(p, args);
            }
            if (before.number == 0) {
                break;
            }
            at[k] = at[k - 1];
        }
        at[k] = value;
    }
    return true;
}

/* map(f, list): what f gives for each. */
static bool call_map(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *items;
    if (!cnn_argument_sequence(p, args, 1, &items) || !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        cnn_argument one = {.value = items->at[i]};
        cnn_arguments each = {&one, 1, args->call};
        cnn_py value;
        if (!cnn_call(p, &args->at[0].value, &each, &value) ||
            !cnn_py_append(p, out->items, &value)) {
            return false;
        }
    }
    return true;
}

bool cnn_sequences(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    static const struct {
        const char *name;
        cnn_py_function *call;
    } functions[] = {
        {"len", call_len},           {"any", call_any},   {"all", call_all},
        {"sorted", call_sorted},     {"map", call_map},   {"list", call_list},
        {"tuple", call_tuple},       {"dict", call_dict}, {"OrderedDict", call_dict},
        {"reversed", call_reversed}, {"zip", call_zip},   {"enumerate", call_enumerate},
    };
    const cnn_py *first = cnn_argument_at(args, 0);
    const bool tensor = first != NULL && first->kind == CNN_PY_TENSOR;
    const bool data = first != NULL && first->kind == CNN_PY_OPAQUE;
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        /* Of a tensor only len() is known, which is the batch. */
        const bool counts = functions[i].call == call_len;
        if (!cnn_word_is(name, functions[i].name) || (tensor && !counts)) {
            continue;
        }
        *found = true;
        if (data && !counts && functions[i].call != call_dict) {
            *out = *first; /* what is made of data is data */
            return true;
        }
        return functions[i].call(p, args, out);
    }
    return true;
}
