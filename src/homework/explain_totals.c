/* The sums at the end, written out: first of every item that has several layers, then of all. */
#include "homework/explain.h"

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
    cnn_cell cell = {.kind = column->kind};
    column->get(report, row, &cell);
    return cell.number;
}

/* "params of layer1", and the sum begins. */
static void begin_sum(cnn_report *report, const cnn_row *row, const cnn_column *column,
                      cnn_working *to)
{
    cnn_working_begin(to);
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

/* The layers of an item, each a summand. Nothing is written when there are fewer than two. */
static void put_item(cnn_report *report, const cnn_row *row, const cnn_column *column,
                     cnn_working *to)
{
    const bool every = report->every_layer;
    report->every_layer = true;
    sum s = {.to = to};
    for (int32_t pass = 0; pass < 2; pass++) {
        int32_t at = 1, terms = 0;
        cnn_row layer = {.end = row->first};
        while (layer.end < row->end && cnn_rows_next(report, &at, &layer)) {
            const int64_t number = number_of(report, column, &layer);
            terms += number != 0;
            if (pass == 1) {
                put_term(&s, number);
            }
        }
        if (terms < 2) {
            break;
        }
        if (pass == 0) {
            begin_sum(report, row, column, to);
        } else {
            end_sum(&s, number_of(report, column, row));
        }
    }
    report->every_layer = every;
}

/* What is left without the auxiliary heads, where they count at all. */
static void put_without_aux(cnn_report *report, const cnn_column *column, cnn_working *to)
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

void cnn_explain_totals(cnn_report *report, cnn_working *to)
{
    const cnn_row total = cnn_row_total(report);
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = report->columns[i];
        cnn_row row;
        sum s = {.to = to};
        if (!column->adds) {
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
