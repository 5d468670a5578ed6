/* Parameters and MACs as products, each exact or refused. Pure, so that they can be proved. */
#ifndef CNN_OPS_COUNT_H
#define CNN_OPS_COUNT_H

#include <stdbool.h>
#include <stdint.h>

/* a * b * c * d of numbers >= 0; false when the product does not fit into 64 bits. */
bool cnn_count_product(int64_t a, int64_t b, int64_t c, int64_t d, int64_t *out);

/* Kh * Kw * (C/g) * N: weights of a convolution, transposed ones too.  g divides C. */
bool cnn_count_conv(int64_t kh, int64_t kw, int64_t c, int64_t g, int64_t n, int64_t *out);

/* MACs: every weight is used once at each of h * w positions. */
bool cnn_count_macs(int64_t weights, int64_t h, int64_t w, int64_t *out);

#endif
