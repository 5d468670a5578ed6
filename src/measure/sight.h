/* What each position of a layer sees of the network's input, along one axis. */
#ifndef CNN_NET_SIGHT_H
#define CNN_NET_SIGHT_H

#include "ops/op.h"

/* Rows (or columns) from first to last; none when last < first. */
typedef struct cnn_rows {
    int64_t first;
    int64_t last;
} cnn_rows;

/*
 * What the positions of a layer see of the input's rows; those before and after the input count
 * too, because they are padding. In a chain of windows each position sees `advance` rows more to
 * the right than the one before, and after global pooling all see the same. After layers that
 * enlarge a map, and after some joins, positions differ; there they are listed, as far as the
 * layers that follow look.
 */
typedef struct cnn_sight {
    cnn_rows start;         /* what position 0 sees, and each other one `advance` further; */
    int64_t advance;        /* not negative */
    const cnn_rows *listed; /* or else what the positions of `range` see */
    cnn_rows range;
} cnn_sight;

/* Memory for sights, and how much of it and of time they may still take. */
typedef struct cnn_sights {
    cnn_arena *arena;
    int64_t room;  /* for sights and rows */
    int64_t looks; /* at rows */
    bool full;     /* the arena is */
} cnn_sights;

/* Every position of the input sees itself. */
extern const cnn_sight cnn_sight_input;

/* The positions of the input that a layer uses for `range` of its output. False: they are too far
 * out, or too many, to be followed. */
bool cnn_sight_uses(const cnn_layer *layer, int32_t axis, const cnn_reach *reach, cnn_rows range,
                    cnn_sights *to, cnn_rows *used);

/* What `range` of the layer's output sees when its input sees `in`; an empty range: it cannot be
 * listed. NULL: that takes too much, the numbers are too large, or the arena is full. */
const cnn_sight *cnn_sight_step(const cnn_layer *layer, int32_t axis, const cnn_reach *reach,
                                const cnn_sight *in, cnn_rows range, cnn_sights *to);

/* The sight of positions that all use position 0 of `in`; NULL as above. */
const cnn_sight *cnn_sight_stretch(const cnn_sight *in, cnn_sights *to);

/* What `range` of a join sees: the hull of what its branches see. NULL as above. */
const cnn_sight *cnn_sight_join(const cnn_sight *const *branches, int32_t count, cnn_rows range,
                                cnn_sights *to);

/* What position `at` sees, which is within the range. */
cnn_rows cnn_sight_at(const cnn_sight *sight, int64_t at);

/* The first of the positions 0..side - 1 that sees most. */
int64_t cnn_sight_widest(const cnn_sight *sight, int64_t side);

/* The first of them that sees anything; 0 when none does. */
int64_t cnn_sight_first(const cnn_sight *sight, int64_t side);

#endif
