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

/* super(), and super(Net, self) */
static bool call_super_object(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_frame *frame = p->frame;
    while (frame != NULL && frame->self == NULL) {
        frame = frame->outer;
    }
    *out = (cnn_py){.kind = CNN_PY_SUPER};
    if (frame != NULL) {
        out->type = frame->type;
        out->self = frame->self;
    }
    if (args->count == 2 && args->at[0].value.kind == CNN_PY_CLASS &&
        args->at[1].value.kind == CNN_PY_MODULE) {
        out->type = args->at[0].value.type;
        out->self = args->at[1].value.module;
    }
    return true;
}

typedef enum answer { NO, YES, NOT_KNOWN } answer;

/* Kinds of Python and of its abstract classes. */
static answer is_kind(const cnn_py *value, cnn_text name)
{
    enum {
        A_NUMBER = 1 << CNN_PY_INT | 1 << CNN_PY_FLOAT | 1 << CNN_PY_BOOL,
        A_LIST = 1 << CNN_PY_LIST | 1 << CNN_PY_TUPLE | 1 << CNN_PY_STRING,
        A_TENSOR = 1 << CNN_PY_TENSOR | 1 << CNN_PY_SAMPLES
    };
    static const struct {
        const char *word;
        uint32_t kinds;
    } words[] = {{"int", 1 << CNN_PY_INT | 1 << CNN_PY_BOOL},
                 {"float", 1 << CNN_PY_FLOAT},
                 {"str", 1 << CNN_PY_STRING},
                 {"list", 1 << CNN_PY_LIST},
                 {"List", 1 << CNN_PY_LIST},
                 {"tuple", 1 << CNN_PY_TUPLE},
                 {"Tuple", 1 << CNN_PY_TUPLE},
                 {"dict", 1 << CNN_PY_DICT},
                 {"Dict", 1 << CNN_PY_DICT},
                 {"Mapping", 1 << CNN_PY_DICT},
                 {"bool", 1 << CNN_PY_BOOL},
                 {"Number", A_NUMBER},
                 {"Integral", 1 << CNN_PY_INT | 1 << CNN_PY_BOOL},
                 {"Sequence", A_LIST},
                 {"Iterable", A_LIST | 1 << CNN_PY_DICT | A_TENSOR},
                 {"Tensor", A_TENSOR},
                 {"Callable", 1 << CNN_PY_FUNCTION | 1 << CNN_PY_CLASS | 1 << CNN_PY_MODULE |
                                  1 << CNN_PY_NAME | 1 << CNN_PY_PARTIAL},
                 {"type", 1 << CNN_PY_CLASS | 1 << CNN_PY_NAME},
                 {"partial", 1 << CNN_PY_PARTIAL}};
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_word_is(name, words[i].word)) {
            return (words[i].kinds >> value->kind & 1) != 0 ? YES : NO;
        }
    }
    return NOT_KNOWN;
}

/* Classes of PyTorch, also those that several layers share: _ConvNd. */
static answer is_layer_of(const cnn_py *value, const cnn_py *type)
{
    static const struct {
        const char *base, *layers;
    } bases[] = {{"_ConvNd", "Conv"},         {"_ConvTransposeNd", "ConvTranspose"},
                 {"_BatchNorm", "BatchNorm"}, {"_InstanceNorm", "InstanceNorm"},
                 {"_MaxPoolNd", "MaxPool"},   {"_AvgPoolNd", "AvgPool"},
                 {"_DropoutNd", "Dropout"},   {"_AdaptiveAvgPoolNd", "AdaptiveAvgPool"}};
    const bool module = cnn_module_is_layer(value);
    int32_t axes;
    if (cnn_word_is(type->text, "Module") || cnn_word_is(type->text, "Layer")) {
        return module ? YES : NO;
    }
    if (!module) {
        return cnn_row_find(&cnn_torch_rows, type->text, &axes) != NULL ||
                       cnn_row_find(&cnn_keras_rows, type->text, &axes) != NULL ||
                       cnn_container_named(type->text) != CNN_CONTAINER_NONE
                   ? NO
                   : NOT_KNOWN;
    }
    const cnn_module *m = value->module;
    const cnn_text kind = m->row != NULL ? m->kind : m->type != NULL ? m->type->foreign : m->kind;
    const cnn_container container = cnn_container_named(type->text);
    if (container != CNN_CONTAINER_NONE) {
        return m->container == container ? YES : NO;
    }
    for (size_t i = 0; i < CNN_LENGTH(bases); i++) {
        if (cnn_word_is(type->text, bases[i].base)) {
            return cnn_word_begins(kind, bases[i].layers) ? YES : NO;
        }
    }
    if (cnn_words_equal(kind, type->text)) {
        return YES;
    }
    return cnn_row_find(&cnn_torch_rows, type->text, &axes) != NULL ||
                   cnn_row_find(&cnn_keras_rows, type->text, &axes) != NULL
               ? NO
               : NOT_KNOWN;
}

/* A class or a function of a framework, as it is passed to code that makes layers of it: nn.ReLU. A
 * name without a value is none of them. */
static bool is_of_framework(const cnn_paster *p, const cnn_py *value)
{
    static const char *const modules[] = {"torch", "nn", "F", "np", "math", "keras", "layers"};
    cnn_text whole = cnn_text_part(p->text, value->origin);
    const cnn_text first = cnn_text_split(&whole, '.');
    int32_t axes;
    for (size_t i = 0; i < CNN_LENGTH(modules); i++) {
        if (cnn_word_is(first, modules[i])) {
            return true;
        }
    }
    return cnn_row_find(&cnn_torch_rows, value->text, &axes) != NULL ||
           cnn_row_find(&cnn_keras_rows, value->text, &axes) != NULL ||
           cnn_container_named(value->text) != CNN_CONTAINER_NONE;
}

/* One type: a class of the text, a kind of Python, a class of the framework. */
static answer is_of(const cnn_paster *p, const cnn_py *value, const cnn_py *type)
{
    const bool name = value->kind == CNN_PY_NAME && is_of_framework(p, value);
    if (value->kind == CNN_PY_OPAQUE || (value->kind == CNN_PY_NAME && !name)) {
        return NOT_KNOWN;
    }
    if (type->kind == CNN_PY_CLASS) {
        return value->kind == CNN_PY_MODULE && value->module->type != NULL &&
                       cnn_class_has(value->module->type, type->type)
                   ? YES
                   : NO;
    }
    if (type->kind == CNN_PY_NONE ||
        (type->kind == CNN_PY_NAME && cnn_word_is(type->text, "NoneType"))) {
        return value->kind == CNN_PY_NONE ? YES : NO;
    }
    if (type->kind != CNN_PY_NAME) {
        return NOT_KNOWN;
    }
    if (cnn_word_is(type->text, "object")) {
        return YES;
    }
    const answer kind = value->kind == CNN_PY_BATCH && cnn_word_is(type->text, "int")
                            ? YES
                            : is_kind(value, type->text);
    return kind != NOT_KNOWN ? kind : is_layer_of(value, type);
}

/* One of several types, which may be in tuples; *unknown: a type that nothing is known of. */
static answer is_instance(const cnn_paster *p, const cnn_py *value, const cnn_py *type,
                          int32_t depth, const cnn_py **unknown)
{
    if (type->kind != CNN_PY_TUPLE || depth == 0) {
        const answer one = is_of(p, value, type);
        *unknown = one == NOT_KNOWN ? type : *unknown;
        return one;
    }
    answer any = NO;
    for (int32_t i = 0; i < type->items->count && any != YES; i++) {
        const answer one = is_instance(p, value, &type->items->at[i], depth - 1, unknown);
        any = one != NO ? one : any;
    }
    return any;
}

/* What is not known is the type itself: where it decides, the error names it. */
static bool call_isinstance(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count != 2) {
        return cnn_call_not_followed(p, args);
    }
    const cnn_py *value = &args->at[0].value, *unknown = NULL;
    const answer found = is_instance(p, value, &args->at[1].value, CNN_MAX_NESTING, &unknown);
    if (found == NOT_KNOWN) {
        const bool open = value->kind == CNN_PY_OPAQUE ||
                          (value->kind == CNN_PY_NAME && !is_of_framework(p, value));
        *out = open ? *value : *unknown;
        return true;
    }
    *out = cnn_py_bool(found == YES);
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

/* The name of what Python makes of it; an empty one: it is not known. */
static cnn_text type_name(const cnn_paster *p, const cnn_py *value)
{
    static const char *const names[] = {
        [CNN_PY_NONE] = "NoneType",     [CNN_PY_BOOL] = "bool",       [CNN_PY_INT] = "int",
        [CNN_PY_FLOAT] = "float",       [CNN_PY_STRING] = "str",      [CNN_PY_LIST] = "list",
        [CNN_PY_TUPLE] = "tuple",       [CNN_PY_DICT] = "dict",       [CNN_PY_BATCH] = "int",
        [CNN_PY_TENSOR] = "Tensor",     [CNN_PY_SAMPLES] = "Tensor",  [CNN_PY_CLASS] = "type",
        [CNN_PY_FUNCTION] = "function", [CNN_PY_PARTIAL] = "partial", [CNN_PY_NAME] = "type"};
    const char *name = value->kind < CNN_LENGTH(names) ? names[value->kind] : NULL;
    return value->kind == CNN_PY_MODULE ? cnn_module_kind(p, value->module)
           : name != NULL               ? cnn_text_of(name)
                                        : (cnn_text){0};
}

/* type(x): to be compared with other types, or called. */
static bool call_type(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *value = cnn_argument_at(args, 0);
    if (value == NULL) {
        return cnn_call_not_followed(p, args);
    }
    if (value->kind == CNN_PY_MODULE && value->module->type != NULL) {
        const cnn_class *type = value->module->type;
        *out = (cnn_py){.kind = CNN_PY_CLASS, .type = type, .text = type->node->text};
        return true;
    }
    *out = (cnn_py){.kind = CNN_PY_NAME, .text = type_name(p, value), .origin = args->call->span};
    *out = out->text.size > 0 ? *out : cnn_py_opaque("type");
    return true;
}

/* What a class or its objects have; of a framework's own layers, and of what is not followed, not
 * all is known. */
static answer has(const cnn_py *object, cnn_text name)
{
    const cnn_module *m = object->kind == CNN_PY_MODULE ? object->module : NULL;
    const cnn_class *type = object->kind == CNN_PY_CLASS ? object->type
                            : m != NULL                  ? m->type
                                                         : NULL;
    if ((type != NULL && cnn_class_find(type, name) != NULL) ||
        (m != NULL && (cnn_member_find(m, name) != NULL ||
                       (m->row != NULL && cnn_arg_named(m, name) != NULL)))) {
        return YES;
    }
    const bool plain = m != NULL && m->row == NULL && m->container == CNN_CONTAINER_NONE;
    const bool value = cnn_py_is_int(object) || object->kind == CNN_PY_FLOAT ||
                       object->kind == CNN_PY_NONE || object->kind == CNN_PY_STRING ||
                       cnn_py_is_list(object) || object->kind == CNN_PY_DICT;
    if (value || type != NULL || plain) {
        const bool builds = cnn_word_is(name, "training") || cnn_word_is(name, "__name__") ||
                            cnn_word_is(name, "__len__") || cnn_word_is(name, "__iter__");
        return builds ? NOT_KNOWN : NO;
    }
    return NOT_KNOWN;
}

static bool call_getattr(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count < 2 || args->at[1].value.kind != CNN_PY_STRING) {
        return cnn_call_not_followed(p, args);
    }
    const cnn_py *object = &args->at[0].value, *none = cnn_argument_at(args, 2);
    const cnn_text name = args->at[1].value.text;
    const cnn_py_node node = {.text = name, .span = args->call->span};
    if (none != NULL && has(object, name) == NO) {
        *out = *none;
        return true;
    }
    /* nn or torch: the name of what the framework has, as if it were written with a dot. */
    return cnn_attribute(p, &node, object, out);
}

static bool call_hasattr(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count != 2 || args->at[1].value.kind != CNN_PY_STRING) {
        return cnn_call_not_followed(p, args);
    }
    const answer found = has(&args->at[0].value, args->at[1].value.text);
    *out = found == NOT_KNOWN ? cnn_py_opaque("data") : cnn_py_bool(found == YES);
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

static const cnn_py_row rows[] = {
    {.name = "bool", .takes = "x", .call = call_bool},
    {.name = "hasattr", .takes = "obj name", .call = call_hasattr},
    {.name = "super", .takes = "type obj", .call = call_super_object},
    {.name = "isinstance", .takes = "obj types", .call = call_isinstance, .tensors = true},
    {.name = "getattr", .takes = "obj name default", .call = call_getattr, .tensors = true},
    {.name = "setattr", .takes = "obj name value", .call = call_setattr},
    {.name = "str", .takes = "object", .call = call_str},
    {.name = "partial", .takes = "* **", .call = call_partial},
    {.name = "type", .takes = "object", .call = call_type, .tensors = true},
    {.name = "print", .takes = "* **", .call = call_print, .tensors = true},
};

bool cnn_builtin(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    const cnn_py_rows all[] = {{rows, CNN_LENGTH(rows)}, cnn_arithmetic_rows, cnn_mathematics_rows,
                               cnn_sequence_rows,        cnn_iteration_rows,  cnn_object_rows};
    const cnn_py *first = cnn_argument_at(args, 0);
    const bool tensor =
        first != NULL && (first->kind == CNN_PY_TENSOR || cnn_py_parameter(first) != NULL);
    const bool data = first != NULL && first->kind == CNN_PY_OPAQUE;
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(all); i++) {
        for (size_t k = 0; k < all[i].count; k++) {
            const cnn_py_row *row = &all[i].rows[k];
            if (!cnn_word_is(name, row->name) || (tensor && !row->tensors)) {
                continue;
            }
            *found = true;
            if (data && row->hands_on) {
                *out = *first;
                return true;
            }
            return cnn_arguments_check(p, args, row->takes) && row->call(p, args, out);
        }
    }
    return true;
}
