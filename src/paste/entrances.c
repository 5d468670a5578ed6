/* Networks of several inputs: which of forward's parameters gets which, and of what size. */
#include "paste/flow.h"

/* Adds the input and hands it to the parameter of that name. */
static bool enter(cnn_paster *p, cnn_text name, const cnn_shape *shape, cnn_span span,
                  cnn_arguments *to)
{
    cnn_tensor *tensor;
    if (!cnn_flow_input(p, shape,
                        to->count > 0 || p->settings->input_count > 1 ? name : (cnn_text){0}, span,
                        &tensor)) {
        return false;
    }
    to->at[to->count++] =
        (cnn_argument){.name = name, .value = {.kind = CNN_PY_TENSOR, .tensor = tensor}};
    return true;
}

/* "name=3x32x32" */
static bool split(cnn_text text, cnn_text *name, cnn_text *size)
{
    *size = text;
    *name = cnn_text_trim(cnn_text_split(size, '='));
    return name->size > 0 && size->size > 0;
}

/* The size that the settings give the input of that name; -1: they do not. */
static int32_t setting_of(const cnn_settings *s, cnn_text name, cnn_text *size)
{
    for (int32_t i = 0; i < s->input_count; i++) {
        cnn_text label;
        if (split(s->inputs[i], &label, size) && cnn_words_equal(label, name)) {
            return i;
        }
    }
    return -1;
}

bool cnn_entrances_check(cnn_paster *p, const cnn_py_node *parameters)
{
    const cnn_settings *s = p->settings;
    for (int32_t i = 0; i < s->input_count; i++) {
        cnn_text label = s->inputs[i], size;
        const bool fine = split(s->inputs[i], &label, &size);
        cnn_nearest nearest = cnn_nearest_to(label);
        bool known = false;
        for (const cnn_py_node *n = parameters; n != NULL; n = n->next) {
            known |= fine && cnn_words_equal(n->text, label);
            cnn_nearest_offer(&nearest, n->text);
        }
        if (!known) {
            p->err->source = CNN_SOURCE_INPUT;
            p->err->index = i;
            return cnn_fail_words(p->err, fine ? CNN_E_PASTE_INPUT_NAME : CNN_E_INPUT_LABEL,
                                  (cnn_span){0, (uint32_t)label.size}, label, nearest.best);
        }
    }
    return true;
}

static bool enter_named(cnn_paster *p, const cnn_entry *first, const cnn_py_node *parameters,
                        cnn_arguments *to)
{
    static const cnn_entry other = {.axes = 0};
    p->entered = true;
    if (!cnn_entrances_check(p, parameters)) {
        return false;
    }
    for (const cnn_py_node *n = parameters; n != NULL; n = n->next) {
        cnn_text size;
        cnn_shape shape;
        const int32_t i = setting_of(p->settings, n->text, &size);
        if (i < 0) {
            continue;
        }
        if (!cnn_input_read(p, size, n == parameters ? first : &other, &shape)) {
            p->err->index = i;
            p->err->span.begin += (uint32_t)(size.data - p->settings->inputs[i].data);
            p->err->span.end += (uint32_t)(size.data - p->settings->inputs[i].data);
            return false;
        }
        if (!enter(p, n->text, &shape, n->span, to)) {
            return false;
        }
    }
    return true;
}

/* model(torch.randn(1, 3, 32, 32), torch.randn(1, 10)) */
static bool enter_hinted(cnn_paster *p, const cnn_shape *first, const cnn_py_node *parameters,
                         cnn_arguments *to)
{
    const cnn_items *more = &p->hinted_more;
    if (!enter(p, parameters->text, first, p->hint, to)) {
        return false;
    }
    int32_t i = 0;
    for (const cnn_py_node *n = parameters->next; n != NULL && i < more->count; n = n->next, i++) {
        const cnn_py *samples = &more->at[i];
        cnn_shape shape;
        if (samples->kind == CNN_PY_SAMPLES && cnn_samples_shape(samples, &shape) &&
            !enter(p, n->text, &shape, samples->origin, to)) {
            return false;
        }
    }
    p->net->layers[0].label = to->count > 1 ? parameters->text : (cnn_text){0};
    return true;
}

bool cnn_entrances_find(cnn_paster *p, cnn_module *root, const cnn_py_node *parameters,
                        cnn_arguments *out)
{
    const bool named = p->settings->input_count > 0;
    int32_t count = 0;
    cnn_entry entry;
    cnn_shape shape;
    bool any;
    for (const cnn_py_node *n = parameters; n != NULL; n = n->next) {
        count++;
    }
    out->at = cnn_paste_take(p, (size_t)count + 1, sizeof *out->at);
    if (out->at == NULL || !cnn_entry_find(p, root, &entry)) {
        return false;
    }
    p->builder = NULL;
    if (named) {
        return enter_named(p, &entry, parameters, out);
    }
    if (!cnn_input_find(p, root, &shape, &any) || !any) {
        return p->err->code == CNN_OK;
    }
    p->builder = NULL; /* what was tried to find the size */
    return enter_hinted(p, &shape, parameters, out);
}
