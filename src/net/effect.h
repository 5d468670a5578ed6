/*
 * What layers did to shapes that they met before. Many lists say the same layers of the same few
 * sizes, and what is known of them need not be computed again.
 */
#ifndef CNN_NET_EFFECT_H
#define CNN_NET_EFFECT_H

#include "base/eight.h"
#include "net/shapes.h"

/* What is added up of layers. */
typedef struct cnn_sums {
    int64_t weights;
    int64_t biases;
    int64_t statistics;
    int64_t macs;
} cnn_sums;

/* 0 when all are below 2^bits. None is negative. */
static inline int64_t cnn_sums_beyond(const cnn_sums *sums, int bits)
{
    return (sums->weights | sums->biases | sums->statistics | sums->macs) >> bits;
}

/* 0 when all are below 2^60. */
static inline int64_t cnn_sums_large(const cnn_sums *sums)
{
    return cnn_sums_beyond(sums, 60);
}

/* What `a` has more than `b`. */
static inline cnn_sums cnn_sums_less(const cnn_sums *a, const cnn_sums *b)
{
    return (cnn_sums){a->weights - b->weights, a->biases - b->biases, a->statistics - b->statistics,
                      a->macs - b->macs};
}

/* A layer of one source, or some of them, and what became of that, in little room: where sums are
 * larger, nothing is kept. */
typedef struct cnn_effect {
    const cnn_attrs *attrs; /* of the layer, which stand there for as long as the effect */
    int64_t weights;        /* these as if they were no part of an auxiliary head */
    int64_t macs;
    uint32_t biases;
    uint32_t statistics;
    int32_t in; /* the numbers of shapes */
    int32_t out;
    int32_t layers; /* how many they are */
} cnn_effect;

enum { CNN_EFFECT_SLOTS = 4096 };

/* The shapes that were met, and what was done to them: each effect has its slot, and the last one
 * that came stays. Zero is a valid start. */
typedef struct cnn_known {
    cnn_shapes shapes;
    cnn_effect effects[CNN_EFFECT_SLOTS];
} cnn_known;

/* Where the effect on a shape is, or has to be written. */
static inline cnn_effect *cnn_effect_slot(cnn_known *known, const cnn_attrs *attrs, int32_t in)
{
    const uint64_t both = (uint64_t)(uintptr_t)attrs ^ (uint64_t)in << 40;
    return &known->effects[both * CNN_GOLDEN >> 52]; /* 12 bits */
}

/* Writes what was done to `in`. False: a sum is too large, or a shape has no number, and nothing is
 * written. */
bool cnn_effect_keep(cnn_effect *effect, const cnn_attrs *attrs, int32_t in, int32_t out,
                     int32_t layers, const cnn_sums *sums);

#endif
