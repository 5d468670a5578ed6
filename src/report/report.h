/* Rows, columns and formats: what every report is made of. */
#ifndef CNN_REPORT_REPORT_H
#define CNN_REPORT_REPORT_H

#include "base/format.h"
#include "base/json.h"
#include "measure/quantity.h"

/* ---- cells ---- */

typedef enum cnn_cell_kind {
    CNN_CELL_EMPTY,
    CNN_CELL_TEXT,
    CNN_CELL_INT,
    CNN_CELL_SHAPE,
    CNN_CELL_FRACTION, /* one, or one for each axis, joined with "x" */
    CNN_CELL_BOOL,
    CNN_CELL_SPAN
} cnn_cell_kind;

typedef struct cnn_cell {
    cnn_cell_kind kind;
    int64_t number;
    cnn_shape shape;
    cnn_fraction fraction[CNN_AXES];
    int32_t count; /* fractions; 1 where all of these axes have the same: */
    int32_t axes;
    cnn_span span;
} cnn_cell;

/* ---- rows ---- */

/* A layer, an item that adds several up, or a total. */
typedef struct cnn_row {
    const char *title;      /* of a total; otherwise NULL */
    const cnn_layer *layer; /* the row's only layer; NULL: the row adds several up */
    const cnn_item *item;   /* with a label or several layers */
    int32_t number;         /* counted from 1; 0: the input */
    int32_t first, end;     /* its layers */
    const cnn_layer *last;  /* whose output is the row's */
    bool aux;
    bool without_aux;           /* a total of all but the auxiliary heads */
    const cnn_numbers *numbers; /* of its network, where each row is one; NULL: the report's */
} cnn_row;

/* ---- columns ---- */

enum { CNN_MAX_COLUMNS = 64 };

typedef struct cnn_report cnn_report;
typedef struct cnn_table cnn_table;

/* A quantity of the row's layers, its share of the whole, or something about the row itself. */
typedef struct cnn_column {
    const char *name;
    const char *title; /* in tables */
    const char *brief;
    cnn_cell_kind kind;
    uint32_t shown;               /* when no columns are named: CNN_IN_TABLE, CNN_IN_JSON */
    bool with_all;                /* and when every layer has a row, if some layer has a path */
    const cnn_quantity *quantity; /* NULL: something about the row itself, by `get` or `put` */
    bool share;                   /* percent of the quantity's total */
    bool ratio;                   /* times that of the first network, which is `total` */
    int64_t total;                /* of the quantity, once the report is prepared */
    cnn_text key;                 /* how it begins in JSON, once that is prepared */
    void (*get)(const cnn_report *report, const cnn_row *row, cnn_cell *cell);
    void (*put)(const cnn_report *report, const cnn_row *row, cnn_out *out); /* text */
} cnn_column;

/* A report while it is written. */
struct cnn_report {
    const cnn_network *net;
    const cnn_report_options *options;
    cnn_column *columns; /* room for CNN_MAX_COLUMNS, which is not cleared */
    int32_t column_count;
    const cnn_format *format;
    bool machine;     /* the format is one for programs */
    bool every_layer; /* one row per layer */
    bool with_input;  /* the input has a row, because it counts */
    cnn_numbers numbers;
    const struct cnn_picture *picture; /* when the format is one */
    cnn_table *table;                  /* the same */
    const struct cnn_beside *beside;   /* several networks, a row each; otherwise NULL */
    cnn_arena scratch;
    cnn_out *out;
};

/* Networks side by side. */
typedef struct cnn_beside {
    const cnn_named_network *networks;
    const cnn_numbers *numbers; /* of each */
    int32_t count;
} cnn_beside;

/* The next row; *at is 0 at first. False: there is none. */
bool cnn_rows_next(const cnn_report *report, int32_t *at, cnn_row *row);

enum { CNN_TOTAL_ROWS = 2 };

/* The rows below the others: the total, and where there are auxiliary heads that without them; none
 * below networks side by side. Returns how many. */
int32_t cnn_rows_totals(const cnn_report *report, cnn_row *rows);

/* The total of all rows, and that without the auxiliary heads. */
cnn_row cnn_row_total(const cnn_report *report);
cnn_row cnn_row_without_aux(const cnn_report *report);

/* The parameters of a row's layers. */
int64_t cnn_row_params(const cnn_report *report, const cnn_row *row);

bool cnn_network_has_aux(const cnn_network *net);

/* Chooses columns and computes what they need, so that nothing can fail once writing has begun.
 * `every_layer`: one row per layer. */
bool cnn_report_prepare(cnn_report *report, bool every_layer, cnn_error *err);

/* Fills `out` with the next column; *at is 0 at first. False: there is none. Shares are not among
 * them. */
bool cnn_column_next(size_t *at, cnn_column *out);

/* One of networks side by side: a quantity, also one that only a network has, or "params/first", a
 * ratio whose name is made in the arena. CNN_OK, or the error's code. */
int32_t cnn_column_beside(cnn_text name, cnn_arena *arena, cnn_column *out);

/* Whether a quantity depends on sizes, and a network that was read from code has none. */
bool cnn_column_unsized(const cnn_quantity *what, const cnn_network *net);

/* By its name. False: there is none. */
bool cnn_column_find(cnn_text name, cnn_column *out);

/* Whether a table may have a column of that name or title. */
bool cnn_column_known(cnn_text name);

/* Whether its total is the sum of its rows. */
bool cnn_column_adds(const cnn_column *column);

/* Reads options->columns into the report. */
bool cnn_columns_choose(cnn_report *report, cnn_error *err);

/* What a row is called: its layer, or the label or text of its item. */
void cnn_row_put_name(const cnn_report *report, const cnn_row *row, cnn_out *out);

/* The cell's value, by its kind; text is left to the column's `put`. */
void cnn_cell_get(const cnn_report *report, const cnn_column *column, const cnn_row *row,
                  cnn_cell *cell);

/* The cell as text; numbers grouped by thousands or plain. */
void cnn_cell_put(const cnn_report *report, const cnn_column *column, const cnn_row *row,
                  bool grouped, cnn_out *out);

/* "input 3x224x224", a line each. */
void cnn_put_inputs(const cnn_report *report);

/* ---- tables that have to fit ---- */

/* Makes the widths of a table's columns fit options->width. 0: the column gives way; what is
 * narrower than it was is to be shortened. */
void cnn_fit_columns(const cnn_report *report, int64_t *widths);

/* A text of so many letters, with dots in its middle where it is wider than `width`. */
void cnn_put_shortened(cnn_out *out, cnn_text text, int64_t letters, int64_t width);

/* A line that names the columns that gave way, if any did. */
void cnn_put_hidden(const cnn_report *report, const int64_t *widths);

/* ---- parts of JSON ---- */

/* The cell as a value. */
void cnn_json_value(const cnn_report *report, const cnn_column *column, const cnn_row *row);

/* The input, and where there are several all of them with their names. */
void cnn_json_inputs(const cnn_report *report, cnn_json *json);

/* The object of all totals that are always shown, and that of training. */
void cnn_json_totals(const cnn_report *report, cnn_json *json);
void cnn_json_training(const cnn_report *report, cnn_json *json);

/* A total; false: there is none, or it does not fit into 64 bits, and it is left out. */
bool cnn_json_total(const cnn_report *report, const cnn_quantity *what, cnn_json *json);

/* ---- writers of formats ---- */

/* What a format needs besides the columns: false with an error when it cannot be had. */
bool cnn_prepare_table(cnn_report *report, cnn_error *err);
bool cnn_make_table(cnn_report *report, cnn_error *err); /* without the lines below it */
bool cnn_prepare_json(cnn_report *report, cnn_error *err);
bool cnn_prepare_svg(cnn_report *report, cnn_error *err);

void cnn_write_table(cnn_report *report);
void cnn_write_markdown(cnn_report *report);
void cnn_write_delimited(cnn_report *report);
void cnn_write_json(cnn_report *report);
void cnn_write_latex(cnn_report *report);
void cnn_write_svg(cnn_report *report);
void cnn_write_dot(cnn_report *report);

#endif
