/*
 * Functions that take their weights as arguments: F.conv2d(x, self.weight, self.bias, self.stride).
 * The weights are those of a layer, which is applied then with the function's arguments, or an
 * nn.Parameter, of which a layer is made.
 */
#include <string.h>

#include "base/checked.h"
#include "paste/tensor.h"

enum { MOST = 12 }; /* arguments of a layer that is made */

/* What both a function and its layer take. */
static const char *const shared[] = {"stride", "padding", "output_padding",   "dilation",
                                     "groups", "eps",     "normalized_shape", "num_groups"};

static bool is_given(const cnn_py *value)
{
    return value != NULL && value->kind != CNN_PY_NONE &&
           !(value->kind == CNN_PY_BOOL && value->number == 0); /* bias=False of a layer */
}

/* The layer's weights, as its forward would use them, but the arguments of the call. */
static bool apply_layer(cnn_request *r, const cnn_module *m, cnn_module *layer)
{
    cnn_py before[CNN_PASTE_ARGS];
    cnn_py *const mode = (cnn_py *)cnn_arg(layer, "padding_mode");
    cnn_tensor *tensor;
    memcpy(before, layer->args, sizeof before);
    for (size_t i = 0; i < CNN_LENGTH(shared); i++) {
        const cnn_py *value = cnn_arg(m, shared[i]);
        cnn_py *own = (cnn_py *)cnn_arg(layer, shared[i]);
        if (value != NULL && own != NULL) {
            *own = *value;
        }
    }
    if (mode != NULL) { /* the functions pad with zeros */
        *mode = (cnn_py){.kind = CNN_PY_STRING, .text = cnn_text_of("zeros")};
    }
    layer->added = 0;
    const bool done = layer->row->apply(r->p, layer, r->in, NULL, &tensor);
    memcpy(layer->args, before, sizeof before);
    layer->uses++;
    return done && cnn_request_give(r, tensor);
}

/* ---- of a parameter ---- */

static void add(cnn_arguments *args, const char *name, const cnn_py *value)
{
    args->at[args->count++] = (cnn_argument){.name = cnn_text_of(name), .value = *value};
}

/* The sizes of the weights: the first and the second one by their names in the layer, the kernel
 * after them. */
static bool add_sizes(cnn_request *r, const cnn_module *m, const cnn_items *sizes,
                      cnn_arguments *args)
{
    static const struct {
        const char *kind, *names[2];
        bool grouped; /* the second size is that of one group */
    } kinds[] = {
        {"Conv#d", {"out_channels", "in_channels"}, true},
        {"ConvTranspose#d", {"in_channels", "out_channels"}, true},
        {"Linear", {"out_features", "in_features"}, false},
        {"LayerNorm", {NULL}, false},
        {"GroupNorm", {"num_channels"}, false},
        {"PReLU", {"num_parameters"}, false},
    };
    size_t kind = 0;
    int32_t axes;
    int64_t groups = 1;
    while (kind < CNN_LENGTH(kinds) && !cnn_row_matches(kinds[kind].kind, m->kind, &axes)) {
        kind++;
    }
    if (kind == CNN_LENGTH(kinds)) {
        return cnn_not_followed(r->p, r->span);
    }
    const bool grouped = kinds[kind].grouped;
    if ((grouped && sizes->count != axes + 2) ||
        (grouped && !cnn_arg_int(r->p, m, "groups", &groups))) {
        return cnn_not_followed(r->p, r->span);
    }
    for (int32_t i = 0; i < 2 && kinds[kind].names[i] != NULL; i++) {
        if (i >= sizes->count) {
            return cnn_not_followed(r->p, r->span);
        }
        cnn_py size = sizes->at[i];
        if (i == 1 && !cnn_checked_mul(size.number, groups, &size.number)) {
            return cnn_not_followed(r->p, r->span);
        }
        add(args, kinds[kind].names[i], &size);
    }
    cnn_py kernel;
    if (!grouped) {
        return true;
    }
    if (!cnn_py_items(r->p, CNN_PY_TUPLE, axes, &kernel)) {
        return false;
    }
    for (int32_t i = 2; i < sizes->count; i++) {
        kernel.items->at[kernel.items->count++] = sizes->at[i];
    }
    add(args, "kernel_size", &kernel);
    return true;
}

static bool apply_parameter(cnn_request *r, const cnn_module *m, const cnn_framework_row *row,
                            const cnn_py *weight)
{
    static const char *const affine[] = {"affine", "elementwise_affine"};
    cnn_argument at[MOST];
    cnn_arguments args = {.at = at, .call = m->call};
    const cnn_py *bias = cnn_arg(m, "bias");
    const cnn_py biased = cnn_py_bool(is_given(bias)), learns = cnn_py_bool(true);
    cnn_module *layer;
    cnn_tensor *tensor;
    if (!cnn_parameter_take(r->p, weight->self) ||
        (is_given(bias) && !cnn_parameter_take(r->p, bias->self))) {
        return cnn_paste_refuse(r->p, r->span, m->called, "uses weights again");
    }
    if (!add_sizes(r, m, weight->items, &args)) {
        return false;
    }
    for (size_t i = 0; i < CNN_LENGTH(shared); i++) {
        const cnn_py *value = cnn_arg(m, shared[i]);
        if (value != NULL && cnn_row_takes(row, cnn_text_of(shared[i]))) {
            add(&args, shared[i], value);
        }
    }
    if (cnn_row_takes(row, cnn_text_of("bias"))) {
        add(&args, "bias", &biased);
    }
    for (size_t i = 0; i < CNN_LENGTH(affine); i++) {
        if (cnn_row_takes(row, cnn_text_of(affine[i]))) {
            add(&args, affine[i], &learns);
        }
    }
    if (!cnn_row_make(r->p, row, m->axes, m->kind, &args, &layer)) {
        return false;
    }
    layer->called = m->called;
    layer->name = weight->self->name;
    return row->apply(r->p, layer, r->in, NULL, &tensor) && cnn_request_give(r, tensor);
}

bool cnn_request_weights(cnn_request *r, cnn_module *m, bool *found)
{
    static const char *const names[] = {"weight", "bias", "running_mean", "running_var"};
    const cnn_py *weight = NULL;
    const cnn_py_node *place = NULL;
    int32_t ignored;
    for (size_t i = 0; i < CNN_LENGTH(names) && weight == NULL; i++) {
        const cnn_py *value = cnn_arg(m, names[i]);
        weight = is_given(value) ? value : NULL;
        place = weight != NULL ? cnn_arg_place(m, names[i]) : NULL;
    }
    *found = weight != NULL;
    if (weight == NULL) {
        return true;
    }
    const cnn_framework_row *row = cnn_row_find(&cnn_torch_rows, m->kind, &ignored);
    const cnn_py *bias = cnn_arg(m, "bias");
    const bool biased = is_given(bias);
    cnn_module *layer = weight->kind == CNN_PY_OPAQUE ? weight->self : NULL;
    if (layer != NULL && layer->row == row && (!biased || bias->self == layer)) {
        return apply_layer(r, m, layer);
    }
    if (cnn_py_parameter(weight) != NULL && weight == cnn_arg(m, "weight") &&
        (!biased || cnn_py_parameter(bias) != NULL)) {
        return apply_parameter(r, m, row, weight);
    }
    return cnn_paste_refuse(r->p, place != NULL ? place->span : r->span, m->called,
                            "takes these weights as arguments, which are not followed");
}
