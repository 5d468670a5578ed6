/* One layer as text, with its numbers filled in and its defaults left out. */
#include "net/layer_text.h"

#include "ops/window.h"

static void put_decimal(cnn_out *out, int64_t billionths)
{
    cnn_out_int(out, billionths / CNN_DECIMAL);
    int64_t rest = billionths % CNN_DECIMAL;
    if (rest > 0) {
        cnn_out_char(out, '.');
    }
    for (int64_t unit = CNN_DECIMAL / 10; rest > 0; unit /= 10) {
        cnn_out_char(out, (char)('0' + rest / unit));
        rest %= unit;
    }
}

/* How many numbers the attribute has for this layer. */
static int32_t count_of(const cnn_layer *layer, cnn_attr attr)
{
    const int32_t fixed = cnn_use_of(layer->op, attr)->numbers;
    return fixed > 0 ? fixed : layer->in.axes > 0 ? layer->in.axes : 1;
}

/* "1", "1x2"; "0+1" where both ends of an axis differ, or where `ends` asks for it. */
static void put_padding(cnn_out *out, const int64_t *low, const int64_t *high, int32_t axes,
                        bool ends)
{
    bool even = !ends, equal = true;
    for (int32_t i = 0; i < axes; i++) {
        even = even && low[i] == high[i];
        equal = equal && low[i] == low[0] && high[i] == high[0];
    }
    if (even) {
        cnn_out_sides(out, low, axes);
        return;
    }
    for (int32_t i = 0; i < (equal ? 1 : axes); i++) {
        cnn_out_string(out, i > 0 ? "x" : "");
        cnn_out_int(out, low[i]);
        cnn_out_char(out, '+');
        cnn_out_int(out, high[i]);
    }
}

/* The size after the layer's name: 3, 3x5, 0.25, 1+2, or a whole shape. */
static void put_size(cnn_out *out, const cnn_layer *layer)
{
    /* After the name of a label no size is written: it is the output's. */
    const int64_t *size = layer->op->takes_label ? layer->out.side : layer->attrs->value[CNN_SIZE];
    const int32_t numbers = count_of(layer, CNN_SIZE);
    if (layer->op->two_ends && cnn_given(layer, CNN_PAD)) {
        put_padding(out, layer->attrs->value[CNN_PAD], layer->attrs->value[CNN_PAD_AFTER], numbers,
                    cnn_given(layer, CNN_PAD_AFTER));
    } else if (layer->op->decimal) {
        put_decimal(out, size[0]);
    } else if (cnn_use_of(layer->op, CNN_SIZE)->numbers == CNN_AXES) {
        cnn_out_shape(out, &(cnn_shape){size[0], {size[1], size[2]}, size[2] == 0 ? 1 : 2});
    } else {
        cnn_out_sides(out, size, numbers);
    }
}

/* Whether the attribute equals its default. */
static bool is_standard(const cnn_layer *layer, cnn_attr attr)
{
    const cnn_use *use = cnn_use_of(layer->op, attr);
    const int64_t *value = layer->attrs->value[attr];
    const bool kernel = attr == CNN_STRIDE && use->standard == 0; /* pooling */
    if (use->need == CNN_REQUIRED || (attr == CNN_SIZE && use->standard == 0)) {
        return false;
    }
    if (attr == CNN_PAD && cnn_use_of(layer->op, CNN_SAME)->standard != 0) {
        return false; /* the default is not a padding of 0 but "same" */
    }
    bool equal = true;
    for (int32_t i = 0; i < count_of(layer, attr); i++) {
        equal = equal && value[i] == (kernel ? layer->attrs->value[CNN_SIZE][i] : use->standard);
        equal = equal && (attr != CNN_PAD || layer->attrs->value[CNN_PAD_AFTER][i] == value[i]);
    }
    return equal;
}

/* An attribute that is given, unless it is its default or written elsewhere. */
static void put_attr(cnn_out *out, const cnn_layer *layer, cnn_attr attr)
{
    /* the others are words: same, valid, ceil */
    const bool number = attr < CNN_NUMBERS;
    if ((attr == CNN_PAD && layer->op->two_ends) || attr == CNN_PAD_AFTER ||
        (attr == CNN_SAME && cnn_given(layer, CNN_SAME_TF)) ||
        (number ? is_standard(layer, attr) : cnn_use_of(layer->op, attr)->standard != 0)) {
        return;
    }
    cnn_out_char(out, ' ');
    cnn_out_string(out, cnn_attr_spelling(layer->op, attr));
    if (attr == CNN_PAD) {
        put_padding(out, layer->attrs->value[CNN_PAD], layer->attrs->value[CNN_PAD_AFTER],
                    count_of(layer, attr), cnn_given(layer, CNN_PAD_AFTER));
    } else if (number) {
        cnn_out_sides(out, layer->attrs->value[attr], count_of(layer, attr));
    }
}

/* What the text gave, in canonical order; defaults are left out although they were written. */
void cnn_out_layer(cnn_out *out, const cnn_layer *layer)
{
    const uint32_t given = layer->attrs->given;
    cnn_out_string(out, layer->op->name);
    if (cnn_given(layer, CNN_SIZE) && !is_standard(layer, CNN_SIZE)) {
        put_size(out, layer);
    }
    if (cnn_given(layer, CNN_CHANNELS)) {
        cnn_out_char(out, '-');
        cnn_out_int(out, layer->attrs->value[CNN_CHANNELS][0]);
    }
    for (int32_t i = CNN_STRIDE; given >> i != 0; i++) {
        if ((given >> i & 1) != 0) {
            put_attr(out, layer, (cnn_attr)i);
        }
    }
}

/* " d2": the numbers in use, unless all are as usual. */
static void put_unless(cnn_out *out, const cnn_layer *layer, cnn_attr attr, const int64_t *value,
                       int64_t usual)
{
    const int32_t numbers = count_of(layer, attr);
    bool all = true;
    for (int32_t i = 0; i < numbers; i++) {
        all = all && value[i] == usual;
    }
    if (!all) {
        cnn_out_char(out, ' ');
        cnn_out_string(out, cnn_attr_names[attr].letters);
        cnn_out_sides(out, value, numbers);
    }
}

/* "7x7 s2 p3 d2 g4 op1", after all defaults; dilation, groups and output padding only if any. */
void cnn_out_window(cnn_out *out, const cnn_layer *layer)
{
    const int32_t axes = layer->in.axes;
    if (cnn_use_of(layer->op, CNN_STRIDE)->need == CNN_NEVER) {
        return;
    }
    for (int32_t i = 0; i < axes; i++) {
        if (i > 0) {
            cnn_out_char(out, 'x');
        }
        cnn_out_int(out, layer->attrs->value[CNN_SIZE][i]);
    }
    cnn_out_char(out, ' ');
    cnn_out_char(out, 's');
    cnn_out_sides(out, layer->attrs->value[CNN_STRIDE], axes);
    cnn_out_char(out, ' ');
    cnn_out_char(out, 'p');
    put_padding(out, layer->pad_low, layer->pad_high, axes, false);
    if (cnn_given(layer, CNN_DILATION)) {
        put_unless(out, layer, CNN_DILATION, layer->attrs->value[CNN_DILATION], 1);
    }
    if (cnn_given(layer, CNN_GROUPS)) {
        put_unless(out, layer, CNN_GROUPS, layer->attrs->value[CNN_GROUPS], 1);
    }
    if (cnn_use_of(layer->op, CNN_EXTRA)->need != CNN_NEVER) {
        int64_t extra[CNN_AXES];
        for (int32_t i = 0; i < axes; i++) {
            extra[i] = cnn_window_extra(layer, i);
        }
        put_unless(out, layer, CNN_EXTRA, extra, 0);
    }
}

/* a, b, ... z, then aa, ab, ... */
static void put_branch(cnn_out *out, int32_t branch)
{
    if (branch > 26) {
        put_branch(out, (branch - 1) / 26);
    }
    cnn_out_char(out, (char)('a' + (branch - 1) % 26));
}

/* features/b[3]: the parents first, then a name or a branch, and which repetition it is. */
void cnn_out_path(cnn_out *out, const cnn_path *path)
{
    if (path == NULL) {
        return;
    }
    cnn_out_path(out, path->parent);
    if (path->parent != NULL && (path->name.size > 0 || path->branch > 0)) {
        cnn_out_char(out, '/');
    }
    cnn_out_text(out, path->name);
    if (path->branch > 0) {
        put_branch(out, path->branch);
    }
    if (path->number > 0) {
        cnn_out_char(out, '[');
        cnn_out_int(out, path->number);
        cnn_out_char(out, ']');
    }
}

bool cnn_layer_write(const cnn_layer *layer, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    cnn_out_layer(&out, layer);
    return cnn_out_close(&out);
}

bool cnn_path_write(const cnn_path *path, cnn_writer *to)
{
    cnn_out out;
    cnn_out_open(&out, to);
    cnn_out_path(&out, path);
    return cnn_out_close(&out);
}
