/* Values as text: name = [1 2; 3 4], one after the other, and back. */
#ifndef CNN_GRADIENT_VALUES_H
#define CNN_GRADIENT_VALUES_H

#include "gradient/chain.h"
#include "gradient/double.h"

/*
 * Reads x, y, W1, b1, ... into point->value. Weights have a row for each unit or filter; x and y
 * are listed channel by channel, row by row, in any arrangement. y may be a class where the loss
 * takes one. Gradients and l, as the output has them, are passed over.
 */
bool cnn_values_read(const cnn_chain *chain, cnn_text text, const cnn_point *point,
                     cnn_arena scratch, cnn_error *err);

/* [1 2; 3 4]: weights have rows, all others are one list. */
void cnn_out_values(cnn_out *out, const double *values, const cnn_value *q);

#endif
