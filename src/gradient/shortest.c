/*
 * Shortest digits by R. Giulietti, "The Schubfach way to render doubles" (2020), with the powers of
 * ten made from small tables instead of a large one.
 *
 * v = c 2^q is the nearest double to every number between (4c - 2) 2^q/4 and (4c + 2) 2^q/4, and
 * to both ends when c is even. With the largest k for which 10^k is not wider than this interval,
 * one of four candidates is the shortest decimal in it: the multiples of 10^(k+1) and of 10^k just
 * below and above v. All comparisons are of three scaled numbers, cb 2^q 10^-k with cb = 4c - 2,
 * 4c, 4c + 2, rounded down to integers whose last bit is set when something was cut off.
 *
 * Why this is exact: a power g is too large by at most 3 units of its 128 bits. The cut-off part of
 * a product is 0, in which case the error leaves its first 67 bits 0, or between 2^-67 and
 * 1 - 2^-66: that was computed for every q and all c < 2^53 at once by Euclid's algorithm on the
 * residues (smallest value of a x mod m in a range). The error of a product is below 2^-67.
 */
#include "gradient/shortest.h"

#include <string.h>

typedef struct wide {
    uint64_t high, low;
} wide;

/* 10^(27 i - 297) = g 2^n with 2^127 <= g < 2^128, rounded up. */
static const wide large_powers[] = {
    {0xA76C582338ED2621, 0xAF2AF2B80AF6F24F}, /* 10^-297 */
    {0x873E4F75E2224E68, 0x5A7744A6E804A292}, /* 10^-270 */
    {0xDA7F5BF590966848, 0xAF39A475506A899F}, /* 10^-243 */
    {0xB080392CC4349DEC, 0xBD8D794D96AACFB4}, /* 10^-216 */
    {0x8E938662882AF53E, 0x547EB47B7282EE9D}, /* 10^-189 */
    {0xE65829B3046B0AFA, 0x0CB4A5A3112A5113}, /* 10^-162 */
    {0xBA121A4650E4DDEB, 0x92F34D62616CE414}, /* 10^-135 */
    {0x964E858C91BA2655, 0x3A6A07F8D510F870}, /* 10^-108 */
    {0xF2D56790AB41C2A2, 0xFAE27299423FB9C4}, /* 10^-81 */
    {0xC428D05AA4751E4C, 0xAA97E14C3C26B887}, /* 10^-54 */
    {0x9E74D1B791E07E48, 0x775EA264CF55347E}, /* 10^-27 */
    {0x8000000000000000, 0x0000000000000001}, /* 10^0 */
    {0xCECB8F27F4200F3A, 0x0000000000000001}, /* 10^27 */
    {0xA70C3C40A64E6C51, 0x999090B65F67D925}, /* 10^54 */
    {0x86F0AC99B4E8DAFD, 0x69A028BB3DED71A4}, /* 10^81 */
    {0xDA01EE641A708DE9, 0xE80E6F4820CC9496}, /* 10^108 */
    {0xB01AE745B101E9E4, 0x5EC05DCFF72E7F90}, /* 10^135 */
    {0x8E41ADE9FBEBC27D, 0x14588F13BE847308}, /* 10^162 */
    {0xE5D3EF282A242E81, 0x8F1668C8A86DA5FB}, /* 10^189 */
    {0xB9A74A0637CE2EE1, 0x6D953E2BD7173693}, /* 10^216 */
    {0x95F83D0A1FB69CD9, 0x4ABDAF101564F98F}, /* 10^243 */
    {0xF24A01A73CF2DCCF, 0xBC633B39673C8CED}, /* 10^270 */
    {0xC3B8358109E84F07, 0x0A862F80EC4700C9}, /* 10^297 */
    {0x9E19DB92B4E31BA9, 0x6C07A2C26A8346D2}, /* 10^324 */
};

/* 5^i, shifted to the left end of 64 bits. */
static const uint64_t small_powers[] = {
    0x8000000000000000, 0xA000000000000000, 0xC800000000000000, 0xFA00000000000000,
    0x9C40000000000000, 0xC350000000000000, 0xF424000000000000, 0x9896800000000000,
    0xBEBC200000000000, 0xEE6B280000000000, 0x9502F90000000000, 0xBA43B74000000000,
    0xE8D4A51000000000, 0x9184E72A00000000, 0xB5E620F480000000, 0xE35FA931A0000000,
    0x8E1BC9BF04000000, 0xB1A2BC2EC5000000, 0xDE0B6B3A76400000, 0x8AC7230489E80000,
    0xAD78EBC5AC620000, 0xD8D726B7177A8000, 0x878678326EAC9000, 0xA968163F0A57B400,
    0xD3C21BCECCEDA100, 0x84595161401484A0, 0xA56FA5B99019A5C8,
};

enum { FIRST_POWER = -297, POWER_STEP = 27, SIGNIFICAND = 52, LEAST_EXPONENT = -1074 };

/* The product, from the products of halves: 64-bit targets without 128-bit integers exist. */
static wide multiply(uint64_t a, uint64_t b)
{
    const uint64_t a0 = a & 0xFFFFFFFFu, a1 = a >> 32, b0 = b & 0xFFFFFFFFu, b1 = b >> 32;
    const uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32);
    const uint64_t middle = a0 * b1 + (cross & 0xFFFFFFFFu);
    return (wide){a1 * b1 + (cross >> 32) + (middle >> 32), middle << 32 | (low & 0xFFFFFFFFu)};
}

/* 10^e = g 2^n with 2^127 <= g < 2^128; g is too large by more than 0 and at most 3. */
static wide power_of_ten(int32_t e)
{
    const wide large = large_powers[(e - FIRST_POWER) / POWER_STEP];
    const uint64_t small = small_powers[(e - FIRST_POWER) % POWER_STEP];
    const wide high = multiply(large.high, small), low = multiply(large.low, small);
    wide g = {high.high, high.low + low.high};
    g.high += g.low < low.high;
    if (g.high >> 63 == 0) {
        g = (wide){g.high << 1 | g.low >> 63, g.low << 1 | low.low >> 63};
    }
    g.low++;
    g.high += g.low == 0;
    return g;
}

/* floor(a/2^bits), for negative numbers too */
static int32_t floor_shift(int32_t a, int32_t bits)
{
    return (int32_t)(((int64_t)a + ((int64_t)1 << 40)) >> bits) - ((int32_t)1 << (40 - bits));
}

/* g x/2^128 rounded down; the last bit is set when something is cut off. */
static uint64_t scale(wide g, uint64_t x)
{
    const wide high = multiply(g.high, x), low = multiply(g.low, x);
    const uint64_t cut = high.low + low.high, whole = high.high + (cut < low.high);
    return whole | (cut != 0 || low.low >> 61 != 0);
}

static cnn_decimal shortest(uint64_t c, int32_t q, bool uneven)
{
    /* Below a power of two doubles are twice as dense, so that the interval ends at 4c - 1. */
    const int32_t k = floor_shift(q * 1262611 - (uneven ? 524031 : 0), 22); /* log10 of 2^q */
    const int32_t h = q + floor_shift(-k * 1741647, 19) + 1;                /* log2 of 10^-k */
    const wide g = power_of_ten(-k);
    const uint64_t odd = c & 1;
    const uint64_t v = scale(g, 4 * c << h);
    const uint64_t lower = scale(g, (4 * c - (uneven ? 1 : 2)) << h) + odd;
    const uint64_t upper = scale(g, (4 * c + 2) << h) - odd;
    const uint64_t s = v / 4, tens = s / 10 * 40;
    const bool below = lower <= tens, above = tens + 40 <= upper;
    if (s >= 10 && below != above) {
        return (cnn_decimal){s / 10 + above, k + 1};
    }
    const bool down = lower <= 4 * s, up = 4 * s + 4 <= upper;
    const uint64_t middle = 4 * s + 2;
    const bool nearer_up = v > middle || (v == middle && (s & 1) == 1);
    return (cnn_decimal){s + (down != up ? up : nearer_up), k};
}

cnn_decimal cnn_shortest(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    const uint64_t fraction = bits & (((uint64_t)1 << SIGNIFICAND) - 1);
    const int32_t exponent = (int32_t)(bits >> SIGNIFICAND & 0x7FF);
    /* the hidden bit, which only normal numbers have */
    const uint64_t c = exponent > 0 ? fraction | (uint64_t)1 << SIGNIFICAND : fraction;
    const int32_t q = LEAST_EXPONENT + (exponent > 0 ? exponent - 1 : 0);
    if (c == 0) {
        return (cnn_decimal){0, 0};
    }
    cnn_decimal d = shortest(c, q, fraction == 0 && exponent > 1);
    /* whole numbers have zeros at their end: 100 is 1 x 10^2 */
    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    return d;
}
