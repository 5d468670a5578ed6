/* The headings of a sheet: which column has which quantity, and in which unit. */
#ifndef CNN_CHECK_HEADING_H
#define CNN_CHECK_HEADING_H

#include "check/claim.h"
#include "check/sheet_cells.h"

typedef struct cnn_sheet_column {
    const cnn_quantity *what; /* NULL: it is not checked */
    bool share;               /* percent of the whole */
    int32_t power;            /* of the unit in the heading, "params (M)"; 0: none */
    bool binary;
} cnn_sheet_column;

typedef struct cnn_heading {
    cnn_cells cells;
    cnn_sheet_column column[CNN_MOST_CELLS];
    int32_t index, layer; /* the columns that name the row; -1: none */
    bool unknown;         /* a column names nothing that is known */
} cnn_heading;

/* Reads the first line. False: it names no quantity, or no rows; or with an error in `err` that is
 * more than that. */
bool cnn_heading_read(cnn_heading *heading, cnn_text line, cnn_text all, cnn_error *err);

/* A quantity by any of the names that people write: "Output Shape", "# parameters", "params%". */
const cnn_quantity *cnn_quantity_written(cnn_text name, bool *share);

#endif
