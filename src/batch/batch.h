/* Rows for many lists: what a batch is, and its columns. */
#ifndef CNN_BATCH_BATCH_H
#define CNN_BATCH_BATCH_H

#include "base/format.h"
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

enum { CNN_BATCH_COLUMNS = 64 };

/* Whether a quantity is read off sums and sizes; NULL is none. */
static inline bool cnn_batch_cheap(const cnn_quantity *what)
{
    return what == NULL || what->total != NULL || what->size != NULL;
}

/* What depends on the options only, once for all rows. */
struct cnn_batch {
    cnn_settings settings;
    cnn_shape standard; /* the input of lists that give none */
    const cnn_format *format;
    cnn_batch_column columns[CNN_BATCH_COLUMNS];
    cnn_text keys[CNN_BATCH_COLUMNS]; /* of the columns in JSON: ,"params": */
    int32_t column_count;
    bool layers;    /* a column needs the layers, not only sums and sizes, */
    bool keeping;   /* or what is seen of them, layer by layer */
    uint32_t needs; /* of these columns, see measure/quantity.h */
    bool fold;
    cnn_numbers numbers; /* data type and samples */
    cnn_text (*network)(void *user, cnn_text name);
    void *user;
};

#endif
