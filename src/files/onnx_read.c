/* Models: graphs, nodes, attributes, functions, and the shapes that inputs declare. */
#include "files/onnx_walk.h"
#include "files/sniff.h"

static bool read_graph(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_graph *graph);

/* ---- AttributeProto ---- */

CNN_TEXT_RULE(attr_name, cnn_onnx_attr, name)
CNN_TEXT_RULE(attr_ref, cnn_onnx_attr, ref)
CNN_NUMBER_RULE(attr_type, cnn_onnx_attr, type, int32_t)
CNN_NUMBER_RULE(attr_int, cnn_onnx_attr, i, int64_t)

static bool attr_float(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    ((cnn_onnx_attr *)object)->f = cnn_float_of(field->value);
    return true;
}

/* Texts that matter are words such as "SAME_UPPER" or the equation of Einsum. */
static bool attr_text(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    enum { LONGEST = 1024 };
    return field->value > LONGEST || cnn_take_text(r, field, &((cnn_onnx_attr *)object)->s);
}

static bool add_number(cnn_onnx_reader *r, cnn_onnx_attr *attr, cnn_number number)
{
    if (attr->numbers == NULL) {
        attr->numbers = cnn_take_memory(r, CNN_KEPT * sizeof *attr->numbers);
    }
    if (attr->numbers != NULL && attr->count < CNN_KEPT) {
        attr->numbers[attr->count] = number;
    }
    attr->count++;
    return attr->numbers != NULL;
}

static bool attr_ints(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_number(r, object, (cnn_number){.i = (int64_t)field->value});
}

static bool attr_floats(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_number(r, object, (cnn_number){.f = cnn_float_of(field->value)});
}

/* Strings only count; as numbers they are 0. */
static bool attr_strings(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)field;
    return add_number(r, object, (cnn_number){.i = 0});
}

static bool attr_tensor(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return (((cnn_onnx_attr *)object)->tensor = cnn_read_tensor(r, field)) != NULL;
}

static bool attr_sparse(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return (((cnn_onnx_attr *)object)->tensor = cnn_read_sparse(r, field)) != NULL;
}

static bool attr_graph(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_attr *attr = object;
    if (attr->graph == NULL) {
        attr->graph = cnn_take_memory(r, sizeof *attr->graph);
    }
    return attr->graph != NULL && read_graph(r, field, attr->graph);
}

static const cnn_rule attr_rules[] = {
    {1, CNN_WIRE_LENGTH, attr_name},    {2, CNN_WIRE_FIXED32, attr_float},
    {3, CNN_WIRE_VARINT, attr_int},     {4, CNN_WIRE_LENGTH, attr_text},
    {5, CNN_WIRE_LENGTH, attr_tensor},  {6, CNN_WIRE_LENGTH, attr_graph},
    {7, CNN_WIRE_FIXED32, attr_floats}, {8, CNN_WIRE_VARINT, attr_ints},
    {9, CNN_WIRE_LENGTH, attr_strings}, {20, CNN_WIRE_VARINT, attr_type},
    {21, CNN_WIRE_LENGTH, attr_ref},    {22, CNN_WIRE_LENGTH, attr_sparse},
};

static bool add_attr(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_attr **list)
{
    const int64_t begin = r->wire.offset;
    cnn_onnx_attr *attr = cnn_take_memory(r, sizeof *attr);
    if (attr == NULL || !cnn_onnx_walk(r, CNN_MESSAGE(attr_rules), attr, field->end)) {
        return false;
    }
    attr->next = *list;
    *list = attr;
    return attr->type > 0 || cnn_wire_fail(&r->wire, CNN_E_MODEL_ATTR_TYPE, begin);
}

/* ---- NodeProto ---- */

CNN_TEXT_RULE(node_name, cnn_onnx_node, name)
CNN_SYMBOL_RULE(node_op, cnn_onnx_node, op)
CNN_DOMAIN_RULE(node_domain, cnn_onnx_node)
CNN_NAMES_RULE(node_input, cnn_onnx_node, inputs)
CNN_NAMES_RULE(node_output, cnn_onnx_node, outputs)

/* What sub-graphs read from outside counts when nodes are sorted. */
static bool node_attr(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_node *node = object;
    if (!add_attr(r, field, &node->attrs)) {
        return false;
    }
    const cnn_onnx_graph *graph = node->attrs->graph;
    for (const cnn_onnx_name *n = graph == NULL ? NULL : graph->reads.first; n; n = n->next) {
        if (!cnn_add_name(r, &node->reads, n->symbol)) {
            return false;
        }
    }
    return true;
}

static const cnn_rule node_rules[] = {
    {1, CNN_WIRE_LENGTH, node_input}, {2, CNN_WIRE_LENGTH, node_output},
    {3, CNN_WIRE_LENGTH, node_name},  {4, CNN_WIRE_LENGTH, node_op},
    {5, CNN_WIRE_LENGTH, node_attr},  {7, CNN_WIRE_LENGTH, node_domain},
};

/* Adds what a node reads, itself or in sub-graphs, to what its graph reads. */
static bool add_reads(cnn_onnx_reader *r, cnn_onnx_graph *graph, const cnn_onnx_names *names)
{
    for (const cnn_onnx_name *n = names->first; n != NULL; n = n->next) {
        if (n->symbol != NULL && !cnn_add_name(r, &graph->reads, n->symbol)) {
            return false;
        }
    }
    return true;
}

static bool add_node(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_graph *graph)
{
    cnn_onnx_node *node = cnn_take_memory(r, sizeof *node);
    if (node == NULL) {
        return false;
    }
    node->offset = r->wire.offset;
    r->model->nodes++;
    if (!cnn_onnx_walk(r, CNN_MESSAGE(node_rules), node, field->end)) {
        return false;
    }
    *(graph->first == NULL ? &graph->first : &graph->last->next) = node;
    graph->last = node;
    /* Only sub-graphs are asked what they read. */
    return r->graphs == 0 ||
           (add_reads(r, graph, &node->inputs) && add_reads(r, graph, &node->reads));
}

/* ---- GraphProto ---- */

static bool graph_node(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_node(r, field, object);
}

static bool add_tensor(cnn_onnx_reader *r, cnn_onnx_graph *graph, cnn_tensor *tensor)
{
    (void)r;
    if (tensor == NULL) {
        return false;
    }
    *(graph->tensors == NULL ? &graph->tensors : &graph->last_tensor->next) = tensor;
    graph->last_tensor = tensor;
    return true;
}

static bool graph_tensor(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_tensor(r, object, cnn_read_tensor(r, field));
}

static bool graph_sparse(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_tensor(r, object, cnn_read_sparse(r, field));
}

static bool graph_input(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_graph *graph = object;
    return cnn_add_port(r, field, &graph->inputs, &graph->last_input);
}

static bool graph_output(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_graph *graph = object;
    return cnn_add_port(r, field, &graph->outputs, &graph->last_output) &&
           (graph->last_output->name == NULL ||
            cnn_add_name(r, &graph->reads, graph->last_output->name));
}

static const cnn_rule graph_rules[] = {
    {1, CNN_WIRE_LENGTH, graph_node},    {5, CNN_WIRE_LENGTH, graph_tensor},
    {11, CNN_WIRE_LENGTH, graph_input},  {12, CNN_WIRE_LENGTH, graph_output},
    {15, CNN_WIRE_LENGTH, graph_sparse},
};

static void mark(cnn_symbol *symbol, int32_t number)
{
    if (symbol != NULL) {
        symbol->graph = number;
    }
}

/* Leaves of what a graph reads only what comes from outside. */
static void drop_own(cnn_onnx_graph *graph, int32_t number)
{
    for (const cnn_onnx_port *p = graph->inputs; p != NULL; p = p->next) {
        mark(p->name, number);
    }
    for (const cnn_tensor *t = graph->tensors; t != NULL; t = t->next) {
        mark(t->name, number);
    }
    for (const cnn_onnx_node *node = graph->first; node != NULL; node = node->next) {
        for (const cnn_onnx_name *n = node->outputs.first; n != NULL; n = n->next) {
            mark(n->symbol, number);
        }
    }
    cnn_onnx_name **place = &graph->reads.first;
    graph->reads.last = NULL;
    while (*place != NULL) {
        if ((*place)->symbol->graph == number) {
            *place = (*place)->next;
            graph->reads.count--;
        } else {
            graph->reads.last = *place;
            place = &(*place)->next;
        }
    }
}

/* A graph inside a node: what it reads is kept. */
static bool read_graph(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_graph *graph)
{
    r->graphs++;
    const bool done = cnn_onnx_walk(r, CNN_MESSAGE(graph_rules), graph, field->end);
    r->graphs--;
    if (done) {
        drop_own(graph, ++r->number);
    }
    return done;
}

/* ---- OperatorSetIdProto, FunctionProto, ModelProto ---- */

CNN_DOMAIN_RULE(import_domain, cnn_onnx_import)
CNN_NUMBER_RULE(import_version, cnn_onnx_import, version, int64_t)

static const cnn_rule import_rules[] = {
    {1, CNN_WIRE_LENGTH, import_domain},
    {2, CNN_WIRE_VARINT, import_version},
};

enum { MOST_IMPORTS = 100 }; /* of a model or function, because each node looks its domain up */

static bool add_import(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_import **list)
{
    cnn_onnx_import *import = cnn_take_memory(r, sizeof *import);
    if (import == NULL || !cnn_onnx_walk(r, CNN_MESSAGE(import_rules), import, field->end)) {
        return false;
    }
    import->next = *list;
    *list = import;
    int32_t count = 0;
    for (const cnn_onnx_import *at = import; at != NULL; at = at->next) {
        count++;
    }
    return count <= MOST_IMPORTS || cnn_wire_fail(&r->wire, CNN_E_MODEL_IMPORTS, r->wire.offset);
}

CNN_SYMBOL_RULE(function_name, cnn_onnx_function, name)
CNN_DOMAIN_RULE(function_domain, cnn_onnx_function)
CNN_NAMES_RULE(function_input, cnn_onnx_function, inputs)
CNN_NAMES_RULE(function_output, cnn_onnx_function, outputs)

static bool function_node(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_node(r, field, &((cnn_onnx_function *)object)->body);
}

static bool function_import(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_import(r, field, &((cnn_onnx_function *)object)->imports);
}

static bool function_default(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_attr(r, field, &((cnn_onnx_function *)object)->defaults);
}

static const cnn_rule function_rules[] = {
    {1, CNN_WIRE_LENGTH, function_name},     {4, CNN_WIRE_LENGTH, function_input},
    {5, CNN_WIRE_LENGTH, function_output},   {7, CNN_WIRE_LENGTH, function_node},
    {9, CNN_WIRE_LENGTH, function_import},   {10, CNN_WIRE_LENGTH, function_domain},
    {11, CNN_WIRE_LENGTH, function_default},
};

CNN_NUMBER_RULE(model_ir, cnn_onnx_model, ir_version, int64_t)
CNN_TEXT_RULE(model_producer, cnn_onnx_model, producer)
CNN_TEXT_RULE(model_producer_version, cnn_onnx_model, producer_version)

static bool model_graph(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_model *model = object;
    model->has_graph = true;
    return cnn_onnx_walk(r, CNN_MESSAGE(graph_rules), &model->graph, field->end);
}

static bool model_import(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return add_import(r, field, &((cnn_onnx_model *)object)->imports);
}

static bool model_function(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)object;
    cnn_onnx_function *function = cnn_take_memory(r, sizeof *function);
    if (function == NULL || !cnn_onnx_walk(r, CNN_MESSAGE(function_rules), function, field->end)) {
        return false;
    }
    if (function->name != NULL) {
        function->next = function->name->functions;
        function->name->functions = function;
    }
    return true;
}

static const cnn_rule model_rules[] = {
    {1, CNN_WIRE_VARINT, model_ir},
    {2, CNN_WIRE_LENGTH, model_producer},
    {3, CNN_WIRE_LENGTH, model_producer_version},
    {7, CNN_WIRE_LENGTH, model_graph},
    {8, CNN_WIRE_LENGTH, model_import},
    {25, CNN_WIRE_LENGTH, model_function},
};

enum { NEWEST_IR = 13 }; /* of onnx 1.20 */

/* Files of other kinds are named. */
static bool is_onnx(cnn_onnx_reader *r)
{
    bool more;
    if (!cnn_wire_more(&r->wire, INT64_MAX, &more)) {
        return false;
    }
    const cnn_text first = {(const char *)r->wire.piece, r->wire.size};
    const cnn_other_file *other = cnn_file_other(first);
    if (other != NULL) {
        r->wire.err->word[0] = cnn_text_of(other->name);
        r->wire.err->word[1] = cnn_text_of(other->way);
    }
    return other == NULL || cnn_wire_fail(&r->wire, CNN_E_MODEL_OTHER, 0);
}

bool cnn_onnx_read(const cnn_byte_source *from, cnn_arena *arena, cnn_onnx_model *out,
                   cnn_error *err)
{
    *out = (cnn_onnx_model){0};
    cnn_onnx_reader r = {.arena = arena, .model = out};
    r.wire.from = from;
    r.wire.err = err;
    if (!is_onnx(&r) || !cnn_onnx_walk(&r, CNN_MESSAGE(model_rules), out, INT64_MAX)) {
        return false;
    }
    if (!out->has_graph || out->imports == NULL) {
        return cnn_wire_fail(&r.wire, CNN_E_MODEL_HALF, r.wire.offset);
    }
    if (out->ir_version < 1 || out->ir_version > NEWEST_IR) {
        err->number[0] = out->ir_version;
        err->number[1] = NEWEST_IR;
        return cnn_wire_fail(&r.wire, CNN_E_MODEL_IR, 0);
    }
    return true;
}
