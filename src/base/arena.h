/* Memory from the caller's arena. */
#ifndef CNN_BASE_ARENA_H
#define CNN_BASE_ARENA_H

#include <string.h>

#include <cnncalc/cnncalc.h>

enum { CNN_ARENA_ALIGN = 16 };

/*
 * Single objects are taken from the high end and are zeroed. The low end belongs to the one array
 * that is growing at the time (the layers), which therefore never moves.
 */

/* `count` zeroed objects of `size` bytes, aligned for any type; NULL when they do not fit. */
void *cnn_arena_take(cnn_arena *arena, size_t count, size_t size);

/* The same at the low end, not zeroed: room for one more element after the last one taken. */
static inline void *cnn_arena_push(cnn_arena *arena, size_t size)
{
    if ((size_t)(arena->high - arena->low) < size) {
        return NULL;
    }
    void *place = arena->low;
    arena->low += size;
    return place;
}

/* The next low end aligned for any type; false when there is none. */
bool cnn_arena_align_low(cnn_arena *arena);

/* Room for one object, not cleared. The compiler knows its size; nearly always it fits and the end
 * is aligned. */
static inline void *cnn_arena_room(cnn_arena *arena, size_t size)
{
    const size_t bytes = (size + CNN_ARENA_ALIGN - 1) / CNN_ARENA_ALIGN * CNN_ARENA_ALIGN;
    if ((size_t)(arena->high - arena->low) < bytes ||
        (uintptr_t)arena->high % CNN_ARENA_ALIGN != 0) {
        return cnn_arena_take(arena, 1, size);
    }
    arena->high -= bytes;
    return arena->high;
}

static inline void *cnn_arena_new(cnn_arena *arena, size_t size)
{
    void *object = cnn_arena_room(arena, size);
    return object == NULL ? NULL : memset(object, 0, size);
}

#define CNN_NEW(arena, type)          ((type *)cnn_arena_new((arena), sizeof(type)))
#define CNN_NEW_ARRAY(arena, type, n) ((type *)cnn_arena_take((arena), (size_t)(n), sizeof(type)))

#endif
