/* What kinds of layers are in PyTorch: templates of constructors, and classes for what it lacks. */
#include "report/pytorch_kinds.h"

#include <string.h>

#include "base/arena.h"
#include "net/network.h"
#include "report/code.h"

const char *const cnn_helper_code[CNN_HELPERS] = {
    /* nn.LayerNorm works on the last axis, so that the channels are moved there and back */
    [CNN_HELPER_LAYER_NORM] = "class ChannelNorm(nn.LayerNorm):\n"
                              "    def forward(self, x):\n"
                              "        return super().forward(x.movedim(1, -1)).movedim(-1, 1)\n",
    [CNN_HELPER_SCALE] = "class Scale(nn.Module):\n"
                         "    def __init__(self, *shape):\n"
                         "        super().__init__()\n"
                         "        self.weight = nn.Parameter(torch.ones(shape))\n\n"
                         "    def forward(self, x):\n"
                         "        return x * self.weight\n",
    [CNN_HELPER_BIAS] = "class Bias(nn.Module):\n"
                        "    def __init__(self, *shape):\n"
                        "        super().__init__()\n"
                        "        self.bias = nn.Parameter(torch.zeros(shape))\n\n"
                        "    def forward(self, x):\n"
                        "        return x + self.bias\n",
    [CNN_HELPER_RESHAPE] = "class Reshape(nn.Module):\n"
                           "    def __init__(self, *shape):\n"
                           "        super().__init__()\n"
                           "        self.shape = shape\n\n"
                           "    def forward(self, x):\n"
                           "        return x.reshape(x.size(0), *self.shape)\n",
    /* cuts out the middle */
    [CNN_HELPER_CROP] = "class Crop(nn.Module):\n"
                        "    def __init__(self, *sides):\n"
                        "        super().__init__()\n"
                        "        self.sides = sides\n\n"
                        "    def forward(self, x):\n"
                        "        for axis, side in enumerate(self.sides, 2):\n"
                        "            x = x.narrow(axis, (x.size(axis) - side) // 2, side)\n"
                        "        return x\n",
    /* channels of zeros after the others, as in shortcuts of ResNet without parameters */
    [CNN_HELPER_CHANNELS] =
        "class ChannelPad(nn.Module):\n"
        "    def __init__(self, channels):\n"
        "        super().__init__()\n"
        "        self.channels = channels\n\n"
        "    def forward(self, x):\n"
        "        ends = (0, 0) * (x.dim() - 2) + (0, self.channels - x.size(1))\n"
        "        return nn.functional.pad(x, ends)\n",
    /* a depthwise convolution with equal weights; MaxPool2d lends only its arguments */
    [CNN_HELPER_MEAN_POOL] = "class DilatedMean(nn.MaxPool2d):\n"
                             "    def forward(self, x):\n"
                             "        c = x.size(1)\n"
                             "        k = self.kernel_size\n"
                             "        k = k if isinstance(k, tuple) else (k,) * (x.dim() - 2)\n"
                             "        mean = x.new_full((c, 1, *k), 1 / torch.Size(k).numel())\n"
                             "        f = nn.functional\n"
                             "        conv = (f.conv1d, f.conv2d, f.conv3d)[len(k) - 1]\n"
                             "        return conv(x, mean, None, self.stride, self.padding, "
                             "self.dilation, c)\n",
    [CNN_HELPER_PERMUTE] = "class Permute(nn.Module):\n"
                           "    def __init__(self, *order):\n"
                           "        super().__init__()\n"
                           "        self.order = order\n\n"
                           "    def forward(self, x):\n"
                           "        return x.permute(0, *self.order)\n",
    [CNN_HELPER_CHANNEL_CUT] = "class ChannelCut(nn.Module):\n"
                               "    def __init__(self, begin, end):\n"
                               "        super().__init__()\n"
                               "        self.begin, self.end = begin, end\n\n"
                               "    def forward(self, x):\n"
                               "        return x[:, self.begin:self.end]\n",
    [CNN_HELPER_CHANNEL_MEAN] = "class ChannelMean(nn.Module):\n"
                                "    def forward(self, x):\n"
                                "        return x.mean(1, keepdim=True)\n",
    [CNN_HELPER_CHANNEL_MAX] = "class ChannelMax(nn.Module):\n"
                               "    def forward(self, x):\n"
                               "        return x.max(1, keepdim=True)[0]\n",
    /* torchvision takes two offsets, y and x, for each place of the kernel at each position */
    [CNN_HELPER_DEFORM] =
        "class Deform(nn.Module):\n"
        "    def __init__(self, c, n, k, bias=True, **window):\n"
        "        super().__init__()\n"
        "        places = k * k if isinstance(k, int) else k[0] * k[1]\n"
        "        self.offset = nn.Conv2d(c, 2 * places, k, **window)\n"
        "        self.conv = torchvision.ops.DeformConv2d(c, n, k, bias=bias, **window)\n\n"
        "    def forward(self, x):\n"
        "        return self.conv(x, self.offset(x))\n",
};

/* Templates of code.h; those for vectors only where they differ. On vectors an instance norm and
 * LRN are written as an identity. */
static const cnn_pytorch_kind codes[] = {
    {"conv", "nn.Conv{a}d({C}, {N}, {k}{s stride}{p padding}{d dilation}{g groups}{b bias})", NULL,
     CNN_HELPER_NONE},
    {"dwconv", "nn.Conv{a}d({C}, {N}, {k}{s stride}{p padding}{d dilation}, groups={C}{b bias})",
     NULL, CNN_HELPER_NONE},
    {"deconv",
     "nn.ConvTranspose{a}d({C}, {N}, {k}{s stride}{p padding}{o output_padding}{g groups}{b bias}"
     "{d dilation})",
     NULL, CNN_HELPER_NONE},
    /* the depthwise part has no bias, as in Keras */
    {"sepconv",
     "nn.Sequential(nn.Conv{a}d({C}, {C}, {k}{s stride}{p padding}{d dilation}, groups={C}, "
     "bias=False), "
     "nn.Conv{a}d({C}, {N}, 1{b bias}))",
     NULL, CNN_HELPER_NONE},
    {"FC", "nn.Linear({F}, {N}{b bias})", NULL, CNN_HELPER_NONE},
    {"linear", "nn.Linear({W}, {U}{b bias})", NULL, CNN_HELPER_NONE},
    {"maxpool", "nn.MaxPool{a}d({k}{S stride}{p padding}{d dilation}{c ceil_mode})", NULL,
     CNN_HELPER_NONE},
    {"avgpool", "nn.AvgPool{a}d({k}{S stride}{p padding}{c ceil_mode})", NULL, CNN_HELPER_NONE},
    {"gap", "nn.AdaptiveAvgPool{a}d(1)", NULL, CNN_HELPER_NONE},
    {"gmp", "nn.AdaptiveMaxPool{a}d(1)", NULL, CNN_HELPER_NONE},
    {"aap", "nn.AdaptiveAvgPool{a}d({k})", NULL, CNN_HELPER_NONE},
    {"amp", "nn.AdaptiveMaxPool{a}d({k})", NULL, CNN_HELPER_NONE},
    {"bn", "nn.BatchNorm{a}d({C}{b affine})", NULL, CNN_HELPER_NONE},
    {"ln", "ChannelNorm({C}{b elementwise_affine})", "nn.LayerNorm({C}{b elementwise_affine})",
     CNN_HELPER_LAYER_NORM},
    {"gn", "nn.GroupNorm({n}, {C}{b affine})", NULL, CNN_HELPER_NONE},
    {"in", "nn.InstanceNorm{a}d({C}{A affine})", "nn.Identity()", CNN_HELPER_NONE},
    {"scale", "Scale({C}{i})", NULL, CNN_HELPER_SCALE},
    {"bias", "Bias({C}{i})", NULL, CNN_HELPER_BIAS},
    {"relu", "nn.ReLU()", NULL, CNN_HELPER_NONE},
    {"relu6", "nn.ReLU6()", NULL, CNN_HELPER_NONE},
    {"lrelu", "nn.LeakyReLU()", NULL, CNN_HELPER_NONE},
    {"elu", "nn.ELU()", NULL, CNN_HELPER_NONE},
    {"selu", "nn.SELU()", NULL, CNN_HELPER_NONE},
    {"gelu", "nn.GELU()", NULL, CNN_HELPER_NONE},
    {"silu", "nn.SiLU()", NULL, CNN_HELPER_NONE},
    {"hswish", "nn.Hardswish()", NULL, CNN_HELPER_NONE},
    {"mish", "nn.Mish()", NULL, CNN_HELPER_NONE},
    {"sigmoid", "nn.Sigmoid()", NULL, CNN_HELPER_NONE},
    {"hsigmoid", "nn.Hardsigmoid()", NULL, CNN_HELPER_NONE},
    {"tanh", "nn.Tanh()", NULL, CNN_HELPER_NONE},
    {"softplus", "nn.Softplus()", NULL, CNN_HELPER_NONE},
    {"softmax", "nn.Softmax(dim=1)", NULL, CNN_HELPER_NONE},
    {"LRN", "nn.LocalResponseNorm({n})", "nn.Identity()", CNN_HELPER_NONE},
    {"dropout", "nn.Dropout()", NULL, CNN_HELPER_NONE},
    {"droppath", "nn.Identity()", NULL, CNN_HELPER_NONE},
    {"id", "nn.Identity()", NULL, CNN_HELPER_NONE},
    {"flatten", "nn.Flatten()", NULL, CNN_HELPER_NONE},
    {"reshape", NULL, NULL, CNN_HELPER_RESHAPE},
    {"upsample", "nn.Upsample(scale_factor={k})", NULL, CNN_HELPER_NONE},
    {"resize", "nn.Upsample({O}, mode=\"{l}\")", NULL, CNN_HELPER_NONE},
    {"crop", NULL, NULL, CNN_HELPER_CROP},
    {"pad", NULL, NULL, CNN_HELPER_NONE},
    {"shuffle", "nn.ChannelShuffle({n})",
     "nn.Sequential(nn.Unflatten(1, ({C}, 1)), nn.ChannelShuffle({n}), nn.Flatten())",
     CNN_HELPER_NONE},
    {"pixshuf", "nn.PixelShuffle({n})", NULL, CNN_HELPER_NONE},
    {"pixunshuf", "nn.PixelUnshuffle({n})", NULL, CNN_HELPER_NONE},
    {"prelu", NULL, NULL, CNN_HELPER_NONE},
    {"chpad", "ChannelPad({N})", NULL, CNN_HELPER_CHANNELS},
    {"chcrop", "ChannelCut({x})", NULL, CNN_HELPER_CHANNEL_CUT},
    {"chmean", "ChannelMean()", NULL, CNN_HELPER_CHANNEL_MEAN},
    {"chmax", "ChannelMax()", NULL, CNN_HELPER_CHANNEL_MAX},
    {"permute", "Permute({P})", NULL, CNN_HELPER_PERMUTE},
    {"deformconv", "Deform({C}, {N}, {k}{b bias}{s stride}{p padding}{d dilation})", NULL,
     CNN_HELPER_DEFORM},
    {"maxunpool", "nn.MaxUnpool{a}d({k}{S stride}{p padding})", NULL, CNN_HELPER_NONE},
};

const cnn_pytorch_kind *cnn_pytorch_kind_of(const cnn_op *op)
{
    for (size_t i = 0; i < CNN_LENGTH(codes); i++) {
        if (cnn_text_is(cnn_text_of(op->name), codes[i].op)) {
            return &codes[i];
        }
    }
    return NULL;
}

bool cnn_is_unpool(const cnn_layer *layer)
{
    return cnn_text_is(cnn_text_of(layer->op->name), "maxunpool");
}

enum { FAR = 500 }; /* layers between a maxunpool and its pooling */

int32_t cnn_unpool_source(const cnn_network *net, int32_t index)
{
    const cnn_layer *unpool = &net->layers[index];
    const int64_t(*const mine)[CNN_AXES] = unpool->attrs->value;
    for (int32_t i = index - 1; i >= net->input_count && i >= index - FAR; i--) {
        const cnn_layer *pool = &net->layers[i];
        const int64_t(*const its)[CNN_AXES] = pool->attrs->value;
        bool fits = pool->op->role == CNN_ROLE_MAX_POOL &&
                    memcmp(&pool->out, &unpool->in, sizeof pool->out) == 0;
        /* a pooling whose padding is a module before it finds its places in a larger map */
        for (int32_t k = 0; fits && k < unpool->in.axes; k++) {
            fits =
                mine[CNN_SIZE][k] == its[CNN_SIZE][k] &&
                mine[CNN_STRIDE][k] == its[CNN_STRIDE][k] &&
                unpool->pad_low[k] == pool->pad_low[k] && pool->pad_low[k] == pool->pad_high[k] &&
                pool->pad_low[k] <= its[CNN_SIZE][k] / 2 && pool->in.side[k] <= unpool->out.side[k];
        }
        if (fits) {
            return i;
        }
    }
    return 0;
}

bool cnn_is_deformed(const cnn_layer *layer)
{
    return cnn_text_is(cnn_text_of(layer->op->name), "deformconv");
}

bool cnn_gives_indices(const cnn_network *net, int32_t index)
{
    bool wanted = false;
    const bool pool = net->layers[index].op->role == CNN_ROLE_MAX_POOL;
    for (int32_t i = index + 1; pool && !wanted && i < net->layer_count && i <= index + FAR; i++) {
        wanted = cnn_is_unpool(&net->layers[i]) && cnn_unpool_source(net, i) == index;
    }
    return wanted;
}
