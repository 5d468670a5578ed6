/*
 * Layers that were read before, by their texts. Many lists say the same few hundred things, and a
 * text that is known is neither taken apart nor checked again.
 */
#ifndef CNN_LANG_MEMO_H
#define CNN_LANG_MEMO_H

#include "lang/scan.h"

enum { CNN_KEY_BYTES = 16 };

/* An item's text up to the next comma or the end, side by side, with zeros for the rest. */
typedef struct cnn_item_key {
    uint64_t part[CNN_KEY_BYTES / 8]; /* the first is 0 when the text has no end in so many bytes */
} cnn_item_key;

/* A plain layer and its text. */
typedef struct cnn_kept {
    cnn_item_key key;
    const cnn_op *op;
    uint32_t size; /* of the layer's text, */
    uint32_t room; /* and with the blanks behind it */
    cnn_attrs attrs;
} cnn_kept;

enum { CNN_MEMO_SLOTS = 512, CNN_MEMO_MOST = CNN_MEMO_SLOTS / 2 };

/* What is kept stays: networks point to it. So the first texts count; a stream has its usual ones
 * among them. */
struct cnn_memo {
    int32_t count;
    cnn_kept slots[CNN_MEMO_SLOTS];
};

/* The bytes below the first comma or zero of `bytes`; *ends: there is one. */
static inline uint64_t cnn_below_comma(uint64_t bytes, bool *ends)
{
    static const uint64_t each = 0x0101010101010101u;
    const uint64_t commas = bytes ^ ',' * each;
    const uint64_t zeros =
        (((bytes - each) & ~bytes) | ((commas - each) & ~commas)) & 0x80 * each; /* or above one */
    const uint64_t first = zeros & (0 - zeros);
    *ends = first != 0;
    return first == 0 ? bytes : bytes & ((first >> 7) - 1);
}

static inline cnn_item_key cnn_item_key_of(const char *p, const char *end)
{
    cnn_item_key key = {{0}};
    bool ends;
    key.part[0] = cnn_below_comma(cnn_eight_bytes(p, end), &ends);
    if (!ends) {
        key.part[1] = cnn_below_comma(cnn_eight_bytes(p + 8, end), &ends);
        key.part[0] = ends ? key.part[0] : 0;
    }
    return key;
}

/* Where the text is kept, or may be: then the slot's key is 0. Half of the slots are always free.
 */
static inline cnn_kept *cnn_memo_slot(cnn_memo *memo, const cnn_item_key *key)
{
    const uint64_t both = key->part[0] ^ (key->part[1] << 7 | key->part[1] >> 57);
    size_t slot = (size_t)(both * 0x9E3779B97F4A7C15u >> 55); /* 2^64 / golden ratio; 9 bits */
    for (;;) {
        cnn_kept *kept = &memo->slots[slot];
        if (kept->key.part[0] == 0 ||
            (kept->key.part[0] == key->part[0] && kept->key.part[1] == key->part[1])) {
            return kept;
        }
        slot = (slot + 1) % CNN_MEMO_SLOTS;
    }
}

#endif
