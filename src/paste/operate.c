/* Operators of the values of Python. */
#include "base/checked.h"
#include "paste/flow.h"
#include "paste/reals.h"

enum { MOST_LETTERS = 1 << 16 }; /* of a string that is made */

bool cnn_no_value(cnn_paster *p, const cnn_py *name)
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

static bool operate_reals(cnn_paster *p, const cnn_py_node *node, double a, double b, cnn_py *out)
{
    double n = a, rest;
    bool fits = true;
    const bool divides = node->op == '/' || node->op == CNN_OP_FLOOR || node->op == '%';
    if (divides && b == 0) {
        return cnn_paste_fail(p, CNN_E_PASTE_ZERO, node->span, (cnn_text){0}, (cnn_text){0});
    }
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
        n = a / b;
        break;
    case CNN_OP_FLOOR:
        fits = cnn_real_divide(a, b, &n, &rest);
        break;
    case '%':
        fits = cnn_real_divide(a, b, &rest, &n);
        break;
    case CNN_OP_POWER:
        fits = cnn_real_power(a, b, &n);
        break;
    default:
        fits = false;
    }
    *out = (cnn_py){.kind = CNN_PY_FLOAT, .real = n, .origin = node->span};
    return fits || cnn_not_followed(p, node->span);
}

/* a << b or a >> b, which rounds down; b is not negative. */
static bool shift(uint8_t op, int64_t a, int64_t b, int64_t *out)
{
    const bool right = op == CNN_OP_RIGHT;
    *out = a;
    for (int64_t i = 0; i < b && *out != 0 && !(right && *out == -1); i++) {
        if (right) {
            *out = floor_divided(*out, 2);
        } else if (!cnn_checked_mul(*out, 2, out)) {
            return false;
        }
    }
    return true;
}

static int64_t operate_bits(uint8_t op, int64_t a, int64_t b)
{
    return op == '&' ? a & b : op == '|' ? a | b : op == '^' ? a ^ b : -1 - b; /* ~b */
}

static bool operate_ints(cnn_paster *p, const cnn_py_node *node, int64_t a, int64_t b, cnn_py *out)
{
    bool fits = true;
    int64_t n = 0;
    const bool divides = node->op == '/' || node->op == CNN_OP_FLOOR || node->op == '%';
    if (b == 0 && divides) {
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
        /* INT64_MIN / -1 does not fit, and both / and % may trap on it. */
        fits = b != -1 || a != INT64_MIN;
        n = fits ? floor_divided(a, b) : 0;
        break;
    case '%':
        n = b == -1 ? 0 : a - floor_divided(a, b) * b;
        break;
    case CNN_OP_POWER:
        if (b < 0) {
            return operate_reals(p, node, (double)a, (double)b, out); /* 2 ** -1 is 0.5 */
        }
        fits = raise(a, b, &n);
        break;
    case CNN_OP_LEFT:
    case CNN_OP_RIGHT:
        if (b < 0) {
            return cnn_not_followed(p, node->span);
        }
        fits = shift(node->op, a, b, &n);
        break;
    case '&':
    case '|':
    case '^':
    case '~':
        n = operate_bits(node->op, a, b);
        break;
    case '/':
        /* Always a float in Python 3, 4 / 2 too. */
        *out = (cnn_py){.kind = CNN_PY_FLOAT, .real = (double)a / (double)b, .origin = node->span};
        return true;
    default:
        return cnn_not_followed(p, node->span);
    }
    *out = cnn_py_int(n, node->span);
    return fits ||
           cnn_paste_fail(p, CNN_E_OVERFLOW, node->span, cnn_text_of("the result"), (cnn_text){0});
}

/* "ab" * 3 */
static bool repeat_text(cnn_paster *p, const cnn_py_node *node, const cnn_py *text, int64_t times,
                        cnn_py *out)
{
    const size_t size = text->text.size;
    *out = *text;
    out->text = (cnn_text){0};
    if (times <= 0 || size == 0) {
        return true;
    }
    int64_t all;
    if (!cnn_checked_mul((int64_t)size, times, &all)) {
        all = INT64_MAX;
    }
    if (all > MOST_LETTERS) {
        return cnn_not_followed(p, node->span);
    }
    char *copy = cnn_paste_take(p, (size_t)all, 1);
    for (int64_t i = 0; copy != NULL && i < times; i++) {
        memcpy(copy + (size_t)i * size, text->text.data, size);
    }
    out->text = (cnn_text){copy, (size_t)all};
    return copy != NULL;
}

/* [a] + [b], [a] * 3 */
static bool operate_lists(cnn_paster *p, const cnn_py_node *node, const cnn_py *a, const cnn_py *b,
                          cnn_py *out)
{
    const bool times = node->op == '*' && cnn_py_is_int(b);
    if (!times && !(node->op == '+' && cnn_py_is_list(b))) {
        return cnn_not_followed(p, node->span);
    }
    if (!cnn_py_items(p, (cnn_py_kind)a->kind, 0, out)) {
        return false;
    }
    const int64_t rounds = times ? b->number : 1;
    for (int64_t i = 0; i < rounds; i++) {
        if (!cnn_paste_step(p, 1) || !cnn_py_append_all(p, out->items, a->items)) {
            return false;
        }
    }
    return times || cnn_py_append_all(p, out->items, b->items);
}

static bool operate_tensors(cnn_paster *p, const cnn_py_node *node, const cnn_py *a,
                            const cnn_py *b, cnn_py *out)
{
    const cnn_py parts[] = {*a, *b};
    if (a->kind == CNN_PY_TENSOR && b->kind == CNN_PY_TENSOR && node->op != '@') {
        if (node->op != '+' && node->op != '-' && node->op != '*' && node->op != '/') {
            return cnn_not_followed(p, node->span);
        }
        /* A difference costs as much as a sum, a quotient as much as a product. */
        const bool adds = node->op == '+' || node->op == '-';
        return cnn_tensor_join(p, adds ? "add" : "mul", node, parts, 2, out);
    }
    const cnn_py *other = a->kind == CNN_PY_TENSOR ? b : a;
    if (node->op == '@') {
        return cnn_paste_refuse(p, node->span, cnn_text_of("@"),
                                "multiplies matrices, which is not computed here");
    }
    if (cnn_py_is_list(other) || other->kind == CNN_PY_NONE) {
        return cnn_not_followed(p, node->span);
    }
    const bool first = a->kind == CNN_PY_TENSOR;
    return cnn_tensor_number(p, (first ? a : b)->tensor, node->op, other, first, node->span, out);
}

/* Operators of classes of the text: a.__add__(b), else b.__radd__(a). *found: there is one. */
static bool operate_objects(cnn_paster *p, const cnn_py_node *node, const cnn_py *a,
                            const cnn_py *b, bool *found, cnn_py *out)
{
    static const struct {
        uint8_t op;
        const char *left, *right;
    } names[] = {{'+', "__add__", "__radd__"},
                 {'-', "__sub__", "__rsub__"},
                 {'*', "__mul__", "__rmul__"},
                 {'/', "__truediv__", "__rtruediv__"},
                 {CNN_OP_FLOOR, "__floordiv__", "__rfloordiv__"},
                 {'%', "__mod__", "__rmod__"},
                 {CNN_OP_RIGHT, "__rshift__", "__rrshift__"},
                 {'|', "__or__", "__ror__"}};
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        if (node->op != names[i].op) {
            continue;
        }
        if (!cnn_own_method(p, a, names[i].left, b, node, found, out) || *found) {
            return p->err->code == CNN_OK;
        }
        return cnn_own_method(p, b, names[i].right, a, node, found, out);
    }
    return true;
}

bool cnn_operate(cnn_paster *p, const cnn_py_node *node, const cnn_py *a, const cnn_py *b,
                 cnn_py *out)
{
    bool own = false;
    if (a->kind == CNN_PY_MODULE || b->kind == CNN_PY_MODULE) {
        if (!operate_objects(p, node, a, b, &own, out) || own) {
            return p->err->code == CNN_OK;
        }
    }
    if (a->kind == CNN_PY_TENSOR || b->kind == CNN_PY_TENSOR) {
        return operate_tensors(p, node, a, b, out);
    }
    if (cnn_py_is_int(a) && cnn_py_is_int(b)) {
        const bool bits = node->op == '&' || node->op == '|' || node->op == '^';
        const bool truth = bits && a->kind == CNN_PY_BOOL && b->kind == CNN_PY_BOOL;
        const bool done = operate_ints(p, node, a->number, b->number, out);
        out->kind = truth ? CNN_PY_BOOL : out->kind;
        return done;
    }
    if (cnn_py_is_number(a) && cnn_py_is_number(b)) {
        return operate_reals(p, node, cnn_py_as_real(a), cnn_py_as_real(b), out);
    }
    const cnn_py *samples = a->kind == CNN_PY_SAMPLES ? a : b->kind == CNN_PY_SAMPLES ? b : NULL;
    if (samples != NULL && (cnn_py_is_number(a) || cnn_py_is_number(b) ||
                            a->kind == CNN_PY_OPAQUE || b->kind == CNN_PY_OPAQUE)) {
        *out = *samples; /* 1e-6 * torch.ones(8): numbers change no size */
        return true;
    }
    if (cnn_py_is_list(a)) {
        return operate_lists(p, node, a, b, out);
    }
    if (cnn_py_is_list(b) && cnn_py_is_int(a) && node->op == '*') {
        return operate_lists(p, node, b, a, out);
    }
    if (a->kind == CNN_PY_STRING && node->op == '+' && b->kind == CNN_PY_STRING) {
        *out = *a;
        out->text = cnn_paste_join(p, a->text, "", b->text);
        return out->text.size > MOST_LETTERS ? cnn_not_followed(p, node->span)
                                             : p->err->code == CNN_OK;
    }
    if (a->kind == CNN_PY_STRING && node->op == '%') {
        return cnn_string_percent(p, a, b, out);
    }
    if (node->op == '*' && ((a->kind == CNN_PY_STRING && cnn_py_is_int(b)) ||
                            (b->kind == CNN_PY_STRING && cnn_py_is_int(a)))) {
        return a->kind == CNN_PY_STRING ? repeat_text(p, node, a, b->number, out)
                                        : repeat_text(p, node, b, a->number, out);
    }
    if (node->op == '|' && a->kind == CNN_PY_DICT && b->kind == CNN_PY_DICT) {
        return cnn_py_items(p, CNN_PY_DICT, 0, out) && cnn_dict_add_all(p, out->items, a->items) &&
               cnn_dict_add_all(p, out->items, b->items);
    }
    if (a->kind == CNN_PY_BATCH || b->kind == CNN_PY_BATCH) {
        /* With number 1 it is no longer the batch itself: cnn_tensor_reshape refuses it. */
        *out = (cnn_py){.kind = CNN_PY_BATCH, .number = 1}; /* some number of samples */
        return true;
    }
    if (a->kind == CNN_PY_NAME || b->kind == CNN_PY_NAME) {
        return cnn_no_value(p, a->kind == CNN_PY_NAME ? a : b);
    }
    if (a->kind == CNN_PY_OPAQUE || b->kind == CNN_PY_OPAQUE) {
        *out = a->kind == CNN_PY_OPAQUE ? *a : *b;
        return true;
    }
    return cnn_not_followed(p, node->span);
}
