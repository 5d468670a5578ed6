/* The input's size, and the program as a whole. */
#include "lang/parse.h"

static bool fail_dims(cnn_parser *ps, const char *from)
{
    if (ps->p == ps->end && from < ps->p) {
        return cnn_fail(ps->err, CNN_E_INPUT_FORM, cnn_span_from(ps, from));
    }
    return cnn_fail(ps->err, CNN_E_INPUT_FORM, cnn_span_of(ps, cnn_see_thing(ps)));
}

/* RGB, gray or grey, perhaps with "image" or "images" behind it. */
static bool read_colour(cnn_parser *ps, int64_t *channels)
{
    static const struct {
        const char *name;
        int64_t channels;
    } colours[] = {{"RGB", 3}, {"gray", 1}, {"grey", 1}};
    const cnn_text word = cnn_see_letters(ps);
    for (size_t i = 0; i < CNN_LENGTH(colours); i++) {
        if (cnn_text_is(word, colours[i].name)) {
            *channels = colours[i].channels;
            ps->p += word.size;
            cnn_skip_blanks(ps, false);
            const cnn_text image = cnn_see_letters(ps);
            if (cnn_text_is(image, "image") || cnn_text_is(image, "images")) {
                ps->p += image.size;
            }
            return true;
        }
    }
    return false;
}

/* One number of the input; sizes are 1 or more. */
static bool read_side(cnn_parser *ps, const char *what, int64_t *out)
{
    const char *from = ps->p;
    if (!cnn_read_int(ps, out)) {
        return fail_dims(ps, from); /* unless the number was too large, an error already */
    }
    if (*out < 1) {
        ps->err->word[0] = cnn_text_of(what);
        return cnn_fail_numbers(ps->err, CNN_E_TOO_SMALL, cnn_span_from(ps, from), *out, 1);
    }
    return true;
}

static bool read_vector(cnn_parser *ps, cnn_shape *shape)
{
    ps->p += cnn_see_letters(ps).size;
    cnn_skip_blanks(ps, false);
    *shape = (cnn_shape){0};
    return read_side(ps, "number of features", &shape->channels);
}

/* INT { "x" INT }: one to three numbers. */
static bool read_numbers(cnn_parser *ps, int64_t *numbers, int32_t *count)
{
    for (*count = 0;;) {
        if (!read_side(ps, "size", &numbers[(*count)++])) {
            return false;
        }
        const char *end = ps->p;
        cnn_skip_blanks(ps, false);
        const size_t times = cnn_see_times(ps);
        if (times == 0 || *count == 3) {
            ps->p = times == 0 ? ps->p : end;
            return true;
        }
        ps->p += times;
        cnn_skip_blanks(ps, false);
    }
}

/* 224x224x3 would be 224 channels. Where that is surely not meant it is refused; where it only
 * looks like it, a remark says so. */
static bool check_order(cnn_parser *ps, const char *from, cnn_program *out)
{
    const int64_t c = out->input.channels, h = out->input.side[0], w = out->input.side[1];
    if (c == h && c >= 16 && w == 3) {
        ps->err->number[2] = w;
        return cnn_fail_numbers(ps->err, CNN_E_INPUT_ORDER, cnn_span_from(ps, from), c, h);
    }
    out->odd_input = w <= 4 && c > 4 && h > 4;
    return true;
}

static bool read_map(cnn_parser *ps, cnn_program *out)
{
    const char *from = ps->p;
    int64_t numbers[3];
    int32_t count;
    if (!read_numbers(ps, numbers, &count)) {
        return false;
    }
    if (count == 3) {
        out->input = (cnn_shape){numbers[0], {numbers[1], numbers[2]}, 2};
        return check_order(ps, from, out);
    }
    out->input = (cnn_shape){3, {numbers[0], numbers[count - 1]}, 2};
    cnn_skip_blanks(ps, false);
    (void)read_colour(ps, &out->input.channels); /* RGB where none is named */
    return true;
}

bool cnn_parse_dims(cnn_parser *ps, cnn_program *out)
{
    cnn_skip_blanks(ps, false);
    const char *from = ps->p;
    if (cnn_text_is(cnn_see_letters(ps), "vector")) {
        if (!read_vector(ps, &out->input)) {
            return false;
        }
    } else if (!read_map(ps, out)) {
        return false;
    }
    out->input_span = cnn_span_from(ps, from);
    cnn_skip_blanks(ps, false);
    return true;
}

/* dims, or dims in parentheses */
static bool parse_wrapped(cnn_parser *ps, cnn_program *out)
{
    cnn_skip_blanks(ps, false);
    if (cnn_peek(ps) != '(') {
        return cnn_parse_dims(ps, out);
    }
    const cnn_span open = cnn_span_of(ps, (cnn_text){ps->p, 1});
    ps->p++;
    if (!cnn_parse_dims(ps, out)) {
        return false;
    }
    if (cnn_peek(ps) != ')') {
        return ps->p == ps->end ? cnn_fail(ps->err, CNN_E_PAREN_OPEN, open) : fail_dims(ps, ps->p);
    }
    ps->p++;
    return true;
}

bool cnn_parse_input(cnn_parser *ps, cnn_program *out)
{
    if (!parse_wrapped(ps, out)) {
        return false;
    }
    cnn_skip_blanks(ps, true);
    if (ps->p < ps->end) {
        return fail_dims(ps, ps->p);
    }
    return true;
}

/* "input" [":"|"="] dims, and a break behind it. */
static bool parse_input_statement(cnn_parser *ps, cnn_program *out)
{
    ps->p += cnn_see_letters(ps).size;
    cnn_skip_blanks(ps, false);
    if (cnn_peek(ps) == ':' || cnn_peek(ps) == '=') {
        ps->p++;
    }
    if (!parse_wrapped(ps, out)) {
        return false;
    }
    cnn_skip_blanks(ps, false);
    const char c = cnn_peek(ps);
    if (ps->p == ps->end || c == ',' || c == ';' || c == '\n' || c == '\r') {
        bool found, comma;
        return cnn_read_breaks(ps, &found, &comma);
    }
    return fail_dims(ps, ps->p);
}

bool cnn_parse_input_line(cnn_parser *ps, cnn_program *out)
{
    ps->p += cnn_text_mark((cnn_text){ps->p, (size_t)(ps->end - ps->p)});
    const char *from = ps->p;
    bool found, comma;
    if (!cnn_read_breaks(ps, &found, &comma)) {
        return false;
    }
    if (comma) {
        ps->p = from; /* the list reports the comma that stands before everything */
    } else if (cnn_fold(cnn_peek(ps)) == 'i' && cnn_text_is(cnn_see_letters(ps), "input")) {
        return parse_input_statement(ps, out);
    }
    return true;
}
