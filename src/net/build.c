/* The builder as the public header offers it: everything the caller gives is checked. */
#include "net/resolve.h"

cnn_builder *cnn_builder_begin(cnn_arena *arena, cnn_network *net, cnn_error *err)
{
    cnn_builder *b = CNN_NEW(arena, cnn_builder);
    if (b == NULL) {
        (void)cnn_fail_memory(err);
        return NULL;
    }
    return cnn_builder_open(b, arena, false, net, err) ? b : NULL;
}

/* Checked like everything that a C program gives; lists and code have checked theirs before. */
bool cnn_builder_input(cnn_builder *b, cnn_text label, const cnn_shape *shape, cnn_span span,
                       cnn_node *out)
{
    bool positive = shape->channels >= 1 && shape->axes >= 0 && shape->axes <= CNN_AXES;
    for (int32_t i = 0; positive && i < shape->axes; i++) {
        positive = shape->side[i] >= 1;
    }
    if (!positive) {
        return cnn_fail(b->err, CNN_E_INPUT_FORM, span);
    }
    if (b->layer_count > b->net->input_count) {
        return cnn_fail(b->err, CNN_E_INPUT_AFTER, span);
    }
    if (!cnn_builder_add_input(b, shape, span)) {
        return false;
    }
    *out = b->layer_count - 1;
    b->net->layers[*out].label = label;
    return true;
}

cnn_shape cnn_builder_shape(const cnn_builder *b, cnn_node value)
{
    return b->net->layers[value].out;
}

/* ---- layers ---- */

/* A join takes two values or more; resize and crop may take one whose size they get. */
static bool check_sources(cnn_builder *b, const cnn_layer_spec *spec)
{
    const cnn_op *op = spec->op;
    const int32_t least = op->form == CNN_FORM_JOIN ? 2 : 1;
    const int32_t most = op->form == CNN_FORM_JOIN ? INT32_MAX : op->takes_label ? 2 : 1;
    if (spec->source_count < least || spec->source_count > most) {
        b->err->word[0] = cnn_text_of(op->name);
        return cnn_fail_numbers(b->err, CNN_E_SOURCES, spec->span,
                                spec->source_count < least ? least : most, spec->source_count);
    }
    for (int32_t i = 0; i < spec->source_count; i++) {
        if (spec->sources[i] < 0 || spec->sources[i] >= b->layer_count) {
            return cnn_fail_numbers(b->err, CNN_E_SOURCE_LATE, spec->span, spec->sources[i],
                                    b->layer_count);
        }
    }
    if (spec->weights_of < 0 || spec->weights_of >= b->layer_count) {
        return cnn_fail_numbers(b->err, CNN_E_SOURCE_LATE, spec->span, spec->weights_of,
                                b->layer_count);
    }
    return true;
}

/* pad1+2, crop1+2: what is added or cut at both ends of each axis. */
static bool give_ends(cnn_builder *b, const cnn_layer_spec *spec, cnn_attrs *out)
{
    for (int32_t i = 0; i < CNN_AXES; i++) {
        const int64_t low = spec->attrs->value[CNN_PAD][i];
        const int64_t after = spec->attrs->value[CNN_PAD_AFTER][i];
        if (!cnn_attr_set(spec->op, out, CNN_PAD, i, after, spec->span, b->err) ||
            !cnn_attr_set(spec->op, out, CNN_PAD, i, low, spec->span, b->err)) {
            return false;
        }
        out->value[CNN_SIZE][i] = low;
        out->value[CNN_PAD_AFTER][i] = after;
    }
    const bool apart = cnn_use_of(spec->op, CNN_PAD_AFTER)->need != CNN_NEVER;
    out->given |= 1u << CNN_SIZE | 1u << CNN_PAD | (apart ? 1u << CNN_PAD_AFTER : 0);
    return true;
}

/* Puts what the caller gives of one attribute, number by number. */
static bool give_attr(cnn_builder *b, const cnn_layer_spec *spec, cnn_attr attr, cnn_attrs *out)
{
    const cnn_op *op = spec->op;
    if (attr == CNN_PAD && op->two_ends) {
        return give_ends(b, spec, out);
    }
    if (cnn_use_of(op, attr)->need == CNN_NEVER) {
        return cnn_fail_words(b->err, CNN_E_NO_ATTR, spec->span, cnn_text_of(op->name),
                              cnn_text_of(cnn_attr_names[attr].what));
    }
    out->given |= 1u << attr;
    for (int32_t i = 0; attr < CNN_NUMBERS && i < (attr == CNN_CHANNELS ? 1 : CNN_AXES); i++) {
        const int64_t n = spec->attrs->value[attr][i];
        if (i == 2 && n == 0 && cnn_use_of(op, attr)->numbers == CNN_AXES) {
            break; /* a shape of one axis */
        }
        if (!cnn_attr_set(op, out, attr, i, n, spec->span, b->err)) {
            return false;
        }
    }
    return true;
}

/* The attributes that the caller gives, and defaults for the others. */
static bool complete(cnn_builder *b, const cnn_layer_spec *spec, cnn_attrs *out)
{
    cnn_attrs standard;
    cnn_attrs_standard(spec->op, &standard);
    *out = standard;
    out->given = 0;
    for (int32_t i = 0; i < CNN_ATTRS; i++) {
        if (spec->attrs != NULL && (spec->attrs->given >> i & 1) != 0 &&
            !give_attr(b, spec, (cnn_attr)i, out)) {
            return false;
        }
    }
    /* a padding after the map; where it is negative, the check of CNN_PAD reports it */
    for (int32_t i = 0; spec->attrs != NULL && cnn_given_in(out, CNN_PAD) && i < CNN_AXES; i++) {
        const int64_t after = spec->attrs->value[CNN_PAD_AFTER][i];
        if (after < 0) {
            return cnn_attr_set(spec->op, out, CNN_PAD, i, after, spec->span, b->err);
        }
        out->value[CNN_PAD_AFTER][i] = after;
    }
    if (spec->op->takes_label && spec->source_count == 2) {
        out->given |= 1u << CNN_SIZE;
    }
    return spec->op->uses == NULL ||
           cnn_attrs_complete(spec->op, &standard, cnn_attrs_required(spec->op), out) ||
           cnn_attrs_fail(spec->op, out, spec->span, b->err);
}

/* The sources of the layer and their shapes, which are needed only during the call. */
static const cnn_shape *read_sources(cnn_builder *b, const cnn_layer_spec *spec, cnn_layer *layer)
{
    cnn_node *sources = CNN_NEW_ARRAY(b->arena, cnn_node, spec->source_count);
    cnn_arena scratch = *b->arena;
    cnn_shape *in = CNN_NEW_ARRAY(&scratch, cnn_shape, spec->source_count);
    if (sources == NULL || in == NULL) {
        (void)cnn_fail_memory(b->err);
        return NULL;
    }
    for (int32_t i = 0; i < spec->source_count; i++) {
        sources[i] = spec->sources[i];
        in[i] = b->net->layers[spec->sources[i]].out;
    }
    layer->source_one = sources[0];
    if (spec->source_count > 1) {
        layer->sources = sources;
        layer->source_count = spec->source_count;
    }
    return in;
}

bool cnn_builder_layer(cnn_builder *b, const cnn_layer_spec *spec, cnn_node *out)
{
    const cnn_op *op = spec->op;
    if (op == NULL || op->splits || (op->form != CNN_FORM_LAYER && op->form != CNN_FORM_JOIN)) {
        return cnn_fail(b->err, CNN_E_KIND_MISSING, spec->span);
    }
    cnn_attrs given;
    return check_sources(b, spec) && complete(b, spec, &given) &&
           cnn_builder_complete(b, spec, &given, out);
}

bool cnn_builder_complete(cnn_builder *b, const cnn_layer_spec *spec, const cnn_attrs *complete,
                          cnn_node *out)
{
    const cnn_attrs *attrs = cnn_builder_keep_attrs(b, complete);
    cnn_layer *layer =
        attrs == NULL ? NULL : cnn_builder_next(b, spec->op, attrs, spec->sources[0], spec->span);
    if (layer == NULL) {
        return false;
    }
    const cnn_shape *in = read_sources(b, spec, layer);
    if (in == NULL) {
        return false;
    }
    /* a layer that shares weights may be named as their owner: its own owner is */
    const cnn_node owner = b->net->layers[spec->weights_of].weights_of;
    layer->weights_of = owner > 0 ? owner : spec->weights_of;
    layer->label = spec->label;
    layer->path = spec->path;
    layer->aux = spec->aux;
    layer->frozen = spec->frozen;
    if (!cnn_builder_add(b, layer, in)) {
        return false;
    }
    *out = b->layer_count - 1;
    return true;
}

bool cnn_builder_end(cnn_builder *b, cnn_node output)
{
    if (output < 0 || output >= b->layer_count) {
        return cnn_fail_numbers(b->err, CNN_E_SOURCE_LATE, (cnn_span){0, 0}, output,
                                b->layer_count);
    }
    cnn_builder_close(b, output);
    return true;
}
