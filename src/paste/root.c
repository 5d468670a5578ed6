/* Which of the text's modules is the network. */
#include "paste/root.h"

/* ---- what the text mentions ---- */

static bool within(cnn_span inner, cnn_span outer)
{
    return inner.begin >= outer.begin && inner.end <= outer.end;
}

/* Whether a top-level definition other than its own uses the name. */
static bool mentioned(const cnn_token *tokens, const cnn_py_node *program, const cnn_py_node *own)
{
    for (const cnn_token *t = tokens; t->kind != CNN_TOKEN_END; t++) {
        if (t->kind != CNN_TOKEN_NAME || !cnn_words_equal(t->text, own->text) ||
            within(t->span, own->span)) {
            continue;
        }
        for (const cnn_py_node *n = program; n != NULL; n = n->next) {
            const bool definition = n->kind == CNN_SYNTAX_CLASS || n->kind == CNN_SYNTAX_FUNCTION;
            const bool name = n != own && definition && within(t->span, n->span);
            if (name) {
                return true;
            }
        }
    }
    return false;
}

static bool makes_layers(const cnn_token *tokens, const cnn_py_node *node)
{
    int32_t axes;
    for (const cnn_token *t = tokens; t->kind != CNN_TOKEN_END; t++) {
        if (t->kind == CNN_TOKEN_NAME && within(t->span, node->span) && cnn_token_is(t + 1, '(') &&
            (cnn_row_find(&cnn_torch_rows, t->text, &axes) != NULL ||
             cnn_row_find(&cnn_keras_rows, t->text, &axes) != NULL ||
             cnn_token_word(t, "Sequential"))) {
            return true;
        }
    }
    return false;
}

static bool is_network(const cnn_class *type)
{
    return type->foreign.size > 0 || cnn_class_find(type, cnn_text_of("forward")) != NULL;
}

/* ---- making one ---- */

static bool make(cnn_paster *p, const cnn_class *type, cnn_py *out)
{
    const cnn_py_node *call = type->node;
    const cnn_arguments none = {.call = call};
    return cnn_instantiate(p, type, &none, out);
}

static const cnn_class *class_named(const cnn_paster *p, cnn_text name)
{
    for (const cnn_class *type = p->classes; type != NULL; type = type->next) {
        if (cnn_words_equal(type->node->text, name)) {
            return type;
        }
    }
    return NULL;
}

/* --model NAME: a variable of the top level, the last object of a class, or a class. */
static bool choose_named(cnn_paster *p, cnn_text name, cnn_py *out)
{
    const cnn_py *variable = cnn_frame_find(&p->globals, name);
    if (variable != NULL && cnn_module_is_layer(variable)) {
        *out = *variable;
        return true;
    }
    const cnn_class *type = class_named(p, name);
    if (type == NULL) {
        cnn_nearest nearest = cnn_nearest_to(name);
        for (const cnn_class *t = p->classes; t != NULL; t = t->next) {
            cnn_nearest_offer(&nearest, t->node->text);
        }
        p->err->source = CNN_SOURCE_MODEL;
        return cnn_paste_fail(p, CNN_E_PASTE_MODEL, (cnn_span){0, (uint32_t)name.size}, name,
                              nearest.best);
    }
    *out = cnn_py_none();
    for (cnn_module *m = p->modules; m != NULL; m = m->next) {
        if (m->type == type) {
            *out = (cnn_py){.kind = CNN_PY_MODULE, .module = m};
        }
    }
    return out->kind == CNN_PY_MODULE || make(p, type, out);
}

/* Layers that stand alone, one after another. */
static bool choose_loose(cnn_paster *p, cnn_py *out)
{
    const cnn_py_node *call = NULL;
    cnn_module *root = cnn_module_new(p, call);
    if (root == NULL) {
        return false;
    }
    root->container = CNN_CONTAINER_SEQUENTIAL;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = root};
    for (int32_t i = 0; i < p->loose.count; i++) {
        if (!cnn_module_append(p, root, &p->loose.at[i])) {
            return false;
        }
    }
    /* Loose modules are named by the variables that hold them. */
    for (const cnn_variable *v = p->globals.variables; v != NULL; v = v->next) {
        for (cnn_variable *m = root->members; m != NULL; m = m->next) {
            if (v->value.kind == CNN_PY_MODULE && v->value.module == m->value.module) {
                m->name = v->name;
            }
        }
    }
    p->guessing = true;
    return true;
}

/* Lines "self.conv1 = ..." and a "def forward(self, x)" without their class: an object of one that
 * has the functions of the text as its methods. */
static bool choose_bare(cnn_paster *p, cnn_py *out)
{
    const cnn_py *forward = cnn_frame_find(&p->globals, cnn_text_of("forward"));
    const cnn_py_node *self =
        forward != NULL && forward->kind == CNN_PY_FUNCTION ? forward->function->node->a : NULL;
    if (self == NULL || !cnn_word_is(self->text, "self")) {
        return choose_loose(p, out);
    }
    cnn_class *type = CNN_PASTE_NEW(p, cnn_class);
    cnn_module *root = type == NULL ? NULL : cnn_module_new(p, NULL);
    if (root == NULL) {
        return false;
    }
    const cnn_class **order = cnn_paste_take(p, 1, sizeof(const cnn_class *));
    if (order == NULL) {
        return false;
    }
    *order = type;
    *type = (cnn_class){.node = forward->function->node,
                        .order = order,
                        .order_count = 1,
                        .foreign = cnn_text_of("Module"),
                        .members = p->globals.variables};
    root->type = type;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = root};
    for (int32_t i = 0; i < p->loose.count; i++) {
        for (const cnn_variable *v = p->globals.variables; v != NULL; v = v->next) {
            if (v->value.kind == CNN_PY_MODULE && v->value.module == p->loose.at[i].module &&
                !cnn_member_set(p, root, v->name, &v->value)) {
                return false;
            }
        }
    }
    return true;
}

static bool choose_class(cnn_paster *p, const cnn_token *tokens, const cnn_py_node *program,
                         cnn_py *out)
{
    /* The classes come last first. If each is used by another one, the last of the text is
     * taken. */
    const cnn_class *last = NULL;
    for (const cnn_class *type = p->classes; type != NULL; type = type->next) {
        if (is_network(type)) {
            last = last == NULL ? type : last;
            if (!mentioned(tokens, program, type->node)) {
                last = type;
                break;
            }
        }
    }
    return last == NULL || make(p, last, out);
}

/* The last function that makes layers and is used by no other one. */
static bool choose_function(cnn_paster *p, const cnn_token *tokens, const cnn_py_node *program,
                            cnn_py *out)
{
    const cnn_py_node *last = NULL;
    for (const cnn_py_node *n = program; n != NULL; n = n->next) {
        if (n->kind == CNN_SYNTAX_FUNCTION && makes_layers(tokens, n) &&
            !mentioned(tokens, program, n)) {
            last = n;
        }
    }
    const cnn_py *function = last == NULL ? NULL : cnn_frame_find(&p->globals, last->text);
    if (function == NULL || function->kind != CNN_PY_FUNCTION) {
        return true;
    }
    const cnn_arguments none = {.call = last};
    return cnn_call_function(p, function->function, NULL, &none, out);
}

bool cnn_root_choose(cnn_paster *p, const cnn_token *tokens, const cnn_py_node *program,
                     cnn_py *out)
{
    /* The order: --model, a model made at the top level, a class, loose lines, a function that
     * makes layers. With a builder, layers of Keras were already applied at the top level. */
    *out = cnn_py_none();
    if (p->settings->model.size > 0) {
        return choose_named(p, p->settings->model, out);
    }
    if (p->top[0].kind == CNN_PY_MODULE) {
        *out = p->top[0];
        return true;
    }
    if (!choose_class(p, tokens, program, out)) {
        return false;
    }
    if (out->kind == CNN_PY_NONE && p->loose.count > 0 && p->builder == NULL) {
        return choose_bare(p, out);
    }
    if (out->kind == CNN_PY_NONE && p->builder == NULL) {
        return choose_function(p, tokens, program, out);
    }
    return true;
}
