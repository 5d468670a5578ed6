/*
 * Putting numbers in place of "?". The list that is tried and the list that is printed are made in
 * the same way, from the text; a number is written in place of the "?".
 */
#include "solve/unknown.h"

#include <assert.h>

enum { MOST_DIGITS = 19 };

static bool is_break(char c)
{
    return c == '\n' || c == '\r';
}

/* The end of a comment that begins at `i`; `i` itself where there is none. */
static size_t skip_comment(cnn_text text, size_t i)
{
    if (text.data[i] == '#') {
        while (i < text.size && !is_break(text.data[i])) {
            i++;
        }
    }
    return i;
}

/* ---- finding ---- */

/* A digit beside it, or another one, would make a longer number with it. */
static bool digit_beside(cnn_text text, size_t i)
{
    return (i > 0 && (cnn_is_digit(text.data[i - 1]) || text.data[i - 1] == '?')) ||
           (i + 1 < text.size && (cnn_is_digit(text.data[i + 1]) || text.data[i + 1] == '?'));
}

static bool is_one_of(char c, const char *set)
{
    for (; *set != '\0'; set++) {
        if (c == *set) {
            return true;
        }
    }
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == ';' || is_break(c);
}

/* Where the list begins after its own "input ..."; 0 when it has none. */
static size_t after_input(cnn_text text)
{
    static const char word[] = "input";
    size_t i = 0;
    while (is_blank(text.data[i]) || text.data[i] == '#' || (unsigned char)text.data[i] >= 0x80) {
        const size_t end = skip_comment(text, i); /* bytes beyond ASCII: a byte order mark */
        i = end > i ? end : i + 1;
        assert(i < text.size); /* there is a '?', or a layer */
    }
    const cnn_text rest = cnn_text_skip(text, i);
    const size_t size = sizeof word - 1;
    if (rest.size <= size || !cnn_text_is((cnn_text){rest.data, size}, word) ||
        cnn_is_letter(rest.data[size])) {
        return 0;
    }
    while (i < text.size && !is_break(text.data[i]) && text.data[i] != ',' && text.data[i] != ';') {
        const size_t end = skip_comment(text, i);
        i = end > i ? end : i + 1;
    }
    return i < text.size ? i + 1 : i;
}

/* Whether it is in the list's input, or after one of these signs: after "-" are channels,
 * after "=" named numbers. The rest is about windows. */
static bool stands_after(cnn_text text, size_t i, const char *signs)
{
    if (i < after_input(text)) {
        return true;
    }
    while (i > 0 &&
           (text.data[i - 1] == ' ' || text.data[i - 1] == '\t' || text.data[i - 1] == '(')) {
        i--;
    }
    return i > 0 && is_one_of(text.data[i - 1], signs);
}

static bool find_in(cnn_text text, bool input, cnn_unknowns *out, cnn_error *err)
{
    for (size_t i = 0; i < text.size; i++) {
        i = skip_comment(text, i);
        if (i >= text.size || text.data[i] != '?') {
            continue;
        }
        const cnn_span span = {(uint32_t)i, (uint32_t)i + 1};
        if (out->count == CNN_MOST_UNKNOWNS) {
            return cnn_fail_numbers(err, CNN_E_MANY_UNKNOWNS, span, CNN_MOST_UNKNOWNS, 0);
        }
        if (digit_beside(text, i)) {
            return cnn_fail(err, CNN_E_UNKNOWN_DIGIT, span);
        }
        out->list[out->count++] = (cnn_unknown){.at = (uint32_t)i,
                                                .input = input,
                                                .grows = input || stands_after(text, i, "-"),
                                                .large = input || stands_after(text, i, "-=")};
    }
    return true;
}

bool cnn_unknowns_find(cnn_text text, cnn_text input, cnn_unknowns *out, cnn_error *err)
{
    *out = (cnn_unknowns){.text = text, .input = input};
    err->source = CNN_SOURCE_INPUT;
    if (!find_in(input, true, out, err)) {
        return false;
    }
    err->source = CNN_SOURCE_LAYERS;
    if (!find_in(text, false, out, err)) {
        return false;
    }
    if (out->count == 0) {
        return cnn_fail(err, CNN_E_NO_UNKNOWN, (cnn_span){0, 0});
    }
    return true;
}

/* ---- filling ---- */

static size_t put_number(char *to, int64_t n)
{
    char digits[MOST_DIGITS + 1];
    size_t size = 0;
    do {
        digits[size++] = (char)('0' + n % 10);
        n /= 10;
    } while (n > 0);
    for (size_t i = 0; i < size; i++) {
        to[i] = digits[size - 1 - i];
    }
    return size;
}

size_t cnn_unknowns_room(const cnn_unknowns *unknowns)
{
    return unknowns->text.size + unknowns->input.size + (size_t)CNN_MOST_UNKNOWNS * MOST_DIGITS;
}

cnn_text cnn_unknowns_fill(const cnn_unknowns *unknowns, bool input, const int64_t *values,
                           char *buffer)
{
    const cnn_text text = input ? unknowns->input : unknowns->text;
    size_t from = 0, size = 0;
    for (int32_t i = 0; i <= unknowns->count; i++) {
        const bool last = i == unknowns->count;
        if (!last && unknowns->list[i].input != input) {
            continue;
        }
        const size_t at = last ? text.size : unknowns->list[i].at;
        for (; from < at; from++) {
            buffer[size++] = text.data[from];
        }
        if (!last) {
            size += put_number(buffer + size, values[i]);
            from++;
        }
    }
    return (cnn_text){buffer, size};
}

static uint32_t place_back(const cnn_unknowns *unknowns, bool input, const int64_t *values,
                           uint32_t at)
{
    for (int32_t i = 0; i < unknowns->count; i++) {
        char digits[MOST_DIGITS + 1];
        const uint32_t more = (uint32_t)put_number(digits, values[i]) - 1;
        if (unknowns->list[i].input == input && at > unknowns->list[i].at) {
            assert(at > unknowns->list[i].at + more); /* nothing begins within a number */
            at -= more;
        }
    }
    return at;
}

cnn_span cnn_unknowns_place(const cnn_unknowns *unknowns, bool input, const int64_t *values,
                            cnn_span span)
{
    return (cnn_span){place_back(unknowns, input, values, span.begin),
                      place_back(unknowns, input, values, span.end)};
}

/* ---- printing ---- */

/* A line end is a break, except where the list goes on anyway. */
static void put_break(cnn_out *out, char before, char after)
{
    const bool goes_on = is_one_of(before, ",;=(|:+-*/") || is_one_of(after, ",;)|+*/");
    cnn_out_string(out, before == '\0' ? "" : goes_on ? " " : "; ");
}

/* The input's text with its numbers. False: it is known, the list needs none. */
static bool write_input(const cnn_unknowns *unknowns, const int64_t *values, cnn_out *out)
{
    if (!unknowns->list[0].input) {
        return false;
    }
    int32_t next = 0;
    cnn_out_string(out, "input ");
    for (size_t i = 0; i < unknowns->input.size; i++) {
        if (unknowns->input.data[i] == '?') {
            cnn_out_int(out, values[next++]);
        } else {
            cnn_out_char(out, unknowns->input.data[i]);
        }
    }
    cnn_out_string(out, "; ");
    return true;
}

void cnn_unknowns_write(const cnn_unknowns *unknowns, const int64_t *values, cnn_out *out)
{
    const cnn_text text = unknowns->text;
    const bool input = write_input(unknowns, values, out);
    int32_t next = 0;
    while (next < unknowns->count && unknowns->list[next].input) {
        next++;
    }
    char before = '\0';
    bool broken = false, blank = false;
    for (size_t i = input ? after_input(text) : cnn_text_mark(text); i < text.size; i++) {
        i = skip_comment(text, i);
        if (i >= text.size || is_break(text.data[i])) {
            broken = true;
            continue;
        }
        const char c = text.data[i];
        if (c == ' ' || c == '\t') {
            blank = true;
            continue;
        }
        if (broken) {
            put_break(out, before, c);
        } else if (blank && before != '\0') {
            cnn_out_char(out, ' ');
        }
        broken = blank = false;
        before = c;
        if (c == '?') {
            cnn_out_int(out, values[next++]);
        } else {
            cnn_out_char(out, c);
        }
    }
}
