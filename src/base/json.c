/* A thin layer over cnn_out: it knows what came before, so callers need not. */
#include "base/json.h"

#include "base/shape_text.h"
#include "base/text.h"

/* Indented by a blank for each open bracket. */
static void begin_line(const cnn_json *json)
{
    cnn_out_char(json->out, '\n');
    cnn_out_fill(json->out, ' ', json->depth);
}

void cnn_json_break(cnn_json *json)
{
    json->breaks = true;
}

/* What comes before any value: a comma, a new line, its key. Elements of a list have no key. */
void cnn_json_key(cnn_json *json, const char *key)
{
    if (json->begun) {
        cnn_out_char(json->out, ',');
    }
    if (json->breaks) {
        begin_line(json);
        json->lined |= 1u << json->depth;
    }
    json->begun = true;
    json->breaks = false;
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
    json->lined &= ~(1u << json->depth);
}

void cnn_json_close(cnn_json *json, char bracket)
{
    /* a list whose values have lines of their own ends on one too; an object goes on */
    const bool lined = bracket == ']' && (json->lined >> json->depth & 1) != 0;
    json->depth--;
    if (lined) {
        begin_line(json);
    }
    cnn_out_char(json->out, bracket);
    json->begun = true;
}

/* CNN_JSON_BEGIN has the outermost brace and the schema's number. */
void cnn_json_begin(cnn_json *json)
{
    cnn_out_string(json->out, CNN_JSON_BEGIN);
    json->depth = 1;
    json->begun = true;
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
