/* Constants: dimensions, type, and the elements of small ones. */
#include "base/checked.h"
#include "files/onnx_walk.h"
#include "files/wire_size.h"

const cnn_element cnn_elements[CNN_T_COUNT] = {
    [CNN_T_NONE] = {"?", 0, false, false},
    [CNN_T_FLOAT] = {"float", 32, true, false},
    [CNN_T_UINT8] = {"uint8", 8, false, true},
    [CNN_T_INT8] = {"int8", 8, false, true},
    [CNN_T_UINT16] = {"uint16", 16, false, true},
    [CNN_T_INT16] = {"int16", 16, false, true},
    [CNN_T_INT32] = {"int32", 32, false, true},
    [CNN_T_INT64] = {"int64", 64, false, true},
    [CNN_T_STRING] = {"string", 0, false, false},
    [CNN_T_BOOL] = {"bool", 8, false, true},
    [CNN_T_FLOAT16] = {"float16", 16, true, false},
    [CNN_T_DOUBLE] = {"double", 64, true, false},
    [CNN_T_UINT32] = {"uint32", 32, false, true},
    [CNN_T_UINT64] = {"uint64", 64, false, true},
    [CNN_T_COMPLEX64] = {"complex64", 64, false, false},
    [CNN_T_COMPLEX128] = {"complex128", 128, false, false},
    [CNN_T_BFLOAT16] = {"bfloat16", 16, true, false},
    {"float8e4m3fn", 8, true, false},
    {"float8e4m3fnuz", 8, true, false},
    {"float8e5m2", 8, true, false},
    {"float8e5m2fnuz", 8, true, false},
    {"uint4", 4, false, true},
    {"int4", 4, false, true},
    {"float4e2m1", 4, true, false},
    {"float8e8m0", 8, true, false},
    {"uint2", 2, false, true},
    {"int2", 2, false, true},
};

/* A tensor in the making: its bytes may come before its type. */
typedef struct tensor_draft {
    cnn_tensor *tensor;
    cnn_symbol *name;
    cnn_text raw;   /* its bytes, when they are few */
    int64_t length; /* of its raw bytes */
    bool has_raw;
    int64_t listed; /* elements given one by one */
    cnn_number numbers[CNN_KEPT];
    bool too_deep; /* more than CNN_RANK dimensions */
    int64_t sparse;
} tensor_draft;

static bool tensor_dim(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    tensor_draft *draft = object;
    cnn_sizes *dims = &draft->tensor->dims;
    if (dims->rank == CNN_RANK) {
        draft->too_deep = true;
        return true;
    }
    dims->size[dims->rank++] = (int64_t)field->value;
    return true;
}

static bool tensor_type(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    ((tensor_draft *)object)->tensor->type =
        field->value < CNN_T_COUNT ? (int32_t)field->value : CNN_T_NONE;
    return true;
}

static double double_of(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

double cnn_float_of(uint64_t bits)
{
    const uint32_t low = (uint32_t)bits;
    float number;
    memcpy(&number, &low, sizeof number);
    return (double)number;
}

static bool tensor_number(tensor_draft *draft, cnn_number number)
{
    if (draft->listed < CNN_KEPT) {
        draft->numbers[draft->listed] = number;
    }
    /* Elements beyond CNN_KEPT are counted, but not kept. */
    draft->listed++;
    return true;
}

static bool tensor_float(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    return tensor_number(object, (cnn_number){.f = cnn_float_of(field->value)});
}

static bool tensor_double(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    return tensor_number(object, (cnn_number){.f = double_of(field->value)});
}

static bool tensor_int(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    return tensor_number(object, (cnn_number){.i = (int64_t)field->value});
}

static bool tensor_string(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    (void)field;
    ((tensor_draft *)object)->listed++;
    return true;
}

static bool tensor_raw(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    tensor_draft *draft = object;
    draft->has_raw = true;
    draft->length = (int64_t)field->value;
    /* Longer ones cannot be small constants; they are passed over without being read. */
    return field->value > CNN_KEPT * sizeof(double) || cnn_take_text(r, field, &draft->raw);
}

CNN_SYMBOL_RULE(tensor_name, tensor_draft, name)

static bool tensor_place(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    (void)r;
    ((tensor_draft *)object)->tensor->external = field->value == 1;
    return true;
}

static const cnn_rule tensor_rules[] = {
    {1, CNN_WIRE_VARINT, tensor_dim},      {2, CNN_WIRE_VARINT, tensor_type},
    {4, CNN_WIRE_FIXED32, tensor_float},   {5, CNN_WIRE_VARINT, tensor_int},
    {6, CNN_WIRE_LENGTH, tensor_string},   {7, CNN_WIRE_VARINT, tensor_int},
    {8, CNN_WIRE_LENGTH, tensor_name},     {9, CNN_WIRE_LENGTH, tensor_raw},
    {10, CNN_WIRE_FIXED64, tensor_double}, {11, CNN_WIRE_VARINT, tensor_int},
    {14, CNN_WIRE_VARINT, tensor_place},
};

/* A number of little-endian bytes, of the types that are folded. */
static cnn_number raw_number(const char *data, int32_t type)
{
    const int64_t bytes = cnn_elements[type].bits / 8;
    uint64_t bits = 0;
    for (int64_t i = 0; i < bytes; i++) {
        bits |= (uint64_t)(unsigned char)data[i] << 8 * i;
    }
    switch (type) {
    case CNN_T_FLOAT:
        return (cnn_number){.f = cnn_float_of(bits)};
    case CNN_T_DOUBLE:
        return (cnn_number){.f = double_of(bits)};
    case CNN_T_INT32:
        return (cnn_number){.i = (int32_t)(uint32_t)bits};
    case CNN_T_INT8:
        return (cnn_number){.i = (int8_t)(uint8_t)bits};
    default:
        return (cnn_number){.i = (int64_t)bits};
    }
}

static bool is_folded(int32_t type)
{
    return type == CNN_T_FLOAT || type == CNN_T_DOUBLE || type == CNN_T_INT32 ||
           type == CNN_T_INT64 || type == CNN_T_BOOL || type == CNN_T_UINT8 || type == CNN_T_INT8;
}

/* Keeps the elements of a small constant. */
static bool keep_data(cnn_onnx_reader *r, tensor_draft *draft)
{
    cnn_tensor *t = draft->tensor;
    const bool given = draft->has_raw ? draft->raw.data != NULL : draft->listed == t->count;
    if (!is_folded(t->type) || t->count > CNN_KEPT || !given || t->external) {
        return true;
    }
    cnn_number *data = CNN_NEW_ARRAY(r->arena, cnn_number, t->count + 1);
    if (data == NULL) {
        return cnn_fail_memory(r->wire.err);
    }
    const int64_t bytes = cnn_elements[t->type].bits / 8;
    for (int64_t i = 0; i < t->count; i++) {
        data[i] =
            draft->has_raw ? raw_number(draft->raw.data + i * bytes, t->type) : draft->numbers[i];
    }
    t->data = data;
    return true;
}

/* Whether the bytes are as many as the dimensions want. */
static bool check_length(cnn_onnx_reader *r, const tensor_draft *draft)
{
    const cnn_tensor *t = draft->tensor;
    /* Lists of complex numbers or of less than 8 bits do not have one entry for each
     * element. */
    const bool listed = draft->listed > 0 && cnn_elements[t->type].bits >= 8 &&
                        t->type != CNN_T_COMPLEX64 && t->type != CNN_T_COMPLEX128;
    const int64_t got = draft->has_raw ? draft->length : draft->listed;
    const int64_t want = draft->has_raw ? t->bytes : t->count;
    if (t->external || (!draft->has_raw && !listed) || t->type == CNN_T_STRING || got == want) {
        return true;
    }
    r->wire.err->number[0] = got;
    r->wire.err->number[1] = want;
    r->wire.err->word[0] = t->name == NULL ? (cnn_text){0} : t->name->text;
    return cnn_wire_fail(&r->wire, CNN_E_MODEL_RAW, t->offset);
}

/* Counts a tensor's elements and decides what is kept of it. */
static bool finish_tensor(cnn_onnx_reader *r, tensor_draft *draft)
{
    cnn_tensor *t = draft->tensor;
    t->name = draft->name;
    /* Without dimensions it is a scalar: one element. */
    t->count = 1;
    if (t->type == CNN_T_NONE) {
        return cnn_wire_fail(&r->wire, CNN_E_MODEL_TYPE, t->offset);
    }
    bool fits = !draft->too_deep;
    for (int32_t i = 0; i < t->dims.rank; i++) {
        fits =
            fits && t->dims.size[i] >= 0 && cnn_checked_mul(t->count, t->dims.size[i], &t->count);
    }
    if (!fits ||
        !cnn_wire_bytes(t->count, cnn_elements[t->type].bits + (cnn_elements[t->type].bits == 0),
                        &t->bytes)) {
        return cnn_wire_fail(&r->wire, CNN_E_MODEL_DIMS, t->offset);
    }
    r->model->missing += t->external;
    if (!cnn_checked_add(r->model->stored, t->count, &r->model->stored) ||
        !cnn_checked_add(r->model->stored_bytes, t->bytes, &r->model->stored_bytes)) {
        return cnn_wire_fail(&r->wire, CNN_E_MODEL_DIMS, t->offset);
    }
    return check_length(r, draft) && keep_data(r, draft);
}

cnn_tensor *cnn_read_tensor(cnn_onnx_reader *r, const cnn_field *field)
{
    cnn_tensor *tensor = cnn_take_memory(r, sizeof *tensor);
    if (tensor == NULL) {
        return NULL;
    }
    tensor_draft draft = {.tensor = tensor};
    tensor->offset = r->wire.offset;
    const bool done =
        cnn_onnx_walk(r, CNN_MESSAGE(tensor_rules), &draft, field->end) && finish_tensor(r, &draft);
    return done ? tensor : NULL;
}

/* ---- SparseTensorProto: the values, and the dimensions of the whole ---- */

static bool sparse_values(cnn_onnx_reader *r, void *object, const cnn_field *field)
{
    tensor_draft *draft = object;
    const cnn_sizes whole = draft->tensor->dims;
    cnn_tensor *values = cnn_read_tensor(r, field);
    if (values == NULL) {
        return false;
    }
    draft->name = values->name;
    draft->tensor->type = values->type;
    draft->tensor->dims = whole;
    draft->sparse = values->bytes;
    return true;
}

static const cnn_rule sparse_rules[] = {
    {1, CNN_WIRE_LENGTH, sparse_values},
    {3, CNN_WIRE_VARINT, tensor_dim},
};

cnn_tensor *cnn_read_sparse(cnn_onnx_reader *r, const cnn_field *field)
{
    cnn_tensor *tensor = cnn_take_memory(r, sizeof *tensor);
    if (tensor == NULL) {
        return NULL;
    }
    tensor_draft draft = {.tensor = tensor};
    tensor->offset = r->wire.offset;
    if (!cnn_onnx_walk(r, CNN_MESSAGE(sparse_rules), &draft, field->end) ||
        !finish_tensor(r, &draft)) {
        return NULL;
    }
    tensor->bytes = draft.sparse;
    return tensor;
}
