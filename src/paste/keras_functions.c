/* Functions of TensorFlow and Keras' backend that do what a layer does: tf.nn.max_pool2d(x, 2, 2,
 * 'SAME'), tf.image.resize(x, (8, 8)), tf.pad(x, [[0, 0], [1, 1], [1, 1], [0, 0]]). */
#include "paste/flow.h"

/* The arguments that a function takes, in their order, and those of the layer; "": not needed. */
typedef struct function {
    const char *names; /* with "|" between them */
    const char *layer;
    const char *takes[3], *gives[3];
} function;

static const function functions[] = {
    {"max_pool2d|max_pool",
     "MaxPooling2D",
     {"ksize", "strides", "padding"},
     {"pool_size", "strides", "padding"}},
    {"avg_pool2d|avg_pool",
     "AveragePooling2D",
     {"ksize", "strides", "padding"},
     {"pool_size", "strides", "padding"}},
    {"max_pool1d",
     "MaxPooling1D",
     {"ksize", "strides", "padding"},
     {"pool_size", "strides", "padding"}},
    {"avg_pool1d",
     "AveragePooling1D",
     {"ksize", "strides", "padding"},
     {"pool_size", "strides", "padding"}},
    {"resize", "Resizing", {"size", "", ""}, {"height", "width", ""}},
    {"pad", "ZeroPadding2D", {"paddings", "", ""}, {"padding", "", ""}},
};

static const function *find(cnn_text name)
{
    int32_t ignored;
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (cnn_row_matches(functions[i].names, name, &ignored)) {
            return &functions[i];
        }
    }
    return NULL;
}

/* Of the batch and the channels nothing may be taken: 1 in a window, [0, 0] in a padding. */
static bool is_whole(const cnn_py *end)
{
    if (!cnn_py_is_list(end)) {
        return end->kind == CNN_PY_INT && end->number == 1;
    }
    bool none = true;
    for (int32_t i = 0; i < end->items->count; i++) {
        const cnn_py *one = &end->items->at[i];
        none = none && one->kind == CNN_PY_INT && one->number == 0;
    }
    return none;
}

/* [1, 2, 2, 1] and [[0, 0], [1, 1], [1, 1], [0, 0]] without the batch and the channels. */
static bool without_ends(cnn_paster *p, const cnn_py *value, int32_t axes, cnn_span span,
                         cnn_py *out)
{
    const int32_t count = cnn_py_is_list(value) ? value->items->count : 0;
    const bool pairs = count > 0 && cnn_py_is_list(&value->items->at[0]);
    *out = *value;
    if (count != axes + 2) {
        return !pairs || cnn_not_followed(p, span);
    }
    if (!is_whole(&value->items->at[0]) || !is_whole(&value->items->at[count - 1])) {
        return cnn_not_followed(p, span);
    }
    if (!cnn_py_items(p, CNN_PY_LIST, axes, out)) {
        return false;
    }
    for (int32_t i = 1; i <= axes; i++) {
        if (!cnn_py_append(p, out->items, &value->items->at[i])) {
            return false;
        }
    }
    return true;
}

/* The layer's arguments from the function's: a size of two numbers is a height and a width. */
static bool translate(cnn_paster *p, const function *f, const cnn_arguments *args, int32_t axes,
                      cnn_arguments *to)
{
    for (int32_t i = 0; i < 3 && f->takes[i][0] != '\0'; i++) {
        const cnn_argument *arg = cnn_argument_find(args, f->takes[i], i + 1);
        const bool two = f->gives[1][0] != '\0' && f->takes[1][0] == '\0';
        if (arg == NULL || arg->value.kind == CNN_PY_NONE) {
            continue;
        }
        if (two && (!cnn_py_is_list(&arg->value) || arg->value.items->count != 2)) {
            return cnn_not_followed(p, args->call->span);
        }
        for (int32_t k = 0; k < (two ? 2 : 1); k++) {
            cnn_argument *one = &to->at[to->count++];
            *one = (cnn_argument){.name = cnn_text_of(f->gives[two ? k : i]), .node = arg->node};
            if (two) {
                one->value = arg->value.items->at[k];
            } else if (!without_ends(p, &arg->value, axes, args->call->span, &one->value)) {
                return false;
            }
        }
    }
    return true;
}

bool cnn_tensorflow_function(cnn_paster *p, cnn_text name, const cnn_arguments *args, bool *found,
                             cnn_py *out)
{
    const function *f = find(name);
    const cnn_py *in = args->count > 0 ? &args->at[0].value : NULL;
    const bool asks = cnn_word_is(name, "int_shape") || cnn_word_is(name, "shape");
    *found = in != NULL && in->kind == CNN_PY_TENSOR && (f != NULL || asks);
    if (!*found || asks) {
        return !*found || cnn_tensor_shape(p, in->tensor, out);
    }
    int32_t axes;
    const cnn_framework_row *row = cnn_row_find(&cnn_keras_rows, cnn_text_of(f->layer), &axes);
    cnn_argument room[4];
    cnn_arguments translated = {.at = room, .call = args->call};
    cnn_module *module;
    return translate(p, f, args, axes, &translated) &&
           cnn_row_make(p, row, axes, cnn_text_of(f->layer), &translated, &module) &&
           cnn_apply_one(p, module, in, args->call, out);
}
