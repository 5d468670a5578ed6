/* Rows for many lists: the table of their columns. */
#ifndef CNN_REPORT_BATCH_H
#define CNN_REPORT_BATCH_H

#include "base/out.h"
#include "lang/outline.h"

/* What a row says: a number and a network, an error, or nothing for a blank line. */
typedef struct cnn_batch_row {
    int64_t number;
    cnn_text line;
    const cnn_outline *net; /* NULL: there is none */
    const cnn_error *err;   /* NULL: nothing is wrong */
    int64_t activations;    /* when a column asks for them */
} cnn_batch_row;

typedef struct cnn_batch_column {
    const char *name;
    const char *brief;
    bool standard;    /* shown when no columns are named */
    bool activations; /* the row needs them */
    /* One of these: a number or size of the network, or text. */
    int64_t (*number)(const cnn_batch_row *row);
    const cnn_shape *(*shape)(const cnn_batch_row *row);
    void (*text)(const cnn_batch_row *row, cnn_out *out);
    bool (*has)(const cnn_batch_row *row); /* whether the row has a value for it */
} cnn_batch_column;

extern const cnn_batch_column cnn_batch_columns[];
extern const size_t cnn_batch_column_count;

#endif
