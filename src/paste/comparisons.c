/* Which values of Python are equal, which come first, which are true. */
#include "paste/flow.h"

static bool equal(const cnn_py *a, const cnn_py *b, int32_t *budget);

/* Whether both have the same keys with the same values. */
static bool equal_dicts(const cnn_items *a, const cnn_items *b, int32_t *budget)
{
    bool all = a->count == b->count;
    for (int32_t i = 0; all && i < a->count; i += 2) {
        int32_t k = 0;
        /* Most often they are in the same order. */
        if (equal(&a->at[i], &b->at[i], budget)) {
            k = i;
        } else {
            while (k < b->count && !equal(&a->at[i], &b->at[k], budget)) {
                k += *budget < 0 ? b->count : 2;
            }
        }
        all = k < b->count && equal(&a->at[i + 1], &b->at[k + 1], budget);
    }
    return all;
}

/* Lists may hold themselves, or one another many times: `budget` comparisons are made. */
static bool equal(const cnn_py *a, const cnn_py *b, int32_t *budget)
{
    if (--*budget < 0) {
        return false;
    }
    if (cnn_py_is_int(a) && cnn_py_is_int(b)) {
        return a->number == b->number;
    }
    if (a->kind != b->kind) {
        /* Of different kinds only a whole number and a float may be equal: 1 == 1.0. */
        return cnn_py_is_number(a) && cnn_py_is_number(b) &&
               cnn_py_as_real(a) - cnn_py_as_real(b) == 0;
    }
    switch (a->kind) {
    case CNN_PY_NONE:
    case CNN_PY_BATCH:
        return true;
    case CNN_PY_FLOAT:
        return a->real - b->real == 0;
    case CNN_PY_STRING:
    case CNN_PY_NAME:
    case CNN_PY_OPAQUE:
        return cnn_words_equal(a->text, b->text);
    case CNN_PY_LIST:
    case CNN_PY_TUPLE:
        for (int32_t i = 0; i < a->items->count; i++) {
            if (i >= b->items->count || !equal(&a->items->at[i], &b->items->at[i], budget)) {
                return false;
            }
        }
        return a->items->count == b->items->count;
    case CNN_PY_DICT:
        return equal_dicts(a->items, b->items, budget);
    default:
        return a->module == b->module; /* the same object */
    }
}

bool cnn_py_equal(const cnn_py *a, const cnn_py *b)
{
    int32_t budget = 1000;
    return equal(a, b, &budget);
}

static bool contains(const cnn_py *list, const cnn_py *value)
{
    const int32_t step = list->kind == CNN_PY_DICT ? 2 : 1;
    for (int32_t i = 0; i < list->items->count; i += step) {
        if (cnn_py_equal(&list->items->at[i], value)) {
            return true;
        }
    }
    return false;
}

/* 'conv' in name */
static bool within(cnn_text part, cnn_text text)
{
    for (size_t at = 0; at + part.size <= text.size; at++) {
        if (part.size == 0 || memcmp(text.data + at, part.data, part.size) == 0) {
            return true;
        }
    }
    return false;
}

/* Less as -1, more as 1: numbers, strings by their code points, lists by the first elements that
 * differ. False: an order that is not followed. */
static bool order(const cnn_py *a, const cnn_py *b, int32_t depth, int32_t *out)
{
    if (cnn_py_is_number(a) && cnn_py_is_number(b)) {
        /* As doubles, whole numbers beyond 2^53 may become equal. */
        const bool ints = cnn_py_is_int(a) && cnn_py_is_int(b);
        const double x = cnn_py_as_real(a), y = cnn_py_as_real(b);
        *out = ints ? (a->number > b->number) - (a->number < b->number) : (x > y) - (x < y);
        return true;
    }
    if (a->kind != b->kind || depth == 0) {
        return false;
    }
    if (a->kind == CNN_PY_STRING) {
        const size_t size = a->text.size < b->text.size ? a->text.size : b->text.size;
        const int first = size == 0 ? 0 : memcmp(a->text.data, b->text.data, size);
        *out = first != 0 ? first : (a->text.size > b->text.size) - (a->text.size < b->text.size);
        *out = (*out > 0) - (*out < 0);
        return true;
    }
    if (!cnn_py_is_list(a)) {
        return false;
    }
    const cnn_items *left = a->items, *right = b->items;
    for (int32_t i = 0; i < left->count && i < right->count; i++) {
        if (!cnn_py_equal(&left->at[i], &right->at[i])) {
            return order(&left->at[i], &right->at[i], depth - 1, out);
        }
    }
    *out = (left->count > right->count) - (left->count < right->count);
    return true;
}

bool cnn_py_less(cnn_paster *p, const cnn_arguments *args, const cnn_py *a, const cnn_py *b,
                 bool *out)
{
    int32_t sign;
    if (!order(a, b, CNN_MAX_NESTING, &sign)) {
        const cnn_py *unknown = a->kind == CNN_PY_NAME ? a : b->kind == CNN_PY_NAME ? b : NULL;
        return unknown != NULL ? cnn_no_value(p, unknown) : cnn_call_not_followed(p, args);
    }
    *out = sign < 0;
    return true;
}

/* a is b: the same object, or the same number, None or word. */
static bool same(const cnn_py *a, const cnn_py *b)
{
    const bool holds = cnn_py_is_list(a) || a->kind == CNN_PY_DICT;
    return holds ? a->kind == b->kind && a->items == b->items
                 : a->kind == b->kind && cnn_py_equal(a, b);
}

/* type(x) in (int, float) */
static bool all_names(const cnn_py *list)
{
    bool all = cnn_py_is_list(list);
    for (int32_t i = 0; all && i < list->items->count; i++) {
        all = list->items->at[i].kind == CNN_PY_NAME;
    }
    return all;
}

/* The steps of looking for a in b. */
static int64_t cost_of(const cnn_py *a, const cnn_py *b)
{
    const bool texts = a->kind == CNN_PY_STRING && b->kind == CNN_PY_STRING;
    const bool holds = cnn_py_is_list(b) || b->kind == CNN_PY_DICT;
    return texts   ? cnn_paste_search((int64_t)b->text.size, (int64_t)a->text.size)
           : holds ? cnn_paste_search(b->items->count, 0)
                   : 0;
}

bool cnn_compare(cnn_paster *p, const cnn_py_node *node, const cnn_py *a, const cnn_py *b,
                 cnn_py *out)
{
    const uint8_t op = node->op;
    const bool identity = op == 's' || op == 'S';
    if (!identity && (a->kind == CNN_PY_TENSOR || b->kind == CNN_PY_TENSOR ||
                      a->kind == CNN_PY_BATCH || b->kind == CNN_PY_BATCH)) {
        *out = cnn_py_opaque("data"); /* truth of it is refused */
        return true;
    }
    /* A name without a value may be compared with None and with another such name. Against anything
     * else its value would decide. */
    const cnn_py *unknown = a->kind == CNN_PY_NAME ? a : b->kind == CNN_PY_NAME ? b : NULL;
    const bool both = a->kind == CNN_PY_NAME && (b->kind == CNN_PY_NAME || all_names(b));
    if (unknown != NULL && !both && a->kind != CNN_PY_NONE && b->kind != CNN_PY_NONE &&
        a->kind != CNN_PY_OPAQUE && b->kind != CNN_PY_OPAQUE) {
        if (!cnn_word_is(unknown->text, "__name__")) {
            return cnn_no_value(p, unknown);
        }
        *out = cnn_py_bool(true); /* __name__ == '__main__' */
        return true;
    }
    /* Something opaque is not None. All else about it stays unknown. */
    const bool opaque = a->kind == CNN_PY_OPAQUE || b->kind == CNN_PY_OPAQUE;
    const bool none = a->kind == CNN_PY_NONE || b->kind == CNN_PY_NONE;
    if (opaque && !identity && !none) {
        *out = a->kind == CNN_PY_OPAQUE ? *a : *b;
        return true;
    }
    switch (op) {
    case 's':
    case 'S':
        *out = cnn_py_bool(same(a, b) == (op == 's'));
        return true;
    case CNN_OP_EQUAL:
    case CNN_OP_UNEQUAL:
        *out = cnn_py_bool(cnn_py_equal(a, b) == (op == CNN_OP_EQUAL));
        return true;
    case 'i':
    case 'I':
        if (!cnn_paste_step(p, cost_of(a, b))) {
            return false;
        }
        if (a->kind == CNN_PY_STRING && b->kind == CNN_PY_STRING) {
            *out = cnn_py_bool(within(a->text, b->text) == (op == 'i'));
            return true;
        }
        if (!cnn_py_is_list(b) && b->kind != CNN_PY_DICT) {
            return cnn_not_followed(p, node->span);
        }
        *out = cnn_py_bool(contains(b, a) == (op == 'i'));
        return true;
    default:
        break;
    }
    int32_t sign;
    if (!order(a, b, CNN_MAX_NESTING, &sign)) {
        return cnn_not_followed(p, node->span);
    }
    *out = cnn_py_bool(op == '<'              ? sign < 0
                       : op == '>'            ? sign > 0
                       : op == CNN_OP_AT_MOST ? sign <= 0
                                              : sign >= 0);
    return true;
}

bool cnn_py_truth(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, bool *out)
{
    switch (value->kind) {
    case CNN_PY_NONE:
        *out = false;
        return true;
    case CNN_PY_BOOL:
    case CNN_PY_INT:
        *out = value->number != 0;
        return true;
    case CNN_PY_FLOAT:
        *out = value->real < 0 || value->real > 0;
        return true;
    case CNN_PY_STRING:
        *out = value->text.size > 0;
        return true;
    case CNN_PY_LIST:
    case CNN_PY_TUPLE:
    case CNN_PY_DICT:
        *out = value->items->count > 0;
        return true;
    case CNN_PY_MODULE:
        /* Containers have __len__, so an empty nn.Sequential() is false in Python. */
        *out = value->module->container == CNN_CONTAINER_NONE || value->module->count > 0;
        return true;
    case CNN_PY_CLASS:
    case CNN_PY_FUNCTION:
        *out = true;
        return true;
    case CNN_PY_NAME:
        return cnn_no_value(p, value);
    case CNN_PY_OPAQUE:
        if (p->frame == &p->globals) {
            *out = false; /* torch.cuda.is_available() builds nothing */
            return true;
        }
        break;
    default:
        break;
    }
    return cnn_paste_fail(p, CNN_E_PASTE_DATA, node->span, (cnn_text){0}, (cnn_text){0});
}
