/* Networks as code for PyTorch: a Sequential where every layer follows the last one, else a class.
 */
#include "base/arena.h"
#include "ops/op.h"
#include "report/code.h"

typedef enum helper {
    HELPER_NONE,
    HELPER_LAYER_NORM,
    HELPER_SCALE,
    HELPER_BIAS,
    HELPER_RESHAPE,
    HELPER_CROP,
    HELPER_CHANNELS,
    HELPER_MEAN_POOL,
    HELPERS
} helper;

static const char *const helper_code[HELPERS] = {
    [HELPER_LAYER_NORM] = "class ChannelNorm(nn.LayerNorm):\n"
                          "    def forward(self, x):\n"
                          "        return super().forward(x.movedim(1, -1)).movedim(-1, 1)\n",
    [HELPER_SCALE] = "class Scale(nn.Module):\n"
                     "    def __init__(self, *shape):\n"
                     "        super().__init__()\n"
                     "        self.weight = nn.Parameter(torch.ones(shape))\n\n"
                     "    def forward(self, x):\n"
                     "        return x * self.weight\n",
    [HELPER_BIAS] = "class Bias(nn.Module):\n"
                    "    def __init__(self, *shape):\n"
                    "        super().__init__()\n"
                    "        self.bias = nn.Parameter(torch.zeros(shape))\n\n"
                    "    def forward(self, x):\n"
                    "        return x + self.bias\n",
    [HELPER_RESHAPE] = "class Reshape(nn.Module):\n"
                       "    def __init__(self, *shape):\n"
                       "        super().__init__()\n"
                       "        self.shape = shape\n\n"
                       "    def forward(self, x):\n"
                       "        return x.reshape(x.size(0), *self.shape)\n",
    [HELPER_CROP] = "class Crop(nn.Module):\n"
                    "    def __init__(self, *sides):\n"
                    "        super().__init__()\n"
                    "        self.sides = sides\n\n"
                    "    def forward(self, x):\n"
                    "        for axis, side in enumerate(self.sides, 2):\n"
                    "            x = x.narrow(axis, (x.size(axis) - side) // 2, side)\n"
                    "        return x\n",
    [HELPER_CHANNELS] = "class ChannelPad(nn.Module):\n"
                        "    def __init__(self, channels):\n"
                        "        super().__init__()\n"
                        "        self.channels = channels\n\n"
                        "    def forward(self, x):\n"
                        "        shape = (x.size(0), self.channels - x.size(1), *x.shape[2:])\n"
                        "        return torch.cat((x, x.new_zeros(shape)), 1)\n",
    [HELPER_MEAN_POOL] = "class DilatedMean(nn.MaxPool2d):\n"
                         "    def forward(self, x):\n"
                         "        c = x.size(1)\n"
                         "        k = self.kernel_size\n"
                         "        k = k if isinstance(k, tuple) else (k, k)\n"
                         "        mean = x.new_full((c, 1, *k), 1 / (k[0] * k[1]))\n"
                         "        return nn.functional.conv2d(x, mean, None, self.stride, "
                         "self.padding, self.dilation, c)\n",
};

/* What a kind is in PyTorch. */
typedef struct code {
    const char *op, *map, *vector; /* templates; NULL: as for a map */
    helper needs;
} code;

static const code codes[] = {
    {"conv", "nn.Conv{a}d({C}, {N}, {k}{s stride}{p padding}{d dilation}{g groups}{b bias})", NULL,
     HELPER_NONE},
    {"dwconv", "nn.Conv{a}d({C}, {N}, {k}{s stride}{p padding}{d dilation}, groups={C}{b bias})",
     NULL, HELPER_NONE},
    {"deconv",
     "nn.ConvTranspose{a}d({C}, {N}, {k}{s stride}{p padding}{o output_padding}{g groups}{b bias}"
     "{d dilation})",
     NULL, HELPER_NONE},
    {"sepconv",
     "nn.Sequential(nn.Conv{a}d({C}, {C}, {k}{s stride}{p padding}{d dilation}, groups={C}, "
     "bias=False), "
     "nn.Conv{a}d({C}, {N}, 1{b bias}))",
     NULL, HELPER_NONE},
    {"FC", "nn.Linear({F}, {N}{b bias})", NULL, HELPER_NONE},
    {"linear", "nn.Linear({W}, {U}{b bias})", NULL, HELPER_NONE},
    {"maxpool", "nn.MaxPool{a}d({k}{S stride}{p padding}{d dilation}{c ceil_mode})", NULL,
     HELPER_NONE},
    {"avgpool", "nn.AvgPool{a}d({k}{S stride}{p padding}{c ceil_mode})", NULL, HELPER_NONE},
    {"gap", "nn.AdaptiveAvgPool{a}d(1)", NULL, HELPER_NONE},
    {"gmp", "nn.AdaptiveMaxPool{a}d(1)", NULL, HELPER_NONE},
    {"aap", "nn.AdaptiveAvgPool{a}d({k})", NULL, HELPER_NONE},
    {"amp", "nn.AdaptiveMaxPool{a}d({k})", NULL, HELPER_NONE},
    {"bn", "nn.BatchNorm{a}d({C}{b affine})", NULL, HELPER_NONE},
    {"ln", "ChannelNorm({C}{b elementwise_affine})", "nn.LayerNorm({C}{b elementwise_affine})",
     HELPER_LAYER_NORM},
    {"gn", "nn.GroupNorm({n}, {C}{b affine})", NULL, HELPER_NONE},
    {"in", "nn.InstanceNorm{a}d({C}{A affine})", "nn.Identity()", HELPER_NONE},
    {"scale", "Scale({C}, 1, 1)", "Scale({C})", HELPER_SCALE},
    {"bias", "Bias({C}, 1, 1)", "Bias({C})", HELPER_BIAS},
    {"relu", "nn.ReLU()", NULL, HELPER_NONE},
    {"relu6", "nn.ReLU6()", NULL, HELPER_NONE},
    {"lrelu", "nn.LeakyReLU()", NULL, HELPER_NONE},
    {"elu", "nn.ELU()", NULL, HELPER_NONE},
    {"selu", "nn.SELU()", NULL, HELPER_NONE},
    {"gelu", "nn.GELU()", NULL, HELPER_NONE},
    {"silu", "nn.SiLU()", NULL, HELPER_NONE},
    {"hswish", "nn.Hardswish()", NULL, HELPER_NONE},
    {"mish", "nn.Mish()", NULL, HELPER_NONE},
    {"sigmoid", "nn.Sigmoid()", NULL, HELPER_NONE},
    {"hsigmoid", "nn.Hardsigmoid()", NULL, HELPER_NONE},
    {"tanh", "nn.Tanh()", NULL, HELPER_NONE},
    {"softplus", "nn.Softplus()", NULL, HELPER_NONE},
    {"softmax", "nn.Softmax(dim=1)", NULL, HELPER_NONE},
    {"LRN", "nn.LocalResponseNorm({n})", "nn.Identity()", HELPER_NONE},
    {"dropout", "nn.Dropout()", NULL, HELPER_NONE},
    {"droppath", "nn.Identity()", NULL, HELPER_NONE},
    {"id", "nn.Identity()", NULL, HELPER_NONE},
    {"flatten", "nn.Flatten()", NULL, HELPER_NONE},
    {"reshape", NULL, NULL, HELPER_RESHAPE},
    {"upsample", "nn.Upsample(scale_factor={k})", NULL, HELPER_NONE},
    {"resize", "nn.Upsample({O}, mode=\"bilinear\")", NULL, HELPER_NONE},
    {"crop", NULL, NULL, HELPER_CROP},
    {"pad", NULL, NULL, HELPER_NONE},
    {"shuffle", "nn.ChannelShuffle({n})", NULL, HELPER_NONE},
    {"pixshuf", "nn.PixelShuffle({n})", NULL, HELPER_NONE},
    {"pixunshuf", "nn.PixelUnshuffle({n})", NULL, HELPER_NONE},
    {"prelu", NULL, NULL, HELPER_NONE},
    {"chpad", "ChannelPad({N})", NULL, HELPER_CHANNELS},
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

static bool is_join(const cnn_layer *layer)
{
    return layer->op->form == CNN_FORM_JOIN;
}

static bool is_part(const cnn_layer *layer)
{
    return layer->op == &cnn_op_part;
}

static bool dilated_mean(const cnn_layer *layer)
{
    bool dilated = false;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        dilated = dilated || layer->attrs->value[CNN_DILATION][i] != 1;
    }
    return dilated && layer->op->role == CNN_ROLE_AVERAGE_POOL;
}

static helper helper_of(const cnn_layer *layer)
{
    const code *c = code_of(layer->op);
    const bool whole = cnn_given(layer, CNN_ALL);
    const bool ends = cnn_given(layer, CNN_PAD) && layer->op->takes_label; /* crop1+2 */
    const bool plain = c == NULL || whole || ends ||
                       (c->vector != NULL && layer->in.axes == 0 && c->needs == HELPER_LAYER_NORM);
    return dilated_mean(layer) ? HELPER_MEAN_POOL : plain ? HELPER_NONE : c->needs;
}

/* ---- constructors ---- */

/* (left, right, top, bottom): the last axis first. */
static void put_pads(cnn_out *out, const int64_t *low, const int64_t *high, int32_t axes, int sign)
{
    cnn_out_char(out, '(');
    for (int32_t i = axes - 1; i >= 0; i--) {
        cnn_out_int(out, sign * low[i]);
        cnn_out_string(out, ", ");
        cnn_out_int(out, sign * high[i]);
        cnn_out_string(out, i > 0 ? ", " : ")");
    }
}

static void put_padding(cnn_out *out, const cnn_layer *layer, const int64_t *low,
                        const int64_t *high, int sign)
{
    const bool smallest = layer->op->role == CNN_ROLE_MAX_POOL;
    cnn_code_put(out, "nn.ConstantPad{a}d(", layer);
    put_pads(out, low, high, layer->in.axes, sign);
    cnn_out_string(out, smallest ? ", float(\"-inf\"))" : ", 0.0)");
}

/* Whether the padding cannot be the layer's own: it differs between the sides, or it is more than
 * half of a pooling's kernel. */
static bool pads_apart(const cnn_layer *layer, int64_t *low, int64_t *high)
{
    bool apart = cnn_code_padding(layer, true, low, high);
    const bool pool =
        layer->op->role == CNN_ROLE_MAX_POOL || layer->op->role == CNN_ROLE_AVERAGE_POOL;
    for (int32_t i = 0; pool && i < layer->in.axes; i++) {
        apart = apart || low[i] > layer->attrs->value[CNN_SIZE][i] / 2;
    }
    return apart && cnn_use_of(layer->op, CNN_STRIDE)->need != CNN_NEVER;
}

static void put_shape(cnn_out *out, const char *name, const int64_t *channels,
                      const cnn_shape *shape)
{
    cnn_out_string(out, name);
    if (channels != NULL) {
        cnn_out_int(out, *channels);
        cnn_out_string(out, shape->axes > 0 ? ", " : "");
    }
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_out_string(out, i > 0 ? ", " : "");
        cnn_out_int(out, shape->side[i]);
    }
    cnn_out_char(out, ')');
}

static void put_plain(cnn_out *out, const cnn_layer *layer)
{
    const code *c = code_of(layer->op);
    const bool vector = layer->in.axes == 0;
    if (cnn_given(layer, CNN_ALL) && !vector) {
        cnn_code_put(out, "nn.LayerNorm({M}{b elementwise_affine})", layer);
    } else if (dilated_mean(layer)) {
        cnn_code_put(out, "DilatedMean({k}{S stride}{p padding}{d dilation})", layer);
    } else if (c->map != NULL) {
        cnn_code_put(out, vector && c->vector != NULL ? c->vector : c->map, layer);
    } else if (c->needs == HELPER_RESHAPE) {
        put_shape(out, "Reshape(", &layer->out.channels, &layer->out);
    } else if (c->needs == HELPER_CROP && cnn_given(layer, CNN_PAD)) {
        put_padding(out, layer, layer->attrs->value[CNN_PAD], layer->attrs->value[CNN_PAD_AFTER],
                    -1);
    } else if (c->needs == HELPER_CROP) {
        put_shape(out, "Crop(", NULL, &layer->out);
    } else if (layer->op->role == CNN_ROLE_PAD) {
        put_padding(out, layer, layer->pad_low, layer->pad_high, 1);
    } else {
        cnn_out_string(out, "nn.PReLU(");
        cnn_out_int(out, layer->weights);
        cnn_out_char(out, ')');
    }
}

/* A window without its own padding. */
static void put_unpadded(cnn_out *out, const cnn_layer *layer)
{
    cnn_layer bare = *layer;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        bare.pad_low[i] = bare.pad_high[i] = 0;
    }
    put_plain(out, &bare);
}

static void put_constructor(cnn_out *out, const cnn_layer *layer)
{
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0};
    const bool transposed = layer->op->role == CNN_ROLE_TRANSPOSED;
    if (layer->op->role == CNN_ROLE_DENSE && layer->in.axes > 0) {
        cnn_out_string(out, "nn.Sequential(nn.Flatten(), ");
        put_plain(out, layer);
        cnn_out_char(out, ')');
        return;
    }
    if (!pads_apart(layer, low, high)) {
        put_plain(out, layer);
        return;
    }
    cnn_out_string(out, "nn.Sequential(");
    if (!transposed) {
        put_padding(out, layer, low, high, 1);
        cnn_out_string(out, ", ");
        put_unpadded(out, layer);
    } else { /* the whole map, then its edges are cut off */
        cnn_layer whole = *layer;
        for (int32_t i = 0; i < layer->in.axes; i++) {
            whole.pad_low[i] = whole.pad_high[i] = 0;
            whole.out.side[i] += low[i] + high[i];
        }
        put_plain(out, &whole);
        cnn_out_string(out, ", ");
        put_padding(out, layer, low, high, -1);
    }
    cnn_out_char(out, ')');
}

/* ---- forward ---- */

static void put_value(const cnn_report *report, int32_t index)
{
    if (index == 0) {
        cnn_out_char(report->out, 'x');
        return;
    }
    cnn_out_char(report->out, 'v');
    cnn_out_int(report->out, index);
}

/* A vector in a product is a map of 1x1. */
static void put_factor(const cnn_report *report, const cnn_layer *join, int32_t source)
{
    put_value(report, source);
    const int32_t more = join->out.axes - report->net->layers[source].out.axes;
    if (more > 0) {
        cnn_out_string(report->out, "[:, :");
        for (int32_t i = 0; i < more; i++) {
            cnn_out_string(report->out, ", None");
        }
        cnn_out_char(report->out, ']');
    }
}

static void put_join(const cnn_report *report, const cnn_layer *join)
{
    const bool product = cnn_text_is(cnn_text_of(join->op->name), "mul");
    const bool sum = cnn_text_is(cnn_text_of(join->op->name), "add");
    cnn_out *out = report->out;
    cnn_out_string(out, product || sum ? "" : "torch.cat((");
    for (int32_t i = 0; i < join->source_count; i++) {
        cnn_out_string(out, i == 0 ? "" : product ? " * " : sum ? " + " : ", ");
        put_factor(report, join, join->sources[i]);
    }
    cnn_out_string(out, product || sum ? "" : join->source_count == 1 ? ",), 1)" : "), 1)");
}

static void put_step(const cnn_report *report, int32_t index)
{
    const cnn_layer *layer = &report->net->layers[index];
    cnn_out *out = report->out;
    cnn_out_string(out, "        ");
    put_value(report, index);
    cnn_out_string(out, " = ");
    if (is_join(layer)) {
        put_join(report, layer);
    } else if (is_part(layer)) {
        const int64_t part = cnn_code_part(report->net, index), c = layer->out.channels;
        put_value(report, layer->sources[0]);
        cnn_out_string(out, "[:, ");
        cnn_out_int(out, part * c);
        cnn_out_char(out, ':');
        cnn_out_int(out, (part + 1) * c);
        cnn_out_char(out, ']');
    } else if (layer->op->form == CNN_FORM_AUX) {
        put_value(report, layer->sources[0]);
    } else {
        cnn_out_string(out, "self.l");
        cnn_out_int(out, layer->weights_of > 0 ? layer->weights_of : index);
        cnn_out_char(out, '(');
        put_value(report, layer->sources[0]);
        cnn_out_char(out, ')');
    }
    cnn_out_char(out, '\n');
}

/* ---- the file ---- */

static bool has_module(const cnn_layer *layer)
{
    return !is_join(layer) && !is_part(layer) && layer->op->form != CNN_FORM_AUX &&
           layer->weights_of == 0;
}

bool cnn_prepare_pytorch(cnn_report *report, cnn_error *err)
{
    for (int32_t i = report->net->input_count; i < report->net->layer_count; i++) {
        const cnn_layer *layer = &report->net->layers[i];
        /* a pixel shuffle has two axes there, and no instance norm learns on a vector */
        const bool map = layer->in.axes > 0;
        const bool lacks =
            (layer->op->role == CNN_ROLE_INSTANCE_NORM && !map && layer->weights > 0) ||
            (cnn_text_is(cnn_text_of(layer->op->name), "pixunshuf") && layer->in.axes != 2);
        if (has_module(layer) && (code_of(layer->op) == NULL || lacks)) {
            return cnn_code_refuse(layer, "PyTorch", err);
        }
    }
    return true;
}

static void put_helpers(const cnn_report *report)
{
    for (int32_t h = HELPER_NONE + 1; h < HELPERS; h++) {
        bool used = false;
        for (int32_t i = report->net->input_count; i < report->net->layer_count && !used; i++) {
            used = has_module(&report->net->layers[i]) &&
                   helper_of(&report->net->layers[i]) == (helper)h;
        }
        if (used) {
            cnn_out_string(report->out, helper_code[h]);
            cnn_out_string(report->out, "\n\n");
        }
    }
}

static void put_class(const cnn_report *report)
{
    const cnn_network *net = report->net;
    cnn_out *out = report->out;
    cnn_out_string(out, "class Net(nn.Module):\n    def __init__(self):\n"
                        "        super().__init__()\n");
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        if (has_module(&net->layers[i])) {
            cnn_out_string(out, "        self.l");
            cnn_out_int(out, i);
            cnn_out_string(out, " = ");
            put_constructor(out, &net->layers[i]);
            cnn_out_char(out, '\n');
        }
    }
    cnn_out_string(out, "\n    def forward(self");
    for (int32_t i = 0; i < net->input_count; i++) {
        cnn_out_string(out, ", ");
        put_value(report, i);
    }
    cnn_out_string(out, "):\n");
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        put_step(report, i);
    }
    cnn_out_string(out, "        return ");
    put_value(report, net->output);
    cnn_out_string(out, "\n\n\nmodel = Net()\n");
}

static void put_sequential(const cnn_report *report)
{
    const cnn_network *net = report->net;
    cnn_out_string(report->out, "model = nn.Sequential(\n");
    for (int32_t i = 1; i < net->layer_count; i++) {
        cnn_out_string(report->out, "    ");
        put_constructor(report->out, &net->layers[i]);
        cnn_out_string(report->out, ",\n");
    }
    cnn_out_string(report->out, ")\n");
}

void cnn_write_pytorch(cnn_report *report)
{
    const cnn_network *net = report->net;
    cnn_out *out = report->out;
    cnn_out_string(out, "import torch\nimport torch.nn as nn\n\n\n");
    put_helpers(report);
    if (cnn_code_chain(net)) {
        put_sequential(report);
    } else {
        put_class(report);
    }
    for (int32_t i = 0; i < net->input_count; i++) {
        const cnn_shape *input = &net->layers[i].out;
        put_shape(out, i == 0 ? "model(torch.zeros(2, " : ", torch.zeros(2, ", &input->channels,
                  input);
    }
    cnn_out_string(out, ")\n# ");
    cnn_out_grouped(out, net->totals.params);
    cnn_out_string(out, " parameters\n");
}
