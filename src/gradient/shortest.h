/* The shortest decimal number that reads back as a given double. */
#ifndef CNN_GRADIENT_SHORTEST_H
#define CNN_GRADIENT_SHORTEST_H

#include <stdbool.h>
#include <stdint.h>

/* digits x 10^exponent; at most 17 digits, the last of them not 0. */
typedef struct cnn_decimal {
    uint64_t digits;
    int32_t exponent;
} cnn_decimal;

/* Of all decimals with the fewest digits that read back as |value|, the nearest to it. The value is
 * finite. Zero has the digits 0. */
cnn_decimal cnn_shortest(double value);

#endif
