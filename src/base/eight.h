/* Eight bytes at once, side by side in a number: the first one lowest, whatever the machine. */
#ifndef CNN_BASE_EIGHT_H
#define CNN_BASE_EIGHT_H

#include <stddef.h>
#include <stdint.h>

/* 1 in each byte; n times it has n in each. */
#define CNN_EACH_BYTE UINT64_C(0x0101010101010101)

/* 2^64 / golden ratio: the top bits of a product with it depend on all bits (Knuth's multiplicative
 * hashing). */
#define CNN_GOLDEN UINT64_C(0x9E3779B97F4A7C15)

/* The eight bytes at `p`. */
static inline uint64_t cnn_eight_bytes(const char *p)
{
    const unsigned char *s = (const unsigned char *)p;
    return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 | (uint64_t)s[3] << 24 |
           (uint64_t)s[4] << 32 | (uint64_t)s[5] << 40 | (uint64_t)s[6] << 48 |
           (uint64_t)s[7] << 56; /* compilers make one load of it */
}

/* All bits below the first that is set; all there are, if none is. */
static inline uint64_t cnn_below(uint64_t bits)
{
    return (bits - 1) & ~bits;
}

#endif
