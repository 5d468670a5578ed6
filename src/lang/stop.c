/* Errors of a list: where it stops, and what the way out is. Only wrong lists come here. */
#include "lang/reader.h"

#include <string.h>

const char *cnn_stop(cnn_reader *r, int32_t code, cnn_span span)
{
    if (r->trial == 0) {
        (void)cnn_fail(r->err, code, span);
    }
    return NULL;
}

const char *cnn_stop_words(cnn_reader *r, int32_t code, cnn_span span, cnn_text a, cnn_text b)
{
    if (r->trial == 0) {
        (void)cnn_fail_words(r->err, code, span, a, b);
    }
    return NULL;
}

const char *cnn_stop_numbers(cnn_reader *r, int32_t code, cnn_span span, int64_t n0, int64_t n1)
{
    if (r->trial == 0) {
        (void)cnn_fail_numbers(r->err, code, span, n0, n1);
    }
    return NULL;
}

const char *cnn_stop_memory(cnn_reader *r)
{
    r->trial = 0;
    (void)cnn_fail_memory(r->err);
    return NULL;
}

const char *cnn_stop_unexpected(cnn_reader *r, const char *p, const char *wanted)
{
    const cnn_text thing = cnn_see_thing(p);
    const cnn_span span = cnn_span_of(r, thing);
    if (*p == ')' && r->nest == 0) {
        return cnn_stop(r, CNN_E_PAREN_CLOSE, span);
    }
    if (*p == '|') {
        return cnn_stop(r, CNN_E_BAR, span);
    }
    const cnn_text what = thing.size > 0 ? thing : cnn_text_of("the end of the list");
    return cnn_stop_words(r, CNN_E_UNEXPECTED, span, what, cnn_text_of(wanted));
}

const char *cnn_stop_break(cnn_reader *r, const char *p)
{
    const cnn_text thing = cnn_see_thing(p);
    const cnn_span span = cnn_span_of(r, thing);
    if (*p == '=') {
        return cnn_stop(r, CNN_E_DEFINITION_INSIDE, span);
    }
    if (cnn_in_name(*p) || *p == '(' || *p == '@') {
        return cnn_stop_words(r, CNN_E_BREAK_MISSING, span, thing, (cnn_text){0});
    }
    if (*p == ')' || *p == '|') {
        return cnn_stop_unexpected(r, p, "");
    }
    if (*p == '*') {
        return cnn_stop(r, CNN_E_STAR, span);
    }
    return cnn_stop_words(r, CNN_E_BAD_CHAR, span, thing, (cnn_text){0});
}

bool cnn_stop_limit(cnn_reader *r, int32_t code, cnn_text place, int64_t limit)
{
    const cnn_span span = cnn_span_trimmed(r, place.data, place.data + place.size);
    return cnn_stop_numbers(r, code, span, limit, 0) != NULL;
}

/* ---- unknown words ---- */

/* Whether a definition of `name` follows further down, where a line may begin with it. */
static bool defined_later(const cnn_reader *r, const char *p, cnn_text name)
{
    for (; *p != '\0' && r->named; p++) {
        if (p > r->begin && (p[-1] == '\n' || p[-1] == ';')) {
            const char *line = cnn_skip(p, false);
            if (cnn_text_same(cnn_see_name(line), name) && cnn_see_definition(line)) {
                return true;
            }
        }
    }
    return false;
}

static void offer_words(const cnn_reader *r, cnn_nearest *nearest)
{
    cnn_words_offer(nearest);
    cnn_names_offer(&r->definitions, nearest);
}

/* Words of other notations that a near word of ours would mislead about. */
static bool is_foreign(cnn_reader *r, cnn_text word)
{
    static const char recurrent[] = "a recurrent layer, which these lists do not have";
    static const struct {
        const char *word, *what, *way;
    } words[] = {
        {"lstm", recurrent, "leave it out: its counts have other rules"},
        {"gru", recurrent, "leave it out: its counts have other rules"},
        {"attention", "made of products of activations, which these lists do not have",
         "leave it out: its counts have other rules"},
    };
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        if (cnn_text_is(word, words[i].word)) {
            r->err->word[2] = cnn_text_of(words[i].way);
            return cnn_stop_words(r, CNN_E_FOREIGN, cnn_span_of(r, word), word,
                                  cnn_text_of(words[i].what)) == NULL;
        }
    }
    return false;
}

const char *cnn_stop_word(cnn_reader *r, const char *p)
{
    const cnn_text name = cnn_see_name(p), letters = cnn_see_letters(p);
    const cnn_span span = cnn_span_of(r, name);
    if (r->trial > 0) {
        return NULL;
    }
    if (cnn_is_input(name) || cnn_text_is(letters, "input")) {
        return cnn_stop(r, CNN_E_INPUT_LATE, span);
    }
    if (is_foreign(r, letters)) {
        return NULL;
    }
    if (r->defining != NULL && cnn_text_same(r->defining->name, name)) {
        return cnn_stop_words(r, CNN_E_SELF, span, name, (cnn_text){0});
    }
    if (cnn_see_definition(p)) {
        return cnn_stop(r, CNN_E_DEFINITION_INSIDE, span);
    }
    if (defined_later(r, p, name)) {
        return cnn_stop_words(r, CNN_E_DEFINED_LATER, span, name, (cnn_text){0});
    }
    cnn_nearest whole = cnn_nearest_to(name), part = cnn_nearest_to(letters);
    offer_words(r, &whole);
    if (letters.size < name.size) {
        offer_words(r, &part);
    } else {
        part = whole;
    }
    const bool use_part = letters.size > 0 && memchr(name.data, '_', name.size) == NULL &&
                          (whole.best.size == 0 || part.distance <= whole.distance);
    const cnn_text shown = use_part ? letters : name;
    return cnn_stop_words(r, CNN_E_UNKNOWN_LAYER, cnn_span_of(r, shown), shown,
                          use_part ? part.best : whole.best);
}

/* ---- names that are taken ---- */

/* Whether the whole name reads as attributes: s2, p1x3, same, s2p1. */
static bool reads_as_attrs(const char *p, const char *end)
{
    while (p < end) {
        const cnn_text word = cnn_see_letters(p);
        const bool affine = word.size == 1 && cnn_fold(*p) == 'a'; /* of a norm */
        const cnn_attr attr = affine ? CNN_BIAS : cnn_attr_find(word);
        if (word.size == 0 || attr == CNN_ATTRS) {
            return false;
        }
        const char *digits = p + word.size;
        for (p = digits; p < end && (cnn_is_digit(*p) || (p > digits && cnn_see_times(p) == 1 &&
                                                          cnn_is_digit(p[1])));) {
            p++;
        }
        if (p == digits && attr < CNN_NUMBERS) {
            return false;
        }
    }
    return true;
}

const char *cnn_name_taken(cnn_text name)
{
    const cnn_text letters = cnn_see_letters(name.data);
    bool digits = true;
    for (size_t i = letters.size; i < name.size; i++) {
        digits = digits && (cnn_is_digit(name.data[i]) ||
                            (cnn_fold(name.data[i]) == 'x' && i + 1 < name.size));
    }
    const uint64_t key = cnn_letters_key(name.data);
    if (digits && (key != 0 ? cnn_word_of(key) : cnn_word_find(letters)) != NULL) {
        return "a layer";
    }
    if (cnn_is_entry(name)) {
        return "the channels, height or width that enter";
    }
    if (cnn_is_input(name)) {
        return "the network's input";
    }
    if (cnn_number_function_find(name) != NULL) {
        return "a function";
    }
    return reads_as_attrs(name.data, name.data + name.size) ? "an attribute" : NULL;
}
