/* Layers that are alike: same kind, same numbers, same shapes that enter. A hash table of indices.
 */
#include "base/arena.h"
#include "base/eight.h"
#include "explain/explain.h"
#include "ops/op.h"

bool cnn_shapes_equal(const cnn_shape *a, const cnn_shape *b)
{
    bool equal = a->channels == b->channels && a->axes == b->axes;
    for (int32_t i = 0; i < a->axes; i++) {
        equal = equal && a->side[i] == b->side[i];
    }
    return equal;
}

/* What follows from the place of a layer among the others. */
static bool placed_alike(const cnn_numbers *numbers, const cnn_layer *a, const cnn_layer *b)
{
    if (numbers->memory != NULL &&
        numbers->memory->adds[a->index] != numbers->memory->adds[b->index]) {
        return false;
    }
    return numbers->kept == NULL || cnn_layers_kept_alike(numbers->kept, a, b);
}

static bool alike(const cnn_layer *layers, const cnn_layer *a, const cnn_layer *b)
{
    bool same = a->op == b->op && a->aux == b->aux && a->attrs->given == b->attrs->given &&
                a->source_count == b->source_count;
    for (int32_t attr = 0; attr < CNN_NUMBERS; attr++) {
        const bool one =
            cnn_use_of(a->op, (cnn_attr)attr)->numbers == 1; /* of a part: not which one */
        for (int32_t axis = 0; axis < (one ? 1 : CNN_AXES); axis++) {
            same = same && a->attrs->value[attr][axis] == b->attrs->value[attr][axis];
        }
    }
    for (int32_t i = 0; same && i < a->source_count; i++) {
        same = cnn_shapes_equal(&layers[a->sources[i]].out, &layers[b->sources[i]].out);
    }
    return same;
}

/* Like ones must have like hashes; what is left out here costs a comparison now and then. */
static uint64_t hash(const cnn_layer *layer)
{
    uint64_t h = cnn_text_hash(cnn_text_of(layer->op->name)) + layer->attrs->given;
    const int64_t numbers[] = {layer->in.channels,
                               layer->in.side[0],
                               layer->in.side[1],
                               layer->in.side[2],
                               layer->out.channels,
                               layer->out.side[0],
                               layer->attrs->value[CNN_SIZE][0]};
    for (size_t i = 0; i < CNN_LENGTH(numbers); i++) {
        h = (h ^ (uint64_t)numbers[i]) * CNN_GOLDEN;
        h ^= h >> 29;
    }
    return h;
}

bool cnn_twins_begin(cnn_twins *twins, const cnn_network *net, cnn_arena *arena)
{
    uint64_t size = 2;
    while (size < 2 * (uint64_t)net->layer_count) {
        size *= 2;
    }
    twins->mask = size - 1;
    twins->slots = CNN_NEW_ARRAY(arena, int32_t, size);
    return twins->slots != NULL;
}

int32_t cnn_twins_find(cnn_twins *twins, const cnn_numbers *numbers, int32_t index)
{
    const cnn_network *net = numbers->net;
    const cnn_layer *layer = &net->layers[index];
    uint64_t at = hash(layer) & twins->mask;
    while (twins->slots[at] != 0) { /* layer 0, the input, is never put in */
        const cnn_layer *other = &net->layers[twins->slots[at]];
        if (alike(net->layers, other, layer) && placed_alike(numbers, other, layer)) {
            return twins->slots[at];
        }
        at = (at + 1) & twins->mask;
    }
    twins->slots[at] = index;
    return index;
}
