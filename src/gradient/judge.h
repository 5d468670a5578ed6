/* Claimed derivatives: right or wrong, and the kind of wrong. */
#ifndef CNN_GRADIENT_JUDGE_H
#define CNN_GRADIENT_JUDGE_H

#include "base/out.h"
#include "gradient/expr.h"

/* ---- mistakes: one table, of sentences ---- */

enum {
#define X(CODE, id, sentence) CNN_MISTAKE_##CODE,
#include "gradient/mistakes.def"
#undef X
    CNN_MISTAKES
};

typedef struct cnn_mistake {
    const char *id;
    const char *sentence; /* {a} {b} its words, {s} {t} its sizes, {f} its factor */
} cnn_mistake;

extern const cnn_mistake cnn_mistakes[CNN_MISTAKES];

typedef struct cnn_finding {
    int32_t mistake;
    cnn_text a, b;
    cnn_text own; /* the earlier claim that it happens with; empty: none */
    cnn_dims s, t;
    double factor; /* 0: none */
} cnn_finding;

/* One or two mistakes that together give what was claimed. */
typedef struct cnn_explanation {
    cnn_finding findings[2];
    int32_t count;
} cnn_explanation;

/* ---- claims ---- */

typedef enum cnn_verdict { CNN_RIGHT, CNN_WRONG, CNN_FOLLOWS } cnn_verdict;

extern const char *const cnn_verdict_names[];

enum { CNN_EXPLANATIONS = 3, CNN_POINTS = 6 };

/* The value of an expression at every point, or why it has none. */
typedef struct cnn_trial {
    cnn_matrix at[CNN_POINTS];
    bool valid;
    cnn_unfit unfit;
    char op;
    cnn_span spans[2];
    cnn_dims dims[2];
} cnn_trial;

typedef struct cnn_claim {
    cnn_text text;            /* the line */
    const cnn_quantity *what; /* NULL: the line gives a name to something */
    bool slope;               /* the claim is about dl/d(what) */
    cnn_text own;             /* that name */
    cnn_expr *expr;
    cnn_verdict verdict;
    const struct cnn_claim *from; /* what it follows from */
    cnn_explanation explanations[CNN_EXPLANATIONS];
    int32_t count;
    cnn_trial trials[2]; /* with the true values of names, and with those claimed before */
    bool uses_wrong;     /* a name that was claimed wrongly before */
} cnn_claim;

typedef struct cnn_sheet {
    const cnn_chain *chain;
    cnn_text text;
    cnn_names own; /* names that the sheet gives */
    cnn_claim *claims;
    int32_t count;
    cnn_point points[CNN_POINTS]; /* where claims are evaluated */
    cnn_point spare;              /* for backward passes with a slip in them */
    cnn_arena arena;
    cnn_error *err;
    int64_t work; /* left for finding out what is wrong with the claim at hand */
} cnn_sheet;

/* Beyond these a network is too large for claims. */
enum { CNN_CLAIM_VALUES = 1 << 18, CNN_CLAIM_WORK = 1 << 24 };

/* Reads the claims into the arena of the sheet. False: one cannot be read. */
bool cnn_sheet_read(cnn_sheet *sheet);

/* Judges them. False: out of memory, or evaluating takes too much. */
bool cnn_sheet_judge(cnn_sheet *sheet);

/* Names that a sheet gives are no claims, unless they have no value. */
static inline bool cnn_claim_judged(const cnn_claim *claim)
{
    return claim->what != NULL || claim->verdict == CNN_WRONG;
}

/* ---- for the parts of the judgement ---- */

enum { CNN_NAMES_TRUE, CNN_NAMES_CLAIMED };

/* The value at one point, in the temporary arena of `env`. */
bool cnn_claim_eval(const cnn_sheet *sheet, const cnn_claim *claim, int32_t names, int32_t point,
                    cnn_env *env, cnn_matrix *out);

/* The right value at a point. */
cnn_matrix cnn_claim_right(const cnn_sheet *sheet, const cnn_claim *claim, int32_t point);

/* f when v = f * right up to rounding; 0: there is no such f, or the sizes differ. */
double cnn_matrix_ratio(const cnn_matrix *v, const cnn_matrix *right);

/* dl/dW1, in the sheet's arena; empty: it is full. */
cnn_text cnn_sheet_name(cnn_sheet *sheet, const cnn_quantity *q, bool slope);

/* Adds an explanation of one or two findings unless there are enough. */
void cnn_claim_explain(cnn_claim *claim, const cnn_finding *first, const cnn_finding *second);

/* What the claimed value is, and which slips give it. */
bool cnn_claim_find_causes(cnn_sheet *sheet, cnn_claim *claim);

/* Which single changes would make it right. `names_only`: only gradients in place of others. */
bool cnn_claim_find_repairs(cnn_sheet *sheet, cnn_claim *claim, bool names_only);

static inline bool cnn_claim_has_reason(const cnn_claim *claim)
{
    return claim->verdict != CNN_RIGHT;
}

/* What is wrong, sentence by sentence, and what is right. */
void cnn_out_reason(cnn_out *out, const cnn_sheet *sheet, const cnn_claim *claim,
                    const char *separator);

#endif
