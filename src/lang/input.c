/* The input's size: the line of a list that gives it, or a separate text. */
#include "lang/reader.h"

static CNN_COLD const char *stop_dims(cnn_reader *r, const char *from, const char *p)
{
    const cnn_text thing = cnn_see_thing(p);
    return cnn_stop(r, CNN_E_INPUT_FORM,
                    *p == '\0' ? cnn_span_trimmed(r, from, p) : cnn_span_of(r, thing));
}

/* How sizes of a number of axes are written: what precedes them, and channels that are meant where
 * only sides are given; 0: they have to be given. */
typedef struct dims_form {
    const char *word;
    int32_t axes;
    int64_t channels;
} dims_form;

static const dims_form forms[] = {{"1d", 1, 0}, {"2d", 2, 3}, {"3d", 3, 0}};
static const dims_form *const plain = &forms[1];

/* RGB, gray, grey or mono, perhaps followed by "image" or "images". */
static const char *read_colour(const char *p, int64_t *channels)
{
    static const struct {
        const char *name;
        int64_t channels;
    } colours[] = {{"RGB", 3}, {"gray", 1}, {"grey", 1}, {"mono", 1}};
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

/* INT { "x" INT }: up to `most` numbers. *more: another "x" follows. */
static const char *read_numbers(cnn_reader *r, const char *p, int64_t *numbers, int32_t most,
                                int32_t *count, bool *more)
{
    for (*count = 0;;) {
        const char *end = read_side(r, p, "size", &numbers[(*count)++]);
        if (end == NULL) {
            return NULL;
        }
        p = cnn_skip(end, false);
        const size_t times = cnn_see_times(p);
        *more = times > 0;
        if (times == 0 || *count == most) {
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

/* The numbers of a map: channels and a number for each axis, or the sides alone, which are equal
 * when there is one number. */
static const char *read_map(cnn_reader *r, const char *p, const dims_form *form,
                            cnn_input_text *out)
{
    const char *from = p;
    int64_t numbers[CNN_AXES + 1];
    int32_t count;
    bool more;
    p = read_numbers(r, p, numbers, form->axes + 1, &count, &more);
    if (p == NULL) {
        return NULL;
    }
    const cnn_span span = cnn_span_trimmed(r, from, p);
    if (more && form == plain && cnn_is_digit(*cnn_skip(cnn_skip(p, false) + 1, false))) {
        return cnn_stop(r, CNN_E_INPUT_3D, span);
    }
    out->shape = (cnn_shape){.axes = form->axes};
    const int32_t first = count == form->axes + 1 ? 1 : 0;
    for (int32_t i = 0; i < form->axes; i++) {
        out->shape.side[i] = numbers[count == 1 ? 0 : first + i];
    }
    if (first == 1) {
        out->shape.channels = numbers[0];
        return form->axes != 2 || check_order(r, span, out) ? p : NULL;
    }
    if (count > 1 && count < form->axes) {
        return cnn_stop(r, CNN_E_INPUT_FORM, span);
    }
    out->shape.channels = form->channels;
    p = read_colour(p, &out->shape.channels);
    return out->shape.channels > 0 ? p : cnn_stop(r, CNN_E_INPUT_CHANNELS, span);
}

/* "1d", "2d" or "3d" before a size; *p is then after it. */
static const dims_form *read_form(const char **p)
{
    for (size_t i = 0; i < CNN_LENGTH(forms); i++) {
        const cnn_text word = {*p, 2};
        if (cnn_is_digit(**p) && cnn_text_is(word, forms[i].word) && !cnn_in_label((*p)[2])) {
            *p = cnn_skip(*p + 2, false);
            return &forms[i];
        }
    }
    return plain;
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
        const dims_form *form = read_form(&p);
        p = read_map(r, p, form, out);
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

/* ---- names ---- */

/* The name of an input: a label that does not begin with a digit and is no word of a size. */
static bool is_input_name(cnn_text name)
{
    static const char *const words[] = {"vector", "rgb", "gray", "grey", "mono"};
    bool free = name.size > 0 && !cnn_is_digit(name.data[0]);
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        free = free && !cnn_text_is(name, words[i]);
    }
    return free;
}

bool cnn_split_input(cnn_text text, cnn_text *name, cnn_text *size)
{
    *size = text;
    *name = cnn_text_trim(cnn_text_split(size, '='));
    bool label = name->size < text.size && is_input_name(*name);
    for (size_t i = 0; i < name->size; i++) {
        label = label && cnn_in_label(name->data[i]);
    }
    return label;
}

static bool sees_input(const char *p)
{
    return cnn_fold(*p) == 'i' && cnn_text_is(cnn_see_letters(p), "input");
}

/* After a blank, ":" or "=". */
static const char *skip_sign(const char *p)
{
    p = cnn_skip(p, false);
    return *p == ':' || *p == '=' ? cnn_skip(p + 1, false) : p;
}

/* The position after the name of an input and a sign, where a size follows. NULL: there is none. */
static const char *after_name(const char *p, cnn_text *name)
{
    *name = cnn_see_label(p);
    const char *end = p + name->size, *size = skip_sign(end);
    const bool follows = cnn_is_digit(*size) || *size == '(' || cnn_fold(*size) == 'v';
    return is_input_name(*name) && size > end && follows ? size : NULL;
}

/* One "input" [ ":" | "=" ] [ NAME ] dims, and the break after it. */
static const char *read_line(cnn_reader *r, const char *p, cnn_input_text *out)
{
    bool found, comma;
    cnn_text name;
    p = skip_sign(p + 5);
    const char *size = after_name(p, &name);
    out->name = size != NULL ? name : (cnn_text){0};
    p = read_wrapped(r, size != NULL ? size : p, out);
    if (p == NULL) {
        return NULL;
    }
    p = cnn_skip(p, false);
    if (*p != '\0' && *p != ',' && *p != ';' && *p != '\n' && *p != '\r') {
        return stop_dims(r, p, p);
    }
    return cnn_read_breaks(r, p, &found, &comma);
}

/* Whether another input follows, which has to have a name. */
static bool sees_named_input(const char *p)
{
    cnn_text name;
    return sees_input(p) && after_name(skip_sign(p + 5), &name) != NULL;
}

/* Whether an input before this one has its name. */
static bool is_known(const cnn_input_text *first, const cnn_input_text *input)
{
    while (first != input && !cnn_text_same(first->name, input->name)) {
        first = first->next;
    }
    return first != input;
}

static CNN_APART const char *read_lines(cnn_reader *r, const char *p, cnn_input_text *out)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* a byte order mark, which editors put there */
    bool found, comma;
    p += memcmp(p, mark, sizeof mark - 1) == 0 ? sizeof mark - 1 : 0;
    const char *from = p;
    p = cnn_read_breaks(r, p, &found, &comma);
    if (p == NULL || comma) {
        return p == NULL ? NULL : from; /* the list reports a comma before everything */
    }
    p = sees_input(p) ? read_line(r, p, out) : p;
    for (cnn_input_text *last = out; p != NULL && out->given && sees_named_input(p);
         last = last->next) {
        const char *line = p;
        last->next = CNN_NEW(r->arena, cnn_input_text);
        if (last->next == NULL) {
            return cnn_stop_memory(r);
        }
        p = read_line(r, p, last->next);
        if (p != NULL && is_known(out, last->next)) {
            return cnn_stop_words(r, CNN_E_INPUT_TWICE, cnn_span_at(r, line, line + 5),
                                  last->next->name, (cnn_text){0});
        }
    }
    return p;
}

const char *cnn_read_input_lines(cnn_reader *r, const char *p, cnn_input_text *out)
{
    if (cnn_is_letter(*p) && cnn_fold(*p) != 'i') {
        return p; /* nearly all lists of a batch */
    }
    return read_lines(r, p, out);
}
