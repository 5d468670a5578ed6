/* What an answer is about: quantity, place and relation, before its values. */
#ifndef CNN_CHECK_CLAIM_HEAD_H
#define CNN_CHECK_CLAIM_HEAD_H

#include "check/reading.h"

/* The text of one --check or --want while it is read. */
typedef struct cnn_claim_head {
    cnn_text whole; /* places are counted from its beginning */
    cnn_text all;   /* without what the program prints around a claim */
    cnn_text values;
    const cnn_numbers *numbers; /* NULL: there is no network, and no place */
    cnn_claims *claims;
    cnn_claim claim;
    bool bare;    /* only a value, without the name of a quantity */
    bool placed;  /* it is about a part of the network */
    int32_t form; /* the error for what is not of the form */
    cnn_error *err;
} cnn_claim_head;

/* A text without what the program prints around a claim: its verdict and what is right. */
cnn_text cnn_claim_without_verdict(cnn_text text);

/* Reads everything before the values of r->all. A bare number is the total of `what`, a bare size
 * the network's output. */
bool cnn_claim_head_read(cnn_claim_head *r, const char *what);

/* What a value without a name is about: the output where it is a size, else `what`. */
const cnn_quantity *cnn_bare_quantity(cnn_text value, const char *what);

/* Where a part is within the whole text. */
cnn_span cnn_claim_span(const cnn_claim_head *r, cnn_text part);

#endif
