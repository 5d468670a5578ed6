/* What the functions of the table use to look at their node and to fill its outputs. */
#include "files/infer.h"

#include "base/checked.h"

/* ---- attributes ---- */

static bool same(cnn_text text, const char *string)
{
    const size_t size = strlen(string);
    return text.size == size && memcmp(text.data, string, size) == 0;
}

static const cnn_onnx_attr *find(const cnn_onnx_attr *list, const char *name, size_t size)
{
    while (list != NULL && (list->name.size != size || memcmp(list->name.data, name, size) != 0)) {
        list = list->next;
    }
    return list;
}

const cnn_onnx_attr *cnn_attr_of(const cnn_call *c, const char *name)
{
    const cnn_onnx_attr *attr = find(c->node->attrs, name, strlen(name));
    const cnn_frame *frame = c->frame;
    /* In a function's body an attribute may refer to one of the caller's node, which may refer
     * to one further out; the function's default is used where the caller gives none. */
    while (attr != NULL && attr->ref.size > 0) {
        if (frame == NULL || frame->caller == NULL) {
            return NULL;
        }
        const cnn_text ref = attr->ref;
        attr = find(frame->caller->node->attrs, ref.data, ref.size);
        if (attr == NULL) {
            attr = find(frame->function->defaults, ref.data, ref.size);
        }
        frame = frame->outer;
    }
    return attr;
}

int64_t cnn_attr_int(const cnn_call *c, const char *name, int64_t otherwise)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, name);
    return attr == NULL ? otherwise : attr->i;
}

double cnn_attr_float(const cnn_call *c, const char *name, double otherwise)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, name);
    return attr == NULL ? otherwise : attr->f;
}

int32_t cnn_attr_element(const cnn_call *c, const char *name, int32_t otherwise)
{
    const int64_t type = cnn_attr_int(c, name, otherwise);
    return type > CNN_T_NONE && type < CNN_T_COUNT ? (int32_t)type : otherwise;
}

bool cnn_attr_is(const cnn_call *c, const char *name, const char *word)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, name);
    return attr != NULL && same(attr->s, word);
}

bool cnn_attr_ints(cnn_call *c, const char *name, int64_t *out, int32_t room, int32_t *count)
{
    const cnn_onnx_attr *attr = cnn_attr_of(c, name);
    *count = CNN_SOME;
    if (attr == NULL) {
        return true;
    }
    const bool ints = attr->type == CNN_A_INTS || attr->count == 0;
    if (attr->count > room || !ints) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, name, attr->count, room);
    }
    *count = (int32_t)attr->count;
    for (int32_t i = 0; i < *count; i++) {
        out[i] = attr->numbers[i].i;
    }
    return true;
}

bool cnn_attr_fill(cnn_call *c, const char *name, int64_t *out, int32_t count, int64_t otherwise)
{
    int32_t given;
    if (!cnn_attr_ints(c, name, out, count, &given)) {
        return false;
    }
    for (int32_t i = 0; given == CNN_SOME && i < count; i++) {
        out[i] = otherwise;
    }
    return given == CNN_SOME || given == count ||
           cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, name, given, count);
}

/* ---- values ---- */

bool cnn_has(const cnn_call *c, int32_t i)
{
    return i < c->ins && c->in[i] != NULL;
}

const cnn_sizes *cnn_in(const cnn_call *c, int32_t i)
{
    return cnn_has(c, i) && c->in[i]->dims.rank >= 0 ? &c->in[i]->dims : NULL;
}

const cnn_value *cnn_known(const cnn_call *c, int32_t i)
{
    return cnn_has(c, i) && c->in[i]->data != NULL ? c->in[i] : NULL;
}

const cnn_number *cnn_known_one(const cnn_call *c, int32_t i)
{
    const cnn_value *value = cnn_known(c, i);
    int64_t count;
    return value != NULL && cnn_sizes_count(&value->dims, &count) && count == 1 ? value->data
                                                                                : NULL;
}

bool cnn_known_int(const cnn_call *c, int32_t i, int64_t *out)
{
    const cnn_number *number = cnn_known_one(c, i);
    const bool known = number != NULL && cnn_elements[c->in[i]->type].whole;
    *out = known ? number->i : CNN_SOME;
    return known;
}

bool cnn_known_ints(const cnn_call *c, int32_t i, int64_t *out, int32_t room, int32_t *count)
{
    const cnn_value *value = cnn_known(c, i);
    if (value == NULL || value->dims.rank > 1 || !cnn_elements[value->type].whole) {
        return false;
    }
    const int64_t size = value->dims.rank == 0 ? 1 : value->dims.size[0];
    if (size > room) {
        return false;
    }
    *count = (int32_t)size;
    for (int32_t k = 0; k < *count; k++) {
        out[k] = value->data[k].i;
    }
    return true;
}

cnn_value *cnn_out_value(cnn_call *c, int32_t i)
{
    return i < c->outs ? c->out[i] : &c->machine->scratch;
}

bool cnn_out_sizes(cnn_call *c, int32_t i, const cnn_sizes *dims)
{
    cnn_out_value(c, i)->dims = *dims;
    return true;
}

cnn_sizes cnn_sizes_unknown(int32_t rank)
{
    cnn_sizes dims = {.rank = rank};
    for (int32_t i = 0; i < rank; i++) {
        dims.size[i] = CNN_SOME;
    }
    return dims;
}

bool cnn_sizes_equal(const cnn_sizes *a, const cnn_sizes *b)
{
    bool equal = a->rank == b->rank;
    for (int32_t i = 0; equal && i < a->rank; i++) {
        equal = a->size[i] == b->size[i];
    }
    return equal;
}

bool cnn_sizes_known(const cnn_sizes *dims)
{
    bool known = dims->rank >= 0;
    for (int32_t i = 0; known && i < dims->rank; i++) {
        known = dims->size[i] >= 0;
    }
    return known;
}

bool cnn_sizes_count(const cnn_sizes *dims, int64_t *out)
{
    *out = 1;
    bool fits = cnn_sizes_known(dims);
    for (int32_t i = 0; fits && i < dims->rank; i++) {
        fits = cnn_checked_mul(*out, dims->size[i], out);
    }
    return fits;
}

bool cnn_axis(cnn_call *c, int64_t axis, int32_t rank, int32_t *out)
{
    if (axis < -rank || axis >= rank) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "axis", axis, 0);
    }
    *out = (int32_t)(axis < 0 ? axis + rank : axis);
    return true;
}

/* ---- failures and notes ---- */

bool cnn_call_fail(cnn_call *c, int32_t code, int64_t n0, int64_t n1)
{
    if (c->machine->err->code == CNN_OK) {
        c->machine->err->number[0] = n0;
        c->machine->err->number[1] = n1;
    }
    return cnn_onnx_fail_node(c->machine->err, code, c->node, c->machine->arena);
}

bool cnn_call_fail_attr(cnn_call *c, int32_t code, const char *attr, int64_t n0, int64_t n1)
{
    if (c->machine->err->code == CNN_OK) {
        c->machine->err->word[1] = cnn_text_of(attr);
    }
    return cnn_call_fail(c, code, n0, n1);
}

bool cnn_note_add(cnn_call *c, cnn_note_kind kind, const cnn_sizes *theirs)
{
    cnn_machine *m = c->machine;
    cnn_note *note = CNN_NEW(m->arena, cnn_note);
    if (note == NULL) {
        return cnn_fail_memory(m->err);
    }
    *note = (cnn_note){.kind = kind, .call = c, .theirs = *theirs};
    /* Notes stay in the order of the nodes. */
    *(m->notes == NULL ? &m->notes : &m->last_note->next) = note;
    m->last_note = note;
    return true;
}
