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
#define KNOWN(word, is_view, text)                                                                 \
    {                                                                                              \
        .name = word, .brief = text, .form = CNN_FORM_INNER, .view = is_view,                      \
        .shape = known_shape, .cost = known_cost                                                   \
    }

static const cnn_op known_ops[] = {
    KNOWN("module", false, "parameters whose sizes are not known"),
    KNOWN("linear", false, "fully connected on the last axis"),
    KNOWN("norm", false, "a norm with its own number of factors"),
    KNOWN("prelu", false, "a rectifier with a slope for each value"),
    KNOWN("activation", false, "a function of each value"),
    KNOWN("pad", false, "rows and columns added or cut at each side"),
    KNOWN("add", false, "a sum that stretches sides of 1"),
    KNOWN("mean", false, "a mean over axes"),
    KNOWN("pool", false, "a pooling that rounds as Caffe does"),
    KNOWN("repeat", false, "a vector several times"),
    KNOWN("pixunshuf", false, "C*R^2 x H/R x W/R"),
    KNOWN("part", true, "a part of the values"),
    KNOWN("permute", false, "other order of the axes"),
    KNOWN("view", true, "the same values in another shape"),
    KNOWN("format", true, "channels first or last"),
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

bool cnn_op_is_known(const cnn_op *op)
{
    return op->shape == known_shape;
}

const cnn_op *cnn_paste_op(const char *name)
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
    cnn_spec spec = {.op = cnn_paste_op(op),
                     .sources = source,
                     .source_count = 1,
                     .module = module,
                     .span = span};
    for (int32_t i = 0; i < CNN_NUMBERS; i++) {
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            spec.attrs.value[i][axis] = cnn_use_of(spec.op, (cnn_attr)i)->standard;
        }
    }
    return spec;
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

/* Numbers from outside lie in the range that the kind allows. */
static bool in_range(cnn_paster *p, const cnn_spec *spec)
{
    for (int32_t i = 0; i < CNN_NUMBERS; i++) {
        const cnn_use *use = cnn_use_of(spec->op, (cnn_attr)i);
        if (use->need == CNN_NEVER || (spec->attrs.given >> i & 1) == 0) {
            continue;
        }
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            cnn_attrs ignored;
            if (!cnn_attr_set(spec->op, &ignored, (cnn_attr)i, axis, spec->attrs.value[i][axis],
                              spec->span, p->err)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- layers ---- */

bool cnn_flow_begin(cnn_paster *p, const cnn_shape *input, cnn_span span, cnn_tensor **out)
{
    p->builder = CNN_PASTE_NEW(p, cnn_builder);
    *out = CNN_PASTE_NEW(p, cnn_tensor);
    if (p->builder == NULL || *out == NULL) {
        return false;
    }
    **out = (cnn_tensor){.layer = 0, .shape = *input};
    p->flow = ++p->flows;
    return cnn_builder_open(p->builder, p->arena, false, p->net, p->err) &&
           cnn_builder_add_input(p->builder, input, span);
}

bool cnn_flow_input(cnn_paster *p, const cnn_shape *shape, cnn_text label, cnn_span span,
                    cnn_tensor **out)
{
    if (p->builder == NULL) {
        if (!cnn_flow_begin(p, shape, span, out)) {
            return false;
        }
    } else {
        *out = CNN_PASTE_NEW(p, cnn_tensor);
        if (*out == NULL || !cnn_builder_add_input(p->builder, shape, span)) {
            return false;
        }
        **out = (cnn_tensor){.layer = p->builder->layer_count - 1, .shape = *shape};
    }
    p->net->layers[(*out)->layer].label = label;
    return true;
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

/* Where the layer stands in the code, and what it reads; the shapes of that. NULL: no memory. */
static const cnn_shape *place_layer(cnn_paster *p, cnn_layer *layer, const cnn_spec *spec)
{
    layer->aux = spec->aux;
    if (spec->module != NULL && spec->module->name.size > 0) {
        cnn_path *path = CNN_PASTE_NEW(p, cnn_path);
        if (path == NULL) {
            return NULL;
        }
        path->name = spec->module->name;
        layer->path = path;
        layer->label = path->name;
    }
    if (spec->source_count == 1) {
        return &spec->sources[0]->shape;
    }
    int32_t *sources = cnn_paste_take(p, (size_t)spec->source_count, sizeof *sources);
    cnn_shape *in = cnn_paste_take(p, (size_t)spec->source_count, sizeof *in);
    if (sources == NULL || in == NULL) {
        return NULL;
    }
    for (int32_t i = 0; i < spec->source_count; i++) {
        sources[i] = spec->sources[i]->layer;
        in[i] = spec->sources[i]->shape;
    }
    layer->sources = sources;
    layer->source_count = spec->source_count;
    return in;
}

/* The layer whose weights this one uses again: when a module is applied again its layers follow in
 * the same order as the first time. 0: it has weights of its own. */
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
    const bool foreign = m != NULL && p->walked && !m->registered && !m->functional && !p->counting;
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

bool cnn_flow_add(cnn_paster *p, cnn_spec *spec, cnn_tensor **out)
{
    cnn_tensor *tensor = CNN_PASTE_NEW(p, cnn_tensor);
    if (tensor == NULL || !in_range(p, spec)) {
        return false;
    }
    const cnn_attrs *attrs = cnn_builder_keep_attrs(p->builder, &spec->attrs);
    const int32_t owner = owner_of(p, spec);
    cnn_layer *layer = attrs == NULL ? NULL
                                     : cnn_builder_next(p->builder, spec->op, attrs,
                                                        spec->sources[0]->layer, spec->span);
    const cnn_shape *in = layer == NULL ? NULL : place_layer(p, layer, spec);
    if (in == NULL) {
        return false;
    }
    layer->weights_of = spec->op->cost != NULL ? owner : 0;
    if (!cnn_builder_add(p->builder, layer, in) || !drop_foreign(p, layer, spec->module)) {
        return false;
    }
    *tensor =
        (cnn_tensor){.layer = layer->index, .shape = layer->out, .first = spec->sources[0]->first};
    *out = tensor;
    return true;
}

bool cnn_flow_known(cnn_paster *p, const cnn_known_layer *known, const cnn_tensor *const *source,
                    cnn_module *module, cnn_span span, cnn_tensor **out)
{
    cnn_spec spec = {.op = known_op(known->what),
                     .sources = source,
                     .source_count = known->source_count == 0 ? 1 : known->source_count,
                     .module = module,
                     .aux = known->aux,
                     .span = span};
    const int64_t counts[] = {known->weights, known->biases, known->statistics};
    const int64_t shape[] = {known->out.channels, known->out.axes, 0};
    memcpy(spec.attrs.value[CNN_SIZE], counts, sizeof counts);
    memcpy(spec.attrs.value[CNN_PAD], shape, sizeof shape);
    memcpy(spec.attrs.value[CNN_DILATION], known->out.side, sizeof known->out.side);
    spec.attrs.value[CNN_STRIDE][0] = known->macs;
    return cnn_flow_add(p, &spec, out);
}

bool cnn_flow_view(cnn_paster *p, const cnn_tensor *in, const cnn_shape *shape, cnn_span span,
                   cnn_tensor **out)
{
    if (shape->axes == 0 && in->shape.axes > 0) {
        cnn_spec spec = cnn_spec_of("flatten", &in, NULL, span);
        return cnn_flow_add(p, &spec, out);
    }
    if (shape->axes == 2) {
        cnn_spec spec = cnn_spec_of("reshape", &in, NULL, span);
        const int64_t size[] = {shape->channels, shape->side[0], shape->side[1]};
        cnn_spec_sides(&spec, CNN_SIZE, size, 3);
        return cnn_flow_add(p, &spec, out);
    }
    return cnn_flow_known(p, &(cnn_known_layer){.what = "view", .out = *shape}, &in, NULL, span,
                          out);
}

/* ---- what is declared ---- */

/* Where the number can be written: in the constructor's call, or where it came from when that call
 * made several modules. */
static cnn_span place_of_number(const cnn_paster *p, const cnn_module *module,
                                const cnn_py *declared, const cnn_py_node *place)
{
    int32_t made = 0;
    for (const cnn_module *m = p->modules; m != NULL && module != NULL; m = m->next) {
        made += m->call == module->call;
    }
    return made > 1 || place == NULL ? declared->origin : place->span;
}

bool cnn_edit_add(cnn_paster *p, cnn_span span, cnn_text text)
{
    for (const cnn_edit *e = p->edits; e != NULL; e = e->next) {
        if (e->span.begin == span.begin && e->span.end == span.end) {
            return true;
        }
    }
    cnn_edit *edit = CNN_PASTE_NEW(p, cnn_edit);
    if (edit == NULL) {
        return false;
    }
    *edit = (cnn_edit){span, text, p->edits};
    p->edits = edit;
    return true;
}

/* "nn.Linear(576, 120)": the call with the number put in, when it is short enough to be shown. */
static cnn_text code_of(cnn_paster *p, const cnn_module *module, cnn_span place, cnn_text number)
{
    const cnn_span call = module != NULL && module->call != NULL ? module->call->span : place;
    if (place.begin < call.begin || place.end > call.end || call.end - call.begin > 100) {
        return number;
    }
    const cnn_text before = cnn_text_part(p->text, (cnn_span){call.begin, place.begin});
    const cnn_text after = cnn_text_part(p->text, (cnn_span){place.end, call.end});
    const cnn_text all = cnn_paste_join(p, cnn_paste_join(p, before, "", number), "", after);
    return all.size > 0 && memchr(all.data, '\n', all.size) == NULL ? all : number;
}

bool cnn_mismatch_add(cnn_paster *p, const cnn_mismatch *found)
{
    if (p->counting || p->probing > 0) {
        return true;
    }
    for (const cnn_mismatch *m = p->mismatches; m != NULL; m = m->next) {
        if (m->kind == found->kind && cnn_words_equal(m->layer, found->layer) &&
            m->write == found->write && m->span.begin == found->span.begin) {
            return true; /* a module that is applied twice */
        }
    }
    cnn_mismatch *mismatch = CNN_PASTE_NEW(p, cnn_mismatch);
    if (mismatch == NULL) {
        return false;
    }
    *mismatch = *found;
    mismatch->next = NULL;
    *p->last_mismatch = mismatch;
    p->last_mismatch = &mismatch->next;
    p->mismatch_count++;
    return true;
}

/* What enters, before a flattening or another view made it a vector. */
static cnn_shape seen_from(const cnn_paster *p, const cnn_tensor *in)
{
    const cnn_layer *layer = p->builder == NULL ? NULL : &p->net->layers[in->layer];
    while (layer != NULL && layer->source_count > 0 && layer->weights == 0 &&
           layer->out.axes == 0 && (layer->op->view || cnn_op_is_idle(layer->op))) {
        layer = &p->net->layers[layer->sources[0]];
    }
    return layer == NULL ? in->shape : layer->out;
}

bool cnn_declared(cnn_paster *p, const char *kind, cnn_module *module, const cnn_py *declared,
                  const cnn_py_node *place, const cnn_tensor *in, int64_t write)
{
    if (p->counting || p->probing > 0) {
        return true;
    }
    const cnn_span span = place_of_number(p, module, declared, place);
    const cnn_text number = cnn_paste_digits(p, write);
    const cnn_mismatch found = {.kind = kind,
                                .layer = module->name,
                                .declared = declared->number,
                                .enters = write,
                                .write = write,
                                .shape = seen_from(p, in),
                                .value = in->layer,
                                .code = code_of(p, module, span, number),
                                .span = span};
    return p->err->code == CNN_OK && cnn_mismatch_add(p, &found) && cnn_edit_add(p, span, number);
}

/* The dotted name before the last part of what a constructor is called by: "nn." of nn.Linear. */
static cnn_text prefix_of(const cnn_paster *p, const cnn_module *module)
{
    cnn_text all = {0};
    if (module->call != NULL && module->call->kind == CNN_SYNTAX_CALL) {
        all = cnn_text_part(p->text, module->call->a->span);
    }
    while (all.size > 0 && all.data[all.size - 1] != '.') {
        all.size--;
    }
    return all;
}

/* In forward the argument is flattened, in a Sequential a module is put before this one. */
static bool edit_flatten(cnn_paster *p, const cnn_module *module, const cnn_py_node *place)
{
    if (place != NULL) {
        const cnn_text in = cnn_text_part(p->text, place->span);
        const cnn_text call = cnn_paste_join(p, cnn_text_of("torch.flatten("), "", in);
        return cnn_edit_add(p, place->span, cnn_paste_join(p, call, "", cnn_text_of(", 1)")));
    }
    const cnn_span at = {cnn_module_span(module).begin, cnn_module_span(module).begin};
    return cnn_edit_add(p, at,
                        cnn_paste_join(p, prefix_of(p, module), "", cnn_text_of("Flatten(), ")));
}

bool cnn_no_flatten(cnn_paster *p, cnn_module *module, const cnn_py *declared, const cnn_tensor *in,
                    int64_t values, const cnn_py_node *place)
{
    if (p->counting || p->probing > 0) {
        return true;
    }
    const cnn_mismatch found = {
        .kind = "no-flatten",
        .layer = module->name,
        .declared = declared == NULL ? 0 : declared->number,
        .enters = values,
        .write = values,
        .shape = in->shape,
        .code = cnn_paste_join(p, prefix_of(p, module), "", cnn_text_of("Flatten()")),
        .span = cnn_module_span(module)};
    return p->err->code == CNN_OK && cnn_mismatch_add(p, &found) && edit_flatten(p, module, place);
}
