/*
 * The word at the beginning of a layer, the longest that fits: relu6 before relu, soft-max before a
 * layer "soft". It may have blanks before its number, and capitals anywhere; the tables of words
 * have neither.
 */
#include "lang/reader.h"

#include <string.h>

enum { LONGEST_WORD = 32 };

/* A word of letters and the number after it, which blanks may set apart: relu6. */
static const cnn_word *see_numbered(const char *p, size_t letters, const char **end)
{
    char joined[LONGEST_WORD];
    size_t used = letters;
    memcpy(joined, p, letters);
    const char *q = cnn_skip(p + letters, false);
    while (cnn_is_digit(*q) && used < sizeof joined) {
        joined[used++] = *q++;
    }
    const cnn_word *word = used > letters ? cnn_word_find((cnn_text){joined, used}) : NULL;
    *end = word != NULL ? q : *end;
    return word;
}

/* Two words with a "-" between them, `second` the one after it: soft-max. */
static const cnn_word *see_joined(cnn_text first, cnn_text second)
{
    char joined[LONGEST_WORD];
    if (first.size + second.size > sizeof joined) {
        return NULL;
    }
    memcpy(joined, first.data, first.size);
    memcpy(joined + first.size, second.data, second.size);
    return cnn_word_find((cnn_text){joined, first.size + second.size});
}

const cnn_word *cnn_see_word(cnn_reader *r, const cnn_place *at, const char *p, const char **end)
{
    const cnn_text letters = cnn_see_letters(p);
    const uint64_t key = cnn_letters_key(p);
    const cnn_word *word = key != 0 ? cnn_word_of(key) : cnn_word_find(letters);
    *end = p + letters.size;
    if (word != NULL && word->longer) {
        const cnn_word *longer = see_numbered(p, letters.size, end);
        word = longer != NULL ? longer : word;
    }
    if (**end != '-' || !cnn_is_letter((*end)[1])) {
        return word;
    }
    const char *after = *end + 1;
    cnn_computed number;
    if (word != NULL && cnn_see_number(r, at, cnn_see_name(after), &number) != CNN_NO_NUMBER) {
        return word; /* channels by name */
    }
    const cnn_text second = cnn_see_letters(after);
    const cnn_word *both = see_joined(letters, second);
    *end = both != NULL ? after + second.size : *end;
    return both != NULL ? both : word;
}
