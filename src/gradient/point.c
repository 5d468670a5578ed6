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

/* Uniform, mean 0 and variance 1: from -sqrt(3) to sqrt(3). */
static double next_value(uint64_t *state)
{
    const double unit = (double)(next_random(state) >> 11) / 9007199254740992.0; /* 2^53 */
    return (2 * unit - 1) * cnn_root(3);
}

/* Weights get smaller the more of them are added up, so that deep chains keep their signal. */
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
    if (chain->loss->takes_class) {
        const uint64_t classes = (uint64_t)chain->quantities[chain->target].dims.rows;
        cnn_point_set_class(chain, point, (int64_t)(next_random(&state) % classes));
    }
}

void cnn_point_set_class(const cnn_chain *chain, const cnn_point *point, int64_t class_index)
{
    const cnn_value *y = &chain->quantities[chain->target];
    memset(point->value + y->at, 0, (size_t)y->dims.rows * sizeof(double));
    point->value[y->at + class_index] = 1;
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

void cnn_chain_forward(const cnn_chain *chain, const cnn_point *point, int32_t first)
{
    for (int32_t i = first; i < chain->step_count; i++) {
        const cnn_pass pass = cnn_chain_pass(chain, point, i, false);
        chain->steps[i].rule->forward(&pass);
    }
    const cnn_value *out = &chain->quantities[chain->output];
    *at(point->value, chain, chain->loss_at) =
        chain->loss->value(at(point->value, chain, chain->output),
                           at(point->value, chain, chain->target), cnn_dims_count(&out->dims));
}

void cnn_chain_backward(const cnn_chain *chain, const cnn_point *point, const cnn_detour *slip)
{
    *at(point->slope, chain, chain->loss_at) = 1;
    chain->loss->slope(at(point->value, chain, chain->output),
                       at(point->value, chain, chain->target),
                       cnn_dims_count(&chain->quantities[chain->output].dims),
                       at(point->slope, chain, chain->output));
    for (int32_t i = chain->step_count; i >= 0; i--) {
        if (i < chain->step_count) {
            const cnn_pass pass = cnn_chain_pass(chain, point, i, true);
            chain->steps[i].rule->backward(&pass);
        }
        if (slip != NULL) {
            slip->apply(chain, point, i, slip->user);
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
        if ((!slopes || cnn_is_variable(q)) &&
            !are_finite((slopes ? point->slope : point->value) + q->at, cnn_dims_count(&q->dims))) {
            return q;
        }
    }
    return NULL;
}

/* ---- central differences ---- */

/* All values of x, weights and biases are checked while that takes fewer multiply-adds. */
static const double DIFFERENCE_WORK = 1e9;

/* The error of a central difference, h^2 l'''/6 + eps l/h, is least near the cube root of eps. */
static double difference(const cnn_chain *chain, const cnn_point *point, double *value,
                         int32_t step)
{
    const double kept = *value, size = fabs(kept) > 1 ? fabs(kept) : 1;
    const double *loss = at(point->value, chain, chain->loss_at);
    *value = kept + size * 6e-6;
    const double above = *value;
    cnn_chain_forward(chain, point, step);
    const double loss_above = *loss;
    *value = kept - size * 6e-6;
    const double below = *value;
    cnn_chain_forward(chain, point, step);
    *value = kept;
    return (loss_above - *loss) / (above - below);
}

cnn_deviation cnn_chain_deviation(const cnn_chain *chain, const cnn_point *point)
{
    cnn_deviation result = {0};
    for (int32_t i = 0; i < chain->quantity_count; i++) {
        const cnn_value *q = &chain->quantities[i];
        result.all += cnn_is_variable(q) ? cnn_dims_count(&q->dims) : 0;
    }
    const double whole = 2.0 * (double)result.all * (double)(chain->work + chain->step_count);
    const int64_t stride = 1 + (int64_t)(whole / DIFFERENCE_WORK);
    for (int32_t i = 0; i < chain->quantity_count; i++) {
        const cnn_value *q = &chain->quantities[i];
        const int64_t count = cnn_is_variable(q) ? cnn_dims_count(&q->dims) : 0;
        double largest = 1, distance = 0;
        for (int64_t k = 0; k < count; k++) {
            const double slope = fabs(point->slope[q->at + k]);
            largest = slope > largest ? slope : largest;
        }
        const int32_t step = q->step < 0 ? 0 : q->step;
        for (int64_t k = 0; k < count; k += stride) {
            const double d = difference(chain, point, &point->value[q->at + k], step);
            if (isfinite(d)) { /* the loss beside a very large one may be none */
                const double off = fabs(d - point->slope[q->at + k]);
                distance = off > distance ? off : distance;
                result.checked++;
            }
        }
        if (count > 0) {
            cnn_chain_forward(chain, point, step);
        }
        result.largest = distance / largest > result.largest ? distance / largest : result.largest;
    }
    return result;
}
