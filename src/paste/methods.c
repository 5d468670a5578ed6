/* Methods of the values of Python: lists, dictionaries, tuples. */
#include "paste/flow.h"

typedef struct method_call {
    cnn_paster *p;
    cnn_items *items; /* of the object */
    cnn_arguments *args;
    cnn_py *out;
} method_call;

typedef struct method_row {
    const char *name, *takes;
    bool (*call)(const method_call *c);
} method_row;

/* What is not there, or is no list that can be followed. */
static bool refuse(const method_call *c)
{
    return cnn_call_not_followed(c->p, c->args);
}

/* Calls the method of that name; *found: there is one. */
static bool call_row(const method_row *rows, size_t count, cnn_text name, const method_call *c,
                     bool *found)
{
    for (size_t i = 0; i < count; i++) {
        if (cnn_word_is(name, rows[i].name)) {
            *found = true;
            return cnn_arguments_check(c->p, c->args, rows[i].takes) && rows[i].call(c);
        }
    }
    return true;
}

static bool has_arguments(const method_call *c, int32_t least)
{
    return c->args->count >= least || refuse(c);
}

/* ---- lists ---- */

static bool do_append(const method_call *c)
{
    return has_arguments(c, 1) && cnn_py_append(c->p, c->items, &c->args->at[0].value);
}

static bool do_extend(const method_call *c)
{
    cnn_items *more;
    return cnn_argument_sequence(c->p, c->args, 0, &more) &&
           cnn_py_append_all(c->p, c->items, more);
}

/* Takes the element out, and moves those after it. */
static void take_out(cnn_items *items, int32_t at)
{
    items->count--;
    memmove(&items->at[at], &items->at[at + 1], (size_t)(items->count - at) * sizeof *items->at);
}

static bool do_pop(const method_call *c)
{
    int64_t at = c->items->count - 1;
    if (c->args->count > 0 && !cnn_argument_whole(c->p, c->args, 0, &at)) {
        return false;
    }
    const int64_t place = at < 0 ? at + c->items->count : at;
    if (place < 0 || place >= c->items->count) {
        return cnn_fail_numbers(c->p->err, CNN_E_PASTE_INDEX, c->args->call->span, at,
                                c->items->count);
    }
    *c->out = c->items->at[place];
    take_out(c->items, (int32_t)place);
    return cnn_paste_step(c->p, c->items->count - place);
}

static bool do_insert(const method_call *c)
{
    cnn_items *items = c->items;
    int64_t at;
    if (!has_arguments(c, 2) || !cnn_argument_whole(c->p, c->args, 0, &at) ||
        !cnn_py_append(c->p, items, &c->args->at[1].value)) {
        return false;
    }
    /* The new element is already counted. Python moves a position that is too far to the nearest
     * end. */
    at = at < 0 ? at + items->count - 1 : at;
    at = at < 0 ? 0 : at >= items->count ? items->count - 1 : at;
    memmove(&items->at[at + 1], &items->at[at],
            (size_t)(items->count - 1 - at) * sizeof *items->at);
    items->at[at] = c->args->at[1].value;
    return cnn_paste_step(c->p, items->count - at);
}

/* The place of the first element that is equal; the count: there is none. */
static int32_t place_of(const method_call *c)
{
    int32_t i = 0;
    while (i < c->items->count && !cnn_py_equal(&c->items->at[i], &c->args->at[0].value)) {
        i++;
    }
    return i;
}

static bool do_index(const method_call *c)
{
    const int32_t at = c->args->count > 0 ? place_of(c) : c->items->count;
    *c->out = cnn_py_int(at, c->args->call->span);
    return cnn_paste_step(c->p, at) && (at < c->items->count || refuse(c));
}

static bool do_remove(const method_call *c)
{
    const int32_t at = c->args->count > 0 ? place_of(c) : c->items->count;
    if (at >= c->items->count) {
        return refuse(c);
    }
    take_out(c->items, at);
    return cnn_paste_step(c->p, c->items->count);
}

static bool do_count(const method_call *c)
{
    int64_t count = 0;
    for (int32_t i = 0; c->args->count > 0 && i < c->items->count; i++) {
        count += cnn_py_equal(&c->items->at[i], &c->args->at[0].value);
    }
    *c->out = cnn_py_int(count, c->args->call->span);
    return has_arguments(c, 1) && cnn_paste_step(c->p, c->items->count);
}

static bool do_sort(const method_call *c)
{
    return cnn_items_sort(c->p, c->args, c->items);
}

static bool do_reverse(const method_call *c)
{
    for (int32_t i = 0, k = c->items->count - 1; i < k; i++, k--) {
        const cnn_py other = c->items->at[i];
        c->items->at[i] = c->items->at[k];
        c->items->at[k] = other;
    }
    return cnn_paste_step(c->p, c->items->count);
}

static bool do_clear(const method_call *c)
{
    c->items->count = 0;
    return true;
}

static bool do_copy(const method_call *c)
{
    return cnn_py_items(c->p, CNN_PY_LIST, 0, c->out) &&
           cnn_py_append_all(c->p, c->out->items, c->items);
}

static bool list_method(const method_call *c, cnn_text name)
{
    static const method_row rows[] = {
        {"append", "object", do_append}, {"extend", "iterable", do_extend},
        {"pop", "index", do_pop},        {"insert", "index object", do_insert},
        {"index", "value", do_index},    {"remove", "value", do_remove},
        {"count", "value", do_count},    {"sort", "- key reverse", do_sort},
        {"reverse", "", do_reverse},     {"clear", "", do_clear},
        {"copy", "", do_copy},           {"tolist", "", do_copy},
    };
    bool found = false;
    return call_row(rows, CNN_LENGTH(rows), name, c, &found) && (found || refuse(c));
}

/* ---- tuples ---- */

/* x.size().numel() */
static bool do_numel(const method_call *c)
{
    /* By cnn_operate, because the batch is among the factors of a size(). */
    const cnn_py_node node = {.op = '*', .span = c->args->call->span};
    *c->out = cnn_py_int(1, c->args->call->span);
    for (int32_t i = 0; i < c->items->count; i++) {
        const cnn_py before = *c->out;
        if (!cnn_operate(c->p, &node, &before, &c->items->at[i], c->out)) {
            return false;
        }
    }
    return true;
}

static bool tuple_method(const method_call *c, cnn_text name)
{
    static const method_row rows[] = {
        {"index", "value", do_index}, {"count", "value", do_count}, {"numel", "", do_numel}};
    bool found = false;
    *c->out = cnn_py_opaque("data");
    return call_row(rows, CNN_LENGTH(rows), name, c, &found);
}

/* ---- dictionaries, and sets, whose keys are their own values ---- */

static bool do_get(const method_call *c)
{
    if (!has_arguments(c, 1)) {
        return false;
    }
    const cnn_py *value = cnn_dict_find(c->items, &c->args->at[0].value);
    *c->out = value != NULL ? *value : c->args->count > 1 ? c->args->at[1].value : cnn_py_none();
    return true;
}

static bool do_pop_key(const method_call *c)
{
    if (!has_arguments(c, 1)) {
        return false;
    }
    const cnn_py *value = cnn_dict_find(c->items, &c->args->at[0].value);
    if (value == NULL) {
        *c->out = c->args->count > 1 ? c->args->at[1].value : cnn_py_none();
        return c->args->count > 1 || refuse(c);
    }
    *c->out = *value;
    const int32_t at = (int32_t)(value - c->items->at) - 1;
    take_out(c->items, at);
    take_out(c->items, at);
    return cnn_paste_step(c->p, c->items->count);
}

static bool do_setdefault(const method_call *c)
{
    if (!has_arguments(c, 1)) {
        return false;
    }
    const cnn_py *value = cnn_dict_find(c->items, &c->args->at[0].value);
    *c->out = value != NULL ? *value : c->args->count > 1 ? c->args->at[1].value : cnn_py_none();
    return value != NULL || cnn_dict_set(c->p, c->items, &c->args->at[0].value, c->out);
}

static bool do_update(const method_call *c)
{
    cnn_py more;
    *c->out = cnn_py_none();
    return cnn_dict_make(c->p, c->args, &more) && cnn_dict_add_all(c->p, c->items, more.items);
}

static bool do_add(const method_call *c)
{
    *c->out = cnn_py_none();
    return has_arguments(c, 1) &&
           cnn_dict_set(c->p, c->items, &c->args->at[0].value, &c->args->at[0].value);
}

static bool do_copy_dict(const method_call *c)
{
    return cnn_py_items(c->p, CNN_PY_DICT, 0, c->out) &&
           cnn_py_append_all(c->p, c->out->items, c->items);
}

/* The keys, the values, or pairs of both. */
static bool list_of(const method_call *c, bool keys, bool values)
{
    if (!cnn_py_items(c->p, CNN_PY_LIST, c->items->count / 2, c->out)) {
        return false;
    }
    for (int32_t i = 0; i < c->items->count; i += 2) {
        cnn_py *to = &c->out->items->at[c->out->items->count++];
        if (keys != values) {
            /* The key of a pair, or its value, one place later. */
            *to = c->items->at[i + values];
        } else if (!cnn_py_items(c->p, CNN_PY_TUPLE, 2, to) ||
                   !cnn_py_append(c->p, to->items, &c->items->at[i]) ||
                   !cnn_py_append(c->p, to->items, &c->items->at[i + 1])) {
            return false;
        }
    }
    return true;
}

static bool do_keys(const method_call *c)
{
    return list_of(c, true, false);
}

static bool do_values(const method_call *c)
{
    return list_of(c, false, true);
}

static bool do_items(const method_call *c)
{
    return list_of(c, true, true);
}

static bool dict_method(const method_call *c, cnn_text name)
{
    static const method_row rows[] = {
        {"get", "key default", do_get},
        {"keys", "", do_keys},
        {"values", "", do_values},
        {"items", "", do_items},
        {"pop", "key default", do_pop_key},
        {"setdefault", "key default", do_setdefault},
        {"update", "other **", do_update},
        {"copy", "", do_copy_dict},
        {"clear", "", do_clear},
        {"add", "element", do_add},
    };
    if (!cnn_paste_step(c->p, cnn_paste_search(c->items->count, 0))) {
        return false;
    }
    bool found = false;
    return call_row(rows, CNN_LENGTH(rows), name, c, &found) && (found || refuse(c));
}

bool cnn_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                bool *found, cnn_py *out)
{
    const bool holds =
        object->kind == CNN_PY_LIST || object->kind == CNN_PY_TUPLE || object->kind == CNN_PY_DICT;
    const method_call call = {p, holds ? object->items : NULL, args, out};
    *found = holds;
    switch (object->kind) {
    case CNN_PY_LIST:
        *out = cnn_py_none();
        return list_method(&call, name);
    case CNN_PY_TUPLE:
        return tuple_method(&call, name);
    case CNN_PY_DICT:
        *out = cnn_py_none();
        return dict_method(&call, name);
    case CNN_PY_TENSOR:
        *found = true;
        return cnn_tensor_method(p, object, name, args, out);
    case CNN_PY_MODULE:
        return cnn_module_method(p, object, name, args, found, out);
    case CNN_PY_STRING:
        *found = true;
        return cnn_string_method(p, object, name, args, out);
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
