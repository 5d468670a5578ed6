/* JSON: one object with every layer and the totals. Sizes are lists, numbers are plain. */
#include "base/shape_text.h"
#include "report/report.h"

static void put_text(const cnn_report *report, const cnn_column *column, const cnn_row *row)
{
    cnn_out_char(report->out, '"');
    cnn_out_set_escape(report->out, CNN_ESCAPE_JSON);
    column->put(report, row, report->out);
    cnn_out_set_escape(report->out, CNN_ESCAPE_NONE);
    cnn_out_char(report->out, '"');
}

static void put_value(const cnn_report *report, const cnn_column *column, const cnn_row *row)
{
    cnn_out *out = report->out;
    if (column->put != NULL) {
        put_text(report, column, row);
        return;
    }
    const cnn_cell cell = cnn_cell_of(report, column, row);
    switch (cell.kind) {
    case CNN_CELL_INT:
        cnn_out_int(out, cell.number);
        break;
    case CNN_CELL_SHAPE:
        cnn_out_json_shape(out, &cell.shape);
        break;
    case CNN_CELL_FRACTION:
        cnn_pair_put(out, cell.fraction, cell.count, !column->share);
        break;
    case CNN_CELL_BOOL:
        cnn_out_string(out, cell.number != 0 ? "true" : "false");
        break;
    default:
        cnn_out_string(out, "null");
        break;
    }
}

/* A percent sign is no part of a name in most languages. */
static const char *key_of(const cnn_column *column)
{
    const cnn_quantity *what = column->quantity;
    return column->share && column->name == what->share.percent ? what->share.key : column->name;
}

static void put_row(const cnn_report *report, const cnn_row *row)
{
    cnn_out_char(report->out, '{');
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_string(report->out, i > 0 ? "," : "");
        cnn_out_char(report->out, '"');
        cnn_out_string(report->out, key_of(&report->columns[i]));
        cnn_out_string(report->out, "\":");
        put_value(report, &report->columns[i], row);
    }
    cnn_out_char(report->out, '}');
}

bool cnn_prepare_json(cnn_report *report, cnn_error *err)
{
    uint32_t needs = 0;
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        needs |= (cnn_quantities[i].shown & CNN_IN_TOTALS) != 0 ? cnn_quantities[i].needs : 0;
    }
    return cnn_numbers_prepare(&report->numbers, needs, &report->scratch, err);
}

/* Whether a total is shown. What a forward pass takes is shown whole or not at all. */
static bool is_shown(const cnn_quantity *what, bool memory_fits)
{
    const bool forward = what->with_input || (what->needs & CNN_NEEDS_MEMORY) != 0;
    return (what->shown & CNN_IN_TOTALS) != 0 && (memory_fits || !forward);
}

/* Totals that do not fit into 64 bits are left out. */
static void put_totals(const cnn_report *report)
{
    cnn_out *out = report->out;
    const cnn_subject of = cnn_subject_total(report->net);
    int64_t memory;
    const bool memory_fits = cnn_sum_of(cnn_quantity_named("memory"), &of, report->net->layers,
                                        &report->numbers, &memory);
    const char *before = "\"totals\":{\"";
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        const cnn_quantity *what = &cnn_quantities[i];
        cnn_answer answer;
        if (!is_shown(what, memory_fits) ||
            !cnn_answer_of(what, &of, report->net->layers, &report->numbers, &answer)) {
            continue;
        }
        cnn_out_string(out, before);
        cnn_out_string(out, what->name);
        cnn_out_string(out, "\":");
        if (answer.kind == CNN_QUANTITY_SIZE) {
            cnn_out_json_shape(out, &answer.shape);
        } else {
            cnn_out_int(out, answer.count);
        }
        before = ",\"";
    }
    cnn_out_char(out, '}');
}

void cnn_write_json(cnn_report *report)
{
    cnn_out *out = report->out;
    cnn_row row;
    bool begun = false;
    report->with_input = false; /* it has a key of its own */
    cnn_out_string(out, "{\"input\":");
    cnn_out_json_shape(out, &report->net->layers[0].out);
    cnn_out_string(out, ",\n \"layers\":[");
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        cnn_out_string(out, begun ? ",\n  " : "\n  ");
        begun = true;
        put_row(report, &row);
    }
    cnn_out_string(out, begun ? "\n ],\n " : "],\n ");
    put_totals(report);
    cnn_out_string(out, "}\n");
}
