/* The sums at the end, written out: first of every item that has several layers, then of all. */
#include "explain/explain.h"

/* A sum: the numbers of a column, in the rows of the report or in the layers of one row. */
typedef struct sum {
    const cnn_report *report;
    const cnn_column *column;
} sum;

static int64_t number_of(const sum *s, const cnn_row *row)
{
    cnn_cell cell;
    cnn_cell_get(s->report, s->column, row, &cell);
    return cell.number;
}

/* Adds a term to `terms` others; 0 is left out. */
static void put_term(cnn_working *to, int64_t term, int32_t *terms)
{
    const cnn_style *style = to->style;
    if (term == 0) {
        return;
    }
    if (*terms > 0) {
        const bool full = style->terms > 0 && *terms % style->terms == 0;
        cnn_out_string(to->out, full ? style->terms_break : " + ");
    }
    cnn_out_int(to->out, term);
    ++*terms;
}

/* "params of layer1", "params without aux" */
static void put_name(const sum *s, const cnn_row *row, cnn_working *to)
{
    cnn_out_string(to->out, s->column->title);
    if (row->title == NULL) {
        cnn_out_string(to->out, " of ");
        cnn_explain_name(s->report, row, to);
    } else if (row->without_aux) {
        cnn_out_char(to->out, ' ');
        cnn_out_string(to->out, row->title);
    }
}

/* The summands of a row: its layers. */
static int32_t put_layers(const sum *s, const cnn_row *row, cnn_working *to)
{
    cnn_report inner = *s->report;
    cnn_row layer = {.end = row->first};
    int32_t terms = 0, at = 1;
    inner.every_layer = true;
    while (layer.end < row->end) {
        (void)cnn_rows_next(&inner, &at, &layer);
        put_term(to, number_of(s, &layer), &terms);
    }
    return terms;
}

static int32_t put_rows(const sum *s, cnn_working *to)
{
    int32_t terms = 0;
    cnn_row row;
    for (int32_t at = 0; cnn_rows_next(s->report, &at, &row);) {
        put_term(to, number_of(s, &row), &terms);
    }
    return terms;
}

/* What is left without the auxiliary heads: a difference. */
static int32_t put_rest(const sum *s, const cnn_row *without, cnn_working *to)
{
    const cnn_row total = cnn_row_total(s->report);
    const int64_t all = number_of(s, &total);
    cnn_out_int(to->out, all);
    cnn_out_string(to->out, " - ");
    cnn_out_int(to->out, all - number_of(s, without));
    return 1;
}

static int32_t put_part(const cnn_worked *line, cnn_working *to, cnn_line_part part)
{
    const sum *s = line->of;
    const cnn_row *row = line->row;
    if (part == CNN_LINE_NAME) {
        put_name(s, row, to);
        return 0;
    }
    const int32_t terms = row->without_aux     ? put_rest(s, row, to)
                          : row->title != NULL ? put_rows(s, to)
                                               : put_layers(s, row, to);
    if (terms == 0) {
        cnn_out_char(to->out, '0');
    }
    return terms;
}

static void put_sum(const sum *s, const cnn_row *row, cnn_working *to)
{
    cnn_working_line(to, &(cnn_worked){.what = s->column->name,
                                       .row = row,
                                       .put = put_part,
                                       .of = s,
                                       .result = number_of(s, row)});
}

/* Whether several of a row's layers have any. */
static bool has_several(const sum *s, const cnn_row *row)
{
    cnn_report inner = *s->report;
    cnn_row layer = {.end = row->first};
    int32_t terms = 0, at = 1;
    inner.every_layer = true;
    while (layer.end < row->end && terms < 2) {
        (void)cnn_rows_next(&inner, &at, &layer);
        terms += number_of(s, &layer) != 0;
    }
    return terms > 1;
}

void cnn_explain_totals(const cnn_report *report, cnn_working *to)
{
    const cnn_row total = cnn_row_total(report), without = cnn_row_without_aux(report);
    for (int32_t i = 0; i < report->column_count; i++) {
        const sum s = {report, &report->columns[i]};
        cnn_row row;
        if (!cnn_column_adds(s.column)) {
            continue;
        }
        for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
            if (row.layer == NULL && has_several(&s, &row)) {
                put_sum(&s, &row, to);
            }
        }
        put_sum(&s, &total, to);
        if (number_of(&s, &total) != number_of(&s, &without)) {
            put_sum(&s, &without, to);
        }
    }
    cnn_working_close(to);
}
