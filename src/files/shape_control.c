/* Branches, loops and lists of tensors. A branch whose condition is known is worked through alone;
 * a loop as often as it runs, if that is known. */
#include "files/shapes.h"

static cnn_onnx_graph *graph_of(cnn_call *c, const char *name)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, name);
    return attr == NULL ? NULL : attr->graph;
}

static bool fail_graph(cnn_call *c, const char *name)
{
    return cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, name, 0, 0);
}

/* The value of a graph's output, before its names are forgotten. */
static bool take_outputs(cnn_call *c, const cnn_onnx_graph *graph, cnn_value *out, int32_t count)
{
    const cnn_onnx_port *port = graph->outputs;
    for (int32_t i = 0; i < count; i++, port = port->next) {
        if (port == NULL || port->name == NULL || port->name->value == NULL) {
            return cnn_call_fail(c, CNN_E_NODE_BRANCH, 0, 0);
        }
        out[i] = *port->name->value;
        out[i].origin = port->name->value;
    }
    return true;
}

/* Works through a graph of the node; its outputs go to `out`. */
static bool run_body(cnn_call *c, cnn_onnx_graph *graph, cnn_value *const *inputs, int32_t ins,
                     cnn_value *out, int32_t outs)
{
    cnn_machine *m = c->machine;
    cnn_scope scope;
    cnn_scope_open(m, &scope);
    const cnn_onnx_port *port = graph->inputs;
    bool done = true;
    for (int32_t i = 0; done && port != NULL && i < ins; i++, port = port->next) {
        done = port->name == NULL || cnn_bind(m, port->name, inputs[i]);
    }
    done = done && cnn_run_graph(m, c->frame, graph) && take_outputs(c, graph, out, outs);
    cnn_scope_close(m, &scope);
    return done;
}

static cnn_value *some_values(cnn_call *c, int32_t count)
{
    cnn_value *values = CNN_NEW_ARRAY(c->machine->arena, cnn_value, count + 1);
    if (values == NULL) {
        cnn_fail_memory(c->machine->err);
    }
    for (int32_t i = 0; values != NULL && i < count; i++) {
        values[i].dims.rank = CNN_SOME;
    }
    return values;
}

/* What is the same in both. */
static void merge(cnn_value *a, const cnn_value *b)
{
    a->data = NULL;
    a->constant = a->constant && b->constant;
    a->type = a->type == b->type ? a->type : CNN_T_NONE;
    a->sequence = a->sequence && b->sequence;
    a->item_count = CNN_SOME;
    if (a->dims.rank != b->dims.rank) {
        a->dims.rank = CNN_SOME;
    }
    for (int32_t i = 0; i < a->dims.rank; i++) {
        a->dims.size[i] = a->dims.size[i] == b->dims.size[i] ? a->dims.size[i] : CNN_SOME;
    }
}

/* Keeps the node's own names: in the body the same values have others. */
static void give_outputs(cnn_call *c, const cnn_value *values)
{
    for (int32_t i = 0; i < c->outs; i++) {
        const cnn_symbol *name = c->out[i]->name;
        *c->out[i] = values[i];
        c->out[i]->name = name;
    }
}

bool cnn_infer_if(cnn_call *c)
{
    cnn_onnx_graph *then = graph_of(c, "then_branch"), *other = graph_of(c, "else_branch");
    const cnn_value *condition = cnn_known(c, 0);
    if (then == NULL || other == NULL) {
        return fail_graph(c, then == NULL ? "then_branch" : "else_branch");
    }
    cnn_value *a = some_values(c, c->outs), *b = some_values(c, c->outs);
    if (a == NULL || b == NULL) {
        return false;
    }
    if (condition != NULL) {
        const bool taken = condition->data[0].i != 0;
        if (!run_body(c, taken ? then : other, NULL, 0, a, c->outs)) {
            return false;
        }
        give_outputs(c, a);
        return true;
    }
    /* Both branches are worked through: parameters of both count, MACs are unclear
     * (onnx_count.c). */
    c->machine->both++;
    const bool done =
        run_body(c, then, NULL, 0, a, c->outs) && run_body(c, other, NULL, 0, b, c->outs);
    c->machine->both--;
    for (int32_t i = 0; done && i < c->outs; i++) {
        merge(&a[i], &b[i]);
        a[i].tensor = NULL;
        a[i].maker = c;
    }
    if (done) {
        give_outputs(c, a);
    }
    return done;
}

/* ---- Loop ---- */

enum { MOST_TRIPS = 64 };

/* Prepends the number of trips to a shape. */
static void stack(cnn_value *value, int64_t trips)
{
    cnn_sizes *dims = &value->dims;
    value->data = NULL;
    value->tensor = NULL;
    if (dims->rank < 0 || dims->rank == CNN_RANK) {
        dims->rank = CNN_SOME;
        return;
    }
    memmove(&dims->size[1], &dims->size[0], (size_t)dims->rank * sizeof *dims->size);
    dims->size[0] = trips;
    dims->rank++;
}

/* One trip: inputs of the body are the trip, the condition and what is carried round. */
static bool trip(cnn_call *c, cnn_onnx_graph *body, int64_t number, cnn_value **inputs,
                 int32_t carried, cnn_value *out, int32_t outs)
{
    cnn_number *count = CNN_NEW(c->machine->arena, cnn_number);
    cnn_value *index = cnn_value_new(c->machine);
    if (count == NULL || index == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    count->i = number;
    index->dims = (cnn_sizes){0};
    index->type = CNN_T_INT64;
    index->data = number >= 0 ? count : NULL;
    inputs[0] = index;
    return run_body(c, body, inputs, carried + 2, out, outs);
}

/* What is carried round, after the trips that are known, or as far as it is the same each time. A
 * loop that never runs is looked at once, for the shapes of what it would have collected. */
static bool run_trips(cnn_call *c, cnn_onnx_graph *body, int64_t trips, cnn_value **inputs,
                      int32_t carried, cnn_value *out)
{
    cnn_machine *m = c->machine;
    const bool known = trips >= 0 && trips <= MOST_TRIPS;
    /* With unknown trips the second one shows which sizes change; it is hidden from the table. */
    const int64_t times = !known ? 2 : trips > 0 ? trips : 1;
    for (int64_t n = 0; n < times; n++) {
        const bool looks = trips == 0 || (!known && n > 0);
        cnn_value *fresh = some_values(c, c->outs + 1);
        m->hidden += looks;
        if (fresh == NULL ||
            !trip(c, body, known ? n : CNN_SOME, inputs, carried, fresh, c->outs + 1)) {
            return false;
        }
        m->hidden -= looks;
        /* Values carried round keep what the loop was given; only the collected ones have new
         * shapes. */
        if (trips == 0) {
            memcpy(out + carried, fresh + 1 + carried, (size_t)(c->outs - carried) * sizeof *out);
            return true;
        }
        for (int32_t i = 0; i < carried; i++) {
            /* What differs between trips becomes unknown before the next one reads it. */
            if (!known) {
                merge(&fresh[i + 1], inputs[i + 2]);
            }
            inputs[i + 2] = &fresh[i + 1];
        }
        /* Output 0 of the body is whether it goes on, and the next trip's condition. */
        inputs[1] = &fresh[0];
        memcpy(out, fresh + 1, (size_t)c->outs * sizeof *out);
        if (known && fresh[0].data != NULL && fresh[0].data->i == 0) {
            m->trips = n + 1;
            return true;
        }
        if (fresh[0].data == NULL) {
            m->trips = CNN_SOME; /* it may stop at any trip */
        }
    }
    return true;
}

bool cnn_infer_loop(cnn_call *c)
{
    cnn_onnx_graph *body = graph_of(c, "body");
    const cnn_value *limit = cnn_known(c, 0), *start = cnn_known(c, 1);
    const int32_t carried = c->ins > 2 ? c->ins - 2 : 0;
    if (body == NULL) {
        return fail_graph(c, "body");
    }
    cnn_value **inputs = CNN_NEW_ARRAY(c->machine->arena, cnn_value *, carried + 2);
    cnn_value *out = some_values(c, c->outs), *condition = some_values(c, 1);
    if (inputs == NULL || out == NULL || condition == NULL || c->outs < carried) {
        return c->outs < carried ? cnn_call_fail(c, CNN_E_NODE_BRANCH, 0, 0)
                                 : cnn_fail_memory(c->machine->err);
    }
    static const cnn_number goes_on = {.i = 1};
    condition->type = CNN_T_BOOL;
    condition->data = cnn_has(c, 1) ? NULL : &goes_on;
    condition->constant = true;
    condition->dims.rank = 0;
    inputs[1] = cnn_has(c, 1) ? c->in[1] : condition;
    for (int32_t i = 0; i < carried; i++) {
        inputs[i + 2] = cnn_has(c, i + 2) ? c->in[i + 2] : condition;
        out[i] = *inputs[i + 2];
    }
    /* Inputs: the most trips, the condition at the start, then the values carried round. */
    const bool never = start != NULL && start->data->i == 0;
    const bool open = cnn_has(c, 1) && start == NULL;
    const int64_t most = limit == NULL ? CNN_SOME : limit->data->i > 0 ? limit->data->i : 0;
    const int64_t trips = never ? 0 : open ? CNN_SOME : most;
    const int64_t outer = c->machine->trips;
    /* Trips of the innermost loop; the outer loop's are put back below. */
    c->machine->trips = trips;
    c->machine->repeated++;
    const bool done = run_trips(c, body, trips, inputs, carried, out);
    c->machine->repeated--;
    const int64_t made = c->machine->trips;
    c->machine->trips = outer;
    for (int32_t i = carried; done && i < c->outs; i++) {
        stack(&out[i], made);
    }
    if (done) {
        give_outputs(c, out);
    }
    return done;
}

/* ---- Scan: opset 9, each scanned input is cut along its first axis ---- */

bool cnn_infer_scan(cnn_call *c)
{
    cnn_onnx_graph *body = graph_of(c, "body");
    const int64_t scanned = cnn_attr_int(c, "num_scan_inputs", 0);
    if (body == NULL) {
        return fail_graph(c, "body");
    }
    /* Inputs are states and then scanned ones; outputs are states and then stacked ones. */
    const int32_t states = (int32_t)(c->ins - scanned);
    cnn_value **inputs = CNN_NEW_ARRAY(c->machine->arena, cnn_value *, c->ins + 1);
    cnn_value *in = some_values(c, c->ins), *out = some_values(c, c->outs);
    if (c->version < 9 || scanned < 1 || scanned > c->ins || states > c->outs) {
        return true;
    }
    if (inputs == NULL || in == NULL || out == NULL) {
        return cnn_fail_memory(c->machine->err);
    }
    int64_t steps = CNN_SOME;
    const bool plain =
        cnn_attr_of(c, "scan_input_axes") == NULL && cnn_attr_of(c, "scan_output_axes") == NULL;
    for (int32_t i = 0; i < c->ins; i++) {
        inputs[i] = &in[i];
        if (c->in[i] != NULL) {
            in[i] = *c->in[i];
        }
        if (i >= states && in[i].dims.rank > 0) {
            steps = in[i].dims.size[0];
            in[i].dims.rank--;
            memmove(&in[i].dims.size[0], &in[i].dims.size[1],
                    (size_t)in[i].dims.rank * sizeof *in[i].dims.size);
            in[i].data = NULL;
        }
    }
    c->machine->repeated++;
    const bool done = run_body(c, body, inputs, c->ins, out, c->outs);
    c->machine->repeated--;
    for (int32_t i = 0; done && i < c->outs; i++) {
        if (i >= states && plain) {
            stack(&out[i], steps);
        } else if (i >= states) {
            out[i].dims.rank = CNN_SOME;
        }
    }
    if (done) {
        give_outputs(c, out);
    }
    return done;
}
