/* The steps of one layer, collected before they are written. */
#ifndef CNN_EXPLAIN_STEPS_H
#define CNN_EXPLAIN_STEPS_H

#include "explain/explain.h"

typedef struct cnn_steps {
    cnn_arena arena; /* they grow at its low end */
    cnn_step *step;
    int32_t count;
    bool full;              /* there was no memory for more */
    int32_t axes;           /* of the map that enters */
    const cnn_quantity *of; /* whose count tells its steps now */
    uint32_t wanted;        /* a bit for each kind of step that a column asks for */
} cnn_steps;

/* The first of a kind; NULL: there is none. */
const cnn_step *cnn_steps_find(const cnn_steps *all, cnn_step_kind quantity);

/* Writes those that are wanted as lines, a note about a step after its formula. `params`: the sum
 * of weights and biases is a line, too. */
void cnn_steps_write(const cnn_steps *all, bool params, cnn_working *to);

#endif
