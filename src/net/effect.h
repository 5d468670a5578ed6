/*
 * What layers did to shapes that they met before. Many lists say the same layers of the same few
 * sizes, and what is known of them need not be computed again.
 */
#ifndef CNN_NET_EFFECT_H
#define CNN_NET_EFFECT_H

#include "base/eight.h"

#include <cnncalc/cnncalc.h>

/* What is added up of layers. */
typedef struct cnn_sums {
    int64_t weights;
    int64_t biases;
    int64_t statistics;
    int64_t macs;
} cnn_sums;

/* 0 when all are below 2^60. None is negative. */
static inline int64_t cnn_sums_large(const cnn_sums *sums)
{
    return (sums->weights | sums->biases | sums->statistics | sums->macs) >> 60;
}

/* What `a` has more than `b`. */
static inline cnn_sums cnn_sums_less(const cnn_sums *a, const cnn_sums *b)
{
    return (cnn_sums){a->weights - b->weights, a->biases - b->biases, a->statistics - b->statistics,
                      a->macs - b->macs};
}

/* A shape without its axes, all of it below 2^31. */
typedef struct cnn_small_shape {
    int32_t channels;
    int32_t side[CNN_AXES];
} cnn_small_shape;

/* A layer of one source, or some of them, and what became of that, in little room: where numbers
 * are larger, nothing is kept. */
typedef struct cnn_effect {
    const cnn_attrs *attrs; /* of the layer, which stand there for as long as the effect */
    int64_t weights;        /* these as if they were no part of an auxiliary head */
    int64_t macs;
    uint32_t biases;
    uint32_t statistics;
    cnn_small_shape in;
    cnn_small_shape out;
    uint8_t in_axes;
    uint8_t out_axes;
    uint16_t layers; /* how many they are */
} cnn_effect;

enum { CNN_EFFECT_SLOTS = 4096 };

/* Each effect has its slot, and the last one that came stays. Zero is a valid start. */
typedef struct cnn_effects {
    cnn_effect slots[CNN_EFFECT_SLOTS];
} cnn_effects;

/* What tells shapes apart in a hash. */
static inline uint64_t cnn_shape_mix(const cnn_shape *shape)
{
    return (uint64_t)shape->channels << 24 ^ (uint64_t)shape->side[0] << 44;
}

/* Where the effect is, or has to be written. */
static inline cnn_effect *cnn_effect_slot(cnn_effects *effects, const cnn_attrs *attrs,
                                          const cnn_shape *in)
{
    const uint64_t all = (uint64_t)(uintptr_t)attrs ^ cnn_shape_mix(in);
    return &effects->slots[all * CNN_GOLDEN >> 52]; /* 12 bits */
}

static inline bool cnn_effect_is(const cnn_effect *effect, const cnn_attrs *attrs,
                                 const cnn_shape *in)
{
    /* One test: its parts are nearly always equal together. */
    int64_t others = (effect->in.channels ^ in->channels) | (effect->in_axes ^ in->axes);
    for (int32_t i = 0; i < CNN_AXES; i++) {
        others |= effect->in.side[i] ^ in->side[i];
    }
    return effect->attrs == attrs && others == 0;
}

static inline cnn_shape cnn_effect_out(const cnn_effect *effect)
{
    cnn_shape out = {.channels = effect->out.channels, .axes = effect->out_axes};
    for (int32_t i = 0; i < CNN_AXES; i++) {
        out.side[i] = effect->out.side[i];
    }
    return out;
}

static inline cnn_sums cnn_effect_sums(const cnn_effect *effect)
{
    return (cnn_sums){effect->weights, effect->biases, effect->statistics, effect->macs};
}

/* Writes what was done to `in`. False: it is too large, and nothing is written. */
bool cnn_effect_keep(cnn_effect *effect, const cnn_attrs *attrs, const cnn_shape *in,
                     const cnn_shape *out, int32_t layers, const cnn_sums *sums);

#endif
