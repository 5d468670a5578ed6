/*
 * The table of other programs' rules, each measured with the version named and the program's
 * defaults. Layers are taken as the modules that torchvision's models use for them.
 *
 *   torchinfo        torchinfo/layer_info.py (calculate_macs), model_statistics.py
 *   thop             thop/profile.py (register_hooks), thop/vision/basic_hooks.py, calc_func.py
 *   ptflops          ptflops/pytorch_ops.py (MODULES_MAPPING, FUNCTIONAL_MAPPING,
 * TENSOR_OPS_MAPPING) ptflops-aten     ptflops/aten_ops.py (ATEN_OPS_MAPPING) fvcore
 * fvcore/nn/flop_count.py (_DEFAULT_SUPPORTED_OPS), jit_handles.py torch-profiler
 * torch.profiler.profile(with_flops=True); torch/csrc/profiler/util.cpp opencv cv2.dnn.Net.getFLOPS
 * of the ONNX file that PyTorch exports (operator set 11) darknet          examples/darknet.c
 * (numops), of the original by J. Redmon keras            Model.summary(): "Total params" are
 * trainable and non-trainable weights cs231n           cs231n.github.io/convolutional-networks, the
 * listing of VGGNet
 */
#include "compare/tools.h"

const cnn_tool cnn_tools[] = {
    {"torchinfo", "torchinfo 1.8.0"},
    {"thop", "ultralytics-thop 2.1.6"},
    {"ptflops", "ptflops 0.7.6"},
    {"ptflops-aten", "ptflops 0.7.6 (backend aten)"},
    {"fvcore", "fvcore 0.1.5.post20221221"},
    {"torch-profiler", "PyTorch 1.13.1's profiler"},
    {"opencv", "OpenCV 4.6.0"},
    {"darknet", "darknet of 2018-09-14"},
    {"keras", "Keras 2 and 3"},
    {"cs231n", "the course CS231n"},
};

const size_t cnn_tool_count = CNN_LENGTH(cnn_tools);

enum { TORCHINFO, THOP, PTFLOPS, ATEN, FVCORE, PROFILER, OPENCV, DARKNET, KERAS, CS231N };

#define END                                                                                        \
    {                                                                                              \
        0                                                                                          \
    }

static const char biases_count[] = "a bias counts once for each output";
static const char not_counted[] = "it is not counted";
static const char once_each[] = "one operation for each value";
static const char windows_and_outputs[] =
    "an addition for each value of each window and a division for each output; nothing where the "
    "model calls a function";
static const char twice_each[] =
    "each value counts twice, as a module and as the function it calls; once where the model calls "
    "the function";
static const char one_for_each_input[] =
    "one operation for each input; nothing where the model writes x.mean()";

/* ---- programs that look at modules ---- */

static const cnn_tool_rule torchinfo_macs[] = {
    {"conv dwconv FC", biases_count, .macs = 1, .biases = 1},
    {"deconv", "weights and biases count at every output position, though used at the input's",
     .count = cnn_tool_params_at_output},
    {"scale bias", "it is not a module", .count = cnn_tool_nothing},
    {"*", "every parameter counts once", .params = 1},
    END,
};

static const cnn_tool_rule torchinfo_memory[] = {
    {"scale bias", "it is not a module", .count = cnn_tool_nothing},
    {"*", "an output counts twice, for its gradient, if the layer has parameters; else not at all",
     .count = cnn_tool_pass_bytes},
    END,
};

static const cnn_tool_rule thop_macs[] = {
    {"bn ln gn", "four operations for each value", .in = 4},
    {"in", "two operations for each value", .in = 2},
    {"prelu", once_each, .in = 1},
    {"softmax", "exponentials, additions and divisions: 3n - 1", .count = cnn_tool_softmax},
    {"avgpool", windows_and_outputs, .count = cnn_tool_windows},
    {"gap aap", windows_and_outputs, .count = cnn_tool_adaptive_windows},
    {"resize", "eleven operations for each output (bilinear)", .out = 11},
    END,
};

static const cnn_tool_rule ptflops_macs[] = {
    {"conv dwconv deconv FC", biases_count, .macs = 1, .biases = 1},
    {"bn gn", "two operations for each value", .in = 2},
    {"ln in relu6 lrelu", once_each, .in = 1},
    {"silu softmax", "one operation for each value: only the function counts", .in = 1},
    {"relu elu gelu prelu", twice_each, .in = 2},
    {"maxpool avgpool gap gmp aap amp", twice_each, .in = 2},
    {"upsample resize", twice_each, .out = 2},
    {"LRN",
     "its products and sums count 3 for each value, its mean over n channels C + n - 1 at "
     "each position",
     .count = cnn_tool_local_norm},
    END,
};

/* ---- programs that look at operators ---- */

static const cnn_tool_rule aten_macs[] = {
    {"conv dwconv deconv FC", biases_count, .macs = 1, .biases = 1},
    END,
};

static const cnn_tool_rule fvcore_macs[] = {
    {"bn", "two operations for each value (in evaluation)", .in = 2},
    {"ln gn", "five operations for each value", .in = 5},
    {"in", "four operations for each value", .in = 4},
    {"gap aap", one_for_each_input, .in = 1},
    {"upsample", "one operation for each output", .out = 1},
    {"resize", "four operations for each output (bilinear)", .out = 4},
    END,
};

#define PROFILED                                                                                   \
    {"deconv", not_counted, .count = cnn_tool_nothing},                                            \
        {"LRN", "two products and a sum for each value", .in = 3},                                 \
        {"scale", "a product counts its first factor: the parameters", .params = 1},               \
        {"bias", "a sum counts its first summand", .in = 1},                                       \
    {                                                                                              \
        "mul", "a product counts its first factor: torchvision writes gate * map",                 \
            .count = cnn_tool_first_factor                                                         \
    }

static const cnn_tool_rule profiler_flops[] = {PROFILED, END};

static const cnn_tool_rule profiler_flops_with_sums[] = {
    PROFILED,
    {"add", "a sum counts its first summand", .count = cnn_tool_sums},
    END,
};

static const cnn_tool_rule opencv_flops[] = {
    {"conv dwconv", "(2 k^2 C + 1) for each output: groups are taken as 1, a bias is added anyway",
     .count = cnn_tool_cv_conv},
    {"deconv", "2 k^2 C for each value that enters, C being the input's channels",
     .count = cnn_tool_cv_transposed},
    {"FC", "three operations for each weight", .macs = 3},
    {"bn", "three operations for each value; none if it is folded into a convolution",
     .count = cnn_tool_cv_batch_norm},
    {"gn", "13 operations for each value and 3 for each group", .count = cnn_tool_cv_group_norm},
    {"in", "9 operations for each value and 3 for each channel",
     .count = cnn_tool_cv_instance_norm},
    {"ln", "20 operations for each value and 19 for each position; of a vector it reads none",
     .count = cnn_tool_cv_layer_norm},
    {"maxpool", "the window's area for each output", .count = cnn_tool_cv_max_pool},
    {"avgpool", "the window's area and 1 for each output", .count = cnn_tool_cv_mean_pool},
    {"gmp amp", "the window's area for each output; it reads windows of one size only",
     .count = cnn_tool_cv_adaptive_max},
    {"gap aap",
     "the window's area and 1 for each output (2 of a global mean); it reads windows of one size "
     "only",
     .count = cnn_tool_cv_adaptive_mean},
    {"relu lrelu prelu selu tanh softplus hsigmoid", once_each, .in = 1},
    {"elu scale bias", "two operations for each value", .in = 2},
    {"sigmoid hswish mish", "three operations for each value", .in = 3},
    {"softmax", "four operations for each value", .in = 4},
    {"silu", "five operations for each value", .in = 5},
    {"gelu", "nine operations for each value", .in = 9},
    {"relu6 LRN chpad shuffle", "it cannot read this layer", .count = cnn_tool_refuses},
    {"add mul", "two operations for each value that comes out", .count = cnn_tool_cv_join},
    END,
};

/* ---- others ---- */

static const cnn_tool_rule darknet_flops[] = {
    {"deconv", not_counted, .count = cnn_tool_nothing},
    END,
};

static const cnn_tool_rule keras_params[] = {
    {"bn", "moving mean and variance count too: 4C", .count = cnn_tool_with_statistics},
    {"prelu", "it has a slope for each value, unless shared_axes is given", .out = 1},
    END,
};

static const cnn_tool_rule cs231n_params[] = {
    {"conv dwconv deconv FC", "the biases are not counted", .count = cnn_tool_weights},
    END,
};

static const cnn_tool_rule cs231n_memory[] = {
    {"bn ln gn in LRN",
     "only the input, convolutions, pooling and fully connected layers are listed",
     .count = cnn_tool_nothing},
    END,
};

/* ---- the reports ---- */

#define TOOL(name) &cnn_tools[name]

const cnn_tool_report cnn_tool_reports[] = {
    {TOOL(TORCHINFO), "macs", "mult-adds", NULL, torchinfo_macs},
    {TOOL(TORCHINFO), "memory", "forward/backward pass size",
     "Only outputs of layers with parameters count, and not the input.", torchinfo_memory},
    {TOOL(TORCHINFO), "params", "total params", NULL, NULL},

    {TOOL(THOP), "macs", "MACs", NULL, thop_macs},
    {TOOL(THOP), "params", "params", NULL, NULL},

    {TOOL(PTFLOPS), "macs", "MACs", NULL, ptflops_macs},
    {TOOL(PTFLOPS), "params", "params", NULL, NULL},

    {TOOL(ATEN), "macs", "MACs", NULL, aten_macs},
    {TOOL(ATEN), "params", "params", NULL, NULL},

    {TOOL(FVCORE), "macs", "flops", "It calls one multiply-add a flop.", fvcore_macs},
    {TOOL(FVCORE), "params", "parameter count", NULL, NULL},

    {TOOL(PROFILER), "flops", "flops",
     "For models that add in place (x += y, as torchvision's ResNets do): this counts nothing.",
     profiler_flops},
    {TOOL(PROFILER), "flops", "flops",
     "For models that write x + y (as torchvision's MobileNetV2, MNASNet and RegNet do).",
     profiler_flops_with_sums},

    {TOOL(OPENCV), "flops", "FLOPS",
     "As read from PyTorch's export and not yet run; running fuses layers and changes it.",
     opencv_flops},

    {TOOL(DARKNET), "flops", "floating point operations",
     "They are divided by 10^9 and called BFLOPs. Its own files are not the lists built in here: "
     "their pools and short cuts differ.",
     darknet_flops},

    {TOOL(KERAS), "params", "total params", NULL, keras_params},

    {TOOL(CS231N), "params", "weights", NULL, cs231n_params},
    {TOOL(CS231N), "memory", "memory, 4 bytes for each value",
     "The page's own total, 24M values for VGG D, is not the sum of its rows: that is 15.2M.",
     cs231n_memory},
};

const size_t cnn_tool_report_count = CNN_LENGTH(cnn_tool_reports);
