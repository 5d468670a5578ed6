/* PyTorch's functions of each value, its dropouts, and the layers of it that are refused. */
#include "paste/flow.h"

/* What a function keeps, if that is not what its kind does; else NULL. */
static const cnn_keep_rule *function_rule(const cnn_module *m, const cnn_spec *spec)
{
    static const struct {
        const char *kind;
        const cnn_keep_rule *rule;
    } rules[] = {{"Dropout1d", &cnn_keep_channels},    {"Dropout2d", &cnn_keep_channels},
                 {"Dropout3d", &cnn_keep_channels},    {"FeatureAlphaDropout", &cnn_keep_channels},
                 {"Softsign", &cnn_keep_input_values}, {"LogSigmoid", &cnn_keep_input_values},
                 {"RReLU", &cnn_keep_input_values},    {"Tanhshrink", &cnn_keep_values},
                 {"Hardshrink", &cnn_keep_input},      {"Softshrink", &cnn_keep_input},
                 {"Threshold", &cnn_keep_input}};
    for (size_t i = 0; i < CNN_LENGTH(rules); i++) {
        if (cnn_word_is(m->kind, rules[i].kind)) {
            return rules[i].rule;
        }
    }
    if ((spec->op->keeps & CNN_KEEPS_EITHER) == 0) {
        return NULL;
    }
    const cnn_py *in_place = cnn_arg(m, "inplace");
    return in_place->kind == CNN_PY_BOOL && in_place->number == 0 ? &cnn_keep_input : NULL;
}

/* Whether a function's `training` is left at its default, or written, as False. What a name or
 * self.training holds is true while it trains. */
static bool never_trains(const cnn_module *m)
{
    const cnn_py *training = cnn_arg(m, "training");
    const cnn_py_node *place = cnn_arg_place(m, "training");
    return training != NULL && training->kind == CNN_PY_BOOL && training->number == 0 &&
           (place == NULL || place->kind == CNN_SYNTAX_BOOL);
}

/* The probability of a dropout; one that is not known is that of the list. */
static void set_probability(const cnn_module *m, cnn_spec *spec)
{
    const cnn_py zero = {.kind = CNN_PY_INT}, *p = never_trains(m) ? &zero : cnn_arg(m, "p");
    const double share = p->kind == CNN_PY_INT ? (double)p->number : p->real;
    if ((p->kind == CNN_PY_INT || p->kind == CNN_PY_FLOAT) && share >= 0 && share <= 1) {
        /* Stored as a whole number of 1 / CNN_DECIMAL. */
        cnn_spec_all(spec, CNN_SIZE, (int64_t)(share * CNN_DECIMAL + 0.5));
        spec->keep_rule = share > 0 ? spec->keep_rule : NULL;
    }
}

/* An activation that the language has a word for, or one that changes nothing that is counted. */
static bool activation(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                       cnn_tensor **out)
{
    (void)place;
    cnn_spec spec = cnn_spec_of(m->row->op != NULL ? m->row->op : "id", &in, m, cnn_module_span(m));
    spec.keep_rule = function_rule(m, &spec);
    if (spec.op->decimal) {
        set_probability(m, &spec);
    }
    return cnn_flow_add(p, &spec, out);
}

static const cnn_framework_row layers[] = {
    {"ReLU", "inplace=False", "relu", activation, "max(x, 0)", NULL, false},
    {"ReLU6", "inplace=False", "relu6", activation, "min(max(x, 0), 6)", NULL, false},
    {"LeakyReLU", "negative_slope=0.01 inplace=False", "lrelu", activation, "a small slope below 0",
     NULL, false},
    {"ELU", "alpha=1.0 inplace=False", "elu", activation, "exponential linear unit", NULL, false},
    {"SELU", "inplace=False", "selu", activation, "scaled exponential linear unit", NULL, false},
    {"GELU", "approximate=none", "gelu", activation, "Gaussian error linear unit", NULL, false},
    {"SiLU", "inplace=False", "silu", activation, "x * sigmoid(x)", NULL, false},
    {"Hardswish", "inplace=False", "hswish", activation, "piecewise SiLU", NULL, false},
    {"Hardsigmoid", "inplace=False", "hsigmoid", activation, "piecewise sigmoid", NULL, false},
    {"Mish", "inplace=False", "mish", activation, "x * tanh(softplus(x))", NULL, false},
    {"Sigmoid", "", "sigmoid", activation, "1/(1 + exp(-x))", NULL, false},
    {"Tanh", "", "tanh", activation, "hyperbolic tangent", NULL, false},
    {"Softplus", "beta=1 threshold=20", "softplus", activation, "log(1 + exp(x))", NULL, false},
    {"Softmax", "dim=None", "softmax", activation, "exponentials that add up to 1", NULL, false},
    {"LogSoftmax|Softmin|Softmax2d", "dim=None", "softmax", activation, "softmax, or its logarithm",
     NULL, false},
    {"CELU", "alpha=1.0 inplace=False", "elu", activation, "ELU with a scaled argument", NULL,
     false},
    {"Hardtanh", "min_val=-1.0 max_val=1.0 inplace=False", "relu6", activation,
     "values cut off at both ends", NULL, false},
    {"Hardshrink|Softshrink|Softsign|Tanhshrink|LogSigmoid|Threshold|RReLU",
     "a=None b=None c=None lambd=1 value=0 threshold=0 lower=0 upper=1", NULL, activation,
     "other functions of each value", NULL, false},
    {"Dropout|Dropout1d|Dropout2d|Dropout3d|AlphaDropout|FeatureAlphaDropout",
     "p=0.5 inplace=False", "dropout", activation, "drops values while training", NULL, false},
    {"StochasticDepth|DropPath", "p|drop_prob=0.0 mode=row", "droppath", activation,
     "drops whole samples while training", NULL, false},
    {"Identity", "a=None b=None c=None d=None", "id", activation, "changes nothing", NULL, false},
    {"LSTM|GRU|RNN|LSTMCell|GRUCell|RNNCell", "", NULL, NULL, "is recurrent, not a layer of images",
     NULL, true},
    {"Embedding|EmbeddingBag", "", NULL, NULL, "is for words, not for images", NULL, true},
    {"Transformer|TransformerEncoder|TransformerDecoder|TransformerEncoderLayer|"
     "TransformerDecoderLayer|MultiheadAttention",
     "", NULL, NULL, "is attention, which is not computed here", NULL, true},
    {"Bilinear", "", NULL, NULL, "takes two inputs at once, which is not computed here", NULL,
     true},
    {"Unfold|Fold", "", NULL, NULL, "makes matrices of windows, which are no maps", NULL, true},
    {"FractionalMaxPool2d|FractionalMaxPool3d", "", NULL, NULL, "takes windows at random", NULL,
     true},
    {"Parameter", "", NULL, NULL, "makes parameters by hand, which are not followed", NULL, true},
};

const cnn_framework_rows cnn_torch_value_rows = {layers, CNN_LENGTH(layers), &cnn_torch_norm_rows};
