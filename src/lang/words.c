/* Words by their text, for all that is not the fast way of short words. */
#include "lang/words.h"

const cnn_word *cnn_word_find(cnn_text text)
{
    for (int32_t i = 0; i < cnn_word_count; i++) {
        if (cnn_text_same(text, (cnn_text){cnn_words[i].text, cnn_words[i].size})) {
            return &cnn_words[i];
        }
    }
    return NULL;
}

cnn_attr cnn_attr_find(cnn_text text)
{
    if (text.size == 1 && cnn_is_letter(*text.data)) {
        return (cnn_attr)cnn_attr_signs[(unsigned char)*text.data];
    }
    const char first = text.size > 0 ? cnn_fold(*text.data) : '\0';
    for (int32_t i = 0; i < cnn_attr_word_count; i++) {
        if (first == *cnn_attr_words[i].text && cnn_text_is(text, cnn_attr_words[i].text)) {
            return cnn_attr_words[i].attr;
        }
    }
    return CNN_ATTRS;
}

void cnn_words_offer(cnn_nearest *nearest)
{
    for (int32_t i = 0; i < cnn_word_count; i++) {
        cnn_nearest_offer(nearest, (cnn_text){cnn_words[i].text, cnn_words[i].size});
    }
}
