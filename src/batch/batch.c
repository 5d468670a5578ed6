/* Many lists, a row each: every list is read like a single one, but in memory that is used again.
 */
#include "batch/batch.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/json.h"
#include "base/shape_text.h"
#include "lang/outline.h"
#include "report/report.h"

/* A list that was read, an error, or nothing for a blank line. */
typedef struct row {
    int64_t number;
    cnn_text line;
    bool read;
    cnn_network net;     /* without its layers, unless a column needs them */
    cnn_layer ends;      /* its sizes are those that enter and leave the network */
    cnn_numbers numbers; /* when a column needs them */
    const cnn_error *err;
} row;

/* "column 9: sentence; way out". An error in a setting has no place in the line. */
static void put_error(const row *r, cnn_out *out)
{
    if (r->err->source == CNN_SOURCE_LAYERS && r->err->code != CNN_OUT_OF_MEMORY) {
        int64_t in_line, column;
        cnn_text_locate(r->line, r->err->span.begin, &in_line, &column);
        cnn_out_string(out, "column ");
        cnn_out_int(out, column);
        cnn_out_string(out, ": ");
    }
    cnn_out_error(out, r->err);
}

static void put_quoted_error(const cnn_format *format, const row *r, cnn_out *out)
{
    const bool json = format->kind == CNN_FORMAT_JSON;
    if (!json && !format->quotes) {
        put_error(r, out); /* errors hold no tabs */
        return;
    }
    cnn_out_char(out, '"');
    cnn_out_set_escape(out, json ? CNN_ESCAPE_JSON : CNN_ESCAPE_CSV);
    put_error(r, out);
    cnn_out_set_escape(out, CNN_ESCAPE_NONE);
    cnn_out_char(out, '"');
}

/* A cell that says nothing. */
static void put_nothing(bool json, cnn_out *out)
{
    if (json) {
        cnn_out_string(out, "null");
    }
}

/* A count that is more than a sum over layers; it fits, because it was computed before. */
static void put_count(const cnn_quantity *what, const row *r, bool json, cnn_out *out)
{
    int64_t count;
    if (cnn_total_of(what, &r->numbers, &count)) {
        cnn_out_int(out, count);
    } else {
        put_nothing(json, out);
    }
}

static void put_pair(const cnn_quantity *what, const row *r, bool json, cnn_out *out)
{
    const cnn_subject total = cnn_subject_total(&r->net);
    cnn_answer answer;
    if (cnn_answer_of(what, &total, r->net.layers, &r->numbers, &answer)) {
        cnn_pair_put(out, answer.pair, json ? answer.axes : answer.numbers, json);
    } else {
        put_nothing(json, out);
    }
}

/* The line's number, or the error. */
static void put_other(const cnn_format *format, const cnn_batch_column *column, const row *r,
                      bool json, cnn_out *out)
{
    if (!column->error) {
        cnn_out_int(out, r->number);
    } else if (r->err == NULL) {
        put_nothing(json, out);
    } else {
        put_quoted_error(format, r, out);
    }
}

static void put_cell(const cnn_format *format, const cnn_batch_column *column, const row *r,
                     bool json, cnn_out *out)
{
    const cnn_quantity *what = column->quantity;
    if (what == NULL) {
        put_other(format, column, r, json, out);
    } else if (!r->read) {
        put_nothing(json, out);
    } else if (what->total != NULL) {
        cnn_out_int(out, what->total(&r->net));
    } else if (what->size != NULL) {
        (json ? cnn_out_json_shape : cnn_out_shape)(out, what->size(&r->ends));
    } else {
        (what->kind == CNN_QUANTITY_COUNT ? put_count : put_pair)(what, r, json, out);
    }
}

bool cnn_batch_write_header(const cnn_batch *batch, cnn_writer *to)
{
    const bool json = batch->format->kind == CNN_FORMAT_JSON;
    cnn_out out;
    cnn_out_open(&out, to);
    for (int32_t i = 0; i < batch->column_count && !json; i++) {
        if (i > 0) {
            cnn_out_char(&out, batch->format->separator);
        }
        cnn_out_string(&out, batch->columns[i].name);
    }
    if (!json) {
        cnn_out_char(&out, '\n');
    }
    return cnn_out_close(&out);
}

static void put_object(const cnn_batch *batch, const row *r, cnn_out *out)
{
    cnn_out_string(out, CNN_JSON_BEGIN);
    for (int32_t i = 0; i < batch->column_count; i++) {
        cnn_out_text(out, batch->keys[i]);
        put_cell(batch->format, &batch->columns[i], r, true, out);
    }
    cnn_out_char(out, '}');
}

static void put_cells(const cnn_batch *batch, const row *r, cnn_out *out)
{
    for (int32_t i = 0; i < batch->column_count; i++) {
        if (i > 0) {
            cnn_out_char(out, batch->format->separator);
        }
        put_cell(batch->format, &batch->columns[i], r, false, out);
    }
}

static bool put_row(const cnn_batch *batch, const row *r, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    (batch->format->kind == CNN_FORMAT_JSON ? put_object : put_cells)(batch, r, &out);
    cnn_out_char(&out, '\n');
    return cnn_out_close(&out);
}

/* ---- lists ---- */

/* The first quantity, of those that are computed, that does not fit; NULL: they all fit. */
static const cnn_quantity *first_overflow(const cnn_batch *batch, const row *r)
{
    for (int32_t i = 0; i < batch->column_count; i++) {
        const cnn_quantity *what = batch->columns[i].quantity;
        int64_t ignored;
        if (!cnn_batch_cheap(what) && what->kind == CNN_QUANTITY_COUNT &&
            !cnn_total_of(what, &r->numbers, &ignored)) {
            return what;
        }
    }
    return NULL;
}

static CNN_APART bool read_layers(const cnn_batch *batch, cnn_text list,
                                  const cnn_settings *settings, cnn_arena *scratch, row *r,
                                  cnn_error *err)
{
    r->numbers = batch->numbers;
    r->numbers.net = &r->net;
    if (!cnn_network_read(scratch, list, settings, &r->net, err) ||
        (batch->fold && !cnn_network_fold(&r->net, scratch, err)) ||
        !cnn_numbers_prepare(&r->numbers, batch->needs, scratch, err)) {
        return false;
    }
    const cnn_quantity *large = first_overflow(batch, r);
    if (large != NULL) {
        return cnn_fail_overflow(err, large, &r->net);
    }
    r->ends.in = r->net.layers[0].out;
    r->ends.out = r->net.layers[r->net.output].out;
    return true;
}

/* Follows the layers while they are read. What does not fit into 64 bits, or shares weights, is
 * read once more and kept. */
static CNN_APART bool read_keeping(const cnn_batch *batch, cnn_text list,
                                   const cnn_settings *settings, cnn_arena *scratch, row *r,
                                   cnn_error *err)
{
    const cnn_arena whole = *scratch;
    cnn_keeping k;
    if (!cnn_keeping_open(&k, NULL, batch->numbers.samples, false, scratch)) {
        return cnn_fail_memory(err);
    }
    if (!cnn_outline_read(scratch, list, settings, &batch->standard, &k, &r->net, &r->ends, err)) {
        return false;
    }
    if (r->net.layers == NULL) {
        r->numbers = batch->numbers;
        r->numbers.net = &r->net;
        if (!cnn_keeping_close(&k, &r->net, &r->numbers.training)) {
            return cnn_fail_memory(err);
        }
        cnn_numbers_take_kept(&r->numbers, k.values);
        if (first_overflow(batch, r) == NULL) {
            return true;
        }
    }
    *scratch = whole;
    return read_layers(batch, list, settings, scratch, r, err);
}

static bool read_list(const cnn_batch *batch, cnn_text list, const cnn_settings *settings,
                      cnn_arena *scratch, row *r, cnn_error *err)
{
    return batch->layers    ? read_layers(batch, list, settings, scratch, r, err)
           : batch->keeping ? read_keeping(batch, list, settings, scratch, r, err)
                            : cnn_outline_read(scratch, list, settings, &batch->standard, NULL,
                                               &r->net, &r->ends, err);
}

/* Only blanks, or a comment. */
static bool is_blank(cnn_text line)
{
    const size_t mark = cnn_text_mark(line);
    const cnn_text rest = cnn_text_trim((cnn_text){line.data + mark, line.size - mark});
    return rest.size == 0 || rest.data[0] == '#';
}

/* A line that names a network: the name, and what it gives as an input, if anything. */
typedef struct reference {
    cnn_text name;
    cnn_text input;
} reference;

static bool is_name_char(char c)
{
    return cnn_is_letter(c) || cnn_is_digit(c) || c == '-' || c == '_' || c == '.';
}

/* "vgg16" or "input 3x64x64; vgg16". False: there is more than that. */
static bool read_reference(cnn_text line, reference *out)
{
    static const char word[] = "input";
    const size_t mark = cnn_text_mark(line), size = sizeof word - 1;
    out->name = cnn_text_trim((cnn_text){line.data + mark, line.size - mark});
    out->input = (cnn_text){0};
    if (out->name.size > size && cnn_text_is((cnn_text){out->name.data, size}, word) &&
        (out->name.data[size] == ' ' || out->name.data[size] == '\t')) {
        cnn_text rest = {out->name.data + size, out->name.size - size};
        out->input = cnn_text_trim(cnn_text_split(&rest, ';'));
        out->name = cnn_text_trim(rest);
    }
    for (size_t i = 0; i < out->name.size; i++) {
        if (!is_name_char(out->name.data[i])) {
            return false;
        }
    }
    return out->name.size > 0;
}

static cnn_span span_in(cnn_text line, cnn_text part, cnn_span span)
{
    const uint32_t at = (uint32_t)(part.data - line.data);
    return (cnn_span){at + span.begin, at + span.end};
}

/* Errors within the network's list have their place at its name. */
static void place_error(cnn_text line, const reference *named, cnn_error *err)
{
    if (err->source == CNN_SOURCE_LAYERS) {
        err->span = span_in(line, named->name, (cnn_span){0, (uint32_t)named->name.size});
        err->call = (cnn_span){0, 0};
    } else if (err->source == CNN_SOURCE_INPUT && named->input.size > 0) {
        err->source = CNN_SOURCE_LAYERS;
        err->span = span_in(line, named->input, err->span);
    }
}

/* A line that is no list may name a network. Otherwise its error stays. */
static CNN_APART bool read_named(const cnn_batch *batch, cnn_arena *scratch, row *r, cnn_error *err)
{
    cnn_settings settings = batch->settings;
    reference named;
    if (batch->network == NULL || !read_reference(r->line, &named)) {
        return false;
    }
    const cnn_text list = batch->network(batch->user, named.name);
    if (list.size == 0) {
        return false;
    }
    *err = (cnn_error){0};
    settings.input = named.input.size > 0 ? named.input : settings.standard_input;
    if (!read_list(batch, list, &settings, scratch, r, err)) {
        place_error(r->line, &named, err);
        return false;
    }
    return true;
}

static bool read_line(const cnn_batch *batch, cnn_arena *scratch, row *r, cnn_error *err)
{
    if (r->line.size > CNN_MAX_LINE) {
        return cnn_fail_numbers(err, CNN_E_TOO_LONG, (cnn_span){0, 0}, CNN_MAX_LINE, 0);
    }
    const cnn_arena whole = *scratch;
    if (err->code != CNN_OK) {
        return false;
    }
    if (read_list(batch, r->line, &batch->settings, scratch, r, err)) {
        return true;
    }
    *scratch = whole;
    return err->code != CNN_OUT_OF_MEMORY && read_named(batch, scratch, r, err);
}

bool cnn_batch_write_row(const cnn_batch *batch, cnn_text line, int64_t number, cnn_arena scratch,
                         cnn_writer *to, cnn_error *err)
{
    row r; /* most of it is filled in only when it is needed */
    r.number = number;
    r.line = line;
    const bool given_up = err->code != CNN_OK;
    r.read = read_line(batch, &scratch, &r, err);
    if (err->code == CNN_OUT_OF_MEMORY && !given_up) {
        return false;
    }
    if (err->code == CNN_E_EMPTY_LIST && is_blank(line)) {
        *err = (cnn_error){0};
    }
    r.err = err->code != CNN_OK ? err : NULL;
    if (!put_row(batch, &r, to)) {
        return cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    return true;
}
