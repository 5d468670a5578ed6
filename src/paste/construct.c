/* Constructors of frameworks: layers, containers, inputs, and names that make none of them. */
#include "paste/flow.h"

/* Model(inputs, outputs) */
static bool make_graph(cnn_paster *p, cnn_module *module, const cnn_arguments *args)
{
    int32_t position = 0;
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const bool in = cnn_word_is(arg->name, "inputs") || cnn_word_is(arg->name, "input");
        const bool out = cnn_word_is(arg->name, "outputs") || cnn_word_is(arg->name, "output");
        if (in || (arg->name.size == 0 && position == 0)) {
            module->inputs = arg->value;
        } else if (out || (arg->name.size == 0 && position == 1)) {
            module->outputs = arg->value;
        }
        position += arg->name.size == 0;
    }
    const bool list = cnn_py_is_list(&module->outputs);
    if (list && module->outputs.items->count > 0) {
        module->ends = module->outputs.items;
        module->outputs = module->outputs.items->at[0];
    }
    if (module->outputs.kind != CNN_PY_TENSOR) {
        return cnn_not_followed(p, args->call->span);
    }
    module->layers = p->net->layers;
    return true;
}

bool cnn_paste_contains(cnn_text text, const char *word)
{
    const size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.data + i, word, size) == 0) {
            return true;
        }
    }
    return false;
}

/* By the prefix of the name, else by the text as a whole. */
static cnn_framework framework_of(const cnn_paster *p, const cnn_py *name)
{
    cnn_text prefix = cnn_text_part(p->text, name->origin);
    prefix.size -= prefix.size > name->text.size ? name->text.size : prefix.size;
    if (cnn_paste_contains(prefix, "keras") || cnn_paste_contains(prefix, "tf.") ||
        cnn_paste_contains(prefix, "layers.")) {
        return CNN_KERAS;
    }
    return cnn_paste_contains(prefix, "nn.") || cnn_paste_contains(prefix, "torch") ? CNN_TORCH
                                                                                    : p->framework;
}

bool cnn_keras1_side(cnn_text name)
{
    return cnn_word_is(name, "nb_row") || cnn_word_is(name, "nb_col") ||
           (name.size == 11 && cnn_word_begins(name, "kernel_dim"));
}

bool cnn_keras1_kernel(cnn_paster *p, cnn_text name, cnn_arguments *args)
{
    const int32_t axes = cnn_paste_contains(name, "2D")   ? 2
                         : cnn_paste_contains(name, "3D") ? 3
                                                          : 0;
    cnn_arguments kept = {.call = args->call};
    cnn_py sides;
    int32_t positional = 0, first = -1;
    if (!cnn_paste_contains(name, "onv") || axes == 0 ||
        !cnn_py_items(p, CNN_PY_TUPLE, axes, &sides)) {
        return p->err->code == CNN_OK;
    }
    while (positional < args->count && args->at[positional].name.size == 0 &&
           args->at[positional].value.kind == CNN_PY_INT) {
        positional++;
    }
    const bool fold = positional > axes && (cnn_paste_contains(name, "onvolution") || p->keras1);
    const bool square = positional == 3 && args->at[2].value.number > 1 &&
                        args->at[1].value.number == args->at[2].value.number;
    if (axes == 2 && !fold && square &&
        !cnn_paste_remark(p, args->call->span,
                          "{a}(n, 3, 3) is read as Keras 2 reads it, with stride 3; in Keras 1 the "
                          "kernel is 3x3: write (3, 3)",
                          name)) {
        return false;
    }
    kept.at = cnn_paste_take(p, (size_t)args->count + 1, sizeof *kept.at);
    if (kept.at == NULL) {
        return false;
    }
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        if (!(fold && i > 0 && i <= axes) && !cnn_keras1_side(arg->name)) {
            kept.at[kept.count++] = *arg;
            continue;
        }
        if (first < 0) {
            first = kept.count;
            kept.at[kept.count++] = (cnn_argument){
                .name = cnn_text_of(arg->name.size > 0 ? "kernel_size" : ""), .node = arg->node};
        }
        if (!cnn_py_append(p, sides.items, &arg->value)) {
            return false;
        }
    }
    if (first >= 0) {
        kept.at[first].value = sides;
    }
    *args = kept;
    return true;
}

/* keras.Input(shape=...): the flow of layers begins. */
static bool make_input(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    const cnn_py *shape = NULL;
    bool batched = false;
    cnn_text name = {0};
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        name = cnn_word_is(arg->name, "name") ? arg->value.text : name;
        batched |= cnn_word_is(arg->name, "batch_shape");
        if (cnn_word_is(arg->name, "shape") || cnn_word_is(arg->name, "batch_shape") ||
            (arg->name.size == 0 && i == 0)) {
            shape = &arg->value;
        }
    }
    cnn_shape input;
    cnn_tensor *tensor;
    if (shape == NULL) {
        return cnn_not_followed(p, args->call->span);
    }
    if (!cnn_keras_shape(p, shape, batched, p->channels_first, args->call->span, &input) ||
        !cnn_flow_input(p, &input, name, args->call->span, &tensor)) {
        return false;
    }
    tensor->first = p->channels_first;
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

static bool container(cnn_paster *p, cnn_container kind, cnn_arguments *args, cnn_py *out)
{
    cnn_module *module = cnn_module_new(p, args->call);
    if (module == NULL) {
        return false;
    }
    module->container = kind;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
    return kind == CNN_CONTAINER_GRAPH ? make_graph(p, module, args)
                                       : cnn_module_append_all(p, module, args);
}

/* Functions that hand on the module they get. */
static bool wraps(cnn_text name)
{
    static const char *const names[] = {"DataParallel", "DistributedDataParallel", "compile",
                                        "spectral_norm", "script"};
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        if (cnn_word_is(name, names[i])) {
            return true;
        }
    }
    return false;
}

static bool is_loss(cnn_text name)
{
    return name.size > 4 && cnn_word_is((cnn_text){name.data + name.size - 4, 4}, "Loss");
}

/* summary(model, (3, 32, 32)) */
static void take_hint(cnn_paster *p, const cnn_arguments *args)
{
    for (int32_t i = 1; i < args->count; i++) {
        const cnn_argument *arg = &args->at[i];
        const bool list = cnn_py_is_list(&arg->value);
        if (list && (i == 1 || cnn_word_is(arg->name, "input_size")) &&
            p->hinted.kind == CNN_PY_NONE) {
            p->hinted = arg->value;
            p->hint = arg->node != NULL ? arg->node->span : args->call->span;
        }
    }
}

cnn_container cnn_container_named(cnn_text name)
{
    static const struct {
        const char *name;
        cnn_container kind;
    } containers[] = {{"Sequential", CNN_CONTAINER_SEQUENTIAL},
                      {"ModuleList", CNN_CONTAINER_LIST},
                      {"ModuleDict", CNN_CONTAINER_DICT}};
    for (size_t i = 0; i < CNN_LENGTH(containers); i++) {
        if (cnn_word_is(name, containers[i].name)) {
            return containers[i].kind;
        }
    }
    return CNN_CONTAINER_NONE;
}

static bool special(cnn_paster *p, const cnn_py *name, cnn_arguments *args, bool *found,
                    cnn_py *out)
{
    const cnn_container kind = cnn_container_named(name->text);
    *found = true;
    if (kind != CNN_CONTAINER_NONE) {
        return container(p, kind, args, out);
    }
    const cnn_framework framework = framework_of(p, name);
    if (framework == CNN_TORCH && cnn_word_is(name->text, "Parameter")) {
        return cnn_parameter_make(p, name, args, out);
    }
    if (framework == CNN_KERAS && cnn_word_is(name->text, "Input")) {
        return make_input(p, args, out);
    }
    if (framework == CNN_KERAS && cnn_word_is(name->text, "Model") && args->count > 0) {
        return container(p, CNN_CONTAINER_GRAPH, args, out);
    }
    const cnn_py *first = args->count > 0 ? &args->at[0].value : NULL;
    if (first != NULL && cnn_module_is_layer(first)) {
        if (wraps(name->text)) {
            *out = *first;
            return true;
        }
        if (cnn_word_is(name->text, "weight_norm")) {
            return cnn_paste_refuse(p, name->origin, cnn_text_part(p->text, name->origin),
                                    "adds parameters that are not counted here");
        }
        if (cnn_word_is(name->text, "summary")) {
            take_hint(p, args);
        }
    }
    *out = cnn_py_opaque("loss");
    *found = is_loss(name->text);
    return true;
}

/* set_image_data_format('channels_first'), set_image_dim_ordering('th') */
static void set_format(cnn_paster *p, const cnn_py *name, const cnn_arguments *args)
{
    if ((cnn_word_is(name->text, "set_image_data_format") ||
         cnn_word_is(name->text, "set_image_dim_ordering")) &&
        args->count > 0) {
        p->channels_first =
            cnn_py_is(&args->at[0].value, "channels_first") || cnn_py_is(&args->at[0].value, "th");
    }
}

bool cnn_construct(cnn_paster *p, const cnn_py *name, cnn_arguments *args, bool *found, cnn_py *out)
{
    const cnn_text whole = cnn_text_part(p->text, name->origin);
    int32_t axes;
    if (!special(p, name, args, found, out) || *found) {
        return p->err->code == CNN_OK;
    }
    set_format(p, name, args);
    const cnn_framework framework = framework_of(p, name);
    const cnn_framework_rows *rows = framework == CNN_KERAS ? &cnn_keras_rows : &cnn_torch_rows;
    const cnn_framework_row *row =
        cnn_paste_contains(whole, "transforms.") ? NULL : cnn_row_find(rows, name->text, &axes);
    const bool join = row == NULL && framework == CNN_KERAS;
    if (join && (!cnn_tensorflow_function(p, name->text, args, found, out) || *found)) {
        return p->err->code == CNN_OK;
    }
    if (join && args->count > 0 && args->at[0].value.kind == CNN_PY_LIST) {
        return cnn_keras_function(p, name->text, args, found, out); /* add([a, b]) */
    }
    if (row == NULL) {
        return true;
    }
    *found = true;
    if (framework == CNN_KERAS && !cnn_keras1_kernel(p, name->text, args)) {
        return false;
    }
    cnn_module *module;
    if (row->refused) {
        return cnn_paste_refuse(p, name->origin, whole, row->brief);
    }
    if (!cnn_row_make(p, row, axes, name->text, args, &module)) {
        return false;
    }
    module->name = framework == CNN_KERAS ? module->title : (cnn_text){0};
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
    return true;
}
