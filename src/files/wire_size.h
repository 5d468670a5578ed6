/*
 * The arithmetic of walking through a file of protocol buffers: numbers of seven bits a byte, and
 * lengths that may be anything a hostile file wants. Pure functions, so that they can be proved.
 */
#ifndef CNN_FILES_WIRE_SIZE_H
#define CNN_FILES_WIRE_SIZE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/checked.h"

enum { CNN_WIRE_BYTES = 10 }; /* of the longest number: 9 * 7 bits and one more */

/* Puts byte number `index` of a varint in its place: its low seven bits, those beyond 64 dropped.
 */
/*@ requires 0 <= index < 10;
    assigns \nothing;
    ensures index == 0 ==> \result == (byte & 127);
    ensures \result == (uint64_t)((byte & 127) << 7 * index); */
uint64_t cnn_wire_place(uint8_t byte, int32_t index);

/* The end of a piece of `length` bytes that begins at `begin`, when it lies within `limit`. */
/*@ requires 0 <= begin <= limit && \valid(end);
    assigns *end;
    ensures \result <==> begin + length <= limit;
    ensures *end == (\result ? begin + length : \old(*end)); */
bool cnn_wire_end(int64_t begin, uint64_t length, int64_t limit, int64_t *end);

/* The bytes that `count` elements of `bits` bits take, the last byte filled up. */
/*@ requires count >= 0 && 1 <= bits <= 128 && \valid(bytes);
    assigns *bytes;
    ensures \result <==> fits(count * bits + 7);
    ensures *bytes == (\result ? (count * bits + 7) / 8 : \old(*bytes)); */
bool cnn_wire_bytes(int64_t count, int64_t bits, int64_t *bytes);

#endif
