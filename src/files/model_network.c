/*
 * Models as networks of the layer language, as far as they fit: then they can be written as a list,
 * explained, checked and compared. The sums are compared with the model's.
 */
#include "base/checked.h"
#include "files/model_layers.h"
#include "files/shapes.h"

/* Whether a node has to do with the samples: computed sizes and constants have not. */
static bool is_layer(const cnn_call *c)
{
    bool reads = false, known = c->outs > 0, read = cnn_call_costs(c);
    for (int32_t i = 0; i < c->ins; i++) {
        reads = reads || cnn_layer_of(c->in[i]) >= 0;
    }
    /* Outputs with known elements are computed sizes, even when an input of theirs is a layer. */
    for (int32_t i = 0; i < c->outs; i++) {
        known = known && c->out[i]->data != NULL;
        read = read || c->out[i]->readers > 0;
    }
    /* What nothing reads is no layer, unless it has weights that count. */
    return reads && read && !known && !c->hidden && !c->function;
}

static bool convert(cnn_converter *x, cnn_call *c)
{
    x->call = x->last = c;
    if (!is_layer(c) || (c->op != NULL && c->op->shape == cnn_infer_shape)) {
        return true;
    }
    for (int32_t i = 0; i < c->outs; i++) {
        if (!cnn_sizes_known(&c->out[i]->dims)) {
            return cnn_layer_unfit(x);
        }
    }
    return cnn_layer_convert(x);
}

static bool fail_value(cnn_converter *x, cnn_text name)
{
    x->err->source = CNN_SOURCE_FILE;
    cnn_fail_words(x->err, CNN_E_MODEL_LAYERS, (cnn_span){0, 0}, name, (cnn_text){0});
    return false;
}

/* The sums do not agree or the output is no layer: the last node fails, or where there is none, the
 * input. */
static bool fail_whole(cnn_converter *x)
{
    return x->call != NULL ? cnn_layer_unfit(x)
                           : fail_value(x, x->model->inputs[0].value->name->text);
}

/* The inputs are maps or vectors, each with its batch in front. */
static bool put_inputs(cnn_converter *x)
{
    for (int32_t i = 0; i < x->model->input_count; i++) {
        cnn_value *value = (cnn_value *)x->model->inputs[i].value;
        const cnn_sizes *sizes = &value->dims;
        cnn_shape shape = {0};
        cnn_node node;
        if (sizes->rank < 2 || sizes->rank > CNN_AXES + 2) {
            return fail_value(x, value->name->text);
        }
        shape.axes = sizes->rank - 2;
        const bool turned = cnn_is_turned(value);
        shape.channels = sizes->size[turned ? sizes->rank - 1 : 1];
        memcpy(shape.side, sizes->size + (turned ? 1 : 2), (size_t)shape.axes * sizeof *shape.side);
        const cnn_text label = x->model->input_count > 1 ? value->name->text : (cnn_text){0};
        if (!cnn_builder_input(x->builder, label, &shape, (cnn_span){0, 0}, &node)) {
            return false;
        }
        /* One more than the index, because 0 is no layer. */
        value->layer = node + 1;
    }
    return true;
}

/* Per sample; products of two activations have no MACs in the language. A bias that two layers
 * share counts twice in a list, which shares whole layers only. */
static bool check_sums(cnn_converter *x, const cnn_network *net)
{
    const cnn_model *m = x->model;
    const int64_t batch = m->inputs[0].value->dims.size[0];
    const bool same = net->totals.params == m->params && net->totals.statistics == m->statistics;
    int64_t ours, theirs;
    if (batch < 1 || net->totals.macs != m->macs / batch ||
        !cnn_checked_add(net->totals.params, net->totals.statistics, &ours) ||
        !cnn_checked_add(m->params, m->statistics, &theirs) || (!same && ours <= theirs)) {
        return fail_whole(x);
    }
    x->err->source = same ? x->err->source : CNN_SOURCE_FILE;
    return same || cnn_fail_numbers(x->err, CNN_E_MODEL_SHARED, (cnn_span){0, 0}, ours, theirs);
}

bool cnn_model_network(cnn_model *model, cnn_arena *arena, cnn_network *out, cnn_error *err)
{
    cnn_converter x = {.model = model, .err = err};
    model->machine.err = err;
    model->machine.arena = arena;
    x.builder = model->input_count > 0 ? cnn_builder_begin(arena, out, err) : NULL;
    if (x.builder == NULL) {
        return model->input_count == 0 ? fail_value(&x, cnn_text_of("a model without inputs"))
                                       : cnn_fail_memory(err);
    }
    bool done = put_inputs(&x);
    for (int32_t i = 0; done && i < model->machine.count; i++) {
        done = convert(&x, &model->machine.calls[i]);
    }
    const cnn_node output = model->output_count > 0 ? cnn_layer_of(model->outputs[0].value) : -1;
    if (done && output < 0) {
        done = fail_whole(&x);
    }
    done = done && cnn_builder_end(x.builder, output);
    return done && check_sums(&x, out);
}

/* The first output as a shape of the language, or all its values as a vector. */
static cnn_shape whole_output(const cnn_model *m)
{
    const cnn_sizes *sizes = &m->output;
    cnn_shape shape = {0};
    if (!cnn_sizes_known(sizes) || sizes->rank == 0 || sizes->rank > CNN_AXES + 1) {
        return cnn_sizes_count(sizes, &shape.channels) ? shape : (cnn_shape){0};
    }
    shape.channels = sizes->size[0];
    shape.axes = sizes->rank - 1;
    memcpy(shape.side, sizes->size + 1, (size_t)shape.axes * sizeof *shape.side);
    return shape;
}

bool cnn_model_whole(const cnn_model *m, cnn_arena *arena, cnn_network *out, cnn_error *err)
{
    const cnn_shape one = {1, {0}, 0};
    cnn_node input, node;
    cnn_builder *builder = cnn_builder_begin(arena, out, err);
    if (builder == NULL) {
        return cnn_fail_memory(err);
    }
    const cnn_layer_spec spec = {
        .op = cnn_op_find(cnn_text_of("id")), .sources = &input, .source_count = 1};
    if (!cnn_builder_input(builder, (cnn_text){0}, &one, (cnn_span){0, 0}, &input) ||
        !cnn_builder_layer(builder, &spec, &node) || !cnn_builder_end(builder, node)) {
        return false;
    }
    cnn_layer *layer = &out->layers[node];
    layer->out = whole_output(m);
    layer->weights = m->weights;
    layer->biases = m->biases;
    layer->statistics = m->statistics;
    layer->macs = m->macs;
    out->sums_only = true;
    out->totals = (cnn_totals){.params = m->params,
                               .params_without_aux = m->params,
                               .weights = m->weights,
                               .biases = m->biases,
                               .statistics = m->statistics,
                               .statistics_without_aux = m->statistics,
                               .macs = m->macs};
    return true;
}
