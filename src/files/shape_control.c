/* Graphs inside nodes, and branches. A branch whose condition is known is worked through alone. */
#include "files/shapes.h"

cnn_onnx_graph *cnn_graph_of(cnn_call *c, const char *name)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, name);
    return attr == NULL ? NULL : attr->graph;
}

bool cnn_fail_graph(cnn_call *c, const char *name)
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
        port->name->value->readers++;
        out[i] = *port->name->value;
        out[i].origin = port->name->value;
    }
    return true;
}

/* Works through a graph of the node; its outputs go to `out`. */
bool cnn_run_body(cnn_call *c, cnn_onnx_graph *graph, cnn_value *const *inputs, int32_t ins,
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

cnn_value *cnn_some_values(cnn_call *c, int32_t count)
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
void cnn_value_merge(cnn_value *a, const cnn_value *b)
{
    a->data = NULL;
    a->tensor = a->tensor == b->tensor ? a->tensor : NULL;
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
void cnn_give_outputs(cnn_call *c, const cnn_value *values)
{
    for (int32_t i = 0; i < c->outs; i++) {
        const cnn_symbol *name = c->out[i]->name;
        *c->out[i] = values[i];
        c->out[i]->name = name;
    }
}

bool cnn_infer_if(cnn_call *c)
{
    cnn_onnx_graph *then = cnn_graph_of(c, "then_branch"), *other = cnn_graph_of(c, "else_branch");
    const cnn_number *condition = cnn_known_one(c, 0);
    if (then == NULL || other == NULL) {
        return cnn_fail_graph(c, then == NULL ? "then_branch" : "else_branch");
    }
    cnn_value *a = cnn_some_values(c, c->outs), *b = cnn_some_values(c, c->outs);
    if (a == NULL || b == NULL) {
        return false;
    }
    if (condition != NULL) {
        const bool taken = condition->i != 0;
        if (!cnn_run_body(c, taken ? then : other, NULL, 0, a, c->outs)) {
            return false;
        }
        cnn_give_outputs(c, a);
        return true;
    }
    /* Both branches are worked through: parameters of both count, MACs are unclear
     * (onnx_count.c). */
    c->machine->unsure++;
    const bool done =
        cnn_run_body(c, then, NULL, 0, a, c->outs) && cnn_run_body(c, other, NULL, 0, b, c->outs);
    c->machine->unsure--;
    for (int32_t i = 0; done && i < c->outs; i++) {
        cnn_value_merge(&a[i], &b[i]);
        a[i].tensor = NULL;
        a[i].maker = c;
    }
    if (done) {
        cnn_give_outputs(c, a);
    }
    return done;
}
