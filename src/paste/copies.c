/* Objects made without a class of the text: copies, namespaces, named tuples. */
#include "paste/flow.h"

/* ---- copies ---- */

static bool copy_value(cnn_paster *p, const cnn_py *value, cnn_py *out);

/* A copy shares no parameters with its module. What the module holds twice, the copy holds twice.
 */
static bool copy_module(cnn_paster *p, cnn_module *module, cnn_module **out)
{
    if (module->copied == p->copies) {
        *out = module->copy;
        return true;
    }
    cnn_module *copy = cnn_module_new(p, module->call);
    if (copy == NULL) {
        return false;
    }
    cnn_module *const next = copy->next;
    *copy = *module;
    copy->next = next;
    copy->members = NULL;
    copy->last = &copy->members;
    copy->name = (cnn_text){0};
    copy->uses = copy->first = copy->added = copy->flow = copy->uses_before = copy->visited = 0;
    copy->registered = false;
    module->copied = p->copies;
    module->copy = copy;
    for (const cnn_variable *v = module->members; v != NULL; v = v->next) {
        cnn_py value;
        if (!copy_value(p, &v->value, &value) || !cnn_member_set(p, copy, v->name, &value)) {
            return false;
        }
    }
    *out = copy;
    return true;
}

static bool copy_items(cnn_paster *p, const cnn_py *value, cnn_py *out)
{
    bool done = cnn_py_items(p, (cnn_py_kind)value->kind, 0, out);
    for (int32_t i = 0; done && i < value->items->count; i++) {
        cnn_py one;
        done = copy_value(p, &value->items->at[i], &one) && cnn_py_append(p, out->items, &one);
    }
    return done;
}

static bool copy_value(cnn_paster *p, const cnn_py *value, cnn_py *out)
{
    const bool holds = cnn_py_is_list(value) || value->kind == CNN_PY_DICT;
    cnn_module *module = cnn_module_within(value);
    *out = *value;
    if (module != NULL && module->container == CNN_CONTAINER_GRAPH) {
        return cnn_not_followed(p, value->origin); /* its layers belong to the network */
    }
    if (module == NULL && !holds) {
        return true;
    }
    if (++p->depth > CNN_PASTE_DEPTH) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_CALLS, value->origin, CNN_PASTE_CALLS, 0);
    }
    const bool done = holds ? copy_items(p, value, out) : copy_module(p, module, &module);
    if (module != NULL) {
        out->module = value->kind == CNN_PY_MODULE ? module : out->module;
        out->self = value->kind == CNN_PY_MODULE ? out->self : module;
    }
    p->depth--;
    return done;
}

/* copy.deepcopy(layer) */
static bool call_deepcopy(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    p->copies++;
    return args->count > 0 ? copy_value(p, &args->at[0].value, out)
                           : cnn_call_not_followed(p, args);
}

/* copy.copy(list) */
static bool call_copy(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    if (args->count < 1) {
        return cnn_call_not_followed(p, args);
    }
    const cnn_py *value = &args->at[0].value;
    const bool holds = value->kind == CNN_PY_LIST || value->kind == CNN_PY_DICT;
    *out = *value;
    return !holds || (cnn_py_items(p, (cnn_py_kind)value->kind, 0, out) &&
                      cnn_py_append_all(p, out->items, value->items));
}

/* ---- objects without a class ---- */

/* SimpleNamespace(a=1), EasyDict({"a": 1}): what it is given are its attributes. */
static bool call_namespace(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_module *module = cnn_module_new(p, args->call);
    cnn_py all;
    if (module == NULL || !cnn_dict_make(p, args, &all)) {
        return false;
    }
    for (int32_t i = 0; i < all.items->count; i += 2) {
        const cnn_py *name = &all.items->at[i];
        if (name->kind != CNN_PY_STRING) {
            return cnn_call_not_followed(p, args);
        }
        if (!cnn_member_set(p, module, name->text, name + 1)) {
            return false;
        }
    }
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
    return true;
}

/* A field of a named tuple, as if it were written "name: type" in a class. */
static cnn_py_node *field_named(cnn_paster *p, const cnn_arguments *args, cnn_text name)
{
    cnn_py_node *field = CNN_PASTE_NEW(p, cnn_py_node);
    cnn_py_node *target = field == NULL ? NULL : CNN_PASTE_NEW(p, cnn_py_node);
    if (target == NULL) {
        return NULL;
    }
    *target = (cnn_py_node){.kind = CNN_SYNTAX_NAME, .span = args->call->span, .text = name};
    *field = (cnn_py_node){.kind = CNN_SYNTAX_TYPED, .span = args->call->span, .a = target};
    return field;
}

/* namedtuple("Conv", ["kernel", "stride"]) and namedtuple("Conv", "kernel stride"): a class. */
static bool call_namedtuple(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    cnn_py_node *node = CNN_PASTE_NEW(p, cnn_py_node);
    cnn_class *type = node == NULL ? NULL : CNN_PASTE_NEW(p, cnn_class);
    const cnn_class **order = type == NULL ? NULL : cnn_paste_take(p, 1, sizeof(const cnn_class *));
    if (order == NULL) {
        return false;
    }
    if (args->count != 2 || args->at[0].value.kind != CNN_PY_STRING) {
        return cnn_call_not_followed(p, args);
    }
    *node = (cnn_py_node){
        .kind = CNN_SYNTAX_CLASS, .span = args->call->span, .text = args->at[0].value.text};
    cnn_py_node **last = &node->b;
    const cnn_py *names = &args->at[1].value;
    cnn_text rest = names->kind == CNN_PY_STRING ? names->text : (cnn_text){0};
    for (int32_t i = 0; rest.size > 0 || (cnn_py_is_list(names) && i < names->items->count); i++) {
        /* In a string the names have blanks or commas between them. */
        const cnn_text word = rest.size > 0
                                  ? cnn_text_trim(cnn_text_split(
                                        &rest, memchr(rest.data, ',', rest.size) ? ',' : ' '))
                                  : names->items->at[i].text;
        if (word.size > 0) {
            *last = field_named(p, args, word);
            if (*last == NULL) {
                return false;
            }
            last = &(*last)->next;
        }
    }
    order[0] = type;
    *type = (cnn_class){.node = node,
                        .order = order,
                        .order_count = 1,
                        .fields = true,
                        .tuple = true,
                        .used = true};
    *out = (cnn_py){.kind = CNN_PY_CLASS, .type = type, .text = node->text};
    return true;
}

static const cnn_py_row rows[] = {
    {.name = "deepcopy", .takes = "x memo", .call = call_deepcopy, .tensors = true},
    {.name = "copy", .takes = "x", .call = call_copy},
    {.name = "SimpleNamespace", .takes = "**", .call = call_namespace},
    {.name = "Namespace", .takes = "**", .call = call_namespace},
    {.name = "EasyDict", .takes = "d **", .call = call_namespace},
    {.name = "edict", .takes = "d **", .call = call_namespace},
    {.name = "namedtuple", .takes = "typename field_names", .call = call_namedtuple},
};

const cnn_py_rows cnn_object_rows = {rows, CNN_LENGTH(rows)};
