/* The layers of a network by their texts and labels, for sheets with many rows. */
#ifndef CNN_CHECK_LAYER_NAMES_H
#define CNN_CHECK_LAYER_NAMES_H

#include "base/names.h"
#include "net/network.h"

typedef struct cnn_text_slot {
    uint64_t hash;
    int32_t first; /* the first layer of this text; 0: the slot is free */
    int32_t last;  /* the last one that was found */
} cnn_text_slot;

typedef struct cnn_layer_names {
    const cnn_network *net;
    cnn_text_slot *slot; /* a table with open addressing */
    size_t mask;
    int32_t *next;   /* by layer: the next one of the same text; 0: none */
    int32_t *texts;  /* the slots of all texts, in the order of the network */
    int32_t count;   /* of the texts */
    cnn_names items; /* labels of items */
} cnn_layer_names;

/* How what is written is like a layer's text, blanks and case aside. */
typedef enum cnn_likeness { CNN_UNLIKE, CNN_BEGINS, CNN_LIKE } cnn_likeness;

cnn_likeness cnn_layer_like(const cnn_layer *layer, cnn_text name);

/* False: out of memory. */
bool cnn_layer_names_make(cnn_layer_names *names, const cnn_network *net, cnn_arena *arena);

/* The next layer of that text from `from` on, around the end; 0: there is none. */
int32_t cnn_layer_named(cnn_layer_names *names, cnn_text name, int32_t from);

/* The same for the text of a layer. */
int32_t cnn_layer_names_next(cnn_layer_names *names, int32_t layer, int32_t from);

#endif
