/*
 * Products as people write them. Factors are taken from left to right, as MATLAB does: "*" is the
 * matrix product, ".*" works value by value, and a number fits anywhere. Where two neighbours do
 * not fit, they wait for what comes next: in s .* W^T * d the product W^T * d comes first. Where
 * a number is between them, as in s .* 2 * d, either sign beside it may apply.
 */
#include "base/arena.h"
#include "gradient/term.h"

/* A factor, or several that are multiplied already. */
typedef struct item {
    cnn_matrix m;
    cnn_span span;
    char op[2]; /* that join it to the item before: the first that fits counts; 0: none */
} item;

/* (n x k) times (k x m). The rows of b are read in order, unlike its columns. */
static bool multiply(cnn_env *env, const cnn_matrix *a, const cnn_matrix *b, cnn_matrix *out)
{
    const int64_t n = a->dims.rows, k = a->dims.columns, m = b->dims.columns;
    if (n * k > env->work / m) {
        env->unfit = CNN_UNFIT_WORK;
        return false;
    }
    env->work -= n * k * m;
    if (!cnn_matrix_make(env, (cnn_dims){n, m, {0}}, out)) {
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t c = 0; c < k; c++) {
            const double factor = a->v[i * k + c];
            for (int64_t j = 0; j < m; j++) {
                out->v[i * m + j] += factor * b->v[c * m + j];
            }
        }
    }
    return true;
}

static bool multiply_each(cnn_env *env, const cnn_matrix *a, const cnn_matrix *b, cnn_matrix *out)
{
    if (!cnn_matrix_make(env, a->dims, out)) {
        return false;
    }
    for (int64_t i = 0; i < cnn_dims_count(&a->dims); i++) {
        out->v[i] = a->v[i] * b->v[i];
    }
    out->dims.map = a->dims.map.axes > 0 ? a->dims.map : b->dims.map;
    return true;
}

/* Whether b may follow a with this sign. */
static bool fits(const item *a, const item *b, char op)
{
    return op == '*'   ? a->m.dims.columns == b->m.dims.rows
           : op == '.' ? cnn_same_dims(&a->m.dims, &b->m.dims)
                       : false;
}

/* Multiplies the last two items as long as they fit. False: out of work or memory. */
static bool reduce(cnn_env *env, item *stack, int32_t *count)
{
    while (*count > 1) {
        item *a = &stack[*count - 2];
        const item *b = &stack[*count - 1];
        const char op = fits(a, b, b->op[0]) ? b->op[0] : fits(a, b, b->op[1]) ? b->op[1] : 0;
        cnn_matrix product = {0};
        if (op == 0) {
            return true;
        }
        if (!(op == '*' ? multiply : multiply_each)(env, &a->m, &b->m, &product)) {
            return false;
        }
        a->m = product;
        a->span.end = b->span.end;
        --*count;
    }
    return true;
}

/* A division is one by each value, unlike MATLAB's A/B, which solves an equation. */
static bool invert(cnn_env *env, const cnn_term *divisor, cnn_matrix *m)
{
    const cnn_matrix in = *m;
    if (!cnn_matrix_make(env, in.dims, m)) {
        return false;
    }
    for (int64_t i = 0; i < cnn_dims_count(&in.dims); i++) {
        if (in.v[i] == 0) {
            return cnn_fail_number(env, divisor);
        }
        m->v[i] = 1 / in.v[i];
    }
    return true;
}

static int32_t count_factors(const cnn_term *product)
{
    int32_t count = 0;
    for (const cnn_term *f = product->first; f != NULL; f = f->next) {
        count++;
    }
    return count;
}

/* Items that are left over do not fit together: the first two of them are reported. */
static bool finish(cnn_env *env, const item *stack, int32_t count, double scale, cnn_matrix *out)
{
    if (count > 1) {
        env->unfit = CNN_UNFIT;
        env->op = stack[1].op[0];
        for (int32_t i = 0; i < 2; i++) {
            env->spans[i] = stack[i].span;
            env->dims[i] = stack[i].m.dims;
        }
        return false;
    }
    const cnn_dims one = {1, 1, {0}};
    if (!cnn_matrix_make(env, count == 0 ? one : stack[0].m.dims, out)) {
        return false;
    }
    for (int64_t i = 0; i < cnn_dims_count(&out->dims); i++) {
        out->v[i] = count == 0 ? scale : scale * stack[0].m.v[i];
    }
    return true;
}

bool cnn_product_eval(cnn_env *env, const cnn_term *product, cnn_matrix *out)
{
    item *stack = CNN_NEW_ARRAY(env->arena, item, count_factors(product));
    int32_t count = 0;
    double scale = 1;
    char waiting = 0; /* the sign before the numbers between the last two items */
    if (stack == NULL) {
        env->unfit = CNN_UNFIT_MEMORY;
        return false;
    }
    for (const cnn_term *f = product->first; f != NULL; f = f->next) {
        cnn_matrix m;
        if (!cnn_term_eval(env, f, &m) || (f->op == '/' && !invert(env, f, &m))) {
            return false;
        }
        const char op = f->op == '/' ? '.' : f->op;
        if (cnn_is_scalar(&m)) {
            scale *= m.v[0];
            waiting = waiting == 0 ? op : waiting;
            continue;
        }
        stack[count++] = (item){m, f->span, {op, waiting}};
        waiting = 0;
        if (!reduce(env, stack, &count)) {
            return false;
        }
    }
    return finish(env, stack, count, scale, out);
}
