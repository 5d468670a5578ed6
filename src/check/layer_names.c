/* Finding layers by text in constant time, so that a sheet costs as much as its rows. */
#include "check/layer_names.h"

#include <string.h>

#include "base/arena.h"
#include "net/layer_text.h"

/* ---- likeness ---- */

/* What is written against a text. */
typedef struct comparison {
    cnn_text rest;
    bool equal; /* so far, up to the end of what is written */
    bool more;  /* the text goes on */
    char last;  /* the character before, '\0' at first */
} comparison;

static bool compare(void *user, const char *data, size_t size)
{
    comparison *c = user;
    for (size_t i = 0; i < size; i++) {
        if (data[i] == ' ') {
            c->last = ' ';
            continue;
        }
        while (c->rest.size > 0 && c->rest.data[0] == ' ') {
            c->rest.data++;
            c->rest.size--;
        }
        if (c->rest.size == 0) {
            /* conv3-6 is no beginning of conv3-64 */
            c->equal = c->equal && (c->more || !cnn_is_digit(c->last) || !cnn_is_digit(data[i]));
            c->more = true;
            continue;
        }
        c->last = data[i];
        c->equal = c->equal && cnn_fold(c->rest.data[0]) == cnn_fold(data[i]);
        c->rest.data++;
        c->rest.size--;
    }
    return true;
}

/* Without what reports put after the layers of a head. */
static cnn_text without_aux(cnn_text name)
{
    static const char aux[] = " (aux)";
    const size_t more = sizeof aux - 1;
    name = cnn_text_trim(name);
    if (name.size > more && cnn_text_is((cnn_text){name.data + name.size - more, more}, aux)) {
        name.size -= more;
    }
    return cnn_text_trim(name);
}

cnn_likeness cnn_layer_like(const cnn_layer *layer, cnn_text name)
{
    comparison c = {.rest = without_aux(name), .equal = true};
    cnn_writer to = {compare, &c};
    (void)cnn_layer_write(layer, &to); /* comparing does not fail */
    return !c.equal || c.rest.size > 0 ? CNN_UNLIKE : c.more ? CNN_BEGINS : CNN_LIKE;
}

/* ---- the table ---- */

static const uint64_t SEED = 1469598103934665603u, PRIME = 1099511628211u; /* FNV-1a */

static bool hash(void *user, const char *data, size_t size)
{
    uint64_t *h = user;
    for (size_t i = 0; i < size; i++) {
        if (data[i] != ' ') {
            *h = (*h ^ (unsigned char)cnn_fold(data[i])) * PRIME;
        }
    }
    return true;
}

static uint64_t hash_of_layer(const cnn_layer *layer)
{
    uint64_t h = SEED;
    cnn_writer to = {hash, &h};
    (void)cnn_layer_write(layer, &to); /* hashing does not fail */
    return h;
}

/* The slot of a text, or the free one where it would be. */
static cnn_text_slot *slot_of(const cnn_layer_names *names, uint64_t h)
{
    size_t at = (size_t)(h ^ h >> 32);
    while (names->slot[at & names->mask].first != 0 && names->slot[at & names->mask].hash != h) {
        at++;
    }
    return &names->slot[at & names->mask];
}

static void add_layer(cnn_layer_names *names, int32_t index)
{
    const uint64_t h = hash_of_layer(&names->net->layers[index]);
    cnn_text_slot *slot = slot_of(names, h);
    if (slot->first == 0) {
        *slot = (cnn_text_slot){h, index, index};
        names->texts[names->count++] = index;
    } else {
        names->next[slot->last] = index;
        slot->last = index;
    }
}

bool cnn_layer_names_make(cnn_layer_names *names, const cnn_network *net, cnn_arena *arena)
{
    size_t size = 4;
    while (size < 2 * (size_t)net->layer_count) {
        size *= 2;
    }
    *names = (cnn_layer_names){
        .net = net,
        .slot = CNN_NEW_ARRAY(arena, cnn_text_slot, size),
        .mask = size - 1,
        .next = CNN_NEW_ARRAY(arena, int32_t, net->layer_count),
        .texts = CNN_NEW_ARRAY(arena, int32_t, net->layer_count),
    };
    if (names->slot == NULL || names->next == NULL || names->texts == NULL) {
        return false;
    }
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        const cnn_item *item = net->layers[i].item;
        add_layer(names, i);
        if (item != NULL && item->label.size > 0 && item->first == i) {
            cnn_name *name = cnn_names_add(&names->items, item->label, arena);
            if (name == NULL) {
                return false;
            }
            name->number = i;
        }
    }
    return true;
}

/* The next one after the last found is looked at first: sheets go in order. */
static int32_t next_in(const cnn_layer_names *names, cnn_text_slot *slot, int32_t from)
{
    if (slot->first == 0) {
        return 0;
    }
    int32_t at = slot->last <= from ? slot->last : slot->first;
    while (at != 0 && at < from) {
        at = names->next[at];
    }
    slot->last = at != 0 ? at : slot->first;
    return slot->last;
}

int32_t cnn_layer_named(cnn_layer_names *names, cnn_text name, int32_t from)
{
    uint64_t h = SEED;
    name = without_aux(name);
    (void)hash(&h, name.data, name.size);
    return next_in(names, slot_of(names, h), from);
}

int32_t cnn_layer_names_next(cnn_layer_names *names, int32_t layer, int32_t from)
{
    return next_in(names, slot_of(names, hash_of_layer(&names->net->layers[layer])), from);
}
