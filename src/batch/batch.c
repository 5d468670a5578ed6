/* Many lists, a row each: every list is read like a single one, only the memory is used again. */
#include "batch/batch.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/shape_text.h"
#include "net/memory.h"

/* How rows are written. */
typedef struct dialect {
    const char *name;
    bool json;
    bool quotes; /* around text */
    char separator;
} dialect;

static const dialect dialects[] = {
    {.name = "tsv", .separator = '\t'},
    {.name = "csv", .separator = ',', .quotes = true},
    {.name = "json", .separator = ',', .json = true},
};

enum { MAX_COLUMNS = 32 };

struct cnn_batch {
    cnn_settings settings;
    const dialect *dialect;
    const cnn_batch_column *columns[MAX_COLUMNS];
    int32_t column_count;
    bool activations; /* a column asks for them */
};

/* ---- options ---- */

static bool choose_format(cnn_batch *batch, cnn_text format, cnn_error *err)
{
    for (size_t i = 0; i < CNN_LENGTH(dialects); i++) {
        if (format.size == 0 || cnn_text_is(format, dialects[i].name)) {
            batch->dialect = &dialects[i];
            return true;
        }
    }
    err->source = CNN_SOURCE_FORMAT;
    return cnn_fail_words(err, CNN_E_BATCH_FORMAT, (cnn_span){0, (uint32_t)format.size}, format,
                          (cnn_text){0});
}

static const cnn_batch_column *find_column(cnn_text name, cnn_nearest *nearest)
{
    for (size_t i = 0; i < cnn_batch_column_count; i++) {
        if (cnn_text_is(name, cnn_batch_columns[i].name)) {
            return &cnn_batch_columns[i];
        }
        cnn_nearest_offer(nearest, cnn_text_of(cnn_batch_columns[i].name));
    }
    return NULL;
}

/* A column that is named twice is shown once. */
static void add_column(cnn_batch *batch, const cnn_batch_column *column)
{
    for (int32_t i = 0; i < batch->column_count; i++) {
        if (batch->columns[i] == column) {
            return;
        }
    }
    batch->columns[batch->column_count++] = column;
    batch->activations = batch->activations || column->activations;
}

static void add_standard(cnn_batch *batch, bool wanted, bool text)
{
    for (size_t i = 0; wanted && i < cnn_batch_column_count; i++) {
        const cnn_batch_column *column = &cnn_batch_columns[i];
        if (column->standard && (column->text != NULL) == text) {
            add_column(batch, column);
        }
    }
}

/* "a,b" names the columns; "+a" anywhere adds to the default, in front of the error. */
static bool choose_columns(cnn_batch *batch, cnn_text all, cnn_error *err)
{
    bool adds = all.size == 0;
    for (size_t i = 0; i < all.size; i++) {
        adds = adds || all.data[i] == '+';
    }
    add_standard(batch, adds, false);
    for (cnn_text rest = all; rest.size > 0;) {
        cnn_text name = cnn_text_trim(cnn_text_split(&rest, ','));
        if (name.size > 0 && name.data[0] == '+') {
            name = (cnn_text){name.data + 1, name.size - 1};
        }
        cnn_nearest nearest = cnn_nearest_to(name);
        const cnn_batch_column *column = find_column(name, &nearest);
        if (column == NULL) {
            const uint32_t begin = (uint32_t)(name.data - all.data);
            err->source = CNN_SOURCE_COLUMNS;
            return cnn_fail_words(err, name.size > 0 ? CNN_E_COLUMN : CNN_E_NO_COLUMNS,
                                  (cnn_span){begin, begin + (uint32_t)name.size}, name,
                                  nearest.best);
        }
        add_column(batch, column);
    }
    add_standard(batch, adds, true);
    return true;
}

/* An input that is wrong is wrong for every line; a list that does nothing shows it. */
static bool check_input(const cnn_batch *batch, cnn_arena scratch, cnn_error *err)
{
    const cnn_settings settings = {.vocabulary = batch->settings.vocabulary,
                                   .input = batch->settings.standard_input};
    cnn_network net;
    return cnn_network_read(&scratch, cnn_text_of("id"), &settings, &net, err);
}

const cnn_batch *cnn_batch_make(cnn_arena *arena, const cnn_batch_options *options, cnn_error *err)
{
    cnn_batch *batch = CNN_NEW(arena, cnn_batch);
    const cnn_vocabulary *vocabulary = cnn_vocabulary_make(arena);
    if (batch == NULL || vocabulary == NULL) {
        cnn_fail_memory(err);
        return NULL;
    }
    batch->settings = (cnn_settings){.vocabulary = vocabulary,
                                     .standard_input = options->input,
                                     .defines = options->defines,
                                     .define_count = options->define_count};
    const bool done = choose_format(batch, options->format, err) &&
                      choose_columns(batch, options->columns, err) &&
                      check_input(batch, *arena, err);
    return done ? batch : NULL;
}

/* ---- rows ---- */

bool cnn_batch_write_header(const cnn_batch *batch, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    for (int32_t i = 0; i < batch->column_count && !batch->dialect->json; i++) {
        if (i > 0) {
            cnn_out_char(&out, batch->dialect->separator);
        }
        cnn_out_string(&out, batch->columns[i]->name);
    }
    if (!batch->dialect->json) {
        cnn_out_char(&out, '\n');
    }
    return cnn_out_close(&out);
}

/* [64,112,112] */
static void put_json_shape(cnn_out *out, const cnn_shape *shape)
{
    cnn_out_char(out, '[');
    cnn_out_int(out, shape->channels);
    for (int32_t i = 0; i < shape->axes; i++) {
        cnn_out_char(out, ',');
        cnn_out_int(out, shape->side[i]);
    }
    cnn_out_char(out, ']');
}

static void put_text(const dialect *d, const cnn_batch_column *column, const cnn_batch_row *row,
                     cnn_out *out)
{
    if (!d->json && !d->quotes) {
        column->text(row, out); /* errors hold no tabs */
        return;
    }
    cnn_out_char(out, '"');
    cnn_out_set_escape(out, d->json ? CNN_ESCAPE_JSON : CNN_ESCAPE_CSV);
    column->text(row, out);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_char(out, '"');
}

static void put_cell(const dialect *d, const cnn_batch_column *column, const cnn_batch_row *row,
                     cnn_out *out)
{
    if (!column->has(row)) {
        cnn_out_string(out, d->json ? "null" : "");
    } else if (column->number != NULL) {
        cnn_out_int(out, column->number(row));
    } else if (column->shape != NULL) {
        (d->json ? put_json_shape : cnn_out_shape)(out, column->shape(row));
    } else {
        put_text(d, column, row, out);
    }
}

static bool put_row(const cnn_batch *batch, const cnn_batch_row *row, cnn_writer *to)
{
    const dialect *d = batch->dialect;
    cnn_out out;
    cnn_out_open(&out, to);
    for (int32_t i = 0; i < batch->column_count; i++) {
        const cnn_batch_column *column = batch->columns[i];
        if (d->json) {
            cnn_out_string(&out, i > 0 ? ",\"" : "{\"");
            cnn_out_string(&out, column->name);
            cnn_out_string(&out, "\":");
        } else if (i > 0) {
            cnn_out_char(&out, d->separator);
        }
        put_cell(d, column, row, &out);
    }
    if (d->json) {
        cnn_out_char(&out, '}');
    }
    cnn_out_char(&out, '\n');
    return cnn_out_close(&out);
}

/* Nothing but blanks, or a comment. */
static bool is_blank(cnn_text line)
{
    size_t i = cnn_text_mark(line);
    while (i < line.size && (line.data[i] == ' ' || line.data[i] == '\t' || line.data[i] == '\r')) {
        i++;
    }
    return i == line.size || line.data[i] == '#';
}

/* Activations need all layers. */
static CNN_APART bool read_network(const cnn_settings *settings, cnn_arena *scratch,
                                   cnn_batch_row *row, cnn_outline *out, cnn_error *err)
{
    cnn_network net;
    if (!cnn_network_read(scratch, row->line, settings, &net, err)) {
        return false;
    }
    if (!cnn_network_activations(&net, &row->activations)) {
        return cnn_fail_words(err, CNN_E_OVERFLOW, net.layers[net.layer_count - 1].span,
                              cnn_text_of("the number of values"), (cnn_text){0});
    }
    *out =
        (cnn_outline){&net.layers[0].out, &net.layers[net.output].out, net.layer_count, net.totals};
    return true;
}

static bool read_line(const cnn_batch *batch, cnn_memo *memo, cnn_arena *scratch,
                      cnn_batch_row *row, cnn_outline *out, cnn_error *err)
{
    cnn_settings settings = batch->settings;
    settings.memo = memo;
    if (row->line.size > CNN_MAX_LINE) {
        return cnn_fail_numbers(err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_LINE, 0);
    }
    if (err->code != CNN_OK) {
        return false;
    }
    return batch->activations ? read_network(&settings, scratch, row, out, err)
                              : cnn_outline_read(scratch, row->line, &settings, out, err);
}

bool cnn_batch_write_row(const cnn_batch *batch, cnn_memo *memo, cnn_text line, int64_t number,
                         cnn_arena scratch, cnn_writer *to, cnn_error *err)
{
    cnn_outline net;
    cnn_batch_row row = {.number = number, .line = line};
    const bool given_up = err->code != CNN_OK;
    const bool done = read_line(batch, memo, &scratch, &row, &net, err);
    if (err->code == CNN_OUT_OF_MEMORY && !given_up) {
        return false;
    }
    if (err->code == CNN_E_EMPTY_LIST && is_blank(line)) {
        *err = (cnn_error){0};
    }
    row.net = done ? &net : NULL;
    row.err = err->code != CNN_OK ? err : NULL;
    if (!put_row(batch, &row, to)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
