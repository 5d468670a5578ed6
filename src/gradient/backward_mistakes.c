/* One table: where a mistake can happen, what it does to the slopes, and what to call it. */
#include "gradient/backward_mistakes.h"
#include "gradient/elementary.h"

#include <math.h>
#include <string.h>

/* `apply` is called after the right backward pass of its step, and makes the slopes wrong. */
typedef struct mistake_kind {
    int32_t mistake;
    bool at_loss;     /* made in the slope of the loss, not at a step */
    bool takes_other; /* needs a second step, whose weights are taken */
    bool (*applies)(const cnn_chain *chain, int32_t step, int32_t other);
    void (*apply)(const cnn_pass *pass, const cnn_pass *other);
} mistake_kind;

/* ---- a function's derivative ---- */

static int64_t count_in(const cnn_pass *p)
{
    return cnn_shape_values(&p->layer->in);
}

static bool is_function(const cnn_chain *chain, int32_t step, int32_t other)
{
    (void)other;
    return chain->steps[step].rule->slope != NULL;
}

static bool is_softmax(const cnn_chain *chain, int32_t step, int32_t other)
{
    (void)other;
    return chain->steps[step].rule->forward == cnn_rule_softmax.forward;
}

static bool has_slope(const cnn_chain *chain, int32_t step, int32_t other)
{
    return is_function(chain, step, other) || is_softmax(chain, step, other);
}

/* The loss's slope has the inverse of the derivative of the function before it. */
static bool is_cancelled(const cnn_chain *chain, int32_t step, int32_t other)
{
    (void)other;
    return chain->loss->takes != NULL && step == chain->step_count - 1;
}

/* With the loss that cancels f', a second f' is SLOPE_KEPT, not SLOPE_TWICE. */
static bool is_there(const cnn_chain *chain, int32_t step, int32_t other)
{
    return is_function(chain, step, other) && !is_cancelled(chain, step, other);
}

/* f' is taken to be 1: dl/dz = dl/da */
static void leave_out(const cnn_pass *p, const cnn_pass *other)
{
    (void)other;
    memcpy(p->in_slope, p->out_slope, (size_t)count_in(p) * sizeof(double));
}

/* dl/dz = dl/da f'(z)^2. Where the loss's slope has 1/f'(z) in it, one f'(z) is left. */
static void apply_twice(const cnn_pass *p, const cnn_pass *other)
{
    const cnn_rule *rule = cnn_rule_of(p->layer);
    (void)other;
    for (int64_t i = 0; i < count_in(p); i++) {
        p->in_slope[i] *= rule->slope(p->in[i], p->out[i]);
    }
}

/* z (1 - z) for a (1 - a) */
static void write_with_input(const cnn_pass *p, const cnn_pass *other)
{
    const cnn_rule *rule = cnn_rule_of(p->layer);
    (void)other;
    for (int64_t i = 0; i < count_in(p); i++) {
        p->in_slope[i] = p->out_slope[i] * rule->slope(p->in[i], p->in[i]);
    }
}

/* f'(a) for f'(z) */
static void take_at_output(const cnn_pass *p, const cnn_pass *other)
{
    const cnn_rule *rule = cnn_rule_of(p->layer);
    (void)other;
    for (int64_t i = 0; i < count_in(p); i++) {
        const double a = p->out[i];
        p->in_slope[i] = p->out_slope[i] * rule->slope(a, rule->value(a));
    }
}

/* The diagonal of softmax's derivative alone: dl/dz_i = dl/da_i a_i (1 - a_i) */
static void each_softmax(const cnn_pass *p, const cnn_pass *other)
{
    (void)other;
    for (int64_t i = 0; i < count_in(p); i++) {
        p->in_slope[i] = p->out_slope[i] * p->out[i] * (1 - p->out[i]);
    }
}

/* ---- the loss ---- */

static bool cancels(const cnn_chain *chain, int32_t step, int32_t other)
{
    (void)step;
    (void)other;
    return chain->loss->applies != NULL;
}

/* (p - y) .* p .* (1 - p) with p = softmax(z); z is `out`, on which the loss works. */
static void keep_slope(const cnn_pass *p, const cnn_pass *other)
{
    const int64_t channels = p->layer->out.channels;
    const int64_t positions = cnn_shape_positions(&p->layer->out);
    (void)other;
    for (int64_t i = 0; i < positions; i++) {
        double largest;
        const double sum = cnn_exp_sum(p->out + i, channels, positions, &largest);
        for (int64_t k = i; k < channels * positions; k += positions) {
            const double a = cnn_exp(p->out[k] - largest) / sum;
            p->in_slope[k] *= a * (1 - a);
        }
    }
}

/* ---- weights ---- */

/* Only a square W fits untransposed. Filters have formulas of indices and no transpose. */
static bool is_square(const cnn_chain *chain, int32_t step, int32_t other)
{
    const cnn_value *w = cnn_link_value(chain, chain->steps[step].weights);
    (void)other;
    return w != NULL && !chain->steps[step].rule->indexed && w->dims.rows == w->dims.columns;
}

/* dl/dx = W dl/dz, W being n x n */
static void leave_untransposed(const cnn_pass *p, const cnn_pass *other)
{
    const int64_t n = p->layer->out.channels;
    (void)other;
    for (int64_t i = 0; i < n; i++) {
        p->in_slope[i] = 0;
        for (int64_t k = 0; k < n; k++) {
            p->in_slope[i] += p->weights[i * n + k] * p->out_slope[k];
        }
    }
}

/* Weights of another layer that have the same size, so that no product fails. */
static bool same_weights(const cnn_chain *chain, int32_t step, int32_t other)
{
    const cnn_value *mine = cnn_link_value(chain, chain->steps[step].weights);
    const cnn_value *its = cnn_link_value(chain, chain->steps[other].weights);
    return mine != NULL && its != NULL && mine != its &&
           chain->steps[step].rule == chain->steps[other].rule &&
           mine->dims.rows == its->dims.rows && mine->dims.columns == its->dims.columns;
}

/* Its own slopes are right; only what goes on has met the wrong weights. */
static void swap_weights(const cnn_pass *p, const cnn_pass *other)
{
    cnn_pass wrong = *p;
    wrong.weights = other->weights;
    cnn_rule_of(p->layer)->backward(&wrong);
}

/* dl/db .* x has a size only where the layer has as many inputs as biases. */
static bool bias_and_input_fit(const cnn_chain *chain, int32_t step, int32_t other)
{
    const cnn_value *b = cnn_link_value(chain, chain->steps[step].biases);
    const cnn_value *in = cnn_link_value(chain, chain->steps[step].in);
    (void)other;
    return b != NULL && in->dims.rows == b->dims.rows;
}

static void multiply_bias(const cnn_pass *p, const cnn_pass *other)
{
    (void)other;
    for (int64_t i = 0; i < p->layer->out.channels; i++) {
        p->bias_slope[i] *= p->in[i];
    }
}

/* The first kind that gives the claimed numbers is reported. */
static const mistake_kind kinds[] = {
    {CNN_MISTAKE_SLOPE_MISSING, false, false, has_slope, leave_out},
    {CNN_MISTAKE_SLOPE_KEPT, false, false, is_cancelled, apply_twice},
    {CNN_MISTAKE_SLOPE_TWICE, false, false, is_there, apply_twice},
    {CNN_MISTAKE_SLOPE_OF_INPUT, false, false, is_function, write_with_input},
    {CNN_MISTAKE_SLOPE_AT_OUTPUT, false, false, is_function, take_at_output},
    {CNN_MISTAKE_SOFTMAX_EACH, false, false, is_softmax, each_softmax},
    {CNN_MISTAKE_SLOPE_KEPT, true, false, cancels, keep_slope},
    {CNN_MISTAKE_NOT_TRANSPOSED, false, false, is_square, leave_untransposed},
    {CNN_MISTAKE_WRONG_WEIGHTS, false, true, same_weights, swap_weights},
    {CNN_MISTAKE_BIAS_EACH_INPUT, false, false, bias_and_input_fit, multiply_bias},
};

/* ---- going through them ---- */

/* Counts on: the other step first, then the step, then the kind. */
static bool advance(const cnn_chain *chain, cnn_backward_mistake *at)
{
    if (kinds[at->kind].takes_other && ++at->other < chain->step_count) {
        return true;
    }
    at->other = -1;
    if (!kinds[at->kind].at_loss && ++at->step < chain->step_count) {
        return true;
    }
    at->step = 0;
    return ++at->kind < (int32_t)CNN_LENGTH(kinds);
}

/* `advance` counts through all combinations; those that the chain does not allow are skipped. */
bool cnn_backward_mistake_next(const cnn_chain *chain, cnn_backward_mistake *at)
{
    while (advance(chain, at)) {
        const mistake_kind *kind = &kinds[at->kind];
        if (kind->at_loss) {
            at->step = chain->step_count;
        }
        if ((kind->takes_other && at->other < 0) ||
            (at->step < chain->step_count) == kind->at_loss) {
            continue;
        }
        if (kind->applies(chain, at->step, at->other)) {
            return true;
        }
    }
    return false;
}

typedef struct choice {
    const cnn_backward_mistake *mistakes;
    int32_t count;
} choice;

/* What the loss works on: the network's output, and the slopes there. */
static cnn_pass pass_of_loss(const cnn_chain *chain, const cnn_point *point)
{
    const int64_t at = chain->quantities[chain->output].at;
    return (cnn_pass){.layer = &chain->net->layers[chain->net->layer_count - 1],
                      .out = point->value + at,
                      .in_slope = point->slope + at};
}

static void apply(const cnn_chain *chain, const cnn_point *point, int32_t step, const void *user)
{
    const choice *c = user;
    for (int32_t i = 0; i < c->count; i++) {
        const cnn_backward_mistake *at = &c->mistakes[i];
        if (at->step != step) {
            continue;
        }
        const cnn_pass pass = step < chain->step_count ? cnn_chain_pass(chain, point, step, true)
                                                       : pass_of_loss(chain, point);
        const cnn_pass other = at->other < 0 ? pass : cnn_chain_pass(chain, point, at->other, true);
        kinds[at->kind].apply(&pass, &other);
    }
}

void cnn_backward_with(const cnn_chain *chain, const cnn_point *point,
                       const cnn_backward_mistake *mistakes, int32_t count)
{
    const choice c = {mistakes, count};
    const cnn_backward_hook mistake = {apply, &c};
    cnn_chain_backward(chain, point, &mistake);
}

/* Fills {a} and {b} of the sentence in gradient_mistakes.def. */
cnn_finding cnn_backward_mistake_describe(const cnn_chain *chain, const cnn_backward_mistake *at)
{
    cnn_finding found = {.mistake = kinds[at->kind].mistake};
    if (at->step == chain->step_count) {
        found.a = cnn_text_of("softmax");
        return found;
    }
    const cnn_link *step = &chain->steps[at->step];
    switch (found.mistake) {
    case CNN_MISTAKE_SLOPE_MISSING:
    case CNN_MISTAKE_SLOPE_TWICE:
        found.a = cnn_text_of(step->layer->op->name);
        found.argument = cnn_text_of(chain->quantities[step->in].name);
        break;
    case CNN_MISTAKE_SLOPE_KEPT:
        found.a = cnn_text_of(step->layer->op->name);
        break;
    case CNN_MISTAKE_NOT_TRANSPOSED:
        found.a = cnn_text_of(chain->quantities[step->weights].name);
        break;
    case CNN_MISTAKE_WRONG_WEIGHTS:
        found.a = cnn_text_of(chain->quantities[chain->steps[at->other].weights].name);
        found.b = cnn_text_of(chain->quantities[step->weights].name);
        break;
    default:
        found.a = cnn_text_of(chain->quantities[step->in].name);
        found.b = cnn_text_of(chain->quantities[step->out].name);
        break;
    }
    return found;
}
