/* Calls: functions and classes of the text, and whom else a call may concern. */
#include "paste/flow.h"

static bool add_argument(cnn_paster *p, cnn_arguments *args, int32_t *room, cnn_argument more)
{
    if (args->count == *room) {
        const int32_t next = *room < 8 ? 8 : 2 * *room;
        cnn_argument *at = cnn_paste_take(p, (size_t)next, sizeof *at);
        if (at == NULL) {
            return false;
        }
        if (args->count > 0) {
            memcpy(at, args->at, (size_t)args->count * sizeof *at);
        }
        args->at = at;
        *room = next;
    }
    args->at[args->count++] = more;
    return true;
}

/* *list and **dictionary */
static bool spread(cnn_paster *p, const cnn_py_node *node, const cnn_py *value, cnn_arguments *args,
                   int32_t *room)
{
    if (node->number == 2) {
        if (value->kind != CNN_PY_DICT) {
            return cnn_wants_list(p, value, node->a->span);
        }
        for (int32_t i = 0; i < value->items->count; i += 2) {
            const cnn_py *pair = &value->items->at[i];
            if (!add_argument(p, args, room, (cnn_argument){pair->text, pair[1], node->a})) {
                return false;
            }
        }
        return true;
    }
    cnn_items *items;
    if (!cnn_sequence(p, node->a, value, &items)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        if (!add_argument(p, args, room, (cnn_argument){{0}, items->at[i], node->a})) {
            return false;
        }
    }
    return true;
}

static bool read_arguments(cnn_paster *p, const cnn_py_node *call, cnn_arguments *args)
{
    int32_t room = 0;
    *args = (cnn_arguments){.call = call};
    for (const cnn_py_node *node = call->b; node != NULL; node = node->next) {
        cnn_py value;
        if (!cnn_eval(p, node->a, &value)) {
            return false;
        }
        const bool fine =
            node->flag || node->number == 2
                ? spread(p, node, &value, args, &room)
                : add_argument(p, args, &room, (cnn_argument){node->text, value, node->a});
        if (!fine) {
            return false;
        }
    }
    return true;
}

const cnn_py *cnn_class_find(const cnn_class *type, cnn_text name)
{
    for (; type != NULL; type = type->base) {
        const cnn_variable *found = cnn_variable_find(type->members, name);
        if (found != NULL) {
            return &found->value;
        }
    }
    return NULL;
}

bool cnn_arguments_listed(cnn_paster *p, const cnn_arguments *args, cnn_items *out)
{
    *out = (cnn_items){0};
    if (args->count == 1 && cnn_py_is_list(&args->at[0].value)) {
        *out = *args->at[0].value.items;
        return true;
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!cnn_py_append(p, out, &args->at[i].value)) {
            return false;
        }
    }
    return true;
}

/* ---- functions of the text ---- */

/* The positional and named arguments that a parameter is not there for. */
static bool bind_rest(cnn_paster *p, cnn_frame *frame, const cnn_py_node *parameter,
                      const cnn_arguments *args, int32_t from, uint64_t taken)
{
    cnn_py rest;
    const bool named = parameter->number == 2;
    if (!cnn_py_items(p, named ? CNN_PY_DICT : CNN_PY_TUPLE, 0, &rest)) {
        return false;
    }
    for (int32_t i = named ? 0 : from; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const cnn_py key = {.kind = CNN_PY_STRING, .text = arg->name};
        if ((arg->name.size > 0) != named || (i < 64 && (taken >> i & 1) != 0)) {
            continue;
        }
        if ((named && !cnn_py_append(p, rest.items, &key)) ||
            !cnn_py_append(p, rest.items, &arg->value)) {
            return false;
        }
    }
    return cnn_frame_set(p, frame, parameter->text, &rest);
}

static bool bind_one(cnn_paster *p, cnn_frame *frame, const cnn_py_node *parameter,
                     const cnn_arguments *args, int32_t *position, uint64_t *taken)
{
    cnn_py value;
    for (int32_t i = 0; i < args->count; i++) {
        if (args->at[i].name.size > 0 && cnn_words_equal(args->at[i].name, parameter->text)) {
            *taken |= i < 64 ? UINT64_C(1) << i : 0;
            return cnn_frame_set(p, frame, parameter->text, &args->at[i].value);
        }
    }
    if (*position < args->count && args->at[*position].name.size == 0) {
        return cnn_frame_set(p, frame, parameter->text, &args->at[(*position)++].value);
    }
    if (cnn_defined(p, parameter->text, &value)) {
        return cnn_frame_set(p, frame, parameter->text, &value);
    }
    if (parameter->a == NULL) {
        value = (cnn_py){.kind = CNN_PY_NAME, .text = parameter->text, .origin = parameter->span};
    } else if (!cnn_eval(p, parameter->a, &value)) {
        return false;
    }
    return cnn_frame_set(p, frame, parameter->text, &value);
}

static bool bind_parameters(cnn_paster *p, cnn_frame *frame, const cnn_closure *function,
                            cnn_module *self, const cnn_arguments *args)
{
    const cnn_py_node *parameter = function->node->a;
    int32_t position = 0;
    uint64_t taken = 0;
    if (self != NULL && parameter != NULL) {
        const cnn_py me = {.kind = CNN_PY_MODULE, .module = self};
        if (!cnn_frame_set(p, frame, parameter->text, &me)) {
            return false;
        }
        parameter = parameter->next;
    }
    for (; parameter != NULL; parameter = parameter->next) {
        const bool rest = parameter->number > 0;
        if (parameter->text.size == 0) {
            continue; /* a star that parts named parameters */
        }
        if (rest ? !bind_rest(p, frame, parameter, args, position, taken)
                 : !bind_one(p, frame, parameter, args, &position, &taken)) {
            return false;
        }
        position = rest && parameter->number == 1 ? args->count : position;
    }
    return true;
}

bool cnn_call_function(cnn_paster *p, const cnn_closure *function, cnn_module *self,
                       const cnn_arguments *args, cnn_py *out)
{
    if (++p->calls > CNN_PASTE_CALLS) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_CALLS, args->call->span, CNN_PASTE_CALLS, 0);
    }
    cnn_frame *frame = CNN_PASTE_NEW(p, cnn_frame);
    if (frame == NULL) {
        return false;
    }
    *frame = (cnn_frame){.outer = function->frame, .type = function->type, .self = self};
    cnn_frame *const caller = p->frame;
    p->frame = function->frame != NULL ? function->frame : &p->globals;
    bool done = bind_parameters(p, frame, function, self, args);
    p->frame = frame;
    *out = cnn_py_none();
    if (done) {
        done = cnn_run(p, function->node->b, out) != CNN_FAILED;
    }
    p->frame = caller;
    p->calls--;
    return done;
}

/* ---- classes of the text ---- */

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
    if (cnn_word_is(type->foreign, "Sequential")) {
        module->container = CNN_CONTAINER_SEQUENTIAL;
    }
    const cnn_py *init = initialiser(type);
    if (init == NULL || init->kind != CNN_PY_FUNCTION) {
        return module->container == CNN_CONTAINER_NONE || cnn_module_append_all(p, module, args);
    }
    return cnn_call_function(p, init->function, module, args, &ignored);
}

/* super().__init__(...), super().forward(x) */
static bool call_super(cnn_paster *p, const cnn_py *super, cnn_text name, cnn_arguments *args,
                       cnn_py *out)
{
    const cnn_py *found = super->type == NULL || super->type->base == NULL
                              ? NULL
                              : cnn_class_find(super->type->base, name);
    *out = cnn_py_none();
    if (found != NULL && found->kind == CNN_PY_FUNCTION) {
        return cnn_call_function(p, found->function, super->self, args, out);
    }
    cnn_module *self = super->self;
    if (self != NULL && self->container == CNN_CONTAINER_SEQUENTIAL &&
        cnn_word_is(name, "__init__")) {
        return cnn_module_append_all(p, self, args);
    }
    if (self != NULL && cnn_word_is(name, "forward") &&
        self->container == CNN_CONTAINER_SEQUENTIAL && args->count > 0) {
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

/* ---- names that the text does not define ---- */

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

static bool call_name(cnn_paster *p, const cnn_py *name, cnn_arguments *args, cnn_py *out)
{
    bool found;
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

/* The arguments that are kept go first; named ones give way to those of the call. */
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
        if (!given && !add_argument(p, &all, &room, (cnn_argument){name, kept->at[i + 1], NULL})) {
            return false;
        }
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (!add_argument(p, &all, &room, args->at[i])) {
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

bool cnn_call_node(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    cnn_py object, called;
    cnn_arguments args;
    if (node->a->kind != CNN_SYNTAX_ATTRIBUTE) {
        return cnn_eval(p, node->a, &called) && read_arguments(p, node, &args) &&
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
    if (!read_arguments(p, node, &args)) {
        return false;
    }
    if (object.kind == CNN_PY_SUPER) {
        return call_super(p, &object, node->a->text, &args, out);
    }
    if (!cnn_method(p, &object, node->a->text, &args, &found, out)) {
        return false;
    }
    return found ||
           (cnn_attribute(p, node->a, &object, &called) && cnn_call(p, &called, &args, out));
}
