/*
 * A table for LaTeX, with what the base classes have, so that no package is needed; --standalone
 * puts a document around it.
 */
#include "base/shape_text.h"
#include "report/report.h"

static bool aligned_right(const cnn_column *column)
{
    return column->kind == CNN_CELL_INT || column->kind == CNN_CELL_FRACTION;
}

/* Shapes are math, so that the "x" between sides becomes a sign of multiplication. */
static void put_shape(cnn_out *out, const cnn_shape *shape)
{
    if (shape->channels == 0) {
        cnn_out_shape(out, shape); /* not known */
        return;
    }
    cnn_out_char(out, '$');
    cnn_out_int(out, shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_out_string(out, " \\times ");
        cnn_out_int(out, shape->side[i]);
    }
    cnn_out_char(out, '$');
}

static void put_row(const cnn_report *report, const cnn_row *row)
{
    cnn_out *out = report->out;
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = &report->columns[i];
        cnn_out_string(out, i > 0 ? " & " : "");
        /* math in place of escaped text */
        if (column->kind == CNN_CELL_SHAPE) {
            cnn_cell cell;
            cnn_cell_get(report, column, row, &cell);
            put_shape(out, &cell.shape);
            continue;
        }
        cnn_out_set_escape(out, CNN_ESCAPE_LATEX);
        cnn_cell_put(report, column, row, true, out);
        cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    }
    cnn_out_string(out, " \\\\\n");
}

static void put_head(const cnn_report *report)
{
    cnn_out *out = report->out;
    cnn_out_string(out, "\\begin{tabular}{");
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_char(out, aligned_right(&report->columns[i]) ? 'r' : 'l');
    }
    cnn_out_string(out, "}\n\\hline\n");
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_string(out, i > 0 ? " & " : "");
        cnn_out_set_escape(out, CNN_ESCAPE_LATEX);
        cnn_out_string(out, report->columns[i].title);
        cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    }
    cnn_out_string(out, " \\\\\n\\hline\n");
}

void cnn_write_latex(cnn_report *report)
{
    const bool whole = report->options->standalone;
    cnn_row row;
    cnn_out_string(report->out, whole ? "\\documentclass{article}\n"
                                        "\\usepackage[margin=1cm]{geometry}\n"
                                        "\\begin{document}\n"
                                      : "");
    put_head(report);
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_row(report, &row);
    }
    cnn_out_string(report->out, "\\hline\n");
    row = cnn_row_total(report);
    put_row(report, &row);
    /* the second total is what runs at inference */
    if (cnn_network_has_aux(report->net)) {
        row = cnn_row_without_aux(report);
        put_row(report, &row);
    }
    cnn_out_string(report->out, "\\hline\n\\end{tabular}\n");
    cnn_out_string(report->out, whole ? "\\end{document}\n" : "");
}
