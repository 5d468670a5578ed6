/* The functions of claims: those of the layers, and some more. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "gradient/elementary.h"
#include "gradient/term.h"

/* What a value takes beside a multiply-add. */
enum { FUNCTION_WORK = 12 };

static double exponential(double z)
{
    return cnn_exp(z);
}

static double logarithm(double z)
{
    return cnn_log(z);
}

static double root(double z)
{
    return cnn_root(z);
}

/* All values added up; of a map, on wish, those of each channel. */
static bool sum(cnn_env *env, const cnn_term *call, const cnn_matrix *in, cnn_matrix *out)
{
    const int64_t count = cnn_dims_count(&in->dims);
    const bool channels = env->sum_channels && in->dims.map.axes > 0;
    const int64_t rows = channels ? in->dims.map.channels : 1;
    (void)call;
    if (!cnn_matrix_make(env, (cnn_dims){rows, 1, {0}}, out)) {
        return false;
    }
    for (int64_t i = 0; i < count; i++) {
        out->v[i / (count / rows)] += in->v[i];
    }
    return true;
}

/* Of a vector, or over the channels at each position of a map. The derivative is the matrix with
 * a_i (1 - a_i) on its diagonal and -a_i a_k elsewhere, but 0 between two positions of a map. */
static bool softmax(cnn_env *env, const cnn_term *call, const cnn_matrix *in, cnn_matrix *out)
{
    const int64_t n = cnn_dims_count(&in->dims);
    const int64_t positions = cnn_shape_positions(&in->dims.map);
    cnn_matrix a;
    if (!cnn_matrix_make(env, in->dims, &a)) {
        return false;
    }
    cnn_softmax(in->v, n / positions, positions, a.v);
    *out = a;
    if (!call->prime) {
        return true;
    }
    if (!cnn_matrix_make(env, (cnn_dims){n, n, {0}}, out)) {
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        for (int64_t k = i % positions; k < n; k += positions) {
            out->v[i * n + k] = a.v[i] * ((i == k ? 1 : 0) - a.v[k]);
        }
    }
    return true;
}

/* A map as a vector; names of maps are listed in the same order anyway. */
static bool flatten(cnn_env *env, const cnn_term *call, const cnn_matrix *in, cnn_matrix *out)
{
    (void)env;
    (void)call;
    *out = *in;
    out->dims.map = (cnn_shape){0};
    return true;
}

/* diag(s) * d is s .* d, in the notation of matrices. */
static bool diagonal(cnn_env *env, const cnn_term *call, const cnn_matrix *in, cnn_matrix *out)
{
    const int64_t n = cnn_dims_count(&in->dims);
    (void)call;
    if (!cnn_matrix_make(env, (cnn_dims){n, n, {0}}, out)) {
        return false;
    }
    for (int64_t i = 0; i < n; i++) {
        out->v[i * n + i] = in->v[i];
    }
    return true;
}

/* Functions with a rule are those of layers, and have a derivative. `apply` takes a whole value,
 * `value` one number at a time. */
static const cnn_function functions[] = {
    {.name = "sigmoid",
     .prime = "sigmoid'",
     .aliases = "\xCF\x83 sigma logistic", /* the letter sigma */
     .latex = "\\sigma",
     .rule = &cnn_rule_sigmoid},
    {.name = "tanh", .prime = "tanh'", .latex = "\\tanh", .rule = &cnn_rule_tanh},
    {.name = "relu", .prime = "relu'", .latex = "\\operatorname{relu}", .rule = &cnn_rule_relu},
    {.name = "softmax", .prime = "softmax'", .latex = "\\operatorname{softmax}", .apply = softmax},
    {.name = "sum", .latex = "\\operatorname{sum}", .apply = sum},
    {.name = "flatten", .aliases = "vec reshape", .latex = "\\operatorname{vec}", .apply = flatten},
    {.name = "diag", .latex = "\\operatorname{diag}", .apply = diagonal},
    {.name = "exp", .latex = "\\exp", .value = exponential},
    {.name = "log", .aliases = "ln", .latex = "\\log", .value = logarithm},
    {.name = "sqrt", .latex = "\\operatorname{sqrt}", .value = root},
};

const cnn_function *cnn_function_find(cnn_text name)
{
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (cnn_text_is(name, functions[i].name) || cnn_text_among(name, functions[i].aliases)) {
            return &functions[i];
        }
    }
    return NULL;
}

/* Of a number that is none there is none either; the logarithm of 0 and the root of -1 are none. */
bool cnn_function_value(cnn_env *env, const cnn_term *call, double z, double *out)
{
    const cnn_function *f = call->function;
    assert(f->rule != NULL || !call->prime);
    const double a = f->rule != NULL ? f->rule->value(z) : f->value(z);
    *out = call->prime ? f->rule->slope(z, a) : a;
    return isnan(a) || a == -(double)INFINITY ? cnn_fail_number(env, call) : true;
}

bool cnn_function_eval(cnn_env *env, const cnn_term *call, cnn_matrix *out)
{
    const cnn_function *f = call->function;
    cnn_matrix in;
    if (!cnn_term_eval(env, call->first, &in)) {
        return false;
    }
    if (f->apply != NULL) {
        return f->apply(env, call, &in, out);
    }
    if (!cnn_matrix_make(env, in.dims, out)) {
        return false;
    }
    /* exponentials cost more than the matrix itself */
    env->work -= FUNCTION_WORK * cnn_dims_count(&in.dims);
    for (int64_t i = 0; i < cnn_dims_count(&in.dims); i++) {
        if (!cnn_function_value(env, call, in.v[i], &out->v[i])) {
            return false;
        }
    }
    return true;
}
