/* Sums over indices in claims: sum_{c,u,v} W1[n,c,u,v] * x[c,2i+u-1,2j+v-1] */
#ifndef CNN_GRADIENT_INDICES_H
#define CNN_GRADIENT_INDICES_H

#include "gradient/term.h"

/* The letters of derivations, axis by axis: positions of outputs, places in a window, and positions
 * of inputs. */
#define CNN_INDEX_POSITIONS "ijm"
#define CNN_INDEX_PLACES    "uvq"
#define CNN_INDEX_INPUTS    "hwr"

enum { CNN_INDEX_PARTS = 12, CNN_INDEX_LETTERS = 8, CNN_INDEX_CONDITIONS = 6, CNN_INDEX_SIDES = 5 };

/* What a letter contributes: factor * i, factor * floor(i/per), factor * (i mod per). */
typedef struct cnn_index_part {
    char letter, kind; /* 'l', 'f', 'm' */
    int64_t factor, per;
} cnn_index_part;

/* constant + the parts: 2i+u-1 */
typedef struct cnn_index {
    int64_t constant;
    int32_t count;
    cnn_index_part part[CNN_INDEX_PARTS];
} cnn_index;

/* The indices of one value: W1[n,c,u,v], taps(i,j). */
struct cnn_subscripts {
    int32_t count;
    cnn_index at[CNN_INDEX_SIDES];
};

/* zero = 0, or `at` is the first largest place of the window at `window`. */
typedef struct cnn_condition {
    bool first_largest;
    cnn_index zero;
    cnn_subscripts at, window;
} cnn_condition;

/* sum_{letters: conditions} or max_{letters} of what `first` of the term is. */
struct cnn_over {
    bool largest;
    int32_t count, condition_count;
    char letter[CNN_INDEX_LETTERS];
    int64_t range[CNN_INDEX_LETTERS]; /* of each letter inside of this sum */
    cnn_condition condition[CNN_INDEX_CONDITIONS];
    /* How the letters are gone through: those with few values first; a letter that a condition
     * fixes takes one value; -1: all. After a letter these conditions can be tested, as bits. */
    int32_t solved_by[CNN_INDEX_LETTERS];
    uint32_t tested[CNN_INDEX_LETTERS];
};

/* Whether the text begins with sum_{ or max_{. */
bool cnn_over_see(cnn_text text, size_t *size, bool *largest);

/* Reads "[...]", or "(...)", from `at` on, which is moved past it; the letters of "_{...}". False
 * with the place of the error in `at`. */
bool cnn_subscripts_read(cnn_text text, size_t *at, char open, cnn_subscripts *out);
bool cnn_over_read(cnn_text text, size_t *at, cnn_over *out);

/* How many indices a value takes, and how far each goes. */
int32_t cnn_index_sides(const cnn_chain *chain, const cnn_value *q, int64_t sides[CNN_INDEX_SIDES]);

/*
 * The value of an expression with indices, for every entry of `what`. Letters that no sum binds are
 * those of the left side, or without them n,c,u,v of weights, n of biases, and n or c with i,j or
 * h,w of layers. Indices of sides of 1 may be left out on the left side, which may be NULL.
 */
bool cnn_index_eval(cnn_env *env, const cnn_term *term, const cnn_value *what, bool slope,
                    const cnn_subscripts *left, cnn_matrix *out);

/* Whether there is an index anywhere in it. */
bool cnn_term_indexed(const cnn_term *term);

#endif
