/* The network as a pupil has it who makes mistakes: the same layers, computed differently. */
#ifndef CNN_CHECK_STUDY_H
#define CNN_CHECK_STUDY_H

#include "check/mistake.h"

enum { CNN_EVERYWHERE = -1, CNN_MOST_MISTAKES = 2 };

/* A mistake made at one layer, or everywhere where it can happen. */
typedef struct cnn_variation {
    const cnn_mistake *mistake;
    int32_t variant;
    int32_t layer;
    bool sizes; /* its size is mistaken, and all that follows; otherwise its counts */
} cnn_variation;

/* The same mistake at the same layer. */
static inline bool cnn_variation_same(const cnn_variation *a, const cnn_variation *b)
{
    return a->mistake == b->mistake && a->layer == b->layer;
}

typedef struct cnn_study {
    cnn_numbers numbers;
    const cnn_layer *base; /* what is varied: the right layers, or the pupil's own */
    const cnn_shape
        *forced;     /* outputs the pupil claims, whatever they follow from; axes -1: none */
    cnn_layer *work; /* the variation: like `base` but for [changed, changed_end) */
    int32_t changed, changed_end;
    int32_t until;                         /* layers from here on need not be computed */
    int32_t places[CNN_MOST_MISTAKES];     /* how many layers each mistake changed directly */
    int32_t only_place[CNN_MOST_MISTAKES]; /* the last of these */
    bool unchanged; /* the last variation changed nothing, though its numbers fit together */
    int32_t last_dense;
    int64_t steps; /* that are left: the bound on all searching */
    cnn_arena scratch;
} cnn_study;

/* Allocates the work space. False: out of memory. */
bool cnn_study_open(cnn_study *study, const cnn_numbers *numbers, cnn_arena *arena, cnn_error *err);

/* Starts from other layers. */
void cnn_study_base(cnn_study *study, const cnn_layer *base, const cnn_shape *forced);

/*
 * Computes the network with these mistakes together, into `work`. False: one of them cannot happen
 * there, or its numbers do not fit together; then `work` is like `base`.
 */
bool cnn_study_vary(cnn_study *study, const cnn_variation *variations, int32_t count);

/* Computes the network for another input, into `work`. False: it does not fit; then `work` is like
 * `base`. */
bool cnn_study_input(cnn_study *study, const cnn_shape *input);

/* Makes `work` like `base` again. */
void cnn_study_restore(cnn_study *study);

/* The answer in the varied network; `right` is that of the base. False: there is none. */
bool cnn_study_answer(const cnn_study *study, const cnn_quantity *quantity,
                      const cnn_subject *subject, const cnn_answer *right, cnn_answer *out);

/* Computes a layer from the layers before it, with an output that is forced if there is one. */
bool cnn_study_layer(cnn_layer *layer, const cnn_layer *layers, const cnn_shape *forced,
                     cnn_arena scratch);

#endif
