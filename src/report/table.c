/* Tables for people: aligned text, and Markdown. */
#include "base/checked.h"
#include "base/shape_text.h"
#include "report/report.h"

enum { BAR_WIDTH = 20, GAP = 2 };

/* A cell, or the column's title, in a buffer: its `count` is its width. */
static void make_cell(const cnn_report *report, const cnn_column *column, const cnn_row *row,
                      cnn_out *cell)
{
    cnn_out_open(cell, NULL);
    if (row == NULL) {
        cnn_out_string(cell, column->title);
    } else {
        cnn_cell_put(report, column, row, true, cell);
    }
}

/* Puts it where it belongs; one that was too long for its buffer is made again. */
static void put_cell(const cnn_report *report, const cnn_column *column, const cnn_row *row,
                     const cnn_out *cell)
{
    if (cell->failed) {
        cnn_cell_put(report, column, row, true, report->out);
    } else {
        cnn_out_bytes(report->out, cell->buffer, cell->used);
    }
}

static bool aligned_right(const cnn_column *column)
{
    return column->kind == CNN_CELL_INT || column->kind == CNN_CELL_FRACTION;
}

static void measure(const cnn_report *report, const cnn_row *row, int64_t *widths)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out cell;
        make_cell(report, report->columns[i], row, &cell);
        widths[i] = cell.count > widths[i] ? cell.count : widths[i];
    }
}

static void put_bar(const cnn_report *report, const cnn_row *row)
{
    cnn_cell cell = {.kind = CNN_CELL_FRACTION};
    if (row->title != NULL) {
        return;
    }
    for (int32_t i = 0; i < report->column_count; i++) {
        if (report->columns[i]->bar) {
            report->columns[i]->get(report, row, &cell);
            const int64_t marks = (cell.fraction[0].num * BAR_WIDTH + 500) / 1000; /* empty: 0 */
            cnn_out_fill(report->out, ' ', marks > 0 ? GAP : 0);
            cnn_out_fill(report->out, '#', marks);
        }
    }
}

/* One line; blanks are written only when something follows, so no line ends in blanks. */
static void put_line(const cnn_report *report, const int64_t *widths, const cnn_row *row)
{
    int64_t blanks = 0;
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = report->columns[i];
        cnn_out cell;
        make_cell(report, column, row, &cell);
        const int64_t fill = widths[i] - cell.count;
        blanks += i > 0 ? GAP : 0;
        blanks += aligned_right(column) ? fill : 0;
        if (cell.count > 0) {
            cnn_out_fill(report->out, ' ', blanks);
            put_cell(report, column, row, &cell);
            blanks = 0;
        }
        blanks += aligned_right(column) ? 0 : fill;
    }
    if (row != NULL) {
        put_bar(report, row);
    }
}

static void put_styled(const cnn_report *report, const int64_t *widths, const cnn_row *row)
{
    const bool style = report->options->style && (row == NULL || row->title != NULL);
    cnn_out_string(report->out, style ? "\x1b[1m" : "");
    cnn_out_char(report->out, ' ');
    put_line(report, widths, row);
    cnn_out_string(report->out, style ? "\x1b[0m\n" : "\n");
}

/* 60,950,432 bytes (60.95 MB): MB are powers of 1000. */
static void put_bytes(cnn_out *out, const char *what, int64_t bytes)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB", "EB"};
    int64_t hundredths = 0, step = 1; /* of the unit, rounded to nearest */
    size_t unit = 0;
    for (bool large = bytes >= 1000; large; large = hundredths >= 100000) {
        step *= unit == 0 ? 10 : 1000;
        hundredths = bytes / step + (bytes % step >= step / 2);
        unit++;
    }
    cnn_out_string(out, what);
    cnn_out_grouped(out, bytes);
    cnn_out_string(out, " bytes");
    if (unit > 0) {
        cnn_out_string(out, " (");
        cnn_out_int(out, hundredths / 100);
        cnn_out_char(out, '.');
        cnn_out_char(out, (char)('0' + hundredths / 10 % 10));
        cnn_out_char(out, (char)('0' + hundredths % 10));
        cnn_out_char(out, ' ');
        cnn_out_string(out, units[unit]);
        cnn_out_char(out, ')');
    }
}

/* What a forward pass needs, below tables that show memory. */
static void put_memory(const cnn_report *report)
{
    int64_t params;
    cnn_out *out = report->out;
    if (!report->memory) {
        return;
    }
    cnn_out_string(out, "\nforward pass of ");
    cnn_out_int(out, report->samples);
    cnn_out_string(out, report->samples == 1 ? " sample in " : " samples in ");
    cnn_out_text(out, report->dtype);
    cnn_out_char(out, ':');
    if (cnn_checked_mul(report->totals.params, report->value_bytes, &params)) {
        put_bytes(out, "\n  parameters        ", params);
    }
    put_bytes(out, "\n  all activations   ", report->totals.memory);
    put_bytes(out, "\n  alive at once     ", report->peak * report->samples * report->value_bytes);
    cnn_out_char(out, '\n');
}

static void put_input(const cnn_report *report)
{
    const cnn_shape *input = &report->net->layers[0].out;
    cnn_out_string(report->out, input->axes == 0 ? "input vector " : "input ");
    cnn_out_shape(report->out, input);
    cnn_out_string(report->out, "\n\n");
}

void cnn_write_table(cnn_report *report)
{
    int64_t widths[CNN_MAX_COLUMNS] = {0};
    const cnn_row total = cnn_row_total(report), without = cnn_row_without_aux(report);
    const bool aux = cnn_network_has_aux(report->net);
    cnn_row row;
    for (int32_t i = 0; i < report->column_count; i++) {
        widths[i] = (int64_t)cnn_text_of(report->columns[i]->title).size;
    }
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        measure(report, &row, widths);
    }
    measure(report, &total, widths);
    measure(report, aux ? &without : &total, widths);

    put_input(report);
    put_styled(report, widths, NULL);
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_styled(report, widths, &row);
    }
    put_styled(report, widths, &total);
    if (aux) {
        put_styled(report, widths, &without);
    }
    put_memory(report);
}

static void put_markdown_row(const cnn_report *report, const cnn_row *row)
{
    cnn_out_char(report->out, '|');
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_char(report->out, ' ');
        cnn_out_set_escape(report->out, CNN_ESCAPE_MARKDOWN);
        cnn_cell_put(report, report->columns[i], row, true, report->out);
        cnn_out_set_escape(report->out, CNN_ESCAPE_NONE);
        cnn_out_string(report->out, " |");
    }
    cnn_out_char(report->out, '\n');
}

void cnn_write_markdown(cnn_report *report)
{
    cnn_out *out = report->out;
    cnn_row row;
    put_input(report);
    cnn_out_char(out, '|');
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_char(out, ' ');
        cnn_out_string(out, report->columns[i]->title);
        cnn_out_string(out, " |");
    }
    cnn_out_string(out, "\n|");
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_string(out, aligned_right(report->columns[i]) ? "---:|" : "---|");
    }
    cnn_out_char(out, '\n');
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_markdown_row(report, &row);
    }
    row = cnn_row_total(report);
    put_markdown_row(report, &row);
    if (cnn_network_has_aux(report->net)) {
        row = cnn_row_without_aux(report);
        put_markdown_row(report, &row);
    }
}
