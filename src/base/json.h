/*
 * JSON while it is written: commas, keys, quotes and line breaks in their places. In an object
 * every value has a key; in a list the key is NULL.
 */
#ifndef CNN_BASE_JSON_H
#define CNN_BASE_JSON_H

#include "base/out.h"

/* How each output begins: an object with the version of its schema, see docs/json.md. */
#define CNN_JSON_BEGIN "{\"schema\":1"

/* {.out = out} is a writer that nothing was written to. */
typedef struct cnn_json {
    cnn_out *out;
    int32_t depth;  /* open brackets */
    bool begun;     /* the innermost open bracket has a value already */
    bool breaks;    /* the next value begins a line */
    uint32_t lined; /* a bit for each depth: the last value there began a line */
} cnn_json;

/* The next value begins a line, indented by its depth; so does the ']' after it. */
void cnn_json_break(cnn_json *json);

/* '{' or '['. */
void cnn_json_open(cnn_json *json, const char *key, char bracket);

/* '}' or ']'. */
void cnn_json_close(cnn_json *json, char bracket);

/* The outermost object, up to its version. */
void cnn_json_begin(cnn_json *json);

/* Its end, and that of the line. */
void cnn_json_end(cnn_json *json);

/* Only the comma and the key: a value that the caller writes follows. */
void cnn_json_key(cnn_json *json, const char *key);

/* A string whose inside the caller writes, escaped on its way. */
void cnn_json_quote(cnn_json *json, const char *key);
void cnn_json_unquote(cnn_json *json);

void cnn_json_text(cnn_json *json, const char *key, cnn_text text);
void cnn_json_string(cnn_json *json, const char *key, const char *string); /* NULL: null */
void cnn_json_int(cnn_json *json, const char *key, int64_t n);
void cnn_json_bool(cnn_json *json, const char *key, bool value);
void cnn_json_null(cnn_json *json, const char *key);
void cnn_json_span(cnn_json *json, const char *key, cnn_span span);

/* [64,224,224]; null when it is not known. */
void cnn_json_shape(cnn_json *json, const char *key, const cnn_shape *shape);

#endif
