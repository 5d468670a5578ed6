/* What inputs and outputs declare: TypeProto and ValueInfoProto. */
#include "files/onnx_walk.h"

static bool type_tensor(cnn_onnx_reader *r, void *object, const cnn_field *field);

static bool type_other(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    (void)field;
    ((cnn_onnx_port *)object)->other = true;
    return true;
}

static const cnn_rule type_rules[] = {
    {1, CNN_WIRE_LENGTH, type_tensor}, {4, CNN_WIRE_LENGTH, type_other},
    {5, CNN_WIRE_LENGTH, type_other},  {8, CNN_WIRE_LENGTH, type_tensor},
    {9, CNN_WIRE_LENGTH, type_other},
};

/* A size of 0 or below is the same as none. */
static bool dim_value(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    cnn_onnx_port *port = object;
    const int64_t size = (int64_t)field->value;
    port->dims.size[port->dims.rank - 1] = size > 0 ? size : CNN_SOME;
    return true;
}

static bool dim_param(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_port *port = object;
    return cnn_take_symbol(r, field, &port->param[port->dims.rank - 1]);
}

static const cnn_rule dim_rules[] = {
    {1, CNN_WIRE_VARINT, dim_value},
    {2, CNN_WIRE_LENGTH, dim_param},
};

static bool shape_dim(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_port *port = object;
    if (port->dims.rank == CNN_RANK) {
        return cnn_wire_fail(&r->wire, CNN_E_MODEL_DIMS, r->wire.offset);
    }
    port->dims.size[port->dims.rank++] = CNN_SOME;
    return cnn_onnx_walk(r, CNN_MESSAGE(dim_rules), port, field->end);
}

static const cnn_rule shape_rules[] = {
    {1, CNN_WIRE_LENGTH, shape_dim},
};

static bool tensor_element(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    ((cnn_onnx_port *)object)->type =
        field->value < CNN_T_COUNT ? (int32_t)field->value : CNN_T_NONE;
    return true;
}

static bool tensor_shape(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    cnn_onnx_port *port = object;
    port->tensor = true;
    port->dims.rank = 0;
    return cnn_onnx_walk(r, CNN_MESSAGE(shape_rules), port, field->end);
}

static const cnn_rule tensor_type_rules[] = {
    {1, CNN_WIRE_VARINT, tensor_element},
    {2, CNN_WIRE_LENGTH, tensor_shape},
};

static bool type_tensor(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return cnn_onnx_walk(r, CNN_MESSAGE(tensor_type_rules), object, field->end);
}

CNN_SYMBOL_RULE(port_name, cnn_onnx_port, name)

static bool port_type(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    return cnn_onnx_walk(r, CNN_MESSAGE(type_rules), object, field->end);
}

static const cnn_rule port_rules[] = {
    {1, CNN_WIRE_LENGTH, port_name},
    {2, CNN_WIRE_LENGTH, port_type},
};

bool cnn_add_port(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_port **first,
                  cnn_onnx_port **last)
{
    cnn_onnx_port *port = cnn_take_memory(r, sizeof *port);
    if (port == NULL) {
        return false;
    }
    port->dims.rank = CNN_SOME;
    *(*first == NULL ? first : &(*last)->next) = port;
    *last = port;
    return cnn_onnx_walk(r, CNN_MESSAGE(port_rules), port, field->end);
}
