/*
 * Lines of Keras' code: "x3 = layers.", a constructor, "(x2)". Several lines for one layer give the
 * same name again and again. Sizes are height x width x channels there.
 */
#include "report/keras_lines.h"

#include "base/arena.h"
#include "net/network.h"
#include "ops/op.h"

int64_t cnn_keras_slopes(const cnn_layer *layer)
{
    return cnn_given(layer, CNN_SIZE) ? layer->attrs->value[CNN_SIZE][0] : layer->in.channels;
}

void cnn_keras_put_sides(cnn_out *out, const int64_t *low, const int64_t *high, int32_t axes)
{
    cnn_out_string(out, axes > 1 ? "(" : "");
    for (int32_t i = 0; i < axes; i++) {
        cnn_out_string(out, i > 0 ? ", (" : "(");
        cnn_out_int(out, low[i]);
        cnn_out_string(out, ", ");
        cnn_out_int(out, high[i]);
        cnn_out_char(out, ')');
    }
    cnn_out_string(out, axes > 1 ? ")" : "");
}

/* Whether there is any padding: a line without it is left out. */
static bool any_of(const int64_t *a, const int64_t *b, int32_t axes)
{
    bool any = false;
    for (int32_t i = 0; i < axes; i++) {
        any = any || a[i] != 0 || b[i] != 0;
    }
    return any;
}

/* inputs, x1, x2, ...: a layer's index is its value's number. */
void cnn_keras_put_value(cnn_out *out, int32_t index)
{
    cnn_out_string(out, index == 0 ? "inputs" : "x");
    if (index > 0) {
        cnn_out_int(out, index);
    }
}

void cnn_keras_put_begin(cnn_out *out, int32_t index)
{
    cnn_keras_put_value(out, index);
    cnn_out_string(out, " = layers.");
}

void cnn_keras_put_end(cnn_out *out, int32_t source)
{
    cnn_out_char(out, '(');
    cnn_keras_put_value(out, source);
    cnn_out_string(out, ")\n");
}

static bool has_name(const cnn_keras_writer *w, const cnn_layer *layer)
{
    return w->names && (layer->weights_of > 0 || cnn_layer_has_weights(layer));
}

/* "x3 = layers.Conv2D(...)(x2)"; where weights are shared, "l3 = layers.Conv2D(...)" and "x3 =
 * l3(x2)". A layer with the weights of another one has only the second line, "x9 = l3(x8)". */
void cnn_keras_put_call(const cnn_keras_writer *w, const cnn_layer *layer, const char *template,
                        const char *end, int32_t source)
{
    const bool named = has_name(w, layer);
    if (layer->weights_of == 0) {
        if (named) {
            cnn_out_char(w->out, 'l');
            cnn_out_int(w->out, layer->index);
            cnn_out_string(w->out, " = layers.");
        } else {
            cnn_keras_put_begin(w->out, layer->index);
        }
        cnn_code_put(w->out, template, layer);
        cnn_out_string(w->out, end);
        cnn_out_string(w->out, named ? "\n" : "");
    }
    if (named) {
        cnn_keras_put_value(w->out, layer->index);
        cnn_out_string(w->out, " = l");
        cnn_out_int(w->out, layer->weights_of > 0 ? layer->weights_of : layer->index);
    }
    cnn_keras_put_end(w->out, source);
}

int32_t cnn_keras_put_edge(cnn_out *out, const cnn_layer *layer, const char *template,
                           const int64_t *low, const int64_t *high, int32_t index, int32_t source)
{
    if (!any_of(low, high, layer->in.axes)) {
        return source;
    }
    cnn_keras_put_begin(out, index);
    cnn_code_put(out, template, layer);
    cnn_keras_put_sides(out, low, high, layer->in.axes);
    cnn_out_char(out, ')');
    cnn_keras_put_end(out, source);
    return index;
}

/* (30, 4); of a vector (8,), as Python writes a tuple of one. */
void cnn_keras_put_shape(cnn_out *out, const cnn_shape *shape)
{
    cnn_out_char(out, '(');
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_out_int(out, shape->side[i]);
        cnn_out_string(out, ", ");
    }
    cnn_out_int(out, shape->channels);
    cnn_out_string(out, shape->axes == 0 ? ",)" : ")");
}
