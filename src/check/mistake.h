/* The mistakes people make by hand: one table, each with the formula that produces its number. */
#ifndef CNN_HOMEWORK_MISTAKE_H
#define CNN_HOMEWORK_MISTAKE_H

#include "check/amount.h"
#include "net/quantity.h"
#include "ops/op.h"

typedef enum cnn_rounding { CNN_ROUND_DOWN, CNN_ROUND_UP, CNN_ROUND_NEAREST } cnn_rounding;

/*
 * The textbook's formula for one side of an output, with everything in it that can go wrong:
 * rounding((w - extent + pad + inside)/s) + plus, or of a transposed convolution
 * (w - 1)s - pad + extent + extra.
 */
typedef struct cnn_side_sum {
    bool transposed;
    int64_t w, extent, s, pad, inside, plus, extra;
    cnn_rounding rounding;
    bool replaced; /* it is another formula: a second mistake in it makes no sense */
} cnn_side_sum;

/*
 * The factors of a number of weights, fh fw (c/g) k: kernel, input channels, groups, filters. Of a
 * fully connected layer c are its inputs and k its units, the others are 1.
 */
typedef struct cnn_factors {
    int64_t fh, fw, c, g, k;
} cnn_factors;

/* A layer in the hands of somebody who makes a mistake. */
typedef struct cnn_slip {
    const cnn_layer *layers; /* as that person has them */
    cnn_layer *layer;        /* computed from these; the formula changes it */
    int32_t variant;         /* of mistakes that can be read in several ways, from 0 */
    bool last;               /* no fully connected layer stands behind it */
    cnn_factors *factors;    /* of its weights, with the mistakes made so far; NULL for sizes */
} cnn_slip;

typedef struct cnn_mistake {
    const char *id;
    const char *sentence; /* behind "this is what you get if " */
    const char *formula;  /* what is computed instead; may be NULL */
    int32_t rank;         /* 1: often seen, 2, 3: rarely */
    int32_t variants;     /* 0 means 1 */
    uint32_t where;       /* the roles of the layers it can happen to, a bit for each */
    bool whole;           /* it is about the network as a whole, not about one layer */
    bool local;           /* `size` explains sizes only; what follows is up to `count` */
    bool exact;           /* for a size that is claimed with its fraction */
    bool rebase;          /* for a number with a unit: taken as a power of the other base */
    /* The formula. False: there is nothing here to be mistaken about. */
    bool (*side)(const cnn_slip *slip, int32_t axis, cnn_side_sum *sum); /* changes the sum */
    bool (*size)(const cnn_slip *slip);                                  /* changes layer->out */
    bool (*count)(const cnn_slip *slip); /* changes weights, biases, statistics, macs */
    bool (*value)(const cnn_quantity *quantity, int64_t right, int32_t variant, int64_t *out);
    bool (*field)(const cnn_layer *layers, int32_t index, int32_t axis, int64_t *out);
} cnn_mistake;

extern const cnn_mistake cnn_mistakes[];
extern const size_t cnn_mistake_count;

static inline bool cnn_mistake_fits(const cnn_mistake *mistake, const cnn_layer *layer)
{
    return (mistake->where >> layer->op->role & 1) != 0;
}

cnn_factors cnn_factors_of(const cnn_layer *layer);

/* The right sum for one side of a window layer's output. */
cnn_side_sum cnn_side_of(const cnn_layer *layer, int32_t axis);

/* False: no size, or it does not fit. */
bool cnn_side_value(const cnn_side_sum *sum, int64_t *out);

/* The same before rounding, of a window that is computed rightly. False: there is no fraction. */
bool cnn_side_fraction(const cnn_side_sum *sum, cnn_fraction *out);

/* The layer whose output a layer really works on: functions of each value are passed over. The
 * input itself works on none. */
const cnn_layer *cnn_layer_behind(const cnn_layer *layers, const cnn_layer *layer);

#endif
