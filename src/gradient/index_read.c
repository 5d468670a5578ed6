/*
 * Reading indices:
 *
 *     over       = ( "sum_{" | "max_{" ) letter { "," letter } [ ":" conditions ] "}"
 *     conditions = condition { "," condition }
 *     condition  = index "=" index
 *                | indices "is the first largest of window" indices
 *     indices    = "(" index { "," index } ")"
 *     index      = [ "-" ] part { ( "+" | "-" ) part }
 *     part       = number | [ number [ "*" ] ] term
 *     term       = letter [ "mod" number ] | "floor(" letter "/" number ")"
 */
#include <string.h>

#include "gradient/indices.h"

typedef struct reader {
    cnn_text text;
    size_t at;
} reader;

/* Takes the sign if it comes next, after blanks; with "" only the blanks. */
static bool take(reader *r, const char *sign)
{
    while (r->at < r->text.size && r->text.data[r->at] == ' ') {
        r->at++;
    }
    const size_t size = strlen(sign);
    if (r->text.size - r->at < size || memcmp(r->text.data + r->at, sign, size) != 0) {
        return false;
    }
    r->at += size;
    return true;
}

/* Nine digits: products of such numbers and of positions fit into 64 bits. */
static bool take_number(reader *r, int64_t *out)
{
    (void)take(r, "");
    const size_t begin = r->at;
    *out = 0;
    while (r->at < r->text.size && cnn_is_digit(r->text.data[r->at]) && r->at < begin + 9) {
        *out = 10 * *out + (r->text.data[r->at++] - '0');
    }
    return r->at > begin && (r->at == r->text.size || !cnn_is_digit(r->text.data[r->at]));
}

static bool is_small(char c)
{
    return c >= 'a' && c <= 'z';
}

/* One small letter; more would be a word. */
static bool take_letter(reader *r, char *out)
{
    (void)take(r, "");
    const size_t left = r->text.size - r->at;
    const char *at = r->text.data + r->at;
    if (left == 0 || !is_small(at[0]) || (left > 1 && is_small(at[1]))) {
        return false;
    }
    *out = at[0];
    r->at++;
    return true;
}

static bool read_floor(reader *r, cnn_index_part *part)
{
    part->kind = 'f';
    return take_letter(r, &part->letter) && take(r, "/") && take_number(r, &part->per) &&
           part->per > 0 && take(r, ")");
}

/* Numbers add up in the constant; a letter and its factor are a part. */
static bool read_part(reader *r, int64_t sign, cnn_index *out)
{
    cnn_index_part part = {.kind = 'l', .factor = sign};
    int64_t number;
    if (take_number(r, &number)) {
        const bool times = take(r, "*");
        const bool letter = r->at < r->text.size && is_small(r->text.data[r->at]);
        if (!times && !letter) {
            out->constant += sign * number;
            return true;
        }
        part.factor = sign * number;
    }
    if (out->count == CNN_INDEX_PARTS) {
        return false;
    }
    if (take(r, "floor(")) {
        if (!read_floor(r, &part)) {
            return false;
        }
    } else if (!take_letter(r, &part.letter)) {
        return false;
    } else if (take(r, "mod")) {
        part.kind = 'm';
        if (!take_number(r, &part.per) || part.per == 0) {
            return false;
        }
    }
    out->part[out->count++] = part;
    return true;
}

/* `sign`: it is added to what is in `out`. */
static bool read_index(reader *r, int64_t sign, cnn_index *out)
{
    int64_t next = take(r, "-") ? -sign : sign;
    for (;;) {
        if (!read_part(r, next, out)) {
            return false;
        }
        if (take(r, "+")) {
            next = sign;
        } else if (take(r, "-")) {
            next = -sign;
        } else {
            return true;
        }
    }
}

static bool read_subscripts(reader *r, char open, cnn_subscripts *out)
{
    const char begin[] = {open, '\0'};
    *out = (cnn_subscripts){0};
    if (!take(r, begin)) {
        return false;
    }
    do {
        if (out->count == CNN_INDEX_SIDES || !read_index(r, 1, &out->at[out->count])) {
            return false;
        }
        out->count++;
    } while (take(r, ","));
    return take(r, open == '[' ? "]" : ")");
}

bool cnn_subscripts_read(cnn_text text, size_t *at, char open, cnn_subscripts *out)
{
    reader r = {text, *at};
    const bool done = read_subscripts(&r, open, out);
    *at = r.at;
    return done;
}

static bool read_condition(reader *r, cnn_condition *out)
{
    *out = (cnn_condition){0};
    const size_t begin = r->at;
    if (read_subscripts(r, '(', &out->at) && take(r, "is the first largest of window")) {
        out->first_largest = true;
        return read_subscripts(r, '(', &out->window);
    }
    /* "i+u = h" is kept as the index i+u-h, which has to be 0 */
    r->at = begin;
    return read_index(r, 1, &out->zero) && take(r, "=") && read_index(r, -1, &out->zero);
}

bool cnn_over_see(cnn_text text, size_t *size, bool *largest)
{
    reader r = {text, 0};
    *largest = take(&r, "max_{");
    /* the other two are the n-ary summation sign and a capital sigma */
    const bool seen =
        *largest || take(&r, "sum_{") || take(&r, "\xE2\x88\x91_{") || take(&r, "\xCE\xA3_{");
    *size = r.at;
    return seen;
}

/* What follows "sum_{": letters, after a colon conditions, and "}", as in c,u,v: 2i+u=h}. */
bool cnn_over_read(cnn_text text, size_t *at, cnn_over *out)
{
    reader r = {text, *at};
    bool done = true;
    do {
        done = out->count < CNN_INDEX_LETTERS && take_letter(&r, &out->letter[out->count]);
        out->count += done;
    } while (done && take(&r, ","));
    if (done && take(&r, ":")) {
        do {
            done = out->condition_count < CNN_INDEX_CONDITIONS &&
                   read_condition(&r, &out->condition[out->condition_count]);
            out->condition_count += done;
        } while (done && take(&r, ","));
    }
    done = done && take(&r, "}");
    *at = r.at;
    return done;
}
