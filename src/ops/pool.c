/*
 * Pooling: sliding, global, and adaptive to a given output. None has parameters. The channels stay,
 * because each is pooled by itself; sizes are those of windows (window_size.h).
 */
#include "base/checked.h"
#include "ops/families.h"
#include "ops/window.h"
#include "ops/window_size.h"

/* Paddings with a number for each end have to stay below what the window covers. */
static bool ends_fit(cnn_site *site, int32_t axis)
{
    const int64_t(*const value)[CNN_AXES] = site->layer->attrs->value;
    const int64_t low = value[CNN_PAD][axis], high = value[CNN_PAD_AFTER][axis];
    const int64_t most = low > high ? low : high;
    int64_t extent;
    if (!cnn_window_extent(value[CNN_SIZE][axis], value[CNN_DILATION][axis], &extent)) {
        return cnn_site_overflow(site, "the extent of the kernel");
    }
    /* the most that the message allows */
    site->err->number[2] = extent - 1;
    return most < extent || cnn_site_fail(site, CNN_E_PAD_EXTENT, most, extent);
}

/* Padding is at most half the kernel, because a window that lies in the padding alone has no value.
 */
static bool pool_shape(cnn_site *site)
{
    cnn_layer *layer = site->layer;
    const int64_t(*const value)[CNN_AXES] = layer->attrs->value;
    if (!cnn_site_map(site)) {
        return false;
    }
    for (int32_t i = 0; i < site->in->axes; i++) {
        if (value[CNN_PAD][i] != value[CNN_PAD_AFTER][i] || cnn_given(layer, CNN_PAD_AFTER)) {
            if (!ends_fit(site, i)) {
                return false;
            }
        } else if (value[CNN_PAD][i] > value[CNN_SIZE][i] / 2) {
            site->err->number[2] = value[CNN_SIZE][i] / 2;
            return cnn_site_fail(site, CNN_E_PAD_HALF, value[CNN_PAD][i], value[CNN_SIZE][i]);
        }
    }
    return cnn_window_shape(site);
}

static bool pool_quick(cnn_quick *l)
{
    const int32_t *const high = l->number[0].of, *const wide = l->number[1].of;
    /* CNN_PAD_SAME is below 0 and passes */
    return 2 * high[CNN_PAD] <= high[CNN_SIZE] && 2 * wide[CNN_PAD] <= wide[CNN_SIZE] &&
           cnn_window_quick(l);
}

/* The output's sides are what the text gives, whatever enters. */
static bool adaptive_quick(cnn_quick *l)
{
    if (l->shape->axes != 2) {
        return false;
    }
    l->shape->side[0] = l->number[0].of[CNN_SIZE];
    l->shape->side[1] = l->number[1].of[CNN_SIZE];
    return true;
}

static bool global_quick(cnn_quick *l)
{
    if (l->shape->axes != 2) {
        return false;
    }
    l->shape->side[0] = l->shape->side[1] = 1;
    return true;
}

/* One value for each channel, on sides of 1: PyTorch's AdaptiveAvgPool2d(1). */
static bool global_shape(cnn_site *site)
{
    if (!cnn_site_map(site)) {
        return false;
    }
    site->layer->out = *site->in;
    for (int32_t i = 0; i < site->in->axes; i++) {
        site->layer->out.side[i] = 1;
    }
    cnn_tell_note(site, CNN_STEP_SIDE, "one value is left of each channel");
    return true;
}

/* The windows that the sizes ask for. */
static void tell_windows(const cnn_site *site, int32_t axis)
{
    const int64_t in = site->in->side[axis], n = site->layer->out.side[axis];
    if (site->trace == NULL) {
        return;
    }
    cnn_tell(site->trace,
             &(cnn_step){.quantity = CNN_STEP_EXTENT,
                         .axis = axis + 1,
                         .formula = "ceil(W/O)",
                         .value = {in, n},
                         .result = (in - 1) / n + 1,
                         .note = in % n == 0 ? "all windows cover as many"
                                             : "window i begins at floor(i*W/O) and ends "
                                               "before ceil((i + 1)*W/O); this is the first"});
}

static bool adaptive_shape(cnn_site *site)
{
    if (!cnn_site_map(site)) {
        return false;
    }
    cnn_tell_note(site, CNN_STEP_SIDE, "the layer gives its output's size");
    site->layer->out = *site->in;
    for (int32_t i = 0; i < site->in->axes; i++) {
        site->layer->out.side[i] = site->layer->attrs->value[CNN_SIZE][i];
        tell_windows(site, i);
    }
    return true;
}

/* Output i covers [floor(i*in/out), ceil((i+1)*in/out)). With in = q*out + r the widest of these
 * has q positions, and one more where r > 0, and yet one more unless r divides evenly into out. */
static bool adaptive_reach(const cnn_layer *layer, int32_t axis, cnn_reach *out)
{
    const int64_t in = layer->in.side[axis], n = layer->out.side[axis];
    const int64_t rest = in % n;
    const int64_t more = rest == 0 ? 0 : (rest == cnn_greatest_divisor(n, rest) ? 1 : 2);
    const int64_t first = (in - 1) / n + 1; /* the first window's extent */
    *out = (cnn_reach){in / n + more, in, n, first - 1, 2, 1};
    return true;
}

/* A single window is that of global pooling. */
static void adaptive_sees(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from,
                          int64_t *to)
{
    const int64_t in = layer->in.side[axis], n = layer->out.side[axis];
    if (n == 1) {
        cnn_global_sees(layer, axis, at, from, to);
        return;
    }
    /* in/n in lowest terms, so that the products are small; `at` may lie before the map */
    const int64_t common = cnn_greatest_divisor(n, in % n);
    const int64_t begin = at * (in / common), end = begin + in / common - 1, part = n / common;
    *from = begin / part - (begin % part < 0);
    *to = end / part - (end % part < 0);
}

/* 2x2 unless a size is given; the stride is the kernel then. */
static const cnn_use sliding_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .standard = 2, .least = 1},
    [CNN_STRIDE] = {.need = CNN_OPTIONAL, .least = 1},
    [CNN_PAD] = {.need = CNN_OPTIONAL},
    [CNN_DILATION] = {.need = CNN_OPTIONAL, .standard = 1, .least = 1},
    [CNN_SAME] = {.need = CNN_OPTIONAL},
    [CNN_SAME_TF] = {.need = CNN_OPTIONAL},
    [CNN_VALID] = {.need = CNN_OPTIONAL},
    [CNN_CEIL] = {.need = CNN_OPTIONAL},
    [CNN_PAD_AFTER] = {.need = CNN_OPTIONAL}, /* p2+2 may be more than half the kernel */
};

static const cnn_use adaptive_uses[CNN_ATTRS] = {
    [CNN_SIZE] = {.need = CNN_OPTIONAL, .standard = 1, .least = 1},
};

const cnn_op cnn_ops_pool[] = {
    {
        .name = "maxpool",
        .role = CNN_ROLE_MAX_POOL,
        .aliases = "pool",
        .brief = "largest value in each window; the stride is the kernel unless given",
        .example = "maxpool3 s2 p1",
        .uses = sliding_uses,
        .shape = pool_shape,
        .quick = pool_quick,
        .why_kept = "its input, and the place of each largest value in 64 bits",
        .keeps = CNN_KEEPS_INPUT | CNN_KEEPS_INDICES,
        .reach = cnn_window_reach,
        .unread = cnn_window_unread,
        .derivative = CNN_DERIVE_MAX,
    },
    {
        .name = "avgpool",
        .role = CNN_ROLE_AVERAGE_POOL,
        .brief = "mean of each window; the stride is the kernel unless given",
        .example = "avgpool3 s2 ceil",
        .uses = sliding_uses,
        .shape = pool_shape,
        .quick = pool_quick,
        .why_kept = "its input: only the size is needed, but PyTorch keeps it",
        .keeps = CNN_KEEPS_INPUT,
        .reach = cnn_window_reach,
        .unread = cnn_window_unread,
        .derivative = CNN_DERIVE_MEAN,
    },
    {
        /* Lin et al. 2014, Network In Network */
        .name = "gap",
        .role = CNN_ROLE_GLOBAL_AVERAGE,
        .brief = "global average pooling: Cx1x1",
        .example = "gap",
        .shape = global_shape,
        .quick = global_quick,
        .why_kept = "its input: only the size is needed, but PyTorch keeps it",
        .keeps = CNN_KEEPS_INPUT,
        .reach = cnn_global_reach,
        .sees = cnn_global_sees,
        .derivative = CNN_DERIVE_MEAN_ALL,
    },
    {
        .name = "gmp",
        .role = CNN_ROLE_GLOBAL_MAX,
        .brief = "global maximum pooling: Cx1x1",
        .example = "gmp",
        .shape = global_shape,
        .quick = global_quick,
        .why_kept = "its input, and the place of each largest value in 64 bits",
        .keeps = CNN_KEEPS_INPUT | CNN_KEEPS_INDICES,
        .reach = cnn_global_reach,
        .sees = cnn_global_sees,
    },
    {
        /* as PyTorch's AdaptiveAvgPool: windows may overlap and differ in size */
        .name = "aap",
        .role = CNN_ROLE_ADAPTIVE_AVERAGE,
        .brief = "adaptive average pooling to a given size",
        .example = "aap7",
        .uses = adaptive_uses,
        .shape = adaptive_shape,
        .quick = adaptive_quick,
        .why_kept = "its input: only the size is needed, but PyTorch keeps it",
        .keeps = CNN_KEEPS_INPUT,
        .reach = adaptive_reach,
        .sees = adaptive_sees,
    },
    {
        .name = "amp",
        .role = CNN_ROLE_ADAPTIVE_MAX,
        .brief = "adaptive maximum pooling to a given size",
        .example = "amp7",
        .uses = adaptive_uses,
        .shape = adaptive_shape,
        .quick = adaptive_quick,
        .why_kept = "its input, and the place of each largest value in 64 bits",
        .keeps = CNN_KEEPS_INPUT | CNN_KEEPS_INDICES,
        .reach = adaptive_reach,
        .sees = adaptive_sees,
    },
};

const cnn_family cnn_family_pool = {"pooling", cnn_ops_pool, CNN_LENGTH(cnn_ops_pool)};
