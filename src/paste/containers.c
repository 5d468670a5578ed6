/* What containers of modules hold, and methods that change it: ModuleList, ModuleDict, Sequential.
 */
#include "paste/flow.h"

/* ---- what is in them ---- */

static bool add_child(cnn_paster *p, cnn_text name, const cnn_py *child, bool named, cnn_items *to)
{
    const cnn_py key = {.kind = CNN_PY_STRING, .text = name};
    cnn_py pair;
    if (!named) {
        return cnn_py_append(p, to, child);
    }
    return cnn_py_items(p, CNN_PY_TUPLE, 2, &pair) && cnn_py_append(p, pair.items, &key) &&
           cnn_py_append(p, pair.items, child) && cnn_py_append(p, to, &pair);
}

bool cnn_module_children(cnn_paster *p, const cnn_module *module, bool named, cnn_py *out)
{
    bool done = cnn_py_items(p, CNN_PY_LIST, 0, out);
    for (const cnn_variable *v = module->members; done && v != NULL; v = v->next) {
        const bool none = v->value.kind == CNN_PY_NONE && module->container == CNN_CONTAINER_LIST;
        done = (!cnn_module_is_layer(&v->value) && !none) ||
               add_child(p, v->name, &v->value, named, out->items);
    }
    return done;
}

/* The module and all below it, each once; the paths have dots between. */
static bool add_below(cnn_paster *p, const cnn_py *module, cnn_text path, bool named, cnn_items *to)
{
    cnn_module *const m = module->module;
    if (m->visited == p->visit) {
        return true;
    }
    m->visited = p->visit;
    if (++p->depth > CNN_PASTE_DEPTH) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_CALLS, cnn_module_span(m), CNN_PASTE_CALLS, 0);
    }
    bool done = add_child(p, path, module, named, to);
    for (const cnn_variable *v = m->members; done && v != NULL; v = v->next) {
        const cnn_text name =
            path.size > 0 && named ? cnn_paste_join(p, path, ".", v->name) : v->name;
        done = !cnn_module_is_layer(&v->value) || add_below(p, &v->value, name, named, to);
    }
    p->depth--;
    return done;
}

bool cnn_module_all(cnn_paster *p, cnn_module *module, bool named, cnn_py *out)
{
    const cnn_py self = {.kind = CNN_PY_MODULE, .module = module};
    p->visit++;
    return cnn_py_items(p, CNN_PY_LIST, 0, out) &&
           add_below(p, &self, (cnn_text){0}, named, out->items);
}

/* ---- changes ---- */

bool cnn_member_remove(cnn_module *module, cnn_text name)
{
    for (cnn_variable **at = &module->members; *at != NULL; at = &(*at)->next) {
        if (cnn_words_equal((*at)->name, name)) {
            module->count -= module->container != CNN_CONTAINER_NONE;
            module->last = module->last == &(*at)->next ? at : module->last;
            *at = (*at)->next;
            return true;
        }
    }
    return false;
}

/* The elements anew, numbered from 0, after what else the object has. */
static bool set_elements(cnn_paster *p, cnn_module *m, const cnn_items *elements)
{
    cnn_variable *old = m->members;
    m->members = NULL;
    m->last = &m->members;
    m->count = 0;
    for (; old != NULL; old = old->next) {
        const bool element = cnn_module_is_layer(&old->value) || old->value.kind == CNN_PY_NONE;
        if (!element && !cnn_member_set(p, m, old->name, &old->value)) {
            return false;
        }
    }
    for (int32_t i = 0; i < elements->count; i++) {
        if (!cnn_module_append(p, m, &elements->at[i])) {
            return false;
        }
    }
    return true;
}

bool cnn_container_take_out(cnn_paster *p, cnn_module *m, int64_t at, const cnn_py_node *place,
                            cnn_py *out)
{
    cnn_py list;
    if (!cnn_module_children(p, m, false, &list)) {
        return false;
    }
    cnn_items *items = list.items;
    const int64_t i = at < 0 ? at + items->count : at;
    if (i < 0 || i >= items->count) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_INDEX, place->span, at, items->count);
    }
    *out = items->at[i];
    items->count--;
    memmove(&items->at[i], &items->at[i + 1], (size_t)(items->count - i) * sizeof *items->at);
    return set_elements(p, m, items);
}

/* pop() of a list of modules by its place, of a dictionary by its key. */
static bool pop(cnn_paster *p, cnn_module *m, const cnn_arguments *args, cnn_py *out)
{
    int64_t at = -1;
    if (m->container != CNN_CONTAINER_DICT) {
        return (args->count == 0 || cnn_argument_whole(p, args, 0, &at)) &&
               cnn_container_take_out(p, m, at, args->call, out);
    }
    const cnn_py *key = cnn_argument_at(args, 0);
    const cnn_py *found =
        key != NULL && key->kind == CNN_PY_STRING ? cnn_member_find(m, key->text) : NULL;
    if (found == NULL) {
        return cnn_call_not_followed(p, args);
    }
    *out = *found;
    (void)cnn_member_remove(m, key->text);
    return true;
}

static bool insert(cnn_paster *p, cnn_module *m, const cnn_arguments *args)
{
    cnn_py list;
    int64_t at;
    if (args->count != 2 || !cnn_argument_whole(p, args, 0, &at)) {
        return args->count == 2 ? false : cnn_call_not_followed(p, args);
    }
    if (!cnn_module_children(p, m, false, &list) ||
        !cnn_py_append(p, list.items, &args->at[1].value)) {
        return false;
    }
    cnn_items *items = list.items;
    const int32_t count = items->count - 1; /* before it */
    at = at < 0 ? at + count : at;
    at = at < 0 ? 0 : at > count ? count : at;
    memmove(&items->at[at + 1], &items->at[at], (size_t)(count - at) * sizeof *items->at);
    items->at[at] = args->at[1].value;
    return set_elements(p, m, items);
}

bool cnn_container_method(cnn_paster *p, cnn_module *m, cnn_text name, cnn_arguments *args,
                          bool *found, cnn_py *out)
{
    const bool dictionary = m->container == CNN_CONTAINER_DICT;
    const bool holds = m->container != CNN_CONTAINER_NONE && m->container != CNN_CONTAINER_GRAPH;
    *found = true;
    *out = cnn_py_none();
    if (args->count == 1 && (cnn_word_is(name, "append") || cnn_word_is(name, "add")) &&
        m->container != CNN_CONTAINER_NONE) {
        return cnn_module_append(p, m, &args->at[0].value);
    }
    if (holds && args->count == 1 &&
        (cnn_word_is(name, "extend") || (dictionary && cnn_word_is(name, "update")))) {
        return cnn_module_extend(p, m, &args->at[0].value);
    }
    if (holds && cnn_word_is(name, "pop")) {
        return pop(p, m, args, out);
    }
    if (holds && !dictionary && cnn_word_is(name, "insert")) {
        return insert(p, m, args);
    }
    if (dictionary && cnn_word_is(name, "clear")) {
        m->members = NULL;
        m->last = &m->members;
        m->count = 0;
        return true;
    }
    if (cnn_word_is(name, "pop") || cnn_word_is(name, "insert") || cnn_word_is(name, "extend") ||
        cnn_word_is(name, "append") ||
        (holds && (cnn_word_is(name, "update") || cnn_word_is(name, "popitem")))) {
        return cnn_paste_refuse(p, args->call->span, name, "of a module is not followed");
    }
    *found = false;
    return true;
}
