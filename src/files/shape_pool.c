/* Pools, and what undoes them. */
#include "base/checked.h"
#include "files/onnx_window.h"
#include "files/shapes.h"

enum { SPATIAL = CNN_RANK - 2 };

typedef struct pool {
    int32_t axes;
    int64_t k[SPATIAL], s[SPATIAL], d[SPATIAL], p[2 * SPATIAL];
    bool same, valid, ceil;
} pool;

static bool read_pool(cnn_call *c, int32_t axes, pool *w)
{
    w->axes = axes;
    w->same = cnn_attr_is(c, "auto_pad", "SAME_UPPER") || cnn_attr_is(c, "auto_pad", "SAME_LOWER");
    w->valid = cnn_attr_is(c, "auto_pad", "VALID");
    w->ceil = cnn_attr_int(c, "ceil_mode", 0) != 0;
    if (cnn_attr_of(c, "kernel_shape") == NULL) {
        return cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, "kernel_shape", 0, 0);
    }
    if (!cnn_attr_fill(c, "kernel_shape", w->k, axes, 1) ||
        !cnn_attr_fill(c, "strides", w->s, axes, 1) ||
        !cnn_attr_fill(c, "dilations", w->d, axes, 1) ||
        !cnn_attr_fill(c, "pads", w->p, 2 * axes, 0)) {
        return false;
    }
    const struct {
        const char *name;
        const int64_t *list;
        int64_t least;
    } checks[] = {{"kernel_shape", w->k, 1},
                  {"strides", w->s, 1},
                  {"dilations", w->d, 1},
                  {"pads", w->p, 0},
                  {"pads", w->p + axes, 0}};
    for (size_t n = 0; n < CNN_LENGTH(checks); n++) {
        for (int32_t i = 0; i < axes; i++) {
            const int64_t got = checks[n].list[i];
            if (got < checks[n].least || got > INT32_MAX) {
                return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, checks[n].name, got, 0);
            }
        }
    }
    return true;
}

/* C's division: what onnxruntime computes where the window does not fit. */
static int64_t truncated(int64_t in, int64_t extent, int64_t s)
{
    return (in - extent) / s + 1;
}

/* With SAME onnxruntime pads for the kernel without its dilation. */
static bool same_axis(const pool *w, int32_t i, int64_t in, int64_t extent, int64_t *out,
                      int64_t *theirs)
{
    /* ours: ceil(in / s). theirs: (out - 1)s + k - in padding with the undilated k, then the
     * usual formula with the dilated extent. */
    *out = cnn_onnx_same(in, w->s[i]);
    int64_t pad = 0;
    if (!cnn_checked_mul(*out - 1, w->s[i], &pad) || !cnn_checked_add(pad, w->k[i] - in, &pad)) {
        return false;
    }
    pad = pad < 0 ? 0 : pad;
    const bool done = (w->ceil ? cnn_onnx_ceil : cnn_onnx_floor)(in, extent, w->s[i], pad / 2,
                                                                 pad - pad / 2, theirs);
    *theirs = w->d[i] == 1 ? *out : *theirs;
    return done;
}

/* One axis; *theirs is its size in onnxruntime. */
static bool pool_axis(cnn_call *c, const pool *w, int32_t i, int64_t in, int64_t *out,
                      int64_t *theirs)
{
    int64_t extent = 0;
    *out = CNN_SOME;
    *theirs = CNN_SOME;
    if (in < 0) {
        return true;
    }
    if (!cnn_onnx_extent(w->k[i], w->d[i], &extent)) {
        return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    if (w->same) {
        return same_axis(w, i, in, extent, out, theirs) ||
               cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    const int64_t low = w->valid ? 0 : w->p[i], high = w->valid ? 0 : w->p[i + w->axes];
    /* As in onnxruntime: otherwise a window could lie in the padding alone. */
    if (low >= w->k[i] || high >= w->k[i]) {
        return cnn_call_fail(c, CNN_E_NODE_PAD, low > high ? low : high, w->k[i]);
    }
    int64_t up = 0;
    if (!cnn_onnx_floor(in, extent, w->s[i], low, high, out) ||
        !cnn_onnx_ceil(in, extent, w->s[i], low, high, &up)) {
        return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    const bool fits = in + low + high >= extent;
    *theirs = w->ceil ? up : fits ? *out : truncated(in + low + high, extent, w->s[i]);
    *out = w->ceil && !w->valid ? up : *out;
    return *out >= 0 || cnn_call_fail(c, CNN_E_NODE_WINDOW, extent, in + low + high);
}

/* Which case of docs/model-files.md a deviation is. */
static bool note_pool(cnn_call *c, const pool *w, const cnn_sizes *ours, const cnn_sizes *theirs)
{
    return cnn_sizes_equal(ours, theirs) || cnn_note_add(c,
                                                         w->same ? CNN_NOTE_SAME_DILATION
                                                         : w->valid && w->ceil ? CNN_NOTE_VALID_CEIL
                                                                               : CNN_NOTE_WINDOW,
                                                         theirs);
}

/* The first spatial axis: 1 where channels are last, else 2. */
static int32_t first_axis(const cnn_call *c)
{
    const bool last =
        cnn_attr_int(c, "channels_last", 0) != 0 || strncmp(c->op->name, "Nhwc", 4) == 0;
    return last ? 1 : 2;
}

bool cnn_infer_pool(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    pool w = {0};
    if (x == NULL) {
        return true;
    }
    if (x->rank < 3) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, 0);
    }
    if (!read_pool(c, x->rank - 2, &w)) {
        return false;
    }
    const int32_t first = first_axis(c);
    cnn_sizes y = *x, theirs = *x;
    for (int32_t i = 0; i < w.axes; i++) {
        if (!pool_axis(c, &w, i, x->size[first + i], &y.size[first + i], &theirs.size[first + i])) {
            return false;
        }
    }
    /* MaxPool's second output has the index of each maximum. */
    if (c->outs > 1) {
        c->out[1]->type = CNN_T_INT64;
    }
    cnn_out_sizes(c, 1, &y);
    cnn_out_sizes(c, 0, &y);
    return note_pool(c, &w, &y, &theirs);
}

bool cnn_infer_global(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    if (x == NULL) {
        return true;
    }
    if (x->rank < 3) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, 0);
    }
    cnn_sizes y = *x;
    const int32_t first = first_axis(c);
    for (int32_t i = first; i < first + x->rank - 2; i++) {
        y.size[i] = 1;
    }
    return cnn_out_sizes(c, 0, &y);
}

/* (in - 1)s + k - padding, or what input 2 asks for. */
bool cnn_infer_unpool(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    pool w = {0};
    int64_t wanted[CNN_RANK];
    int32_t count;
    if (x == NULL || x->rank < 3) {
        return x == NULL || cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, 0);
    }
    if (!read_pool(c, x->rank - 2, &w)) {
        return false;
    }
    cnn_sizes y = *x;
    const bool asked = cnn_known_ints(c, 2, wanted, CNN_RANK, &count) && count == x->rank;
    for (int32_t i = 0; i < w.axes; i++) {
        int64_t *size = &y.size[i + 2];
        if (cnn_has(c, 2)) {
            *size = asked ? wanted[i + 2] : CNN_SOME;
        } else if (*size >= 0 && !cnn_onnx_transposed(*size, w.k[i], w.s[i], 0, size)) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        } else if (*size >= 0) {
            *size -= w.p[i] + w.p[i + w.axes];
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

/* A map for each region: rois are [regions, 5] or [regions, 4]. */
static bool region_dims(cnn_call *c, int64_t height, int64_t width)
{
    const cnn_sizes *x = cnn_in(c, 0), *rois = cnn_in(c, 1);
    const int64_t regions = rois != NULL && rois->rank > 0 ? rois->size[0] : CNN_SOME;
    const int64_t channels = x != NULL && x->rank > 1 ? x->size[1] : CNN_SOME;
    if (height < 1 || width < 1 || height > INT32_MAX || width > INT32_MAX) {
        return cnn_call_fail(c, CNN_E_NODE_EMPTY, height < 1 ? height : width, 0);
    }
    const cnn_sizes y = {4, {regions, channels, height, width}};
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_roi_pool(cnn_call *c)
{
    int64_t pooled[2];
    return cnn_attr_fill(c, "pooled_shape", pooled, 2, 0) && region_dims(c, pooled[0], pooled[1]);
}

bool cnn_infer_roi_align(cnn_call *c)
{
    return region_dims(c, cnn_attr_int(c, "output_height", 1), cnn_attr_int(c, "output_width", 1));
}

/* [N, C * block, L] becomes [N, C, image]. */
bool cnn_infer_col2im(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t image[CNN_RANK], block[CNN_RANK], area = 1;
    int32_t axes, blocks;
    if (!cnn_known_ints(c, 1, image, SPATIAL, &axes) ||
        !cnn_known_ints(c, 2, block, SPATIAL, &blocks)) {
        return true;
    }
    for (int32_t i = 0; i < blocks; i++) {
        if (block[i] < 1 || !cnn_checked_mul(area, block[i], &area)) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
    }
    cnn_sizes y = cnn_sizes_unknown(axes + 2);
    if (x != NULL && x->rank == 3) {
        y.size[0] = x->size[0];
        y.size[1] = x->size[1] >= 0 ? x->size[1] / area : CNN_SOME;
    }
    for (int32_t i = 0; i < axes; i++) {
        y.size[i + 2] = image[i];
    }
    return cnn_out_sizes(c, 0, &y);
}
