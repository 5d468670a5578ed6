/* The words of the language: layer kinds with the defaults of their attributes. */
#ifndef CNN_LANG_VOCABULARY_H
#define CNN_LANG_VOCABULARY_H

#include "base/names.h"
#include "ops/op.h"

typedef struct cnn_word {
    const cnn_op *op;
    cnn_attrs standard; /* the defaults */
    uint32_t required;  /* bits of the attributes that must be given */
    bool longer;        /* with digits behind it, it may be another word (relu, relu6) */
} cnn_word;

struct cnn_vocabulary {
    cnn_names words; /* to cnn_word */
};

/* NULL: the text is no word. */
const cnn_word *cnn_vocabulary_find(const cnn_vocabulary *words, cnn_text text);

#endif
