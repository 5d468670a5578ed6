/* A sheet of answers while it is read. */
#ifndef CNN_CHECK_SHEET_H
#define CNN_CHECK_SHEET_H

#include "check/heading.h"
#include "check/reading.h"

typedef struct cnn_sheet {
    cnn_text all;
    cnn_text rows; /* what follows the heading */
    const cnn_numbers *numbers;
    cnn_claims *claims;
    cnn_layer_names *names;
    int32_t *row_begins; /* by index: the first layer of the report's row; NULL: rows are layers */
    int32_t row_count;
    cnn_heading heading;
    cnn_figures figures;
    int32_t first_line; /* of the rows, from 1 */
    bool by_layer;      /* indices count layers, not items */
    int32_t last;       /* the layer that the row before ended with */
    bool totalled;      /* a row without a name was the total */
    int64_t steps;      /* names that may still be compared: a bound for sheets in no order */
    cnn_error *err;
} cnn_sheet;

cnn_span cnn_sheet_span(const cnn_sheet *s, cnn_text part);

/* The next line that is neither empty nor a comment nor a rule; `number` counts all. */
bool cnn_sheet_line(cnn_text *rest, cnn_text *line, int32_t *number);

/* Whether a line or a cell is only a rule: |---|---| */
bool cnn_sheet_rule(cnn_text line);

/* Whether a line looks like a claim: it has a relation or a colon. */
bool cnn_sheet_claim(cnn_text line);

/* Adds what is not understood, with its error. False: out of memory. */
bool cnn_sheet_unread(cnn_sheet *s, int32_t line, const cnn_error *error);

/* sheet_row.c: prepares finding rows, with `all` as layers. False: out of memory. */
bool cnn_sheet_list_rows(cnn_sheet *s, bool all);

/* Reads one row: adds its claims, or what is not understood. False: out of memory. */
bool cnn_sheet_read_row(cnn_sheet *s, cnn_text line, int32_t number);

#endif
