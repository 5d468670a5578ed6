/* Writing bytes, numbers and escaped text through the caller's writer, a buffer in between. */
#ifndef CNN_BASE_OUT_H
#define CNN_BASE_OUT_H

#include <cnncalc/cnncalc.h>

/* What is done to every character on its way. */
typedef enum cnn_escape {
    CNN_ESCAPE_NONE,
    CNN_ESCAPE_JSON,     /* inside a JSON string */
    CNN_ESCAPE_CSV,      /* inside a quoted cell: quotes are doubled */
    CNN_ESCAPE_MARKDOWN, /* inside a Markdown cell: "|" would end it */
    CNN_ESCAPE_LATEX,    /* in running text */
    CNN_ESCAPE_XML,      /* in the text of an element, or in an attribute in double quotes */
    CNN_ESCAPE_DOT       /* inside a Graphviz string in double quotes */
} cnn_escape;

typedef struct cnn_out {
    cnn_writer *to; /* NULL: bytes are only counted, and stay in the buffer while they fit */
    bool failed;    /* the writer failed, and everything after is dropped; or without a writer: not
                       all fitted into the buffer */
    cnn_escape escape;
    size_t used;
    size_t direct;   /* below it a character goes straight into the buffer; 0: it may be escaped */
    int64_t flushed; /* columns before the buffer, less its bytes that continue a code point */
    char buffer[1024];
} cnn_out;

/* Prepares for writing; the buffer needs no clearing. */
static inline void cnn_out_open(cnn_out *out, cnn_writer *to)
{
    out->to = to;
    out->failed = false;
    out->escape = CNN_ESCAPE_NONE;
    out->used = 0;
    out->direct = sizeof out->buffer;
    out->flushed = 0;
}

/* Columns written since the start: bytes that begin a code point. */
static inline int64_t cnn_out_columns(const cnn_out *out)
{
    return out->flushed + (int64_t)out->used;
}

/* Hands the rest to the writer. False: something could not be written. */
bool cnn_out_close(cnn_out *out);

void cnn_out_bytes(cnn_out *out, const char *data, size_t size);
void cnn_out_text(cnn_out *out, cnn_text text);
void cnn_out_string(cnn_out *out, const char *string);
void cnn_out_odd_char(cnn_out *out, char c); /* any, and in a full buffer, too */

/* The same for most characters without a call. */
static inline void cnn_out_char(cnn_out *out, char c)
{
    if (out->used >= out->direct || (c & 0x80) != 0) {
        cnn_out_odd_char(out, c);
        return;
    }
    out->buffer[out->used++] = c;
}

/* The same ASCII character, not escaped; nothing when count < 1. */
void cnn_out_fill(cnn_out *out, char c, int64_t count);

void cnn_out_int(cnn_out *out, int64_t n);
void cnn_out_grouped(cnn_out *out, int64_t n); /* 1,234,567 */

/* Everything until the escape is set back is escaped. */
void cnn_out_set_escape(cnn_out *out, cnn_escape escape);

#endif
