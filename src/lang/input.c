/* The input's size: the line of a list that gives it, or a text of its own. */
#include "lang/reader.h"

static CNN_COLD const char *stop_dims(cnn_reader *r, const char *from, const char *p)
{
    const cnn_text thing = cnn_see_thing(p);
    return cnn_stop(r, CNN_E_INPUT_FORM,
                    *p == '\0' ? cnn_span_trimmed(r, from, p) : cnn_span_of(r, thing));
}

/* RGB, gray or grey, perhaps followed by "image" or "images". */
static const char *read_colour(const char *p, int64_t *channels)
{
    static const struct {
        const char *name;
        int64_t channels;
    } colours[] = {{"RGB", 3}, {"gray", 1}, {"grey", 1}};
    const cnn_text word = cnn_see_letters(p);
    for (size_t i = 0; i < CNN_LENGTH(colours); i++) {
        if (cnn_text_is(word, colours[i].name)) {
            *channels = colours[i].channels;
            p = cnn_skip(p + word.size, false);
            const cnn_text image = cnn_see_letters(p);
            const bool said = cnn_text_is(image, "image") || cnn_text_is(image, "images");
            return said ? p + image.size : p;
        }
    }
    return p;
}

/* One number of the input; sizes are 1 or more. */
static const char *read_side(cnn_reader *r, const char *p, const char *what, int64_t *out)
{
    const char *from = p;
    p = cnn_read_int(r, p, out);
    if (p == NULL || p == from) {
        return p == NULL ? NULL : stop_dims(r, from, p);
    }
    if (*out < 1) {
        r->err->word[0] = cnn_text_of(what);
        return cnn_stop_numbers(r, CNN_E_TOO_SMALL, cnn_span_at(r, from, p), *out, 1);
    }
    return p;
}

/* INT { "x" INT }: one to three numbers. */
static const char *read_numbers(cnn_reader *r, const char *p, int64_t *numbers, int32_t *count)
{
    for (*count = 0;;) {
        const char *end = read_side(r, p, "size", &numbers[(*count)++]);
        if (end == NULL) {
            return NULL;
        }
        p = cnn_skip(end, false);
        const size_t times = cnn_see_times(p);
        if (times == 0 || *count == 3) {
            return times == 0 ? p : end;
        }
        p = cnn_skip(p + times, false);
    }
}

/* 224x224x3 would be 224 channels. Where that is surely not meant it is refused; where it only
 * looks like it, a report has a remark. */
static bool check_order(cnn_reader *r, cnn_span span, const cnn_input_text *out)
{
    const int64_t c = out->shape.channels, h = out->shape.side[0], w = out->shape.side[1];
    if (c == h && c >= 16 && w == 3) {
        r->err->number[2] = w;
        return cnn_stop_numbers(r, CNN_E_INPUT_ORDER, span, c, h) != NULL;
    }
    return true;
}

static const char *read_map(cnn_reader *r, const char *p, cnn_input_text *out)
{
    const char *from = p;
    int64_t numbers[3];
    int32_t count;
    p = read_numbers(r, p, numbers, &count);
    if (p == NULL) {
        return NULL;
    }
    if (count == 3) {
        out->shape = (cnn_shape){numbers[0], {numbers[1], numbers[2]}, 2};
        return check_order(r, cnn_span_trimmed(r, from, p), out) ? p : NULL;
    }
    out->shape = (cnn_shape){3, {numbers[0], numbers[count - 1]}, 2};
    return read_colour(p, &out->shape.channels); /* RGB where none is named */
}

static const char *read_dims(cnn_reader *r, const char *p, cnn_input_text *out)
{
    p = cnn_skip(p, false);
    const char *from = p;
    const cnn_text word = cnn_see_letters(p);
    if (cnn_text_is(word, "vector")) {
        out->shape = (cnn_shape){0};
        p = read_side(r, cnn_skip(p + word.size, false), "number of features",
                      &out->shape.channels);
    } else {
        p = read_map(r, p, out);
    }
    if (p == NULL) {
        return NULL;
    }
    out->span = cnn_span_trimmed(r, from, p);
    out->given = true;
    return cnn_skip(p, false);
}

/* dims, or dims in parentheses */
static const char *read_wrapped(cnn_reader *r, const char *p, cnn_input_text *out)
{
    p = cnn_skip(p, false);
    if (*p != '(') {
        return read_dims(r, p, out);
    }
    const cnn_span open = cnn_span_at(r, p, p + 1);
    p = read_dims(r, p + 1, out);
    if (p == NULL) {
        return NULL;
    }
    if (*p != ')') {
        return *p == '\0' ? cnn_stop(r, CNN_E_PAREN_OPEN, open) : stop_dims(r, p, p);
    }
    return p + 1;
}

const char *cnn_read_input(cnn_reader *r, const char *p, cnn_input_text *out)
{
    p = read_wrapped(r, p, out);
    if (p == NULL) {
        return NULL;
    }
    p = cnn_skip(p, true);
    return *p != '\0' ? stop_dims(r, p, p) : p;
}

const char *cnn_read_input_line(cnn_reader *r, const char *p, cnn_input_text *out)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* a byte order mark, which editors put there */
    bool found, comma;
    if (cnn_is_letter(*p) && cnn_fold(*p) != 'i') {
        return p; /* nearly all lists of a batch */
    }
    p += memcmp(p, mark, sizeof mark - 1) == 0 ? sizeof mark - 1 : 0;
    const char *from = p;
    p = cnn_read_breaks(r, p, &found, &comma);
    if (p == NULL || comma) {
        return p == NULL ? NULL : from; /* the list reports a comma before everything */
    }
    if (cnn_fold(*p) != 'i' || !cnn_text_is(cnn_see_letters(p), "input")) {
        return p;
    }
    p = cnn_skip(p + 5, false); /* "input" [ ":" | "=" ] dims, and a break after it */
    p = read_wrapped(r, *p == ':' || *p == '=' ? p + 1 : p, out);
    if (p == NULL) {
        return NULL;
    }
    p = cnn_skip(p, false);
    if (*p != '\0' && *p != ',' && *p != ';' && *p != '\n' && *p != '\r') {
        return stop_dims(r, p, p);
    }
    return cnn_read_breaks(r, p, &found, &comma);
}
