/*
 * Shapes by number. Many lists have few different shapes, and the same one has the same number
 * wherever it is met, so that what is known of it is found without a look at its sides.
 */
#ifndef CNN_NET_SHAPES_H
#define CNN_NET_SHAPES_H

#include <cnncalc/cnncalc.h>

enum { CNN_SHAPE_NUMBERS = 4096, CNN_SHAPE_SLOTS = 2 * CNN_SHAPE_NUMBERS };

/* Zero is a valid start. */
typedef struct cnn_shapes {
    int32_t count;
    uint16_t slots[CNN_SHAPE_SLOTS]; /* by hash: a number and one more; 0: the slot is free */
    cnn_shape of[CNN_SHAPE_NUMBERS];
} cnn_shapes;

/* Whether so many are known that another list may have more than there is room for. */
static inline bool cnn_shapes_crowded(const cnn_shapes *shapes)
{
    return shapes->count > CNN_SHAPE_NUMBERS / 4 * 3;
}

/* The shape's number, a new one if need be; CNN_SHAPE_NUMBERS: there is none left. */
int32_t cnn_shapes_number(cnn_shapes *shapes, const cnn_shape *shape);

#endif
