/*
 * A value dominates another when every way to it from the inputs leads through it. Of a layer with
 * one source the nearest dominator is that source; of a join it is the nearest common one of its
 * sources, where the branches of the join begin. Cooper, Harvey, Kennedy 2001, A Simple, Fast
 * Dominance Algorithm; without cycles one pass is enough.
 */
#include "net/dominators.h"

enum {
    LONGEST = 256,       /* layers on a way whose joins are counted */
    MOST_STEPS = 1 << 28 /* from a value to its dominator */
};

/* The inputs have nothing above them but a common root. */
static cnn_node above(const cnn_dominated *values, cnn_node v)
{
    return v == CNN_ROOT ? CNN_ROOT : values[v].by;
}

/* The nearest value that dominates both. Dominators have smaller indices. */
static cnn_node common(const cnn_dominated *values, cnn_node a, cnn_node b, int64_t *steps)
{
    while (a != b) {
        ++*steps;
        if (a > b) {
            a = above(values, a);
        } else {
            b = above(values, b);
        }
    }
    return a;
}

/* Joins inside one another on the way from `from` down to `v`; CNN_NESTED or more where that is
 * long. */
static int32_t joins_between(const cnn_dominated *values, cnn_node from, cnn_node v)
{
    int32_t most = 0, steps = 0;
    for (; v != from && most < CNN_NESTED; v = above(values, v)) {
        most = values[v].joins > most ? values[v].joins : most;
        most = ++steps > LONGEST ? CNN_NESTED : most;
    }
    return most;
}

/* What dominates a value, and how many joins are inside one another at it. */
static void dominate(const cnn_layer *layer, cnn_dominated *values, cnn_dominated *own,
                     int64_t *steps)
{
    *own = (cnn_dominated){layer->source_count > 0 ? layer->sources[0] : CNN_ROOT, 0};
    for (int32_t i = 1; i < layer->source_count; i++) {
        own->by = common(values, own->by, layer->sources[i], steps);
    }
    for (int32_t i = 0; i < layer->source_count && layer->source_count > 1; i++) {
        const int32_t inside = joins_between(values, own->by, layer->sources[i]);
        own->joins = inside + 1 > own->joins ? inside + 1 : own->joins;
    }
}

bool cnn_find_dominators(const cnn_network *net, cnn_dominated *values)
{
    int64_t steps = 0;
    for (cnn_node v = 0; v < net->layer_count && steps <= MOST_STEPS; v++) {
        dominate(&net->layers[v], values, &values[v], &steps);
    }
    return steps <= MOST_STEPS;
}
