/*
 * Working through a graph: each node is called with the values it reads and fills those it makes:
 * shapes, small constants, and what it costs. A function or branch that is used twice is called
 * twice.
 */
#ifndef CNN_FILES_INFER_H
#define CNN_FILES_INFER_H

#include "files/onnx.h"

struct cnn_call;
struct cnn_machine;

/* What has a name while the graph is worked through. */
typedef struct cnn_value {
    cnn_sizes dims;
    int32_t type;              /* of its elements; CNN_T_NONE: unknown */
    bool constant;             /* depends on no input of the model */
    bool collected;            /* the constants it is made of were counted */
    bool sequence;             /* a list of tensors, see `items` */
    int32_t item_count;        /* CNN_SOME: unknown */
    const cnn_number *data;    /* its elements; NULL: not known, or too many */
    cnn_tensor *tensor;        /* stored in the file; NULL: it is not */
    struct cnn_call *maker;    /* NULL: an input, or stored */
    struct cnn_call *reader;   /* the last one that reads it */
    int32_t readers;           /* how many do, with the outputs of graphs */
    struct cnn_value **items;  /* of a sequence */
    struct cnn_value *origin;  /* what an output of a branch or function is a copy of */
    int32_t layer;             /* of a network, plus one; 0: none */
    struct cnn_value *waiting; /* while constants are traced */
    const cnn_symbol *name;
} cnn_value;

/* A row of the table of operators. */
typedef struct cnn_onnx_op {
    const char *name;
    const char *domain;
    int16_t since;     /* the opset that brought it */
    int16_t until;     /* the last one that has it; 0: all */
    int16_t type;      /* of the output: a type; 0: as input 0; -k: as input k */
    int8_t least;      /* inputs */
    const char *attrs; /* "pads ceil_mode@10 spatial@1-8": with the opsets that have them */
    const char *slots; /* a letter for each input, see onnx_count.c */
    bool (*shape)(struct cnn_call *c);
    bool (*fold)(struct cnn_call *c);
    bool (*cost)(struct cnn_call *c);
} cnn_onnx_op;

/* Where a call is: in the model, or in a function that was called. */
typedef struct cnn_frame {
    const struct cnn_frame *outer;
    const struct cnn_call *caller; /* NULL: the model */
    const cnn_onnx_function *function;
    const cnn_onnx_import *imports;
} cnn_frame;

/* A node at work; a row of the report. */
typedef struct cnn_call {
    const cnn_onnx_node *node;
    const cnn_onnx_op *op; /* NULL: not in the table */
    const cnn_frame *frame;
    struct cnn_machine *machine;
    cnn_value **in; /* NULL: left out */
    cnn_value **out;
    int32_t ins, outs;
    int32_t version; /* of its domain */
    int64_t weights, biases, statistics;
    int64_t macs;
    int64_t weight_bytes; /* that the parameters take as stored */
    bool products;        /* the MACs multiply two activations */
    bool unclear;         /* it costs something, but its shapes are not known */
    bool hidden;          /* a second trip of a loop, no row of the report */
    bool function;        /* a call of a local function, whose nodes have rows */
} cnn_call;

/* What is said besides the numbers. */
typedef enum cnn_note_kind {
    CNN_NOTE_VALID_CEIL,
    CNN_NOTE_SAME_DILATION,
    CNN_NOTE_SAME_REFUSED,
    CNN_NOTE_TRANSPOSED_SAME,
    CNN_NOTE_WINDOW,
    CNN_NOTE_ROI,
    CNN_NOTE_RATIO,
    CNN_NOTE_SLICE_END,
    CNN_NOTE_KINDS
} cnn_note_kind;

typedef struct cnn_note {
    struct cnn_note *next;
    cnn_note_kind kind;
    const cnn_call *call;
    cnn_sizes theirs; /* the shape in onnxruntime */
} cnn_note;

typedef struct cnn_machine {
    cnn_arena *arena;
    const cnn_onnx_model *model;
    cnn_error *err;
    cnn_call *calls; /* in the order of work */
    int32_t count;
    int64_t steps;
    int32_t depth;                /* graphs and functions inside one another */
    int32_t unsure;               /* of those, that may not run, or several times */
    int32_t never;                /* loops that do not run, of which only the shapes count */
    int32_t hidden;               /* trips that are only to see shapes settle */
    struct cnn_binding *bindings; /* of the scopes that are open, the last one first */
    cnn_value scratch;
    cnn_value left_out; /* inputs of a function that its caller leaves out, as do its nodes then */
    cnn_note *notes, *last_note;
} cnn_machine;

/* ---- attributes ---- */

/* The attribute, looked up where the function was called if it refers to that; NULL: not given. */
const cnn_onnx_attr *cnn_attr_of(const cnn_call *c, const char *name);
int64_t cnn_attr_int(const cnn_call *c, const char *name, int64_t otherwise);
double cnn_attr_float(const cnn_call *c, const char *name, double otherwise);
/* A type of elements; `otherwise` where the attribute names none that there is. */
int32_t cnn_attr_element(const cnn_call *c, const char *name, int32_t otherwise);
bool cnn_attr_is(const cnn_call *c, const char *name, const char *word);

/* Copies a list of integers; *count is CNN_SOME when it is not given. More than `room` fail. */
bool cnn_attr_ints(cnn_call *c, const char *name, int64_t *out, int32_t room, int32_t *count);

/* A list that has to have `count` numbers when it is given; otherwise each is `otherwise`. */
bool cnn_attr_fill(cnn_call *c, const char *name, int64_t *out, int32_t count, int64_t otherwise);

/* ---- values ---- */

/* The dimensions of an input; NULL: it is left out, or its rank is unknown. */
const cnn_sizes *cnn_in(const cnn_call *c, int32_t i);

/* Whether an input is there. */
bool cnn_has(const cnn_call *c, int32_t i);

/* An input whose elements are known; NULL: it is not there, or they are unknown. */
const cnn_value *cnn_known(const cnn_call *c, int32_t i);

/* The element of a known input that has one; NULL: it is not known, or has none or more. */
const cnn_number *cnn_known_one(const cnn_call *c, int32_t i);

/* The same of whole numbers. */
bool cnn_known_int(const cnn_call *c, int32_t i, int64_t *out);

/* Integers of a known input of one dimension, or the one of a scalar. False: not known. */
bool cnn_known_ints(const cnn_call *c, int32_t i, int64_t *out, int32_t room, int32_t *count);

/* An output; if nothing reads it there is one all the same. */
cnn_value *cnn_out_value(cnn_call *c, int32_t i);

/* Sets the shape of an output. Always true. */
bool cnn_out_sizes(cnn_call *c, int32_t i, const cnn_sizes *dims);

cnn_sizes cnn_sizes_unknown(int32_t rank);
bool cnn_sizes_equal(const cnn_sizes *a, const cnn_sizes *b);
bool cnn_sizes_known(const cnn_sizes *dims);

/* The number of elements; false: unknown, or beyond 64 bits. */
bool cnn_sizes_count(const cnn_sizes *dims, int64_t *out);

/* An axis counted from the end when it is negative. */
bool cnn_axis(cnn_call *c, int64_t axis, int32_t rank, int32_t *out);

/* ---- failures at a node ---- */

CNN_COLD bool cnn_call_fail(cnn_call *c, int32_t code, int64_t n0, int64_t n1);
CNN_COLD bool cnn_call_fail_attr(cnn_call *c, int32_t code, const char *attr, int64_t n0,
                                 int64_t n1);

/* What onnxruntime does instead. */
bool cnn_note_add(cnn_call *c, cnn_note_kind kind, const cnn_sizes *theirs);

/* ---- the parts ---- */

/* Works through a graph whose inputs have their values already. */
bool cnn_run_graph(cnn_machine *m, const cnn_frame *frame, cnn_onnx_graph *graph);

/* Names that are given values between opening and closing have their old values again then. */
typedef struct cnn_scope {
    struct cnn_binding *outer;
} cnn_scope;

void cnn_scope_open(cnn_machine *m, cnn_scope *scope);
void cnn_scope_close(cnn_machine *m, const cnn_scope *scope);
bool cnn_bind(cnn_machine *m, cnn_symbol *symbol, cnn_value *value);

/* Gives the constants of a graph their names. Those of the model's graph have them already when it
 * is worked through. */
bool cnn_bind_tensors(cnn_machine *m, const cnn_onnx_graph *graph);

cnn_value *cnn_value_new(cnn_machine *m);

/* The row of an operator; NULL: the table has none of that domain. */
const cnn_onnx_op *cnn_onnx_op_find(cnn_symbol *name, cnn_text domain, int32_t version);
bool cnn_onnx_op_takes(const cnn_onnx_op *op, cnn_text attr, int32_t version);

/* Counts parameters and MACs of a call. */
bool cnn_onnx_count(cnn_call *c);

enum { CNN_NEWEST_OPSET = 26 };

extern const cnn_onnx_op cnn_onnx_ops[];
extern const size_t cnn_onnx_op_count;

#endif
