/*
 * Loops. One is worked through trip by trip while it is known how often it runs and that is not
 * often; otherwise until the shapes that it carries round stay the same.
 */
#include "base/checked.h"
#include "files/shapes.h"

/* ---- what Loop and Scan share ---- */

enum { MOST_TRIPS = 64 }; /* of a loop that is worked through trip by trip */

/* A body that runs several times. What it carries round enters after `lead_in` other inputs, and
 * leaves after `lead_out` other outputs; what it makes in each trip follows. */
typedef struct loop {
    cnn_call *call;
    cnn_onnx_graph *body;
    cnn_value **inputs;
    int32_t ins, lead_in, lead_out, carried;
    cnn_value *made; /* the outputs of the last trip */
} loop;

/* One trip; the next one reads what this one made. */
static bool trip(loop *l)
{
    const int32_t outs = l->call->outs + l->lead_out;
    l->made = cnn_some_values(l->call, outs);
    return l->made != NULL && cnn_run_body(l->call, l->body, l->inputs, l->ins, l->made, outs);
}

static void carry(loop *l)
{
    for (int32_t i = 0; i < l->carried; i++) {
        l->inputs[l->lead_in + i] = &l->made[l->lead_out + i];
    }
}

/* As one more trip, of which only the shapes count. */
static bool hidden_trip(loop *l)
{
    l->call->machine->hidden++;
    const bool done = trip(l);
    l->call->machine->hidden--;
    return done;
}

static bool alike(const cnn_value *a, const cnn_value *b)
{
    return cnn_sizes_equal(&a->dims, &b->dims) && a->type == b->type && a->data == b->data &&
           a->tensor == b->tensor && a->constant == b->constant && a->sequence == b->sequence &&
           a->item_count == b->item_count;
}

/* Makes unknown what this trip changed, and carries the rest. *same: it changed nothing. */
static void carry_merged(loop *l, bool *same)
{
    *same = true;
    for (int32_t i = 0; i < l->carried; i++) {
        cnn_value *after = &l->made[l->lead_out + i];
        const cnn_value *before = l->inputs[l->lead_in + i];
        cnn_value_merge(after, before);
        *same = *same && alike(after, before);
    }
    carry(l);
}

/* Trips until what is carried round stays the same: then it holds after any number of them. It
 * ends, because each trip but the last makes something unknown. */
static bool settle(loop *l)
{
    for (bool same = false; !same;) {
        if (!hidden_trip(l)) {
            return false;
        }
        carry_merged(l, &same);
    }
    return true;
}

/* Any number of further trips. The first of them has rows, whose MACs are unclear. */
static bool open_trips(loop *l)
{
    bool same;
    l->call->machine->unsure++;
    bool done = trip(l);
    if (done) {
        carry_merged(l, &same);
        done = settle(l);
    }
    l->call->machine->unsure--;
    return done;
}

/* Multiplies the MACs of the rows from `begin` to `end` by the number of trips, if the rows from
 * `again` on, of all later trips, have the same ones; otherwise they are unclear. */
static bool multiply(loop *l, int32_t begin, int32_t end, int32_t again, int64_t trips)
{
    cnn_call *calls = l->call->machine->calls;
    bool same = trips >= 0 && l->call->machine->count - again == end - begin;
    for (int32_t i = 0; same && i < end - begin; i++) {
        const cnn_call *a = &calls[begin + i], *b = &calls[again + i];
        same = a->node == b->node && a->macs == b->macs && !b->unclear;
    }
    for (int32_t i = begin; i < end; i++) {
        if (same && !cnn_checked_mul(calls[i].macs, trips, &calls[i].macs)) {
            return cnn_call_fail(&calls[i], CNN_E_NODE_OVERFLOW, 0, 0);
        }
        calls[i].unclear = calls[i].unclear || (!same && calls[i].macs > 0);
        calls[i].macs = calls[i].unclear ? 0 : calls[i].macs;
    }
    return true;
}

/* Many trips have the rows of the first one. `condition`: the output that says whether the loop
 * goes on; -1: it always does. *trips is CNN_SOME where it may stop before. */
static bool many_trips(loop *l, int32_t condition, int64_t *trips)
{
    const cnn_machine *m = l->call->machine;
    const int32_t begin = m->count;
    if (!trip(l)) {
        return false;
    }
    carry(l);
    const int32_t end = m->count;
    int32_t again = end;
    for (bool same = false; !same;) {
        again = m->count;
        if (!hidden_trip(l)) {
            return false;
        }
        carry_merged(l, &same);
    }
    const cnn_number *on = condition < 0 ? NULL : l->made[condition].data;
    *trips = condition < 0 || (on != NULL && on->i != 0) ? *trips : CNN_SOME;
    return multiply(l, begin, end, again, *trips);
}

/* A loop that never runs is looked at once, for the shapes of what it would have collected. */
static bool never(loop *l)
{
    l->call->machine->never++;
    const bool done = hidden_trip(l);
    l->call->machine->never--;
    return done;
}

/* The axis of the trips, which is new. */
static bool stack(cnn_call *c, cnn_value *value, int64_t trips, int64_t at)
{
    cnn_sizes *dims = &value->dims;
    int32_t axis;
    value->data = NULL;
    value->tensor = NULL;
    if (dims->rank < 0 || dims->rank == CNN_RANK) {
        dims->rank = CNN_SOME;
        return true;
    }
    if (!cnn_axis(c, at, dims->rank + 1, &axis)) {
        return false;
    }
    memmove(&dims->size[axis + 1], &dims->size[axis],
            (size_t)(dims->rank - axis) * sizeof *dims->size);
    dims->size[axis] = trips;
    dims->rank++;
    return true;
}

/* ---- Loop ---- */

/* The body's first inputs: the number of the trip, when it is known, and the condition. */
static bool set_index(loop *l, int64_t number)
{
    cnn_number *count = CNN_NEW(l->call->machine->arena, cnn_number);
    cnn_value *index = cnn_value_new(l->call->machine);
    if (count == NULL || index == NULL) {
        return cnn_fail_memory(l->call->machine->err);
    }
    count->i = number;
    index->dims = (cnn_sizes){0};
    index->type = CNN_T_INT64;
    index->data = number >= 0 ? count : NULL;
    l->inputs[0] = index;
    return true;
}

/* Trip by trip. *trips becomes the number that was made; CNN_SOME: it may stop earlier. */
static bool few_trips(loop *l, int64_t *trips)
{
    for (int64_t n = 0; n < *trips; n++) {
        if (!set_index(l, n) || !trip(l)) {
            return false;
        }
        carry(l);
        l->inputs[1] = &l->made[0];
        const cnn_number *on = l->made[0].data;
        if (on != NULL && on->i == 0) {
            *trips = n + 1;
        } else if (on == NULL && n + 1 < *trips) {
            *trips = CNN_SOME;
            return set_index(l, CNN_SOME) && open_trips(l);
        }
    }
    return true;
}

static bool run_loop(loop *l, int64_t *trips)
{
    if (*trips > 0 && *trips <= MOST_TRIPS) {
        return few_trips(l, trips);
    }
    if (!set_index(l, CNN_SOME)) {
        return false;
    }
    return *trips == 0 ? never(l) : *trips > 0 ? many_trips(l, 0, trips) : open_trips(l);
}

/* How often it runs; CNN_SOME: that is not known. Inputs are the most trips, and the condition at
 * the start. */
static int64_t trips_of(const cnn_call *c)
{
    const cnn_number *limit = cnn_known_one(c, 0), *start = cnn_known_one(c, 1);
    if (start != NULL && start->i == 0) {
        return 0;
    }
    if (limit == NULL || (cnn_has(c, 1) && start == NULL)) {
        return limit != NULL && limit->i <= 0 ? 0 : CNN_SOME;
    }
    return limit->i > 0 ? limit->i : 0;
}

bool cnn_infer_loop(cnn_call *c)
{
    const int32_t carried = c->ins > 2 ? c->ins - 2 : 0;
    loop l = {.call = c, .body = cnn_graph_of(c, "body"), .ins = carried + 2, .lead_in = 2};
    l.lead_out = 1;
    l.carried = carried;
    if (l.body == NULL) {
        return cnn_fail_graph(c, "body");
    }
    l.inputs = CNN_NEW_ARRAY(c->machine->arena, cnn_value *, carried + 2);
    cnn_value *condition = cnn_some_values(c, 1);
    if (l.inputs == NULL || condition == NULL || c->outs < carried) {
        return c->outs < carried ? cnn_call_fail(c, CNN_E_NODE_BRANCH, 0, 0)
                                 : cnn_fail_memory(c->machine->err);
    }
    static const cnn_number goes_on = {.i = 1};
    condition->type = CNN_T_BOOL;
    condition->data = cnn_has(c, 1) ? NULL : &goes_on;
    condition->constant = true;
    condition->dims.rank = 0;
    l.inputs[1] = cnn_has(c, 1) ? c->in[1] : condition;
    for (int32_t i = 0; i < carried; i++) {
        l.inputs[i + 2] = cnn_has(c, i + 2) ? c->in[i + 2] : condition;
    }
    int64_t trips = trips_of(c);
    if (!run_loop(&l, &trips)) {
        return false;
    }
    for (int32_t i = 0; i < carried; i++) {
        l.made[i + 1] = *l.inputs[i + 2];
    }
    bool done = true;
    for (int32_t i = carried; done && i < c->outs; i++) {
        done = stack(c, &l.made[i + 1], trips, 0);
    }
    if (done) {
        cnn_give_outputs(c, l.made + 1);
    }
    return done;
}

/* ---- Scan: from opset 9 on each scanned input is cut along one of its axes ---- */

/* The axes of scanned inputs or outputs; 0 where the attribute is not given. */
static bool scan_axes(cnn_call *c, const char *name, int32_t count, int64_t **axes)
{
    *axes = CNN_NEW_ARRAY(c->machine->arena, int64_t, count + 1);
    return *axes == NULL ? cnn_fail_memory(c->machine->err)
                         : cnn_attr_fill(c, name, *axes, count, 0);
}

/* Takes the axis of the trips out of a scanned input. */
static bool cut(cnn_call *c, cnn_value *value, int64_t at, int64_t *steps)
{
    cnn_sizes *dims = &value->dims;
    int32_t axis;
    value->data = NULL;
    value->tensor = NULL;
    if (dims->rank < 0) {
        return true;
    }
    if (!cnn_axis(c, at, dims->rank, &axis)) {
        return false;
    }
    *steps = dims->size[axis] >= 0 ? dims->size[axis] : *steps;
    dims->rank--;
    memmove(&dims->size[axis], &dims->size[axis + 1],
            (size_t)(dims->rank - axis) * sizeof *dims->size);
    return true;
}

static bool run_scan(loop *l, int64_t steps)
{
    if (steps == 1) {
        const bool done = trip(l);
        carry(l);
        return done;
    }
    return steps == 0 ? never(l) : steps > 0 ? many_trips(l, -1, &steps) : open_trips(l);
}

/* Inputs are states and then scanned ones; outputs are states and then stacked ones. */
bool cnn_infer_scan(cnn_call *c)
{
    loop l = {.call = c, .body = cnn_graph_of(c, "body"), .ins = c->ins};
    const int64_t scanned = cnn_attr_int(c, "num_scan_inputs", 0);
    const int64_t states = c->ins - scanned;
    int64_t *cuts, *stacks, steps = CNN_SOME;
    if (l.body == NULL) {
        return cnn_fail_graph(c, "body");
    }
    if (c->version < 9 || scanned < 1 || states < 0 || states > c->outs) {
        c->unclear = true;
        return true;
    }
    l.carried = (int32_t)states;
    l.inputs = CNN_NEW_ARRAY(c->machine->arena, cnn_value *, c->ins + 1);
    cnn_value *in = cnn_some_values(c, c->ins);
    if (l.inputs == NULL || in == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    if (!scan_axes(c, "scan_input_axes", (int32_t)scanned, &cuts) ||
        !scan_axes(c, "scan_output_axes", c->outs - l.carried, &stacks)) {
        return false;
    }
    for (int32_t i = 0; i < c->ins; i++) {
        l.inputs[i] = &in[i];
        if (c->in[i] != NULL) {
            in[i] = *c->in[i];
        }
        if (i >= states && !cut(c, &in[i], cuts[i - states], &steps)) {
            return false;
        }
    }
    bool done = run_scan(&l, steps);
    for (int32_t i = 0; done && i < c->outs; i++) {
        if (i < states) {
            l.made[i] = *l.inputs[i];
        } else {
            done = stack(c, &l.made[i], steps, stacks[i - states]);
        }
    }
    if (done) {
        cnn_give_outputs(c, l.made);
    }
    return done;
}
