/* Claims in numbers: l = 0.597, a1 = [0.59 0.61], dW1 = [[1, 2], [3, 4]]. */
#ifndef CNN_GRADIENT_WRITTEN_H
#define CNN_GRADIENT_WRITTEN_H

#include "gradient/gradient_claim.h"

/* A number as it is written. */
typedef struct cnn_written_number {
    double value;
    double unit;    /* of its last digit */
    int32_t digits; /* that count: without zeros before them */
    bool fine;      /* it has decimals or an exponent */
} cnn_written_number;

typedef struct cnn_written {
    cnn_written_number *v;
    int64_t count, rows, columns; /* rows and columns are 0 where the rows are not alike */
    bool bracket;                 /* it is a list */
    bool deep;                    /* more brackets than a matrix has */
} cnn_written;

/* A number and how it is written. */
cnn_written_number cnn_written_number_of(cnn_text number, double value);

/* Whether the text is a number alone, or begins as a list of numbers does. */
bool cnn_written_see(cnn_text text);

/* NULL with an error: something else is in the brackets, or a number is too large. */
const cnn_written *cnn_written_read(const cnn_term_source *source, cnn_span span);

/* Judges a claim in numbers at the first point, which has the caller's values. */
void cnn_written_judge(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim);

/* Whether the numbers could be those of what the claim is about at some values: they have its size,
 * and dl/dl is 1 at all. */
bool cnn_written_fit(const cnn_gradient_claim *claim);

/* The error that there are no such values. */
bool cnn_written_fail(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim);

/* The value of an expression as a claim in numbers, as exact as the numbers in it; NULL: out of
 * memory. */
const cnn_written *cnn_written_of(cnn_gradient_sheet *sheet, const cnn_term *term, double value);

#endif
