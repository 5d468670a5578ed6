/* Views of bytes: comparing, splitting, and finding the nearest name to a misspelt one. */
#include "base/text.h"

#include "base/eight.h"

#include <string.h>

cnn_text cnn_text_of(const char *string)
{
    return (cnn_text){string, strlen(string)};
}

cnn_text cnn_text_part(cnn_text text, cnn_span span)
{
    return (cnn_text){text.data + span.begin, span.end - span.begin};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

cnn_text cnn_text_trim(cnn_text text)
{
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    while (text.size > 0 && is_space(text.data[text.size - 1])) {
        text.size--;
    }
    return text;
}

size_t cnn_text_mark(cnn_text text)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    return text.size >= sizeof mark && memcmp(text.data, mark, sizeof mark) == 0 ? sizeof mark : 0;
}

/* ASCII letters are equal in both cases; other bytes are compared as they are. */
bool cnn_text_same(cnn_text a, cnn_text b)
{
    if (a.size != b.size) {
        return false;
    }
    for (size_t i = 0; i < a.size; i++) {
        const char p = a.data[i], q = b.data[i];
        if (p != q && cnn_fold(p) != cnn_fold(q)) {
            return false;
        }
    }
    return true;
}

bool cnn_text_is(cnn_text text, const char *string)
{
    /* nearly all comparisons end here, without the string's length */
    const char first = text.size > 0 ? text.data[0] : '\0';
    return cnn_fold(first) == cnn_fold(*string) && cnn_text_same(text, cnn_text_of(string));
}

bool cnn_text_begins(cnn_text text, const char *string)
{
    const size_t size = strlen(string);
    return text.size >= size && cnn_text_is((cnn_text){text.data, size}, string);
}

bool cnn_words_equal(cnn_text a, cnn_text b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool cnn_word_is(cnn_text text, const char *word)
{
    return cnn_words_equal(text, cnn_text_of(word));
}

bool cnn_word_begins(cnn_text text, const char *word)
{
    const size_t size = strlen(word);
    return text.size >= size && memcmp(text.data, word, size) == 0;
}

cnn_text cnn_text_split(cnn_text *text, char at)
{
    size_t n = 0;
    while (n < text->size && text->data[n] != at) {
        n++;
    }
    const cnn_text head = {text->data, n};
    const size_t skip = n < text->size ? n + 1 : n;
    text->data += skip;
    text->size -= skip;
    return head;
}

bool cnn_text_among(cnn_text name, const char *words)
{
    cnn_text rest = words != NULL ? cnn_text_of(words) : (cnn_text){0};
    while (rest.size > 0) {
        if (cnn_text_same(cnn_text_split(&rest, ' '), name)) {
            return true;
        }
    }
    return false;
}

/* Byte by byte like FNV-1a, with another factor, and high bits mixed into the low ones. */
uint64_t cnn_text_hash(cnn_text text)
{
    uint64_t hash = 0x100;
    for (size_t i = 0; i < text.size; i++) {
        hash ^= (unsigned char)cnn_fold(text.data[i]);
        hash *= CNN_GOLDEN;
        hash ^= hash >> 32;
    }
    return hash;
}

enum { LONGEST_NAME = 32 }; /* longer words are not guessed at */

/* Edits that make b of a: a letter added, left out, replaced, or two neighbours exchanged. */
int32_t cnn_text_distance(cnn_text a, cnn_text b, int32_t limit)
{
    const int64_t longer = (int64_t)a.size - (int64_t)b.size;
    if (a.size > LONGEST_NAME || b.size > LONGEST_NAME || longer > limit || -longer > limit) {
        return limit + 1;
    }
    /* Damerau-Levenshtein, optimal string alignment: three rows of the usual table. */
    int32_t row[3][LONGEST_NAME + 1];
    int32_t *two = row[0], *one = row[1], *now = row[2];
    for (size_t j = 0; j <= b.size; j++) {
        one[j] = (int32_t)j;
        two[j] = (int32_t)j;
    }
    for (size_t i = 1; i <= a.size; i++) {
        int32_t least = now[0] = (int32_t)i;
        for (size_t j = 1; j <= b.size; j++) {
            const char p = cnn_fold(a.data[i - 1]), q = cnn_fold(b.data[j - 1]);
            int32_t best = one[j - 1] + (p == q ? 0 : 1);
            best = one[j] + 1 < best ? one[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            const bool swapped =
                i > 1 && j > 1 && p == cnn_fold(b.data[j - 2]) && q == cnn_fold(a.data[i - 2]);
            now[j] = swapped && two[j - 2] + 1 < best ? two[j - 2] + 1 : best;
            least = now[j] < least ? now[j] : least;
        }
        if (least > limit + 1) {
            return limit + 1; /* a swap takes one edit back at most */
        }
        int32_t *spare = two;
        two = one;
        one = now;
        now = spare;
    }
    return one[b.size] <= limit ? one[b.size] : limit + 1;
}

/* The characters of a word, a bit each. Digits share their bits with letters: two words differ by
 * at least as many edits as by these bits. */
static uint32_t characters(cnn_text text)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < text.size; i++) {
        bits |= UINT32_C(1) << (text.data[i] & 0x1F); /* upper and lower case have the same */
    }
    return bits;
}

static bool more_bits(uint32_t bits, int32_t limit)
{
    for (; bits != 0; bits &= bits - 1) {
        if (limit-- == 0) {
            return true;
        }
    }
    return false;
}

cnn_nearest cnn_nearest_to(cnn_text wanted)
{
    /* One edit for short words, two for longer ones: more would be a guess. */
    return (cnn_nearest){
        .wanted = wanted, .distance = wanted.size < 5 ? 2 : 3, .characters = characters(wanted)};
}

void cnn_nearest_offer(cnn_nearest *nearest, cnn_text name)
{
    const cnn_text wanted = nearest->wanted;
    const int32_t limit = nearest->distance - 1; /* only a nearer name matters */
    const int64_t longer = (int64_t)name.size - (int64_t)wanted.size;
    if (longer > limit || -longer > limit || name.size > LONGEST_NAME) {
        return;
    }
    /* Most other names are recognised by their characters: an edit takes one away at most, and
     * brings one at most. */
    const uint32_t bits = characters(name);
    if (more_bits(bits & ~nearest->characters, limit) ||
        more_bits(nearest->characters & ~bits, limit)) {
        return;
    }
    const int32_t distance = cnn_text_distance(wanted, name, limit);
    if (distance <= limit && distance < (int32_t)name.size && distance < (int32_t)wanted.size) {
        nearest->distance = distance;
        nearest->best = name;
    }
}

int64_t cnn_text_letters(cnn_text text)
{
    int64_t letters = 0;
    for (size_t i = 0; i < text.size; i++) {
        letters += ((unsigned char)text.data[i] & 0xC0) != 0x80;
    }
    return letters;
}

/* A byte 10xxxxxx continues a code point of UTF-8. */
size_t cnn_text_after(cnn_text text, size_t at, int64_t letters)
{
    for (; at < text.size && letters > 0; letters--) {
        at++;
        while (at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return at;
}
