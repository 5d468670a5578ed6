/* Functions of each value, or of all: no parameters, and the size stays. Element-wise ones may
 * overwrite their input. */
#include "base/checked.h"
#include "ops/families.h"

/* The size is a probability. */
static const cnn_use dropout_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL,
                  .numbers = 1,
                  .standard = CNN_DECIMAL / 2,
                  .most = CNN_DECIMAL},
};

static const cnn_use local_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 5, .least = 1},
};

/* Three maps with n - 1 channels more in all: squares, their means, powers. */
static bool local_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    const int64_t n = layer->attrs->value[CNN_SIZE][0];
    int64_t channels;
    out->bytes = 8;
    return cnn_checked_mul(layer->in.channels, 3, &channels) &&
           cnn_checked_add(channels, n - 1, &channels) &&
           cnn_keeps_map(&layer->in, channels, &out->values);
}

/* Where p is 0, none is dropped. */
static bool dropout_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    if (layer->attrs->value[CNN_SIZE][0] == 0) {
        out->storages = CNN_KEEPS_PLACE;
    }
    return true;
}

/* The same, of whole samples: one factor for each is kept. */
static bool droppath_keeps(const cnn_layer *layer, cnn_keeps *out)
{
    const bool drops = layer->attrs->value[CNN_SIZE][0] > 0;
    out->storages = drops ? 0 : CNN_KEEPS_PLACE;
    out->values = drops;
    return true;
}

const cnn_op cnn_ops_activation[] = {
    {.name = "relu",
     .role = CNN_ROLE_RELU,
     .brief = "max(x, 0)",
     .example = "relu",
     .in_place = true,
     .why_kept = "its output: where it is 0, so is the gradient",
     .keeps = CNN_KEEPS_OUTPUT,
     .derivative = CNN_DERIVE_RELU},
    /* Krizhevsky 2010, Convolutional Deep Belief Networks on CIFAR-10 */
    {.name = "relu6",
     .role = CNN_ROLE_RELU,
     .brief = "min(max(x, 0), 6)",
     .example = "relu6",
     .in_place = true,
     .why_kept = "its input: the slope depends on it",
     .keeps = CNN_KEEPS_INPUT},
    {.name = "lrelu",
     .role = CNN_ROLE_LEAKY,
     .aliases = "leakyrelu",
     .brief = "leaky ReLU: a small slope below 0",
     .example = "lrelu",
     .in_place = true,
     .why_kept = "its output, if it can overwrite its input, or that: the slope depends on it",
     .keeps = CNN_KEEPS_EITHER},
    /* Clevert et al. 2016, Fast and Accurate Deep Network Learning by Exponential Linear Units */
    {.name = "elu",
     .role = CNN_ROLE_ELU,
     .brief = "exponential linear unit",
     .example = "elu",
     .in_place = true,
     .why_kept = "its output, if it can overwrite its input, or that: the slope depends on it",
     .keeps = CNN_KEEPS_EITHER},
    /* Klambauer et al. 2017, Self-Normalizing Neural Networks */
    {.name = "selu",
     .brief = "scaled exponential linear unit",
     .example = "selu",
     .in_place = true,
     .why_kept = "its output, if it can overwrite its input, or that: the slope depends on it",
     .keeps = CNN_KEEPS_EITHER},
    /* Hendrycks & Gimpel 2016, Gaussian Error Linear Units */
    {.name = "gelu",
     .role = CNN_ROLE_GATED,
     .brief = "Gaussian error linear unit",
     .example = "gelu",
     .in_place = true,
     .why_kept = "its input: the slope depends on it",
     .keeps = CNN_KEEPS_INPUT},
    /* Ramachandran et al. 2017, Searching for Activation Functions */
    {.name = "silu",
     .role = CNN_ROLE_GATED,
     .aliases = "swish",
     .brief = "x * sigmoid(x), also called swish",
     .example = "silu",
     .in_place = true,
     .why_kept = "its input: the slope depends on it",
     .keeps = CNN_KEEPS_INPUT},
    /* Howard et al. 2019, Searching for MobileNetV3 */
    {.name = "hswish",
     .aliases = "hardswish",
     .brief = "x * relu6(x + 3)/6",
     .example = "hswish",
     .in_place = true,
     .why_kept = "its input: the slope depends on it",
     .keeps = CNN_KEEPS_INPUT},
    /* Misra 2019, Mish: A Self Regularized Non-Monotonic Activation Function */
    {.name = "mish",
     .brief = "x * tanh(softplus(x))",
     .example = "mish",
     .in_place = true,
     .why_kept = "its input: the slope depends on it",
     .keeps = CNN_KEEPS_INPUT},
    {.name = "sigmoid",
     .brief = "1/(1 + exp(-x))",
     .example = "sigmoid",
     .in_place = true,
     .why_kept = "its output: the slope depends on it",
     .keeps = CNN_KEEPS_OUTPUT,
     .derivative = CNN_DERIVE_SIGMOID},
    {.name = "hsigmoid",
     .aliases = "hardsigmoid",
     .brief = "relu6(x + 3)/6",
     .example = "hsigmoid",
     .in_place = true,
     .why_kept = "its input: the slope depends on it",
     .keeps = CNN_KEEPS_INPUT},
    {.name = "tanh",
     .brief = "hyperbolic tangent",
     .example = "tanh",
     .in_place = true,
     .why_kept = "its output: the slope depends on it",
     .keeps = CNN_KEEPS_OUTPUT,
     .derivative = CNN_DERIVE_TANH},
    {.name = "softplus",
     .brief = "log(1 + exp(x))",
     .example = "softplus",
     .in_place = true,
     .why_kept = "its input: the slope depends on it",
     .keeps = CNN_KEEPS_INPUT},
    {.name = "softmax",
     .role = CNN_ROLE_SOFTMAX,
     .brief = "exponentials divided by their sum; soft-max in VGG's tables",
     .example = "softmax",
     .in_place = true,
     .why_kept = "its output: the slope depends on it",
     .keeps = CNN_KEEPS_OUTPUT,
     .derivative = CNN_DERIVE_SOFTMAX},
    /* Krizhevsky et al. 2012, ImageNet Classification with Deep Convolutional Neural Networks */
    {.name = "LRN",
     .role = CNN_ROLE_LOCAL_NORM,
     .brief = "local response normalisation over n channels (5)",
     .example = "LRN",
     .uses = local_uses,
     .why_kept = "its input, its squares, their sums and the powers of these",
     .keeps = CNN_KEEPS_INPUT,
     .keeps_more = local_keeps},
    /* Srivastava et al. 2014, Dropout */
    {.name = "dropout",
     .brief = "drops values with probability p (0.5) in training",
     .example = "dropout0.25",
     .uses = dropout_uses,
     .decimal = true,
     .size = "p",
     .in_place = true,
     .why_kept = "which values were dropped",
     .keeps = CNN_KEEPS_MASK,
     .keeps_more = dropout_keeps,
     .plain_keeps = true},
    /* Huang et al. 2016, Deep Networks with Stochastic Depth */
    {.name = "droppath",
     .brief = "drops a whole branch with probability p (0.5) in training",
     .example = "droppath0.25",
     .uses = dropout_uses,
     .decimal = true,
     .size = "p",
     .in_place = true,
     .why_kept = "which samples were dropped",
     .keeps_more = droppath_keeps},
    {.name = "id",
     .brief = "does nothing: the short cut of a join",
     .example = "id",
     .keeps = CNN_KEEPS_PLACE},
};

const cnn_family cnn_family_activation = {"functions", cnn_ops_activation,
                                          CNN_LENGTH(cnn_ops_activation)};
