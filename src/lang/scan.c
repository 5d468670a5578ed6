/* Looks at the text, breaks between items, and the check that it is text at all. */
#include "lang/reader.h"

#include "base/utf8.h"

const char *cnn_skip_all(const char *p, bool lines)
{
    for (;; p++) {
        if (*p == '#') {
            while (*p != '\0' && *p != '\n') {
                p++;
            }
        }
        if (!(*p == ' ' || *p == '\t' || (lines && (*p == '\n' || *p == '\r')))) {
            return p;
        }
    }
}

cnn_text cnn_see_letters(const char *p)
{
    const char *q = p;
    while (cnn_is_letter(*q)) {
        q++;
    }
    return (cnn_text){p, (size_t)(q - p)};
}

const bool cnn_name_signs[256] = {
    ['0'] = 1, ['1'] = 1, ['2'] = 1, ['3'] = 1, ['4'] = 1, ['5'] = 1, ['6'] = 1, ['7'] = 1,
    ['8'] = 1, ['9'] = 1, ['A'] = 1, ['B'] = 1, ['C'] = 1, ['D'] = 1, ['E'] = 1, ['F'] = 1,
    ['G'] = 1, ['H'] = 1, ['I'] = 1, ['J'] = 1, ['K'] = 1, ['L'] = 1, ['M'] = 1, ['N'] = 1,
    ['O'] = 1, ['P'] = 1, ['Q'] = 1, ['R'] = 1, ['S'] = 1, ['T'] = 1, ['U'] = 1, ['V'] = 1,
    ['W'] = 1, ['X'] = 1, ['Y'] = 1, ['Z'] = 1, ['_'] = 1, ['a'] = 1, ['b'] = 1, ['c'] = 1,
    ['d'] = 1, ['e'] = 1, ['f'] = 1, ['g'] = 1, ['h'] = 1, ['i'] = 1, ['j'] = 1, ['k'] = 1,
    ['l'] = 1, ['m'] = 1, ['n'] = 1, ['o'] = 1, ['p'] = 1, ['q'] = 1, ['r'] = 1, ['s'] = 1,
    ['t'] = 1, ['u'] = 1, ['v'] = 1, ['w'] = 1, ['x'] = 1, ['y'] = 1, ['z'] = 1};

cnn_text cnn_see_label(const char *p)
{
    const char *q = p;
    while (cnn_in_label(*q)) {
        q++;
    }
    return (cnn_text){p, (size_t)(q - p)};
}

/* The bytes of the code point at the position. */
static size_t point_size(const char *p)
{
    size_t n = 1;
    while (((unsigned char)p[n] & 0xC0) == 0x80) {
        n++;
    }
    return n;
}

cnn_text cnn_see_thing(const char *p)
{
    const cnn_text word = cnn_see_label(p);
    if (word.size > 0) {
        return word;
    }
    return (cnn_text){p, *p != '\0' ? point_size(p) : 0};
}

static const char *skip_comment(const char *p)
{
    while (p[1] != '\0' && p[1] != '\n') {
        p++;
    }
    return p;
}

const char *cnn_see_close(const char *open, int32_t *bars, const char **deep)
{
    int32_t depth = 0;
    *bars = 0;
    *deep = NULL;
    for (const char *q = open; *q != '\0'; q++) {
        if (*q > ')') { /* nearly all */
            *bars += *q == '|' && depth == 1;
        } else if (*q == '#') {
            q = skip_comment(q);
        } else if (*q == ')' && --depth == 0) {
            return q;
        } else if (*q == '(' && ++depth > CNN_MAX_NESTING) {
            *deep = q;
            return NULL;
        }
    }
    return NULL;
}

const char *cnn_see_end(const char *p, char other)
{
    int32_t depth = 0;
    for (; *p != '\0'; p++) {
        if (*p == '#') {
            p = skip_comment(p);
        } else if (depth == 0 && (*p == other || *p == ')')) {
            break;
        }
        depth += (*p == '(') - (*p == ')');
    }
    return p;
}

bool cnn_see_definition(const char *p)
{
    const cnn_text name = cnn_see_name(p);
    if (name.size == 0) {
        return false;
    }
    p = cnn_skip(p + name.size, false);
    if (*p == '(') {
        int32_t bars;
        const char *deep;
        p = cnn_see_close(p, &bars, &deep);
        if (p == NULL) {
            return false;
        }
        p = cnn_skip(p + 1, false);
    }
    return *p == '=';
}

/* ---- breaks ---- */

const char *cnn_read_breaks(cnn_reader *r, const char *p, bool *found, bool *comma)
{
    *comma = *found = false;
    for (;;) {
        const char c = *p;
        if (c == ',' && *comma) {
            return cnn_stop(r, CNN_E_ITEM_MISSING, cnn_span_at(r, p, p + 1));
        }
        if (c == ',' || c == ';' || c == '\n' || c == '\r') {
            *comma = *comma || c == ',';
            *found = true;
        } else if (c == '#') {
            p = skip_comment(p);
        } else if (c != ' ' && c != '\t') {
            return p;
        }
        p++;
    }
}

const char *cnn_read_begin(cnn_reader *r, const char *p)
{
    const char *from = p;
    bool found, comma;
    if (cnn_is_letter(*p)) {
        return p;
    }
    p = cnn_read_breaks(r, p, &found, &comma);
    if (p != NULL && comma) {
        while (*from != ',') { /* the place of the error: the first comma outside comments */
            from = *from == '#' ? skip_comment(from) + 1 : from + 1;
        }
        return cnn_stop(r, CNN_E_ITEM_MISSING, cnn_span_at(r, from, from + 1));
    }
    return p;
}

const char *cnn_read_break(cnn_reader *r, const char *p, bool inside)
{
    const char *end = p;
    bool found, comma;
    p = cnn_read_breaks(r, p, &found, &comma);
    if (p == NULL) {
        return NULL;
    }
    const bool closes = inside && (*p == ')' || *p == '|');
    if (closes && comma) {
        return cnn_stop(r, CNN_E_ITEM_MISSING, cnn_span_at(r, p, p + 1));
    }
    if (!found && !closes && *p != '\0') {
        return cnn_stop_break(r, cnn_skip(end, false));
    }
    return p;
}

/* ---- texts ---- */

enum { ZEROS = 16 };

/* Room for a copy, which has its zeros; NULL: no memory. */
static inline char *take_room(cnn_arena *arena, size_t text_size)
{
    const size_t size = text_size + ZEROS;
    if ((size_t)(arena->high - arena->low) < size + CNN_ARENA_ALIGN) {
        return NULL;
    }
    /* Not cleared, other than what cnn_arena_take gives. The zeros let readers look 16 bytes ahead
     * without asking where the text ends. */
    arena->high -= size + ((uintptr_t)arena->high - size) % CNN_ARENA_ALIGN;
    char *copy = (char *)arena->high;
    memset(copy + text_size, 0, ZEROS);
    return copy;
}

const char *cnn_copy_text(cnn_arena *arena, cnn_text text)
{
    char *copy = take_room(arena, text.size);
    return copy != NULL && text.size > 0 ? memcpy(copy, text.data, text.size) : copy;
}

/* Has a bit set when some byte is one of : ; < = > ? (0x3A to 0x3F). Bytes are ASCII. */
static inline uint64_t name_signs(uint64_t eight)
{
    const uint64_t from_colon = eight + (0x80 - ':') * CNN_EACH_BYTE;
    const uint64_t above = eight + (0x7F - '?') * CNN_EACH_BYTE;
    return from_colon & ~above;
}

/* Copies a text, and tells whether all its bytes are ASCII and none is NUL. The last eight may
 * overlap those before, which saves a loop. */
static inline bool copy_plain(cnn_text text, char *restrict to, bool *named)
{
    if (text.size < sizeof(uint64_t)) {
        return false; /* looking at each byte is as fast */
    }
    const size_t last = text.size - sizeof(uint64_t);
    uint64_t eight = cnn_eight_bytes(text.data + last);
    uint64_t odd = (eight - CNN_EACH_BYTE) | eight, signs = name_signs(eight);
    memcpy(to + last, text.data + last, sizeof eight);
    for (size_t i = 0; i < last; i += sizeof eight) {
        eight = cnn_eight_bytes(text.data + i);
        odd |= (eight - CNN_EACH_BYTE) | eight;
        signs |= name_signs(eight);
        memcpy(to + i, text.data + i, sizeof eight);
    }
    *named = (signs & CNN_EACH_BYTE * 0x80) != 0;
    return (odd & CNN_EACH_BYTE * 0x80) == 0;
}

/* The same as cnn_copy_checked, byte by byte; there may be no memory for the copy. */
static CNN_APART const char *copy_odd(cnn_text text, char *copy, bool *named, cnn_error *err)
{
    *named = true;
    if (!cnn_text_check(text, err)) {
        return NULL;
    }
    if (copy == NULL) {
        (void)cnn_fail_memory(err);
        return NULL;
    }
    return text.size > 0 ? memcpy(copy, text.data, text.size) : copy;
}

const char *cnn_copy_checked(cnn_arena *arena, cnn_text text, bool *named, cnn_error *err)
{
    char *copy = take_room(arena, text.size);
    return copy != NULL && copy_plain(text, copy, named) ? copy : copy_odd(text, copy, named, err);
}
