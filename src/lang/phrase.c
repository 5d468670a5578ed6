/* Finding joins and groups by their texts, which are compared eight bytes at a time. */
#include "lang/phrase.h"

#include <string.h>

/* A text up to its last parenthesis. None of them is the beginning of another one. */
typedef struct phrase_key {
    uint64_t text[CNN_PHRASE_WORDS]; /* zeros for what it lacks of the last one; no more are set */
    size_t words;
    size_t size; /* in bytes; 0: there is none, or it is too long */
    uint64_t hash;
} phrase_key;

/* The top bits of the bytes that are "(" or ")", which differ in their lowest bits. */
static inline uint64_t parentheses(uint64_t bytes)
{
    const uint64_t low = CNN_EACH_BYTE * 0x7F;
    const uint64_t others = (bytes ^ CNN_EACH_BYTE * '(') & ~CNN_EACH_BYTE; /* 0 where one is */
    return ~(((others & low) + low) | others | low);
}

static inline void key_add(phrase_key *key, uint64_t word)
{
    key->text[key->words++] = word;
    key->hash = (key->hash << 5 ^ key->hash >> 59 ^ word) * CNN_GOLDEN;
}

/* What stands at `p`, to the parenthesis that closes the first one. That opens early in the text
 * of a join or group, and where it does not, no more is looked at. */
static inline phrase_key key_of(const char *p, const char *end, int32_t in)
{
    phrase_key key;
    int32_t open = 0;
    key.words = key.size = 0;
    key.hash = (uint64_t)in << 32;
    for (; key.words < CNN_PHRASE_WORDS; p += 8) {
        const uint64_t bytes = cnn_eight_bytes(p, end);
        for (uint64_t marks = parentheses(bytes); marks != 0; marks &= marks - 1) {
            const uint64_t below = cnn_below(marks);
            const bool closes = (bytes << 7 & (below + 1)) != 0;
            open += closes ? -1 : 1;
            if (open <= 0) {
                key_add(&key, bytes & below);
                key.size = 8 * (key.words - 1) + cnn_byte_sum(below & CNN_EACH_BYTE);
                return key;
            }
        }
        if (open == 0 || end - p <= 8) {
            break;
        }
        key_add(&key, bytes);
    }
    return key;
}

/* Where it is, or has to be written. */
static inline cnn_phrase *slot_of(cnn_phrases *phrases, const phrase_key *key)
{
    return &phrases->slots[key->hash >> 53]; /* 11 bits */
}

static inline bool is(const cnn_phrase *phrase, const phrase_key *key, int32_t in)
{
    uint64_t others = 0;
    for (size_t i = 0; i < key->words; i++) {
        others |= phrase->text[i] ^ key->text[i];
    }
    return others == 0 && phrase->effect.in == in;
}

bool cnn_phrase_pass(cnn_parser *ps, cnn_phrases *phrases, cnn_builder *to, int32_t *value)
{
    const phrase_key key = key_of(ps->p, ps->end, *value);
    if (key.size == 0) {
        return false;
    }
    const cnn_phrase *phrase = slot_of(phrases, &key);
    const char *end = ps->p + key.size;
    const bool ends = end == ps->end || cnn_ends_item(*end); /* it is no count, for instance */
    if (!ends || !is(phrase, &key, *value) || !cnn_network_pass(to, &phrase->effect, value)) {
        return false;
    }
    ps->p = end;
    return true;
}

CNN_APART void cnn_phrase_keep(const cnn_parser *ps, cnn_phrases *phrases, const cnn_builder *to,
                               const cnn_before *was, int32_t value)
{
    const phrase_key key = key_of(was->p, ps->end, was->in);
    const bool in_heads = memcmp(&to->aux, &was->aux, sizeof to->aux) != 0;
    if (was->p + key.size != ps->p || in_heads) {
        return;
    }
    cnn_phrase *phrase = slot_of(phrases, &key);
    const cnn_sums sums = cnn_sums_less(&to->path, &was->path);
    if (cnn_effect_keep(&phrase->effect, NULL, was->in, value, to->layer_count - was->layers,
                        &sums)) {
        memcpy(phrase->text, key.text, key.words * sizeof *key.text);
    }
}
