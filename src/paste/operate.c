/* Operators, comparisons, indices and attributes of the values of Python. */
#include "paste/paste.h"

#include "base/checked.h"

static bool is_int(const cnn_py *v)
{
    return v->kind == CNN_PY_INT || v->kind == CNN_PY_BOOL;
}

static bool is_number(const cnn_py *v)
{
    return is_int(v) || v->kind == CNN_PY_FLOAT;
}

static double real_of(const cnn_py *v)
{
    return v->kind == CNN_PY_FLOAT ? v->real : (double)v->number;
}

static bool not_followed(cnn_paster *p, const cnn_py_node *node)
{
    return cnn_paste_fail(p, CNN_E_PASTE_NOT_FOLLOWED, node->span,
                          cnn_text_part(p->text, node->span), (cnn_text){0});
}

static bool no_value(cnn_paster *p, const cnn_py *name)
{
    return cnn_paste_fail(p, CNN_E_PASTE_NAME, name->origin, cnn_text_part(p->text, name->origin),
                          (cnn_text){0});
}

/* Division as in Python: rounded down, the rest has the divisor's sign. b is not 0. */
static int64_t floor_divided(int64_t a, int64_t b)
{
    const int64_t quotient = a / b;
    return quotient - (a % b != 0 && (a < 0) != (b < 0));
}

static bool raise(int64_t base, int64_t exponent, int64_t *out)
{
    int64_t result = 1;
    if (base == 0 || base == 1) {
        *out = exponent == 0 ? 1 : base;
        return true;
    }
    for (; exponent > 0; exponent--) { /* ends after 63 steps, because |base| >= 2 or it is -1 */
        if (base == -1) {
            *out = exponent % 2 == 0 ? 1 : -1;
            return true;
        }
        if (!cnn_checked_mul(result, base, &result)) {
            return false;
        }
    }
    *out = result;
    return true;
}

static bool operate_ints(cnn_paster *p, const cnn_py_node *node, int64_t a, int64_t b, cnn_py *out)
{
    bool fits = true;
    int64_t n = 0;
    if (b == 0 && (node->op == '/' || node->op == CNN_OP_FLOOR || node->op == '%')) {
        return cnn_paste_fail(p, CNN_E_PASTE_ZERO, node->span, (cnn_text){0}, (cnn_text){0});
    }
    switch (node->op) {
    case '+':
        fits = cnn_checked_add(a, b, &n);
        break;
    case '-':
        fits = cnn_checked_sub(a, b, &n);
        break;
    case '*':
        fits = cnn_checked_mul(a, b, &n);
        break;
    case CNN_OP_FLOOR:
        fits = b != -1 || a != INT64_MIN;
        n = fits ? floor_divided(a, b) : 0;
        break;
    case '%':
        n = b == -1 ? 0 : a - floor_divided(a, b) * b;
        break;
    case CNN_OP_POWER:
        if (b >= 0) {
            fits = raise(a, b, &n);
            break;
        }
        return not_followed(p, node);
    case '/':
        *out = (cnn_py){.kind = CNN_PY_FLOAT, .real = (double)a / (double)b, .origin = node->span};
        return true;
    default:
        return not_followed(p, node);
    }
    *out = cnn_py_int(n, node->span);
    return fits ||
           cnn_paste_fail(p, CNN_E_OVERFLOW, node->span, cnn_text_of("the result"), (cnn_text){0});
}

static bool operate_reals(cnn_paster *p, const cnn_py_node *node, double a, double b, cnn_py *out)
{
    double n = a;
    switch (node->op) {
    case '+':
        n = a + b;
        break;
    case '-':
        n = a - b;
        break;
    case '*':
        n = a * b;
        break;
    case '/':
    case CNN_OP_FLOOR:
        if (b - 0 == 0) {
            return cnn_paste_fail(p, CNN_E_PASTE_ZERO, node->span, (cnn_text){0}, (cnn_text){0});
        }
        n = a / b;
        if (node->op == CNN_OP_FLOOR) {
            if (n > 1e15 || n < -1e15) {
                return not_followed(p, node);
            }
            const int64_t whole = (int64_t)n;
            n = (double)(whole - ((double)whole > n));
        }
        break;
    case CNN_OP_POWER:
        if (b >= 0 && b <= 64 && (double)(int64_t)b - b == 0) {
            n = 1;
            for (int64_t i = (int64_t)b; i > 0; i--) {
                n *= a;
            }
            break;
        }
        return not_followed(p, node);
    default:
        return not_followed(p, node);
    }
    *out = (cnn_py){.kind = CNN_PY_FLOAT, .real = n, .origin = node->span};
    return true;
}

static bool is_list(const cnn_py *v)
{
    return v->kind == CNN_PY_LIST || v->kind == CNN_PY_TUPLE;
}

/* [a] + [b], [a] * 3 */
static bool operate_lists(cnn_paster *p, const cnn_py_node *node, const cnn_py *a, const cnn_py *b,
                          cnn_py *out)
{
    const bool times = node->op == '*' && is_int(b);
    if (!times && !(node->op == '+' && is_list(b))) {
        return not_followed(p, node);
    }
    if (!cnn_py_items(p, (cnn_py_kind)a->kind, 0, out)) {
        return false;
    }
    const int64_t rounds = times ? b->number : 1;
    for (int64_t i = 0; i < rounds; i++) {
        for (int32_t k = 0; k < a->items->count; k++) {
            if (!cnn_paste_step(p, 1) || !cnn_py_append(p, out->items, &a->items->at[k])) {
                return false;
            }
        }
        if (!cnn_paste_step(p, 1)) {
            return false;
        }
    }
    for (int32_t k = 0; !times && k < b->items->count; k++) {
        if (!cnn_paste_step(p, 1) || !cnn_py_append(p, out->items, &b->items->at[k])) {
            return false;
        }
    }
    return true;
}

static bool operate_tensors(cnn_paster *p, const cnn_py_node *node, const cnn_py *a,
                            const cnn_py *b, cnn_py *out)
{
    const cnn_py parts[] = {*a, *b};
    if (a->kind == CNN_PY_TENSOR && b->kind == CNN_PY_TENSOR) {
        if (node->op != '+' && node->op != '-' && node->op != '*' && node->op != '/') {
            return not_followed(p, node);
        }
        const bool adds = node->op == '+' || node->op == '-';
        return cnn_tensor_join(p, adds ? "add" : "mul", node, parts, 2, out);
    }
    const cnn_py *other = a->kind == CNN_PY_TENSOR ? b : a;
    if (node->op == '@' || is_list(other) || other->kind == CNN_PY_NONE) {
        return not_followed(p, node);
    }
    if (other->kind == CNN_PY_OPAQUE && cnn_text_is(other->text, "nn.Parameter")) {
        return cnn_paste_refuse(p, node->span, other->text,
                                "makes parameters by hand, which are not followed");
    }
    *out = a->kind == CNN_PY_TENSOR ? *a : *b; /* numbers change no size */
    return true;
}

bool cnn_operate(cnn_paster *p, const cnn_py_node *node, const cnn_py *a, const cnn_py *b,
                 cnn_py *out)
{
    if (a->kind == CNN_PY_TENSOR || b->kind == CNN_PY_TENSOR) {
        return operate_tensors(p, node, a, b, out);
    }
    if (is_int(a) && is_int(b)) {
        return operate_ints(p, node, a->number, b->number, out);
    }
    if (is_number(a) && is_number(b)) {
        return operate_reals(p, node, real_of(a), real_of(b), out);
    }
    if (is_list(a)) {
        return operate_lists(p, node, a, b, out);
    }
    if (is_list(b) && is_int(a) && node->op == '*') {
        return operate_lists(p, node, b, a, out);
    }
    if (a->kind == CNN_PY_STRING && node->op == '+' && b->kind == CNN_PY_STRING) {
        *out = *a;
        out->text = cnn_paste_join(p, a->text, "", b->text);
        return p->err->code == CNN_OK;
    }
    if (a->kind == CNN_PY_STRING && node->op == '%') {
        return cnn_string_percent(p, a, b, out);
    }
    if (a->kind == CNN_PY_STRING && node->op == '*') {
        *out = cnn_py_opaque("text");
        return true;
    }
    if (a->kind == CNN_PY_BATCH || b->kind == CNN_PY_BATCH) {
        *out = (cnn_py){.kind = CNN_PY_BATCH, .number = 1}; /* some number of samples */
        return true;
    }
    if (a->kind == CNN_PY_NAME || b->kind == CNN_PY_NAME) {
        return no_value(p, a->kind == CNN_PY_NAME ? a : b);
    }
    if (a->kind == CNN_PY_OPAQUE || b->kind == CNN_PY_OPAQUE) {
        *out = a->kind == CNN_PY_OPAQUE ? *a : *b;
        return true;
    }
    return not_followed(p, node);
}

/* ---- comparisons ---- */

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

static bool ordered(uint8_t op, double a, double b)
{
    return op == '<' ? a < b : op == '>' ? a > b : op == CNN_OP_AT_MOST ? a <= b : a >= b;
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
    const cnn_py *unknown = a->kind == CNN_PY_NAME ? a : b->kind == CNN_PY_NAME ? b : NULL;
    const bool both = a->kind == CNN_PY_NAME && b->kind == CNN_PY_NAME;
    if (unknown != NULL && !both && a->kind != CNN_PY_NONE && b->kind != CNN_PY_NONE &&
        a->kind != CNN_PY_OPAQUE && b->kind != CNN_PY_OPAQUE) {
        if (!cnn_word_is(unknown->text, "__name__")) {
            return no_value(p, unknown);
        }
        *out = cnn_py_bool(true); /* __name__ == '__main__' */
        return true;
    }
    const bool opaque = a->kind == CNN_PY_OPAQUE || b->kind == CNN_PY_OPAQUE;
    const bool none = a->kind == CNN_PY_NONE || b->kind == CNN_PY_NONE;
    if (opaque && !identity && !none) {
        *out = a->kind == CNN_PY_OPAQUE ? *a : *b;
        return true;
    }
    switch (op) {
    case 's':
    case CNN_OP_EQUAL:
        *out = cnn_py_bool(cnn_py_equal(a, b));
        return true;
    case 'S':
    case CNN_OP_UNEQUAL:
        *out = cnn_py_bool(!cnn_py_equal(a, b));
        return true;
    case 'i':
    case 'I':
        if (!is_list(b) && b->kind != CNN_PY_DICT) {
            return not_followed(p, node);
        }
        *out = cnn_py_bool(contains(b, a) == (op == 'i'));
        return true;
    default:
        break;
    }
    if (!is_number(a) || !is_number(b)) {
        return not_followed(p, node);
    }
    *out = cnn_py_bool(is_int(a) && is_int(b) && op == '<' ? a->number < b->number
                                                           : ordered(op, real_of(a), real_of(b)));
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
        *out = value->module->container == CNN_CONTAINER_NONE || value->module->count > 0;
        return true;
    case CNN_PY_CLASS:
    case CNN_PY_FUNCTION:
        *out = true;
        return true;
    case CNN_PY_NAME:
        return no_value(p, value);
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

/* ---- sequences and indices ---- */

static bool keys_of(cnn_paster *p, const cnn_items *dict, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_LIST, dict->count / 2, out)) {
        return false;
    }
    for (int32_t i = 0; i + 1 < dict->count; i += 2) {
        out->items->at[out->items->count++] = dict->at[i];
    }
    return true;
}

/* The children of a container. */
static bool children_of(cnn_paster *p, const cnn_module *module, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    for (const cnn_variable *m = module->members; m != NULL; m = m->next) {
        const bool child =
            cnn_module_is_layer(&m->value) || m->value.kind == CNN_PY_TENSOR ||
            (m->value.kind == CNN_PY_NONE && module->container == CNN_CONTAINER_LIST);
        if (!cnn_paste_step(p, 1) || (child && !cnn_py_append(p, out->items, &m->value))) {
            return false;
        }
    }
    return true;
}

bool cnn_sequence(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, cnn_items **out)
{
    cnn_py list;
    switch (value->kind) {
    case CNN_PY_LIST:
    case CNN_PY_TUPLE:
        *out = value->items;
        return true;
    case CNN_PY_DICT:
        if (!keys_of(p, value->items, &list)) {
            return false;
        }
        *out = list.items;
        return true;
    case CNN_PY_MODULE:
        if (value->module->container == CNN_CONTAINER_NONE) {
            break;
        }
        if (!children_of(p, value->module, &list)) {
            return false;
        }
        *out = list.items;
        return true;
    case CNN_PY_STRING:
        if (!cnn_py_items(p, CNN_PY_LIST, 0, &list)) {
            return false;
        }
        for (size_t i = 0; i < value->text.size; i++) {
            const cnn_py letter = {.kind = CNN_PY_STRING, .text = {value->text.data + i, 1}};
            if (!cnn_paste_step(p, 1) || !cnn_py_append(p, list.items, &letter)) {
                return false;
            }
        }
        *out = list.items;
        return true;
    case CNN_PY_NAME:
        return no_value(p, value);
    default:
        break;
    }
    return not_followed(p, node);
}

/* Where a slice's border lies in `count` elements. */
static int64_t border(const cnn_py *value, int64_t count, int64_t otherwise)
{
    const int64_t at = is_int(value) ? value->number : otherwise;
    const int64_t from = at < 0 ? at + count : at;
    return from < 0 ? 0 : from > count ? count : from;
}

static bool slice(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                  const cnn_items *range, cnn_py *out)
{
    cnn_items *items;
    if (!cnn_sequence(p, node, object, &items)) {
        return false;
    }
    const int64_t count = items->count;
    const int64_t step = is_int(&range->at[2]) ? range->at[2].number : 1;
    if (step == 0 || step < -1) {
        return not_followed(p, node);
    }
    const cnn_py_kind kind = object->kind == CNN_PY_TUPLE ? CNN_PY_TUPLE : CNN_PY_LIST;
    if (!cnn_py_items(p, kind, 0, out)) {
        return false;
    }
    const bool back = step < 0;
    const int64_t from = border(&range->at[0], count, 0), to = border(&range->at[1], count, count);
    for (int64_t i = from; i < to; i += back ? 1 : step) {
        const cnn_py *item = &items->at[back ? to - 1 - (i - from) : i];
        if (!cnn_paste_step(p, 1) || !cnn_py_append(p, out->items, item)) {
            return false;
        }
    }
    if (object->kind != CNN_PY_MODULE) {
        return true;
    }
    cnn_module *part = cnn_module_new(p, node); /* features[:5] */
    if (part == NULL) {
        return false;
    }
    part->container = object->module->container;
    for (int32_t i = 0; i < out->items->count; i++) {
        if (!cnn_module_append(p, part, &out->items->at[i])) {
            return false;
        }
    }
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = part};
    return true;
}

bool cnn_index(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, const cnn_py *index,
               cnn_py *out)
{
    if (object->kind == CNN_PY_TENSOR) {
        return cnn_tensor_index(p, node, object->tensor, index, out);
    }
    if (object->kind == CNN_PY_SAMPLES) {
        return cnn_samples_index(p, node, object, index, out);
    }
    if (object->kind == CNN_PY_OPAQUE) {
        *out = *object;
        return true;
    }
    if (object->kind == CNN_PY_NAME) {
        *out = *object;
        out->origin = node->span;
        return true;
    }
    if (index->kind == CNN_PY_SLICE) {
        return slice(p, node, object, index->items, out);
    }
    const bool by_key = object->kind == CNN_PY_DICT ||
                        (object->kind == CNN_PY_MODULE && index->kind == CNN_PY_STRING);
    if (by_key) {
        const cnn_py *found = object->kind == CNN_PY_DICT
                                  ? cnn_dict_find(object->items, index)
                                  : cnn_member_find(object->module, index->text);
        *out = found != NULL ? *found : cnn_py_none();
        return found != NULL || not_followed(p, node);
    }
    cnn_items *items;
    if (!cnn_sequence(p, node, object, &items)) {
        return false;
    }
    if (index->kind == CNN_PY_NAME) {
        return no_value(p, index);
    }
    if (!is_int(index)) {
        return not_followed(p, node);
    }
    const int64_t i = index->number < 0 ? index->number + items->count : index->number;
    if (i < 0 || i >= items->count) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_INDEX, node->span, index->number, items->count);
    }
    *out = items->at[i];
    return true;
}

/* ---- attributes ---- */

static bool module_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                             cnn_py *out)
{
    const cnn_module *module = object->module;
    const cnn_py *found = cnn_member_find(module, node->text);
    const bool own = found != NULL; /* a function that was stored is no method */
    if (found == NULL && module->type != NULL) {
        found = cnn_class_find(module->type, node->text);
    }
    if (found == NULL && module->row != NULL && module->args != NULL) {
        found = cnn_arg_named(module, node->text);
    }
    if (found != NULL) {
        *out = *found;
        const bool method = out->kind == CNN_PY_FUNCTION && !own;
        if (method && out->function->node->op == CNN_PROPERTY) {
            const cnn_arguments none = {.call = node};
            return cnn_call_function(p, found->function, object->module, &none, out);
        }
        if (method && out->function->node->op != CNN_STATIC_METHOD) {
            out->self = object->module;
        }
        return true;
    }
    if (cnn_word_is(node->text, "training")) {
        *out = cnn_py_bool(false);
        return true;
    }
    if (module->container == CNN_CONTAINER_GRAPH && cnn_word_is(node->text, "output")) {
        *out = module->outputs;
        return true;
    }
    if (module->container == CNN_CONTAINER_GRAPH && cnn_word_is(node->text, "input")) {
        *out = module->inputs;
        return true;
    }
    *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
    return true;
}

static bool tensor_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                             cnn_py *out)
{
    if (cnn_word_is(node->text, "shape")) {
        return cnn_tensor_shape(p, object->tensor, out);
    }
    *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
    if (cnn_word_is(node->text, "data")) {
        *out = *object;
    } else if (cnn_word_is(node->text, "is_cuda") || cnn_word_is(node->text, "requires_grad")) {
        *out = cnn_py_bool(false);
    } else if (cnn_word_is(node->text, "ndim")) {
        *out = cnn_py_int(object->tensor->shape.axes + 2, node->span);
    }
    return true;
}

bool cnn_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, cnn_py *out)
{
    const cnn_py *found;
    switch (object->kind) {
    case CNN_PY_NAME:
        found = cnn_word_is(object->text, "self") ? cnn_frame_find(p->frame, node->text) : NULL;
        if (found != NULL) {
            *out = *found;
            return true;
        }
        if (!cnn_defined(p, cnn_text_part(p->text, node->span), out)) {
            *out = (cnn_py){.kind = CNN_PY_NAME, .text = node->text, .origin = node->span};
        }
        return true;
    case CNN_PY_MODULE:
        return module_attribute(p, node, object, out);
    case CNN_PY_CLASS:
        found = cnn_class_find(object->type, node->text);
        *out = found != NULL ? *found : cnn_py_opaque("attribute");
        return true;
    case CNN_PY_TENSOR:
        return tensor_attribute(p, node, object, out);
    case CNN_PY_SAMPLES:
        return cnn_samples_attribute(p, node, object, out);
    default:
        *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
        return true;
    }
}
