/* Views of bytes, and how they are compared. ASCII only, no locale. */
#ifndef CNN_BASE_TEXT_H
#define CNN_BASE_TEXT_H

#include <cnncalc/cnncalc.h>

#define CNN_LENGTH(array) (sizeof(array) / sizeof(*(array)))

/* A view of a NUL-terminated string. */
cnn_text cnn_text_of(const char *string);

/* The part of `text` that a span names. */
cnn_text cnn_text_part(cnn_text text, cnn_span span);

/* What follows its first `size` bytes, which it has. */
static inline cnn_text cnn_text_skip(cnn_text text, size_t size)
{
    return (cnn_text){text.data + size, text.size - size};
}

/* Without blanks, tabs and line ends at both sides. */
cnn_text cnn_text_trim(cnn_text text);

/* Equal, upper and lower case taken as one. */
bool cnn_text_same(cnn_text a, cnn_text b);
bool cnn_text_is(cnn_text text, const char *string);
bool cnn_text_begins(cnn_text text, const char *string);

/* Whether it is one of `words`, between which there are single blanks; NULL: there are none. */
bool cnn_text_among(cnn_text name, const char *words);

/* The same where upper and lower case differ, as in Python. */
bool cnn_words_equal(cnn_text a, cnn_text b);
bool cnn_word_is(cnn_text text, const char *word);
bool cnn_word_begins(cnn_text text, const char *word);

/* The bytes of the byte order mark that an editor may put before a text; 0: there is none. */
size_t cnn_text_mark(cnn_text text);

/* Splits `text` at its first `at`: the part before it is returned, `text` keeps the rest. */
cnn_text cnn_text_split(cnn_text *text, char at);

/* A hash that takes upper and lower case as one. */
uint64_t cnn_text_hash(cnn_text text);

static inline char cnn_fold(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline bool cnn_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool cnn_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* How many single-character edits turn one into the other, at most `limit` + 1. */
int32_t cnn_text_distance(cnn_text a, cnn_text b, int32_t limit);

/* The nearest of the names offered so far to an unknown one: "did you mean ...?" */
typedef struct cnn_nearest {
    cnn_text wanted;
    cnn_text best;       /* empty: none is near enough */
    int32_t distance;    /* of it; before there is one, one more than is allowed */
    uint32_t characters; /* of `wanted` */
} cnn_nearest;

cnn_nearest cnn_nearest_to(cnn_text wanted);
void cnn_nearest_offer(cnn_nearest *nearest, cnn_text name);

/* Its code points: bytes that do not continue one. */
int64_t cnn_text_letters(cnn_text text);

/* The place that is `letters` code points after `at`; the end of the text where there are fewer. */
size_t cnn_text_after(cnn_text text, size_t at, int64_t letters);

#endif
