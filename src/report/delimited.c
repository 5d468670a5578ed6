/*
 * TSV and CSV: a header with the columns' names, a line per row, the total. Numbers are plain, and
 * no cell has a tab or a line end in it.
 */
#include "report/report.h"

/* For cnn_writer: whether there is a comma or a quote. */
static bool look_for_quotable(void *user, const char *data, size_t size)
{
    bool *quotable = user;
    for (size_t i = 0; i < size; i++) {
        *quotable |= (data[i] == ',') | (data[i] == '"');
    }
    return true;
}

/* RFC 4180: quotes around a cell with a comma or a quote; quotes inside are doubled. */
static void put_cell(const cnn_report *report, const cnn_column *column, const cnn_row *row)
{
    bool quotable = false;
    /* the cell is made twice, because whether it needs quotes is known only after it */
    if (report->format->quotes) {
        cnn_out probe;
        cnn_writer to = {look_for_quotable, &quotable};
        cnn_out_open(&probe, &to);
        cnn_cell_put(report, column, row, false, &probe);
        (void)cnn_out_close(&probe); /* this writer does not fail */
    }
    if (!quotable) {
        cnn_cell_put(report, column, row, false, report->out);
        return;
    }
    cnn_out_char(report->out, '"');
    cnn_out_set_escape(report->out, CNN_ESCAPE_CSV);
    cnn_cell_put(report, column, row, false, report->out);
    cnn_out_set_escape(report->out, CNN_ESCAPE_NONE);
    cnn_out_char(report->out, '"');
}

static void put_row(const cnn_report *report, const cnn_row *row)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        if (i > 0) {
            cnn_out_char(report->out, report->format->separator);
        }
        put_cell(report, &report->columns[i], row);
    }
    cnn_out_char(report->out, '\n');
}

/* Networks side by side have no total: their sum means nothing. */
void cnn_write_delimited(cnn_report *report)
{
    cnn_row row;
    for (int32_t i = 0; i < report->column_count; i++) {
        if (i > 0) {
            cnn_out_char(report->out, report->format->separator);
        }
        cnn_out_string(report->out, report->columns[i].name);
    }
    cnn_out_char(report->out, '\n');
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_row(report, &row);
    }
    if (report->beside == NULL) {
        row = cnn_row_total(report);
        put_row(report, &row);
    }
}
