/*
 * Expressions with indices, entry by entry: every letter has a value, and every operator is that of
 * numbers. Outside a map values are 0, for a maximum there are none.
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/indices.h"
#include "gradient/sliding.h"

/* What a node takes, in multiply-adds. */
enum { NODE_WORK = 12, LETTERS = 26 };

typedef struct scope {
    cnn_env *env;
    int64_t value[LETTERS];
    int64_t range[LETTERS]; /* 0: not known */
    bool bound[LETTERS];    /* has a value */
    const cnn_link *step;   /* whose window taps() and "first largest" mean; NULL: there is none */
    cnn_sliding window;
    bool outside; /* an entry was asked for that is outside its map */
} scope;

int32_t cnn_index_sides(const cnn_chain *chain, const cnn_value *q, int64_t sides[CNN_INDEX_SIDES])
{
    const cnn_layer *layer = q->role == CNN_VALUE_WEIGHTS ? chain->steps[q->step].layer : NULL;
    int32_t count = 0;
    sides[count++] = q->dims.map.axes > 0 ? q->dims.map.channels : q->dims.rows;
    if (layer != NULL && chain->steps[q->step].rule->sliding) {
        sides[count++] = layer->in.channels / cnn_groups(layer);
        for (int32_t i = 0; i < layer->in.axes; i++) {
            sides[count++] = layer->attrs->value[CNN_SIZE][i];
        }
    } else if (layer != NULL) {
        sides[count++] = q->dims.columns;
    }
    for (int32_t i = 0; i < q->dims.map.axes; i++) {
        sides[count++] = q->dims.map.side[i];
    }
    return count;
}

bool cnn_term_indexed(const cnn_term *e)
{
    bool indexed =
        e->kind == CNN_TERM_ENTRY || e->kind == CNN_TERM_OVER || e->kind == CNN_TERM_TAPS;
    for (const cnn_term *f = e->first; f != NULL && !indexed; f = f->next) {
        indexed = cnn_term_indexed(f);
    }
    return indexed;
}

static bool fail(scope *s, const cnn_term *term)
{
    s->env->unfit = CNN_UNFIT_INDEX;
    s->env->spans[0] = term->span;
    return false;
}

/* ---- indices ---- */

static int64_t at_letter(const scope *s, const cnn_index_part *p)
{
    const int64_t i = s->value[p->letter - 'a'];
    return p->factor * (p->kind == 'l' ? i : p->kind == 'f' ? i / p->per : i % p->per);
}

static int64_t value_of(const scope *s, const cnn_index *index)
{
    int64_t sum = index->constant;
    for (int32_t i = 0; i < index->count; i++) {
        sum += at_letter(s, &index->part[i]);
    }
    return sum;
}

/* The letter that the index is, alone; 0: it is something else. */
static char lone_letter(const cnn_index *index)
{
    const cnn_index_part *p = &index->part[0];
    const bool lone = index->count == 1 && index->constant == 0 && p->kind == 'l' && p->factor == 1;
    return lone ? p->letter : '\0';
}

/* The place among so many sides, the last of them dense; -1: outside. */
static int64_t place_of(const scope *s, const cnn_subscripts *subscripts, const int64_t *sides)
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

static bool is_first_largest(scope *s, const cnn_condition *c)
{
    const cnn_layer *layer = s->step->layer;
    const cnn_value *in = &s->env->chain->quantities[s->step->in];
    const int64_t channel = s->value['c' - 'a'];
    const int64_t at = place_of(s, &c->at, layer->in.side);
    const int64_t window = place_of(s, &c->window, layer->out.side);
    if (at < 0 || window < 0 || channel >= layer->in.channels) {
        return false;
    }
    const cnn_place place = cnn_place_at(&s->window, window);
    const double *values = s->env->point->value + in->at + channel * cnn_positions(&layer->in);
    s->env->work -= s->window.k[0] * s->window.k[1] * s->window.k[2];
    return cnn_largest_tap(&s->window, values, &place) == at;
}

static bool holds(scope *s, const cnn_condition *c)
{
    return c->first_largest ? is_first_largest(s, c) : value_of(s, &c->zero) == 0;
}

/* ---- numbers ---- */

static bool eval(scope *s, const cnn_term *e, double *out);

static bool eval_product(scope *s, const cnn_term *e, double *out)
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

static bool eval_sum(scope *s, const cnn_term *e, double *out)
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

static bool eval_entry(scope *s, const cnn_term *e, double *out)
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
        return fail(s, e); /* it was claimed with another size */
    }
    const int64_t at = place_of(s, e->subscripts, sides);
    s->outside = s->outside || at < 0;
    *out = at < 0 ? 0 : m.v[at];
    return true;
}

/* A name without indices is a number. */
static bool eval_number(scope *s, const cnn_term *e, double *out)
{
    cnn_matrix m;
    if (!cnn_term_eval(s->env, e, &m)) {
        return false;
    }
    *out = m.v[0];
    return cnn_is_scalar(&m) || fail(s, e);
}

static bool eval_call(scope *s, const cnn_term *e, double *out)
{
    double z;
    return e->function->apply == NULL
               ? eval(s, e->first, &z) && cnn_function_value(s->env, e, z, out)
               : fail(s, e);
}

static bool eval_taps(scope *s, const cnn_term *e, double *out)
{
    const int64_t at = s->step == NULL ? -1 : place_of(s, e->subscripts, s->step->layer->out.side);
    if (at < 0) {
        return fail(s, e);
    }
    const cnn_place place = cnn_place_at(&s->window, at);
    *out = cnn_place_divisor(&s->window, &place);
    return true;
}

/* ---- sums ---- */

typedef struct running {
    double value;
    bool any;
} running;

static bool go_through(scope *s, const cnn_term *e, int32_t level, running *r);

static bool add_body(scope *s, const cnn_term *e, running *r)
{
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

static bool test_and_go(scope *s, const cnn_term *e, int32_t level, running *r)
{
    const cnn_over *o = e->over;
    for (int32_t i = 0; i < o->condition_count; i++) {
        if ((o->tested[level] >> i & 1) != 0 && !holds(s, &o->condition[i])) {
            return true;
        }
    }
    return go_through(s, e, level + 1, r);
}

/* What the index changes by with the letter; 0: that is not the same everywhere. */
static int64_t factor_of(const cnn_index *index, char letter)
{
    int64_t factor = 0;
    for (int32_t i = 0; i < index->count; i++) {
        if (index->part[i].letter == letter && index->part[i].kind != 'l') {
            return 0;
        }
        factor += index->part[i].letter == letter ? index->part[i].factor : 0;
    }
    return factor;
}

/* The value of a letter with which the index is 0; -1: there is none. */
static int64_t solve(scope *s, const cnn_index *zero, char letter)
{
    const int64_t factor = factor_of(zero, letter);
    s->value[letter - 'a'] = 0;
    const int64_t rest = -value_of(s, zero);
    return rest % factor == 0 ? rest / factor : -1;
}

static bool go_through(scope *s, const cnn_term *e, int32_t level, running *r)
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
        return only < 0 || only >= s->range[letter - 'a'] || test_and_go(s, e, level, r);
    }
    bool done = true;
    for (int64_t i = 0; i < s->range[letter - 'a'] && done; i++) {
        *value = i;
        done = s->env->work > 0 && test_and_go(s, e, level, r);
    }
    if (s->env->work <= 0) {
        s->env->unfit = CNN_UNFIT_WORK;
        done = false;
    }
    return done;
}

static bool eval_over(scope *s, const cnn_term *e, double *out)
{
    running r = {0, false};
    int64_t kept[CNN_INDEX_LETTERS]; /* of letters that mean something outside, too */
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

static bool eval(scope *s, const cnn_term *e, double *out)
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
        return fail(s, e);
    default: /* CNN_TERM_NAME, CNN_TERM_OWN */
        return eval_number(s, e, out);
    }
}

/* ---- letters ---- */

/* Letters that stand alone as an index go as far as that side. */
static bool find_ranges(scope *s, const cnn_term *e)
{
    if (e->kind == CNN_TERM_ENTRY) {
        int64_t sides[CNN_INDEX_SIDES];
        const int32_t count = cnn_index_sides(s->env->chain, e->quantity, sides);
        bool fits = e->subscripts->count <= count;
        for (int32_t i = e->subscripts->count; i < count; i++) {
            fits = fits && sides[i] == 1; /* p1[c] of a map of 1x1 */
        }
        if (!fits) {
            return fail(s, e);
        }
        for (int32_t i = 0; i < e->subscripts->count; i++) {
            const char letter = lone_letter(&e->subscripts->at[i]);
            int64_t *range = letter != '\0' ? &s->range[letter - 'a'] : NULL;
            if (range != NULL && !s->bound[letter - 'a'] && *range < sides[i]) {
                *range = sides[i];
            }
        }
    }
    bool done = true;
    for (const cnn_term *f = e->first; f != NULL && done; f = f->next) {
        done = find_ranges(s, f);
    }
    return done;
}

static bool uses(const cnn_index *index, char letter)
{
    bool found = false;
    for (int32_t i = 0; i < index->count; i++) {
        found = found || index->part[i].letter == letter;
    }
    return found;
}

static bool uses_any(const cnn_subscripts *subscripts, char letter)
{
    bool found = false;
    for (int32_t i = 0; i < subscripts->count; i++) {
        found = found || uses(&subscripts->at[i], letter);
    }
    return found;
}

static bool condition_uses(const cnn_condition *c, char letter)
{
    return c->first_largest
               ? letter == 'c' || uses_any(&c->at, letter) || uses_any(&c->window, letter)
               : uses(&c->zero, letter);
}

/* Whether all letters of the condition have values once those of the first `level` + 1 have. */
static bool is_known(const cnn_over *o, const cnn_condition *c, int32_t level)
{
    bool known = true;
    for (int32_t i = level + 1; i < o->count; i++) {
        known = known && !condition_uses(c, o->letter[i]);
    }
    return known;
}

static void plan(const scope *s, cnn_over *o)
{
    for (int32_t i = 0; i < o->count; i++) { /* few letters: the simplest sort will do */
        for (int32_t k = i + 1; k < o->count; k++) {
            if (s->range[o->letter[k] - 'a'] < s->range[o->letter[i] - 'a']) {
                const char letter = o->letter[i];
                o->letter[i] = o->letter[k];
                o->letter[k] = letter;
            }
        }
    }
    uint32_t done = 0;
    for (int32_t level = 0; level < o->count; level++) {
        o->solved_by[level] = -1;
        o->tested[level] = 0;
        for (int32_t i = 0; i < o->condition_count; i++) {
            const cnn_condition *c = &o->condition[i];
            if ((done >> i & 1) != 0 || !is_known(o, c, level)) {
                continue;
            }
            done |= 1u << i;
            if (o->solved_by[level] < 0 && !c->first_largest &&
                factor_of(&c->zero, o->letter[level]) != 0) {
                o->solved_by[level] = i;
            }
            o->tested[level] |= 1u << i;
        }
    }
}

/* Every letter of every index has a range, and every condition is about something. */
static bool check_index(const scope *s, const cnn_index *index)
{
    bool known = true;
    for (int32_t i = 0; i < index->count; i++) {
        known = known && s->bound[index->part[i].letter - 'a'];
    }
    return known;
}

static bool check_subscripts(const scope *s, const cnn_subscripts *subscripts)
{
    bool known = true;
    for (int32_t i = 0; i < subscripts->count; i++) {
        known = known && check_index(s, &subscripts->at[i]);
    }
    return known;
}

static bool check_over(scope *s, const cnn_over *o)
{
    bool known = true;
    for (int32_t i = 0; i < o->condition_count && known; i++) {
        const cnn_condition *c = &o->condition[i];
        const int32_t axes = s->step != NULL ? s->step->layer->in.axes : -1;
        known = c->first_largest
                    ? s->step != NULL && c->at.count == axes && c->window.count == axes &&
                          s->bound['c' - 'a'] && check_subscripts(s, &c->at) &&
                          check_subscripts(s, &c->window)
                    : check_index(s, &c->zero);
    }
    return known;
}

static bool prepare(scope *s, const cnn_term *e)
{
    bool was[CNN_INDEX_LETTERS] = {false}, done = true;
    const int32_t letters = e->kind == CNN_TERM_OVER ? e->over->count : 0;
    if (letters > 0) {
        for (int32_t i = 0; i < letters; i++) {
            done = done && s->range[e->over->letter[i] - 'a'] > 0;
        }
        plan(s, e->over);
        for (int32_t i = 0; i < letters; i++) {
            was[i] = s->bound[e->over->letter[i] - 'a'];
            s->bound[e->over->letter[i] - 'a'] = true;
        }
        done = done && check_over(s, e->over);
    }
    if (e->kind == CNN_TERM_ENTRY || e->kind == CNN_TERM_TAPS) {
        const int32_t axes = s->step != NULL ? s->step->layer->in.axes : -1;
        done = check_subscripts(s, e->subscripts) &&
               (e->kind == CNN_TERM_ENTRY || e->subscripts->count == axes);
    }
    if (!done) {
        return fail(s, e);
    }
    for (const cnn_term *f = e->first; f != NULL && done; f = f->next) {
        done = prepare(s, f);
    }
    for (int32_t i = letters; i-- > 0;) {
        s->bound[e->over->letter[i] - 'a'] = was[i];
    }
    return done;
}

/* ---- the left side ---- */

/* Whether a letter is used where no sum binds it. */
static bool is_free(const cnn_term *e, char letter)
{
    if (e->kind == CNN_TERM_OVER) {
        for (int32_t i = 0; i < e->over->count; i++) {
            if (e->over->letter[i] == letter) {
                return false;
            }
        }
        for (int32_t i = 0; i < e->over->condition_count; i++) {
            if (condition_uses(&e->over->condition[i], letter)) {
                return true;
            }
        }
    }
    bool found = e->subscripts != NULL && uses_any(e->subscripts, letter);
    for (const cnn_term *f = e->first; f != NULL && !found; f = f->next) {
        found = is_free(f, letter);
    }
    return found;
}

static const char POSITIONS[] = "ijm", PLACES[] = "uvq", INPUTS[] = "hwr";

/* The letters of the left side, as derivations have them. */
static void choose_letters(const cnn_chain *chain, const cnn_value *what, const cnn_term *e,
                           char letters[CNN_INDEX_SIDES])
{
    const bool weights = what->role == CNN_VALUE_WEIGHTS;
    const bool sliding = weights && chain->steps[what->step].rule->sliding;
    bool inputs = false;
    for (const char *p = INPUTS; *p != '\0'; p++) {
        inputs = inputs || is_free(e, *p);
    }
    const bool biases = what->role == CNN_VALUE_BIASES;
    const bool filters = weights || is_free(e, 'n') || (biases && !is_free(e, 'c'));
    int32_t count = 0;
    letters[count++] = filters ? 'n' : 'c';
    if (weights) {
        letters[count++] = 'c';
    }
    for (int32_t i = 0; i < 3; i++) {
        letters[count + i] = sliding ? PLACES[i] : inputs ? INPUTS[i] : POSITIONS[i];
    }
}

/* The step whose window the indices of a claim are about: that which gives the value, or which
 * takes it where the claim is about its gradient. */
static const cnn_link *find_step(const cnn_chain *chain, const cnn_value *what, bool slope)
{
    const bool layer = what->role == CNN_VALUE_OUTPUT || what->role == CNN_VALUE_INPUT;
    const int32_t at = slope && layer ? what->step + 1 : what->step;
    const cnn_link *step = at >= 0 && at < chain->step_count ? &chain->steps[at] : NULL;
    return step != NULL && step->rule->sliding ? step : NULL;
}

static bool open_scope(scope *s, const cnn_term *term, const cnn_value *what, bool slope,
                       const char *letters, const int64_t *sides, int32_t count)
{
    s->step = find_step(s->env->chain, what, slope);
    for (int32_t i = 0; i < count; i++) {
        s->range[letters[i] - 'a'] = sides[i];
        s->bound[letters[i] - 'a'] = true;
    }
    if (!find_ranges(s, term)) {
        return false;
    }
    if (s->step != NULL) {
        const int32_t axes = s->step->layer->in.axes;
        s->window = cnn_sliding_of(s->step->layer);
        for (int32_t i = 0; i < axes; i++) {
            int64_t *range = &s->range[PLACES[i] - 'a'];
            *range = *range == 0 ? s->window.k[CNN_AXES - axes + i] : *range;
        }
    }
    return prepare(s, term);
}

bool cnn_index_eval(cnn_env *env, const cnn_term *term, const cnn_value *what, bool slope,
                    const cnn_subscripts *left, cnn_matrix *out)
{
    scope s = {.env = env};
    char letters[CNN_INDEX_SIDES] = {0};
    int64_t sides[CNN_INDEX_SIDES] = {1};
    const int32_t count = cnn_index_sides(env->chain, what, sides);
    choose_letters(env->chain, what, term, letters);
    for (int32_t i = 0; left != NULL && i < count; i++) {
        letters[i] = left->count == count ? lone_letter(&left->at[i]) : '\0';
        if (letters[i] == '\0') {
            return fail(&s, term);
        }
    }
    if (!open_scope(&s, term, what, slope, letters, sides, count) ||
        !cnn_matrix_make(env, what->dims, out)) {
        return false;
    }
    for (int64_t i = 0; i < cnn_dims_count(&what->dims); i++) {
        int64_t rest = i;
        for (int32_t k = count - 1; k >= 0; k--) {
            s.value[letters[k] - 'a'] = rest % sides[k];
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
