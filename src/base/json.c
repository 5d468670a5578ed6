/* A thin layer over cnn_out: it knows what came before, so callers need not. */
#include "base/json.h"

#include "base/shape_text.h"
#include "base/text.h"

enum { SCHEMA = 1 };

static void begin_line(cnn_json *json, int32_t depth)
{
    if (json->breaks) {
        cnn_out_char(json->out, '\n');
        cnn_out_fill(json->out, ' ', depth);
    }
    json->breaks = false;
}

void cnn_json_break(cnn_json *json)
{
    json->breaks = true;
}

void cnn_json_key(cnn_json *json, const char *key)
{
    if (json->begun) {
        cnn_out_char(json->out, ',');
    }
    begin_line(json, json->depth);
    json->begun = true;
    if (key != NULL) {
        cnn_out_char(json->out, '"');
        cnn_out_string(json->out, key);
        cnn_out_string(json->out, "\":");
    }
}

void cnn_json_open(cnn_json *json, const char *key, char bracket)
{
    cnn_json_key(json, key);
    cnn_out_char(json->out, bracket);
    json->depth++;
    json->begun = false;
}

void cnn_json_close(cnn_json *json, char bracket)
{
    json->depth--;
    begin_line(json, json->depth);
    cnn_out_char(json->out, bracket);
    json->begun = true;
}

void cnn_json_begin(cnn_json *json)
{
    cnn_json_open(json, NULL, '{');
    cnn_json_int(json, "schema", SCHEMA);
}

void cnn_json_end(cnn_json *json)
{
    cnn_json_close(json, '}');
    cnn_out_char(json->out, '\n');
}

void cnn_json_quote(cnn_json *json, const char *key)
{
    cnn_json_key(json, key);
    cnn_out_char(json->out, '"');
    cnn_out_set_escape(json->out, CNN_ESCAPE_JSON);
}

void cnn_json_unquote(cnn_json *json)
{
    cnn_out_set_escape(json->out, CNN_ESCAPE_NONE);
    cnn_out_char(json->out, '"');
}

void cnn_json_text(cnn_json *json, const char *key, cnn_text text)
{
    cnn_json_quote(json, key);
    cnn_out_text(json->out, text);
    cnn_json_unquote(json);
}

void cnn_json_string(cnn_json *json, const char *key, const char *string)
{
    if (string == NULL) {
        cnn_json_null(json, key);
        return;
    }
    cnn_json_text(json, key, cnn_text_of(string));
}

void cnn_json_int(cnn_json *json, const char *key, int64_t n)
{
    cnn_json_key(json, key);
    cnn_out_int(json->out, n);
}

void cnn_json_bool(cnn_json *json, const char *key, bool value)
{
    cnn_json_key(json, key);
    cnn_out_string(json->out, value ? "true" : "false");
}

void cnn_json_null(cnn_json *json, const char *key)
{
    cnn_json_key(json, key);
    cnn_out_string(json->out, "null");
}

void cnn_json_span(cnn_json *json, const char *key, cnn_span span)
{
    cnn_json_open(json, key, '[');
    cnn_json_int(json, NULL, span.begin);
    cnn_json_int(json, NULL, span.end);
    cnn_json_close(json, ']');
}

void cnn_json_shape(cnn_json *json, const char *key, const cnn_shape *shape)
{
    cnn_json_key(json, key);
    cnn_out_json_shape(json->out, shape);
}
