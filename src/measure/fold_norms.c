/* Folding batch norms into the layers before them, as programs do before a network is deployed. */
#include "base/arena.h"
#include "net/resolve.h"
#include "ops/op.h"

/* How a value is used. */
typedef struct use {
    int32_t readers;
    bool shares; /* its layer's weights are used by another layer, too */
} use;

static void find_uses(const cnn_network *net, use *uses)
{
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        uses[i] = (use){.shares = layer->weights_of > 0};
        for (int32_t k = 0; k < layer->source_count; k++) {
            uses[layer->sources[k]].readers++;
        }
        if (layer->weights_of > 0) {
            uses[layer->weights_of].shares = true;
        }
    }
    uses[net->output].readers++;
}

static bool folds(const cnn_network *net, const cnn_layer *norm, const use *uses)
{
    if (norm->op->role != CNN_ROLE_BATCH_NORM) {
        return false;
    }
    const cnn_layer *before = &net->layers[norm->sources[0]];
    const bool linear = before->op->role == CNN_ROLE_CONV ||
                        before->op->role == CNN_ROLE_TRANSPOSED || cnn_is_dense(before);
    return linear && uses[before->index].readers == 1 && !uses[before->index].shares &&
           !uses[norm->index].shares && before->aux == norm->aux;
}

/* The factor goes into the weights, the shift into the biases, of which each filter then has one.
 */
static bool fold(cnn_layer *before, cnn_layer *norm, cnn_arena *arena)
{
    static const cnn_attrs none = {0};
    cnn_attrs *attrs = CNN_NEW(arena, cnn_attrs);
    if (attrs == NULL) {
        return false;
    }
    *attrs = *before->attrs;
    attrs->value[CNN_BIAS][0] = 1;
    before->attrs = attrs;
    before->biases = before->out.channels;
    norm->op = cnn_op_find(cnn_text_of("id"));
    norm->attrs = &none;
    norm->weights = norm->biases = norm->statistics = 0;
    return true;
}

static void add_up(cnn_network *net)
{
    cnn_totals sums = {.macs = net->totals.macs};
    for (int32_t i = 0; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        sums.weights += layer->weights;
        sums.biases += layer->biases;
        sums.statistics += layer->statistics;
        if (!layer->aux) {
            sums.params_without_aux += layer->weights + layer->biases;
            sums.statistics_without_aux += layer->statistics;
        }
    }
    sums.params = sums.weights + sums.biases;
    net->totals = sums; /* a norm has more parameters than a layer has biases: they fit */
}

bool cnn_network_fold(cnn_network *net, cnn_arena *arena, cnn_error *err)
{
    use *uses = CNN_NEW_ARRAY(arena, use, net->layer_count);
    if (uses == NULL) {
        return cnn_fail_memory(err);
    }
    find_uses(net, uses);
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        cnn_layer *norm = &net->layers[i];
        if (folds(net, norm, uses) && !fold(&net->layers[norm->sources[0]], norm, arena)) {
            return cnn_fail_memory(err);
        }
    }
    add_up(net);
    return true;
}
