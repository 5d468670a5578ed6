/* From specs to layers of the network: the one place where pasted code meets the builder. */
#include "paste/flow.h"

/* ---- a layer that the language has no word for ---- */

static bool known_shape(cnn_site *site)
{
    const int64_t(*const value)[CNN_AXES] = site->layer->attrs->value;
    cnn_shape *out = &site->layer->out;
    *out = (cnn_shape){.channels = value[CNN_PAD][0], .axes = (int32_t)value[CNN_PAD][1]};
    for (int32_t i = 0; i < out->axes; i++) {
        out->side[i] = value[CNN_DILATION][i];
    }
    return true;
}

static bool known_cost(cnn_site *site)
{
    const int64_t(*const value)[CNN_AXES] = site->layer->attrs->value;
    site->layer->weights = value[CNN_SIZE][0];
    site->layer->biases = value[CNN_SIZE][1];
    site->layer->statistics = value[CNN_SIZE][2];
    site->layer->macs = value[CNN_STRIDE][0];
    return true;
}

/* One kind for each word, so that rows say what they are. */
#define KNOWN(word, kept, text)                                                                    \
    {                                                                                              \
        .name = word, .brief = text, .form = CNN_FORM_INNER, .keeps = kept, .shape = known_shape,  \
        .cost = known_cost                                                                         \
    }

static const cnn_op known_ops[] = {
    KNOWN("module", 0, "parameters whose sizes are not known"),
    KNOWN("local", CNN_KEEPS_INPUT, "a convolution with separate weights at every place"),
    KNOWN("norm", CNN_KEEPS_INPUT, "a norm with its own number of factors or statistics"),
    KNOWN("scale", CNN_KEEPS_INPUT, "factors, as many as the code gives"),
    KNOWN("bias", 0, "shifts, as many as the code gives"),
    KNOWN("power", CNN_KEEPS_INPUT | CNN_KEEPS_OUTPUT, "learned exponents"),
    KNOWN("add", 0, "a sum that stretches sides of 1"),
    KNOWN("reduce", CNN_KEEPS_INPUT, "a deviation or the like over axes"),
    KNOWN("repeat", 0, "values several times"),
    KNOWN("part", CNN_KEEPS_PLACE, "every n-th channel"),
    KNOWN("permute", 0, "other order of four axes"),
    KNOWN("view", CNN_KEEPS_PLACE, "the same values with three sides, or those of several samples"),
};

static const cnn_op *known_op(const char *what)
{
    for (size_t i = 0; i < CNN_LENGTH(known_ops); i++) {
        if (cnn_word_is(cnn_text_of(what), known_ops[i].name)) {
            return &known_ops[i];
        }
    }
    return known_ops;
}

/* The kind of that name; NULL: there is none. */
static const cnn_op *op_named(const char *name)
{
    for (size_t i = 0; i < cnn_family_count; i++) {
        for (size_t k = 0; k < cnn_families[i]->count; k++) {
            if (cnn_word_is(cnn_text_of(name), cnn_families[i]->ops[k].name)) {
                return &cnn_families[i]->ops[k];
            }
        }
    }
    return NULL;
}

/* ---- specs ---- */

cnn_spec cnn_spec_of(const char *op, const cnn_tensor *const *source, cnn_module *module,
                     cnn_span span)
{
    return (cnn_spec){
        .op = op_named(op), .sources = source, .source_count = 1, .module = module, .span = span};
}

void cnn_spec_all(cnn_spec *spec, cnn_attr attr, int64_t number)
{
    const int64_t numbers[CNN_AXES] = {number, number, number};
    cnn_spec_sides(spec, attr, numbers, CNN_AXES);
}

void cnn_spec_sides(cnn_spec *spec, cnn_attr attr, const int64_t *number, int32_t axes)
{
    spec->attrs.given |= 1u << attr;
    for (int32_t i = 0; attr < CNN_NUMBERS && i < CNN_AXES; i++) {
        spec->attrs.value[attr][i] = number[i < axes ? i : 0];
    }
    if (attr == CNN_PAD) { /* the same after the map */
        memcpy(spec->attrs.value[CNN_PAD_AFTER], spec->attrs.value[CNN_PAD],
               sizeof spec->attrs.value[CNN_PAD]);
    }
}

void cnn_spec_ends(cnn_spec *spec, const int64_t *low, const int64_t *high, int32_t axes)
{
    cnn_spec_sides(spec, CNN_PAD, low, axes);
    for (int32_t i = 0; i < CNN_AXES; i++) {
        spec->attrs.value[CNN_PAD_AFTER][i] = high[i < axes ? i : 0];
    }
}

void cnn_spec_last(cnn_spec *spec, int32_t count, const cnn_tensor *in)
{
    if (count > in->shape.axes && in->shape.axes > 0) {
        cnn_spec_all(spec, CNN_ALL, 0);
    } else if (in->shape.axes > 0) {
        cnn_spec_all(spec, CNN_SIZE, count);
    }
}

/* ---- layers ---- */

/* Not by cnn_builder_input: an unknown size has 0 channels, and Keras' inputs may follow layers,
 * until Model(...) makes the network of them all. */
static bool add_input(cnn_paster *p, const cnn_shape *shape, cnn_text label, cnn_span span,
                      cnn_tensor **out)
{
    *out = CNN_PASTE_NEW(p, cnn_tensor);
    if (*out == NULL || !cnn_builder_add_input(p->builder, shape, span)) {
        return false;
    }
    **out = (cnn_tensor){.layer = p->builder->layer_count - 1, .shape = *shape};
    p->net->layers[(*out)->layer].label = label;
    return true;
}

bool cnn_flow_begin(cnn_paster *p, const cnn_shape *input, cnn_span span, cnn_tensor **out)
{
    p->flow = ++p->flows;
    p->builder = cnn_builder_begin(p->arena, p->net, p->err);
    return p->builder != NULL && add_input(p, input, (cnn_text){0}, span, out);
}

bool cnn_flow_input(cnn_paster *p, const cnn_shape *shape, cnn_text label, cnn_span span,
                    cnn_tensor **out)
{
    if (p->builder == NULL) {
        p->flow = ++p->flows;
        p->builder = cnn_builder_begin(p->arena, p->net, p->err);
    }
    return p->builder != NULL && add_input(p, shape, label, span, out);
}

void cnn_aside_begin(cnn_paster *p, cnn_aside *aside)
{
    *aside =
        (cnn_aside){.net = p->net, .builder = p->builder, .flow = p->flow, .counting = p->counting};
    p->net = &aside->scratch;
    p->counting = true;
}

void cnn_aside_end(cnn_paster *p, const cnn_aside *aside)
{
    p->net = aside->net;
    p->builder = aside->builder;
    p->flow = aside->flow;
    p->counting = aside->counting;
}

void cnn_flow_rewind(cnn_paster *p, int32_t layer_count)
{
    p->builder->layer_count = layer_count;
    p->arena->low = (unsigned char *)(p->net->layers + layer_count);
}

bool cnn_flow_name(cnn_paster *p, const cnn_tensor *tensor, const cnn_module *m)
{
    cnn_layer *layer = &p->net->layers[tensor->layer];
    if (m == NULL || m->name.size == 0 || layer->path != NULL || tensor->layer == 0) {
        return true;
    }
    cnn_path *path = CNN_PASTE_NEW(p, cnn_path);
    if (path == NULL) {
        return false;
    }
    path->name = m->name;
    layer->path = path;
    layer->label = m->name;
    return true;
}

/* The layer whose weights this one uses again: when a module is applied again its layers follow in
 * the same order as the first time. 0: it has its own weights. */
static int32_t owner_of(cnn_paster *p, const cnn_spec *spec)
{
    cnn_module *m = spec->module;
    if (spec->weights_of > 0 || m == NULL || p->counting) {
        return spec->weights_of;
    }
    if (m->flow != p->flow) { /* never applied in this network */
        m->flow = p->flow;
        m->uses_before = m->uses;
        m->first = p->builder->layer_count;
        m->added = 0;
    }
    if (m->uses == m->uses_before) {
        m->added++;
        return 0;
    }
    return m->first + m->added++;
}

/* A module that PyTorch does not know of, in a plain list or made in forward, is not among its
 * parameters. */
static bool drop_foreign(cnn_paster *p, cnn_layer *layer, const cnn_module *m)
{
    const bool foreign =
        m != NULL && p->walked && !m->registered && m->called.size == 0 && !p->counting;
    if (!foreign || layer->weights + layer->biases == 0) {
        return true;
    }
    p->builder->path.weights -= layer->weights;
    p->builder->path.biases -= layer->biases;
    p->builder->path.statistics -= layer->statistics;
    layer->weights = layer->biases = layer->statistics = 0;
    return cnn_paste_remark(p, layer->span,
                            "a layer outside of ModuleList and the members of its class: PyTorch "
                            "does not count its parameters",
                            (cnn_text){0});
}

/* The spec as the builder takes it. */
static bool translate(cnn_paster *p, const cnn_spec *spec, cnn_layer_spec *out)
{
    const cnn_text name = spec->module != NULL ? spec->module->name : (cnn_text){0};
    cnn_path *path = name.size > 0 ? CNN_PASTE_NEW(p, cnn_path) : NULL;
    cnn_node *sources = cnn_paste_take(p, (size_t)spec->source_count, sizeof *sources);
    if (sources == NULL || (path == NULL && name.size > 0)) {
        return false;
    }
    for (int32_t i = 0; i < spec->source_count; i++) {
        sources[i] = spec->sources[i]->layer;
        if (sources[i] == CNN_TAKEN_BACK) {
            return cnn_not_followed(p, spec->span);
        }
    }
    if (path != NULL) {
        path->name = name;
    }
    const int32_t owner = owner_of(p, spec);
    *out = (cnn_layer_spec){.op = spec->op,
                            .attrs = &spec->attrs,
                            .sources = sources,
                            .source_count = spec->source_count,
                            .weights_of = spec->op->cost != NULL ? owner : 0,
                            .label = name,
                            .path = path,
                            .span = spec->span,
                            .aux = spec->aux};
    return true;
}

bool cnn_flow_add(cnn_paster *p, cnn_spec *spec, cnn_tensor **out)
{
    cnn_tensor *tensor = CNN_PASTE_NEW(p, cnn_tensor);
    cnn_layer_spec given;
    cnn_node node;
    if (tensor == NULL || !translate(p, spec, &given) ||
        !(spec->complete ? cnn_builder_complete(p->builder, &given, &spec->attrs, &node)
                         : cnn_builder_layer(p->builder, &given, &node))) {
        return false;
    }
    *tensor = (cnn_tensor){.layer = node,
                           .shape = cnn_builder_shape(p->builder, node),
                           .first = spec->sources[0]->first};
    *out = tensor;
    p->net->layers[node].keep_rule = spec->keep_rule;
    return drop_foreign(p, &p->net->layers[node], spec->module);
}

bool cnn_flow_known(cnn_paster *p, const cnn_known_layer *known, const cnn_tensor *const *source,
                    cnn_module *module, cnn_span span, cnn_tensor **out)
{
    cnn_spec spec = {.op = known_op(known->what),
                     .sources = source,
                     .source_count = known->source_count == 0 ? 1 : known->source_count,
                     .module = module,
                     .aux = known->aux,
                     .keep_rule = known->keep_rule,
                     .complete = true,
                     .span = span};
    const int64_t counts[] = {known->weights, known->biases, known->statistics};
    const int64_t shape[] = {known->out.channels, known->out.axes, 0};
    memcpy(spec.attrs.value[CNN_SIZE], counts, sizeof counts);
    memcpy(spec.attrs.value[CNN_PAD], shape, sizeof shape);
    memcpy(spec.attrs.value[CNN_DILATION], known->out.side, sizeof known->out.side);
    spec.attrs.value[CNN_STRIDE][0] = known->macs;
    return cnn_flow_add(p, &spec, out);
}

bool cnn_flow_permute(cnn_paster *p, const cnn_tensor *in, const int64_t *order, cnn_span span,
                      cnn_tensor **out)
{
    const int32_t axes = in->shape.axes;
    if (axes == 0) {
        *out = (cnn_tensor *)in;
        return true;
    }
    if (axes < CNN_AXES) {
        cnn_spec spec = cnn_spec_of("permute", &in, NULL, span);
        const int64_t three[CNN_AXES] = {order[0], order[1], axes == 1 ? 0 : order[2]};
        cnn_spec_sides(&spec, CNN_SIZE, three, CNN_AXES);
        return cnn_flow_add(p, &spec, out);
    }
    const cnn_shape *from = &in->shape;
    cnn_known_layer known = {.what = "permute", .out = {.axes = axes}};
    for (int32_t i = 0; i <= axes; i++) {
        const int64_t side = order[i] == 1 ? from->channels : from->side[order[i] - 2];
        *(i == 0 ? &known.out.channels : &known.out.side[i - 1]) = side;
    }
    if (!cnn_flow_known(p, &known, &in, NULL, span, out)) {
        return false;
    }
    p->last_moved = *out;
    return true;
}

/* view(b, g, c/g, h, w), transpose(1, 2), view(b, c, h, w): the channels of g groups are shuffled.
 * The two layers before are taken back, and their tensors cannot be used any more. */
static bool shuffle(cnn_paster *p, const cnn_tensor *in, const cnn_shape *shape, cnn_span span,
                    cnn_tensor **out, bool *done)
{
    const int32_t count = p->builder->layer_count;
    cnn_tensor *const view = p->last_view, *const moved = p->last_moved;
    *done = false;
    if (view == NULL || moved != in || moved->layer != count - 1 || view->layer != count - 2 ||
        view->layer <= p->net->input_count - 1) {
        return true;
    }
    const cnn_layer *first = &p->net->layers[view->layer];
    const cnn_shape *from = &first->in, *turned = &moved->shape;
    if (p->net->layers[moved->layer].sources[0] != view->layer || first->op != known_op("view") ||
        memcmp(from, shape, sizeof *from) != 0 || from->axes != 2 ||
        view->shape.channels != turned->side[0] || view->shape.side[0] != turned->channels ||
        view->shape.side[1] != from->side[0] || turned->side[1] != from->side[0] ||
        view->shape.side[2] != from->side[1] || turned->side[2] != from->side[1]) {
        return true;
    }
    cnn_tensor source = {.layer = first->sources[0], .shape = *from, .first = in->first};
    const cnn_tensor *sources = &source;
    cnn_spec spec = cnn_spec_of("shuffle", &sources, NULL, span);
    cnn_spec_all(&spec, CNN_SIZE, view->shape.channels);
    cnn_flow_rewind(p, view->layer);
    view->layer = moved->layer = CNN_TAKEN_BACK;
    *done = true;
    return cnn_flow_add(p, &spec, out);
}

bool cnn_flow_view(cnn_paster *p, const cnn_tensor *in, const cnn_shape *shape, cnn_span span,
                   cnn_tensor **out)
{
    bool shuffles;
    if (!shuffle(p, in, shape, span, out, &shuffles) || shuffles) {
        return p->err->code == CNN_OK;
    }
    if (shape->axes == 0) {
        cnn_spec spec = cnn_spec_of("flatten", &in, NULL, span);
        return cnn_flow_add(p, &spec, out);
    }
    if (shape->axes < CNN_AXES) {
        cnn_spec spec = cnn_spec_of("reshape", &in, NULL, span);
        const int64_t size[] = {shape->channels, shape->side[0], shape->side[1]};
        cnn_spec_sides(&spec, CNN_SIZE, size, 3);
        return cnn_flow_add(p, &spec, out);
    }
    const cnn_known_layer known = {.what = "view", .out = *shape};
    if (!cnn_flow_known(p, &known, &in, NULL, span, out)) {
        return false;
    }
    p->last_view = *out;
    return true;
}
