/*
 * Layers that were read before, by their texts. Many lists say the same few hundred things, and a
 * text that is known is neither taken apart nor checked again.
 */
#ifndef CNN_LANG_MEMO_H
#define CNN_LANG_MEMO_H

#include "lang/phrase.h"

enum { CNN_KEY_BYTES = 16 };

/*
 * An item's text with the sign that ends it, a comma for the end of the list, side by side, with
 * zeros for the rest. Where there is none among them, the text is too long.
 */
typedef struct cnn_item_key {
    uint64_t part[CNN_KEY_BYTES / 8];
    size_t size; /* in bytes, with that sign */
} cnn_item_key;

/* A plain layer and its text. */
typedef struct cnn_kept {
    const cnn_op *op;
    int64_t size; /* of its text, without the blanks behind it */
    cnn_attrs attrs;
} cnn_kept;

/* Where what is kept is found by the key of its text. */
typedef struct cnn_memo_slot {
    uint64_t part[CNN_KEY_BYTES / 8];
    const cnn_kept *kept; /* NULL: the slot is free */
    bool idle;            /* the layer neither changes a shape nor costs anything */
} cnn_memo_slot;

enum { CNN_MEMO_SLOTS = 2048, CNN_MEMO_MOST = CNN_MEMO_SLOTS / 8 };

/* What is kept stays: networks point to it. So the first texts count; a stream has its usual ones
 * among them. */
struct cnn_memo {
    int32_t count;
    cnn_memo_slot slots[CNN_MEMO_SLOTS];
    cnn_kept kept[CNN_MEMO_MOST];
    cnn_known known;     /* shapes, and what layers that are kept */
    cnn_phrases phrases; /* or joins and groups did to them */
};

/* Forgets shapes, and what was done to them, where another list may bring more than there is room
 * for: before it, for values of a list are such numbers. */
void cnn_memo_make_room(cnn_memo *memo);

/* The top bits of the bytes that end items, ")" "," "|", or that no item has in it, "*" "+" "}". Of
 * ASCII: other bytes disturb the marks above them, so that the text is like none that is kept. */
static inline uint64_t cnn_item_ends(uint64_t bytes)
{
    const uint64_t from_closing = bytes + CNN_EACH_BYTE * (0x80 - ')');
    const uint64_t to_comma = CNN_EACH_BYTE * (0x80 + ',') - bytes;
    const uint64_t from_bar = bytes + CNN_EACH_BYTE * (0x80 - '|');
    return ((from_closing & to_comma) | from_bar) & CNN_EACH_BYTE * 0x80;
}

/* The eight bytes that begin `count` bytes before the end, with commas behind that. There are eight
 * before it at least. */
static inline uint64_t cnn_last_bytes(const char *end, ptrdiff_t count)
{
    const unsigned lack = count >= 8 ? 0 : count > 0 ? 8 - (unsigned)count : 8;
    const unsigned half = lack * 4; /* bits; a shift by 64 is undefined */
    const uint64_t bytes = cnn_eight_bytes(end - (count > 8 ? count : 8), end);
    return bytes >> half >> half | (CNN_EACH_BYTE * ',' & ~(UINT64_MAX >> half >> half));
}

/*
 * The key of what stands at `p` in a text that begins at `begin`. Without branches where it can be,
 * for how long the next item is nobody can foresee.
 */
static inline cnn_item_key cnn_item_key_of(const char *begin, const char *p, const char *end)
{
    uint64_t low, high;
    if (CNN_LIKELY(end - p >= CNN_KEY_BYTES)) {
        low = cnn_eight_bytes(p, p + 8);
        high = cnn_eight_bytes(p + 8, p + 16);
    } else if (end - begin >= 8) {
        low = cnn_last_bytes(end, end - p);
        high = cnn_last_bytes(end, end - p - 8);
    } else {
        low = high = 0; /* longer than the text is */
    }
    /* With the sign that ends it, of which the lowest bits are all there is. */
    const uint64_t low_bits = cnn_below(cnn_item_ends(low));
    const uint64_t goes_on = 0 - (low_bits >> 63);
    const uint64_t high_bits = cnn_below(cnn_item_ends(high)) & goes_on;
    const uint64_t ones = (low_bits & CNN_EACH_BYTE) + (high_bits & CNN_EACH_BYTE);
    return (cnn_item_key){{low & low_bits, high & high_bits}, cnn_byte_sum(ones)};
}

/* The slot where the text is kept, or may be: then it is free. Most slots always are, so that
 * mostly the first one is it. */
static inline const cnn_memo_slot *cnn_memo_find(const cnn_memo *memo, const cnn_item_key *key)
{
    const uint64_t both = key->part[0] ^ (key->part[1] << 7 | key->part[1] >> 57);
    size_t i = (size_t)(both * CNN_GOLDEN >> 53); /* 11 bits */
    for (;;) {
        const cnn_memo_slot *slot = &memo->slots[i];
        const uint64_t others = (slot->part[0] ^ key->part[0]) | (slot->part[1] ^ key->part[1]);
        if (CNN_LIKELY(others == 0 || slot->kept == NULL)) {
            return slot;
        }
        i = (i + 1) % CNN_MEMO_SLOTS;
    }
}

#endif
