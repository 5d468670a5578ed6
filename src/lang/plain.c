/*
 * The shortcut for plain layers of an outline. It does what item() and cnn_builder_add do, without
 * a call for each layer; where a layer is not that plain it leaves everything as it was.
 */
#include "lang/reader.h"
#include "net/resolve.h"

/* Digits for an attribute that the kind takes; NULL: it is something else. */
static inline const char *read_attr(const cnn_op *op, cnn_attr attr, const char *p,
                                    cnn_attrs *attrs)
{
    const cnn_use *use = &op->uses[attr];
    int64_t n;
    p = cnn_read_plain_int(p, &n);
    if (p == NULL || (attrs->given >> attr & 1) != 0 || use->numbers == CNN_AXES ||
        !cnn_in_range(use, n)) {
        return NULL;
    }
    attrs->given |= 1u << attr;
    cnn_attr_put(attrs, attr, n);
    return p;
}

/* The numbers after a word, up to the end of its item. NULL: they are not that plain. */
static inline const char *read_numbers(const cnn_word *word, const char *p, bool named,
                                       cnn_attrs *attrs)
{
    const cnn_op *op = word->op;
    *attrs = *word->standard;
    attrs->given = 0;
    if (cnn_is_digit(*p)) {
        p = read_attr(op, CNN_SIZE, p, attrs);
    }
    if (p != NULL && *p == '-') {
        p = read_attr(op, CNN_CHANNELS, p + 1, attrs);
    }
    while (p != NULL && !cnn_ends_item(*p)) {
        if (*p != ' ' && named) {
            return NULL; /* conv3s2 may be a definition's name */
        }
        p += *p == ' ';
        const unsigned letter = (unsigned)(*p | 0x20) - 'a';
        const cnn_attr attr = *p == '/' ? CNN_STRIDE
                              : letter < 26 ? (cnn_attr)cnn_attr_letters[letter] : CNN_ATTRS;
        p = attr < CNN_NUMBERS ? read_attr(op, attr, p + 1, attrs) : NULL;
    }
    return p != NULL && cnn_attrs_complete(op, word->standard, word->required, attrs) ? p : NULL;
}

/* Adds a layer to the outline; the value in hand becomes its output. */
static inline bool add(cnn_reader *r, const cnn_op *op, const cnn_attrs *attrs, bool aux,
                       cnn_span span)
{
    cnn_builder *const to = r->to;
    cnn_layer *layer = cnn_builder_next(to, op, attrs, r->at.value, span);
    if (layer == NULL) {
        return false;
    }
    layer->aux = aux;
    layer->in = r->at.shape;
    cnn_site site = {layer, &layer->in, 1, r->err, NULL};
    if (op->shape != NULL && !op->shape(&site)) {
        return false;
    }
    if (op->cost != NULL && !(op->cost(&site) && cnn_builder_add_sums(to, layer))) {
        return false;
    }
    if (op->shape != NULL) {
        if (!cnn_shape_is_small(&layer->out) &&
            !cnn_volume_fits(&layer->out, "the number of values", span, r->err)) {
            return false;
        }
        r->at.shape = layer->out;
    }
    r->at.value = to->layer_count++;
    return true;
}

const char *cnn_read_plain(cnn_reader *r, cnn_place *at, const char *p, bool *read)
{
    cnn_builder *const to = r->to;
    cnn_attrs attrs;
    *read = false;
    if (!to->outline || r->dry > 0) {
        return p;
    }
    for (;;) {
        const cnn_word *word = cnn_word_of(cnn_letters_key(p));
        if (word == NULL || !(word->bare || word->plain)) {
            return p;
        }
        const char *end = p + word->size;
        if (word->plain) {
            end = read_numbers(word, end, r->named, &attrs);
        }
        if (end == NULL || !cnn_ends_item(*end)) {
            return p;
        }
        at->head = false;
        r->from = p;
        if (cnn_op_is_idle(word->op) && cnn_builder_room(to) >= 1) {
            to->layer_count++;
        } else if (!add(r, word->op, word->bare ? word->standard : &attrs, at->aux,
                        cnn_span_at(r, p, end))) {
            return NULL;
        }
        p = end[1] == ' ' ? end + 2 : end + 1;
        if (*end != ',' || !cnn_is_letter(*p)) {
            *read = true;
            return end;
        }
    }
}
