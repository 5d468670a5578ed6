/* The derivation: one line for every value of the forward pass and every derivative. */
#ifndef CNN_GRADIENT_DERIVE_H
#define CNN_GRADIENT_DERIVE_H

#include "base/out.h"
#include "gradient/chain.h"

/* A line gives the formula of a quantity, or of the loss's derivative by it. */
typedef struct cnn_line {
    const cnn_value *what;
    bool slope;        /* dl/d(what) */
    const char *first; /* the formula's template, in two parts */
    const char *second;
    const cnn_link *step; /* that the templates speak of; NULL: the loss */
} cnn_line;

/* The lines of the forward pass, then those of the backward pass; each in order of computation.
 * Counted from 0; false: there is none. */
bool cnn_derive_forward(const cnn_chain *chain, int32_t index, cnn_line *line);
bool cnn_derive_backward(const cnn_chain *chain, int32_t index, cnn_line *line);

/* The line that gives `what`; false: it is given. */
bool cnn_derive_find(const cnn_chain *chain, const cnn_value *what, bool slope, cnn_line *line);

/* How names and signs of a formula are written. */
typedef struct cnn_notation {
    void (*name)(cnn_out *out, const cnn_value *q, bool slope);
    const char *sum, *largest, *times; /* of index sums */
} cnn_notation;

extern const cnn_notation cnn_notation_text;
extern const cnn_notation cnn_notation_latex;

void cnn_out_line(cnn_out *out, const cnn_chain *chain, const cnn_line *line,
                  const cnn_notation *notation);

/* Whether the formula is that of the line, but for blanks. */
bool cnn_line_is(const cnn_chain *chain, const cnn_line *line, cnn_text formula);

/* 4, 2x4, 6x5x5; of convolution weights all four sides. with `separator` between them. */
void cnn_out_dims(cnn_out *out, const cnn_chain *chain, const cnn_value *q, const char *separator);

#endif
