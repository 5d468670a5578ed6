/*
 * Layers that Keras has no single constructor for, and those that need more than a template. Much
 * of it is made of Reshape and Permute: Permute numbers the axes from 1, without the batch.
 */
#include "base/arena.h"
#include "net/network.h"
#include "ops/op.h"
#include "report/keras_lines.h"

/* A slope for every value, every channel, or a single one: the axes over which they are shared. */
static void put_slopes(const cnn_keras_writer *w, const cnn_layer *layer)
{
    static const char *const shared[2][CNN_AXES + 1] = {
        {"PReLU()", "PReLU(shared_axes=[1])", "PReLU(shared_axes=[1, 2])",
         "PReLU(shared_axes=[1, 2, 3])"},
        {"PReLU(shared_axes=[1])", "PReLU(shared_axes=[1, 2])", "PReLU(shared_axes=[1, 2, 3])",
         "PReLU(shared_axes=[1, 2, 3, 4])"}};
    const bool one =
        !cnn_given(layer, CNN_ALL) && cnn_keras_slopes(layer) == 1 && layer->in.channels > 1;
    cnn_keras_put_call(w, layer,
                       cnn_given(layer, CNN_ALL) ? "PReLU()" : shared[one][layer->in.axes], "",
                       layer->sources[0]);
}

/* Without given edges the middle is cut out, the odd row after it. */
static void put_crop(const cnn_keras_writer *w, const cnn_layer *layer)
{
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0};
    for (int32_t i = 0; i < layer->in.axes; i++) {
        low[i] = cnn_given(layer, CNN_PAD) ? layer->attrs->value[CNN_PAD][i]
                                           : (layer->in.side[i] - layer->out.side[i]) / 2;
        high[i] = layer->in.side[i] - layer->out.side[i] - low[i];
    }
    cnn_keras_put_begin(w->out, layer->index);
    cnn_code_put(w->out, "Cropping{a}D(", layer);
    cnn_keras_put_sides(w->out, low, high, layer->in.axes);
    cnn_out_char(w->out, ')');
    cnn_keras_put_end(w->out, layer->sources[0]);
}

/* The order of the axes with the channels last. */
static void put_permute(const cnn_keras_writer *w, const cnn_layer *layer)
{
    const int32_t axes = layer->in.axes;
    cnn_keras_put_begin(w->out, layer->index);
    cnn_out_string(w->out, "Permute((");
    for (int32_t i = 1; i <= axes + 1; i++) {
        /* ours are numbered with the channels as axis 1, Keras' with the channels last */
        const int64_t from = layer->attrs->value[CNN_SIZE][i <= axes ? i : 0];
        cnn_out_string(w->out, i > 1 ? ", " : "");
        cnn_out_int(w->out, from == 1 ? axes + 1 : from - 1);
    }
    cnn_out_string(w->out, "))");
    cnn_keras_put_end(w->out, layer->sources[0]);
}

static void put_line(const cnn_keras_writer *w, const cnn_layer *layer, const char *call,
                     int32_t source)
{
    cnn_keras_put_begin(w->out, layer->index);
    cnn_out_string(w->out, call);
    cnn_keras_put_end(w->out, source);
}

/* The output's shape. */
static void put_shaped(const cnn_keras_writer *w, const cnn_layer *layer, int32_t source)
{
    cnn_keras_put_begin(w->out, layer->index);
    cnn_out_string(w->out, "Reshape(");
    cnn_keras_put_shape(w->out, &layer->out);
    cnn_out_char(w->out, ')');
    cnn_keras_put_end(w->out, source);
}

void cnn_keras_put_last_dense(const cnn_keras_writer *w, const cnn_layer *layer)
{
    static const char *const swap[CNN_AXES + 1] = {"", "Permute((2, 1))", "Permute((1, 3, 2))",
                                                   "Permute((1, 2, 4, 3))"};
    put_line(w, layer, swap[layer->in.axes], layer->sources[0]);
    cnn_keras_put_call(w, layer, "Dense({U}{b use_bias})", "", layer->index);
    put_line(w, layer, swap[layer->in.axes], layer->index);
}

/* x[..., 2:8] */
static void put_channel_cut(const cnn_keras_writer *w, const cnn_layer *layer)
{
    const int64_t begin = layer->attrs->value[CNN_SIZE][0];
    cnn_keras_put_value(w->out, layer->index);
    cnn_out_string(w->out, " = ");
    cnn_keras_put_value(w->out, layer->sources[0]);
    cnn_out_string(w->out, "[..., ");
    cnn_out_int(w->out, begin);
    cnn_out_char(w->out, ':');
    cnn_out_int(w->out, begin + layer->out.channels);
    cnn_out_string(w->out, "]\n");
}

/* A pooling over the channels, while they are the steps of a sequence. */
static void put_one_channel(const cnn_keras_writer *w, const cnn_layer *layer)
{
    const bool mean = cnn_text_is(cnn_text_of(layer->op->name), "chmean");
    const int64_t places = cnn_shape_values(&layer->out);
    cnn_keras_put_begin(w->out, layer->index);
    cnn_out_string(w->out, "Reshape((");
    cnn_out_int(w->out, places);
    cnn_out_string(w->out, ", ");
    cnn_out_int(w->out, layer->in.channels);
    cnn_out_string(w->out, "))");
    cnn_keras_put_end(w->out, layer->sources[0]);
    put_line(w, layer, "Permute((2, 1))", layer->index);
    put_line(w, layer, mean ? "GlobalAveragePooling1D()" : "GlobalMaxPooling1D()", layer->index);
    put_shaped(w, layer, layer->index);
}

/* To a size that divides the map: windows that lie side by side. */
static void put_adaptive(const cnn_keras_writer *w, const cnn_layer *layer)
{
    const bool mean = layer->op->role == CNN_ROLE_ADAPTIVE_AVERAGE;
    int64_t window[CNN_AXES] = {0};
    for (int32_t i = 0; i < layer->in.axes; i++) {
        window[i] = layer->in.side[i] / layer->out.side[i];
    }
    cnn_keras_put_begin(w->out, layer->index);
    cnn_code_put(w->out, mean ? "AveragePooling{a}D(" : "MaxPooling{a}D(", layer);
    cnn_code_sides(w->out, window, layer->in.axes);
    cnn_out_char(w->out, ')');
    cnn_keras_put_end(w->out, layer->sources[0]);
}

/* The groups as an axis of their own, which changes places with the channels of each. */
static void put_shuffle(const cnn_keras_writer *w, const cnn_layer *layer)
{
    static const char *const swap[] = {"Permute((2, 1))", "Permute((1, 3, 2))",
                                       "Permute((1, 2, 4, 3))", "Permute((1, 2, 3, 5, 4))"};
    const int64_t groups = layer->attrs->value[CNN_SIZE][0];
    cnn_keras_put_begin(w->out, layer->index);
    cnn_out_string(w->out, "Reshape((");
    for (int32_t i = 0; i < layer->in.axes; i++) {
        cnn_out_int(w->out, layer->in.side[i]);
        cnn_out_string(w->out, ", ");
    }
    cnn_out_int(w->out, groups);
    cnn_out_string(w->out, ", ");
    cnn_out_int(w->out, layer->in.channels / groups);
    cnn_out_string(w->out, "))");
    cnn_keras_put_end(w->out, layer->sources[0]);
    put_line(w, layer, swap[layer->in.axes], layer->index);
    put_shaped(w, layer, layer->index);
}

/* PyTorch's order of the channels: each one's block of R x R after another. In between the rows and
 * columns of the blocks are axes of their own. */
static void put_pixels(const cnn_keras_writer *w, const cnn_layer *layer)
{
    const bool apart = layer->out.channels < layer->in.channels; /* pixshuf */
    const cnn_shape *small = apart ? &layer->in : &layer->out,
                    *large = apart ? &layer->out : &layer->in;
    const int64_t r = layer->attrs->value[CNN_SIZE][0], c = large->channels;
    const int64_t before[] = {small->side[0], small->side[1], c, r, r};
    const int64_t after[] = {small->side[0], r, small->side[1], r, c};
    const int64_t *axis = apart ? before : after;
    cnn_keras_put_begin(w->out, layer->index);
    for (int32_t i = 0; i < 5; i++) {
        cnn_out_string(w->out, i > 0 ? ", " : "Reshape((");
        cnn_out_int(w->out, axis[i]);
    }
    cnn_out_string(w->out, "))");
    cnn_keras_put_end(w->out, layer->sources[0]);
    put_line(w, layer, apart ? "Permute((1, 4, 2, 5, 3))" : "Permute((1, 3, 5, 2, 4))",
             layer->index);
    put_shaped(w, layer, layer->index);
}

/* Height x width; bilinear, as Keras does without further arguments. */
static void put_resize(const cnn_keras_writer *w, const cnn_layer *layer)
{
    cnn_keras_put_begin(w->out, layer->index);
    cnn_out_string(w->out, "Resizing(");
    cnn_out_int(w->out, layer->out.side[0]);
    cnn_out_string(w->out, ", ");
    cnn_out_int(w->out, layer->out.side[1]);
    cnn_out_char(w->out, ')');
    cnn_keras_put_end(w->out, layer->sources[0]);
}

static void put_reshape(const cnn_keras_writer *w, const cnn_layer *layer)
{
    put_shaped(w, layer, layer->sources[0]);
}

/* A padding of nothing is still a layer. */
static void put_pad(const cnn_keras_writer *w, const cnn_layer *layer)
{
    const int32_t source = layer->sources[0];
    if (cnn_keras_put_edge(w->out, layer, "ZeroPadding{a}D(", layer->pad_low, layer->pad_high,
                           layer->index, source) == source) {
        cnn_keras_put_call(w, layer, "Activation(\"linear\")", "", source);
    }
}

/* Kinds that take more than a template. */
static const struct {
    const char *op;
    void (*put)(const cnn_keras_writer *w, const cnn_layer *layer);
} specials[] = {
    {"resize", put_resize},      {"crop", put_crop},
    {"reshape", put_reshape},    {"pad", put_pad},
    {"prelu", put_slopes},       {"permute", put_permute},
    {"chcrop", put_channel_cut}, {"chmean", put_one_channel},
    {"chmax", put_one_channel},  {"shuffle", put_shuffle},
    {"pixshuf", put_pixels},     {"pixunshuf", put_pixels},
    {"aap", put_adaptive},       {"amp", put_adaptive},
};

void cnn_keras_put_special(const cnn_keras_writer *w, const cnn_layer *layer)
{
    for (size_t i = 0; i < CNN_LENGTH(specials); i++) {
        if (cnn_text_is(cnn_text_of(layer->op->name), specials[i].op)) {
            specials[i].put(w, layer);
        }
    }
}
