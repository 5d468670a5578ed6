/* Functions of math and numpy about floats. */
#include "paste/flow.h"
#include "paste/reals.h"

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

/* math.floor and math.ceil: whole numbers. */
static bool whole(cnn_paster *p, cnn_arguments *args, bool up, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    *out = *value;
    if (cnn_py_is_int(value)) {
        out->kind = CNN_PY_INT;
        return true;
    }
    if (cnn_py_is_unknown(value)) {
        return true; /* not known, here as there */
    }
    if (value->kind != CNN_PY_FLOAT || !(value->real < 9e15 && value->real > -9e15)) {
        return cnn_call_not_followed(p, args);
    }
    const double low = cnn_real_floor(value->real);
    *out = cnn_py_int((int64_t)low + (up && low < value->real), args->call->span);
    return true;
}

static bool call_floor(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return whole(p, args, false, out);
}

static bool call_ceil(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return whole(p, args, true, out);
}

static bool call_sqrt(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    double n;
    if (!real_at(args, 0, &n) || !(n >= 0) || n > 1e300) {
        return cnn_call_not_followed(p, args);
    }
    *out = cnn_py_real(cnn_real_root(n));
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
    *out = cnn_py_real(log_two(n));
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
    *out = cnn_py_real(log_two(n) / log_two(base));
    return true;
}

/* linspace(0, rate, 12): as drop rates of blocks. */
static bool call_linspace(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *points = cnn_argument_given(args, "num", 2);
    points = points != NULL ? points : cnn_argument_given(args, "steps", 2);
    double from, to;
    int64_t count;
    if (points == NULL || !real_at(args, 0, &from) || !real_at(args, 1, &to)) {
        return cnn_call_not_followed(p, args);
    }
    if (!cnn_given_whole(p, args, points, &count) || !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return false;
    }
    for (int64_t i = 0; i < count; i++) {
        const cnn_py item =
            cnn_py_real(count == 1 ? from : from + (to - from) * (double)i / (double)(count - 1));
        if (!cnn_py_append(p, out->items, &item)) {
            return false;
        }
    }
    return true;
}

static const cnn_py_row rows[] = {
    {.name = "floor", .takes = "x", .call = call_floor},
    {.name = "ceil", .takes = "x", .call = call_ceil},
    {.name = "sqrt", .takes = "x", .call = call_sqrt},
    {.name = "log2", .takes = "x", .call = call_log2},
    {.name = "log", .takes = "x base", .call = call_log},
    {.name = "linspace",
     .takes = "start stop num - steps dtype device",
     .call = call_linspace,
     .hands_on = true},
};

const cnn_py_rows cnn_mathematics_rows = {rows, CNN_LENGTH(rows)};
