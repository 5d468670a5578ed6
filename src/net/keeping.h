/*
 * What training keeps of a network, followed while its layers are added: which values have to stay
 * in memory for the backward pass. A value lies in a storage, its own or, as a view, an earlier
 * one's; each storage counts once, however many layers keep it.
 *
 * The rule for plain layers is here, where readers can inline it, because nearly all layers of a
 * batch are plain; the one for all layers is in measure/keepers.c.
 */
#ifndef CNN_NET_KEEPING_H
#define CNN_NET_KEEPING_H

#include "base/arena.h"
#include "base/hints.h"
#include "ops/keeps.h"

/* Who keeps what a layer gives. */
typedef struct cnn_kept_value {
    int64_t values;    /* how many there are */
    int32_t source;    /* the first one that its layer reads */
    int32_t home;      /* the layer in whose storage it lies; a view lies where its source lies */
    int32_t keeper;    /* of a home: the first layer that keeps it; -1: none does */
    int32_t last;      /* of a home: the layer that reads it last */
    uint16_t storages; /* what its layer keeps, see ops/keeps.h */
    uint8_t gaps;      /* how it lies in its storage, see measure/lie.h */
    bool wants;        /* a gradient: something that it is computed from is trained */
    bool again;        /* it is computed again: its layer keeps nothing */
    bool copies;       /* its layer copies what it reads, so that the values lie together */
    bool opens;        /* its layer is the first of a part that is computed again: */
    int32_t part;      /* that part, from 1; 0: none, see measure/checkpoint.h */
    int32_t next;      /* see cnn_keeping.either; 0: none */
    int64_t
        enters; /* values that are kept because they enter the part that it opens; -1: too many */
} cnn_kept_value;

/* Whether its layer keeps what it has to. */
static inline bool cnn_value_keeps(const cnn_kept_value *value)
{
    return value->wants && !value->again;
}

/* Following the layers of a network, one after another, while they are read or afterwards. */
typedef struct cnn_keeping {
    /* Is shown each layer that is not plain, and each input, before it is counted. `in`: the shapes
     * of its sources, one after another. */
    void (*see)(struct cnn_keeping *k, const cnn_layer *layer, const cnn_shape *in);
    cnn_kept_value *values; /* of the layers so far: they grow at the low end of the arena */
    cnn_arena *arena;
    const int32_t *parts; /* of measure/checkpoint.h, or NULL; */
    bool again;           /* they are being computed again */
    bool failed;          /* out of memory */
    bool fits;            /* what each layer keeps, into 64 bits */
    int32_t first;        /* layer of the part at hand */
    int32_t either;       /* the last layer that keeps its input or its output. The first value's
                             `next` is the first such layer, from which others follow */
    int64_t samples;      /* that pass at once */
    int64_t tensors;      /* that are trained */
    int64_t untrained;    /* parameters of frozen layers */
    cnn_keeps sums;       /* storages are among its values */
    int64_t signs;        /* of all these sums so far: below 0 when one did not fit */
} cnn_keeping;

/* Neither is negative. A sum that does not fit gets a sign, which stays in `signs`. */
static inline void cnn_keeping_add(cnn_keeping *k, int64_t values, int64_t *sum)
{
    *sum = (int64_t)((uint64_t)*sum + (uint64_t)values);
    k->signs |= *sum;
}

/* What a layer keeps besides storages of its input and output. */
void cnn_keeping_add_own(cnn_keeping *k, const cnn_keeps *keeps);

/* Marks a storage as kept by layer `i`, unless an earlier layer keeps it. */
static inline void cnn_keeping_mark(cnn_keeping *k, cnn_kept_value *home, int32_t i)
{
    if (home->keeper < 0) {
        home->keeper = i;
        cnn_keeping_add(k, home->values, &k->sums.values);
    }
}

/* Remembers a layer that keeps its input or its output: in the end it turns out which. */
static inline void cnn_keeping_mark_either(cnn_keeping *k, int32_t i)
{
    k->values[k->either].next = i;
    k->either = i;
}

/* The numbers that go with `storages`: of so many values and channels that come out. */
static inline void cnn_keeps_count(int64_t values, int64_t channels, cnn_keeps *keeps)
{
    keeps->indices = (keeps->storages & CNN_KEEPS_INDICES) != 0 ? values : 0;
    keeps->masks = (keeps->storages & CNN_KEEPS_MASK) != 0 ? values : 0;
    /* as many as statistics, which fitted */
    keeps->once = (keeps->storages & CNN_KEEPS_MEANS) != 0 ? 2 * channels : 0;
}

/* ---- plain layers ---- */

/* A layer of the shortcut of outlines: no join, no part of an auxiliary head, not frozen. */
typedef struct cnn_plain {
    uint32_t storages; /* that it keeps, see ops/keeps.h */
    int64_t channels;  /* that come out */
} cnn_plain;

/* Such layers, each of which reads the one before. */
typedef struct cnn_kept_chain {
    cnn_keeping *k;
    cnn_kept_value *home; /* where the value in hand lies */
    int64_t values;       /* how many it has: of the next layer, once that is known */
    bool wants;           /* the same: whether it wants a gradient */
} cnn_kept_chain;

/* False: a layer that reads `value` cannot be plain. It may have to copy what lies apart, and after
 * an error nothing is followed. */
static inline bool cnn_kept_chain_begin(cnn_kept_chain *c, cnn_keeping *k, cnn_node value)
{
    const cnn_kept_value *in = &k->values[value];
    *c = (cnn_kept_chain){k, &k->values[in->home], in->values, in->wants};
    return !k->failed && in->gaps == 0;
}

/* Whether there is room for the next value. */
static inline bool cnn_kept_chain_room(const cnn_kept_chain *c)
{
    const cnn_arena *arena = c->k->arena;
    return (size_t)(arena->high - arena->low) >= sizeof(cnn_kept_value);
}

/* What few plain layers do besides keeping their input or output. Returns where `out` lies. */
cnn_kept_value *cnn_keeping_rest(cnn_keeping *k, cnn_kept_value *in, cnn_kept_value *out,
                                 int64_t channels);

/* Adds layer `i`, for whose value there is room. What is kept only where weights are trained is
 * kept: those of plain layers are. */
static inline void cnn_kept_chain_add(cnn_kept_chain *c, const cnn_plain *layer, cnn_node i,
                                      cnn_node source)
{
    enum { OFTEN = CNN_KEEPS_INPUT | CNN_KEEPS_OUTPUT | CNN_KEEPS_TRAINED };
    cnn_arena *const arena = c->k->arena;
    cnn_kept_value *const in = c->home, *const out = (cnn_kept_value *)(void *)arena->low;
    arena->low += sizeof *out;
    *out = (cnn_kept_value){.values = c->values,
                            .source = source,
                            .home = i,
                            .keeper = -1,
                            .storages = (uint16_t)layer->storages,
                            .wants = c->wants};
    in->last = i;
    c->home = out;
    if (c->wants && (layer->storages & CNN_KEEPS_INPUT) != 0) {
        cnn_keeping_mark(c->k, in, i);
    }
    if (c->wants && (layer->storages & CNN_KEEPS_OUTPUT) != 0) {
        cnn_keeping_mark(c->k, out, i);
    }
    if ((layer->storages & ~(uint32_t)OFTEN) != 0) {
        c->home = cnn_keeping_rest(c->k, in, out, layer->channels);
    }
}

#endif
