/* A buffer in front of the caller's writer. Failure sticks and is reported once, by close. */
#include "base/out.h"

#include <string.h>

#include "base/text.h"

void cnn_out_open(cnn_out *out, cnn_writer *to)
{
    out->to = to;
    out->failed = false;
    out->used = 0;
    out->count = 0;
    out->escape = CNN_ESCAPE_NONE;
}

static void flush(cnn_out *out)
{
    if (!out->failed && out->used > 0) {
        out->failed = out->to == NULL || !out->to->write(out->to->user, out->buffer, out->used);
    }
    out->used = 0;
}

bool cnn_out_close(cnn_out *out)
{
    if (out->to == NULL) {
        return true; /* there was nothing to fail */
    }
    flush(out);
    return !out->failed;
}

/* It is no continuation byte of UTF-8. */
static bool begins_point(char c)
{
    return ((unsigned char)c & 0xC0) != 0x80;
}

static void put(cnn_out *out, char c)
{
    if (out->used == sizeof out->buffer) {
        flush(out);
    }
    out->buffer[out->used++] = c;
    out->count += begins_point(c);
}

/* Characters that would be taken for markup, and what stands for them. */
static const struct {
    cnn_escape escape;
    char c;
    const char *instead;
} escapes[] = {
    {CNN_ESCAPE_JSON, '"', "\\\""},
    {CNN_ESCAPE_JSON, '\\', "\\\\"},
    {CNN_ESCAPE_CSV, '"', "\"\""},
    {CNN_ESCAPE_MARKDOWN, '|', "\\|"},
    {CNN_ESCAPE_LATEX, '\\', "\\textbackslash{}"},
    {CNN_ESCAPE_LATEX, '{', "\\{"},
    {CNN_ESCAPE_LATEX, '}', "\\}"},
    {CNN_ESCAPE_LATEX, '_', "\\_"},
    {CNN_ESCAPE_LATEX, '#', "\\#"},
    {CNN_ESCAPE_LATEX, '%', "\\%"},
    {CNN_ESCAPE_LATEX, '&', "\\&"},
    {CNN_ESCAPE_LATEX, '$', "\\$"},
    {CNN_ESCAPE_LATEX, '^', "\\textasciicircum{}"},
    {CNN_ESCAPE_LATEX, '~', "\\textasciitilde{}"},
    {CNN_ESCAPE_LATEX, '|', "\\textbar{}"},
    {CNN_ESCAPE_LATEX, '<', "\\textless{}"},
    {CNN_ESCAPE_LATEX, '>', "\\textgreater{}"},
    {CNN_ESCAPE_XML, '&', "&amp;"},
    {CNN_ESCAPE_XML, '<', "&lt;"},
    {CNN_ESCAPE_XML, '>', "&gt;"},
    {CNN_ESCAPE_XML, '"', "&quot;"},
    {CNN_ESCAPE_DOT, '"', "\\\""},
    {CNN_ESCAPE_DOT, '\\', "\\\\"},
};

static void put_escaped(cnn_out *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    if (out->escape == CNN_ESCAPE_JSON && (c < 0x20 || c == 0x7F)) {
        const char code[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
        for (size_t i = 0; i < sizeof code; i++) {
            put(out, code[i]);
        }
        return;
    }
    for (size_t i = 0; i < CNN_LENGTH(escapes); i++) {
        if (escapes[i].escape == out->escape && escapes[i].c == (char)c) {
            for (const char *p = escapes[i].instead; *p != '\0'; p++) {
                put(out, *p);
            }
            return;
        }
    }
    put(out, (char)c);
}

/* What `put` does, for several bytes that fit into the buffer. */
static void put_all(cnn_out *out, const char *data, size_t size)
{
    static const uint64_t high_bits = 0x8080808080808080u;
    char *place = out->buffer + out->used;
    size_t i = 0;
    for (uint64_t eight; i + sizeof eight <= size; i += sizeof eight) {
        memcpy(&eight, data + i, sizeof eight);
        if ((eight & high_bits) != 0) {
            break; /* not ASCII */
        }
        memcpy(place + i, &eight, sizeof eight);
    }
    int64_t points = (int64_t)i;
    for (; i < size; i++) {
        place[i] = data[i];
        points += begins_point(data[i]);
    }
    out->used += size;
    out->count += points;
}

void cnn_out_bytes(cnn_out *out, const char *data, size_t size)
{
    if (out->escape != CNN_ESCAPE_NONE) {
        for (size_t i = 0; i < size; i++) {
            put_escaped(out, (unsigned char)data[i]);
        }
        return;
    }
    while (size > 0) {
        if (out->used == sizeof out->buffer) {
            flush(out);
        }
        const size_t room = sizeof out->buffer - out->used;
        const size_t part = size < room ? size : room;
        put_all(out, data, part);
        data += part;
        size -= part;
    }
}

void cnn_out_text(cnn_out *out, cnn_text text)
{
    cnn_out_bytes(out, text.data, text.size);
}

void cnn_out_string(cnn_out *out, const char *string)
{
    cnn_out_bytes(out, string, strlen(string));
}

void cnn_out_char(cnn_out *out, char c)
{
    if (out->escape != CNN_ESCAPE_NONE) {
        put_escaped(out, (unsigned char)c);
    } else {
        put(out, c);
    }
}

void cnn_out_set_escape(cnn_out *out, cnn_escape escape)
{
    out->escape = escape;
}

void cnn_out_fill(cnn_out *out, char c, int64_t count)
{
    while (count > 0) {
        if (out->used == sizeof out->buffer) {
            flush(out);
        }
        const int64_t room = (int64_t)(sizeof out->buffer - out->used);
        const int64_t part = count < room ? count : room;
        memset(out->buffer + out->used, c, (size_t)part);
        out->used += (size_t)part;
        out->count += part;
        count -= part;
    }
}

enum { LONGEST_NUMBER = 26 }; /* 19 digits, 6 commas, a sign */

static uint64_t magnitude(int64_t n)
{
    return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* The digits of n up to `end`, two at a time because the division is what takes time. */
static char *put_digits(char *end, uint64_t n)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930"
                                "31323334353637383940414243444546474849505152535455565758596061"
                                "62636465666768697071727374757677787980818283848586878889909192"
                                "93949596979899";
    while (n >= 10) {
        end -= 2;
        memcpy(end, pairs + 2 * (n % 100), 2);
        n /= 100;
    }
    if (n > 0) {
        *--end = (char)('0' + n);
    }
    return end;
}

void cnn_out_int(cnn_out *out, int64_t n)
{
    enum { MOST = 20, COPIED = 24 };
    char text[MOST + COPIED] = {
        0}; /* the digits end at MOST; what is copied behind them is dropped */
    char *first = text + MOST;
    if (n == 0) {
        *--first = '0';
    }
    first = put_digits(first, magnitude(n));
    if (n < 0) {
        *--first = '-';
    }
    if (sizeof out->buffer - out->used < COPIED) {
        flush(out);
    }
    memcpy(out->buffer + out->used, first, COPIED); /* of a size that the compiler knows */
    const size_t size = (size_t)(text + MOST - first);
    out->used += size;
    out->count += (int64_t)size;
}

void cnn_out_grouped(cnn_out *out, int64_t n)
{
    char text[LONGEST_NUMBER];
    char *const end = text + sizeof text;
    char *first = end;
    uint64_t rest = magnitude(n);
    while (rest >= 1000) {
        const uint64_t group = rest % 1000 + 1000; /* its leading 1 keeps the zeros */
        first = put_digits(first, group);
        *first = ',';
        rest /= 1000;
    }
    first = rest > 0 ? put_digits(first, rest) : first;
    if (n == 0) {
        *--first = '0';
    } else if (n < 0) {
        *--first = '-';
    }
    cnn_out_bytes(out, first, (size_t)(end - first));
}
