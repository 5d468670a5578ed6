/*
 * Caffe's prototxt. Convolutions round down, poolings up; with padding, a last window that would
 * begin after the map and its padding is dropped. Layers may write over their own input.
 */
#include "paste/prototxt.h"

#include "base/checked.h"

/* ---- the text format: a block is a list of key, value, key, value ---- */

static bool fail(const cnn_prototxt *r)
{
    const uint32_t size = (uint32_t)r->p->text.size;
    const uint32_t at = (uint32_t)r->at < size ? (uint32_t)r->at : size;
    return cnn_fail(r->p->err, CNN_E_PASTE_PROTOTXT, (cnn_span){at, at + (at < size)});
}

static char see(const cnn_prototxt *r)
{
    return r->at < r->p->text.size ? r->p->text.data[r->at] : '\0';
}

static void skip(cnn_prototxt *r)
{
    for (;;) {
        const char c = see(r);
        if (c == '#') {
            cnn_text rest = cnn_text_skip(r->p->text, r->at);
            r->at += cnn_text_split(&rest, '\n').size;
        } else if (c != '\0' && strchr(" \t\r\n,;", c) != NULL) {
            r->at++;
        } else {
            return;
        }
    }
}

static bool is_word(char c)
{
    return cnn_is_letter(c) || cnn_is_digit(c) || (c != '\0' && strchr("_-.+", c) != NULL);
}

static cnn_text word(cnn_prototxt *r)
{
    const size_t begin = r->at;
    while (is_word(see(r))) {
        r->at++;
    }
    return (cnn_text){r->p->text.data + begin, r->at - begin};
}

static bool scalar(cnn_prototxt *r, cnn_py *out)
{
    const char quote = see(r);
    *out = (cnn_py){.kind = CNN_PY_STRING};
    if (quote == '"' || quote == '\'') {
        cnn_text rest = cnn_text_skip(r->p->text, ++r->at);
        out->text = cnn_text_split(&rest, quote);
        r->at += out->text.size;
        /* Past the closing quote; at the end of the text there was none. */
        return r->at++ < r->p->text.size || fail(r);
    }
    out->text = word(r);
    return out->text.size > 0 || fail(r);
}

/* Up to "}" or the end. */
static bool block(cnn_prototxt *r, int32_t depth, cnn_py *out)
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
        /* Before "{" the colon may be left out: the text format of protocol buffers. */
        const bool colon = see(r) == ':';
        r->at += colon;
        skip(r);
        if (key.text.size == 0) {
            return fail(r);
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
            return fail(r);
        }
        if (!cnn_py_append(r->p, out->items, &key) || !cnn_py_append(r->p, out->items, &value)) {
            return false;
        }
    }
    out->origin.end = (uint32_t)r->at;
    return true;
}

/* ---- values ---- */

const cnn_py *cnn_prototxt_get(const cnn_py *from, const char *key, int32_t i)
{
    const int32_t count = from != NULL && from->kind == CNN_PY_DICT ? from->items->count : 0;
    for (int32_t k = 0; k < count; k += 2) {
        if (cnn_word_is(from->items->at[k].text, key) && i-- == 0) {
            return &from->items->at[k + 1];
        }
    }
    return NULL;
}

bool cnn_prototxt_number(cnn_prototxt *r, const cnn_py *from, const char *key, int32_t i,
                         int64_t standard, int64_t *out)
{
    const cnn_py *value = cnn_prototxt_get(from, key, i);
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

bool cnn_prototxt_says(const cnn_py *from, const char *key, const char *word_)
{
    const cnn_py *value = cnn_prototxt_get(from, key, 0);
    return value != NULL && cnn_text_is(value->text, word_);
}

/* The inputs by their names. */
bool cnn_prototxt_inputs(cnn_prototxt *r, const cnn_py *layer, cnn_items *out)
{
    for (int32_t i = 0; cnn_prototxt_get(layer, "bottom", i) != NULL; i++) {
        const cnn_py *found = NULL;
        for (int32_t k = 0; k < r->blobs.count; k += 2) { /* the last one of the name */
            found = cnn_words_equal(r->blobs.at[k].text, cnn_prototxt_get(layer, "bottom", i)->text)
                        ? &r->blobs.at[k + 1]
                        : found;
        }
        if (found == NULL) {
            return cnn_paste_fail(r->p, CNN_E_PASTE_UNKNOWN, layer->origin,
                                  cnn_prototxt_get(layer, "bottom", i)->text, (cnn_text){0});
        }
        if (!cnn_paste_step(r->p, r->blobs.count) || !cnn_py_append(r->p, out, found)) {
            return false;
        }
    }
    return true;
}

/* ---- the network ---- */

static bool keep(cnn_prototxt *r, cnn_text name, cnn_tensor *tensor)
{
    const cnn_py key = {.kind = CNN_PY_STRING, .text = name};
    const cnn_py value = {.kind = CNN_PY_TENSOR, .tensor = tensor};
    r->last = tensor;
    return cnn_py_append(r->p, &r->blobs, &key) && cnn_py_append(r->p, &r->blobs, &value);
}

/* Four numbers with the batch first, as repeated `key`s of a block. */
static bool input_from(cnn_prototxt *r, const cnn_py *from, const char *key, cnn_text name)
{
    /* N C H W, or N C for a vector. */
    int64_t n[4] = {0};
    int32_t count = 0;
    while (count < 4 && cnn_prototxt_get(from, key, count) != NULL) {
        if (!cnn_prototxt_number(r, from, key, count, 0, &n[count])) {
            return false;
        }
        count++;
    }
    const bool begun = r->p->builder != NULL && r->p->builder->layer_count > r->p->net->input_count;
    if (count < 2 || begun) {
        return cnn_fail(r->p->err, begun ? CNN_E_INPUT_AFTER : CNN_E_PASTE_NO_INPUT, from->origin);
    }
    cnn_shape shape = {.channels = n[1], .side = {n[2], n[3]}, .axes = count == 4 ? 2 : 0};
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
    const cnn_py *include = cnn_prototxt_get(layer, "include", 0);
    for (size_t i = 0; i < CNN_LENGTH(types_); i++) {
        if (cnn_word_is(type, types_[i])) {
            return true;
        }
    }
    return cnn_prototxt_says(include, "phase", "TRAIN");
}

static bool begin_from_settings(cnn_prototxt *r, cnn_text name)
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

static bool add_layer(cnn_prototxt *r, const cnn_py *layer)
{
    const cnn_py *type = cnn_prototxt_get(layer, "type", 0),
                 *name = cnn_prototxt_get(layer, "name", 0);
    const cnn_py *top = cnn_prototxt_get(layer, "top", 0);
    cnn_prototxt_job j = {.r = r, .layer = layer, .span = layer->origin};
    cnn_items in = {0};
    if (type == NULL) {
        return cnn_paste_fail(r->p, CNN_E_PASTE_MISSING, layer->origin, cnn_text_of("a layer"),
                              cnn_text_of("type"));
    }
    if (cnn_word_is(type->text, "Input")) {
        const cnn_py *shape =
            cnn_prototxt_get(cnn_prototxt_get(layer, "input_param", 0), "shape", 0);
        return shape == NULL
                   ? cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, layer->origin)
                   : input_from(r, shape, "dim", top != NULL ? top->text : cnn_text_of("data"));
    }
    if (is_beside(layer, type->text)) {
        /* A Data layer does not tell its sizes; with --input it is where the network begins. */
        const bool data =
            r->p->builder == NULL && cnn_prototxt_get(layer, "bottom", 0) == NULL && top != NULL;
        return !data || r->p->settings->input.size == 0 || begin_from_settings(r, top->text);
    }
    if (r->p->builder == NULL) {
        return cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, layer->origin);
    }
    if (!cnn_prototxt_inputs(r, layer, &in) || in.count == 0) {
        return cnn_paste_fail(r->p, CNN_E_PASTE_MISSING, layer->origin, type->text,
                              cnn_text_of("bottom"));
    }
    j.in = in.at[0].tensor;
    bool found;
    if (!cnn_prototxt_add(&j, type->text, &found)) {
        return false;
    }
    if (found) {
        if (j.out->layer > 0 && name != NULL) {
            r->p->net->layers[j.out->layer].label = name->text;
        }
        return keep(r, top != NULL ? top->text : name != NULL ? name->text : type->text, j.out);
    }
    return cnn_paste_refuse(r->p, layer->origin, type->text, "is no type that is computed here");
}

bool cnn_prototxt_read(cnn_paster *p)
{
    cnn_prototxt r = {.p = p};
    cnn_py all;
    if (!block(&r, 0, &all)) {
        return false;
    }
    if (r.at < p->text.size) {
        return fail(&r);
    }
    /* Before there were layers of type Input: "input:", then "input_dim:" four times or a shape. */
    const cnn_py *input = cnn_prototxt_get(&all, "input", 0),
                 *shape = cnn_prototxt_get(&all, "input_shape", 0);
    if (input != NULL && !(shape != NULL ? input_from(&r, shape, "dim", input->text)
                                         : input_from(&r, &all, "input_dim", input->text))) {
        return false;
    }
    for (int32_t i = 0; i < all.items->count; i += 2) {
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
