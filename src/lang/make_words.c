/*
 * Writes the tables of words (words.h) as C, from the entries in src/ops. Built and run at build
 * time; no part of the library. A table that does not fit stops the build.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lang/words.h"
#include "ops/families.h"

enum { MOST = 255, PLACES = 1 << CNN_WORD_BITS };

typedef struct spelling {
    char text[32];
    int32_t family, entry; /* of its kind */
    uint64_t key;          /* 0: none, see words.h */
} spelling;

static spelling spellings[MOST];
static int32_t count;
static int32_t places[PLACES]; /* index of a spelling; -1: none */
static const char *const family_names[] = {
#define X(name) #name,
    CNN_FAMILIES(X)
#undef X
};

static void stop(const char *why)
{
    (void)fprintf(stderr, "make_words: %s\n", why);
    exit(1);
}

static const cnn_op *op_of(const spelling *s)
{
    return &cnn_families[s->family]->ops[s->entry];
}

static void add(cnn_text text, int32_t family, int32_t entry)
{
    if (count == MOST || text.size >= sizeof spellings->text) {
        stop("too many words, or one that is too long");
    }
    spelling *s = &spellings[count++];
    *s = (spelling){.family = family, .entry = entry};
    char padded[32] = {0};
    memcpy(s->text, text.data, text.size);
    memcpy(padded, text.data, text.size);
    s->key = cnn_letters_key(padded);
    if (cnn_is_digit(text.data[text.size - 1])) {
        s->key = text.size <= 8 ? cnn_numbered_key(s->key, text.size - 1, padded) : 0;
    }
    for (const spelling *other = spellings; other < s; other++) {
        if (cnn_text_is(text, other->text)) {
            stop("two kinds have the same word");
        }
    }
}

static void collect(void)
{
    for (int32_t f = 0; f < (int32_t)cnn_family_count; f++) {
        for (int32_t i = 0; i < (int32_t)cnn_families[f]->count; i++) {
            const cnn_op *op = &cnn_families[f]->ops[i];
            cnn_text aliases = cnn_text_of(op->aliases == NULL ? "" : op->aliases);
            add(cnn_text_of(op->name), f, i);
            while (aliases.size > 0) {
                add(cnn_text_split(&aliases, ' '), f, i);
            }
        }
    }
}

/* Whether no two keys have the same place, and none that of key 0. */
static bool place_all(uint64_t factor)
{
    for (int32_t i = 0; i < PLACES; i++) {
        places[i] = -1;
    }
    for (int32_t i = 0; i < count; i++) {
        const size_t at = (size_t)(spellings[i].key * factor >> (64 - CNN_WORD_BITS));
        if (spellings[i].key != 0 && (at == 0 || places[at] >= 0)) {
            return false;
        }
        places[at] = spellings[i].key != 0 ? i : places[at];
    }
    return true;
}

static uint64_t find_factor(void)
{
    uint64_t factor = CNN_GOLDEN;
    for (int32_t tries = 0; tries < 10000000; tries++) {
        if (place_all(factor)) {
            return factor;
        }
        factor = factor * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        factor |= 1;
    }
    stop("no perfect hash was found: make CNN_WORD_BITS larger");
    return 0;
}

/* Whether another word is this one with digits after it. */
static bool is_begun(const spelling *s)
{
    const size_t size = strlen(s->text);
    for (int32_t i = 0; i < count; i++) {
        if (strncmp(spellings[i].text, s->text, size) == 0 &&
            cnn_is_digit(spellings[i].text[size])) {
            return true;
        }
    }
    return false;
}

static void write_standard(int32_t number, const cnn_op *op)
{
    cnn_attrs attrs;
    cnn_attrs_standard(op, &attrs);
    printf("static const cnn_attrs standard_%d = {.value = {", (int)number);
    for (int32_t attr = 0; attr < CNN_NUMBERS; attr++) {
        printf("{");
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            printf("%" PRId64 ",", attrs.value[attr][axis]);
        }
        printf("},");
    }
    printf("}, .given = %" PRIu32 "u};\n", attrs.given);
}

/* Attributes that may be one whole number, a bit each; only those that may be one for each side. */
static unsigned numbers_of(const cnn_op *op, bool sides)
{
    unsigned bits = 0;
    for (int32_t attr = 0; op->uses != NULL && !op->decimal && attr < CNN_PAD_AFTER; attr++) {
        const cnn_use *use = &op->uses[attr];
        /* "a" and "+" are for the whole reader */
        const bool spelled = attr != CNN_BIAS || !op->affine;
        const bool fits = sides ? use->numbers == 0 : use->numbers != CNN_AXES;
        bits |= spelled && use->need != CNN_NEVER && fits ? 1u << attr : 0;
    }
    return bits;
}

static void write_plain(int32_t number, const cnn_op *op)
{
    printf("static const cnn_plain_kind plain_%d = {{{", (int)number);
    for (int32_t attr = 0; attr < CNN_PAD_AFTER; attr++) {
        const bool same = attr == CNN_PAD && cnn_use_of(op, CNN_SAME)->standard != 0;
        printf("%d,", (int)(same ? CNN_PAD_SAME : cnn_use_of(op, (cnn_attr)attr)->standard));
    }
    printf("}}, {{");
    for (int32_t attr = 0; attr < CNN_PAD_AFTER; attr++) {
        printf("%d,", (int)cnn_use_of(op, (cnn_attr)attr)->least);
    }
    printf("}}, {{");
    for (int32_t attr = 0; attr < CNN_PAD_AFTER; attr++) {
        const int32_t most = cnn_use_of(op, (cnn_attr)attr)->most;
        printf("%d,", (int)(most > 0 ? most : (1 << CNN_QUICK_BITS) - 1));
    }
    printf("}}, %u, %u, %u};\n", numbers_of(op, false), numbers_of(op, true),
           (unsigned)cnn_attrs_required(op));
}

/* One that takes a size and begins another word would be read instead of that. */
static bool is_plain(const spelling *s)
{
    const cnn_op *op = op_of(s);
    return op->form == CNN_FORM_LAYER && (op->quick != NULL || cnn_op_is_idle(op)) &&
           (op->uses == NULL || !is_begun(s));
}

/* The first spelling whose kind takes the same attributes: they share their defaults. With `plain`
 * only plain ones count. */
static int32_t first_like(const spelling *s, bool plain)
{
    int32_t i = 0;
    while (op_of(&spellings[i])->uses != op_of(s)->uses || (plain && !is_plain(&spellings[i]))) {
        i++;
    }
    return i;
}

/* Whether a layer may be its word alone. */
static bool is_bare(const cnn_op *op)
{
    return op->form == CNN_FORM_LAYER && cnn_attrs_required(op) == 0;
}

static void write_words(uint64_t factor)
{
    for (int32_t i = 0; i < count; i++) {
        const spelling *s = &spellings[i];
        if (first_like(s, false) == i) {
            write_standard(i, op_of(s));
        }
        if (is_plain(s) && first_like(s, true) == i) {
            write_plain(i, op_of(s));
        }
    }
    printf("const uint64_t cnn_word_factor = UINT64_C(%" PRIu64 ");\n", factor);
    printf("const int32_t cnn_word_count = %d;\n", (int)count);
    printf("const cnn_word cnn_words[] = {\n");
    for (const spelling *s = spellings; s < spellings + count; s++) {
        const cnn_op *op = op_of(s);
        char plain[32] = "NULL";
        if (is_plain(s)) {
            (void)snprintf(plain, sizeof plain, "&plain_%d", (int)first_like(s, true));
        }
        printf("    {UINT64_C(%" PRIu64 "), \"%s\", &cnn_ops_%s[%d], &standard_%d, %s, %" PRIu32
               "u, %d, %d, %d, %d},\n",
               s->key, s->text, family_names[s->family], (int)s->entry, (int)first_like(s, false),
               plain, cnn_attrs_required(op), (int)strlen(s->text), is_begun(s), is_bare(op),
               cnn_op_is_idle(op));
    }
    printf("};\nconst cnn_word *const cnn_word_places[%d] = {\n", (int)PLACES);
    for (int32_t i = 0; i < PLACES; i++) {
        printf("cnn_words + %d,", places[i] >= 0 ? (int)places[i] : 0);
    }
    printf("};\n");
}

static void write_attrs(void)
{
    int32_t signs[256], written = 0;
    for (int32_t i = 0; i < 256; i++) {
        signs[i] = CNN_ATTRS;
    }
    signs['/'] = CNN_STRIDE;
    printf("const cnn_attr_word cnn_attr_words[] = {\n");
    for (int32_t attr = CNN_STRIDE; attr < CNN_ATTRS; attr++) {
        const char *both[] = {cnn_attr_names[attr].letters, cnn_attr_names[attr].words};
        for (size_t i = 0; i < CNN_LENGTH(both); i++) {
            for (cnn_text rest = cnn_text_of(both[i]); rest.size > 0; written++) {
                const cnn_text word = cnn_text_split(&rest, ' ');
                printf("    {\"%.*s\", %d},\n", (int)word.size, word.data, (int)attr);
                if (word.size == 1) {
                    signs[*word.data - 'a' + 'A'] = signs[(int)*word.data] = attr;
                }
            }
        }
    }
    printf("};\nconst int32_t cnn_attr_word_count = %d;\n", (int)written);
    printf("const uint8_t cnn_attr_signs[256] = {");
    for (int32_t i = 0; i < 256; i++) {
        printf("%d,", (int)signs[i]);
    }
    printf("};\n");
}

int main(void)
{
    collect();
    printf("/* Made from src/ops by src/lang/make_words.c. */\n"
           "#include \"lang/words.h\"\n#include \"ops/families.h\"\n\n");
    write_words(find_factor());
    write_attrs();
    return ferror(stdout) != 0 || fflush(stdout) != 0;
}
