/* Shapes as text: 64x224x224 for a map, 4096 for a vector. */
#ifndef CNN_BASE_SHAPE_TEXT_H
#define CNN_BASE_SHAPE_TEXT_H

#include "base/out.h"

void cnn_out_shape(cnn_out *out, const cnn_shape *shape);

/* As a list of JSON: [64,224,224]. */
void cnn_out_json_shape(cnn_out *out, const cnn_shape *shape);

/* One number when all are equal, otherwise joined with "x". */
void cnn_out_sides(cnn_out *out, const int64_t *side, int32_t count);

/* "input 3x224x224", "input right vector 7": a line of a list. */
void cnn_out_input(cnn_out *out, cnn_text label, const cnn_shape *shape);

#endif
