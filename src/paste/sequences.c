/* Functions of Python itself about lists, tuples and dictionaries. */
#include "base/checked.h"
#include "paste/flow.h"

static bool call_len(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    cnn_items *items;
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    if (value->kind == CNN_PY_INT && value->origin.end == 0) {
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
    if (value->kind == CNN_PY_STRING) {
        *out = cnn_py_int(cnn_text_letters(value->text), args->call->span);
        return true;
    }
    bool own;
    if (!cnn_own_method(p, value, "__len__", NULL, args->call, &own, out) || own) {
        return p->err->code == CNN_OK;
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
bool cnn_dict_make(cnn_paster *p, cnn_arguments *args, cnn_py *out)
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

/* The values side by side; they are not counted as steps. */
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
    const cnn_py *start = cnn_argument_given(args, "start", 1);
    cnn_items *items;
    int64_t first = 0;
    if (!cnn_argument_sequence(p, args, 0, &items)) {
        return false;
    }
    if ((start != NULL && !cnn_given_whole(p, args, start, &first)) ||
        !cnn_py_items(p, CNN_PY_LIST, items->count, out)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        int64_t number;
        if (!cnn_checked_add(first, i, &number)) {
            return cnn_paste_fail(p, CNN_E_OVERFLOW, args->call->span, cnn_text_of("the result"),
                                  (cnn_text){0});
        }
        const cnn_py pair[] = {cnn_py_int(number, args->call->span), items->at[i]};
        if (!tuple_of(p, pair, 2, &out->items->at[out->items->count++])) {
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

bool cnn_py_key(cnn_paster *p, const cnn_arguments *args, const cnn_py *key, const cnn_py *value,
                cnn_py *out)
{
    cnn_argument one = {.value = *value};
    cnn_arguments each = {&one, 1, args->call};
    *out = *value;
    return key == NULL || key->kind == CNN_PY_NONE || cnn_call(p, key, &each, out);
}

/* By insertion, each step of which counts. What is equal keeps its order, also in reverse. */
bool cnn_items_sort(cnn_paster *p, const cnn_arguments *args, cnn_items *items)
{
    const cnn_py *key = cnn_argument_given(args, "key", INT32_MAX);
    const cnn_py *reverse = cnn_argument_given(args, "reverse", INT32_MAX);
    bool reversed = false;
    cnn_py keys;
    if ((reverse != NULL && !cnn_py_truth(p, args->call, reverse, &reversed)) ||
        !cnn_py_items(p, CNN_PY_LIST, items->count, &keys)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        if (!cnn_py_key(p, args, key, &items->at[i], &keys.items->at[keys.items->count++])) {
            return false;
        }
    }
    cnn_py *at = items->at, *by = keys.items->at;
    for (int32_t i = 1; i < items->count; i++) {
        const cnn_py value = at[i], order = by[i];
        int32_t k = i;
        for (; k > 0; k--) {
            bool before;
            if (!cnn_paste_step(p, 1) || !cnn_py_less(p, args, reversed ? &by[k - 1] : &order,
                                                      reversed ? &order : &by[k - 1], &before)) {
                return false;
            }
            if (!before) {
                break;
            }
            at[k] = at[k - 1];
            by[k] = by[k - 1];
        }
        at[k] = value;
        by[k] = order;
    }
    return true;
}

static bool call_sorted(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return copy_as(p, args, CNN_PY_LIST, out) && cnn_items_sort(p, args, out->items);
}

/* A set: a dictionary whose keys are their own values. */
static bool call_set(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *items;
    if (!cnn_py_items(p, CNN_PY_DICT, 0, out) || args->count == 0) {
        return p->err->code == CNN_OK;
    }
    if (!cnn_argument_sequence(p, args, 0, &items)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        if (!cnn_dict_set(p, out->items, &items->at[i], &items->at[i])) {
            return false;
        }
    }
    return true;
}

static const cnn_py_row rows[] = {
    {.name = "len", .takes = "obj", .call = call_len, .tensors = true},
    {.name = "any", .takes = "iterable", .call = call_any, .hands_on = true},
    {.name = "all", .takes = "iterable", .call = call_all, .hands_on = true},
    {.name = "sorted", .takes = "iterable - key reverse", .call = call_sorted, .hands_on = true},
    {.name = "iter", .takes = "iterable", .call = call_list, .hands_on = true},
    {.name = "list", .takes = "iterable", .call = call_list, .hands_on = true},
    {.name = "tuple", .takes = "iterable", .call = call_tuple, .hands_on = true},
    {.name = "set", .takes = "iterable", .call = call_set, .hands_on = true},
    {.name = "frozenset", .takes = "iterable", .call = call_set, .hands_on = true},
    {.name = "dict", .takes = "iterable **", .call = cnn_dict_make},
    {.name = "OrderedDict", .takes = "iterable **", .call = cnn_dict_make},
    {.name = "reversed", .takes = "iterable", .call = call_reversed, .hands_on = true},
    {.name = "enumerate", .takes = "iterable start", .call = call_enumerate, .hands_on = true},
};

const cnn_py_rows cnn_sequence_rows = {rows, CNN_LENGTH(rows)};
