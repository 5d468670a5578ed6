/* The table of rules, in the order of the enumeration that a kind's entry uses. */
#include "gradient/rule.h"

static const cnn_rule *const rules[CNN_DERIVATIVES] = {
    [CNN_DERIVE_DENSE] = &cnn_rule_dense,       [CNN_DERIVE_CONV] = &cnn_rule_conv,
    [CNN_DERIVE_MAX] = &cnn_rule_max,           [CNN_DERIVE_MEAN] = &cnn_rule_mean,
    [CNN_DERIVE_MEAN_ALL] = &cnn_rule_mean_all, [CNN_DERIVE_VIEW] = &cnn_rule_view,
    [CNN_DERIVE_SIGMOID] = &cnn_rule_sigmoid,   [CNN_DERIVE_TANH] = &cnn_rule_tanh,
    [CNN_DERIVE_RELU] = &cnn_rule_relu,         [CNN_DERIVE_SOFTMAX] = &cnn_rule_softmax,
};

const cnn_rule *cnn_rule_of(const cnn_layer *layer)
{
    if (layer->op->role == CNN_ROLE_LINEAR && !cnn_is_dense(layer)) {
        return NULL; /* rows of a map */
    }
    const cnn_rule *rule = rules[layer->op->derivative];
    return rule != NULL && rule->on_maps != NULL && layer->in.axes > 0 ? rule->on_maps : rule;
}
