/*
 * Errors as data: the part of the text to be replaced and what to write there, where the way out
 * names it; and the whole error as JSON.
 */
#include <string.h>

#include "base/error.h"
#include "base/json.h"

/* Where a repair is written. */
typedef enum place { OVER, BEFORE, AT_END } place;

static const struct {
    int32_t code;
    place where;
    const char *template; /* as in errors.def */
} repairs[] = {
    {CNN_E_BREAK_MISSING, BEFORE, ","},
    {CNN_E_PAREN_OPEN, AT_END, ")"},
    {CNN_E_PAREN_CLOSE, OVER, ""},
    {CNN_E_INPUT_ORDER, OVER, "{2}x{0}x{1}"},
};

/* False where the words do not fit: half a repair would be wrong. */
static bool fill(cnn_repair *out, const char *template, const cnn_error *err)
{
    cnn_out text;
    cnn_out_open(&text, NULL);
    cnn_out_error_template(&text, template, err);
    if (text.failed || text.used > sizeof out->text) {
        return false;
    }
    memcpy(out->text, text.buffer, text.used);
    out->size = (uint32_t)text.used;
    return true;
}

/* "did you mean {b}?" is written in place of {a}, which the error's span begins with or holds. */
static bool replace_word(const cnn_error *err, cnn_text text, cnn_repair *out)
{
    static const char question[] = "did you mean {";
    const char *hint = cnn_error_hint(err);
    const size_t size = sizeof question - 1;
    if (strncmp(hint, question, size) != 0 || hint[size] == 'a') {
        return false;
    }
    const cnn_text wrong = err->word[hint[size] - 'b'];
    const char template[] = {'{', hint[size], '}', '\0'};
    for (uint32_t at = out->span.begin; wrong.size > 0 && at + wrong.size <= out->span.end; at++) {
        if (cnn_text_same((cnn_text){text.data + at, wrong.size}, wrong)) {
            out->span = (cnn_span){at, at + (uint32_t)wrong.size};
            return fill(out, template, err);
        }
    }
    return false;
}

/* A way out in words is a repair where it is one of this table, or names the right word. */
bool cnn_error_repair(const cnn_error *err, cnn_text text, cnn_repair *out)
{
    out->span = err->span;
    out->size = 0;
    if (err->span.begin > err->span.end || err->span.end > text.size ||
        err->source == CNN_SOURCE_FILE) {
        return false;
    }
    for (size_t i = 0; i < CNN_LENGTH(repairs); i++) {
        if (repairs[i].code == err->code) {
            const uint32_t end = (uint32_t)text.size;
            out->span.end = repairs[i].where == BEFORE ? out->span.begin : out->span.end;
            out->span = repairs[i].where == AT_END ? (cnn_span){end, end} : out->span;
            return fill(out, repairs[i].template, err);
        }
    }
    return replace_word(err, text, out);
}

/* ---- JSON ---- */

static const char *const sources[] = {
    [CNN_SOURCE_LAYERS] = "layers", [CNN_SOURCE_INPUT] = "input",
    [CNN_SOURCE_DEFINE] = "define", [CNN_SOURCE_COLUMNS] = "columns",
    [CNN_SOURCE_FORMAT] = "format", [CNN_SOURCE_CLAIM] = "claim",
    [CNN_SOURCE_WANT] = "want",     [CNN_SOURCE_VALUES] = "values",
    [CNN_SOURCE_DTYPE] = "dtype",   [CNN_SOURCE_TRAIN] = "train",
    [CNN_SOURCE_DEVICE] = "device", [CNN_SOURCE_CHECKPOINT] = "checkpoint",
    [CNN_SOURCE_LOSS] = "loss",     [CNN_SOURCE_LIKE] = "like",
    [CNN_SOURCE_FROM] = "from",     [CNN_SOURCE_MODEL] = "model",
    [CNN_SOURCE_FILE] = "file",
};

static void put_repair(cnn_json *json, const cnn_repair *repair)
{
    cnn_json_open(json, "repair", '{');
    cnn_json_span(json, "span", repair->span);
    cnn_json_text(json, "text", (cnn_text){repair->text, repair->size});
    cnn_json_close(json, '}');
}

bool cnn_error_write_json(const cnn_error *err, cnn_text text, cnn_writer *to)
{
    cnn_out out;
    cnn_json json = {.out = &out};
    cnn_repair repair;
    cnn_out_open(&out, to);
    cnn_json_begin(&json);
    cnn_json_open(&json, "error", '{');
    cnn_json_string(&json, "id", cnn_error_id(err));
    cnn_json_quote(&json, "message");
    cnn_out_error_sentence(&out, err);
    cnn_json_unquote(&json);
    if (cnn_error_hint(err)[0] != '\0') {
        cnn_json_quote(&json, "hint");
        cnn_out_error_hint(&out, err);
        cnn_json_unquote(&json);
    }
    cnn_json_string(&json, "source", sources[err->source]);
    /* codes up to this one, and errors in model files, have no place in a text */
    if (err->code > CNN_READ_FAILED && err->source != CNN_SOURCE_FILE) {
        cnn_json_span(&json, "span", err->span);
    }
    if (err->call.end > err->call.begin) {
        cnn_json_span(&json, "call", err->call);
    }
    if (cnn_error_repair(err, text, &repair)) {
        put_repair(&json, &repair);
    }
    cnn_json_close(&json, '}');
    cnn_json_end(&json);
    return cnn_out_close(&out);
}
