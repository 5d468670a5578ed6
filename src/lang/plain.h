/*
 * Plain layers: a word with plain numbers behind it, as in "relu", "conv3-64" or "maxpool3 s2 p1".
 * Nearly all layers are plain, and these functions read nothing else: where anything is not certain
 * (an expression, a label, a slip) they step back, and the functions of parse.h read it from its
 * first byte. So they make no errors.
 */
#ifndef CNN_LANG_PLAIN_H
#define CNN_LANG_PLAIN_H

#include "lang/scan.h"

/* The short word at the position, and what stands `behind` it; NULL: none. */
static inline const cnn_word *cnn_plain_word(const cnn_parser *ps, const char **behind)
{
    const cnn_short_word *found = cnn_vocabulary_see(ps->words, ps->p, ps->end);
    if (found == NULL) {
        return NULL;
    }
    *behind = ps->p + found->size;
    return &ps->words->words[found->word];
}

/* Whether a layer of this word ends at `p` and needs nothing: about half of all layers. */
static inline bool cnn_plain_bare(const cnn_parser *ps, const cnn_word *word, const char *p)
{
    return word->required == 0 && (p == ps->end || cnn_ends_item(*p));
}

/*
 * Reads the numbers behind a word into `attrs`, which hold the word's defaults. Returns the layer's
 * end, without blanks; NULL: not plain, and `attrs` may hold a part of it. relu6 is another word
 * than relu: *word is the one that was found at last.
 */
const char *cnn_plain_numbers(const cnn_parser *ps, const cnn_word **word, const char *p,
                              cnn_attrs *attrs);

#endif
