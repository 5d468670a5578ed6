/* What each position of a layer sees, where one sees more than the next. */
#ifndef CNN_NET_SIGHT_H
#define CNN_NET_SIGHT_H

#include "ops/op.h"

/*
 * Which of the input's rows (or columns) the positions of a layer see: position q*period + i those
 * from first[i] + q*advance to last[i] + q*advance. Rows before and behind the input count too:
 * they are padding. Behind layers that enlarge a map the period is more than 1.
 */
typedef struct cnn_sight {
    int32_t period;       /* 0: not known, for there are too many, or their numbers do not fit */
    int64_t advance;      /* above 0 */
    const int64_t *first; /* `period` of each; */
    const int64_t *last;  /* less than the first: a position that sees nothing */
} cnn_sight;

enum { CNN_MOST_SIGHTS = 256 };

/* What every position of the input sees: itself. */
extern const cnn_sight cnn_sight_input;

/* What the layer's output sees, when its input sees `in`; not known where the period is above
 * `most`. False: there is no memory. */
bool cnn_sight_step(const cnn_layer *layer, int32_t axis, const cnn_reach *reach,
                    const cnn_sight *in, int32_t most, cnn_arena *arena, cnn_sight *out);

/* The position among the first `side` that sees most, when they are known. */
int32_t cnn_sight_widest(const cnn_sight *sight, int64_t side);

#endif
