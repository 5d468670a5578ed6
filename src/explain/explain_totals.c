/* The sums at the end, written out: first of every item that has several layers, then of all. */
#include "explain/explain.h"

/* A sum while it is written. */
typedef struct sum {
    cnn_working *to;
    int32_t terms;
} sum;

static void put_term(sum *s, int64_t term)
{
    const cnn_style *style = s->to->style;
    if (term == 0) {
        return;
    }
    if (s->terms > 0) {
        const bool full = style->terms > 0 && s->terms % style->terms == 0;
        cnn_out_string(s->to->out, full ? style->terms_break : " + ");
    }
    cnn_out_int(s->to->out, term);
    s->terms++;
}

static void end_sum(sum *s, int64_t total)
{
    const cnn_style *style = s->to->style;
    if (s->terms == 0) {
        cnn_out_char(s->to->out, '0');
    }
    cnn_out_string(s->to->out, style->terms > 0 && s->terms > style->terms ? " \\\\\n &= " : " = ");
    cnn_out_number(s->to->out, total, 1, style->tex);
    cnn_out_string(s->to->out, style->numbers_end == NULL ? "" : style->numbers_end);
}

static int64_t number_of(const cnn_report *report, const cnn_column *column, const cnn_row *row)
{
    cnn_cell cell;
    cnn_cell_get(report, column, row, &cell);
    return cell.number;
}

/* "params of layer1", and the sum begins. */
static void begin_sum(const cnn_report *report, const cnn_row *row, const cnn_column *column,
                      cnn_working *to)
{
    const char *begin = to->style->label_begin;
    cnn_working_begin(to);
    cnn_working_put(to, begin);
    cnn_out_string(to->out, column->title);
    if (row->title == NULL) {
        cnn_out_string(to->out, " of ");
        cnn_explain_name(report, row, to);
    } else if (row->title[0] != 't') {
        cnn_out_char(to->out, ' ');
        cnn_out_string(to->out, row->title);
    }
    cnn_out_string(to->out, to->style->sum_begin);
}

/* Adds the layers of an item to the sum, or only counts its summands when there is no sum. */
static int32_t put_layers(const cnn_report *report, const cnn_row *row, const cnn_column *column,
                          sum *s)
{
    cnn_report inner = *report;
    cnn_row layer = {.end = row->first};
    int32_t terms = 0, at = 1;
    inner.every_layer = true;
    while (layer.end < row->end) {
        (void)cnn_rows_next(&inner, &at, &layer);
        const int64_t number = number_of(&inner, column, &layer);
        terms += number != 0;
        if (s != NULL) {
            put_term(s, number);
        }
    }
    return terms;
}

static void put_item(const cnn_report *report, const cnn_row *row, const cnn_column *column,
                     cnn_working *to)
{
    if (put_layers(report, row, column, NULL) > 1) {
        sum s = {.to = to};
        begin_sum(report, row, column, to);
        put_layers(report, row, column, &s);
        end_sum(&s, number_of(report, column, row));
    }
}

/* What is left without the auxiliary heads, where they count at all. */
static void put_without_aux(const cnn_report *report, const cnn_column *column, cnn_working *to)
{
    const cnn_row total = cnn_row_total(report), without = cnn_row_without_aux(report);
    const int64_t all = number_of(report, column, &total);
    const int64_t rest = number_of(report, column, &without);
    if (all == rest) {
        return;
    }
    sum s = {.to = to, .terms = 1};
    begin_sum(report, &without, column, to);
    cnn_out_int(to->out, all);
    cnn_out_string(to->out, " - ");
    cnn_out_int(to->out, all - rest);
    end_sum(&s, rest);
}

void cnn_explain_totals(const cnn_report *report, cnn_working *to)
{
    const cnn_row total = cnn_row_total(report);
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = &report->columns[i];
        cnn_row row;
        sum s = {.to = to};
        if (!cnn_column_adds(column)) {
            continue;
        }
        for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
            if (row.layer == NULL) {
                put_item(report, &row, column, to);
            }
        }
        begin_sum(report, &total, column, to);
        for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
            put_term(&s, number_of(report, column, &row));
        }
        end_sum(&s, number_of(report, column, &total));
        put_without_aux(report, column, to);
    }
    cnn_working_close(to);
}
