/* Objects of dataclasses and named tuples: what has a type in the class is an argument. */
#include "paste/flow.h"

/* field(default=3), field(default_factory=list) */
static bool field_default(cnn_paster *p, const cnn_py_node *call, cnn_py *out)
{
    cnn_arguments args, none = {.call = call};
    if (!cnn_arguments_read(p, call, &args)) {
        return false;
    }
    const cnn_py *value = cnn_argument_given(&args, "default", INT32_MAX);
    const cnn_py *factory = cnn_argument_given(&args, "default_factory", INT32_MAX);
    if (factory != NULL) {
        return cnn_call(p, factory, &none, out);
    }
    *out = value != NULL ? *value : cnn_py_none();
    return value != NULL || cnn_not_followed(p, call->span);
}

/* One field of a dataclass: by its place, by its name, or by its default. */
static bool set_field(cnn_paster *p, cnn_module *module, const cnn_class *type,
                      const cnn_py_node *field, const cnn_arguments *args, int32_t place)
{
    const cnn_text name = field->a->text;
    const cnn_py *found = NULL;
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        found = arg->name.size > 0 ? cnn_words_equal(arg->name, name) ? &arg->value : found
                : i == place       ? &arg->value
                                   : found;
    }
    cnn_py value = {.kind = CNN_PY_NAME, .text = name, .origin = field->a->span};
    if (found == NULL && field->kind == CNN_SYNTAX_ASSIGN) {
        const bool call =
            field->b->kind == CNN_SYNTAX_CALL && cnn_word_is(field->b->a->text, "field");
        found = cnn_class_find(type, name);
        if (call && !field_default(p, field->b, &value)) {
            return false;
        }
        found = call ? NULL : found;
    }
    return cnn_member_set(p, module, name, found != NULL ? found : &value);
}

static const cnn_py_node *next_field(const cnn_py_node *node)
{
    while (node != NULL &&
           !((node->kind == CNN_SYNTAX_TYPED || (node->kind == CNN_SYNTAX_ASSIGN && node->flag)) &&
             node->a->kind == CNN_SYNTAX_NAME)) {
        node = node->next;
    }
    return node;
}

/* The fields of a dataclass, those of its bases first. */
bool cnn_fields_set(cnn_paster *p, cnn_module *module, const cnn_arguments *args)
{
    const cnn_class *type = module->type;
    int32_t place = 0;
    for (int32_t i = type->order_count - 1; i >= 0; i--) {
        const cnn_py_node *field = next_field(type->order[i]->node->b);
        for (; field != NULL; field = next_field(field->next)) {
            /* A field that a base has, too, keeps the place that it has there. */
            if (cnn_member_find(module, field->a->text) != NULL) {
                continue;
            }
            if (!set_field(p, module, type, field, args, place++)) {
                return false;
            }
        }
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        if (arg->name.size > 0 ? cnn_member_find(module, arg->name) == NULL : i >= place) {
            return cnn_argument_refuse(p, args, arg, "is no argument of what is called here");
        }
    }
    const cnn_py *after = cnn_class_find(type, cnn_text_of("__post_init__"));
    const cnn_arguments none = {.call = args->call};
    cnn_py ignored;
    return after == NULL || after->kind != CNN_PY_FUNCTION ||
           cnn_call_function(p, after->function, module, &none, &ignored);
}
