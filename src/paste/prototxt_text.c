/* The text format of protocol buffers: a block is a list of key, value, key, value. */
#include "base/checked.h"
#include "paste/prototxt.h"

static bool fail(const cnn_prototxt *r)
{
    const uint32_t size = (uint32_t)r->p->text.size;
    const uint32_t at = (uint32_t)r->at < size ? (uint32_t)r->at : size;
    return cnn_fail(r->p->err, CNN_E_PASTE_PROTOTXT, (cnn_span){at, at + (at < size)});
}

static char see(const cnn_prototxt *r)
{
    return r->at < r->p->text.size ? r->p->text.data[r->at] : '\0';
}

static void skip(cnn_prototxt *r)
{
    for (;;) {
        const char c = see(r);
        if (c == '#') {
            cnn_text rest = cnn_text_skip(r->p->text, r->at);
            r->at += cnn_text_split(&rest, '\n').size;
        } else if (c != '\0' && strchr(" \t\r\n,;", c) != NULL) {
            r->at++;
        } else {
            return;
        }
    }
}

static bool is_word(char c)
{
    return cnn_is_letter(c) || cnn_is_digit(c) || (c != '\0' && strchr("_-.+", c) != NULL);
}

static cnn_text word(cnn_prototxt *r)
{
    const size_t begin = r->at;
    while (is_word(see(r))) {
        r->at++;
    }
    return (cnn_text){r->p->text.data + begin, r->at - begin};
}

static bool scalar(cnn_prototxt *r, cnn_py *out)
{
    const char quote = see(r);
    *out = (cnn_py){.kind = CNN_PY_STRING, .origin.begin = (uint32_t)r->at};
    if (quote == '"' || quote == '\'') {
        cnn_text rest = cnn_text_skip(r->p->text, ++r->at);
        out->text = cnn_text_split(&rest, quote);
        r->at += out->text.size;
        /* Past the closing quote; at the end of the text there was none. */
        const bool closed = r->at++ < r->p->text.size;
        out->origin.end = (uint32_t)r->at;
        return closed || fail(r);
    }
    out->text = word(r);
    out->origin.end = (uint32_t)r->at;
    return out->text.size > 0 || fail(r);
}

static bool block(cnn_prototxt *r, int32_t depth, cnn_py *out);

static bool braces(cnn_prototxt *r, int32_t depth, cnn_py *out)
{
    r->at++;
    if (!block(r, depth, out)) {
        return false;
    }
    return see(r) == '}' ? (r->at++, true) : fail(r);
}

/* One value of a key; [a, b] is as many. */
static bool values(cnn_prototxt *r, int32_t depth, const cnn_py *key, bool colon, cnn_items *to)
{
    const bool list = colon && see(r) == '[';
    r->at += list;
    for (bool more = true; more; more = list && see(r) != ']') {
        cnn_py value;
        skip(r);
        if (see(r) == '{' ? !braces(r, depth + 1, &value) : !colon || !scalar(r, &value)) {
            return fail(r);
        }
        if (!cnn_py_append(r->p, to, key) || !cnn_py_append(r->p, to, &value)) {
            return false;
        }
        if (list) {
            skip(r);
        }
    }
    r->at += list;
    return true;
}

/* Up to "}" or the end. */
static bool block(cnn_prototxt *r, int32_t depth, cnn_py *out)
{
    if (depth > CNN_MAX_NESTING) {
        return fail(r);
    }
    if (!cnn_py_items(r->p, CNN_PY_DICT, 0, out)) {
        return false;
    }
    out->origin.begin = (uint32_t)r->at;
    for (skip(r); r->at < r->p->text.size && see(r) != '}'; skip(r)) {
        const cnn_py key = {.kind = CNN_PY_STRING, .text = word(r)};
        skip(r);
        /* Before "{" the colon may be left out. */
        const bool colon = see(r) == ':';
        r->at += colon;
        skip(r);
        if (key.text.size == 0 || !values(r, depth, &key, colon, out->items)) {
            return fail(r);
        }
    }
    out->origin.end = (uint32_t)r->at;
    return true;
}

bool cnn_prototxt_parse(cnn_prototxt *r, cnn_py *out)
{
    return block(r, 0, out) && (r->at >= r->p->text.size || fail(r));
}

/* ---- values ---- */

const cnn_py *cnn_prototxt_get(const cnn_py *from, const char *key, int32_t i)
{
    const int32_t count = from != NULL && from->kind == CNN_PY_DICT ? from->items->count : 0;
    for (int32_t k = 0; k < count; k += 2) {
        if (cnn_word_is(from->items->at[k].text, key) && i-- == 0) {
            return &from->items->at[k + 1];
        }
    }
    return NULL;
}

int32_t cnn_prototxt_count(const cnn_py *from, const char *key)
{
    const int32_t count = from != NULL && from->kind == CNN_PY_DICT ? from->items->count : 0;
    int32_t found = 0;
    for (int32_t k = 0; k < count; k += 2) {
        found += cnn_word_is(from->items->at[k].text, key);
    }
    return found;
}

static bool whole(cnn_prototxt *r, const cnn_py *value, const char *key, size_t from, int64_t *out)
{
    int64_t n = 0;
    for (size_t k = from; k < value->text.size; k++) {
        if (!cnn_is_digit(value->text.data[k]) || !cnn_checked_mul(n, 10, &n) ||
            !cnn_checked_add(n, value->text.data[k] - '0', &n)) {
            return cnn_paste_fail(r->p, CNN_E_PASTE_NUMBER, value->origin, cnn_text_of(key),
                                  (cnn_text){0});
        }
    }
    *out = n;
    return true;
}

bool cnn_prototxt_number(cnn_prototxt *r, const cnn_py *from, const char *key, int32_t i,
                         int64_t standard, int64_t *out)
{
    const cnn_py *value = cnn_prototxt_get(from, key, i);
    *out = standard;
    return value == NULL || whole(r, value, key, 0, out);
}

bool cnn_prototxt_signed(cnn_prototxt *r, const cnn_py *from, const char *key, int32_t i,
                         int64_t standard, int64_t *out)
{
    const cnn_py *value = cnn_prototxt_get(from, key, i);
    *out = standard;
    if (value == NULL) {
        return true;
    }
    const bool negative = value->text.size > 1 && value->text.data[0] == '-';
    if (!whole(r, value, key, negative, out)) {
        return false;
    }
    *out = negative ? -*out : *out;
    return true;
}

bool cnn_prototxt_says(const cnn_py *from, const char *key, const char *word_)
{
    const cnn_py *value = cnn_prototxt_get(from, key, 0);
    return value != NULL && cnn_text_is(value->text, word_);
}

bool cnn_prototxt_true(const cnn_py *from, const char *key, bool standard)
{
    const cnn_py *value = cnn_prototxt_get(from, key, 0);
    return value == NULL ? standard
                         : cnn_text_is(value->text, "true") || cnn_text_is(value->text, "t") ||
                               cnn_text_is(value->text, "1");
}
