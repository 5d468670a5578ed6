/* A sheet of claims, one on a line: gradient = expression, or a name for a part: delta = ... */
#include <string.h>

#include "base/arena.h"
#include "base/utf8.h"
#include "gradient/indices.h"
#include "gradient/written.h"

enum { MOST_CLAIMS = 20000 };

typedef struct reader {
    cnn_gradient_sheet *sheet;
    cnn_text text;
    int32_t index; /* of the claim at hand */
} reader;

static cnn_span span_of(const reader *r, cnn_text part)
{
    const size_t begin = (size_t)(part.data - r->text.data);
    return (cnn_span){(uint32_t)begin, (uint32_t)(begin + part.size)};
}

static bool fail(reader *r, int32_t code, cnn_text place, cnn_text word)
{
    return cnn_fail_words(r->sheet->err, code, span_of(r, place), word, (cnn_text){0});
}

/* A letter and digits, with a "d" before perhaps: a name of the kind that networks have. */
static bool is_network_name(cnn_text word)
{
    static const char letters[] = "wbzapvxyl";
    /* the word as it is, then without a "d" before it */
    for (size_t d = 0; d < 2 && word.size > 1; d++) {
        bool known = d == 0 || cnn_fold(word.data[0]) == 'd', digits = true;
        bool letter = false;
        for (const char *p = letters; *p != '\0'; p++) {
            letter = letter || cnn_fold(word.data[d]) == *p;
        }
        for (size_t i = d + 1; i < word.size; i++) {
            digits = digits && (cnn_is_digit(word.data[i]) || word.data[i] == '_');
        }
        if (known && letter && digits) {
            return true;
        }
    }
    return false;
}

static bool fail_name(reader *r, cnn_text word)
{
    cnn_nearest nearest = cnn_nearest_to(word);
    cnn_names_offer(&r->sheet->chain->names, &nearest);
    return cnn_fail_words(r->sheet->err, CNN_E_CLAIM_NAME, span_of(r, word), word, nearest.best);
}

/* A name of the sheet's own, registered when its line has been read. It may not look like
 * one of the network: dW3 where there are two layers is a typing error, no new name. */
static bool read_own(reader *r, cnn_text left, cnn_gradient_claim *claim)
{
    const cnn_text word = cnn_word_see(left);
    if (word.size == 0 || word.size < left.size) {
        return fail(r, CNN_E_CLAIM_FORM, left, (cnn_text){0});
    }
    if (is_network_name(word)) {
        return fail_name(r, word);
    }
    if (cnn_function_find(word) != NULL) {
        return fail(r, CNN_E_CLAIM_CALL, word, word);
    }
    if (cnn_names_find(&r->sheet->own, word) != NULL) {
        return fail(r, CNN_E_CLAIM_TWICE, word, word);
    }
    claim->own = word;
    return true;
}

/* z1[n,i,j] */
static bool read_left_indices(reader *r, cnn_text rest, cnn_gradient_claim *claim)
{
    cnn_subscripts *subscripts = CNN_NEW(&r->sheet->arena, cnn_subscripts);
    size_t at = 0;
    if (subscripts == NULL) {
        return cnn_fail_memory(r->sheet->err);
    }
    if (rest.data[0] != '[') {
        return fail(r, CNN_E_CLAIM_FORM, rest, (cnn_text){0});
    }
    if (!cnn_subscripts_read(rest, &at, '[', subscripts) || at < rest.size) {
        return fail(r, CNN_E_CLAIM_SUM, rest, (cnn_text){0});
    }
    claim->left = subscripts;
    return true;
}

/* The left side: a value or gradient of the network, perhaps with indices, or else the sheet's own
 * name. What is given (x, y, weights and biases) is not claimed. */
static bool read_left(reader *r, cnn_text left, cnn_gradient_claim *claim)
{
    const cnn_value *q = NULL;
    const size_t size = cnn_name_see(r->sheet->chain, left, &q, &claim->slope);
    if (size == 0) {
        return read_own(r, left, claim);
    }
    if (size < left.size && !read_left_indices(r, cnn_text_skip(left, size), claim)) {
        return false;
    }
    if (!claim->slope && q->role != CNN_VALUE_OUTPUT && q->role != CNN_VALUE_LOSS) {
        return fail(r, CNN_E_CLAIM_GIVEN, left, cnn_text_of(q->name));
    }
    claim->what = q;
    return true;
}

/* Splits at "=", or at the sign for about. */
static cnn_text split_sides(cnn_text *rest)
{
    static const char about[] = "\xE2\x89\x88";
    for (size_t i = 0; i + sizeof about - 1 <= rest->size && rest->data[i] != '='; i++) {
        if (memcmp(rest->data + i, about, sizeof about - 1) == 0) {
            const cnn_text left = {rest->data, i};
            i += sizeof about - 1;
            *rest = (cnn_text){rest->data + i, rest->size - i};
            return left;
        }
    }
    return cnn_text_split(rest, '=');
}

static bool read_claim(reader *r, cnn_text line)
{
    cnn_gradient_sheet *sheet = r->sheet;
    cnn_gradient_claim *claim = &sheet->claims[sheet->count];
    cnn_text right = line;
    const cnn_text left = cnn_text_trim(split_sides(&right));
    *claim = (cnn_gradient_claim){.text = line};
    /* the line has no sign of equality: all of it is "left" */
    if (right.data == line.data + line.size && left.size == line.size) {
        return fail(r, CNN_E_CLAIM_FORM, line, (cnn_text){0});
    }
    if (!read_left(r, left, claim)) {
        return false;
    }
    const cnn_text trimmed = cnn_text_trim(right);
    claim->formula = trimmed;
    const cnn_term_source source = {sheet->chain, &sheet->own, r->text, &sheet->arena, sheet->err};
    if (claim->what != NULL && cnn_written_see(trimmed)) {
        claim->numbers = cnn_written_read(&source, span_of(r, trimmed));
    }
    /* a number alone is also an expression, which is judged when no values are given */
    const bool list = claim->numbers != NULL && claim->numbers->bracket;
    if (sheet->err->code == CNN_OK && !list) {
        claim->term = cnn_term_read(&source, span_of(r, trimmed));
    }
    if (sheet->err->code != CNN_OK) {
        return false;
    }
    claim->indexed = claim->term != NULL && (claim->left != NULL || cnn_term_indexed(claim->term));
    if (claim->what == NULL) {
        cnn_name *name = cnn_names_add(&sheet->own, claim->own, &sheet->arena);
        if (name == NULL) {
            return cnn_fail_memory(sheet->err);
        }
        name->number = sheet->count;
    }
    sheet->count++;
    return true;
}

/* An upper bound of the number of claims. It does not grow beyond what is refused anyway. */
static int32_t count_lines(cnn_text text)
{
    int32_t lines = 0;
    while (text.size > 0) {
        (void)cnn_text_split(&text, '\n');
        lines += lines <= MOST_CLAIMS;
    }
    return lines;
}

static void mark_used(cnn_gradient_sheet *sheet, const cnn_term *term)
{
    if (term != NULL && term->kind == CNN_TERM_OWN) {
        sheet->claims[term->claim].used = true;
    }
    for (const cnn_term *t = term != NULL ? term->first : NULL; t != NULL; t = t->next) {
        mark_used(sheet, t);
    }
}

/* A name that nothing uses is probably a claim about something that is no gradient. */
static bool check_used(reader *r)
{
    cnn_gradient_sheet *sheet = r->sheet;
    for (int32_t i = 0; i < sheet->count; i++) {
        mark_used(sheet, sheet->claims[i].term);
    }
    for (int32_t i = 0; i < sheet->count; i++) {
        const cnn_gradient_claim *claim = &sheet->claims[i];
        if (claim->what == NULL && !claim->used) {
            return fail(r, CNN_E_CLAIM_UNUSED, claim->own, claim->own);
        }
    }
    return true;
}

/* Claims are read in order, because each may use the names of those before it. */
bool cnn_gradient_sheet_read(cnn_gradient_sheet *sheet)
{
    reader r = {.sheet = sheet, .text = sheet->text};
    if (!cnn_text_check(sheet->text, sheet->err)) {
        return false;
    }
    const int32_t lines = count_lines(sheet->text);
    sheet->claims = CNN_NEW_ARRAY(&sheet->arena, cnn_gradient_claim, lines + 1);
    if (sheet->claims == NULL) {
        return cnn_fail_memory(sheet->err);
    }
    for (cnn_text rest = sheet->text; rest.size > 0;) {
        cnn_text line = cnn_text_split(&rest, '\n');
        line = cnn_text_trim(cnn_text_split(&line, '#'));
        if (line.size == 0) {
            continue;
        }
        if (sheet->count == MOST_CLAIMS) {
            return cnn_fail_numbers(sheet->err, CNN_E_CLAIM_MANY, span_of(&r, line), MOST_CLAIMS,
                                    0);
        }
        if (!read_claim(&r, line)) {
            return false;
        }
    }
    const cnn_span end = {(uint32_t)sheet->text.size, (uint32_t)sheet->text.size};
    return sheet->count > 0 ? check_used(&r) : cnn_fail(sheet->err, CNN_E_NO_CLAIMS, end);
}

/* dl/d..., a network name, or "d" and a network name. */
static bool is_gradient(cnn_text left)
{
    cnn_text indices = left;
    left = cnn_text_trim(cnn_text_split(&indices, '['));
    cnn_text rest = left;
    const cnn_text above = cnn_text_trim(cnn_text_split(&rest, '/'));
    /* the sign for a partial derivative is E2 88 82 */
    const bool partial = cnn_word_see(left).size >= 3 && (unsigned char)left.data[0] == 0xE2;
    const bool fraction = cnn_text_is(above, "dl") && above.size < left.size;
    if (partial || fraction) {
        return true;
    }
    const bool d = left.size > 1 && cnn_fold(left.data[0]) == 'd';
    const cnn_text name = cnn_text_skip(left, d);
    return (d && cnn_text_is(name, "x")) || cnn_text_is(left, "l") || is_network_name(name);
}

bool cnn_gradient_claimed(cnn_text claim)
{
    while (claim.size > 0) {
        cnn_text line = cnn_text_split(&claim, '\n');
        line = cnn_text_trim(cnn_text_split(&line, '#'));
        const cnn_text left = cnn_text_trim(split_sides(&line));
        if (left.size > 0 && is_gradient(left)) {
            return true;
        }
    }
    return false;
}
