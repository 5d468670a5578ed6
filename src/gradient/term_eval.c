/* Evaluating expressions. Every result is a new matrix in the arena of the evaluation. */
#include "gradient/elementary.h"
#include "gradient/term.h"

#include <math.h>

#include "base/arena.h"

/* No single result is larger than this. */
static const int64_t LARGEST = 1 << 22;

bool cnn_matrix_make(cnn_env *env, cnn_dims dims, cnn_matrix *out)
{
    if (dims.rows > LARGEST / dims.columns || env->work <= 0) {
        env->unfit = CNN_UNFIT_WORK;
        return false;
    }
    env->work -= dims.rows * dims.columns + 20; /* a node is work, too */
    *out = (cnn_matrix){dims, CNN_NEW_ARRAY(env->arena, double, dims.rows *dims.columns)};
    if (out->v == NULL) {
        env->unfit = CNN_UNFIT_MEMORY;
    }
    return out->v != NULL;
}

bool cnn_fail_number(cnn_env *env, const cnn_term *term)
{
    env->unfit = CNN_UNFIT_NUMBER;
    env->spans[0] = term->span;
    return false;
}

static bool eval_number(cnn_env *env, double number, cnn_matrix *out)
{
    if (!cnn_matrix_make(env, (cnn_dims){1, 1, {0}}, out)) {
        return false;
    }
    out->v[0] = number;
    return true;
}

/* Values of the point are used where they are. */
static bool eval_name(cnn_env *env, const cnn_term *e, cnn_matrix *out)
{
    if (env->lookup(env->user, e, out)) {
        return true;
    }
    if (e->quantity == NULL) {
        env->unfit = CNN_UNFIT_MISSING;
        env->spans[0] = e->span;
        return false;
    }
    out->dims = e->quantity->dims;
    out->v = (e->slope ? env->point->slope : env->point->value) + e->quantity->at;
    return true;
}

static bool fail_unfit(cnn_env *env, char op, const cnn_term *a, const cnn_matrix *left,
                       const cnn_term *b, const cnn_matrix *right)
{
    env->unfit = CNN_UNFIT;
    env->op = op;
    env->spans[0] = a->span;
    env->spans[1] = b->span;
    env->dims[0] = left->dims;
    env->dims[1] = right->dims;
    return false;
}

/* Equal sizes, or one of them a number. */
static bool eval_sum(cnn_env *env, const cnn_term *e, cnn_matrix *out)
{
    cnn_matrix sum, next;
    if (!cnn_term_eval(env, e->first, &sum)) {
        return false;
    }
    for (const cnn_term *term = e->first->next; term != NULL; term = term->next) {
        if (!cnn_term_eval(env, term, &next)) {
            return false;
        }
        const bool wide = cnn_is_scalar(&sum) && !cnn_is_scalar(&next);
        if (!cnn_same_dims(&sum.dims, &next.dims) && !cnn_is_scalar(&sum) &&
            !cnn_is_scalar(&next)) {
            /* the error shows what was added up so far as one operand */
            cnn_term shown = {.span = e->first->span};
            for (const cnn_term *t = e->first; t != term; t = t->next) {
                shown.span.end = t->span.end;
            }
            return fail_unfit(env, term->op, &shown, &sum, term, &next);
        }
        cnn_matrix both;
        const cnn_dims dims = wide ? next.dims : sum.dims;
        if (!cnn_matrix_make(env, dims, &both)) {
            return false;
        }
        const double sign = term->op == '-' ? -1 : 1;
        const int64_t a = cnn_is_scalar(&sum) ? 0 : 1, b = cnn_is_scalar(&next) ? 0 : 1;
        for (int64_t i = 0; i < dims.rows * dims.columns; i++) {
            both.v[i] = sum.v[a * i] + sign * next.v[b * i];
        }
        both.dims.map = sum.dims.map.axes > 0 ? sum.dims.map : next.dims.map;
        sum = both;
    }
    *out = sum;
    return true;
}

/* Not the overflow of a power, but 0^-1 and (-1)^0.5 are undefined. */
bool cnn_power_eval(cnn_env *env, const cnn_term *power, double base, double *out)
{
    *out = power->number == 2 ? base * base : cnn_power(base, power->number);
    if (isnan(*out) || (base == 0 && power->number < 0)) {
        return cnn_fail_number(env, power);
    }
    return true;
}

static bool eval_transpose(cnn_env *env, const cnn_matrix *in, cnn_matrix *out)
{
    const int64_t rows = in->dims.rows, columns = in->dims.columns;
    if (!cnn_matrix_make(env, (cnn_dims){columns, rows, {0}}, out)) {
        return false;
    }
    for (int64_t i = 0; i < rows; i++) {
        for (int64_t k = 0; k < columns; k++) {
            out->v[k * rows + i] = in->v[i * columns + k];
        }
    }
    return true;
}

/* -in, or in^number value by value */
static bool eval_each(cnn_env *env, const cnn_term *e, const cnn_matrix *in, cnn_matrix *out)
{
    const int64_t count = cnn_dims_count(&in->dims);
    if (!cnn_matrix_make(env, in->dims, out)) {
        return false;
    }
    for (int64_t i = 0; i < count && e->kind == CNN_TERM_NEGATE; i++) {
        out->v[i] = -in->v[i];
    }
    for (int64_t i = 0; i < count && e->kind == CNN_TERM_POWER; i++) {
        if (!cnn_power_eval(env, e, in->v[i], &out->v[i])) {
            return false;
        }
    }
    return true;
}

bool cnn_term_eval(cnn_env *env, const cnn_term *e, cnn_matrix *out)
{
    cnn_matrix in;
    switch (e->kind) {
    case CNN_TERM_NUMBER:
        return eval_number(env, e->number, out);
    case CNN_TERM_NAME:
    case CNN_TERM_OWN:
        return eval_name(env, e, out);
    case CNN_TERM_CALL:
        return cnn_function_eval(env, e, out);
    case CNN_TERM_SUM:
        return eval_sum(env, e, out);
    case CNN_TERM_PRODUCT:
        return cnn_product_eval(env, e, out);
    case CNN_TERM_TRANSPOSE:
        return cnn_term_eval(env, e->first, &in) && eval_transpose(env, &in, out);
    case CNN_TERM_ENTRY:
    case CNN_TERM_OVER:
    case CNN_TERM_TAPS: /* a part of a sheet's own name, which has no indices */
        env->unfit = CNN_UNFIT_INDEX;
        env->spans[0] = e->span;
        return false;
    default: /* CNN_TERM_NEGATE, CNN_TERM_POWER */
        return cnn_term_eval(env, e->first, &in) && eval_each(env, e, &in, out);
    }
}
