/* The syntax tree of a layer list. Everything lives in the arena of the call that reads it. */
#ifndef CNN_LANG_NODE_H
#define CNN_LANG_NODE_H

#include "base/names.h"
#include "ops/op.h"

/* One step of an expression in postfix order. */
typedef enum cnn_term_kind {
    CNN_TERM_NUMBER,
    CNN_TERM_PARAM,   /* `value` is the parameter's index */
    CNN_TERM_ENTRY,   /* c, h or w: `value` is 0, 1 or 2 */
    CNN_TERM_UNKNOWN, /* "?": `value` counts them from 0 */
    CNN_TERM_ADD,
    CNN_TERM_SUB,
    CNN_TERM_MUL,
    CNN_TERM_DIV
} cnn_term_kind;

typedef struct cnn_term {
    cnn_term_kind kind;
    int64_t value;
    cnn_span span;
} cnn_term;

typedef struct cnn_expr {
    const cnn_term *terms;
    int32_t count;
} cnn_expr;

enum { CNN_MAX_TERMS = 256 }; /* of one expression */

/* A number of a layer: known (`expr` NULL), or to be evaluated. */
typedef struct cnn_number {
    const cnn_expr *expr;
    int64_t value;
    cnn_span span;
} cnn_number;

/* A number that is filled in when the layer is expanded. */
typedef struct cnn_hole {
    const struct cnn_hole *next;
    cnn_attr attr;
    int32_t axis; /* -1: all */
    cnn_number number;
} cnn_hole;

typedef enum cnn_node_kind {
    CNN_NODE_LAYER,
    CNN_NODE_GROUP,
    CNN_NODE_JOIN, /* aux too, with one branch */
    CNN_NODE_REPEAT,
    CNN_NODE_LABEL,
    CNN_NODE_CALL,
    CNN_NODE_TAP,
    CNN_NODE_PARAM
} cnn_node_kind;

typedef struct cnn_definition cnn_definition;

/* A value handed to a definition: a number (`expr`), or layers (`item`). */
typedef struct cnn_arg {
    const struct cnn_arg *next;
    cnn_text name; /* empty: by position */
    int32_t index; /* of the parameter */
    cnn_span span;
    const cnn_expr *expr;
    const struct cnn_node *item;
} cnn_arg;

/* What a layer says: its attributes, and those among them that are still to be evaluated. */
typedef struct cnn_layer_text {
    const cnn_attrs *attrs;
    bool lasts; /* they stay for as long as the memo; then that is all that the layer says */
    const cnn_hole *holes;
} cnn_layer_text;

typedef struct cnn_node {
    cnn_node_kind kind;
    cnn_span span;
    const struct cnn_node *next; /* in its list; of a branch: the next branch */
    const cnn_op *op;            /* LAYER, JOIN */
    cnn_text label;              /* LABEL, TAP; LAYER: the label of resize@a */
    const struct cnn_node *item; /* LABEL, REPEAT; GROUP: its list; JOIN: its branches (GROUPs) */
    union {
        cnn_layer_text layer;             /* LAYER */
        const cnn_number *count;          /* REPEAT */
        const cnn_definition *definition; /* CALL */
        int32_t param;                    /* PARAM: its index */
    } of;
    const cnn_arg *args; /* CALL */
} cnn_node;

typedef struct cnn_param {
    cnn_text name;
    const cnn_arg *standard; /* its default; NULL: none */
} cnn_param;

struct cnn_definition {
    cnn_text name;
    cnn_names names; /* of the parameters, to their indices */
    cnn_param *params;
    int32_t param_count;
    bool is_number; /* a named number, with its `value` */
    bool built_in;  /* the list of a layer such as se: its text is not the user's */
    int64_t value;
    const cnn_node *body;
};

/* What a list says before its first item. */
typedef struct cnn_program {
    cnn_shape input; /* axes -1: none is given */
    cnn_span input_span;
    bool odd_input;
} cnn_program;

#endif
