/* Which positions of the input an enlarged or reduced map reads. */
#include "ops/resample.h"

#include "base/checked.h"

/* Output position i lies at (i + 1/2) * in/out - 1/2 of the input. */
static bool resampled(const cnn_layer *layer, int32_t axis, int64_t extent, cnn_reach *out)
{
    const int64_t in = layer->in.side[axis], n = layer->out.side[axis];
    if (n > INT64_MAX / 2) {
        return false;
    }
    *out = (cnn_reach){extent, in, n, in - n, 2 * n, 1};
    return true;
}

bool cnn_nearest_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    return resampled(layer, axis, 1, out);
}

/* Between two positions of the input, unless all lie on one: every odd-numbered one is the middle
 * of as many. */
bool cnn_linear_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t in = layer->in.side[axis], n = layer->out.side[axis];
    return resampled(layer, axis, in % n == 0 && in / n % 2 == 1 ? 1 : 2, out);
}

/* The two positions beside it, or the one it lies on; before the first or after the last there is
 * only that one, for the kind clamps. in and n without their common divisor. */
void cnn_linear_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to)
{
    const int64_t common =
        cnn_greatest_divisor(layer->out.side[axis], layer->in.side[axis] % layer->out.side[axis]);
    const int64_t in = layer->in.side[axis] / common, n = layer->out.side[axis] / common;
    const int64_t place = (2 * at + 1) * in - n; /* in halves of n */
    const int64_t rest = (place % (2 * n) + 2 * n) % (2 * n);
    *from = (place - rest) / (2 * n);
    *to = *from + (rest > 0);
}

/* The input position whose middle lies nearest. */
void cnn_nearest_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to)
{
    const int64_t in = layer->in.side[axis], n = layer->out.side[axis];
    const int64_t common = cnn_greatest_divisor(n, in % n);
    const int64_t place = (2 * at + 1) * (in / common), whole = 2 * (n / common);
    *from = *to = place / whole - (place % whole < 0);
}
