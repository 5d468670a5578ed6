/* Products of up to four counts. Small numbers, nearly all, are recognised by one test. */
#include "ops/count.h"

#include "base/checked.h"

/*@ assigns \nothing;
    ensures \result <==> 0 <= n <= CNN_SMALL; */
static bool small(int64_t n)
{
    return n >= 0 && n <= CNN_SMALL;
}

bool cnn_count_product(int64_t a, int64_t b, int64_t c, int64_t d, int64_t *out)
{
    if (small(a) && small(b) && small(c) && small(d)) {
        *out = a * b * c * d;
        return true;
    }
    /* A zero makes the product fit whatever the others are. */
    if (a == 0 || b == 0 || c == 0 || d == 0) {
        *out = 0;
        return true;
    }
    int64_t product;
    return cnn_checked_mul(a, b, &product) && cnn_checked_mul(product, c, &product) &&
           cnn_checked_mul(product, d, out);
}

bool cnn_count_conv(int64_t kh, int64_t kw, int64_t c, int64_t g, int64_t n, int64_t *out)
{
    return cnn_count_product(kh, kw, c / g, n, out);
}

bool cnn_count_macs(int64_t weights, int64_t h, int64_t w, int64_t *out)
{
    if (weights <= INT32_MAX && small(h) && small(w)) {
        *out = weights * h * w;
        return true;
    }
    int64_t row;
    return cnn_checked_mul(weights, h, &row) && cnn_checked_mul(row, w, out);
}
