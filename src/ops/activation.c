/* Functions of each value, or of all: no parameters, and the size stays. */
#include "ops/families.h"

/* Element-wise functions overwrite their input. */
#define ELEMENTWISE .shape = cnn_shape_same, .in_place = true

#define PROBABILITY                                                                                \
    .attrs = {[CNN_SIZE] = {.need = CNN_OPTIONAL,                                                  \
                            .numbers = 1,                                                          \
                            .standard = CNN_DECIMAL / 2,                                           \
                            .most = CNN_DECIMAL}},                                                 \
    .decimal = true

static const cnn_op ops[] = {
    {.name = "relu", .role = CNN_ROLE_RELU, .brief = "max(x, 0)", .example = "relu", ELEMENTWISE},
    {.name = "relu6",
     .role = CNN_ROLE_RELU,
     .brief = "min(max(x, 0), 6)",
     .example = "relu6",
     ELEMENTWISE},
    {.name = "lrelu",
     .role = CNN_ROLE_LEAKY,
     .aliases = "leakyrelu",
     .brief = "leaky ReLU: a small slope below 0",
     .example = "lrelu",
     ELEMENTWISE},
    {.name = "elu",
     .role = CNN_ROLE_ELU,
     .brief = "exponential linear unit",
     .example = "elu",
     ELEMENTWISE},
    {.name = "selu", .brief = "scaled exponential linear unit", .example = "selu", ELEMENTWISE},
    {.name = "gelu",
     .role = CNN_ROLE_GATED,
     .brief = "Gaussian error linear unit",
     .example = "gelu",
     ELEMENTWISE},
    {.name = "silu",
     .role = CNN_ROLE_GATED,
     .aliases = "swish",
     .brief = "x * sigmoid(x), also called swish",
     .example = "silu",
     ELEMENTWISE},
    {.name = "hswish",
     .aliases = "hardswish",
     .brief = "x * relu6(x + 3)/6",
     .example = "hswish",
     ELEMENTWISE},
    {.name = "mish", .brief = "x * tanh(softplus(x))", .example = "mish", ELEMENTWISE},
    {.name = "sigmoid", .brief = "1/(1 + exp(-x))", .example = "sigmoid", ELEMENTWISE},
    {.name = "hsigmoid",
     .aliases = "hardsigmoid",
     .brief = "relu6(x + 3)/6",
     .example = "hsigmoid",
     ELEMENTWISE},
    {.name = "tanh", .brief = "hyperbolic tangent", .example = "tanh", ELEMENTWISE},
    {.name = "softplus", .brief = "log(1 + exp(x))", .example = "softplus", ELEMENTWISE},
    {.name = "softmax",
     .role = CNN_ROLE_SOFTMAX,
     .brief = "exponentials divided by their sum; soft-max in VGG's tables",
     .example = "softmax",
     ELEMENTWISE},
    {.name = "LRN",
     .role = CNN_ROLE_LOCAL_NORM,
     .brief = "local response normalisation over n channels (5)",
     .example = "LRN",
     .attrs = {[CNN_SIZE] = {.need = CNN_OPTIONAL, .numbers = 1, .standard = 5, .least = 1}},
     .shape = cnn_shape_same},
    {.name = "dropout",
     .brief = "drops values with probability p (0.5) in training",
     .example = "dropout0.25",
     PROBABILITY,
     ELEMENTWISE},
    {.name = "droppath",
     .brief = "drops a whole branch with probability p (0.5) in training",
     .example = "droppath0.25",
     PROBABILITY,
     ELEMENTWISE},
    {.name = "id",
     .brief = "does nothing: the short cut of a join",
     .example = "id",
     .shape = cnn_shape_same,
     .view = true},
};

const cnn_family cnn_family_activation = {"functions", ops, CNN_LENGTH(ops)};
