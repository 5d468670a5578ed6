/* What a layer keeps for the backward pass: as an entry of the table of kinds gives it. */
#ifndef CNN_OPS_KEEPS_H
#define CNN_OPS_KEEPS_H

#include <cnncalc/cnncalc.h>

/*
 * What a layer keeps for the backward pass, as PyTorch 1.13 does it. Storages: its input's or its
 * output's, each of which counts once however many layers keep it. And other numbers.
 */
enum {
    CNN_KEEPS_INPUT = 1,
    CNN_KEEPS_OUTPUT = 2,
    CNN_KEEPS_EITHER = 4,   /* the output where it can overwrite the input; else the input */
    CNN_KEEPS_OPERANDS = 8, /* each input, when what it is multiplied by wants a gradient */
    CNN_KEEPS_PLACE = 16,   /* nothing: its output lies in its input's storage */
    CNN_KEEPS_TRAINED = 32, /* its input only when its weights are trained */
    CNN_KEEPS_INDICES = 64, /* also a place for each value of its output */
    CNN_KEEPS_MASK = 128,   /* also whether each value of its output was dropped */
    CNN_KEEPS_MEANS = 256   /* also two statistics of each channel over all samples */
};

/* Values that have to lie together for a layer: it copies what does not. */
typedef enum cnn_together {
    CNN_TOGETHER_NOTHING,
    CNN_TOGETHER_SAMPLE, /* those of each sample: they become one axis, or other axes */
    CNN_TOGETHER_ROWS,   /* the rows along the last axis, evenly spaced */
    CNN_TOGETHER_ALL
} cnn_together;

typedef struct cnn_keeps {
    uint32_t storages;  /* bits of the above */
    int64_t values;     /* of each sample, in the data type of the network; */
    int64_t masks;      /* the same, of which some devices need a byte only; */
    int64_t statistics; /* the same, of 32 bits at least; */
    int64_t indices;    /* the same, of 64 bits */
    int64_t once;       /* statistics of all samples together */
    int64_t bytes;      /* of all samples together */
    int64_t copied;     /* values of each sample of an input that it had to copy */
    const char *why;    /* what it is, and what for */
} cnn_keeps;

/* What a layer of a framework keeps in place of what its kind does, where the language has no word
 * for the difference. Its output is a storage by itself, unless CNN_KEEPS_PLACE is among
 * `storages`.
 */
typedef struct cnn_keep_rule {
    uint32_t storages;
    bool (*more)(const cnn_layer *layer, cnn_keeps *out); /* NULL: nothing more */
    const char *why;
} cnn_keep_rule;

extern const cnn_keep_rule cnn_keep_nothing; /* a part of a layer that is told as several */
extern const cnn_keep_rule cnn_keep_place;   /* a view: the storage of its input goes on */
extern const cnn_keep_rule cnn_keep_input;   /* functions that may not overwrite it, and the like */
extern const cnn_keep_rule cnn_keep_output;  /* exp, and the like */
extern const cnn_keep_rule cnn_keep_ends;    /* the input and the output: a norm over axes */
extern const cnn_keep_rule cnn_keep_indices; /* the greatest along an axis */
extern const cnn_keep_rule cnn_keep_both;    /* both inputs: the greater of two */
extern const cnn_keep_rule cnn_keep_number;  /* a product with a number */
extern const cnn_keep_rule cnn_keep_inverse; /* a number divided by its input */
extern const cnn_keep_rule cnn_keep_power;   /* a number to the power of its input */
extern const cnn_keep_rule cnn_keep_lengths; /* channels divided by their length */
extern const cnn_keep_rule cnn_keep_channels;      /* which channels were dropped */
extern const cnn_keep_rule cnn_keep_values;        /* as many values as enter */
extern const cnn_keep_rule cnn_keep_input_values;  /* its input, and these */
extern const cnn_keep_rule cnn_keep_powers;        /* pools of powers */
extern const cnn_keep_rule cnn_keep_batch_norm;    /* without running statistics */
extern const cnn_keep_rule cnn_keep_instance_norm; /* with them */
extern const cnn_keep_rule cnn_keep_padded;        /* a padded copy of its input, */
extern const cnn_keep_rule cnn_keep_input_padded;  /* and the input, too */

/* The values of so many channels of a map; of a vector as many as channels. False: they do not fit
 * into 64 bits. */
bool cnn_keeps_map(const cnn_shape *map, int64_t channels, int64_t *out);

/* Of a convolution that keeps its input, with these paddings: where they are unequal at the two
 * sides of an axis, it keeps a copy that is larger by what one side has more than the other. False:
 * it does not fit. */
bool cnn_keeps_padded(const cnn_shape *in, const int64_t *low, const int64_t *high, cnn_keeps *out);

#endif
