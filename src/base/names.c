/* A hash trie: each level takes the next two bits of the name's hash. */
#include "base/names.h"

#include "base/arena.h"

/* Half of the hash is kept: it tells nearly all names apart before their bytes are compared. */
static inline bool is_name(const cnn_name *name, uint64_t hash, cnn_text text)
{
    return name->hash == hash >> 32 && cnn_text_same(name->text, text);
}

const cnn_name *cnn_names_find_hashed(const cnn_names *names, cnn_text text, uint64_t hash)
{
    const cnn_name *name = names->root;
    for (uint64_t rest = hash; name != NULL; rest <<= 2) {
        if (is_name(name, hash, text)) {
            return name;
        }
        name = name->child[rest >> 62];
    }
    return NULL;
}

const cnn_name *cnn_names_find(const cnn_names *names, cnn_text text)
{
    const bool empty = names->root == NULL; /* many maps stay so */
    return empty ? NULL : cnn_names_find_hashed(names, text, cnn_text_hash(text));
}

/* The name itself, or its new place: where the search for it ended. */
cnn_name *cnn_names_add(cnn_names *names, cnn_text text, cnn_arena *arena)
{
    cnn_name **slot = &names->root;
    const uint64_t hash = cnn_text_hash(text);
    for (uint64_t rest = hash; *slot != NULL; rest <<= 2) {
        if (is_name(*slot, hash, text)) {
            return *slot;
        }
        slot = &(*slot)->child[rest >> 62];
    }
    cnn_name *name = CNN_NEW(arena, cnn_name);
    if (name != NULL) {
        name->text = text;
        name->hash = (uint32_t)(hash >> 32);
        *slot = name;
    }
    return name;
}

/* An adversary who picks equal hashes makes the trie a list, and this its stack; the depth bounds
 * it, at the price of an unoffered name. */
static void offer(const cnn_name *name, const int32_t *number, cnn_nearest *nearest, int depth)
{
    if (name == NULL || depth == 0) {
        return;
    }
    if (number == NULL || *number == name->number) {
        cnn_nearest_offer(nearest, name->text);
    }
    for (int i = 0; i < 4; i++) {
        offer(name->child[i], number, nearest, depth - 1);
    }
}

enum { MOST_DEPTH = 64 };

void cnn_names_offer(const cnn_names *names, cnn_nearest *nearest)
{
    offer(names->root, NULL, nearest, MOST_DEPTH);
}

void cnn_names_offer_only(const cnn_names *names, int32_t number, cnn_nearest *nearest)
{
    offer(names->root, &number, nearest, MOST_DEPTH);
}
