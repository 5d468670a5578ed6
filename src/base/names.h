/* A map from names to a pointer and a number, case-insensitive, in an arena. {0} is an empty map.
 */
#ifndef CNN_BASE_NAMES_H
#define CNN_BASE_NAMES_H

#include "base/text.h"

/*
 * A trie over the bits of the name's hash, four ways at each node: no table to size or to grow, and
 * a name is found in about log4(n) steps.
 */
typedef struct cnn_name {
    struct cnn_name *child[4];
    cnn_text text; /* as written where it was added; the map keeps this view */
    void *value;
    int32_t number;
    uint32_t hash; /* the upper half of it: other names are nearly always told by it */
} cnn_name;

typedef struct cnn_names {
    cnn_name *root;
} cnn_names;

/* The entry of `text`, or NULL. */
const cnn_name *cnn_names_find(const cnn_names *names, cnn_text text);

/* The same for a text with this hash: to look it up in several maps. */
const cnn_name *cnn_names_find_hashed(const cnn_names *names, cnn_text text, uint64_t hash);

/* The entry of `text`, made when there is none; NULL when the arena is too small. */
cnn_name *cnn_names_add(cnn_names *names, cnn_text text, cnn_arena *arena);

/* Offers all names of the map to `nearest`, or only those with this number. */
void cnn_names_offer(const cnn_names *names, cnn_nearest *nearest);
void cnn_names_offer_only(const cnn_names *names, int32_t number, cnn_nearest *nearest);

#endif
