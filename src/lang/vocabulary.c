/* From the table of layer kinds to a map of words. */
#include "lang/vocabulary.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"

/* What most kinds have. */
static const cnn_attrs nothing = {0};

static bool has_standards(const cnn_op *op)
{
    int32_t all = 0;
    for (int32_t attr = 0; op->uses != NULL && attr < CNN_ATTRS; attr++) {
        all |= op->uses[attr].standard;
    }
    return all != 0;
}

static const cnn_attrs *make_standards(const cnn_op *op, cnn_arena *arena)
{
    cnn_attrs *bare = CNN_NEW(arena, cnn_attrs);
    if (bare == NULL) {
        return NULL;
    }
    for (int32_t attr = 0; attr < CNN_NUMBERS; attr++) {
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            bare->value[attr][axis] = op->uses[attr].standard;
        }
    }
    bare->given = op->uses[CNN_SAME].standard != 0 ? 1u << CNN_SAME : 0;
    cnn_stride_complete(op, bare);
    return bare;
}

/* Kinds that take the same share their defaults: it is the pages touched that make a start slow. */
static const cnn_attrs *share_standards(const cnn_vocabulary *vocabulary, const cnn_op *op,
                                        cnn_arena *arena)
{
    if (!has_standards(op)) {
        return &nothing;
    }
    for (int32_t i = 0; i < vocabulary->word_count; i++) {
        if (vocabulary->words[i].op->uses == op->uses) {
            return vocabulary->words[i].bare;
        }
    }
    return make_standards(op, arena);
}

static uint32_t required_of(const cnn_op *op)
{
    uint32_t required = 0;
    for (int32_t attr = 0; op->uses != NULL && attr < CNN_NUMBERS; attr++) {
        required |= op->uses[attr].need == CNN_REQUIRED ? 1u << attr : 0;
    }
    return required;
}

static void add_short(cnn_vocabulary *vocabulary, cnn_text text, const cnn_word *word)
{
    const uint64_t key = cnn_letters_key(text.data, text.data + text.size);
    size_t slot = cnn_short_word_slot(key);
    while (vocabulary->keys[slot] != 0) {
        slot = (slot + 1) % CNN_SHORT_WORDS;
    }
    vocabulary->keys[slot] = key;
    vocabulary->shorts[slot] =
        (cnn_short_word){(uint8_t)(word - vocabulary->words), (uint8_t)text.size};
}

static bool all_letters(cnn_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!cnn_is_letter(text.data[i])) {
            return false;
        }
    }
    return true;
}

static bool add_word(cnn_vocabulary *vocabulary, cnn_text text, cnn_word *word, cnn_arena *arena)
{
    if (text.size < sizeof(uint64_t) && all_letters(text)) {
        add_short(vocabulary, text, word);
        return true;
    }
    cnn_name *name = cnn_names_add(&vocabulary->others, text, arena);
    if (name != NULL) {
        name->value = word;
    }
    return name != NULL;
}

/* A word that ends in digits is found by way of its letters, a word before it in the table. */
static void mark_longer(cnn_vocabulary *vocabulary, cnn_text text)
{
    size_t letters = text.size;
    while (cnn_is_digit(text.data[letters - 1])) { /* a word begins with a letter */
        letters--;
    }
    if (letters < text.size) {
        const cnn_short_word *shorter =
            cnn_vocabulary_see(vocabulary, text.data, text.data + letters);
        assert(shorter != NULL);
        vocabulary->words[shorter->word].longer = true;
    }
}

static bool add_op(cnn_vocabulary *vocabulary, const cnn_op *op, cnn_arena *arena)
{
    assert(vocabulary->word_count < CNN_WORDS);
    const cnn_attrs *bare = share_standards(vocabulary, op, arena);
    if (bare == NULL) {
        return false;
    }
    cnn_word *word = &vocabulary->words[vocabulary->word_count++];
    *word = (cnn_word){op, bare, required_of(op), op->form == CNN_FORM_LAYER, false};
    if (!add_word(vocabulary, cnn_text_of(op->name), word, arena)) {
        return false;
    }
    mark_longer(vocabulary, cnn_text_of(op->name));
    cnn_text aliases = cnn_text_of(op->aliases == NULL ? "" : op->aliases);
    while (aliases.size > 0) {
        if (!add_word(vocabulary, cnn_text_split(&aliases, ' '), word, arena)) {
            return false;
        }
    }
    return true;
}

/* The canonical spellings first: they are the frequent ones. */
static void add_attrs(cnn_vocabulary *vocabulary, bool canonical)
{
    for (int32_t i = CNN_STRIDE; i < CNN_ATTRS; i++) {
        const cnn_attr_name *name = &cnn_attr_names[i];
        cnn_text words = cnn_text_of(canonical ? name->letters : name->words);
        while (words.size > 0) {
            const cnn_text text = cnn_text_split(&words, ' ');
            assert(vocabulary->attr_count < CNN_ATTR_WORDS);
            vocabulary->attrs[vocabulary->attr_count++] = (cnn_attr_word){
                cnn_letters_key(text.data, text.data + text.size), text, (cnn_attr)i};
            if (text.size == 1) {
                vocabulary->attr_letters[*text.data - 'a'] = (uint8_t)i;
            }
        }
    }
}

cnn_attr cnn_vocabulary_attr(const cnn_vocabulary *words, cnn_text text)
{
    const uint64_t key = cnn_letters_key(text.data, text.data + text.size);
    for (int32_t i = 0; i < words->attr_count; i++) {
        const cnn_attr_word *word = &words->attrs[i];
        if (word->key == key && (key != 0 || cnn_text_same(word->text, text))) {
            return word->attr;
        }
    }
    return CNN_ATTRS;
}

const cnn_vocabulary *cnn_vocabulary_make(cnn_arena *arena)
{
    cnn_vocabulary *vocabulary = CNN_NEW(arena, cnn_vocabulary);
    if (vocabulary == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < cnn_family_count; i++) {
        for (size_t k = 0; k < cnn_families[i]->count; k++) {
            if (!add_op(vocabulary, &cnn_families[i]->ops[k], arena)) {
                return NULL;
            }
        }
    }
    memset(vocabulary->attr_letters, CNN_ATTRS, sizeof vocabulary->attr_letters);
    add_attrs(vocabulary, true);
    add_attrs(vocabulary, false);
    return vocabulary;
}

const cnn_word *cnn_vocabulary_find(const cnn_vocabulary *words, cnn_text text)
{
    const cnn_short_word *found = cnn_vocabulary_see(words, text.data, text.data + text.size);
    if (found != NULL && found->size == text.size) {
        return &words->words[found->word];
    }
    const cnn_name *name = cnn_names_find(&words->others, text);
    return name == NULL ? NULL : name->value;
}

void cnn_vocabulary_offer(cnn_nearest *nearest)
{
    for (size_t i = 0; i < cnn_family_count; i++) {
        for (size_t k = 0; k < cnn_families[i]->count; k++) {
            const cnn_op *op = &cnn_families[i]->ops[k];
            cnn_text aliases = cnn_text_of(op->aliases == NULL ? "" : op->aliases);
            cnn_nearest_offer(nearest, cnn_text_of(op->name));
            while (aliases.size > 0) {
                cnn_nearest_offer(nearest, cnn_text_split(&aliases, ' '));
            }
        }
    }
}
