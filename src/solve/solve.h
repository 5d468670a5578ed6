/* Searching numbers for the unknowns of a list. */
#ifndef CNN_HOMEWORK_SOLVE_H
#define CNN_HOMEWORK_SOLVE_H

#include "check/claim.h"
#include "solve/unknown.h"

enum { CNN_MOST_WANTS = 8, CNN_MOST_SOLUTIONS = 10000 };

/* Numbers for the unknowns, and what they give. */
typedef struct cnn_solution {
    struct cnn_solution *next;
    int64_t values[CNN_MOST_UNKNOWNS];
    cnn_shape output;
    int64_t params, macs;
    cnn_answer answer; /* to the want that was missed, or to the budget */
    uint64_t distance; /* from it */
} cnn_solution;

typedef struct cnn_solver {
    cnn_unknowns unknowns;
    cnn_claim wants[CNN_MOST_WANTS];
    int32_t want_count;
    int32_t budget;             /* the want that is a budget, to be used up; -1: none */
    cnn_solution *first, *last; /* in the order in which they were found */
    int64_t count;              /* also those beyond the most that are kept */
    cnn_solution miss[2];       /* the nearest below and above */
    bool missed[2];
    const cnn_claim *miss_of[2]; /* what they miss */
    const cnn_settings *settings;
    const cnn_solve_options *options;
    cnn_arena arena;
    cnn_arena empty;     /* what it was with room for the first one only */
    cnn_solution *spare; /* room for the next one; NULL: none yet */
    int64_t effort;      /* of all lists so far, in layers read */
    int64_t lists;       /* that could be read so far */
    int32_t layers;      /* of the longest list */
    bool narrowed;       /* the bounds were lowered, because lists take longer than the first one */
    cnn_error *err;
    int32_t first_code; /* the error of lists that could not be read */
    int64_t first_values[CNN_MOST_UNKNOWNS];
    bool any;      /* a list could be read */
    bool accepted; /* the last one gives all that is wanted */
    bool over;     /* the last one was above the budget */
    char *buffer;
} cnn_solver;

/* "params 4,988", "output 64x7x7", "rf 3x5": the answer to a want. */
void cnn_want_answer_put(const cnn_claim *want, const cnn_answer *answer, cnn_out *out);

/* Sets the bounds and searches within them. */
bool cnn_solver_run(cnn_solver *solver);

#endif
