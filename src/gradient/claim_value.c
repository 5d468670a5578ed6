/* What the parts of the judgement share: values of claims, the right ones, and how they compare. */
#include "gradient/gradient_claim.h"
#include "gradient/indices.h"

#include <assert.h>
#include <math.h>

/* Values are equal when they differ by no more than this part of the largest right one: rounding
 * makes about 1e-14 of it, and a mistake is never so small at a random point. Where the right ones
 * are all 0 there is only rounding: a part of the largest at any point. */
static const double EQUAL = 1e-9, ZERO = 1e-13;

/* ---- values ---- */

typedef struct scope {
    const cnn_gradient_sheet *sheet;
    const cnn_gradient_claim *claim; /* that uses the names */
    int32_t names, point;
} scope;

const cnn_gradient_claim *cnn_gradient_claim_before(const cnn_gradient_sheet *sheet,
                                                    const cnn_gradient_claim *claim,
                                                    const cnn_term *name)
{
    for (const cnn_gradient_claim *c = claim; c-- > sheet->claims;) {
        if (c->what == name->quantity && c->slope == name->slope &&
            c->judgement != CNN_JUDGED_RIGHT) {
            return c;
        }
    }
    return NULL;
}

/* The sheet's value of a name. Its own names have no other; a gradient has one where claimed values
 * are asked for and it was claimed wrongly. */
static bool lookup(const void *user, const cnn_term *name, cnn_matrix *out)
{
    const scope *s = user;
    const bool own = name->kind == CNN_TERM_OWN;
    const cnn_gradient_claim *c = own ? &s->sheet->claims[name->claim] : NULL;
    if (!own && s->names == CNN_NAMES_CLAIMED) {
        c = cnn_gradient_claim_before(s->sheet, s->claim, name);
    }
    if (c == NULL || !c->trials[s->names].valid) {
        return false;
    }
    *out = c->trials[s->names].at[s->point];
    return true;
}

/* The term's value in the reading that fits what is claimed. */
static bool eval_reading(const cnn_gradient_claim *claim, cnn_env *env, cnn_matrix *out)
{
    const int64_t work = env->work;
    env->sum_channels = false;
    if (claim->indexed && claim->what != NULL) {
        return cnn_index_eval(env, claim->term, claim->what, claim->slope, claim->left, out);
    }
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

bool cnn_gradient_claim_eval(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                             int32_t names, int32_t point, cnn_env *env, cnn_matrix *out)
{
    const scope s = {sheet, claim, names, point};
    cnn_env own = *env;
    own.chain = sheet->chain;
    own.point = &sheet->points.at[point];
    own.lookup = lookup;
    own.user = &s;
    own.unfit = CNN_FIT_NONE;
    const bool done = eval_reading(claim, &own, out);
    own.user = NULL; /* ends here */
    *env = own;
    return done;
}

cnn_matrix cnn_gradient_claim_right(const cnn_gradient_sheet *sheet,
                                    const cnn_gradient_claim *claim, int32_t point)
{
    const cnn_point *p = &sheet->points.at[point];
    return (cnn_matrix){claim->what->dims, (claim->slope ? p->slope : p->value) + claim->what->at};
}

/* ---- comparing them ---- */

static double largest(const cnn_matrix *m)
{
    double most = 0;
    for (int64_t i = 0; i < cnn_dims_count(&m->dims); i++) {
        most = fabs(m->v[i]) > most ? fabs(m->v[i]) : most;
    }
    return most;
}

bool cnn_matrix_finite(const cnn_matrix *m)
{
    bool finite = true;
    for (int64_t i = 0; i < cnn_dims_count(&m->dims); i++) {
        finite = finite && isfinite(m->v[i]);
    }
    return finite;
}

bool cnn_matrix_near(const cnn_matrix *v, const cnn_matrix *right, double f, double overall)
{
    if (!cnn_same_dims(&v->dims, &right->dims)) {
        return false;
    }
    const double most = largest(right), room = most > 0 ? EQUAL * most : ZERO * overall;
    if (!isfinite(f * room)) {
        return false;
    }
    for (int64_t i = 0; i < cnn_dims_count(&right->dims); i++) {
        if (!(fabs(v->v[i] - f * right->v[i]) <= fabs(f) * room)) {
            return false; /* also when one of them is NaN */
        }
    }
    return true;
}

double cnn_gradient_claim_scale(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim)
{
    double most = 0;
    for (int32_t p = 0; p < sheet->points.count; p++) {
        const cnn_matrix right = cnn_gradient_claim_right(sheet, claim, p);
        most = largest(&right) > most ? largest(&right) : most;
    }
    return most;
}

/* The least-squares solution of v = f right; divided by `most`, so that no square overflows. */
static double fit(const cnn_matrix *v, const cnn_matrix *right, double most)
{
    double product = 0, square = 0;
    for (int64_t i = 0; i < cnn_dims_count(&right->dims); i++) {
        const double r = right->v[i] / most;
        product += r * (v->v[i] / most);
        square += r * r;
    }
    return product / square;
}

/* f is fitted at the first point where the other value is not 0, and tested at the others. Points
 * where the other value is 0 tell nothing about f: there the trial has to be 0 as well. */
double cnn_trial_factor(const cnn_gradient_sheet *sheet, const cnn_trial *trial, cnn_matrix_at *get,
                        const void *user)
{
    double f = 0, overall = 0, at_zeros = 0;
    for (int32_t p = 0; p < sheet->points.count; p++) {
        const cnn_matrix other = get(sheet, user, p), *v = &trial->at[p];
        const double most = largest(&other);
        if (!cnn_same_dims(&v->dims, &other.dims) || !isfinite(most)) {
            return 0;
        }
        if (most == 0) {
            at_zeros = largest(v) > at_zeros ? largest(v) : at_zeros;
            continue;
        }
        f = f == 0 ? fit(v, &other, most) : f;
        if (f == 0 || !cnn_matrix_near(v, &other, f, 0)) {
            return 0;
        }
        overall = most > overall ? most : overall;
    }
    if (f == 0 || !(at_zeros <= ZERO * fabs(f) * overall)) {
        return 0;
    }
    /* A factor that is 1 up to rounding is 1. */
    return fabs(f - 1) < EQUAL ? 1 : fabs(f + 1) < EQUAL ? -1 : f;
}

/* Fractions first: 1/3, not 0.3333333333. Ten digits are what a comparison up to rounding knows. */
double cnn_tidy(double f)
{
    for (int32_t k = 1; k <= 12 && fabs(f) < 1e9; k++) {
        const double whole = (double)(int64_t)(f * k + (f < 0 ? -0.5 : 0.5));
        if (whole != 0 && fabs(f * k - whole) < 1e-9 * fabs(whole)) {
            return whole / k;
        }
    }
    double unit = 1; /* a power of ten, exact up to 10^22 */
    while (fabs(f) * unit < 1e9 && unit < 1e22) {
        unit *= 10;
    }
    const double digits = f * unit + (f < 0 ? -0.5 : 0.5);
    return fabs(digits) < 1e10 ? (double)(int64_t)digits / unit : f;
}

/* ---- explanations ---- */

void cnn_gradient_claim_explain(cnn_gradient_claim *claim, const cnn_finding *first,
                                const cnn_finding *second)
{
    assert(claim->count < CNN_CAUSES);
    cnn_cause *e = &claim->causes[claim->count++];
    e->findings[e->count++] = *first;
    if (second != NULL) {
        e->findings[e->count++] = *second;
    }
}
