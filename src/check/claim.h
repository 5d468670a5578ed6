/* Claimed answers: what the texts of --check and the cells of a sheet say. */
#ifndef CNN_HOMEWORK_CLAIM_H
#define CNN_HOMEWORK_CLAIM_H

#include "check/amount.h"
#include "net/quantity.h"

typedef enum cnn_relation { CNN_EQUAL, CNN_LESS, CNN_AT_MOST, CNN_MORE, CNN_AT_LEAST } cnn_relation;

typedef enum cnn_verdict { CNN_VERDICT_WRONG, CNN_VERDICT_RIGHT, CNN_VERDICT_FOLLOWS } cnn_verdict;

typedef struct cnn_explanation cnn_explanation;

typedef struct cnn_claim {
    const cnn_quantity *what;
    cnn_subject of;
    cnn_relation relation;
    cnn_amount value[CNN_AXES]; /* one number, or those of a size joined with "x" */
    int32_t numbers;
    cnn_text text; /* as written */

    /* What checking finds. */
    cnn_answer right;
    cnn_verdict verdict;
    bool channels_last; /* the size is right as height x width x channels */
    int32_t from;       /* of one that follows: the claim it follows from; otherwise -1 */
    cnn_explanation *explanations; /* of a wrong one, best first */
    int32_t found;                 /* how many there are */
} cnn_claim;

typedef struct cnn_claims {
    cnn_claim *list;
    int32_t count;
    int32_t room;
} cnn_claims;

/* Reads one --check into `claims`. */
bool cnn_claim_read(cnn_text text, const cnn_numbers *numbers, cnn_claims *claims, cnn_error *err);

/* Reads one --want: what the whole network should give. A bare number is a size. */
bool cnn_want_read(cnn_text text, cnn_claim *out, cnn_error *err);

/* Reads a sheet in the shape of --format tsv. `all`: its rows are layers, not items. */
bool cnn_sheet_read(cnn_text text, bool all, const cnn_numbers *numbers, cnn_claims *claims,
                    cnn_error *err);

/* One value: an amount, or several joined with "x". `commas`: between thousands. */
bool cnn_claim_value(cnn_text *text, bool commas, cnn_text all, cnn_claim *out, cnn_error *err);

/* Whether the claim says this answer; any shape of a size that can be meant is tried. */
bool cnn_claim_is(const cnn_claim *claim, const cnn_answer *answer);

/* Whether the claimed size has the order height x width x channels, when it is read as `answer`. */
bool cnn_claim_channels_last(const cnn_claim *claim, const cnn_answer *answer);

/* A budget: whether the answer stays within, a pair with both of its numbers. */
bool cnn_claim_holds(const cnn_claim *claim, const cnn_answer *answer);

/* Adds a claim; there is room for all that the texts can contain. */
void cnn_claim_add(cnn_claims *claims, const cnn_claim *claim, const cnn_numbers *numbers);

/* The most claims that a text can contain. */
size_t cnn_claim_bound(cnn_text text);

/* The rows of a report without --all: fills `out` with the item or layer at `*at` and moves on. */
bool cnn_subject_next(const cnn_network *net, bool all, int32_t *at, int32_t *number,
                      cnn_subject *out);

#endif
