/* Models as a table for people. */
#include "files/model_sheet.h"

enum { WIDEST = 48, SHORT_NAME = 16, SHORTEST_NAME = 8, GAP = 2 };

/* A cell as it is in the table, cut when it is a name wider than `widest`. */
static int64_t measure(const cnn_sheet *s, const cnn_model_column *column, const cnn_call *c,
                       int64_t widest, cnn_out *out)
{
    cnn_out_open(out, NULL);
    cnn_sheet_put_cell(s, column, c, true, out);
    if (column->text == NULL || cnn_out_columns(out) <= widest) {
        return cnn_out_columns(out);
    }
    /* The end of a name tells more than its beginning; of a short one both are needed. */
    const int64_t head = widest < WIDEST ? (widest - 3) / 2 : 0;
    const cnn_text kept = {out->buffer, out->used};
    int64_t letters = 0; /* that the buffer had room for */
    for (size_t i = 0; i < out->used; i++) {
        letters += ((unsigned char)out->buffer[i] & 0xC0) != 0x80;
    }
    const size_t begin = cnn_text_after(kept, 0, head);
    const size_t end = cnn_text_after(kept, begin, letters - (widest - 3));
    memmove(out->buffer + begin + 3, out->buffer + end, out->used - end);
    memcpy(out->buffer + begin, "...", 3);
    out->used = begin + 3 + out->used - end;
    return widest;
}

static void put_padded(const cnn_sheet *s, const cnn_model_column *column, const cnn_call *c,
                       int64_t width)
{
    cnn_out cell;
    const int64_t used = measure(s, column, c, width, &cell);
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

/* Whether a column is in the table: it has a title, and did not give way. */
static bool is_shown(const int64_t *width, size_t i)
{
    return cnn_model_columns[i].title != NULL && width[i] > 0;
}

static int64_t excess(const cnn_sheet *s, const int64_t *width, int64_t index)
{
    int64_t used = index;
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        used += is_shown(width, i) ? GAP + width[i] : 0;
    }
    return s->width > 0 ? used - s->width : 0;
}

static void shorten(const cnn_sheet *s, int64_t *width, int64_t index, int64_t least)
{
    const int64_t missing = excess(s, width, index);
    if (missing > 0 && width[0] > least) {
        width[0] = width[0] - missing > least ? width[0] - missing : least;
    }
}

static void drop(const cnn_sheet *s, int64_t *width, int64_t index, const char *name)
{
    for (size_t i = 0; i < CNN_MODEL_COLUMNS && excess(s, width, index) > 0; i++) {
        width[i] = strcmp(cnn_model_columns[i].name, name) == 0 ? 0 : width[i];
    }
}

/* On a terminal names are shortened, then operators and MACs give way; outputs and parameters never
 * do. */
static void fit(const cnn_sheet *s, int64_t *width, int64_t index)
{
    shorten(s, width, index, SHORT_NAME);
    drop(s, width, index, "kind");
    drop(s, width, index, "macs");
    shorten(s, width, index, SHORTEST_NAME);
}

static void put_hidden(const cnn_sheet *s, const int64_t *width)
{
    const char *before = "\nnot shown: ";
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        if (cnn_model_columns[i].title != NULL && width[i] == 0) {
            cnn_out_string(s->out, before);
            cnn_out_string(s->out, cnn_model_columns[i].title);
            before = ", ";
        }
    }
    cnn_out_string(s->out, before[0] == ',' ? "\n" : "");
}

/* The columns' widths; returns how many rows there are. */
static int32_t measure_all(const cnn_sheet *s, int64_t *width)
{
    cnn_out cell;
    int32_t at = 0, rows = 0;
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        const int64_t total = measure(s, &cnn_model_columns[i], NULL, WIDEST, &cell);
        const int64_t title =
            cnn_model_columns[i].title == NULL ? 0 : (int64_t)strlen(cnn_model_columns[i].title);
        width[i] = total > title ? total : title;
    }
    for (const cnn_call *c; (c = cnn_sheet_next_row(s, &at, &rows)) != NULL;) {
        for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
            const int64_t used = cnn_model_columns[i].title == NULL
                                     ? 0
                                     : measure(s, &cnn_model_columns[i], c, WIDEST, &cell);
            width[i] = used > width[i] ? used : width[i];
        }
    }
    return rows;
}

void cnn_sheet_write_table(cnn_sheet *s)
{
    int64_t width[CNN_MODEL_COLUMNS];
    cnn_out cell;
    int32_t at, rows = measure_all(s, width);
    cnn_out_open(&cell, NULL);
    cnn_out_int(&cell, rows);
    const int64_t index = cnn_out_columns(&cell) > 5 ? cnn_out_columns(&cell) : 5; /* "total" */
    fit(s, width, index);
    put_ports(s);
    cnn_out_fill(s->out, ' ', index - 1);
    cnn_out_char(s->out, '#');
    for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
        if (is_shown(width, i)) {
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
        cnn_out_fill(s->out, ' ', c == NULL ? index - 5 : index - cnn_out_columns(&cell));
        if (c == NULL) {
            cnn_out_string(s->out, "total");
        } else {
            cnn_out_int(s->out, rows);
        }
        for (size_t i = 0; i < CNN_MODEL_COLUMNS; i++) {
            if (is_shown(width, i)) {
                put_padded(s, &cnn_model_columns[i], c, width[i]);
            }
        }
        cnn_out_char(s->out, '\n');
        more = c != NULL;
    }
    put_hidden(s, width);
}
