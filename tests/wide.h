/* 128-bit arithmetic, the independent opinion about the library's 64-bit arithmetic; and the
 * numbers at which the latter could go wrong. */
#ifndef TESTS_WIDE_H
#define TESTS_WIDE_H

#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 wide;

static inline bool wide_fits(wide n)
{
    return n >= INT64_MIN && n <= INT64_MAX;
}

/* Numbers a list can hold: zero and up. */
static const int64_t grid[] = {
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    11,
    224,
    32767,
    32768,
    2147483647,
    2147483648,
    4294967295,
    4294967297,
    3037000500, /* the square is just above 2^63 */
    4611686018427387904,
    INT64_MAX - 1,
    INT64_MAX,
};

enum { GRID = sizeof grid / sizeof *grid };

#endif
