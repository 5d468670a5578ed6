/* Keras' norms and rectifiers with weights. */
#include "paste/flow.h"

/* The axes that a norm's axis= names, as bits: the channels are bit 0. */
static bool norm_axes(cnn_paster *p, cnn_module *m, const cnn_tensor *in, uint32_t *out)
{
    const cnn_py *axes = cnn_arg(m, "axis");
    const bool list = cnn_py_is_list(axes);
    const int32_t rank = in->shape.axes + 2;
    *out = 0;
    for (int32_t i = 0; i < (list ? axes->items->count : 1); i++) {
        int64_t at;
        if (!cnn_whole(p, list ? &axes->items->at[i] : axes, m->call, cnn_module_kind(p, m), &at)) {
            return false;
        }
        const int64_t from = at < 0 ? at + rank : at;
        if (from < 1 || from >= rank) {
            return cnn_fail_numbers(p->err, CNN_E_PASTE_AXIS, cnn_module_span(m), at, rank);
        }
        *out |= 1u << (in->first ? from - 1 : from == rank - 1 ? 0 : from);
    }
    return true;
}

/* Factors without shifts, or the other way round: a norm without both, then one of them. */
static bool norm_and_one(cnn_paster *p, cnn_module *m, cnn_spec *spec, bool scale, cnn_tensor **out)
{
    cnn_spec_all(spec, CNN_BIAS, 0);
    if (!cnn_flow_add(p, spec, out)) {
        return false;
    }
    const cnn_tensor *in = *out;
    cnn_spec one = cnn_spec_of(scale ? "scale" : "bias", &in, m, cnn_module_span(m));
    return cnn_flow_add(p, &one, out);
}

/* A norm whose factors belong to other axes than the language has words for. */
static bool norm_known(cnn_paster *p, cnn_module *m, const cnn_tensor *in, uint32_t axes,
                       bool scale, bool center, cnn_tensor **out)
{
    int64_t n = 1;
    for (int32_t i = 0; i <= in->shape.axes; i++) {
        n *= (axes >> i & 1) == 0 ? 1 : i == 0 ? in->shape.channels : in->shape.side[i - 1];
    }
    const bool batch = cnn_word_is(cnn_text_of(m->row->op), "bn");
    const cnn_known_layer known = {.what = "norm",
                                   .out = in->shape,
                                   .weights = scale ? n : 0,
                                   .biases = center ? n : 0,
                                   .statistics = batch ? 2 * n : 0};
    return cnn_flow_known(p, &known, &in, m, cnn_module_span(m), out);
}

/* How many of the last axes these are; 0: they are others. */
static int32_t last_axes(uint32_t axes, int32_t count)
{
    int32_t last = 0;
    while (last < count && (axes >> (count - 1 - last) & 1) != 0) {
        last++;
    }
    return axes == ((1u << last) - 1) << (count - last) ? last : 0;
}

static bool norm(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                 cnn_tensor **out)
{
    (void)place;
    uint32_t axes;
    bool scale, center;
    int64_t groups = 0;
    if (!norm_axes(p, m, in, &axes) || !cnn_arg_true(p, m, "scale", &scale) ||
        !cnn_arg_true(p, m, "center", &center) ||
        (cnn_arg(m, "groups") != NULL && !cnn_arg_int(p, m, "groups", &groups))) {
        return false;
    }
    cnn_spec spec = cnn_spec_of(m->row->op, &in, m, cnn_module_span(m));
    const int32_t last = last_axes(axes, in->shape.axes + 1);
    const bool layer = cnn_word_is(cnn_text_of(m->row->op), "ln");
    if (axes != 1 && (!layer || last == 0 || scale != center)) {
        return norm_known(p, m, in, axes, scale, center, out);
    }
    if (groups != 0) {
        cnn_spec_all(&spec, CNN_SIZE, groups == -1 ? in->shape.channels : groups);
    }
    if (axes != 1) {
        cnn_spec_last(&spec, last, in);
    }
    if (scale != center) {
        return norm_and_one(p, m, &spec, scale, out);
    }
    cnn_spec_all(&spec, CNN_BIAS, scale);
    return cnn_flow_add(p, &spec, out);
}

/* One slope a value, unless axes share theirs. */
static bool prelu(cnn_paster *p, cnn_module *m, const cnn_tensor *in, const cnn_py_node *place,
                  cnn_tensor **out)
{
    (void)place;
    const cnn_py *shared = cnn_arg(m, "shared_axes");
    const bool list = cnn_py_is_list(shared);
    cnn_py shape;
    int64_t slopes = 1;
    if (!cnn_tensor_shape(p, in, &shape)) {
        return false;
    }
    for (int32_t i = 1; i < shape.items->count; i++) {
        const cnn_py at = cnn_py_int(i, (cnn_span){0, 0});
        bool among = !list && cnn_py_equal(shared, &at);
        for (int32_t k = 0; list && k < shared->items->count; k++) {
            among |= cnn_py_equal(&shared->items->at[k], &at);
        }
        slopes *= among ? 1 : shape.items->at[i].number;
    }
    cnn_spec spec = cnn_spec_of("prelu", &in, m, cnn_module_span(m));
    if (slopes == 1 || slopes == in->shape.channels) {
        cnn_spec_all(&spec, CNN_SIZE, slopes);
    } else if (slopes == cnn_shape_values(&in->shape)) {
        cnn_spec_all(&spec, CNN_ALL, 0);
    } else { /* a slope for each row or column */
        const cnn_known_layer known = {.what = "norm", .out = in->shape, .weights = slopes};
        return cnn_flow_known(p, &known, &in, m, cnn_module_span(m), out);
    }
    return cnn_flow_add(p, &spec, out);
}

static const cnn_framework_row layers[] = {
    {"BatchNormalization|SyncBatchNormalization",
     "axis=-1 momentum=0.99 epsilon=0.001 center=True scale=True mode=0", "bn", norm,
     "batch normalisation", NULL, false},
    {"LayerNormalization", "axis=-1 epsilon=0.001 center=True scale=True", "ln", norm,
     "layer normalisation", NULL, false},
    {"GroupNormalization", "groups=32 axis=-1 epsilon=0.001 center=True scale=True", "gn", norm,
     "group normalisation", NULL, false},
    {"PReLU", "alpha_initializer=zeros shared_axes=None", "prelu", prelu,
     "rectifier with learned slopes", NULL, false},
};

const cnn_framework_rows cnn_keras_norm_rows = {layers, CNN_LENGTH(layers), &cnn_keras_shape_rows};
