/* The layers of Caffe's prototxt that join, cut and arrange blobs. Axis 0 is the batch. */
#include "base/checked.h"
#include "paste/prototxt.h"

bool cnn_prototxt_join(cnn_prototxt_job *j, const char *op, const cnn_items *parts)
{
    const cnn_py_node place = {.span = j->span};
    cnn_py out;
    if (!cnn_tensor_join(j->r->p, op, &place, parts->at, parts->count, &out)) {
        return false;
    }
    j->out = out.tensor;
    return true;
}

/* axis, which may count from the end, or by its old name. */
static bool axis_of(const cnn_prototxt_job *j, const char *old, int64_t standard, int32_t *out)
{
    int64_t at;
    return cnn_prototxt_number(j->r, j->param, old, 0, standard, &at) &&
           cnn_prototxt_signed(j->r, j->param, "axis", 0, at, &at) &&
           cnn_axis_at(j->r->p, at, j->in->shape.axes + 2, j->span, out);
}

/* ---- several into one ---- */

static bool concat(cnn_prototxt_job *j)
{
    const cnn_py_node place = {.span = j->span};
    int32_t axis;
    cnn_py out;
    if (!axis_of(j, "concat_dim", 1, &axis)) {
        return false;
    }
    if (axis == 1) {
        return cnn_prototxt_join(j, "cat", &j->bottoms);
    }
    if (!cnn_tensor_cat_sides(j->r->p, &j->bottoms, axis, 1, &place, &out)) {
        return false;
    }
    j->out = out.tensor;
    return true;
}

/* Caffe does not stretch sides of 1 here. coeff are factors of whole blobs. */
static bool eltwise(cnn_prototxt_job *j)
{
    const bool product = cnn_prototxt_says(j->param, "operation", "PROD") ||
                         cnn_prototxt_says(j->param, "operation", "0");
    for (int32_t i = 1; i < j->bottoms.count; i++) {
        const cnn_shape *shape = &j->bottoms.at[i].tensor->shape;
        if (!cnn_tensors_alike(shape, &j->in->shape)) {
            j->r->p->err->shape[0] = j->in->shape;
            j->r->p->err->shape[1] = *shape;
            return cnn_fail(j->r->p->err, product ? CNN_E_MUL_SHAPES : CNN_E_ADD_SHAPES, j->span);
        }
    }
    return cnn_prototxt_join(j, product ? "mul" : "add", &j->bottoms);
}

/* Of SENet's authors: a factor for each channel of x, then a sum: a*x + y. */
static bool axpy(cnn_prototxt_job *j)
{
    cnn_items parts = {0};
    if (j->bottoms.count != 3) {
        return cnn_fail_numbers(j->r->p->err, CNN_E_SOURCES, j->span, 3, j->bottoms.count);
    }
    if (!cnn_py_append(j->r->p, &parts, &j->bottoms.at[1]) ||
        !cnn_py_append(j->r->p, &parts, &j->bottoms.at[0]) ||
        !cnn_prototxt_join(j, "mul", &parts)) {
        return false;
    }
    parts.at[0].tensor = j->out;
    parts.at[1] = j->bottoms.at[2];
    return cnn_prototxt_join(j, "add", &parts);
}

/* ---- one into several ---- */

/* A blob under several names, which Caffe itself puts in where one is read twice. */
static bool split(cnn_prototxt_job *j)
{
    j->out = (cnn_tensor *)j->in;
    for (int32_t i = 1; cnn_prototxt_get(j->layer, "top", i) != NULL; i++) {
        if (!cnn_py_append(j->r->p, &j->tops, &j->bottoms.at[0])) {
            return false;
        }
    }
    return true;
}

/* The sizes of the parts: between the slice_points, or equal ones. */
static bool slice_sizes(const cnn_prototxt_job *j, int64_t all, cnn_items *out)
{
    const int32_t tops = cnn_prototxt_count(j->layer, "top");
    const int32_t points = cnn_prototxt_count(j->param, "slice_point");
    if (tops == 0 || (points > 0 ? points != tops - 1 : all % tops != 0)) {
        return points > 0 ? cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_SLICE, j->span, points, tops)
                          : cnn_fail_numbers(j->r->p->err, CNN_E_SPLIT, j->span, tops, all);
    }
    int64_t before = 0;
    for (int32_t i = 0; i < tops; i++) {
        const int64_t equal = points > 0 ? all : before + all / tops;
        int64_t end;
        if (!cnn_prototxt_number(j->r, j->param, "slice_point", i, equal, &end)) {
            return false;
        }
        const cnn_py size = cnn_py_int(end - before, j->span);
        if (end <= before || end > all) {
            return cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_INDEX, j->span, end, all);
        }
        if (!cnn_py_append(j->r->p, out, &size)) {
            return false;
        }
        before = end;
    }
    return true;
}

static bool slice(cnn_prototxt_job *j)
{
    int64_t sizes[CNN_SAMPLE_AXES];
    int32_t axis;
    cnn_items parts = {0};
    cnn_py out;
    (void)cnn_tensor_axes(j->r->p, j->in, sizes);
    if (!axis_of(j, "slice_dim", 1, &axis) || !slice_sizes(j, sizes[axis - 1], &parts) ||
        !cnn_tensor_split(j->r->p, j->in, &parts, axis, j->span, &out)) {
        return false;
    }
    j->out = out.items->at[0].tensor;
    j->tops = (cnn_items){out.items->at + 1, out.items->count - 1, 0};
    return true;
}

/* ---- crops ---- */

/* From `axis` on as large as the second bottom, after the offsets: one for all axes, or one each.
 */
static bool crop(cnn_prototxt_job *j)
{
    cnn_paster *p = j->r->p;
    int64_t in[CNN_SAMPLE_AXES], to[CNN_SAMPLE_AXES], low[CNN_SAMPLE_AXES] = {0},
                                                      high[CNN_SAMPLE_AXES] = {0}, most = 0;
    const int32_t count = cnn_tensor_axes(p, j->in, in);
    const int32_t offsets = cnn_prototxt_count(j->param, "offset");
    int32_t axis;
    if (!axis_of(j, "axis", 2, &axis)) {
        return false;
    }
    if (j->bottoms.count != 2 || cnn_tensor_axes(p, j->bottoms.at[1].tensor, to) != count) {
        return cnn_fail_numbers(p->err, CNN_E_SOURCES, j->span, 2, j->bottoms.count);
    }
    if (offsets > 1 && offsets != count + 1 - axis) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_SIDES, j->span, offsets, count + 1 - axis);
    }
    for (int32_t i = axis - 1; i < count; i++) {
        const int32_t which = offsets > 1 ? i + 1 - axis : 0;
        if (!cnn_prototxt_number(j->r, j->param, "offset", which, 0, &low[i])) {
            return false;
        }
        high[i] = in[i] - to[i];
        if (low[i] > high[i]) {
            p->err->shape[0] = j->bottoms.at[1].tensor->shape;
            p->err->shape[1] = j->in->shape;
            return cnn_fail(p->err, CNN_E_CROP, j->span);
        }
        high[i] -= low[i];
        most |= i > 0 ? low[i] | high[i] : 0;
    }
    j->out = (cnn_tensor *)j->in;
    if (low[0] + high[0] > 0) {
        cnn_spec spec = cnn_spec_of("chcrop", &j->in, NULL, j->span);
        cnn_spec_ends(&spec, low, high, 1);
        if (!cnn_flow_add(p, &spec, &j->out)) {
            return false;
        }
    }
    const cnn_tensor *cut = j->out;
    cnn_spec spec = cnn_spec_of("crop", &cut, NULL, j->span);
    cnn_spec_ends(&spec, low + 1, high + 1, count - 1);
    return most == 0 || cnn_flow_add(p, &spec, &j->out);
}

/* ---- other shapes of the same values ---- */

static bool flatten(cnn_prototxt_job *j)
{
    int64_t end;
    int32_t axis;
    return axis_of(j, "axis", 1, &axis) &&
           cnn_prototxt_signed(j->r, j->param, "end_axis", 0, -1, &end) &&
           cnn_tensor_flatten(j->r->p, j->in, axis, end, j->span, NULL, &j->out);
}

/* The sizes of all axes after a Reshape: those of its shape in the place of the axes from `axis`
 * on, num_axes of them. 0 copies the size that was there, -1 is what the others leave. */
static bool reshaped(const cnn_prototxt_job *j, const cnn_py *shape, int64_t *out, int32_t *count)
{
    int64_t sizes[CNN_SAMPLE_AXES + 1] = {0}, axis, taken;
    const int32_t rank = cnn_tensor_axes(j->r->p, j->in, sizes + 1) + 1;
    const int32_t dims = cnn_prototxt_count(shape, "dim");
    if (!cnn_prototxt_signed(j->r, j->param, "axis", 0, 0, &axis) ||
        !cnn_prototxt_signed(j->r, j->param, "num_axes", 0, -1, &taken)) {
        return false;
    }
    axis += axis < 0 ? rank + 1 : 0;
    if (axis < 0 || axis > rank) {
        return cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_AXIS, j->span, axis, rank);
    }
    taken = taken == -1 ? rank - axis : taken;
    if (taken < 0 || taken > rank - axis || rank - taken + dims > CNN_SAMPLE_AXES + 1) {
        return cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_SIDES, j->span, dims, rank);
    }
    for (int32_t i = 0; i < axis; i++) {
        out[i] = sizes[i];
    }
    for (int32_t i = 0; i < dims; i++) {
        int64_t *const one = &out[axis + i];
        if (!cnn_prototxt_signed(j->r, shape, "dim", i, 0, one)) {
            return false;
        }
        *one = *one == 0 && axis + i < rank ? sizes[axis + i] : *one;
    }
    for (int64_t i = axis + taken; i < rank; i++) {
        out[i - taken + dims] = sizes[i];
    }
    *count = (int32_t)(rank - taken) + dims;
    return true;
}

/* The batch must stay: as 0, as its number, or as -1 where a sample keeps its values. */
static bool reshape(cnn_prototxt_job *j)
{
    cnn_paster *p = j->r->p;
    int64_t sizes[2 * CNN_SAMPLE_AXES + 2] = {0}, product = 1;
    const int64_t values = cnn_shape_values(&j->in->shape);
    int32_t count = 0, open = 0;
    cnn_shape shape;
    if (!reshaped(j, cnn_prototxt_get(j->param, "shape", 0), sizes, &count)) {
        return false;
    }
    for (int32_t i = 1; i < count; i++) {
        open = sizes[i] == -1 ? i : open;
        if (sizes[i] < -1 || !cnn_checked_mul(product, sizes[i] == -1 ? 1 : sizes[i], &product)) {
            return cnn_paste_fail(p, CNN_E_OVERFLOW, j->span, cnn_text_of("the shape"),
                                  (cnn_text){0});
        }
    }
    if (open > 0 && product > 0) {
        sizes[open] = values / product;
        product *= sizes[open]; /* at most `values` */
    }
    const bool batch = sizes[0] == 0 || sizes[0] == j->r->batch || (sizes[0] == -1 && open == 0);
    if (!cnn_axes_shape(p, sizes + 1, count - 1, false, j->span, &shape)) {
        return false;
    }
    if (product != values) {
        p->err->shape[0] = shape;
        return cnn_fail_numbers(p->err, CNN_E_RESHAPE, j->span, product, values);
    }
    return batch ? cnn_flow_view(p, j->in, &shape, j->span, &j->out)
                 : cnn_fail_numbers(p->err, CNN_E_PASTE_BATCH_AXIS, j->span, 0, 0);
}

/* Of SSD. */
static bool permute(cnn_prototxt_job *j)
{
    cnn_items order = {0};
    cnn_py out;
    for (int32_t i = 0; cnn_prototxt_get(j->param, "order", i) != NULL; i++) {
        int64_t at;
        if (!cnn_prototxt_number(j->r, j->param, "order", i, 0, &at)) {
            return false;
        }
        const cnn_py one = cnn_py_int(at, j->span);
        if (!cnn_py_append(j->r->p, &order, &one)) {
            return false;
        }
    }
    if (!cnn_tensor_permute(j->r->p, j->in, &order, j->span, &out)) {
        return false;
    }
    j->out = out.tensor;
    return true;
}

static bool shuffle(cnn_prototxt_job *j)
{
    int64_t groups;
    cnn_spec spec = cnn_prototxt_spec(j, "shuffle");
    if (!cnn_prototxt_number(j->r, j->param, "group", 0, 1, &groups)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, groups);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

const cnn_prototxt_type cnn_prototxt_shapes[] = {
    {"Concat", "CONCAT", "concat_param", concat},
    {"Eltwise", "ELTWISE", "eltwise_param", eltwise},
    {"Axpy", NULL, "", axpy},
    {"Split", "SPLIT", "", split},
    {"Slice", "SLICE", "slice_param", slice},
    {"Crop", NULL, "crop_param", crop},
    {"Flatten", "FLATTEN", "flatten_param", flatten},
    {"Reshape", NULL, "reshape_param", reshape},
    {"Permute", NULL, "permute_param", permute},
    {"ShuffleChannel", NULL, "shuffle_channel_param", shuffle},
};

const size_t cnn_prototxt_shape_count = CNN_LENGTH(cnn_prototxt_shapes);
