/* Scanning: the language needs no token objects, only a position and a few looks ahead. */
#include "lang/scan.h"

#include <string.h>

static void skip_comment(cnn_parser *ps)
{
    const char *end = memchr(ps->p, '\n', (size_t)(ps->end - ps->p));
    ps->p = end == NULL ? ps->end : end;
}

void cnn_skip_all_blanks(cnn_parser *ps, bool lines)
{
    for (;;) {
        const char c = cnn_peek(ps);
        if (c == ' ' || c == '\t' || (lines && (c == '\n' || c == '\r'))) {
            ps->p++;
        } else if (c == '#') {
            skip_comment(ps);
        } else {
            return;
        }
    }
}

cnn_span cnn_span_of(const cnn_parser *ps, cnn_text text)
{
    const uint32_t begin = (uint32_t)(text.data - ps->begin);
    return (cnn_span){begin, begin + (uint32_t)text.size};
}

cnn_text cnn_see_letters(const cnn_parser *ps)
{
    const char *q = ps->p;
    while (q < ps->end && cnn_is_letter(*q)) {
        q++;
    }
    return (cnn_text){ps->p, (size_t)(q - ps->p)};
}

cnn_text cnn_see_name(const cnn_parser *ps)
{
    const char *q = ps->p;
    if (q < ps->end && !cnn_is_digit(*q)) {
        while (q < ps->end && cnn_in_name(*q)) {
            q++;
        }
    }
    return (cnn_text){ps->p, (size_t)(q - ps->p)};
}

cnn_text cnn_see_label(const cnn_parser *ps)
{
    const char *q = ps->p;
    while (q < ps->end && cnn_in_label(*q)) {
        q++;
    }
    return (cnn_text){ps->p, (size_t)(q - ps->p)};
}

/* The bytes of the code point at the position. */
static size_t point_size(const cnn_parser *ps)
{
    size_t n = 1;
    while (((unsigned char)cnn_peek_at(ps, n) & 0xC0) == 0x80) {
        n++;
    }
    return n;
}

cnn_text cnn_see_thing(const cnn_parser *ps)
{
    const cnn_text word = cnn_see_label(ps);
    if (word.size > 0) {
        return word;
    }
    return (cnn_text){ps->p, ps->p < ps->end ? point_size(ps) : 0};
}

size_t cnn_see_times(const cnn_parser *ps)
{
    const char c = cnn_peek(ps);
    if (c == 'x' || c == 'X') {
        return 1;
    }
    return c == '\xC3' && cnn_peek_at(ps, 1) == '\x97' ? 2 : 0; /* U+00D7 */
}

bool cnn_nest(cnn_parser *ps, cnn_span span)
{
    if (ps->depth >= CNN_MAX_NESTING) {
        return cnn_fail_numbers(ps->err, CNN_E_NESTING, span, CNN_MAX_NESTING, 0);
    }
    ps->depth++;
    return true;
}

/* The end of the parentheses that begin at `q`, and the number of "|" directly in them. NULL: they
 * are too many, and *deep points at the first that is, or do not end. */
static const char *see_end(const char *q, const char *end, int32_t *bars, const char **deep)
{
    int32_t open = 0, found = 0;
    for (; q < end; q++) {
        if (*q > ')') { /* nearly all */
            if (*q == '|' && open == 1) {
                found++;
            }
        } else if (*q == '#') {
            const char *line = memchr(q, '\n', (size_t)(end - q));
            q = line == NULL ? end - 1 : line;
        } else if (*q == ')' && --open == 0) {
            *bars = found;
            return q;
        } else if (*q == '(' && ++open > CNN_MAX_NESTING) {
            *deep = q;
            break;
        }
    }
    return NULL;
}

const char *cnn_see_close(const cnn_parser *ps, cnn_error *err)
{
    int32_t bars;
    const char *deep = NULL;
    const char *close = see_end(ps->p, ps->end, &bars, &deep);
    if (deep != NULL) {
        const cnn_span span = cnn_span_of(ps, (cnn_text){deep, 1});
        cnn_fail_numbers(err, CNN_E_NESTING, span, CNN_MAX_NESTING, 0);
    } else if (close == NULL) {
        cnn_fail(err, CNN_E_PAREN_OPEN, cnn_span_of(ps, (cnn_text){ps->p, 1}));
    }
    return close;
}

const char *cnn_see_branches(const cnn_parser *ps, const char *open, int32_t *bars)
{
    const char *deep;
    return see_end(open, ps->end, bars, &deep);
}

bool cnn_read_int(cnn_parser *ps, int64_t *out)
{
    const char *from = ps->p;
    int64_t n = 0;
    bool fits = true;
    while (ps->p < ps->end && cnn_is_digit(*ps->p)) {
        const int64_t digit = *ps->p - '0';
        fits = ps->p++ - from < CNN_SAFE_DIGITS || (fits && n <= (INT64_MAX - digit) / 10);
        n = fits ? n * 10 + digit : n;
    }
    if (!fits) {
        return cnn_fail_words(ps->err, CNN_E_OVERFLOW, cnn_span_from(ps, from),
                              cnn_text_of("this number"), (cnn_text){0});
    }
    *out = n;
    return ps->p > from;
}

bool cnn_read_times(cnn_parser *ps)
{
    const char *before = ps->p;
    cnn_skip_blanks(ps, false);
    const size_t times = cnn_see_times(ps);
    if (times > 0) {
        ps->p += times;
        cnn_skip_blanks(ps, false);
        const char c = cnn_peek(ps);
        if (cnn_is_digit(c) || c == '(' || c == '?' || c == '-') {
            return true;
        }
    }
    ps->p = before;
    return false;
}

bool cnn_read_breaks(cnn_parser *ps, bool *found, bool *comma)
{
    const char *from = ps->p;
    *comma = false;
    for (;;) {
        const char c = cnn_peek(ps);
        if (c == ',' && *comma) {
            return cnn_fail(ps->err, CNN_E_ITEM_MISSING, cnn_span_of(ps, (cnn_text){ps->p, 1}));
        }
        if (c == ',' || c == ';' || c == '\n' || c == '\r') {
            *comma = *comma || c == ',';
            from = NULL;
            ps->p++;
        } else if (c == ' ' || c == '\t') {
            ps->p++;
        } else if (c == '#') {
            skip_comment(ps);
        } else {
            *found = from == NULL;
            return true;
        }
    }
}

bool cnn_fail_unexpected(cnn_parser *ps, const char *wanted)
{
    const cnn_text thing = cnn_see_thing(ps);
    const cnn_span span = cnn_span_of(ps, thing);
    const char c = cnn_peek(ps);
    if (c == ')' && ps->depth == 0) {
        return cnn_fail(ps->err, CNN_E_PAREN_CLOSE, span);
    }
    if (c == '|') {
        return cnn_fail(ps->err, CNN_E_BAR, span);
    }
    const cnn_text what = thing.size > 0 ? thing : cnn_text_of("the end of the list");
    return cnn_fail_words(ps->err, CNN_E_UNEXPECTED, span, what, cnn_text_of(wanted));
}

/* The length of the well-formed UTF-8 sequence at `s`; 0: there is none. Unicode 15, table 3-7. */
static size_t utf8_size(const unsigned char *s, size_t size)
{
    const unsigned char c = s[0];
    const size_t n = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
    if (n == 0 || n > size) {
        return 0;
    }
    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    const bool overlong = (c == 0xE0 && s[1] < 0xA0) || (c == 0xF0 && s[1] < 0x90);
    const bool surrogate = c == 0xED && s[1] > 0x9F;
    const bool beyond = c == 0xF4 && s[1] > 0x8F;
    return overlong || surrogate || beyond ? 0 : n;
}

enum { BLOCK = 32 };

/* Has a top bit set if one of the bytes is NUL or no ASCII. */
static inline uint64_t odd_bits(const char *block)
{
    uint64_t odd = 0;
    for (size_t i = 0; i < BLOCK; i += sizeof(uint64_t)) {
        uint64_t eight;
        memcpy(&eight, block + i, sizeof eight);
        odd |= (eight - CNN_EACH_BYTE) | eight;
    }
    return odd & CNN_EACH_BYTE * 0x80;
}

/* Whether all bytes are certainly ASCII and none is NUL. */
static bool is_plain(cnn_text text)
{
    if (text.size < BLOCK) {
        return false; /* looking at each byte is as fast */
    }
    const char *last = text.data + text.size - BLOCK;
    uint64_t odd = odd_bits(last);
    for (const char *p = text.data; p < last; p += BLOCK) {
        odd |= odd_bits(p);
    }
    return odd == 0;
}

bool cnn_text_check(cnn_text text, cnn_error *err)
{
    const unsigned char *s = (const unsigned char *)text.data;
    if (is_plain(text)) {
        return true;
    }
    for (size_t i = 0; i < text.size;) {
        const size_t n = s[i] == 0 ? 0 : utf8_size(s + i, text.size - i);
        if (n == 0) {
            const cnn_span span = {(uint32_t)i, (uint32_t)i + 1};
            return cnn_fail(err, s[i] == 0 ? CNN_E_NUL_BYTE : CNN_E_BAD_UTF8, span);
        }
        i += n;
    }
    return true;
}
