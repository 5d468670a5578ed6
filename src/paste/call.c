/* Calls: what is called, and whom else a call may concern. */
#include "paste/flow.h"

/* Whether a value of that kind is among the arguments, or in a list among them. */
static bool concerns(const cnn_arguments *args, cnn_py_kind kind)
{
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_py *value = &args->at[i].value;
        if (value->kind == kind) {
            return true;
        }
        const bool several = cnn_py_is_list(value);
        for (int32_t k = 0; several && k < value->items->count; k++) {
            if (value->items->at[k].kind == kind) {
                return true;
            }
        }
    }
    return false;
}

/* Whether a name looks like a class of layers: MyBlock, but not transforms.Resize. */
static bool like_class(const cnn_paster *p, const cnn_py *name)
{
    static const char *const harmless[] = {"transforms", "T",      "optim",      "datasets",
                                           "utils.data", "losses", "optimizers", "callbacks",
                                           "metrics",    "np",     "plt",        "data"};
    const cnn_text all = cnn_text_part(p->text, name->origin);
    for (size_t i = 0; i < CNN_LENGTH(harmless); i++) {
        const size_t size = strlen(harmless[i]);
        for (size_t at = 0; at + size < all.size; at++) {
            if ((at == 0 || all.data[at - 1] == '.') && all.data[at + size] == '.' &&
                memcmp(all.data + at, harmless[i], size) == 0) {
                return false;
            }
        }
    }
    return name->text.size > 0 && name->text.data[0] >= 'A' && name->text.data[0] <= 'Z';
}

bool cnn_library_model(cnn_text name)
{
    static const char *const from[] = {"models.", "applications.", "timm.", "hub."};
    for (size_t i = 0; i < CNN_LENGTH(from); i++) {
        const size_t size = strlen(from[i]);
        for (size_t at = 0; at + size < name.size; at++) {
            const bool word = at == 0 || name.data[at - 1] == '.';
            if (word && memcmp(name.data + at, from[i], size) == 0) {
                return true;
            }
        }
    }
    return false;
}

/* nn.Sequential.__init__(self, ...) of a class that is derived from it. */
static bool is_initialiser(const cnn_py *name, const cnn_arguments *args)
{
    return cnn_word_is(name->text, "__init__") && args->count > 0 &&
           args->at[0].value.kind == CNN_PY_MODULE;
}

static bool call_name(cnn_paster *p, const cnn_py *name, cnn_arguments *args, cnn_py *out)
{
    bool found;
    if (name->number == CNN_BOUND && args->count > 0) { /* key=cfg.get */
        cnn_arguments rest = {args->at + 1, args->count - 1, args->call};
        return cnn_method(p, &args->at[0].value, name->text, &rest, &found, out);
    }
    if (is_initialiser(name, args)) {
        const cnn_arguments rest = {args->at + 1, args->count - 1, args->call};
        *out = cnn_py_none();
        return cnn_foreign_init(p, args->at[0].value.module, &rest);
    }
    if (!cnn_builtin(p, name->text, args, &found, out)) {
        return false;
    }
    if (!found && !cnn_construct(p, name, args, &found, out)) {
        return false;
    }
    if (!found && !cnn_tensor_function(p, name, args, &found, out)) {
        return false;
    }
    if (found) {
        return true;
    }
    if (concerns(args, CNN_PY_TENSOR)) {
        return cnn_paste_fail(p, CNN_E_PASTE_UNKNOWN, name->origin,
                              cnn_text_part(p->text, name->origin), (cnn_text){0});
    }
    *out = (cnn_py){.kind = CNN_PY_OPAQUE,
                    .text = cnn_text_part(p->text, name->origin),
                    .origin = name->origin,
                    .number = like_class(p, name)};
    if (cnn_library_model(out->text)) {
        p->library = *out;
    }
    return true;
}

/* The kept positional arguments go before those of the call; kept named ones give way to them. */
static bool call_partial(cnn_paster *p, const cnn_items *kept, const cnn_arguments *args,
                         cnn_py *out)
{
    cnn_arguments all = {.call = args->call};
    int32_t room = 0;
    for (int32_t i = 1; i + 1 < kept->count; i += 2) {
        const cnn_text name = kept->at[i].text;
        bool given = false;
        for (int32_t k = 0; k < args->count && name.size > 0; k++) {
            given |= args->at[k].name.size > 0 && cnn_words_equal(args->at[k].name, name);
        }
        if (!given &&
            !cnn_argument_add(p, &all, &room, (cnn_argument){name, kept->at[i + 1], NULL})) {
            return false;
        }
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_argument_add(p, &all, &room, args->at[i])) {
            return false;
        }
    }
    return cnn_call(p, &kept->at[0], &all, out);
}

bool cnn_call(cnn_paster *p, const cnn_py *called, cnn_arguments *args, cnn_py *out)
{
    switch (called->kind) {
    case CNN_PY_PARTIAL:
        return call_partial(p, called->items, args, out);
    case CNN_PY_FUNCTION:
        return cnn_call_function(p, called->function, called->self, args, out);
    case CNN_PY_CLASS:
        return cnn_instantiate(p, called->type, args, out);
    case CNN_PY_MODULE:
        return cnn_apply(p, called->module, args, out);
    case CNN_PY_NAME:
        return call_name(p, called, args, out);
    case CNN_PY_OPAQUE:
        if (concerns(args, CNN_PY_TENSOR)) {
            return cnn_paste_fail(
                p, cnn_library_model(called->text) ? CNN_E_PASTE_LIBRARY : CNN_E_PASTE_UNKNOWN,
                called->origin.end > 0 ? called->origin : args->call->span, called->text,
                (cnn_text){0});
        }
        *out = *called;
        return true;
    default:
        return cnn_paste_fail(p, CNN_E_PASTE_NOT_FOLLOWED, args->call->span,
                              cnn_text_part(p->text, args->call->a->span), (cnn_text){0});
    }
}

/* y.extend(f(y[-1]) for f in fs): each value is in the list before the next one is computed. */
static bool extends_step_by_step(const cnn_py_node *call, const cnn_py *object)
{
    const cnn_py_node *args = call->b;
    return object->kind == CNN_PY_LIST && cnn_word_is(call->a->text, "extend") && args != NULL &&
           args->next == NULL && args->a->kind == CNN_SYNTAX_EACH && !args->a->flag;
}

/* self.__dict__.update(values) */
static bool sets_members(const cnn_py_node *call)
{
    const cnn_py_node *of = call->a->a;
    return cnn_word_is(call->a->text, "update") && of->kind == CNN_SYNTAX_ATTRIBUTE &&
           cnn_word_is(of->text, "__dict__");
}

static bool set_members(cnn_paster *p, const cnn_py_node *call, cnn_arguments *args, cnn_py *out)
{
    cnn_py object, all;
    *out = cnn_py_none();
    if (!cnn_eval(p, call->a->a->a, &object) || !cnn_dict_make(p, args, &all)) {
        return false;
    }
    for (int32_t i = 0; i < all.items->count; i += 2) {
        const cnn_py *name = &all.items->at[i];
        if (object.kind != CNN_PY_MODULE || name->kind != CNN_PY_STRING) {
            return cnn_not_followed(p, call->span);
        }
        if (!cnn_member_set(p, object.module, name->text, name + 1)) {
            return false;
        }
    }
    return true;
}

bool cnn_call_node(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    cnn_py object, called;
    cnn_arguments args;
    if (node->a->kind != CNN_SYNTAX_ATTRIBUTE) {
        return cnn_eval(p, node->a, &called) && cnn_arguments_read(p, node, &args) &&
               cnn_call(p, &called, &args, out);
    }
    bool found = false;
    if (!cnn_eval(p, node->a->a, &object)) {
        return false;
    }
    if (extends_step_by_step(node, &object)) {
        bool opaque;
        *out = cnn_py_none();
        return cnn_eval_each(p, node->b->a, object.items, &opaque) &&
               (!opaque || cnn_not_followed(p, node->span));
    }
    if (!cnn_arguments_read(p, node, &args)) {
        return false;
    }
    if (sets_members(node)) {
        return set_members(p, node, &args, out);
    }
    if (object.kind == CNN_PY_SUPER) {
        return cnn_call_super(p, &object, node->a->text, &args, out);
    }
    if (!cnn_method(p, &object, node->a->text, &args, &found, out)) {
        return false;
    }
    return found ||
           (cnn_attribute(p, node->a, &object, &called) && cnn_call(p, &called, &args, out));
}
