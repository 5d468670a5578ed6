/* Modules: making them, joining them to containers, applying them to tensors. */
#include "paste/flow.h"

cnn_module *cnn_module_new(cnn_paster *p, const cnn_py_node *call)
{
    cnn_module *module = CNN_PASTE_NEW(p, cnn_module);
    if (module != NULL) {
        module->call = call;
        module->last = &module->members;
        *p->last_module = module;
        p->last_module = &module->next;
    }
    return module;
}

bool cnn_module_is_layer(const cnn_py *value)
{
    if (value->kind != CNN_PY_MODULE) {
        return false;
    }
    const cnn_module *m = value->module;
    /* A class of the text without a foreign base, such as nn.Module, makes plain objects. */
    return m->row != NULL || m->container != CNN_CONTAINER_NONE ||
           (m->type != NULL && m->type->foreign.size > 0);
}

/* ---- containers ---- */

static bool unknown_child(cnn_paster *p, const cnn_module *module, const cnn_py *child)
{
    const bool named = child->kind == CNN_PY_OPAQUE || child->kind == CNN_PY_NAME;
    const cnn_span span = child->origin.end > 0 ? child->origin : cnn_module_span(module);
    if (child->kind == CNN_PY_FUNCTION) {
        const cnn_py_node *made = child->function->node;
        return cnn_paste_refuse(
            p, span, made->text.size > 0 ? made->text : cnn_text_part(p->text, made->span),
            "is a function, not a layer");
    }
    if (child->kind == CNN_PY_CLASS) {
        return cnn_paste_refuse(p, span, child->text,
                                "is a class, not a layer: parentheses are missing after it");
    }
    const cnn_text name =
        child->origin.end > 0 ? cnn_text_part(p->text, child->origin) : child->text;
    const bool library = cnn_library_model(name) || cnn_example_find(name) != NULL;
    const int32_t code = library ? CNN_E_PASTE_LIBRARY : CNN_E_PASTE_UNKNOWN;
    return named ? cnn_paste_fail(p, code, span, name, (cnn_text){0}) : cnn_not_followed(p, span);
}

bool cnn_module_append_as(cnn_paster *p, cnn_module *module, cnn_text name, const cnn_py *child)
{
    const bool input = child->kind == CNN_PY_TENSOR && p->framework == CNN_KERAS;
    int32_t axes;
    if (child->kind == CNN_PY_NAME && cnn_row_find(&cnn_torch_rows, child->text, &axes) != NULL) {
        return cnn_paste_refuse(p, child->origin, cnn_text_part(p->text, child->origin),
                                "is a class, not a layer: parentheses are missing after it");
    }
    /* ModuleList and ModuleDict may hold None for a part that is missing; Sequential cannot run
     * it. */
    const bool none = child->kind == CNN_PY_NONE && (module->container == CNN_CONTAINER_LIST ||
                                                     module->container == CNN_CONTAINER_DICT);
    if (!cnn_module_is_layer(child) && !input && !none) {
        return unknown_child(p, module, child);
    }
    module->count += cnn_member_find(module, name) == NULL;
    return cnn_member_set(p, module, name, child);
}

bool cnn_module_append(cnn_paster *p, cnn_module *module, const cnn_py *child)
{
    const cnn_text name = cnn_paste_digits(p, module->count);
    return name.size > 0 && cnn_module_append_as(p, module, name, child);
}

/* A dictionary gives the names; a list its elements. */
bool cnn_module_extend(cnn_paster *p, cnn_module *module, const cnn_py *value)
{
    if (value->kind == CNN_PY_DICT) {
        for (int32_t i = 0; i < value->items->count; i += 2) {
            if (!cnn_module_append_as(p, module, value->items->at[i].text,
                                      &value->items->at[i + 1])) {
                return false;
            }
        }
        return true;
    }
    /* A ModuleList takes the modules of another container, a Sequential the container itself. */
    const bool holds =
        value->kind == CNN_PY_MODULE && value->module->container != CNN_CONTAINER_NONE;
    cnn_py children;
    if (holds && module->container != CNN_CONTAINER_SEQUENTIAL) {
        return cnn_module_children(p, value->module, module->container == CNN_CONTAINER_DICT,
                                   &children) &&
               cnn_module_extend(p, module, &children);
    }
    if (!cnn_py_is_list(value)) {
        return cnn_module_append(p, module, value);
    }
    for (int32_t i = 0; i < value->items->count; i++) {
        const cnn_py *item = &value->items->at[i];
        /* nn.ModuleDict([["conv", layer], ...]) */
        const bool pair = module->container == CNN_CONTAINER_DICT && cnn_py_is_list(item) &&
                          item->items->count == 2;
        if (pair &&
            !cnn_module_append_as(p, module, item->items->at[0].text, &item->items->at[1])) {
            return false;
        }
        if (!pair && !cnn_module_append(p, module, item)) {
            return false;
        }
    }
    return true;
}

bool cnn_module_append_all(cnn_paster *p, cnn_module *module, const cnn_arguments *args)
{
    for (int32_t i = 0; i < args->count; i++) {
        if (cnn_word_is(args->at[i].name, "name")) {
            module->title = args->at[i].value.text;
        } else if (!cnn_module_extend(p, module, &args->at[i].value)) {
            return false;
        }
    }
    return true;
}

/* ---- methods ---- */

static bool names_of(cnn_paster *p, const cnn_module *module, cnn_py *out)
{
    bool done = cnn_py_items(p, CNN_PY_LIST, 0, out);
    for (const cnn_variable *v = module->members; done && v != NULL; v = v->next) {
        const cnn_py key = {.kind = CNN_PY_STRING, .text = v->name};
        done = cnn_py_append(p, out->items, &key);
    }
    return done;
}

static bool is_among(cnn_text name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (cnn_word_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* model.build((None, 32, 32, 3)) gives the size of the input, the batch first. */
static bool build_hint(cnn_paster *p, const cnn_arguments *args)
{
    const cnn_py *shape = args->count > 0 ? &args->at[0].value : NULL;
    if (shape != NULL && cnn_py_is_list(shape)) {
        p->hinted = *shape;
        p->hint = args->call->span;
    }
    return true;
}

/* Lightning: what __init__ takes, as attributes of self.hparams. */
static bool save_parameters(cnn_paster *p, cnn_module *m)
{
    cnn_module *all = cnn_module_new(p, m->call);
    for (const cnn_variable *v = p->frame->variables; all != NULL && v != NULL; v = v->next) {
        const bool self = v->value.kind == CNN_PY_MODULE && v->value.module == m;
        if (!self && !cnn_member_set(p, all, v->name, &v->value)) {
            return false;
        }
    }
    const cnn_py value = {.kind = CNN_PY_MODULE, .module = all};
    return all != NULL && cnn_member_set(p, m, cnn_text_of("hparams"), &value);
}

static bool module_method(cnn_paster *p, cnn_module *m, cnn_text name, cnn_arguments *args,
                          bool *found, cnn_py *out)
{
    *found = true;
    *out = cnn_py_none();
    if (args->count == 2 &&
        (cnn_word_is(name, "add_module") || cnn_word_is(name, "register_module"))) {
        return args->at[0].value.kind == CNN_PY_STRING
                   ? cnn_module_append_as(p, m, args->at[0].value.text, &args->at[1].value)
                   : cnn_not_followed(p, args->call->span);
    }
    if (cnn_word_is(name, "keys")) {
        return names_of(p, m, out);
    }
    const bool pairs = cnn_word_is(name, "named_children") || cnn_word_is(name, "items");
    if (pairs || cnn_word_is(name, "children") || cnn_word_is(name, "values")) {
        return cnn_module_children(p, m, pairs, out);
    }
    if (cnn_word_is(name, "modules") || cnn_word_is(name, "named_modules")) {
        return cnn_module_all(p, m, cnn_word_is(name, "named_modules"), out);
    }
    if (cnn_word_is(name, "save_hyperparameters")) {
        return save_parameters(p, m);
    }
    if (cnn_word_is(name, "build")) {
        return build_hint(p, args);
    }
    if (args->count == 2 && cnn_word_is(name, "register_parameter") &&
        args->at[0].value.kind == CNN_PY_STRING) {
        return cnn_member_set(p, m, args->at[0].value.text, &args->at[1].value);
    }
    if (cnn_word_is(name, "register_parameter")) {
        return cnn_paste_refuse(p, args->call->span, name, "of a module is not followed");
    }
    return cnn_container_method(p, m, name, args, found, out);
}

bool cnn_module_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       bool *found, cnn_py *out)
{
    /* `same` return their object, `idle` build nothing. */
    static const char *const same[] = {"to",           "cuda",  "cpu",    "float",          "half",
                                       "eval",         "train", "double", "requires_grad_", "apply",
                                       "share_memory", "type"};
    static const char *const idle[] = {
        "compile",          "fit",           "summary",      "evaluate",
        "predict",          "parameters",    "state_dict",   "load_state_dict",
        "load_weights",     "save",          "zero_grad",    "register_buffer",
        "named_parameters", "fit_generator", "save_weights", "count_params",
        "get_weights",      "set_weights"};
    cnn_module *m = object->module;
    *found = m->type != NULL && cnn_class_find(m->type, name) != NULL;
    if (*found || cnn_member_find(m, name) != NULL) {
        *found = false; /* the text's own method */
        return true;
    }
    if (cnn_word_is(name, "forward") || cnn_word_is(name, "__call__") ||
        cnn_word_is(name, "call")) {
        *found = true;
        return cnn_apply(p, m, args, out);
    }
    if (is_among(name, same, CNN_LENGTH(same))) {
        *found = true;
        *out = *object;
        return true;
    }
    if (is_among(name, idle, CNN_LENGTH(idle))) {
        *found = true;
        *out = cnn_py_opaque("result");
        return true;
    }
    return module_method(p, m, name, args, found, out);
}
