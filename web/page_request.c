/*
 * Reads a request, a row of fields: a letter, four bytes of size (the lowest first), the bytes.
 * What a letter means is below; most are those of the program's options.
 */
#include <string.h>

#include "page.h"

uint64_t page_number_of(cnn_text text)
{
    uint64_t n = 0;
    for (size_t i = 0; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++) {
        n = n * 10 + (uint64_t)(text.data[i] - '0');
    }
    return n;
}

/* The place of a field that is given once. NULL: there is none of that letter. */
static cnn_text *single(request *r, char letter)
{
    const struct {
        char letter;
        cnn_text *text;
    } fields[] = {{'l', &r->list},           {'N', &r->name},
                  {'T', &r->task},           {'f', &r->report.format},
                  {'c', &r->report.columns}, {'L', &r->like},
                  {'o', &r->loss},           {'v', &r->values},
                  {'p', &r->from},           {'m', &r->model},
                  {'d', &r->report.dtype},   {'t', &r->report.train},
                  {'V', &r->report.device},  {'C', &r->report.checkpoint},
                  {'r', &r->seed},           {'n', &r->samples},
                  {'M', &r->most},           {'G', &r->joined}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (fields[i].letter == letter) {
            return fields[i].text;
        }
    }
    return NULL;
}

static bool add(many *to, cnn_text text)
{
    if (to->count == MAX_MANY) {
        return false;
    }
    to->text[to->count++] = text;
    return true;
}

/* False: there are too many of a kind, or the letter means nothing. */
static bool take_field(request *r, char letter, cnn_text text)
{
    cnn_text *one = single(r, letter);
    if (one != NULL) {
        *one = text;
        r->has_values |= letter == 'v';
        return true;
    }
    switch (letter) {
    case 'i':
        return add(&r->inputs, text);
    case 'D':
        return add(&r->defines, text);
    case 'w':
        return add(&r->wants, text);
    case 'k': /* a claim */
    case 'K': /* a sheet of claims */
        if (r->claim_count == MAX_MANY) {
            return false;
        }
        r->claims[r->claim_count++] = (cnn_claim_text){text, letter == 'K'};
        return true;
    case 'a':
        return r->report.all = true;
    case 's':
        return r->report.standalone = true;
    case 'b':
        return r->builtin = true;
    case 'F':
        return r->fold = true;
    default:
        return false;
    }
}

bool page_request_read(request *r, const unsigned char *bytes, size_t size)
{
    memset(r, 0, sizeof *r);
    for (size_t at = 0; at + 5 <= size;) {
        uint32_t length;
        memcpy(&length, bytes + at + 1, sizeof length);
        if (length > size - at - 5 ||
            !take_field(r, (char)bytes[at], (cnn_text){(const char *)bytes + at + 5, length})) {
            return false;
        }
        at += 5 + length;
    }
    r->report.samples = (int32_t)page_number_of(r->samples);
    return true;
}
