/* Values as text: str(), and layouts such as {:02d}, {:>8} and %5.1f. */
#include "paste/layout.h"

#include "paste/reals.h"

bool cnn_string_shown(cnn_paster *p, const cnn_py *value, cnn_text *out)
{
    switch (value->kind) {
    case CNN_PY_INT:
        *out = cnn_paste_digits(p, value->number);
        return true;
    case CNN_PY_BOOL:
        *out = cnn_text_of(value->number != 0 ? "True" : "False");
        return true;
    case CNN_PY_NONE:
        *out = cnn_text_of("None");
        return true;
    case CNN_PY_STRING:
        *out = value->text;
        return true;
    case CNN_PY_FLOAT:
        return cnn_real_shown(p, value->real, out);
    default:
        return false;
    }
}

static bool read_count(cnn_text *text, int32_t *out)
{
    int32_t n = 0;
    while (text->size > 0 && cnn_is_digit(text->data[0]) && n <= CNN_MOST_WIDTH) {
        n = n * 10 + (text->data[0] - '0');
        *text = cnn_text_skip(*text, 1);
    }
    *out = n;
    return n <= CNN_MOST_WIDTH;
}

static bool is_align(char c)
{
    return c == '<' || c == '>' || c == '^' || c == '=';
}

/* [[fill]align][0][width][.places][type] */
static bool read_layout(cnn_text text, cnn_layout *out)
{
    *out = (cnn_layout){.fill = ' ', .places = -1};
    if (text.size > 1 && is_align(text.data[1])) {
        out->fill = text.data[0];
        out->align = text.data[1];
        text = cnn_text_skip(text, 2);
    } else if (text.size > 0 && is_align(text.data[0])) {
        out->align = text.data[0];
        text = cnn_text_skip(text, 1);
    }
    if (text.size > 0 && text.data[0] == '0' && out->align == '\0') {
        out->fill = '0';
        out->align = '=';
    }
    if (!read_count(&text, &out->width)) {
        return false;
    }
    if (text.size > 1 && text.data[0] == '.') {
        text = cnn_text_skip(text, 1);
        if (!read_count(&text, &out->places)) {
            return false;
        }
    }
    out->type = text.size == 1 ? text.data[0] : '\0';
    return text.size <= 1;
}

/* The value without its width; false: the type is not spelt out here, or not one of the value. */
static bool show_as(cnn_paster *p, const cnn_py *value, const cnn_layout *how, cnn_text *out)
{
    const bool whole = value->kind == CNN_PY_INT, real = value->kind == CNN_PY_FLOAT;
    if ((whole || real) && how->type == 'f') {
        return cnn_real_fixed(p, whole ? (double)value->number : value->real,
                              how->places < 0 ? 6 : how->places, out);
    }
    const char own = whole ? 'd' : 's';
    return how->places < 0 && (how->type == '\0' || how->type == own) &&
           (whole || value->kind == CNN_PY_STRING || (real && how->type == '\0')) &&
           cnn_string_shown(p, value, out);
}

bool cnn_lay_out(cnn_paster *p, const cnn_py *value, cnn_layout how, cnn_text *out)
{
    char line[CNN_MOST_WIDTH];
    cnn_text text = {0};
    if (!show_as(p, value, &how, &text)) {
        return false;
    }
    const int64_t letters = cnn_text_letters(text);
    const size_t gap = letters < how.width ? (size_t)(how.width - letters) : 0;
    const bool sign = how.align == '=' && text.size > 0 && text.data[0] == '-';
    const char align = how.align != '\0' ? how.align : value->kind == CNN_PY_STRING ? '<' : '>';
    const size_t before = align == '<' ? 0 : align == '^' ? gap / 2 : gap;
    memset(line, how.fill, gap);
    *out = cnn_paste_join(p, sign ? cnn_text_of("-") : (cnn_text){0}, "", (cnn_text){line, before});
    *out = cnn_paste_join(p, *out, "", cnn_text_skip(text, sign));
    *out = cnn_paste_join(p, *out, "", (cnn_text){line, gap - before});
    return p->err->code == CNN_OK;
}

bool cnn_string_formatted(cnn_paster *p, const cnn_py *value, cnn_text format, cnn_text *out)
{
    cnn_layout how;
    if (format.size == 0) {
        return cnn_string_shown(p, value, out);
    }
    return read_layout(format, &how) && cnn_lay_out(p, value, how, out);
}

/* One field of "conv%02d", after its percent sign. */
static bool percent_field(cnn_paster *p, cnn_text *rest, const cnn_py *value, cnn_text *out)
{
    const bool left = rest->size > 0 && rest->data[0] == '-';
    *rest = cnn_text_skip(*rest, left);
    size_t size = 0;
    while (size < rest->size && (cnn_is_digit(rest->data[size]) || rest->data[size] == '.')) {
        size++;
    }
    cnn_layout how;
    const bool read = read_layout((cnn_text){rest->data, size}, &how);
    const char letter = size < rest->size ? rest->data[size] : ' ';
    *rest = cnn_text_skip(*rest, size + (size < rest->size));
    const bool shows = letter == 's' && size == 0;
    if (!read || value == NULL ||
        (letter != 'd' && letter != 'i' && letter != 's' && letter != 'f')) {
        return false;
    }
    how.type = letter == 'i' ? 'd' : letter;
    how.align = left ? '<' : how.align != '\0' ? how.align : '>';
    return shows ? cnn_string_shown(p, value, out) : cnn_lay_out(p, value, how, out);
}

bool cnn_string_percent(cnn_paster *p, const cnn_py *object, const cnn_py *values, cnn_py *out)
{
    cnn_text rest = object->text, all = {0};
    const bool several = values->kind == CNN_PY_TUPLE;
    int32_t next = 0;
    bool known = true;
    while (rest.size > 0) {
        const char *const end = rest.data + rest.size;
        const cnn_text before = cnn_text_split(&rest, '%');
        all = cnn_paste_join(p, all, "", before);
        if (before.data + before.size == end) {
            break;
        }
        if (rest.size > 0 && rest.data[0] == '%') {
            all = cnn_paste_join(p, all, "%", (cnn_text){0});
            rest = cnn_text_skip(rest, 1);
            continue;
        }
        /* A tuple has a value for each field; anything else is the only value. */
        const int32_t i = next++;
        const cnn_py *value = several && i < values->items->count ? &values->items->at[i]
                              : !several && i == 0                ? values
                                                                  : NULL;
        cnn_text word = {0};
        known = percent_field(p, &rest, value, &word) && known;
        all = cnn_paste_join(p, all, "", word);
        if (p->err->code != CNN_OK || !cnn_paste_step(p, 1)) {
            return false;
        }
    }
    *out = known ? (cnn_py){.kind = CNN_PY_STRING, .text = all} : cnn_py_opaque("text");
    return true;
}
