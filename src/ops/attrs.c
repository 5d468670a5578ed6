/*
 * The attributes of layers: one table, and what every kind does with them alike. What a kind takes,
 * and within which bounds, is in its table of uses.
 */
#include "ops/op.h"

/* What has no letters is written without: size and channels in the layer's word, conv3-64, and the
 * padding of the far end after that of the near one, p1+2. */
const cnn_attr_name cnn_attr_names[CNN_ATTRS] = {
    [CNN_SIZE] = {"", "", "size"},
    [CNN_CHANNELS] = {"", "", "number of channels"},
    [CNN_STRIDE] = {"s", "stride", "stride"},
    [CNN_PAD] = {"p", "pad padding", "padding"},
    [CNN_DILATION] = {"d", "dilation", "dilation"},
    [CNN_GROUPS] = {"g", "group groups", "number of groups"},
    [CNN_BIAS] = {"b", "bias", "bias"},
    [CNN_EXTRA] = {"op", "", "output padding"},
    [CNN_PAD_AFTER] = {"", "", "padding"},
    [CNN_SAME] = {"same", "", "same"},
    [CNN_VALID] = {"valid", "", "valid"},
    [CNN_CEIL] = {"ceil", "", "ceil"},
    [CNN_SAME_TF] = {"same=tf", "", "same=tf"},
    [CNN_ALL] = {"all", "", "all"},
};

/* Maps of two axes have no depth: the last axes are height and width. */
const char *cnn_side_name(int32_t axes, int32_t i)
{
    static const char *const names[] = {"depth", "height", "width"};
    return axes == 1 ? "length" : names[CNN_AXES - axes + i];
}

const cnn_use cnn_no_use = {.need = CNN_NEVER};

void cnn_attrs_standard(const cnn_op *op, cnn_attrs *out)
{
    *out = (cnn_attrs){0};
    if (op->uses == NULL) {
        return;
    }
    for (int32_t attr = 0; attr < CNN_NUMBERS; attr++) {
        for (int32_t axis = 0; axis < CNN_AXES; axis++) {
            out->value[attr][axis] = op->uses[attr].standard;
        }
    }
    /* a pooling has no standard stride: it is the kernel */
    for (int32_t i = 0; op->uses[CNN_STRIDE].standard == 0 && i < CNN_AXES; i++) {
        out->value[CNN_STRIDE][i] = out->value[CNN_SIZE][i];
    }
    out->given = op->uses[CNN_SAME].standard != 0 ? 1u << CNN_SAME : 0;
}

uint32_t cnn_attrs_required(const cnn_op *op)
{
    uint32_t required = 0;
    for (int32_t attr = 0; op->uses != NULL && attr < CNN_NUMBERS; attr++) {
        required |= op->uses[attr].need == CNN_REQUIRED ? 1u << attr : 0;
    }
    return required;
}

bool cnn_attr_set(const cnn_op *op, cnn_attrs *attrs, cnn_attr attr, int32_t axis, int64_t value,
                  cnn_span span, cnn_error *err)
{
    const cnn_use *use = cnn_use_of(op, attr);
    /* 0 is no upper bound */
    const bool above = use->most > 0 && value > use->most;
    if (value < use->least || above) {
        err->word[0] = cnn_text_of(cnn_attr_names[attr].what);
        const int32_t code = op->decimal ? CNN_E_PROBABILITY
                             : above     ? CNN_E_TOO_LARGE
                                         : CNN_E_TOO_SMALL;
        return cnn_fail_numbers(err, code, span, value, above ? use->most : use->least);
    }
    int64_t *const target = attrs->value[attr];
    for (int32_t i = 0; i < CNN_AXES; i++) {
        if (axis >= 0 && i != axis) {
            continue;
        }
        target[i] = value;
        if (attr == CNN_PAD) {
            attrs->value[CNN_PAD_AFTER][i] = value;
        }
    }
    return true;
}

/* For attributes that cnn_attrs_complete refused: one is missing, or there are two paddings. */
bool cnn_attrs_fail(const cnn_op *op, const cnn_attrs *attrs, cnn_span span, cnn_error *err)
{
    const uint32_t missing = cnn_attrs_required(op) & ~attrs->given;
    const uint32_t padding = cnn_paddings(attrs->given);
    if (missing != 0) {
        const bool size = (missing >> CNN_SIZE & 1) != 0;
        return cnn_fail_words(err, size ? CNN_E_SIZE_MISSING : CNN_E_CHANNELS_MISSING, span,
                              cnn_text_of(op->name), cnn_text_of(op->example));
    }
    cnn_text words[2] = {{0}};
    int32_t count = 0;
    /* ends, because two bits at least are set */
    for (int32_t attr = CNN_PAD; count < 2; attr++) {
        if ((padding >> attr & 1) != 0) {
            words[count++] = cnn_text_of(cnn_attr_names[attr].what);
        }
    }
    return cnn_fail_words(err, CNN_E_ATTR_CONFLICT, span, words[0], words[1]);
}

bool cnn_site_fail(cnn_site *site, int32_t code, int64_t n0, int64_t n1)
{
    return cnn_fail_numbers(site->err, code, site->layer->span, n0, n1);
}

bool cnn_site_overflow(cnn_site *site, const char *what)
{
    return cnn_fail_words(site->err, CNN_E_OVERFLOW, site->layer->span, cnn_text_of(what),
                          (cnn_text){0});
}

bool cnn_site_map(cnn_site *site)
{
    if (site->in->axes > 0) {
        return true;
    }
    site->err->word[0] = cnn_text_of(site->layer->op->name);
    return cnn_site_fail(site, CNN_E_NEEDS_MAP, site->in->channels, 0);
}

bool cnn_shape_same(cnn_site *site)
{
    site->layer->out = *site->in;
    return true;
}
