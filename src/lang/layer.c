/* One layer: its word, size or label, channels, attributes. Numbers go straight into place. */
#include "lang/reader.h"

#include <string.h>

/* The layer that is being read. */
typedef struct reading {
    cnn_reader *r;
    const cnn_place *at;
    const cnn_op *op;
    cnn_attrs *attrs;
    const char *from; /* its word */
} reading;

static CNN_COLD const char *stop_at(const reading *l, int32_t code, cnn_text place, cnn_text b)
{
    return cnn_stop_words(l->r, code, cnn_span_of(l->r, place), cnn_text_of(l->op->name), b);
}

/* ---- numbers ---- */

/* A share in billionths; finer digits are dropped. What is above 1 or below 0 is refused as 2. */
static cnn_fraction billionths(cnn_fraction n)
{
    cnn_fraction scaled = {2 * (int64_t)CNN_DECIMAL, 1};
    if (n.num >= 0 && n.num <= n.den && !cnn_fraction_mul(n, CNN_DECIMAL, 1, &scaled)) {
        scaled = (cnn_fraction){n.num / (n.den / CNN_DECIMAL), 1}; /* a large denominator */
    }
    return (cnn_fraction){scaled.num / scaled.den, 1};
}

/* A number that was computed. A decimal one counts in billionths. */
static bool set_computed(const reading *l, cnn_attr attr, int32_t axis, cnn_computed *number,
                         cnn_span span)
{
    int64_t n;
    if (l->r->dry > 0) { /* parameters have no values yet */
        return true;
    }
    if (l->op->decimal && number->code == CNN_OK) {
        number->n = billionths(number->n);
    }
    if (!cnn_computed_whole(number, &n)) {
        return cnn_stop_computed(l->r, number) != NULL;
    }
    if (l->op->form == CNN_FORM_MACRO) { /* the layers of its list check it */
        cnn_attr_put(l->attrs, attr, n);
        return true;
    }
    return cnn_attr_set(l->op, l->attrs, attr, axis, n, span, l->r->err);
}

/* Whether another number of a size follows: "x" between numbers. Its position; NULL: none. */
static const char *after_times(const char *p)
{
    p = cnn_skip(p, false);
    const size_t times = cnn_see_times(p);
    if (times == 0) {
        return NULL;
    }
    p = cnn_skip(p + times, false);
    /* "-" only to be refused as a number: 3x-1. */
    return cnn_is_digit(*p) || *p == '(' || *p == '?' || *p == '-' ? p : NULL;
}

/* How many numbers the attribute takes here: a fixed number, or one for each side. Before the input
 * is known it may have three. */
static int32_t most_numbers(const reading *l, cnn_attr attr)
{
    const int32_t fixed = cnn_use_of(l->op, attr)->numbers;
    const int32_t axes = l->r->dry > 0 ? 0 : l->r->at.shape.axes;
    const int32_t known = axes > 0 ? axes : l->r->axes;
    return fixed > 0 ? fixed : known > 0 ? known : CNN_AXES;
}

/* One number of a size, or two: "1+2" at the two ends of an axis. */
typedef struct size_text {
    cnn_computed number, after;
    cnn_span span, after_span;
    bool literal, after_literal;
    bool two; /* there is the second one */
} size_text;

static const char *read_size(const reading *l, bool two_ends, const char *p, size_text *out)
{
    const char *end = cnn_read_number(l->r, l->at, p, &out->number, &out->literal);
    if (end == NULL) {
        return NULL;
    }
    out->span = cnn_span_trimmed(l->r, p, end);
    out->two = two_ends && *end == '+';
    if (!out->two) {
        return end;
    }
    p = end + 1;
    end = cnn_read_number(l->r, l->at, p, &out->after, &out->after_literal);
    if (end != NULL) {
        out->after_span = cnn_span_trimmed(l->r, p, end);
    }
    return end;
}

static bool set_one(const reading *l, cnn_attr attr, int32_t axis, cnn_computed *number,
                    bool literal, cnn_span span)
{
    return literal ? cnn_attr_set(l->op, l->attrs, attr, axis, number->n.num, span, l->r->err)
                   : set_computed(l, attr, axis, number, span);
}

/* Where there are two ends, both numbers are checked as paddings: crop0+1 cuts nothing off before.
 */
static bool set_size(const reading *l, cnn_attr attr, int32_t axis, size_text *size, bool ends)
{
    cnn_attrs *attrs = l->attrs;
    /* The later end goes through the same place, from where it is taken out again. */
    const cnn_attrs before = *attrs;
    const cnn_attr range = ends ? CNN_PAD : attr;
    if (size->two &&
        !set_one(l, range, axis, &size->after, size->after_literal, size->after_span)) {
        return false;
    }
    const int64_t after = attrs->value[range][axis < 0 ? 0 : axis];
    *attrs = before;
    if (!set_one(l, range, axis, &size->number, size->literal, size->span)) {
        return false;
    }
    for (int32_t i = 0; i < CNN_AXES; i++) {
        if (axis < 0 || axis == i) { /* below 0: one number for all axes */
            const int64_t low = attrs->value[range][i];
            attrs->value[attr][i] = low;
            attrs->value[CNN_PAD][i] = low;
            attrs->value[CNN_PAD_AFTER][i] = size->two ? after : low;
        }
    }
    return true;
}

/* Whether "+" tells more than a single number would: a crop's is a size, a pool's has a limit. */
static bool needs_ends(const reading *l, cnn_attr attr)
{
    bool needed = attr == CNN_SIZE;
    for (int32_t i = 0; i < CNN_AXES; i++) {
        needed = needed || l->attrs->value[CNN_PAD][i] > l->attrs->value[CNN_SIZE][i] / 2;
    }
    return needed && cnn_use_of(l->op, CNN_PAD_AFTER)->need != CNN_NEVER;
}

/* number { "x" number }: a single number counts for all axes. */
static CNN_APART const char *read_sizes(const reading *l, cnn_attr attr, const char *p)
{
    cnn_reader *r = l->r;
    const char *from = p, *end = p;
    const int32_t most = most_numbers(l, attr);
    const bool two_ends = attr == CNN_PAD || (attr == CNN_SIZE && l->op->two_ends);
    size_text sizes[CNN_AXES];
    bool two = false;
    int32_t count = 0;
    for (const char *next = p; next != NULL; next = after_times(p)) {
        if (count == most) {     /* one more than there may be */
            if (r->trial == 0) { /* while something is only tried, errors stay unwritten */
                r->err->number[0] = most;
            }
            /* A sequence has one axis: the sentence tells so. */
            const bool line = most == 1 && cnn_use_of(l->op, attr)->numbers == 0;
            return cnn_stop_words(r, line ? CNN_E_NUMBERS_LINE : CNN_E_NUMBERS,
                                  cnn_span_at(r, from, end), cnn_text_of(cnn_attr_names[attr].what),
                                  cnn_text_of(l->op->example));
        }
        p = read_size(l, two_ends, next, &sizes[count]);
        if (p == NULL) {
            return NULL;
        }
        end = p;
        two = two || sizes[count].two;
        count++;
    }
    const bool shape = cnn_use_of(l->op, attr)->numbers == CNN_AXES; /* CxHxW, or CxL */
    if (shape && count < 2) {
        return cnn_stop(r, CNN_E_RESHAPE_FORM, cnn_span_at(r, from, p));
    }
    if (!shape && count > 1 && count < most && r->dry == 0) {
        if (r->trial == 0) {
            r->err->number[0] = most;
        }
        return cnn_stop_words(r, CNN_E_NUMBERS_FEW, cnn_span_at(r, from, p),
                              cnn_text_of(cnn_attr_names[attr].what), (cnn_text){0});
    }
    for (int32_t i = 0; i < count; i++) {
        const int32_t axis = count == 1 && attr != CNN_CHANNELS ? -1 : i;
        if (two_ends ? !set_size(l, attr, axis, &sizes[i], two)
                     : !set_one(l, attr, axis, &sizes[i].number, sizes[i].literal, sizes[i].span)) {
            return NULL;
        }
    }
    /* "p1+1" is the same as "p1", and is kept so, unless the two ends matter. */
    if (two) {
        l->attrs->given |= 1u << CNN_PAD | (needs_ends(l, attr) ? 1u << CNN_PAD_AFTER : 0);
    }
    return p;
}

/* One plain INT, which nearly all are; otherwise NULL, and nothing has changed. */
static inline const char *read_plain(const reading *l, cnn_attr attr, const char *p)
{
    const cnn_use *use = &l->op->uses[attr];
    int64_t n;
    p = cnn_read_plain_int(p, &n);
    if (p == NULL || use->numbers == CNN_AXES || !cnn_in_range(use, n)) {
        return NULL;
    }
    cnn_attr_put(l->attrs, attr, n);
    return p;
}

static inline const char *read_numbers(const reading *l, cnn_attr attr, const char *p)
{
    const char *end = read_plain(l, attr, p);
    return end != NULL ? end : read_sizes(l, attr, p);
}

/* ---- the size ---- */

/* "0." and ".5" lack their digits. */
static const char *stop_decimal(const reading *l, const char *from, const char *p)
{
    p += cnn_see_label(p).size;
    return cnn_stop_words(l->r, CNN_E_NUMBER_WANTED, cnn_span_at(l->r, from, p),
                          cnn_text_of("digits on both sides of the point: 0.5"), (cnn_text){0});
}

/* dropout0.5: billionths; finer digits are dropped. What is above 1 is refused as 2. */
static const char *read_decimal(const reading *l, const char *p)
{
    const char *from = p;
    int64_t n;
    if (!cnn_is_digit(*p)) {
        return read_sizes(l, CNN_SIZE, p); /* (p) or ? */
    }
    p = cnn_read_int(l->r, p, &n);
    if (p == NULL) {
        return NULL;
    }
    n = n > 1 ? 2 * (int64_t)CNN_DECIMAL : n * CNN_DECIMAL; /* no product of a large n */
    if (*p == '.') {
        p++;
        if (!cnn_is_digit(*p)) {
            return stop_decimal(l, from, p - 1);
        }
        for (int64_t unit = CNN_DECIMAL / 10; cnn_is_digit(*p); p++, unit /= 10) {
            n += (*p - '0') * unit;
        }
    }
    return cnn_attr_set(l->op, l->attrs, CNN_SIZE, -1, n, cnn_span_at(l->r, from, p), l->r->err)
               ? p
               : NULL;
}

/* resize@label */
static const char *read_label(const reading *l, const char *p, cnn_text *label)
{
    if (!l->op->takes_label) {
        return stop_at(l, CNN_E_NO_LABEL, (cnn_text){p, 1}, (cnn_text){0});
    }
    *label = cnn_see_label(p + 1);
    if (label->size == 0) {
        return cnn_stop(l->r, CNN_E_LABEL_MISSING, cnn_span_at(l->r, p, p + 1));
    }
    l->attrs->given |= 1u << CNN_SIZE; /* the label gives it */
    return p + 1 + label->size;
}

/* A count, or a group that a blank sets apart: an item whose comma is missing, not a size. */
static bool begins_item(const char *p)
{
    if (*p == '(') {
        return p[-1] == ' ' || p[-1] == '\t'; /* the word precedes it */
    }
    const char *q = p;
    while (cnn_is_digit(*q)) {
        q++;
    }
    const bool number = q > p && q - p <= 18; /* longer ones do not fit in an int64_t */
    q = cnn_skip(q, false);
    const size_t times = cnn_see_times(q);
    return number && (*q == '*' || (times > 0 && !cnn_is_digit(q[times])));
}

static CNN_COLD const char *stop_size(const reading *l, const char *p)
{
    if (begins_item(p)) {
        const cnn_text thing = cnn_see_thing(p);
        return cnn_stop_words(l->r, CNN_E_BREAK_MISSING, cnn_span_of(l->r, thing), thing,
                              (cnn_text){0});
    }
    return stop_at(l, CNN_E_NO_SIZE, cnn_see_thing(p), cnn_text_of(l->op->example));
}

static inline const char *read_head(const reading *l, const char *p, cnn_text *label)
{
    p = cnn_skip(p, false);
    if (cnn_is_digit(*p) || *p == '?' || *p == '(') {
        if (cnn_use_of(l->op, CNN_SIZE)->need == CNN_NEVER) {
            return stop_size(l, p);
        }
        l->attrs->given |= 1u << CNN_SIZE;
        return l->op->decimal ? read_decimal(l, p) : read_numbers(l, CNN_SIZE, p);
    }
    if (*p == '@') {
        return read_label(l, p, label);
    }
    return l->op->decimal && *p == '.' ? stop_decimal(l, p, p) : p;
}

/* ---- the channels ---- */

/* "-" NAME. After a bare name no "/" may follow: half of it, or a stride? */
static CNN_APART const char *read_named_channels(const reading *l, cnn_text name)
{
    cnn_reader *r = l->r;
    cnn_computed number;
    if (cnn_see_number(r, l->at, name, &number) == CNN_NO_NUMBER) {
        return cnn_stop_number(r, l->at, name);
    }
    const char *p = cnn_skip(name.data + name.size, false);
    if (*p == '/') { /* conv3-n/2 */
        return cnn_stop_words(r, CNN_E_SLASH, cnn_span_at(r, p, p + 1), name, (cnn_text){0});
    }
    return set_computed(l, CNN_CHANNELS, 0, &number, cnn_span_of(r, name)) ? p : NULL;
}

static inline const char *read_channels(const reading *l, const char *p)
{
    if (*p != '-') {
        return p;
    }
    if (cnn_use_of(l->op, CNN_CHANNELS)->need == CNN_NEVER) {
        return stop_at(l, CNN_E_NO_CHANNELS, (cnn_text){p, 1}, cnn_text_of(l->op->example));
    }
    l->attrs->given |= 1u << CNN_CHANNELS;
    p = cnn_skip(p + 1, false);
    const char *end = read_plain(l, CNN_CHANNELS, p);
    if (end != NULL) {
        return end;
    }
    const cnn_text name = cnn_see_name(p);
    if (name.size > 0) {
        return read_named_channels(l, name);
    }
    cnn_computed number;
    bool literal;
    end = cnn_read_number(l->r, l->at, p, &number, &literal);
    if (end == NULL) {
        return NULL;
    }
    const cnn_span span = cnn_span_trimmed(l->r, p, end);
    const bool set =
        literal ? cnn_attr_set(l->op, l->attrs, CNN_CHANNELS, 0, number.n.num, span, l->r->err)
                : set_computed(l, CNN_CHANNELS, 0, &number, span);
    return set ? end : NULL;
}

/* ---- attributes ---- */

/* A word that no attribute spells: most often a layer whose comma is missing. */
static CNN_COLD const char *stop_attr(const reading *l, const char *p, cnn_text word)
{
    cnn_reader *r = l->r;
    const cnn_text name = cnn_see_name(p), whole = cnn_see_name(l->from);
    if (r->trial > 0) {
        return NULL;
    }
    if (memchr(whole.data, '_', whole.size) != NULL) {
        return cnn_stop_word(r, l->from); /* no layer has a "_": a definition is meant */
    }
    if (cnn_word_find(word) != NULL || cnn_names_find(&r->definitions, name) != NULL) {
        return cnn_stop_words(r, CNN_E_BREAK_MISSING, cnn_span_of(r, name), name, (cnn_text){0});
    }
    cnn_nearest nearest = cnn_nearest_to(word);
    for (int32_t attr = CNN_STRIDE; attr < CNN_ATTRS; attr++) {
        if (cnn_use_of(l->op, (cnn_attr)attr)->need != CNN_NEVER && word.size > 2) {
            cnn_nearest_offer(&nearest, cnn_text_of(cnn_attr_names[attr].letters));
            cnn_nearest_offer(&nearest, cnn_text_of(cnn_attr_names[attr].what));
        }
    }
    r->err->word[2] = nearest.best;
    return stop_at(l, CNN_E_NO_ATTR, word, word);
}

static inline const char *read_attr(const reading *l, const char *p, size_t size, cnn_attr attr)
{
    const cnn_text word = {p, size};
    if (attr == CNN_ATTRS || cnn_use_of(l->op, attr)->need == CNN_NEVER) {
        return stop_attr(l, p, word);
    }
    if ((l->attrs->given >> attr & 1) != 0) {
        return cnn_stop_words(l->r, CNN_E_ATTR_TWICE, cnn_span_of(l->r, word),
                              cnn_text_of(cnn_attr_names[attr].what), (cnn_text){0});
    }
    l->attrs->given |= 1u << attr;
    p += size;
    if (attr >= CNN_NUMBERS) {
        return p;
    }
    p = cnn_skip(p, false);
    if (!cnn_is_digit(*p) && *p != '(' && *p != '?' && *p != '-') {
        return cnn_stop_words(l->r, CNN_E_ATTR_NUMBER, cnn_span_of(l->r, word), word,
                              (cnn_text){0});
    }
    return read_numbers(l, attr, p);
}

/* same=tf: one token. */
static CNN_APART const char *read_same_tf(const reading *l, const char *p)
{
    const size_t size = strlen("same="), letters = cnn_see_letters(p + size).size;
    const cnn_text token = {p, size + letters};
    if (!cnn_text_is(token, "same=tf") || cnn_use_of(l->op, CNN_SAME_TF)->need == CNN_NEVER) {
        return stop_attr(l, p, token);
    }
    p = read_attr(l, p, strlen("same"), CNN_SAME);
    l->attrs->given |= 1u << CNN_SAME_TF;
    return p != NULL ? token.data + token.size : NULL;
}

/* A norm's a0 is what b0 is for other layers. */
static inline cnn_attr attr_of(const reading *l, char first, cnn_attr attr)
{
    if (CNN_LIKELY(!l->op->affine)) {
        return attr;
    }
    return attr == CNN_BIAS                             ? CNN_ATTRS
           : (first | 0x20) == 'a' && attr == CNN_ATTRS ? CNN_BIAS
                                                        : attr;
}

static inline const char *read_attrs(const reading *l, const char *p)
{
    while (p != NULL) {
        p = cnn_skip(p, false);
        if (cnn_is_letter(*p) && !cnn_is_letter(p[1])) { /* s2 */
            p = read_attr(l, p, 1, attr_of(l, *p, (cnn_attr)cnn_attr_signs[(unsigned char)*p]));
        } else if (*p == '/') {
            p = read_attr(l, p, 1, CNN_STRIDE);
        } else if (cnn_is_letter(*p)) {
            const cnn_text word = cnn_see_letters(p);
            const cnn_attr attr = cnn_attr_find(word);
            p = attr == CNN_SAME && p[word.size] == '='
                    ? read_same_tf(l, p)
                    : read_attr(l, p, word.size,
                                l->op->affine && attr == CNN_BIAS ? CNN_ATTRS : attr);
        } else {
            break;
        }
    }
    return p;
}

/* A layer that contradicts itself, or lacks something. */
static CNN_COLD const char *stop_incomplete(const reading *l, const char *end)
{
    if (l->r->trial == 0) {
        (void)cnn_attrs_fail(l->op, l->attrs, cnn_span_trimmed(l->r, l->from, end), l->r->err);
    }
    return NULL;
}

/* MaxPool2d(2), conv1d3-32: the axes would be read as a kernel, and the rest as a dilation. */
static CNN_COLD const char *stop_axes(const reading *l, const char *p)
{
    return cnn_stop_words(l->r, CNN_E_AXES_WORD, cnn_span_at(l->r, l->from, p + 2),
                          (cnn_text){l->from, (size_t)(p + 2 - l->from)},
                          cnn_text_of(l->op->example));
}

const char *cnn_read_layer(cnn_reader *r, const cnn_place *at, const cnn_word *word,
                           const char *from, const char *p, cnn_layer_text *out)
{
    const reading l = {r, at, word->op, &out->attrs, from};
    if (cnn_names_axes(p)) {
        return stop_axes(&l, p);
    }
    /* PyTorch's Upsample(64) is a size, our upsample(2) a factor. */
    if (*p == '(' && word->size == 8 && memcmp(from, "Upsample", 8) == 0) {
        return cnn_stop(r, CNN_E_TORCH_SIZE, cnn_span_at(r, from, p));
    }
    out->attrs = *word->standard;
    out->attrs.given = 0;
    out->label.size = 0;
    p = read_head(&l, p, &out->label);
    if (p == NULL) {
        return NULL;
    }
    p = read_channels(&l, cnn_skip(p, false));
    p = p != NULL ? read_attrs(&l, p) : NULL;
    if (p != NULL && l.op->uses != NULL &&
        !cnn_attrs_complete(l.op, word->standard, word->required, &out->attrs)) {
        return stop_incomplete(&l, p);
    }
    return p;
}
