/* The words of the language: layer kinds with the defaults of their attributes. */
#ifndef CNN_LANG_VOCABULARY_H
#define CNN_LANG_VOCABULARY_H

#include "base/eight.h"
#include "lang/node.h"
#include "lang/range.h"

typedef struct cnn_word {
    const cnn_op *op;
    const cnn_attrs *bare; /* the defaults */
    uint32_t required;     /* bits of the attributes that must be given */
    bool layer;            /* no join, no macro */
    bool longer;           /* with digits behind it, it may be another word (relu, relu6) */
} cnn_word;

/* Those of `given` that say something about the padding: one at most may. */
static inline uint32_t cnn_paddings(uint32_t given)
{
    return given & (1u << CNN_PAD | 1u << CNN_SAME | 1u << CNN_VALID);
}

/* Completes what a layer of this word is given: without a padding it is "same", where that is the
 * default. False: something required is missing, or two paddings contradict. */
static inline bool cnn_word_complete(const cnn_word *word, cnn_attrs *attrs)
{
    const uint32_t padding = cnn_paddings(attrs->given);
    if ((word->required & ~attrs->given) != 0 || (padding & (padding - 1)) != 0) {
        return false;
    }
    attrs->given |= padding == 0 ? word->bare->given : 0;
    cnn_stride_complete(word->op, attrs);
    return true;
}

/* A word of less than eight letters. */
typedef struct cnn_short_word {
    uint8_t word; /* its index */
    uint8_t size;
} cnn_short_word;

/* Room for all there are; the first is a power of two, too. A start touches all of it, and it is
 * the pages touched that make a start slow. */
enum { CNN_SHORT_WORDS = 128, CNN_WORDS = 56, CNN_ATTR_WORDS = 16 };

/* A way to spell an attribute. */
typedef struct cnn_attr_word {
    uint64_t key; /* 0: the word is longer than seven letters */
    cnn_text text;
    cnn_attr attr;
} cnn_attr_word;

struct cnn_vocabulary {
    uint64_t keys[CNN_SHORT_WORDS]; /* of short words, see cnn_letters_key; 0: none */
    cnn_short_word shorts[CNN_SHORT_WORDS];
    cnn_word words[CNN_WORDS];
    int32_t word_count;
    cnn_names others; /* longer words, and those with digits, to cnn_word */
    cnn_attr_word attrs[CNN_ATTR_WORDS];
    int32_t attr_count;
    uint8_t attr_letters[26]; /* those of one letter, by it; CNN_ATTRS: none */
};

/*
 * Up to seven letters at `p`, folded to lower case and side by side, with zeros for the rest: a
 * word without a loop over it. 0 when no letter stands there, or eight or more do.
 */
static inline uint64_t cnn_letters_key(const char *p, const char *end)
{
    static const uint64_t each = CNN_EACH_BYTE;
    const uint64_t bytes = cnn_eight_bytes(p, end);
    const uint64_t folded = bytes | 0x20 * each, seven = folded & 0x7F * each;
    /* The top bit of each byte: at least 'a', above 'z', no ASCII at all. */
    const uint64_t from_a = seven + (0x80 - 'a') * each, above_z = seven + (0x7F - 'z') * each;
    const uint64_t others = (~from_a | above_z | bytes) & 0x80 * each;
    return others == 0 ? 0 : folded & cnn_below(others) >> 7;
}

static inline size_t cnn_short_word_slot(uint64_t key)
{
    return (size_t)(key * CNN_GOLDEN >> 57); /* 7 bits: 128 slots */
}

/* The short word at `p`, if the letters there are one; otherwise NULL. */
static inline const cnn_short_word *cnn_vocabulary_see(const cnn_vocabulary *words, const char *p,
                                                       const char *end)
{
    const uint64_t key = cnn_letters_key(p, end);
    size_t slot = cnn_short_word_slot(key);
    while (words->keys[slot] != key) {
        if (words->keys[slot] == 0) {
            return NULL;
        }
        slot = (slot + 1) % CNN_SHORT_WORDS;
    }
    return key == 0 ? NULL : &words->shorts[slot];
}

/* The attribute that the letters at `p` spell, and what stands `behind` them; CNN_ATTRS: none. */
static inline cnn_attr cnn_vocabulary_see_attr(const cnn_vocabulary *words, const char *p,
                                               const char *end, const char **behind)
{
    const unsigned letter = (unsigned)(unsigned char)(*p | 0x20) - 'a';
    if (letter < 26 && (end - p == 1 || !cnn_is_letter(p[1]))) {
        *behind = p + 1;
        return (cnn_attr)words->attr_letters[letter];
    }
    const uint64_t key = cnn_letters_key(p, end);
    for (int32_t i = 0; key != 0 && i < words->attr_count; i++) {
        if (words->attrs[i].key == key) {
            *behind = p + words->attrs[i].text.size;
            return words->attrs[i].attr;
        }
    }
    return CNN_ATTRS;
}

/* The attribute that a word of letters spells; CNN_ATTRS: none. */
cnn_attr cnn_vocabulary_attr(const cnn_vocabulary *words, cnn_text text);

/* NULL: the text is no word. */
const cnn_word *cnn_vocabulary_find(const cnn_vocabulary *words, cnn_text text);

/* Offers every word: "did you mean ...?" */
void cnn_vocabulary_offer(cnn_nearest *nearest);

#endif
