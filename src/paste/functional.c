/* Functions that do what a layer does: F.max_pool2d(x, 2), x.softmax(1), torch.relu(x). */
#include "paste/tensor.h"

/*
 * What follows the input, as torch.nn.functional of PyTorch 1.13 has it: its order and its defaults
 * differ from those of the layer. Each row has all arguments that the layer's row reads, the ones
 * that the function lacks after the others.
 */
static const struct {
    const char *name, *layer, *args;
} functions[] = {
    {"max_pool#d", "MaxPool#d",
     "kernel_size stride=kernel_size padding=0 dilation=1 ceil_mode=False return_indices=False"},
    {"max_pool#d_with_indices", "MaxPool#d",
     "kernel_size stride=kernel_size padding=0 dilation=1 ceil_mode=False return_indices=True"},
    {"avg_pool#d", "AvgPool#d",
     "kernel_size stride=kernel_size padding=0 ceil_mode=False count_include_pad=True "
     "divisor_override=None"},
    {"max_unpool#d", "MaxUnpool#d",
     "indices kernel_size stride=kernel_size padding=0 output_size=None"},
    {"lp_pool#d", "LPPool#d", "norm_type kernel_size stride=kernel_size ceil_mode=False padding=0"},
    {"adaptive_avg_pool#d", "AdaptiveAvgPool#d", "output_size"},
    {"adaptive_max_pool#d", "AdaptiveMaxPool#d", "output_size return_indices=False"},
    {"adaptive_max_pool#d_with_indices", "AdaptiveMaxPool#d", "output_size return_indices=True"},
    {"relu", "ReLU", "inplace=False"},
    {"relu6", "ReLU6", "inplace=False"},
    {"leaky_relu", "LeakyReLU", "negative_slope=0.01 inplace=False"},
    {"elu", "ELU", "alpha=1.0 inplace=False"},
    {"selu", "SELU", "inplace=False"},
    {"celu", "CELU", "alpha=1.0 inplace=False"},
    {"gelu", "GELU", "approximate=none"},
    {"silu|swish", "SiLU", "inplace=False"},
    {"mish", "Mish", "inplace=False"},
    {"hardswish", "Hardswish", "inplace=False"},
    {"hardsigmoid", "Hardsigmoid", "inplace=False"},
    {"hardtanh", "Hardtanh", "min_val=-1.0 max_val=1.0 inplace=False"},
    {"sigmoid", "Sigmoid", ""},
    {"tanh", "Tanh", ""},
    {"softplus", "Softplus", "beta=1 threshold=20"},
    {"softmax", "Softmax", "dim|axis=None _stacklevel=3 dtype=None"},
    {"log_softmax", "LogSoftmax", "dim|axis=None _stacklevel=3 dtype=None"},
    {"softmin", "Softmin", "dim=None _stacklevel=3 dtype=None"},
    {"logsigmoid", "LogSigmoid", ""},
    {"softsign", "Softsign", ""},
    {"tanhshrink", "Tanhshrink", ""},
    {"hardshrink", "Hardshrink", "lambd=0.5"},
    {"softshrink", "Softshrink", "lambd=0.5"},
    {"threshold", "Threshold", "threshold value inplace=False"},
    {"rrelu", "RReLU", "lower=0.125 upper=0.3333 training=False inplace=False"},
    {"dropout", "Dropout", "p=0.5 training|train=True inplace=False"},
    {"dropout#d", "Dropout#d", "p=0.5 training=True inplace=False"},
    {"feature_dropout", "Dropout2d", "p=0.5 training|train=True inplace=False"},
    {"alpha_dropout", "AlphaDropout", "p=0.5 training|train=False inplace=False"},
    {"feature_alpha_dropout", "FeatureAlphaDropout", "p=0.5 training|train=False inplace=False"},
    {"interpolate", "Upsample",
     "size=None scale_factor=None mode=nearest align_corners=None recompute_scale_factor=None "
     "antialias=False"},
    {"upsample", "Upsample", "size=None scale_factor=None mode=nearest align_corners=None"},
    {"upsample_nearest|upsample_bilinear", "Upsample", "size=None scale_factor=None"},
    {"pixel_shuffle", "PixelShuffle", "upscale_factor"},
    {"pixel_unshuffle", "PixelUnshuffle", "downscale_factor"},
    {"channel_shuffle|native_channel_shuffle", "ChannelShuffle", "groups"},
    {"layer_norm", "LayerNorm",
     "normalized_shape weight=None bias=None eps=1e-05 elementwise_affine=False"},
    {"group_norm", "GroupNorm", "num_groups weight=None bias=None eps=1e-05 affine=False"},
    {"instance_norm", "InstanceNorm#d",
     "running_mean=None running_var=None weight=None bias=None use_input_stats=True momentum=0.1 "
     "eps=1e-05 affine=False track_running_stats=False"},
    {"conv#d", "Conv#d", "weight bias=None stride=1 padding=0 dilation=1 groups=1"},
    {"conv_transpose#d", "ConvTranspose#d",
     "weight bias=None stride=1 padding=0 output_padding=0 groups=1 dilation=1"},
    {"linear", "Linear", "weight bias=None"},
    {"batch_norm", "BatchNorm2d",
     "running_mean running_var weight=None bias=None training=False momentum=0.1 eps=1e-05 "
     "affine=False track_running_stats=False"},
    {"prelu", "PReLU", "weight"},
    {"unfold", "Unfold", ""},
    {"fold", "Fold", ""},
    {"local_response_norm", "LocalResponseNorm", "size alpha=0.0001 beta=0.75 k=1.0"},
};

/* The layer's name for these axes: MaxPool2d. */
static bool name_layer(cnn_paster *p, const char *pattern, int32_t axes, cnn_text *out)
{
    const size_t size = strlen(pattern);
    char *word = cnn_paste_take(p, size, 1);
    for (size_t i = 0; word != NULL && i < size; i++) {
        word[i] = pattern[i] == '#' ? (char)('0' + axes) : pattern[i];
    }
    *out = (cnn_text){word, size};
    return word != NULL;
}

/* A module for one call: the layer's row with the function's arguments. */
static bool make(cnn_request *r, size_t which, int32_t axes, cnn_text name, cnn_module **out)
{
    cnn_framework_row *row = CNN_PASTE_NEW(r->p, cnn_framework_row);
    cnn_text kind;
    int32_t ignored;
    if (row == NULL || !name_layer(r->p, functions[which].layer, axes, &kind)) {
        return false;
    }
    *row = *cnn_row_find(&cnn_torch_rows, kind, &ignored);
    row->args = functions[which].args;
    row->declares = NULL;
    if (!cnn_row_make(r->p, row, axes, name, &r->rest, out)) {
        return false;
    }
    (*out)->called = name;
    (*out)->kind = kind;
    return true;
}

static bool apply(cnn_request *r, cnn_module *m)
{
    const cnn_py *size = cnn_arg(m, "output_size");
    cnn_tensor *tensor;
    bool indices = false;
    if (cnn_arg(m, "return_indices") != NULL &&
        !cnn_arg_true(r->p, m, "return_indices", &indices)) {
        return false;
    }
    if (!m->row->apply(r->p, m, r->in, NULL, &tensor) || !cnn_request_give(r, tensor)) {
        return false;
    }
    if (cnn_arg(m, "indices") != NULL) { /* an unpooling */
        return cnn_unpool_size(r->p, m, size, r->span, r->out);
    }
    return !indices || cnn_request_pair(r);
}

bool cnn_request_layer(cnn_request *r, cnn_text name, bool *found)
{
    int32_t axes;
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(functions); i++) {
        if (cnn_row_matches(functions[i].name, name, &axes)) {
            cnn_module *m;
            bool weighted;
            *found = true;
            return make(r, i, axes, name, &m) && cnn_request_weights(r, m, &weighted) &&
                   (weighted || apply(r, m));
        }
    }
    return true;
}
