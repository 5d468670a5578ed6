/*
 * Reading the messages of onnx.proto. Each is a table of the fields that matter here; all others
 * are passed over, so that weights cost a skip. Fields may come in any order and numbers one by one
 * or packed; a repeated message adds to the first one, and of a single value the last one counts.
 */
#ifndef CNN_FILES_ONNX_WALK_H
#define CNN_FILES_ONNX_WALK_H

#include "files/onnx.h"
#include "files/wire.h"

typedef struct cnn_onnx_reader {
    cnn_wire wire;
    cnn_arena *arena;
    cnn_onnx_model *model;
    int32_t depth;  /* messages inside one another */
    int32_t graphs; /* graphs inside nodes */
    int32_t number; /* graphs so far */
} cnn_onnx_reader;

/* A field that matters: `take` gets the object that the message fills. */
typedef struct cnn_rule {
    int32_t number;
    cnn_wire_type type;
    bool (*take)(cnn_onnx_reader *r, void *object, const cnn_field *field);
} cnn_rule;

typedef struct cnn_message {
    const cnn_rule *rules;
    size_t count;
} cnn_message;

#define CNN_MESSAGE(rules) ((cnn_message){rules, CNN_LENGTH(rules)})

/* The fields of a message up to `end`. */
bool cnn_onnx_walk(cnn_onnx_reader *r, cnn_message kind, void *object, int64_t end);

/* Zeroed memory, or NULL and an error. */
void *cnn_take_memory(cnn_onnx_reader *r, size_t size);

bool cnn_take_text(cnn_onnx_reader *r, const cnn_field *field, cnn_text *out);

/* A name; NULL: it is empty. One that is known already needs no memory. */
bool cnn_take_symbol(cnn_onnx_reader *r, const cnn_field *field, cnn_symbol **out);
bool cnn_add_name(cnn_onnx_reader *r, cnn_onnx_names *list, cnn_symbol *symbol);
bool cnn_take_name(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_names *list);

/* "ai.onnx" is another name of the standard domain, which is empty. */
bool cnn_take_domain(cnn_onnx_reader *r, const cnn_field *field, cnn_text *out);

/* A number of 32 bits, read as a float. */
double cnn_float_of(uint64_t bits);

/* TensorProto and SparseTensorProto; NULL: failure. */
cnn_tensor *cnn_read_tensor(cnn_onnx_reader *r, const cnn_field *field);
cnn_tensor *cnn_read_sparse(cnn_onnx_reader *r, const cnn_field *field);

/* ValueInfoProto, appended to a list. */
bool cnn_add_port(cnn_onnx_reader *r, const cnn_field *field, cnn_onnx_port **first,
                  cnn_onnx_port **last);

/* The rules of single numbers and texts, one line each. */
#define CNN_TEXT_RULE(name, type, member)                                                          \
    static bool name(cnn_onnx_reader *r, void *object, const cnn_field *field)                     \
    {                                                                                              \
        return cnn_take_text(r, field, &((type *)object)->member);                                 \
    }
#define CNN_NUMBER_RULE(name, type, member, kind)                                                  \
    static bool name(cnn_onnx_reader *r, void *object, const cnn_field *field)                     \
    {                                                                                              \
        (void)r;                                                                                   \
        ((type *)object)->member = (kind)field->value;                                             \
        return true;                                                                               \
    }
#define CNN_SYMBOL_RULE(name, type, member)                                                        \
    static bool name(cnn_onnx_reader *r, void *object, const cnn_field *field)                     \
    {                                                                                              \
        return cnn_take_symbol(r, field, &((type *)object)->member);                               \
    }
#define CNN_NAMES_RULE(name, type, member)                                                         \
    static bool name(cnn_onnx_reader *r, void *object, const cnn_field *field)                     \
    {                                                                                              \
        return cnn_take_name(r, field, &((type *)object)->member);                                 \
    }
#define CNN_DOMAIN_RULE(name, type)                                                                \
    static bool name(cnn_onnx_reader *r, void *object, const cnn_field *field)                     \
    {                                                                                              \
        return cnn_take_domain(r, field, &((type *)object)->domain);                               \
    }

#endif
