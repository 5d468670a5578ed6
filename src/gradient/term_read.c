/*
 * Reading expressions, by recursive descent:
 *
 *     sum     = [ "+" ] product { ( "+" | "-" ) product }
 *     product = factor { [ "*" | ".*" | "/" ] factor }        (two factors side by side: "*")
 *     factor  = "-" factor | primary { "^T" | "^" number | "'" }
 *     primary = number | name [ "[" indices "]" ] | function [ "'" ] "(" sum ")" | "(" sum ")"
 *             | "sum_{" ... "}" product | "taps(" indices ")"              (see index_read.c)
 */
#include <string.h>

#include "base/arena.h"
#include "gradient/double.h"
#include "gradient/indices.h"
#include "gradient/term.h"

enum { DEEPEST = 100 };

typedef struct reader {
    const cnn_term_source *source;
    cnn_text text; /* up to the end of the claim */
    size_t at;
    int32_t depth;
} reader;

static const char SQUARED[] = "\xC2\xB2"; /* raised 2 */

static cnn_text rest_of(const reader *r)
{
    return cnn_text_skip(r->text, r->at);
}

static size_t skip_blanks(cnn_text text, size_t at)
{
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t')) {
        at++;
    }
    return at;
}

/* ---- errors ---- */

static cnn_span span_from(const reader *r, size_t begin)
{
    const size_t base = (size_t)(r->text.data - r->source->text.data);
    return (cnn_span){(uint32_t)(base + begin), (uint32_t)(base + r->at)};
}

static cnn_term *fail_at(reader *r, int32_t code, size_t begin, size_t size, cnn_text b)
{
    r->at = begin + size;
    cnn_fail_words(r->source->err, code, span_from(r, begin),
                   (cnn_text){r->text.data + begin, size}, b);
    return NULL;
}

/* Shows one character with all bytes of its UTF-8. */
static cnn_term *fail_unexpected(reader *r)
{
    const cnn_text rest = rest_of(r);
    if (rest.size == 0) {
        return fail_at(r, CNN_E_CLAIM_END, r->at, 0, (cnn_text){0});
    }
    size_t size = 1;
    while (size < rest.size && ((unsigned char)rest.data[size] & 0xC0) == 0x80) {
        size++;
    }
    const int32_t code = rest.data[0] == '[' ? CNN_E_CLAIM_INDEX : CNN_E_CLAIM_UNEXPECTED;
    return fail_at(r, code, r->at, size, (cnn_text){0});
}

static cnn_term *fail_name(reader *r, cnn_text word)
{
    cnn_nearest nearest = cnn_nearest_to(word);
    cnn_names_offer(&r->source->chain->names, &nearest);
    cnn_names_offer(r->source->own, &nearest);
    return fail_at(r, CNN_E_CLAIM_NAME, r->at, word.size, nearest.best);
}

/* ---- the grammar ---- */

static cnn_term *read_sum(reader *r);
static cnn_term *read_product(reader *r);

static cnn_term *make(reader *r, cnn_term_kind kind, size_t begin, cnn_term *first)
{
    cnn_term *e = CNN_NEW(r->source->arena, cnn_term);
    if (e == NULL) {
        cnn_fail_memory(r->source->err);
        return NULL;
    }
    *e = (cnn_term){.kind = kind, .span = span_from(r, begin), .first = first};
    return e;
}

static void blanks(reader *r)
{
    r->at = skip_blanks(r->text, r->at);
}

/* Takes `sign` when it is next. "*" is not the beginning of "**", nor "." of a number. */
static bool take(reader *r, const char *sign)
{
    size_t size;
    const cnn_text next = cnn_sign_see(rest_of(r), &size);
    if (size > 0 ? !cnn_text_is(next, sign) : !cnn_word_begins(next, sign)) {
        return false;
    }
    r->at += size > 0 ? size : strlen(sign);
    return true;
}

static cnn_term *read_number(reader *r)
{
    const cnn_text rest = rest_of(r), number = {rest.data, cnn_double_see(rest)};
    const size_t begin = r->at;
    double value;
    if (!cnn_double_read(number, &value)) {
        return fail_at(r, CNN_E_VALUE_RANGE, begin, number.size, (cnn_text){0});
    }
    r->at += number.size;
    cnn_term *e = make(r, CNN_TERM_NUMBER, begin, NULL);
    if (e != NULL) {
        e->number = value;
    }
    return e;
}

static cnn_term *read_parenthesis(reader *r)
{
    const size_t begin = r->at++;
    cnn_term *e = read_sum(r);
    if (e == NULL) {
        return NULL;
    }
    if (!take(r, ")")) {
        return r->at == r->text.size ? fail_at(r, CNN_E_CLAIM_PAREN, begin, 1, (cnn_text){0})
                                     : fail_unexpected(r);
    }
    e->span = span_from(r, begin);
    return e;
}

/* sigmoid(z1), sigmoid'(z1): the prime comes before the parenthesis. */
static cnn_term *read_call(reader *r, const cnn_function *function, cnn_text word)
{
    const size_t begin = r->at;
    r->at += word.size;
    const bool prime = take(r, "'");
    if (prime && function->prime == NULL) {
        return fail_at(r, CNN_E_CLAIM_PRIME, begin, word.size, (cnn_text){0});
    }
    blanks(r);
    if (!cnn_word_begins(rest_of(r), "(")) {
        return fail_at(r, CNN_E_CLAIM_CALL, begin, word.size, (cnn_text){0});
    }
    cnn_term *argument = read_parenthesis(r);
    cnn_term *e = argument != NULL ? make(r, CNN_TERM_CALL, begin, argument) : NULL;
    if (e != NULL) {
        e->function = function;
        e->prime = prime;
    }
    return e;
}

static bool read_subscripts(reader *r, char open, cnn_subscripts **out)
{
    *out = CNN_NEW(r->source->arena, cnn_subscripts);
    if (*out == NULL) {
        return cnn_fail_memory(r->source->err);
    }
    if (cnn_subscripts_read(r->text, &r->at, open, *out)) {
        return true;
    }
    fail_at(r, CNN_E_CLAIM_SUM, r->at, r->at < r->text.size, (cnn_text){0});
    return false;
}

static cnn_term *read_name(reader *r)
{
    /* the network's names go first: a sheet cannot give one of them another meaning */
    const cnn_text word = cnn_word_see(rest_of(r));
    const cnn_name *own = cnn_names_find(r->source->own, word);
    const cnn_value *quantity = NULL;
    bool slope = false;
    const size_t begin = r->at;
    const size_t size = cnn_name_see(r->source->chain, rest_of(r), &quantity, &slope);
    if (own == NULL && size == 0) {
        const cnn_function *function = cnn_function_find(word);
        return function != NULL ? read_call(r, function, word) : fail_name(r, word);
    }
    r->at += size > 0 ? size : word.size;
    cnn_subscripts *subscripts = NULL;
    if (size > 0 && cnn_word_begins(rest_of(r), "[") && !read_subscripts(r, '[', &subscripts)) {
        return NULL;
    }
    cnn_term *e = make(r,
                       subscripts != NULL ? CNN_TERM_ENTRY
                       : size > 0         ? CNN_TERM_NAME
                                          : CNN_TERM_OWN,
                       begin, NULL);
    if (e != NULL) {
        e->quantity = quantity;
        e->slope = slope;
        e->claim = own != NULL ? own->number : -1;
        e->subscripts = subscripts;
    }
    return e;
}

/* sum_{c,u,v} and the product after it */
static cnn_term *read_over(reader *r, size_t size, bool largest)
{
    const size_t begin = r->at;
    cnn_over *over = CNN_NEW(r->source->arena, cnn_over);
    if (over == NULL) {
        cnn_fail_memory(r->source->err);
        return NULL;
    }
    over->largest = largest;
    r->at += size;
    if (!cnn_over_read(r->text, &r->at, over)) {
        return fail_at(r, CNN_E_CLAIM_SUM, r->at, r->at < r->text.size, (cnn_text){0});
    }
    cnn_term *body = read_product(r);
    cnn_term *e = body != NULL ? make(r, CNN_TERM_OVER, begin, body) : NULL;
    if (e != NULL) {
        e->over = over;
    }
    return e;
}

static cnn_term *read_taps(reader *r)
{
    const size_t begin = r->at;
    cnn_subscripts *subscripts;
    r->at += strlen("taps");
    cnn_term *e = read_subscripts(r, '(', &subscripts) ? make(r, CNN_TERM_TAPS, begin, NULL) : NULL;
    if (e != NULL) {
        e->subscripts = subscripts;
    }
    return e;
}

static bool starts_number(cnn_text text)
{
    return cnn_double_see(text) > 0;
}

/* The order matters: "sum_{" and "taps(" begin like names. */
static cnn_term *read_primary(reader *r)
{
    const cnn_text rest = rest_of(r);
    if (cnn_word_begins(rest, "(")) {
        return read_parenthesis(r);
    }
    if (starts_number(rest)) {
        return read_number(r);
    }
    size_t size;
    bool largest;
    if (cnn_over_see(rest, &size, &largest)) {
        return read_over(r, size, largest);
    }
    if (cnn_word_begins(rest, "taps(")) {
        return read_taps(r);
    }
    return cnn_word_see(rest).size > 0 ? read_name(r) : fail_unexpected(r);
}

/* ^2, ^-1, ^(0.5) */
static cnn_term *read_power(reader *r, size_t begin, cnn_term *base)
{
    blanks(r);
    const bool wrapped = take(r, "(");
    const bool negative = take(r, "-");
    if (!starts_number(rest_of(r))) {
        return fail_unexpected(r);
    }
    const cnn_term *exponent = read_number(r);
    if (exponent == NULL || (wrapped && !take(r, ")"))) {
        return exponent == NULL ? NULL : fail_unexpected(r);
    }
    cnn_term *e = make(r, CNN_TERM_POWER, begin, base);
    if (e != NULL) {
        e->number = negative ? -exponent->number : exponent->number;
    }
    return e;
}

/* After a factor: ' without a blank, ^T or a power; NULL with no error: nothing of these. */
static cnn_term *read_postfix(reader *r, size_t begin, cnn_term *base)
{
    if (take(r, "'")) {
        return make(r, CNN_TERM_TRANSPOSE, begin, base);
    }
    const size_t end = r->at;
    blanks(r);
    if (take(r, "^T") || take(r, "^t") || take(r, "^{T}")) {
        return make(r, CNN_TERM_TRANSPOSE, begin, base);
    }
    if (cnn_word_begins(rest_of(r), SQUARED)) {
        r->at += sizeof SQUARED - 1;
        cnn_term *e = make(r, CNN_TERM_POWER, begin, base);
        if (e != NULL) {
            e->number = 2;
        }
        return e;
    }
    if (take(r, "^")) {
        return read_power(r, begin, base);
    }
    r->at = end;
    return NULL;
}

static cnn_term *read_factor(reader *r)
{
    blanks(r);
    const size_t begin = r->at;
    if (++r->depth > DEEPEST) {
        cnn_fail_numbers(r->source->err, CNN_E_CLAIM_NESTING, span_from(r, begin), DEEPEST, 0);
        return NULL;
    }
    cnn_term *e;
    /* -a^2 is -(a^2), as in mathematics */
    if (take(r, "-")) {
        e = read_factor(r);
        e = e != NULL ? make(r, CNN_TERM_NEGATE, begin, e) : NULL;
    } else {
        e = read_primary(r);
    }
    for (cnn_term *next = e; next != NULL;) {
        e = next;
        next = read_postfix(r, begin, e);
    }
    r->depth--;
    return r->source->err->code == CNN_OK ? e : NULL;
}

/* The operator before the next factor; 0: the product ends here. */
static char read_operator(reader *r)
{
    blanks(r);
    if (take(r, ".*")) {
        return '.';
    }
    if (take(r, "*")) {
        return '*';
    }
    if (take(r, "/")) {
        return '/';
    }
    const cnn_text rest = rest_of(r);
    /* without a sign, what can begin a factor is multiplied */
    const bool factor =
        cnn_word_begins(rest, "(") || starts_number(rest) || cnn_word_see(rest).size > 0;
    return factor ? '*' : 0;
}

/* Appends an operand: the node for the list is made with the second one. */
static cnn_term *gather(reader *r, cnn_term_kind kind, size_t begin, cnn_term *first,
                        cnn_term **last, cnn_term *node, cnn_term *next)
{
    if (node == NULL) {
        node = make(r, kind, begin, first);
    }
    if (node != NULL) {
        (*last)->next = next;
        *last = next;
        node->span = span_from(r, begin);
    }
    return node;
}

/* One factor is itself; from the second on they are operands of a product, each with its sign. */
static cnn_term *read_product(reader *r)
{
    blanks(r);
    const size_t begin = r->at;
    cnn_term *first = read_factor(r), *last = first, *node = NULL;
    if (first == NULL) {
        return NULL;
    }
    for (;;) {
        const size_t end = r->at;
        const char op = read_operator(r);
        if (op == 0) {
            r->at = end;
            return node != NULL ? node : first;
        }
        cnn_term *next = read_factor(r);
        if (next == NULL) {
            return NULL;
        }
        next->op = op;
        node = gather(r, CNN_TERM_PRODUCT, begin, first, &last, node, next);
        if (node == NULL) {
            return NULL;
        }
    }
}

static cnn_term *read_sum(reader *r)
{
    blanks(r);
    size_t begin = r->at;
    (void)take(r, "+");
    cnn_term *first = read_product(r), *last = first, *node = NULL;
    if (first == NULL) {
        return NULL;
    }
    for (;;) {
        blanks(r);
        const char op = take(r, "+") ? '+' : take(r, "-") ? '-' : '\0';
        if (op == '\0') {
            return node != NULL ? node : first;
        }
        cnn_term *next = read_product(r);
        if (next == NULL) {
            return NULL;
        }
        next->op = op;
        node = gather(r, CNN_TERM_SUM, begin, first, &last, node, next);
        if (node == NULL) {
            return NULL;
        }
    }
}

cnn_term *cnn_term_read(const cnn_term_source *source, cnn_span span)
{
    reader r = {.source = source, .text = cnn_text_part(source->text, span)};
    cnn_term *e = read_sum(&r);
    if (e == NULL) {
        return NULL;
    }
    if (r.at < r.text.size) {
        return fail_unexpected(&r);
    }
    return e;
}
