/*
 * Networks as code for PyTorch: a Sequential where every layer follows the last one, else a class.
 * In that, layer 3 is the module l3 and gives the value v3; x is the input:
 *
 *     self.l3 = nn.Conv2d(64, 128, 3, padding=1, bias=False)
 *     v3 = self.l3(v2)
 *
 * Layers that share weights call the same module. What PyTorch has no module for is a class that
 * the code brings along, and padding that no module takes is one before it.
 */
#include "base/arena.h"
#include "ops/op.h"
#include "report/code.h"
#include "report/pytorch_kinds.h"

static bool is_join(const cnn_layer *layer)
{
    return layer->op->form == CNN_FORM_JOIN;
}

static bool is_part(const cnn_layer *layer)
{
    return layer->op == &cnn_op_part;
}

/* PyTorch's AvgPool takes no dilation. */
static bool dilated_mean(const cnn_layer *layer)
{
    bool dilated = false;
    for (int32_t i = 0; i < layer->in.axes; i++) {
        dilated = dilated || layer->attrs->value[CNN_DILATION][i] != 1;
    }
    return dilated && layer->op->role == CNN_ROLE_AVERAGE_POOL;
}

/* A layer norm over the last axes, as PyTorch's own. */
static bool over_last_axes(const cnn_layer *layer)
{
    return layer->op->role == CNN_ROLE_LAYER_NORM && layer->in.axes > 0 &&
           (cnn_given(layer, CNN_ALL) || cnn_given(layer, CNN_SIZE));
}

static cnn_helper helper_of(const cnn_layer *layer)
{
    const cnn_pytorch_kind *c = cnn_pytorch_kind_of(layer->op);
    /* nn.LayerNorm itself, and negative padding, are enough without a class */
    const bool whole = cnn_given(layer, CNN_ALL) || over_last_axes(layer);
    const bool ends = cnn_given(layer, CNN_PAD) && layer->op->takes_label; /* crop1+2 */
    const bool plain =
        c == NULL || whole || ends ||
        (c->vector != NULL && layer->in.axes == 0 && c->needs == CNN_HELPER_LAYER_NORM);
    return dilated_mean(layer) ? CNN_HELPER_MEAN_POOL : plain ? CNN_HELPER_NONE : c->needs;
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

/* Negative numbers cut off. The padding of a maximum must never win. */
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
    const cnn_pytorch_kind *c = cnn_pytorch_kind_of(layer->op);
    const bool vector = layer->in.axes == 0;
    if (over_last_axes(layer)) {
        cnn_code_put(out, "nn.LayerNorm({M}{b elementwise_affine})", layer);
    } else if (dilated_mean(layer)) {
        cnn_code_put(out, "DilatedMean({k}{S stride}{p padding}{d dilation})", layer);
    } else if (c->map != NULL) {
        cnn_code_put(out, vector && c->vector != NULL ? c->vector : c->map, layer);
    } else if (c->needs == CNN_HELPER_RESHAPE) {
        put_shape(out, "Reshape(", &layer->out.channels, &layer->out);
    } else if (c->needs == CNN_HELPER_CROP && cnn_given(layer, CNN_PAD)) {
        put_padding(out, layer, layer->attrs->value[CNN_PAD], layer->attrs->value[CNN_PAD_AFTER],
                    -1);
    } else if (c->needs == CNN_HELPER_CROP) {
        put_shape(out, "Crop(", NULL, &layer->out);
    } else if (layer->op->role == CNN_ROLE_PAD) {
        put_padding(out, layer, layer->pad_low, layer->pad_high, 1);
        /* prelu is what is left; a slope for each value needs the map flattened around it */
    } else if (layer->weights > 1 && layer->weights != layer->in.channels) {
        cnn_code_put(out, "nn.Sequential(nn.Flatten(), nn.PReLU({F}), nn.Unflatten(1, ", layer);
        put_shape(out, "(", &layer->in.channels, &layer->in);
        cnn_out_string(out, "))");
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

/* Sums and products are operators; all else is concatenated along the channels. */
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
    if (cnn_gives_indices(report->net, index)) {
        cnn_out_string(out, ", i");
        cnn_out_int(out, index);
    }
    cnn_out_string(out, " = ");
    if (is_join(layer)) {
        put_join(report, layer);
    } else if (is_part(layer)) {
        /* a split gives equal parts, numbered from 0 */
        const int64_t part = layer->attrs->value[CNN_SIZE][1], c = layer->out.channels;
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
        if (cnn_is_unpool(layer)) {
            cnn_out_string(out, ", i");
            cnn_out_int(out, cnn_unpool_source(report->net, index));
        }
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
        /* pixels have two axes there, and no instance norm learns on a vector */
        const bool map = layer->in.axes > 0;
        const bool lacks =
            (layer->op->role == CNN_ROLE_INSTANCE_NORM && !map && layer->weights > 0) ||
            ((cnn_code_is_pixels(layer) || cnn_is_deformed(layer)) && layer->in.axes != 2);
        if (cnn_is_unpool(layer) && cnn_unpool_source(report->net, i) == 0) {
            return cnn_fail(err, CNN_E_NO_POOL, layer->span);
        }
        if (has_module(layer) && (cnn_pytorch_kind_of(layer->op) == NULL || lacks)) {
            return cnn_code_refuse(layer, "PyTorch", err);
        }
    }
    return true;
}

/* Each class once, and only if a module needs it. */
static void put_helpers(const cnn_report *report)
{
    for (int32_t h = CNN_HELPER_NONE + 1; h < CNN_HELPERS; h++) {
        bool used = false;
        for (int32_t i = report->net->input_count; i < report->net->layer_count && !used; i++) {
            used = has_module(&report->net->layers[i]) &&
                   helper_of(&report->net->layers[i]) == (cnn_helper)h;
        }
        if (used) {
            cnn_out_string(report->out, cnn_helper_code[h]);
            cnn_out_string(report->out, "\n\n");
        }
    }
}

/* The modules in the constructor, then a line of forward for each layer. */
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
            /* its places are wanted by a MaxUnpool: return_indices=True gives a pair */
            if (cnn_gives_indices(net, i)) {
                cnn_code_put(out,
                             "nn.MaxPool{a}d({k}{S stride}{p padding}{d dilation}{c ceil_mode}, "
                             "return_indices=True)",
                             &net->layers[i]);
            } else {
                put_constructor(out, &net->layers[i]);
            }
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
    bool unpools = false, deforms = false;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        unpools = unpools || cnn_is_unpool(&net->layers[i]);
        deforms = deforms || cnn_is_deformed(&net->layers[i]);
    }
    cnn_out_string(out, "import torch\nimport torch.nn as nn\n");
    cnn_out_string(out, deforms ? "import torchvision\n\n\n" : "\n\n");
    put_helpers(report);
    if (cnn_code_chain(net) && !unpools) {
        put_sequential(report);
    } else {
        put_class(report);
    }
    /* a batch of 2: in training, BatchNorm refuses a single value per channel */
    for (int32_t i = 0; i < net->input_count; i++) {
        const cnn_shape *input = &net->layers[i].out;
        put_shape(out, i == 0 ? "model(torch.zeros(2, " : ", torch.zeros(2, ", &input->channels,
                  input);
    }
    cnn_out_string(out, ")\n# ");
    cnn_out_grouped(out, net->totals.params);
    cnn_out_string(out, " parameters\n");
}
