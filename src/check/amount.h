/* Numbers as people write them: 14684160, 14,684,160, 14.7M, 57.4 MiB, 138 million, ~17k. */
#ifndef CNN_CHECK_AMOUNT_H
#define CNN_CHECK_AMOUNT_H

#include "measure/quantity.h"

/* What commas and points are. Groups of three may always be separated with "_", "'" or a blank. */
typedef enum cnn_figures {
    CNN_FIGURES_BARE,   /* a comma ends the number, a point is decimal */
    CNN_FIGURES_JOINED, /* the same, and of a size commas join the numbers */
    CNN_FIGURES_COMMAS, /* a comma between groups of three */
    CNN_FIGURES_GERMAN  /* a point does, and the comma is decimal */
} cnn_figures;

/* num/den exactly as written, which may be a fraction (528/65) or negative. What is written with a
 * point, a unit or a power of ten is rounded: `step` is the place value of its last digit, over the
 * same den; 0 for a whole number, which is exact. Of 16900+-100 the step is 200. */
typedef struct cnn_amount {
    int64_t num;
    int64_t den;
    int64_t step;
    int64_t mantissa; /* the digits, without sign, point and unit */
    int32_t decimals; /* digits after the point */
    int32_t exponent; /* of ten */
    int32_t power;    /* of the unit: 1 for K, 2 for M, ...; 0: none */
    bool binary;      /* the unit is a power of 1024 */
    bool spread;      /* it has a tolerance */
    bool percent;
    const cnn_quantity *of; /* what the word after it names: 4.1 GFLOPs; NULL: none */
} cnn_amount;

/*
 * Reads an amount at the beginning of `text` and moves `text` past it. False: there is none (err is
 * left alone), or it does not fit into 64 bits (see err; `all` is the text the place is in).
 */
bool cnn_amount_read(cnn_text *text, cnn_figures figures, cnn_text all, cnn_amount *out,
                     cnn_error *err);

/* Whether the amount is `right`: equal, or rounded or cut to the digits that are written. */
bool cnn_amount_is(const cnn_amount *amount, cnn_fraction right);

/* How many digits a rounded amount gives; more than can be for one that is not rounded. */
int32_t cnn_amount_digits(const cnn_amount *amount);

/* -1, 0 or 1: the amount taken exactly is below, at or above what is right. */
int32_t cnn_amount_compare(const cnn_amount *amount, cnn_fraction right);

/* The same digits with a unit of the other kind: powers of 1024 for 1000 and the reverse. False:
 * there is no unit. */
bool cnn_amount_rebased(const cnn_amount *amount, cnn_amount *out);

#endif
