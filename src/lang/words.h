/*
 * The words of the language: layer kinds with the defaults of their attributes, and the attributes
 * themselves. The tables are constant data, which make_words.c writes from src/ops at build time.
 */
#ifndef CNN_LANG_WORDS_H
#define CNN_LANG_WORDS_H

#include "base/eight.h"
#include "ops/op.h"

/* What the shortcut of plain.c knows of a kind; attributes are one bit each. */
typedef struct cnn_plain_kind {
    cnn_smalls usual, least, most;
    uint16_t takes;    /* those that may be one whole number */
    uint16_t sides;    /* those that may be two: 3x1 */
    uint16_t required; /* see cnn_attrs_required */
} cnn_plain_kind;

typedef struct cnn_word {
    uint64_t key; /* see cnn_letters_key, with one digit at most; 0: longer than that */
    const char *text;
    const cnn_op *op;
    const cnn_attrs *standard;   /* see cnn_attrs_standard */
    const cnn_plain_kind *plain; /* NULL: it is no layer that is idle or has a `quick` function */
    uint32_t required;           /* see cnn_attrs_required */
    uint8_t size;                /* of the text */
    bool longer;                 /* with digits after it, it may be another word: relu, relu6 */
    bool bare;                   /* a layer that may be its word alone, with `standard` */
    bool idle;                   /* see cnn_op_is_idle */
} cnn_word;

extern const cnn_word cnn_words[];
extern const int32_t cnn_word_count;

/* A perfect hash gives the place of the only word that can have a key. */
extern const uint64_t cnn_word_factor;
extern const cnn_word *const cnn_word_places[];

enum { CNN_WORD_BITS = 8 };

/* A way to spell an attribute. */
typedef struct cnn_attr_word {
    const char *text;
    cnn_attr attr;
} cnn_attr_word;

extern const cnn_attr_word cnn_attr_words[];
extern const int32_t cnn_attr_word_count;
extern const uint8_t cnn_attr_signs[256]; /* those of one letter, and "/"; CNN_ATTRS: none */

/*
 * Up to eight letters at `p`, in lower case and side by side, with zeros for the rest. 0 when there
 * is no letter, or when nine or more follow each other. 16 bytes at `p` must be readable.
 */
static inline uint64_t cnn_letters_key(const char *p)
{
    static const uint64_t each = CNN_EACH_BYTE;
    const uint64_t bytes = cnn_eight_bytes(p);
    const uint64_t folded = bytes | 0x20 * each, seven = folded & 0x7F * each;
    /* The top bit of each byte: at least 'a', above 'z', not ASCII. */
    const uint64_t from_a = seven + (0x80 - 'a') * each, above_z = seven + (0x7F - 'z') * each;
    const uint64_t others = (~from_a | above_z | bytes) & 0x80 * each;
    if (CNN_LIKELY(others != 0)) {
        return folded & cnn_below(others) >> 7;
    }
    return cnn_is_letter(p[8]) ? 0 : folded;
}

/* The key of a word of `size` letters with the key `letters` and the digit after it. */
static inline uint64_t cnn_numbered_key(uint64_t letters, size_t size, const char *p)
{
    return letters | (uint64_t)(unsigned char)p[size] << 8 * size;
}

/* The word of a key; NULL: there is none. No word has the place of key 0. */
static inline const cnn_word *cnn_word_of(uint64_t key)
{
    const cnn_word *word = cnn_word_places[key * cnn_word_factor >> (64 - CNN_WORD_BITS)];
    return word->key == key ? word : NULL;
}

/* The word that the letters at `p` are; NULL: there is none, or it is long. */
static inline const cnn_word *cnn_lettered_word(const char *p)
{
    /* Letters have bit 6, and nearly all that may follow them has not. */
    const uint64_t bytes = cnn_eight_bytes(p), rest = ~bytes >> 6 & CNN_EACH_BYTE;
    const uint64_t folded = bytes | 0x20 * CNN_EACH_BYTE;
    const cnn_word *word = rest != 0 ? cnn_word_of(folded & cnn_below(rest)) : NULL;
    return CNN_LIKELY(word != NULL) ? word : cnn_word_of(cnn_letters_key(p)); /* "relu|" */
}

/* The same with a digit after them if that makes another word: relu6 before relu. */
static inline const cnn_word *cnn_known_word(const char *p)
{
    const cnn_word *word = cnn_lettered_word(p);
    if (word != NULL && word->longer && cnn_is_digit(p[word->size])) {
        const cnn_word *longer = cnn_word_of(cnn_numbered_key(word->key, word->size, p));
        return longer != NULL && !cnn_is_digit(p[longer->size]) ? longer : word;
    }
    return word;
}

/* The word of a text of any length; NULL: there is none. */
const cnn_word *cnn_word_find(cnn_text text);

/* The attribute that a word spells; CNN_ATTRS: none. */
cnn_attr cnn_attr_find(cnn_text text);

/* Offers every layer word: "did you mean ...?" */
void cnn_words_offer(cnn_nearest *nearest);

#endif
