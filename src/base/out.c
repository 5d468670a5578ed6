/* A buffer in front of the caller's writer. Failure sticks and is reported once, by close. */
#include "base/out.h"

#include "base/eight.h"
#include "base/hints.h"

#include <string.h>

#include "base/text.h"

/* Without a writer the bytes are lost; columns are counted all the same. */
static void flush(cnn_out *out)
{
    if (!out->failed && out->used > 0) {
        out->failed = out->to == NULL || !out->to->write(out->to->user, out->buffer, out->used);
    }
    out->flushed += (int64_t)out->used;
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

static bool continues_point(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* A byte that continues a code point takes no column. */
static void put(cnn_out *out, char c)
{
    if (out->used == sizeof out->buffer) {
        flush(out);
    }
    out->buffer[out->used++] = c;
    out->flushed -= continues_point(c);
}

/* A character that would be taken for markup, and what is written instead. */
typedef struct special {
    char c; /* 0 ends a table */
    const char *instead;
} special;

static const special none[] = {{0, NULL}};
static const special json[] = {{'"', "\\\""}, {'\\', "\\\\"}, {0, NULL}};
static const special csv[] = {{'"', "\"\""}, {0, NULL}};
static const special markdown[] = {{'|', "\\|"}, {0, NULL}};
static const special latex[] = {
    {'\\', "\\textbackslash{}"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'_', "\\_"},
    {'#', "\\#"},
    {'%', "\\%"},
    {'&', "\\&"},
    {'$', "\\$"},
    {'^', "\\textasciicircum{}"},
    {'~', "\\textasciitilde{}"},
    {'|', "\\textbar{}"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {0, NULL},
};
static const special xml[] = {
    {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {0, NULL}};

static const special *const escapes[] = {
    [CNN_ESCAPE_NONE] = none,         [CNN_ESCAPE_JSON] = json,   [CNN_ESCAPE_CSV] = csv,
    [CNN_ESCAPE_MARKDOWN] = markdown, [CNN_ESCAPE_LATEX] = latex, [CNN_ESCAPE_XML] = xml,
    [CNN_ESCAPE_DOT] = json,
};

/* What is written instead of `c`; NULL: itself. */
static const char *instead_of(const cnn_out *out, char c)
{
    for (const special *e = escapes[out->escape]; e->c != 0; e++) {
        if (e->c == c) {
            return e->instead;
        }
    }
    return NULL;
}

/* JSON has no control characters. */
static bool is_control(const cnn_out *out, char c)
{
    return out->escape == CNN_ESCAPE_JSON && ((unsigned char)c < 0x20 || c == 0x7F);
}

/* UTF-8 text that is not ASCII is rare, hence kept apart. */
static CNN_APART int64_t count_continuations(const char *data, size_t size)
{
    int64_t count = 0;
    for (size_t i = 0; i < size; i++) {
        count += continues_point(data[i]);
    }
    return count;
}

/* What `put` does, for several bytes that fit into the buffer. The last word of eight or four bytes
 * may overlap the one before, so that there are no bytes left over. */
static void put_all(cnn_out *out, const char *data, size_t size)
{
    char *place = out->buffer + out->used;
    uint64_t all = 0, eight;
    uint32_t four[2];
    size_t i = 0;
    for (; i + sizeof eight <= size; i += sizeof eight) {
        memcpy(&eight, data + i, sizeof eight);
        memcpy(place + i, &eight, sizeof eight);
        all |= eight;
    }
    if (size > sizeof eight) {
        memcpy(&eight, data + size - sizeof eight, sizeof eight);
        memcpy(place + size - sizeof eight, &eight, sizeof eight);
        all |= eight;
    } else if (i == 0 && size >= sizeof *four) {
        memcpy(&four[0], data, sizeof *four);
        memcpy(&four[1], data + size - sizeof *four, sizeof *four);
        memcpy(place, &four[0], sizeof *four);
        memcpy(place + size - sizeof *four, &four[1], sizeof *four);
        all = four[0] | four[1];
    } else {
        for (; i < size; i++) {
            place[i] = data[i];
            all |= (unsigned char)data[i];
        }
    }
    if ((all & CNN_EACH_BYTE * 0x80) != 0) {
        out->flushed -= count_continuations(place, size);
    }
    out->used += size;
}

/* Bytes that do not fit into what is left of the buffer. */
static CNN_APART void put_parts(cnn_out *out, const char *data, size_t size)
{
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

static void put_plain(cnn_out *out, const char *data, size_t size)
{
    (size <= sizeof out->buffer - out->used ? put_all : put_parts)(out, data, size);
}

static void put_control(cnn_out *out, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    const char code[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    put_plain(out, code, sizeof code);
}

/* Runs of characters that need no escape are written as a whole. */
static void put_escaped(cnn_out *out, const char *data, size_t size)
{
    size_t begin = 0;
    for (size_t i = 0; i < size; i++) {
        if (cnn_is_letter(data[i]) || cnn_is_digit(data[i])) {
            continue; /* most are */
        }
        const char *instead = instead_of(out, data[i]);
        const bool control = is_control(out, data[i]);
        if (instead == NULL && !control) {
            continue;
        }
        put_plain(out, data + begin, i - begin);
        if (control) {
            put_control(out, (unsigned char)data[i]);
        } else {
            put_plain(out, instead, strlen(instead));
        }
        begin = i + 1;
    }
    if (size > begin) { /* of no text there is no address */
        put_plain(out, data + begin, size - begin);
    }
}

void cnn_out_bytes(cnn_out *out, const char *data, size_t size)
{
    (out->escape != CNN_ESCAPE_NONE ? put_escaped : put_plain)(out, data, size);
}

void cnn_out_text(cnn_out *out, cnn_text text)
{
    cnn_out_bytes(out, text.data, text.size);
}

void cnn_out_string(cnn_out *out, const char *string)
{
    cnn_out_bytes(out, string, strlen(string));
}

void cnn_out_odd_char(cnn_out *out, char c)
{
    const bool plain = cnn_is_letter(c) || cnn_is_digit(c); /* most are */
    if (!plain && (is_control(out, c) || instead_of(out, c) != NULL)) {
        put_escaped(out, &c, 1);
    } else {
        put(out, c);
    }
}

void cnn_out_set_escape(cnn_out *out, cnn_escape escape)
{
    out->escape = escape;
    out->direct = escape == CNN_ESCAPE_NONE ? sizeof out->buffer : 0;
}

void cnn_out_fill(cnn_out *out, char c, int64_t count)
{
    enum { SHORT = 16 };
    if (count > 0 && count <= SHORT && sizeof out->buffer - out->used >= SHORT) {
        memset(out->buffer + out->used, c, SHORT); /* what is too much is overwritten */
        out->used += (size_t)count;
        return;
    }
    while (count > 0) {
        if (out->used == sizeof out->buffer) {
            flush(out);
        }
        const int64_t room = (int64_t)(sizeof out->buffer - out->used);
        const int64_t part = count < room ? count : room;
        memset(out->buffer + out->used, c, (size_t)part);
        out->used += (size_t)part;
        count -= part;
    }
}

/* The two digits of n < 100, for all n one after another. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233"
                            "34353637383940414243444546474849505152535455565758596061626364656667"
                            "6869707172737475767778798081828384858687888990919293949596979899";

/* n / 100 for n < 10000: 5243/2^19 is 1/100, exact for so few digits. */
static inline uint32_t hundreds_of(uint32_t n)
{
    return n * 5243 >> 19;
}

/* The four digits of n < 10000, with zeros before it. Returns the position after them, like the
 * functions below. */
static inline char *put_four(char *p, uint32_t n)
{
    const uint32_t high = hundreds_of(n);
    memcpy(p, pairs + 2 * high, 2);
    memcpy(p + 2, pairs + 2 * (n - high * 100), 2);
    return p + 4;
}

/* n < 10000 */
static inline char *put_short(char *p, uint32_t n)
{
    if (n < 10) {
        *p = (char)('0' + n);
        return p + 1;
    }
    if (n < 100) {
        memcpy(p, pairs + 2 * n, 2);
        return p + 2;
    }
    if (n < 1000) {
        const uint32_t high = hundreds_of(n);
        *p = (char)('0' + high);
        memcpy(p + 1, pairs + 2 * (n - high * 100), 2);
        return p + 3;
    }
    return put_four(p, n);
}

/* n < 10^12 */
static inline char *put_middle(char *p, uint64_t n)
{
    if (n < 10000) {
        return put_short(p, (uint32_t)n);
    }
    const uint32_t high = (uint32_t)(n / 10000);
    if (high < 10000) {
        p = put_short(p, high);
    } else {
        p = put_short(p, high / 10000);
        p = put_four(p, high % 10000);
    }
    return put_four(p, (uint32_t)(n % 10000));
}

enum { NUMBER_ROOM = 24 }; /* 19 digits and a sign are 20 */

static inline char *put_number(char *p, int64_t n)
{
    static const uint64_t limit = 1000000000000; /* of put_middle */
    uint64_t rest = (uint64_t)n;
    if (n < 0) {
        *p++ = '-';
        rest = 0 - rest;
    }
    if (rest < limit) {
        return put_middle(p, rest);
    }
    p = put_middle(p, rest / limit);
    const uint64_t low = rest % limit;
    p = put_four(p, (uint32_t)(low / 100000000));
    p = put_four(p, (uint32_t)(low / 10000 % 10000));
    return put_four(p, (uint32_t)(low % 10000));
}

static CNN_APART void flush_for_int(cnn_out *out, int64_t n)
{
    flush(out);
    cnn_out_int(out, n);
}

void cnn_out_int(cnn_out *out, int64_t n)
{
    if (out->used > sizeof out->buffer - NUMBER_ROOM) {
        flush_for_int(out, n);
        return;
    }
    out->used = (size_t)(put_number(out->buffer + out->used, n) - out->buffer);
}

void cnn_out_grouped(cnn_out *out, int64_t n)
{
    enum { GROUPED_ROOM = 32 }; /* 19 digits, 6 commas and a sign are 26 */
    uint32_t group[7];          /* from the right, but for the first one */
    int32_t groups = 0;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    for (; rest >= 1000; rest /= 1000) {
        group[groups++] = (uint32_t)(rest % 1000);
    }
    if (sizeof out->buffer - out->used < GROUPED_ROOM) {
        flush(out);
    }
    char *p = out->buffer + out->used;
    if (n < 0) {
        *p++ = '-';
    }
    p = put_short(p, (uint32_t)rest);
    while (groups > 0) {
        put_four(p, group[--groups]);
        *p = ','; /* in place of a zero */
        p += 4;
    }
    out->used = (size_t)(p - out->buffer);
}
