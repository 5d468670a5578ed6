/* Following through: answers that are right given an earlier wrong one. */
#ifndef CNN_CHECK_FOLLOW_H
#define CNN_CHECK_FOLLOW_H

#include "check/diagnose.h"

typedef struct cnn_follower {
    cnn_claims *claims;
    const cnn_numbers *numbers;
    cnn_pupil *pupil;
    cnn_arena scratch;
} cnn_follower;

/* The claim of a layer that others may follow from; -1: none. */
int32_t cnn_claimed_at(const cnn_follower *f, const cnn_quantity *what, int32_t layer);

/* The whole numbers of a claim; false: one is no whole number from 1 on. */
bool cnn_whole_numbers(const cnn_claim *claim, int64_t *out);

/* Gives a claim the verdict that it follows from another one. */
void cnn_mark_follows(cnn_claim *claim, int32_t from);

/* Claims about receptive fields and jumps. False: out of memory. */
bool cnn_fields_follow(cnn_follower *f, cnn_error *err);

#endif
