/* Letters of expressions with indices: what they mean, how far they go, and in which order
 * sums go through them. */
#include "gradient/index_scope.h"

/* n,c,u,v of filters; n,c of dense weights; n of biases; c,i,j of maps; c of vectors. */
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

bool cnn_index_fail(cnn_index_scope *s, const cnn_term *term)
{
    s->env->unfit = CNN_UNFIT_INDEX;
    s->env->spans[0] = term->span;
    return false;
}

char cnn_index_lone(const cnn_index *index)
{
    const cnn_index_part *p = &index->part[0];
    const bool lone = index->count == 1 && index->constant == 0 && p->kind == 'l' && p->factor == 1;
    return lone ? p->letter : '\0';
}

int64_t cnn_index_factor(const cnn_index *index, char letter)
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

/* A letter that is an index by itself ranges over that side. */
static bool find_ranges(cnn_index_scope *s, const cnn_term *e)
{
    if (e->kind == CNN_TERM_ENTRY) {
        int64_t sides[CNN_INDEX_SIDES];
        const int32_t count = cnn_index_sides(s->env->chain, e->quantity, sides);
        bool fits = e->subscripts->count <= count;
        for (int32_t i = e->subscripts->count; i < count; i++) {
            fits = fits && sides[i] == 1; /* p1[c] of a map of 1x1 */
        }
        if (!fits) {
            return cnn_index_fail(s, e);
        }
        for (int32_t i = 0; i < e->subscripts->count; i++) {
            const char letter = cnn_index_lone(&e->subscripts->at[i]);
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

static bool binds(const cnn_term *e, char letter)
{
    bool found = false;
    for (int32_t i = 0; e->kind == CNN_TERM_OVER && i < e->over->count; i++) {
        found = found || e->over->letter[i] == letter;
    }
    return found;
}

/* How far a letter goes inside of a sum: to the largest side that it indexes alone there. Outside
 * of the sum, and in a sum inside that binds it again, it is another letter. 0: it is not known. */
static int64_t range_inside(const cnn_index_scope *s, const cnn_term *e, char letter)
{
    int64_t sides[CNN_INDEX_SIDES], range = 0;
    if (binds(e, letter)) {
        return 0;
    }
    if (e->kind == CNN_TERM_ENTRY) {
        (void)cnn_index_sides(s->env->chain, e->quantity, sides);
        for (int32_t i = 0; i < e->subscripts->count; i++) {
            const bool lone = cnn_index_lone(&e->subscripts->at[i]) == letter;
            range = lone && sides[i] > range ? sides[i] : range;
        }
    }
    for (const cnn_term *f = e->first; f != NULL; f = f->next) {
        const int64_t inside = range_inside(s, f, letter);
        range = inside > range ? inside : range;
    }
    return range;
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

/* `channel`: the letter of the window's channel, which "first largest" does not name. */
static bool condition_uses(const cnn_condition *c, char letter, char channel)
{
    return c->first_largest
               ? letter == channel || uses_any(&c->at, letter) || uses_any(&c->window, letter)
               : uses(&c->zero, letter);
}

/* Whether all letters of the condition have values once those of the first `level` + 1 have. */
static bool is_known(const cnn_over *o, const cnn_condition *c, int32_t level, char channel)
{
    bool known = true;
    for (int32_t i = level + 1; i < o->count; i++) {
        known = known && !condition_uses(c, o->letter[i], channel);
    }
    return known;
}

/* Letters with few values go outermost, and a condition is tested as soon as its letters have
 * values. If it is linear in the last of them, it is solved for this letter: no loop is needed. */
static void plan(cnn_over *o, char channel)
{
    for (int32_t i = 0; i < o->count; i++) { /* few letters: the simplest sort will do */
        for (int32_t k = i + 1; k < o->count; k++) {
            if (o->range[k] < o->range[i]) {
                const char letter = o->letter[i];
                const int64_t range = o->range[i];
                o->letter[i] = o->letter[k];
                o->range[i] = o->range[k];
                o->letter[k] = letter;
                o->range[k] = range;
            }
        }
    }
    uint32_t done = 0;
    for (int32_t level = 0; level < o->count; level++) {
        o->solved_by[level] = -1;
        o->tested[level] = 0;
        for (int32_t i = 0; i < o->condition_count; i++) {
            const cnn_condition *c = &o->condition[i];
            if ((done >> i & 1) != 0 || !is_known(o, c, level, channel)) {
                continue;
            }
            done |= 1u << i;
            if (o->solved_by[level] < 0 && !c->first_largest &&
                cnn_index_factor(&c->zero, o->letter[level]) != 0) {
                o->solved_by[level] = i;
            }
            o->tested[level] |= 1u << i;
        }
    }
}

/* Whether every letter of the index has a range. */
static bool check_index(const cnn_index_scope *s, const cnn_index *index)
{
    bool known = true;
    for (int32_t i = 0; i < index->count; i++) {
        known = known && s->bound[index->part[i].letter - 'a'];
    }
    return known;
}

static bool check_subscripts(const cnn_index_scope *s, const cnn_subscripts *subscripts)
{
    bool known = true;
    for (int32_t i = 0; i < subscripts->count; i++) {
        known = known && check_index(s, &subscripts->at[i]);
    }
    return known;
}

static bool check_over(cnn_index_scope *s, const cnn_over *o)
{
    bool known = true;
    for (int32_t i = 0; i < o->condition_count && known; i++) {
        const cnn_condition *c = &o->condition[i];
        const int32_t axes = s->step != NULL ? s->step->layer->in.axes : -1;
        known = c->first_largest
                    ? s->step != NULL && c->at.count == axes && c->window.count == axes &&
                          check_subscripts(s, &c->at) && check_subscripts(s, &c->window)
                    : check_index(s, &c->zero);
    }
    return known;
}

/* Letters are bound on the way down and free again on the way up, as when it is evaluated. */
static bool prepare(cnn_index_scope *s, const cnn_term *e)
{
    bool was[CNN_INDEX_LETTERS] = {false}, done = true;
    const int32_t letters = e->kind == CNN_TERM_OVER ? e->over->count : 0;
    if (letters > 0) {
        for (int32_t i = 0; i < letters; i++) {
            const char letter = e->over->letter[i];
            const int64_t inside = range_inside(s, e->first, letter);
            e->over->range[i] = inside > 0 ? inside : s->range[letter - 'a'];
            done = done && e->over->range[i] > 0;
        }
        plan(e->over, s->channel);
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
        return cnn_index_fail(s, e);
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
    if (binds(e, letter)) {
        return false;
    }
    for (int32_t i = 0; e->kind == CNN_TERM_OVER && i < e->over->condition_count; i++) {
        if (condition_uses(&e->over->condition[i], letter, '\0')) {
            return true;
        }
    }
    bool found = e->subscripts != NULL && uses_any(e->subscripts, letter);
    for (const cnn_term *f = e->first; f != NULL && !found; f = f->next) {
        found = is_free(f, letter);
    }
    return found;
}

void cnn_index_choose(const cnn_chain *chain, const cnn_value *what, const cnn_term *e,
                      char letters[CNN_INDEX_SIDES])
{
    const bool weights = what->role == CNN_VALUE_WEIGHTS;
    const bool sliding = weights && chain->steps[what->step].rule->sliding;
    bool inputs = false;
    for (const char *p = CNN_INDEX_INPUTS; *p != '\0'; p++) {
        inputs = inputs || is_free(e, *p);
    }
    const bool biases = what->role == CNN_VALUE_BIASES;
    /* the first index is n where the expression uses n, else c; of a bias it is n by default */
    const bool filters = weights || is_free(e, 'n') || (biases && !is_free(e, 'c'));
    int32_t count = 0;
    letters[count++] = filters ? 'n' : 'c';
    if (weights) {
        letters[count++] = 'c';
    }
    for (int32_t i = 0; i < 3; i++) {
        letters[count + i] = sliding  ? CNN_INDEX_PLACES[i]
                             : inputs ? CNN_INDEX_INPUTS[i]
                                      : CNN_INDEX_POSITIONS[i];
    }
}

/* ---- letters of the window ---- */

/* Letters of which nothing else is known are places in the window along this axis. */
static void take_window(cnn_index_scope *s, const cnn_index *index, int32_t axis)
{
    for (int32_t i = 0; i < index->count; i++) {
        int64_t *range = &s->range[index->part[i].letter - 'a'];
        *range = *range == 0 ? s->window.k[CNN_AXES - s->step->layer->in.axes + axis] : *range;
    }
}

/* Letters of the window that are never an index alone, as u in x[c,2i+u,j], or 2i+u=h where h is
 * the letter of an axis on the left side. */
static void find_places(cnn_index_scope *s, const cnn_term *e, const char *axes)
{
    const cnn_value *all = s->env->chain->quantities;
    const bool entry = e->kind == CNN_TERM_ENTRY &&
                       (e->quantity == &all[s->step->in] || e->quantity == &all[s->step->out]);
    const int32_t conditions = e->kind == CNN_TERM_OVER ? e->over->condition_count : 0;
    for (int32_t i = 0; i < s->step->layer->in.axes; i++) {
        if (entry && i + 1 < e->subscripts->count) {
            take_window(s, &e->subscripts->at[i + 1], i);
        }
        for (int32_t k = 0; k < conditions; k++) {
            if (uses(&e->over->condition[k].zero, axes[i])) {
                take_window(s, &e->over->condition[k].zero, i);
            }
        }
    }
    for (const cnn_term *f = e->first; f != NULL; f = f->next) {
        find_places(s, f, axes);
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

bool cnn_index_open(cnn_index_scope *s, const cnn_term *term, const cnn_value *what, bool slope,
                    const char *letters, const int64_t *sides, int32_t count)
{
    s->step = find_step(s->env->chain, what, slope);
    s->channel = letters[0];
    for (int32_t i = 0; i < count; i++) {
        if (letters[i] != '\0') {
            s->range[letters[i] - 'a'] = sides[i];
            s->bound[letters[i] - 'a'] = true;
        }
    }
    if (!find_ranges(s, term)) {
        return false;
    }
    if (s->step != NULL) {
        static const char none[CNN_AXES] = {0};
        const int32_t axes = s->step->layer->in.axes;
        s->window = cnn_sliding_of(s->step->layer);
        find_places(s, term, count > axes ? letters + count - axes : none);
    }
    return prepare(s, term);
}
