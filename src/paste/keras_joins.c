/* Several tensors of Keras as one: Add()([a, b]), add([a, b]), merge([a, b], mode='sum'). */
#include "paste/flow.h"

/* How tensors become one: a join of the language, or the product of two vectors as one value. */
typedef struct way {
    const char *name, *op; /* NULL: that product */
} way;

/* The functions of Keras 2 and of TensorFlow. */
static const way functions[] = {{"add", "add"},         {"subtract", "add"}, {"average", "add"},
                                {"maximum", "add"},     {"minimum", "add"},  {"multiply", "mul"},
                                {"concatenate", "cat"}, {"concat", "cat"},   {"dot", NULL},
                                {"merge", "add"}};

/* The modes of Keras 1. */
static const way modes[] = {{"sum", "add"}, {"ave", "add"},    {"max", "add"}, {"min", "add"},
                            {"mul", "mul"}, {"concat", "cat"}, {"dot", NULL},  {"cos", NULL}};

static const way *find(const way *ways, size_t count, cnn_text name)
{
    for (size_t i = 0; i < count; i++) {
        if (cnn_word_is(name, ways[i].name)) {
            return &ways[i];
        }
    }
    return NULL;
}

static bool mode_of(cnn_paster *p, const cnn_py *mode, cnn_span span, const char **op)
{
    const bool named = mode->kind == CNN_PY_STRING;
    const way *found = named ? find(modes, CNN_LENGTH(modes), mode->text) : NULL;
    if (found == NULL) {
        return cnn_paste_refuse(p, span, named ? mode->text : cnn_text_of("this mode"),
                                "is no mode of merge that is computed: write sum, mul, concat, "
                                "ave, max, dot or cos");
    }
    *op = found->op;
    return true;
}

/* Of two vectors, also of those of length 1 (cos). */
static bool product(cnn_paster *p, const cnn_items *items, const cnn_py_node *place, cnn_py *out)
{
    const cnn_shape *a = &items->at[0].tensor->shape,
                    *b = &items->at[items->count - 1].tensor->shape;
    if (items->count != 2 || a->axes > 0 || !cnn_tensors_alike(a, b)) {
        return cnn_paste_refuse(p, place->span, cnn_text_of("a dot product"),
                                "is computed of two vectors of one length: flatten them first");
    }
    if (!cnn_tensor_join(p, "mul", place, items->at, items->count, out)) {
        return false;
    }
    const cnn_tensor *products = out->tensor;
    const cnn_known_layer known = {.what = "reduce", .out = {.channels = 1}};
    return cnn_flow_known(p, &known, &products, NULL, place->span, &out->tensor);
}

/* `axis` matters where they are put side by side; NULL op: the product. */
static bool join(cnn_paster *p, const cnn_items *items, const char *op, int64_t axis,
                 const cnn_py_node *place, cnn_py *out)
{
    for (int32_t i = 0; i < items->count; i++) {
        if (items->at[i].kind != CNN_PY_TENSOR) {
            return cnn_not_followed(p, place->span);
        }
    }
    if (op == NULL) {
        return product(p, items, place, out);
    }
    const cnn_tensor *first = items->at[0].tensor;
    const int32_t rank = first->shape.axes + 2;
    const int64_t from = axis < 0 ? axis + rank : axis, channels = first->first ? 1 : rank - 1;
    if (cnn_word_is(cnn_text_of(op), "cat") && from != channels) {
        return cnn_tensor_cat_sides(p, items, from, channels, place, out);
    }
    return cnn_tensor_join(p, op, place, items->at, items->count, out);
}

/* What a join's row and its arguments specify. */
static bool way_of(cnn_paster *p, cnn_module *m, const char **op, int64_t *axis)
{
    const cnn_py *mode = cnn_arg(m, "mode"), *at = cnn_arg(m, "axis");
    *op = m->row->op;
    *axis = -1;
    return (mode == NULL || mode_of(p, mode, cnn_module_span(m), op)) &&
           (at == NULL || cnn_whole(p, at, m->call, m->kind, axis));
}

bool cnn_keras_join(cnn_paster *p, cnn_module *m, const cnn_py *in, cnn_py *out)
{
    const cnn_py_node place = {.span = cnn_module_span(m)};
    const char *op;
    int64_t axis;
    if (!cnn_py_is_list(in)) {
        /* An InputLayer, or a Merge whose branches have been joined. */
        const bool begun = m->inputs.kind == CNN_PY_TENSOR && in->kind == CNN_PY_TENSOR &&
                           m->inputs.tensor == in->tensor;
        *out = *in;
        return begun || cnn_word_is(m->kind, "InputLayer") || cnn_not_followed(p, place.span);
    }
    return in->items->count > 0
               ? way_of(p, m, &op, &axis) && join(p, in->items, op, axis, &place, out)
               : cnn_not_followed(p, place.span);
}

bool cnn_keras_merge(cnn_paster *p, cnn_module *m, const cnn_items *inputs, cnn_tensor **out)
{
    const cnn_items *branches = cnn_arg(m, "layers")->items;
    const cnn_py_node place = {.span = cnn_module_span(m)};
    cnn_items parts = {0};
    const char *op;
    int64_t axis;
    for (int32_t i = 0; i < branches->count; i++) {
        cnn_py part;
        if (!cnn_apply_one(p, branches->at[i].module, &inputs->at[i], NULL, &part) ||
            !cnn_py_append(p, &parts, &part)) {
            return false;
        }
    }
    if (!way_of(p, m, &op, &axis) || !join(p, &parts, op, axis, &place, &m->inputs)) {
        return false;
    }
    *out = m->inputs.tensor;
    return true;
}

bool cnn_keras_function(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    const way *function = find(functions, CNN_LENGTH(functions), name);
    const cnn_items *items = args->at[0].value.items;
    *found = function != NULL && items->count > 0 && items->at[0].kind == CNN_PY_TENSOR;
    if (!*found) {
        return true;
    }
    const char *op = function->op;
    int64_t axis = -1;
    for (int32_t i = 1; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const bool second = arg->name.size == 0 && i == 1;
        const bool merge = cnn_word_is(name, "merge"),
                   cat = op != NULL && cnn_word_is(cnn_text_of(op), "cat");
        if (merge && (second || cnn_word_is(arg->name, "mode"))) {
            if (!mode_of(p, &arg->value, arg->node != NULL ? arg->node->span : args->call->span,
                         &op)) {
                return false;
            }
        } else if (((cat && (second || cnn_word_is(arg->name, "axis"))) ||
                    cnn_word_is(arg->name, "concat_axis")) &&
                   !cnn_whole(p, &arg->value, arg->node, name, &axis)) {
            return false;
        }
    }
    return join(p, items, op, axis, args->call, out);
}
