/* Models as JSON: every node, null for what is not known. */
#include "files/model_sheet.h"

static void put_string(cnn_out *out, cnn_text text)
{
    cnn_out_char(out, '"');
    cnn_out_set_escape(out, CNN_ESCAPE_JSON);
    cnn_sheet_put_name(out, text);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_char(out, '"');
}

static void put_key(cnn_out *out, const char *key)
{
    cnn_out_string(out, ",\"");
    cnn_out_string(out, key);
    cnn_out_string(out, "\":");
}

/* null for what is not known. */
static void put_number(cnn_out *out, int64_t n)
{
    if (n < 0) {
        cnn_out_string(out, "null");
    } else {
        cnn_out_int(out, n);
    }
}

static void put_list(cnn_out *out, const cnn_sizes *dims)
{
    cnn_out_string(out, dims->rank < 0 ? "null" : "[");
    for (int32_t i = 0; i < dims->rank; i++) {
        cnn_out_string(out, i > 0 ? "," : "");
        put_number(out, dims->size[i]);
    }
    cnn_out_string(out, dims->rank < 0 ? "" : "]");
}

static void put_port_list(cnn_out *out, const char *key, const cnn_port *ports, int32_t count)
{
    cnn_out_char(out, '"');
    cnn_out_string(out, key);
    cnn_out_string(out, "\":[");
    for (int32_t i = 0; i < count; i++) {
        cnn_out_string(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        put_string(out, ports[i].name == NULL ? (cnn_text){0} : ports[i].name->text);
        put_key(out, "shape");
        put_list(out, &ports[i].value->dims);
        cnn_out_char(out, '}');
    }
    cnn_out_string(out, "],\n ");
}

static void put_object(const cnn_sheet *s, const cnn_call *c, int32_t number)
{
    cnn_out_string(s->out, number > 1 ? ",\n  {\"index\":" : "\n  {\"index\":");
    cnn_out_int(s->out, number);
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        put_key(s->out, cnn_model_columns[i].name);
        if (cnn_model_columns[i].text != NULL) {
            put_string(s->out, cnn_model_columns[i].text(c));
        } else if (cnn_model_columns[i].dims != NULL) {
            put_list(s->out, cnn_model_columns[i].dims(c));
        } else {
            put_number(s->out, cnn_model_columns[i].number(c));
        }
    }
    cnn_out_char(s->out, '}');
}

void cnn_sheet_write_json(cnn_sheet *s)
{
    const cnn_model *m = s->model;
    cnn_out *out = s->out;
    int32_t at = 0, number = 0;
    s->all = true;
    cnn_out_char(out, '{');
    put_port_list(out, "inputs", m->inputs, m->input_count);
    put_port_list(out, "outputs", m->outputs, m->output_count);
    cnn_out_string(out, "\"layers\":[");
    for (const cnn_call *c; (c = cnn_sheet_next_row(s, &at, &number)) != NULL;) {
        put_object(s, c, number);
    }
    cnn_out_string(out, "],\n \"macs_lower_bound\":");
    cnn_out_string(out, m->unclear > 0 ? "true" : "false");
    cnn_out_string(out, ",\n \"totals\":{\"layers\":");
    cnn_out_int(out, number);
    put_key(out, "output");
    put_list(out, &m->output);
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        if (cnn_model_columns[i].total != NULL) {
            put_key(out, cnn_model_columns[i].name);
            cnn_out_int(out, cnn_model_columns[i].total(m));
        }
    }
    put_key(out, "flops");
    cnn_out_int(out, 2 * m->macs);
    put_key(out, "macs_of_activations");
    cnn_out_int(out, m->product_macs);
    put_key(out, "stored");
    cnn_out_int(out, m->onnx.stored);
    put_key(out, "stored_bytes");
    cnn_out_int(out, m->onnx.stored_bytes);
    cnn_out_string(out, "}}\n");
}
