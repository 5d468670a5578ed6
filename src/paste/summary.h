/* The rows of a summary that a framework prints. */
#ifndef CNN_PASTE_SUMMARY_H
#define CNN_PASTE_SUMMARY_H

#include "paste/flow.h"

/* Which cells of a row, after its name, hold what is compared. */
typedef struct cnn_summary_columns {
    int32_t output, params;
} cnn_summary_columns;

typedef struct cnn_summary_row {
    cnn_text name;
    cnn_shape shape;
    int64_t params;
    bool keras;
} cnn_summary_row;

/* Digits with commas between; *at moves on. False: there is no number. */
bool cnn_summary_number(cnn_text text, size_t *at, int64_t *out);

/* Reads a line; the titles give the columns of the rows after them. True: it is a layer's row.
 * `next`: the text after the line. */
bool cnn_summary_line(cnn_text line, cnn_text next, cnn_summary_columns *where,
                      cnn_summary_row *out);

/* A model of Keras within another one; `next`: the text after the row. */
bool cnn_summary_is_model(const cnn_summary_row *row, cnn_text next);

#endif
