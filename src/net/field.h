/* Receptive fields. */
#ifndef CNN_NET_FIELD_H
#define CNN_NET_FIELD_H

#include "base/error.h"

/* num/den, reduced, den > 0 */
typedef struct cnn_fraction {
    int64_t num;
    int64_t den;
} cnn_fraction;

/*
 * What one position of a layer's output sees of the network's input, along each axis: `size`
 * pixels, `jump` pixels further for the next position, the first one's middle at `start`, where
 * the first pixel's middle is 1/2.
 */
typedef struct cnn_field {
    int64_t size[2];
    cnn_fraction jump[2];
    cnn_fraction start[2];
    bool mixed; /* a join's branches have different jumps */
} cnn_field;

/* The fields of all layers, in the arena; NULL with an error when numbers do not fit. */
const cnn_field *cnn_network_fields(const cnn_network *net, cnn_arena *arena, cnn_error *err);

#endif
