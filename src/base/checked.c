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

/* What a quotient tells about a product. */
/*@ lemma above: \forall integer a, b, m; a > 0 && m >= 0 ==> (b > m / a <==> a * b > m);
    lemma below: \forall integer a, b, m; a > 0 && m <= 0 ==> (b < m / a <==> a * b < m);
    lemma beyond: \forall integer a, b, m; a < 0 && m >= 0 ==> (b < m / a <==> a * b > m); */

/* The limit is divided, because the product may not exist. */
/*@ assigns \nothing;
    ensures \result <==> !fits(a * b); */
static bool overflows(int64_t a, int64_t b)
{
    if (a > 0 && b > 0) {
        return b > INT64_MAX / a;
    }
    if (a > 0 && b < 0) {
        return b < INT64_MIN / a;
    }
    if (a < 0 && b > 0) {
        return a < INT64_MIN / b;
    }
    if (a < 0 && b < 0) {
        return b < INT64_MAX / a;
    }
    return false;
}

bool cnn_checked_mul(int64_t a, int64_t b, int64_t *out)
{
    /* Factors below 2^31, nearly all of them, need no division. */
    const bool small = a >= 0 && a <= INT32_MAX && b >= 0 && b <= INT32_MAX;
    if (!small && overflows(a, b)) {
        return false;
    }
    *out = a * b;
    return true;
}

/* Dividing a by b leaves their common divisors d alone: a % b is a less a multiple of d. */
/*@ lemma self: \forall integer d; d > 0 ==> divides(d, d) && divides(d, 0);
    lemma rest: \forall integer d, m, r; 0 <= r < d && m >= 0 ==> (d * m + r) % d == r;
    lemma parts: \forall integer a, b, d; a >= 0 && b > 0 && divides(d, b) ==>
        a == d * (b / d * (a / b) + a % b / d) + a % b % d;
    lemma parts_rest: \forall integer a, b, d, r; a >= 0 && b > 0 && d > 0 && r >= 0 ==>
        (d * (b / d * (a / b) + r / d) + r % d) % d == r % d;
    lemma euclid: \forall integer a, b, d; a >= 0 && b > 0 && divides(d, b) ==>
        a % d == a % b % d; */

/* Euclid, Elements VII.2 */
int64_t cnn_greatest_divisor(int64_t a, int64_t b)
{
    /*@ loop invariant a > 0 && b >= 0;
        loop invariant \forall integer d; divides(d, a) && divides(d, b) <==>
            divides(d, \at(a, Pre)) && divides(d, \at(b, Pre));
        loop assigns a, b;
        loop variant b; */
    while (b != 0) {
        const int64_t rest = a % b;
        a = b;
        b = rest;
    }
    /*@ assert divides(a, a) && divides(a, b); */
    return a;
}
