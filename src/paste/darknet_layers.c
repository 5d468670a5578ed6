/* The layers of darknet's .cfg files, by the rules of Debian's darknet of 2018-09-14, which was run
 * for them, and of AlexeyAB's, whose source was read, where that has more. */
#include "base/checked.h"
#include "paste/darknet.h"

static bool activate(cnn_darknet *r, const cnn_section *s, const char *standard)
{
    static const struct {
        const char *name, *op; /* NULL: a function without a word; "": none */
    } names[] = {{"linear", ""},   {"leaky", "lrelu"},      {"relu", "relu"},
                 {"elu", "elu"},   {"logistic", "sigmoid"}, {"tanh", "tanh"},
                 {"mish", "mish"}, {"swish", "silu"},       {"selu", "selu"}};
    cnn_text name = cnn_darknet_value(s, "activation");
    name = name.size > 0 ? name : cnn_text_of(standard);
    const char *op = "id"; /* of another name */
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        op = cnn_text_is(name, names[i].name) ? names[i].op : op;
    }
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of(op, &in, NULL, s->span);
    return op[0] == '\0' || cnn_flow_add(r->p, &spec, &r->at);
}

/* Scales and biases are trained, mean and variance are not; then there is no other bias. */
static bool normalise(cnn_darknet *r, const cnn_section *s, bool wanted)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("bn", &in, NULL, s->span);
    return !wanted || cnn_flow_add(r->p, &spec, &r->at);
}

static bool convolutional(cnn_darknet *r, const cnn_section *s)
{
    cnn_paster *p = r->p;
    const cnn_tensor *in = r->at;
    const bool transposed =
        cnn_word_is(s->name, "deconvolutional") || cnn_word_is(s->name, "deconv");
    cnn_spec spec = cnn_spec_of(transposed ? "deconv" : "conv", &in, NULL, s->span);
    int64_t filters, size, stride[2], all, flag, padding, groups, norm, dilation;
    if (!cnn_darknet_number(p, s, "filters", 1, &filters) ||
        !cnn_darknet_number(p, s, "size", 1, &size) ||
        !cnn_darknet_number(p, s, "stride", 1, &all) ||
        !cnn_darknet_number(p, s, "stride_y", all, &stride[0]) ||
        !cnn_darknet_number(p, s, "stride_x", all, &stride[1]) ||
        !cnn_darknet_number(p, s, "dilation", 1, &dilation) ||
        !cnn_darknet_number(p, s, "pad", 0, &flag) ||
        !cnn_darknet_number(p, s, "padding", 0, &padding) ||
        !cnn_darknet_number(p, s, "groups", 1, &groups) ||
        !cnn_darknet_number(p, s, "batch_normalize", 0, &norm)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, filters);
    cnn_spec_all(&spec, CNN_SIZE, size);
    padding = flag != 0 ? size / 2 : padding;
    const bool centred = size % 2 == 1 && padding == size / 2;
    if (dilation != 1 && (transposed || !centred)) {
        return cnn_paste_refuse(p, s->span, cnn_text_of("dilation"),
                                "is computed only where the padding is half the size");
    }
    if (!cnn_checked_mul(padding, dilation, &padding)) {
        return cnn_paste_fail(p, CNN_E_OVERFLOW, s->span, cnn_text_of("the padding"),
                              (cnn_text){0});
    }
    cnn_spec_sides(&spec, CNN_STRIDE, stride, 2);
    cnn_spec_all(&spec, CNN_DILATION, dilation);
    cnn_spec_all(&spec, CNN_PAD, padding);
    cnn_spec_all(&spec, CNN_GROUPS, groups);
    cnn_spec_all(&spec, CNN_BIAS, norm == 0);
    return cnn_flow_add(p, &spec, &r->at) && normalise(r, s, norm != 0) &&
           activate(r, s, "logistic");
}

/* The padding is that of both sides together; by default the size less one. */
static bool maxpool(cnn_darknet *r, const cnn_section *s)
{
    cnn_paster *p = r->p;
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("maxpool", &in, NULL, s->span);
    int64_t size, stride, padding;
    if (!cnn_darknet_number(p, s, "stride", 1, &stride) ||
        !cnn_darknet_number(p, s, "size", stride, &size) ||
        !cnn_darknet_number(p, s, "padding", size - 1, &padding)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, size);
    cnn_spec_all(&spec, CNN_STRIDE, stride);
    cnn_spec_all(&spec, CNN_PAD, padding / 2);
    for (int32_t i = 0; i < CNN_AXES; i++) {
        spec.attrs.value[CNN_PAD_AFTER][i] = padding - padding / 2;
    }
    return cnn_flow_add(p, &spec, &r->at);
}

static bool plain(cnn_darknet *r, const cnn_section *s, const char *op)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of(op, &in, NULL, s->span);
    return cnn_flow_add(r->p, &spec, &r->at);
}

static bool avgpool(cnn_darknet *r, const cnn_section *s)
{
    return plain(r, s, "gap");
}

static bool dropout(cnn_darknet *r, const cnn_section *s)
{
    return plain(r, s, "dropout");
}

static bool softmax(cnn_darknet *r, const cnn_section *s)
{
    return plain(r, s, "softmax");
}

static bool nothing(cnn_darknet *r, const cnn_section *s)
{
    (void)r;
    (void)s;
    return true;
}

static bool connected(cnn_darknet *r, const cnn_section *s)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("FC", &in, NULL, s->span);
    int64_t units, norm;
    if (!cnn_darknet_number(r->p, s, "output", 1, &units) ||
        !cnn_darknet_number(r->p, s, "batch_normalize", 0, &norm)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, units);
    cnn_spec_all(&spec, CNN_BIAS, norm == 0);
    return cnn_flow_add(r->p, &spec, &r->at) && normalise(r, s, norm != 0) &&
           activate(r, s, "logistic");
}

/* A layer whose only number is the value of `key`. */
static bool sized(cnn_darknet *r, const cnn_section *s, const char *op, const char *key,
                  int64_t standard)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of(op, &in, NULL, s->span);
    int64_t size;
    if (!cnn_darknet_number(r->p, s, key, standard, &size)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, size);
    return cnn_flow_add(r->p, &spec, &r->at);
}

static bool upsample(cnn_darknet *r, const cnn_section *s)
{
    return sized(r, s, "upsample", "stride", 2);
}

/* C*s^2 x H/s x W/s, or the other way round. */
static bool reorg(cnn_darknet *r, const cnn_section *s)
{
    const cnn_tensor *in = r->at;
    int64_t stride, reverse;
    if (!cnn_darknet_number(r->p, s, "stride", 1, &stride) ||
        !cnn_darknet_number(r->p, s, "reverse", 0, &reverse)) {
        return false;
    }
    cnn_spec spec = cnn_spec_of(reverse != 0 ? "pixshuf" : "pixunshuf", &in, NULL, s->span);
    cnn_spec_all(&spec, CNN_SIZE, stride);
    return cnn_flow_add(r->p, &spec, &r->at);
}

/* A layer by its number: negative ones count back from this one. */
static bool layer_at(cnn_darknet *r, const cnn_section *s, int64_t index, cnn_tensor **out)
{
    const int64_t at = index < 0 ? index + r->count : index;
    if (at < 0 || at >= r->count) {
        return cnn_fail_numbers(r->p->err, CNN_E_PASTE_INDEX, s->span, index, r->count);
    }
    *out = r->made[at];
    return true;
}

static bool one_group(cnn_darknet *r, const cnn_section *s, int64_t groups, int64_t which,
                      cnn_tensor **tensor)
{
    const cnn_tensor *in = *tensor;
    const int64_t c = in->shape.channels;
    if (groups == 1) {
        return true;
    }
    if (groups < 1 || c % groups != 0) {
        r->p->err->word[0] = s->name;
        return cnn_fail_numbers(r->p->err, CNN_E_DIVIDES, s->span, groups, c);
    }
    if (which < 0 || which >= groups) {
        return cnn_fail_numbers(r->p->err, CNN_E_PASTE_INDEX, s->span, which, groups);
    }
    const int64_t low = c / groups * which, high = c - c / groups - low;
    cnn_spec spec = cnn_spec_of("chcrop", &in, NULL, s->span);
    cnn_spec_ends(&spec, &low, &high, 1);
    return cnn_flow_add(r->p, &spec, tensor);
}

/* Joins the channels of several layers; of each only one of `groups` parts, as AlexeyAB's darknet
 * does. The original one ignores these two keys. */
static bool route(cnn_darknet *r, const cnn_section *s)
{
    cnn_text rest = cnn_darknet_value(s, "layers");
    cnn_items parts = {0};
    int64_t groups, which;
    if (!cnn_darknet_number(r->p, s, "groups", 1, &groups) ||
        !cnn_darknet_number(r->p, s, "group_id", 0, &which)) {
        return false;
    }
    while (rest.size > 0) {
        int64_t index;
        cnn_py part = {.kind = CNN_PY_TENSOR};
        if (!cnn_darknet_int(r->p, cnn_text_trim(cnn_text_split(&rest, ',')), &index) ||
            !layer_at(r, s, index, &part.tensor) || !one_group(r, s, groups, which, &part.tensor) ||
            !cnn_py_append(r->p, &parts, &part)) {
            return false;
        }
    }
    if (parts.count == 0) {
        return cnn_paste_fail(r->p, CNN_E_PASTE_MISSING, s->span, cnn_text_of("route"),
                              cnn_text_of("layers"));
    }
    const cnn_py_node place = {.span = s->span};
    cnn_py out;
    if (!cnn_tensor_join(r->p, "cat", &place, parts.at, parts.count, &out)) {
        return false;
    }
    r->at = out.tensor;
    return true;
}

/* Maps of unlike sizes are added as far as they go together: the shape is that of the last one. */
static bool shortcut(cnn_darknet *r, const cnn_section *s)
{
    cnn_tensor *other = NULL;
    int64_t from = 0;
    if (!cnn_darknet_number(r->p, s, "from", -1, &from) || !layer_at(r, s, from, &other)) {
        return false;
    }
    const cnn_tensor *both[] = {r->at, other};
    bool equal = r->at->shape.channels == other->shape.channels;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        equal = equal && r->at->shape.side[i] == other->shape.side[i];
    }
    cnn_spec spec = cnn_spec_of("add", both, NULL, s->span);
    spec.source_count = 2;
    const cnn_known_layer known = {.what = "add", .out = r->at->shape, .source_count = 2};
    const bool done = equal ? cnn_flow_add(r->p, &spec, &r->at)
                            : cnn_flow_known(r->p, &known, both, NULL, s->span, &r->at);
    return done && activate(r, s, "linear");
}

/* The map that enters, without its edges. */
static bool crop(cnn_darknet *r, const cnn_section *s)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("crop", &in, NULL, s->span);
    int64_t sides[2];
    if (!cnn_darknet_number(r->p, s, "crop_height", 1, &sides[0]) ||
        !cnn_darknet_number(r->p, s, "crop_width", 1, &sides[1])) {
        return false;
    }
    cnn_spec_sides(&spec, CNN_SIZE, sides, 2);
    return cnn_flow_add(r->p, &spec, &r->at);
}

/* A convolution with separate weights and biases at every place. With pad=1 the output is as if
 * the map were padded to keep its size, whatever the kernel. */
static bool local(cnn_darknet *r, const cnn_section *s)
{
    cnn_paster *p = r->p;
    const cnn_tensor *in = r->at;
    int64_t n, size, stride, pad, window;
    if (!cnn_darknet_number(p, s, "filters", 1, &n) ||
        !cnn_darknet_number(p, s, "size", 1, &size) ||
        !cnn_darknet_number(p, s, "stride", 1, &stride) ||
        !cnn_darknet_number(p, s, "pad", 0, &pad)) {
        return false;
    }
    cnn_known_layer known = {.what = "local", .out = {.channels = n, .axes = 2}};
    bool fits = in->shape.axes == 2 && n > 0 && size > 0 && stride > 0;
    for (int32_t i = 0; fits && i < 2; i++) {
        const int64_t room = in->shape.side[i] - (pad != 0 ? 1 : size);
        known.out.side[i] = room / stride + 1;
        fits = room >= 0;
    }
    if (!fits) {
        return cnn_paste_refuse(p, s->span, s->name,
                                "needs numbers above 0, and a map as large as its size");
    }
    if (!cnn_checked_mul(size, size, &window) ||
        !cnn_checked_mul(window, in->shape.channels, &window) ||
        !cnn_checked_mul(n, known.out.side[0], &known.biases) ||
        !cnn_checked_mul(known.biases, known.out.side[1], &known.biases) ||
        !cnn_checked_mul(window, known.biases, &known.weights)) {
        return cnn_paste_fail(p, CNN_E_OVERFLOW, s->span, cnn_text_of("the number of weights"),
                              (cnn_text){0});
    }
    known.macs = known.weights; /* each is used once */
    return cnn_flow_known(p, &known, &in, NULL, s->span, &r->at) && activate(r, s, "logistic");
}

static bool batch_norm(cnn_darknet *r, const cnn_section *s)
{
    return normalise(r, s, true);
}

static bool local_norm(cnn_darknet *r, const cnn_section *s)
{
    return sized(r, s, "LRN", "size", 5);
}

static bool logistic(cnn_darknet *r, const cnn_section *s)
{
    return plain(r, s, "sigmoid");
}

/* Keys of AlexeyAB's darknet that change sizes or weights, which the original one ignores. */
static bool refuse_keys(cnn_darknet *r, const cnn_section *s)
{
    static const char *const keys[] = {"antialiasing", "maxpool_depth", "out_channels",
                                       "share_index",  "deform",        "rotate",
                                       "stretch",      "sway",          "weights_type"};
    for (size_t i = 0; i < CNN_LENGTH(keys); i++) {
        const cnn_text value = cnn_darknet_value(s, keys[i]);
        if (value.size > 0 && !cnn_text_is(value, "0") && !cnn_text_is(value, "none")) {
            return cnn_paste_refuse(r->p, s->span, cnn_text_of(keys[i]),
                                    "is a key of this section that is not computed here");
        }
    }
    return true;
}

bool cnn_darknet_add(cnn_darknet *r, const cnn_section *s)
{
    static const struct {
        const char *name;
        bool (*add)(cnn_darknet *, const cnn_section *);
    } kinds[] = {{"convolutional", convolutional},
                 {"conv", convolutional},
                 {"deconvolutional", convolutional},
                 {"deconv", convolutional},
                 {"maxpool", maxpool},
                 {"max", maxpool},
                 {"avgpool", avgpool},
                 {"avg", avgpool},
                 {"dropout", dropout},
                 {"softmax", softmax},
                 {"soft", softmax},
                 {"cost", nothing},
                 {"yolo", nothing},
                 {"region", nothing},
                 {"detection", nothing},
                 {"connected", connected},
                 {"conn", connected},
                 {"upsample", upsample},
                 {"crop", crop},
                 {"local", local},
                 {"batchnorm", batch_norm},
                 {"lrn", local_norm},
                 {"normalization", local_norm},
                 {"logistic", logistic},
                 {"logxent", logistic},
                 {"l2norm", nothing},
                 {"iseg", nothing},
                 {"reorg", reorg},
                 {"route", route},
                 {"shortcut", shortcut}};
    for (size_t i = 0; i < CNN_LENGTH(kinds); i++) {
        if (cnn_word_is(s->name, kinds[i].name)) {
            return refuse_keys(r, s) && kinds[i].add(r, s);
        }
    }
    if (cnn_word_is(s->name, "activation")) {
        return activate(r, s, "linear");
    }
    return cnn_paste_refuse(r->p, s->span, s->name, "is no section that is computed here");
}
