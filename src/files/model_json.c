/* Models as JSON: every node, null for what is not known. */
#include "base/json.h"
#include "files/model_sheet.h"

static void put_name(cnn_json *json, const char *key, cnn_text name)
{
    cnn_json_quote(json, key);
    cnn_sheet_put_name(json->out, name);
    cnn_json_unquote(json);
}

/* null for what is not known. */
static void put_number(cnn_json *json, const char *key, int64_t n)
{
    if (n < 0) {
        cnn_json_null(json, key);
    } else {
        cnn_json_int(json, key, n);
    }
}

static void put_dims(cnn_json *json, const char *key, const cnn_sizes *dims)
{
    if (dims->rank < 0) {
        cnn_json_null(json, key);
        return;
    }
    cnn_json_open(json, key, '[');
    for (int32_t i = 0; i < dims->rank; i++) {
        put_number(json, NULL, dims->size[i]);
    }
    cnn_json_close(json, ']');
}

static void put_ports(cnn_json *json, const char *key, const cnn_port *ports, int32_t count)
{
    cnn_json_open(json, key, '[');
    for (int32_t i = 0; i < count; i++) {
        cnn_json_open(json, NULL, '{');
        put_name(json, "name", ports[i].name == NULL ? (cnn_text){0} : ports[i].name->text);
        put_dims(json, "shape", &ports[i].value->dims);
        cnn_json_close(json, '}');
    }
    cnn_json_close(json, ']');
    cnn_json_break(json);
}

static void put_row(cnn_json *json, const cnn_call *c, int32_t number)
{
    cnn_json_break(json);
    cnn_json_open(json, NULL, '{');
    cnn_json_int(json, "index", number);
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        const cnn_model_column *column = &cnn_model_columns[i];
        if (column->text != NULL) {
            put_name(json, column->name, column->text(c));
        } else if (column->dims != NULL) {
            put_dims(json, column->name, column->dims(c));
        } else {
            put_number(json, column->name, column->number(c));
        }
    }
    cnn_json_close(json, '}');
}

static void put_totals(cnn_json *json, const cnn_model *m, int32_t rows)
{
    cnn_json_break(json);
    cnn_json_open(json, "totals", '{');
    cnn_json_int(json, "layers", rows);
    put_dims(json, "output", &m->output);
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        if (cnn_model_columns[i].total != NULL) {
            cnn_json_int(json, cnn_model_columns[i].name, cnn_model_columns[i].total(m));
        }
    }
    cnn_json_int(json, "flops", 2 * m->macs);
    cnn_json_int(json, "macs_of_activations", m->product_macs);
    cnn_json_int(json, "stored", m->onnx.stored);
    cnn_json_int(json, "stored_bytes", m->onnx.stored_bytes);
    cnn_json_close(json, '}');
}

void cnn_sheet_write_json(cnn_sheet *s)
{
    const cnn_model *m = s->model;
    cnn_json json = {.out = s->out};
    int32_t at = 0, number = 0;
    s->all = true;
    cnn_json_begin(&json);
    put_ports(&json, "inputs", m->inputs, m->input_count);
    put_ports(&json, "outputs", m->outputs, m->output_count);
    cnn_json_open(&json, "layers", '[');
    for (const cnn_call *c; (c = cnn_sheet_next_row(s, &at, &number)) != NULL;) {
        put_row(&json, c, number);
    }
    cnn_json_close(&json, ']');
    cnn_json_break(&json);
    cnn_json_bool(&json, "macs_lower_bound", m->unclear > 0);
    put_totals(&json, m, number);
    cnn_json_end(&json);
}
