/* A model of Keras applied as a layer: its layers once more, from other tensors. */
#include "paste/flow.h"

/* The tensors of a value: one, or those of a list. NULL: it is something else. */
static const cnn_py *tensors_of(const cnn_py *value, int32_t *count)
{
    const bool list = cnn_py_is_list(value);
    const cnn_py *first = list ? value->items->at : value;
    *count = list ? value->items->count : 1;
    for (int32_t i = 0; i < *count; i++) {
        if (first[i].kind != CNN_PY_TENSOR) {
            return NULL;
        }
    }
    return *count > 0 ? first : NULL;
}

/* What a graph's own inputs are when it is applied to others. */
static bool enter_graph(cnn_paster *p, const cnn_module *graph, const cnn_py *in, int32_t end,
                        const cnn_tensor **made)
{
    int32_t count, entered;
    const cnn_py *to = tensors_of(&graph->inputs, &count), *from = tensors_of(in, &entered);
    if (to == NULL || from == NULL || count != entered) {
        return cnn_not_followed(p, cnn_module_span(graph));
    }
    for (int32_t i = 0; i < count; i++) {
        if (to[i].tensor->layer <= end) {
            made[to[i].tensor->layer] = from[i].tensor;
        }
    }
    return true;
}

/* Adds the layers from a graph's inputs to its output again, to other tensors. */
bool cnn_graph_replay(cnn_paster *p, cnn_module *graph, const cnn_py *in, cnn_tensor **out)
{
    const cnn_layer *layers = graph->layers;
    const int32_t output = graph->outputs.tensor->layer;
    /* The last layer that one of the outputs needs. */
    int32_t end = output;
    for (int32_t i = 0; graph->ends != NULL && i < graph->ends->count; i++) {
        const cnn_py *one = &graph->ends->at[i];
        end = one->kind == CNN_PY_TENSOR && one->tensor->layer > end ? one->tensor->layer : end;
    }
    bool *needed = cnn_paste_take(p, (size_t)end + 1, sizeof *needed);
    const cnn_tensor **made = cnn_paste_take(p, (size_t)end + 1, sizeof(const cnn_tensor *));
    if (needed == NULL || made == NULL) {
        return false;
    }
    if (!enter_graph(p, graph, in, end, made)) {
        return false;
    }
    needed[output] = true;
    for (int32_t i = 0; graph->ends != NULL && i < graph->ends->count; i++) {
        if (graph->ends->at[i].kind == CNN_PY_TENSOR) {
            needed[graph->ends->at[i].tensor->layer] = true;
        }
    }
    /* Back from the outputs; a layer that has its tensor, as the graph's inputs do, needs
     * nothing. */
    for (int32_t i = end; i > 0; i--) {
        for (int32_t k = 0; needed[i] && made[i] == NULL && k < layers[i].source_count; k++) {
            needed[layers[i].sources[k]] = true;
        }
    }
    for (int32_t i = 0; i <= end; i++) {
        const cnn_layer *layer = &layers[i];
        cnn_spec spec = {.op = layer->op,
                         .attrs = *layer->attrs,
                         .source_count = layer->source_count,
                         .module = graph,
                         .aux = layer->aux,
                         .complete = true,
                         .span = layer->span};
        const int32_t owner = layer->weights_of;
        if (!needed[i] || made[i] != NULL) {
            continue;
        }
        if (layer->source_count == 0) { /* an input that is not among the graph's */
            return cnn_not_followed(p, layer->span);
        }
        const cnn_tensor **sources =
            cnn_paste_take(p, (size_t)layer->source_count, sizeof(const cnn_tensor *));
        bool reached = sources != NULL && cnn_paste_step(p, layer->source_count);
        for (int32_t k = 0; reached && k < layer->source_count; k++) {
            sources[k] = made[layer->sources[k]];
            reached = sources[k] != NULL;
        }
        if (!reached) {
            return cnn_not_followed(p, layer->span);
        }
        spec.sources = sources;
        /* On the first use, layers that share weights inside the graph share them again. On later
         * ones the graph, as their module, gives all weights. */
        if (graph->uses == 0 && owner > 0 && made[owner] != NULL) {
            spec.weights_of = made[owner]->layer;
        }
        graph->name = layer->path != NULL ? layer->path->name : (cnn_text){0};
        if (!cnn_flow_add(p, &spec, out)) {
            return false;
        }
        (*out)->first = graph->outputs.tensor->first;
        made[i] = *out;
    }
    *out = (cnn_tensor *)made[output];
    return *out != NULL || cnn_not_followed(p, (cnn_span){0, 0});
}
