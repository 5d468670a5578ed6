/* Keras' layers without weights: activations, padding, resizing, views, joins. */
#include "base/checked.h"
#include "paste/flow.h"

/* ---- activations ---- */

static const struct {
    const char *name, *op; /* NULL: the language has no word for it, and nothing is counted */
} functions[] = {{"relu", "relu"},
                 {"relu6", "relu6"},
                 {"sigmoid", "sigmoid"},
                 {"tanh", "tanh"},
                 {"softmax", "softmax"},
                 {"elu", "elu"},
                 {"selu", "selu"},
                 {"gelu", "gelu"},
                 {"swish", "silu"},
                 {"silu", "silu"},
                 {"softplus", "softplus"},
                 {"leaky_relu", "lrelu"},
                 {"LeakyReLU", "lrelu"},
                 {"mish", "mish"},
                 {"hard_sigmoid", "hsigmoid"},
                 {"ReLU", "relu"},
                 {"hard_swish", "hswish"},
                 {"softsign", NULL},
                 {"exponential", NULL},
                 {"log_softmax", "softmax"},
                 {"hard_silu", "hswish"},
                 {"Softmax", "softmax"},
                 {"ELU", "elu"},
                 {"linear", NULL}};

static bool add_function(cnn_paster *p, cnn_module *m, const char *op, cnn_tensor **out)
{
    const cnn_tensor *in = *out;
    cnn_spec spec = cnn_spec_of(op != NULL ? op : "id", &in, m, cnn_module_span(m));
    return cnn_flow_add(p, &spec, out);
}

/* A string, tf.nn.relu, or a layer. */
bool cnn_keras_activation(cnn_paster *p, cnn_module *m, const cnn_py *function, cnn_tensor **out)
{
    const cnn_framework_row *row = function->kind == CNN_PY_MODULE ? function->module->row : NULL;
    if (row != NULL && row->apply != NULL) {
        const cnn_tensor *in = *out;
        return row->apply(p, function->module, in, NULL, out);
    }
    const bool named = function->kind == CNN_PY_STRING || function->kind == CNN_PY_NAME;
    cnn_nearest nearest = cnn_nearest_to(function->text);
    for (size_t i = 0; named && i < CNN_LENGTH(functions); i++) {
        if (cnn_text_is(function->text, functions[i].name)) {
            const bool nothing = cnn_text_is(function->text, "linear");
            return nothing || add_function(p, m, functions[i].op, out);
        }
        cnn_nearest_offer(&nearest, cnn_text_of(functions[i].name));
    }
    return named ? cnn_paste_fail(p, CNN_E_PASTE_ACTIVATION, cnn_module_span(m), function->text,
                                  nearest.best)
                 : cnn_paste_refuse(p, cnn_module_span(m), cnn_text_of("this activation"),
                                    "is a custom function, which is not followed");
}

static bool activation(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                       cnn_tensor **out)
{
    (void)place;
    *out = (cnn_tensor *)in;
    return cnn_keras_activation(p, m, cnn_arg(m, "activation"), out);
}

static bool named_function(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                           const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    *out = (cnn_tensor *)in;
    return add_function(p, m, m->row->op, out);
}

/* ---- padding and resizing ---- */

/* n, (h, w), ((top, bottom), (left, right)): the height first. */
static bool pairs(cnn_paster *p, cnn_module *m, const char *name, int64_t *low, int64_t *high)
{
    const cnn_py *value = cnn_arg(m, name);
    if (cnn_py_is_list(value) && m->axes == 1) { /* (left, right) */
        if (value->items->count != 2) {
            return cnn_fail_numbers(p->err, CNN_E_PASTE_SIDES, cnn_module_span(m),
                                    value->items->count, 2);
        }
        return cnn_whole(p, &value->items->at[0], m->call, m->kind, low) &&
               cnn_whole(p, &value->items->at[1], m->call, m->kind, high);
    }
    if (cnn_py_is_list(value) && value->items->count != m->axes) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_SIDES, cnn_module_span(m), value->items->count,
                                m->axes);
    }
    for (int32_t i = 0; i < m->axes; i++) {
        const cnn_py *one = cnn_py_is_list(value) ? &value->items->at[i] : value;
        const bool two = cnn_py_is_list(one) && one->items->count == 2;
        if (!cnn_whole(p, two ? &one->items->at[0] : one, m->call, m->kind, &low[i]) ||
            !cnn_whole(p, two ? &one->items->at[1] : one, m->call, m->kind, &high[i])) {
            return false;
        }
        if (low[i] < 0 || high[i] < 0) {
            return cnn_paste_fail(p, CNN_E_PASTE_NEGATIVE, cnn_module_span(m), m->kind,
                                  (cnn_text){0});
        }
    }
    return true;
}

static bool zero_padding(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                         const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0};
    return cnn_needs_axes(p, m, in) && pairs(p, m, "padding", low, high) &&
           cnn_flow_pad(p, m, in, low, high, NULL, out);
}

static bool cropping(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                     cnn_tensor **out)
{
    (void)place;
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0};
    if (!cnn_needs_axes(p, m, in) || !pairs(p, m, "cropping", low, high)) {
        return false;
    }
    for (int32_t i = 0; i < m->axes; i++) {
        low[i] = -low[i];
        high[i] = -high[i];
    }
    return cnn_flow_pad(p, m, in, low, high, NULL, out);
}

static bool up_sampling(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                        const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    int64_t factor[CNN_AXES];
    cnn_spec spec = cnn_spec_of("upsample", &in, m, cnn_module_span(m));
    if (!cnn_needs_axes(p, m, in) || !cnn_arg_sides(p, m, "size", factor)) {
        return false;
    }
    cnn_spec_sides(&spec, CNN_SIZE, factor, m->axes);
    return cnn_flow_add(p, &spec, out);
}

/* Resizing, CenterCrop, RandomCrop: they say their output's size. */
static bool resized(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                    cnn_tensor **out)
{
    (void)place;
    int64_t side[2];
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    if (!cnn_needs_axes(p, m, in) || !cnn_arg_int(p, m, "height", &side[0]) ||
        !cnn_arg_int(p, m, "width", &side[1])) {
        return false;
    }
    cnn_spec_sides(&spec, CNN_SIZE, side, 2);
    return cnn_flow_add(p, &spec, out);
}

static bool flatten(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                    cnn_tensor **out)
{
    (void)place;
    const cnn_shape vector = {.channels = cnn_shape_values(&in->shape)};
    return cnn_flow_view(p, in, &vector, cnn_module_span(m), out);
}

static bool reshape(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                    cnn_tensor **out)
{
    (void)place;
    const cnn_py *shape = cnn_arg(m, "target_shape");
    const cnn_py *sizes = cnn_py_is_list(shape) ? shape->items->at : shape;
    return cnn_tensor_view(p, in, sizes, cnn_py_is_list(shape) ? shape->items->count : 1,
                           cnn_module_span(m), m, NULL, out);
}

static bool permute(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                    cnn_tensor **out)
{
    (void)place;
    const cnn_py *dims = cnn_arg(m, "dims");
    cnn_py order, result;
    if (!cnn_py_is_list(dims) || !cnn_py_items(p, CNN_PY_LIST, 0, &order)) {
        return cnn_not_followed(p, cnn_module_span(m));
    }
    const cnn_py batch = cnn_py_int(0, (cnn_span){0, 0});
    if (!cnn_py_append(p, order.items, &batch)) {
        return false;
    }
    for (int32_t i = 0; i < dims->items->count; i++) {
        if (!cnn_py_append(p, order.items, &dims->items->at[i])) {
            return false;
        }
    }
    if (!cnn_tensor_permute(p, in, order.items, cnn_module_span(m), &result)) {
        return false;
    }
    *out = result.tensor;
    return true;
}

static bool repeat(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                   cnn_tensor **out)
{
    (void)place;
    int64_t n;
    if (!cnn_arg_int(p, m, "n", &n) || n < 1 || in->shape.axes > 0) {
        return cnn_not_followed(p, cnn_module_span(m));
    }
    const cnn_shape one = {.channels = in->shape.channels, .side = {1}, .axes = 1};
    cnn_tensor *line;
    if (!cnn_flow_view(p, in, &one, cnn_module_span(m), &line)) {
        return false;
    }
    const cnn_tensor *source = line;
    cnn_spec spec = cnn_spec_of("upsample", &source, m, cnn_module_span(m));
    cnn_spec_all(&spec, CNN_SIZE, n);
    return cnn_flow_add(p, &spec, out);
}

static const cnn_framework_row layers[] = {
    {"Activation", "activation", NULL, activation, "the function that it names", NULL, false},
    {"ReLU", "max_value=None negative_slope=0 threshold=0", "relu", named_function, "max(x, 0)",
     NULL, false},
    {"LeakyReLU", "alpha|negative_slope=0.3", "lrelu", named_function, "a small slope below 0",
     NULL, false},
    {"ELU", "alpha=1.0", "elu", named_function, "exponential linear unit", NULL, false},
    {"Softmax", "axis=-1", "softmax", named_function, "exponentials that add up to 1", NULL, false},
    {"ThresholdedReLU", "theta=1.0", NULL, named_function, "x above a threshold", NULL, false},
    {"Dropout|SpatialDropout#D|AlphaDropout|GaussianDropout", "rate|p=0.5 noise_shape=None",
     "dropout", named_function, "drops values while training", NULL, false},
    {"GaussianNoise|ActivityRegularization|Masking", "stddev|l1=0 l2=0", "id", named_function,
     "changes nothing that is counted", NULL, false},
    {"Rescaling", "scale=1 offset=0", "id", named_function, "multiplies and adds numbers", NULL,
     false},
    {"RandomFlip|RandomRotation|RandomZoom|RandomContrast|RandomBrightness|RandomTranslation|"
     "RandomWidth|RandomHeight",
     "a=0 b=None fill_mode=None interpolation=None fill_value=0 height_factor=0 width_factor=0 "
     "factor=0 mode=None value_range=None",
     "id", named_function, "changes images while training", NULL, false},
    {"Resizing", "height width interpolation=bilinear crop_to_aspect_ratio=False", "resize",
     resized, "to a size", NULL, false},
    {"CenterCrop|RandomCrop", "height width", "crop", resized, "cuts the middle", NULL, false},
    {"ZeroPadding#D", "padding=1 data_format|dim_ordering=None", "pad", zero_padding,
     "n, (h, w) or ((top, bottom), (left, right))", NULL, false},
    {"Cropping2D", "cropping=0 data_format|dim_ordering=None", "crop", cropping,
     "n, (h, w) or ((top, bottom), (left, right))", NULL, false},
    {"Cropping#D", "cropping=1 data_format|dim_ordering=None", "crop", cropping,
     "n, or (before, after) for each axis", NULL, false},
    {"UpSampling#D", "size|length=2 data_format|dim_ordering=None interpolation=nearest",
     "upsample", up_sampling, "by a factor", NULL, false},
    {"Flatten", "data_format=None", "flatten", flatten, "a map as a vector", NULL, false},
    {"Reshape", "target_shape|dims", "reshape", reshape, "the same values in another shape", NULL,
     false},
    {"Permute", "dims", NULL, permute, "other order of the axes", NULL, false},
    {"RepeatVector", "n", NULL, repeat, "a vector n times", NULL, false},
    {"Add|Subtract", "", "add", NULL, "sum of its inputs", NULL, false},
    {"Average|Maximum|Minimum", "", "add", NULL, "mean, largest, smallest of its inputs", NULL,
     false},
    {"Multiply", "", "mul", NULL, "product of its inputs", NULL, false},
    {"Concatenate", "axis=-1", "cat", NULL, "its inputs side by side", NULL, false},
    {"InputLayer", "shape|input_shape=None batch_input_shape|batch_shape=None", NULL, NULL,
     "what enters", NULL, false},
    {"Lambda", "", NULL, NULL, "holds a custom function, which is not followed", NULL, true},
    {"LSTM|GRU|SimpleRNN|CuDNNLSTM|CuDNNGRU|ConvLSTM#D|RNN", "", NULL, NULL,
     "is recurrent, not a layer of images", NULL, true},
    {"Bidirectional|TimeDistributed", "", NULL, NULL, "is for sequences, not for images", NULL,
     true},
    {"Embedding|TextVectorization|StringLookup", "", NULL, NULL, "is for words, not for images",
     NULL, true},
    {"Attention|MultiHeadAttention|AdditiveAttention", "", NULL, NULL,
     "is attention, which is not computed here", NULL, true},
    {"LocallyConnected1D|LocallyConnected2D", "", NULL, NULL,
     "has different weights at every place, which are not computed here", NULL, true},
    {"Dot", "axes normalize=False", NULL, NULL, "the product of two vectors as one value", NULL,
     false},
    {"Merge",
     "layers=None mode=sum axis|concat_axis=-1 dot_axes=-1 output_shape=None output_mask=None "
     "arguments=None node_indices=None tensor_indices=None",
     "add", NULL, "of Keras 1: sum, mul, concat, ave, max, dot or cos of its inputs", NULL, false},
    {"Highway|MaxoutDense|ParametricSoftplus|SReLU|TimeDistributedDense", "", NULL, NULL,
     "is of Keras 1, and is not computed here", NULL, true},
};

const cnn_framework_rows cnn_keras_shape_rows = {layers, CNN_LENGTH(layers), NULL};
