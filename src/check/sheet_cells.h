/* Lines of a sheet as cells: tabs, semicolons, commas, bars or blanks between them. */
#ifndef CNN_CHECK_SHEET_CELLS_H
#define CNN_CHECK_SHEET_CELLS_H

#include "base/text.h"

enum { CNN_MOST_CELLS = 64 };

typedef struct cnn_cells {
    char separator;   /* ' ': columns of aligned text */
    bool wide;        /* of aligned text: two blanks or more are between cells */
    int32_t count;    /* cells of the heading */
    int32_t flexible; /* the cell that may have blanks in it where these separate; -1: none */
    struct {
        int32_t begin, end; /* in characters */
    } at[CNN_MOST_CELLS];   /* of the heading's cells, when they are aligned */
} cnn_cells;

/* Finds out from its heading how a sheet separates cells, and splits it. False: there are more than
 * CNN_MOST_CELLS. */
bool cnn_cells_open(cnn_cells *cells, cnn_text heading, cnn_text *out);

/*
 * Splits a line into as many cells as the heading has, blanks and quotes around taken away. The
 * number of cells, which is larger than the heading's when some are left over.
 */
int32_t cnn_cells_split(const cnn_cells *cells, cnn_text line, cnn_text *out);

#endif
