/*
 * Tensors that the text makes itself, of known sizes: torch.randn(1, 3, 32, 32). A class asks with
 * them what its layers give: what is applied to them builds a network that is thrown away, and the
 * sizes remain.
 */
#include "base/checked.h"
#include "paste/flow.h"

enum { MOST = CNN_AXES + 2 }; /* axes, with the batch */

/* Outside of classes a call only shows the size of the input. */
static bool in_method(const cnn_paster *p)
{
    for (const cnn_frame *frame = p->frame; frame != NULL; frame = frame->outer) {
        if (frame->self != NULL) {
            return true;
        }
    }
    return false;
}

/* The sizes; false: one of them is not known, or there are too many. */
static bool numbers_of(const cnn_py *samples, int64_t *axis, int32_t *count)
{
    *count = samples->items->count;
    for (int32_t i = 0; i < *count && i < MOST; i++) {
        axis[i] = samples->items->at[i].kind == CNN_PY_INT ? samples->items->at[i].number : 0;
        if (axis[i] < 1) {
            return false;
        }
    }
    return *count <= MOST;
}

/* How many values they hold; false: not all sizes are known, or they are too many. */
static bool values_of(const cnn_py *samples, int64_t *out)
{
    int64_t axis[MOST];
    int32_t count;
    bool fits = numbers_of(samples, axis, &count);
    *out = 1;
    for (int32_t i = 0; fits && i < count; i++) {
        fits = cnn_checked_mul(*out, axis[i], out);
    }
    return fits;
}

static bool samples_of(cnn_paster *p, const int64_t *axis, int32_t count, cnn_span span,
                       cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_SAMPLES, count, out)) {
        return false;
    }
    out->origin = span;
    for (int32_t i = 0; i < count; i++) {
        out->items->at[out->items->count++] = cnn_py_int(axis[i], span);
    }
    return true;
}

/* What came out of the network that is thrown away: its sizes. */
static bool sizes_of(cnn_paster *p, int64_t batch, cnn_span span, cnn_py *value)
{
    if (value->kind == CNN_PY_TENSOR) {
        const cnn_shape *shape = &value->tensor->shape;
        int64_t axis[MOST] = {batch, shape->channels};
        memcpy(axis + 2, shape->side, sizeof shape->side);
        return samples_of(p, axis, shape->axes + 2, span, value);
    }
    const bool list = cnn_py_is_list(value);
    for (int32_t i = 0; list && i < value->items->count; i++) {
        if (value->items->at[i].kind == CNN_PY_TENSOR &&
            !sizes_of(p, batch, span, &value->items->at[i])) {
            return false;
        }
    }
    return true;
}

bool cnn_samples_shape(const cnn_py *samples, cnn_shape *out)
{
    int64_t axis[MOST] = {0};
    int32_t count;
    const bool known = numbers_of(samples, axis, &count) && count >= 2;
    *out = (cnn_shape){.channels = axis[1], .axes = known ? count - 2 : 0};
    for (int32_t i = 0; i < out->axes; i++) {
        out->side[i] = axis[i + 2];
    }
    return known;
}

bool cnn_samples_run(cnn_paster *p, cnn_py *samples, cnn_sample_run *run, void *user, bool *done,
                     cnn_py *out)
{
    cnn_shape shape;
    *done = p->framework != CNN_KERAS && in_method(p) && cnn_samples_shape(samples, &shape);
    if (!*done) {
        return true;
    }
    const int64_t batch = samples->items->at[0].number;
    unsigned char *const low = p->arena->low;
    cnn_aside aside;
    cnn_tensor *input;
    cnn_aside_begin(p, &aside);
    bool fine = cnn_flow_begin(p, &shape, samples->origin, &input);
    if (fine) {
        *samples = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = input};
        fine = run(p, user, out) && sizes_of(p, batch, (cnn_span){0, 0}, out);
    }
    cnn_aside_end(p, &aside);
    /* The layers, at the low end, are dropped; the sizes, at the high end, stay. */
    p->arena->low = low;
    return fine;
}

/* ---- what is asked of them ---- */

static bool sizes(cnn_paster *p, const cnn_py *object, cnn_py *out)
{
    if (!cnn_py_items(p, CNN_PY_TUPLE, object->items->count, out)) {
        return false;
    }
    for (int32_t i = 0; i < object->items->count; i++) {
        out->items->at[out->items->count++] = object->items->at[i];
    }
    return true;
}

/* x.view(-1, 1, 50, 50): all sizes are known, that of the batch too. */
static bool view(cnn_paster *p, const cnn_py *object, const cnn_arguments *args, cnn_py *out)
{
    int64_t axis[MOST], values, product = 1;
    int32_t open = -1;
    cnn_items wanted;
    if (!cnn_arguments_listed(p, args, &wanted) || !values_of(object, &values) ||
        wanted.count > MOST) {
        return cnn_not_followed(p, args->call->span);
    }
    for (int32_t i = 0; i < wanted.count; i++) {
        if (!cnn_whole(p, &wanted.at[i], NULL, cnn_text_of("a view"), &axis[i])) {
            return false;
        }
        if (axis[i] == -1 && open < 0) {
            open = i;
        } else if (axis[i] < 1 || !cnn_checked_mul(product, axis[i], &product)) {
            return cnn_not_followed(p, args->call->span);
        }
    }
    if (values % product != 0 || (open < 0 && values != product)) {
        return cnn_not_followed(p, args->call->span);
    }
    if (open >= 0) {
        axis[open] = values / product;
    }
    return samples_of(p, axis, wanted.count, args->call->span, out);
}

static bool count_values(cnn_paster *p, const cnn_py *object, cnn_span span, cnn_py *out)
{
    int64_t values;
    const bool fits = values_of(object, &values);
    *out = cnn_py_int(values, span);
    return fits || cnn_not_followed(p, span);
}

bool cnn_samples_attribute(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                           cnn_py *out)
{
    if (cnn_word_is(node->text, "shape")) {
        return sizes(p, object, out);
    }
    *out = *object;
    if (!cnn_word_is(node->text, "data")) {
        *out = (cnn_py){.kind = CNN_PY_OPAQUE, .text = node->text, .origin = node->span};
    }
    return true;
}

/* x[0] has one axis less; all other indices give data. */
bool cnn_samples_index(cnn_paster *p, const cnn_py_node *node, const cnn_py *object,
                       const cnn_py *index, cnn_py *out)
{
    int64_t axis[MOST] = {0};
    int32_t count;
    if (object->self != NULL) {
        return cnn_parameter_index(p, node, object, index, out);
    }
    if (index->kind != CNN_PY_INT || !numbers_of(object, axis, &count) || count < 1) {
        *out = cnn_py_opaque("data");
        return true;
    }
    return samples_of(p, axis + 1, count - 1, node->span, out);
}

/* ---- functions and methods ---- */

typedef struct call {
    cnn_text name;
    cnn_arguments *args;
    cnn_py object; /* of a method */
    bool found;
} call;

static bool run_method(cnn_paster *p, void *user, cnn_py *out)
{
    call *c = user;
    return cnn_tensor_method(p, &c->object, c->name, c->args, out);
}

bool cnn_samples_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                        cnn_py *out)
{
    static const char *const same[] = {"to",    "cuda",   "cpu",        "float",          "type",
                                       "clone", "double", "contiguous", "requires_grad_", "detach"};
    bool found = false;
    if (object->self != NULL && !cnn_parameter_method(p, object, name, args, &found, out)) {
        return false;
    }
    if (found) {
        return true;
    }
    *out = *object;
    for (size_t i = 0; i < CNN_LENGTH(same); i++) {
        if (cnn_word_is(name, same[i])) {
            return true;
        }
    }
    if (cnn_word_is(name, "size")) {
        cnn_py all;
        if (!sizes(p, object, &all)) {
            return false;
        }
        *out = all;
        return args->count == 0 || cnn_index(p, args->call, &all, &args->at[0].value, out);
    }
    if (cnn_word_is(name, "numel") || cnn_word_is(name, "nelement")) {
        return count_values(p, object, args->call->span, out);
    }
    if (cnn_word_is(name, "view") || cnn_word_is(name, "reshape")) {
        if (!view(p, object, args, out)) {
            return false;
        }
        out->self = object->self;
        return true;
    }
    call c = {.name = name, .args = args, .object = *object};
    bool done;
    return cnn_samples_run(p, &c.object, run_method, &c, &done, out);
}

static bool run_function(cnn_paster *p, void *user, cnn_py *out)
{
    call *c = user;
    const cnn_py name = {.kind = CNN_PY_NAME, .text = c->name};
    return cnn_tensor_function(p, &name, c->args, &c->found, out);
}

bool cnn_samples_function(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found,
                          cnn_py *out)
{
    call c = {.name = name, .args = args};
    bool done;
    const cnn_py before = args->at[0].value;
    const bool fine = cnn_samples_run(p, &args->at[0].value, run_function, &c, &done, out);
    /* cnn_samples_run has put the tensor of its network there. */
    args->at[0].value = before;
    *found = c.found;
    return fine;
}
