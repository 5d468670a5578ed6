/*
 * Any bytes as a model file: the same report whether the bytes come in large pieces and are skipped
 * or come one by one, or an error that can be written; and sums that are those of the rows' JSON.
 */
#include "target.h"

enum { MEMORY = 1 << 23, TEXT = 1 << 20 };

static _Alignas(16) unsigned char memory[MEMORY];
static char rooms[2][TEXT];
static collected written[2] = {{rooms[0], TEXT, 0}, {rooms[1], TEXT, 0}};

typedef struct bytes {
    const uint8_t *data;
    size_t size, at, piece;
} bytes;

static bool give(void *user, void *into, size_t size, size_t *got)
{
    bytes *from = user;
    const size_t left = from->size - from->at;
    *got = size < from->piece ? size : from->piece;
    *got = *got < left ? *got : left;
    if (*got > 0) {
        memcpy(into, from->data + from->at, *got);
    }
    from->at += *got;
    return true;
}

static bool skip(void *user, int64_t size, int64_t *skipped)
{
    bytes *from = user;
    const int64_t left = (int64_t)(from->size - from->at);
    *skipped = size < left ? size : left;
    from->at += (size_t)*skipped;
    return true;
}

/* A model that is a network of the language can be written as a list, and has a whole. */
static void list_of(cnn_model *model, cnn_arena *arena)
{
    static char room[TEXT];
    static collected list = {room, TEXT, 0};
    cnn_network net = {0}, whole = {0};
    cnn_error err = {0}, other = {0};
    cnn_writer to = collect_anew(&list);
    cnn_arena rest = *arena;
    if (cnn_model_network(model, &rest, &net, &err)) {
        require(net.totals.params >= 0);
        require(cnn_network_write(&net, rest, &to, &err) || err.code != CNN_OK);
    } else {
        require(err.code != CNN_OK);
    }
    rest = *arena;
    require(cnn_model_whole(model, &rest, &whole, &other) || other.code != CNN_OK);
}

/* Reads and reports; the error's code. */
static int32_t report(const uint8_t *data, size_t size, bool whole, collected *to)
{
    bytes from = {data, size, 0, whole ? size + 1 : 1};
    const cnn_byte_source reader = {give, whole ? skip : NULL, &from};
    const cnn_text input = {"1x3x7x7", 7};
    const cnn_report_options options = {.format = {"json", 4}};
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_model *model = NULL;
    cnn_error err = {0};
    cnn_writer writer = collect_anew(to);
    const bool sized = size > 0 && data[size - 1] % 2 == 1;
    if (cnn_model_read(&arena, &reader, &input, sized, &model, &err) &&
        cnn_model_write(model, &options, arena, &writer, &err)) {
        require(err.code == CNN_OK && to->size > 0);
        require(cnn_model_write_remarks(model, &writer) || to->size > 0);
        list_of(model, &arena);
    } else if (err.code != CNN_WRITE_FAILED) {
        require(to->size == 0);
        require(cnn_error_write(&err, input, (cnn_text){"model", 5}, &writer));
    }
    return err.code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    (void)cnn_model_begins((cnn_text){(const char *)data, size});
    const int32_t code = report(data, size, true, &written[0]);
    require(report(data, size, false, &written[1]) == code);
    require_same(&written[0], &written[1]);
    return 0;
}
