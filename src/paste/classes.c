/* Classes of the text: how they are defined, in which order they are searched, and their objects.
 */
#include "paste/flow.h"

/* ---- the order of bases ---- */

bool cnn_class_has(const cnn_class *type, const cnn_class *base)
{
    for (int32_t i = 0; i < type->order_count; i++) {
        if (type->order[i] == base) {
            return true;
        }
    }
    return false;
}

/* What the classes that come after `after` in the order of `type` have. */
static const cnn_py *find_after(const cnn_class *type, const cnn_class *after, cnn_text name)
{
    bool found = after == NULL;
    for (int32_t i = 0; i < type->order_count; i++) {
        const cnn_variable *member =
            found ? cnn_variable_find(type->order[i]->members, name) : NULL;
        if (member != NULL) {
            return &member->value;
        }
        found = found || type->order[i] == after;
    }
    return NULL;
}

const cnn_py *cnn_class_find(const cnn_class *type, cnn_text name)
{
    return find_after(type, NULL, name);
}

/* A list of classes that are still to be put into the order. */
typedef struct queue {
    const cnn_class *const *at;
    int32_t count;
} queue;

/* A class is next when no list has it after its first place. */
static const cnn_class *next_of(const queue *lists, int32_t count)
{
    for (int32_t i = 0; i < count; i++) {
        const cnn_class *type = lists[i].count > 0 ? lists[i].at[0] : NULL;
        for (int32_t k = 0; type != NULL && k < count; k++) {
            for (int32_t n = 1; n < lists[k].count && type != NULL; n++) {
                type = lists[k].at[n] == type ? NULL : type;
            }
        }
        if (type != NULL) {
            return type;
        }
    }
    return NULL;
}

/* The class, then its bases as Python orders them (C3: a class before its bases, and bases as they
 * are written). */
static bool order_bases(cnn_paster *p, cnn_class *type, const cnn_class *const *bases,
                        int32_t count)
{
    queue *lists = cnn_paste_take(p, (size_t)count + 1, sizeof *lists);
    int64_t most = 1;
    for (int32_t i = 0; lists != NULL && i < count; i++) {
        lists[i] = (queue){bases[i]->order, bases[i]->order_count};
        most += bases[i]->order_count;
    }
    const cnn_class **order =
        lists == NULL ? NULL : cnn_paste_take(p, (size_t)most, sizeof(const cnn_class *));
    if (order == NULL) {
        return false;
    }
    lists[count] = (queue){bases, count};
    type->order = order;
    order[type->order_count++] = type;
    for (int64_t left = 1; left > 0;) {
        const cnn_class *next = next_of(lists, count + 1);
        left = 0;
        for (int32_t i = 0; i <= count; i++) {
            const bool first = lists[i].count > 0 && lists[i].at[0] == next;
            lists[i].at += first;
            lists[i].count -= first;
            left += lists[i].count;
        }
        if (next == NULL && left > 0) {
            return cnn_paste_refuse(p, type->node->span, type->node->text,
                                    "has bases that Python cannot put into an order");
        }
        if (next != NULL) {
            order[type->order_count++] = next;
        }
        if (!cnn_paste_step(p, most * (count + 1) / 16)) {
            return false;
        }
    }
    return true;
}

/* Bases that make no modules. */
static bool is_plain(cnn_text name)
{
    static const char *const names[] = {"object", "ABC", "Generic", "Protocol", "Enum", "IntEnum"};
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        if (cnn_word_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

/* The bases of the text are other classes; the others are known by their names. */
static bool find_bases(cnn_paster *p, cnn_class *type)
{
    int32_t count = 0;
    for (const cnn_py_node *base = type->node->a; base != NULL; base = base->next) {
        count++;
    }
    const cnn_class **bases = cnn_paste_take(p, (size_t)count + 1, sizeof(const cnn_class *));
    if (bases == NULL) {
        return false;
    }
    count = 0;
    for (const cnn_py_node *base = type->node->a; base != NULL; base = base->next) {
        cnn_py value;
        if (base->text.size > 0) {
            continue; /* metaclass=... */
        }
        if (!cnn_eval(p, base->a, &value)) {
            return false;
        }
        const bool known = value.kind == CNN_PY_CLASS;
        const cnn_py foreign = known ? value.type->foreign_base : value;
        if (type->foreign.size == 0 && !is_plain(foreign.text)) {
            type->foreign = foreign.text; /* B(A), A(nn.Module): B has A's foreign base, too */
            type->foreign_base = foreign;
        }
        if (known) {
            bases[count++] = value.type;
            ((cnn_class *)value.type)->used = true;
            type->fields = type->fields || value.type->fields;
        }
    }
    type->tuple = cnn_word_is(type->foreign, "NamedTuple");
    type->fields = type->fields || type->tuple || type->node->op == CNN_DATACLASS;
    if (type->tuple) {
        type->foreign = (cnn_text){0};
    }
    return order_bases(p, type, bases, count);
}

/* ---- definitions ---- */

/* Functions of the text that decorate; the others, such as torch.no_grad(), change nothing here.
 * The last one that is written comes first. */
static bool decorate(cnn_paster *p, const cnn_py_node *decorator, int32_t depth, cnn_py *value)
{
    cnn_py called;
    if (decorator == NULL) {
        return true;
    }
    if (depth == 0) {
        return cnn_not_followed(p, decorator->span);
    }
    if (!decorate(p, decorator->next, depth - 1, value) || !cnn_eval(p, decorator, &called)) {
        return false;
    }
    if (called.kind != CNN_PY_FUNCTION) {
        return true;
    }
    cnn_argument one = {.value = *value, .node = decorator};
    cnn_arguments args = {&one, 1, decorator};
    return cnn_call(p, &called, &args, value);
}

bool cnn_define_function(cnn_paster *p, const cnn_py_node *node)
{
    cnn_py value;
    if (node->op == CNN_SETTER) {
        return true; /* what is set is a member */
    }
    return cnn_function_make(p, node, &value) && decorate(p, node->d, CNN_MAX_NESTING, &value) &&
           cnn_frame_set(p, p->frame, node->text, &value);
}

bool cnn_define_class(cnn_paster *p, const cnn_py_node *node)
{
    cnn_class *type = CNN_PASTE_NEW(p, cnn_class);
    if (type == NULL) {
        return false;
    }
    type->node = node;
    type->next = p->classes;
    p->classes = type;
    if (!find_bases(p, type)) {
        return false;
    }
    cnn_frame *const inside = CNN_PASTE_NEW(p, cnn_frame); /* classes within it keep it */
    cnn_frame *const outside = p->frame;
    cnn_py ignored;
    if (inside == NULL) {
        return false;
    }
    *inside = (cnn_frame){.outer = outside, .type = type};
    p->frame = inside;
    const cnn_flow_end end = cnn_run(p, node->b, &ignored);
    p->frame = outside;
    /* As in Python, a method sees the names around its class, not those in it. */
    for (cnn_variable *v = inside->variables; v != NULL; v = v->next) {
        if (v->value.kind == CNN_PY_FUNCTION && v->value.function->frame == inside) {
            cnn_closure *method = (cnn_closure *)v->value.function;
            method->type = type;
            method->frame = outside;
        }
    }
    type->members = inside->variables;
    cnn_py value = {.kind = CNN_PY_CLASS, .type = type, .text = node->text};
    return end != CNN_FAILED && decorate(p, node->d, CNN_MAX_NESTING, &value) &&
           cnn_frame_set(p, p->frame, node->text, &value);
}

/* ---- objects ---- */

/* The initialiser of the base that is not of the text: a Sequential takes its layers, a layer such
 * as nn.Conv2d its arguments. */
bool cnn_foreign_init(cnn_paster *p, cnn_module *module, const cnn_arguments *args)
{
    const cnn_py *name = module->type != NULL ? &module->type->foreign_base : NULL;
    cnn_arguments copy = *args;
    cnn_py made;
    bool found;
    int32_t axes;
    if (module->container != CNN_CONTAINER_NONE) {
        return cnn_module_append_all(p, module, args);
    }
    const bool none = name != NULL && (name->text.size == 0 || cnn_word_is(name->text, "Module"));
    if (none && args->count > 0 && p->framework != CNN_KERAS) {
        return cnn_argument_refuse(p, args, &args->at[0], "is no argument of what is called here");
    }
    if (name == NULL || (cnn_row_find(&cnn_torch_rows, name->text, &axes) == NULL &&
                         cnn_row_find(&cnn_keras_rows, name->text, &axes) == NULL)) {
        return true;
    }
    if (!cnn_construct(p, name, &copy, &found, &made)) {
        return false;
    }
    if (found && made.kind == CNN_PY_MODULE) {
        module->row = made.module->row;
        module->kind = made.module->kind;
        module->axes = made.module->axes;
        module->args = made.module->args;
        module->places = made.module->places;
        module->given = made.module->given;
    }
    return true;
}

static const cnn_py *initialiser(const cnn_class *type)
{
    const cnn_py *found = cnn_class_find(type, cnn_text_of("__init__"));
    return found != NULL ? found : cnn_class_find(type, cnn_text_of("init"));
}

bool cnn_instantiate(cnn_paster *p, const cnn_class *type, const cnn_arguments *args, cnn_py *out)
{
    cnn_module *module = cnn_module_new(p, args->call);
    cnn_py ignored;
    if (module == NULL) {
        return false;
    }
    module->type = type;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
    for (const cnn_frame *f = p->frame; f != NULL; f = f->outer) {
        if (f->type != NULL && f->type != type) {
            ((cnn_class *)type)->used = true; /* by another class */
        }
    }
    module->container = cnn_container_named(type->foreign);
    const cnn_py *init = initialiser(type);
    if (init != NULL && init->kind == CNN_PY_FUNCTION) {
        return cnn_call_function(p, init->function, module, args, &ignored);
    }
    return type->fields ? cnn_fields_set(p, module, args) : cnn_foreign_init(p, module, args);
}

/* super().__init__(...), super().forward(x) */
bool cnn_call_super(cnn_paster *p, const cnn_py *super, cnn_text name, cnn_arguments *args,
                    cnn_py *out)
{
    cnn_module *self = super->self;
    const cnn_class *type = self != NULL && self->type != NULL ? self->type : super->type;
    const cnn_py *found = type == NULL ? NULL : find_after(type, super->type, name);
    *out = cnn_py_none();
    if (found != NULL && found->kind == CNN_PY_FUNCTION) {
        return cnn_call_function(p, found->function, self, args, out);
    }
    if (self != NULL && cnn_word_is(name, "__init__")) {
        return cnn_foreign_init(p, self, args);
    }
    if (self == NULL || !cnn_word_is(name, "forward") || args->count == 0) {
        return true;
    }
    if (self->row != NULL) {
        return cnn_apply_layer(p, self, &args->at[0].value, args->call, out);
    }
    if (self->container == CNN_CONTAINER_SEQUENTIAL) {
        cnn_py value = args->at[0].value;
        for (const cnn_variable *m = self->members; m != NULL; m = m->next) {
            if (m->value.kind == CNN_PY_MODULE &&
                !cnn_apply_one(p, m->value.module, &value, args->call, &value)) {
                return false;
            }
        }
        *out = value;
    }
    return true;
}
