/*
 * Any bytes as the lines of a batch. The row of each is one line without control characters, and
 * says the same as reading the list alone does: the error, or the totals. What was read before, in
 * other lines or in the same one, changes nothing.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "target.h"

enum { MEMORY = 1 << 23, TEXT = 1 << 20 };

static _Alignas(16) unsigned char batch_memory[1 << 16], memory[MEMORY];
static char room[TEXT];
static collected written = {room, TEXT, 0};

/* A batch in this format, at its place in the memory for that. */
static const cnn_batch *make_batch(int place, const char *format, const char *columns)
{
    enum { EACH = 1 << 15 };
    cnn_arena arena = cnn_arena_over(batch_memory + (size_t)place * EACH, EACH);
    const cnn_batch_options options = {.format = cnn_text_of(format),
                                       .columns = cnn_text_of(columns)};
    cnn_error err = {0};
    const cnn_batch *batch = cnn_batch_make(&arena, &options, &err);
    require(batch != NULL);
    return batch;
}

/* The row of the line; false: there was no memory for it. */
static bool write_row(const cnn_batch *batch, cnn_text line, cnn_error *err)
{
    cnn_writer to = collect_anew(&written);
    if (!cnn_batch_write_row(batch, line, 7, cnn_arena_over(memory, MEMORY), &to, err)) {
        require(err->code == CNN_OUT_OF_MEMORY || err->code == CNN_WRITE_FAILED);
        return false;
    }
    return true;
}

static void check_one_line(void)
{
    require(written.size > 0 && written.data[written.size - 1] == '\n');
    for (size_t i = 0; i + 1 < written.size; i++) {
        require((unsigned char)written.data[i] >= 0x20 || written.data[i] == '\t');
    }
}

static void check_line(cnn_text line)
{
    static const cnn_batch *json, *numbers;
    if (json == NULL) {
        json = make_batch(0, "json", "");
        numbers = make_batch(1, "tsv", "line,params,macs");
    }
    cnn_error err = {0};
    if (!write_row(json, line, &err)) {
        return;
    }
    check_one_line();
    cnn_error row = {0};
    if (!write_row(numbers, line, &row)) {
        return;
    }
    check_one_line();
    require(row.code == err.code); /* the same in every format */
    if (row.code == CNN_OK && written.size == 4) {
        return; /* a blank line, or a comment, whatever stands in it */
    }

    cnn_arena arena = cnn_arena_over(memory, MEMORY);
    cnn_network net = {0};
    cnn_error alone = {0};
    if (!cnn_network_read(&arena, line, NULL, &net, &alone)) {
        /* its layers are kept, for which memory may be missing */
        require(alone.code == row.code || alone.code == CNN_OUT_OF_MEMORY);
        return;
    }
    require(row.code == CNN_OK);
    char expected[80];
    const int length = snprintf(expected, sizeof expected, "7\t%" PRId64 "\t%" PRId64 "\n",
                                net.totals.params, net.totals.macs);
    require(length > 0 && (size_t)length == written.size);
    require(memcmp(expected, written.data, written.size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    cnn_text rest = {(const char *)data, size};
    do {
        check_line(cnn_text_split(&rest, '\n'));
    } while (rest.size > 0);
    return 0;
}
