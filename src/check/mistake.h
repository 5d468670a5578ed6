/*
 * The mistakes people make by hand: families of rows, each row with the formula that produces its
 * number. Each family is one file, as families of layers are in ops/.
 */
#ifndef CNN_CHECK_MISTAKE_H
#define CNN_CHECK_MISTAKE_H

#include "base/out.h"
#include "check/amount.h"
#include "check/side.h"
#include "measure/quantity.h"
#include "ops/op.h"

/*
 * The factors of a number of weights, kd kh kw (c/g) n: kernel, input channels, groups, filters. A
 * map of one or two axes has no kd or kh: they are 1. Of a fully connected layer c are its inputs
 * and n its units, the others are 1.
 */
typedef struct cnn_factors {
    int64_t kd, kh, kw, c, g, n;
} cnn_factors;

/* A layer in the hands of a pupil who makes a mistake. */
typedef struct cnn_slip {
    const cnn_layer *layers; /* as the pupil has them */
    cnn_layer *layer;        /* computed from these; the formula changes it */
    int32_t variant;         /* of mistakes that can be read in several ways, from 0 */
    bool last;               /* no fully connected layer follows */
    cnn_factors *factors;    /* of its weights, with the mistakes made so far; NULL for sizes */
} cnn_slip;

/* What an amount is counted from under another convention. */
typedef struct cnn_counting {
    const cnn_numbers *numbers;
    const cnn_layer *layer; /* NULL: of several */
    int64_t right;
    int32_t variant;
} cnn_counting;

typedef struct cnn_mistake {
    const char *id;
    const char *sentence; /* after "this is what you get if " */
    /*
     * What is computed instead, in the letters of the working (see docs/explain.md). `formula` is
     * that of a side or of anything else that is the same for all layers; `transposed` replaces it
     * for a transposed layer. Counts are put together from their parts, as the quantity and the
     * layer need them: `weights` of a convolution, `features` of a fully connected layer, `biases`
     * of both, `macs`. A part that is NULL is the right one.
     */
    const char *formula, *transposed;
    const char *weights, *features, *biases, *macs;
    const char *of;   /* of conventions: the quantities it is about, with blanks between */
    const char *like; /* another program, whose report it is */
    int32_t rank;     /* 1: often made, 2, 3: rarely */
    int32_t variants; /* 0 means 1 */
    uint32_t where;   /* the roles of the layers it can happen to, a bit for each */
    bool whole;       /* it is about the network as a whole, not about one layer */
    bool local;       /* `size` explains sizes only; what follows is up to `count` */
    bool exact;       /* for a size that is claimed with its fraction */
    bool rebase;      /* for a number with a unit: taken as a power of the other base */
    bool factor;      /* of two, or of a unit: told apart from chance even with two digits */
    /* The function. False: there is nothing here to be mistaken about. */
    bool (*side)(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum); /* changes the sum */
    bool (*size)(const cnn_slip *slip);                                  /* changes layer->out */
    bool (*count)(const cnn_slip *slip); /* changes weights, biases, statistics, macs */
    bool (*term)(const cnn_counting *as, int64_t *out);  /* the amount of one layer */
    bool (*value)(const cnn_counting *as, int64_t *out); /* the amount from the right one */
    bool (*field)(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out);
} cnn_mistake;

typedef struct cnn_mistake_family {
    const cnn_mistake *rows;
    size_t count;
} cnn_mistake_family;

extern const cnn_mistake_family cnn_mistakes_window, cnn_mistakes_depth, cnn_mistakes_weights,
    cnn_mistakes_flat, cnn_mistakes_params, cnn_mistakes_work, cnn_mistakes_field,
    cnn_mistakes_tools;

/* A mistake by its place, from 0, in the order of the families; the count for any other one. */
size_t cnn_mistake_count(void);
const cnn_mistake *cnn_mistake_at(size_t place);
size_t cnn_mistake_place(const cnn_mistake *mistake);

/* Not in the catalogue, because no layer is computed wrongly: the figure of another input. */
extern const cnn_mistake cnn_mistake_other_input;

/* Whether a convention is about this quantity. */
bool cnn_mistake_concerns(const cnn_mistake *mistake, const cnn_quantity *what);

/* Writes the formula for a quantity, or with NULL for the size, of a layer, or with NULL of several
 * layers. False: it has none. */
bool cnn_mistake_put_formula(cnn_out *out, const cnn_mistake *mistake, const cnn_layer *layer,
                             const cnn_quantity *what);

/* Writes a formula with the layer's numbers in place of its letters; `result` is what they give.
 * False: a letter has no single number there, or it does not fit; then what was written is of no
 * use. */
bool cnn_mistake_put_numbers(cnn_out *out, const char *formula, const cnn_layer *layer,
                             cnn_fraction *result);

static inline bool cnn_mistake_fits(const cnn_mistake *mistake, const cnn_layer *layer)
{
    return (mistake->where >> cnn_role_of(layer) & 1) != 0;
}

/* ---- for the families ---- */

#define CNN_IS(role) (1u << CNN_ROLE_##role)

enum {
    CNN_POOLS = CNN_IS(MAX_POOL) | CNN_IS(AVERAGE_POOL),
    CNN_WINDOWS = CNN_IS(CONV) | CNN_POOLS,
    CNN_CONVS = CNN_IS(CONV) | CNN_IS(TRANSPOSED),
    CNN_WEIGHTED = CNN_CONVS | CNN_IS(DENSE),
    CNN_NORMS = CNN_IS(BATCH_NORM) | CNN_IS(LAYER_NORM) | CNN_IS(GROUP_NORM),
    CNN_ANY = INT32_MAX /* the bits of all roles */
};

cnn_factors cnn_factors_of(const cnn_layer *layer);

/* The weights that the slip's factors give, and MACs that use them at as many positions as the
 * right ones. False: they do not fit. */
bool cnn_slip_weigh(const cnn_slip *slip);

/* Those of a layer's kernel; false when they do not fit, as a pool's need not. */
bool cnn_kernel_positions(const cnn_layer *layer, int64_t *out);

/* The layer whose output a layer really works on: functions of each value are passed over. The
 * input itself works on none. */
const cnn_layer *cnn_layer_before(const cnn_layer *layers, const cnn_layer *layer);

static inline bool cnn_layer_pools(const cnn_layer *layer)
{
    return (CNN_POOLS >> layer->op->role & 1) != 0;
}

#endif
