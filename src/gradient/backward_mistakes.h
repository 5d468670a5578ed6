/* Mistakes on the way backward, each as a change of the backward pass. */
#ifndef CNN_GRADIENT_BACKWARD_MISTAKES_H
#define CNN_GRADIENT_BACKWARD_MISTAKES_H

#include "gradient/gradient_claim.h"

/* A kind of mistake at one step. `other`: a step whose weights are taken instead; otherwise -1. */
typedef struct cnn_backward_mistake {
    int32_t kind;
    int32_t step; /* step_count: the loss */
    int32_t other;
} cnn_backward_mistake;

/* The next mistake that the chain allows, from {0, -1, -1} on; false: there is none. */
bool cnn_backward_mistake_next(const cnn_chain *chain, cnn_backward_mistake *at);

/* All slopes into `point`, as they become with these mistakes. */
void cnn_backward_with(const cnn_chain *chain, const cnn_point *point,
                       const cnn_backward_mistake *mistakes, int32_t count);

/* What to call it. */
cnn_finding cnn_backward_mistake_describe(const cnn_chain *chain, const cnn_backward_mistake *at);

#endif
