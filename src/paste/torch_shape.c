/* PyTorch's layers that only move, repeat or cut values: resizing, padding, views. */
#include <string.h>

#include "base/checked.h"
#include "paste/flow.h"

/* floor(side * factor), which must be at least 1; a factor that is no whole number is nearly always
 * a half or a quarter, so that the product of doubles is exact. */
static bool scaled(cnn_paster *p, const cnn_module *m, const cnn_py *factor, int64_t side,
                   int64_t *out)
{
    const cnn_text what = cnn_text_of("the size of the output");
    double size = 0;
    if (factor->kind == CNN_PY_FLOAT) {
        size = (double)side * factor->real;
    } else if (cnn_whole(p, factor, m->call, cnn_module_kind(p, m), out)) {
        size = (double)side * (double)*out;
    } else {
        return false;
    }
    if (size < 1) {
        p->err->word[0] = what;
        *out = size > -1e15 ? (int64_t)size : INT64_MIN;
        return cnn_fail_numbers(p->err, CNN_E_TOO_SMALL, cnn_module_span(m), *out, 1);
    }
    if (!(size < 1e15)) { /* or no number */
        return cnn_paste_fail(p, CNN_E_OVERFLOW, cnn_module_span(m), what, (cnn_text){0});
    }
    *out = (int64_t)size;
    return true;
}

/* The first argument is the size, not the factor. */
static bool upsample(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                     cnn_tensor **out)
{
    (void)place;
    const cnn_py *size = cnn_arg(m, "size"), *factor = cnn_arg(m, "scale_factor");
    int64_t sides[CNN_AXES] = {0};
    m->axes = in->shape.axes;
    /* A vector: the error asks for two axes. */
    if (in->shape.axes == 0) {
        m->axes = 2;
        return cnn_needs_axes(p, m, in);
    }
    if (size->kind != CNN_PY_NONE) {
        cnn_spec spec = cnn_spec_of("resize", &in, m, cnn_module_span(m));
        if (!cnn_arg_sides(p, m, "size", sides)) {
            return false;
        }
        cnn_spec_sides(&spec, CNN_SIZE, sides, m->axes);
        return cnn_flow_add(p, &spec, out);
    }
    bool whole = true;
    int64_t factors[CNN_AXES] = {0};
    if (cnn_py_is_list(factor) && factor->items->count != m->axes) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_SIDES, cnn_module_span(m), factor->items->count,
                                m->axes);
    }
    for (int32_t i = 0; i < m->axes; i++) {
        const cnn_py *one = cnn_py_is_list(factor) ? &factor->items->at[i] : factor;
        if (!scaled(p, m, one, in->shape.side[i], &sides[i])) {
            return false;
        }
        factors[i] = cnn_py_is_int(one) ? one->number : (int64_t)one->real;
        whole = whole && (cnn_py_is_int(one) || one->real - (double)factors[i] == 0);
    }
    cnn_spec spec = cnn_spec_of(whole ? "upsample" : "resize", &in, m, cnn_module_span(m));
    cnn_spec_sides(&spec, CNN_SIZE, whole ? factors : sides, m->axes);
    return cnn_flow_add(p, &spec, out);
}

static bool pixel_shuffle(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                          const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    int64_t factor;
    cnn_spec spec = cnn_spec_of("pixshuf", &in, m, cnn_module_span(m));
    if (!cnn_arg_int(p, m, "upscale_factor", &factor)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, factor);
    return cnn_flow_add(p, &spec, out);
}

/* C*R^2 x H/R x W/R */
static bool pixel_unshuffle(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                            const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    int64_t r;
    cnn_spec spec = cnn_spec_of("pixunshuf", &in, m, cnn_module_span(m));
    m->axes = 2;
    if (!cnn_needs_axes(p, m, in) || !cnn_arg_int(p, m, "downscale_factor", &r)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, r);
    return cnn_flow_add(p, &spec, out);
}

static bool channel_shuffle(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                            const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    int64_t groups;
    cnn_spec spec = cnn_spec_of("shuffle", &in, m, cnn_module_span(m));
    if (!cnn_arg_int(p, m, "groups", &groups)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, groups);
    return cnn_flow_add(p, &spec, out);
}

/* One layer that adds or cuts rows and columns at both ends of each side; none where all are 0. */
static bool add_ends(cnn_paster *p, cnn_module *m, const char *op, const int64_t *low,
                     const int64_t *high, const cnn_keep_rule *rule, cnn_tensor **tensor)
{
    const cnn_tensor *in = *tensor;
    int64_t none[CNN_AXES] = {0};
    const size_t size = (size_t)in->shape.axes * sizeof *low;
    if (memcmp(low, none, size) == 0 && memcmp(high, none, size) == 0) {
        return true;
    }
    cnn_spec spec = cnn_spec_of(op, &in, m, cnn_module_span(m));
    cnn_spec_ends(&spec, low, high, in->shape.axes);
    spec.keep_rule = rule;
    return cnn_flow_add(p, &spec, tensor);
}

/* What a padding adds before and after each side; negative numbers cut, after all is added. */
bool cnn_flow_pad(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const int64_t *low,
                  const int64_t *high, const cnn_keep_rule *rule, cnn_tensor **out)
{
    int64_t more[2][CNN_AXES] = {{0}}, less[2][CNN_AXES] = {{0}};
    for (int32_t i = 0; i < in->shape.axes; i++) {
        for (int32_t end = 0; end < 2; end++) {
            const int64_t n = end == 0 ? low[i] : high[i];
            /* INT64_MIN has no negative. */
            if (n < -INT64_MAX) {
                return cnn_not_followed(p, cnn_module_span(m));
            }
            more[end][i] = n > 0 ? n : 0;
            less[end][i] = n < 0 ? -n : 0;
        }
    }
    *out = (cnn_tensor *)in;
    return add_ends(p, m, "pad", more[0], more[1], rule, out) &&
           add_ends(p, m, "crop", less[0], less[1], NULL, out);
}

/* n, or (left, right, top, bottom): the width first. */
static bool pad(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                cnn_tensor **out)
{
    (void)place;
    const cnn_py *padding = cnn_arg(m, "padding");
    const bool reflects = cnn_text_is((cnn_text){m->kind.data, 7}, "Reflect");
    int64_t low[CNN_AXES] = {0}, high[CNN_AXES] = {0};
    if (!cnn_needs_axes(p, m, in)) {
        return false;
    }
    if (cnn_py_is_list(padding) && padding->items->count != 2 * m->axes) {
        return cnn_fail_numbers(p->err, CNN_E_PASTE_SIDES, cnn_module_span(m),
                                padding->items->count, m->axes);
    }
    for (int32_t i = 0; i < m->axes; i++) {
        const int32_t axis = m->axes - 1 - i;
        const cnn_py *one = cnn_py_is_list(padding) ? &padding->items->at[2 * i] : padding;
        const cnn_py *other = cnn_py_is_list(padding) ? one + 1 : padding;
        if (!cnn_whole(p, one, m->call, cnn_module_kind(p, m), &low[axis]) ||
            !cnn_whole(p, other, m->call, cnn_module_kind(p, m), &high[axis])) {
            return false;
        }
        const int64_t most = low[axis] > high[axis] ? low[axis] : high[axis];
        if (reflects && most >= in->shape.side[axis]) {
            return cnn_fail_numbers(p->err, CNN_E_PASTE_REFLECT, cnn_module_span(m), most,
                                    in->shape.side[axis]);
        }
    }
    const bool copies_edge = reflects || cnn_word_begins(m->kind, "Replication");
    return cnn_flow_pad(p, m, in, low, high, copies_edge ? &cnn_keep_input : NULL, out);
}

static bool flatten(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                    cnn_tensor **out)
{
    (void)place;
    int64_t start, end;
    return cnn_arg_int(p, m, "start_dim", &start) && cnn_arg_int(p, m, "end_dim", &end) &&
           cnn_tensor_flatten(p, in, start, end, cnn_module_span(m), m, out) &&
           cnn_flow_name(p, *out, m);
}

/* nn.Unflatten(1, (C, H, W)); one of them may be -1. */
static bool unflatten(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                      cnn_tensor **out)
{
    (void)place;
    const cnn_py *sizes = cnn_arg(m, "unflattened_size");
    int64_t dim;
    if (!cnn_arg_int(p, m, "dim", &dim)) {
        return false;
    }
    if (!cnn_py_is_list(sizes)) {
        return cnn_wants_list(p, sizes, cnn_module_span(m));
    }
    if ((dim != 1 && dim != -1) || in->shape.axes > 0) {
        return cnn_not_followed(p, cnn_module_span(m));
    }
    return cnn_tensor_view(p, in, sizes->items->at, sizes->items->count, cnn_module_span(m), m,
                           m->call, out);
}

static bool gated(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                  cnn_tensor **out)
{
    (void)place;
    int64_t dim;
    cnn_py result;
    if (!cnn_arg_int(p, m, "dim", &dim) ||
        !cnn_tensor_gate(p, in, dim, cnn_module_span(m), &result)) {
        return false;
    }
    *out = result.tensor;
    return true;
}

static const cnn_framework_row layers[] = {
    {"Upsample", "size=None scale_factor=None mode=nearest align_corners=None", "resize", upsample,
     "to a size, or by a factor", NULL, false},
    {"UpsamplingNearest2d|UpsamplingBilinear2d", "size=None scale_factor=None mode=None", "resize",
     upsample, "to a size, or by a factor", NULL, false},
    {"PixelShuffle", "upscale_factor", "pixshuf", pixel_shuffle, "C/R^2 x HR x WR", NULL, false},
    {"PixelUnshuffle", "downscale_factor", NULL, pixel_unshuffle, "C*R^2 x H/R x W/R", NULL, false},
    {"ChannelShuffle", "groups", "shuffle", channel_shuffle, "mixes the channels of groups", NULL,
     false},
    {"ZeroPad#d|ReflectionPad#d|ReplicationPad#d|CircularPad#d", "padding", "pad", pad,
     "n, or (left, right, top, bottom)", NULL, false},
    {"ConstantPad#d", "padding value=0", "pad", pad, "n, or (left, right, top, bottom)", NULL,
     false},
    {"GLU", "dim=-1", NULL, gated, "one half times the sigmoid of the other", NULL, false},
    {"Flatten", "start_dim=1 end_dim=-1", "flatten", flatten, "a map as a vector", NULL, false},
    {"Unflatten", "dim unflattened_size", "reshape", unflatten, "a vector as a map", NULL, false},
};

const cnn_framework_rows cnn_torch_shape_rows = {layers, CNN_LENGTH(layers), NULL};
