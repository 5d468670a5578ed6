/* Parameters of a module by itself, from what it declares: for modules that forward never uses, and
 * where no size of an input is known. */
#include "paste/flow.h"

/* A side so large that every window fits, and so small that nothing overflows. */
enum { LARGE_SIDE = 4096 };

/* An input that the module declares; false: it has no parameters that do not depend on one. */
static bool declared_input(cnn_paster *p, const cnn_module *m, cnn_shape *out, bool *any)
{
    *any = false;
    if (m->row == NULL || m->row->apply == NULL) {
        return true;
    }
    const cnn_py *shape = cnn_arg(m, "normalized_shape");
    const bool list = shape != NULL && cnn_py_is_list(shape);
    if (list && shape->items->count <= CNN_AXES + 1 && shape->items->count > 0) {
        *out = (cnn_shape){.axes = shape->items->count - 1};
        for (int32_t i = 0; i < shape->items->count; i++) {
            int64_t *to = i == 0 ? &out->channels : &out->side[i - 1];
            if (!cnn_whole(p, &shape->items->at[i], m->call, m->kind, to)) {
                return false;
            }
        }
        *any = true;
        return true;
    }
    const char *name = m->row->declares != NULL               ? m->row->declares
                       : shape != NULL                        ? "normalized_shape"
                       : cnn_arg(m, "num_parameters") != NULL ? "num_parameters"
                                                              : NULL;
    if (name == NULL) {
        return true;
    }
    int64_t n;
    if (!cnn_arg_int(p, m, name, &n)) {
        return false;
    }
    const bool vector = cnn_word_is(m->kind, "Linear") || shape != NULL;
    *out = (cnn_shape){.channels = n, .axes = vector ? 0 : m->axes};
    for (int32_t i = 0; i < out->axes; i++) {
        out->side[i] = LARGE_SIDE;
    }
    *any = n > 0;
    return true;
}

bool cnn_module_counts(cnn_paster *p, cnn_module *m, cnn_known_layer *out)
{
    cnn_shape input;
    bool any;
    *out = (cnn_known_layer){.what = "module", .weights = cnn_parameter_count(m)};
    if (!declared_input(p, m, &input, &any) || !any) {
        return p->err->code == CNN_OK;
    }
    const cnn_arena arena = *p->arena;
    const int32_t uses = m->uses, added = m->added;
    const cnn_text name = m->name;
    cnn_aside aside;
    cnn_tensor *tensor, *result;
    cnn_aside_begin(p, &aside);
    m->uses = 0;
    const bool done = cnn_flow_begin(p, &input, cnn_module_span(m), &tensor) &&
                      m->row->apply(p, m, tensor, NULL, &result);
    if (done) {
        out->weights = p->builder->path.weights;
        out->biases = p->builder->path.biases;
        out->statistics = p->builder->path.statistics;
    }
    cnn_aside_end(p, &aside);
    m->uses = uses;
    m->added = added;
    m->name = name;
    *p->arena = arena;
    return done;
}

/* ---- walking the modules of a root ---- */

bool cnn_modules_name(cnn_paster *p, cnn_module *module, cnn_text prefix, int32_t depth)
{
    if (module->registered || depth > CNN_MAX_NESTING) {
        return true;
    }
    module->registered = true;
    module->name = prefix;
    for (cnn_variable *v = module->members; v != NULL; v = v->next) {
        cnn_module *within = cnn_module_within(&v->value);
        if (within == NULL) {
            continue;
        }
        cnn_text name = v->name;
        if (prefix.size > 0) {
            name = cnn_paste_join(p, prefix, ".", v->name);
        }
        if (p->err->code != CNN_OK || !cnn_paste_step(p, 1) ||
            !cnn_modules_name(p, within, name, depth + 1)) {
            return false;
        }
    }
    return true;
}

/* Calls `visit` for every layer of the module, in the order of their definition. */
static bool visit_layers(cnn_paster *p, cnn_module *module, int32_t depth,
                         bool (*visit)(cnn_paster *, cnn_module *, void *), void *user)
{
    if (module->visited == p->visit || depth > CNN_MAX_NESTING) {
        return true;
    }
    module->visited = p->visit;
    if (module->row != NULL) {
        return visit(p, module, user);
    }
    for (cnn_variable *v = module->members; v != NULL; v = v->next) {
        cnn_module *within = cnn_module_within(&v->value);
        if (within != NULL && !visit_layers(p, within, depth + 1, visit, user)) {
            return false;
        }
    }
    return true;
}

bool cnn_modules_visit(cnn_paster *p, cnn_module *root,
                       bool (*visit)(cnn_paster *, cnn_module *, void *), void *user)
{
    p->visit++;
    return visit_layers(p, root, 0, visit, user);
}

/* ---- modules that are not in the flow ---- */

static bool add_unused(cnn_paster *p, cnn_module *m, void *user)
{
    cnn_tensor *input = user, *ignored;
    cnn_known_layer counts;
    if (m->uses > 0) {
        return true;
    }
    if (!cnn_module_counts(p, m, &counts)) {
        return false;
    }
    if (counts.weights + counts.biases + counts.statistics == 0) {
        return true;
    }
    const cnn_tensor *source = input;
    counts.aux = true;
    return cnn_flow_known(p, &counts, &source, m, cnn_module_span(m), &ignored) &&
           cnn_paste_remark(p, cnn_module_span(m),
                            "forward never uses {a}; PyTorch counts its parameters all the same",
                            m->name);
}

bool cnn_modules_add_unused(cnn_paster *p, cnn_module *root, cnn_tensor *input)
{
    return cnn_modules_visit(p, root, add_unused, input);
}

static bool add_unsized(cnn_paster *p, cnn_module *m, void *user)
{
    cnn_tensor **at = user;
    cnn_known_layer counts;
    if (!cnn_module_counts(p, m, &counts)) {
        return false;
    }
    const cnn_tensor *source = *at;
    m->uses = 0;
    return cnn_flow_known(p, &counts, &source, m, cnn_module_span(m), at);
}

bool cnn_modules_add_unsized(cnn_paster *p, cnn_module *root, cnn_tensor **at)
{
    return cnn_modules_visit(p, root, add_unsized, at);
}
