/* The front door for pasted text: which dialect it is, and the network that it describes. */
#include "base/utf8.h"
#include "paste/recognise.h"
#include "paste/root.h"

static void begin(cnn_paster *p, cnn_arena *arena, cnn_text text, const cnn_settings *settings,
                  cnn_network *net, cnn_error *err)
{
    *p = (cnn_paster){.arena = arena,
                      .err = err,
                      .text = text,
                      .settings = settings,
                      .low = arena->low,
                      .high = arena->high,
                      .net = net};
    p->frame = &p->globals;
    p->last_module = &p->modules;
    p->last_mismatch = &p->mismatches;
    p->last_remark = &p->remarks;
}

/* ---- running the root ---- */

/* The output is the first of several. */
static bool end_network(cnn_paster *p, const cnn_py *output)
{
    const cnn_py *first = output;
    if (cnn_py_is_list(output)) {
        first = output->items->count > 0 ? &output->items->at[0] : output;
        if (output->items->count > 1 &&
            !cnn_paste_remark(p, (cnn_span){0, 0},
                              "several values are returned; the first one is the output",
                              (cnn_text){0})) {
            return false;
        }
    } else if (output->kind == CNN_PY_DICT && output->items->count > 1) {
        /* The items are key, value, ...: the first key's value. */
        first = &output->items->at[1];
    }
    if (first->kind != CNN_PY_TENSOR) {
        return cnn_fail(p->err, CNN_E_PASTE_NO_OUTPUT, (cnn_span){0, 0});
    }
    return cnn_builder_end(p->builder, first->tensor->layer);
}

/* Without sizes only parameters can be told. */
static bool run_unsized(cnn_paster *p, cnn_module *root)
{
    cnn_tensor *at;
    if (p->framework == CNN_KERAS) {
        return cnn_fail(p->err, CNN_E_PASTE_NO_INPUT, cnn_module_span(root));
    }
    if (!cnn_flow_begin(p, &(cnn_shape){0}, (cnn_span){0, 0}, &at) ||
        !cnn_modules_add_unsized(p, root, &at) ||
        !cnn_paste_remark(p, (cnn_span){0, 0},
                          "the text does not give the input's size: give --input 32, for example; "
                          "without it there are only parameters",
                          (cnn_text){0})) {
        return false;
    }
    return cnn_builder_end(p->builder, at->layer);
}

static bool keras_input(cnn_paster *p, cnn_module *m, bool another, int32_t depth,
                        cnn_tensor **out);

/* Merge([left, right]): an input for each branch. */
static bool merged_inputs(cnn_paster *p, cnn_module *m, int32_t depth, cnn_tensor **out)
{
    const cnn_py *branches = cnn_arg(m, "layers");
    cnn_items inputs = {0};
    for (int32_t i = 0; cnn_py_is_list(branches) && i < branches->items->count; i++) {
        const cnn_py *branch = &branches->items->at[i];
        cnn_py in = {.kind = CNN_PY_TENSOR};
        if (branch->kind != CNN_PY_MODULE || depth == CNN_MAX_NESTING) {
            return cnn_not_followed(p, cnn_module_span(m));
        }
        if (!keras_input(p, branch->module, i > 0, depth + 1, &in.tensor)) {
            return false;
        }
        if (in.tensor == NULL) {
            return cnn_fail(p->err, CNN_E_PASTE_NO_INPUT, cnn_module_span(branch->module));
        }
        if (!cnn_py_append(p, &inputs, &in)) {
            return false;
        }
    }
    return inputs.count > 0 ? cnn_keras_merge(p, m, &inputs, out)
                            : cnn_not_followed(p, cnn_module_span(m));
}

/* Input shapes that a Keras model's first layer gives. `another`: beside those of other branches.
 */
static bool keras_input(cnn_paster *p, cnn_module *m, bool another, int32_t depth, cnn_tensor **out)
{
    static const struct {
        const char *name;
        bool batched;
    } names[] = {{"input_shape", false},
                 {"input_dim", false},
                 {"batch_input_shape", true},
                 {"batch_shape", true},
                 {"shape", false}};
    const cnn_py *format = m->row != NULL ? cnn_arg(m, "data_format") : NULL;
    const bool first = format != NULL && format->kind == CNN_PY_STRING
                           ? cnn_py_is(format, "channels_first") || cnn_py_is(format, "th")
                           : p->channels_first;
    for (size_t i = 0; i < CNN_LENGTH(names) && *out == NULL; i++) {
        const cnn_py *shape = cnn_member_find(m, cnn_text_of(names[i].name));
        if (shape == NULL && m->row != NULL) {
            shape = cnn_arg(m, names[i].name);
        }
        cnn_shape input;
        if (shape == NULL || shape->kind == CNN_PY_NONE) {
            continue;
        }
        if (!cnn_keras_shape(p, shape, names[i].batched, first, cnn_module_span(m), &input) ||
            !(another ? cnn_flow_input(p, &input, m->title, cnn_module_span(m), out)
                      : cnn_flow_begin(p, &input, cnn_module_span(m), out))) {
            return false;
        }
        (*out)->first = first;
    }
    if (*out == NULL && cnn_word_is(m->kind, "Merge")) {
        return merged_inputs(p, m, depth, out);
    }
    /* A container: its first child is an Input(...) or has the shape. */
    const cnn_variable *child = m->members;
    if (*out == NULL && m->row == NULL && child != NULL) {
        if (child->value.kind == CNN_PY_TENSOR) {
            *out = child->value.tensor;
            return true;
        }
        if (child->value.kind == CNN_PY_MODULE && depth < CNN_MAX_NESTING) {
            return keras_input(p, child->value.module, another, depth + 1, out);
        }
    }
    return true;
}

static bool begin_root(cnn_paster *p, cnn_module *root, cnn_tensor **out)
{
    cnn_shape shape;
    bool any;
    *out = NULL;
    if (p->framework == CNN_KERAS && p->settings->input.size == 0 &&
        (!keras_input(p, root, false, 0, out) || *out != NULL)) {
        return p->err->code == CNN_OK;
    }
    if (!cnn_input_find(p, root, &shape, &any)) {
        return false;
    }
    /* Solving for the size has applied the modules; their weights must count as new again. */
    for (cnn_module *m = p->modules; m != NULL; m = m->next) {
        m->uses = 0;
    }
    return !any || cnn_flow_begin(p, &shape, p->hint, out);
}

/* A Keras model of which other layers of the text are no part: its inputs again, then its layers.
 */
static bool run_graph(cnn_paster *p, cnn_module *root)
{
    const cnn_layer *layers = root->layers;
    const bool list = cnn_py_is_list(&root->inputs);
    const cnn_py *inputs = list ? root->inputs.items->at : &root->inputs;
    const int32_t count = list ? root->inputs.items->count : 1;
    cnn_tensor *output;
    cnn_py all;
    if (!cnn_py_items(p, CNN_PY_LIST, count, &all)) {
        return false;
    }
    p->builder = NULL;
    for (int32_t i = 0; i < count; i++) {
        if (inputs[i].kind != CNN_PY_TENSOR) {
            return cnn_not_followed(p, cnn_module_span(root));
        }
        const cnn_layer *from = &layers[inputs[i].tensor->layer];
        const cnn_entry entry = {.axes = from->out.axes, .channels = from->out.channels};
        cnn_shape shape = from->out;
        /* As for other texts, the settings win: of several inputs they give the first. */
        if (i == 0 && p->settings->input.size > 0 &&
            !cnn_input_read(p, cnn_text_trim(p->settings->input), &entry, &shape)) {
            return false;
        }
        cnn_py *value = &all.items->at[all.items->count++];
        *value = (cnn_py){.kind = CNN_PY_TENSOR};
        if (!cnn_flow_input(p, &shape, from->label, from->span, &value->tensor)) {
            return false;
        }
        value->tensor->first = inputs[i].tensor->first;
    }
    if (!cnn_graph_replay(p, root, &all, &output)) {
        return false;
    }
    const cnn_py value = {.kind = CNN_PY_TENSOR, .tensor = output};
    return end_network(p, &value);
}

/* Of a class whose forward takes several inputs. */
static bool run_entered(cnn_paster *p, cnn_module *root, const cnn_py_node *parameters)
{
    cnn_arguments args = {.call = root->call};
    cnn_py out;
    if (!cnn_modules_name(p, root, (cnn_text){0}, 0) ||
        !cnn_entrances_find(p, root, parameters, &args)) {
        return false;
    }
    for (cnn_module *m = p->modules; m != NULL; m = m->next) {
        m->uses = 0;
    }
    if (args.count == 0) {
        return run_unsized(p, root);
    }
    p->walked = true;
    cnn_tensor *const first = args.at[0].value.tensor;
    return cnn_apply(p, root, &args, &out) && cnn_modules_add_unused(p, root, first) &&
           end_network(p, &out) && (args.count > 1 || cnn_causes_find(p, root));
}

/* The parameters of a root's forward that need an input, when there are several or some are named.
 */
static const cnn_py_node *several_parameters(const cnn_paster *p, const cnn_module *root)
{
    const cnn_py *forward = cnn_forward_of(root->type);
    const cnn_py_node *first = forward != NULL ? forward->function->node->a : NULL;
    first = first != NULL ? first->next : NULL; /* self */
    /* The second one has neither stars nor a default. */
    const bool several =
        first != NULL && first->next != NULL && first->next->number == 0 && first->next->a == NULL;
    return several || p->settings->input_count > 0 ? first : NULL;
}

static bool run_module(cnn_paster *p, cnn_module *root)
{
    cnn_tensor *input;
    cnn_py in = {.kind = CNN_PY_TENSOR}, out;
    const cnn_py_node *parameters = several_parameters(p, root);
    if (parameters != NULL && p->framework != CNN_KERAS) {
        return run_entered(p, root, parameters);
    }
    if (root->container == CNN_CONTAINER_GRAPH) {
        return run_graph(p, root);
    }
    /* Only PyTorch names modules by their attributes and has parameters in layers that are never
     * used. */
    const bool torch = p->framework != CNN_KERAS;
    if ((torch && !cnn_modules_name(p, root, (cnn_text){0}, 0)) || !begin_root(p, root, &input)) {
        return false;
    }
    if (input == NULL) {
        return run_unsized(p, root);
    }
    p->walked = torch;
    in.tensor = input;
    if (!cnn_apply_one(p, root, &in, NULL, &out)) {
        return false;
    }
    return (!torch || cnn_modules_add_unused(p, root, input)) && end_network(p, &out) &&
           cnn_causes_find(p, root);
}

bool cnn_root_run(cnn_paster *p, const cnn_py *root)
{
    if (root->kind == CNN_PY_MODULE) {
        return run_module(p, root->module);
    }
    if (root->kind == CNN_PY_TENSOR || root->kind == CNN_PY_TUPLE) {
        return end_network(p, root);
    }
    if (p->builder != NULL) { /* layers of Keras applied one by one, without a Model */
        return cnn_builder_end(p->builder, p->builder->layer_count - 1);
    }
    return p->library.kind == CNN_PY_OPAQUE
               ? cnn_paste_fail(p, CNN_E_PASTE_LIBRARY, p->library.origin, p->library.text,
                                (cnn_text){0})
               : cnn_fail(p->err, CNN_E_PASTE_NO_MODEL, (cnn_span){0, 0});
}

/* ---- Python ---- */

/* PyTorch or Keras: whose layers are called; keywords of Keras 1. */
static bool find_framework(cnn_paster *p, const cnn_token *tokens)
{
    static const char *const old[] = {"nb_filter", "nb_row",     "nb_col",       "border_mode",
                                      "subsample", "output_dim", "dim_ordering", "nb_epoch"};
    static const char *const shapes[] = {"input_shape", "batch_input_shape", "input_dim",
                                         "shared_axes"};
    int32_t torch = 0, keras = 0, axes;
    for (const cnn_token *t = tokens; t->kind != CNN_TOKEN_END; t++) {
        if (t->kind != CNN_TOKEN_NAME) {
            continue;
        }
        for (size_t i = 0; i < CNN_LENGTH(old); i++) {
            p->keras1 |= cnn_token_is(t + 1, '=') && cnn_word_is(t->text, old[i]);
        }
        for (size_t i = 0; i < CNN_LENGTH(shapes); i++) {
            keras += cnn_token_is(t + 1, '=') && cnn_word_is(t->text, shapes[i]);
        }
        /* A name that both have, such as Dropout, decides nothing. */
        const bool in_torch = cnn_row_find(&cnn_torch_rows, t->text, &axes) != NULL;
        const bool in_keras = cnn_row_find(&cnn_keras_rows, t->text, &axes) != NULL;
        torch += in_torch && !in_keras && cnn_token_is(t + 1, '(');
        keras += in_keras && !in_torch && cnn_token_is(t + 1, '(');
        torch += cnn_word_is(t->text, "nn") || cnn_word_is(t->text, "torch");
        keras += cnn_word_is(t->text, "keras") || cnn_word_is(t->text, "tensorflow") ||
                 cnn_word_is(t->text, "tf");
    }
    p->framework = keras > torch ? CNN_KERAS : CNN_TORCH;
    return true;
}

static bool read_python(cnn_paster *p)
{
    const cnn_token *tokens = cnn_tokens_read(p->arena, p->text);
    if (tokens == NULL) {
        return cnn_fail_memory(p->err);
    }
    cnn_syntax_reader r = {.arena = p->arena, .err = p->err, .text = p->text, .at = tokens};
    const cnn_py_node *program = cnn_syntax_read(&r);
    cnn_py root, ignored;
    if (program == NULL || !find_framework(p, tokens)) {
        return false;
    }
    if (r.flat && !cnn_paste_remark(p, (cnn_span){0, 0},
                                    "the indentation is lost; bodies end at the next def or class",
                                    (cnn_text){0})) {
        return false;
    }
    return cnn_run(p, program, &ignored) != CNN_FAILED &&
           cnn_root_choose(p, tokens, program, &root) && cnn_root_run(p, &root);
}

/* ---- all dialects ---- */

/* Defines that the text does not use are slips of the pen. */
static bool check_defines(cnn_paster *p)
{
    for (int32_t i = 0; i < p->settings->define_count && i < 64; i++) {
        if ((p->defines_used >> i & 1) != 0) {
            continue;
        }
        cnn_text rest = p->settings->defines[i];
        const cnn_text name = cnn_text_trim(cnn_text_split(&rest, '='));
        p->err->source = CNN_SOURCE_DEFINE;
        p->err->index = i;
        if (!cnn_text_check(p->settings->defines[i], p->err)) {
            return false;
        }
        const cnn_span span = {0, (uint32_t)p->settings->defines[i].size};
        return cnn_paste_fail(p, rest.size == 0 ? CNN_E_DEFINE_FORM : CNN_E_PASTE_DEFINE, span,
                              name, (cnn_text){0});
    }
    return true;
}

bool cnn_paste_read(cnn_arena *arena, cnn_text text, const cnn_settings *settings, cnn_network *out,
                    cnn_error *err)
{
    const cnn_dialect *dialect = cnn_dialect_choose(text, settings->from, err);
    cnn_paster p;
    if (dialect == NULL) {
        return cnn_fail(err, CNN_E_PASTE_NO_MODEL, (cnn_span){0, 0});
    }
    if (text.size > CNN_MAX_BYTES) {
        return cnn_fail_numbers(err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_BYTES, 0);
    }
    if (!cnn_text_check(text, err)) {
        return false;
    }
    begin(&p, arena, text, settings, out, err);
    cnn_pasted *pasted = CNN_PASTE_NEW(&p, cnn_pasted);
    if (pasted == NULL || !dialect->read(&p) || !check_defines(&p) ||
        (!p.entered && !cnn_entrances_check(&p, NULL))) {
        return false;
    }
    *pasted = (cnn_pasted){.dialect = dialect->name,
                           .mismatches = p.mismatches,
                           .mismatch_count = p.mismatch_count,
                           .remarks = p.remarks,
                           .edits = p.edits};
    if (out->input_count == 1) { /* the only one needs no name */
        out->layers[0].label = (cnn_text){0};
    }
    out->text = text;
    out->pasted = pasted;
    return true;
}

bool cnn_dialect_read_python(cnn_paster *p)
{
    return read_python(p);
}
