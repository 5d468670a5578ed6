/* Claimed answers: the texts of --check and the cells of a sheet. */
#ifndef CNN_CHECK_CLAIM_H
#define CNN_CHECK_CLAIM_H

#include "check/amount.h"
#include "measure/quantity.h"

typedef enum cnn_relation { CNN_EQUAL, CNN_LESS, CNN_AT_MOST, CNN_MORE, CNN_AT_LEAST } cnn_relation;

/* "<=" and so on, by relation. */
extern const char *const cnn_relation_signs[];

typedef enum cnn_verdict {
    CNN_VERDICT_WRONG,
    CNN_VERDICT_RIGHT,
    CNN_VERDICT_FOLLOWS,
    CNN_VERDICT_UNREAD, /* a row of a sheet that is not understood; `error` tells why */
    CNN_VERDICTS
} cnn_verdict;

typedef struct cnn_explanation cnn_explanation;

typedef struct cnn_claim {
    const cnn_quantity *what;
    cnn_subject of;
    cnn_relation relation;
    cnn_amount value[CNN_AXES]; /* one number, or those of a size joined with "x" */
    int32_t numbers;
    cnn_amount first; /* of four: a batch, or the channels of a map with three axes */
    bool four;
    bool batch;          /* a batch is given besides, as in (None, 4, 20) */
    bool channels_first; /* of a size, surely: 90@54x54 */
    bool share;          /* percent of the whole; `right` is a pair then */
    cnn_text text;       /* as written */
    int32_t source;      /* the text that it was read from: its place among all, from 0 */

    /* What checking finds. */
    cnn_answer right;
    cnn_verdict verdict;
    const char *as;           /* of a right one: in which sense; NULL: as asked */
    cnn_answer meant;         /* the answer that it is in that sense */
    const cnn_shape *reading; /* of a wrong one: the input for which it is right; or NULL */
    int32_t from;             /* of one that follows: the claim it follows from; otherwise -1 */
    bool rounded;             /* it follows as the sum of rounded numbers */
    int32_t next;             /* the next claim about the same layer; -1: none */
    cnn_explanation *explanations; /* of a wrong one, best first */
    int32_t found;                 /* how many there are */
    const cnn_error *error;
    int32_t line; /* of an unread one: its line in the sheet, from 1 */
} cnn_claim;

typedef struct cnn_claims {
    cnn_claim *list; /* grows at the low end of the arena while claims are read */
    int32_t count;
    int32_t *first_at; /* by layer: the first claim that is about it; after the layers: totals */
    cnn_arena *arena;
    struct cnn_layer_names *names; /* made when a name is first looked up */
    const char *remark;            /* about how the numbers were read; NULL: none */
    int32_t source;                /* the text that is read now */
} cnn_claims;

/* Reads one --check into `claims`. */
bool cnn_claim_read(cnn_text text, const cnn_numbers *numbers, cnn_claims *claims, cnn_error *err);

/* Reads one --want: what the whole network should give. A bare number is a size. */
bool cnn_want_read(cnn_text text, cnn_claim *out, cnn_error *err);

/* Reads a sheet. `all`: its rows are layers, not items. */
bool cnn_sheet_read(cnn_text text, bool all, const cnn_numbers *numbers, cnn_claims *claims,
                    cnn_error *err);

/* Whether the claim is this answer; any shape of a size that can be meant is tried. */
bool cnn_claim_is(const cnn_claim *claim, const cnn_answer *answer);

/* Whether the claimed size has the order height x width x channels, when it is read as `answer`. */
bool cnn_claim_channels_last(const cnn_claim *claim, const cnn_answer *answer);

/* A budget: whether the answer stays within, a pair with both of its numbers. */
bool cnn_claim_holds(const cnn_claim *claim, const cnn_answer *answer);

/* Digits that a rounded claim gives; more than can be for one that is not rounded. */
int32_t cnn_claim_digits(const cnn_claim *claim);

/* Adds a claim. False: out of memory. */
bool cnn_claim_add(cnn_claims *claims, const cnn_claim *claim, const cnn_numbers *numbers,
                   cnn_error *err);

/* Links the claims to the layers that they are about. False: out of memory. */
bool cnn_claims_link(cnn_claims *claims, const cnn_network *net, cnn_error *err);

/* Where a claim is linked: the first layer of its subject, of a size the last; the layer count for
 * totals. */
int32_t cnn_claim_place(const cnn_claim *claim, const cnn_network *net);

/* Among the claims that are linked at a layer: the first about `what`, -1: none. `layer`: see
 * cnn_claim_place. */
int32_t cnn_claims_at(const cnn_claims *claims, const cnn_quantity *what, int32_t layer);

/* Says what is right. Those that are right in another sense than asked get that sense. */
void cnn_claims_judge(cnn_claims *claims, const cnn_numbers *numbers);

/* The rows of a report without --all: fills `out` with the item or layer at `*at` and moves on. */
bool cnn_subject_next(const cnn_network *net, bool all, int32_t *at, int32_t *number,
                      cnn_subject *out);

#endif
