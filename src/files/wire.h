/* Protocol buffers, read in pieces of 4 KB: numbers, lengths, names, and what is passed over. */
#ifndef CNN_FILES_WIRE_H
#define CNN_FILES_WIRE_H

#include "base/arena.h"
#include "base/error.h"

enum {
    CNN_WIRE_PIECE = 4096,
    CNN_WIRE_NESTING = 100 /* messages inside one another, as in Google's library */
};

/* How a field's value is written. */
typedef enum cnn_wire_type {
    CNN_WIRE_VARINT,
    CNN_WIRE_FIXED64,
    CNN_WIRE_LENGTH,
    CNN_WIRE_GROUP,
    CNN_WIRE_GROUP_END,
    CNN_WIRE_FIXED32
} cnn_wire_type;

typedef struct cnn_wire {
    const cnn_byte_source *from;
    cnn_error *err;
    int64_t offset; /* of the next byte, from the start of the file */
    size_t at;      /* the next byte of the piece */
    size_t size;    /* bytes in the piece */
    bool ended;     /* nothing comes after the piece */
    unsigned char piece[CNN_WIRE_PIECE];
} cnn_wire;

/* A field: its number, and its value or the end of its bytes. */
typedef struct cnn_field {
    int32_t number;
    cnn_wire_type type;
    uint64_t value; /* of a number; the bits of a fixed one */
    int64_t end;    /* of CNN_WIRE_LENGTH: where its bytes end */
} cnn_field;

/* Whether another field begins before `end`; a file ends where its bytes do. False: failure. */
bool cnn_wire_more(cnn_wire *wire, int64_t end, bool *more);

/* Reads a field's tag, and its number or length. Failure: see wire->err. */
bool cnn_wire_field(cnn_wire *wire, int64_t end, cnn_field *field);

/* A single number, as packed ones are. */
bool cnn_wire_number(cnn_wire *wire, cnn_wire_type type, int64_t end, uint64_t *out);

/* Passes over the rest of a field, groups inside one another included. */
bool cnn_wire_pass(cnn_wire *wire, const cnn_field *field, int64_t end);

/* The bytes up to `end`, copied into the arena. */
bool cnn_wire_text(cnn_wire *wire, int64_t end, cnn_arena *arena, cnn_text *out);

/* Fails with the offset as the place. */
CNN_COLD bool cnn_wire_fail(cnn_wire *wire, int32_t code, int64_t offset);

#endif
