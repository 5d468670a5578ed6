/*
 * The network of a printed model. Parameters are exact; sizes only as long as the modules, taken in
 * their order, fit one another, because what forward does between them is not printed.
 */
#include "paste/root.h"

typedef struct walk {
    cnn_tensor *at;
    bool lost;     /* what enters the next layer is not known */
    bool fits;     /* a fully connected layer after a map fitted */
    bool guessed;  /* inside of a class, where something else may have been done for it to fit */
    cnn_text from; /* the layer from which on nothing is known */
} walk;

/* Whether the layer, by what it declares, can follow. */
static bool can_follow(cnn_paster *p, const cnn_module *m, const cnn_shape *in, bool *out)
{
    *out = true;
    if (m->row->declares == NULL) {
        return true;
    }
    int64_t declared;
    if (!cnn_arg_int(p, m, m->row->declares, &declared)) {
        return false;
    }
    const bool linear = cnn_word_is(m->kind, "Linear");
    /* nn.Linear works on the last axis of a map, too. */
    const bool last = linear && in->axes > 0 && declared == in->side[in->axes - 1];
    *out = declared == (linear ? cnn_shape_values(in) : in->channels) || last;
    return true;
}

static bool walk_layer(cnn_paster *p, cnn_module *m, void *user)
{
    walk *w = user;
    bool fits = !w->lost;
    /* Where nothing is hidden, a number that does not fit is wrong. */
    if (fits && p->hidden_wiring != 0 && !can_follow(p, m, &w->at->shape, &fits)) {
        return false;
    }
    if (fits) {
        const bool joined = cnn_word_is(m->kind, "Linear") && w->at->shape.axes > 0;
        const cnn_error before = *p->err;
        const cnn_tensor *in = w->at;
        cnn_tensor *out;
        p->guessing = true;
        if (m->row->apply(p, m, in, NULL, &out)) {
            w->at = out;
            w->fits |= joined && !m->within;
            w->guessed |= joined && m->within;
            m->uses++;
            return true;
        }
        if (p->err->code == CNN_OUT_OF_MEMORY || p->hidden_wiring == 0) {
            return false;
        }
        *p->err = before;
        cnn_flow_rewind(p, w->at->layer + 1);
    }
    w->from = w->lost ? w->from : m->name;
    w->lost = true;
    cnn_known_layer counts;
    if (!cnn_module_counts(p, m, &counts)) {
        return false;
    }
    const cnn_tensor *source = w->at;
    m->uses = 0;
    return cnn_flow_known(p, &counts, &source, m, cnn_module_span(m), &w->at);
}

/* A user's class whose parts are all in the printout as Sequentials, and nothing else. */
static bool only_parts(const cnn_module *root)
{
    for (const cnn_variable *v = root->members; v != NULL; v = v->next) {
        if (v->value.module->container != CNN_CONTAINER_SEQUENTIAL) {
            return false;
        }
    }
    return root->members != NULL;
}

static bool end_hidden(cnn_paster *p, const walk *w)
{
    (void)w;
    return cnn_paste_remark(p, (cnn_span){0, 0},
                            "the printout does not show how these modules are joined: there are "
                            "only parameters, which are exact",
                            (cnn_text){0});
}

bool cnn_printout_run(cnn_paster *p, cnn_module *root, bool hidden)
{
    cnn_shape shape;
    walk w = {0};
    bool any;
    if (!cnn_modules_name(p, root, (cnn_text){0}, 0) || !cnn_input_find(p, root, &shape, &any) ||
        !cnn_flow_begin(p, any ? &shape : &(cnn_shape){0}, (cnn_span){0, 0}, &w.at)) {
        return false;
    }
    for (cnn_module *m = p->modules; m != NULL; m = m->next) {
        m->uses = 0;
    }
    w.lost = !any;
    p->hidden_wiring = hidden;
    if (!cnn_modules_visit(p, root, walk_layer, &w)) {
        return false;
    }
    /* Where a forward is hidden, sizes are believed if a Linear after a map confirms them. */
    const bool known = !w.lost && !w.guessed && (!hidden || w.fits || only_parts(root));
    if (!known && !w.lost) { /* again, without sizes */
        w.at = NULL;
        if (!cnn_flow_begin(p, &(cnn_shape){0}, (cnn_span){0, 0}, &w.at)) {
            return false;
        }
        w.lost = true;
        if (!cnn_modules_visit(p, root, walk_layer, &w)) {
            return false;
        }
    }
    return cnn_builder_end(p->builder, w.at->layer) && (known || end_hidden(p, &w));
}
