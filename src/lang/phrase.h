/*
 * Joins and repeated groups that were read before: what one text did to one shape. Where many lists
 * are built of the same blocks, a block that is known is not read again.
 */
#ifndef CNN_LANG_PHRASE_H
#define CNN_LANG_PHRASE_H

#include "lang/scan.h"
#include "net/network.h"

enum { CNN_PHRASE_WORDS = 8, CNN_PHRASE_SLOTS = 2048 };

/* A text and what it did. */
typedef struct cnn_phrase {
    uint64_t text[CNN_PHRASE_WORDS]; /* eight bytes in each, zeros for the rest */
    cnn_effect effect;               /* of no layer in particular */
} cnn_phrase;

/* Each has its slot, and the last one that came stays. Zero is a valid start. */
typedef struct cnn_phrases {
    cnn_phrase slots[CNN_PHRASE_SLOTS];
} cnn_phrases;

/* Passes over a join or group at the position if it is known what it does to value *value, which
 * becomes its output. For outlines that know something, outside of auxiliary heads. False: nothing
 * was done. */
bool cnn_phrase_pass(cnn_parser *ps, cnn_phrases *phrases, cnn_builder *to, int32_t *value);

/* What was before a join or group. */
typedef struct cnn_before {
    const char *p;
    int32_t in;
    cnn_sums path, aux;
    int32_t layers;
} cnn_before;

static inline cnn_before cnn_phrase_before(const cnn_parser *ps, const cnn_builder *to,
                                           int32_t value)
{
    return (cnn_before){ps->p, value, to->path, to->aux, to->layer_count};
}

/* Keeps what it did, up to the position and to `value`, for those who come to it again. Nothing in
 * it may depend on what else is in the list. */
void cnn_phrase_keep(const cnn_parser *ps, cnn_phrases *phrases, const cnn_builder *to,
                     const cnn_before *was, int32_t value);

#endif
