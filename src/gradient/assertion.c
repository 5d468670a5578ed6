/* What the parts of the judgement share: values of claims, the right ones, and how they compare. */
#include "gradient/assertion.h"

#include <assert.h>
#include <math.h>

/* Values are equal when they differ by no more than this part of the largest: rounding makes about
 * 1e-14 of it, and a mistake is never so small at a random point. */
static const double EQUAL = 1e-9;

/* ---- values ---- */

typedef struct scope {
    const cnn_assertions *sheet;
    const cnn_assertion *claim; /* that uses the names */
    int32_t names, point;
} scope;

const cnn_assertion *cnn_assertion_before(const cnn_assertions *sheet, const cnn_assertion *claim,
                                          const cnn_term *name)
{
    for (const cnn_assertion *c = claim; c-- > sheet->claims;) {
        if (c->what == name->quantity && c->slope == name->slope &&
            c->judgement != CNN_JUDGED_RIGHT) {
            return c;
        }
    }
    return NULL;
}

static bool lookup(const void *user, const cnn_term *name, cnn_matrix *out)
{
    const scope *s = user;
    const bool own = name->kind == CNN_TERM_OWN;
    const cnn_assertion *c = own ? &s->sheet->claims[name->claim] : NULL;
    if (!own && s->names == CNN_NAMES_CLAIMED) {
        c = cnn_assertion_before(s->sheet, s->claim, name);
    }
    if (c == NULL || !c->trials[s->names].valid) {
        return false;
    }
    *out = c->trials[s->names].at[s->point];
    return true;
}

/* The term's value in the reading that fits what is claimed. */
static bool eval_reading(const cnn_assertion *claim, cnn_env *env, cnn_matrix *out)
{
    const int64_t work = env->work;
    env->sum_channels = false;
    bool done = cnn_term_eval(env, claim->term, out);
    const bool fits = done && claim->what != NULL && cnn_same_dims(&out->dims, &claim->what->dims);
    if (fits || claim->what == NULL || claim->what->role != CNN_VALUE_BIASES) {
        return done;
    }
    /* "db1 = sum(dz1)": the other reading of the sum of a map. */
    cnn_env again = *env;
    cnn_matrix other;
    again.sum_channels = true;
    again.unfit = CNN_FIT_NONE;
    again.work = work;
    if (cnn_term_eval(&again, claim->term, &other) &&
        cnn_same_dims(&other.dims, &claim->what->dims)) {
        *out = other;
        *env = again;
        done = true;
    }
    return done;
}

bool cnn_assertion_eval(const cnn_assertions *sheet, const cnn_assertion *claim, int32_t names,
                        int32_t point, cnn_env *env, cnn_matrix *out)
{
    const scope s = {sheet, claim, names, point};
    cnn_env own = *env;
    own.chain = sheet->chain;
    own.point = &sheet->points[point];
    own.lookup = lookup;
    own.user = &s;
    own.unfit = CNN_FIT_NONE;
    const bool done = eval_reading(claim, &own, out);
    own.user = NULL; /* ends here */
    *env = own;
    return done;
}

cnn_matrix cnn_assertion_right(const cnn_assertions *sheet, const cnn_assertion *claim,
                               int32_t point)
{
    const cnn_point *p = &sheet->points[point];
    return (cnn_matrix){claim->what->dims, (claim->slope ? p->slope : p->value) + claim->what->at};
}

/* ---- comparing them ---- */

double cnn_matrix_ratio(const cnn_matrix *v, const cnn_matrix *right)
{
    const int64_t count = cnn_dims_count(&right->dims);
    double largest = 0, product = 0, square = 0;
    if (!cnn_same_dims(&v->dims, &right->dims)) {
        return 0;
    }
    for (int64_t i = 0; i < count; i++) {
        largest = fabs(right->v[i]) > largest ? fabs(right->v[i]) : largest;
    }
    for (int64_t i = 0; i < count; i++) {
        const double r = right->v[i] / largest;
        product += r * (v->v[i] / largest);
        square += r * r;
    }
    const double f = product / square; /* no number when all values are 0 */
    for (int64_t i = 0; i < count; i++) {
        if (!(fabs(v->v[i] - f * right->v[i]) <= EQUAL * fabs(f) * largest)) {
            return 0;
        }
    }
    /* A factor that is 1 up to rounding is 1. */
    return isfinite(f) ? (fabs(f - 1) < EQUAL ? 1 : fabs(f + 1) < EQUAL ? -1 : f) : 0;
}

bool cnn_matrix_equal(const cnn_matrix *v, const cnn_matrix *right)
{
    double most = 0;
    if (!cnn_same_dims(&v->dims, &right->dims)) {
        return false;
    }
    for (int64_t i = 0; i < cnn_dims_count(&right->dims); i++) {
        const double a = fabs(right->v[i]), b = fabs(v->v[i]);
        most = a > most ? a : most;
        most = b <= most ? most : b;
    }
    for (int64_t i = 0; i < cnn_dims_count(&right->dims); i++) {
        if (!(fabs(v->v[i] - right->v[i]) <= EQUAL * most)) {
            return false;
        }
    }
    return true;
}

/* ---- what explains a wrong one ---- */

void cnn_assertion_explain(cnn_assertion *claim, const cnn_finding *first,
                           const cnn_finding *second)
{
    assert(claim->count < CNN_CAUSES);
    cnn_cause *e = &claim->causes[claim->count++];
    e->findings[e->count++] = *first;
    if (second != NULL) {
        e->findings[e->count++] = *second;
    }
}
