/* Doubles as text, exactly: what is written reads back as the same number. */
#ifndef CNN_GRADIENT_DOUBLE_H
#define CNN_GRADIENT_DOUBLE_H

#include "base/out.h"
#include "base/text.h"

/* The bytes of the decimal number that `text` begins with, without a sign; 0: none is there. */
size_t cnn_double_see(cnn_text text);

/* The nearest double to the number; false when it is too large (or longer than 400 bytes). */
bool cnn_double_read(cnn_text number, double *out);

/* With the fewest digits that read back as the same number, laid out as printf's %g with at least
 * 15 digits does: 0.0001, 1e-05, 100000000000000, 1e+15. */
void cnn_out_double(cnn_out *out, double value);

#endif
