/*
 * The shortcut for plain layers of an outline. It does what item() and cnn_builder_add do, without
 * a call for each layer; where a layer is not that plain it leaves everything as it was.
 */
#include "lang/reader.h"
#include "net/resolve.h"

/* The second number of "3x1", one for each side of a map; `end` is after the first. */
static inline const char *read_second(const cnn_use *use, cnn_attr attr, const char *end,
                                      int32_t axes, cnn_attrs *attrs)
{
    int64_t n;
    const char *p = end + 1;
    end = cnn_read_digits(p, &n);
    if (axes != 2 || use->numbers != 0 || (size_t)(end - p - 1) >= 9 || !cnn_in_bounds(use, n)) {
        return NULL;
    }
    attrs->value[attr][1] = n;
    attrs->value[CNN_PAD_AFTER][1] = attrs->value[CNN_PAD][1];
    return end;
}

/* Digits for an attribute that the kind takes; NULL: it is something else. */
static inline const char *read_attr(const cnn_word *word, cnn_attr attr, const char *p,
                                    int32_t axes, cnn_attrs *attrs)
{
    const cnn_use *use = &word->op->uses[attr];
    int64_t n;
    const char *end = cnn_read_digits(p, &n);
    if (((word->takes & ~attrs->given) >> attr & 1) == 0 || (size_t)(end - p - 1) >= 9 ||
        !cnn_in_bounds(use, n)) {
        return NULL;
    }
    attrs->given |= 1u << attr;
    cnn_attr_put(attrs, attr, n);
    return CNN_LIKELY(*end != 'x') ? end : read_second(use, attr, end, axes, attrs);
}

/* The numbers after a word, up to the end of its item. NULL: they are not that plain. */
static inline const char *read_numbers(const cnn_word *word, const char *p, bool named,
                                       int32_t axes, cnn_attrs *attrs)
{
    *attrs = *word->standard;
    attrs->given = 0;
    if (cnn_is_digit(*p)) {
        if (cnn_names_axes(p)) {
            return NULL; /* an error */
        }
        p = read_attr(word, CNN_SIZE, p, axes, attrs);
    }
    if (p != NULL && *p == '-') {
        p = read_attr(word, CNN_CHANNELS, p + 1, axes, attrs);
    }
    while (p != NULL && !cnn_ends_item(*p)) {
        if (*p == '/') {
            p = read_attr(word, CNN_STRIDE, p + 1, axes, attrs);
            continue;
        }
        if (*p != ' ' && named) {
            return NULL; /* conv3s2 may be a definition's name */
        }
        p += *p == ' ';
        const unsigned letter = (unsigned)(*p | 0x20) - 'a';
        p = letter < 26 ? read_attr(word, (cnn_attr)cnn_attr_letters[letter], p + 1, axes, attrs)
                        : NULL;
    }
    return p != NULL && cnn_attrs_complete(word->op, word->standard, word->required, attrs) ? p
                                                                                            : NULL;
}

/* dropout0.5: nothing depends on the number, which is in range when it begins with "0.". */
static const char *pass_share(const char *p)
{
    if (p[0] != '0' || p[1] != '.' || !cnn_is_digit(p[2])) {
        return NULL;
    }
    for (p += 3; cnn_is_digit(*p); p++) {
    }
    return p;
}

/* Adds the layer of `site` to the outline; the value in hand becomes its output. */
static inline bool add(cnn_reader *r, const cnn_op *op, cnn_site *site)
{
    cnn_layer *const layer = site->layer;
    if (op->shape != NULL && !op->shape(site)) {
        return false;
    }
    if (op->cost != NULL && !(op->cost(site) && cnn_builder_add_sums(r->to, layer))) {
        return false;
    }
    if (op->shape != NULL) {
        if (!cnn_shape_is_small(&layer->out) &&
            !cnn_volume_fits(&layer->out, "the number of values", layer->span, r->err)) {
            return false;
        }
        r->at.shape = layer->out;
    }
    r->to->layer_count++;
    return true;
}

const char *cnn_read_plain(cnn_reader *r, cnn_place *at, const char *p, bool *read)
{
    cnn_builder *const to = r->to;
    cnn_site site = {&to->scratch, &r->at.shape, 1, r->err, NULL};
    cnn_attrs attrs;
    to->scratch.aux = at->aux;
    to->scratch.frozen = at->frozen;
    for (;;) {
        const cnn_word *word = cnn_known_word(p);
        if (word == NULL || !(word->bare || word->plain)) {
            return p;
        }
        const char *end = p + word->size;
        const bool alone = word->bare && cnn_ends_item(*end);
        if (!alone && word->plain) {
            end = word->takes != 0 ? read_numbers(word, end, r->named, r->at.shape.axes, &attrs)
                                   : pass_share(end);
        }
        if (end == NULL || !cnn_ends_item(*end) || cnn_builder_room(to) < 1) {
            return p;
        }
        at->head = false;
        if (word->idle) {
            to->layer_count++;
        } else {
            (void)cnn_builder_next(to, word->op, alone ? word->standard : &attrs, 0,
                                   (cnn_span){0, 0});
            if (!add(r, word->op, &site)) {
                r->from = p;
                r->err->span = cnn_span_at(r, p, end); /* whatever fails, that is the place */
                return NULL;
            }
        }
        p = end[1] == ' ' ? end + 2 : end + 1;
        if (*end != ',' || !cnn_is_letter(*p)) {
            *read = true;
            return end;
        }
    }
}
