/* Names that the library knows: built-in networks, layers, attributes. */
#include "base/text.h"
#include "lang/builtins.h"
#include "ops/op.h"

const cnn_example *cnn_example_at(size_t place)
{
    return place < cnn_example_count ? &cnn_examples[place] : NULL;
}

const cnn_example *cnn_example_find(cnn_text name)
{
    for (size_t i = 0; i < cnn_example_count; i++) {
        if (cnn_text_is(name, cnn_examples[i].name) ||
            cnn_text_among(name, cnn_examples[i].aliases)) {
            return &cnn_examples[i];
        }
    }
    return NULL;
}

/* Letters that both names have at their beginning and at their end. */
static size_t likeness(cnn_text a, cnn_text b)
{
    size_t head = 0, tail = 0;
    while (head < a.size && head < b.size && a.data[head] == b.data[head]) {
        head++;
    }
    while (head + tail < a.size && head + tail < b.size &&
           a.data[a.size - 1 - tail] == b.data[b.size - 1 - tail]) {
        tail++;
    }
    return head + tail;
}

/* Keeps `word` if it is more like the name than the best one so far. */
static void offer(cnn_text name, cnn_text word, size_t *most, cnn_text *best)
{
    const size_t like = likeness(name, word);
    if (like > *most && word.size < like + 3) {
        *most = like;
        *best = word;
    }
}

cnn_text cnn_example_nearest(cnn_text name)
{
    cnn_text best = {0};
    size_t most = name.size > 4 ? name.size - 3 : 3; /* two letters may differ */
    for (size_t i = 0; i < cnn_example_count; i++) {
        cnn_text rest = cnn_text_of(cnn_examples[i].aliases);
        offer(name, cnn_text_of(cnn_examples[i].name), &most, &best);
        while (rest.size > 0) {
            offer(name, cnn_text_split(&rest, ' '), &most, &best);
        }
    }
    return best;
}

static bool next_layer(size_t place, cnn_vocable *out)
{
    for (size_t i = 0; i < cnn_family_count; i++) {
        if (place < cnn_families[i]->count) {
            const cnn_op *op = &cnn_families[i]->ops[place];
            *out = (cnn_vocable){op->name, op->aliases != NULL ? op->aliases : "", op->brief,
                                 op->example};
            return true;
        }
        place -= cnn_families[i]->count;
    }
    return false;
}

bool cnn_vocable_next(size_t *at, cnn_vocable *out)
{
    size_t place = (*at)++;
    if (next_layer(place, out)) {
        return true;
    }
    for (size_t i = 0; i < cnn_family_count; i++) {
        place -= cnn_families[i]->count;
    }
    for (size_t i = 0; i < CNN_ATTRS; i++) {
        const cnn_attr_name *attr = &cnn_attr_names[i];
        if (attr->letters[0] != '\0' && place-- == 0) {
            *out = (cnn_vocable){attr->letters, attr->words, attr->what, NULL};
            return true;
        }
    }
    return false;
}
