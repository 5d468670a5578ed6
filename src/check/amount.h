/* Numbers as people write them: 14684160, 14,684,160, 14.7M, 57.4 MiB. */
#ifndef CNN_HOMEWORK_AMOUNT_H
#define CNN_HOMEWORK_AMOUNT_H

#include "net/field.h"

/* num/den exactly as written, which may be a fraction (528/65) or negative. What is written with a
 * point or a unit is rounded: `step` is what its last digit stands for, over the same den; 0 for a
 * whole number, which is exact. */
typedef struct cnn_amount {
    int64_t num;
    int64_t den;
    int64_t step;
    int64_t mantissa; /* the digits, without sign, point and unit */
    int32_t decimals; /* digits behind the point */
    int32_t power;    /* of the unit: 1 for K, 2 for M, ...; 0: none */
    bool binary;      /* the unit is a power of 1024 */
} cnn_amount;

/*
 * Reads an amount at the beginning of `text` and moves `text` behind it. Groups of three digits may
 * be separated with "_", "'" or a blank, with `commas` also with a comma. False: there is none (err
 * is left alone), or it does not fit into 64 bits (err says so; `all` is the text the place is in).
 */
bool cnn_amount_read(cnn_text *text, bool commas, cnn_text all, cnn_amount *out, cnn_error *err);

/* Whether the amount says `right`: equal, or rounded or cut to the digits that are written. */
bool cnn_amount_is(const cnn_amount *amount, cnn_fraction right);

/* -1, 0 or 1: the amount taken exactly is below, at or above what is right. */
int32_t cnn_amount_compare(const cnn_amount *amount, cnn_fraction right);

/* The same digits with a unit of the other kind: powers of 1024 for 1000 and the reverse. False:
 * there is no unit. */
bool cnn_amount_rebased(const cnn_amount *amount, cnn_amount *out);

#endif
