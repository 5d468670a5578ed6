/*
 * The shortcut for plain layers of an outline. It does what cnn_read_item and cnn_builder_add do,
 * in one loop; where a layer is not that plain it leaves everything as it was. Kinds that have a
 * `quick` function need neither attributes nor a record of the layer.
 */
#include "base/checked.h"
#include "lang/reader.h"
#include "net/resolve.h"

/* The second number of "3x1", one for each side of a map; `end` is after the first. */
static CNN_APART const char *read_second(const cnn_use *use, cnn_attr attr, const char *end,
                                         cnn_quick *l)
{
    const char *p = end + 1;
    end = cnn_read_digits(p, &l->second[attr]);
    l->uneven |= 1u << attr;
    l->bits |= l->second[attr];
    return l->shape->axes == 2 && use->numbers == 0 && (size_t)(end - p - 1) < 9 &&
                   cnn_in_bounds(use, l->second[attr])
               ? end
               : NULL;
}

/* A number in parentheses, or of channels a name. NULL: it is something else, or has no value. */
static CNN_APART const char *read_computed(cnn_reader *r, const cnn_place *at, cnn_attr attr,
                                           const char *p, int64_t *out)
{
    cnn_computed number;
    bool literal;
    const char *end = NULL;
    if (*p == '(') {
        const int32_t nest = r->nest;
        r->trial = 1;
        end = cnn_read_number(r, at, p, &number, &literal);
        r->trial = 0;
        r->nest = nest;
        if (end == NULL) {
            *r->err = (cnn_error){0}; /* of a number that is too long */
        }
    } else if (attr == CNN_CHANNELS) {
        const cnn_text name = cnn_see_name(p);
        const bool found = cnn_see_number(r, at, name, &number) != CNN_NO_NUMBER;
        end = found && name.data[name.size] != '/' ? name.data + name.size : NULL;
    }
    return end != NULL && cnn_computed_whole(&number, out) ? end : NULL;
}

/* A number of an attribute that the kind takes; NULL: it is something else. */
static inline const char *read_attr(cnn_reader *r, const cnn_place *at, const cnn_word *word,
                                    cnn_attr attr, const char *p, cnn_quick *l)
{
    const cnn_use *use = &word->op->uses[attr];
    int64_t n;
    const char *end = cnn_read_digits(p, &n);
    if (((word->takes & ~l->given) >> attr & 1) == 0) {
        return NULL;
    }
    end = (size_t)(end - p - 1) < 9 ? end : end == p ? read_computed(r, at, attr, p, &n) : NULL;
    if (end == NULL || !cnn_in_bounds(use, n)) {
        return NULL;
    }
    l->given |= 1u << attr;
    l->number[attr] = n;
    l->bits |= n;
    return CNN_LIKELY(*end != 'x') ? end : read_second(use, attr, end, l);
}

/* The numbers after a word, up to the end of its item. NULL: they are not that plain. */
static inline const char *read_numbers(cnn_reader *r, const cnn_place *at, const cnn_word *word,
                                       const char *p, cnn_quick *l)
{
    l->given = l->uneven = 0;
    l->bits = 0;
    if (cnn_is_digit(*p) || *p == '(') {
        p = read_attr(r, at, word, CNN_SIZE, p, l);
        if (p == NULL || (*p | 0x20) == 'd') {
            return NULL; /* conv1d is an error */
        }
    }
    if (*p == '-') {
        p = read_attr(r, at, word, CNN_CHANNELS, p + 1, l);
    }
    while (p != NULL && !cnn_ends_item(*p)) {
        if (*p == '/') {
            p = read_attr(r, at, word, CNN_STRIDE, p + 1, l);
            continue;
        }
        if (*p != ' ' && r->named) {
            return NULL; /* conv3s2 may be a definition's name */
        }
        p += *p == ' ';
        const unsigned letter = (unsigned)(*p | 0x20) - 'a';
        p = letter < 26 ? read_attr(r, at, word, (cnn_attr)cnn_attr_letters[letter], p + 1, l)
                        : NULL;
    }
    return (word->required & ~l->given) == 0 ? p : NULL;
}

/* The attributes that these numbers give. */
static CNN_APART void fill_attrs(const cnn_word *word, const cnn_quick *l, cnn_attrs *out)
{
    *out = *word->standard;
    out->given = l->given;
    for (int32_t attr = 0; attr < CNN_NUMBERS; attr++) {
        if ((l->given >> attr & 1) == 0) {
            continue;
        }
        cnn_attr_put(out, (cnn_attr)attr, l->number[attr]);
        if ((l->uneven >> attr & 1) != 0) {
            out->value[attr][1] = l->second[attr];
            out->value[CNN_PAD_AFTER][1] = out->value[CNN_PAD][1];
        }
    }
    if (word->op->uses != NULL) { /* only one padding is given, and all that is required is */
        (void)cnn_attrs_complete(word->op, word->standard, 0, out);
    }
}

/* Whether a watcher may see a layer of the kind without its attributes. */
static inline bool suits_watcher(const cnn_builder *to, const cnn_op *op)
{
    return (op->keeps_more == NULL || op->plain_keeps) && !to->scratch.aux;
}

/* dropout0.5: the number is in range when it begins with "0.". Nothing depends on it but whether a
 * watcher sees a dropout by 0. */
static const char *pass_share(const cnn_builder *to, const cnn_op *op, const char *p)
{
    bool any = to->watcher == NULL;
    if (p[0] != '0' || p[1] != '.' || !cnn_is_digit(p[2]) || (!any && !suits_watcher(to, op))) {
        return NULL;
    }
    const char *billionths = p + 2 + 9; /* finer digits are dropped */
    for (p += 2; cnn_is_digit(*p); p++) {
        any = any || (*p != '0' && p < billionths);
    }
    return any ? p : NULL;
}

/* Adds the layer if its kind can do so at once. False, and nothing has changed: it cannot. */
static inline bool add_quick(cnn_builder *to, const cnn_word *word, cnn_quick *l)
{
    cnn_sums *const sums = &to->path;
    if (word->op->quick == NULL || (l->bits | cnn_shape_bits(l->shape)) >> CNN_QUICK_BITS != 0 ||
        (to->large | to->scratch.aux | to->scratch.frozen)) {
        return false;
    }
    l->standard = word->standard;
    l->weights = l->biases = l->statistics = l->macs = 0;
    if (!word->op->quick(l)) {
        return false;
    }
    sums->weights += l->weights;
    sums->biases += l->biases;
    sums->statistics += l->statistics;
    sums->macs += l->macs;
    to->large = cnn_sums_large(sums) != 0;
    return true;
}

/* The same where a watcher is shown it. */
static bool add_shown(cnn_reader *r, const cnn_word *word, cnn_quick *l)
{
    cnn_builder *const to = r->to;
    const cnn_shape in = r->at.shape;
    if (!suits_watcher(to, word->op) || !(word->idle || add_quick(to, word, l))) {
        return false;
    }
    const cnn_plain layer = {.op = word->op,
                             .in = &in,
                             .out = &r->at.shape,
                             .weights = word->idle ? 0 : l->weights,
                             .biases = word->idle ? 0 : l->biases,
                             .index = to->layer_count,
                             .source = r->at.value};
    to->watcher->see_plain(to->watcher, &layer);
    r->at.value = to->layer_count++;
    return true;
}

/* Adds it by the functions that all layers go through. */
static CNN_APART bool add_record(cnn_reader *r, const cnn_word *word, const cnn_quick *l)
{
    cnn_attrs attrs;
    cnn_layer *layer;
    fill_attrs(word, l, &attrs);
    layer = cnn_builder_next(r->to, word->op, &attrs, r->at.value, (cnn_span){0, 0});
    if (layer == NULL || !cnn_builder_add(r->to, layer, &r->at.shape)) {
        return false;
    }
    r->at.shape = layer->out;
    r->at.value = r->to->layer_count - 1;
    return true;
}

/* Adds what add_quick has not. */
static CNN_APART bool add(cnn_reader *r, const cnn_word *word, cnn_quick *l)
{
    return (l->watched && add_shown(r, word, l)) || add_record(r, word, l);
}

const char *cnn_read_plain(cnn_reader *r, cnn_place *at, const char *p, bool *read)
{
    cnn_builder *const to = r->to;
    cnn_quick l;
    l.shape = &r->at.shape;
    l.watched = to->watcher != NULL;
    to->scratch.aux = at->aux;
    to->scratch.frozen = at->frozen;
    for (;;) {
        const cnn_word *word = cnn_known_word(p);
        if (word == NULL || !(word->bare || word->plain) || cnn_builder_room(to) < 1) {
            return p;
        }
        const char *end = p + word->size;
        if (word->bare && cnn_ends_item(*end)) {
            l.given = l.uneven = 0;
            l.bits = 0;
        } else if (word->plain) {
            end = word->op->decimal ? pass_share(to, word->op, end)
                                    : read_numbers(r, at, word, end, &l);
        }
        if (end == NULL || !cnn_ends_item(*end)) {
            return p;
        }
        at->head = false;
        if (!l.watched && (word->idle || add_quick(to, word, &l))) {
            to->layer_count++;
        } else if (!add(r, word, &l)) {
            r->from = p;
            r->err->span = cnn_span_at(r, p, end); /* whatever fails, that is the place */
            return NULL;
        }
        p = end[1] == ' ' ? end + 2 : end + 1;
        if (*end != ',' || !cnn_is_letter(*p)) {
            *read = true;
            return end;
        }
    }
}
