/* Strings of Python: names that modules get, words that decide. What cannot be spelt out exactly is
 * an opaque value, so that two names never become the same by mistake. */
#include "paste/flow.h"
#include "paste/layout.h"

static bool give(cnn_py *out, cnn_text text, bool known)
{
    *out = known ? (cnn_py){.kind = CNN_PY_STRING, .text = text} : cnn_py_opaque("text");
    return true;
}

typedef struct string_call {
    cnn_paster *p;
    cnn_text text;
    const cnn_arguments *args;
    cnn_py *out;
} string_call;

typedef bool string_method(const string_call *c);

/* A string among the arguments; false: there is none, or something else. */
static bool word_at(const string_call *c, const char *name, int32_t position, cnn_text *out)
{
    const cnn_py *value = cnn_argument_given(c->args, name, position);
    if (value == NULL || value->kind != CNN_PY_STRING) {
        return false;
    }
    *out = value->text;
    return true;
}

static bool unknown(const string_call *c)
{
    return give(c->out, (cnn_text){0}, false);
}

/* Capitals and small letters, of ASCII only. `first`: how the first letter is written. */
static bool change_case(const string_call *c, bool first, bool upper)
{
    char *copy = c->text.size == 0 ? NULL : cnn_paste_take(c->p, c->text.size, 1);
    for (size_t i = 0; copy != NULL && i < c->text.size; i++) {
        const char letter = c->text.data[i], low = cnn_fold(letter);
        const bool capital = (i == 0 ? first : upper) && low >= 'a' && low <= 'z';
        copy[i] = capital ? (char)(low - 'a' + 'A') : low;
        if ((letter & 0x80) != 0) {
            return unknown(c);
        }
    }
    return c->p->err->code == CNN_OK && give(c->out, (cnn_text){copy, c->text.size}, true);
}

static bool do_lower(const string_call *c)
{
    return change_case(c, false, false);
}

static bool do_upper(const string_call *c)
{
    return change_case(c, true, true);
}

static bool do_capitalize(const string_call *c)
{
    return change_case(c, true, false);
}

static bool strip(const string_call *c, bool left, bool right)
{
    cnn_text text = c->text, letters = cnn_text_of(" \t\n\r\v\f");
    if (c->args->count > 0 && !word_at(c, "chars", 0, &letters)) {
        return unknown(c);
    }
    while (left && text.size > 0 && memchr(letters.data, text.data[0], letters.size) != NULL) {
        text = cnn_text_skip(text, 1);
    }
    while (right && text.size > 0 &&
           memchr(letters.data, text.data[text.size - 1], letters.size) != NULL) {
        text.size--;
    }
    return give(c->out, text, true);
}

static bool do_strip(const string_call *c)
{
    return strip(c, true, true);
}

static bool do_lstrip(const string_call *c)
{
    return strip(c, true, false);
}

static bool do_rstrip(const string_call *c)
{
    return strip(c, false, true);
}

/* Whether the text begins with the part, or ends with it. */
static bool at_end(cnn_text text, cnn_text part, bool end)
{
    const size_t from = end && text.size >= part.size ? text.size - part.size : 0;
    return text.size >= part.size &&
           (part.size == 0 || memcmp(text.data + from, part.data, part.size) == 0);
}

/* One string, or a tuple of them. */
static bool affix(const string_call *c, bool end)
{
    const cnn_py *value = cnn_argument_given(c->args, "prefix", 0);
    const bool several = value != NULL && value->kind == CNN_PY_TUPLE;
    bool found = false;
    for (int32_t i = 0; i < (several ? value->items->count : 1); i++) {
        const cnn_py *one = several ? &value->items->at[i] : value;
        if (one == NULL || one->kind != CNN_PY_STRING) {
            return unknown(c);
        }
        found = found || at_end(c->text, one->text, end);
    }
    *c->out = cnn_py_bool(found);
    return true;
}

static bool do_startswith(const string_call *c)
{
    return affix(c, false);
}

static bool do_endswith(const string_call *c)
{
    return affix(c, true);
}

/* The place of the part at or after `from`; the text's size: there is none. */
static size_t place_of(cnn_text text, cnn_text part, size_t from)
{
    for (size_t at = from; at + part.size <= text.size; at++) {
        if (part.size == 0 || memcmp(text.data + at, part.data, part.size) == 0) {
            return at;
        }
    }
    return text.size;
}

static bool do_find(const string_call *c)
{
    cnn_text part;
    if (!word_at(c, "sub", 0, &part) || part.size == 0) {
        return unknown(c);
    }
    const size_t at = place_of(c->text, part, 0);
    const cnn_text before = {c->text.data, at};
    *c->out = cnn_py_int(at == c->text.size ? -1 : cnn_text_letters(before), c->args->call->span);
    return true;
}

static bool do_count(const string_call *c)
{
    cnn_text part;
    int64_t count = 0;
    if (!word_at(c, "sub", 0, &part) || part.size == 0) {
        return unknown(c);
    }
    for (size_t at = 0; (at = place_of(c->text, part, at)) < c->text.size; at += part.size) {
        count++;
    }
    *c->out = cnn_py_int(count, c->args->call->span);
    return true;
}

static bool do_replace(const string_call *c)
{
    cnn_text part, by, all = {0};
    if (!word_at(c, "old", 0, &part) || !word_at(c, "new", 1, &by) || part.size == 0) {
        return unknown(c);
    }
    size_t from = 0;
    for (size_t at = 0; (at = place_of(c->text, part, from)) < c->text.size;
         from = at + part.size) {
        all = cnn_paste_join(c->p, all, "", (cnn_text){c->text.data + from, at - from});
        all = cnn_paste_join(c->p, all, "", by);
        if (c->p->err->code != CNN_OK || !cnn_paste_step(c->p, 1)) {
            return false;
        }
    }
    all = cnn_paste_join(c->p, all, "", cnn_text_skip(c->text, from));
    return c->p->err->code == CNN_OK && give(c->out, all, true);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Without a separator any blanks part words, and none are empty. */
static bool split_blanks(const string_call *c)
{
    cnn_text rest = c->text;
    for (;;) {
        size_t size = 0;
        while (rest.size > 0 && is_blank(rest.data[0])) {
            rest = cnn_text_skip(rest, 1);
        }
        while (size < rest.size && !is_blank(rest.data[size])) {
            size++;
        }
        const cnn_py word = {.kind = CNN_PY_STRING, .text = {rest.data, size}};
        if (size == 0 || !cnn_py_append(c->p, c->out->items, &word)) {
            return size == 0;
        }
        rest = cnn_text_skip(rest, size);
    }
}

/* With a separator empty words are kept: "a,,b" has three. */
static bool do_split(const string_call *c)
{
    cnn_text part = {0};
    int64_t most = INT64_MAX;
    const cnn_py *separator = cnn_argument_given(c->args, "sep", 0);
    const cnn_py *limit = cnn_argument_given(c->args, "maxsplit", 1);
    const bool blanks = separator == NULL || separator->kind == CNN_PY_NONE;
    if (limit != NULL) {
        most = limit->number < 0 ? most : limit->number;
    }
    if ((!blanks && (!word_at(c, "sep", 0, &part) || part.size == 0)) ||
        (limit != NULL && (limit->kind != CNN_PY_INT || blanks))) {
        return unknown(c);
    }
    if (!cnn_py_items(c->p, CNN_PY_LIST, 0, c->out) || blanks) {
        return c->p->err->code == CNN_OK && split_blanks(c);
    }
    for (size_t from = 0;;) {
        const size_t at =
            c->out->items->count < most ? place_of(c->text, part, from) : c->text.size;
        const cnn_py word = {.kind = CNN_PY_STRING, .text = {c->text.data + from, at - from}};
        if (!cnn_py_append(c->p, c->out->items, &word)) {
            return false;
        }
        if (at == c->text.size) {
            return true;
        }
        from = at + part.size;
    }
}

/* From the right; only with a limit is it another than split(). */
static bool do_rsplit(const string_call *c)
{
    cnn_text part;
    const cnn_py *limit = cnn_argument_given(c->args, "maxsplit", 1);
    if (limit == NULL) {
        return do_split(c);
    }
    if (!word_at(c, "sep", 0, &part) || part.size == 0 || limit->kind != CNN_PY_INT ||
        limit->number != 1) {
        return unknown(c);
    }
    size_t last = c->text.size;
    for (size_t at = 0; (at = place_of(c->text, part, at)) < c->text.size; at++) {
        last = at;
    }
    const cnn_py words[] = {
        {.kind = CNN_PY_STRING, .text = {c->text.data, last}},
        {.kind = CNN_PY_STRING,
         .text = cnn_text_skip(c->text,
                               last + part.size > c->text.size ? c->text.size : last + part.size)}};
    return cnn_py_items(c->p, CNN_PY_LIST, 0, c->out) &&
           cnn_py_append(c->p, c->out->items, &words[0]) &&
           (last == c->text.size || cnn_py_append(c->p, c->out->items, &words[1]));
}

static bool do_isdigit(const string_call *c)
{
    bool all = c->text.size > 0;
    for (size_t i = 0; i < c->text.size; i++) {
        all = all && cnn_is_digit(c->text.data[i]);
    }
    *c->out = cnn_py_bool(all);
    return true;
}

/* Zeros go after a sign: "-7".zfill(3) is "-07". */
static bool do_zfill(const string_call *c)
{
    const cnn_py text = {.kind = CNN_PY_STRING, .text = c->text};
    const cnn_py *width = cnn_argument_given(c->args, "width", 0);
    cnn_layout how = {.fill = '0', .align = '=', .places = -1};
    if (width == NULL || width->kind != CNN_PY_INT || width->number > CNN_MOST_WIDTH) {
        return unknown(c);
    }
    how.width = width->number < 0 ? 0 : (int32_t)width->number;
    cnn_text all = {0};
    return cnn_lay_out(c->p, &text, how, &all) && give(c->out, all, true);
}

/* As in Python only strings can be joined; anything else, or something unknown among them, makes
 * the whole unknown. */
static bool do_join(const string_call *c)
{
    cnn_text all = {0};
    cnn_items *items;
    const cnn_py *list = cnn_argument_given(c->args, "iterable", 0);
    if (list == NULL || list->kind == CNN_PY_OPAQUE || list->kind == CNN_PY_NAME) {
        return unknown(c);
    }
    if (!cnn_sequence(c->p, c->args->call, list, &items)) {
        return false;
    }
    for (int32_t i = 0; i < items->count; i++) {
        if (items->at[i].kind != CNN_PY_STRING) {
            return unknown(c);
        }
        all = i > 0 ? cnn_paste_join(c->p, all, "", c->text) : all;
        all = cnn_paste_join(c->p, all, "", items->at[i].text);
        if (c->p->err->code != CNN_OK) {
            return false;
        }
    }
    return give(c->out, all, true);
}

static bool do_format(const string_call *c)
{
    return cnn_string_format(c->p, c->text, c->args, c->out);
}

bool cnn_string_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       cnn_py *out)
{
    static const struct {
        const char *name, *takes;
        string_method *call;
    } methods[] = {
        {"format", "* **", do_format},
        {"join", "iterable", do_join},
        {"lower", "", do_lower},
        {"upper", "", do_upper},
        {"capitalize", "", do_capitalize},
        {"strip", "chars", do_strip},
        {"lstrip", "chars", do_lstrip},
        {"rstrip", "chars", do_rstrip},
        {"startswith", "prefix", do_startswith},
        {"endswith", "prefix", do_endswith},
        {"find", "sub", do_find},
        {"count", "sub", do_count},
        {"replace", "old new", do_replace},
        {"split", "sep maxsplit", do_split},
        {"rsplit", "sep maxsplit", do_rsplit},
        {"isdigit", "", do_isdigit},
        {"zfill", "width", do_zfill},
    };
    const string_call call = {p, object->text, args, out};
    size_t part = 0;
    for (int32_t i = 0; i < args->count; i++) {
        const cnn_py *value = &args->at[i].value;
        part += value->kind == CNN_PY_STRING ? value->text.size : 0;
    }
    if (!cnn_paste_step(p, cnn_paste_search((int64_t)object->text.size, (int64_t)part))) {
        return false;
    }
    for (size_t i = 0; i < CNN_LENGTH(methods); i++) {
        if (cnn_word_is(name, methods[i].name)) {
            return cnn_arguments_check(p, args, methods[i].takes) && methods[i].call(&call);
        }
    }
    *out = cnn_py_opaque("text");
    return true;
}
