/* Models as a table for people. */
#include "files/model_sheet.h"

enum { WIDEST = 48 };

/* A cell as it is in the table, cut when it is wide. */
static int64_t measure(const cnn_sheet *s, const cnn_model_column *column, const cnn_call *c,
                       cnn_out *out)
{
    cnn_out_open(out, NULL);
    cnn_sheet_put_cell(s, column, c, true, out);
    if (column->text == NULL || out->count <= WIDEST) {
        return out->count;
    }
    /* The end of a name tells more than its beginning. */
    size_t at = out->used;
    for (int64_t points = 0; points < WIDEST - 3; at--) {
        points += ((unsigned char)out->buffer[at - 1] & 0xC0) != 0x80;
    }
    memmove(out->buffer + 3, out->buffer + at, out->used - at);
    memcpy(out->buffer, "...", 3);
    out->used = out->used - at + 3;
    return WIDEST;
}

static void put_padded(const cnn_sheet *s, const cnn_model_column *column, const cnn_call *c,
                       int64_t width)
{
    cnn_out cell;
    const int64_t used = measure(s, column, c, &cell);
    cnn_out_string(s->out, "  ");
    if (column->number != NULL) {
        cnn_out_fill(s->out, ' ', width - used);
    }
    cnn_out_bytes(s->out, cell.buffer, cell.used);
    if (column->number == NULL) {
        cnn_out_fill(s->out, ' ', width - used);
    }
}

static void put_ports(const cnn_sheet *s)
{
    for (int32_t i = 0; i < s->model->input_count; i++) {
        const cnn_port *port = &s->model->inputs[i];
        cnn_out_string(s->out, "input ");
        cnn_sheet_put_name(s->out, port->name->text);
        cnn_out_char(s->out, ' ');
        cnn_sheet_put_dims(s->out, &port->value->dims);
        cnn_out_char(s->out, '\n');
    }
    cnn_out_char(s->out, '\n');
}

void cnn_sheet_write_table(cnn_sheet *s)
{
    int64_t width[CNN_MODEL_COLUMNS];
    cnn_out cell;
    int32_t at = 0, rows = 0;
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        const int64_t total = measure(s, &cnn_model_columns[i], NULL, &cell);
        const int64_t title =
            cnn_model_columns[i].title == NULL ? 0 : (int64_t)strlen(cnn_model_columns[i].title);
        width[i] = total > title ? total : title;
    }
    for (const cnn_call *c; (c = cnn_sheet_next_row(s, &at, &rows)) != NULL;) {
        for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
            const int64_t used = cnn_model_columns[i].title == NULL
                                     ? 0
                                     : measure(s, &cnn_model_columns[i], c, &cell);
            width[i] = used > width[i] ? used : width[i];
        }
    }
    cnn_out_open(&cell, NULL);
    cnn_out_int(&cell, rows);
    const int64_t index = cell.count > 5 ? cell.count : 5; /* "total" */
    put_ports(s);
    cnn_out_fill(s->out, ' ', index - 1);
    cnn_out_char(s->out, '#');
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        if (cnn_model_columns[i].title != NULL) {
            const int64_t fill = width[i] - (int64_t)strlen(cnn_model_columns[i].title);
            cnn_out_fill(s->out, ' ', 2 + (cnn_model_columns[i].number != NULL ? fill : 0));
            cnn_out_string(s->out, cnn_model_columns[i].title);
            cnn_out_fill(s->out, ' ', cnn_model_columns[i].number != NULL ? 0 : fill);
        }
    }
    cnn_out_char(s->out, '\n');
    at = rows = 0;
    for (bool more = true; more;) {
        const cnn_call *c = cnn_sheet_next_row(s, &at, &rows);
        cnn_out_open(&cell, NULL);
        cnn_out_int(&cell, rows);
        cnn_out_fill(s->out, ' ', c == NULL ? index - 5 : index - cell.count);
        if (c == NULL) {
            cnn_out_string(s->out, "total");
        } else {
            cnn_out_int(s->out, rows);
        }
        for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
            if (cnn_model_columns[i].title != NULL) {
                put_padded(s, &cnn_model_columns[i], c, width[i]);
            }
        }
        cnn_out_char(s->out, '\n');
        more = c != NULL;
    }
}
