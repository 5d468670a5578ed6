/* Fractions of 64-bit integers, without rounding. */
#ifndef CNN_BASE_FRACTION_H
#define CNN_BASE_FRACTION_H

#include <stdbool.h>
#include <stdint.h>

/* num/den, reduced, den > 0 */
typedef struct cnn_fraction {
    int64_t num;
    int64_t den;
} cnn_fraction;

/* num/den reduced; den > 0 */
cnn_fraction cnn_fraction_of(int64_t num, int64_t den);

/* a * num/den and a + b. False: the result, or a number on the way, does not fit into 64 bits. */
bool cnn_fraction_mul(cnn_fraction a, int64_t num, int64_t den, cnn_fraction *out);
bool cnn_fraction_add(cnn_fraction a, cnn_fraction b, cnn_fraction *out);

/* a - b */
bool cnn_fraction_sub(cnn_fraction a, cnn_fraction b, cnn_fraction *out);

static inline bool cnn_fraction_equal(cnn_fraction a, cnn_fraction b)
{
    return a.num == b.num && a.den == b.den;
}

/* Rounded up. */
static inline int64_t cnn_fraction_ceil(cnn_fraction a)
{
    return a.num / a.den + (a.num % a.den > 0);
}

#endif
