/* Receptive fields. */
#ifndef CNN_NET_FIELD_H
#define CNN_NET_FIELD_H

#include "base/error.h"
#include "base/trace.h"
#include "net/sight.h"

/* num/den, reduced, den > 0 */
typedef struct cnn_fraction {
    int64_t num;
    int64_t den;
} cnn_fraction;

/*
 * What one position of a layer's output sees of the network's input, along each axis: `size`
 * pixels, `jump` pixels further for the next position, the first one's middle at `start`, where
 * the first pixel's middle is 1/2. Behind layers that enlarge a map, positions differ in what they
 * see: `size` is that of the one that sees most, jump and start are means.
 */
typedef struct cnn_field {
    int64_t size[2];
    cnn_fraction jump[2];
    cnn_fraction start[2];
    cnn_sight sight[2];
    bool mixed; /* a join's branches have different jumps */
} cnn_field;

/* How the field of a layer's output, fields[index], follows from those of the layers before it. */
void cnn_layer_field_tell(const cnn_network *net, int32_t index, const cnn_field *fields,
                          const cnn_trace *trace);

/* The fields of all layers, in the arena; NULL with an error when numbers do not fit. */
const cnn_field *cnn_network_fields(const cnn_network *net, cnn_arena *arena, cnn_error *err);

#endif
