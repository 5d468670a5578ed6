/* The search for causes: mistakes are made one by one, and what comes out is compared. */
#ifndef CNN_CHECK_SEARCH_H
#define CNN_CHECK_SEARCH_H

#include "check/diagnose.h"
#include "compare/tools.h"

typedef struct cnn_search {
    cnn_claims *claims;
    cnn_study study;
    cnn_arena *arena;
    cnn_error *err;
    cnn_claim *only;         /* the one claim that is looked at; NULL: all wrong ones */
    bool own;                /* from the pupil's own sizes: only mistakes in the claimed layer */
    const cnn_mistake *then; /* made of the amount that the mistakes give; NULL: nothing */
    int32_t weighted;        /* the only layer that has weights; -1: there are several */
    cnn_tool_book *book;     /* what other programs report; NULL: not yet computed */
    struct cnn_conflict *conflicts; /* one for each quantity; NULL: not yet made */
} cnn_search;

/* Whether a cause is looked for. */
bool cnn_search_open(const cnn_search *s, const cnn_claim *claim);

/*
 * Whether a claim has enough digits for this cause of `answer` not to fit by chance: see
 * docs/homework.md, "Rounded answers".
 */
bool cnn_search_told_apart(const cnn_search *s, const cnn_claim *claim, const cnn_variation *made,
                           int32_t count, const cnn_answer *answer);

/* Makes mistakes together and adds them to the causes of all wrong answers that they give, unless
 * another answer of the pupil rules them out. */
void cnn_search_try(cnn_search *s, const cnn_variation *made, int32_t count);

/* Adds a cause; NULL: it was known, or there is no room. */
cnn_explanation *cnn_search_add(cnn_search *s, cnn_claim *claim, const cnn_variation *made,
                                int32_t count);

/* search_answers.c: mistakes about one answer: conventions, units, fields, inputs */
void cnn_search_answers(cnn_search *s);
void cnn_search_inputs(cnn_search *s);

/* search_pairs.c: two mistakes together, for answers that no single one explains */
void cnn_search_pairs(cnn_search *s);

/* How many ways there are to make a mistake. */
static inline int32_t cnn_variants_of(const cnn_mistake *mistake)
{
    return mistake->variants > 0 ? mistake->variants : 1;
}

#endif
