/* The sliding window: from attributes to output sides, padding, and what a position sees. */
#include "ops/window.h"

#include "ops/window_size.h"

/* Which of floor, ceil, same and valid the layer uses is decided here and nowhere else. */
static bool window_side(cnn_site *site, int32_t axis)
{
    cnn_layer *layer = site->layer;
    int64_t(*const value)[CNN_AXES] = layer->attrs.value;
    const int64_t in = site->in->side[axis], s = value[CNN_STRIDE][axis];
    int64_t *const low = &layer->pad_low[axis], *const high = &layer->pad_high[axis];
    int64_t extent = value[CNN_SIZE][axis];
    if (value[CNN_DILATION][axis] > 1 &&
        !cnn_window_extent(extent, value[CNN_DILATION][axis], &extent)) {
        return cnn_site_overflow(site, "the extent of the kernel");
    }
    if (cnn_given(layer, CNN_SAME)) {
        layer->out.side[axis] = cnn_window_same(in, s);
        cnn_window_same_pad(in, extent, s, low, high);
        return true;
    }
    *low = *high = value[CNN_PAD][axis];
    const cnn_fit fit = cnn_given(layer, CNN_CEIL)
                            ? cnn_window_ceil(in, extent, s, *low, *high, &layer->out.side[axis])
                            : cnn_window_floor(in, extent, s, *low, *high, &layer->out.side[axis]);
    if (fit == CNN_FITS) {
        return true;
    }
    if (fit == CNN_FIT_OVERFLOW) {
        return cnn_site_overflow(site, "the padded input");
    }
    const int64_t kernel = value[CNN_SIZE][axis];
    site->err->number[2] = (extent - in + 1) / 2; /* the padding that would do */
    site->err->number[3] = kernel;
    return cnn_site_fail(site, extent == kernel ? CNN_E_KERNEL : CNN_E_KERNEL_DILATED, extent,
                         in + *low + *high);
}

/* Whether both sides of the map, and all numbers of the window, are equal. */
static bool sides_alike(const cnn_site *site)
{
    const int64_t(*const value)[CNN_AXES] = site->layer->attrs.value;
    return site->in->side[0] == site->in->side[1] && value[CNN_SIZE][0] == value[CNN_SIZE][1] &&
           value[CNN_STRIDE][0] == value[CNN_STRIDE][1] && value[CNN_PAD][0] == value[CNN_PAD][1] &&
           value[CNN_DILATION][0] == value[CNN_DILATION][1];
}

bool cnn_window_shape(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    layer->out = *site->in;
    if (site->in->axes == 2 && sides_alike(site)) {
        if (!window_side(site, 0)) {
            return false;
        }
        layer->out.side[1] = layer->out.side[0];
        layer->pad_low[1] = layer->pad_low[0];
        layer->pad_high[1] = layer->pad_high[0];
        return true;
    }
    for (int32_t i = 0; i < site->in->axes; i++) {
        if (!window_side(site, i)) {
            return false;
        }
    }
    return true;
}

/* The layer's window fitted into 64 bits when its shape was computed, so this does too. */
static int64_t extent_of(const cnn_layer *layer, int32_t axis)
{
    return layer->attrs.value[CNN_DILATION][axis] * (layer->attrs.value[CNN_SIZE][axis] - 1) + 1;
}

bool cnn_window_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t extent = extent_of(layer, axis);
    const int64_t low = layer->pad_low[axis];
    if (low > INT64_MAX / 4) {
        return false;
    }
    *out = (cnn_reach){extent, layer->attrs.value[CNN_STRIDE][axis], 1, extent - 1 - 2 * low, 2};
    return true;
}

int64_t cnn_window_unread(const cnn_layer *layer, int32_t axis)
{
    const int64_t s = layer->attrs.value[CNN_STRIDE][axis];
    const int64_t extent = extent_of(layer, axis);
    const int64_t reached = (layer->out.side[axis] - 1) * s + extent - layer->pad_low[axis];
    /* A stride above the kernel skips on purpose behind every window, behind the last one too. */
    const int64_t skipped = s > extent ? s - extent : 0;
    const int64_t left = layer->in.side[axis] - reached - skipped;
    return left > 0 ? left : 0;
}

bool cnn_global_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t side = layer->in.axes > 0 ? layer->in.side[axis] : 1;
    *out = (cnn_reach){side, side, 1, side - 1, 2};
    return true;
}
