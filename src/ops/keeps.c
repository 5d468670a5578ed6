/* Sizes of what is kept for the backward pass. */
#include "ops/keeps.h"

#include "base/checked.h"

bool cnn_keeps_map(const cnn_shape *map, int64_t channels, int64_t *out)
{
    *out = channels;
    for (int32_t i = 0; i < map->axes; i++) {
        if (!cnn_checked_mul(*out, map->side[i], out)) {
            return false;
        }
    }
    return true;
}
