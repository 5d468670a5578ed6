/* Numbers in the text that differ from what enters, and their repair. */
#include "paste/flow.h"

/* Where the number can be written: in the constructor's call, or where it came from when that call
 * made several modules. */
static cnn_span place_of_number(const cnn_paster *p, const cnn_module *module,
                                const cnn_py *declared, const cnn_py_node *place)
{
    int32_t made = 0;
    for (const cnn_module *m = p->modules; m != NULL && module != NULL; m = m->next) {
        made += m->call == module->call;
    }
    return made > 1 || place == NULL ? declared->origin : place->span;
}

bool cnn_edit_add(cnn_paster *p, cnn_span span, cnn_text text)
{
    for (const cnn_edit *e = p->edits; e != NULL; e = e->next) {
        if (e->span.begin == span.begin && e->span.end == span.end) {
            return true;
        }
    }
    cnn_edit *edit = CNN_PASTE_NEW(p, cnn_edit);
    if (edit == NULL) {
        return false;
    }
    *edit = (cnn_edit){span, text, p->edits};
    p->edits = edit;
    return true;
}

/* "nn.Linear(576, 120)": the call with the number put in, when it is short enough to be shown. */
static cnn_text code_of(cnn_paster *p, const cnn_module *module, cnn_span place, cnn_text number)
{
    const cnn_span call = module != NULL && module->call != NULL ? module->call->span : place;
    if (place.begin < call.begin || place.end > call.end || call.end - call.begin > 100) {
        return number;
    }
    const cnn_text before = cnn_text_part(p->text, (cnn_span){call.begin, place.begin});
    const cnn_text after = cnn_text_part(p->text, (cnn_span){place.end, call.end});
    const cnn_text all = cnn_paste_join(p, cnn_paste_join(p, before, "", number), "", after);
    return all.size > 0 && memchr(all.data, '\n', all.size) == NULL ? all : number;
}

bool cnn_mismatch_add(cnn_paster *p, const cnn_mismatch *found)
{
    if (p->counting || p->probing > 0) {
        return true;
    }
    for (const cnn_mismatch *m = p->mismatches; m != NULL; m = m->next) {
        if (m->kind == found->kind && cnn_words_equal(m->layer, found->layer) &&
            m->write == found->write && m->span.begin == found->span.begin) {
            return true; /* a module that is applied twice */
        }
    }
    cnn_mismatch *mismatch = CNN_PASTE_NEW(p, cnn_mismatch);
    if (mismatch == NULL) {
        return false;
    }
    *mismatch = *found;
    mismatch->next = NULL;
    *p->last_mismatch = mismatch;
    p->last_mismatch = &mismatch->next;
    p->mismatch_count++;
    return true;
}

/* What enters, before a flattening or another view made it a vector. */
static cnn_shape seen_from(const cnn_paster *p, const cnn_tensor *in)
{
    const cnn_layer *layer = p->builder == NULL ? NULL : &p->net->layers[in->layer];
    while (layer != NULL && layer->source_count > 0 && layer->weights == 0 &&
           layer->out.axes == 0 && (cnn_op_is_view(layer->op) || cnn_op_is_idle(layer->op))) {
        layer = &p->net->layers[layer->sources[0]];
    }
    return layer == NULL ? in->shape : layer->out;
}

bool cnn_declared(cnn_paster *p, const char *kind, cnn_module *module, const cnn_py *declared,
                  const cnn_py_node *place, const cnn_tensor *in, int64_t write)
{
    if (p->counting || p->probing > 0) {
        return true;
    }
    const cnn_span span = place_of_number(p, module, declared, place);
    const cnn_text number = cnn_paste_digits(p, write);
    const cnn_mismatch found = {.kind = kind,
                                .layer = module->name,
                                .declared = declared->number,
                                .enters = write,
                                .write = write,
                                .shape = seen_from(p, in),
                                .value = in->layer,
                                .code = code_of(p, module, span, number),
                                .span = span};
    return p->err->code == CNN_OK && cnn_mismatch_add(p, &found) && cnn_edit_add(p, span, number);
}

/* The dotted name before the last part of what a constructor is called by: "nn." of nn.Linear. */
static cnn_text prefix_of(const cnn_paster *p, const cnn_module *module)
{
    cnn_text all = {0};
    if (module->call != NULL && module->call->kind == CNN_SYNTAX_CALL) {
        all = cnn_text_part(p->text, module->call->a->span);
    }
    while (all.size > 0 && all.data[all.size - 1] != '.') {
        all.size--;
    }
    return all;
}

static bool among(const cnn_py_node *first, const cnn_py_node *element)
{
    while (first != NULL && first != element) {
        first = first->next;
    }
    return first != NULL;
}

/* Whether the call is written as an element of a Sequential, where one more can be put before it.
 */
static bool is_element(const cnn_paster *p, const cnn_py_node *call)
{
    for (const cnn_module *m = p->modules; m != NULL; m = m->next) {
        const bool sequential = m->container == CNN_CONTAINER_SEQUENTIAL && m->call != NULL &&
                                m->call->kind == CNN_SYNTAX_CALL;
        const cnn_py_node *arg = sequential ? m->call->b : NULL;
        for (; arg != NULL; arg = arg->next) {
            const bool list = arg->a->kind == CNN_SYNTAX_LIST; /* *[a, b] */
            if (arg->a == call || (list && among(arg->a->a, call))) {
                return true;
            }
        }
    }
    return false;
}

static bool insert(cnn_paster *p, uint32_t at, cnn_text text)
{
    return cnn_edit_add(p, (cnn_span){at, at}, text);
}

/* In forward the argument is flattened. In a Sequential a module is put before this one; elsewhere,
 * in a list or a function, the two become one, as that place may take no more than one. Only
 * insertions, so that edits within the argument or the call are made as well. */
static bool edit_flatten(cnn_paster *p, const cnn_module *module, const cnn_py_node *place)
{
    if (place != NULL) {
        return insert(p, place->span.begin, cnn_text_of("torch.flatten(")) &&
               insert(p, place->span.end, cnn_text_of(", 1)"));
    }
    const cnn_span call = cnn_module_span(module);
    const cnn_text prefix = prefix_of(p, module);
    const cnn_text flatten = cnn_paste_join(p, prefix, "", cnn_text_of("Flatten(), "));
    if (module->call == NULL || is_element(p, module->call)) {
        return insert(p, call.begin, flatten);
    }
    const cnn_text both = cnn_paste_join(p, prefix, "Sequential(", flatten);
    return insert(p, call.begin, both) && insert(p, call.end, cnn_text_of(")"));
}

bool cnn_no_flatten(cnn_paster *p, cnn_module *module, const cnn_py *declared, const cnn_tensor *in,
                    int64_t values, const cnn_py_node *place)
{
    if (p->counting || p->probing > 0) {
        return true;
    }
    const cnn_mismatch found = {
        .kind = "no-flatten",
        .layer = module->name,
        .declared = declared == NULL ? 0 : declared->number,
        .enters = values,
        .write = values,
        .shape = in->shape,
        .code = cnn_paste_join(p, prefix_of(p, module), "", cnn_text_of("Flatten()")),
        .span = cnn_module_span(module)};
    return p->err->code == CNN_OK && cnn_mismatch_add(p, &found) && edit_flatten(p, module, place);
}
