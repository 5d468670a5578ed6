/* The layers of Caffe's prototxt, one row for each type. */
#include "base/checked.h"
#include "paste/prototxt.h"

/* kernel_size, or kernel_h and kernel_w. */
static bool sides(cnn_prototxt *r, const cnn_py *from, const char *both, const char *high,
                  const char *wide, int64_t standard, int64_t *out)
{
    if (!cnn_prototxt_number(r, from, both, 0, standard, &out[0]) ||
        !cnn_prototxt_number(r, from, both, 1, out[0], &out[1])) {
        return false;
    }
    /* A second value, if any, is the width's; kernel_h and kernel_w win over both. */
    return cnn_prototxt_number(r, from, high, 0, out[0], &out[0]) &&
           cnn_prototxt_number(r, from, wide, 0, out[1], &out[1]);
}

static bool convolution(cnn_prototxt_job *j, const char *kind)
{
    cnn_prototxt *r = j->r;
    int64_t n, group, kernel[2], stride[2], pad[2], dilation[2];
    cnn_spec spec = cnn_spec_of(kind, &j->in, NULL, j->span);
    if (!cnn_prototxt_number(r, j->param, "num_output", 0, 0, &n) ||
        !cnn_prototxt_number(r, j->param, "group", 0, 1, &group) ||
        !sides(r, j->param, "kernel_size", "kernel_h", "kernel_w", 0, kernel) ||
        !sides(r, j->param, "stride", "stride_h", "stride_w", 1, stride) ||
        !sides(r, j->param, "pad", "pad_h", "pad_w", 0, pad) ||
        !sides(r, j->param, "dilation", "dilation_h", "dilation_w", 1, dilation)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_GROUPS, group);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, 2);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, 2);
    cnn_spec_sides(&spec, CNN_PAD, pad, 2);
    cnn_spec_sides(&spec, CNN_DILATION, dilation, 2);
    cnn_spec_all(&spec, CNN_BIAS, !cnn_prototxt_says(j->param, "bias_term", "false"));
    return cnn_flow_add(r->p, &spec, &j->out);
}

static bool conv(cnn_prototxt_job *j)
{
    return convolution(j, "conv");
}

static bool deconv(cnn_prototxt_job *j)
{
    return convolution(j, "deconv");
}

/* The rows that have to be added after a side, so that a pooling that rounds up here gives as many
 * windows as Caffe does: ours drops one that would begin after the map, Caffe only where there is
 * a padding. */
static int64_t rows_after(int64_t in, int64_t k, int64_t s, int64_t pad)
{
    const int64_t over = in - k;
    if (pad > 0 || over < 0 || s < 1) {
        return 0;
    }
    const int64_t begins = (over + s - 1) / s * s; /* of the last window */
    return begins >= in ? begins + k - in : 0;
}

static bool pooling(cnn_prototxt_job *j)
{
    cnn_prototxt *r = j->r;
    int64_t kernel[2], stride[2], pad[2];
    const char *kind = cnn_prototxt_says(j->param, "pool", "AVE") ? "avgpool" : "maxpool";
    /* Caffe's poolings round up unless told otherwise: by round_mode (FLOOR is 1), or by ceil_mode
     * in some forks. */
    const bool floors = cnn_prototxt_says(j->param, "round_mode", "FLOOR") ||
                        cnn_prototxt_says(j->param, "ceil_mode", "false") ||
                        cnn_prototxt_says(j->param, "round_mode", "1");
    if (cnn_prototxt_says(j->param, "global_pooling", "true")) {
        cnn_spec spec = cnn_spec_of(cnn_prototxt_says(j->param, "pool", "AVE") ? "gap" : "gmp",
                                    &j->in, NULL, j->span);
        return cnn_flow_add(r->p, &spec, &j->out);
    }
    if (!sides(r, j->param, "kernel_size", "kernel_h", "kernel_w", 0, kernel) ||
        !sides(r, j->param, "stride", "stride_h", "stride_w", 1, stride) ||
        !sides(r, j->param, "pad", "pad_h", "pad_w", 0, pad)) {
        return false;
    }
    int64_t none[CNN_AXES] = {0}, after[CNN_AXES] = {0};
    for (int32_t i = 0; i < 2 && j->in->shape.axes == 2; i++) {
        /* Keeps rows_after from overflowing. */
        if (kernel[i] > INT32_MAX || pad[i] > INT32_MAX || stride[i] > INT32_MAX ||
            j->in->shape.side[i] > INT64_MAX / 4) {
            return cnn_paste_fail(r->p, CNN_E_OVERFLOW, j->span, cnn_text_of("the window"),
                                  (cnn_text){0});
        }
        after[i] = floors ? 0 : rows_after(j->in->shape.side[i], kernel[i], stride[i], pad[i]);
    }
    const cnn_tensor *padded = j->in;
    if (after[0] + after[1] > 0) {
        cnn_spec more = cnn_spec_of("pad", &j->in, NULL, j->span);
        cnn_spec_ends(&more, none, after, 2);
        if (!cnn_flow_add(r->p, &more, &j->out)) {
            return false;
        }
        padded = j->out;
    }
    cnn_spec spec = cnn_spec_of(kind, &padded, NULL, j->span);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, 2);
    cnn_spec_sides(&spec, CNN_STRIDE, stride, 2);
    cnn_spec_sides(&spec, CNN_PAD, pad, 2);
    if (!floors) {
        cnn_spec_all(&spec, CNN_CEIL, 0);
    }
    return cnn_flow_add(r->p, &spec, &j->out);
}

static bool inner_product(cnn_prototxt_job *j)
{
    int64_t n;
    cnn_spec spec = cnn_spec_of("FC", &j->in, NULL, j->span);
    if (!cnn_prototxt_number(j->r, j->param, "num_output", 0, 0, &n)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_BIAS, !cnn_prototxt_says(j->param, "bias_term", "false"));
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

/* Caffe's normalisation has no factors; a Scale layer after it has. */
static bool batch_norm(cnn_prototxt_job *j)
{
    cnn_spec spec = cnn_spec_of("bn", &j->in, NULL, j->span);
    cnn_spec_all(&spec, CNN_BIAS, 0);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool scale(cnn_prototxt_job *j)
{
    cnn_spec spec = cnn_spec_of("scale", &j->in, NULL, j->span);
    if (!cnn_flow_add(j->r->p, &spec, &j->out) ||
        !cnn_prototxt_says(j->param, "bias_term", "true")) {
        /* Failed, or there is no bias. */
        return j->r->p->err->code == CNN_OK;
    }
    const cnn_tensor *scaled = j->out;
    cnn_spec shift = cnn_spec_of("bias", &scaled, NULL, j->span);
    return cnn_flow_add(j->r->p, &shift, &j->out);
}

static bool bias(cnn_prototxt_job *j)
{
    cnn_spec spec = cnn_spec_of("bias", &j->in, NULL, j->span);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool local_norm(cnn_prototxt_job *j)
{
    int64_t size;
    cnn_spec spec = cnn_spec_of("LRN", &j->in, NULL, j->span);
    if (!cnn_prototxt_number(j->r, j->param, "local_size", 0, 5, &size)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, size);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool prelu(cnn_prototxt_job *j)
{
    cnn_spec spec = cnn_spec_of("prelu", &j->in, NULL, j->span);
    const bool shared = cnn_prototxt_says(j->param, "channel_shared", "true");
    cnn_spec_all(&spec, CNN_SIZE, shared ? 1 : j->in->shape.channels);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool named(cnn_prototxt_job *j, const char *op)
{
    cnn_spec spec = cnn_spec_of(op, &j->in, NULL, j->span);
    return cnn_flow_add(j->r->p, &spec, &j->out);
}

static bool relu(cnn_prototxt_job *j)
{
    return named(j, cnn_prototxt_get(j->param, "negative_slope", 0) != NULL ? "lrelu" : "relu");
}

static bool sigmoid(cnn_prototxt_job *j)
{
    return named(j, "sigmoid");
}

static bool tanh_layer(cnn_prototxt_job *j)
{
    return named(j, "tanh");
}

static bool elu(cnn_prototxt_job *j)
{
    return named(j, "elu");
}

static bool dropout(cnn_prototxt_job *j)
{
    return named(j, "dropout");
}

static bool softmax(cnn_prototxt_job *j)
{
    return named(j, "softmax");
}

static bool flatten(cnn_prototxt_job *j)
{
    return named(j, "flatten");
}

static bool passes(cnn_prototxt_job *j)
{
    j->out = (cnn_tensor *)j->in;
    return true;
}

static bool join(cnn_prototxt_job *j, const char *op)
{
    cnn_items parts = {0};
    cnn_py out;
    const cnn_py_node place = {.span = j->span};
    if (!cnn_prototxt_inputs(j->r, j->layer, &parts) ||
        !cnn_tensor_join(j->r->p, op, &place, parts.at, parts.count, &out)) {
        return false;
    }
    j->out = out.tensor;
    return true;
}

static bool concat(cnn_prototxt_job *j)
{
    int64_t axis;
    if (!cnn_prototxt_number(j->r, j->param, "axis", 0, 1, &axis)) {
        return false;
    }
    return axis == 1 ? join(j, "cat")
                     : cnn_fail_numbers(j->r->p->err, CNN_E_PASTE_CAT_AXIS, j->span, axis, 0);
}

static bool eltwise(cnn_prototxt_job *j)
{
    return join(j, cnn_prototxt_says(j->param, "operation", "PROD") ? "mul" : "add");
}

/* What a layer of each type does; the names of older files are in capitals. */
static const struct {
    const char *type, *old, *param;
    bool (*add)(cnn_prototxt_job *);
} types[] = {
    {"Convolution", "CONVOLUTION", "convolution_param", conv},
    {"Deconvolution", "DECONVOLUTION", "convolution_param", deconv},
    {"Pooling", "POOLING", "pooling_param", pooling},
    {"InnerProduct", "INNER_PRODUCT", "inner_product_param", inner_product},
    {"ReLU", "RELU", "relu_param", relu},
    {"PReLU", "PRELU", "prelu_param", prelu},
    {"Sigmoid", "SIGMOID", "", sigmoid},
    {"TanH", "TANH", "", tanh_layer},
    /* ELU is younger than the names in capitals: no file has ELU_. */
    {"ELU", "ELU_", "", elu},
    {"Dropout", "DROPOUT", "", dropout},
    {"LRN", "LRN", "lrn_param", local_norm},
    {"Softmax", "SOFTMAX", "", softmax},
    {"SoftmaxWithLoss", "SOFTMAX_LOSS", "", passes},
    {"Flatten", "FLATTEN", "", flatten},
    {"BatchNorm", "BN", "", batch_norm},
    {"Scale", "SCALE", "scale_param", scale},
    {"Bias", "BIAS", "", bias},
    {"Concat", "CONCAT", "concat_param", concat},
    {"Eltwise", "ELTWISE", "eltwise_param", eltwise},
    {"Split", "SPLIT", "", passes},
    {"AbsVal", "ABSVAL", "", passes},
    {"Power", "POWER", "", passes},
    {"Exp", "EXP", "", passes},
    {"Log", "LOG", "", passes},
};

bool cnn_prototxt_add(cnn_prototxt_job *j, cnn_text type, bool *found)
{
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(types); i++) {
        if (cnn_word_is(type, types[i].type) || cnn_word_is(type, types[i].old)) {
            *found = true;
            j->param = cnn_prototxt_get(j->layer, types[i].param, 0);
            return types[i].add(j);
        }
    }
    return true;
}
