/* Models as tables, for people and for programs. Names are what an exporter made of them: any byte
 * may be in them. */
#include "base/format.h"
#include "files/model.h"

typedef struct sheet {
    const cnn_model *model;
    const cnn_format *format;
    bool all;
    cnn_out *out;
} sheet;

/* ---- names ---- */

/* The bytes of the code point at `at`; 0: they are not UTF-8 (RFC 3629). */
static size_t point_size(cnn_text text, size_t at)
{
    const unsigned char *p = (const unsigned char *)text.data + at;
    const size_t left = text.size - at;
    const size_t size = p[0] < 0x80                   ? 1
                        : p[0] >= 0xC2 && p[0] < 0xE0 ? 2
                        : p[0] >= 0xE0 && p[0] < 0xF0 ? 3
                        : p[0] >= 0xF0 && p[0] < 0xF5 ? 4
                                                      : 0;
    if (size == 0 || size > left) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((p[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool low = (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xF0 && p[1] < 0x90);
    const bool high = (p[0] == 0xED && p[1] > 0x9F) || (p[0] == 0xF4 && p[1] > 0x8F);
    return low || high ? 0 : size;
}

/* A name with '?' for what would disturb; JSON escapes control characters by itself. */
static void put_name(cnn_out *out, cnn_text name)
{
    for (size_t at = 0; at < name.size;) {
        const size_t size = point_size(name, at);
        const unsigned char c = (unsigned char)name.data[at];
        if (size == 0) {
            cnn_out_string(out, "\xEF\xBF\xBD"); /* the replacement character */
        } else if (size == 1 && (c < ' ' || c == 0x7F) && out->escape != CNN_ESCAPE_JSON) {
            cnn_out_char(out, '?');
        } else {
            cnn_out_bytes(out, name.data + at, size);
        }
        at += size > 0 ? size : 1;
    }
}

static void put_dims(cnn_out *out, const cnn_sizes *dims)
{
    for (int32_t i = 0; i < dims->rank; i++) {
        if (i > 0) {
            cnn_out_char(out, 'x');
        }
        if (dims->size[i] < 0) {
            cnn_out_char(out, '?');
        } else {
            cnn_out_int(out, dims->size[i]);
        }
    }
    cnn_out_string(out, dims->rank < 0 ? "?" : dims->rank == 0 ? "scalar" : "");
}

/* ---- columns ---- */

typedef struct model_column {
    const char *name, *title; /* title NULL: not in the table */
    cnn_text (*text)(const cnn_call *c);
    const cnn_sizes *(*dims)(const cnn_call *c);
    int64_t (*number)(const cnn_call *c); /* CNN_SOME: unknown */
    int64_t (*total)(const cnn_model *m);
} model_column;

static cnn_text kind_of(const cnn_call *c)
{
    return c->node->op->text;
}

static cnn_text value_of(const cnn_call *c)
{
    return c->outs > 0 && c->out[0]->name != NULL ? c->out[0]->name->text : (cnn_text){0};
}

static const cnn_sizes *output_of(const cnn_call *c)
{
    static const cnn_sizes none = {CNN_SOME, {0}};
    return c->outs > 0 ? &c->out[0]->dims : &none;
}

static int64_t weights_of(const cnn_call *c)
{
    return c->weights;
}
static int64_t biases_of(const cnn_call *c)
{
    return c->biases;
}
static int64_t params_of(const cnn_call *c)
{
    return c->weights + c->biases;
}
static int64_t statistics_of(const cnn_call *c)
{
    return c->statistics;
}
static int64_t macs_of(const cnn_call *c)
{
    return c->unclear ? CNN_SOME : c->macs;
}
static int64_t bytes_of(const cnn_call *c)
{
    return c->weight_bytes;
}

static int64_t all_weights(const cnn_model *m)
{
    return m->weights;
}
static int64_t all_biases(const cnn_model *m)
{
    return m->biases;
}
static int64_t all_params(const cnn_model *m)
{
    return m->params;
}
static int64_t all_statistics(const cnn_model *m)
{
    return m->statistics;
}
static int64_t all_macs(const cnn_model *m)
{
    return m->macs;
}
static int64_t all_bytes(const cnn_model *m)
{
    return m->weight_bytes;
}

static const model_column columns[] = {
    {.name = "layer", .title = "node", .text = cnn_call_name},
    {.name = "kind", .title = "operator", .text = kind_of},
    {.name = "value", .text = value_of},
    {.name = "output", .title = "output", .dims = output_of},
    {.name = "params", .title = "params", .number = params_of, .total = all_params},
    {.name = "weights", .number = weights_of, .total = all_weights},
    {.name = "biases", .number = biases_of, .total = all_biases},
    {.name = "statistics", .number = statistics_of, .total = all_statistics},
    {.name = "bytes", .number = bytes_of, .total = all_bytes},
    {.name = "macs", .title = "MACs", .number = macs_of, .total = all_macs},
};

/* The next call that has a row, counted from 1; NULL: there is none. */
static const cnn_call *next_row(const sheet *s, int32_t *at, int32_t *number)
{
    while (*at < s->model->machine.count) {
        const cnn_call *c = &s->model->machine.calls[(*at)++];
        if (s->all ? !c->hidden && !c->function : cnn_call_costs(c)) {
            ++*number;
            return c;
        }
    }
    return NULL;
}

/* A cell of a row, or with c NULL of the total. */
static void put_cell(const sheet *s, const model_column *column, const cnn_call *c, bool grouped,
                     cnn_out *out)
{
    if (column->text != NULL) {
        put_name(out, c == NULL ? (cnn_text){0} : column->text(c));
    } else if (column->dims != NULL) {
        put_dims(out, c != NULL ? column->dims(c) : &s->model->output);
    } else {
        const int64_t n = c != NULL ? column->number(c) : column->total(s->model);
        if (n < 0) {
            cnn_out_char(out, '?');
        } else if (grouped) {
            cnn_out_grouped(out, n);
        } else {
            cnn_out_int(out, n);
        }
    }
}

/* ---- the table ---- */

enum { WIDEST = 48 };

/* A cell as it is in the table, cut when it is wide. */
static int64_t measure(const sheet *s, const model_column *column, const cnn_call *c, cnn_out *out)
{
    cnn_out_open(out, NULL);
    put_cell(s, column, c, true, out);
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

static void put_padded(const sheet *s, const model_column *column, const cnn_call *c, int64_t width)
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

static void put_ports(const sheet *s)
{
    for (int32_t i = 0; i < s->model->input_count; i++) {
        const cnn_port *port = &s->model->inputs[i];
        cnn_out_string(s->out, "input ");
        put_name(s->out, port->name->text);
        cnn_out_char(s->out, ' ');
        put_dims(s->out, &port->value->dims);
        cnn_out_char(s->out, '\n');
    }
    cnn_out_char(s->out, '\n');
}

static void write_table(sheet *s)
{
    int64_t width[CNN_LENGTH(columns)];
    cnn_out cell;
    int32_t at = 0, rows = 0;
    for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
        const int64_t total = measure(s, &columns[i], NULL, &cell);
        const int64_t title = columns[i].title == NULL ? 0 : (int64_t)strlen(columns[i].title);
        width[i] = total > title ? total : title;
    }
    for (const cnn_call *c; (c = next_row(s, &at, &rows)) != NULL;) {
        for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
            const int64_t used = columns[i].title == NULL ? 0 : measure(s, &columns[i], c, &cell);
            width[i] = used > width[i] ? used : width[i];
        }
    }
    cnn_out_open(&cell, NULL);
    cnn_out_int(&cell, rows);
    const int64_t index = cell.count > 5 ? cell.count : 5; /* "total" */
    put_ports(s);
    cnn_out_fill(s->out, ' ', index - 1);
    cnn_out_char(s->out, '#');
    for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
        if (columns[i].title != NULL) {
            const int64_t fill = width[i] - (int64_t)strlen(columns[i].title);
            cnn_out_fill(s->out, ' ', 2 + (columns[i].number != NULL ? fill : 0));
            cnn_out_string(s->out, columns[i].title);
            cnn_out_fill(s->out, ' ', columns[i].number != NULL ? 0 : fill);
        }
    }
    cnn_out_char(s->out, '\n');
    at = rows = 0;
    for (bool more = true; more;) {
        const cnn_call *c = next_row(s, &at, &rows);
        cnn_out_open(&cell, NULL);
        cnn_out_int(&cell, rows);
        cnn_out_fill(s->out, ' ', c == NULL ? index - 5 : index - cell.count);
        if (c == NULL) {
            cnn_out_string(s->out, "total");
        } else {
            cnn_out_int(s->out, rows);
        }
        for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
            if (columns[i].title != NULL) {
                put_padded(s, &columns[i], c, width[i]);
            }
        }
        cnn_out_char(s->out, '\n');
        more = c != NULL;
    }
}

/* ---- TSV and CSV ---- */

static bool wants_quotes(cnn_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == ',' || text.data[i] == '"') {
            return true;
        }
    }
    return false;
}

static void put_row(const sheet *s, const cnn_call *c, int32_t number)
{
    if (c != NULL) {
        cnn_out_int(s->out, number);
    } else {
        cnn_out_string(s->out, "total");
    }
    for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
        const model_column *column = &columns[i];
        cnn_out_char(s->out, s->format->separator);
        const bool quoted =
            s->format->quotes && column->text != NULL && c != NULL && wants_quotes(column->text(c));
        if (quoted) {
            cnn_out_char(s->out, '"');
            cnn_out_set_escape(s->out, CNN_ESCAPE_CSV);
        }
        put_cell(s, column, c, false, s->out);
        if (quoted) {
            cnn_out_set_escape(s->out, CNN_ESCAPE_NONE);
            cnn_out_char(s->out, '"');
        }
    }
    cnn_out_char(s->out, '\n');
}

static void write_delimited(sheet *s)
{
    cnn_out_string(s->out, "index");
    for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
        cnn_out_char(s->out, s->format->separator);
        cnn_out_string(s->out, columns[i].name);
    }
    cnn_out_char(s->out, '\n');
    int32_t at = 0, number = 0;
    for (const cnn_call *c; (c = next_row(s, &at, &number)) != NULL;) {
        put_row(s, c, number);
    }
    put_row(s, NULL, 0);
}

/* ---- JSON ---- */

static void put_string(cnn_out *out, cnn_text text)
{
    cnn_out_char(out, '"');
    cnn_out_set_escape(out, CNN_ESCAPE_JSON);
    put_name(out, text);
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

static void put_object(const sheet *s, const cnn_call *c, int32_t number)
{
    cnn_out_string(s->out, number > 1 ? ",\n  {\"index\":" : "\n  {\"index\":");
    cnn_out_int(s->out, number);
    for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
        put_key(s->out, columns[i].name);
        if (columns[i].text != NULL) {
            put_string(s->out, columns[i].text(c));
        } else if (columns[i].dims != NULL) {
            put_list(s->out, columns[i].dims(c));
        } else {
            put_number(s->out, columns[i].number(c));
        }
    }
    cnn_out_char(s->out, '}');
}

/* Every node, as with "all". */
static void write_json(sheet *s)
{
    const cnn_model *m = s->model;
    cnn_out *out = s->out;
    int32_t at = 0, number = 0;
    s->all = true;
    cnn_out_char(out, '{');
    put_port_list(out, "inputs", m->inputs, m->input_count);
    put_port_list(out, "outputs", m->outputs, m->output_count);
    cnn_out_string(out, "\"layers\":[");
    for (const cnn_call *c; (c = next_row(s, &at, &number)) != NULL;) {
        put_object(s, c, number);
    }
    cnn_out_string(out, "],\n \"macs_lower_bound\":");
    cnn_out_string(out, m->unclear > 0 ? "true" : "false");
    cnn_out_string(out, ",\n \"totals\":{\"layers\":");
    cnn_out_int(out, number);
    put_key(out, "output");
    put_list(out, &m->output);
    for (size_t i = 0; i < CNN_LENGTH(columns); i++) {
        if (columns[i].total != NULL) {
            put_key(out, columns[i].name);
            cnn_out_int(out, columns[i].total(m));
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

bool cnn_model_write(const cnn_model *model, const cnn_report_options *options, cnn_arena scratch,
                     cnn_writer *to, cnn_error *err)
{
    (void)scratch;
    static void (*const writers[CNN_FORMATS])(sheet * s) = {
        [CNN_FORMAT_TABLE] = write_table,
        [CNN_FORMAT_TSV] = write_delimited,
        [CNN_FORMAT_CSV] = write_delimited,
        [CNN_FORMAT_JSON] = write_json,
    };
    cnn_out out;
    sheet s = {.model = model, .all = options->all, .out = &out};
    s.format = cnn_format_for(options->format, CNN_TASK_MODEL, err);
    if (s.format == NULL) {
        return false;
    }
    cnn_out_open(&out, to);
    writers[s.format->kind](&s);
    return cnn_out_close(&out) || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}

/* ---- remarks ---- */

/* What is different, and what onnxruntime does: {d} is its shape. */
static const struct {
    const char *ours, *theirs;
} deviations[CNN_NOTE_KINDS] = {
    [CNN_NOTE_VALID_CEIL] = {"VALID leaves ceil_mode without effect", "rounds up"},
    [CNN_NOTE_SAME_DILATION] = {"SAME keeps ceil(input / stride) whatever the dilation",
                                "pads as if there were none"},
    [CNN_NOTE_SAME_REFUSED] = {"SAME keeps ceil(input / stride) whatever the dilation",
                               "refuses to run it"},
    [CNN_NOTE_TRANSPOSED_SAME] = {"SAME makes input x stride",
                                  "makes no more than the windows cover"},
    [CNN_NOTE_WINDOW] = {"the window is larger than its padded input, so nothing is left",
                         "rounds towards zero"},
    [CNN_NOTE_ROI] = {"the region of interest scales the size", "leaves it out of the size"},
};

static void put_note(cnn_out *out, const cnn_note *note)
{
    put_name(out, note->call->node->op->text);
    cnn_out_string(out, " '");
    put_name(out, cnn_call_name(note->call));
    cnn_out_string(out, "': ");
    cnn_out_string(out, deviations[note->kind].ours);
    cnn_out_string(out, " (");
    put_dims(out, output_of(note->call));
    cnn_out_string(out, "); onnxruntime ");
    cnn_out_string(out, deviations[note->kind].theirs);
    if (!cnn_sizes_equal(&note->theirs, output_of(note->call))) {
        cnn_out_string(out, " (");
        put_dims(out, &note->theirs);
        cnn_out_char(out, ')');
    }
    cnn_out_char(out, '\n');
}

static void put_counted(cnn_out *out, int64_t count, const char *one, const char *many)
{
    cnn_out_int(out, count);
    cnn_out_string(out, count == 1 ? one : many);
}

static void put_unknown(cnn_out *out, const cnn_model *m)
{
    const cnn_call *c = m->first_unclear;
    if (m->shapeless > 0) {
        put_counted(out, m->shapeless, " node makes", " nodes make");
        cnn_out_string(out, " something whose shape is known only when it runs");
    } else {
        put_counted(out, m->unclear, " node has", " nodes have");
        cnn_out_string(out, " an unknown number of MACs");
    }
    cnn_out_string(out, ", the first is ");
    put_name(out, c->node->op->text);
    cnn_out_string(out, " '");
    put_name(out, cnn_call_name(c));
    cnn_out_string(out, m->unclear > 0 ? "'; the MACs are a lower bound\n" : "'\n");
}

bool cnn_model_write_remarks(const cnn_model *m, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    for (const cnn_note *note = m->machine.notes; note != NULL; note = note->next) {
        put_note(&out, note);
    }
    if (m->unclear > 0 || m->shapeless > 0) {
        put_unknown(&out, m);
    }
    if (m->onnx.missing > 0) {
        cnn_out_string(&out, "the data of ");
        put_counted(&out, m->onnx.missing, " constant is", " constants is");
        cnn_out_string(&out, " in another file, which is not read\n");
    }
    return cnn_out_close(&out);
}
