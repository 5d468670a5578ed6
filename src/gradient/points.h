/* The points at which claims are evaluated. */
#ifndef CNN_GRADIENT_POINTS_H
#define CNN_GRADIENT_POINTS_H

#include "gradient/chain.h"

enum { CNN_TELLING_POINTS = 6, CNN_MOST_POINTS = 64 };

typedef struct cnn_points {
    cnn_point at[CNN_MOST_POINTS];
    int32_t count;
    bool given; /* the first has the caller's values */
} cnn_points;

/* The caller's values at the first point if there are any; otherwise random ones, so many that
 * every branch of every function is taken. False: no values tell anything, or those given are
 * wrong. */
bool cnn_points_choose(cnn_points *points, const cnn_chain *chain,
                       const cnn_gradient_options *options, cnn_arena *arena, cnn_error *err);

/* The caller's values, or random ones from the seed; forward and backward. */
bool cnn_point_fill(const cnn_chain *chain, const cnn_gradient_options *options,
                    const cnn_point *point, cnn_arena scratch, cnn_error *err);

#endif
