/* Functions of Python, math and numpy about numbers. */
#include "base/checked.h"
#include "paste/flow.h"
#include "paste/reals.h"
#include "paste/token.h"

static bool call_range(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    int64_t number[3] = {0, 0, 1};
    int32_t count = 0;
    for (; count < args->count && count < 3 && args->at[count].name.size == 0; count++) {
        if (!cnn_argument_whole(p, args, count, &number[count])) {
            return false;
        }
    }
    if (count < 1 || cnn_argument_given(args, "stop", INT32_MAX) != NULL ||
        cnn_argument_given(args, "step", INT32_MAX) != NULL) {
        return cnn_call_not_followed(p, args);
    }
    if (count == 1) {
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

/* int("101", 2) */
static bool whole_of_text(cnn_paster *p, const cnn_arguments *args, cnn_text text, int64_t base,
                          cnn_py *out)
{
    const bool negative = text.size > 0 && text.data[0] == '-';
    int64_t number = 0;
    text = cnn_text_skip(text, negative || (text.size > 0 && text.data[0] == '+'));
    bool fine = text.size > 0 && base >= 2 && base <= 36;
    for (size_t i = 0; fine && i < text.size; i++) {
        const char c = cnn_fold(text.data[i]);
        const int64_t digit = cnn_is_digit(c)        ? c - '0'
                              : c >= 'a' && c <= 'z' ? c - 'a' + 10
                                                     : INT64_MAX;
        fine = digit < base && cnn_checked_mul(number, base, &number) &&
               cnn_checked_add(number, digit, &number);
    }
    *out = cnn_py_int(negative ? -number : number, args->call->span);
    return fine || cnn_call_not_followed(p, args);
}

/* int() cuts off. */
static bool call_int(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_given(args, "x", 0),
                 *base = cnn_argument_given(args, "base", 1);
    if (value == NULL) {
        *out = cnn_py_int(0, args->call->span);
        return args->count == 0 || cnn_call_not_followed(p, args);
    }
    *out = *value;
    if (value->kind == CNN_PY_STRING) {
        int64_t n = 10;
        return (base == NULL || cnn_given_whole(p, args, base, &n)) &&
               whole_of_text(p, args, cnn_text_trim(value->text), n, out);
    }
    if (base != NULL) {
        return cnn_call_not_followed(p, args);
    }
    if (cnn_py_is_unknown(value) || value->kind == CNN_PY_INT) {
        return true;
    }
    if (value->kind == CNN_PY_BOOL) {
        out->kind = CNN_PY_INT;
        return true;
    }
    if (value->kind != CNN_PY_FLOAT || !(value->real < 9e15 && value->real > -9e15)) {
        return cnn_call_not_followed(p, args);
    }
    *out = cnn_py_int((int64_t)value->real, args->call->span);
    return true;
}

/* A whole number to tens, hundreds and so on, halves to the even one. */
static bool round_whole(cnn_paster *p, const cnn_arguments *args, int64_t n, int64_t digits,
                        cnn_py *out)
{
    int64_t unit = 1, low = 0, rounded = n;
    for (int64_t i = digits; i < 0 && i >= -17; i++) {
        unit *= 10;
    }
    const int64_t rest = (n % unit + unit) % unit;
    const bool fits = digits >= -17 && cnn_checked_sub(n, rest, &low);
    const bool up = rest > unit / 2 || (rest > 0 && rest * 2 == unit && low / unit % 2 != 0);
    if (!fits || !cnn_checked_add(low, up ? unit : 0, &rounded)) {
        return cnn_call_not_followed(p, args);
    }
    *out = cnn_py_int(rounded, args->call->span);
    return true;
}

/* round() rounds halves to the even number. */
static bool call_round(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_given(args, "number", 0);
    const cnn_py *places = cnn_argument_given(args, "ndigits", 1);
    int64_t digits = 0;
    if (value == NULL || (!cnn_py_is_int(value) && value->kind != CNN_PY_FLOAT)) {
        return value != NULL && cnn_py_is_unknown(value) ? (*out = *value, true)
                                                         : cnn_call_not_followed(p, args);
    }
    const bool given = places != NULL && places->kind != CNN_PY_NONE;
    if (given && !cnn_given_whole(p, args, places, &digits)) {
        return false;
    }
    if (cnn_py_is_int(value)) {
        return round_whole(p, args, value->number, digits, out);
    }
    if (!given) {
        *out = cnn_py_int(0, args->call->span);
        return cnn_real_decimal(value->real, 0, &out->number) || cnn_call_not_followed(p, args);
    }
    *out = cnn_py_real(0);
    return (digits >= 0 && digits <= 15 &&
            cnn_real_round(value->real, (int32_t)digits, &out->real)) ||
           cnn_call_not_followed(p, args);
}

static bool call_float(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    double number;
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    *out = *value;
    if (cnn_py_is_int(value)) {
        *out = cnn_py_real((double)value->number);
    } else if (value->kind == CNN_PY_STRING) {
        return cnn_real_read(cnn_text_trim(value->text), &number)
                   ? (*out = cnn_py_real(number), true)
                   : (*out = cnn_py_opaque("data"), true); /* float("inf") */
    }
    return true;
}

/* The positional arguments, or the elements of the only one. */
static bool several(cnn_paster *p, cnn_arguments *args, cnn_items *all)
{
    int32_t count = 0;
    while (count < args->count && args->at[count].name.size == 0) {
        count++;
    }
    if (count == 1) {
        cnn_items *items = all;
        const bool done = cnn_argument_sequence(p, args, 0, &items);
        *all = *items;
        return done;
    }
    for (int32_t i = 0; i < count; i++) {
        if (!cnn_py_append(p, all, &args->at[i].value)) {
            return false;
        }
    }
    return true;
}

/* The first of the values that none is before: in max() none is larger. */
static bool extreme(cnn_paster *p, cnn_arguments *args, bool largest, cnn_py *out)
{
    const cnn_py *key = cnn_argument_given(args, "key", INT32_MAX);
    const cnn_py *none = cnn_argument_given(args, "default", INT32_MAX);
    cnn_items all = {0};
    cnn_py best, value;
    if (args->count == 1 && cnn_py_is_int(&args->at[0].value)) {
        *out = args->at[0].value; /* max(x.size(1)) of one number */
        return true;
    }
    if (!several(p, args, &all)) {
        return false;
    }
    if (all.count == 0) {
        return none != NULL ? (*out = *none, true) : cnn_call_not_followed(p, args);
    }
    *out = all.at[0];
    if (!cnn_py_key(p, args, key, out, &best)) {
        return false;
    }
    for (int32_t i = 1; i < all.count; i++) {
        bool better;
        if (!cnn_py_key(p, args, key, &all.at[i], &value) ||
            !cnn_py_less(p, args, largest ? &best : &value, largest ? &value : &best, &better)) {
            return false;
        }
        *out = better ? all.at[i] : *out;
        best = better ? value : best;
    }
    return true;
}

static bool call_max(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return extreme(p, args, true, out);
}

static bool call_min(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    return extreme(p, args, false, out);
}

/* numpy's sum(), prod() and the like take an axis where Python's take a start. */
static bool is_own(const cnn_arguments *args)
{
    const cnn_py_node *called = args->call->a;
    return called == NULL || called->kind != CNN_SYNTAX_ATTRIBUTE || called->a == NULL ||
           cnn_word_is(called->a->text, "math");
}

static bool fold(cnn_paster *p, cnn_arguments *args, uint8_t op, int64_t start, cnn_py *out)
{
    const cnn_py *given = cnn_argument_given(args, "start", 1);
    cnn_items *items;
    if (given != NULL && !is_own(args)) {
        return cnn_call_not_followed(p, args);
    }
    if (!cnn_argument_sequence(p, args, 0, &items)) {
        return false;
    }
    const cnn_py_node node = {.op = op, .span = args->call->span};
    *out = given != NULL ? *given : cnn_py_int(start, args->call->span);
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

static bool operate_two(cnn_paster *p, cnn_arguments *args, uint8_t op, cnn_py *out)
{
    const cnn_py_node node = {.op = op, .span = args->call->span};
    return args->count == 2 ? cnn_operate(p, &node, &args->at[0].value, &args->at[1].value, out)
                            : cnn_call_not_followed(p, args);
}

/* pow(a, b), and pow(a, b, m), which is (a ** b) % m. */
static bool call_pow(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py_node node = {.op = '%', .span = args->call->span};
    cnn_arguments two = *args;
    cnn_py power;
    two.count = args->count < 2 ? args->count : 2;
    if (!operate_two(p, &two, CNN_OP_POWER, &power)) {
        return false;
    }
    return args->count == 3 ? cnn_operate(p, &node, &power, &args->at[2].value, out)
                            : (*out = power, true);
}

static bool call_divmod(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_py both[2];
    return operate_two(p, args, CNN_OP_FLOOR, &both[0]) && operate_two(p, args, '%', &both[1]) &&
           cnn_py_items(p, CNN_PY_TUPLE, 2, out) && cnn_py_append(p, out->items, &both[0]) &&
           cnn_py_append(p, out->items, &both[1]);
}

static bool call_abs(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (value != NULL && value->kind == CNN_PY_FLOAT) {
        *out = cnn_py_real(value->real < 0 ? -value->real : value->real);
        return true;
    }
    if (value == NULL || value->kind != CNN_PY_INT || value->number == INT64_MIN) {
        return cnn_call_not_followed(p, args);
    }
    *out = cnn_py_int(value->number < 0 ? -value->number : value->number, args->call->span);
    return true;
}

static const cnn_py_row rows[] = {
    {.name = "range", .takes = "start stop step", .call = call_range},
    {.name = "int", .takes = "x base", .call = call_int},
    {.name = "round", .takes = "number ndigits", .call = call_round},
    {.name = "float", .takes = "x", .call = call_float},
    {.name = "max", .takes = "* key default", .call = call_max, .hands_on = true},
    {.name = "min", .takes = "* key default", .call = call_min, .hands_on = true},
    {.name = "sum", .takes = "iterable start", .call = call_sum, .hands_on = true},
    {.name = "prod", .takes = "iterable start", .call = call_prod, .hands_on = true},
    {.name = "abs", .takes = "x", .call = call_abs, .hands_on = true},
    {.name = "pow", .takes = "base exp mod", .call = call_pow},
    {.name = "divmod", .takes = "x y", .call = call_divmod},
    {.name = "arange",
     .takes = "start stop step - dtype device",
     .call = call_range,
     .hands_on = true},
};

const cnn_py_rows cnn_arithmetic_rows = {rows, CNN_LENGTH(rows)};
