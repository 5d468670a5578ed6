/* Claims in numbers: l = 0.597, a1 = [0.59 0.61], dW1 = [[1, 2], [3, 4]]. */
#ifndef CNN_GRADIENT_NUMBERS_H
#define CNN_GRADIENT_NUMBERS_H

#include "gradient/assertion.h"

/* A number as it is written. */
typedef struct cnn_written {
    double value;
    double unit;    /* of its last digit */
    int32_t digits; /* that count: without zeros before them */
    bool fine;      /* it has decimals or an exponent */
} cnn_written;

typedef struct cnn_numbers {
    cnn_written *v;
    int64_t count, rows, columns; /* rows and columns are 0 where the rows are not alike */
    bool bracket;                 /* it is a list */
    bool deep;                    /* more brackets than a matrix has */
} cnn_numbers;

/* Whether the text is a number alone, or begins as a list of numbers does. */
bool cnn_numbers_see(cnn_text text);

/* NULL with an error: something else stands in the brackets, or a number is too large. */
const cnn_numbers *cnn_numbers_read(const cnn_term_source *source, cnn_span span);

/* Judges a claim in numbers at the first point, which has the caller's values. */
void cnn_numbers_judge(cnn_assertions *sheet, cnn_assertion *claim);

/* Whether the numbers could be those of what the claim is about at some values: they have its size,
 * and dl/dl is 1 at all. */
bool cnn_numbers_fit(const cnn_assertion *claim);

/* The error that there are no such values. */
bool cnn_numbers_fail(cnn_assertions *sheet, const cnn_assertion *claim);

/* The value of an expression as a claim in numbers, as exact as the numbers in it; NULL: out of
 * memory. */
const cnn_numbers *cnn_numbers_of(cnn_assertions *sheet, const cnn_term *term, double value);

#endif
