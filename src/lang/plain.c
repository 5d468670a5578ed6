/* Reading plain layers: from left to right, without a step back but the last one. */
#include "lang/plain.h"

#include "base/arena.h"
#include "lang/range.h"

/* A plain layer while it is read. */
typedef struct reading {
    const cnn_parser *ps;
    const cnn_op *op;
    cnn_attrs *attrs;
    uint32_t given; /* its attributes so far, see cnn_attrs */
} reading;

/* A number that certainly fits and lies in the attribute's range; NULL: none. */
static inline const char *read_number(const reading *r, cnn_attr attr, const char *p, int64_t *out)
{
    const size_t digits = cnn_read_digits(p, r->ps->end, out);
    const bool safe = digits - 1 < CNN_SAFE_DIGITS; /* and one at least */
    return safe && cnn_in_range(cnn_use_of(r->op, attr), *out) ? p + digits : NULL;
}

/* One number for all axes, or two with an "x" between them. */
static inline const char *read_sides(reading *r, cnn_attr attr, const char *p)
{
    int64_t *const value = r->attrs->value[attr];
    int64_t n;
    p = read_number(r, attr, p, &n);
    if (p == NULL) {
        return NULL;
    }
    r->given |= 1u << attr;
    value[0] = value[1] = n;
    if (p == r->ps->end || cnn_fold(*p) != 'x') {
        value[2] = n;
        return p;
    }
    return cnn_use_of(r->op, attr)->numbers == 0 ? read_number(r, attr, p + 1, &value[1]) : NULL;
}

/* "/2" or a word, and perhaps a number behind it. */
static inline const char *read_attr(reading *r, const char *p)
{
    const char *behind = p + 1;
    const cnn_attr attr =
        *p == '/' ? CNN_STRIDE : cnn_vocabulary_see_attr(r->ps->words, p, r->ps->end, &behind);
    if (attr == CNN_ATTRS || cnn_use_of(r->op, attr)->need == CNN_NEVER ||
        (r->given >> attr & 1) != 0) {
        return NULL;
    }
    p = behind;
    if (attr < CNN_NUMBERS) {
        return read_sides(r, attr, p);
    }
    r->given |= 1u << attr;
    return p;
}

/* 0.5, as billionths. */
static const char *read_decimal(reading *r, const char *p)
{
    const char *const end = r->ps->end;
    int64_t n;
    if (cnn_read_digits(p, end, &n) != 1) {
        return NULL;
    }
    n *= CNN_DECIMAL;
    p++;
    if (p < end && *p == '.') {
        int64_t part;
        const size_t digits = cnn_read_fraction(++p, end, &part);
        if (digits == 0) {
            return NULL;
        }
        n += part;
        p += digits;
    }
    for (int32_t i = 0; i < CNN_AXES; i++) {
        r->attrs->value[CNN_SIZE][i] = n;
    }
    r->given |= 1u << CNN_SIZE;
    return n <= cnn_use_of(r->op, CNN_SIZE)->most ? p : NULL;
}

/* relu6: letters and digits that are a word together; the word itself where there are no digits. */
static const cnn_word *see_longer(const cnn_parser *ps, const cnn_word *word, const char **p)
{
    const char *q = *p;
    while (q < ps->end && cnn_is_digit(*q)) {
        q++;
    }
    if (q == *p) {
        return word;
    }
    const cnn_text text = {ps->p, (size_t)(q - ps->p)};
    const cnn_name *name = cnn_names_find(&ps->words->others, text);
    *p = q;
    return name == NULL ? NULL : name->value;
}

/*
 * Reads the numbers behind a word into `attrs`, which hold the word's defaults. Returns the layer's
 * end, without blanks; NULL: not plain. relu6 is another word than relu: *word is the one that was
 * found at last.
 */
static const char *read_numbers(const cnn_parser *ps, const cnn_word **word, const char *p,
                                cnn_attrs *attrs)
{
    const char *const end = ps->end;
    if ((*word)->longer) {
        *word = see_longer(ps, *word, &p);
        if (*word == NULL) {
            return NULL;
        }
        *attrs = *(*word)->bare;
    }
    reading r = {ps, (*word)->op, attrs, 0};
    if (p < end && cnn_is_digit(*p)) {
        p = r.op->decimal ? read_decimal(&r, p) : read_sides(&r, CNN_SIZE, p);
    }
    if (p != NULL && p < end && *p == '-') {
        p = read_number(&r, CNN_CHANNELS, p + 1, &attrs->value[CNN_CHANNELS][0]);
        r.given |= 1u << CNN_CHANNELS;
    }
    while (p != NULL) {
        const char *behind = p;
        while (p < end && *p == ' ') {
            p++;
        }
        if (p == end || cnn_ends_item(*p)) {
            attrs->given = r.given;
            return cnn_word_complete(*word, attrs) ? behind : NULL;
        }
        p = read_attr(&r, p);
    }
    return NULL;
}

/* Whether a layer of this word ends at `p` and needs nothing: about half of all layers. */
static bool is_bare(const cnn_parser *ps, const cnn_word *word, const char *p)
{
    return word->required == 0 && (p == ps->end || cnn_ends_item(*p));
}

/* The layer for those who come to this text again, if it fits into a key with what ends it. */
static void keep(cnn_memo *memo, const cnn_item_key *key, const cnn_parser *ps,
                 const cnn_plain *layer)
{
    const char *q = layer->end;
    while (q < ps->end && *q == ' ') {
        q++;
    }
    const bool fits = key->size == (size_t)(q - ps->p) + 1;
    if (!fits || memo->count == CNN_MEMO_MOST) {
        return;
    }
    cnn_kept *kept = &memo->kept[memo->count++];
    *kept = (cnn_kept){layer->op, layer->end - ps->p, *layer->attrs};
    memo->slots[cnn_memo_find(memo, key) - memo->slots] =
        (cnn_memo_slot){{key->part[0], key->part[1]}, kept, cnn_op_is_idle(layer->op)};
}

bool cnn_plain_read(cnn_parser *ps, const cnn_item_key *key, cnn_plain *out)
{
    *out = (cnn_plain){0};
    const cnn_short_word *found = cnn_vocabulary_see(ps->words, ps->p, ps->end);
    if (found == NULL) {
        return true;
    }
    const cnn_word *word = &ps->words->words[found->word];
    out->op = word->op;
    out->behind = ps->p + found->size;
    if (!word->layer) {
        return true;
    }
    const cnn_attrs *attrs = word->bare;
    const char *end = out->behind;
    if (!is_bare(ps, word, end)) {
        const cnn_arena before = *ps->arena;
        cnn_attrs *own = cnn_arena_room(ps->arena, sizeof *own);
        if (own == NULL) {
            return cnn_fail_memory(ps->err);
        }
        *own = *attrs;
        end = read_numbers(ps, &word, end, own);
        if (end == NULL) {
            *ps->arena = before;
            return true;
        }
        attrs = own;
    }
    *out = (cnn_plain){word->op, attrs, false, end, end};
    if (key != NULL) {
        keep(ps->memo, key, ps, out);
    }
    return true;
}
