/* Lengths are compared with what is left instead of added first. */
#include "files/wire_size.h"

uint64_t cnn_wire_place(uint8_t byte, int32_t index)
{
    return (uint64_t)(byte & 127) << 7 * index;
}

bool cnn_wire_end(int64_t begin, uint64_t length, int64_t limit, int64_t *end)
{
    if (length > (uint64_t)(limit - begin)) {
        return false;
    }
    *end = begin + (int64_t)length;
    return true;
}

bool cnn_wire_bytes(int64_t count, int64_t bits, int64_t *bytes)
{
    int64_t sum;
    if (!cnn_checked_mul(count, bits, &sum) || !cnn_checked_add(sum, 7, &sum)) {
        return false;
    }
    *bytes = sum / 8;
    return true;
}
