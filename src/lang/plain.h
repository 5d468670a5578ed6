/*
 * Plain layers: a word with plain numbers behind it, as in "relu", "conv3-64" or "maxpool3 s2 p1".
 * Nearly all layers are plain, and these functions read nothing else: where anything is not certain
 * (an expression, a label, a slip) they say that there is no plain layer, and the functions of
 * parse.h read it from its first byte. So they make no errors but that of memory.
 */
#ifndef CNN_LANG_PLAIN_H
#define CNN_LANG_PLAIN_H

#include "lang/memo.h"

/* What stands at the position. */
typedef struct cnn_plain {
    const cnn_op *op;       /* NULL: no short word */
    const cnn_attrs *attrs; /* NULL: no plain layer */
    bool lasts;             /* they stay for as long as the memo */
    const char *end;        /* of the layer */
    const char *behind;     /* where to read on: behind the word, or the layer and its blanks */
} cnn_plain;

/* Reads it; if it is a plain layer, the memo keeps it for the key that was looked for. NULL: none.
 */
bool cnn_plain_read(cnn_parser *ps, const cnn_item_key *key, cnn_plain *out);

/* What is kept, at `p`, up to what stands `behind` it. */
static inline cnn_plain cnn_plain_kept(const cnn_kept *kept, const char *p, const char *behind)
{
    return (cnn_plain){kept->op, &kept->attrs, true, p + kept->size, behind};
}

/* The same for somebody who may have read this text before. The position stays. False: no memory.
 */
static inline bool cnn_plain_see(cnn_parser *ps, cnn_plain *out)
{
    if (ps->memo == NULL) {
        return cnn_plain_read(ps, NULL, out);
    }
    const cnn_item_key key = cnn_item_key_of(ps->begin, ps->p, ps->end);
    const cnn_kept *kept = cnn_memo_find(ps->memo, &key)->kept;
    if (kept == NULL) {
        return cnn_plain_read(ps, &key, out);
    }
    *out = cnn_plain_kept(kept, ps->p, ps->p + key.size - 1);
    return true;
}

#endif
