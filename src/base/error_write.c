/* Errors as sentences: the templates of errors.def, and the source line with its caret. */
#include "base/error.h"
#include "base/format.h"
#include "base/out.h"
#include "base/shape_text.h"

typedef struct message {
    const char *id;
    const char *sentence;
    const char *help;  /* the way out */
    const char *other; /* the way out where a word of `help` is missing */
} message;

static const message messages[] = {
#define X(CODE, id, sentence, help, other) {id, sentence, help, other},
#include "base/errors.def"
#undef X
};

/* Bytes of a word and of a line that are shown, and of what is before the place in a long line. */
enum { WORD_SHOWN = 72, LINE_SHOWN = 76, LINE_BEFORE = 36 };

const char *cnn_error_id(const cnn_error *err)
{
    return messages[err->code].id;
}

/* Bytes that would disturb a terminal are shown as '?'. */
static void put_safe(cnn_out *out, cnn_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        cnn_out_char(out, (unsigned char)c < 0x20 || c == 0x7F ? (c == '\t' ? ' ' : '?') : c);
    }
}

/* At most `size` bytes of a text that start at `begin`, cut only between code points. */
static cnn_text cut(cnn_text text, size_t begin, size_t size)
{
    while (begin > 0 && ((unsigned char)text.data[begin] & 0xC0) == 0x80) {
        begin--;
    }
    size_t end = text.size - begin < size ? text.size : begin + size;
    while (end < text.size && ((unsigned char)text.data[end] & 0xC0) == 0x80) {
        end++;
    }
    return (cnn_text){text.data + begin, end - begin};
}

static void put_word(cnn_out *out, cnn_text word)
{
    if (word.size == 0) {
        return;
    }
    put_safe(out, cut(word, 0, WORD_SHOWN));
    if (word.size > WORD_SHOWN) {
        cnn_out_string(out, "...");
    }
}

/* False when the template names a word that the error does not have. */
static bool has_words(const char *template, const cnn_error *err)
{
    for (const char *p = template; *p != '\0'; p++) {
        if (p[0] == '{' && p[1] >= 'a' && p[1] <= 'c' && err->word[p[1] - 'a'].size == 0) {
            return false;
        }
    }
    return true;
}

/* {a} {b} {c} words, {0} to {3} numbers, {s} {t} shapes, {f} the formats of task number 0. */
void cnn_out_error_template(cnn_out *out, const char *template, const cnn_error *err)
{
    for (const char *p = template; *p != '\0'; p++) {
        if (*p != '{') {
            cnn_out_char(out, *p);
            continue;
        }
        switch (p[1]) {
        case 'a':
        case 'b':
        case 'c':
            put_word(out, err->word[p[1] - 'a']);
            break;
        case 's':
        case 't':
            cnn_out_shape(out, &err->shape[p[1] - 's']);
            break;
        case 'f':
            cnn_formats_put(out, (cnn_task)err->number[0]);
            break;
        default:
            cnn_out_int(out, err->number[p[1] - '0']);
        }
        p += 2;
    }
}

void cnn_out_error_sentence(cnn_out *out, const cnn_error *err)
{
    cnn_out_error_template(out, messages[err->code].sentence, err);
}

const char *cnn_error_hint(const cnn_error *err)
{
    const message *m = &messages[err->code];
    return has_words(m->help, err) ? m->help : m->other;
}

void cnn_out_error_hint(cnn_out *out, const cnn_error *err)
{
    cnn_out_error_template(out, cnn_error_hint(err), err);
}

void cnn_out_error(cnn_out *out, const cnn_error *err)
{
    cnn_out_error_sentence(out, err);
    if (cnn_error_hint(err)[0] != '\0') {
        cnn_out_string(out, "; ");
        cnn_out_error_hint(out, err);
    }
}

bool cnn_error_write_line(const cnn_error *err, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    cnn_out_error_sentence(&out, err);
    return cnn_out_close(&out);
}

bool cnn_error_write_hint(const cnn_error *err, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    cnn_out_error_hint(&out, err);
    return cnn_out_close(&out);
}

void cnn_text_locate(cnn_text text, size_t offset, int64_t *line, int64_t *column)
{
    *line = 1;
    *column = 1;
    for (size_t i = 0; i < offset && i < text.size; i++) {
        if (text.data[i] == '\n') {
            ++*line;
            *column = 1;
        } else {
            *column += ((unsigned char)text.data[i] & 0xC0) != 0x80;
        }
    }
}

static int64_t code_points(cnn_text text)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        count += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    return count;
}

/* The line around `span`, a part of it when it is long, and a caret under every character. */
static void put_source(cnn_out *out, cnn_text text, cnn_span span)
{
    size_t begin = span.begin, end = span.begin;
    /* no pointer arithmetic on NULL */
    text = text.size > 0 ? text : cnn_text_of("");
    while (begin > 0 && text.data[begin - 1] != '\n') {
        begin--;
    }
    while (end < text.size && text.data[end] != '\n') {
        end++;
    }
    if (end > begin && text.data[end - 1] == '\r') {
        end--;
    }
    const cnn_text line = {text.data + begin, end - begin};
    const size_t at = span.begin - begin > line.size ? line.size : span.begin - begin;
    /* a long line is cut so that something before the place is left */
    const size_t from = at > LINE_SHOWN - LINE_BEFORE / 2 ? at - LINE_BEFORE : 0;
    const cnn_text shown = cut(line, from, LINE_SHOWN);
    const cnn_text before = {shown.data, (size_t)(line.data + at - shown.data)};
    const size_t rest = shown.size - before.size;
    const size_t length = span.end - span.begin < rest ? span.end - span.begin : rest;
    const int64_t carets = code_points((cnn_text){line.data + at, length});

    cnn_out_string(out, from > 0 ? "    ..." : "    ");
    put_safe(out, shown);
    cnn_out_string(out, shown.data + shown.size < line.data + line.size ? "...\n" : "\n");
    /* code points, not bytes, are what a terminal's columns count */
    cnn_out_fill(out, ' ', (from > 0 ? 7 : 4) + code_points(before));
    cnn_out_fill(out, '^', carets > 0 ? carets : 1);
    cnn_out_char(out, '\n');
}

/* name:line:column, as compilers have it, so that editors find the place. */
static void put_place(cnn_out *out, cnn_text text, cnn_text name, size_t offset)
{
    int64_t line, column;
    cnn_text_locate(text, offset, &line, &column);
    put_safe(out, name);
    cnn_out_char(out, ':');
    cnn_out_int(out, line);
    cnn_out_char(out, ':');
    cnn_out_int(out, column);
}

/* A span of another text than the one that is shown must not lead beyond its end. */
static cnn_span within(cnn_text text, cnn_span span)
{
    const uint32_t size = text.size < UINT32_MAX ? (uint32_t)text.size : UINT32_MAX;
    span.end = span.end < size ? span.end : size;
    span.begin = span.begin < span.end ? span.begin : span.end;
    return span;
}

bool cnn_error_write(const cnn_error *err, cnn_text text, cnn_text name, cnn_writer *to)
{
    const bool model = err->source == CNN_SOURCE_FILE;
    const bool placed = !model && err->code > CNN_READ_FAILED;
    const cnn_span span = within(text, err->span), call = within(text, err->call);
    cnn_out out;
    cnn_out_open(&out, to);
    /* a model file has bytes in place of lines */
    if (model) {
        put_safe(&out, name);
        cnn_out_string(&out, ": byte ");
        cnn_out_int(&out, err->index);
        cnn_out_string(&out, ": ");
    }
    if (placed) {
        put_place(&out, text, name, span.begin);
        cnn_out_string(&out, ": ");
    }
    cnn_out_error_sentence(&out, err);
    cnn_out_char(&out, '\n');
    /* an error within a definition shows its place, and the call that led there */
    if (placed) {
        put_source(&out, text, span);
        if (call.end > call.begin) {
            cnn_out_string(&out, "  used by ");
            put_place(&out, text, name, call.begin);
            cnn_out_string(&out, ":\n");
            put_source(&out, text, call);
        }
    }
    if (cnn_error_hint(err)[0] != '\0') {
        cnn_out_string(&out, "  ");
        cnn_out_error_template(&out, cnn_error_hint(err), err);
        cnn_out_char(&out, '\n');
    }
    return cnn_out_close(&out);
}
