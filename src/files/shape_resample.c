/* Operators that make maps larger or smaller without a window. */
#include "base/checked.h"
#include "files/shapes.h"

/* floor(in * scale), multiplied in single precision: 100 * 0.53 is 53, in double precision 52. */
static bool scaled(int64_t in, double scale, int64_t *out)
{
    *out = CNN_SOME;
    if (in < 0) {
        return true;
    }
    const float product = (float)in * (float)scale;
    if (!(product >= 0.0f && product < 9.0e18f)) {
        return false;
    }
    *out = (int64_t)product;
    return true;
}

/* The axes that a Resize works on, from opset 18 on; all of them by default. */
typedef struct resized {
    int32_t axes[CNN_RANK], count;
    bool from_end[CNN_RANK]; /* whether they are written by negative numbers */
} resized;

static bool resize_axes(cnn_call *c, int32_t rank, resized *out)
{
    int64_t list[CNN_RANK];
    if (!cnn_attr_ints(c, "axes", list, CNN_RANK, &out->count)) {
        return false;
    }
    const bool all = out->count == CNN_SOME;
    out->count = all ? rank : out->count;
    for (int32_t i = 0; i < out->count; i++) {
        out->from_end[i] = !all && list[i] < 0;
        if (!cnn_axis(c, all ? i : list[i], rank, &out->axes[i])) {
            return false;
        }
    }
    return true;
}

/* Half up, as keep_aspect_ratio_policy rounds. */
static int64_t rounded(double number)
{
    return (int64_t)(number + 0.5);
}

/* The one scale that fits the axes into the sizes or around them. Below 0: there are no axes. */
static double common_scale(const cnn_sizes *x, const resized *r, const cnn_value *sizes,
                           bool around, bool counted_from_end)
{
    double scale = -1;
    for (int32_t i = 0; i < r->count; i++) {
        const double ratio = (double)sizes->data[i].i / (double)x->size[r->axes[i]];
        const bool better = scale < 0 || (around ? ratio > scale : ratio < scale);
        scale = better && (counted_from_end || !r->from_end[i]) ? ratio : scale;
    }
    return scale;
}

/* Keeps the ratio of the sides. onnxruntime leaves axes out that are counted from the end. */
static bool keep_ratio(cnn_call *c, const cnn_sizes *x, const resized *r, const cnn_value *sizes,
                       bool around, cnn_sizes *y)
{
    const double ours = common_scale(x, r, sizes, around, true);
    const double other = common_scale(x, r, sizes, around, false);
    cnn_sizes theirs = *x;
    for (int32_t i = 0; i < r->count; i++) {
        const int32_t axis = r->axes[i];
        y->size[axis] = rounded(ours * (double)x->size[axis]);
        if (!r->from_end[i]) {
            theirs.size[axis] = rounded(other * (double)x->size[axis]);
        }
    }
    return cnn_sizes_equal(y, &theirs) || cnn_note_add(c, CNN_NOTE_RATIO, &theirs);
}

/* Sizes as given, or those that the policy makes of them. */
static bool resize_to(cnn_call *c, const cnn_sizes *x, const resized *r, const cnn_value *sizes,
                      cnn_sizes *y)
{
    const bool into = cnn_attr_is(c, "keep_aspect_ratio_policy", "not_larger");
    const bool around = cnn_attr_is(c, "keep_aspect_ratio_policy", "not_smaller");
    for (int32_t i = 0; i < r->count; i++) {
        const int64_t in = x->size[r->axes[i]], size = sizes->data[i].i;
        if (size < 0 || size > INT32_MAX) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "sizes", size, 0);
        }
        y->size[r->axes[i]] = size;
        /* The common scale depends on every axis, so one unknown size makes all of them unknown. */
        if ((into || around) && in <= 0) {
            *y = cnn_sizes_unknown(x->rank);
            return true;
        }
    }
    return (!into && !around) || keep_ratio(c, x, r, sizes, around, y);
}

/* An input without elements counts as left out: exporters hand in empty roi and scales. */
static bool is_given(const cnn_call *c, int32_t i)
{
    const cnn_sizes *dims = cnn_in(c, i);
    return cnn_has(c, i) && (dims == NULL || dims->rank != 1 || dims->size[0] != 0);
}

/* Whether input i may be empty, for all that is known. */
static bool may_be_empty(const cnn_call *c, int32_t i)
{
    const cnn_sizes *dims = cnn_in(c, i);
    return dims == NULL || !cnn_sizes_known(dims);
}

/* The part of the map between the ends of a region of interest; begins first, then ends. */
static double roi_part(const cnn_value *roi, int32_t i, int32_t count)
{
    return roi == NULL ? 1 : roi->data[i + count].f - roi->data[i].f;
}

static bool resize_by(cnn_call *c, const cnn_sizes *x, const resized *r, const cnn_value *scales,
                      cnn_sizes *y)
{
    const int32_t count = r->count;
    const bool cropped = cnn_attr_is(c, "coordinate_transformation_mode", "tf_crop_and_resize");
    const cnn_value *roi = cropped ? cnn_known(c, 1) : NULL;
    const bool fits = roi != NULL && roi->dims.rank == 1 && roi->dims.size[0] == 2 * count &&
                      cnn_elements[roi->type].real;
    /* `theirs` is without the region of interest, which onnxruntime leaves out of its sizes. */
    cnn_sizes theirs = *y;
    if (cropped && roi == NULL && is_given(c, 1)) {
        *y = cnn_sizes_unknown(x->rank);
        return true;
    }
    for (int32_t i = 0; i < count; i++) {
        const int32_t axis = r->axes[i];
        const double scale = scales->data[i].f;
        const double part = roi_part(fits ? roi : NULL, i, count);
        if (!(scale > 0) || !scaled(x->size[axis], scale, &theirs.size[axis]) ||
            !scaled(x->size[axis], part == 1 ? scale : part * scale, &y->size[axis])) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "scales", (int64_t)(scale > 0), 0);
        }
    }
    return cnn_sizes_equal(y, &theirs) || cnn_note_add(c, CNN_NOTE_ROI, &theirs);
}

bool cnn_infer_resize(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    /* Opset 10: X, scales. From 11 on: X, roi, scales, sizes; exactly one of the last two is
     * given. */
    const int32_t at = c->version < 11 ? 1 : 2;
    bool by = is_given(c, at), to = c->version >= 11 && is_given(c, 3);
    resized r;
    /* One of the two has an unknown size and may be the empty one: the certain one is used. */
    if (by && to && may_be_empty(c, at) != may_be_empty(c, 3)) {
        by = !may_be_empty(c, at);
        to = !by;
    }
    if (by == to) {
        return cnn_call_fail_attr(c, by ? CNN_E_NODE_BOTH : CNN_E_NODE_ATTR_MISSING, "scales", 0,
                                  0);
    }
    if (x == NULL) {
        return true;
    }
    const cnn_value *given = cnn_known(c, to ? 3 : at);
    if (!resize_axes(c, x->rank, &r)) {
        return false;
    }
    if (given == NULL || given->dims.rank != 1 ||
        (to ? !cnn_elements[given->type].whole : !cnn_elements[given->type].real)) {
        const cnn_sizes unknown = cnn_sizes_unknown(x->rank);
        return cnn_out_sizes(c, 0, &unknown);
    }
    if (given->dims.size[0] != r.count) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, to ? "sizes" : "scales",
                                  given->dims.size[0], r.count);
    }
    cnn_sizes y = *x;
    return (to ? resize_to : resize_by)(c, x, &r, given, &y) && cnn_out_sizes(c, 0, &y);
}

/* Scales are an attribute until opset 8, then an input. Below 1 they do not enlarge. */
bool cnn_infer_upsample(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const cnn_onnx_attr *list = cnn_attr_of(c, "scales");
    const cnn_value *input = cnn_known(c, 1);
    if (x == NULL) {
        return true;
    }
    cnn_sizes y = cnn_sizes_unknown(x->rank);
    const cnn_number *scales = list != NULL ? list->numbers : input != NULL ? input->data : NULL;
    if (scales == NULL) {
        return list == NULL && c->ins < 2 && c->version >= 7
                   ? cnn_call_fail_attr(c, CNN_E_NODE_ATTR_MISSING, "scales", 0, 0)
                   : cnn_out_sizes(c, 0, &y);
    }
    const int64_t count = list != NULL            ? list->count
                          : input->dims.rank == 1 ? input->dims.size[0]
                                                  : 1;
    if (count != x->rank) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "scales", count, x->rank);
    }
    for (int32_t i = 0; i < x->rank; i++) {
        if (!(scales[i].f >= 1) || !scaled(x->size[i], scales[i].f, &y.size[i])) {
            return cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "scales", 0, 0);
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

/* ---- padding ---- */

/* The numbers of a Pad, begins and then ends. *known false: they are computed. */
static bool read_pads(cnn_call *c, int64_t *pads, int32_t *count, bool *known)
{
    *known = true;
    /* Attributes up to opset 10, inputs from 11 on and in com.microsoft. */
    if (c->version >= 11 || strcmp(c->op->domain, "") != 0) {
        *known = cnn_known_ints(c, 1, pads, 2 * CNN_RANK, count);
        return true;
    }
    return cnn_attr_ints(c, c->version < 2 ? "paddings" : "pads", pads, 2 * CNN_RANK, count);
}

/* A reflection repeats no edge, so each side is less than the input, or than what is left of it
 * when a negative number cuts the other side. */
static bool check_mode(cnn_call *c, int64_t in, int64_t low, int64_t high)
{
    const bool reflect = cnn_attr_is(c, "mode", "reflect");
    const int64_t left = in + (low < 0 ? low : 0) + (high < 0 ? high : 0);
    return !reflect || in < 0 || (low < left && high < left) ||
           cnn_call_fail(c, CNN_E_NODE_PAD, low > high ? low : high, in);
}

bool cnn_pad_ends(cnn_call *c, int64_t *low, int64_t *high, bool *known)
{
    const int32_t rank = c->in[0]->dims.rank;
    int64_t pads[2 * CNN_RANK];
    int32_t axes[CNN_RANK], count = 0, given = CNN_SOME;
    bool placed = true;
    memset(low, 0, CNN_RANK * sizeof *low);
    memset(high, 0, CNN_RANK * sizeof *high);
    if (!read_pads(c, pads, &count, known) ||
        (cnn_has(c, 3) && !cnn_axes(c, 3, rank, axes, &given, &placed))) {
        return false;
    }
    *known = *known && placed;
    if (!*known) {
        return true;
    }
    const int32_t padded = given == CNN_SOME ? rank : given;
    if (count != 2 * padded) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "pads", count, 2 * (int64_t)padded);
    }
    for (int32_t i = 0; i < padded; i++) {
        const int32_t axis = given == CNN_SOME ? i : axes[i];
        low[axis] = pads[i];
        high[axis] = pads[i + padded];
    }
    return true;
}

bool cnn_infer_pad(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t low[CNN_RANK], high[CNN_RANK];
    bool known;
    if (x == NULL) {
        return true;
    }
    if (!cnn_pad_ends(c, low, high, &known)) {
        return false;
    }
    cnn_sizes y = known ? *x : cnn_sizes_unknown(x->rank);
    for (int32_t i = 0; known && i < x->rank; i++) {
        int64_t *size = &y.size[i], sum = 0;
        if (*size >= 0 &&
            (!cnn_checked_add(low[i], high[i], &sum) || !cnn_checked_add(*size, sum, size))) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
        if (x->size[i] >= 0 && *size < 0) {
            return cnn_call_fail(c, CNN_E_NODE_EMPTY, *size, 0);
        }
        if (!check_mode(c, x->size[i], low[i], high[i])) {
            return false;
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

/* ---- channels and positions ---- */

static bool blocks_fit(cnn_call *c, const cnn_sizes *x, int64_t b)
{
    /* The upper bound keeps b * b within 32 bits, far from an overflow. */
    return (x->rank == 4 && b >= 1 && b <= 65535) ||
           cnn_call_fail_attr(c, CNN_E_NODE_RANGE, "blocksize", b, 0);
}

/* Channels become blocks of b x b positions. */
bool cnn_infer_depth_to_space(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const int64_t b = cnn_attr_int(c, "blocksize", 0);
    if (x == NULL || !blocks_fit(c, x, b)) {
        return x == NULL;
    }
    cnn_sizes y = *x;
    if (x->size[1] >= 0 && x->size[1] % (b * b) != 0) {
        return cnn_call_fail_attr(c, CNN_E_NODE_DIVIDE, "blocksize", b * b, x->size[1]);
    }
    y.size[1] = x->size[1] >= 0 ? x->size[1] / (b * b) : CNN_SOME;
    for (int32_t i = 2; i < 4; i++) {
        if (y.size[i] >= 0 && !cnn_checked_mul(y.size[i], b, &y.size[i])) {
            return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
        }
    }
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_space_to_depth(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    const int64_t b = cnn_attr_int(c, "blocksize", 0);
    if (x == NULL || !blocks_fit(c, x, b)) {
        return x == NULL;
    }
    cnn_sizes y = *x;
    if (y.size[1] >= 0 && !cnn_checked_mul(y.size[1], b * b, &y.size[1])) {
        return cnn_call_fail(c, CNN_E_NODE_OVERFLOW, 0, 0);
    }
    for (int32_t i = 2; i < 4; i++) {
        if (y.size[i] >= 0 && y.size[i] % b != 0) {
            return cnn_call_fail_attr(c, CNN_E_NODE_DIVIDE, "blocksize", b, y.size[i]);
        }
        y.size[i] = y.size[i] >= 0 ? y.size[i] / b : CNN_SOME;
    }
    return cnn_out_sizes(c, 0, &y);
}

/* Samples X at the points of a grid [N, ..., axes]. */
bool cnn_infer_grid_sample(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0), *grid = cnn_in(c, 1);
    if (x == NULL || grid == NULL) {
        return true;
    }
    if (x->rank != grid->rank || x->rank < 3) {
        return cnn_call_fail(c, CNN_E_NODE_RANK, x->rank, grid->rank);
    }
    cnn_sizes y = *x;
    for (int32_t i = 2; i < x->rank; i++) {
        y.size[i] = grid->size[i - 1];
    }
    return cnn_out_sizes(c, 0, &y);
}

/* size is N, C, H, W or N, C, D, H, W; the grid has no channels but coordinates. */
bool cnn_infer_affine_grid(cnn_call *c)
{
    int64_t size[CNN_RANK];
    int32_t count;
    if (!cnn_known_ints(c, 1, size, CNN_RANK, &count)) {
        return true;
    }
    if (count < 4) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "size", count, 4);
    }
    cnn_sizes y = {count, {size[0]}};
    for (int32_t i = 2; i < count; i++) {
        y.size[i - 1] = size[i];
    }
    y.size[count - 1] = count - 2;
    return cnn_out_sizes(c, 0, &y);
}

bool cnn_infer_center_crop(cnn_call *c)
{
    const cnn_sizes *x = cnn_in(c, 0);
    int64_t list[CNN_RANK], size[CNN_RANK];
    int32_t count, wanted, axis;
    if (x == NULL || !cnn_attr_ints(c, "axes", list, CNN_RANK, &count)) {
        return x == NULL;
    }
    cnn_sizes y = *x;
    const bool known = cnn_known_ints(c, 1, size, CNN_RANK, &wanted);
    const int32_t axes = count == CNN_SOME ? x->rank : count;
    if (known && wanted != axes) {
        return cnn_call_fail_attr(c, CNN_E_NODE_LENGTH, "shape", wanted, axes);
    }
    for (int32_t i = 0; i < axes; i++) {
        if (!cnn_axis(c, count == CNN_SOME ? i : list[i], x->rank, &axis)) {
            return false;
        }
        y.size[axis] = known ? size[i] : CNN_SOME;
    }
    return cnn_out_sizes(c, 0, &y);
}
