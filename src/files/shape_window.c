/* Operators that slide a window: convolutions and pools, in any number of dimensions. */
#include "base/checked.h"
#include "files/onnx_window.h"
#include "files/shapes.h"

enum { SPATIAL = CNN_RANK - 2 };

typedef enum padding { EXPLICIT, VALID, SAME } padding;

/* The window's attributes. k kernel, s stride, d dilation, p padding at both ends of each axis. */
typedef struct window {
    int32_t axes;
    int64_t k[SPATIAL], s[SPATIAL], d[SPATIAL], p[2 * SPATIAL];
    padding padding;
} window;

static bool check_range(cnn_call *c, const char *name, const int64_t *list, int32_t count,
                        int64_t least)
{
    for (int32_t i = 0; i < count; i++) {
        if (list[i] < least || list[i] > INT32_MAX) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, name, list[i], 0);
        }
    }
    return true;
}

static bool read_padding(cnn_call *c, window *w)
{
    const cnn_onnx_attr *way = cnn_attr_of(c, "auto_pad");
    const bool same =
        cnn_attr_is(c, "auto_pad", "SAME_UPPER") || cnn_attr_is(c, "auto_pad", "SAME_LOWER");
    const bool valid = cnn_attr_is(c, "auto_pad", "VALID");
    if (way != NULL && way->s.size > 0 && !same && !valid &&
        !cnn_attr_is(c, "auto_pad", "NOTSET")) {
        return cnn_call_fail_attr(c, CNN_E_NODE_WORD, "auto_pad", 0, 0);
    }
    w->padding = same ? SAME : valid ? VALID : EXPLICIT;
    return cnn_attr_fill(c, "pads", w->p, 2 * w->axes, 0) &&
           check_range(c, "pads", w->p, 2 * w->axes, 0);
}

static bool read_window(cnn_call *c, int32_t axes, window *w)
{
    w->axes = axes;
    return cnn_attr_fill(c, "strides", w->s, axes, 1) &&
           cnn_attr_fill(c, "dilations", w->d, axes, 1) &&
           check_range(c, "strides", w->s, axes, 1) && check_range(c, "dilations", w->d, axes, 1) &&
           read_padding(c, w);
}

/* ---- convolutions ---- */

/* Which inputs are x and weights. */
static void operands(const cnn_call *c, const cnn_sizes **x, const cnn_sizes **weights)
{
    const bool scaled = c->op->slots[1] == '.'; /* QLinearConv: scales and zero points between */
    *x = cnn_in(c, 0);
    *weights = cnn_in(c, scaled ? 3 : 1);
}

/* The kernel is as large as the weights; an attribute may repeat that. */
static bool read_kernel(cnn_call *c, const cnn_sizes *weights, window *w)
{
    int32_t given;
    if (!cnn_attr_ints(c, "kernel_shape", w->k, SPATIAL, &given)) {
        return false;
    }
    if (given != CNN_SOME && given != w->axes) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "kernel_shape", given, w->axes);
    }
    for (int32_t i = 0; i < w->axes; i++) {
        const int64_t size = weights == NULL ? CNN_SOME : weights->size[i + 2];
        if (given == CNN_SOME) {
            w->k[i] = size;
        } else if (size >= 0 && w->k[i] != size) {
            return cnn_call_fail_attr(c, CNN_E_NODE_KERNEL, "kernel_shape", w->k[i], size);
        }
    }
    return true;
}

/* One bias for each of `channels`. */
static bool check_bias(cnn_call *c, int32_t i, int64_t channels)
{
    const cnn_sizes *bias = cnn_in(c, i);
    const bool known = bias != NULL && channels >= 0 && (bias->rank != 1 || bias->size[0] >= 0);
    return !known || (bias->rank == 1 && bias->size[0] == channels) ||
           cnn_call_fail(c, CNN_E_NODE_SIZES, bias->rank == 1 ? bias->size[0] : 0, channels);
}

/* Channels, groups and ranks that have to agree. */
static bool check_conv(cnn_call *c, const cnn_sizes *x, const cnn_sizes *weights, int64_t group)
{
    if (group < 1) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "group", group, 0);
    }
    if (x->rank < 3 || (weights != NULL && weights->rank != x->rank)) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, weights == NULL ? 0 : weights->rank);
    }
    return true;
}

/* The size of one axis; CNN_SOME where it is not known. */
static bool conv_axis(cnn_call *c, const window *w, int32_t i, int64_t in, int64_t *out)
{
    *out = CNN_SOME;
    if (in < 0 || w->k[i] < 0) {
        return true;
    }
    int64_t extent = 0;
    if (w->k[i] < 1 || !cnn_onnx_extent(w->k[i], w->d[i], &extent)) {
        return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "kernel_shape", w->k[i], 0);
    }
    if (w->padding == SAME) {
        *out = cnn_onnx_same(in, w->s[i]);
        return true;
    }
    const int64_t low = w->padding == VALID ? 0 : w->p[i];
    const int64_t high = w->padding == VALID ? 0 : w->p[i + w->axes];
    if (!cnn_onnx_floor(in, extent, w->s[i], low, high, out)) {
        return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    return *out >= 1 || cnn_call_fail(c, CNN_E_NODE_WINDOW, extent, in + low + high);
}

static bool has_dilation(const window *w)
{
    bool dilated = false;
    for (int32_t i = 0; i < w->axes; i++) {
        dilated = dilated || w->d[i] > 1;
    }
    return dilated;
}

/* Where channels are: next to the batch, or last in some of com.microsoft's. */
static int32_t channel_axis(const cnn_call *c, const cnn_sizes *x)
{
    const bool last =
        cnn_attr_int(c, "channels_last", 0) != 0 || strncmp(c->op->name, "Nhwc", 4) == 0;
    return last ? x->rank - 1 : 1;
}

bool cnn_infer_conv(cnn_call *c)
{
    const cnn_sizes *x, *weights;
    window w = {0};
    operands(c, &x, &weights);
    const int64_t group = cnn_attr_int(c, "group", 1);
    if (x == NULL) {
        return true;
    }
    const int32_t channels = channel_axis(c, x), first = channels == 1 ? 2 : 1;
    if (!check_conv(c, x, weights, group) || !read_window(c, x->rank - 2, &w) ||
        !read_kernel(c, weights, &w)) {
        return false;
    }
    if (w.padding != EXPLICIT && cnn_attr_of(c, "pads") != NULL) {
        return cnn_call_fail_attr(c, CNN_E_NODE_BOTH, "pads", 0, 0);
    }
    cnn_sizes y = *x;
    y.size[channels] = weights == NULL ? CNN_SOME : weights->size[0];
    if (weights != NULL && x->size[channels] >= 0 && weights->size[1] >= 0 &&
        (weights->size[1] > INT64_MAX / group || x->size[channels] != weights->size[1] * group ||
         (y.size[channels] >= 0 && y.size[channels] % group != 0))) {
        return cnn_call_fail(c, CNN_E_NODE_CHANNELS, x->size[channels], weights->size[1]);
    }
    for (int32_t i = 0; i < w.axes; i++) {
        if (!conv_axis(c, &w, i, x->size[first + i], &y.size[first + i])) {
            return false;
        }
    }
    /* The position of 'b' in the slots is the index of the bias among the inputs. */
    const char *bias = strchr(c->op->slots, 'b');
    if (bias != NULL && !check_bias(c, (int32_t)(bias - c->op->slots), y.size[channels])) {
        return false;
    }
    cnn_out_sizes(c, 0, &y);
    return w.padding != SAME || !has_dilation(&w) || cnn_note_add(c, CNN_NOTE_SAME_REFUSED, &y);
}

/* ---- transposed convolution ---- */

/* One axis. `theirs` is what onnxruntime makes: with SAME it never crops what is not there. */
static bool transposed_axis(cnn_call *c, const window *w, int32_t i, int64_t in, int64_t extra,
                            int64_t wanted, int64_t *out, int64_t *theirs)
{
    *out = CNN_SOME;
    *theirs = CNN_SOME;
    if (in < 0 || w->k[i] < 0) {
        return true;
    }
    int64_t extent = 0, whole = 0;
    if (w->k[i] < 1 || !cnn_onnx_extent(w->k[i], w->d[i], &extent) ||
        !cnn_onnx_transposed(in, extent, w->s[i], extra, &whole)) {
        return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    /* output_shape: the padding follows from it. More than s - 1 rows cannot be added. */
    if (wanted > 0) {
        *out = wanted;
        *theirs = wanted;
        return wanted - (whole - extra) < w->s[i] ||
               cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "output_shape", wanted, 0);
    }
    if (w->padding == SAME) {
        if (!cnn_checked_mul(in, w->s[i], out)) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
        *theirs = whole < *out ? whole : *out;
        return true;
    }
    *out = whole;
    if (w->padding == EXPLICIT) {
        *out -= w->p[i] + w->p[i + w->axes];
    }
    *theirs = *out;
    return *out >= 1 || cnn_call_fail(c, CNN_E_NODE_EMPTY, *out, 0);
}

/* output_padding, and the sizes that output_shape wants; 0: it wants none. */
static bool read_transposed(cnn_call *c, const window *w, int64_t *extra, int64_t *wanted)
{
    if (!cnn_attr_fill(c, "output_padding", extra, w->axes, 0) ||
        !cnn_attr_fill(c, "output_shape", wanted, w->axes, 0)) {
        return false;
    }
    for (int32_t i = 0; i < w->axes; i++) {
        if (extra[i] < 0 || (extra[i] >= w->s[i] && extra[i] > 0)) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "output_padding", extra[i], 0);
        }
    }
    return check_range(c, "output_shape", wanted, w->axes, 0);
}

bool cnn_infer_transposed(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *weights = cnn_in(c, 1);
    const int64_t group = cnn_attr_int(c, "group", 1);
    window w = {0};
    int64_t extra[SPATIAL], wanted[SPATIAL];
    if (x == NULL) {
        return true;
    }
    if (!check_conv(c, x, weights, group) || !read_window(c, x->rank - 2, &w) ||
        !read_kernel(c, weights, &w) || !read_transposed(c, &w, extra, wanted)) {
        return false;
    }
    if (w.padding != EXPLICIT && cnn_attr_of(c, "pads") != NULL) {
        return cnn_call_fail_attr(c, CNN_E_NODE_BOTH, "pads", 0, 0);
    }
    cnn_sizes y = *x, theirs;
    y.size[1] = CNN_SOME;
    if (weights != NULL && weights->size[1] >= 0 &&
        !cnn_checked_mul(weights->size[1], group, &y.size[1])) {
        return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    if (weights != NULL && x->size[1] >= 0 && weights->size[0] >= 0 &&
        (x->size[1] != weights->size[0] || x->size[1] % group != 0)) {
        return cnn_call_fail(c, CNN_E_NODE_CHANNELS, x->size[1], weights->size[0]);
    }
    if (!check_bias(c, 2, y.size[1])) {
        return false;
    }
    theirs = y;
    for (int32_t i = 0; i < w.axes; i++) {
        if (!transposed_axis(c, &w, i, x->size[i + 2], extra[i], wanted[i], &y.size[i + 2],
                             &theirs.size[i + 2])) {
            return false;
        }
    }
    cnn_out_sizes(c, 0, &y);
    return cnn_sizes_equal(&y, &theirs) || cnn_note_add(c, CNN_NOTE_TRANSPOSED_SAME, &theirs);
}
