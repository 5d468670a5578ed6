/* Overflow is decided before the operation, by comparing with the limit less (or divided by) b. */
#include "base/checked.h"

bool cnn_checked_add(int64_t a, int64_t b, int64_t *out)
{
    if (b >= 0 ? a > INT64_MAX - b : a < INT64_MIN - b) {
        return false;
    }
    *out = a + b;
    return true;
}

bool cnn_checked_sub(int64_t a, int64_t b, int64_t *out)
{
    if (b >= 0 ? a < INT64_MIN + b : a > INT64_MAX + b) {
        return false;
    }
    *out = a - b;
    return true;
}

bool cnn_checked_mul(int64_t a, int64_t b, int64_t *out)
{
    /* Factors below 2^31, nearly all of them, need no division. */
    if (a >= 0 && a <= INT32_MAX && b >= 0 && b <= INT32_MAX) {
        *out = a * b;
        return true;
    }
    if (a > 0) {
        if (b > 0 ? b > INT64_MAX / a : b < INT64_MIN / a) {
            return false;
        }
    } else if (a < 0) {
        if (b > 0 ? a < INT64_MIN / b : b < INT64_MAX / a) {
            return false;
        }
    }
    *out = a * b;
    return true;
}

/* Euclid, Elements VII.2 */
int64_t cnn_greatest_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}
