/* Two pointers: objects come from the high end, one growing array from the low end. */
#include "base/arena.h"

enum { ALIGN = CNN_ARENA_ALIGN };

cnn_arena cnn_arena_over(void *memory, size_t size)
{
    return (cnn_arena){memory, (unsigned char *)memory + size};
}

void *cnn_arena_take(cnn_arena *arena, size_t count, size_t size)
{
    const size_t room = (size_t)(arena->high - arena->low);
    const size_t slack = (uintptr_t)arena->high % ALIGN;
    /* the division keeps count * size from overflowing */
    if (room < slack || count > (room - slack) / size) {
        return NULL;
    }
    /* Rounding the size up keeps the high end aligned; only the first object pays the slack. */
    const size_t bytes = (count * size + ALIGN - 1) / ALIGN * ALIGN;
    if (bytes > room - slack) {
        return NULL;
    }
    arena->high -= slack + bytes;
    return memset(arena->high, 0, bytes);
}

bool cnn_arena_align_low(cnn_arena *arena)
{
    const size_t slack = (ALIGN - (uintptr_t)arena->low % ALIGN) % ALIGN;
    if ((size_t)(arena->high - arena->low) < slack) {
        return false;
    }
    arena->low += slack;
    return true;
}
