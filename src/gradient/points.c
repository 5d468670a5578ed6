/*
 * Where claims are evaluated. Random points tell right from wrong as long as no gradient vanishes
 * there and every branch of every function is taken at one of them: a relu whose units are positive
 * everywhere hides that its derivative was left out.
 */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/elementary.h"
#include "gradient/points.h"
#include "gradient/values.h"

/* A value that is not finite is an error in the given values, or at the layer that makes it. */
bool cnn_point_fill(const cnn_chain *chain, const cnn_gradient_options *options,
                    const cnn_point *point, cnn_arena scratch, cnn_error *err)
{
    if (options->values.size == 0) {
        cnn_point_random(chain, point, options->seed);
    } else if (!cnn_values_read(chain, options->values, point, scratch, err)) {
        return false;
    }
    cnn_chain_forward(chain, point, 0);
    cnn_chain_backward(chain, point, NULL);
    const cnn_value *q = cnn_point_infinite(chain, point);
    if (q == NULL) {
        return true;
    }
    cnn_span span = {0, 0};
    if (options->values.size > 0) {
        err->source = CNN_SOURCE_VALUES;
    } else {
        span = q->step < 0 ? cnn_chain_span(chain) : chain->steps[q->step].layer->span;
    }
    return cnn_fail_words(err, CNN_E_NOT_FINITE, span, cnn_text_of(q->name), (cnn_text){0});
}

/* ---- points without vanishing gradients ---- */

/* A gradient that is 0, or of a size that cannot be multiplied without losing digits; NULL: there
 * is none in the steps before `end`. `zeros`: zeros are no matter. */
static const cnn_value *find_vanished(const cnn_chain *chain, const cnn_point *point, int32_t end,
                                      bool zeros)
{
    for (int32_t i = 0; i < chain->quantity_count; i++) {
        const cnn_value *q = &chain->quantities[i];
        double size = 0; /* NaN when one of them is */
        if (!cnn_is_variable(q) || q->step >= end) {
            continue;
        }
        for (int64_t k = 0; k < cnn_dims_count(&q->dims); k++) {
            size += fabs(point->slope[q->at + k]);
        }
        const bool usual = fabs(cnn_log(size)) < 345; /* 10^-150 to 10^150 */
        if (!usual && !(zeros && size == 0)) {
            return q;
        }
    }
    return NULL;
}

static void run(const cnn_chain *chain, const cnn_point *point)
{
    cnn_chain_forward(chain, point, 0);
    cnn_chain_backward(chain, point, NULL);
}

/*
 * Scales weights so that all values whose sign decides on a branch are positive, but for those of
 * one channel of one step; in this step they are near 0, where a shifted branch would be noticed.
 * What the values are is known as the forward pass goes on.
 */
static void aim(const cnn_chain *chain, const cnn_point *point, int32_t goal, int64_t unit)
{
    static const double NEAR = 1e-4;
    for (int32_t i = 0; i + 1 < chain->step_count; i++) {
        const cnn_link *step = &chain->steps[i];
        const cnn_pass pass = cnn_chain_pass(chain, point, i, false);
        step->rule->forward(&pass);
        if (!chain->steps[i + 1].rule->by_sign || step->weights < 0) {
            continue;
        }
        const cnn_value *w = &chain->quantities[step->weights];
        const int64_t positions = chain->quantities[step->out].dims.rows / w->dims.rows;
        for (int64_t c = 0; c < w->dims.rows; c++) {
            const double z = pass.out[c * positions], sign = z < 0 ? -1 : 1;
            const double near = (c == unit / positions ? -NEAR : NEAR) * (double)(c + 1);
            const double scale = i + 1 == goal && z != 0 ? near / z : sign;
            for (int64_t k = 0; k < w->dims.columns; k++) {
                point->value[w->at + c * w->dims.columns + k] *= scale;
            }
            if (step->biases >= 0) {
                point->value[chain->quantities[step->biases].at + c] *= scale;
            }
        }
        step->rule->forward(&pass);
    }
}

/* The next random point where no gradient vanishes. */
static bool find_telling(const cnn_chain *chain, const cnn_point *point, uint64_t *seed,
                         cnn_error *err)
{
    enum { TRIES = 1000, WORK = 1 << 27, AT_RANDOM = 100 };
    const int64_t most = WORK / (chain->work + chain->values) + 10;
    const int64_t affordable = most < TRIES ? most : TRIES;
    const cnn_value *vanished = &chain->quantities[chain->loss_at];
    for (int64_t left = affordable; left > 0; left--) {
        cnn_point_random(chain, point, ++*seed);
        if (left % 2 == 0 && left < affordable - AT_RANDOM) {
            aim(chain, point, -1, 0); /* after many relus of one unit all are seldom positive */
        }
        run(chain, point);
        vanished = find_vanished(chain, point, chain->step_count, false);
        if (vanished == NULL && cnn_point_infinite(chain, point) == NULL) {
            return true;
        }
    }
    vanished = vanished != NULL ? vanished : &chain->quantities[chain->loss_at];
    return cnn_fail_words(err, CNN_E_VANISHED, cnn_chain_span(chain), cnn_text_of(vanished->name),
                          (cnn_text){0});
}

/* ---- points that take branches ---- */

typedef struct search {
    const cnn_chain *chain;
    cnn_points *points;
    bool *taken; /* the branches of all steps in a row */
    uint64_t seed;
    int64_t work; /* left */
} search;

static int64_t branch_count(const cnn_link *step)
{
    return step->rule->branch_count != NULL ? step->rule->branch_count(step->layer) : 0;
}

/* Marks the branches that a point takes, in all steps or in one. */
static void mark(search *s, const cnn_point *point, int32_t only)
{
    bool *taken = s->taken;
    for (int32_t i = 0; i < s->chain->step_count; i++) {
        const cnn_link *step = &s->chain->steps[i];
        const cnn_pass pass = cnn_chain_pass(s->chain, point, i, false);
        if (branch_count(step) > 0 && (only < 0 || only == i)) {
            step->rule->branches(&pass, taken);
        }
        taken += branch_count(step);
    }
}

/* As if the derivative of one step were 1. */
static void pass_through(const cnn_chain *chain, const cnn_point *point, int32_t step,
                         const void *user)
{
    if (step == *(const int32_t *)user) {
        const cnn_pass pass = cnn_chain_pass(chain, point, step, true);
        memcpy(pass.in_slope, pass.out_slope,
               (size_t)cnn_shape_values(&pass.layer->in) * sizeof(double));
    }
}

static bool vanishes(const double *v, int64_t count)
{
    bool zero = true;
    for (int64_t i = 0; i < count; i++) {
        zero = zero && v[i] == 0;
    }
    return zero;
}

/* Whether no gradient vanishes at the point; or, where the goal lets no gradient through, whether
 * the steps before it would have one if it did, or at least what enters the goal (`weak`). In this
 * case only the goal's branches count. */
static bool accept(search *s, const cnn_point *point, int32_t goal, bool weak)
{
    const cnn_backward_hook hook = {pass_through, &goal};
    run(s->chain, point);
    if (cnn_point_infinite(s->chain, point) != NULL) {
        return false;
    }
    if (find_vanished(s->chain, point, s->chain->step_count, false) == NULL) {
        mark(s, point, -1);
        return true;
    }
    if (!s->chain->steps[goal].rule->by_sign ||
        find_vanished(s->chain, point, s->chain->step_count, true) != NULL) {
        return false;
    }
    cnn_chain_backward(s->chain, point, &hook);
    const cnn_value *in = &s->chain->quantities[s->chain->steps[goal].in];
    const bool telling = weak ? !vanishes(point->slope + in->at, cnn_dims_count(&in->dims))
                              : find_vanished(s->chain, point, goal, false) == NULL;
    cnn_chain_backward(s->chain, point, NULL);
    if (telling) {
        mark(s, point, goal);
    }
    return telling;
}

/* Tries points until one takes a branch of the step, or with `one` until there is one at all. What
 * none takes for a long time cannot be taken, like the negative side of a relu after a sigmoid, and
 * makes no difference then. */
static bool find_branch(search *s, int32_t goal, int64_t branch, const bool *taken, bool one,
                        cnn_arena *arena, cnn_error *err)
{
    enum { TRIES = 30 };
    cnn_points *points = s->points;
    const cnn_rule *rule = s->chain->steps[goal].rule;
    const int32_t before_it = points->count;
    for (int32_t i = 0; i < TRIES && (one ? points->count == before_it : !*taken) && s->work > 0;
         i++) {
        cnn_point *point = &points->at[points->count];
        const cnn_arena before = *arena;
        if (!cnn_point_make(s->chain, point, arena, err)) {
            return false;
        }
        s->work -= 3 * (s->chain->work + s->chain->values);
        cnn_point_random(s->chain, point, ++s->seed);
        if (rule->by_sign && i % 2 == 0) {
            /* branch 2u: unit u is negative; 2u + 1: it is positive, like all the others */
            aim(s->chain, point, goal, branch % 2 == 0 ? branch / 2 : INT64_MAX);
        }
        if (!accept(s, point, goal, i >= TRIES / 2)) {
            *arena = before;
            continue;
        }
        points->count++;
        if (points->count == CNN_MOST_POINTS) {
            s->work = 0;
        }
    }
    return true;
}

static bool find_branches(search *s, cnn_arena *arena, cnn_error *err)
{
    const bool *taken = s->taken;
    for (int32_t i = 0; i < s->chain->step_count; i++) {
        const int64_t count = branch_count(&s->chain->steps[i]);
        const bool near = s->chain->steps[i].rule->by_sign;
        for (int64_t k = 0; k < count; k++) {
            if ((near && k < 2 && !find_branch(s, i, k, &taken[k], true, arena, err)) ||
                !find_branch(s, i, k, &taken[k], false, arena, err)) {
                return false;
            }
        }
        taken += count;
    }
    return true;
}

bool cnn_points_choose(cnn_points *points, const cnn_chain *chain,
                       const cnn_gradient_options *options, cnn_arena *arena, cnn_error *err)
{
    enum { WORK = 1 << 27, VALUES = 1 << 22 };
    search s = {.chain = chain, .points = points, .seed = options->seed, .work = WORK};
    int64_t branches = 0;
    for (int32_t i = 0; i < chain->step_count; i++) {
        branches += branch_count(&chain->steps[i]);
    }
    s.taken = CNN_NEW_ARRAY(arena, bool, branches + 1);
    if (s.taken == NULL) {
        return cnn_fail_memory(err);
    }
    points->given = options->values.size > 0;
    for (points->count = 0; points->count < CNN_TELLING_POINTS; points->count++) {
        cnn_point *point = &points->at[points->count];
        if (!cnn_point_make(chain, point, arena, err)) {
            return false;
        }
        if (points->count == 0 && points->given) {
            if (!cnn_point_fill(chain, options, point, *arena, err)) {
                return false;
            }
        } else if (!find_telling(chain, point, &s.seed, err)) {
            return false;
        } else {
            mark(&s, point, -1);
        }
    }
    /* Large networks have no room for more points, but many units that take the branches. */
    return CNN_MOST_POINTS * chain->values > VALUES || find_branches(&s, arena, err);
}
