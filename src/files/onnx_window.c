/* C's "/" truncates, so negative numerators are turned round first. */
#include "files/onnx_window.h"

bool cnn_onnx_extent(int64_t k, int64_t d, int64_t *out)
{
    int64_t steps;
    return cnn_checked_mul(d, k - 1, &steps) && cnn_checked_add(steps, 1, out);
}

bool cnn_onnx_floor(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high, int64_t *out)
{
    int64_t padded;
    if (!cnn_checked_add(low, high, &padded) || !cnn_checked_add(padded, in, &padded)) {
        return false;
    }
    const int64_t room = padded - extent;
    *out = room >= 0 ? room / s + 1 : -((-room - 1) / s);
    return true;
}

bool cnn_onnx_ceil(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high, int64_t *out)
{
    int64_t padded;
    if (!cnn_checked_add(low, high, &padded) || !cnn_checked_add(padded, in, &padded)) {
        return false;
    }
    const int64_t room = padded - extent;
    const int64_t last = room > 0 ? (room - 1) / s + 1 : -(-room / s);
    /*@ assert last == ceil_div(room, s); */
    const bool beyond = in + low == 0 ? last >= 0 : last > (in + low - 1) / s;
    /*@ assert beyond <==> last * s >= in + low; */
    *out = beyond ? last : last + 1;
    return true;
}

int64_t cnn_onnx_same(int64_t in, int64_t s)
{
    return in > 0 ? (in - 1) / s + 1 : 0;
}

bool cnn_onnx_transposed(int64_t in, int64_t extent, int64_t s, int64_t extra, int64_t *out)
{
    int64_t size;
    return cnn_checked_mul(in - 1, s, &size) && cnn_checked_add(size, extent, &size) &&
           cnn_checked_add(size, extra, out);
}
