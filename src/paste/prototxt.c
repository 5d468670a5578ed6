/*
 * Caffe's prototxt. Convolutions round down, poolings up; with padding, a last window that would
 * begin after the map and its padding is dropped. Layers may write over their own input.
 */
#include "base/checked.h"
#include "paste/root.h"

typedef struct reader {
    cnn_paster *p;
    size_t at;
    cnn_items blobs; /* name, tensor, name, tensor */
    cnn_tensor *last;
} reader;

/* ---- the text format: a block is a list of key, value, key, value ---- */

static bool fail(const reader *r)
{
    const uint32_t size = (uint32_t)r->p->text.size;
    const uint32_t at = (uint32_t)r->at < size ? (uint32_t)r->at : size;
    return cnn_fail(r->p->err, CNN_E_PASTE_PROTOTXT, (cnn_span){at, at + (at < size)});
}

static char see(const reader *r)
{
    return r->at < r->p->text.size ? r->p->text.data[r->at] : '\0';
}

static void skip(reader *r)
{
    for (;;) {
        const char c = see(r);
        if (c == '#') {
            while (see(r) != '\n' && r->at < r->p->text.size) {
                r->at++;
            }
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ';') {
            r->at++;
        } else {
            return;
        }
    }
}

static bool is_word(char c)
{
    return cnn_is_letter(c) || cnn_is_digit(c) || c == '_' || c == '-' || c == '.' || c == '+';
}

static cnn_text word(reader *r)
{
    const size_t begin = r->at;
    while (is_word(see(r))) {
        r->at++;
    }
    return (cnn_text){r->p->text.data + begin, r->at - begin};
}

static bool scalar(reader *r, cnn_py *out)
{
    const char quote = see(r);
    *out = (cnn_py){.kind = CNN_PY_STRING};
    if (quote == '"' || quote == '\'') {
        const size_t begin = ++r->at;
        while (see(r) != quote && r->at < r->p->text.size) {
            r->at++;
        }
        out->text = (cnn_text){r->p->text.data + begin, r->at - begin};
        return r->at++ < r->p->text.size || fail(r);
    }
    out->text = word(r);
    return out->text.size > 0 || fail(r);
}

/* Up to "}" or the end. */
static bool block(reader *r, int32_t depth, cnn_py *out)
{
    if (depth > CNN_MAX_NESTING) {
        return fail(r);
    }
    if (!cnn_py_items(r->p, CNN_PY_DICT, 0, out)) {
        return false;
    }
    out->origin.begin = (uint32_t)r->at;
    for (skip(r); r->at < r->p->text.size && see(r) != '}'; skip(r)) {
        const cnn_py key = {.kind = CNN_PY_STRING, .text = word(r)};
        cnn_py value;
        skip(r);
        const bool colon = see(r) == ':';
        r->at += colon;
        skip(r);
        if (key.text.size == 0 || !cnn_paste_step(r->p, 1)) {
            return r->p->err->code == CNN_OK ? fail(r) : false;
        }
        if (see(r) == '{') {
            r->at++;
            if (!block(r, depth + 1, &value)) {
                return false;
            }
            if (see(r) != '}') {
                return fail(r);
            }
            r->at++;
        } else if (!colon || !scalar(r, &value)) {
            return r->p->err->code == CNN_OK ? fail(r) : false;
        }
        if (!cnn_py_append(r->p, out->items, &key) || !cnn_py_append(r->p, out->items, &value)) {
            return false;
        }
    }
    out->origin.end = (uint32_t)r->at;
    return true;
}

/* ---- values ---- */

/* The i-th value of a key; NULL: there is none. */
static const cnn_py *get(const cnn_py *from, const char *key, int32_t i)
{
    for (int32_t k = 0; from != NULL && from->kind == CNN_PY_DICT && k + 1 < from->items->count;
         k += 2) {
        if (cnn_word_is(from->items->at[k].text, key) && i-- == 0) {
            return &from->items->at[k + 1];
        }
    }
    return NULL;
}

static bool number(reader *r, const cnn_py *from, const char *key, int32_t i, int64_t standard,
                   int64_t *out)
{
    const cnn_py *value = get(from, key, i);
    int64_t n = 0;
    *out = standard;
    if (value == NULL) {
        return true;
    }
    for (size_t k = 0; k < value->text.size; k++) {
        if (!cnn_is_digit(value->text.data[k]) || !cnn_checked_mul(n, 10, &n) ||
            !cnn_checked_add(n, value->text.data[k] - '0', &n)) {
            return cnn_paste_fail(r->p, CNN_E_PASTE_NUMBER, from->origin, cnn_text_of(key),
                                  (cnn_text){0});
        }
    }
    *out = n;
    return true;
}

static bool says(const cnn_py *from, const char *key, const char *word_)
{
    const cnn_py *value = get(from, key, 0);
    return value != NULL && cnn_text_is(value->text, word_);
}

/* kernel_size, or kernel_h and kernel_w. */
static bool sides(reader *r, const cnn_py *from, const char *both, const char *high,
                  const char *wide, int64_t standard, int64_t *out)
{
    if (!number(r, from, both, 0, standard, &out[0]) ||
        !number(r, from, both, 1, out[0], &out[1])) {
        return false;
    }
    return number(r, from, high, 0, out[0], &out[0]) && number(r, from, wide, 0, out[1], &out[1]);
}

/* ---- layers ---- */

typedef struct job {
    reader *r;
    const cnn_py *layer;
    const cnn_py *param; /* convolution_param and the like; NULL: there is none */
    const cnn_tensor *in;
    cnn_span span;
    cnn_tensor *out;
} job;

static bool convolution(job *j, const char *kind)
{
    reader *r = j->r;
    int64_t n, group, kernel[2], stride[2], pad[2], dilation[2];
    cnn_spec spec = cnn_spec_of(kind, &j->in, NULL, j->span);
    if (!number(r, j->param, "num_output", 0, 0, &n) ||
        !number(r, j->param, "group", 0, 1, &group) ||
        !sides(r, j->param, "kernel_size", "kernel_h", "kernel_w", 0, kernel) ||
        !sides(r, j->param, "stride", "stride_h", "stride_w", 1, stride) ||
        !sides(r, j->param, "pad", "pad_h", "pad_w", 0, pad) ||
        !sides(r, j->param, "dilation", "dilation_h", "dilation_w", 1, dilation)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_GROUPS, group);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, 2);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, 2);
    cnn_spec_sides(&spec, CNN_PAD, pad, 2);
    cnn_spec_sides(&spec, CNN_DILATION, dilation, 2);
    cnn_spec_all(&spec, CNN_BIAS, !says(j->param, "bias_term", "false"));
    return cnn_flow_add(r->p, &spec, &j->out);
}

static bool conv(job *j)
{
    return convolution(j, "conv");
}

static bool deconv(job *j)
{
    return convolution(j, "deconv");
}

/* The rows that have to be added after a side, so that a pooling that rounds up here gives as many
 * windows as Caffe does: ours drops one that would begin after the map, Caffe only where there is
 * a padding. */
static int64_t rows_after(int64_t in, int64_t k, int64_t s, int64_t pad)
{
    const int64_t over = in - k;
    if (pad > 0 || over < 0 || s < 1) {
        return 0;
    }
    const int64_t begins = (over + s - 1) / s * s; /* of the last window */
    return begins >= in ? begins + k - in : 0;
}

static bool pooling(job *j)
{
    reader *r = j->r;
    int64_t kernel[2], stride[2], pad[2];
    const char *kind = says(j->param, "pool", "AVE") ? "avgpool" : "maxpool";
    const bool floors = says(j->param, "round_mode", "FLOOR") ||
                        says(j->param, "ceil_mode", "false") || says(j->param, "round_mode", "1");
    if (says(j->param, "global_pooling", "true")) {
        cnn_spec spec =
            cnn_spec_of(says(j->param, "pool", "AVE") ? "gap" : "gmp", &j->in, NULL, j->span);
        return cnn_flow_add(r->p, &spec, &j->out);
    }
    if (!sides(r, j->param, "kernel_size", "kernel_h", "kernel_w", 0, kernel) ||
        !sides(r, j->param, "stride", "stride_h", "stride_w", 1, stride) ||
        !sides(r, j->param, "pad", "pad_h", "pad_w", 0, pad)) {
        return false;
    }
    int64_t none[CNN_AXES] = {0}, after[CNN_AXES] = {0};
    for (int32_t i = 0; i < 2 && j->in->shape.axes == 2; i++) {
        if (kernel[i] > INT32_MAX || pad[i] > INT32_MAX || stride[i] > INT32_MAX ||
            j->in->shape.side[i] > INT64_MAX / 4) {
            return cnn_paste_fail(r->p, CNN_E_OVERFLOW, j->span, cnn_text_of("the window"),
                                  (cnn_text){0});
        }
        after[i] = floors ? 0 : rows_after(j->in->shape.side[i], kernel[i], stride[i], pad[i]);
    }
    const cnn_tensor *padded = j->in;
    if (after[0] + after[1] > 0) {
        cnn_spec more = cnn_spec_of("pad", &j->in, NULL, j->span);
        cnn_spec_ends(&more, none, after, 2);
        if (!cnn_flow_add(r->p, &more, &j->out)) {
            return false;
        }
        padded = j->out;
    }
    cnn_spec spec = cnn_spec_of(kind, &padded, NULL, j->span);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, 2);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, 2);
    cnn_spec_sides(&spec, CNN_PAD, pad, 2);
    if (!floors) {
        cnn_spec_all(&spec, CNN_CEIL, 0);
    }
    return cnn_flow_add(r->p, &spec, &j->out);
}

static bool inner_product(job *j)
{
    int64_t n;
    cnn_spec spec = cnn_spec_of("FC", &j->in, NULL, j->span);
    if (!number(j->r, j->param, "num_output", 0, 0, &n)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_BIAS, !says(j->param, "bias_term", "false"));
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

/* Caffe's normalisation has no factors of its own; a Scale layer after it has. */
static bool batch_norm(job *j)
{
    cnn_spec spec = cnn_spec_of("bn", &j->in, NULL, j->span);
    cnn_spec_all(&spec, CNN_BIAS, 0);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool scale(job *j)
{
    cnn_spec spec = cnn_spec_of("scale", &j->in, NULL, j->span);
    if (!cnn_flow_add(j->r->p, &spec, &j->out) || !says(j->param, "bias_term", "true")) {
        return j->r->p->err->code == CNN_OK;
    }
    const cnn_tensor *scaled = j->out;
    cnn_spec shift = cnn_spec_of("bias", &scaled, NULL, j->span);
    return cnn_flow_add(j->r->p, &shift, &j->out);
}

static bool bias(job *j)
{
    cnn_spec spec = cnn_spec_of("bias", &j->in, NULL, j->span);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool local_norm(job *j)
{
    int64_t size;
    cnn_spec spec = cnn_spec_of("LRN", &j->in, NULL, j->span);
    if (!number(j->r, j->param, "local_size", 0, 5, &size)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, size);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool prelu(job *j)
{
    cnn_spec spec = cnn_spec_of("prelu", &j->in, NULL, j->span);
    const bool shared = says(j->param, "channel_shared", "true");
    cnn_spec_all(&spec, CNN_SIZE, shared ? 1 : j->in->shape.channels);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool named(job *j, const char *op)
{
    cnn_spec spec = cnn_spec_of(op, &j->in, NULL, j->span);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool relu(job *j)
{
    return named(j, get(j->param, "negative_slope", 0) != NULL ? "lrelu" : "relu");
}

static bool sigmoid(job *j)
{
    return named(j, "sigmoid");
}

static bool tanh_layer(job *j)
{
    return named(j, "tanh");
}

static bool elu(job *j)
{
    return named(j, "elu");
}

static bool dropout(job *j)
{
    return named(j, "dropout");
}

static bool softmax(job *j)
{
    return named(j, "softmax");
}

static bool flatten(job *j)
{
    return named(j, "flatten");
}

static bool passes(job *j)
{
    j->out = (cnn_tensor *)j->in;
    return true;
}

/* The inputs by their names. */
static bool inputs_of(reader *r, const cnn_py *layer, cnn_items *out)
{
    for (int32_t i = 0; get(layer, "bottom", i) != NULL; i++) {
        const cnn_py *found = NULL;
        for (int32_t k = 0; k + 1 < r->blobs.count; k += 2) { /* the last one of the name */
            found = cnn_words_equal(r->blobs.at[k].text, get(layer, "bottom", i)->text)
                        ? &r->blobs.at[k + 1]
                        : found;
        }
        if (found == NULL) {
            return cnn_paste_fail(r->p, CNN_E_PASTE_UNKNOWN, layer->origin,
                                  get(layer, "bottom", i)->text, (cnn_text){0});
        }
        if (!cnn_paste_step(r->p, r->blobs.count) || !cnn_py_append(r->p, out, found)) {
            return false;
        }
    }
    return true;
}

static bool join(job *j, const char *op)
{
    cnn_items parts = {0};
    cnn_py out;
    const cnn_py_node place = {.span = j->span};
    if (!inputs_of(j->r, j->layer, &parts) ||
        !cnn_tensor_join(j->r->p, op, &place, parts.at, parts.count, &out)) {
        return false;
    }
    j->out = out.tensor;
    return true;
}

static bool concat(job *j)
{
    int64_t axis;
    if (!number(j->r, j->param, "axis", 0, 1, &axis)) {
        return false;
    }
    return axis == 1 ? join(j, "cat")
                     : cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_CAT_AXIS, j->span, axis, 0);
}

static bool eltwise(job *j)
{
    return join(j, says(j->param, "operation", "PROD") ? "mul" : "add");
}

/* What a layer of each type does; the names of older files are in capitals. */
static const struct {
    const char *type, *old, *param;
    bool (*add)(job *);
} types[] = {
    {"Convolution", "CONVOLUTION", "convolution_param", conv},
    {"Deconvolution", "DECONVOLUTION", "convolution_param", deconv},
    {"Pooling", "POOLING", "pooling_param", pooling},
    {"InnerProduct", "INNER_PRODUCT", "inner_product_param", inner_product},
    {"ReLU", "RELU", "relu_param", relu},
    {"PReLU", "PRELU", "prelu_param", prelu},
    {"Sigmoid", "SIGMOID", "", sigmoid},
    {"TanH", "TANH", "", tanh_layer},
    {"ELU", "ELU_", "", elu},
    {"Dropout", "DROPOUT", "", dropout},
    {"LRN", "LRN", "lrn_param", local_norm},
    {"Softmax", "SOFTMAX", "", softmax},
    {"SoftmaxWithLoss", "SOFTMAX_LOSS", "", passes},
    {"Flatten", "FLATTEN", "", flatten},
    {"BatchNorm", "BN", "", batch_norm},
    {"Scale", "SCALE", "scale_param", scale},
    {"Bias", "BIAS", "", bias},
    {"Concat", "CONCAT", "concat_param", concat},
    {"Eltwise", "ELTWISE", "eltwise_param", eltwise},
    {"Split", "SPLIT", "", passes},
    {"AbsVal", "ABSVAL", "", passes},
    {"Power", "POWER", "", passes},
    {"Exp", "EXP", "", passes},
    {"Log", "LOG", "", passes},
};

/* ---- the network ---- */

static bool keep(reader *r, cnn_text name, cnn_tensor *tensor)
{
    const cnn_py key = {.kind = CNN_PY_STRING, .text = name};
    const cnn_py value = {.kind = CNN_PY_TENSOR, .tensor = tensor};
    r->last = tensor;
    return cnn_py_append(r->p, &r->blobs, &key) && cnn_py_append(r->p, &r->blobs, &value);
}

/* Four numbers with the batch first, as repeated `key`s of a block. */
static bool input_from(reader *r, const cnn_py *from, const char *key, cnn_text name)
{
    cnn_shape shape = {0};
    int64_t n[4] = {0};
    int32_t count = 0;
    while (count < 4 && get(from, key, count) != NULL) {
        if (!number(r, from, key, count, 0, &n[count])) {
            return false;
        }
        count++;
    }
    const bool begun = r->p->builder != NULL && r->p->builder->layer_count > r->p->net->input_count;
    if (count < 2 || begun) {
        return cnn_fail(r->p->err, begun ? CNN_E_INPUT_AFTER : CNN_E_PASTE_NO_INPUT, from->origin);
    }
    shape = (cnn_shape){.channels = n[1], .side = {n[2], n[3]}, .axes = count == 4 ? 2 : 0};
    cnn_tensor *tensor;
    if (r->p->settings->input.size > 0) {
        cnn_module *none = cnn_module_new(r->p, NULL);
        bool any;
        if (none == NULL || !cnn_input_find(r->p, none, &shape, &any)) {
            return false;
        }
    }
    for (int32_t i = 0; i < shape.axes; i++) {
        if (shape.side[i] < 1) {
            return cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, from->origin);
        }
    }
    return (shape.channels > 0 || cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, from->origin)) &&
           cnn_flow_input(r->p, &shape, name, from->origin, &tensor) && keep(r, name, tensor);
}

/* Layers of training alone, data, losses and measures are no part of what is computed. */
static bool is_beside(const cnn_py *layer, cnn_text type)
{
    static const char *const types_[] = {"Data",
                                         "ImageData",
                                         "HDF5Data",
                                         "Accuracy",
                                         "Silence",
                                         "EuclideanLoss",
                                         "SigmoidCrossEntropyLoss",
                                         "DATA",
                                         "ACCURACY",
                                         "IMAGE_DATA",
                                         "HingeLoss",
                                         "DummyData"};
    const cnn_py *include = get(layer, "include", 0);
    for (size_t i = 0; i < CNN_LENGTH(types_); i++) {
        if (cnn_word_is(type, types_[i])) {
            return true;
        }
    }
    return says(include, "phase", "TRAIN");
}

static bool begin_from_settings(reader *r, cnn_text name)
{
    cnn_module *none = cnn_module_new(r->p, NULL);
    cnn_shape shape;
    cnn_tensor *tensor;
    bool any;
    if (none == NULL || !cnn_input_find(r->p, none, &shape, &any)) {
        return false;
    }
    if (!any) {
        return cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, (cnn_span){0, 0});
    }
    return cnn_flow_begin(r->p, &shape, (cnn_span){0, 0}, &tensor) && keep(r, name, tensor);
}

static bool add_layer(reader *r, const cnn_py *layer)
{
    const cnn_py *type = get(layer, "type", 0), *name = get(layer, "name", 0);
    const cnn_py *top = get(layer, "top", 0);
    job j = {.r = r, .layer = layer, .span = layer->origin};
    cnn_items in = {0};
    if (type == NULL) {
        return cnn_paste_fail(r->p, CNN_E_PASTE_MISSING, layer->origin, cnn_text_of("a layer"),
                              cnn_text_of("type"));
    }
    if (cnn_word_is(type->text, "Input")) {
        const cnn_py *shape = get(get(layer, "input_param", 0), "shape", 0);
        return shape == NULL
                   ? cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, layer->origin)
                   : input_from(r, shape, "dim", top != NULL ? top->text : cnn_text_of("data"));
    }
    if (is_beside(layer, type->text)) {
        const bool data = r->p->builder == NULL && get(layer, "bottom", 0) == NULL && top != NULL;
        return !data || r->p->settings->input.size == 0 || begin_from_settings(r, top->text);
    }
    if (r->p->builder == NULL) {
        return cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, layer->origin);
    }
    if (!inputs_of(r, layer, &in) || in.count == 0) {
        return r->p->err->code == CNN_OK ? cnn_paste_fail(r->p, CNN_E_PASTE_MISSING, layer->origin,
                                                          type->text, cnn_text_of("bottom"))
                                         : false;
    }
    j.in = in.at[0].tensor;
    for (size_t i = 0; i < CNN_LENGTH(types); i++) {
        if (!cnn_word_is(type->text, types[i].type) && !cnn_word_is(type->text, types[i].old)) {
            continue;
        }
        j.param = get(layer, types[i].param, 0);
        if (!types[i].add(&j)) {
            return false;
        }
        if (j.out->layer > 0 && name != NULL) {
            r->p->net->layers[j.out->layer].label = name->text;
        }
        return keep(r, top != NULL ? top->text : name != NULL ? name->text : type->text, j.out);
    }
    return cnn_paste_refuse(r->p, layer->origin, type->text, "is no type that is computed here");
}

bool cnn_prototxt_read(cnn_paster *p)
{
    reader r = {.p = p};
    cnn_py all;
    if (!block(&r, 0, &all)) {
        return false;
    }
    if (r.at < p->text.size) {
        return fail(&r);
    }
    const cnn_py *input = get(&all, "input", 0), *shape = get(&all, "input_shape", 0);
    if (input != NULL && !(shape != NULL ? input_from(&r, shape, "dim", input->text)
                                         : input_from(&r, &all, "input_dim", input->text))) {
        return false;
    }
    for (int32_t i = 0; i + 1 < all.items->count; i += 2) {
        const cnn_text key = all.items->at[i].text;
        const cnn_py *layer = &all.items->at[i + 1];
        const bool is_layer = cnn_word_is(key, "layer") || cnn_word_is(key, "layers");
        if (is_layer && layer->kind == CNN_PY_DICT && !add_layer(&r, layer)) {
            return false;
        }
    }
    if (r.last == NULL || p->builder->layer_count < 2) {
        return cnn_fail(p->err, CNN_E_PASTE_NO_MODEL, (cnn_span){0, 0});
    }
    return cnn_builder_end(p->builder, r.last->layer);
}
