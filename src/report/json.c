/* JSON: one object with every layer and the totals. Sizes are lists, numbers are plain. */
#include "base/checked.h"
#include "report/report.h"

static void put_shape(cnn_out *out, const cnn_shape *shape)
{
    cnn_out_char(out, '[');
    cnn_out_int(out, shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_out_char(out, ',');
        cnn_out_int(out, shape->side[i]);
    }
    cnn_out_char(out, ']');
}

/* A decimal where there is an exact one, otherwise "num/den". */
static void put_fraction(cnn_out *out, cnn_fraction fraction)
{
    const bool decimal = 1000000 % fraction.den == 0;
    cnn_out_string(out, decimal ? "" : "\"");
    cnn_fraction_put(out, fraction);
    cnn_out_string(out, decimal ? "" : "\"");
}

static void put_fractions(cnn_out *out, const cnn_cell *cell)
{
    cnn_out_string(out, cell->count > 1 ? "[" : "");
    for (int32_t i = 0; i < cell->count; i++) {
        cnn_out_string(out, i > 0 ? "," : "");
        put_fraction(out, cell->fraction[i]);
    }
    cnn_out_string(out, cell->count > 1 ? "]" : "");
}

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
    cnn_cell cell = {.kind = column->kind};
    if (column->put != NULL) {
        put_text(report, column, row);
        return;
    }
    column->get(report, row, &cell);
    switch (cell.kind) {
    case CNN_CELL_INT:
        cnn_out_int(out, cell.number);
        break;
    case CNN_CELL_SHAPE:
        put_shape(out, &cell.shape);
        break;
    case CNN_CELL_FRACTION:
        put_fractions(out, &cell);
        break;
    case CNN_CELL_BOOL:
        cnn_out_string(out, cell.number != 0 ? "true" : "false");
        break;
    default:
        cnn_out_string(out, "null");
        break;
    }
}

static void put_row(const cnn_report *report, const cnn_row *row)
{
    cnn_out_char(report->out, '{');
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_out_string(report->out, i > 0 ? "," : "");
        cnn_out_char(report->out, '"');
        cnn_out_string(report->out, report->columns[i]->name);
        cnn_out_string(report->out, "\":");
        put_value(report, report->columns[i], row);
    }
    cnn_out_char(report->out, '}');
}

static void put_key(cnn_out *out, const char *key, int64_t value)
{
    cnn_out_string(out, ",\"");
    cnn_out_string(out, key);
    cnn_out_string(out, "\":");
    cnn_out_int(out, value);
}

static void put_totals(const cnn_report *report)
{
    cnn_out *out = report->out;
    const cnn_network *net = report->net;
    const cnn_counts *sum = &report->totals;
    int64_t bytes;
    cnn_out_string(out, "\"totals\":{\"layers\":");
    cnn_out_int(out, net->layer_count - 1);
    cnn_out_string(out, ",\"output\":");
    put_shape(out, &net->layers[net->output].out);
    put_key(out, "params", sum->params);
    put_key(out, "params_without_aux", net->totals.params_without_aux);
    put_key(out, "weights", sum->weights);
    put_key(out, "biases", sum->biases);
    put_key(out, "statistics", sum->statistics);
    put_key(out, "statistics_without_aux", net->totals.statistics_without_aux);
    put_key(out, "macs", sum->macs);
    put_key(out, "flops", sum->flops);
    if (report->memory) {
        put_key(out, "activations", sum->activations);
        put_key(out, "memory", sum->memory);
    }
    if (cnn_checked_mul(sum->params, report->value_bytes, &bytes)) {
        put_key(out, "params_memory", bytes);
    }
    if (report->memory) {
        put_key(out, "peak", report->peak);
        put_key(out, "peak_memory", report->peak * report->samples * report->value_bytes);
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
    put_shape(out, &report->net->layers[0].out);
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
