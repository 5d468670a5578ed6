/* The walk over bytes. A length never leads beyond the bytes that are there. */
#include "files/wire.h"

#include "files/wire_size.h"

bool cnn_wire_fail(cnn_wire *wire, int32_t code, int64_t offset)
{
    if (wire->err->code == CNN_OK) {
        wire->err->source = CNN_SOURCE_FILE;
        wire->err->index = offset;
    }
    return cnn_fail(wire->err, code, (cnn_span){0, 0});
}

/* Reads the next piece, as full as the file allows. *ended: there is none. */
static bool next_piece(cnn_wire *wire)
{
    wire->at = 0;
    wire->size = 0;
    size_t got = 1;
    while (!wire->ended && got > 0 && wire->size < CNN_WIRE_PIECE) {
        if (!wire->from->read(wire->from->user, wire->piece + wire->size,
                              CNN_WIRE_PIECE - wire->size, &got)) {
            return cnn_wire_fail(wire, CNN_READ_FAILED, wire->offset);
        }
        wire->size += got;
    }
    wire->ended = wire->size == 0;
    return true;
}

bool cnn_wire_more(cnn_wire *wire, int64_t end, bool *more)
{
    *more = wire->offset < end;
    if (!*more || wire->at < wire->size) {
        return true;
    }
    if (!next_piece(wire)) {
        return false;
    }
    *more = !wire->ended;
    /* The end of the file is an error only inside a message of known length; INT64_MAX is none. */
    return *more || end == INT64_MAX || cnn_wire_fail(wire, CNN_E_MODEL_CUT, wire->offset);
}

static bool take_byte(cnn_wire *wire, int64_t end, uint8_t *out)
{
    bool more;
    if (!cnn_wire_more(wire, end, &more)) {
        return false;
    }
    if (!more) {
        return cnn_wire_fail(wire, CNN_E_MODEL_CUT, wire->offset);
    }
    *out = wire->piece[wire->at++];
    wire->offset++;
    return true;
}

/* Base 128, low bits first; the high bit tells that another byte follows. */
static bool take_varint(cnn_wire *wire, int64_t end, int32_t longest, uint64_t *out)
{
    const int64_t begin = wire->offset;
    *out = 0;
    for (int32_t i = 0; i < longest; i++) {
        uint8_t byte = 0;
        if (!take_byte(wire, end, &byte)) {
            return false;
        }
        *out |= cnn_wire_place(byte, i);
        if (byte < 128) {
            return true;
        }
    }
    return cnn_wire_fail(wire, CNN_E_MODEL_NUMBER, begin);
}

static bool take_fixed(cnn_wire *wire, int64_t end, int bytes, uint64_t *out)
{
    *out = 0;
    for (int i = 0; i < bytes; i++) {
        uint8_t byte = 0;
        if (!take_byte(wire, end, &byte)) {
            return false;
        }
        *out |= (uint64_t)byte << 8 * i;
    }
    return true;
}

bool cnn_wire_number(cnn_wire *wire, cnn_wire_type type, int64_t end, uint64_t *out)
{
    switch (type) {
    case CNN_WIRE_FIXED32:
        return take_fixed(wire, end, 4, out);
    case CNN_WIRE_FIXED64:
        return take_fixed(wire, end, 8, out);
    default:
        return take_varint(wire, end, CNN_WIRE_BYTES, out);
    }
}

enum { SHORT_NUMBER = 5 }; /* bytes of a tag or a length: 32 bits */

static bool take_tag(cnn_wire *wire, int64_t end, cnn_field *field)
{
    const int64_t begin = wire->offset;
    uint64_t tag;
    if (!take_varint(wire, end, SHORT_NUMBER, &tag)) {
        return false;
    }
    /* A tag is field number << 3 | wire type; number 0 is not allowed. */
    if (tag > UINT32_MAX || tag >> 3 == 0 || (tag & 7) > CNN_WIRE_FIXED32) {
        return cnn_wire_fail(wire, CNN_E_MODEL_TAG, begin);
    }
    field->number = (int32_t)(tag >> 3);
    field->type = (cnn_wire_type)(tag & 7);
    return true;
}

bool cnn_wire_field(cnn_wire *wire, int64_t end, cnn_field *field)
{
    if (!take_tag(wire, end, field)) {
        return false;
    }
    if (field->type == CNN_WIRE_GROUP || field->type == CNN_WIRE_GROUP_END) {
        return true;
    }
    if (field->type != CNN_WIRE_LENGTH) {
        return cnn_wire_number(wire, field->type, end, &field->value);
    }
    const int64_t begin = wire->offset;
    return take_varint(wire, end, SHORT_NUMBER, &field->value) &&
           (cnn_wire_end(wire->offset, field->value, end, &field->end) ||
            cnn_wire_fail(wire, CNN_E_MODEL_LENGTH, begin));
}

/* Passes over bytes: those of the piece, then as many as the reader can skip, then by reading. */
static bool pass_bytes(cnn_wire *wire, int64_t end)
{
    while (wire->offset < end) {
        const int64_t want = end - wire->offset;
        const int64_t here = (int64_t)(wire->size - wire->at);
        if (here > 0) {
            const int64_t part = want < here ? want : here;
            wire->at += (size_t)part;
            wire->offset += part;
            continue;
        }
        int64_t skipped = 0;
        /* A shorter distance is read, because that piece also has the bytes after it. */
        if (want > CNN_WIRE_PIECE && wire->from->skip != NULL &&
            !wire->from->skip(wire->from->user, want, &skipped)) {
            return cnn_wire_fail(wire, CNN_READ_FAILED, wire->offset);
        }
        wire->offset += skipped;
        bool more;
        if (!cnn_wire_more(wire, end, &more)) {
            return false;
        }
    }
    return true;
}

/* The fields of a group up to its end, which has the same number. */
static bool pass_group(cnn_wire *wire, int32_t number, int64_t end)
{
    int32_t open[CNN_WIRE_NESTING];
    int32_t depth = 0;
    open[depth++] = number;
    while (depth > 0) {
        const int64_t begin = wire->offset;
        cnn_field field;
        if (!cnn_wire_field(wire, end, &field)) {
            return false;
        }
        if (field.type == CNN_WIRE_GROUP) {
            if (depth == CNN_WIRE_NESTING) {
                return cnn_wire_fail(wire, CNN_E_MODEL_NESTING, begin);
            }
            open[depth++] = field.number;
        } else if (field.type == CNN_WIRE_GROUP_END) {
            if (field.number != open[--depth]) {
                return cnn_wire_fail(wire, CNN_E_MODEL_TAG, begin);
            }
        } else if (field.type == CNN_WIRE_LENGTH && !pass_bytes(wire, field.end)) {
            return false;
        }
    }
    return true;
}

bool cnn_wire_pass(cnn_wire *wire, const cnn_field *field, int64_t end)
{
    switch (field->type) {
    case CNN_WIRE_LENGTH:
        return pass_bytes(wire, field->end);
    case CNN_WIRE_GROUP:
        return pass_group(wire, field->number, end);
    case CNN_WIRE_GROUP_END:
        return cnn_wire_fail(wire, CNN_E_MODEL_TAG, wire->offset);
    default:
        return true;
    }
}

bool cnn_wire_text(cnn_wire *wire, int64_t end, cnn_arena *arena, cnn_text *out)
{
    const int64_t size = end - wire->offset;
    if (size > arena->high - arena->low) {
        /* A length may promise more than the file has. */
        return pass_bytes(wire, end) && cnn_fail_memory(wire->err);
    }
    char *data = cnn_arena_take(arena, (size_t)size + 1, 1);
    if (data == NULL) {
        return cnn_fail_memory(wire->err);
    }
    *out = (cnn_text){data, (size_t)size};
    while (wire->offset < end) {
        bool more;
        if (!cnn_wire_more(wire, end, &more)) {
            return false;
        }
        const size_t want = (size_t)(end - wire->offset), here = wire->size - wire->at;
        const size_t part = want < here ? want : here;
        memcpy(data, wire->piece + wire->at, part);
        data += part;
        wire->at += part;
        wire->offset += (int64_t)part;
    }
    return true;
}
