/* Memory from the caller's arena. */
#ifndef CNN_BASE_ARENA_H
#define CNN_BASE_ARENA_H

#include <cnncalc/cnncalc.h>

/*
 * Single objects are taken from the high end and are zeroed. The low end belongs to the one array
 * that is growing at the time (the layers), which therefore never moves.
 */

/* `count` zeroed objects of `size` bytes, aligned for any type; NULL when they do not fit. */
void *cnn_arena_take(cnn_arena *arena, size_t count, size_t size);

/* The same at the low end, not zeroed: room for one more element behind the last one taken. */
void *cnn_arena_push(cnn_arena *arena, size_t size);

/* The next low end aligned for any type; false when there is none. */
bool cnn_arena_align_low(cnn_arena *arena);

#define CNN_NEW(arena, type)          ((type *)cnn_arena_take((arena), 1, sizeof(type)))
#define CNN_NEW_ARRAY(arena, type, n) ((type *)cnn_arena_take((arena), (size_t)(n), sizeof(type)))

#endif
