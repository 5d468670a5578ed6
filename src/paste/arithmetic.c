/* Functions of Python, math and numpy about numbers. */
#include "base/checked.h"
#include "paste/flow.h"
#include "paste/token.h"

/* A number as a double; false: it is something else. */
static bool real_at(const cnn_arguments *args, int32_t i, double *out)
{
    const cnn_py *value = cnn_argument_at(args, i);
    if (value == NULL || (value->kind != CNN_PY_INT && value->kind != CNN_PY_FLOAT)) {
        return false;
    }
    *out = value->kind == CNN_PY_INT ? (double)value->number : value->real;
    return true;
}

static cnn_py real(double n)
{
    return (cnn_py){.kind = CNN_PY_FLOAT, .real = n};
}

static bool call_range(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    int64_t number[3] = {0, 0, 1};
    if (args->count < 1 || args->count > 3) {
        return cnn_call_not_followed(p, args);
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_argument_whole(p, args, i, &number[i])) {
            return false;
        }
    }
    if (args->count == 1) {
        number[1] = number[0];
        number[0] = 0;
    }
    if (number[2] == 0) {
        return cnn_call_not_followed(p, args);
    }
    if (!cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    bool more = true;
    for (int64_t i = number[0]; more && (number[2] > 0 ? i < number[1] : i > number[1]);) {
        const cnn_py item = cnn_py_int(i, args->call->span);
        if (!cnn_py_append(p, out->items, &item)) {
            return false;
        }
        more = cnn_checked_add(i, number[2], &i);
    }
    return true;
}

/* int() cuts off, round() rounds halves to the even number. */
static bool whole(cnn_paster *p, cnn_arguments *args, bool rounds, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    *out = *value;
    if (value->kind == CNN_PY_BATCH || value->kind == CNN_PY_NAME || value->kind == CNN_PY_OPAQUE ||
        value->kind == CNN_PY_INT) {
        return true;
    }
    if (value->kind == CNN_PY_BOOL) {
        out->kind = CNN_PY_INT;
        return true;
    }
    if (value->kind != CNN_PY_FLOAT || value->real > 9e15 || value->real < -9e15) {
        return cnn_call_not_followed(p, args);
    }
    int64_t n = (int64_t)value->real;
    if (rounds) {
        n -= (double)n > value->real;
        const double rest = value->real - (double)n;
        n += rest > 0.5 || (rest - 0.5 == 0 && n % 2 != 0);
    }
    *out = cnn_py_int(n, args->call->span);
    return true;
}

static bool call_int(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return whole(p, args, false, out);
}

static bool call_round(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return whole(p, args, true, out);
}

/* math.floor and math.ceil */
static bool call_floor(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (!call_int(p, args, out)) {
        return false;
    }
    if (value->kind == CNN_PY_FLOAT) {
        out->number -= (double)out->number > value->real;
    }
    return true;
}

static bool call_ceil(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (!call_int(p, args, out)) {
        return false;
    }
    if (value->kind == CNN_PY_FLOAT) {
        out->number += (double)out->number < value->real;
    }
    return true;
}

static bool call_float(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    *out = *value;
    if (value->kind == CNN_PY_INT) {
        out->kind = CNN_PY_FLOAT;
        out->real = (double)value->number;
    }
    return true;
}

/* The arguments, or the elements of the only one. */
static bool several(cnn_paster *p, cnn_arguments *args, cnn_items *all)
{
    if (args->count == 1 && args->at[0].value.kind != CNN_PY_INT) {
        cnn_items *items = all;
        const bool done = cnn_argument_sequence(p, args, 0, &items);
        *all = *items;
        return done;
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_py_append(p, all, &args->at[i].value)) {
            return false;
        }
    }
    return true;
}

static bool extreme(cnn_paster *p, cnn_arguments *args, uint8_t op, cnn_py *out)
{
    cnn_items all = {0};
    if (!several(p, args, &all) || all.count == 0) {
        return cnn_call_not_followed(p, args);
    }
    *out = all.at[0];
    for (int32_t i = 1; i < all.count; i++) {
        cnn_py better;
        const cnn_py_node node = {.op = op, .span = args->call->span};
        if (!cnn_compare(p, &node, &all.at[i], out, &better)) {
            return false;
        }
        if (better.kind != CNN_PY_BOOL) {
            return cnn_call_not_followed(p, args);
        }
        *out = better.number != 0 ? all.at[i] : *out;
    }
    return true;
}

static bool call_max(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return extreme(p, args, '>', out);
}

static bool call_min(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return extreme(p, args, '<', out);
}

static bool fold(cnn_paster *p, cnn_arguments *args, uint8_t op, int64_t start, cnn_py *out)
{
    cnn_items *items;
    if (!cnn_argument_sequence(p, args, 0, &items)) {
        return false;
    }
    const cnn_py_node node = {.op = op, .span = args->call->span};
    *out = cnn_py_int(start, args->call->span);
    for (int32_t i = 0; i < items->count; i++) {
        const cnn_py before = *out;
        if (!cnn_operate(p, &node, &before, &items->at[i], out)) {
            return false;
        }
    }
    return true;
}

static bool call_sum(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return fold(p, args, '+', 0, out);
}

static bool call_prod(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return fold(p, args, '*', 1, out);
}

static bool call_abs(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (value != NULL && value->kind == CNN_PY_FLOAT) {
        *out = real(value->real < 0 ? -value->real : value->real);
        return true;
    }
    if (value == NULL || value->kind != CNN_PY_INT || value->number == INT64_MIN) {
        return cnn_call_not_followed(p, args);
    }
    *out = cnn_py_int(value->number < 0 ? -value->number : value->number, args->call->span);
    return true;
}

/* ---- of reals ---- */

/* Newton's rule from above falls until it meets the root, so that a square gives its side. */
static bool call_sqrt(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    double n;
    if (!real_at(args, 0, &n) || !(n >= 0) || n > 1e300) {
        return cnn_call_not_followed(p, args);
    }
    double root = n > 1 ? n : 1;
    for (int32_t i = 0; i < 1100; i++) { /* each step halves it at first */
        const double next = (root + n / root) / 2;
        if (!(next < root)) {
            break;
        }
        root = next;
    }
    *out = real(root);
    return true;
}

/* The logarithm to base 2, digit by digit; exact for powers of 2. */
static double log_two(double n)
{
    double whole = 0, digit = 0.5, rest = 0;
    for (; n >= 2; n /= 2) {
        whole++;
    }
    for (; n < 1; n *= 2) {
        whole--;
    }
    for (; digit > 1e-17 && n > 1; digit /= 2) {
        n *= n;
        if (n >= 2) {
            n /= 2;
            rest += digit;
        }
    }
    return whole + rest;
}

static bool call_log2(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    double n;
    if (!real_at(args, 0, &n) || !(n > 1e-300) || n > 1e300) {
        return cnn_call_not_followed(p, args);
    }
    *out = real(log_two(n));
    return true;
}

/* math.log(n, base); without a base it is the natural one. */
static bool call_log(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    double n, base = 2.718281828459045;
    if (!real_at(args, 0, &n) || (args->count > 1 && !real_at(args, 1, &base)) || !(n > 1e-300) ||
        n > 1e300 || !(base > 1e-300) || base > 1e300 || (base >= 1 && base <= 1)) {
        return cnn_call_not_followed(p, args);
    }
    *out = real(log_two(n) / log_two(base));
    return true;
}

static bool call_pow(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py_node node = {.op = CNN_OP_POWER, .span = args->call->span};
    return args->count == 2 ? cnn_operate(p, &node, &args->at[0].value, &args->at[1].value, out)
                            : cnn_call_not_followed(p, args);
}

/* linspace(0, rate, 12): as drop rates of blocks. */
static bool call_linspace(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    double from, to;
    int64_t count;
    if (args->count < 3 || !real_at(args, 0, &from) || !real_at(args, 1, &to)) {
        return cnn_call_not_followed(p, args);
    }
    if (!cnn_argument_whole(p, args, 2, &count) || !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    for (int64_t i = 0; i < count; i++) {
        const cnn_py item =
            real(count == 1 ? from : from + (to - from) * (double)i / (double)(count - 1));
        if (!cnn_py_append(p, out->items, &item)) {
            return false;
        }
    }
    return true;
}

bool cnn_arithmetic(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    static const struct {
        const char *name;
        cnn_py_function *call;
        bool lists; /* what is made of a list of data is data */
    } functions[] = {
        {"range", call_range, false},      {"int", call_int, false},
        {"round", call_round, false},      {"floor", call_floor, false},
        {"ceil", call_ceil, false},        {"float", call_float, false},
        {"max", call_max, true},           {"min", call_min, true},
        {"sum", call_sum, true},           {"prod", call_prod, true},
        {"abs", call_abs, true},           {"sqrt", call_sqrt, false},
        {"log2", call_log2, false},        {"log", call_log, false},
        {"pow", call_pow, false},          {"arange", call_range, true},
        {"linspace", call_linspace, true},
    };
    const cnn_py *first = cnn_argument_at(args, 0);
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (!cnn_word_is(name, functions[i].name) ||
            (first != NULL &&
             (first->kind == CNN_PY_TENSOR || cnn_py_parameter(first) != NULL))) {
            continue;
        }
        *found = true;
        if (functions[i].lists && first != NULL && first->kind == CNN_PY_OPAQUE) {
            *out = *first;
            return true;
        }
        return functions[i].call(p, args, out);
    }
    return true;
}
