/* What values hold: elements of sequences, indices and slices, attributes. */
#include "paste/flow.h"

/* ---- sequences and indices ---- */

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

/* ---- attributes ---- */

/* PyTorch's convolutions keep their windows as tuples, whatever they were given. */
static bool as_tuple(cnn_paster *p, const cnn_module *m, cnn_text name, cnn_py *value)
{
    static const char *const sides[] = {"kernel_size", "stride", "padding", "dilation",
                                        "output_padding"};
    const cnn_text op = cnn_text_of(m->row != NULL && m->row->op != NULL ? m->row->op : "");
    bool side = false;
    for (size_t i = 0; i < CNN_LENGTH(sides); i++) {
        side = side || cnn_word_is(name, sides[i]);
    }
    if (!side || value->kind != CNN_PY_INT || p->framework != CNN_TORCH ||
        !(cnn_word_is(op, "conv") || cnn_word_is(op, "deconv"))) {
        return true;
    }
    const cnn_py one = *value;
    if (!cnn_py_items(p, CNN_PY_TUPLE, m->axes, value)) {
        return false;
    }
    for (int32_t i = 0; i < m->axes; i++) {
        value->items->at[value->items->count++] = one;
    }
    return true;
}

/* A method of a class, asked from it or from an object of it. */
static bool bind_class(cnn_paster *p, const cnn_class *type, cnn_py *method)
{
    cnn_closure *copy = CNN_PASTE_NEW(p, cnn_closure);
    if (copy == NULL) {
        return false;
    }
    *copy = *method->function;
    copy->bound = type;
    method->function = copy;
    return true;
}

static bool class_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_class *type,
                            cnn_py *out)
{
    const cnn_py *found = cnn_class_find(type, node->text);
    if (found == NULL && cnn_word_is(node->text, "__name__")) {
        *out = (cnn_py){.kind = CNN_PY_STRING, .text = type->node->text};
        return true;
    }
    *out = found != NULL ? *found : cnn_py_opaque("attribute");
    const bool bound = out->kind == CNN_PY_FUNCTION && out->function->node->op == CNN_CLASS_METHOD;
    return !bound || bind_class(p, type, out);
}

static bool dictionary_of(cnn_paster *p, const cnn_module *module, cnn_py *out)
{
    bool done = cnn_py_items(p, CNN_PY_DICT, 0, out);
    for (const cnn_variable *v = module->members; done && v != NULL; v = v->next) {
        const cnn_py key = {.kind = CNN_PY_STRING, .text = v->name};
        done = !cnn_module_is_layer(&v->value) ||
               (cnn_py_append(p, out->items, &key) && cnn_py_append(p, out->items, &v->value));
    }
    return done;
}

static bool module_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                             cnn_py *out)
{
    const cnn_module *module = object->module;
    const cnn_py *found = cnn_member_find(module, node->text);
    const bool own = found != NULL; /* a function that was stored is no method */
    if (found == NULL && module->type != NULL) {
        found = cnn_class_find(module->type, node->text);
    }
    if (found == NULL && module->row != NULL && module->args != NULL) {
        const cnn_py weights = {.kind = CNN_PY_OPAQUE,
                                .text = node->text,
                                .origin = node->span,
                                .self = (cnn_module *)module};
        int32_t ignored;
        found = cnn_arg_named(module, node->text);
        if (cnn_row_matches("weight|bias|running_mean|running_var", node->text, &ignored)) {
            const bool none = found != NULL && found->kind == CNN_PY_BOOL && found->number == 0;
            *out = none ? cnn_py_none() : weights;
            return true;
        }
        if (found != NULL) {
            *out = *found;
            return as_tuple(p, module, node->text, out);
        }
    }
    if (found != NULL) {
        *out = *found;
        const bool method = out->kind == CNN_PY_FUNCTION && !own;
        if (method && out->function->node->op == CNN_CLASS_METHOD) {
            return bind_class(p, module->type, out);
        }
        if (method && out->function->node->op == CNN_PROPERTY) {
            const cnn_arguments none = {.call = node};
            return cnn_call_function(p, found->function, object->module, &none, out);
        }
        if (method && out->function->node->op != CNN_STATIC_METHOD) {
            out->self = object->module;
        }
        return true;
    }
    if (cnn_word_is(node->text, "__class__")) {
        *out = module->type != NULL
                   ? (cnn_py){.kind = CNN_PY_CLASS, .type = module->type}
                   : (cnn_py){.kind = CNN_PY_NAME, .origin = cnn_module_span(module)};
        out->text = module->type != NULL ? module->type->node->text : cnn_module_kind(p, module);
        return true;
    }
    if (cnn_word_is(node->text, "_modules")) {
        return dictionary_of(p, module, out);
    }
    if (cnn_word_is(node->text, "training")) {
        *out = cnn_py_bool(false);
        return true;
    }
    if (module->container == CNN_CONTAINER_GRAPH && cnn_word_is(node->text, "output")) {
        *out = module->outputs;
        return true;
    }
    if (module->container == CNN_CONTAINER_GRAPH && cnn_word_is(node->text, "input")) {
        *out = module->inputs;
        return true;
    }
    *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
    return true;
}

static bool tensor_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                             cnn_py *out)
{
    if (cnn_word_is(node->text, "shape")) {
        return cnn_tensor_shape(p, object->tensor, out);
    }
    *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
    if (cnn_word_is(node->text, "data")) {
        *out = *object;
    } else if (cnn_word_is(node->text, "is_cuda") || cnn_word_is(node->text, "requires_grad")) {
        *out = cnn_py_bool(false);
    } else if (cnn_word_is(node->text, "ndim")) {
        *out = cnn_py_int(object->tensor->shape.axes + 2, node->span);
    }
    return true;
}

bool cnn_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, cnn_py *out)
{
    const cnn_py *found;
    switch (object->kind) {
    case CNN_PY_NAME:
        found = cnn_word_is(object->text, "self") ? cnn_frame_find(p->frame, node->text) : NULL;
        if (found != NULL) {
            *out = *found;
            return true;
        }
        if (cnn_word_is(node->text, "__name__")) { /* nn.ReLU.__name__ */
            *out = (cnn_py){.kind = CNN_PY_STRING, .text = object->text};
        } else if (!cnn_defined(p, cnn_text_part(p->text, node->span), out)) {
            *out = (cnn_py){.kind = CNN_PY_NAME, .text = node->text, .origin = node->span};
            if (cnn_word_is(object->text, "math") && cnn_word_is(node->text, "pi")) {
                *out =
                    (cnn_py){.kind = CNN_PY_FLOAT, .real = 3.141592653589793, .origin = node->span};
            }
        }
        return true;
    case CNN_PY_MODULE:
        return module_attribute(p, node, object, out);
    case CNN_PY_CLASS:
        return class_attribute(p, node, object->type, out);
    case CNN_PY_FUNCTION:
        *out = cnn_word_is(node->text, "__name__")
                   ? (cnn_py){.kind = CNN_PY_STRING, .text = object->function->node->text}
                   : cnn_py_opaque("attribute");
        return true;
    case CNN_PY_PARTIAL:
        *out = cnn_word_is(node->text, "func") ? object->items->at[0] : cnn_py_opaque("attribute");
        return true;
    case CNN_PY_TUPLE: /* torch.max(x, 1).values */
        *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
        if (cnn_word_is(node->text, "values") && object->items->count == 2) {
            *out = object->items->at[0];
        }
        return true;
    case CNN_PY_TENSOR:
        return tensor_attribute(p, node, object, out);
    case CNN_PY_SAMPLES:
        return cnn_samples_attribute(p, node, object, out);
    default:
        *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
        return true;
    }
}
