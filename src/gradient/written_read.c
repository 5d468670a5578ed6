/*
 * Reading claims in numbers, as people write them and as programs print them: 0.597, [1 2; 3 4],
 * [[1, 2], [3, 4]], array([1., 2.]), tensor([[1., 2.]]), [1 2]^T. Brackets and ";" end rows, blanks
 * and "," separate numbers, and how exactly a number is written is kept with it.
 */
#include "gradient/written.h"

#include <string.h>

#include "base/arena.h"
#include "gradient/double.h"
#include "gradient/elementary.h"

typedef struct reader {
    const cnn_term_source *source;
    cnn_text text;
    size_t at;
    int32_t depth;
    int64_t in_row;
    bool ragged;
    cnn_written *out;
} reader;

enum { DEEPEST = 4 };

static cnn_text rest_of(const reader *r)
{
    return cnn_text_skip(r->text, r->at);
}

static bool fail(reader *r, int32_t code, size_t begin, size_t end)
{
    const size_t base = (size_t)(r->text.data - r->source->text.data);
    const cnn_span span = {(uint32_t)(base + begin), (uint32_t)(base + end)};
    return cnn_fail_words(r->source->err, code, span, (cnn_text){0}, (cnn_text){0});
}

/* The size of a sign, in ASCII or copied from a formula; 0: there is none. */
static size_t see_sign(cnn_text text, bool *negative)
{
    size_t size;
    const cnn_text sign = cnn_sign_see(text, &size);
    *negative = sign.size > 0 && sign.data[0] == '-';
    if (size > 0) {
        return *negative ? size : 0;
    }
    return *negative || (sign.size > 0 && sign.data[0] == '+') ? 1 : 0;
}

/* What is inside of array(...), tensor(...) as programs print them, and before a ^T, which a list
 * that is no matrix does not need. */
static cnn_text unwrap(cnn_text text)
{
    static const char *const wraps[] = {"array(", "tensor(", "np.array(", "torch.tensor("};
    static const char *const turned[] = {"]^T", "].T", "]'", "]^t"};
    for (size_t i = 0; i < CNN_LENGTH(wraps); i++) {
        const size_t size = strlen(wraps[i]);
        if (text.size > size && memcmp(text.data, wraps[i], size) == 0 &&
            text.data[text.size - 1] == ')') {
            return cnn_text_trim((cnn_text){text.data + size, text.size - size - 1});
        }
    }
    for (size_t i = 0; i < CNN_LENGTH(turned) && text.size > 0 && text.data[0] == '['; i++) {
        const size_t size = strlen(turned[i]);
        const bool list = memchr(text.data, ';', text.size) == NULL &&
                          memchr(text.data + 1, '[', text.size - 1) == NULL;
        if (list && text.size > size &&
            memcmp(text.data + text.size - size, turned[i], size) == 0) {
            return (cnn_text){text.data, text.size - size + 1};
        }
    }
    return text;
}

bool cnn_written_see(cnn_text text)
{
    bool negative;
    text = unwrap(text);
    if (text.size > 0 && text.data[0] == '[') {
        return true;
    }
    const size_t sign = see_sign(text, &negative);
    const cnn_text number = cnn_text_skip(text, sign);
    return number.size > 0 && cnn_double_see(number) == number.size;
}

/* How exact a number is: its digits from the first that is not 0, and what the last one is worth.
 */
cnn_written_number cnn_written_number_of(cnn_text number, double value)
{
    cnn_written_number w = {.value = value};
    int32_t decimals = 0;
    bool point = false;
    size_t i = 0;
    for (; i < number.size && cnn_fold(number.data[i]) != 'e'; i++) {
        const bool digit = cnn_is_digit(number.data[i]);
        point = point || !digit;
        decimals += digit && point;
        w.digits += digit && (w.digits > 0 || number.data[i] != '0');
    }
    w.fine = decimals > 0 || i < number.size;
    int32_t exponent = 0;
    const bool below = i + 1 < number.size && number.data[i + 1] == '-';
    for (size_t k = i + 1; k < number.size; k++) {
        if (cnn_is_digit(number.data[k]) && exponent < 1000) {
            exponent = 10 * exponent + (number.data[k] - '0');
        }
    }
    w.unit = cnn_power(10, (below ? -exponent : exponent) - decimals);
    return w;
}

/* A number with its sign, and how it is written: 0.50 is more exact than 0.5. */
static bool read_number(reader *r)
{
    bool negative;
    const size_t begin = r->at;
    r->at += see_sign(rest_of(r), &negative);
    const cnn_text rest = rest_of(r), number = {rest.data, cnn_double_see(rest)};
    double value;
    if (number.size == 0) {
        return fail(r, CNN_E_CLAIM_NUMBERS, begin, begin + (begin < r->text.size));
    }
    r->at += number.size;
    if (!cnn_double_read(number, &value)) {
        return fail(r, CNN_E_VALUE_RANGE, begin, r->at);
    }
    cnn_written_number *w = &r->out->v[r->out->count++];
    *w = cnn_written_number_of(number, negative ? -value : value);
    r->in_row++;
    return true;
}

static void end_row(reader *r)
{
    if (r->in_row == 0) {
        return;
    }
    r->ragged = r->ragged || (r->out->rows > 0 && r->in_row != r->out->columns);
    r->out->columns = r->in_row;
    r->out->rows++;
    r->in_row = 0;
}

/* In [[1, 2], [3, 4]] an inner bracket begins a row; what PyTorch prints for filters is deeper. */
static bool open_bracket(reader *r)
{
    end_row(r);
    r->at++;
    r->depth++;
    r->out->deep = r->out->deep || r->depth > 2;
    return r->depth <= DEEPEST || fail(r, CNN_E_CLAIM_NUMBERS, r->at - 1, r->at);
}

/* [1 2; 3 4], [[1, 2], [3, 4]] */
static bool read_list(reader *r)
{
    do {
        const char c = r->at < r->text.size ? r->text.data[r->at] : '\0';
        if (c == '[') {
            if (!open_bracket(r)) {
                return false;
            }
        } else if (c == ']' || c == ';') {
            end_row(r);
            r->depth -= c == ']';
            r->at++;
        } else if (c == ' ' || c == '\t' || c == ',') {
            r->at++;
        } else if (!read_number(r)) {
            return false;
        }
    } while (r->depth > 0);
    return r->at == r->text.size || fail(r, CNN_E_CLAIM_NUMBERS, r->at, r->text.size);
}

const cnn_written *cnn_written_read(const cnn_term_source *source, cnn_span span)
{
    cnn_written *out = CNN_NEW(source->arena, cnn_written);
    reader r = {.source = source, .out = out};
    r.text = unwrap(cnn_text_part(source->text, span));
    if (out != NULL) { /* a number and a separator have two bytes */
        out->v = CNN_NEW_ARRAY(source->arena, cnn_written_number, r.text.size / 2 + 1);
    }
    if (out == NULL || out->v == NULL) {
        cnn_fail_memory(source->err);
        return NULL;
    }
    out->bracket = r.text.size > 0 && r.text.data[0] == '[';
    if (!(out->bracket ? read_list(&r) : read_number(&r))) {
        return NULL;
    }
    end_row(&r);
    if (out->count == 0) {
        fail(&r, CNN_E_CLAIM_NUMBERS, 0, r.text.size);
        return NULL;
    }
    out->rows = r.ragged ? 0 : out->rows;
    out->columns = r.ragged ? 0 : out->columns;
    return out;
}
