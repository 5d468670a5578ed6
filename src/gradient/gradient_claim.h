/* Claimed derivatives: right or wrong, and the kind of wrong. */
#ifndef CNN_GRADIENT_CLAIM_H
#define CNN_GRADIENT_CLAIM_H

#include "base/out.h"
#include "gradient/points.h"
#include "gradient/term.h"

/* ---- mistakes: one table, of sentences ---- */

enum {
#define X(CODE, id, sentence) CNN_MISTAKE_##CODE,
#include "gradient/gradient_mistakes.def"
#undef X
    CNN_MISTAKES
};

typedef struct cnn_gradient_mistake {
    const char *id;
    const char *sentence; /* {a} {b} its words, {s} {t} its sizes, {f} its factor */
} cnn_gradient_mistake;

extern const cnn_gradient_mistake cnn_gradient_mistakes[CNN_MISTAKES];

typedef struct cnn_finding {
    int32_t mistake;
    cnn_text a, b;
    cnn_text argument; /* of the function a, whose derivative is meant; empty: a is no function */
    cnn_text own;      /* the earlier claim that it happens with; empty: none */
    cnn_dims s, t;
    double factor; /* 0: none */
} cnn_finding;

/* One or two mistakes that together give what was claimed. */
typedef struct cnn_cause {
    cnn_finding findings[2];
    int32_t count;
} cnn_cause;

/* ---- claims ---- */

typedef enum cnn_judgement { CNN_JUDGED_RIGHT, CNN_JUDGED_WRONG, CNN_JUDGED_FOLLOWS } cnn_judgement;

extern const char *const cnn_judgement_names[];

enum { CNN_CAUSES = 3 };

/* The value of an expression at every point, finite numbers all; or why it has none. */
typedef struct cnn_trial {
    cnn_matrix *at;
    bool valid;
    cnn_unfit unfit;
    char op;
    cnn_span spans[2];
    cnn_dims dims[2];
} cnn_trial;

typedef struct cnn_gradient_claim {
    cnn_text text;         /* the line */
    cnn_text formula;      /* its right side */
    bool derived;          /* which is the one that a derivation has */
    const cnn_value *what; /* NULL: the line gives a name to something */
    bool slope;            /* the claim is about dl/d(what) */
    cnn_text own;          /* that name */
    bool used;             /* by other claims */
    cnn_term *term;
    const cnn_subscripts *left;        /* the indices of the left side; NULL: it has none */
    bool indexed;                      /* the term has indices */
    const struct cnn_written *numbers; /* in place of an expression; NULL: there is one */
    cnn_judgement judgement;
    const struct cnn_gradient_claim *from; /* what it follows from */
    cnn_cause causes[CNN_CAUSES];
    int32_t count;
    cnn_trial trials[2]; /* with the true values of names, and with those claimed before */
} cnn_gradient_claim;

typedef struct cnn_gradient_sheet {
    const cnn_chain *chain;
    cnn_text text;
    cnn_names own; /* names that the sheet gives */
    cnn_gradient_claim *claims;
    int32_t count;
    cnn_points points; /* where claims are evaluated */
    cnn_point spare;   /* for backward passes with a mistake in them */
    cnn_arena arena;
    cnn_error *err;
    int64_t work;                /* left for finding out what is wrong with the claim at hand */
    int64_t work_eval, work_all; /* left for evaluating all claims, and for all such searches */
    int64_t kept;                /* values of claims */
    int32_t doubtful;            /* how many claims so far are not right */
} cnn_gradient_sheet;

/* Beyond these a network is too large for claims. */
enum { CNN_CLAIM_VALUES = 1 << 18, CNN_CLAIM_WORK = 1 << 25 };

/* Reads the claims into the arena of the sheet. False: one cannot be read. */
bool cnn_gradient_sheet_read(cnn_gradient_sheet *sheet);

/* A sheet may state its own loss, l = 1/2*sum((a2 - y)^2): the chain takes it, when it is a known
 * one or a multiple. False: out of memory. */
bool cnn_gradient_sheet_adopt_loss(cnn_gradient_sheet *sheet, cnn_chain *chain, uint64_t seed);

/* Marks the claims that are a derivation's own lines: they are right without any numbers. True: all
 * are. */
bool cnn_gradient_sheet_derived(cnn_gradient_sheet *sheet);

/* Judges them. False: out of memory, or evaluating takes too much. */
bool cnn_gradient_sheet_judge(cnn_gradient_sheet *sheet);

/* Names that a sheet gives are no claims, unless they have no value. */
static inline bool cnn_gradient_claim_judged(const cnn_gradient_claim *claim)
{
    return claim->what != NULL || claim->judgement == CNN_JUDGED_WRONG;
}

/* ---- for the parts of the judgement ---- */

/* Multiply-adds that evaluating all claims of a sheet may take. */
enum { CNN_SHEET_WORK = 1000000000 };

/* Whether the claim is a line of the derivation, as it is printed. */
bool cnn_gradient_claim_derived(const cnn_chain *chain, const cnn_gradient_claim *claim);

/* Evaluates a claim at every point. False: that takes too much work or memory. */
bool cnn_trial_make(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim, int32_t names,
                    cnn_trial *trial);

/* The same at one point, in a temporary arena. False: there is no value; the trial has the reason.
 */
bool cnn_trial_at(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim, int32_t names,
                  int32_t point, cnn_trial *trial, cnn_arena temporary, cnn_matrix *v);

/* The error that the claim takes too much work, or that the memory is not enough. */
bool cnn_trial_fail(cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim, cnn_unfit unfit);

enum { CNN_NAMES_TRUE, CNN_NAMES_CLAIMED };

/* The last claim before this one that is about the same gradient and wrong; NULL: none. */
const cnn_gradient_claim *cnn_gradient_claim_before(const cnn_gradient_sheet *sheet,
                                                    const cnn_gradient_claim *claim,
                                                    const cnn_term *name);

/* The value at one point, in the temporary arena of `env`. */
bool cnn_gradient_claim_eval(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                             int32_t names, int32_t point, cnn_env *env, cnn_matrix *out);

/* The right value at a point. */
cnn_matrix cnn_gradient_claim_right(const cnn_gradient_sheet *sheet,
                                    const cnn_gradient_claim *claim, int32_t point);

bool cnn_matrix_finite(const cnn_matrix *m);

/* Whether v = f right up to rounding, in finite numbers. The scale is the largest right value, or
 * where all are 0, `overall`: the largest at any point. */
bool cnn_matrix_near(const cnn_matrix *v, const cnn_matrix *right, double f, double overall);

/* The largest right value at any point. */
double cnn_gradient_claim_scale(const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim);

/* f when the trial is f times another value at every point, up to rounding; 0: there is no such f,
 * or the sizes differ, or the other value is 0 everywhere. */
typedef cnn_matrix cnn_matrix_at(const cnn_gradient_sheet *sheet, const void *user, int32_t point);
double cnn_trial_factor(const cnn_gradient_sheet *sheet, const cnn_trial *trial, cnn_matrix_at *get,
                        const void *user);

/* A factor as one would write it: a fraction with a denominator up to 12, or ten digits. */
double cnn_tidy(double f);

/* Adds an explanation of one or two findings; there must not be CNN_CAUSES of them yet. */
void cnn_gradient_claim_explain(cnn_gradient_claim *claim, const cnn_finding *first,
                                const cnn_finding *second);

/* What the claimed value is, and which mistakes give it. Here and below the sheet's error is set
 * when the memory is not enough. */
void cnn_gradient_claim_find_causes(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim);

/* Which single changes would make it right. `names_only`: only gradients in place of others. */
void cnn_gradient_claim_find_repairs(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim,
                                     bool names_only);

static inline bool cnn_gradient_claim_has_reason(const cnn_gradient_claim *claim)
{
    return claim->judgement != CNN_JUDGED_RIGHT;
}

/* Its word a: W1, sigmoid'(z1). */
void cnn_out_finding_name(cnn_out *out, const cnn_finding *finding);

/* What is wrong, sentence by sentence, and what is right; on wish with the mistakes' ids. */
void cnn_out_reason(cnn_out *out, const cnn_gradient_sheet *sheet, const cnn_gradient_claim *claim,
                    const char *separator, bool ids);

#endif
