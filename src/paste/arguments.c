/* Arguments of calls: read, checked, and bound to the parameters of functions. */
#include "paste/flow.h"

/* ---- reading ---- */

bool cnn_argument_add(cnn_paster *p, cnn_arguments *args, int32_t *room, cnn_argument more)
{
    int32_t at = args->count;
    if (args->count == *room) {
        const int32_t next = *room < 8 ? 8 : 2 * *room;
        cnn_argument *larger = cnn_paste_take(p, (size_t)next, sizeof *larger);
        if (larger == NULL) {
            return false;
        }
        if (args->count > 0) {
            memcpy(larger, args->at, (size_t)args->count * sizeof *larger);
        }
        args->at = larger;
        *room = next;
    }
    while (more.name.size == 0 && at > 0 && args->at[at - 1].name.size > 0) {
        at--;
    }
    memmove(&args->at[at + 1], &args->at[at], (size_t)(args->count - at) * sizeof *args->at);
    args->at[at] = more;
    args->count++;
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
            if (!cnn_argument_add(p, args, room, (cnn_argument){pair->text, pair[1], node->a})) {
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
        if (!cnn_argument_add(p, args, room, (cnn_argument){{0}, items->at[i], node->a})) {
            return false;
        }
    }
    return true;
}

bool cnn_arguments_read(cnn_paster *p, const cnn_py_node *call, cnn_arguments *args)
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
                : cnn_argument_add(p, args, &room, (cnn_argument){node->text, value, node->a});
        if (!fine) {
            return false;
        }
    }
    return true;
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

const cnn_argument *cnn_argument_find(const cnn_arguments *args, const char *name, int32_t position)
{
    int32_t at = 0;
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        /* Only arguments without a name have a position. */
        if (arg->name.size > 0 ? cnn_word_is(arg->name, name) : at++ == position) {
            return arg;
        }
    }
    return NULL;
}

const cnn_py *cnn_argument_given(const cnn_arguments *args, const char *name, int32_t position)
{
    const cnn_argument *found = cnn_argument_find(args, name, position);
    return found != NULL ? &found->value : NULL;
}

bool cnn_arguments_check(cnn_paster *p, const cnn_arguments *args, const char *takes)
{
    int32_t places = 0;
    bool by_place = true, names = false;
    for (cnn_text rest = cnn_text_of(takes); rest.size > 0;) {
        const cnn_text word = cnn_text_split(&rest, ' ');
        names |= cnn_word_is(word, "**");
        by_place &= !cnn_word_is(word, "-") && !cnn_word_is(word, "*");
        places = cnn_word_is(word, "*") ? INT32_MAX : by_place ? places + 1 : places;
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const bool named = arg->name.size > 0;
        if (named ? names || cnn_text_among(arg->name, takes) : i < places) {
            continue;
        }
        return cnn_argument_refuse(p, args, arg, "is an argument that is not followed here");
    }
    return true;
}

/* ---- binding ---- */

bool cnn_argument_refuse(cnn_paster *p, const cnn_arguments *args, const cnn_argument *arg,
                         const char *why)
{
    const cnn_span span = arg->node != NULL ? arg->node->span : args->call->span;
    return cnn_paste_refuse(p, span, arg->name.size > 0 ? arg->name : cnn_text_part(p->text, span),
                            why);
}

/* What no parameter has taken: the positional arguments or, for two stars, the named ones. */
static bool bind_rest(cnn_paster *p, cnn_frame *frame, const cnn_py_node *parameter,
                      const cnn_arguments *args, bool *taken)
{
    cnn_py rest;
    const bool named = parameter->number == 2;
    if (!cnn_py_items(p, named ? CNN_PY_DICT : CNN_PY_TUPLE, 0, &rest)) {
        return false;
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const cnn_py key = {.kind = CNN_PY_STRING, .text = arg->name};
        if ((arg->name.size > 0) != named || taken[i]) {
            continue;
        }
        taken[i] = true;
        if ((named && !cnn_py_append(p, rest.items, &key)) ||
            !cnn_py_append(p, rest.items, &arg->value)) {
            return false;
        }
    }
    return cnn_frame_set(p, frame, parameter->text, &rest);
}

/* A parameter by its place, else by its name, else by -D or its default. */
static bool bind_one(cnn_paster *p, cnn_frame *frame, const cnn_py_node *parameter,
                     const cnn_py *standard, const cnn_arguments *args, int32_t *position,
                     bool *taken)
{
    cnn_py value;
    const cnn_argument *found = NULL;
    if (*position < args->count && args->at[*position].name.size == 0) {
        taken[*position] = true;
        found = &args->at[(*position)++];
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        if (arg->name.size == 0 || !cnn_words_equal(arg->name, parameter->text)) {
            continue;
        }
        if (found != NULL) {
            return cnn_argument_refuse(p, args, arg, "is given twice in this call");
        }
        taken[i] = true;
        found = arg;
    }
    if (found != NULL) {
        return cnn_frame_set(p, frame, parameter->text, &found->value);
    }
    if (cnn_defined(p, parameter->text, &value)) {
        return cnn_frame_set(p, frame, parameter->text, &value);
    }
    if (parameter->a == NULL) {
        value = (cnn_py){.kind = CNN_PY_NAME, .text = parameter->text, .origin = parameter->span};
        standard = &value;
    }
    return cnn_frame_set(p, frame, parameter->text, standard);
}

/* Keras calls a model with training= and mask= whether its call() takes them or not. */
static bool check_taken(cnn_paster *p, const cnn_arguments *args, const bool *taken)
{
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const bool keras = p->framework == CNN_KERAS && arg->name.size > 0;
        if (!taken[i] && !keras) {
            return cnn_argument_refuse(p, args, arg, "is no argument of what is called here");
        }
    }
    return true;
}

/* f(*args) called on an object: it is the first of them. */
static bool put_first(cnn_paster *p, const cnn_py *first, const cnn_arguments *args,
                      cnn_arguments *out)
{
    int32_t room = 0;
    *out = (cnn_arguments){.call = args->call};
    bool done = cnn_argument_add(p, out, &room, (cnn_argument){.value = *first});
    for (int32_t i = 0; done && i < args->count; i++) {
        done = cnn_argument_add(p, out, &room, args->at[i]);
    }
    return done;
}

static bool bind_parameters(cnn_paster *p, cnn_frame *frame, const cnn_closure *function,
                            const cnn_py *first, const cnn_arguments *args)
{
    const cnn_py_node *parameter = function->node->a;
    const bool given = first->kind != CNN_PY_NONE && parameter != NULL;
    cnn_arguments all;
    if (given && parameter->number == 1) {
        if (!put_first(p, first, args, &all)) {
            return false;
        }
        args = &all;
    }
    bool *taken = cnn_paste_take(p, (size_t)args->count + 1, sizeof *taken);
    int32_t position = 0;
    if (taken == NULL) {
        return false;
    }
    memset(taken, 0, (size_t)args->count * sizeof *taken);
    const cnn_py *standard = function->defaults;
    if (given && parameter->number == 0) {
        if (!cnn_frame_set(p, frame, parameter->text, first)) {
            return false;
        }
        parameter = parameter->next;
        standard++;
    }
    for (; parameter != NULL; parameter = parameter->next, standard++) {
        const bool rest = parameter->number > 0;
        position = parameter->number == 1 ? args->count : position; /* named ones follow */
        if (parameter->text.size == 0) {
            continue; /* a star that parts named parameters */
        }
        if (rest ? !bind_rest(p, frame, parameter, args, taken)
                 : !bind_one(p, frame, parameter, standard, args, &position, taken)) {
            return false;
        }
    }
    return check_taken(p, args, taken);
}

/* What a method is called on, which is its first parameter: an object, or a class. */
static cnn_py receiver(const cnn_closure *function, cnn_module *self)
{
    if (function->bound != NULL) {
        return (cnn_py){
            .kind = CNN_PY_CLASS, .type = function->bound, .text = function->bound->node->text};
    }
    return self == NULL ? cnn_py_none() : (cnn_py){.kind = CNN_PY_MODULE, .module = self};
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
    /* Base.__init__(self, ...): the object is written as the first argument. */
    const bool written = self == NULL && function->type != NULL && args->count > 0 &&
                         args->at[0].value.kind == CNN_PY_MODULE;
    frame->self = written ? args->at[0].value.module : self;
    cnn_frame *const caller = p->frame;
    p->frame = function->frame != NULL ? function->frame : &p->globals;
    const cnn_py first = receiver(function, self);
    bool done = bind_parameters(p, frame, function, &first, args);
    p->frame = frame;
    *out = cnn_py_none();
    cnn_py given;
    if (done && function->node->flag) {
        done = cnn_py_items(p, CNN_PY_LIST, 0, &given);
        frame->yields = given.items;
    }
    done = done && cnn_run(p, function->node->b, out) != CNN_FAILED;
    if (done && function->node->flag) {
        *out = given;
    }
    p->frame = caller;
    p->calls--;
    return done;
}

/* Defaults are computed once, where the function is defined; one that cannot be has no value. */
static bool make_defaults(cnn_paster *p, const cnn_py_node *first, cnn_py **out)
{
    size_t count = 1;
    for (const cnn_py_node *parameter = first; parameter != NULL; parameter = parameter->next) {
        count++;
    }
    *out = cnn_paste_take(p, count, sizeof **out);
    if (*out == NULL) {
        return false;
    }
    cnn_py *value = *out;
    for (const cnn_py_node *parameter = first; parameter != NULL; parameter = parameter->next) {
        *value = cnn_py_none();
        if (parameter->a != NULL && !cnn_eval(p, parameter->a, value)) {
            if (!cnn_paste_forgive(p)) {
                return false;
            }
            *value = (cnn_py){
                .kind = CNN_PY_NAME, .text = parameter->text, .origin = parameter->a->span};
        }
        value++;
    }
    return true;
}

bool cnn_function_make(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    cnn_closure *closure = CNN_PASTE_NEW(p, cnn_closure);
    cnn_py *defaults;
    if (closure == NULL || !make_defaults(p, node->a, &defaults)) {
        return false;
    }
    *closure = (cnn_closure){.node = node, .frame = p->frame, .defaults = defaults};
    *out = (cnn_py){.kind = CNN_PY_FUNCTION, .function = closure};
    return true;
}
