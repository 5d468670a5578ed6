/*
 * The table of other programs' rules. Layers are taken as the modules (of torch.nn, for the tools
 * that look at these) that do the same. Sources, as of 2024:
 *
 *   torchinfo 1.8    torchinfo/layer_info.py (calculate_macs), model_statistics.py
 *   thop 0.1.1       thop/profile.py (register_hooks), thop/vision/basic_hooks.py, calc_func.py
 *   ptflops 0.7      ptflops/pytorch_ops.py (MODULES_MAPPING, FUNCTIONAL_MAPPING)
 *   fvcore 0.1.5     fvcore/nn/flop_count.py (_DEFAULT_SUPPORTED_OPS), jit_handles.py
 *   darknet          examples/darknet.c (numops), of the original by J. Redmon
 *   keras 2 and 3    Model.summary(): "Total params" are trainable and non-trainable weights
 *   cs231n           cs231n.github.io/convolutional-networks, the listing of VGGNet
 */
#include "compare/tools.h"

#include "base/checked.h"
#include "ops/count.h"

#define IS(role) (1u << CNN_ROLE_##role)

enum {
    CONVS = IS(CONV) | IS(TRANSPOSED),
    MAX_POOLS = IS(MAX_POOL) | IS(GLOBAL_MAX) | IS(ADAPTIVE_MAX),
    ADAPTIVE = IS(GLOBAL_AVERAGE) | IS(ADAPTIVE_AVERAGE),
    POOLS = MAX_POOLS | ADAPTIVE | IS(AVERAGE_POOL),
    LAYERED = IS(LAYER_NORM) | IS(GROUP_NORM)
};

/* ---- counts ---- */

#define RULE(name)                                                                                 \
    static bool name(const cnn_layer *layer, const cnn_numbers *numbers, int64_t *out)

/* Of a shape of the network, which fits. */
static int64_t values_of(const cnn_shape *shape)
{
    int64_t values = 0;
    (void)cnn_shape_volume(shape, &values);
    return values;
}

static bool values_in(const cnn_layer *layer, int64_t times, int64_t *out)
{
    return cnn_checked_mul(values_of(&layer->in), times, out);
}

static bool values_out(const cnn_layer *layer, int64_t times, int64_t *out)
{
    return cnn_checked_mul(values_of(&layer->out), times, out);
}

RULE(nothing)
{
    (void)layer, (void)numbers;
    *out = 0;
    return true;
}

RULE(each_input)
{
    (void)numbers;
    return values_in(layer, 1, out);
}

RULE(each_input_twice)
{
    (void)numbers;
    return values_in(layer, 2, out);
}

RULE(each_input_4)
{
    (void)numbers;
    return values_in(layer, 4, out);
}

RULE(each_input_5)
{
    (void)numbers;
    return values_in(layer, 5, out);
}

RULE(each_output)
{
    (void)numbers;
    return values_out(layer, 1, out);
}

RULE(each_output_4)
{
    (void)numbers;
    return values_out(layer, 4, out);
}

RULE(each_output_11)
{
    (void)numbers;
    return values_out(layer, 11, out);
}

RULE(inputs_and_outputs)
{
    (void)numbers;
    return cnn_checked_add(values_of(&layer->in), values_of(&layer->out), out);
}

/* Each parameter is used once, whatever it is used for. */
RULE(each_param)
{
    (void)numbers;
    return cnn_checked_add(layer->weights, layer->biases, out);
}

static bool at_output(const cnn_layer *layer, int64_t weights, int64_t *out)
{
    return cnn_count_macs(weights, layer->out.side[0], layer->out.side[1], out);
}

/* Weights and biases at every output position, also of a transposed convolution. */
RULE(params_at_output)
{
    (void)numbers;
    return at_output(layer, layer->weights + layer->biases, out);
}

RULE(weights_at_output)
{
    (void)numbers;
    return at_output(layer, layer->weights, out);
}

RULE(twice)
{
    (void)numbers;
    return cnn_checked_mul(layer->macs, 2, out);
}

/* n exponentials, n - 1 additions, n divisions at each position */
RULE(softmax_steps)
{
    const int64_t values = values_of(&layer->in);
    int64_t triple;
    (void)numbers;
    if (!cnn_checked_mul(values, 3, &triple)) {
        return false;
    }
    *out = triple - values / layer->in.channels;
    return true;
}

RULE(weights_only)
{
    (void)numbers;
    *out = layer->weights;
    return true;
}

RULE(with_statistics)
{
    (void)numbers;
    return cnn_checked_add(layer->weights + layer->biases, layer->statistics, out);
}

static bool bytes_of(const cnn_layer *layer, const cnn_numbers *numbers, int64_t times,
                     int64_t *out)
{
    return values_out(layer, times, out) && cnn_checked_mul(*out, numbers->samples, out) &&
           cnn_checked_mul(*out, numbers->value_bytes, out);
}

/* Outputs of layers with parameters, once more for their gradients. */
RULE(bytes_with_gradients)
{
    return layer->weights + layer->biases == 0 ? nothing(layer, numbers, out)
                                               : bytes_of(layer, numbers, 2, out);
}

/* ---- the table ---- */

#define ALL (~0u)

const cnn_tool_report cnn_tool_reports[] = {
    {"torchinfo",
     "macs",
     "mult-adds",
     NULL,
     {{IS(CONV), params_at_output, "the biases count at every output position"},
      {IS(TRANSPOSED), params_at_output,
       "weights and biases count at every output position, though they are used at the input's"},
      {IS(DENSE), each_param, "the biases count too"},
      {IS(SCALE), nothing, "it is no module of its own"},
      {ALL, each_param, "every parameter counts once"}}},
    {"torchinfo",
     "memory",
     "forward/backward pass size",
     "Only outputs of layers with parameters count, and not the input.",
     {{ALL, bytes_with_gradients,
       "an output counts twice, for its gradient, if the layer has parameters; else not at all"}}},
    {"torchinfo", "params", "total params", NULL, {{0, NULL, NULL}}},

    {"thop",
     "macs",
     "MACs",
     NULL,
     {{IS(TRANSPOSED), weights_at_output,
       "weights count at every output position, though they are used at the input's"},
      {IS(BATCH_NORM) | IS(LAYER_NORM), each_input_4, "four operations for each value"},
      {IS(INSTANCE_NORM), each_input_twice, "two operations for each value"},
      {IS(LEAKY), each_input, "one operation for each value"},
      {IS(SOFTMAX), softmax_steps, "exponentials, additions and divisions: 3n - 1"},
      {IS(AVERAGE_POOL), each_output, "one operation for each output"},
      {ADAPTIVE, inputs_and_outputs, "an addition for each input and a division for each output"},
      {IS(UPSAMPLE), each_output, "one operation for each output"},
      {IS(RESIZE), each_output_11, "eleven operations for each output (bilinear)"}}},
    {"thop",
     "params",
     "params",
     NULL,
     {{IS(GROUP_NORM) | IS(SCALE), nothing, "there is no rule for it, so it counts nothing"}}},

    {"ptflops",
     "macs",
     "MACs",
     NULL,
     {{IS(CONV), params_at_output, "the biases count at every output position"},
      {IS(TRANSPOSED), params_at_output,
       "weights and biases count at every output position, though they are used at the input's"},
      {IS(DENSE), each_param, "the biases count too"},
      {IS(BATCH_NORM) | LAYERED, each_input_twice, "two operations for each value"},
      {IS(INSTANCE_NORM), each_input, "one operation for each value"},
      {IS(RELU) | IS(LEAKY) | IS(ELU) | IS(GATED) | IS(SOFTMAX), each_output,
       "one operation for each value"},
      {POOLS, each_input, "one operation for each input"},
      {IS(UPSAMPLE) | IS(RESIZE), each_output, "one operation for each output"}}},
    {"ptflops", "params", "params", NULL, {{0, NULL, NULL}}},

    {"fvcore",
     "macs",
     "flops",
     "It calls one multiply-add a flop.",
     {{IS(BATCH_NORM), each_input_twice, "two operations for each value (in evaluation)"},
      {LAYERED, each_input_5, "five operations for each value"},
      {IS(INSTANCE_NORM), each_input_4, "four operations for each value"},
      {ADAPTIVE, each_input, "one operation for each input"},
      {IS(UPSAMPLE), each_output, "one operation for each output"},
      {IS(RESIZE), each_output_4, "four operations for each output (bilinear)"}}},
    {"fvcore", "params", "parameter count", NULL, {{0, NULL, NULL}}},

    {"darknet",
     "macs",
     "floating point operations",
     "They are divided by 10^9 and called BFLOPs.",
     {{IS(CONV) | IS(DENSE), twice, "a multiplication and an addition are two operations"},
      {IS(TRANSPOSED), nothing, "it is not counted"}}},

    {"keras",
     "params",
     "total params",
     NULL,
     {{IS(BATCH_NORM), with_statistics, "moving mean and variance count too: 4C"}}},

    {"cs231n",
     "params",
     "weights",
     NULL,
     {{CONVS | IS(DENSE), weights_only, "the biases are not counted"}}},
    {"cs231n",
     "memory",
     "memory, 4 bytes for each value",
     "The page's own total, 24M values for VGG D, is not the sum of its rows: that is 15.2M.",
     {{IS(BATCH_NORM) | LAYERED | IS(INSTANCE_NORM) | IS(LOCAL_NORM), nothing,
       "only the input, convolutions, pooling and fully connected layers are listed"}}},
};

const size_t cnn_tool_report_count = CNN_LENGTH(cnn_tool_reports);
