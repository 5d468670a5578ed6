/* An explanation as JSON: what the text has, as data. The keys are explained in docs/json.md. */
#include "base/json.h"
#include "explain/explain.h"

/* What a layer has before its working: columns of the report, by their names. */
static const char *const names[] = {"index", "layer", "path", "kind", "aux", "span"};

enum { NAMES = (int)CNN_LENGTH(names) };

/* In text it may have two lines. */
static void put_convention(cnn_working *to, const char *sentence)
{
    cnn_json_break(to->json);
    cnn_json_quote(to->json, NULL);
    for (const char *p = sentence; *p != '\0'; p++) {
        cnn_out_char(to->out, *p == '\n' ? ' ' : *p);
    }
    cnn_json_unquote(to->json);
}

static void put_layer(const cnn_report *report, const cnn_column *columns, const cnn_row *row,
                      int32_t twin, cnn_json *json)
{
    const cnn_layer *layer = row->layer;
    for (int32_t i = 0; i < NAMES; i++) {
        cnn_json_key(json, names[i]);
        cnn_json_value(report, &columns[i], row);
    }
    cnn_json_open(json, "inputs", '[');
    for (int32_t i = 0; i < layer->source_count; i++) {
        cnn_json_shape(json, NULL, &report->net->layers[layer->sources[i]].out);
    }
    cnn_json_close(json, ']');
    cnn_json_shape(json, "output", &layer->out);
    if (twin != layer->index) {
        cnn_json_int(json, "as", twin - report->net->input_count + 1);
    } else {
        cnn_json_null(json, "as");
    }
}

static bool put_layers(const cnn_report *report, cnn_working *to, cnn_error *err)
{
    cnn_report inner = *report;
    cnn_column columns[NAMES];
    cnn_twins twins;
    cnn_row row, whole = {0}; /* the row that the layer is part of */
    int32_t next = 0;
    inner.every_layer = true;
    inner.machine = true;
    inner.with_input = false;
    for (int32_t i = 0; i < NAMES; i++) {
        (void)cnn_column_find(cnn_text_of(names[i]), &columns[i]);
    }
    if (!cnn_twins_begin(&twins, report->net, &inner.scratch)) {
        return cnn_fail_memory(err);
    }
    for (int32_t at = 0; cnn_rows_next(&inner, &at, &row);) {
        cnn_json_break(to->json);
        cnn_json_open(to->json, NULL, '{');
        while (whole.end <= row.first && cnn_rows_next(report, &next, &whole)) {
        }
        cnn_json_int(to->json, "row", whole.number);
        put_layer(&inner, columns, &row, cnn_twins_find(&twins, &report->numbers, row.first),
                  to->json);
        cnn_json_open(to->json, "lines", '[');
        if (!cnn_explain_steps(&inner, row.first, false, to, err)) {
            return false;
        }
        cnn_json_close(to->json, ']');
        cnn_json_close(to->json, '}');
    }
    return true;
}

bool cnn_explain_json(const cnn_report *report, cnn_working *to, cnn_error *err)
{
    cnn_json json = {.out = to->out};
    to->json = &json;
    cnn_json_begin(&json);
    cnn_json_inputs(report, &json);
    cnn_json_break(&json);
    cnn_json_open(&json, "conventions", '[');
    cnn_explain_conventions(report, put_convention, to);
    cnn_json_close(&json, ']');
    cnn_json_break(&json);
    cnn_json_open(&json, "layers", '[');
    const bool done = put_layers(report, to, err);
    cnn_json_close(&json, ']');
    cnn_json_break(&json);
    cnn_json_open(&json, "totals", '[');
    if (cnn_explain_has_sums(report)) {
        cnn_explain_totals(report, to);
    }
    cnn_json_close(&json, ']');
    cnn_json_end(&json);
    to->json = NULL;
    return done;
}
