/*
 * The machine: nodes in order, names bound to values while their graph lasts. Local functions and
 * the branches of an If are worked through where they are used.
 */
#include "files/shapes.h"

#include "base/checked.h"

enum {
    MOST_DEPTH = 64,       /* graphs and functions inside one another */
    MOST_REPEATS = 100000, /* nodes worked through again, in loops and functions */
};

/* A name's value before a scope gave it another one. */
typedef struct cnn_binding {
    struct cnn_binding *next;
    cnn_symbol *symbol;
    cnn_value *before;
} cnn_binding;

void cnn_scope_open(cnn_machine *m, cnn_scope *scope)
{
    scope->outer = m->bindings;
}

/* Gives the names bound since the scope was opened their earlier values, newest first. */
void cnn_scope_close(cnn_machine *m, const cnn_scope *scope)
{
    while (m->bindings != scope->outer) {
        m->bindings->symbol->value = m->bindings->before;
        m->bindings = m->bindings->next;
    }
}

bool cnn_bind(cnn_machine *m, cnn_symbol *symbol, cnn_value *value)
{
    cnn_binding *binding = CNN_NEW(m->arena, cnn_binding);
    if (binding == NULL) {
        return cnn_fail_memory(m->err);
    }
    *binding = (cnn_binding){m->bindings, symbol, symbol->value};
    m->bindings = binding;
    symbol->value = value;
    return true;
}

cnn_value *cnn_value_new(cnn_machine *m)
{
    cnn_value *value = CNN_NEW(m->arena, cnn_value);
    if (value == NULL) {
        cnn_fail_memory(m->err);
        return NULL;
    }
    value->dims.rank = CNN_SOME;
    return value;
}

/* ---- versions and functions ---- */

static bool same(cnn_text a, cnn_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* 0: the domain is not imported. */
static int64_t version_of(const cnn_onnx_import *imports, cnn_text domain)
{
    while (imports != NULL && !same(imports->domain, domain)) {
        imports = imports->next;
    }
    return imports == NULL ? 0 : imports->version;
}

static cnn_onnx_function *function_of(const cnn_onnx_node *node)
{
    cnn_onnx_function *f = node->op->functions;
    while (f != NULL && !same(f->domain, node->domain)) {
        f = f->next;
    }
    return f;
}

/* ---- calls ---- */

static int32_t list_inputs(cnn_call *c, cnn_value **out)
{
    int32_t n = 0;
    for (const cnn_onnx_name *name = c->node->inputs.first; name != NULL; name = name->next) {
        const bool absent = name->symbol == NULL || name->symbol->value == &c->machine->left_out;
        out[n++] = absent ? NULL : name->symbol->value;
        if (name->symbol != NULL && name->symbol->value == NULL) {
            c->machine->err->word[1] = name->symbol->text;
            cnn_call_fail(c, CNN_E_MODEL_UNMADE, 0, 0);
            return -1;
        }
    }
    return n;
}

/* A row for a node, its inputs looked up and its outputs empty. */
static cnn_call *new_call(cnn_machine *m, const cnn_frame *frame, const cnn_onnx_node *node)
{
    cnn_call *c = cnn_arena_push(m->arena, sizeof *c);
    cnn_value **values =
        CNN_NEW_ARRAY(m->arena, cnn_value *, node->inputs.count + node->outputs.count + 1);
    if (c == NULL || values == NULL) {
        cnn_fail_memory(m->err);
        return NULL;
    }
    m->count++;
    *c = (cnn_call){.node = node, .frame = frame, .machine = m, .in = values};
    c->out = values + node->inputs.count;
    c->hidden = m->hidden > 0;
    c->ins = list_inputs(c, c->in);
    for (int32_t i = 0; i < c->ins; i++) {
        if (c->in[i] != NULL) {
            c->in[i]->reader = c;
            c->in[i]->readers++;
        }
    }
    for (const cnn_onnx_name *name = node->outputs.first; c->ins >= 0 && name != NULL;
         name = name->next) {
        cnn_value *value = cnn_value_new(m);
        if (value == NULL) {
            return NULL;
        }
        value->maker = c;
        value->name = name->symbol;
        c->out[c->outs++] = value;
    }
    return c->ins >= 0 ? c : NULL;
}

/* Inputs at the end that are empty names were left out, too. */
static void trim_inputs(cnn_call *c)
{
    while (c->ins > 0 && c->in[c->ins - 1] == NULL) {
        c->ins--;
    }
}

/* A node with sub-graphs that read outer names counts as not constant: those are not its inputs. */
static bool all_constant(const cnn_call *c)
{
    bool constant = c->node->reads.count == 0;
    for (int32_t i = 0; i < c->ins; i++) {
        constant = constant && (c->in[i] == NULL || c->in[i]->constant);
    }
    return constant;
}

static bool all_known(const cnn_call *c)
{
    bool known = true;
    for (int32_t i = 0; i < c->ins; i++) {
        known = known && (c->in[i] == NULL || c->in[i]->data != NULL);
    }
    return known;
}

/* op->type above 0 is the output's type; else -type is the input that has the same type. */
static int32_t type_of(const cnn_call *c)
{
    const int32_t from = c->op->type <= 0 ? -c->op->type : 0;
    return c->op->type > 0                        ? c->op->type
           : from < c->ins && c->in[from] != NULL ? c->in[from]->type
                                                  : CNN_T_NONE;
}

static bool check_attrs(cnn_call *c)
{
    for (const cnn_onnx_attr *a = c->node->attrs; a != NULL; a = a->next) {
        if (!cnn_onnx_op_takes(c->op, a->name, c->version)) {
            c->machine->err->word[1] = a->name;
            return cnn_call_fail(c, CNN_E_NODE_ATTR, c->version, 0);
        }
    }
    return true;
}

/* Outputs with more elements than can be counted are refused, whatever makes them. */
static bool check_outputs(cnn_call *c)
{
    for (int32_t i = 0; i < c->outs; i++) {
        int64_t count;
        if (cnn_sizes_known(&c->out[i]->dims) && !cnn_sizes_count(&c->out[i]->dims, &count)) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
    }
    return true;
}

/* The first output has a name; a recurrent layer or a graph may leave out that one. */
static bool names_outputs(const cnn_call *c)
{
    const bool optional = c->op->shape == cnn_infer_recurrent || c->op->shape == cnn_infer_if ||
                          c->op->shape == cnn_infer_loop || c->op->shape == cnn_infer_scan;
    bool named = false;
    for (int32_t i = 0; i < (optional ? c->outs : 1) && i < c->outs; i++) {
        named = named || c->out[i]->name != NULL;
    }
    return named;
}

/* A folded Shape needs no elements of its input, only its dimensions. */
static bool is_foldable(const cnn_call *c)
{
    return c->op->fold != NULL &&
           (c->op->fold == cnn_fold_shape || c->op->fold == cnn_fold_size || all_known(c));
}

static bool run_op(cnn_call *c)
{
    const bool constant = all_constant(c);
    for (int32_t i = 0; i < c->outs; i++) {
        c->out[i]->type = type_of(c);
        c->out[i]->constant = constant;
    }
    if (c->ins < c->op->least) {
        return cnn_call_fail(c, CNN_E_NODE_INPUTS, c->ins, c->op->least);
    }
    for (int32_t i = 0; i < c->op->least; i++) {
        if (c->in[i] == NULL) {
            return cnn_call_fail(c, CNN_E_NODE_INPUTS, i, c->op->least);
        }
    }
    if (!names_outputs(c)) {
        return cnn_call_fail(c, CNN_E_NODE_OUTPUTS, 0, 0);
    }
    return check_attrs(c) && c->op->shape(c) && check_outputs(c) &&
           (!is_foldable(c) || c->op->fold(c)) && c->machine->err->code == CNN_OK;
}

/* Looks up the operator. One that the standard does not have is an error; of other domains nothing
 * is known. */
static bool find_op(cnn_call *c)
{
    const cnn_onnx_node *node = c->node;
    /* A local function has imports too, so versions are looked up in the frame. */
    const int64_t version = version_of(c->frame->imports, node->domain);
    c->version = (int32_t)(version > INT16_MAX ? INT16_MAX : version);
    if (node->domain.size == 0 && version == 0) {
        return cnn_call_fail(c, CNN_E_MODEL_OPSET, 0, CNN_NEWEST_OPSET);
    }
    c->op = cnn_onnx_op_find(node->op, node->domain, c->version);
    if (c->op == NULL && node->domain.size == 0) {
        return cnn_call_fail(c, CNN_E_MODEL_OP, c->version, 0);
    }
    return true;
}

static bool bind_outputs(cnn_call *c)
{
    bool done = true;
    int32_t i = 0;
    for (const cnn_onnx_name *name = c->node->outputs.first; done && name != NULL;
         name = name->next) {
        cnn_value *value = c->out[i++];
        done = name->symbol == NULL || cnn_bind(c->machine, name->symbol, value);
    }
    return done;
}

/* ---- local functions ---- */

static bool run_function(cnn_call *c, cnn_onnx_function *function)
{
    cnn_machine *m = c->machine;
    cnn_frame *frame = CNN_NEW(m->arena, cnn_frame);
    if (frame == NULL) {
        return cnn_fail_memory(m->err);
    }
    *frame = (cnn_frame){c->frame, c, function, function->imports};
    cnn_scope scope;
    cnn_scope_open(m, &scope);
    const cnn_onnx_name *name = function->inputs.first;
    bool done = true;
    for (int32_t i = 0; done && name != NULL; i++, name = name->next) {
        cnn_value *value = i < c->ins && c->in[i] != NULL ? c->in[i] : &m->left_out;
        done = name->symbol == NULL || cnn_bind(m, name->symbol, value);
    }
    done = done && cnn_run_graph(m, frame, &function->body);
    name = function->outputs.first;
    for (int32_t i = 0; done && i < c->outs && name != NULL; i++, name = name->next) {
        if (name->symbol == NULL || name->symbol->value == NULL) {
            done = cnn_call_fail(c, CNN_E_NODE_BRANCH, 0, 0);
            break;
        }
        const cnn_symbol *own = c->out[i]->name;
        *c->out[i] = *name->symbol->value;
        c->out[i]->origin = name->symbol->value;
        c->out[i]->name = own;
    }
    cnn_scope_close(m, &scope);
    return done;
}

static bool run_node(cnn_machine *m, const cnn_frame *frame, const cnn_onnx_node *node)
{
    if (++m->steps > m->model->nodes + MOST_REPEATS) {
        return cnn_onnx_fail_node(m->err, CNN_E_MODEL_STEPS, node, m->arena);
    }
    cnn_call *c = new_call(m, frame, node);
    if (c == NULL) {
        return false;
    }
    if (node->op == NULL) {
        return cnn_call_fail(c, CNN_E_MODEL_OP, version_of(frame->imports, node->domain), 0);
    }
    trim_inputs(c);
    cnn_onnx_function *function = function_of(node);
    if (function != NULL) {
        c->function = true;
        return run_function(c, function) && bind_outputs(c);
    }
    return find_op(c) && (c->op == NULL || run_op(c)) && cnn_onnx_count(c) && bind_outputs(c);
}

/* ---- graphs ---- */

static cnn_value *stored_value(cnn_machine *m, cnn_tensor *tensor)
{
    cnn_value *value = cnn_value_new(m);
    if (value != NULL) {
        value->tensor = tensor;
        value->type = tensor->type;
        value->dims = tensor->dims;
        value->data = tensor->data;
        value->constant = true;
        value->name = tensor->name;
    }
    return value;
}

bool cnn_bind_tensors(cnn_machine *m, const cnn_onnx_graph *graph)
{
    for (cnn_tensor *t = graph->tensors; t != NULL; t = t->next) {
        if (t->name == NULL) {
            continue;
        }
        cnn_value *value = stored_value(m, t);
        if (value == NULL || !cnn_bind(m, t->name, value)) {
            return false;
        }
    }
    return true;
}

bool cnn_run_graph(cnn_machine *m, const cnn_frame *frame, cnn_onnx_graph *graph)
{
    if (m->depth == MOST_DEPTH) {
        return cnn_onnx_fail_node(m->err, CNN_E_MODEL_STEPS, graph->first, m->arena);
    }
    m->depth++;
    bool done =
        /* The outermost graph's tensors are bound before its inputs are, by the caller. */
        cnn_onnx_sort(graph, m->arena, m->err) && (m->depth == 1 || cnn_bind_tensors(m, graph));
    for (const cnn_onnx_node *node = graph->order; done && node != NULL; node = node->after) {
        done = run_node(m, frame, node);
    }
    m->depth--;
    return done;
}
