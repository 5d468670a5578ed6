/* Numbers over depth, as bars of text: a block for each column that is a number. */
#include "report/bars.h"

/* Columns of text: between cells; of a line of unknown width; of a bar; of a layer's name. */
enum { GAP = 2, USUAL_WIDTH = 80, LEAST_BAR = 10, MOST_BAR = 100, NAME_SHOWN = 24 };

/* ---- values ---- */

/* A shape such as 64x56x56 has no height as a bar. */
static bool is_number(const cnn_column *column)
{
    return column->quantity != NULL && column->quantity->kind != CNN_QUANTITY_SIZE;
}

bool cnn_prepare_bars(cnn_report *report, cnn_error *err)
{
    const cnn_text all = report->options->columns;
    int32_t count = 0;
    for (int32_t i = 0; i < report->column_count; i++) {
        if (is_number(&report->columns[i])) {
            report->columns[count++] = report->columns[i];
        }
    }
    report->column_count = count;
    err->source = count > 0 ? err->source : CNN_SOURCE_COLUMNS;
    return count > 0 || cnn_fail(err, CNN_E_BARS_COLUMNS, (cnn_span){0, (uint32_t)all.size});
}

int64_t cnn_bar_value(const cnn_report *report, const cnn_column *column, const cnn_row *row)
{
    enum { PARTS = 16 };
    cnn_cell cell;
    cnn_cell_get(report, column, row, &cell);
    if (cell.kind == CNN_CELL_INT) {
        return cell.number;
    }
    if (cell.kind != CNN_CELL_FRACTION || cell.fraction[0].num <= 0) {
        return 0;
    }
    /* of a pair the first axis counts; jumps and fields can be fractions, hence the sixteenths */
    const cnn_fraction f = cell.fraction[0];
    return f.num <= INT64_MAX / PARTS ? f.num * PARTS / f.den : INT64_MAX;
}

int64_t cnn_bar_length(int64_t value, int64_t most, int64_t room)
{
    const int64_t scale =
        most > INT64_MAX / (4 * room) ? 4 * room : 1; /* digits too small to see */
    const int64_t part = value / scale, whole = most / scale;
    if (value <= 0) {
        return 0;
    }
    /* value * room / most, rounded to nearest */
    const int64_t length = (2 * part * room + whole) / (2 * whole);
    return length > 0 ? length : 1;
}

/* ---- lines ---- */

/* The widths of a block. */
typedef struct block {
    const cnn_column *column;
    int64_t index, name, number, bar;
    int64_t most; /* the largest value */
} block;

static int64_t larger(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static int64_t digits(int64_t n)
{
    int64_t count = 1;
    for (; n >= 10; n /= 10) {
        count++;
    }
    return count;
}

/* What all rows of the block have in common: the widest cells, and the largest value. */
static block measure(const cnn_report *report, const cnn_column *column)
{
    block b = {.column = column, .index = 1, .name = (int64_t)sizeof "total" - 1};
    const cnn_row total = cnn_row_total(report);
    cnn_row row;
    cnn_out cell;
    cnn_out_open(&cell, NULL);
    cnn_cell_put(report, column, &total, true, &cell);
    b.number = larger(cnn_out_columns(&cell), (int64_t)cnn_text_of(column->title).size);
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        b.index = larger(b.index, digits(row.number));
        cnn_out_open(&cell, NULL);
        cnn_row_put_name(report, &row, &cell);
        b.name = larger(b.name,
                        cnn_out_columns(&cell) < NAME_SHOWN ? cnn_out_columns(&cell) : NAME_SHOWN);
        cnn_out_open(&cell, NULL);
        cnn_cell_put(report, column, &row, true, &cell);
        b.number = larger(b.number, cnn_out_columns(&cell));
        b.most = larger(b.most, cnn_bar_value(report, column, &row));
    }
    const int64_t width = report->options->width > 0 ? report->options->width : USUAL_WIDTH;
    const int64_t bar = width - 1 - b.index - b.name - b.number - 3 * GAP;
    b.bar = bar < LEAST_BAR ? LEAST_BAR : bar < MOST_BAR ? bar : MOST_BAR;
    return b;
}

static void put_bar(const cnn_report *report, const block *b, const cnn_row *row)
{
    const int64_t value = cnn_bar_value(report, b->column, row);
    cnn_out *out = report->out;
    if (value > 0) {
        cnn_out_fill(out, ' ', GAP);
        cnn_out_string(out, report->options->style ? "\x1b[36m" : "");
        cnn_out_fill(out, '#', cnn_bar_length(value, b->most, b->bar));
        cnn_out_string(out, report->options->style ? "\x1b[0m" : "");
    }
}

/* A row's number, name and amount. */
static void put_row(const cnn_report *report, const block *b, const cnn_row *row)
{
    cnn_out *out = report->out;
    cnn_out cell;
    const int64_t index = row->title == NULL ? digits(row->number) : 0;
    cnn_out_fill(out, ' ', 1 + b->index - index);
    if (index > 0) {
        cnn_out_int(out, row->number);
    }
    cnn_out_fill(out, ' ', GAP);
    cnn_out_open(&cell, NULL);
    cnn_row_put_name(report, row, &cell);
    cnn_put_shortened(out, (cnn_text){cell.buffer, cell.used}, cnn_out_columns(&cell), b->name);
    int64_t blanks =
        b->name - (cnn_out_columns(&cell) < b->name ? cnn_out_columns(&cell) : b->name) + GAP;
    cnn_out_open(&cell, NULL);
    cnn_cell_put(report, b->column, row, true, &cell);
    if (cnn_out_columns(&cell) > 0) {
        blanks += b->number - cnn_out_columns(&cell);
        cnn_out_fill(out, ' ', blanks);
        cnn_out_text(out, (cnn_text){cell.buffer, cell.used});
    }
}

/* "#" is above the last digit of the numbers, a column's title above the last digit of that column.
 */
static void put_head(const cnn_report *report, const block *b)
{
    cnn_out *out = report->out;
    const cnn_text title = cnn_text_of(b->column->title);
    cnn_out_fill(out, ' ', b->index);
    cnn_out_string(out, "#  layer");
    cnn_out_fill(out, ' ', b->name - 5 + GAP + b->number - (int64_t)title.size);
    cnn_out_text(out, title);
}

static void put_block(const cnn_report *report, const cnn_column *column)
{
    const block b = measure(report, column);
    const bool style = report->options->style;
    const cnn_row total = cnn_row_total(report);
    cnn_row row;
    cnn_out_string(report->out, style ? "\n\x1b[1m" : "\n");
    put_head(report, &b);
    cnn_out_string(report->out, style ? "\x1b[0m\n" : "\n");
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_row(report, &b, &row);
        put_bar(report, &b, &row);
        cnn_out_char(report->out, '\n');
    }
    /* a sum has no bar: it would dwarf the others */
    if (cnn_column_adds(column)) {
        cnn_out_string(report->out, style ? "\x1b[1m" : "");
        put_row(report, &b, &total);
        cnn_out_string(report->out, style ? "\x1b[0m\n" : "\n");
    }
}

void cnn_write_bars(cnn_report *report)
{
    cnn_put_inputs(report);
    for (int32_t i = 0; i < report->column_count; i++) {
        put_block(report, &report->columns[i]);
    }
}
