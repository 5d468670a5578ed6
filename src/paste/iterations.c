/* Functions of Python that go through several lists or call a function for each element. */
#include "paste/flow.h"

/* The positional arguments from `from` on as lists, and the length of the shortest one. */
static bool lists_of(cnn_paster *p, const cnn_arguments *args, int32_t from, bool strict,
                     cnn_items ***out, int32_t *lists, int32_t *shortest)
{
    *out = cnn_paste_take(p, (size_t)args->count, sizeof **out);
    *lists = 0;
    if (*out == NULL) {
        return false;
    }
    for (int32_t i = from; i < args->count && args->at[i].name.size == 0; i++) {
        cnn_items **list = &(*out)[*lists];
        if (!cnn_sequence(p, args->call, &args->at[i].value, list)) {
            return false;
        }
        if (strict && *lists > 0 && (*list)->count != *shortest) {
            return cnn_paste_refuse(p, args->call->span, cnn_text_of("zip"),
                                    "is strict here, and its lists differ in length");
        }
        *shortest = *lists == 0 || (*list)->count < *shortest ? (*list)->count : *shortest;
        ++*lists;
    }
    return true;
}

static bool call_zip(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *strict = cnn_argument_given(args, "strict", INT32_MAX);
    bool equal = false;
    cnn_items **lists;
    int32_t count, shortest = 0;
    if (args->count < 1) {
        return cnn_call_not_followed(p, args);
    }
    if ((strict != NULL && !cnn_py_truth(p, args->call, strict, &equal)) ||
        !lists_of(p, args, 0, equal, &lists, &count, &shortest) ||
        !cnn_py_items(p, CNN_PY_LIST, shortest, out)) {
        return false;
    }
    for (int32_t i = 0; i < shortest; i++) {
        cnn_py *row = &out->items->at[out->items->count++];
        if (!cnn_paste_step(p, count) || !cnn_py_items(p, CNN_PY_TUPLE, count, row)) {
            return false;
        }
        for (int32_t k = 0; k < count; k++) {
            row->items->at[row->items->count++] = lists[k]->at[i];
        }
    }
    return true;
}

/* map(f, list, ...): what f gives for each. */
static bool call_map(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items **lists;
    int32_t count, shortest = 0;
    if (args->count < 2) {
        return cnn_call_not_followed(p, args);
    }
    if (!lists_of(p, args, 1, false, &lists, &count, &shortest) ||
        !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    for (int32_t i = 0; i < shortest; i++) {
        cnn_arguments each = {cnn_paste_take(p, (size_t)count, sizeof *each.at), count, args->call};
        cnn_py value;
        for (int32_t k = 0; each.at != NULL && k < count; k++) {
            each.at[k] = (cnn_argument){.value = lists[k]->at[i]};
        }
        if (each.at == NULL || !cnn_call(p, &args->at[0].value, &each, &value) ||
            !cnn_py_append(p, out->items, &value)) {
            return false;
        }
    }
    return true;
}

static bool call_filter(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *items;
    if (!cnn_argument_sequence(p, args, 1, &items) || !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        cnn_py value;
        bool keep;
        if (!cnn_py_key(p, args, &args->at[0].value, &items->at[i], &value) ||
            !cnn_py_truth(p, args->call, &value, &keep) ||
            (keep && !cnn_py_append(p, out->items, &items->at[i]))) {
            return false;
        }
    }
    return true;
}

/* functools.reduce(f, list, start) */
static bool call_reduce(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *start = cnn_argument_given(args, "initial", 2);
    cnn_items *items;
    if (!cnn_argument_sequence(p, args, 1, &items)) {
        return false;
    }
    if (start == NULL && items->count == 0) {
        return cnn_call_not_followed(p, args);
    }
    *out = start != NULL ? *start : items->at[0];
    for (int32_t i = start == NULL; i < items->count; i++) {
        cnn_argument two[] = {{.value = *out}, {.value = items->at[i]}};
        cnn_arguments both = {two, 2, args->call};
        if (!cnn_call(p, &args->at[0].value, &both, out)) {
            return false;
        }
    }
    return true;
}

/* itertools.chain(a, b) and chain.from_iterable([a, b]) */
static bool chained(cnn_paster *p, const cnn_arguments *args, const cnn_items *lists, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    for (int32_t i = 0; i < lists->count; i++) {
        cnn_items *items;
        if (!cnn_sequence(p, args->call, &lists->at[i], &items) ||
            !cnn_py_append_all(p, out->items, items)) {
            return false;
        }
    }
    return true;
}

static bool call_chain(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items lists = {0};
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_py_append(p, &lists, &args->at[i].value)) {
            return false;
        }
    }
    return chained(p, args, &lists, out);
}

static bool call_from_iterable(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items *lists;
    return cnn_argument_sequence(p, args, 0, &lists) && chained(p, args, lists, out);
}

/* itertools.product(a, b): each with each, the last list fastest. */
static bool call_product(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_items **lists;
    int32_t count, shortest = 0;
    if (!lists_of(p, args, 0, false, &lists, &count, &shortest) ||
        !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    int32_t *at = cnn_paste_take(p, (size_t)count + 1, sizeof *at);
    if (at == NULL || shortest == 0) {
        return at != NULL;
    }
    memset(at, 0, (size_t)count * sizeof *at);
    for (int32_t last = count; last >= 0;) {
        cnn_py row;
        bool done = cnn_py_items(p, CNN_PY_TUPLE, 0, &row);
        for (int32_t i = 0; done && i < count; i++) {
            done = cnn_py_append(p, row.items, &lists[i]->at[at[i]]);
        }
        if (!done || !cnn_py_append(p, out->items, &row)) {
            return false;
        }
        for (last = count - 1; last >= 0 && ++at[last] == lists[last]->count; last--) {
            at[last] = 0;
        }
    }
    return true;
}

/* itertools.repeat(value, times) */
static bool call_repeat(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    int64_t times;
    if (args->count != 2 || !cnn_argument_whole(p, args, 1, &times)) {
        return args->count == 2 ? false : cnn_call_not_followed(p, args);
    }
    bool done = cnn_py_items(p, CNN_PY_LIST, 0, out);
    for (int64_t i = 0; done && i < times; i++) {
        done = cnn_py_append(p, out->items, &args->at[0].value);
    }
    return done;
}

/* What iter(), a generator, zip() and the like make is a list here; its first element is taken off.
 */
static bool call_next(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0), *none = cnn_argument_given(args, "default", 1);
    if (value == NULL || value->kind != CNN_PY_LIST || (value->items->count == 0 && none == NULL)) {
        return cnn_call_not_followed(p, args);
    }
    cnn_items *items = value->items;
    if (items->count == 0) {
        *out = *none;
        return true;
    }
    *out = items->at[0];
    items->at++;
    items->count--;
    items->room--;
    return true;
}

static const cnn_py_row rows[] = {
    {.name = "map", .takes = "*", .call = call_map, .hands_on = true},
    {.name = "product", .takes = "*", .call = call_product, .hands_on = true},
    {.name = "repeat", .takes = "object times", .call = call_repeat},
    {.name = "filter", .takes = "function iterable", .call = call_filter},
    {.name = "reduce", .takes = "function iterable initial", .call = call_reduce},
    {.name = "chain", .takes = "*", .call = call_chain, .hands_on = true},
    {.name = "from_iterable", .takes = "iterable", .call = call_from_iterable, .hands_on = true},
    {.name = "next", .takes = "iterator default", .call = call_next, .hands_on = true},
    {.name = "zip", .takes = "* strict", .call = call_zip, .hands_on = true},
};

const cnn_py_rows cnn_iteration_rows = {rows, CNN_LENGTH(rows)};
