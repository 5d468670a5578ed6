/* The numbers of a chain at one point: forward, backward, and differences as a check. */
#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/chain.h"
#include "gradient/elementary.h"

bool cnn_point_make(const cnn_chain *chain, cnn_point *point, cnn_arena *arena, cnn_error *err)
{
    point->value = CNN_NEW_ARRAY(arena, double, chain->values);
    point->slope = CNN_NEW_ARRAY(arena, double, chain->values);
    if (point->value == NULL || point->slope == NULL) {
        return cnn_fail_memory(err);
    }
    return true;
}

/* splitmix64, Steele, Lea & Flood 2014 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* Uniform, from 0 to 1. */
static double next_unit(uint64_t *state)
{
    return (double)(next_random(state) >> 11) / 9007199254740992.0; /* 2^53 */
}

/* Uniform, mean 0 and variance 1: from -sqrt(3) to sqrt(3). */
static double next_value(uint64_t *state)
{
    return (2 * next_unit(state) - 1) * 1.7320508075688772;
}

/* Weights get smaller the more of them are added up, so that deep chains keep their signal. Their
 * variance of 1.5/n is between LeCun's 1/n and He's 2/n. */
void cnn_point_random(const cnn_chain *chain, const cnn_point *point, uint64_t seed)
{
    uint64_t state = seed;
    for (int32_t i = 0; i < chain->quantity_count; i++) {
        const cnn_value *q = &chain->quantities[i];
        const int64_t count = cnn_dims_count(&q->dims);
        const double scale =
            q->role == CNN_VALUE_WEIGHTS ? cnn_root(1.5 / (double)q->dims.columns) : 1;
        for (int64_t k = 0; k < count && (cnn_is_variable(q) || q->role == CNN_VALUE_TARGET); k++) {
            point->value[q->at + k] = scale * next_value(&state);
        }
    }
    const cnn_value *y = &chain->quantities[chain->target];
    const int64_t positions = cnn_shape_positions(&y->dims.map), classes = y->dims.rows / positions;
    for (int64_t k = 0; k < positions && chain->loss->target == CNN_TARGET_CLASS; k++) {
        const int64_t class = (int64_t)(next_random(&state) % (uint64_t)classes);
        cnn_point_set_class(chain, point, k, class);
    }
    for (int64_t k = 0; k < y->dims.rows && chain->loss->target == CNN_TARGET_PART; k++) {
        point->value[y->at + k] = next_unit(&state);
    }
}

void cnn_point_set_class(const cnn_chain *chain, const cnn_point *point, int64_t position,
                         int64_t class_index)
{
    const cnn_value *y = &chain->quantities[chain->target];
    const int64_t positions = cnn_shape_positions(&y->dims.map);
    for (int64_t k = 0; k < y->dims.rows / positions; k++) {
        point->value[y->at + k * positions + position] = k == class_index ? 1 : 0;
    }
}

static double *at(double *values, const cnn_chain *chain, int32_t quantity)
{
    return values + chain->quantities[quantity].at;
}

/* Weights and biases, which not every step has. */
static double *at_if_any(double *values, const cnn_chain *chain, int32_t quantity)
{
    return quantity < 0 ? NULL : at(values, chain, quantity);
}

cnn_pass cnn_chain_pass(const cnn_chain *chain, const cnn_point *point, int32_t index, bool back)
{
    const cnn_link *step = &chain->steps[index];
    cnn_pass pass = {.layer = step->layer,
                     .in = at(point->value, chain, step->in),
                     .weights = at_if_any(point->value, chain, step->weights),
                     .biases = at_if_any(point->value, chain, step->biases),
                     .out = at(point->value, chain, step->out)};
    if (back) {
        pass.out_slope = at(point->slope, chain, step->out);
        pass.in_slope = at(point->slope, chain, step->in);
        pass.weight_slope = at_if_any(point->slope, chain, step->weights);
        pass.bias_slope = at_if_any(point->slope, chain, step->biases);
    }
    return pass;
}

static void put_loss(const cnn_chain *chain, const cnn_point *point)
{
    const cnn_value *out = &chain->quantities[chain->output];
    *at(point->value, chain, chain->loss_at) =
        chain->scale * chain->loss->value(at(point->value, chain, chain->output),
                                          at(point->value, chain, chain->target), &out->dims);
}

void cnn_chain_forward(const cnn_chain *chain, const cnn_point *point, int32_t first)
{
    for (int32_t i = first; i < chain->step_count; i++) {
        const cnn_pass pass = cnn_chain_pass(chain, point, i, false);
        chain->steps[i].rule->forward(&pass);
    }
    put_loss(chain, point);
}

void cnn_chain_backward(const cnn_chain *chain, const cnn_point *point,
                        const cnn_backward_hook *mistake)
{
    double *slope = at(point->slope, chain, chain->output);
    const cnn_dims *dims = &chain->quantities[chain->output].dims;
    *at(point->slope, chain, chain->loss_at) = 1;
    chain->loss->slope(at(point->value, chain, chain->output),
                       at(point->value, chain, chain->target), dims, slope);
    for (int64_t i = 0; i < cnn_dims_count(dims) && chain->scale != 1; i++) {
        slope[i] *= chain->scale;
    }
    /* step_count is the loss, whose slope is there already */
    for (int32_t i = chain->step_count; i >= 0; i--) {
        if (i < chain->step_count) {
            const cnn_pass pass = cnn_chain_pass(chain, point, i, true);
            chain->steps[i].rule->backward(&pass);
        }
        if (mistake != NULL) {
            mistake->apply(chain, point, i, mistake->user);
        }
    }
}

static bool are_finite(const double *v, int64_t count)
{
    bool finite = true;
    for (int64_t i = 0; i < count; i++) {
        finite = finite && isfinite(v[i]);
    }
    return finite;
}

/* Slopes come second: of what is infinite on the way forward they are infinite too. */
const cnn_value *cnn_point_infinite(const cnn_chain *chain, const cnn_point *point)
{
    for (int32_t i = 0; i < 2 * chain->quantity_count; i++) {
        const cnn_value *q = &chain->quantities[i % chain->quantity_count];
        const bool slopes = i >= chain->quantity_count;
        if (!are_finite((slopes ? point->slope : point->value) + q->at, cnn_dims_count(&q->dims))) {
            return q;
        }
    }
    return NULL;
}

/* ---- central differences ---- */

/* Values are checked while that takes fewer multiply-adds. */
static const double DIFFERENCE_WORK = 1.2e9;

typedef struct differences {
    const cnn_chain *chain;
    const cnn_point *point;
    cnn_point spare; /* like `point`, but for what a changed value changes */
    double work;     /* done so far */
    cnn_deviation found;
} differences;

/*
 * The loss with the values of `spare` for what enters step `first` and for all weights. A step
 * whose output is what it was, to the last bit, changes nothing after it: then the loss is known.
 */
static double loss_from(differences *d, int32_t first)
{
    const cnn_chain *chain = d->chain;
    for (int32_t i = first; i < chain->step_count; i++) {
        const cnn_pass pass = cnn_chain_pass(chain, &d->spare, i, false);
        const cnn_value *out = &chain->quantities[chain->steps[i].out];
        chain->steps[i].rule->forward(&pass);
        d->work += (double)chain->steps[i].work;
        if (memcmp(pass.out, d->point->value + out->at,
                   (size_t)cnn_dims_count(&out->dims) * sizeof(double)) == 0) {
            return *at(d->point->value, chain, chain->loss_at);
        }
    }
    put_loss(chain, &d->spare);
    return *at(d->spare.value, chain, chain->loss_at);
}

/* The error of a central difference, h^2 l'''/6 + eps l/h, is least near the cube root of eps. */
static double difference(differences *d, int64_t index, int32_t step)
{
    double *value = &d->spare.value[index];
    const double kept = *value, size = fabs(kept) > 1 ? fabs(kept) : 1;
    *value = kept + size * 6e-6;
    const double above = *value, loss_above = loss_from(d, step);
    *value = kept - size * 6e-6;
    const double below = *value, loss_below = loss_from(d, step);
    *value = kept;
    return (loss_above - loss_below) / (above - below);
}

static double largest_slope(const cnn_point *point, const cnn_value *q)
{
    double largest = 1;
    for (int64_t k = 0; k < cnn_dims_count(&q->dims); k++) {
        const double slope = fabs(point->slope[q->at + k]);
        largest = slope > largest ? slope : largest;
    }
    return largest;
}

/* Of all variables in a row, values offset, offset + stride, ... */
static void check_every(differences *d, int64_t stride, int64_t offset)
{
    int64_t all = 0, restored = 0; /* before `restored` the spare point is as it should be */
    for (int32_t i = 0; i < d->chain->quantity_count; i++) {
        const cnn_value *q = &d->chain->quantities[i];
        if (!cnn_is_variable(q)) {
            continue;
        }
        const int64_t count = cnn_dims_count(&q->dims), after = (all + stride - offset) % stride;
        const int32_t step = q->step < 0 ? 0 : q->step;
        double distance = 0;
        memcpy(d->spare.value + restored, d->point->value + restored,
               (size_t)(q->at - restored) * sizeof(double));
        restored = q->at;
        for (int64_t k = (stride - after) % stride; k < count; k += stride) {
            const double slope = difference(d, q->at + k, step);
            if (isfinite(slope)) { /* the loss beside a very large one may be none */
                const double off = fabs(slope - d->point->slope[q->at + k]);
                distance = off > distance ? off : distance;
                d->found.checked++;
            }
        }
        distance /= largest_slope(d->point, q);
        d->found.largest = distance > d->found.largest ? distance : d->found.largest;
        all += count;
    }
    d->found.all = all;
}

/* The work of all differences, were every step done to the end. */
static double most_work(const cnn_chain *chain)
{
    double all = 0, from = 0; /* the work from the step at hand on */
    int32_t step = chain->step_count;
    for (int32_t i = chain->quantity_count - 1; i >= 0; i--) {
        const cnn_value *q = &chain->quantities[i];
        const int32_t first = q->step < 0 ? 0 : q->step;
        while (cnn_is_variable(q) && step > first) {
            from += (double)chain->steps[--step].work;
        }
        all += cnn_is_variable(q) ? 2 * from * (double)cnn_dims_count(&q->dims) : 0;
    }
    return all;
}

/* First so few values that they are affordable in any case; then those between, as long as what has
 * been done leaves enough for as many again. */
cnn_deviation cnn_chain_deviation(const cnn_chain *chain, const cnn_point *point, double *room)
{
    differences d = {.chain = chain, .point = point, .spare = {room, NULL}};
    const double most = most_work(chain);
    int64_t stride = 1;
    while ((double)stride * DIFFERENCE_WORK < most) {
        stride *= 2;
    }
    memcpy(room, point->value, (size_t)chain->values * sizeof(double));
    check_every(&d, stride, 0);
    while (stride > 1 && 2 * d.work < DIFFERENCE_WORK) {
        check_every(&d, stride, stride / 2);
        stride /= 2;
    }
    return d.found;
}
