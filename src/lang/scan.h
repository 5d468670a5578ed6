/* The reading position in a list, and what lies at it: blanks, names, numbers, brackets. */
#ifndef CNN_LANG_SCAN_H
#define CNN_LANG_SCAN_H

#include "lang/node.h"
#include "lang/vocabulary.h"

/* The state of reading one text. */
typedef struct cnn_parser {
    const char *p; /* the reading position */
    const char *end;
    const char *begin;
    cnn_arena *arena;
    cnn_error *err;
    const cnn_vocabulary *words;
    cnn_memo *memo;                /* NULL: none */
    cnn_names definitions;         /* to cnn_definition */
    cnn_names macros;              /* the same for layers that are lists, by the layer's name */
    const cnn_definition *current; /* whose body is being read; NULL: the list itself */
    const cnn_text *defines;       /* NAME=N that override named numbers */
    int32_t define_count;
    uint32_t defines_used; /* one bit for each of the first 32 */
    int32_t depth;         /* of nesting */
    uint32_t closed;       /* up to this byte, every parenthesis of a group has its end */
    int32_t unknowns;      /* "?" seen so far */
} cnn_parser;

/* The character at the position, or one behind it; NUL at the end. */
static inline char cnn_peek(const cnn_parser *ps)
{
    return ps->p < ps->end ? *ps->p : '\0';
}

static inline char cnn_peek_at(const cnn_parser *ps, size_t offset)
{
    return (size_t)(ps->end - ps->p) > offset ? ps->p[offset] : '\0';
}

static inline bool cnn_in_name(char c)
{
    return cnn_is_letter(c) || cnn_is_digit(c) || c == '_';
}

static inline bool cnn_in_label(char c)
{
    return cnn_in_name(c) || c == '.';
}

/* Whether nothing more of an item can follow: a break, the end of a branch, or of the text. */
static inline bool cnn_ends_item(char c)
{
    return c == ',' || c == '\0' || c == ')' || c == '|' || c == ';' || c == '\n' || c == '\r';
}

/* Blanks, tabs and comments; with `lines` line ends too. */
void cnn_skip_all_blanks(cnn_parser *ps, bool lines);

static inline void cnn_skip_blanks(cnn_parser *ps, bool lines)
{
    if (ps->p < ps->end && *ps->p <= '#') { /* no letter, digit or bracket */
        cnn_skip_all_blanks(ps, lines);
    }
}

/* The span from `from` to the position, less blanks at its end. */
static inline cnn_span cnn_span_from(const cnn_parser *ps, const char *from)
{
    const char *end = ps->p;
    while (end > from && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    return (cnn_span){(uint32_t)(from - ps->begin), (uint32_t)(end - ps->begin)};
}

cnn_span cnn_span_of(const cnn_parser *ps, cnn_text text);

/* Views of what is at the position, empty when it is something else; the position stays. */
cnn_text cnn_see_letters(const cnn_parser *ps);
cnn_text cnn_see_name(const cnn_parser *ps);  /* letters, digits, "_"; no digit first */
cnn_text cnn_see_label(const cnn_parser *ps); /* letters, digits, "_", "." */
cnn_text cnn_see_thing(const cnn_parser *ps); /* a word, number or single character, for messages */

/* The bytes of "x" or of the multiplication sign at the position; 0: neither. */
size_t cnn_see_times(const cnn_parser *ps);

/* The ")" that closes the "(" at the position; NULL, with an error in `err`, when there is none. */
const char *cnn_see_close(const cnn_parser *ps, cnn_error *err);

/* The same for the "(" at `open`, without an error; and the number of "|" between the branches. */
const char *cnn_see_branches(const cnn_parser *ps, const char *open, int32_t *bars);

enum { CNN_SAFE_DIGITS = 18 }; /* fit into 64 bits whatever they are */

/* The digits at `p`; how many there are. Their value is right when they are no more than are safe.
 */
static inline size_t cnn_read_digits(const char *p, const char *end, int64_t *out)
{
    const char *from = p;
    uint64_t n = 0; /* wraps around where there are too many */
    for (; p < end; p++) {
        const unsigned digit = (unsigned)(unsigned char)*p - '0'; /* above 9 for all but digits */
        if (digit > 9) {
            break;
        }
        n = n * 10 + digit;
    }
    *out = (int64_t)n;
    return (size_t)(p - from);
}

/* The digits behind a point, at `p`, as billionths: finer ones are dropped. How many there are. */
static inline size_t cnn_read_fraction(const char *p, const char *end, int64_t *out)
{
    const char *from = p;
    *out = 0;
    for (int64_t unit = CNN_DECIMAL / 10; p < end && cnn_is_digit(*p); p++, unit /= 10) {
        *out += (*p - '0') * unit;
    }
    return (size_t)(p - from);
}

/* Whether another number of a size follows: "x" between numbers. It is read. */
bool cnn_read_times(cnn_parser *ps);

/* Reads an INT. False when none is there (without an error) or when it does not fit (with one). */
bool cnn_read_int(cnn_parser *ps, int64_t *out);

/* Commas, line ends and ";" between items. `found` says whether there were any, `comma` whether a
 * comma was among them; two commas are an error. */
bool cnn_read_breaks(cnn_parser *ps, bool *found, bool *comma);

/* Counts one level of nesting; the caller takes it back with ps->depth--. */
bool cnn_nest(cnn_parser *ps, cnn_span span);

bool cnn_fail_unexpected(cnn_parser *ps, const char *wanted);

/* NUL bytes and invalid UTF-8 are refused before anything is read. */
bool cnn_text_check(cnn_text text, cnn_error *err);

#endif
