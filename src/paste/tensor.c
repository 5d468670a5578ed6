/* Functions of frameworks and methods of tensors: torch.*, F.*, x.view(...). */
#include "base/checked.h"
#include "paste/flow.h"

typedef struct request {
    cnn_paster *p;
    const cnn_tensor *in; /* the first argument, or the object */
    cnn_arguments rest;   /* those after it */
    cnn_span span;
    cnn_py *out;
} request;

typedef bool handler(request *r);

/* An argument by its name or place; NULL: it is not given. */
static const cnn_py *given(const request *r, const char *name, int32_t position)
{
    int32_t at = 0;
    for (int32_t i = 0; i < r->rest.count; i++) {
        const cnn_argument *arg = &r->rest.at[i];
        if (arg->name.size > 0 ? cnn_word_is(arg->name, name) : at++ == position) {
            return &arg->value;
        }
    }
    return NULL;
}

static bool number(request *r, const char *name, int32_t position, int64_t standard, int64_t *out)
{
    const cnn_py *value = given(r, name, position);
    *out = standard;
    return value == NULL || cnn_whole(r->p, value, NULL, cnn_text_of(name), out);
}

static bool truth(const request *r, const char *name, int32_t position)
{
    const cnn_py *value = given(r, name, position);
    return value != NULL && (value->kind == CNN_PY_BOOL || value->kind == CNN_PY_INT) &&
           value->number != 0;
}

static bool give(request *r, cnn_tensor *tensor)
{
    *r->out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}

/* ---- handlers ---- */

static bool same(request *r)
{
    return give(r, (cnn_tensor *)r->in);
}

static bool do_flatten(request *r)
{
    int64_t start, end;
    cnn_tensor *tensor;
    return number(r, "start_dim", 0, 0, &start) && number(r, "end_dim", 1, -1, &end) &&
           cnn_tensor_flatten(r->p, r->in, start, end, r->span, NULL, &tensor) && give(r, tensor);
}

static bool do_reshape(request *r)
{
    return cnn_tensor_reshape(r->p, r->in, &r->rest, r->out);
}

static bool do_size(request *r)
{
    const cnn_py *which = given(r, "dim", 0);
    cnn_py all;
    if (!cnn_tensor_shape(r->p, r->in, &all)) {
        return false;
    }
    if (which == NULL) {
        *r->out = all;
        return true;
    }
    const cnn_py_node node = {.span = r->span};
    return cnn_index(r->p, &node, &all, which, r->out);
}

static bool do_rank(request *r)
{
    *r->out = cnn_py_int(r->in->shape.axes + 2, r->span);
    return true;
}

static bool do_count(request *r)
{
    *r->out = (cnn_py){.kind = CNN_PY_BATCH, .number = 1};
    return true;
}

/* Without an axis the result is one number, which is data. */
static bool reduce(request *r, cnn_reduction how)
{
    const cnn_py *over = given(r, "dim", 0);
    over = over != NULL ? over : given(r, "axis", 0);
    if (over == NULL || over->kind == CNN_PY_NONE) {
        *r->out = cnn_py_opaque("data");
        return true;
    }
    const bool keep = truth(r, "keepdim", 1) || truth(r, "keepdims", 1);
    return cnn_tensor_reduce(r->p, how, r->in, over, keep, r->span, r->out);
}

static bool do_mean(request *r)
{
    return reduce(r, CNN_REDUCE_MEAN);
}

static bool do_largest(request *r)
{
    return reduce(r, CNN_REDUCE_MAX);
}

static bool do_spread(request *r)
{
    return reduce(r, CNN_REDUCE_OTHER);
}

/* The values and where they are. */
static bool with_data(request *r)
{
    const cnn_py value = *r->out;
    const cnn_py data = cnn_py_opaque("data");
    return cnn_py_items(r->p, CNN_PY_TUPLE, 2, r->out) &&
           cnn_py_append(r->p, r->out->items, &value) && cnn_py_append(r->p, r->out->items, &data);
}

/* torch.max(x, 1) gives the values and where they are. */
static bool do_extreme(request *r)
{
    const cnn_py *other = given(r, "other", 0);
    if (other != NULL && other->kind == CNN_PY_TENSOR) {
        return same(r);
    }
    return reduce(r, CNN_REDUCE_MAX) && (r->out->kind != CNN_PY_TENSOR || with_data(r));
}

static bool do_squeeze(request *r)
{
    int64_t axis;
    const bool one = given(r, "dim", 0) != NULL;
    return number(r, "dim", 0, 0, &axis) &&
           cnn_tensor_squeeze(r->p, r->in, one ? &axis : NULL, r->span, r->out);
}

static bool do_unsqueeze(request *r)
{
    int64_t axis;
    return number(r, "dim", 0, 1, &axis) &&
           cnn_tensor_unsqueeze(r->p, r->in, axis, r->span, r->out);
}

static bool do_permute(request *r)
{
    cnn_items order = {0};
    if (r->rest.count == 1 &&
        (r->rest.at[0].value.kind == CNN_PY_TUPLE || r->rest.at[0].value.kind == CNN_PY_LIST)) {
        return cnn_tensor_permute(r->p, r->in, r->rest.at[0].value.items, r->span, r->out);
    }
    for (int32_t i = 0; i < r->rest.count; i++) {
        if (!cnn_py_append(r->p, &order, &r->rest.at[i].value)) {
            return false;
        }
    }
    return order.count > 0 ? cnn_tensor_permute(r->p, r->in, &order, r->span, r->out)
                           : cnn_not_followed(r->p, r->span);
}

static bool do_transpose(request *r)
{
    int64_t a, b;
    return number(r, "dim0", 0, 1, &a) && number(r, "dim1", 1, 2, &b) &&
           cnn_tensor_transpose(r->p, r->in, a, b, r->span, r->out);
}

/* chunk(n): n parts of ceil(axis/n); split(size) or split([sizes]). */
static bool parts(request *r, bool by_count)
{
    const cnn_py *sizes = r->rest.count > 0 ? &r->rest.at[0].value : NULL;
    int64_t axis, size;
    cnn_py shape;
    cnn_items all = {0};
    if (sizes == NULL || !number(r, "dim", 1, 0, &axis) || !cnn_tensor_shape(r->p, r->in, &shape)) {
        return r->p->err->code == CNN_OK ? cnn_not_followed(r->p, r->span) : false;
    }
    if (sizes->kind == CNN_PY_TUPLE || sizes->kind == CNN_PY_LIST) {
        return cnn_tensor_split(r->p, r->in, sizes->items, axis, r->span, r->out);
    }
    const int64_t at = axis < 0 ? axis + shape.items->count : axis;
    if (!cnn_whole(r->p, sizes, NULL, cnn_text_of("split"), &size) || size < 1 || at < 1 ||
        at >= shape.items->count) {
        return r->p->err->code == CNN_OK ? cnn_not_followed(r->p, r->span) : false;
    }
    int64_t left = shape.items->at[at].number;
    size = by_count ? (left - 1) / size + 1 : size;
    while (left > 0) {
        const cnn_py part = cnn_py_int(left < size ? left : size, r->span);
        if (!cnn_paste_step(r->p, 1) || !cnn_py_append(r->p, &all, &part)) {
            return false;
        }
        left -= part.number;
    }
    return cnn_tensor_split(r->p, r->in, &all, axis, r->span, r->out);
}

/* F.glu: one half times the sigmoid of the other. */
static bool do_glu(request *r)
{
    int64_t axis;
    return number(r, "dim", 0, -1, &axis) && cnn_tensor_gate(r->p, r->in, axis, r->span, r->out);
}

static bool do_chunk(request *r)
{
    return parts(r, true);
}

static bool do_split(request *r)
{
    return parts(r, false);
}

static bool join(request *r, const char *op)
{
    const cnn_py *other = r->rest.count > 0 ? &r->rest.at[0].value : NULL;
    if (other == NULL || other->kind != CNN_PY_TENSOR) {
        return same(r); /* a number */
    }
    const cnn_py both[] = {{.kind = CNN_PY_TENSOR, .tensor = (cnn_tensor *)r->in}, *other};
    const cnn_py_node node = {.span = r->span};
    return cnn_tensor_join(r->p, op, &node, both, 2, r->out);
}

static bool do_add(request *r)
{
    return join(r, "add");
}

static bool do_mul(request *r)
{
    return join(r, "mul");
}

/* x.expand(b, 6, -1, 8), and x.repeat(1, 3, 1, 1), which multiplies: sizes for all axes. */
static bool stretch(request *r, bool multiplies)
{
    cnn_items sizes = {0};
    cnn_py shape;
    const bool one = r->rest.count == 1 && (r->rest.at[0].value.kind == CNN_PY_TUPLE ||
                                            r->rest.at[0].value.kind == CNN_PY_LIST);
    for (int32_t i = 0; !one && i < r->rest.count; i++) {
        if (!cnn_py_append(r->p, &sizes, &r->rest.at[i].value)) {
            return false;
        }
    }
    sizes = one ? *r->rest.at[0].value.items : sizes;
    if (!cnn_tensor_shape(r->p, r->in, &shape) || shape.items->count != sizes.count) {
        return r->p->err->code == CNN_OK ? cnn_not_followed(r->p, r->span) : false;
    }
    for (int32_t i = 1; i < sizes.count; i++) {
        int64_t n;
        cnn_py *side = &shape.items->at[i];
        if (!cnn_whole(r->p, &sizes.at[i], NULL, cnn_text_of("expand"), &n)) {
            return false;
        }
        const bool fits = multiplies ? n > 0 && cnn_checked_mul(n, side->number, &n)
                                     : n == -1 || n == side->number || side->number == 1;
        if (!fits || n == 0 || n < -1) {
            return cnn_not_followed(r->p, r->span);
        }
        side->number = n == -1 ? side->number : n;
    }
    const cnn_py batch = sizes.at[0];
    const bool whole = batch.kind == CNN_PY_BATCH ||
                       (batch.kind == CNN_PY_INT && batch.number == (multiplies ? 1 : -1));
    return whole ? cnn_tensor_repeat(r->p, r->in, shape.items, r->span, r->out)
                 : cnn_not_followed(r->p, r->span);
}

static bool do_expand(request *r)
{
    return stretch(r, false);
}

static bool do_repeat(request *r)
{
    return stretch(r, true);
}

static bool do_expand_as(request *r)
{
    const cnn_py *other = given(r, "other", 0);
    cnn_py shape;
    if (other == NULL || other->kind != CNN_PY_TENSOR) {
        return cnn_not_followed(r->p, r->span);
    }
    return cnn_tensor_shape(r->p, other->tensor, &shape) &&
           cnn_tensor_repeat(r->p, r->in, shape.items, r->span, r->out);
}

/* Channels of zeros beside those that are there; negative numbers cut. */
static bool pad_channels(request *r, int64_t low, int64_t high, cnn_tensor **tensor)
{
    const cnn_tensor *in = *tensor;
    const int64_t more = (low > 0 ? low : 0) + (high > 0 ? high : 0);
    const int64_t cut[] = {low < 0 ? -low : 0, high < 0 ? -high : 0};
    int64_t n;
    if (low < -INT32_MAX || low > INT32_MAX || high < -INT32_MAX || high > INT32_MAX ||
        !cnn_checked_add(in->shape.channels, more, &n)) {
        return cnn_not_followed(r->p, r->span);
    }
    if (more > 0) {
        cnn_spec spec = cnn_spec_of("chpad", &in, NULL, r->span);
        cnn_spec_all(&spec, CNN_CHANNELS, n);
        if (!cnn_flow_add(r->p, &spec, tensor)) {
            return false;
        }
        in = *tensor;
    }
    if (cut[0] + cut[1] == 0) {
        return true;
    }
    cnn_spec spec = cnn_spec_of("chcrop", &in, NULL, r->span);
    cnn_spec_ends(&spec, &cut[0], &cut[1], 1);
    return cnn_flow_add(r->p, &spec, tensor);
}

/* F.pad: pairs from the last axis on. */
static bool do_pad(request *r)
{
    const cnn_py *pad = given(r, "pad", 0);
    int64_t low[CNN_AXES + 1] = {0}, high[CNN_AXES + 1] = {0}; /* the channels first */
    const int32_t axes = r->in->shape.axes;
    if (pad == NULL || (pad->kind != CNN_PY_TUPLE && pad->kind != CNN_PY_LIST) ||
        pad->items->count % 2 != 0 || pad->items->count > 2 * axes + 2) {
        return cnn_not_followed(r->p, r->span);
    }
    for (int32_t i = 0; i < pad->items->count; i++) {
        int64_t *to = i % 2 == 0 ? low : high;
        if (!cnn_whole(r->p, &pad->items->at[i], NULL, cnn_text_of("F.pad"), &to[axes - i / 2])) {
            return false;
        }
    }
    cnn_py_node call = {.span = r->span};
    cnn_module module = {.call = &call};
    cnn_tensor *tensor = (cnn_tensor *)r->in;
    bool any = pad->items->count == 0;
    for (int32_t i = 1; i <= axes; i++) {
        any = any || low[i] != 0 || high[i] != 0;
    }
    if (any && axes > 0 && !cnn_flow_pad(r->p, &module, r->in, low + 1, high + 1, &tensor)) {
        return false;
    }
    return pad_channels(r, low[0], high[0], &tensor) && give(r, tensor);
}

/* ---- names ---- */

/* Functions of the same arguments as a layer, after their input. */
static const struct {
    const char *name, *layer;
} as_layers[] = {
    {"max_pool", "MaxPool#d"},
    {"avg_pool", "AvgPool#d"},
    {"max_unpool", "MaxUnpool#d"},
    {"lp_pool", "LPPool#d"},
    {"adaptive_avg_pool", "AdaptiveAvgPool#d"},
    {"adaptive_max_pool", "AdaptiveMaxPool#d"},
    {"relu", "ReLU"},
    {"relu6", "ReLU6"},
    {"leaky_relu", "LeakyReLU"},
    {"elu", "ELU"},
    {"selu", "SELU"},
    {"gelu", "GELU"},
    {"silu", "SiLU"},
    {"swish", "SiLU"},
    {"mish", "Mish"},
    {"hardswish", "Hardswish"},
    {"hardsigmoid", "Hardsigmoid"},
    {"sigmoid", "Sigmoid"},
    {"tanh", "Tanh"},
    {"softplus", "Softplus"},
    {"softmax", "Softmax"},
    {"log_softmax", "LogSoftmax"},
    {"logsigmoid", "LogSigmoid"},
    {"softsign", "Softsign"},
    {"hardtanh", "Hardtanh"},
    {"celu", "CELU"},
    {"dropout", "Dropout"},
    {"dropout2d", "Dropout2d"},
    {"alpha_dropout", "AlphaDropout"},
    {"interpolate", "Upsample"},
    {"upsample", "Upsample"},
    {"pixel_shuffle", "PixelShuffle"},
    {"pixel_unshuffle", "PixelUnshuffle"},
    {"channel_shuffle", "ChannelShuffle"},
    {"local_response_norm", "LocalResponseNorm"},
};

static const struct {
    const char *name;
    handler *handle;
} handlers[] = {
    {"flatten", do_flatten},
    {"view", do_reshape},
    {"reshape", do_reshape},
    {"size", do_size},
    {"dim", do_rank},
    {"ndimension", do_rank},
    {"numel", do_count},
    {"nelement", do_count},
    {"mean", do_mean},
    {"reduce_mean", do_mean},
    {"sum", do_mean},
    {"max", do_extreme},
    {"min", do_extreme},
    {"amax", do_largest},
    {"amin", do_largest},
    {"std", do_spread},
    {"var", do_spread},
    {"squeeze", do_squeeze},
    {"unsqueeze", do_unsqueeze},
    {"permute", do_permute},
    {"transpose", do_transpose},
    {"swapaxes", do_transpose},
    {"glu", do_glu},
    {"chunk", do_chunk},
    {"split", do_split},
    {"add", do_add},
    {"sub", do_add},
    {"mul", do_mul},
    {"multiply", do_mul},
    {"pad", do_pad},
    {"contiguous", same},
    {"float", same},
    {"double", same},
    {"half", same},
    {"to", same},
    {"cuda", same},
    {"cpu", same},
    {"detach", same},
    {"clone", same},
    {"type", same},
    {"type_as", same},
    {"requires_grad", same},
    {"expand_as", do_expand_as},
    {"expand", do_expand},
    {"repeat", do_repeat},
    {"clamp", same},
    {"clip", same},
    {"abs", same},
    {"exp", same},
    {"log", same},
    {"sqrt", same},
    {"square", same},
    {"pow", same},
    {"div", same},
    {"neg", same},
    {"normalize", same},
    {"cast", same},
    {"identity", same},
    {"randn_like", same},
    {"rand_like", same},
    {"zeros_like", same},
    {"ones_like", same},
    {"empty_like", same},
    {"long", same},
};

/* "max_pool2d" is a name of the table and the axes. */
static const char *layer_of(cnn_text name, int32_t *axes)
{
    cnn_text stem = name;
    *axes = 2;
    for (size_t i = 0; i < CNN_LENGTH(as_layers); i++) {
        if (cnn_word_is(name, as_layers[i].name)) {
            return as_layers[i].layer;
        }
    }
    if (name.size > 2 && name.data[name.size - 1] == 'd' &&
        cnn_is_digit(name.data[name.size - 2])) {
        *axes = name.data[name.size - 2] - '0';
        stem.size -= 2;
    }
    for (size_t i = 0; i < CNN_LENGTH(as_layers) && stem.size < name.size; i++) {
        if (cnn_word_is(stem, as_layers[i].name)) {
            return as_layers[i].layer;
        }
    }
    return NULL;
}

static bool apply_layer(request *r, const char *layer, int32_t axes, cnn_text name)
{
    char word[32] = {0};
    const size_t size = strlen(layer);
    for (size_t i = 0; i < size && i < sizeof word; i++) {
        word[i] = layer[i] == '#' ? (char)('0' + axes) : layer[i];
    }
    const cnn_framework_row *row = cnn_row_find(&cnn_torch_rows, (cnn_text){word, size}, &axes);
    cnn_module *module;
    cnn_tensor *tensor;
    if (row == NULL) {
        return cnn_not_followed(r->p, r->span);
    }
    cnn_arguments rest = r->rest;
    if (rest.count > 0 && rest.at[0].value.kind == CNN_PY_OPAQUE) { /* F.max_unpool2d(x, places, */
        rest.at++;
        rest.count--;
    }
    if (!cnn_row_make(r->p, row, axes, name, &rest, &module)) {
        return false;
    }
    module->functional = true;
    bool indices = false;
    if ((cnn_arg(module, "return_indices") != NULL &&
         !cnn_arg_true(r->p, module, "return_indices", &indices)) ||
        !row->apply(r->p, module, r->in, NULL, &tensor) || !give(r, tensor)) {
        return false;
    }
    return !indices || with_data(r);
}

static bool answer(request *r, cnn_text name, bool *found)
{
    int32_t axes;
    *found = true;
    if (name.size > 1 && name.data[name.size - 1] == '_') {
        name.size--; /* the same in place: exp_ */
    }
    const char *layer = layer_of(name, &axes);
    if (layer != NULL) {
        return apply_layer(r, layer, axes, name);
    }
    for (size_t i = 0; i < CNN_LENGTH(handlers); i++) {
        if (cnn_word_is(name, handlers[i].name)) {
            return handlers[i].handle(r);
        }
    }
    *found = false;
    return true;
}

/* torch.randn(1, 3, 32, 32): its sizes may be the input's. */
static bool samples(cnn_paster *p, cnn_text name, cnn_arguments *args, bool *found, cnn_py *out)
{
    static const char *const names[] = {"randn", "rand",   "zeros",       "ones",
                                        "empty", "Tensor", "FloatTensor", "random_normal"};
    *found = false;
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        *found |= cnn_word_is(name, names[i]);
    }
    if (!*found) {
        return true;
    }
    cnn_py list;
    if (!cnn_py_items(p, CNN_PY_SAMPLES, 0, &list)) {
        return false;
    }
    list.origin = args->call->span;
    const bool one = args->count > 0 && (args->at[0].value.kind == CNN_PY_TUPLE ||
                                         args->at[0].value.kind == CNN_PY_LIST);
    const int32_t count = one ? args->at[0].value.items->count : args->count;
    for (int32_t i = 0; i < count; i++) {
        const cnn_py *value = one ? &args->at[0].value.items->at[i] : &args->at[i].value;
        const cnn_py batch = cnn_py_int(1, list.origin);
        if (!one && args->at[i].name.size > 0) {
            continue;
        }
        if (!cnn_py_append(p, list.items, i == 0 && value->kind != CNN_PY_INT ? &batch : value)) {
            return false;
        }
    }
    *out = list;
    return true;
}

/* torch.cat([a, b], 1) */
static bool concatenate(cnn_paster *p, cnn_arguments *args, cnn_py *out)
{
    request r = {.p = p, .rest = *args, .span = args->call->span};
    const cnn_py *list = args->count > 0 ? &args->at[0].value : NULL;
    const cnn_py *named = given(&r, "axis", 1);
    int64_t axis;
    if (list == NULL || (list->kind != CNN_PY_LIST && list->kind != CNN_PY_TUPLE) ||
        !number(&r, named != NULL ? "axis" : "dim", 1, 0, &axis)) {
        return p->err->code == CNN_OK ? cnn_not_followed(p, r.span) : false;
    }
    const cnn_items *items = list->items;
    for (int32_t i = 0; i < items->count; i++) {
        if (items->at[i].kind != CNN_PY_TENSOR) {
            return cnn_not_followed(p, r.span);
        }
    }
    if (items->count == 0) {
        return cnn_not_followed(p, r.span);
    }
    const cnn_tensor *first = items->at[0].tensor;
    const int32_t rank = first->shape.axes + 2;
    const int64_t at = axis < 0 ? axis + rank : axis;
    const bool last = p->framework == CNN_KERAS && !first->first;
    const int64_t channels = last ? rank - 1 : 1;
    return at == channels ? cnn_tensor_join(p, "cat", args->call, items->at, items->count, out)
                          : cnn_tensor_cat_sides(p, items, at, channels, args->call, out);
}

bool cnn_tensor_function(cnn_paster *p, const cnn_py *name, cnn_arguments *args, bool *found,
                         cnn_py *out)
{
    static const char *const cats[] = {"cat", "concat", "concatenate"};
    if (!samples(p, name->text, args, found, out) || *found) {
        return p->err->code == CNN_OK;
    }
    const cnn_py *first = args->count > 0 ? &args->at[0].value : NULL;
    for (size_t i = 0; i < CNN_LENGTH(cats) && first != NULL; i++) {
        const bool tensors = (first->kind == CNN_PY_LIST || first->kind == CNN_PY_TUPLE) &&
                             first->items->count > 0 && first->items->at[0].kind == CNN_PY_TENSOR;
        if (tensors && cnn_word_is(name->text, cats[i])) {
            *found = true;
            return concatenate(p, args, out);
        }
    }
    if (first != NULL && first->kind == CNN_PY_SAMPLES) {
        return cnn_samples_function(p, name->text, args, found, out);
    }
    if (first == NULL || first->kind != CNN_PY_TENSOR) {
        return true;
    }
    request r = {.p = p,
                 .in = first->tensor,
                 .rest = {args->at + 1, args->count - 1, args->call},
                 .span = args->call->span,
                 .out = out};
    return answer(&r, name->text, found);
}

bool cnn_tensor_method(cnn_paster *p, const cnn_py *object, cnn_text name, cnn_arguments *args,
                       cnn_py *out)
{
    request r = {.p = p, .in = object->tensor, .rest = *args, .span = args->call->span, .out = out};
    bool found;
    if (!answer(&r, name, &found)) {
        return false;
    }
    return found || cnn_not_followed(p, args->call->span);
}

/* ---- joins ---- */

/* Sides and channels that are equal or 1. */
static bool broadcast(cnn_shape *to, const cnn_shape *other)
{
    bool fits = to->axes == other->axes;
    for (int32_t i = -1; i < to->axes && fits; i++) {
        int64_t *const mine = i < 0 ? &to->channels : &to->side[i];
        const int64_t its = i < 0 ? other->channels : other->side[i];
        fits = *mine == its || *mine == 1 || its == 1;
        *mine = *mine == 1 ? its : *mine;
    }
    return fits;
}

static bool equal(const cnn_shape *a, const cnn_shape *b)
{
    bool same_shape = a->axes == b->axes && a->channels == b->channels;
    for (int32_t i = 0; i < a->axes; i++) {
        same_shape = same_shape && a->side[i] == b->side[i];
    }
    return same_shape;
}

bool cnn_tensor_join(cnn_paster *p, const char *op, const cnn_py_node *place, const cnn_py *parts_,
                     int32_t count, cnn_py *out)
{
    const cnn_tensor **sources = cnn_paste_take(p, (size_t)count, sizeof(const cnn_tensor *));
    cnn_shape shape = parts_[0].tensor->shape;
    bool all_equal = true, fit = true;
    cnn_tensor *tensor;
    if (sources == NULL) {
        return false;
    }
    for (int32_t i = 0; i < count; i++) {
        sources[i] = parts_[i].tensor;
        all_equal = all_equal && equal(&sources[i]->shape, &sources[0]->shape);
        fit = fit && broadcast(&shape, &sources[i]->shape);
    }
    if (count == 1) {
        *out = parts_[0];
        return true;
    }
    cnn_spec spec = cnn_spec_of(op, sources, NULL, place->span);
    spec.source_count = count;
    const bool add = cnn_word_is(cnn_text_of(op), "add");
    const bool cat = cnn_word_is(cnn_text_of(op), "cat");
    if (add && !all_equal && fit) { /* one is stretched, which our add does not do */
        const cnn_known_layer known = {.what = "add", .out = shape, .source_count = count};
        if (!cnn_flow_known(p, &known, sources, NULL, place->span, &tensor)) {
            return false;
        }
    } else if (!cat && !all_equal && !fit) {
        p->err->shape[0] = sources[0]->shape;
        for (int32_t i = 1; i < count; i++) {
            p->err->shape[1] = sources[i]->shape;
            if (!equal(&sources[i]->shape, &sources[0]->shape)) {
                break;
            }
        }
        return cnn_fail(p->err, add ? CNN_E_ADD_SHAPES : CNN_E_MUL_SHAPES, place->span);
    } else if (!cnn_flow_add(p, &spec, &tensor)) {
        return false;
    }
    *out = (cnn_py){.kind = CNN_PY_TENSOR, .tensor = tensor};
    return true;
}
