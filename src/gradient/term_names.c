/* Words of claims: names of values and gradients, and signs in their several spellings. */
#include <string.h>

#include "gradient/term.h"

/* Signs that people copy from formulas, and what they are here. */
static const struct {
    const char *sign, *meaning;
} signs[] = {
    {"\xE2\x8A\x99", ".*"}, /* circled dot */
    {"\xE2\x88\x98", ".*"}, /* ring operator */
    {"\xC2\xB7", "*"},      /* middle dot */
    {"\xC3\x97", "*"},      /* multiplication sign */
    {"\xE2\x88\x92", "-"},  /* minus sign */
    {"\xE1\xB5\x80", "^T"}, /* raised T */
    {"\xC2\xB2", "^2"},
    {"\xE2\x80\xB2", "'"}, /* prime */
    {"**", "^"},
    {"@", "*"},
    {"./", "/"},
    {".^", "^"},
    {".T", "^T"},
};

cnn_text cnn_sign_see(cnn_text text, size_t *size)
{
    for (size_t i = 0; i < CNN_LENGTH(signs); i++) {
        if (cnn_word_begins(text, signs[i].sign)) {
            *size = strlen(signs[i].sign);
            return cnn_text_of(signs[i].meaning);
        }
    }
    *size = 0;
    return text;
}

cnn_text cnn_word_see(cnn_text text)
{
    size_t end = 0;
    while (end < text.size) {
        const char c = text.data[end];
        size_t sign;
        (void)cnn_sign_see(cnn_text_skip(text, end), &sign);
        if (sign > 0 || !(cnn_is_letter(c) || c == '_' || (unsigned char)c >= 0x80 ||
                          (end > 0 && cnn_is_digit(c)))) {
            break;
        }
        end++;
    }
    return (cnn_text){text.data, end};
}

/* ---- names of quantities ---- */

/* The "d" of dl and dz2, or the sign for a partial derivative. */
static size_t see_d(cnn_text text)
{
    return cnn_word_begins(text, "d") || cnn_word_begins(text, "D") ? 1
           : cnn_word_begins(text, "\xE2\x88\x82")                  ? 3
                                                                    : 0;
}

static const cnn_value *find(const cnn_chain *chain, cnn_text word)
{
    const cnn_name *name = cnn_names_find(&chain->names, word);
    return name != NULL ? name->value : NULL;
}

static size_t skip_blanks(cnn_text text, size_t at)
{
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t')) {
        at++;
    }
    return at;
}

/* dl/dz2, with blanks around the "/" perhaps: the bytes before "z2"; 0: it is none. */
static size_t see_fraction(cnn_text text)
{
    const cnn_text above = cnn_word_see(text);
    const size_t d = see_d(above);
    if (d == 0 || above.size != d + 1 || cnn_fold(above.data[d]) != 'l') {
        return 0;
    }
    size_t at = skip_blanks(text, above.size);
    if (at == text.size || text.data[at] != '/') {
        return 0;
    }
    at = skip_blanks(text, at + 1);
    const size_t below = see_d(cnn_text_skip(text, at));
    return below > 0 ? at + below : 0;
}

/* A value's name first; then dl/dz2 and dz2, which are slopes. */
size_t cnn_name_see(const cnn_chain *chain, cnn_text text, const cnn_value **quantity, bool *slope)
{
    const cnn_text word = cnn_word_see(text);
    const size_t fraction = see_fraction(text);
    const size_t d = fraction > 0 ? fraction : see_d(word);
    *slope = false;
    if (fraction == 0 && (*quantity = find(chain, word)) != NULL) {
        return word.size;
    }
    const cnn_text name = cnn_word_see(cnn_text_skip(text, d));
    *slope = true;
    if (d == 0 || (*quantity = find(chain, name)) == NULL ||
        (*quantity)->role == CNN_VALUE_TARGET) {
        return 0;
    }
    return d + name.size;
}
