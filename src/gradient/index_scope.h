/* What letters mean while an expression with indices is evaluated. */
#ifndef CNN_GRADIENT_INDEX_SCOPE_H
#define CNN_GRADIENT_INDEX_SCOPE_H

#include "gradient/indices.h"
#include "gradient/sliding.h"

enum { CNN_LETTERS = 26 };

typedef struct cnn_index_scope {
    cnn_env *env;
    int64_t value[CNN_LETTERS];
    int64_t range[CNN_LETTERS]; /* 0: not known */
    bool bound[CNN_LETTERS];    /* has a value */
    char channel;               /* the letter of the left side's channel; 0: it has one channel */
    const cnn_link *step; /* whose window taps() and "first largest" mean; NULL: there is none */
    cnn_sliding window;
    bool outside; /* an entry was asked for that is outside its map */
} cnn_index_scope;

/* The letters of the left side, as derivations have them. */
void cnn_index_choose(const cnn_chain *chain, const cnn_value *what, const cnn_term *e,
                      char letters[CNN_INDEX_SIDES]);

/* Gives the letters of the left side (0: an index without one), and of all sums, their ranges, and
 * plans the sums. False: a letter has none, or a value has other indices. */
bool cnn_index_open(cnn_index_scope *s, const cnn_term *term, const cnn_value *what, bool slope,
                    const char *letters, const int64_t *sides, int32_t count);

/* The letter that the index is, alone; 0: it is something else. */
char cnn_index_lone(const cnn_index *index);

/* What the index changes by with the letter; 0: that is not the same everywhere. */
int64_t cnn_index_factor(const cnn_index *index, char letter);

/* Ends the evaluation because of the indices of `term`. */
bool cnn_index_fail(cnn_index_scope *s, const cnn_term *term);

#endif
