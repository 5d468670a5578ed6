/*
 * Checked 64-bit arithmetic. Each function succeeds exactly when the true result fits into 64 bits,
 * and then `out` holds it; otherwise `out` is left alone. Plain C without compiler builtins, so
 * that it can be proved and runs on every target.
 *
 * Comments that begin with "@" are contracts in ACSL, which tests/prove proves. They reckon with
 * the integers of mathematics: a + b in them is the true sum.
 */
#ifndef CNN_BASE_CHECKED_H
#define CNN_BASE_CHECKED_H

#include <stdbool.h>
#include <stdint.h>

/*@ predicate fits(integer n) = INT64_MIN <= n <= INT64_MAX;
    predicate divides(integer d, integer n) = d > 0 && n % d == 0; */

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> fits(a + b);
    ensures *out == (\result ? a + b : \old(*out)); */
bool cnn_checked_add(int64_t a, int64_t b, int64_t *out);

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> fits(a - b);
    ensures *out == (\result ? a - b : \old(*out)); */
bool cnn_checked_sub(int64_t a, int64_t b, int64_t *out);

/*@ requires \valid(out);
    assigns *out;
    ensures \result <==> fits(a * b);
    ensures *out == (\result ? a * b : \old(*out)); */
bool cnn_checked_mul(int64_t a, int64_t b, int64_t *out);

/* The greatest common divisor of a > 0 and b >= 0. */
/*@ requires a > 0 && b >= 0;
    assigns \nothing;
    ensures divides(\result, a) && divides(\result, b);
    ensures \forall integer d; divides(d, a) && divides(d, b) ==> divides(d, \result); */
int64_t cnn_greatest_divisor(int64_t a, int64_t b);

/* The largest value whose products of four stay within 64 bits even when doubled. */
#define CNN_SMALL 32767

#endif
