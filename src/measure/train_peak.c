/*
 * The most that a backward pass holds at once: what is still kept, and the gradients of values.
 * The layers are worked through from the last to the first, as autograd does. What a layer is the
 * first to keep goes once its gradients are made; the gradient of a value lives from its last
 * reader to its maker. A convolution's workspace is the backend's business and not counted, so this
 * is a lower bound.
 */
#include "base/arena.h"
#include "base/checked.h"
#include "measure/training.h"
#include "net/network.h"
#include "ops/op.h"

typedef struct gradients {
    const cnn_network *net;
    const cnn_kept_value *values;
    int32_t *of; /* a value's gradient: the storage that it lies in, named by a value; -1: none */
    int32_t *users; /* of a storage: gradients that lie in it */
    int64_t alive;  /* values of all storages that are in use */
} gradients;

/* Whether the gradient of what enters is a view of the gradient of what comes out. The gradient of
 * a part, or of what is cut out, has to be filled up with zeros. */
static bool passes_view(const cnn_layer *layer)
{
    const bool join = layer->op->form == CNN_FORM_JOIN;
    return join ? (layer->op->keeps & CNN_KEEPS_OPERANDS) == 0
                : cnn_op_is_view(layer->op) && layer->op != &cnn_op_part;
}

/* The storage is named by the value whose gradient is the first to lie in it. */
static void use(gradients *g, int32_t value, int32_t storage)
{
    if (g->users[storage]++ == 0) {
        g->alive += cnn_shape_values(&g->net->layers[storage].out);
    }
    g->of[value] = storage;
}

static void drop(gradients *g, int32_t value)
{
    const int32_t storage = g->of[value];
    g->of[value] = -1;
    if (storage >= 0 && --g->users[storage] == 0) {
        g->alive -= cnn_shape_values(&g->net->layers[storage].out);
    }
}

/* One more contribution to the gradient of `source`. The first one is it; others are added in
 * place, or into a new storage where another gradient uses the first one. Returns the values
 * that are needed until they are added. */
static int64_t contribute(gradients *g, const cnn_layer *layer, int32_t source)
{
    const bool view = passes_view(layer);
    if (g->of[source] < 0) {
        use(g, source, view ? g->of[layer->index] : source);
        return 0;
    }
    if (g->users[g->of[source]] > 1) {
        drop(g, source);
        use(g, source, source);
    }
    return view ? 0 : cnn_shape_values(&g->net->layers[source].out);
}

/* All gradients together have to fit into 64 bits; so does what is alive of them. */
static bool all_fit(const cnn_network *net)
{
    int64_t all = 0;
    bool fits = true;
    for (int32_t i = 0; fits && i < net->layer_count; i++) {
        fits = cnn_checked_add(all, cnn_shape_values(&net->layers[i].out), &all) &&
               cnn_checked_add(all, cnn_shape_values(&net->layers[i].out),
                               &all); /* and what is being added */
    }
    return fits;
}

/* The gradients that layer `i` makes. Returns the most values alive while it does. */
static int64_t step_back(gradients *g, const cnn_layer *layer)
{
    int64_t most = g->alive;
    for (int32_t k = 0; k < cnn_sources_read(layer); k++) {
        const int32_t source = layer->sources[k];
        if (g->values[source].wants) {
            const int64_t more = contribute(g, layer, source);
            most = g->alive + more > most ? g->alive + more : most;
        }
    }
    return most;
}

/* What the part of layer `last` keeps beside what enters it, once it is computed again. */
static bool compute_again(const cnn_network *net, const cnn_kept_value *again,
                          const cnn_kept_form *form, int32_t last, int64_t *kept)
{
    bool fits = true;
    for (int32_t i = last; fits && again[i].part == again[last].part; i--) {
        int64_t own, entered = 0;
        fits = cnn_layer_kept(net, &net->layers[i], again, form, NULL, &own) &&
               cnn_layer_entered(&again[i], form, &entered) &&
               cnn_checked_add(*kept, own - entered, kept);
    }
    return fits;
}

bool cnn_network_train_peak(const cnn_network *net, const cnn_kept_value *values,
                            const int32_t *parts, const cnn_kept_form *form, int64_t kept,
                            cnn_arena scratch, int64_t *out)
{
    gradients g = {.net = net, .values = values};
    cnn_training_sums ignored;
    const cnn_kept_value *again =
        parts != NULL ? cnn_network_kept(net, parts, form->samples, true, &scratch, &ignored)
                      : values;
    g.of = CNN_NEW_ARRAY(&scratch, int32_t, net->layer_count);
    g.users = CNN_NEW_ARRAY(&scratch, int32_t, net->layer_count);
    *out = kept;
    if (again == NULL || g.of == NULL || g.users == NULL) {
        return false;
    }
    if (kept < 0 || !all_fit(net)) {
        *out = -1;
        return true;
    }
    for (int32_t i = 0; i < net->layer_count; i++) {
        g.of[i] = -1;
        g.users[i] = 0;
    }
    if (values[net->output].wants) {
        use(&g, net->output, net->output);
    }
    for (int32_t i = net->layer_count - 1; *out >= 0 && i >= net->input_count; i--) {
        const cnn_layer *layer = &net->layers[i];
        const bool inside = values[i].part > 0;
        int64_t bytes = 0, own;
        if (inside && (i + 1 == net->layer_count || values[i + 1].part != values[i].part) &&
            !compute_again(net, again, form, i, &kept)) {
            *out = -1;
            return true;
        }
        if (g.of[i] >= 0) {
            const int64_t most = step_back(&g, layer);
            const bool fits = cnn_checked_mul(most, form->samples, &bytes) &&
                              cnn_checked_mul(bytes, form->value_bytes, &bytes) &&
                              cnn_checked_add(bytes, kept, &bytes);
            *out = fits ? (bytes > *out ? bytes : *out) : -1;
        }
        drop(&g, i);
        /* the sums fitted before */
        (void)cnn_layer_kept(net, layer, inside ? again : values, form, NULL, &own);
        kept -= own;
    }
    return true;
}
