/* A hash table of numbers. */
#include "net/shapes.h"

#include "base/eight.h"

static uint64_t hash_of(const cnn_shape *shape)
{
    uint64_t hash = (uint64_t)shape->axes;
    hash = (hash ^ (uint64_t)shape->channels) * CNN_GOLDEN;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        hash = (hash >> 32 ^ hash ^ (uint64_t)shape->side[i]) * CNN_GOLDEN;
    }
    return hash;
}

static bool is(const cnn_shape *a, const cnn_shape *b)
{
    int64_t others = (a->channels ^ b->channels) | (a->axes ^ b->axes);
    for (int32_t i = 0; i < CNN_AXES; i++) {
        others |= a->side[i] ^ b->side[i];
    }
    return others == 0;
}

int32_t cnn_shapes_number(cnn_shapes *shapes, const cnn_shape *shape)
{
    size_t i = (size_t)(hash_of(shape) >> 51); /* 13 bits */
    for (;; i = (i + 1) % CNN_SHAPE_SLOTS) {
        const int32_t number = shapes->slots[i] - 1;
        if (number < 0) {
            break;
        }
        if (is(&shapes->of[number], shape)) {
            return number;
        }
    }
    if (shapes->count == CNN_SHAPE_NUMBERS) {
        return CNN_SHAPE_NUMBERS;
    }
    const int32_t number = shapes->count++;
    shapes->of[number] = *shape;
    shapes->slots[i] = (uint16_t)(number + 1);
    return number;
}
