/*
 * Expressions with indices, entry by entry: every letter has a value, and every operator is that of
 * numbers. Outside a map values are 0, for a maximum there are none.
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/index_scope.h"

/* What a node takes, in multiply-adds. */
enum { NODE_WORK = 12 };

/* ---- indices ---- */

static int64_t at_letter(const cnn_index_scope *s, const cnn_index_part *p)
{
    const int64_t i = s->value[p->letter - 'a'];
    return p->factor * (p->kind == 'l' ? i : p->kind == 'f' ? i / p->per : i % p->per);
}

static int64_t value_of(const cnn_index_scope *s, const cnn_index *index)
{
    int64_t sum = index->constant;
    for (int32_t i = 0; i < index->count; i++) {
        sum += at_letter(s, &index->part[i]);
    }
    return sum;
}

/* The offset in row-major order; -1: outside. */
static int64_t place_of(const cnn_index_scope *s, const cnn_subscripts *subscripts,
                        const int64_t *sides)
{
    int64_t place = 0;
    for (int32_t i = 0; i < subscripts->count; i++) {
        const int64_t at = value_of(s, &subscripts->at[i]);
        if (at < 0 || at >= sides[i]) {
            return -1;
        }
        place = place * sides[i] + at;
    }
    return place;
}

static bool is_first_largest(cnn_index_scope *s, const cnn_condition *c)
{
    const cnn_layer *layer = s->step->layer;
    const cnn_value *in = &s->env->chain->quantities[s->step->in];
    const int64_t channel = s->channel != '\0' ? s->value[s->channel - 'a'] : 0;
    const int64_t at = place_of(s, &c->at, layer->in.side);
    const int64_t window = place_of(s, &c->window, layer->out.side);
    if (at < 0 || window < 0 || channel >= layer->in.channels) {
        return false;
    }
    const cnn_place place = cnn_place_at(&s->window, window);
    const double *values =
        s->env->point->value + in->at + channel * cnn_shape_positions(&layer->in);
    s->env->work -= s->window.k[0] * s->window.k[1] * s->window.k[2];
    return cnn_largest_tap(&s->window, values, &place) == at;
}

static bool holds(cnn_index_scope *s, const cnn_condition *c)
{
    return c->first_largest ? is_first_largest(s, c) : value_of(s, &c->zero) == 0;
}

/* ---- numbers ---- */

static bool eval(cnn_index_scope *s, const cnn_term *e, double *out);

static bool eval_product(cnn_index_scope *s, const cnn_term *e, double *out)
{
    double product = 1, next;
    for (const cnn_term *f = e->first; f != NULL; f = f->next) {
        if (!eval(s, f, &next)) {
            return false;
        }
        if (f->op == '/' && next == 0) {
            return cnn_fail_number(s->env, f);
        }
        product = f->op == '/' ? product / next : product * next;
    }
    *out = product;
    return true;
}

static bool eval_sum(cnn_index_scope *s, const cnn_term *e, double *out)
{
    double sum = 0, next;
    for (const cnn_term *f = e->first; f != NULL; f = f->next) {
        if (!eval(s, f, &next)) {
            return false;
        }
        sum += f->op == '-' ? -next : next;
    }
    *out = sum;
    return true;
}

/* Outside its map an entry is 0, like padding; for the maximum around it, it must not count. */
static bool eval_entry(cnn_index_scope *s, const cnn_term *e, double *out)
{
    int64_t sides[CNN_INDEX_SIDES];
    cnn_matrix m;
    const cnn_value *q = e->quantity;
    (void)cnn_index_sides(s->env->chain, q, sides);
    if (!s->env->lookup(s->env->user, e, &m)) {
        m.dims = q->dims;
        m.v = (e->slope ? s->env->point->slope : s->env->point->value) + q->at;
    }
    if (!cnn_same_dims(&m.dims, &q->dims)) {
        return cnn_index_fail(s, e); /* it was claimed with another size */
    }
    const int64_t at = place_of(s, e->subscripts, sides);
    s->outside = s->outside || at < 0;
    *out = at < 0 ? 0 : m.v[at];
    return true;
}

/* A name without indices is a number. */
static bool eval_number(cnn_index_scope *s, const cnn_term *e, double *out)
{
    cnn_matrix m;
    if (!cnn_term_eval(s->env, e, &m)) {
        return false;
    }
    *out = m.v[0];
    return cnn_is_scalar(&m) || cnn_index_fail(s, e);
}

/* softmax(), sum() and the like want all values: of a single entry they have no meaning. */
static bool eval_call(cnn_index_scope *s, const cnn_term *e, double *out)
{
    double z;
    return e->function->apply == NULL
               ? eval(s, e->first, &z) && cnn_function_value(s->env, e, z, out)
               : cnn_index_fail(s, e);
}

static bool eval_taps(cnn_index_scope *s, const cnn_term *e, double *out)
{
    const int64_t at = s->step == NULL ? -1 : place_of(s, e->subscripts, s->step->layer->out.side);
    if (at < 0) {
        return cnn_index_fail(s, e);
    }
    const cnn_place place = cnn_place_at(&s->window, at);
    *out = cnn_place_divisor(&s->window, &place);
    return true;
}

/* ---- sums ---- */

/* The sum so far, or the maximum of what was inside; `any`: there was something inside. */
typedef struct running {
    double value;
    bool any;
} running;

static bool go_through(cnn_index_scope *s, const cnn_term *e, int32_t level, running *r);

static bool add_body(cnn_index_scope *s, const cnn_term *e, running *r)
{
    /* a maximum inside this body leaves out what is outside for itself alone */
    const bool before = s->outside;
    double next;
    s->outside = false;
    if (!eval(s, e->first, &next)) {
        return false;
    }
    if (!e->over->largest) {
        r->value += next;
    } else if (!s->outside) {
        r->value = !r->any || next > r->value ? next : r->value;
        r->any = true;
    }
    s->outside = before;
    return true;
}

/* Passes over the letter's value when a condition that it completes does not hold. */
static bool test_and_go(cnn_index_scope *s, const cnn_term *e, int32_t level, running *r)
{
    const cnn_over *o = e->over;
    for (int32_t i = 0; i < o->condition_count; i++) {
        if ((o->tested[level] >> i & 1) != 0 && !holds(s, &o->condition[i])) {
            return true;
        }
    }
    return go_through(s, e, level + 1, r);
}

/* The value of a letter with which the index is 0; -1: there is none. */
static int64_t solve(cnn_index_scope *s, const cnn_index *zero, char letter)
{
    const int64_t factor = cnn_index_factor(zero, letter);
    s->value[letter - 'a'] = 0;
    const int64_t rest = -value_of(s, zero);
    return rest % factor == 0 ? rest / factor : -1;
}

/* Gives the letter of this level its values in turn, and goes on with the next letter. */
static bool go_through(cnn_index_scope *s, const cnn_term *e, int32_t level, running *r)
{
    const cnn_over *o = e->over;
    if (level == o->count) {
        return add_body(s, e, r);
    }
    const char letter = o->letter[level];
    int64_t *value = &s->value[letter - 'a'];
    s->env->work -= NODE_WORK;
    if (o->solved_by[level] >= 0) {
        const int64_t only = solve(s, &o->condition[o->solved_by[level]].zero, letter);
        *value = only;
        return only < 0 || only >= o->range[level] || test_and_go(s, e, level, r);
    }
    bool done = true;
    for (int64_t i = 0; i < o->range[level] && done; i++) {
        *value = i;
        done = s->env->work > 0 && test_and_go(s, e, level, r);
    }
    if (s->env->work <= 0) {
        s->env->unfit = CNN_UNFIT_WORK;
        done = false;
    }
    return done;
}

static bool eval_over(cnn_index_scope *s, const cnn_term *e, double *out)
{
    running r = {0, false};
    int64_t kept[CNN_INDEX_LETTERS]; /* values that the letters have outside of the sum */
    for (int32_t i = 0; i < e->over->count; i++) {
        kept[i] = s->value[e->over->letter[i] - 'a'];
    }
    if (!go_through(s, e, 0, &r)) {
        return false;
    }
    for (int32_t i = 0; i < e->over->count; i++) {
        s->value[e->over->letter[i] - 'a'] = kept[i];
    }
    *out = e->over->largest && !r.any ? -(double)INFINITY : r.value;
    return true;
}

static bool eval(cnn_index_scope *s, const cnn_term *e, double *out)
{
    s->env->work -= NODE_WORK;
    switch (e->kind) {
    case CNN_TERM_NUMBER:
        *out = e->number;
        return true;
    case CNN_TERM_ENTRY:
        return eval_entry(s, e, out);
    case CNN_TERM_OVER:
        return eval_over(s, e, out);
    case CNN_TERM_TAPS:
        return eval_taps(s, e, out);
    case CNN_TERM_CALL:
        return eval_call(s, e, out);
    case CNN_TERM_SUM:
        return eval_sum(s, e, out);
    case CNN_TERM_PRODUCT:
        return eval_product(s, e, out);
    case CNN_TERM_NEGATE:
        if (!eval(s, e->first, out)) {
            return false;
        }
        *out = -*out;
        return true;
    case CNN_TERM_POWER:
        return eval(s, e->first, out) && cnn_power_eval(s->env, e, *out, out);
    case CNN_TERM_TRANSPOSE:
        return cnn_index_fail(s, e);
    default: /* CNN_TERM_NAME, CNN_TERM_OWN */
        return eval_number(s, e, out);
    }
}

/* The letters of the claim's left side take the place of the usual ones. An index of a side of 1
 * may be 0, or left out, as in p1[c,0,0] and p1[c]: it has no letter. */
static bool choose_left(const cnn_subscripts *left, const int64_t *sides, int32_t count,
                        char *letters)
{
    bool fits = left->count <= count;
    for (int32_t i = 0; i < count && fits; i++) {
        const cnn_index zero = {0}, *index = i < left->count ? &left->at[i] : &zero;
        letters[i] = cnn_index_lone(index);
        fits = letters[i] != '\0' || (index->count == 0 && index->constant == 0 && sides[i] == 1);
    }
    return fits;
}

bool cnn_index_eval(cnn_env *env, const cnn_term *term, const cnn_value *what, bool slope,
                    const cnn_subscripts *left, cnn_matrix *out)
{
    cnn_index_scope s = {.env = env};
    char letters[CNN_INDEX_SIDES] = {0};
    int64_t sides[CNN_INDEX_SIDES] = {1};
    const int32_t count = cnn_index_sides(env->chain, what, sides);
    cnn_index_choose(env->chain, what, term, letters);
    if (left != NULL && !choose_left(left, sides, count, letters)) {
        return cnn_index_fail(&s, term);
    }
    if (!cnn_index_open(&s, term, what, slope, letters, sides, count) ||
        !cnn_matrix_make(env, what->dims, out)) {
        return false;
    }
    /* all entries in row-major order: the last letter changes fastest */
    for (int64_t i = 0; i < cnn_dims_count(&what->dims); i++) {
        int64_t rest = i;
        for (int32_t k = count - 1; k >= 0; k--) {
            if (letters[k] != '\0') {
                s.value[letters[k] - 'a'] = rest % sides[k];
            }
            rest /= sides[k];
        }
        if (!eval(&s, term, &out->v[i])) {
            return false;
        }
        if (env->work <= 0) {
            env->unfit = CNN_UNFIT_WORK;
            return false;
        }
    }
    return true;
}
