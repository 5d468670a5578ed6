/*
 * An ONNX model as it is in the file: graphs of nodes, and what is known of its constants. Names
 * are symbols: equal names are one object, so that a tensor is found without a search.
 */
#ifndef CNN_FILES_ONNX_H
#define CNN_FILES_ONNX_H

#include "base/arena.h"
#include "base/error.h"

enum {
    CNN_RANK = 8,  /* the most dimensions that a shape has */
    CNN_KEPT = 64, /* of a larger constant only the dimensions are kept */
    CNN_SOME = -1  /* a size or rank that is not known */
};

/* The sizes of a tensor. Rank 0 is a single number. */
typedef struct cnn_sizes {
    int32_t rank; /* CNN_SOME: unknown */
    int64_t size[CNN_RANK];
} cnn_sizes;

/* TensorProto.DataType of onnx.proto */
enum {
    CNN_T_NONE,
    CNN_T_FLOAT,
    CNN_T_UINT8,
    CNN_T_INT8,
    CNN_T_UINT16,
    CNN_T_INT16,
    CNN_T_INT32,
    CNN_T_INT64,
    CNN_T_STRING,
    CNN_T_BOOL,
    CNN_T_FLOAT16,
    CNN_T_DOUBLE,
    CNN_T_UINT32,
    CNN_T_UINT64,
    CNN_T_COMPLEX64,
    CNN_T_COMPLEX128,
    CNN_T_BFLOAT16,
    CNN_T_COUNT = 27
};

/* What an element type is. Zero bits: elements differ in size. */
typedef struct cnn_element {
    const char *name;
    int16_t bits;
    bool real;  /* a floating-point number */
    bool whole; /* an integer or truth value */
} cnn_element;

extern const cnn_element cnn_elements[CNN_T_COUNT];

/* An element of a constant: `i` of whole types, `f` of floating-point types. */
typedef union cnn_number {
    int64_t i;
    double f;
} cnn_number;

struct cnn_value;
struct cnn_onnx_node;
struct cnn_onnx_function;

/* A name. What it means at the moment is kept with it. */
typedef struct cnn_symbol {
    struct cnn_symbol *child[4]; /* of a trie over the bits of the hash */
    cnn_text text;
    struct cnn_value *value; /* while a graph is worked through: what has the name there */
    struct cnn_onnx_function *functions; /* of that name */
    struct cnn_onnx_node *maker;         /* while a graph is sorted: the node that makes it */
    int64_t size;                        /* of the dimension of that name, plus one; 0: none yet */
    int32_t graph;                       /* while a graph is read: the last one that makes it */
    int32_t entry; /* of an operator's name: its rows in the table, plus one */
} cnn_symbol;

/* A constant that is stored in the file. */
typedef struct cnn_tensor {
    struct cnn_tensor *next;
    cnn_symbol *name;
    int64_t offset;
    int32_t type;
    cnn_sizes dims;
    int64_t count;          /* elements, by its dimensions */
    int64_t bytes;          /* that it takes in the file or beside it */
    const cnn_number *data; /* NULL: not kept */
    bool external;          /* its bytes are in another file */
    int32_t layer;          /* of a network, that uses it first; 0: none */
    bool counted;           /* its elements were counted as parameters */
} cnn_tensor;

struct cnn_onnx_graph;

/* AttributeProto.AttributeType */
enum {
    CNN_A_FLOAT = 1,
    CNN_A_INT = 2,
    CNN_A_STRING = 3,
    CNN_A_TENSOR = 4,
    CNN_A_GRAPH = 5,
    CNN_A_FLOATS = 6,
    CNN_A_INTS = 7,
    CNN_A_STRINGS = 8,
    CNN_A_SPARSE = 11
};

typedef struct cnn_onnx_attr {
    struct cnn_onnx_attr *next;
    cnn_text name;
    cnn_text ref; /* the attribute of a function's caller that it takes its value from */
    int32_t type;
    int64_t i;
    double f;
    cnn_text s;
    int64_t count;       /* numbers in `numbers`, or more: only CNN_KEPT are kept */
    cnn_number *numbers; /* of FLOATS and INTS */
    cnn_tensor *tensor;  /* of TENSOR and SPARSE */
    struct cnn_onnx_graph *graph;
} cnn_onnx_attr;

/* One of a list of names. */
typedef struct cnn_onnx_name {
    struct cnn_onnx_name *next;
    cnn_symbol *symbol; /* NULL: the empty name, something left out */
} cnn_onnx_name;

typedef struct cnn_onnx_names {
    cnn_onnx_name *first, *last;
    int32_t count;
} cnn_onnx_names;

typedef struct cnn_onnx_node {
    struct cnn_onnx_node *next;
    int64_t offset;
    cnn_text name;
    cnn_symbol *op;
    cnn_text domain; /* "ai.onnx" is the empty one */
    cnn_onnx_names inputs, outputs;
    cnn_onnx_names reads; /* what its sub-graphs read from outside */
    cnn_onnx_attr *attrs;
    struct cnn_onnx_node *after;  /* in the order in which they are worked through */
    struct cnn_onnx_node *waiter; /* while sorting: the node that this one was looked at for */
    const cnn_onnx_name *cursor;  /* while sorting: the input to look at next */
    int32_t state;                /* while sorting */
} cnn_onnx_node;

/* A graph's input or output as declared. */
typedef struct cnn_onnx_port {
    struct cnn_onnx_port *next;
    cnn_symbol *name;
    int32_t type; /* of elements */
    bool tensor;  /* it is declared as a tensor with a shape */
    bool other;   /* it is a sequence, map or optional value */
    cnn_sizes dims;
    cnn_symbol *param[CNN_RANK]; /* names of dimensions */
    const cnn_number *number;    /* the value that was given for a single number */
} cnn_onnx_port;

typedef struct cnn_onnx_graph {
    struct cnn_onnx_node *first, *last; /* as written */
    struct cnn_onnx_node *order;        /* sorted; see `after` */
    bool sorted;
    cnn_tensor *tensors, *last_tensor;
    cnn_onnx_port *inputs, *last_input;
    cnn_onnx_port *outputs, *last_output;
    cnn_onnx_names reads; /* what its nodes read from outside, once it is read */
} cnn_onnx_graph;

/* The version of the operators of a domain. */
typedef struct cnn_onnx_import {
    struct cnn_onnx_import *next;
    cnn_text domain;
    int64_t version;
} cnn_onnx_import;

typedef struct cnn_onnx_function {
    struct cnn_onnx_function *next; /* of those with the same name */
    cnn_symbol *name;
    cnn_text domain;
    cnn_onnx_names inputs, outputs;
    cnn_onnx_attr *defaults;
    cnn_onnx_graph body;
    cnn_onnx_import *imports;
    int32_t depth; /* calls of it inside one another at the moment */
} cnn_onnx_function;

typedef struct cnn_onnx_model {
    int64_t ir_version;
    cnn_text producer, producer_version;
    cnn_onnx_import *imports;
    cnn_onnx_graph graph;
    bool has_graph;
    cnn_symbol *symbols; /* the root of the trie */
    int64_t stored;      /* elements of all constants */
    int64_t stored_bytes;
    int64_t nodes;   /* in all graphs */
    int64_t missing; /* constants whose bytes are in another file */
} cnn_onnx_model;

/* The symbol of a name, made when there is none; NULL when the arena is too small. */
cnn_symbol *cnn_symbol_of(cnn_symbol **root, cnn_text text, cnn_arena *arena);

/* Reads a model to its end. */
bool cnn_onnx_read(const cnn_byte_source *from, cnn_arena *arena, cnn_onnx_model *out,
                   cnn_error *err);

/* Brings the nodes of a graph into an order in which each comes after those it reads from: as
 * written where that is one. Two makers of a tensor and cycles are errors. */
bool cnn_onnx_sort(cnn_onnx_graph *graph, cnn_arena *arena, cnn_error *err);

/* Fails at a node: {a} is its label. */
CNN_COLD bool cnn_onnx_fail_node(cnn_error *err, int32_t code, const cnn_onnx_node *node,
                                 cnn_arena *arena);

#endif
