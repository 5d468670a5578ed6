/* Claimed derivatives: right or wrong, and the kind of wrong. */
#ifndef CNN_GRADIENT_ASSERTION_H
#define CNN_GRADIENT_ASSERTION_H

#include "base/out.h"
#include "gradient/term.h"

/* ---- mistakes: one table, of sentences ---- */

enum {
#define X(CODE, id, sentence) CNN_FAULT_##CODE,
#include "gradient/faults.def"
#undef X
    CNN_FAULTS
};

typedef struct cnn_fault {
    const char *id;
    const char *sentence; /* {a} {b} its words, {s} {t} its sizes, {f} its factor */
} cnn_fault;

extern const cnn_fault cnn_faults[CNN_FAULTS];

typedef struct cnn_finding {
    int32_t fault;
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

enum { CNN_CAUSES = 3, CNN_POINTS = 6 };

/* The value of an expression at every point, or why it has none. */
typedef struct cnn_trial {
    cnn_matrix at[CNN_POINTS];
    bool valid;
    cnn_unfit unfit;
    char op;
    cnn_span spans[2];
    cnn_dims dims[2];
} cnn_trial;

typedef struct cnn_assertion {
    cnn_text text;         /* the line */
    const cnn_value *what; /* NULL: the line gives a name to something */
    bool slope;            /* the claim is about dl/d(what) */
    cnn_text own;          /* that name */
    bool used;             /* by other claims */
    cnn_term *term;
    cnn_judgement judgement;
    const struct cnn_assertion *from; /* what it follows from */
    cnn_cause causes[CNN_CAUSES];
    int32_t count;
    cnn_trial trials[2]; /* with the true values of names, and with those claimed before */
} cnn_assertion;

typedef struct cnn_assertions {
    const cnn_chain *chain;
    cnn_text text;
    cnn_names own; /* names that the sheet gives */
    cnn_assertion *claims;
    int32_t count;
    cnn_point points[CNN_POINTS]; /* where claims are evaluated */
    cnn_point spare;              /* for backward passes with a slip in them */
    cnn_arena arena;
    cnn_error *err;
    int64_t work; /* left for finding out what is wrong with the claim at hand */
} cnn_assertions;

/* Beyond these a network is too large for claims. */
enum { CNN_CLAIM_VALUES = 1 << 18, CNN_CLAIM_WORK = 1 << 24 };

/* Reads the claims into the arena of the sheet. False: one cannot be read. */
bool cnn_assertions_read(cnn_assertions *sheet);

/* Judges them. False: out of memory, or evaluating takes too much. */
bool cnn_assertions_judge(cnn_assertions *sheet);

/* Names that a sheet gives are no claims, unless they have no value. */
static inline bool cnn_assertion_judged(const cnn_assertion *claim)
{
    return claim->what != NULL || claim->judgement == CNN_JUDGED_WRONG;
}

/* ---- for the parts of the judgement ---- */

enum { CNN_NAMES_TRUE, CNN_NAMES_CLAIMED };

/* The last claim before this one that is about the same gradient and wrong; NULL: none. */
const cnn_assertion *cnn_assertion_before(const cnn_assertions *sheet, const cnn_assertion *claim,
                                          const cnn_term *name);

/* The value at one point, in the temporary arena of `env`. */
bool cnn_assertion_eval(const cnn_assertions *sheet, const cnn_assertion *claim, int32_t names,
                        int32_t point, cnn_env *env, cnn_matrix *out);

/* The right value at a point. */
cnn_matrix cnn_assertion_right(const cnn_assertions *sheet, const cnn_assertion *claim,
                               int32_t point);

/* Whether they differ by rounding alone. Nothing is zero here but what has to be: then both are. */
bool cnn_matrix_equal(const cnn_matrix *v, const cnn_matrix *right);

/* f when v = f * right up to rounding; 0: there is no such f, or the sizes differ. */
double cnn_matrix_ratio(const cnn_matrix *v, const cnn_matrix *right);

/* Adds an explanation of one or two findings; there must not be CNN_CAUSES of them yet. */
void cnn_assertion_explain(cnn_assertion *claim, const cnn_finding *first,
                           const cnn_finding *second);

/* What the claimed value is, and which slips give it. Here and below the sheet's error says when
 * the memory is not enough. */
void cnn_assertion_find_causes(cnn_assertions *sheet, cnn_assertion *claim);

/* Which single changes would make it right. `names_only`: only gradients in place of others. */
void cnn_assertion_find_repairs(cnn_assertions *sheet, cnn_assertion *claim, bool names_only);

static inline bool cnn_assertion_has_reason(const cnn_assertion *claim)
{
    return claim->judgement != CNN_JUDGED_RIGHT;
}

/* Its word a: W1, sigmoid'(z1). */
void cnn_out_finding_name(cnn_out *out, const cnn_finding *finding);

/* What is wrong, sentence by sentence, and what is right; on wish with the mistakes' ids. */
void cnn_out_reason(cnn_out *out, const cnn_assertions *sheet, const cnn_assertion *claim,
                    const char *separator, bool ids);

#endif
