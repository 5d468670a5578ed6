/*
 * Small constants: exporters compute shapes by chains of Shape, Gather, Mul, Concat and so on. Here
 * are whole numbers and floats of at most CNN_KEPT elements. Whatever does not fit 64 bits is not
 * known. Floats are kept as doubles and rounded after each step, which for + - * / is exact.
 */
#include "base/checked.h"
#include "files/shapes.h"

/* Room for the elements of output `i`; NULL: its size is not known, or too large. */
cnn_number *cnn_fold_room_for(cnn_call *c, int32_t i, int64_t *count)
{
    const cnn_value *y = cnn_out_value(c, i);
    if (!cnn_sizes_count(&y->dims, count) || *count > CNN_KEPT) {
        return NULL;
    }
    cnn_number *room = CNN_NEW_ARRAY(c->machine->arena, cnn_number, *count + 1);
    if (room == NULL) {
        cnn_fail_memory(c->machine->err); /* which is seen after the call */
    }
    return room;
}

/* Gives output `i` its elements. */
bool cnn_fold_keep(cnn_call *c, int32_t i, const cnn_number *data)
{
    cnn_out_value(c, i)->data = data;
    return true;
}

bool cnn_fold_is_real(const cnn_value *value)
{
    return cnn_elements[value->type].real;
}

/* Values of a type are no finer or larger than it holds. False: it does not hold this one. */
bool cnn_fold_fit_type(int32_t type, cnn_number *number)
{
    switch (type) {
    case CNN_T_FLOAT:
        number->f = (double)(float)number->f;
        return true;
    case CNN_T_DOUBLE:
    case CNN_T_INT64:
        return true;
    case CNN_T_INT32:
        return number->i >= INT32_MIN && number->i <= INT32_MAX;
    case CNN_T_BOOL:
        number->i = number->i != 0;
        return true;
    case CNN_T_UINT8:
        return number->i >= 0 && number->i <= UINT8_MAX;
    case CNN_T_INT8:
        return number->i >= INT8_MIN && number->i <= INT8_MAX;
    default:
        return false;
    }
}

/* Where element `n` of the output comes from in an input that is stretched to it. */
static int64_t stretched(const cnn_sizes *y, const cnn_sizes *x, int64_t n)
{
    int64_t index = 0, step = 1;
    /* Axes are aligned at the right, as in NumPy; a size of 1 is read again for every position. */
    for (int32_t i = y->rank - 1; i >= 0; i--) {
        const int64_t at = n % y->size[i];
        const int32_t k = i - (y->rank - x->rank);
        n /= y->size[i];
        if (k >= 0) {
            index += x->size[k] == 1 ? 0 : at * step;
            step *= x->size[k];
        }
    }
    return index;
}

/* ---- two operands ---- */

static bool add_ints(int64_t a, int64_t b, int64_t *y)
{
    return cnn_checked_add(a, b, y);
}
static bool sub_ints(int64_t a, int64_t b, int64_t *y)
{
    return cnn_checked_sub(a, b, y);
}
static bool mul_ints(int64_t a, int64_t b, int64_t *y)
{
    return cnn_checked_mul(a, b, y);
}

/* Truncates, as C does. */
static bool div_ints(int64_t a, int64_t b, int64_t *y)
{
    const bool fits = b != 0 && (b != -1 || a != INT64_MIN);
    *y = fits ? a / b : 0;
    return fits;
}

/* The result has the sign of the dividend, as C's. */
static bool rest_ints(int64_t a, int64_t b, int64_t *y)
{
    /* INT64_MIN % -1 overflows in C; the remainder by -1 is 0 anyway. */
    *y = b != 0 && b != -1 ? a % b : 0;
    return b != 0;
}

/* The result has the sign of the divisor. */
static bool mod_ints(int64_t a, int64_t b, int64_t *y)
{
    const bool fits = rest_ints(a, b, y);
    *y += *y != 0 && (*y < 0) != (b < 0) ? b : 0;
    return fits;
}

static bool pow_ints(int64_t a, int64_t b, int64_t *y)
{
    *y = 1;
    /* With larger exponents only powers of 0, 1 and -1 fit; the bound keeps the loop short. */
    bool fits = b >= 0 && b < 64;
    for (int64_t i = 0; fits && i < b; i++) {
        fits = cnn_checked_mul(*y, a, y);
    }
    return fits;
}

static bool less_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a < b, true;
}
static bool more_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a > b, true;
}
static bool most_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a <= b, true;
}
static bool least_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a >= b, true;
}
static bool equal_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a == b, true;
}
static bool and_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a != 0 && b != 0, true;
}
static bool or_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a != 0 || b != 0, true;
}
static bool xor_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = (a != 0) != (b != 0), true;
}
static bool max_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a > b ? a : b, true;
}
static bool min_ints(int64_t a, int64_t b, int64_t *y)
{
    return *y = a < b ? a : b, true;
}

static double add_reals(double a, double b)
{
    return a + b;
}
static double sub_reals(double a, double b)
{
    return a - b;
}
static double mul_reals(double a, double b)
{
    return a * b;
}
static double div_reals(double a, double b)
{
    return a / b;
}
/* NaN if one of them is, as NumPy's maximum. */
static double max_reals(double a, double b)
{
    return a > b || a != a ? a : b;
}
static double min_reals(double a, double b)
{
    return a < b || a != a ? a : b;
}

/* An operator of two numbers; comparisons of floats are those of whole numbers by their sign. */
static const struct {
    const char *name;
    bool (*ints)(int64_t a, int64_t b, int64_t *y);
    double (*reals)(double a, double b);
    bool compares;
} binaries[] = {
    {"Add", add_ints, add_reals, false},
    {"Sub", sub_ints, sub_reals, false},
    {"Mul", mul_ints, mul_reals, false},
    {"Div", div_ints, div_reals, false},
    {"Mod", mod_ints, NULL, false},
    {"fmod", rest_ints, NULL, false}, /* Mod with that attribute */
    {"Pow", pow_ints, NULL, false},
    {"Max", max_ints, max_reals, false},
    {"Min", min_ints, min_reals, false},
    {"Sum", add_ints, add_reals, false},
    {"Less", less_ints, NULL, true},
    {"Greater", more_ints, NULL, true},
    {"LessOrEqual", most_ints, NULL, true},
    {"GreaterOrEqual", least_ints, NULL, true},
    {"Equal", equal_ints, NULL, true},
    {"And", and_ints, NULL, false},
    {"Or", or_ints, NULL, false},
    {"Xor", xor_ints, NULL, false},
};

/* Only operators that are in `binaries` get here, so the search always ends. */
static size_t binary_of(const cnn_call *c)
{
    const char *name = cnn_attr_int(c, "fmod", 0) != 0 ? "fmod" : c->op->name;
    size_t i = 0;
    while (strcmp(binaries[i].name, name) != 0) {
        i++;
    }
    return i;
}

/* False: the result is not known, or does not fit its type. */
static bool apply(size_t row, const cnn_value *x, cnn_number a, cnn_number b, int32_t type,
                  cnn_number *y)
{
    if (!cnn_fold_is_real(x)) {
        return binaries[row].ints(a.i, b.i, &y->i) && cnn_fold_fit_type(type, y);
    }
    if (binaries[row].compares) {
        /* The sign of a - b compared with 0. NaN is neither less, equal nor greater. */
        y->i = 0;
        return a.f != a.f || b.f != b.f || binaries[row].ints((a.f > b.f) - (a.f < b.f), 0, &y->i);
    }
    if (binaries[row].reals == NULL) {
        return false;
    }
    y->f = binaries[row].reals(a.f, b.f);
    return cnn_fold_fit_type(type, y);
}

/* Whether x is stretched to y as `stretched` does it. Before opset 7 attributes decide that. */
static bool stretches(const cnn_sizes *x, const cnn_sizes *y)
{
    cnn_sizes both;
    return cnn_sizes_broadcast(x, y, &both) && cnn_sizes_equal(&both, y);
}

/* Folds `b` into `a` with the operator; the result has the output's shape. */
static bool combine(cnn_call *c, size_t row, const cnn_value *a, const cnn_value *b,
                    cnn_number *data, int64_t count)
{
    const cnn_value *y = cnn_out_value(c, 0);
    bool known =
        a->type == b->type && stretches(&a->dims, &y->dims) && stretches(&b->dims, &y->dims);
    for (int64_t n = 0; known && n < count; n++) {
        known = apply(row, a, a->data[stretched(&y->dims, &a->dims, n)],
                      b->data[stretched(&y->dims, &b->dims, n)], y->type, &data[n]);
    }
    return known;
}

bool cnn_fold_binary(cnn_call *c)
{
    int64_t count;
    /* Before opset 7 `axis` says where the second operand lies. */
    const bool placed = c->version < 7 && cnn_attr_of(c, "axis") != NULL;
    cnn_number *data = placed ? NULL : cnn_fold_room_for(c, 0, &count);
    return data == NULL || !combine(c, binary_of(c), c->in[0], c->in[1], data, count) ||
           cnn_fold_keep(c, 0, data);
}

/* Max, Min, Sum of any number of inputs. */
bool cnn_fold_variadic(cnn_call *c)
{
    int64_t count;
    /* A new array for each step, because `so_far` may still have a smaller shape than the
     * output. */
    cnn_value so_far = *c->in[0];
    for (int32_t i = 1; i < c->ins; i++) {
        cnn_number *data = cnn_fold_room_for(c, 0, &count);
        if (data == NULL || !combine(c, binary_of(c), &so_far, c->in[i], data, count)) {
            return true;
        }
        so_far.data = data;
        so_far.dims = cnn_out_value(c, 0)->dims;
    }
    return cnn_fold_keep(c, 0, so_far.data);
}

bool cnn_fold_where(cnn_call *c)
{
    int64_t count;
    const cnn_sizes *y = &cnn_out_value(c, 0)->dims;
    cnn_number *data = cnn_fold_room_for(c, 0, &count);
    for (int64_t n = 0; data != NULL && n < count; n++) {
        /* Input 0 is the condition; input 1 is read where it is true, input 2 where not. */
        const cnn_value *from = c->in[c->in[0]->data[stretched(y, &c->in[0]->dims, n)].i ? 1 : 2];
        data[n] = from->data[stretched(y, &from->dims, n)];
    }
    return data == NULL || cnn_fold_keep(c, 0, data);
}

/* ---- shapes and fillings ---- */

bool cnn_fold_shape(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t first, count;
    cnn_number *data = CNN_NEW_ARRAY(c->machine->arena, cnn_number, CNN_RANK);
    if (data == NULL || x == NULL) {
        return data != NULL || cnn_fail_memory(c->machine->err);
    }
    cnn_slice_count(x->rank, cnn_attr_int(c, "start", 0), cnn_attr_int(c, "end", INT64_MAX), 1,
                    &first, &count);
    for (int64_t i = 0; i < count; i++) {
        data[i].i = x->size[first + i];
        /* One unknown size makes the whole vector unknown: elements are all known or not at all. */
        if (data[i].i < 0) {
            return true;
        }
    }
    return cnn_fold_keep(c, 0, data);
}

bool cnn_fold_size(cnn_call *c)
{
    cnn_number *data = CNN_NEW(c->machine->arena, cnn_number);
    if (data == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    return cnn_in(c, 0) == NULL || !cnn_sizes_count(cnn_in(c, 0), &data->i) ||
           cnn_fold_keep(c, 0, data);
}

bool cnn_fold_range(cnn_call *c)
{
    int64_t count;
    cnn_number *data = cnn_fold_room_for(c, 0, &count);
    const bool real = cnn_fold_is_real(c->in[0]);
    for (int64_t n = 0; data != NULL && n < count; n++) {
        if (real) {
            data[n].f = c->in[0]->data->f + (double)n * c->in[2]->data->f;
            (void)cnn_fold_fit_type(cnn_out_value(c, 0)->type, &data[n]);
        } else {
            data[n].i = c->in[0]->data->i + n * c->in[2]->data->i;
        }
    }
    return data == NULL || cnn_fold_keep(c, 0, data);
}

/* ConstantOfShape: without `value` all of it is float 0. */
bool cnn_fold_filled(cnn_call *c)
{
    const cnn_onnx_attr *value = cnn_attr_of(c, "value");
    const cnn_tensor *tensor = value == NULL ? NULL : value->tensor;
    int64_t count;
    cnn_number *data = cnn_fold_room_for(c, 0, &count);
    if (data == NULL || (tensor != NULL && (tensor->data == NULL || tensor->count != 1))) {
        return true;
    }
    for (int64_t n = 0; n < count; n++) {
        data[n] = tensor == NULL ? (cnn_number){.f = 0} : tensor->data[0];
    }
    return cnn_fold_keep(c, 0, data);
}
