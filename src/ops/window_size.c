/* Window arithmetic along one axis. C's "/" truncates, so numerators are compared with 0 first. */
#include "ops/window_size.h"

#include "base/checked.h"

bool cnn_window_extent(int64_t k, int64_t d, int64_t *out)
{
    int64_t steps;
    return cnn_checked_mul(d, k - 1, &steps) && cnn_checked_add(steps, 1, out);
}

cnn_fit cnn_window_floor(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                         int64_t *out)
{
    int64_t padded;
    if (!cnn_checked_add(low, high, &padded) || !cnn_checked_add(padded, in, &padded)) {
        return CNN_FIT_OVERFLOW;
    }
    if (padded < extent) {
        return CNN_FIT_KERNEL;
    }
    *out = (padded - extent) / s + 1;
    return CNN_FITS;
}

/*@ lemma begins_behind: \forall integer n, s, p; s >= 1 && p >= 1 ==>
        (n > (p - 1) / s <==> n * s >= p); */

cnn_fit cnn_window_ceil(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                        int64_t *out)
{
    int64_t padded;
    if (!cnn_checked_add(low, high, &padded) || !cnn_checked_add(padded, in, &padded)) {
        return CNN_FIT_OVERFLOW;
    }
    if (padded <= extent - s) {
        return CNN_FIT_KERNEL;
    }
    const int64_t room = padded - extent; /* above -s */
    const int64_t last = room <= 0 ? 0 : (room - 1) / s + 1;
    /*@ assert last == ceil_div(room, s); */
    /* The last window begins at last * s of the padded axis. */
    const bool in_padding = last > (in + low - 1) / s;
    /*@ assert in_padding <==> last * s >= in + low; */
    *out = in_padding ? last : last + 1;
    return CNN_FITS;
}

int64_t cnn_window_same(int64_t in, int64_t s)
{
    return (in - 1) / s + 1;
}

void cnn_window_same_pad(int64_t in, int64_t extent, int64_t s, bool always, int64_t *low,
                         int64_t *high)
{
    int64_t total = extent - 1;
    if (always || extent % 2 == 0) {
        const int64_t reach = (in - 1) / s * s; /* where the last window begins */
        /*@ assert reach == (ceil_div(in, s) - 1) * s; */
        total = extent > in - reach ? extent - (in - reach) : 0;
    }
    *low = total / 2;
    *high = total - *low;
}

bool cnn_window_transposed(int64_t in, int64_t extent, int64_t s, int64_t low, int64_t high,
                           int64_t extra, int64_t *out)
{
    int64_t size;
    return cnn_checked_mul(in - 1, s, &size) && cnn_checked_add(size, extent, &size) &&
           cnn_checked_add(size, extra, &size) && cnn_checked_sub(size - low, high, out);
}
