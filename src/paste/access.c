/* What values hold: elements of sequences, indices and slices. */
#include "paste/flow.h"

static bool keys_of(cnn_paster *p, const cnn_items *dict, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_LIST, dict->count / 2, out)) {
        return false;
    }
    for (int32_t i = 0; i < dict->count; i += 2) {
        out->items->at[out->items->count++] = dict->at[i];
    }
    return true;
}

static bool letters_of(cnn_paster *p, cnn_text text, cnn_py *out)
{
    bool done = cnn_py_items(p, CNN_PY_LIST, 0, out);
    for (size_t at = 0; done && at < text.size;) {
        const size_t next = cnn_text_after(text, at, 1);
        const cnn_py letter = {.kind = CNN_PY_STRING, .text = {text.data + at, next - at}};
        done = cnn_py_append(p, out->items, &letter);
        at = next;
    }
    return done;
}

bool cnn_own_method(cnn_paster *p, const cnn_py *object, const char *name, const cnn_py *argument,
                    const cnn_py_node *node, bool *found, cnn_py *out)
{
    const cnn_class *type = object->kind == CNN_PY_MODULE ? object->module->type : NULL;
    const cnn_py *method = type == NULL ? NULL : cnn_class_find(type, cnn_text_of(name));
    *found = method != NULL && method->kind == CNN_PY_FUNCTION;
    if (!*found) {
        return true;
    }
    cnn_argument one = {.node = node};
    one.value = argument != NULL ? *argument : cnn_py_none();
    const cnn_arguments args = {&one, argument != NULL, node};
    return cnn_call_function(p, method->function, object->module, &args, out);
}

/* The elements of an object of the text: the fields of a named tuple, what __iter__ gives, or what
 * __getitem__ gives for each number below __len__. */
static bool elements_of(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, cnn_py *out)
{
    const cnn_module *m = object->module;
    cnn_py length;
    bool found;
    if (m->type != NULL && m->type->tuple) {
        bool done = cnn_py_items(p, CNN_PY_TUPLE, 0, out);
        for (const cnn_variable *v = m->members; done && v != NULL; v = v->next) {
            done = cnn_py_append(p, out->items, &v->value);
        }
        return done;
    }
    if (!cnn_own_method(p, object, "__iter__", NULL, node, &found, out)) {
        return false;
    }
    if (found) {
        return cnn_py_is_list(out) || cnn_not_followed(p, node->span);
    }
    if (!cnn_own_method(p, object, "__len__", NULL, node, &found, &length)) {
        return false;
    }
    if (!found || !cnn_py_is_int(&length)) {
        return cnn_not_followed(p, node->span);
    }
    bool done = cnn_py_items(p, CNN_PY_LIST, 0, out);
    for (int64_t i = 0; done && i < length.number; i++) {
        const cnn_py at = cnn_py_int(i, node->span);
        cnn_py value;
        done = cnn_own_method(p, object, "__getitem__", &at, node, &found, &value) &&
               (found || cnn_not_followed(p, node->span)) && cnn_py_append(p, out->items, &value);
    }
    return done;
}

bool cnn_sequence(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, cnn_items **out)
{
    cnn_py list = {0};
    bool done = false;
    switch (value->kind) {
    case CNN_PY_LIST:
    case CNN_PY_TUPLE:
        *out = value->items;
        return cnn_paste_step(p, value->items->count);
    case CNN_PY_DICT:
        done = keys_of(p, value->items, &list);
        break;
    case CNN_PY_MODULE:
        done = value->module->container == CNN_CONTAINER_NONE
                   ? elements_of(p, node, value, &list)
                   : cnn_module_children(p, value->module, false, &list);
        break;
    case CNN_PY_STRING:
        done = letters_of(p, value->text, &list);
        break;
    case CNN_PY_NAME:
        return cnn_no_value(p, value);
    default:
        return cnn_not_followed(p, node->span);
    }
    *out = list.items;
    return done;
}

/* Where a slice's border lies in `count` elements; going back, the last one may be before the first
 * element. */
static bool border(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, int64_t count,
                   bool back, int64_t *out)
{
    int64_t at;
    if (value->kind == CNN_PY_NONE) {
        return true;
    }
    if (!cnn_whole(p, value, node, cnn_text_of("a slice"), &at)) {
        return false;
    }
    const int64_t from = at < 0 ? at + count : at, least = back ? -1 : 0;
    *out = from < least ? least : from > count + least ? count + least : from;
    return true;
}

bool cnn_slice_read(cnn_paster *p, const cnn_py_node *node, const cnn_items *slice, int64_t count,
                    cnn_range *out)
{
    *out = (cnn_range){.step = 1};
    if (slice->at[2].kind != CNN_PY_NONE &&
        !cnn_whole(p, &slice->at[2], node, cnn_text_of("a slice"), &out->step)) {
        return false;
    }
    const bool back = out->step < 0;
    out->from = back ? count - 1 : 0;
    out->to = back ? -1 : count;
    if (out->step == 0 || out->step > INT32_MAX || out->step < -INT32_MAX) {
        return cnn_not_followed(p, node->span);
    }
    return border(p, node, &slice->at[0], count, back, &out->from) &&
           border(p, node, &slice->at[1], count, back, &out->to);
}

/* Letters as one string again. */
static bool text_of(cnn_paster *p, const cnn_items *letters, cnn_py *out)
{
    size_t size = 0, used = 0;
    for (int32_t i = 0; i < letters->count; i++) {
        size += letters->at[i].text.size;
    }
    char *copy = size == 0 ? NULL : cnn_paste_take(p, size, 1);
    for (int32_t i = 0; copy != NULL && i < letters->count; i++) {
        memcpy(copy + used, letters->at[i].text.data, letters->at[i].text.size);
        used += letters->at[i].text.size;
    }
    *out = (cnn_py){.kind = CNN_PY_STRING, .text = {copy, used}};
    return p->err->code == CNN_OK;
}

static bool slice(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                  const cnn_items *range, cnn_py *out)
{
    cnn_items *items;
    cnn_range r;
    if (!cnn_sequence(p, node, object, &items) ||
        !cnn_slice_read(p, node, range, items->count, &r)) {
        return false;
    }
    const cnn_py_kind kind = object->kind == CNN_PY_TUPLE ? CNN_PY_TUPLE : CNN_PY_LIST;
    if (!cnn_py_items(p, kind, 0, out)) {
        return false;
    }
    for (int64_t i = r.from; r.step < 0 ? i > r.to : i < r.to; i += r.step) {
        if (!cnn_py_append(p, out->items, &items->at[i])) {
            return false;
        }
    }
    if (object->kind == CNN_PY_STRING) {
        return text_of(p, out->items, out);
    }
    if (object->kind != CNN_PY_MODULE) {
        return true;
    }
    cnn_module *part = cnn_module_new(p, node); /* features[:5] */
    if (part == NULL) {
        return false;
    }
    part->container = object->module->container;
    for (int32_t i = 0; i < out->items->count; i++) {
        if (!cnn_module_append(p, part, &out->items->at[i])) {
            return false;
        }
    }
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = part};
    return true;
}

bool cnn_index(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, const cnn_py *index,
               cnn_py *out)
{
    if (object->kind == CNN_PY_TENSOR) {
        return cnn_tensor_index(p, node, object->tensor, index, out);
    }
    if (object->kind == CNN_PY_SAMPLES) {
        return cnn_samples_index(p, node, object, index, out);
    }
    if (object->kind == CNN_PY_OPAQUE) {
        *out = *object;
        return true;
    }
    if (object->kind == CNN_PY_NAME) {
        *out = *object;
        out->origin = node->span;
        return true;
    }
    if (object->kind == CNN_PY_MODULE) {
        bool own;
        if (!cnn_own_method(p, object, "__getitem__", index, node, &own, out) || own) {
            return p->err->code == CNN_OK;
        }
    }
    if (index->kind == CNN_PY_SLICE) {
        return slice(p, node, object, index->items, out);
    }
    const bool by_key = object->kind == CNN_PY_DICT ||
                        (object->kind == CNN_PY_MODULE && index->kind == CNN_PY_STRING);
    const int64_t size = object->kind == CNN_PY_DICT ? object->items->count : 0;
    if (!cnn_paste_step(p, cnn_paste_search(size, 0))) {
        return false;
    }
    if (by_key) {
        const cnn_py *found = object->kind == CNN_PY_DICT
                                  ? cnn_dict_find(object->items, index)
                                  : cnn_member_find(object->module, index->text);
        *out = found != NULL ? *found : cnn_py_none();
        return found != NULL || cnn_not_followed(p, node->span);
    }
    cnn_items *items;
    if (!cnn_sequence(p, node, object, &items)) {
        return false;
    }
    if (index->kind == CNN_PY_NAME) {
        return cnn_no_value(p, index);
    }
    if (!cnn_py_is_int(index)) {
        return cnn_not_followed(p, node->span);
    }
    const int64_t i = index->number < 0 ? index->number + items->count : index->number;
    if (i < 0 || i >= items->count) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_INDEX, node->span, index->number, items->count);
    }
    *out = items->at[i];
    return true;
}
