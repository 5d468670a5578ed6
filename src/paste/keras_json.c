/* What model.to_json() writes, and the model.json of TensorFlow.js: JSON is read as Python. */
#include "paste/root.h"

static const cnn_py *get(const cnn_py *dict, const char *key)
{
    const cnn_py name = {.kind = CNN_PY_STRING, .text = cnn_text_of(key)};
    return dict != NULL && dict->kind == CNN_PY_DICT ? cnn_dict_find(dict->items, &name) : NULL;
}

static bool is_list(const cnn_py *value)
{
    return value != NULL && value->kind == CNN_PY_LIST;
}

static bool is_string(const cnn_py *value)
{
    return value != NULL && value->kind == CNN_PY_STRING;
}

static bool fail(cnn_paster *p)
{
    return cnn_fail(p->err, CNN_E_PASTE_JSON, (cnn_span){0, 0});
}

/* ---- layers ---- */

/* What a layer's row takes, and the shapes and names that all layers know. */
static bool takes(const cnn_framework_row *row, cnn_text key)
{
    static const char *const common[] = {"name", "batch_input_shape", "batch_shape", "input_shape"};
    for (size_t i = 0; i < CNN_LENGTH(common); i++) {
        if (cnn_word_is(key, common[i])) {
            return true;
        }
    }
    return cnn_row_takes(row, key) || cnn_keras1_side(key);
}

/* TensorFlow.js leaves the multiplier of separable convolutions out of its files. */
static bool remark_on_multiplier(cnn_paster *p, const cnn_framework_row *row, cnn_text kind,
                                 const cnn_py *config)
{
    const cnn_py *name = get(config, "name");
    if (!cnn_row_takes(row, cnn_text_of("depth_multiplier")) ||
        get(config, "depth_multiplier") != NULL) {
        return true;
    }
    return cnn_paste_remark(p, (cnn_span){0, 0},
                            "the file does not say depth_multiplier of {a}: 1 is taken",
                            name != NULL ? name->text : kind);
}

static bool make_layer(cnn_paster *p, cnn_text kind, const cnn_py *config, cnn_py *out)
{
    cnn_py_node *call = CNN_PASTE_NEW(p, cnn_py_node);
    cnn_arguments args = {.call = call};
    cnn_module *module;
    int32_t axes;
    const cnn_framework_row *row = cnn_row_find(&cnn_keras_rows, kind, &axes);
    if (row == NULL) {
        return cnn_paste_fail(p, CNN_E_PASTE_UNKNOWN, (cnn_span){0, 0}, kind, (cnn_text){0});
    }
    const int32_t count = config != NULL && config->kind == CNN_PY_DICT ? config->items->count : 0;
    args.at = cnn_paste_take(p, (size_t)count + 1, sizeof *args.at);
    if (call == NULL || args.at == NULL) {
        return false;
    }
    for (int32_t i = 0; i < count; i += 2) {
        const cnn_py *pair = &config->items->at[i];
        if (takes(row, pair[0].text)) {
            args.at[args.count++] = (cnn_argument){pair[0].text, pair[1], NULL};
        }
    }
    if (!remark_on_multiplier(p, row, kind, config) || !cnn_keras1_kernel(p, kind, &args) ||
        !cnn_row_make(p, row, axes, kind, &args, &module)) {
        return false;
    }
    module->name = module->title;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
    return true;
}

static bool make_model(cnn_paster *p, const cnn_py *model, cnn_py *out);

/* As deep as the JSON is nested, which is limited. */
static bool make(cnn_paster *p, const cnn_py *layer, cnn_py *out)
{
    const cnn_py *kind = get(layer, "class_name");
    if (!is_string(kind)) {
        return fail(p);
    }
    const bool model = cnn_word_is(kind->text, "Sequential") || cnn_word_is(kind->text, "Model") ||
                       cnn_word_is(kind->text, "Functional");
    return model ? make_model(p, layer, out) : make_layer(p, kind->text, get(layer, "config"), out);
}

/* ---- functional models ---- */

typedef struct nodes {
    cnn_items names; /* of layers, and besides each a list of what it gave, node by node */
} nodes;

/* A tensor by [name, node, index]. */
static const cnn_py *tensor_of(const nodes *all, const cnn_py *history)
{
    if (!is_list(history) || history->items->count < 2) {
        return NULL;
    }
    const cnn_py *outputs = cnn_dict_find(&all->names, &history->items->at[0]);
    const cnn_py *node = &history->items->at[1];
    if (outputs == NULL || node->kind != CNN_PY_INT || node->number < 0) {
        return NULL;
    }
    int64_t i = node->number;
    if (i == 0 && outputs->items->count > 0 && outputs->items->at[0].kind == CNN_PY_NONE) {
        i = 1; /* a model, by a version that does not count its own node */
    }
    return i < outputs->items->count ? &outputs->items->at[i] : NULL;
}

/* Keras 3 names tensors by {"class_name": "__keras_tensor__", "config": {"keras_history": [...]}},
 * inside of lists or not. */
static bool collect(cnn_paster *p, const nodes *all, const cnn_py *value, cnn_items *to)
{
    const cnn_py *history = get(get(value, "config"), "keras_history");
    const cnn_py *found = history != NULL ? tensor_of(all, history) : tensor_of(all, value);
    if (found != NULL) {
        return cnn_py_append(p, to, found);
    }
    if (value->kind == CNN_PY_DICT && history == NULL) {
        const cnn_py *args = get(value, "args");
        return args == NULL || collect(p, all, args, to);
    }
    for (int32_t i = 0; is_list(value) && i < value->items->count; i++) {
        if (!collect(p, all, &value->items->at[i], to)) {
            return false;
        }
    }
    return true;
}

static bool apply_node(cnn_paster *p, cnn_module *module, const cnn_items *in, cnn_items *outputs)
{
    cnn_py value, list = {.kind = CNN_PY_LIST, .items = (cnn_items *)in};
    if (in->count == 0) {
        return fail(p);
    }
    return cnn_apply_one(p, module, in->count == 1 ? &in->at[0] : &list, NULL, &value) &&
           cnn_py_append(p, outputs, &value);
}

static bool begin_input(cnn_paster *p, const cnn_py *layer, cnn_items *outputs)
{
    const cnn_py *config = get(layer, "config");
    const cnn_py *shape = get(config, "batch_input_shape");
    shape = shape != NULL ? shape : get(config, "batch_shape");
    cnn_shape input;
    cnn_tensor *tensor;
    if (shape == NULL) {
        return cnn_fail(p->err, CNN_E_PASTE_NO_INPUT, (cnn_span){0, 0});
    }
    const cnn_py *name = get(config, "name");
    const cnn_text label = name != NULL ? name->text : (cnn_text){0};
    if (!cnn_keras_shape(p, shape, true, false, (cnn_span){0, 0}, &input) ||
        !cnn_flow_input(p, &input, label, (cnn_span){0, 0}, &tensor)) {
        return false;
    }
    const cnn_py value = {.kind = CNN_PY_TENSOR, .tensor = tensor};
    return cnn_py_append(p, outputs, &value);
}

/* One layer with all the nodes at which it is applied. */
static bool read_layer(cnn_paster *p, nodes *all, const cnn_py *layer)
{
    const cnn_py *name = get(layer, "name");
    const cnn_py *inbound = get(layer, "inbound_nodes");
    cnn_py outputs, module;
    name = name != NULL ? name : get(get(layer, "config"), "name");
    if (!is_string(name) || !cnn_py_items(p, CNN_PY_LIST, 0, &outputs)) {
        return fail(p);
    }
    if (!cnn_py_append(p, &all->names, name) || !cnn_py_append(p, &all->names, &outputs)) {
        return false;
    }
    if (cnn_py_is(get(layer, "class_name"), "InputLayer")) {
        return begin_input(p, layer, outputs.items);
    }
    const cnn_py own = cnn_py_none();
    if (!make(p, layer, &module) ||
        (module.module->row == NULL && !cnn_py_append(p, outputs.items, &own))) {
        return false; /* node 0 of a model joins its own inputs to its outputs */
    }
    for (int32_t i = 0; is_list(inbound) && i < inbound->items->count; i++) {
        cnn_items in = {0};
        if (!collect(p, all, &inbound->items->at[i], &in) ||
            !apply_node(p, module.module, &in, outputs.items)) {
            return false;
        }
    }
    return true;
}

/* [["a", 0, 0], ["b", 0, 0]], or the only one without the outer brackets. */
static bool tensors_of(cnn_paster *p, const nodes *all, const cnn_py *list, cnn_py *out)
{
    if (list == NULL || !cnn_py_items(p, CNN_PY_LIST, 0, out)) {
        return fail(p);
    }
    const cnn_py *one = tensor_of(all, list);
    if (one != NULL) {
        return cnn_py_append(p, out->items, one);
    }
    for (int32_t i = 0; is_list(list) && i < list->items->count; i++) {
        const cnn_py *tensor = tensor_of(all, &list->items->at[i]);
        if (tensor == NULL || !cnn_py_append(p, out->items, tensor)) {
            return fail(p);
        }
    }
    return out->items->count > 0 || fail(p);
}

/* The model as a graph, which is replayed where it is applied. */
static bool read_functional(cnn_paster *p, const cnn_py *config, cnn_py *out)
{
    const cnn_py *layers = get(config, "layers");
    nodes all = {0};
    cnn_py ends;
    for (int32_t i = 0; is_list(layers) && i < layers->items->count; i++) {
        if (!read_layer(p, &all, &layers->items->at[i])) {
            return false;
        }
    }
    cnn_module *graph = cnn_module_new(p, NULL);
    if (graph == NULL || !tensors_of(p, &all, get(config, "input_layers"), &graph->inputs) ||
        !tensors_of(p, &all, get(config, "output_layers"), &ends)) {
        return false;
    }
    graph->container = CNN_CONTAINER_GRAPH;
    graph->ends = ends.items;
    graph->outputs = ends.items->at[0];
    graph->layers = p->net->layers;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = graph};
    return true;
}

/* ---- models ---- */

static bool make_model(cnn_paster *p, const cnn_py *model, cnn_py *out)
{
    const cnn_py *config = get(model, "config");
    const cnn_py *layers = is_list(config) ? config : get(config, "layers");
    if (!is_list(layers)) {
        return fail(p);
    }
    if (!cnn_py_is(get(model, "class_name"), "Sequential")) {
        return read_functional(p, config, out);
    }
    cnn_module *module = cnn_module_new(p, NULL);
    if (module == NULL) {
        return false;
    }
    module->container = CNN_CONTAINER_SEQUENTIAL;
    *out = (cnn_py){.kind = CNN_PY_MODULE, .module = module};
    for (int32_t i = 0; i < layers->items->count; i++) {
        cnn_py child;
        if (!make(p, &layers->items->at[i], &child) || !cnn_module_append(p, module, &child)) {
            return false;
        }
    }
    return true;
}

static bool set_words(cnn_paster *p)
{
    const cnn_py none = cnn_py_none(), yes = cnn_py_bool(true), no = cnn_py_bool(false);
    return cnn_frame_set(p, &p->globals, cnn_text_of("null"), &none) &&
           cnn_frame_set(p, &p->globals, cnn_text_of("true"), &yes) &&
           cnn_frame_set(p, &p->globals, cnn_text_of("false"), &no);
}

bool cnn_keras_json_read(cnn_paster *p)
{
    const cnn_token *tokens = cnn_tokens_read(p->arena, p->text);
    if (tokens == NULL) {
        return cnn_fail_memory(p->err);
    }
    cnn_syntax_reader r = {.arena = p->arena, .err = p->err, .text = p->text, .at = tokens};
    const cnn_py_node *node = cnn_expression_read(&r);
    cnn_py value, root;
    p->framework = CNN_KERAS;
    if (node == NULL) {
        return cnn_fail(p->err, CNN_E_PASTE_JSON, r.trouble);
    }
    if (!set_words(p) || !cnn_eval(p, node, &value)) {
        return false;
    }
    const cnn_py *model = &value;
    const char *const wrappers[] = {"modelTopology", "model_config"};
    for (size_t i = 0; i < CNN_LENGTH(wrappers); i++) {
        const cnn_py *inside = get(model, wrappers[i]);
        model = inside != NULL ? inside : model;
    }
    return make_model(p, model, &root) && cnn_root_run(p, &root);
}
