/*
 * The shortcut for plain layers of an outline. It does what cnn_read_item and cnn_builder_add do,
 * in one loop and without a record of the layer: the numbers of the text go to the kind's `quick`
 * function. Where a layer is not that plain everything is left as it was.
 */
#include "lang/reader.h"
#include "net/resolve.h"

/* A number in parentheses, or of channels a name. NULL: it is something else, or has no value. */
static CNN_APART const char *read_computed(cnn_reader *r, const cnn_place *at, uint32_t attr,
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
        p = name.data + name.size;
        end = found && *cnn_skip(p, false) != '/' ? p : NULL; /* half of it, or a stride? */
    }
    return end != NULL && cnn_computed_whole(&number, out) ? end : NULL;
}

/* The layer that is being read. */
typedef struct reading {
    cnn_reader *r;
    const cnn_place *at;
    const cnn_plain_kind *kind;
    uint32_t left; /* attributes that it may still give */
} reading;

/* A number of an attribute, six digits or a computed one: the position after it. NULL: it is
 * something else. */
static inline const char *read_bounded(const reading *of, uint32_t attr, const char *p,
                                       int32_t *out)
{
    const int32_t least = of->kind->least.of[attr], most = of->kind->most.of[attr];
    int32_t n = 0;
    for (int32_t i = 0; i < 7; i++) {
        const uint32_t digit = (uint32_t)(unsigned char)p[i] - '0';
        if (digit > 9 && i > 0) {
            *out = n;
            return n >= least && n <= most ? p + i : NULL;
        }
        if (digit > 9) {
            break;
        }
        n = n * 10 + (int32_t)digit;
    }
    int64_t computed;
    p = read_computed(of->r, of->at, attr, p, &computed); /* no digits, or too many */
    if (p == NULL || computed < least || computed > most) {
        return NULL;
    }
    *out = (int32_t)computed;
    return p;
}

/* The second number of "3x1", for the width; `p` is after the "x". */
static CNN_APART const char *read_second(const reading *of, uint32_t attr, const char *p,
                                         cnn_quick *l)
{
    l->uneven = true;
    return (of->kind->sides >> attr & 1) != 0 && cnn_is_digit(*p)
               ? read_bounded(of, attr, p, &l->number[1].of[attr])
               : NULL;
}

/* A number for one of the attributes that are left. NULL: it is something else. */
static inline const char *read_attr(reading *of, uint32_t attr, const char *p, cnn_quick *l)
{
    int32_t n;
    if ((of->left >> attr & 1) == 0) {
        return NULL;
    }
    of->left &= ~(1u << attr); /* a second time is an error */
    p = read_bounded(of, attr, p, &n);
    if (p == NULL) {
        return NULL;
    }
    l->number[0].of[attr] = l->number[1].of[attr] = n;
    return CNN_LIKELY(*p <= '9') || *p != 'x' ? p : read_second(of, attr, p + 1, l);
}

/* The numbers after a word, up to the end of its item. NULL: they are not that plain. */
static inline const char *read_numbers(cnn_reader *r, const cnn_place *at,
                                       const cnn_plain_kind *kind, const char *p, cnn_quick *l)
{
    reading of = {r, at, kind, kind->takes};
    l->number[0] = l->number[1] = kind->usual;
    l->uneven = false;
    if (cnn_is_digit(*p) || *p == '(') {
        p = read_attr(&of, CNN_SIZE, p, l);
        if (p == NULL || (*p > '9' && (*p | 0x20) == 'd')) {
            return NULL; /* conv1d is an error */
        }
    }
    if (*p == '-') {
        p = read_attr(&of, CNN_CHANNELS, p + 1, l);
        if (p == NULL) {
            return NULL;
        }
    }
    while (!cnn_ends_item(*p)) {
        if (*p != ' ' && *p != '/' && r->named) {
            return NULL; /* conv3s2 may be a definition's name */
        }
        p += *p == ' ';
        p = read_attr(&of, cnn_attr_signs[(unsigned char)*p], p + 1, l);
        if (p == NULL) {
            return NULL;
        }
    }
    return (kind->required & of.left) == 0 ? p : NULL;
}

/* An idle layer with digits: relu6, whose word is another one; dropout0.5, where a number that
 * begins with "0." is in range, and a dropout by 0 keeps something else. NULL: something else. */
static CNN_APART const char *pass_idle(const cnn_word **word, const char *p, bool kept)
{
    *word = cnn_known_word(p);
    p += (*word)->size;
    if ((*word)->op->decimal && p[0] == '0' && p[1] == '.' && cnn_is_digit(p[2])) {
        const char *const billionths = p + 2 + 9; /* finer digits are dropped */
        bool any = !kept;
        for (p += 2; cnn_is_digit(*p); p++) {
            any = any || (*p != '0' && p < billionths);
        }
        if (!any) {
            return NULL;
        }
    }
    return (*word)->idle && cnn_ends_item(*p) ? p : NULL;
}

/* Adds a layer and follows what it keeps. False: it has to go the way of all layers. */
static inline bool add_kept(cnn_reader *r, const cnn_word *word, cnn_quick *l,
                            cnn_kept_chain *chain)
{
    const cnn_op *op = word->op;
    const cnn_sums *path = &r->to->path;
    const int64_t weights = path->weights, biases = path->biases;
    l->told = false;
    if (!cnn_kept_chain_room(chain) ||
        (word->idle ? op->keeps_more != NULL && !op->plain_keeps : !op->quick(l))) {
        return false;
    }
    if (!word->idle) { /* the sums have grown by its own weights */
        const int32_t tensors = (path->weights != weights) + (path->biases != biases);
        chain->wants = chain->wants || tensors > 0;
        chain->k->tensors += tensors;
    }
    if (op->shape != NULL) {
        chain->values = cnn_shape_values(l->shape);
    }
    const cnn_plain layer = {l->told ? l->keeps.storages : op->keeps, l->shape->channels};
    cnn_kept_chain_add(chain, &layer, r->to->layer_count, r->at.value);
    r->at.value = r->to->layer_count;
    if (l->told && chain->wants) {
        cnn_keeping_add_own(chain->k, &l->keeps);
    }
    return true;
}

/* Reads layers as cnn_read_plain does; the chain follows what they keep, unless it is NULL. */
static inline const char *read_layers(cnn_reader *r, cnn_place *at, const char *p,
                                      cnn_kept_chain *chain, bool *read)
{
    cnn_builder *const to = r->to;
    const char *end = NULL; /* of the last layer */
    cnn_quick l;
    if ((to->large | at->aux | at->frozen) || cnn_shape_bits(&r->at.shape) >> CNN_QUICK_BITS != 0) {
        return p;
    }
    /* Both change in place: quick() leaves them alone when it refuses. */
    l.shape = &r->at.shape;
    l.sums = &to->path;
    l.kept = chain != NULL;
    while (cnn_builder_room(to) > 0) {
        const cnn_word *word = cnn_lettered_word(p);
        if (word == NULL || word->plain == NULL) {
            break;
        }
        const char *next = p + word->size;
        if (!word->idle || !cnn_ends_item(*next)) {
            next = read_numbers(r, at, word->plain, next, &l);
            if (next == NULL && word->idle) {
                next = pass_idle(&word, p, chain != NULL);
            }
        }
        if (next == NULL || !(chain != NULL ? add_kept(r, word, &l, chain)
                              : word->idle  ? true
                                            : word->op->quick(&l))) {
            break;
        }
        to->layer_count++;
        to->large = to->path.macs >> 60 != 0; /* quick() adds unchecked below that */
        end = next;
        p = end[1] == ' ' ? end + 2 : end + 1;
        if (*end != ',' || to->large) {
            break;
        }
    }
    if (end == NULL) {
        return p; /* not even the first one */
    }
    at->head = false;
    *read = *end != ',' || !cnn_is_letter(*p);
    return *read ? end : p;
}

/* The same while training is followed. */
static CNN_FLAT CNN_APART const char *read_kept(cnn_reader *r, cnn_place *at, const char *p,
                                                bool *read)
{
    cnn_kept_chain chain;
    return cnn_kept_chain_begin(&chain, r->to->keeping, r->at.value)
               ? read_layers(r, at, p, &chain, read)
               : p;
}

CNN_FLAT const char *cnn_read_plain(cnn_reader *r, cnn_place *at, const char *p, bool *read)
{
    return r->to->keeping == NULL ? read_layers(r, at, p, NULL, read) : read_kept(r, at, p, read);
}
