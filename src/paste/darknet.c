/* Darknet's .cfg files, by the rules of Debian's darknet of 2018-09-14, which was run for them. */
#include "base/checked.h"
#include "paste/root.h"

typedef struct section {
    cnn_text name;
    cnn_text body; /* its lines */
    cnn_span span;
} section;

typedef struct reader {
    cnn_paster *p;
    cnn_tensor **made; /* what each section after the first gives */
    int32_t count, room;
    cnn_tensor *at;
} reader;

/* ---- key = value ---- */

/* Without comment and blanks; "#" and ";" begin comments. */
static cnn_text clean(cnn_text line)
{
    line = cnn_text_trim(line);
    return line.size > 0 && (line.data[0] == '#' || line.data[0] == ';') ? (cnn_text){line.data, 0}
                                                                         : line;
}

static cnn_text value_of(const section *s, const char *key)
{
    cnn_text rest = s->body, found = {0};
    while (rest.size > 0) {
        cnn_text value = clean(cnn_text_split(&rest, '\n'));
        const cnn_text name = cnn_text_trim(cnn_text_split(&value, '='));
        found = cnn_word_is(name, key) && found.size == 0 ? cnn_text_trim(value) : found;
    }
    return found;
}

static bool read_int(cnn_paster *p, cnn_text text, int64_t *out)
{
    const bool negative = text.size > 0 && text.data[0] == '-';
    int64_t n = 0;
    for (size_t i = negative; i < text.size; i++) {
        if (text.data[i] == ' ' || text.data[i] == '#' || text.data[i] == '\t') {
            break;
        }
        if (!cnn_is_digit(text.data[i]) || !cnn_checked_mul(n, 10, &n) ||
            !cnn_checked_add(n, text.data[i] - '0', &n)) {
            const uint32_t at = (uint32_t)(text.data - p->text.data);
            return cnn_paste_fail(p, CNN_E_PASTE_NUMBER, (cnn_span){at, at + (uint32_t)text.size},
                                  cnn_text_of("this key"), (cnn_text){0});
        }
    }
    *out = negative ? -n : n;
    return true;
}

static bool number(cnn_paster *p, const section *s, const char *key, int64_t standard, int64_t *out)
{
    const cnn_text text = value_of(s, key);
    *out = standard;
    return text.size == 0 || read_int(p, text, out);
}

/* ---- layers ---- */

static bool activate(reader *r, const section *s, const char *standard)
{
    static const struct {
        const char *name, *op; /* NULL: a function without a word; "": none */
    } names[] = {{"linear", ""},   {"leaky", "lrelu"},      {"relu", "relu"},
                 {"elu", "elu"},   {"logistic", "sigmoid"}, {"tanh", "tanh"},
                 {"mish", "mish"}, {"swish", "silu"},       {"selu", "selu"}};
    cnn_text name = value_of(s, "activation");
    name = name.size > 0 ? name : cnn_text_of(standard);
    const char *op = NULL;
    for (size_t i = 0; i < CNN_LENGTH(names); i++) {
        op = cnn_text_is(name, names[i].name) ? names[i].op : op;
    }
    const cnn_tensor *in = r->at;
    if (op != NULL && op[0] == '\0') {
        return true;
    }
    if (op == NULL) {
        op = "id";
    }
    cnn_spec spec = cnn_spec_of(op, &in, NULL, s->span);
    return cnn_flow_add(r->p, &spec, &r->at);
}

/* Scales and biases are trained, mean and variance are not; then there is no other bias. */
static bool normalise(reader *r, const section *s, bool wanted)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("bn", &in, NULL, s->span);
    return !wanted || cnn_flow_add(r->p, &spec, &r->at);
}

static bool convolutional(reader *r, const section *s)
{
    cnn_paster *p = r->p;
    const cnn_tensor *in = r->at;
    const bool transposed = cnn_word_is(s->name, "deconvolutional");
    cnn_spec spec = cnn_spec_of(transposed ? "deconv" : "conv", &in, NULL, s->span);
    int64_t filters, size, stride, flag, padding, groups, norm;
    if (!number(p, s, "filters", 1, &filters) || !number(p, s, "size", 1, &size) ||
        !number(p, s, "stride", 1, &stride) || !number(p, s, "pad", 0, &flag) ||
        !number(p, s, "padding", 0, &padding) || !number(p, s, "groups", 1, &groups) ||
        !number(p, s, "batch_normalize", 0, &norm)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, filters);
    cnn_spec_all(&spec, CNN_SIZE, size);
    cnn_spec_all(&spec, CNN_STRIDE, stride);
    cnn_spec_all(&spec, CNN_PAD, flag != 0 ? size / 2 : padding);
    cnn_spec_all(&spec, CNN_GROUPS, groups);
    cnn_spec_all(&spec, CNN_BIAS, norm == 0);
    return cnn_flow_add(p, &spec, &r->at) && normalise(r, s, norm != 0) &&
           activate(r, s, "logistic");
}

/* The padding is that of both sides together; by default the size less one. */
static bool maxpool(reader *r, const section *s)
{
    cnn_paster *p = r->p;
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("maxpool", &in, NULL, s->span);
    int64_t size, stride, padding;
    if (!number(p, s, "stride", 1, &stride) || !number(p, s, "size", stride, &size) ||
        !number(p, s, "padding", size - 1, &padding)) {
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

static bool plain(reader *r, const section *s, const char *op)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of(op, &in, NULL, s->span);
    return cnn_flow_add(r->p, &spec, &r->at);
}

static bool avgpool(reader *r, const section *s)
{
    return plain(r, s, "gap");
}

static bool dropout(reader *r, const section *s)
{
    return plain(r, s, "dropout");
}

static bool softmax(reader *r, const section *s)
{
    return plain(r, s, "softmax");
}

static bool nothing(reader *r, const section *s)
{
    (void)r;
    (void)s;
    return true;
}

static bool connected(reader *r, const section *s)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("FC", &in, NULL, s->span);
    int64_t units, norm;
    if (!number(r->p, s, "output", 1, &units) || !number(r->p, s, "batch_normalize", 0, &norm)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_CHANNELS, units);
    cnn_spec_all(&spec, CNN_BIAS, norm == 0);
    return cnn_flow_add(r->p, &spec, &r->at) && normalise(r, s, norm != 0) &&
           activate(r, s, "logistic");
}

static bool upsample(reader *r, const section *s)
{
    const cnn_tensor *in = r->at;
    cnn_spec spec = cnn_spec_of("upsample", &in, NULL, s->span);
    int64_t stride;
    if (!number(r->p, s, "stride", 2, &stride)) {
        return false;
    }
    cnn_spec_all(&spec, CNN_SIZE, stride);
    return cnn_flow_add(r->p, &spec, &r->at);
}

/* C*s^2 x H/s x W/s, or the other way round. */
static bool reorg(reader *r, const section *s)
{
    const cnn_tensor *in = r->at;
    int64_t stride, reverse;
    if (!number(r->p, s, "stride", 1, &stride) || !number(r->p, s, "reverse", 0, &reverse)) {
        return false;
    }
    cnn_spec spec = cnn_spec_of(reverse != 0 ? "pixshuf" : "pixunshuf", &in, NULL, s->span);
    cnn_spec_all(&spec, CNN_SIZE, stride);
    return cnn_flow_add(r->p, &spec, &r->at);
}

/* A layer by its number: negative ones count back from this one. */
static bool layer_at(reader *r, const section *s, int64_t index, cnn_tensor **out)
{
    const int64_t at = index < 0 ? index + r->count : index;
    if (at < 0 || at >= r->count) {
        return cnn_fail_numbers(r->p->err, CNN_E_PASTE_INDEX, s->span, index, r->count);
    }
    *out = r->made[at];
    return true;
}

static bool route(reader *r, const section *s)
{
    cnn_text rest = value_of(s, "layers");
    cnn_items parts = {0};
    while (rest.size > 0) {
        int64_t index;
        cnn_py part = {.kind = CNN_PY_TENSOR};
        if (!read_int(r->p, cnn_text_trim(cnn_text_split(&rest, ',')), &index) ||
            !layer_at(r, s, index, &part.tensor) || !cnn_py_append(r->p, &parts, &part)) {
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
static bool shortcut(reader *r, const section *s)
{
    cnn_tensor *other = NULL;
    int64_t from = 0;
    if (!number(r->p, s, "from", -1, &from) || !layer_at(r, s, from, &other)) {
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

static bool add_section(reader *r, const section *s)
{
    static const struct {
        const char *name;
        bool (*add)(reader *, const section *);
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
                 {"reorg", reorg},
                 {"route", route},
                 {"shortcut", shortcut}};
    for (size_t i = 0; i < CNN_LENGTH(kinds); i++) {
        if (cnn_word_is(s->name, kinds[i].name)) {
            return kinds[i].add(r, s);
        }
    }
    if (cnn_word_is(s->name, "activation")) {
        return activate(r, s, "linear");
    }
    return cnn_paste_refuse(r->p, s->span, s->name, "is no section that is computed here");
}

/* ---- the file ---- */

static bool next_section(const cnn_paster *p, size_t *at, section *out)
{
    const cnn_text text = p->text;
    bool found = false;
    while (*at < text.size) {
        const size_t begin = *at;
        cnn_text rest = {text.data + begin, text.size - begin};
        const cnn_text line = clean(cnn_text_split(&rest, '\n'));
        const size_t next = (size_t)(rest.data - text.data);
        const bool head = line.size > 1 && line.data[0] == '[';
        if (head && found) {
            break;
        }
        if (head) {
            cnn_text name = {line.data + 1, line.size - 1};
            found = true;
            out->name = cnn_text_trim(cnn_text_split(&name, ']'));
            out->body = (cnn_text){rest.data, 0};
            const uint32_t from = (uint32_t)(line.data - text.data);
            out->span = (cnn_span){from, from + (uint32_t)line.size};
        }
        *at = rest.size == 0 && next <= begin ? text.size : next;
        *at = *at > text.size ? text.size : *at;
        if (found) {
            out->body.size = (size_t)(text.data + *at - out->body.data);
        }
        if (rest.size == 0) {
            *at = text.size;
        }
    }
    return found;
}

static bool keep(reader *r)
{
    if (r->count == r->room) {
        const int32_t room = r->room < 16 ? 16 : 2 * r->room;
        cnn_tensor **made = cnn_paste_take(r->p, (size_t)room, sizeof(cnn_tensor *));
        if (made == NULL) {
            return false;
        }
        if (r->count > 0) {
            memcpy(made, r->made, (size_t)r->count * sizeof(cnn_tensor *));
        }
        r->made = made;
        r->room = room;
    }
    r->made[r->count++] = r->at;
    return true;
}

static bool begin(reader *r, const section *s)
{
    cnn_shape input = {.axes = 2};
    int64_t values;
    if (!number(r->p, s, "channels", 0, &input.channels) ||
        !number(r->p, s, "height", 0, &input.side[0]) ||
        !number(r->p, s, "width", 0, &input.side[1]) || !number(r->p, s, "inputs", 0, &values)) {
        return false;
    }
    if (r->p->settings->input.size > 0) {
        cnn_module *none = cnn_module_new(r->p, NULL);
        bool any;
        if (none == NULL || !cnn_input_find(r->p, none, &input, &any)) {
            return false;
        }
    } else if (input.channels < 1 || input.side[0] < 1 || input.side[1] < 1) {
        input = (cnn_shape){.channels = values};
    }
    if (input.channels < 1) {
        return cnn_fail(r->p->err, CNN_E_PASTE_NO_INPUT, s->span);
    }
    return cnn_flow_begin(r->p, &input, s->span, &r->at);
}

bool cnn_darknet_read(cnn_paster *p)
{
    reader r = {.p = p};
    section s = {0};
    size_t at = 0;
    bool begun = false;
    while (next_section(p, &at, &s)) {
        const bool head = cnn_word_is(s.name, "net") || cnn_word_is(s.name, "network");
        if (!cnn_paste_step(p, 1)) {
            return false;
        }
        if (!begun) {
            const section none = {0};
            if (!begin(&r, head ? &s : &none)) {
                return false;
            }
            begun = true;
        }
        if (!head && (!add_section(&r, &s) || !keep(&r))) {
            return false;
        }
    }
    if (r.at == NULL || r.count == 0) {
        return cnn_fail(p->err, CNN_E_PASTE_NO_MODEL, (cnn_span){0, 0});
    }
    return cnn_builder_end(p->builder, r.at->layer);
}
