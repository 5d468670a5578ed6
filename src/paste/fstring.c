/* Strings as they are written: escapes, f"..." with expressions in braces, strings side by side. */
#include "paste/paste.h"

/* The character of \n and the like; '\0': the backslash is one of the string. */
static char escaped(char letter)
{
    static const char letters[][2] = {{'n', '\n'},  {'t', '\t'},  {'r', '\r'},
                                      {'\\', '\\'}, {'\'', '\''}, {'"', '"'}};
    for (size_t i = 0; i < CNN_LENGTH(letters); i++) {
        if (letters[i][0] == letter) {
            return letters[i][1];
        }
    }
    return '\0';
}

/* Text between quotes; within an f-string two braces are one. */
static bool plain(cnn_paster *p, cnn_text text, bool raw, bool formatted, cnn_text *out)
{
    char *copy = text.size == 0 ? NULL : cnn_paste_take(p, text.size, 1);
    size_t used = 0;
    for (size_t i = 0; copy != NULL && i < text.size; i++) {
        const char c = text.data[i], next = i + 1 < text.size ? text.data[i + 1] : '\0';
        const char other = c == '\\' && !raw ? escaped(next) : '\0';
        const bool joined = c == '\\' && !raw && next == '\n'; /* the line goes on */
        const bool twice = formatted && (c == '{' || c == '}') && next == c;
        i += joined || twice || other != '\0';
        if (!joined) {
            copy[used++] = other != '\0' ? other : c;
        }
    }
    *out = (cnn_text){copy, used};
    return p->err->code == CNN_OK;
}

/* An expression in the braces of an f-string. Its tokens are forgotten at once, because the low end
 * of the arena belongs to the layers. */
static bool eval_braces(cnn_paster *p, cnn_text text, cnn_py *out)
{
    cnn_arena scratch = *p->arena;
    const cnn_token *tokens = cnn_tokens_read(&scratch, text);
    if (tokens == NULL) {
        return cnn_fail_memory(p->err);
    }
    cnn_syntax_reader r = {.arena = &scratch, .err = p->err, .text = text, .at = tokens};
    const cnn_py_node *expression = cnn_expression_read(&r);
    p->arena->high = scratch.high;
    *out = cnn_py_none();
    if (expression != NULL && r.at->kind != CNN_TOKEN_LINE && r.at->kind != CNN_TOKEN_END) {
        *out = cnn_py_opaque("text"); /* {x=} is a text for people */
        return true;
    }
    if (expression == NULL || cnn_eval(p, expression, out)) {
        return p->err->code == CNN_OK;
    }
    return cnn_paste_forgive(p); /* a text for people */
}

/* Up to the brace that opens an expression, or to the end. */
static size_t before_brace(cnn_text text)
{
    size_t i = 0;
    for (; i < text.size; i++) {
        const bool brace = text.data[i] == '{',
                   twice = i + 1 < text.size && text.data[i + 1] == '{';
        if (brace && !twice) {
            break;
        }
        i += brace;
    }
    return i < text.size ? i : text.size;
}

/* Up to the end of the expression after an open brace: "}", ":" or "!" outside of brackets and
 * quotes. */
static size_t expression_size(cnn_text text)
{
    int32_t depth = 0;
    char quote = '\0';
    size_t i = 0;
    for (; i < text.size; i++) {
        const char c = text.data[i], next = i + 1 < text.size ? text.data[i + 1] : '\0';
        if (quote != '\0') {
            quote = c == quote ? '\0' : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (depth == 0 && (c == '}' || c == ':' || (c == '!' && next != '='))) {
            break;
        } else {
            depth += c == '(' || c == '[' || c == '{';
            depth -= c == ')' || c == ']' || c == '}';
        }
    }
    return i;
}

/* One expression in braces, from after the open one; *rest goes on after the closing one. */
static bool add_braces(cnn_paster *p, cnn_text *rest, cnn_text *all, bool *known)
{
    const size_t size = expression_size(*rest);
    const cnn_text expression = cnn_text_trim((cnn_text){rest->data, size});
    *rest = cnn_text_skip(*rest, size);
    cnn_text format = cnn_text_split(rest, '}'), shown = {0};
    cnn_py value;
    if (expression.size == 0) {
        *known = false;
        return true;
    }
    if (!eval_braces(p, expression, &value)) {
        return false;
    }
    if (format.size > 0 && format.data[0] == '!') { /* !s is what happens without it */
        *known = *known && cnn_word_begins(format, "!s");
        format = cnn_text_skip(format, format.size < 2 ? format.size : 2);
    }
    *known =
        *known && cnn_string_formatted(p, &value, cnn_text_skip(format, format.size > 0), &shown);
    *all = cnn_paste_join(p, *all, "", shown);
    return p->err->code == CNN_OK;
}

/* "conv{}".format(i): the field's value, by its place or its name. */
static const cnn_py *field(const cnn_arguments *args, cnn_text name, int32_t *next)
{
    int32_t place = 0;
    bool digits = true;
    for (size_t i = 0; i < name.size && i < 4; i++) {
        digits = digits && cnn_is_digit(name.data[i]);
        place = place * 10 + (name.data[i] - '0');
    }
    if (digits) {
        const int32_t i = name.size == 0 ? (*next)++ : place;
        return i < args->count && args->at[i].name.size == 0 ? &args->at[i].value : NULL;
    }
    for (int32_t i = 0; i < args->count; i++) {
        if (args->at[i].name.size > 0 && cnn_words_equal(args->at[i].name, name)) {
            return &args->at[i].value;
        }
    }
    return NULL;
}

bool cnn_string_format(cnn_paster *p, cnn_text text, const cnn_arguments *args, cnn_py *out)
{
    cnn_text all = {0}, words;
    int32_t next = 0;
    bool known = true;
    while (text.size > 0) {
        const size_t size = before_brace(text);
        if (!cnn_paste_step(p, 1) || !plain(p, (cnn_text){text.data, size}, true, true, &words)) {
            return false;
        }
        all = cnn_paste_join(p, all, "", words);
        text = cnn_text_skip(text, size);
        if (text.size > 0) {
            text = cnn_text_skip(text, 1);
            cnn_text inside = cnn_text_split(&text, '}'), shown = {0};
            const cnn_text name = cnn_text_split(&inside, ':');
            const cnn_py *value = field(args, name, &next);
            known = known && value != NULL && cnn_string_formatted(p, value, inside, &shown);
            all = cnn_paste_join(p, all, "", shown);
        }
    }
    *out = known ? (cnn_py){.kind = CNN_PY_STRING, .text = all} : cnn_py_opaque("text");
    return p->err->code == CNN_OK;
}

bool cnn_eval_string(cnn_paster *p, const cnn_py_node *node, cnn_py *out)
{
    *out = (cnn_py){.kind = CNN_PY_STRING, .text = node->text, .origin = node->span};
    const bool escapes =
        node->text.size > 0 && memchr(node->text.data, '\\', node->text.size) != NULL;
    if (node->a == NULL && !node->flag && (!escapes || node->op == 'r')) {
        return true;
    }
    cnn_text all = {0};
    bool known = true;
    for (; node != NULL; node = node->a) {
        for (cnn_text rest = node->text; rest.size > 0;) {
            cnn_text words;
            const size_t size = node->flag ? before_brace(rest) : rest.size;
            if (!cnn_paste_step(p, 1) ||
                !plain(p, (cnn_text){rest.data, size}, node->op == 'r', node->flag, &words)) {
                return false;
            }
            all = cnn_paste_join(p, all, "", words);
            rest = cnn_text_skip(rest, size);
            if (rest.size > 0) {
                rest = cnn_text_skip(rest, 1);
                if (!add_braces(p, &rest, &all, &known)) {
                    return false;
                }
            }
        }
    }
    out->text = all;
    *out = known ? *out : cnn_py_opaque("text");
    return p->err->code == CNN_OK;
}
