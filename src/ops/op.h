/* What a kind of layer is: the entry of the table of kinds. */
#ifndef CNN_OPS_OP_H
#define CNN_OPS_OP_H

#include "base/error.h"
#include "base/trace.h"
#include "ops/keeps.h"

/* What a kind does with an attribute. */
typedef enum cnn_need { CNN_NEVER, CNN_OPTIONAL, CNN_REQUIRED } cnn_need;

typedef struct cnn_use {
    cnn_need need;
    int32_t numbers;  /* how many at most; 0: one for each side, that is two */
    int32_t standard; /* the default; 0 often means: the kind's functions know better */
    int32_t least;
    int32_t most; /* 0: no upper bound */
} cnn_use;

extern const cnn_use cnn_no_use; /* the kind does not take the attribute */

/* The rule by which a kind is differentiated; the rules themselves are in src/gradient. */
typedef enum cnn_derivative {
    CNN_DERIVE_NONE, /* it is not */
    CNN_DERIVE_DENSE,
    CNN_DERIVE_CONV,
    CNN_DERIVE_MAX,  /* the largest of a window */
    CNN_DERIVE_MEAN, /* the mean of a window, zeros of the padding counted */
    CNN_DERIVE_MEAN_ALL,
    CNN_DERIVE_VIEW, /* the same values in another shape */
    CNN_DERIVE_SIGMOID,
    CNN_DERIVE_TANH,
    CNN_DERIVE_RELU,
    CNN_DERIVE_SOFTMAX,
    CNN_DERIVATIVES
} cnn_derivative;

/* How the kind is written. */
typedef enum cnn_form {
    CNN_FORM_LAYER,
    CNN_FORM_JOIN,   /* name(list | list) */
    CNN_FORM_AUX,    /* name(list) */
    CNN_FORM_FROZEN, /* the same: its layers are not trained */
    CNN_FORM_REUSE,  /* name(label): a labelled item once more, with its weights */
    CNN_FORM_MACRO,  /* a layer that is short for the list in `body` */
    CNN_FORM_INNER   /* not a word of the language */
} cnn_form;

/* Ends the text of a macro's list: readers look 16 bytes ahead. */
#define CNN_BODY_END "                "

/* The factor by which a decimal size (dropout0.5) is stored as an integer. */
#define CNN_DECIMAL 1000000000

/* A layer while its sizes are computed: `in` holds the shapes of its sources; layer->in is not yet
 * known. */
typedef struct cnn_site {
    cnn_layer *layer;
    const cnn_shape *in;
    int32_t count;
    cnn_error *err;
    const cnn_trace *trace; /* NULL: the steps are not wanted */
} cnn_site;

/* The numbers of a layer's text, all but CNN_PAD_AFTER, while they have CNN_QUICK_BITS; the
 * defaults where the text gives none. The padding of "same" is CNN_PAD_SAME. */
typedef struct cnn_smalls {
    int32_t of[CNN_PAD_AFTER];
} cnn_smalls;

enum { CNN_PAD_SAME = -1 };

/* The bits of a quick layer's numbers, of the places of a convolution's maps and of its weights, at
 * most; the product of the last two has 60. */
enum { CNN_QUICK_BITS = 20, CNN_QUICK_PLACES = 22, CNN_QUICK_WEIGHTS = 38 };

/* What layers add up to. */
typedef struct cnn_sums {
    int64_t weights;
    int64_t biases;
    int64_t statistics;
    int64_t macs;
    int64_t frozen; /* weights and biases of frozen layers */
} cnn_sums;

/* A layer on a vector or on a map with height and width. */
typedef struct cnn_quick {
    cnn_shape *shape;     /* what enters; then what leaves */
    cnn_sums *sums;       /* below 2^60; the layer adds its own, below 2^60 */
    cnn_smalls number[2]; /* for the height, and for the width */
    bool uneven;          /* some of them differ */
    bool kept;            /* it also tells what it keeps, where its kind has `keeps_more`: */
    bool told;            /* then that is in `keeps` */
    cnn_keeps keeps;
} cnn_quick;

/* Where it tells that, with these storages so far. */
static inline cnn_keeps *cnn_quick_keeps(cnn_quick *l, uint32_t storages)
{
    l->told = true;
    l->keeps = (cnn_keeps){.storages = storages};
    return &l->keeps;
}

/*
 * What one position of the output sees along one axis, in steps of the input's positions:
 * `extent` positions in a row, moving on by stride_num/stride_den for each output position; the
 * first one's middle lies offset_num/offset_den after the input's first position.
 */
typedef struct cnn_reach {
    int64_t extent;
    int64_t stride_num, stride_den;
    int64_t offset_num, offset_den;
    int64_t spacing; /* of the positions that are seen; 1: all of the extent are */
} cnn_reach;

/*
 * What a kind does, for those who treat whole groups of kinds alike: the mistakes that people make
 * and the rules by which other programs count.
 */
typedef enum cnn_role {
    CNN_ROLE_OTHER,
    CNN_ROLE_CONV, /* the depthwise one too */
    CNN_ROLE_TRANSPOSED,
    CNN_ROLE_DENSE,
    CNN_ROLE_LINEAR, /* dense on the last axis of what enters */
    CNN_ROLE_MAX_POOL,
    CNN_ROLE_AVERAGE_POOL,
    CNN_ROLE_GLOBAL_MAX,
    CNN_ROLE_GLOBAL_AVERAGE,
    CNN_ROLE_ADAPTIVE_MAX,
    CNN_ROLE_ADAPTIVE_AVERAGE,
    CNN_ROLE_BATCH_NORM,
    CNN_ROLE_LAYER_NORM,
    CNN_ROLE_GROUP_NORM,
    CNN_ROLE_INSTANCE_NORM,
    CNN_ROLE_LOCAL_NORM,
    CNN_ROLE_RELU,
    CNN_ROLE_LEAKY, /* rectifiers with a slope below 0 */
    CNN_ROLE_ELU,
    CNN_ROLE_GATED, /* x times a smooth step: GELU, SiLU */
    CNN_ROLE_SOFTMAX,
    CNN_ROLE_SCALE, /* a learned factor or shift alone */
    CNN_ROLE_FLATTEN,
    CNN_ROLE_CAT, /* joins the channels of its branches */
    CNN_ROLE_PAD,
    CNN_ROLE_UPSAMPLE, /* repeats values */
    CNN_ROLE_RESIZE    /* interpolates */
} cnn_role;

struct cnn_op {
    /* Every start reads these of all kinds, to make its vocabulary: they lie together. */
    char name[12];
    cnn_form form;
    const char *aliases; /* further words for it, separated by blanks; may be NULL */
    const cnn_use *uses; /* of all attributes, see cnn_use_of; NULL: it takes none */

    const char *brief;   /* one line for the help */
    const char *params;  /* its parameters as a formula for the help; NULL: none */
    const char *example; /* a layer of this kind that fits an input of 16x32x32 */
    const char *size;    /* how the help calls its size; NULL: K */
    cnn_derivative derivative;
    cnn_role role;
    bool decimal;  /* the size is a decimal number, stored times CNN_DECIMAL */
    bool in_place; /* may overwrite its input: no new values */
    int64_t (*first_channel)(const cnn_layer *layer); /* it shows its input's channels from there */
    bool takes_label;      /* its size may be that of a label: resize@a */
    bool two_ends;         /* its size may be a number for each end of an axis: pad1+2 */
    bool affine;           /* a norm: CNN_BIAS is written a, for learned factors and shifts */
    bool splits;           /* each branch gets its part of the channels */
    const char *why_kept;  /* what is kept, and why; NULL: nothing is */
    uint16_t keeps;        /* for the backward pass, see keeps.h */
    bool plain_keeps;      /* keeps_more does nothing for shares above 0 */
    cnn_together together; /* what of its input has to lie together */
    bool clamps;           /* windows that `sees` gives end at the map's border */
    const char *body;      /* of a macro: a list with the parameters n (channels) and b (bias) */

    /* Fills layer->out (and the padding) from the attributes and the input; NULL: the output has
     * the shape of the input. */
    bool (*shape)(cnn_site *site);
    /* Fills weights, biases, statistics and macs; NULL: all are 0. */
    bool (*cost)(cnn_site *site);
    /* What `shape`, `cost` and `keeps_more` do, at once, for most layers of many lists. False, and
     * nothing has changed: they have to do it. NULL: they always do. */
    bool (*quick)(cnn_quick *l);
    /* What an output position sees along `axis`; NULL: just the one at its place. */
    bool (*reach)(const cnn_layer *layer, int32_t axis, cnn_reach *out);
    /* Which positions of the input output position `at` sees, to < from: none; for kinds whose
     * positions do not all see as many, or all see the same. NULL: `reach` tells it. */
    void (*sees)(const cnn_layer *layer, int32_t axis, int64_t at, int64_t *from, int64_t *to);
    /* What else it keeps for the backward pass, or keeps in place of `keeps`. False: it does
     * not fit. NULL: nothing. */
    bool (*keeps_more)(const cnn_layer *layer, cnn_keeps *out);
    /* Rows (axis 0) or columns at the high end that no window covers; NULL: none. */
    int64_t (*unread)(const cnn_layer *layer, int32_t axis);
};

/* What the kind does with an attribute. */
static inline const cnn_use *cnn_use_of(const cnn_op *op, cnn_attr attr)
{
    return op->uses == NULL ? &cnn_no_use : &op->uses[attr];
}

/* A family: kinds that share their functions. */
typedef struct cnn_family {
    const char *title;
    const cnn_op *ops;
    size_t count;
} cnn_family;

/* All families, in the order of the help. */
extern const cnn_family *const cnn_families[];
extern const size_t cnn_family_count;

/* The kind's place in cnn_families; cnn_family_count for kinds that a list does not name. */
size_t cnn_op_family(const cnn_op *op);

/* Kinds that a list does not name: the network's input and one part of a split. */
extern const cnn_op cnn_op_input;
extern const cnn_op cnn_op_part;

/* Whether its layers neither change a shape nor cost anything. */
static inline bool cnn_op_is_idle(const cnn_op *op)
{
    return op->shape == NULL && op->cost == NULL;
}

/* The names and meanings of the attributes, in the order of cnn_attr. */
typedef struct cnn_attr_name {
    const char *letters; /* the canonical spelling */
    const char *words;   /* others, separated by blanks */
    const char *what;    /* in sentences */
} cnn_attr_name;

extern const cnn_attr_name cnn_attr_names[CNN_ATTRS];

static inline bool cnn_given_in(const cnn_attrs *attrs, cnn_attr attr)
{
    return (attrs->given >> attr & 1) != 0;
}

static inline bool cnn_given(const cnn_layer *layer, cnn_attr attr)
{
    return cnn_given_in(layer->attrs, attr);
}

/* How the attribute is written for this kind. */
static inline const char *cnn_attr_spelling(const cnn_op *op, cnn_attr attr)
{
    return attr == CNN_BIAS && op->affine ? "a" : cnn_attr_names[attr].letters;
}

/* The standard number of groups of a depthwise convolution. */
enum { CNN_EACH_CHANNEL = -1 };

/* The groups of a convolution of `channels`; other layers have one. */
static inline int64_t cnn_groups_of(const cnn_attrs *attrs, int64_t channels)
{
    const int64_t groups = attrs->value[CNN_GROUPS][0];
    return groups == CNN_EACH_CHANNEL ? channels : groups > 0 ? groups : 1;
}

/* The same of a layer that is resolved. */
static inline int64_t cnn_groups(const cnn_layer *layer)
{
    return cnn_groups_of(layer->attrs, layer->in.channels);
}

/* The layer's role: on a vector, the last axis is all there is. */
static inline cnn_role cnn_role_of(const cnn_layer *layer)
{
    const cnn_role role = layer->op->role;
    return role == CNN_ROLE_LINEAR && layer->in.axes == 0 ? CNN_ROLE_DENSE : role;
}

/* Whether it is fully connected to all that enters. */
static inline bool cnn_is_dense(const cnn_layer *layer)
{
    return cnn_role_of(layer) == CNN_ROLE_DENSE;
}

/* The attributes of a layer that gives none: all defaults, and "same" where that is one. */
void cnn_attrs_standard(const cnn_op *op, cnn_attrs *out);

/* The attributes that have to be given, a bit each. */
uint32_t cnn_attrs_required(const cnn_op *op);

/* Those of `given` that concern the padding. At most one of them may be given. */
static inline uint32_t cnn_paddings(uint32_t given)
{
    return given & (1u << CNN_PAD | 1u << CNN_SAME | 1u << CNN_VALID);
}

/* Puts a number that is in range, for all axes. */
static inline void cnn_attr_put(cnn_attrs *attrs, cnn_attr attr, int64_t n)
{
    int64_t *const target = attrs->value[attr];
    target[0] = n;
    if (attr == CNN_CHANNELS) {
        return;
    }
    target[1] = n;
    target[2] = n;
    if (attr == CNN_PAD) {
        int64_t *const after = attrs->value[CNN_PAD_AFTER];
        after[0] = n;
        after[1] = n;
        after[2] = n;
    }
}

/* Puts one number, for `axis` or for all axes (-1), after checking its range. */
bool cnn_attr_set(const cnn_op *op, cnn_attrs *attrs, cnn_attr attr, int32_t axis, int64_t value,
                  cnn_span span, cnn_error *err);

/* Whether the number is one that the kind takes for the attribute. */
static inline bool cnn_in_bounds(const cnn_use *use, int64_t n)
{
    return n >= use->least && (use->most == 0 || n <= use->most);
}

/* Whether the kind takes the attribute, and this number for it. */
static inline bool cnn_in_range(const cnn_use *use, int64_t n)
{
    return use->need != CNN_NEVER && cnn_in_bounds(use, n);
}

/*
 * Completes the attributes of a layer once all that is given is in them: the default padding, and
 * a pooling's stride, which is its kernel. `standard` and `required` are those of the kind. False:
 * something required is missing, or two paddings contradict each other; see cnn_attrs_fail.
 */
static inline bool cnn_attrs_complete(const cnn_op *op, const cnn_attrs *standard,
                                      uint32_t required, cnn_attrs *attrs)
{
    const uint32_t padding = cnn_paddings(attrs->given);
    if ((required & ~attrs->given) != 0 || (padding & (padding - 1)) != 0) {
        return false;
    }
    attrs->given |= padding == 0 ? standard->given : 0;
    if (op->uses[CNN_STRIDE].need == CNN_OPTIONAL && op->uses[CNN_STRIDE].standard == 0 &&
        (attrs->given >> CNN_STRIDE & 1) == 0) {
        for (int32_t i = 0; i < CNN_AXES; i++) {
            attrs->value[CNN_STRIDE][i] = attrs->value[CNN_SIZE][i];
        }
    }
    return true;
}

/* The error of incomplete attributes, at `span`. */
CNN_COLD bool cnn_attrs_fail(const cnn_op *op, const cnn_attrs *attrs, cnn_span span,
                             cnn_error *err);

/* Fails with the layer's place; for overflow `what` is the quantity ("the number of weights"). */
CNN_COLD bool cnn_site_fail(cnn_site *site, int32_t code, int64_t n0, int64_t n1);
CNN_COLD bool cnn_site_overflow(cnn_site *site, const char *what);

/* False with an error when a vector enters a layer that needs a map. */
bool cnn_site_map(cnn_site *site);

/* Whether it only looks at its input differently: no new values. */
static inline bool cnn_op_is_view(const cnn_op *op)
{
    return (op->keeps & CNN_KEEPS_PLACE) != 0;
}

/* How many of its sources pass values on to its output: of an auxiliary head only what it is
 * beside, and not the label that gives a size. An input has none. */
static inline int32_t cnn_sources_read(const cnn_layer *layer)
{
    return layer->op->form == CNN_FORM_JOIN ? layer->source_count : layer->source_count > 0;
}

/* The number of values of a shape, and of positions, which is 1 for a vector. Both fitted into 64
 * bits when the shape was made. */
int64_t cnn_shape_values(const cnn_shape *shape);
int64_t cnn_shape_positions(const cnn_shape *shape);

/* Tells the number of values of a map; a vector needs no working. */
void cnn_tell_volume(const cnn_site *site, const cnn_shape *shape);

/* "height" and so on: what axis `i` of a map with so many is called. */
const char *cnn_side_name(int32_t axes, int32_t i);

/* Tells a remark about a quantity. */
static inline void cnn_tell_note(const cnn_site *site, cnn_step_kind quantity, const char *note)
{
    if (site->trace != NULL) {
        cnn_tell(site->trace, &(cnn_step){.quantity = quantity, .note = note});
    }
}

/* Tells the biases: one for each channel or unit that comes out; nothing where there are none. */
static inline void cnn_tell_biases(const cnn_site *site)
{
    const cnn_layer *layer = site->layer;
    if (layer->biases > 0) {
        cnn_tell(site->trace, &(cnn_step){.quantity = CNN_STEP_BIASES,
                                          .formula = "N",
                                          .value = {layer->biases},
                                          .result = layer->biases});
    }
}

/* The layer's output has its input's shape. */
bool cnn_shape_same(cnn_site *site);

#endif
