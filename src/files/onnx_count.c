/*
 * What a node costs. Parameters are counted by slots: inputs of an operator that hold weights,
 * followed back through nodes that only move or store them differently. A constant is counted where
 * it is used first. Letters of slots:
 *
 *   w weights   b biases   s statistics   . nothing
 *   m a factor, a an addend: only a constant of more than one element beside an activation
 *   t a table of two dimensions   k packed weights, K times N of them   p passed on: traced through
 * this node        + the same of every input
 */
#include "base/checked.h"
#include "files/shapes.h"

static char slot_of(const cnn_onnx_op *op, int32_t i)
{
    if (op == NULL) {
        return '.';
    }
    for (const char *s = op->slots; *s != '\0'; s++, i--) {
        if (i == 0 || *s == '+') {
            return *s;
        }
    }
    return '.';
}

static bool is_arithmetic(char slot)
{
    return slot == 'm' || slot == 'a';
}

/* ---- tracing ---- */

/* What a trace found. */
typedef struct found {
    int64_t count, bytes;
    bool overflow;
} found;

static void take_tensor(cnn_tensor *t, bool alone, found *sum)
{
    if (t->counted || (!alone && t->count < 2)) {
        return;
    }
    t->counted = true;
    sum->overflow = sum->overflow || !cnn_checked_add(sum->count, t->count, &sum->count) ||
                    !cnn_checked_add(sum->bytes, t->bytes, &sum->bytes);
}

/* Adds up the constants that `value` is made of. Each is looked at once in all. */
static void trace(cnn_value *value, found *sum)
{
    bool alone = true;
    cnn_value *stack = value->collected ? NULL : value;
    value->collected = true;
    value->waiting = NULL;
    while (stack != NULL) {
        cnn_value *at = stack;
        stack = at->waiting;
        if (at->tensor != NULL) {
            take_tensor(at->tensor, alone, sum);
            continue;
        }
        /* Values that depend on an input are no weights, whatever they were made from. */
        const cnn_call *c = at->constant ? at->maker : NULL;
        for (int32_t i = 0; c != NULL && i < c->ins; i++) {
            const char slot = slot_of(c->op, i);
            /* After arithmetic a single number is a factor or an epsilon, which is no parameter. */
            alone = alone && !is_arithmetic(slot);
            const bool passes = slot == 'p' || slot == '+' || is_arithmetic(slot);
            if (passes && c->in[i] != NULL && !c->in[i]->collected) {
                c->in[i]->collected = true;
                c->in[i]->waiting = stack;
                stack = c->in[i];
            }
        }
    }
}

/* ---- slots ---- */

/* Weights are floats, or 8 bits when quantised; a table of wider integers is indices. */
static bool is_fine(int32_t type)
{
    return cnn_elements[type].real || cnn_elements[type].bits == 8;
}

/* Whether a slot's input holds parameters. */
static bool holds(const cnn_call *c, int32_t i, char slot)
{
    const cnn_value *value = c->in[i];
    if (value == NULL || !value->constant) {
        return false;
    }
    if (slot == 't') {
        return value->dims.rank == 2 && is_fine(value->type);
    }
    /* What can be computed from sizes is no activation. */
    const cnn_value *y = cnn_out_value((cnn_call *)c, 0);
    int64_t count;
    return !is_arithmetic(slot) ||
           (!y->constant && y->data == NULL && cnn_elements[value->type].real &&
            (!cnn_sizes_count(&value->dims, &count) || count > 1));
}

/* Packed weights count by what they mean, not by their dimensions. */
static bool count_packed(cnn_call *c, const cnn_value *value)
{
    if (value == NULL || value->tensor == NULL || value->tensor->counted) {
        return true;
    }
    value->tensor->counted = true;
    c->weight_bytes = value->tensor->bytes;
    return cnn_checked_mul(cnn_attr_int(c, "K", 0), cnn_attr_int(c, "N", 0), &c->weights) ||
           cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
}

static bool count_slots(cnn_call *c)
{
    for (int32_t i = 0; c->op != NULL && i < c->ins; i++) {
        const char slot = slot_of(c->op, i);
        if (slot == 'k' && !count_packed(c, c->in[i])) {
            return false;
        }
        if (slot == '.' || slot == 'k' || slot == 'p' || slot == '+' || !holds(c, i, slot)) {
            continue;
        }
        found sum = {0};
        trace(c->in[i], &sum);
        int64_t *to = slot == 's'                  ? &c->statistics
                      : slot == 'b' || slot == 'a' ? &c->biases
                                                   : &c->weights;
        if (sum.overflow || !cnn_checked_add(*to, sum.count, to) ||
            !cnn_checked_add(c->weight_bytes, sum.bytes, &c->weight_bytes)) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
    }
    return true;
}

/* ---- multiply-accumulates ---- */

/* c->macs = a * b, or unclear when one of them is not known. */
static bool set_macs(cnn_call *c, bool known, int64_t a, int64_t b)
{
    c->unclear = !known;
    return !known || cnn_checked_mul(a, b, &c->macs) || cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
}

/* Quantised operators have x, its scale and its zero point before the weights. */
static int32_t weight_input(const cnn_call *c)
{
    return c->op->slots[1] == '.' ? 3 : 1;
}

static bool both_vary(const cnn_call *c, int32_t a, int32_t b)
{
    return cnn_has(c, a) && cnn_has(c, b) && !c->in[a]->constant && !c->in[b]->constant;
}

/* Each output takes one filter: channels/groups times the kernel. */
bool cnn_cost_conv(cnn_call *c)
{
    const cnn_sizes *weights = cnn_in(c, weight_input(c));
    int64_t out = 0, all = 0;
    const bool known = weights != NULL && cnn_sizes_count(weights, &all) &&
                       cnn_sizes_count(&c->out[0]->dims, &out);
    /* Weights are [M, C/groups, k...], so all / M is the size of one filter. */
    const int64_t filters = known ? weights->size[0] : 1;
    c->products = both_vary(c, 0, weight_input(c));
    return set_macs(c, known, out, filters > 0 ? all / filters : 0);
}

/* Each input is spread by the filters of its channel. */
bool cnn_cost_transposed(cnn_call *c)
{
    const cnn_sizes *weights = cnn_in(c, 1);
    int64_t in = 0, all = 0;
    const bool known = weights != NULL && cnn_in(c, 0) != NULL && cnn_sizes_count(weights, &all) &&
                       cnn_sizes_count(cnn_in(c, 0), &in);
    /* Weights are [C, M/groups, k...], so all / C is what one input is multiplied with. */
    const int64_t channels = known ? weights->size[0] : 1;
    c->products = both_vary(c, 0, 1);
    return set_macs(c, known, in, channels > 0 ? all / channels : 0);
}

bool cnn_cost_gemm(cnn_call *c)
{
    const cnn_sizes *a = cnn_in(c, 0);
    int64_t out = 0;
    const bool known =
        a != NULL && a->rank == 2 && cnn_sizes_known(a) && cnn_sizes_count(&c->out[0]->dims, &out);
    c->products = both_vary(c, 0, weight_input(c));
    /* The inner size is the last of A, or the first when A is transposed. */
    return set_macs(c, known, out, known ? a->size[cnn_attr_int(c, "transA", 0) == 0] : 0);
}

bool cnn_cost_matmul(cnn_call *c)
{
    const cnn_sizes *a = cnn_in(c, 0);
    int64_t out = 0;
    const bool known =
        a != NULL && a->rank > 0 && cnn_sizes_known(a) && cnn_sizes_count(&c->out[0]->dims, &out);
    c->products = both_vary(c, 0, weight_input(c));
    return set_macs(c, known, out, known ? cnn_matmul_inner(c) : 0);
}

/* Packed weights: K for each output. */
bool cnn_cost_matmul_bits(cnn_call *c)
{
    int64_t out = 0;
    const bool known = cnn_sizes_count(&c->out[0]->dims, &out);
    return set_macs(c, known, out, cnn_attr_int(c, "K", 0));
}

/* Every weight once for each step of each sequence. */
bool cnn_cost_recurrent(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *w = cnn_in(c, 1), *r = cnn_in(c, 2);
    int64_t input = 0, hidden = 0, steps = 0;
    const bool known = x != NULL && w != NULL && r != NULL && cnn_sizes_known(x) &&
                       cnn_sizes_count(w, &input) && cnn_sizes_count(r, &hidden) &&
                       cnn_checked_add(input, hidden, &input) &&
                       cnn_checked_mul(x->size[0], x->size[1], &steps);
    return set_macs(c, known, steps, input);
}

/* Opset 23: each of the queries with each of the keys, and the weighted sum of the values. */
bool cnn_cost_attention(cnn_call *c)
{
    const cnn_sizes *q = cnn_in(c, 0), *k = cnn_in(c, 1), *y = &c->out[0]->dims;
    int64_t queries = 0, results = 0, sum = 0;
    const bool known = q != NULL && k != NULL && k->rank >= 3 && cnn_sizes_count(q, &queries) &&
                       cnn_sizes_known(k) && cnn_sizes_count(y, &results) &&
                       cnn_checked_add(queries, results, &sum);
    c->products = true;
    return set_macs(c, known, sum, known ? k->size[k->rank - 2] : 0);
}

bool cnn_cost_unknown(cnn_call *c)
{
    c->unclear = true;
    return true;
}

/* Of branches that are alternatives, and of loops whose trips are not known, MACs are unclear. */
bool cnn_onnx_count(cnn_call *c)
{
    const cnn_machine *m = c->machine;
    if (m->never > 0 || !count_slots(c)) {
        return m->never > 0;
    }
    /* Weights that the first trip of a loop did not use have a row all the same. */
    if (c->hidden && (c->weights > 0 || c->biases > 0 || c->statistics > 0)) {
        c->hidden = false;
        c->unclear = c->op->cost != NULL;
        return true;
    }
    if (c->op == NULL || c->op->cost == NULL) {
        c->unclear = c->unclear || c->op == NULL;
        return true;
    }
    if (!c->op->cost(c)) {
        return false;
    }
    if (m->unsure > 0) {
        c->unclear = true;
        c->macs = 0;
    }
    return true;
}
