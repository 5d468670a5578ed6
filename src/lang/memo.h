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

/* The top bits of the bytes that are zero; above the first of them also of others. */
static inline uint64_t cnn_zero_bytes(uint64_t bytes)
{
    return (bytes - 0x0101010101010101u) & ~bytes & 0x8080808080808080u;
}

static inline uint64_t cnn_commas(uint64_t bytes)
{
    return cnn_zero_bytes(bytes ^ 0x0101010101010101u * ',');
}

/* The bytes below the first mark; all, if there is none. */
static inline uint64_t cnn_below(uint64_t bytes, uint64_t marks)
{
    const uint64_t first = marks & (0 - marks);
    return bytes & ((first >> 7) - 1);
}

/* What ends the text among eight bytes: a comma, or where `near` the end the zeros behind it. */
static inline uint64_t cnn_item_ends(uint64_t bytes, bool near)
{
    return near ? cnn_commas(bytes) | cnn_zero_bytes(bytes) : cnn_commas(bytes);
}

static inline cnn_item_key cnn_item_key_of(const char *p, const char *end)
{
    const bool near = end - p < CNN_KEY_BYTES; /* if not, the bytes are there without a look */
    const uint64_t low = near ? cnn_eight_bytes(p, end) : cnn_eight_bytes(p, p + 8);
    const uint64_t ends = cnn_item_ends(low, near);
    cnn_item_key key = {{cnn_below(low, ends), 0}};
    if (ends == 0) {
        const uint64_t high = near ? cnn_eight_bytes(p + 8, end) : cnn_eight_bytes(p + 8, p + 16);
        const uint64_t last = cnn_item_ends(high, near);
        key.part[1] = cnn_below(high, last);
        key.part[0] = last == 0 ? 0 : low;
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
