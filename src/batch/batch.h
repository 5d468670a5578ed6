/* Rows for many lists: their columns. */
#ifndef CNN_BATCH_BATCH_H
#define CNN_BATCH_BATCH_H

#include "measure/quantity.h"

/* A quantity of the network, or something about the line. */
typedef struct cnn_batch_column {
    const char *name;
    const char *brief;
    bool standard;                /* shown when no columns are named */
    const cnn_quantity *quantity; /* NULL: the line's number, or its error */
    bool error;
} cnn_batch_column;

/* Fills `out` with the next column; *at is 0 at first. False: there is none. */
bool cnn_batch_column_next(size_t *at, cnn_batch_column *out);

#endif
