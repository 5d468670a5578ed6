/* Mistakes on the way backward, each as a change of the backward pass. */
#ifndef CNN_GRADIENT_DETOURS_H
#define CNN_GRADIENT_DETOURS_H

#include "gradient/assertion.h"

/* A kind of slip at one step. `other`: a step whose weights are taken instead; otherwise -1. */
typedef struct cnn_detour_at {
    int32_t kind;
    int32_t step; /* step_count: the loss */
    int32_t other;
} cnn_detour_at;

/* The next slip that the chain allows, from {0, 0, -1} on; false: there is none. */
bool cnn_detour_next(const cnn_chain *chain, cnn_detour_at *at);

/* All slopes into `point`, as they become with these slips. */
void cnn_detour_backward(const cnn_chain *chain, const cnn_point *point, const cnn_detour_at *slips,
                         int32_t count);

/* What to call it. */
cnn_finding cnn_detour_describe(const cnn_chain *chain, const cnn_detour_at *at);

#endif
