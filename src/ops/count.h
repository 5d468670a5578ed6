/* Parameters and MACs as products, each exact or refused. Pure, so that they can be proved. */
#ifndef CNN_OPS_COUNT_H
#define CNN_OPS_COUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/checked.h"

/* a * b * c * d of numbers >= 0; false when the product does not fit into 64 bits. */
/*@ requires a >= 0 && b >= 0 && c >= 0 && d >= 0 && \valid(out);
    assigns *out;
    ensures \result <==> fits(a * b * c * d);
    ensures *out == (\result ? a * b * c * d : \old(*out)); */
bool cnn_count_product(int64_t a, int64_t b, int64_t c, int64_t d, int64_t *out);

/* Kh * Kw * (C/g) * N: weights of a convolution, transposed ones too.  g divides C. */
/*@ requires kh >= 0 && kw >= 0 && c >= 0 && n >= 0 && divides(g, c) && \valid(out);
    assigns *out;
    ensures \result <==> fits(kh * kw * (c / g) * n);
    ensures *out == (\result ? kh * kw * (c / g) * n : \old(*out)); */
bool cnn_count_conv(int64_t kh, int64_t kw, int64_t c, int64_t g, int64_t n, int64_t *out);

/* MACs: every weight is used once at each of h * w positions. */
/*@ requires weights >= 0 && h >= 1 && w >= 1 && \valid(out);
    assigns *out;
    ensures \result <==> fits(weights * h * w);
    ensures *out == (\result ? weights * h * w : \old(*out)); */
bool cnn_count_macs(int64_t weights, int64_t h, int64_t w, int64_t *out);

#endif
