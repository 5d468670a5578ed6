/*
 * Caffe's prototxt: the network of the phase TEST. Convolutions round down, poolings up; with
 * padding, a last window that would begin after the map and its padding is dropped. Layers may
 * write over their own input.
 */
#include "paste/prototxt.h"

/* ---- blobs ---- */

/* The last one of the name. */
static bool find(cnn_prototxt *r, const cnn_py *name, cnn_items *to)
{
    int32_t k = r->blobs.count - 2;
    while (k >= 0 && !cnn_words_equal(r->blobs.at[k].text, name->text)) {
        k -= 2;
    }
    if (k < 0) {
        return cnn_paste_fail(r->p, CNN_E_PASTE_UNKNOWN, name->origin, name->text, (cnn_text){0});
    }
    return cnn_paste_step(r->p, (r->blobs.count - k) / 2) &&
           cnn_py_append(r->p, to, &r->blobs.at[k + 1]);
}

static bool keep(cnn_prototxt *r, cnn_text name, cnn_tensor *tensor)
{
    const cnn_py key = {.kind = CNN_PY_STRING, .text = name};
    const cnn_py value = {.kind = CNN_PY_TENSOR, .tensor = tensor};
    r->last = tensor;
    return cnn_py_append(r->p, &r->blobs, &key) && cnn_py_append(r->p, &r->blobs, &value);
}

/* ---- layers that are no part of what is computed ---- */

static bool ends_with(cnn_text text, const char *end)
{
    const size_t size = strlen(end);
    return text.size >= size && cnn_text_is(cnn_text_skip(text, text.size - size), end);
}

static bool is_data(const cnn_py *layer, cnn_text type)
{
    const bool source = cnn_word_is(type, "Python") || cnn_word_is(type, "HDF5_DATA");
    return cnn_prototxt_get(layer, "bottom", 0) == NULL && (source || ends_with(type, "Data"));
}

/* Losses and measures. */
static bool is_beside(cnn_text type)
{
    static const char *const types[] = {"Accuracy", "Silence", "HDF5Output", "HDF5_OUTPUT"};
    for (size_t i = 0; i < CNN_LENGTH(types); i++) {
        if (cnn_text_is(type, types[i])) {
            return true;
        }
    }
    return ends_with(type, "Loss");
}

/* Whether a rule of include or exclude is met by the phase TEST and the stage deploy. */
static bool is_met(const cnn_py *rule)
{
    const cnn_py *phase = cnn_prototxt_get(rule, "phase", 0);
    const bool test = phase == NULL || cnn_text_is(phase->text, "TEST") || /* or its number */
                      cnn_text_is(phase->text, "1");
    const cnn_py *stage = cnn_prototxt_get(rule, "stage", 0);
    return test && (stage == NULL || cnn_text_is(stage->text, "deploy")) &&
           !cnn_prototxt_says(rule, "not_stage", "deploy");
}

static bool is_included(const cnn_py *layer)
{
    bool met = cnn_prototxt_get(layer, "include", 0) == NULL;
    for (int32_t i = 0; cnn_prototxt_get(layer, "include", i) != NULL; i++) {
        met = met || is_met(cnn_prototxt_get(layer, "include", i));
    }
    for (int32_t i = 0; cnn_prototxt_get(layer, "exclude", i) != NULL; i++) {
        met = met && !is_met(cnn_prototxt_get(layer, "exclude", i));
    }
    return met;
}

static cnn_text type_of(const cnn_py *layer)
{
    const cnn_py *type = cnn_prototxt_get(layer, "type", 0);
    return type == NULL ? (cnn_text){0} : type->text;
}

/* The i-th pair of key and value; NULL: it is no layer. */
static const cnn_py *layer_at(const cnn_py *all, int32_t i)
{
    const cnn_text key = all->items->at[i].text;
    const cnn_py *layer = &all->items->at[i + 1];
    const bool is_layer = cnn_word_is(key, "layer") || cnn_word_is(key, "layers");
    return is_layer && layer->kind == CNN_PY_DICT ? layer : NULL;
}

/* ---- inputs ---- */

/* Whether a layer that is computed reads a blob: labels enter only losses. */
static bool is_read(cnn_prototxt *r, const cnn_py *all, cnn_text name, bool *out)
{
    *out = false;
    for (int32_t i = 0; i < all->items->count && !*out; i += 2) {
        const cnn_py *layer = layer_at(all, i);
        if (layer == NULL || is_beside(type_of(layer)) || !is_included(layer)) {
            continue;
        }
        for (int32_t k = 0; cnn_prototxt_get(layer, "bottom", k) != NULL; k++) {
            *out = *out || cnn_words_equal(cnn_prototxt_get(layer, "bottom", k)->text, name);
        }
    }
    return cnn_paste_step(r->p, all->items->count / 2);
}

static bool no_input(const cnn_prototxt *r, cnn_span span)
{
    return cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, span);
}

/* N C H W as values of a key from the `first` on; N C for a vector. No values: -i gives the shape,
 * which also replaces the first one that the text gives. */
static bool add_input(cnn_prototxt *r, cnn_text name, const cnn_py *from, const char *key,
                      int32_t first, int32_t most, cnn_span span)
{
    int64_t n[CNN_AXES + 2] = {0};
    int32_t count = 0;
    while (count < most && cnn_prototxt_get(from, key, first + count) != NULL) {
        if (count == CNN_AXES + 2) {
            return cnn_fail_numbers(r->p->err, CNN_E_PASTE_SIDES, span, most, CNN_AXES + 2);
        }
        if (!cnn_prototxt_number(r, from, key, first + count, 0, &n[count])) {
            return false;
        }
        count++;
    }
    const bool given = r->p->settings->input.size > 0 && r->last == NULL;
    cnn_shape shape = {.channels = n[1], .axes = count > 1 ? count - 2 : 0};
    memcpy(shape.side, n + 2, sizeof shape.side);
    if (given) {
        const cnn_entry entry = {.axes = count > 0 ? shape.axes : 2,
                                 .channels = count > 1 ? n[1] : 0,
                                 .open = count == 0};
        if (!cnn_input_read(r->p, cnn_text_trim(r->p->settings->input), &entry, &shape)) {
            return false;
        }
    }
    for (int32_t i = 0; i < shape.axes; i++) {
        if (shape.side[i] < 1) {
            return no_input(r, span);
        }
    }
    if (shape.channels < 1 || (!given && count < 2)) {
        return no_input(r, span);
    }
    cnn_tensor *tensor;
    r->batch = n[0];
    return cnn_flow_input(r->p, &shape, name, span, &tensor) && keep(r, name, tensor);
}

/* An input of the network itself, before there were layers of type Input: four values of input_dim
 * for each, or its input_shape. */
static bool add_old_input(cnn_prototxt *r, const cnn_py *all, int32_t i)
{
    const cnn_py *name = cnn_prototxt_get(all, "input", i);
    const cnn_py *shape = cnn_prototxt_get(all, "input_shape", i);
    const int32_t dims = cnn_prototxt_count(all, "input_dim");
    if (shape == NULL && dims % 4 != 0) {
        return cnn_fail_numbers(r->p->err, CNN_E_PASTE_INPUT_DIM, name->origin, dims, 0);
    }
    return shape != NULL ? add_input(r, name->text, shape, "dim", 0, INT32_MAX, shape->origin)
                         : add_input(r, name->text, all, "input_dim", 4 * i, 4, name->origin);
}

/* The i-th output of a layer of type Input or of data. Of data only -i gives the sizes, unless they
 * are made up or lie in memory. */
static bool add_top(cnn_prototxt *r, const cnn_py *layer, int32_t i)
{
    static const char *const params[] = {"input_param", "dummy_data_param"};
    const cnn_py *name = cnn_prototxt_get(layer, "top", i);
    const cnn_py *shape = NULL;
    for (size_t k = 0; k < CNN_LENGTH(params); k++) {
        const cnn_py *param = cnn_prototxt_get(layer, params[k], 0);
        const cnn_py *own = cnn_prototxt_get(param, "shape", i);
        own = own != NULL ? own : cnn_prototxt_get(param, "shape", 0); /* one for all */
        shape = own != NULL ? own : shape;
    }
    return add_input(r, name->text, shape, "dim", 0, INT32_MAX,
                     shape != NULL ? shape->origin : layer->origin);
}

/* Adds the i-th input of the text, or the i-th output of a layer that gives inputs, if it is read;
 * *any: it is. */
static bool add_if_read(cnn_prototxt *r, const cnn_py *all, const cnn_py *layer, int32_t i,
                        bool unread, bool *any)
{
    const cnn_py *name =
        cnn_prototxt_get(layer == NULL ? all : layer, layer == NULL ? "input" : "top", i);
    bool read;
    if (!is_read(r, all, name->text, &read)) {
        return false;
    }
    *any = *any || read;
    return (!read && !unread) || (layer == NULL ? add_old_input(r, all, i) : add_top(r, layer, i));
}

/* All that are read, before the first layer; `unread`: those that are not. */
static bool add_inputs(cnn_prototxt *r, const cnn_py *all, bool unread, bool *any)
{
    for (int32_t i = 0; cnn_prototxt_get(all, "input", i) != NULL; i++) {
        if (!add_if_read(r, all, NULL, i, unread, any)) {
            return false;
        }
    }
    for (int32_t i = 0; i < all->items->count; i += 2) {
        const cnn_py *layer = layer_at(all, i);
        const bool input = layer != NULL && is_included(layer) &&
                           (cnn_word_is(type_of(layer), "Input") || is_data(layer, type_of(layer)));
        for (int32_t k = 0; input && cnn_prototxt_get(layer, "top", k) != NULL; k++) {
            if (!add_if_read(r, all, layer, k, unread, any)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- weights that several layers share by their names ---- */

/* The name of the i-th parameter: param { name: "w" }, or param: "w" in old files. */
static const cnn_py *weight_name(const cnn_py *layer, int32_t i)
{
    const cnn_py *param = cnn_prototxt_get(layer, "param", i);
    return param != NULL && param->kind == CNN_PY_DICT ? cnn_prototxt_get(param, "name", 0) : param;
}

/* The layer that had the parameters first; 0: they are new. Caffe shares each by itself, here it is
 * all of a layer or none. */
static bool find_owner(cnn_prototxt *r, const cnn_py *layer, int32_t *out)
{
    int32_t found = 0;
    bool same = true;
    *out = 0;
    for (int32_t i = 0; cnn_prototxt_get(layer, "param", i) != NULL; i++) {
        const cnn_py *name = weight_name(layer, i);
        if (!cnn_paste_step(r->p, r->weights.count / 100)) {
            return false;
        }
        const cnn_py *owner = name == NULL ? NULL : cnn_dict_find(&r->weights, name);
        if (owner != NULL) {
            same = same && (*out == 0 || *out == owner->number);
            *out = (int32_t)owner->number;
            found++;
        }
    }
    if (found == 0) {
        return true;
    }
    const cnn_layer *first = &r->p->net->layers[*out];
    const int32_t needed = (first->weights > 0) + (first->biases > 0);
    return (same && found >= needed) ||
           cnn_paste_refuse(r->p, layer->origin, type_of(layer),
                            "shares some of its parameters with another layer, but not all");
}

static bool name_weights(cnn_prototxt *r, const cnn_py *layer, int32_t first)
{
    for (int32_t i = 0; cnn_prototxt_get(layer, "param", i) != NULL; i++) {
        const cnn_py *name = weight_name(layer, i);
        const cnn_py owner = cnn_py_int(first, (cnn_span){0, 0});
        if (name != NULL && name->text.size > 0 && cnn_dict_find(&r->weights, name) == NULL &&
            !cnn_dict_set(r->p, &r->weights, name, &owner)) {
            return false;
        }
    }
    return true;
}

/* ---- layers ---- */

/* What a layer gives gets the names of its tops; without any, its own name. */
static bool keep_tops(cnn_prototxt *r, const cnn_prototxt_job *j, cnn_text type)
{
    const cnn_py *name = cnn_prototxt_get(j->layer, "name", 0);
    const cnn_py *top = cnn_prototxt_get(j->layer, "top", 0);
    if (!keep(r, top != NULL ? top->text : name != NULL ? name->text : type, j->out)) {
        return false;
    }
    for (int32_t i = 0; i < j->tops.count; i++) {
        top = cnn_prototxt_get(j->layer, "top", i + 1);
        if (top != NULL && !keep(r, top->text, j->tops.at[i].tensor)) {
            return false;
        }
    }
    return true;
}

static bool add_layer(cnn_prototxt *r, const cnn_py *layer)
{
    const cnn_text type = type_of(layer);
    const cnn_py *name = cnn_prototxt_get(layer, "name", 0);
    cnn_prototxt_job j = {.r = r, .layer = layer, .span = layer->origin};
    bool found;
    if (type.size == 0) {
        return cnn_paste_fail(r->p, CNN_E_PASTE_MISSING, layer->origin, cnn_text_of("a layer"),
                              cnn_text_of("type"));
    }
    if (cnn_word_is(type, "Input") || is_data(layer, type) || is_beside(type)) {
        return true;
    }
    if (r->p->builder == NULL) {
        return no_input(r, layer->origin);
    }
    for (int32_t i = 0; cnn_prototxt_get(layer, "bottom", i) != NULL; i++) {
        if (!find(r, cnn_prototxt_get(layer, "bottom", i), &j.bottoms)) {
            return false;
        }
    }
    if (j.bottoms.count == 0) {
        return cnn_paste_fail(r->p, CNN_E_PASTE_MISSING, layer->origin, type,
                              cnn_text_of("bottom"));
    }
    j.in = j.bottoms.at[0].tensor;
    const int32_t first = r->p->builder->layer_count;
    if (!find_owner(r, layer, &j.weights_of) || !cnn_prototxt_add(&j, type, &found)) {
        return false;
    }
    if (!found) {
        return cnn_paste_refuse(r->p, cnn_prototxt_get(layer, "type", 0)->origin, type,
                                "is no type that is computed here");
    }
    const int32_t end = r->p->builder->layer_count;
    if (end > first && name != NULL) {
        r->p->net->layers[end - 1].label = name->text;
    }
    return (end == first || name_weights(r, layer, first)) && keep_tops(r, &j, type);
}

bool cnn_prototxt_read(cnn_paster *p)
{
    cnn_prototxt r = {.p = p};
    cnn_py all;
    bool any = false;
    /* Where no layer reads an input there is a mistake, which is told of the layer. */
    if (!cnn_prototxt_parse(&r, &all) || !add_inputs(&r, &all, false, &any) ||
        (!any && !add_inputs(&r, &all, true, &any))) {
        return false;
    }
    r.last = NULL;
    for (int32_t i = 0; i < all.items->count; i += 2) {
        const cnn_py *layer = layer_at(&all, i);
        if (layer != NULL && is_included(layer) && !add_layer(&r, layer)) {
            return false;
        }
    }
    if (r.last == NULL || p->builder->layer_count < 2) {
        return cnn_fail(p->err, CNN_E_PASTE_NO_MODEL, (cnn_span){0, 0});
    }
    return cnn_builder_end(p->builder, r.last->layer);
}
