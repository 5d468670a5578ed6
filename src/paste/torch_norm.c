/* PyTorch's layers that normalise, and those with a slope for each channel. */
#include "paste/flow.h"

/* A norm with factors and shifts or without them. */
static bool norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in, bool affine, cnn_tensor **out)
{
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    cnn_spec_all(&spec, CNN_BIAS, affine);
    return cnn_flow_add(p, &spec, out);
}

/* Counts of a norm whose statistics are not those of its kind. */
static bool norm_known(cnn_paster *p, cnn_module *m, const cnn_tensor *in, bool affine, bool track,
                       const cnn_keep_rule *rule, cnn_tensor **out)
{
    const int64_t c = in->shape.channels;
    const cnn_known_layer known = {.what = "norm",
                                   .out = in->shape,
                                   .weights = affine ? c : 0,
                                   .biases = affine ? c : 0,
                                   .statistics = track ? 2 * c : 0,
                                   .keep_rule = rule};
    return cnn_flow_known(p, &known, &in, m, cnn_module_span(m), out);
}

static bool batch_norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                       cnn_tensor **out)
{
    (void)place;
    bool affine, track;
    /* BatchNorm1d takes vectors (N, C), too, besides (N, C, L). */
    const bool fits = m->axes == 1 ? in->shape.axes <= 1 : in->shape.axes == m->axes;
    if (!fits && !cnn_needs_axes(p, m, in)) {
        return false;
    }
    if ((m->row->declares != NULL && !cnn_check_channels(p, m, "num_features", "norm-in", in)) ||
        !cnn_arg_true(p, m, "affine", &affine) ||
        !cnn_arg_true(p, m, "track_running_stats", &track)) {
        return false;
    }
    return track ? norm(p, m, in, affine, out)
                 : norm_known(p, m, in, affine, false, &cnn_keep_batch_norm, out);
}

/* Without factors a wrong number of channels passes unnoticed, in PyTorch too. */
static bool instance_norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in,
                          const cnn_py_node *place, cnn_tensor **out)
{
    (void)place;
    bool affine, track;
    m->axes = m->called.size > 0 ? in->shape.axes : m->axes; /* F.instance_norm names no axes */
    if (!cnn_needs_axes(p, m, in) || !cnn_arg_true(p, m, "affine", &affine) ||
        !cnn_arg_true(p, m, "track_running_stats", &track) ||
        ((affine || track) && !cnn_check_channels(p, m, "num_features", "norm-in", in))) {
        return false;
    }
    return track ? norm_known(p, m, in, affine, true, &cnn_keep_instance_norm, out)
                 : norm(p, m, in, affine, out);
}

static bool group_norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                       cnn_tensor **out)
{
    (void)place;
    int64_t groups;
    bool affine;
    if ((m->row->declares != NULL && !cnn_check_channels(p, m, "num_channels", "norm-in", in)) ||
        !cnn_arg_int(p, m, "num_groups", &groups) || !cnn_arg_true(p, m, "affine", &affine)) {
        return false;
    }
    cnn_spec spec = cnn_spec_of("gn", &in, m, cnn_module_span(m));
    cnn_spec_all(&spec, CNN_SIZE, groups);
    cnn_spec_all(&spec, CNN_BIAS, affine);
    return cnn_flow_add(p, &spec, out);
}

/* The last axes: [C, H, W] for a map, C for a vector. */
static bool layer_norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                       cnn_tensor **out)
{
    (void)place;
    const cnn_py *shape = cnn_arg(m, "normalized_shape");
    const bool list = cnn_py_is_list(shape);
    const int32_t count = list ? shape->items->count : 1;
    int64_t values = 1;
    bool affine, bias;
    if (!cnn_arg_true(p, m, "elementwise_affine", &affine) || !cnn_arg_true(p, m, "bias", &bias)) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        const cnn_py *one = list ? &shape->items->at[i] : shape;
        const int32_t axis = in->shape.axes - count + i; /* of the sides; -1: the channels */
        int64_t n;
        if (!cnn_whole(p, one, m->call, cnn_module_kind(p, m), &n)) {
            return false;
        }
        const int64_t side = axis < -1 ? 0 : axis < 0 ? in->shape.channels : in->shape.side[axis];
        /* Only the one number for a vector can be repaired. */
        if (n != side && (count > 1 || in->shape.axes > 0)) {
            p->err->shape[0] = in->shape;
            return cnn_fail_words(p->err, CNN_E_PASTE_LAYER_NORM, cnn_module_span(m),
                                  cnn_module_kind(p, m), m->name);
        }
        if (n != side &&
            !cnn_declared(p, "norm-in", m, one, cnn_arg_place(m, "normalized_shape"), in, side)) {
            return false;
        }
        values *= side;
    }
    cnn_spec spec = cnn_spec_of("ln", &in, m, cnn_module_span(m));
    cnn_spec_last(&spec, count, in);
    if (affine && !bias) { /* factors alone */
        const cnn_known_layer known = {.what = "norm", .out = in->shape, .weights = values};
        return cnn_flow_known(p, &known, &in, m, cnn_module_span(m), out);
    }
    cnn_spec_all(&spec, CNN_BIAS, affine);
    return cnn_flow_add(p, &spec, out);
}

static bool prelu(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                  cnn_tensor **out)
{
    (void)place;
    int64_t n;
    if (!cnn_arg_int(p, m, "num_parameters", &n) ||
        (n != 1 && !cnn_check_channels(p, m, "num_parameters", "norm-in", in))) {
        return false;
    }
    cnn_spec spec = cnn_spec_of("prelu", &in, m, cnn_module_span(m));
    cnn_spec_all(&spec, CNN_SIZE, n == 1 ? 1 : in->shape.channels);
    return cnn_flow_add(p, &spec, out);
}

static bool local_norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                       cnn_tensor **out)
{
    (void)place;
    int64_t size;
    cnn_spec spec = cnn_spec_of("LRN", &in, m, cnn_module_span(m));
    if (!cnn_arg_int(p, m, "size", &size)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, size);
    return cnn_flow_add(p, &spec, out);
}

static const cnn_framework_row layers[] = {
    {"BatchNorm#d|SyncBatchNorm",
     "num_features eps=1e-05 momentum=0.1 affine=True track_running_stats=True", "bn", batch_norm,
     "batch normalisation", "num_features", false},
    {"LazyBatchNorm#d", "eps=1e-05 momentum=0.1 affine=True track_running_stats=True", "bn",
     batch_norm, "batch normalisation of whatever enters", NULL, false},
    {"InstanceNorm#d", "num_features eps=1e-05 momentum=0.1 affine=False track_running_stats=False",
     "in", instance_norm, "instance normalisation", "num_features", false},
    {"GroupNorm", "num_groups num_channels eps=1e-05 affine=True", "gn", group_norm,
     "group normalisation", "num_channels", false},
    {"LayerNorm", "normalized_shape eps=1e-05 elementwise_affine=True bias=True", "ln", layer_norm,
     "normalisation over the last axes", NULL, false},
    {"LocalResponseNorm", "size alpha=0.0001 beta=0.75 k=1.0", "LRN", local_norm,
     "local response normalisation", NULL, false},
    {"PReLU", "num_parameters=1 init=0.25", "prelu", prelu, "rectifier with learned slopes", NULL,
     false},
};

const cnn_framework_rows cnn_torch_norm_rows = {layers, CNN_LENGTH(layers), &cnn_torch_shape_rows};
