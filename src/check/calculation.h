/* Answers written as a calculation: 3*3*3*16 + 16. */
#ifndef CNN_CHECK_CALCULATION_H
#define CNN_CHECK_CALCULATION_H

#include "base/text.h"

/* The value of whole numbers with + - * x / ^ and parentheses, at least one of these among them.
 * False: it is none, or it does not fit into 64 bits. */
bool cnn_expression_value(cnn_text text, int64_t *out);

#endif
