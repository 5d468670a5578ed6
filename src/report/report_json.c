/*
 * JSON: one object with every layer and the totals. Sizes are lists, numbers are plain.
 *
 *     {"schema", "input", "inputs" where there are several,
 *      "layers": [{a key for each column}], "totals": {a key for each quantity},
 *      "training" with --train, "mismatches" of pasted code}
 */
#include <string.h>

#include "base/arena.h"
#include "base/shape_text.h"
#include "report/report.h"

/* Text is escaped while it is written. */
static void put_text(const cnn_report *report, const cnn_column *column, const cnn_row *row)
{
    cnn_out_char(report->out, '"');
    cnn_out_set_escape(report->out, CNN_ESCAPE_JSON);
    column->put(report, row, report->out);
    cnn_out_set_escape(report->out, CNN_ESCAPE_NONE);
    cnn_out_char(report->out, '"');
}

void cnn_json_value(const cnn_report *report, const cnn_column *column, const cnn_row *row)
{
    cnn_out *out = report->out;
    if (column->put != NULL) {
        put_text(report, column, row);
        return;
    }
    cnn_cell cell;
    cnn_cell_get(report, column, row, &cell);
    switch (cell.kind) {
    case CNN_CELL_INT:
        cnn_out_int(out, cell.number);
        break;
    case CNN_CELL_SHAPE:
        cnn_out_json_shape(out, &cell.shape);
        break;
    case CNN_CELL_FRACTION:
        /* a share is a number; a pair is a list, also where all axes have the same */
        cnn_pair_put(out, cell.fraction, column->share ? cell.count : cell.axes, !column->share);
        break;
    case CNN_CELL_BOOL:
        cnn_out_string(out, cell.number != 0 ? "true" : "false");
        break;
    case CNN_CELL_SPAN:
        cnn_out_char(out, '[');
        cnn_out_int(out, cell.span.begin);
        cnn_out_char(out, ',');
        cnn_out_int(out, cell.span.end);
        cnn_out_char(out, ']');
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

/* ,"name": */
static bool make_key(cnn_report *report, cnn_column *column)
{
    const cnn_text name = cnn_text_of(key_of(column));
    const size_t size = name.size + 4;
    char *key = cnn_arena_take(&report->scratch, size, 1);
    if (key == NULL) {
        return false;
    }
    memcpy(key, ",\"", 2);
    memcpy(key + 2, name.data, name.size);
    memcpy(key + 2 + name.size, "\":", 2);
    column->key = (cnn_text){key, size};
    return true;
}

static void put_row(const cnn_report *report, const cnn_row *row, cnn_json *json)
{
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = &report->columns[i];
        /* the first key goes without its comma */
        const size_t comma = i == 0 ? 1 : 0;
        cnn_out_bytes(report->out, column->key.data + comma, column->key.size - comma);
        cnn_json_value(report, column, row);
    }
    cnn_json_close(json, '}');
}

/* The totals need analyses that no column may have asked for; keys are made once for all rows. */
bool cnn_prepare_json(cnn_report *report, cnn_error *err)
{
    uint32_t needs = 0;
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        needs |= (cnn_quantities[i].shown & CNN_IN_TOTALS) != 0 ? cnn_quantities[i].needs : 0;
    }
    needs |= report->numbers.trains ? CNN_NEEDS_KEPT : 0;
    for (int32_t i = 0; i < report->column_count; i++) {
        if (!make_key(report, &report->columns[i])) {
            return cnn_fail_memory(err);
        }
    }
    return cnn_numbers_prepare(&report->numbers, needs, &report->scratch, err);
}

/* Whether a total is shown. What a forward pass takes is shown whole or not at all. */
static bool is_shown(const cnn_report *report, const cnn_quantity *what, bool memory_fits)
{
    const bool forward = what->with_input || (what->needs & CNN_NEEDS_MEMORY) != 0;
    return cnn_is_shown(what->shown, CNN_IN_TOTALS, report->net) && (memory_fits || !forward);
}

/* A total that a network without sizes cannot have is null: its key is there all the same. */
bool cnn_json_total(const cnn_report *report, const cnn_quantity *what, cnn_json *json)
{
    const cnn_subject all = cnn_subject_total(report->net);
    cnn_answer answer = {.kind = what->kind};
    const bool any =
        what->kind == CNN_QUANTITY_COUNT
            ? cnn_total_of(what, &report->numbers, &answer.count)
            : cnn_answer_of(what, &all, report->net->layers, &report->numbers, &answer);
    if (!any) {
        return false;
    }
    cnn_json_key(json, what->name);
    if (cnn_column_unsized(what, report->net)) {
        cnn_out_string(json->out, "null");
    } else if (answer.kind == CNN_QUANTITY_COUNT) {
        cnn_out_int(json->out, answer.count);
    } else if (answer.kind == CNN_QUANTITY_SIZE) {
        cnn_out_json_shape(json->out, &answer.shape);
    } else {
        cnn_pair_put(json->out, answer.pair, answer.axes, true);
    }
    return true;
}

void cnn_json_totals(const cnn_report *report, cnn_json *json)
{
    int64_t memory;
    const bool memory_fits = cnn_total_of(cnn_quantity_named("memory"), &report->numbers, &memory);
    cnn_json_break(json);
    cnn_json_open(json, "totals", '{');
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        const cnn_quantity *what = &cnn_quantities[i];
        if (is_shown(report, what, memory_fits)) {
            (void)cnn_json_total(report, what, json);
        }
    }
    cnn_json_close(json, '}');
}

void cnn_json_training(const cnn_report *report, cnn_json *json)
{
    /* the keys of "training", in the order of its sum */
    static const struct {
        const char *key, *quantity;
    } parts[] = {
        {"parameters", "train_params"},
        {"gradients", "gradients"},
        {"optimizer", "optimizer"},
        {"kept", "kept"},
        {"total", "train"},
    };
    cnn_json_break(json);
    cnn_json_open(json, "training", '{');
    for (size_t i = 0; i < CNN_LENGTH(parts); i++) {
        int64_t bytes;
        if (cnn_total_of(cnn_quantity_named(parts[i].quantity), &report->numbers, &bytes)) {
            cnn_json_int(json, parts[i].key, bytes);
        }
    }
    cnn_json_close(json, '}');
}

/* Of pasted code: numbers that differ from what enters. */
static void put_mismatches(const cnn_pasted *pasted, cnn_json *json)
{
    cnn_json_break(json);
    cnn_json_open(json, "mismatches", '[');
    for (const cnn_mismatch *m = pasted->mismatches; m != NULL; m = m->next) {
        cnn_json_break(json);
        cnn_json_open(json, NULL, '{');
        cnn_json_text(json, "layer", m->layer);
        cnn_json_string(json, "kind", m->kind);
        cnn_json_int(json, "declared", m->declared);
        cnn_json_int(json, "enters", m->enters);
        if (m->write > 0) {
            cnn_json_int(json, "write", m->write);
        } else {
            cnn_json_null(json, "write");
        }
        if (m->cause.size > 0) {
            cnn_json_text(json, "cause", m->cause);
        }
        cnn_json_close(json, '}');
    }
    cnn_json_close(json, ']');
}

void cnn_json_inputs(const cnn_report *report, cnn_json *json)
{
    const cnn_network *net = report->net;
    cnn_json_shape(json, "input", &net->layers[0].out);
    /* "input" is the first one, for readers who expect a single one */
    if (net->input_count == 1) {
        return;
    }
    cnn_json_break(json);
    cnn_json_open(json, "inputs", '[');
    for (int32_t i = 0; i < net->input_count; i++) {
        cnn_json_open(json, NULL, '{');
        cnn_json_text(json, "name", net->layers[i].label);
        cnn_json_shape(json, "shape", &net->layers[i].out);
        cnn_json_close(json, '}');
    }
    cnn_json_close(json, ']');
}

void cnn_write_json(cnn_report *report)
{
    cnn_json json = {.out = report->out};
    cnn_row row;
    report->with_input = false; /* it has its own key */
    cnn_json_begin(&json);
    cnn_json_inputs(report, &json);
    cnn_json_break(&json);
    cnn_json_open(&json, "layers", '[');
    for (int32_t at = 0; cnn_rows_next(report, &at, &row);) {
        put_row(report, &row, &json);
    }
    cnn_json_close(&json, ']');
    cnn_json_totals(report, &json);
    if (report->numbers.trains) {
        cnn_json_training(report, &json);
    }
    if (report->net->pasted != NULL) {
        put_mismatches(report->net->pasted, &json);
    }
    cnn_json_end(&json);
}
