/* Applying modules to tensors: a class runs its forward, a container its children, a layer is
 * added to the network. */
#include "paste/flow.h"

static const cnn_py *tensor_among(const cnn_arguments *args)
{
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_py *value = &args->at[i].value;
        const bool list = cnn_py_is_list(value);
        if (value->kind == CNN_PY_TENSOR ||
            (list && value->items->count > 0 && value->items->at[0].kind == CNN_PY_TENSOR)) {
            return value;
        }
    }
    return NULL;
}

const cnn_py *cnn_forward_of(const cnn_class *type)
{
    static const char *const names[] = {"forward", "call", "__call__"};
    const cnn_py *found = NULL;
    for (size_t i = 0; type != NULL && found == NULL && i < CNN_LENGTH(names); i++) {
        found = cnn_class_find(type, cnn_text_of(names[i]));
    }
    return found != NULL && found->kind == CNN_PY_FUNCTION ? found : NULL;
}

/* The children one after another; without a forward in the order of their definition. */
static bool in_order(cnn_paster *p, cnn_module *m, const cnn_py *in, cnn_py *out)
{
    const bool guessing = p->guessing;
    *out = *in;
    if (m->container != CNN_CONTAINER_SEQUENTIAL) {
        p->guessing = true;
        if (!cnn_paste_remark(p, cnn_module_span(m),
                              "no forward: the layers in the order of their definition",
                              (cnn_text){0})) {
            return false;
        }
    }
    for (const cnn_variable *v = m->members; v != NULL; v = v->next) {
        const cnn_py value = *out;
        if (!cnn_module_is_layer(&v->value)) {
            continue;
        }
        if (!cnn_paste_step(p, 1) || !cnn_apply_one(p, v->value.module, &value, NULL, out)) {
            return false;
        }
        if (out->kind != CNN_PY_TENSOR) {
            return cnn_not_followed(p, cnn_module_span(v->value.module));
        }
    }
    p->guessing = guessing;
    return true;
}

/* ---- layers of Keras ---- */

/* The format that the layer works in; a tensor of the other one is taken as it lies. */
static bool adapt_format(cnn_paster *p, const cnn_module *m, const cnn_tensor **in)
{
    const cnn_py *format = cnn_arg(m, "data_format");
    const cnn_shape *shape = &(*in)->shape;
    if (p->framework != CNN_KERAS || format == NULL || shape->axes == 0 ||
        cnn_word_is(m->kind, "Flatten")) {
        return true;
    }
    const bool first = cnn_py_is(format, "channels_first") || cnn_py_is(format, "th") ||
                       (format->kind == CNN_PY_NONE && p->channels_first);
    if (first == (*in)->first) {
        return true;
    }
    cnn_shape other = {.axes = shape->axes};
    int64_t axis[CNN_AXES + 1];
    axis[(*in)->first ? 0 : shape->axes] = shape->channels;
    for (int32_t i = 0; i < shape->axes; i++) {
        axis[(*in)->first ? i + 1 : i] = shape->side[i];
    }
    other.channels = axis[first ? 0 : shape->axes];
    for (int32_t i = 0; i < shape->axes; i++) {
        other.side[i] = axis[first ? i + 1 : i];
    }
    cnn_tensor *turned;
    if ((*in)->layer == 0 && p->builder->layer_count == 1) { /* nothing was read from it yet */
        const cnn_span span = p->net->layers[0].span;
        if (!cnn_flow_begin(p, &other, span, &turned)) {
            return false;
        }
        turned->first = first;
        *(cnn_tensor *)*in = *turned;
        return true;
    }
    int64_t order[CNN_AXES + 1];
    for (int32_t i = 0; i <= shape->axes; i++) { /* one step round, in either direction */
        order[i] = (i + (first ? 1 : shape->axes)) % (shape->axes + 1) + 1;
    }
    if (!cnn_flow_permute(p, *in, order, cnn_module_span(m), &turned)) {
        return false;
    }
    turned->first = first;
    *in = turned;
    return true;
}

/* ---- the front ---- */

bool cnn_apply_layer(cnn_paster *p, cnn_module *m, const cnn_py *in, const cnn_py_node *place,
                     cnn_py *out)
{
    if (m->row->apply == NULL) {
        return cnn_keras_join(p, m, in, out);
    }
    if (in->kind != CNN_PY_TENSOR) {
        const bool list = in->kind == CNN_PY_LIST && in->items->count == 1;
        return list ? cnn_apply_one(p, m, &in->items->at[0], place, out)
                    : cnn_not_followed(p, cnn_module_span(m));
    }
    const cnn_tensor *tensor = in->tensor;
    cnn_tensor *result;
    if (!adapt_format(p, m, &tensor) || !m->row->apply(p, m, tensor, place, &result)) {
        return false;
    }
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = result};
    bool indices = false;
    if (cnn_arg(m, "return_indices") != NULL && !cnn_arg_true(p, m, "return_indices", &indices)) {
        return false;
    }
    if (indices) {
        const cnn_py value = *out;
        const cnn_py data = cnn_py_opaque("data");
        return cnn_py_items(p, CNN_PY_TUPLE, 2, out) && cnn_py_append(p, out->items, &value) &&
               cnn_py_append(p, out->items, &data);
    }
    return true;
}

bool cnn_apply_one(cnn_paster *p, cnn_module *m, const cnn_py *in, const cnn_py_node *place,
                   cnn_py *out)
{
    const cnn_py *forward = cnn_forward_of(m->type);
    bool done;
    if (++p->depth > CNN_PASTE_DEPTH) { /* a container that holds itself */
        return cnn_fail_numbers(p->err, CNN_E_PASTE_CALLS, cnn_module_span(m), CNN_PASTE_CALLS, 0);
    }
    m->added = 0;
    if (forward != NULL) {
        cnn_argument arg = {.value = *in};
        const cnn_py_node call = {.span = cnn_module_span(m)};
        const cnn_arguments args = {&arg, 1, &call};
        done = cnn_call_function(p, forward->function, m, &args, out);
    } else if (m->row != NULL) {
        done = cnn_apply_layer(p, m, in, place, out);
    } else if (m->container == CNN_CONTAINER_GRAPH) {
        cnn_tensor *result;
        done = cnn_graph_replay(p, m, in, &result);
        *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = result};
    } else if (m->container == CNN_CONTAINER_LIST || m->container == CNN_CONTAINER_DICT) {
        done = cnn_paste_refuse(p, cnn_module_span(m), cnn_text_of("a list of modules"),
                                "cannot be called; its elements can");
    } else {
        done = in_order(p, m, in, out);
    }
    p->depth--;
    m->uses += done;
    return done;
}

typedef struct application {
    cnn_module *module;
    const cnn_arguments *args;
} application;

static bool apply_again(cnn_paster *p, void *user, cnn_py *out)
{
    const application *a = user;
    return cnn_apply(p, a->module, a->args, out);
}

/* A module that is asked what it gives for samples; the first call specifies what enters the
 * network. */
static bool apply_to_samples(cnn_paster *p, cnn_module *m, const cnn_arguments *args, cnn_py *out)
{
    cnn_py *samples = NULL;
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_py *value = &args->at[i].value;
        if (p->walked && value->kind == CNN_PY_NAME) { /* a parameter of forward */
            return cnn_paste_fail(p, CNN_E_PASTE_INPUTS, value->origin, value->text, (cnn_text){0});
        }
        if (args->at[i].value.kind == CNN_PY_SAMPLES) {
            samples = samples == NULL ? &args->at[i].value : samples;
        }
    }
    *out = cnn_py_opaque("the result of a call");
    if (samples == NULL) {
        return true;
    }
    const cnn_py before = *samples;
    if (p->hinted.kind == CNN_PY_NONE) {
        p->hinted = before;
        p->hint = before.origin;
        for (int32_t i = 1; i < args->count && samples == &args->at[0].value; i++) {
            if (!cnn_py_append(p, &p->hinted_more, &args->at[i].value)) {
                return false;
            }
        }
    }
    application again = {m, args};
    bool done;
    const bool fine = cnn_samples_run(p, samples, apply_again, &again, &done, out);
    *samples = before;
    return fine;
}

bool cnn_unpool_size(cnn_paster *p, cnn_module *m, const cnn_py *size, cnn_span span, cnn_py *out)
{
    if (size == NULL || !cnn_py_is_list(size) || out->kind != CNN_PY_TENSOR) {
        return true;
    }
    const cnn_items *sizes = size->items;
    const cnn_shape *shape = &out->tensor->shape;
    int64_t none[CNN_AXES] = {0}, after[CNN_AXES] = {0};
    if (sizes->count < shape->axes) {
        return cnn_not_followed(p, span);
    }
    for (int32_t i = 0; i < shape->axes; i++) {
        const cnn_py *side = &sizes->at[sizes->count - shape->axes + i];
        if (!cnn_whole(p, side, NULL, cnn_text_of("output_size"), &after[i])) {
            return false;
        }
        if (after[i] < 1 || after[i] > INT32_MAX) {
            return cnn_not_followed(p, span);
        }
        after[i] -= shape->side[i];
    }
    return cnn_flow_pad(p, m, out->tensor, none, after, NULL, &out->tensor);
}

bool cnn_apply(cnn_paster *p, cnn_module *m, const cnn_arguments *args, cnn_py *out)
{
    const cnn_py *tensor = tensor_among(args);
    const cnn_py *forward = cnn_forward_of(m->type);
    const bool plain = m->type != NULL && m->type->foreign.size == 0; /* an object with __call__ */
    if (tensor == NULL && (!plain || forward == NULL)) {
        return apply_to_samples(p, m, args, out);
    }
    if (forward == NULL) {
        const cnn_py_node *place = args->count > 0 ? args->at[0].node : NULL;
        const bool unpools = m->row != NULL && m->row->op != NULL &&
                             cnn_word_is(cnn_text_of(m->row->op), "maxunpool");
        const cnn_py *size = NULL;
        for (int32_t i = 0; i < args->count && unpools; i++) {
            size = cnn_word_is(args->at[i].name, "output_size") ? &args->at[i].value : size;
        }
        return cnn_apply_one(p, m, tensor, place, out) &&
               cnn_unpool_size(p, m, size, args->call->span, out);
    }
    if (!cnn_call_function(p, forward->function, m, args, out)) {
        return false;
    }
    m->uses++;
    return true;
}
