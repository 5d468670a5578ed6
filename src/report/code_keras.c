/*
 * Networks as code for Keras, in its functional style: layer 3 gives the value x3.
 *
 *     x3 = layers.Conv2D(128, 3, padding="same", use_bias=False)(x2)
 *
 * Sizes are height x width x channels there. "same" is written where it gives the very windows of
 * the network; other padding is a line of zeros before "valid" windows. Sizes and parameters are
 * those of the network; that Flatten puts the channels last concerns the order of weights only.
 */
#include "base/arena.h"
#include "net/network.h"
#include "ops/op.h"
#include "report/keras_lines.h"

/* What a kind is in Keras. Windows get their padding, and with it the closing parenthesis, when
 * they are written. A kind without a template is written by keras_special.c. */
typedef struct code {
    const char *op, *template;
    const char *other; /* of a norm with the other value of a */
} code;

static const code codes[] = {
    {"conv", "Conv{a}D({N}, {k}{s strides}{d dilation_rate}{g groups}{b use_bias}", NULL},
    {"dwconv", "DepthwiseConv{a}D({k}{s strides}{d dilation_rate}{m depth_multiplier}{b use_bias}",
     NULL},
    {"deconv", "Conv{a}DTranspose({N}, {k}{s strides}{d dilation_rate}{b use_bias}", NULL},
    {"sepconv", "SeparableConv{a}D({N}, {k}{s strides}{d dilation_rate}{b use_bias}", NULL},
    {"FC", "Dense({N}{b use_bias})", NULL},
    {"linear", "Dense({N}{b use_bias})", NULL},
    {"maxpool", "MaxPooling{a}D({k}{S strides}", NULL},
    {"avgpool", "AveragePooling{a}D({k}{S strides}", NULL},
    {"gap", "GlobalAveragePooling{a}D(keepdims=True)", NULL},
    {"gmp", "GlobalMaxPooling{a}D(keepdims=True)", NULL},
    {"bn", "BatchNormalization()", "BatchNormalization(center=False, scale=False)"},
    {"ln", "LayerNormalization()", "LayerNormalization(center=False, scale=False)"},
    {"gn", "GroupNormalization({n})", "GroupNormalization({n}, center=False, scale=False)"},
    /* an instance norm is a group norm with a group for each channel */
    {"in", "GroupNormalization({C}, center=False, scale=False)", "GroupNormalization({C})"},
    {"relu", "ReLU()", NULL},
    {"relu6", "ReLU(6.0)", NULL},
    {"lrelu", "LeakyReLU(0.01)", NULL},
    {"elu", "ELU()", NULL},
    {"selu", "Activation(\"selu\")", NULL},
    {"gelu", "Activation(\"gelu\")", NULL},
    {"silu", "Activation(\"silu\")", NULL},
    {"hswish", "Activation(\"hard_silu\")", NULL},
    {"mish", "Activation(\"mish\")", NULL},
    {"sigmoid", "Activation(\"sigmoid\")", NULL},
    {"hsigmoid", "Activation(\"hard_sigmoid\")", NULL},
    {"tanh", "Activation(\"tanh\")", NULL},
    {"softplus", "Activation(\"softplus\")", NULL},
    {"softmax", "Softmax()", NULL},
    {"dropout", "Dropout(0.5)", NULL},
    /* these change neither sizes nor parameters: an identity is in their place */
    {"droppath", "Activation(\"linear\")", NULL},
    {"id", "Activation(\"linear\")", NULL},
    {"LRN", "Activation(\"linear\")", NULL},
    {"flatten", "Flatten()", NULL},
    {"reshape", NULL, NULL},
    {"upsample", "UpSampling{a}D({k})", NULL},
    {"resize", NULL, NULL},
    {"crop", NULL, NULL},
    {"pad", NULL, NULL},
    {"prelu", NULL, NULL},
    {"permute", NULL, NULL},
    {"chcrop", NULL, NULL},
    {"chmean", NULL, NULL},
    {"chmax", NULL, NULL},
    {"shuffle", NULL, NULL},
    {"pixshuf", NULL, NULL},
    {"pixunshuf", NULL, NULL},
    {"aap", NULL, NULL},
    {"amp", NULL, NULL},
    {"add", "Add()", NULL},
    {"mul", "Multiply()", NULL},
    {"cat", "Concatenate()", NULL},
    {"split", "Concatenate()", NULL},
};

static const code *code_of(const cnn_op *op)
{
    for (size_t i = 0; i < CNN_LENGTH(codes); i++) {
        if (cnn_text_is(cnn_text_of(op->name), codes[i].op)) {
            return &codes[i];
        }
    }
    return NULL;
}

static bool is_pool(const cnn_layer *layer)
{
    return layer->op->role == CNN_ROLE_MAX_POOL || layer->op->role == CNN_ROLE_AVERAGE_POOL;
}

/* Kinds that may have a stride. */
static bool is_window(const cnn_layer *layer)
{
    return cnn_use_of(layer->op, CNN_STRIDE)->need != CNN_NEVER;
}

/* Keras takes no dilation of a pooling, and none together with a stride. */
static bool dilates(const cnn_layer *layer)
{
    bool dilated = false, strided = is_pool(layer);
    for (int32_t i = 0; i < layer->in.axes && is_window(layer); i++) {
        dilated = dilated || layer->attrs->value[CNN_DILATION][i] > 1;
        strided = strided || layer->attrs->value[CNN_STRIDE][i] > 1;
    }
    return dilated && strided;
}

/* ---- windows ---- */

static int64_t extent_of(const cnn_layer *layer, int32_t i)
{
    return layer->attrs->value[CNN_DILATION][i] * (layer->attrs->value[CNN_SIZE][i] - 1) + 1;
}

/* Keras' sizes are numbers of 32 bits; sums of two of them are computed here without a check. */
static bool is_within(const cnn_layer *layer)
{
    bool within = true;
    for (int32_t i = 0; i < layer->in.axes && is_window(layer); i++) {
        within = within && layer->attrs->value[CNN_STRIDE][i] <= INT32_MAX &&
                 layer->attrs->value[CNN_SIZE][i] <= INT32_MAX &&
                 extent_of(layer, i) <= INT32_MAX && layer->in.side[i] <= INT32_MAX &&
                 layer->out.side[i] <= INT32_MAX;
    }
    return within;
}

/* Keras' own "same": ceil(in/s) windows, the odd row of the padding after the map. */
static bool is_same(const cnn_layer *layer)
{
    bool same = true, any = false;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        const int64_t s = layer->attrs->value[CNN_STRIDE][i], in = layer->in.side[i];
        const int64_t out = (in + s - 1) / s, all = (out - 1) * s + extent_of(layer, i) - in;
        const int64_t total = all > 0 ? all : 0;
        same = same && layer->out.side[i] == out && layer->pad_low[i] == total / 2 &&
               layer->pad_high[i] == total - total / 2;
        any = any || total > 0;
    }
    return same && any;
}

/* What has to be added before and after the map, so that "valid" windows give the output: rounding
 * up needs more after it, a stride that does not fit less. */
static void pads_of(const cnn_layer *layer, int64_t *low, int64_t *high)
{
    for (int32_t i = 0; i < layer->in.axes; i++) {
        const int64_t s = layer->attrs->value[CNN_STRIDE][i];
        const int64_t needed = (layer->out.side[i] - 1) * s + extent_of(layer, i);
        low[i] = layer->pad_low[i];
        high[i] = needed - layer->in.side[i] - low[i];
        high[i] = high[i] > 0 ? high[i] : 0;
    }
}

static void put_window(const cnn_keras_writer *w, const cnn_layer *layer)
{
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0};
    int32_t source = layer->sources[0];
    const bool same = is_same(layer);
    if (!same) {
        pads_of(layer, low, high);
        source =
            cnn_keras_put_edge(w->out, layer, "ZeroPadding{a}D(", low, high, layer->index, source);
    }
    cnn_keras_put_call(w, layer, code_of(layer->op)->template, same ? ", padding=\"same\")" : ")",
                       source);
}

/* "valid" gives in*s + max(k - s, 0); what is more is cut off, what is less is added. */
static void put_transposed(const cnn_keras_writer *w, const cnn_layer *layer)
{
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0}, less[CNN_AXES] = {0}, none[CNN_AXES] = {0};
    const int32_t index = layer->index;
    cnn_keras_put_call(w, layer, code_of(layer->op)->template, ")", layer->sources[0]);
    for (int32_t i = 0; i < layer->in.axes; i++) {
        const int64_t s = layer->attrs->value[CNN_STRIDE][i], k = extent_of(layer, i);
        const int64_t whole = layer->in.side[i] * s + (k > s ? k - s : 0);
        const int64_t over = whole - layer->pad_low[i] - layer->out.side[i];
        low[i] = layer->pad_low[i];
        high[i] = over > 0 ? over : 0;
        less[i] = over < 0 ? -over : 0;
    }
    (void)cnn_keras_put_edge(w->out, layer, "ZeroPadding{a}D(", none, less, index, index);
    (void)cnn_keras_put_edge(w->out, layer, "Cropping{a}D(", low, high, index, index);
}

static void put_sources(cnn_out *out, const cnn_layer *layer)
{
    cnn_out_string(out, "([");
    for (int32_t i = 0; i < layer->source_count; i++) {
        cnn_out_string(out, i > 0 ? ", " : "");
        cnn_keras_put_value(out, layer->sources[i]);
    }
    cnn_out_string(out, "])\n");
}

/* The template; another one for a norm whose parameters are not as its kind has them by default. */
static const char *template_of(const cnn_layer *layer)
{
    const code *c = code_of(layer->op);
    const bool affine = layer->op->affine;
    if (layer->op->role == CNN_ROLE_LAYER_NORM && layer->in.axes > 0 &&
        (cnn_given(layer, CNN_ALL) || cnn_given(layer, CNN_SIZE))) {
        return layer->attrs->value[CNN_BIAS][0] != 0
                   ? "LayerNormalization(axis={K})"
                   : "LayerNormalization(axis={K}, center=False, scale=False)";
    }
    return affine && layer->attrs->value[CNN_BIAS][0] != layer->op->uses[CNN_BIAS].standard
               ? c->other
               : c->template;
}

static void put_layer(const cnn_keras_writer *w, const cnn_layer *layer)
{
    int32_t source = layer->source_count > 0 ? layer->sources[0] : 0;
    if (layer->op->role == CNN_ROLE_TRANSPOSED) {
        put_transposed(w, layer);
    } else if (is_window(layer)) {
        put_window(w, layer);
    } else if (layer->op->form == CNN_FORM_AUX) {
        cnn_keras_put_value(w->out, layer->index);
        cnn_out_string(w->out, " = ");
        cnn_keras_put_value(w->out, source);
        cnn_out_char(w->out, '\n');
    } else if (cnn_role_of(layer) == CNN_ROLE_LINEAR) {
        cnn_keras_put_last_dense(w, layer);
    } else if (code_of(layer->op)->template == NULL) {
        cnn_keras_put_special(w, layer);
    } else if (layer->op->form == CNN_FORM_JOIN) {
        cnn_keras_put_begin(w->out, layer->index);
        cnn_out_string(w->out, code_of(layer->op)->template);
        put_sources(w->out, layer);
    } else {
        /* FC flattens by itself: Keras has a line for that, which gives the same name */
        if (layer->op->role == CNN_ROLE_DENSE && layer->in.axes > 0) {
            cnn_keras_put_begin(w->out, layer->index);
            cnn_out_string(w->out, "Flatten()");
            cnn_keras_put_end(w->out, source);
            source = layer->index;
        }
        cnn_keras_put_call(w, layer, template_of(layer), "", source);
    }
}

/* ---- the file ---- */

/* Windows of an adaptive pooling that do not overlap. */
static bool side_by_side(const cnn_layer *layer)
{
    bool fits = true;
    const bool adaptive =
        layer->op->role == CNN_ROLE_ADAPTIVE_AVERAGE || layer->op->role == CNN_ROLE_ADAPTIVE_MAX;
    for (int32_t i = 0; adaptive && i < layer->in.axes; i++) {
        fits = fits && layer->in.side[i] % layer->out.side[i] == 0;
    }
    return fits;
}

static bool can_write(const cnn_network *net, const cnn_layer *layer)
{
    if (layer->op->form == CNN_FORM_AUX) {
        return true;
    }
    const cnn_text name = cnn_text_of(layer->op->name);
    if (code_of(layer->op) == NULL || !is_within(layer)) {
        return false;
    }
    /* Keras' transposed convolutions have no groups */
    const bool grouped = layer->op->role == CNN_ROLE_TRANSPOSED && cnn_groups(layer) > 1;
    const bool slopes = cnn_text_is(name, "prelu") && layer->in.axes == 0 &&
                        cnn_keras_slopes(layer) == 1 && layer->in.channels > 1;
    const cnn_layer *owner = &net->layers[layer->weights_of];
    /* padding is part of the constructor, which layers with the same weights share */
    const bool other = layer->weights_of > 0 && is_window(layer) &&
                       layer->op->role != CNN_ROLE_TRANSPOSED && is_same(layer) != is_same(owner);
    bool product = true;
    for (int32_t i = 0; i < layer->source_count && layer->op->form == CNN_FORM_JOIN; i++) {
        product = product && net->layers[layer->sources[i]].out.axes == layer->out.axes;
    }
    /* Resizing and the shuffles of pixels have two axes */
    const bool image = cnn_code_is_pixels(layer) || cnn_text_is(name, "resize");
    return !grouped && !slopes && product && !other && !dilates(layer) && side_by_side(layer) &&
           (!image || layer->in.axes == 2);
}

bool cnn_prepare_keras(cnn_report *report, cnn_error *err)
{
    for (int32_t i = report->net->input_count; i < report->net->layer_count; i++) {
        if (!can_write(report->net, &report->net->layers[i])) {
            return cnn_code_refuse(&report->net->layers[i], "Keras", err);
        }
    }
    return true;
}

/* Whether this is the last layer of an auxiliary head: nothing but the end of the head reads it. */
static bool is_end(const cnn_network *net, int32_t index)
{
    if (!net->layers[index].aux || net->layers[index].op->form == CNN_FORM_AUX) {
        return false;
    }
    for (int32_t i = index + 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        for (int32_t k = 0; k < layer->source_count && layer->op->form != CNN_FORM_AUX; k++) {
            if (layer->sources[k] == index) {
                return false;
            }
        }
    }
    return true;
}

/* The output, and in brackets with it the ends of auxiliary heads. */
static void put_outputs(cnn_out *out, const cnn_network *net)
{
    bool any = false;
    for (int32_t i = 1; i < net->layer_count; i++) {
        any = any || is_end(net, i);
    }
    cnn_out_string(out, any ? "[" : "");
    cnn_keras_put_value(out, net->output);
    for (int32_t i = 1; i < net->layer_count; i++) {
        if (is_end(net, i)) {
            cnn_out_string(out, ", ");
            cnn_keras_put_value(out, i);
        }
    }
    cnn_out_string(out, any ? "]" : "");
}

/* "inputs = keras.Input(...)", and the further ones as values of their own. */
static void put_inputs(cnn_out *out, const cnn_network *net)
{
    for (int32_t i = 0; i < net->input_count; i++) {
        cnn_keras_put_value(out, i);
        cnn_out_string(out, " = keras.Input(shape=");
        cnn_keras_put_shape(out, &net->layers[i].out);
        cnn_out_string(out, ")\n");
    }
}

static void put_model(cnn_out *out, const cnn_network *net)
{
    cnn_out_string(out, net->input_count > 1 ? "model = keras.Model([" : "model = keras.Model(");
    for (int32_t i = 0; i < net->input_count; i++) {
        cnn_out_string(out, i > 0 ? ", " : "");
        cnn_keras_put_value(out, i);
    }
    cnn_out_string(out, net->input_count > 1 ? "], " : ", ");
    put_outputs(out, net);
}

void cnn_write_keras(cnn_report *report)
{
    const cnn_network *net = report->net;
    cnn_out *out = report->out;
    cnn_out_string(out, "from tensorflow import keras\nfrom tensorflow.keras import layers\n\n");
    put_inputs(out, net);
    cnn_keras_writer w = {.out = out, .net = net};
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        w.names = w.names || net->layers[i].weights_of > 0;
    }
    /* weights used twice: layers get names, and are called by them */
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        put_layer(&w, &net->layers[i]);
    }
    put_model(out, net);
    cnn_out_string(out, ")\n# ");
    cnn_out_grouped(out, net->totals.params);
    cnn_out_string(out, " parameters\n");
}
