/* The sliding window: from attributes to output sides, padding, and what a position sees. */
#include "ops/window.h"

#include "base/checked.h"
#include "ops/window_size.h"

void cnn_tell_extent(const cnn_site *site, int32_t axis, int64_t extent)
{
    const int64_t k = site->layer->attrs->value[CNN_SIZE][axis];
    const int64_t d = site->layer->attrs->value[CNN_DILATION][axis];
    if (d > 1) {
        cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_EXTENT,
                                          .axis = axis + 1,
                                          .formula = "d*(k - 1) + 1",
                                          .value = {d, k},
                                          .result = extent});
    }
}

/* "same" splits its padding: P in all, floor(P/2) before and the rest after the map. */
void cnn_tell_padding(const cnn_site *site, const cnn_step *all)
{
    cnn_step step = *all;
    const int64_t low = site->layer->pad_low[all->axis - 1];
    step.quantity = CNN_STEP_PAD_ALL;
    step.note = all->result < 0 ? "less than 0: there is no padding" : NULL;
    cnn_tell(site->trace, &step);
    if (all->result <= 0) {
        return;
    }
    cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_PAD_LOW,
                                      .axis = all->axis,
                                      .formula = "floor(P/2)",
                                      .value = {all->result},
                                      .result = low});
    cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_PAD_HIGH,
                                      .axis = all->axis,
                                      .formula = "P - pl",
                                      .value = {all->result, low},
                                      .result = site->layer->pad_high[all->axis - 1]});
}

/* ceil(W/s), and how "same" splits its padding: evenly when the kernel is odd, but for
 * TensorFlow's.
 */
static void tell_same(const cnn_site *site, cnn_step step, int64_t in, int64_t extent, int64_t s)
{
    const int64_t out = site->layer->out.side[step.axis - 1];
    step.quantity = CNN_STEP_SIDE;
    step.formula = "ceil(W/s)";
    step.value[0] = in;
    step.value[1] = s;
    step.result = out;
    cnn_tell(site->trace, &step);
    if (extent == 1) {
        return; /* neither padding nor a need to mention it */
    }
    if (extent % 2 != 0 && !cnn_given(site->layer, CNN_SAME_TF)) {
        step.quantity = CNN_STEP_PAD;
        step.formula = "(k - 1)/2";
        step.value[0] = extent;
        step.result = site->layer->pad_low[step.axis - 1];
        cnn_tell(site->trace, &step);
        return;
    }
    step.formula = "(O - 1)*s + k - W";
    step.value[0] = out;
    step.value[1] = s;
    step.value[2] = extent;
    step.value[3] = in;
    step.result = (out - 1) * s + extent - in;
    cnn_tell_padding(site, &step);
}

/* The last window that rounding up gives goes when it begins in the padding; then the windows that
 * are left do not reach the end of the padded input. */
static void tell_ceil(const cnn_site *site, cnn_step step, int64_t s)
{
    const int64_t in = step.value[0], extent = step.value[1], out = step.result;
    const int64_t low = site->layer->pad_low[step.axis - 1];
    const int64_t high = site->layer->pad_high[step.axis - 1];
    const bool dropped = (out - 1) * s < in + low + high - extent;
    step.formula = low == high ? "ceil((W - k + 2*p)/s) + 1" : "ceil((W - k + pl + ph)/s) + 1";
    step.result = dropped ? out + 1 : out;
    cnn_tell(site->trace, &step);
    if (!dropped) {
        return;
    }
    static const char goes[] = "the last window begins in this padding: it goes";
    int64_t begin;
    const bool fits = cnn_checked_mul(out, s, &begin);
    if (fits) {
        cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_LAST,
                                          .axis = step.axis,
                                          .formula = "(O - 1)*s",
                                          .value = {out + 1, s},
                                          .result = begin});
    }
    cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_LIMIT,
                                      .axis = step.axis,
                                      .formula = low == high ? "W + p" : "W + pl",
                                      .value = {in, low},
                                      .result = in + low,
                                      .note = fits ? goes
                                                   : "the last window begins far beyond"
                                                     " that: it goes"});
    cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_SIDE,
                                      .axis = step.axis,
                                      .formula = "O - 1",
                                      .value = {out + 1},
                                      .result = out});
}

/* The steps of window_side, in the textbook's form. */
static CNN_APART void tell_side(const cnn_site *site, int32_t axis, int64_t extent)
{
    const cnn_layer *layer = site->layer;
    const int64_t in = site->in->side[axis], s = layer->attrs->value[CNN_STRIDE][axis];
    cnn_step step = {.axis = axis + 1, .dilated = layer->attrs->value[CNN_DILATION][axis] > 1};
    cnn_tell_extent(site, axis, extent);
    if (cnn_given(layer, CNN_SAME)) {
        tell_same(site, step, in, extent, s);
        return;
    }
    step.quantity = CNN_STEP_SIDE;
    step.value[0] = in;
    step.value[1] = extent;
    const int64_t low = layer->pad_low[axis], high = layer->pad_high[axis];
    step.value[2] = low;
    /* numbers in the order of the formula: W k p s, or W k pl ph s */
    step.value[3] = low == high ? s : high;
    step.value[4] = low == high ? 0 : s;
    step.result = layer->out.side[axis];
    if (cnn_given(layer, CNN_CEIL)) {
        tell_ceil(site, step, s);
        return;
    }
    step.formula = low == high ? "floor((W - k + 2*p)/s) + 1" : "floor((W - k + pl + ph)/s) + 1";
    cnn_tell(site->trace, &step);
}

/* Which of floor, ceil, same and valid the layer uses is decided here and nowhere else. */
static inline bool window_side(cnn_site *site, int32_t axis)
{
    cnn_layer *layer = site->layer;
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    const int64_t in = site->in->side[axis], s = value[CNN_STRIDE][axis];
    int64_t *const low = &layer->pad_low[axis], *const high = &layer->pad_high[axis];
    int64_t extent = value[CNN_SIZE][axis];
    if (value[CNN_DILATION][axis] > 1 &&
        !cnn_window_extent(extent, value[CNN_DILATION][axis], &extent)) {
        return cnn_site_overflow(site, "the extent of the kernel");
    }
    if (cnn_given(layer, CNN_SAME)) {
        layer->out.side[axis] = cnn_window_same(in, s);
        cnn_window_same_pad(in, extent, s, cnn_given(layer, CNN_SAME_TF), low, high);
        return true;
    }
    *low = value[CNN_PAD][axis];
    *high = value[CNN_PAD_AFTER][axis];
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

/* The layer's window fitted into 64 bits when its shape was computed, so this does too. */
static int64_t extent_of(const cnn_layer *layer, int32_t axis)
{
    return layer->attrs->value[CNN_DILATION][axis] * (layer->attrs->value[CNN_SIZE][axis] - 1) + 1;
}

/* Whether both sides of a map, and all numbers of the window, are equal. */
static bool sides_alike(const cnn_site *site)
{
    const int64_t(*const value)[CNN_AXES] = site->layer->attrs->value;
    return site->in->axes == 2 && site->in->side[0] == site->in->side[1] &&
           value[CNN_SIZE][0] == value[CNN_SIZE][1] &&
           value[CNN_STRIDE][0] == value[CNN_STRIDE][1] && value[CNN_PAD][0] == value[CNN_PAD][1] &&
           value[CNN_PAD_AFTER][0] == value[CNN_PAD_AFTER][1] &&
           value[CNN_DILATION][0] == value[CNN_DILATION][1];
}

static CNN_APART bool each_side(cnn_site *site)
{
    for (int32_t i = 0; i < site->in->axes; i++) {
        if (!window_side(site, i)) {
            return false;
        }
        if (site->trace != NULL) {
            tell_side(site, i, extent_of(site->layer, i));
        }
    }
    return true;
}

CNN_FLAT bool cnn_window_shape(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    layer->out = *site->in;
    /* nearly all maps are square, and so are windows: one side is computed for both */
    if (site->trace != NULL || !sides_alike(site)) {
        return each_side(site);
    }
    if (!window_side(site, 0)) {
        return false;
    }
    layer->out.side[1] = layer->out.side[0];
    layer->pad_low[1] = layer->pad_low[0];
    layer->pad_high[1] = layer->pad_high[0];
    return true;
}

/* All numbers are small, so that nothing overflows; so has to be the output. */
static inline bool quick_side(const int32_t *of, int64_t in, int64_t *out)
{
    const int64_t p = of[CNN_PAD], k = of[CNN_SIZE], d = of[CNN_DILATION];
    const int64_t s = of[CNN_STRIDE] > 0 ? of[CNN_STRIDE] : k;
    /* "same" is ceil(in/s) = (in - 1)/s + 1; else floor((in + 2p - extent)/s) + 1 */
    const int64_t room = in - 1 + (p == CNN_PAD_SAME ? 0 : 2 * p - d * (k - 1));
    if (room < 0 || room >> CNN_QUICK_BITS != 0) {
        return false;
    }
    *out = (int32_t)room / (int32_t)s + 1; /* half as long as the division of 64 bits */
    return true;
}

bool cnn_window_quick(cnn_quick *l)
{
    int64_t *const side = l->shape->side;
    const bool even = side[0] == side[1] && !l->uneven;
    int64_t h, w;
    if (l->shape->axes != 2 || !quick_side(l->number[0].of, side[0], &h)) {
        return false;
    }
    w = h;
    if ((!even && !quick_side(l->number[1].of, side[1], &w)) || h * w >> CNN_QUICK_PLACES != 0) {
        return false;
    }
    side[0] = h;
    side[1] = w;
    return true;
}

int64_t cnn_window_extra(const cnn_layer *layer, int32_t axis)
{
    if (!cnn_given(layer, CNN_SAME)) {
        return layer->attrs->value[CNN_EXTRA][axis];
    }
    const int64_t missing = layer->attrs->value[CNN_STRIDE][axis] - extent_of(layer, axis);
    return missing > 0 ? missing : 0;
}

bool cnn_window_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t extent = extent_of(layer, axis);
    const int64_t low = layer->pad_low[axis];
    if (low > INT64_MAX / 4) {
        return false;
    }
    /* the middle of the first window lies (extent - 1)/2 - low after the first position */
    *out = (cnn_reach){extent, layer->attrs->value[CNN_STRIDE][axis],  1, extent - 1 - 2 * low,
                       2,      layer->attrs->value[CNN_DILATION][axis]};
    return true;
}

int64_t cnn_window_unread(const cnn_layer *layer, int32_t axis)
{
    const int64_t s = layer->attrs->value[CNN_STRIDE][axis];
    const int64_t extent = extent_of(layer, axis);
    /* A stride above the kernel skips on purpose after every window, the last one too. */
    const int64_t used = s > extent ? s : extent;
    /* From where the last window begins, as many positions are left of the map, and these are used.
     * In this order, because side + pad may be more than 64 bits hold, and so may its end. */
    const int64_t left = layer->in.side[axis] - (layer->out.side[axis] - 1) * s;
    const int64_t covered = used - layer->pad_low[axis];
    return left > covered ? left - covered : 0;
}

bool cnn_global_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t side = layer->in.side[axis];
    *out = (cnn_reach){side, side, 1, side - 1, 2, 1};
    return true;
}

void cnn_global_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to)
{
    (void)at;
    *from = 0;
    *to = layer->in.side[axis] - 1;
}
