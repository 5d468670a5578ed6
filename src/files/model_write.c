/* Models as TSV and CSV, and the choice of a format. */
#include "files/model_sheet.h"

static bool wants_quotes(cnn_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == ',' || text.data[i] == '"') {
            return true;
        }
    }
    return false;
}

static void put_row(const cnn_sheet *s, const cnn_call *c, int32_t number)
{
    if (c != NULL) {
        cnn_out_int(s->out, number);
    } else {
        cnn_out_string(s->out, "total");
    }
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        const cnn_model_column *column = &cnn_model_columns[i];
        cnn_out_char(s->out, s->format->separator);
        const bool quoted =
            s->format->quotes && column->text != NULL && c != NULL && wants_quotes(column->text(c));
        if (quoted) {
            cnn_out_char(s->out, '"');
            cnn_out_set_escape(s->out, CNN_ESCAPE_CSV);
        }
        cnn_sheet_put_cell(s, column, c, false, s->out);
        if (quoted) {
            cnn_out_set_escape(s->out, CNN_ESCAPE_NONE);
            cnn_out_char(s->out, '"');
        }
    }
    cnn_out_char(s->out, '\n');
}

static void write_delimited(cnn_sheet *s)
{
    cnn_out_string(s->out, "index");
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        cnn_out_char(s->out, s->format->separator);
        cnn_out_string(s->out, cnn_model_columns[i].name);
    }
    cnn_out_char(s->out, '\n');
    int32_t at = 0, number = 0;
    for (const cnn_call *c; (c = cnn_sheet_next_row(s, &at, &number)) != NULL;) {
        put_row(s, c, number);
    }
    put_row(s, NULL, 0);
}

bool cnn_model_write(const cnn_model *model, const cnn_report_options *options, cnn_arena scratch,
                     cnn_writer *to, cnn_error *err)
{
    (void)scratch;
    static void (*const writers[CNN_FORMATS])(cnn_sheet * s) = {
        [CNN_FORMAT_TABLE] = cnn_sheet_write_table,
        [CNN_FORMAT_TSV] = write_delimited,
        [CNN_FORMAT_CSV] = write_delimited,
        [CNN_FORMAT_JSON] = cnn_sheet_write_json,
    };
    cnn_out out;
    cnn_sheet s = {.model = model, .all = options->all, .width = options->width, .out = &out};
    s.format = cnn_format_for(options->format, CNN_TASK_MODEL, err);
    if (s.format == NULL) {
        return false;
    }
    cnn_out_open(&out, to);
    writers[s.format->kind](&s);
    return cnn_out_close(&out) || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}
