/* Networks on one line: strings as MCDNN's paper writes them, and torchvision's lists. */
#include "base/checked.h"
#include "paste/root.h"

typedef struct line {
    cnn_paster *p;
    cnn_text text;
    size_t at;
    cnn_tensor *value;
} line;

static bool see(const line *l, char c)
{
    return l->at < l->text.size && l->text.data[l->at] == c;
}

static bool unexpected(const line *l)
{
    const uint32_t at = (uint32_t)l->at;
    return cnn_fail_words(l->p->err, CNN_E_PASTE_LIST, (cnn_span){at, at + (at < l->text.size)},
                          (cnn_text){0}, (cnn_text){0});
}

/* Hyphens and minus signs of any kind, and blanks. */
static void skip_minus(line *l)
{
    static const char *const signs[] = {"-", " ", "\t", "\xE2\x88\x92", "\xE2\x80\x93", "\n", "\r"};
    /* Starts again with the first sign after each match, so that any mix of them is skipped. */
    for (size_t i = 0; i < CNN_LENGTH(signs);) {
        const size_t size = strlen(signs[i]);
        const bool here =
            l->text.size - l->at >= size && memcmp(l->text.data + l->at, signs[i], size) == 0;
        l->at += here ? size : 0;
        i = here ? 0 : i + 1;
    }
}

static bool number(line *l, int64_t *out)
{
    const size_t begin = l->at;
    *out = 0;
    while (l->at < l->text.size && cnn_is_digit(l->text.data[l->at])) {
        if (!cnn_checked_mul(*out, 10, out) ||
            !cnn_checked_add(*out, l->text.data[l->at] - '0', out)) {
            return unexpected(l);
        }
        l->at++;
    }
    return l->at > begin || unexpected(l);
}

static bool take_word(line *l, const char *word)
{
    const size_t size = strlen(word);
    if (l->text.size - l->at < size || memcmp(l->text.data + l->at, word, size) != 0) {
        return false;
    }
    l->at += size;
    return true;
}

static bool add(line *l, cnn_spec *spec)
{
    return cnn_flow_add(l->p, spec, &l->value);
}

static bool add_conv(line *l, int64_t n, const int64_t *kernel, int64_t pad, cnn_span span)
{
    const cnn_tensor *in = l->value;
    cnn_spec spec = cnn_spec_of("conv", &in, NULL, span);
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, 2);
    cnn_spec_all(&spec, CNN_PAD, pad);
    return add(l, &spec);
}

static bool add_pool(line *l, const char *kind, const int64_t *kernel, cnn_span span)
{
    const cnn_tensor *in = l->value;
    cnn_spec spec = cnn_spec_of(kind, &in, NULL, span);
    cnn_spec_sides(&spec, CNN_SIZE, kernel, 2);
    cnn_spec_sides(&spec, CNN_STRIDE, kernel, 2);
    return add(l, &spec);
}

/* "5" or "5x3" */
static bool sides(line *l, int64_t *out)
{
    if (!number(l, &out[0])) {
        return false;
    }
    out[1] = out[0];
    return !take_word(l, "x") || number(l, &out[1]);
}

/* ---- MCDNN ---- */

static bool series(line *l, int32_t depth);

static cnn_span since(const line *l, size_t begin)
{
    return (cnn_span){(uint32_t)begin, (uint32_t)l->at};
}

/* ( ... )_3 */
static bool repeat(line *l, int32_t depth)
{
    const size_t begin = ++l->at;
    if (depth > CNN_MAX_NESTING) {
        return unexpected(l);
    }
    if (!series(l, depth + 1) || !see(l, ')')) {
        return unexpected(l);
    }
    l->at++;
    int64_t times = 1;
    if (see(l, '_') || see(l, '^')) {
        l->at++;
        if (!number(l, &times)) {
            return false;
        }
    }
    const size_t end = l->at;
    /* The text of the group is read again for each repetition. Each counts a step, because a group
     * without layers would not end at the limit of layers: ()_999999999. */
    for (int64_t i = 1; i < times; i++) {
        l->at = begin;
        if (!cnn_paste_step(l->p, 1) || !series(l, depth + 1)) {
            return false;
        }
    }
    l->at = end;
    return true;
}

/* 20C5, MP2, 150N, 10FC */
static bool item(line *l)
{
    const size_t begin = l->at;
    int64_t n, kernel[2];
    if (take_word(l, "MP")) {
        return sides(l, kernel) && add_pool(l, "maxpool", kernel, since(l, begin));
    }
    if (take_word(l, "AP")) {
        return sides(l, kernel) && add_pool(l, "avgpool", kernel, since(l, begin));
    }
    if (!number(l, &n)) {
        return false;
    }
    /* No padding, as in the paper: 1x29x29-20C4 gives 26x26 (Ciresan et al. 2012). */
    if (take_word(l, "C")) {
        return sides(l, kernel) && add_conv(l, n, kernel, 0, since(l, begin));
    }
    if (!take_word(l, "N") && !take_word(l, "FC") && !take_word(l, "F")) {
        return unexpected(l);
    }
    const cnn_tensor *in = l->value;
    cnn_spec spec = cnn_spec_of("FC", &in, NULL, since(l, begin));
    cnn_spec_all(&spec, CNN_CHANNELS, n);
    cnn_spec_all(&spec, CNN_BIAS, 1);
    return add(l, &spec);
}

static bool series(line *l, int32_t depth)
{
    for (skip_minus(l); l->at < l->text.size && !see(l, ')'); skip_minus(l)) {
        if (!cnn_paste_step(l->p, 1) || !(see(l, '(') ? repeat(l, depth) : item(l))) {
            return false;
        }
    }
    return true;
}

bool cnn_mcdnn_read(cnn_paster *p)
{
    line l = {.p = p, .text = p->text};
    cnn_shape input = {.axes = 2};
    skip_minus(&l);
    if (!number(&l, &input.channels) || !take_word(&l, "x") || !number(&l, &input.side[0]) ||
        !take_word(&l, "x") || !number(&l, &input.side[1]) || input.channels < 1 ||
        input.side[0] < 1 || input.side[1] < 1) {
        return unexpected(&l);
    }
    if (!cnn_flow_begin(p, &input, since(&l, 0), &l.value) || !series(&l, 0)) {
        return false;
    }
    if (l.at < l.text.size) {
        return unexpected(&l);
    }
    return cnn_builder_end(p->builder, l.value->layer);
}

/* ---- torchvision ---- */

/* Numbers are conv3 with padding 1, 'M' is a pooling; all else is decoration. */
static bool read_entry(line *l)
{
    static const int64_t three[2] = {3, 3}, two[2] = {2, 2};
    const size_t begin = l->at;
    int64_t n;
    if (see(l, '#')) {
        while (l->at < l->text.size && !see(l, '\n')) {
            l->at++;
        }
        return true;
    }
    if (cnn_is_digit(l->text.data[l->at])) {
        return number(l, &n) && add_conv(l, n, three, 1, since(l, begin));
    }
    if (take_word(l, "'M'") || take_word(l, "\"M\"")) {
        return add_pool(l, "maxpool", two, since(l, begin));
    }
    l->at++;
    return true;
}

bool cnn_torchvision_read(cnn_paster *p)
{
    line l = {.p = p, .text = p->text};
    cnn_shape input;
    bool any;
    /* A module without layers: only --input can give the size. */
    cnn_module *none = cnn_module_new(p, NULL);
    if (none == NULL || !cnn_input_find(p, none, &input, &any)) {
        return false;
    }
    if (!any) {
        input = (cnn_shape){3, {224, 224}, 2};
        if (!cnn_paste_remark(p, (cnn_span){0, 0},
                              "the list does not give its input: 3x224x224 is taken",
                              (cnn_text){0})) {
            return false;
        }
    }
    while (l.at < l.text.size && !see(&l, '[') && !see(&l, '(')) {
        l.at++; /* cfg = [ or 'D': [ */
    }
    if (!cnn_flow_begin(p, &input, (cnn_span){0, 0}, &l.value)) {
        return false;
    }
    while (l.at < l.text.size && !see(&l, ']') && !(see(&l, ')'))) {
        if (!read_entry(&l)) {
            return false;
        }
    }
    return cnn_builder_end(p->builder, l.value->layer);
}
