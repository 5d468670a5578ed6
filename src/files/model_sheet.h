/* Rows and columns of a model, for all its writers. */
#ifndef CNN_FILES_MODEL_SHEET_H
#define CNN_FILES_MODEL_SHEET_H

#include "base/format.h"
#include "files/model.h"

typedef struct cnn_sheet {
    const cnn_model *model;
    const cnn_format *format;
    bool all;
    int32_t width; /* that the table has to fit; 0: any */
    cnn_out *out;
} cnn_sheet;

/* One of `text`, `dims` and `number`. */
typedef struct cnn_model_column {
    const char *name, *title; /* title NULL: not in the table */
    cnn_text (*text)(const cnn_call *c);
    const cnn_sizes *(*dims)(const cnn_call *c);
    int64_t (*number)(const cnn_call *c); /* CNN_SOME: unknown */
    int64_t (*total)(const cnn_model *m);
} cnn_model_column;

enum { CNN_MODEL_COLUMNS = 10 };

extern const cnn_model_column cnn_model_columns[CNN_MODEL_COLUMNS];

/* A name with '?' for what would disturb; JSON escapes control characters by itself. */
void cnn_sheet_put_name(cnn_out *out, cnn_text name);
void cnn_sheet_put_dims(cnn_out *out, const cnn_sizes *dims);

/* The next call that has a row, counted from 1; NULL: there is none. */
const cnn_call *cnn_sheet_next_row(const cnn_sheet *s, int32_t *at, int32_t *number);

/* A cell of a row, or with c NULL of the total. */
void cnn_sheet_put_cell(const cnn_sheet *s, const cnn_model_column *column, const cnn_call *c,
                        bool grouped, cnn_out *out);

/* The sizes of a node's first output. */
const cnn_sizes *cnn_sheet_output_of(const cnn_call *c);

void cnn_sheet_write_table(cnn_sheet *s);
void cnn_sheet_write_json(cnn_sheet *s);

#endif
