/* Attributes of the values of Python: what objects, classes and layers have. */
#include "paste/flow.h"

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

/* cfg.get, layers.append: to be called with the object as its first argument. */
static bool bound_method(cnn_paster *p, const cnn_py_node *node, const cnn_py *object, cnn_py *out)
{
    static const char *const names[] = {"get",    "append",     "extend",  "index",
                                        "count",  "join",       "lower",   "upper",
                                        "format", "startswith", "endswith"};
    const cnn_py parts[] = {
        {.kind = CNN_PY_NAME, .text = node->text, .origin = node->span, .number = CNN_BOUND},
        {.kind = CNN_PY_STRING},
        *object};
    bool known = false;
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        known = known || cnn_word_is(node->text, names[i]);
    }
    *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
    if (!known) {
        return true;
    }
    bool done = cnn_py_items(p, CNN_PY_PARTIAL, 0, out);
    for (size_t i = 0; done && i < CNN_LENGTH(parts); i++) {
        done = cnn_py_append(p, out->items, &parts[i]);
    }
    return done;
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
    case CNN_PY_LIST:
    case CNN_PY_DICT:
    case CNN_PY_STRING:
        return bound_method(p, node, object, out);
    default:
        *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
        return true;
    }
}
