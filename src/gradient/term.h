/* Expressions of vectors and matrices: how claims are read, evaluated and typeset. */
#ifndef CNN_GRADIENT_TERM_H
#define CNN_GRADIENT_TERM_H

#include "base/out.h"
#include "gradient/chain.h"

typedef enum cnn_term_kind {
    CNN_TERM_NUMBER,
    CNN_TERM_NAME,      /* of a quantity, or of the loss's slope with respect to it */
    CNN_TERM_OWN,       /* a name that the sheet gives to something */
    CNN_TERM_CALL,      /* function(first) */
    CNN_TERM_NEGATE,    /* -first */
    CNN_TERM_SUM,       /* first + next - next ... */
    CNN_TERM_PRODUCT,   /* first * next .* next / next ... */
    CNN_TERM_TRANSPOSE, /* first^T */
    CNN_TERM_POWER,     /* first^number, value by value */
    CNN_TERM_ENTRY,     /* quantity[subscripts] */
    CNN_TERM_OVER,      /* sum_{...} or max_{...} of first */
    CNN_TERM_TAPS       /* taps(subscripts): what a mean of a window divides by */
} cnn_term_kind;

typedef struct cnn_function cnn_function;
typedef struct cnn_subscripts cnn_subscripts;
typedef struct cnn_over cnn_over;

typedef struct cnn_term {
    cnn_term_kind kind;
    char op; /* before it: '+' or '-' in a sum; '*', '.' for .*, '/' in a product */
    cnn_span span;
    double number;
    const cnn_value *quantity;
    bool slope;    /* dl/d(quantity) */
    int32_t claim; /* that gives the own name */
    const cnn_function *function;
    bool prime; /* its derivative */
    const cnn_subscripts *subscripts;
    cnn_over *over;
    struct cnn_term *first; /* operand, or the first of several */
    struct cnn_term *next;  /* the next operand */
} cnn_term;

/* ---- values ---- */

/* Maps and vectors have one column. The numbers live in the arena of the evaluation. */
typedef struct cnn_matrix {
    cnn_dims dims;
    double *v;
} cnn_matrix;

static inline bool cnn_is_scalar(const cnn_matrix *m)
{
    return m->dims.rows == 1 && m->dims.columns == 1;
}

static inline bool cnn_same_dims(const cnn_dims *a, const cnn_dims *b)
{
    return a->rows == b->rows && a->columns == b->columns;
}

/* Why an evaluation ended without a value. */
typedef enum cnn_unfit {
    CNN_FIT_NONE,      /* it has one */
    CNN_UNFIT,         /* two operands do not fit together */
    CNN_UNFIT_SIZE,    /* one operand has not the size that is wanted */
    CNN_UNFIT_MISSING, /* it uses a claim that has no value */
    CNN_UNFIT_INDEX,   /* indices are missing, too many, or have no range */
    CNN_UNFIT_NUMBER,  /* something is divided by 0, or otherwise no finite number */
    CNN_UNFIT_WORK,
    CNN_UNFIT_MEMORY
} cnn_unfit;

/* What names mean in an evaluation. */
typedef struct cnn_env {
    const cnn_chain *chain;
    const cnn_point *point;
    /* The value that the sheet gives to a name; false: the true one counts. */
    bool (*lookup)(const void *user, const cnn_term *name, cnn_matrix *out);
    const void *user;
    bool sum_channels; /* sum() of a map gives one number for each channel */
    cnn_arena *arena;
    int64_t work; /* multiply-adds that are left */
    cnn_unfit unfit;
    char op; /* that does not fit */
    cnn_span spans[2];
    cnn_dims dims[2];
} cnn_env;

/* False: env->unfit has the reason. */
bool cnn_term_eval(cnn_env *env, const cnn_term *term, cnn_matrix *out);

/* Ends an evaluation because `term` has no finite value. */
bool cnn_fail_number(cnn_env *env, const cnn_term *term);

/* base^number of one value. */
bool cnn_power_eval(cnn_env *env, const cnn_term *power, double base, double *out);

/* New numbers for `out`, taken from the work that is left. */
bool cnn_matrix_make(cnn_env *env, cnn_dims dims, cnn_matrix *out);

/* A product of factors, in product.c. */
bool cnn_product_eval(cnn_env *env, const cnn_term *product, cnn_matrix *out);

/* ---- functions ---- */

struct cnn_function {
    const char *name;
    const char *prime;   /* the name of its derivative; NULL: it has none */
    const char *aliases; /* between single blanks; NULL: there are none */
    const char *latex;
    const cnn_rule *rule; /* of a function of each value that layers use too */
    double (*value)(double z);
    /* Of all values: fills `out`; call->prime asks for the derivative. */
    bool (*apply)(cnn_env *env, const cnn_term *call, const cnn_matrix *in, cnn_matrix *out);
};

const cnn_function *cnn_function_find(cnn_text name);

bool cnn_function_eval(cnn_env *env, const cnn_term *call, cnn_matrix *out);

/* Of one value, for functions that have no `apply`. */
bool cnn_function_value(cnn_env *env, const cnn_term *call, double z, double *out);

/* ---- reading ---- */

/* Names that a sheet has given so far: number is the claim. */
typedef struct cnn_term_source {
    const cnn_chain *chain;
    const cnn_names *own;
    cnn_text text;
    cnn_arena *arena;
    cnn_error *err;
} cnn_term_source;

/* The expression in `span` of the text; NULL with an error. */
cnn_term *cnn_term_read(const cnn_term_source *source, cnn_span span);

/* A quantity or its slope by name: "a1", "dz2", "dl/dz2". Returns the size of the name; 0: the text
 * does not begin with one. */
size_t cnn_name_see(const cnn_chain *chain, cnn_text text, const cnn_value **quantity, bool *slope);

/* The sign at the beginning of the text in its plain spelling, when it has another one; `size` is
 * what it takes in the text. Otherwise the text, and 0. */
cnn_text cnn_sign_see(cnn_text text, size_t *size);

/* The word at the beginning of the text: letters, digits, "_" and what is not ASCII. */
cnn_text cnn_word_see(cnn_text text);

/* ---- typesetting ---- */

void cnn_out_term_latex(cnn_out *out, const cnn_term *term);

#endif
