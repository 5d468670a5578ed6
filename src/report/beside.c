/* Networks side by side: a row for each, and no total. Rows and columns are those of every report.
 */
#include "base/arena.h"
#include "base/shape_text.h"
#include "report/report.h"

/* Marks an error with the index of the network it is about. */
static bool fail_network(cnn_error *err, int32_t index)
{
    err->index = index;
    return false;
}

static bool begin_numbers(const cnn_report *report, int32_t index, cnn_numbers *out, cnn_error *err)
{
    const cnn_report_options *o = report->options;
    const cnn_network *net = &report->beside->networks[index].network;
    return cnn_numbers_begin(out, net, o->dtype, o->samples, err) &&
           cnn_numbers_train(out, o->train, o->device, o->checkpoint, err);
}

/* The analyses that the columns, and the totals of JSON, depend on. */
static uint32_t needs_of(const cnn_report *report)
{
    const bool json = report->format->kind == CNN_FORMAT_JSON;
    uint32_t needs = json && report->numbers.trains ? CNN_NEEDS_KEPT : 0;
    for (int32_t i = 0; i < report->column_count; i++) {
        needs |= report->columns[i].quantity != NULL ? report->columns[i].quantity->needs : 0;
    }
    for (size_t i = 0; json && i < cnn_quantity_count; i++) {
        needs |= (cnn_quantities[i].shown & CNN_IN_TOTALS) != 0 ? cnn_quantities[i].needs : 0;
    }
    return needs;
}

/* Rejects a network with a sum that overflows, before anything is written. */
static bool check_sums(const cnn_report *report, const cnn_numbers *numbers, cnn_error *err)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_quantity *what = report->columns[i].quantity;
        int64_t count;
        if (what != NULL && what->kind == CNN_QUANTITY_COUNT &&
            !cnn_total_of(what, numbers, &count)) {
            return cnn_fail_overflow(err, what, numbers->net);
        }
    }
    return true;
}

/* Columns are chosen before the analyses, because they decide which of these are needed. */
static bool prepare(cnn_report *report, cnn_numbers *numbers, cnn_error *err)
{
    const int32_t count = report->beside->count;
    for (int32_t i = 0; i < count; i++) {
        if (!begin_numbers(report, i, &numbers[i], err)) {
            return fail_network(err, i);
        }
    }
    report->numbers = numbers[0];
    if (!cnn_columns_choose(report, err)) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        if (!cnn_numbers_checkpoint(&numbers[i], &report->scratch, err) ||
            !cnn_numbers_prepare(&numbers[i], needs_of(report), &report->scratch, err) ||
            !check_sums(report, &numbers[i], err)) {
            return fail_network(err, i);
        }
    }
    for (int32_t i = 0; i < report->column_count; i++) {
        cnn_column *column = &report->columns[i];
        /* "/first" divides by the first network's total */
        if (column->ratio) {
            (void)cnn_total_of(column->quantity, &numbers[0], &column->total); /* it fits */
        }
    }
    return true;
}

/* ---- JSON ---- */

/* The chosen columns; without --columns the same totals as for a single network. */
static void put_totals(const cnn_report *one, cnn_json *json)
{
    if (one->options->columns.size == 0) {
        cnn_json_totals(one, json);
        return;
    }
    cnn_json_break(json);
    cnn_json_open(json, "totals", '{');
    for (int32_t i = 0; i < one->column_count; i++) {
        const cnn_column *column = &one->columns[i];
        if (column->quantity != NULL && !column->ratio) {
            (void)cnn_json_total(one, column->quantity, json);
        }
    }
    cnn_json_close(json, '}');
}

/* A ratio is null where the first network's total is 0. */
static void put_ratio(const cnn_report *one, const cnn_column *column, const cnn_row *row,
                      cnn_json *json)
{
    cnn_cell cell;
    cnn_cell_get(one, column, row, &cell);
    cnn_json_key(json, column->quantity->name);
    if (cell.kind == CNN_CELL_FRACTION) {
        cnn_pair_put(json->out, cell.fraction, cell.count, false);
    } else {
        cnn_out_string(json->out, "null");
    }
}

/* The object of ratios, which is left out where no column is one. */
static void put_ratios(const cnn_report *one, const cnn_row *row, cnn_json *json)
{
    bool any = false;
    for (int32_t i = 0; i < one->column_count; i++) {
        any = any || one->columns[i].ratio;
    }
    if (!any) {
        return;
    }
    cnn_json_break(json);
    cnn_json_open(json, "ratios", '{');
    for (int32_t i = 0; i < one->column_count; i++) {
        if (one->columns[i].ratio) {
            put_ratio(one, &one->columns[i], row, json);
        }
    }
    cnn_json_close(json, '}');
}

/* `one` is the report as if a network were alone, so that functions for a single one write it. */
static void write_json(const cnn_report *report)
{
    cnn_json json = {.out = report->out};
    cnn_report one = *report;
    cnn_row row;
    cnn_json_begin(&json);
    cnn_json_open(&json, "networks", '[');
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        one.numbers = *row.numbers;
        one.net = row.numbers->net;
        cnn_json_break(&json);
        cnn_json_open(&json, NULL, '{');
        cnn_json_string(&json, "name", row.title);
        cnn_json_inputs(&one, &json);
        put_totals(&one, &json);
        put_ratios(&one, &row, &json);
        if (one.numbers.trains) {
            cnn_json_training(&one, &json);
        }
        cnn_json_close(&json, '}');
    }
    cnn_json_close(&json, ']');
    cnn_json_end(&json);
}

/* ---- the whole ---- */

/* JSON is missing because it has its own writer here. */
static void (*const writers[CNN_FORMATS])(cnn_report *report) = {
    [CNN_FORMAT_TABLE] = cnn_write_table,
    [CNN_FORMAT_TSV] = cnn_write_delimited,
    [CNN_FORMAT_CSV] = cnn_write_delimited,
    [CNN_FORMAT_MARKDOWN] = cnn_write_markdown,
};

bool cnn_beside_write(const cnn_named_network *networks, int32_t count,
                      const cnn_report_options *options, cnn_arena scratch, cnn_writer *to,
                      cnn_error *err)
{
    const cnn_format *format = cnn_format_for(options->format, CNN_TASK_BESIDE, err);
    cnn_numbers *numbers = CNN_NEW_ARRAY(&scratch, cnn_numbers, count);
    cnn_out out;
    if (format == NULL || numbers == NULL) {
        return format != NULL && cnn_fail_memory(err);
    }
    const cnn_beside beside = {networks, numbers, count};
    cnn_column columns[CNN_MAX_COLUMNS];
    cnn_report report = {.net = &networks[0].network,
                         .options = options,
                         .columns = columns,
                         .format = format,
                         .machine = format->machine,
                         .scratch = scratch,
                         .beside = &beside,
                         .out = &out};
    /* after this only writing can fail */
    if (!prepare(&report, numbers, err) ||
        (format->kind == CNN_FORMAT_TABLE && !cnn_make_table(&report, err))) {
        return false;
    }
    cnn_out_open(&out, to);
    if (format->kind == CNN_FORMAT_JSON) {
        write_json(&report);
    } else {
        writers[format->kind](&report);
    }
    return cnn_out_close(&out) || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}
