/* Strings of Python: names that modules get, words that decide. What cannot be spelt out exactly is
 * an opaque value, so that two names never become the same by mistake. */
#include "paste/paste.h"

bool cnn_string_shown(cnn_paster *p, const cnn_py *value, cnn_text *out)
{
    switch (value->kind) {
    case CNN_PY_INT:
        *out = cnn_paste_digits(p, value->number);
        return true;
    case CNN_PY_BOOL:
        *out = cnn_text_of(value->number != 0 ? "True" : "False");
        return true;
    case CNN_PY_STRING:
        *out = value->text;
        return true;
    default:
        return false;
    }
}

/* Grows *all by the value. */
static bool add_shown(cnn_paster *p, cnn_text *all, const cnn_py *value, bool *known)
{
    cnn_text word = {0};
    *known = *known && value != NULL && cnn_string_shown(p, value, &word);
    *all = cnn_paste_join(p, *all, "", word);
    return p->err->code == CNN_OK && cnn_paste_step(p, 1);
}

static bool give(cnn_py *out, cnn_text text, bool known)
{
    *out = known ? (cnn_py){.kind = CNN_PY_STRING, .text = text} : cnn_py_opaque("text");
    return true;
}

/* "conv{}".format(i): the field's value, by its place or its name; formats after ":" and "!" are
 * not spelt out. */
static const cnn_py *field(const cnn_arguments *args, cnn_text name, int32_t *next)
{
    if (name.size == 0) {
        const int32_t i = (*next)++;
        return i < args->count && args->at[i].name.size == 0 ? &args->at[i].value : NULL;
    }
    if (name.size == 1 && cnn_is_digit(name.data[0])) {
        const int32_t i = name.data[0] - '0';
        return i < args->count && args->at[i].name.size == 0 ? &args->at[i].value : NULL;
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (args->at[i].name.size > 0 && cnn_words_equal(args->at[i].name, name)) {
            return &args->at[i].value;
        }
    }
    return NULL;
}

static bool format(cnn_paster *p, const cnn_py *object, const cnn_arguments *args, cnn_py *out)
{
    cnn_text rest = object->text, all = {0};
    int32_t next = 0;
    bool known = true;
    while (rest.size > 0) {
        const cnn_text before = cnn_text_split(&rest, '{');
        /* Without "{" the part goes up to the end of the text. */
        const bool any = before.size < object->text.size &&
                         before.data + before.size < object->text.data + object->text.size;
        all = cnn_paste_join(p, all, "", before);
        if (!any) {
            break;
        }
        const cnn_text inside = cnn_text_split(&rest, '}');
        if (!add_shown(p, &all, field(args, inside, &next), &known)) {
            return false;
        }
    }
    return give(out, all, known);
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
        const char letter = rest.size > 0 ? rest.data[0] : ' ';
        /* A tuple has a value for each field; anything else is the only value. */
        const int32_t i = next++;
        const cnn_py *value = several && i < values->items->count ? &values->items->at[i]
                              : !several && i == 0                ? values
                                                                  : NULL;
        known = known && (letter == 'd' || letter == 's' || letter == 'i');
        if (!add_shown(p, &all, value, &known)) {
            return false;
        }
        rest.data += rest.size > 0;
        rest.size -= rest.size > 0;
    }
    return give(out, all, known);
}

/* lower() and upper() */
static bool change_case(cnn_paster *p, const cnn_py *object, bool upper, cnn_py *out)
{
    *out = *object;
    if (object->text.size == 0) {
        return true;
    }
    char *copy = cnn_paste_take(p, object->text.size, 1);
    if (copy == NULL) {
        return false;
    }
    for (size_t i = 0; i < object->text.size; i++) {
        const char c = object->text.data[i];
        copy[i] = upper && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : upper ? c : cnn_fold(c);
    }
    out->text.data = copy;
    return true;
}

/* Whether the text begins with the part, or ends with it. */
static bool at_end(cnn_text text, cnn_text part, bool end)
{
    const size_t from = end && text.size >= part.size ? text.size - part.size : 0;
    return text.size >= part.size &&
           (part.size == 0 || memcmp(text.data + from, part.data, part.size) == 0);
}

static bool join(cnn_paster *p, const cnn_py *object, const cnn_py *list, cnn_py *out)
{
    cnn_text all = {0};
    bool known = cnn_py_is_list(list);
    for (int32_t i = 0; known && i < list->items->count; i++) {
        all = i > 0 ? cnn_paste_join(p, all, "", object->text) : all;
        if (!add_shown(p, &all, &list->items->at[i], &known)) {
            return false;
        }
    }
    return give(out, all, known);
}

bool cnn_string_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       cnn_py *out)
{
    const cnn_py *first = args->count > 0 ? &args->at[0].value : NULL;
    const bool string = first != NULL && first->kind == CNN_PY_STRING;
    if (cnn_word_is(name, "format")) {
        return format(p, object, args, out);
    }
    if (cnn_word_is(name, "join") && first != NULL) {
        return join(p, object, first, out);
    }
    if (cnn_word_is(name, "lower") || cnn_word_is(name, "upper")) {
        return change_case(p, object, cnn_word_is(name, "upper"), out);
    }
    if (cnn_word_is(name, "strip") && first == NULL) {
        return give(out, cnn_text_trim(object->text), true);
    }
    if (string && (cnn_word_is(name, "startswith") || cnn_word_is(name, "endswith"))) {
        *out = cnn_py_bool(at_end(object->text, first->text, cnn_word_is(name, "endswith")));
        return true;
    }
    *out = cnn_py_opaque("text");
    return true;
}
