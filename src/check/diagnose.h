/* From wrong answers to the mistakes that produce exactly them. */
#ifndef CNN_CHECK_DIAGNOSE_H
#define CNN_CHECK_DIAGNOSE_H

#include "check/claim.h"
#include "check/study.h"

/* One or two mistakes that together give the claimed number: a cause of it. */
struct cnn_explanation {
    cnn_explanation *next;
    cnn_variation made[CNN_MOST_MISTAKES];
    int32_t count;
    int32_t covers;  /* other wrong answers that the same mistake explains */
    int32_t score;   /* less is better */
    bool hidden;     /* another one is the same and better */
    cnn_shape input; /* of another input: that one */
};

/* What the pupil's answers are, layer by layer. */
typedef struct cnn_pupil {
    cnn_layer *layers; /* computed from the claimed sizes */
    cnn_shape *forced; /* the claimed sizes; axes -1 where none is claimed */
    int32_t *root;     /* the wrong claim that a layer's size comes from; -1: none */
} cnn_pupil;

/* Networks with more layers are judged, but no causes are looked for: their cost is told. */
enum { CNN_MOST_STUDIED = 100000 };

/* Finds wrong answers that are right for another input: channels last, or a vector. */
bool cnn_claims_read_otherwise(cnn_claims *claims, const cnn_numbers *numbers, cnn_error *err);

/* Marks what follows from earlier wrong answers. */
bool cnn_claims_follow(cnn_claims *claims, const cnn_numbers *numbers, cnn_pupil *pupil,
                       cnn_error *err);

/* Finds the explanations of what is wrong, best first; and what then turns out to follow. */
bool cnn_claims_diagnose(cnn_claims *claims, const cnn_numbers *numbers, const cnn_pupil *pupil,
                         cnn_error *err);

/* Parts of it: the order of the explanations, and answers that are wrong for one reason. */
bool cnn_claims_rank(cnn_claims *claims, const cnn_network *net, cnn_error *err);
bool cnn_claims_follow_mistakes(cnn_claims *claims, cnn_error *err);

/* A question whose answer would tell two explanations apart. */
typedef struct cnn_question {
    int32_t layer;    /* the layer to ask about */
    bool other_input; /* with this entering instead: */
    cnn_shape input;
    int64_t stride; /* and with this stride; 0: its own */
    cnn_answer answer[2];
} cnn_question;

/* False: none was found, or there is no memory to look for one. */
bool cnn_question_find(const cnn_claim *claim, const cnn_numbers *numbers, const cnn_explanation *a,
                       const cnn_explanation *b, cnn_arena scratch, cnn_question *out,
                       cnn_error *err);

#endif
