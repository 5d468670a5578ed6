/* Functions of Python itself about objects that code of networks uses. */
#include "paste/flow.h"

static bool call_bool(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    bool truth = false;
    if (args->count > 0 && !cnn_py_truth(p, args->call, &args->at[0].value, &truth)) {
        return false;
    }
    *out = cnn_py_bool(truth);
    return true;
}

static bool call_super_object(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    (void)args;
    const cnn_frame *frame = p->frame;
    while (frame != NULL && frame->self == NULL) {
        frame = frame->outer;
    }
    *out = (cnn_py){.kind = CNN_PY_SUPER};
    if (frame != NULL) {
        out->type = frame->type;
        out->self = frame->self;
    }
    return true;
}

/* Classes of the text and the kinds of Python; of layers the framework's own name. */
static bool is_instance(cnn_paster *p, const cnn_py *value, const cnn_py *type)
{
    static const struct {
        const char *word;
        cnn_py_kind kind;
    } words[] = {{"int", CNN_PY_INT},   {"float", CNN_PY_FLOAT}, {"str", CNN_PY_STRING},
                 {"list", CNN_PY_LIST}, {"tuple", CNN_PY_TUPLE}, {"dict", CNN_PY_DICT},
                 {"bool", CNN_PY_BOOL}};
    if (type->kind == CNN_PY_TUPLE) {
        bool any = false;
        for (int32_t i = 0; i < type->items->count && !any; i++) {
            any = is_instance(p, value, &type->items->at[i]);
        }
        return any;
    }
    for (size_t i = 0; type->kind == CNN_PY_NAME && i < CNN_LENGTH(words); i++) {
        if (cnn_word_is(type->text, words[i].word)) {
            return value->kind == words[i].kind ||
                   (value->kind == CNN_PY_BOOL && words[i].kind == CNN_PY_INT);
        }
    }
    if (value->kind != CNN_PY_MODULE || type->kind != CNN_PY_CLASS) {
        return value->kind == CNN_PY_MODULE && type->kind == CNN_PY_NAME &&
               (cnn_words_equal(cnn_module_kind(p, value->module), type->text) ||
                cnn_word_is(type->text, "Module"));
    }
    const cnn_class *t = value->module->type;
    while (t != NULL && t != type->type) {
        t = t->base;
    }
    return t != NULL;
}

static bool call_isinstance(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count != 2) {
        return cnn_call_not_followed(p, args);
    }
    *out = cnn_py_bool(is_instance(p, &args->at[0].value, &args->at[1].value));
    return true;
}

/* functools.partial(nn.Conv2d, kernel_size=3) */
static bool call_partial(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count < 1) {
        return cnn_call_not_followed(p, args);
    }
    if (!cnn_py_items(p, CNN_PY_PARTIAL, 0, out)) {
        return false;
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_py name = {.kind = CNN_PY_STRING, .text = args->at[i].name};
        if ((i > 0 && !cnn_py_append(p, out->items, &name)) ||
            !cnn_py_append(p, out->items, &args->at[i].value)) {
            return false;
        }
    }
    return true;
}

/* Only to be compared with other names. */
static bool call_type(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    *out = cnn_py_opaque("type");
    if (value->kind == CNN_PY_MODULE && value->module->type != NULL) {
        *out = (cnn_py){.kind = CNN_PY_CLASS, .type = value->module->type};
    } else if (value->kind == CNN_PY_NAME || value->kind == CNN_PY_MODULE) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .origin = args->call->span};
        out->text =
            value->kind == CNN_PY_NAME ? cnn_text_of("type") : cnn_module_kind(p, value->module);
    } else if (value->kind == CNN_PY_PARTIAL) {
        *out = (cnn_py){.kind = CNN_PY_NAME, .text = cnn_text_of("partial")};
    }
    return true;
}

static bool call_getattr(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count < 2 || args->at[1].value.kind != CNN_PY_STRING) {
        return cnn_call_not_followed(p, args);
    }
    const cnn_py_node node = {.text = args->at[1].value.text, .span = args->call->span};
    return cnn_attribute(p, &node, &args->at[0].value, out);
}

/* What a class or its objects have; of a framework's own layers not all is known. */
static bool call_hasattr(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count != 2 || args->at[1].value.kind != CNN_PY_STRING) {
        return cnn_call_not_followed(p, args);
    }
    const cnn_py *object = &args->at[0].value;
    const cnn_text name = args->at[1].value.text;
    const cnn_module *m = object->kind == CNN_PY_MODULE ? object->module : NULL;
    bool found = object->kind == CNN_PY_CLASS && cnn_class_find(object->type, name) != NULL;
    found = found || (m != NULL && (cnn_member_find(m, name) != NULL ||
                                    (m->type != NULL && cnn_class_find(m->type, name) != NULL) ||
                                    (m->row != NULL && cnn_arg_named(m, name) != NULL)));
    const bool known = object->kind == CNN_PY_CLASS || (m != NULL && m->type != NULL);
    *out = found || known ? cnn_py_bool(found) : cnn_py_opaque("data");
    return true;
}

static bool call_setattr(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    *out = cnn_py_none();
    if (args->count != 3 || args->at[0].value.kind != CNN_PY_MODULE ||
        args->at[1].value.kind != CNN_PY_STRING) {
        return cnn_call_not_followed(p, args);
    }
    return cnn_member_set(p, args->at[0].value.module, args->at[1].value.text, &args->at[2].value);
}

static bool call_str(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    *out = (cnn_py){.kind = CNN_PY_STRING};
    if (value != NULL && !cnn_string_shown(p, value, &out->text)) {
        *out = cnn_py_opaque("text");
    }
    return p->err->code == CNN_OK;
}

static bool call_print(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    (void)p;
    (void)args;
    *out = cnn_py_opaque("nothing");
    return true;
}

bool cnn_builtin(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    static const struct {
        const char *name;
        cnn_py_function *call;
    } functions[] = {{"bool", call_bool},
                     {"hasattr", call_hasattr},
                     {"super", call_super_object},
                     {"isinstance", call_isinstance},
                     {"getattr", call_getattr},
                     {"setattr", call_setattr},
                     {"str", call_str},
                     {"partial", call_partial},
                     {"type", call_type},
                     {"print", call_print}};
    if (!cnn_arithmetic(p, name, args, found, out) ||
        (!*found && !cnn_sequences(p, name, args, found, out))) {
        return false;
    }
    if (*found) {
        return true;
    }
    const cnn_py *first = cnn_argument_at(args, 0);
    const bool tensor = first != NULL && first->kind == CNN_PY_TENSOR;
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (cnn_word_is(name, functions[i].name) &&
            (!tensor || functions[i].call == call_isinstance || functions[i].call == call_print ||
             functions[i].call == call_getattr)) {
            *found = true;
            return functions[i].call(p, args, out);
        }
    }
    *found = false;
    return true;
}
