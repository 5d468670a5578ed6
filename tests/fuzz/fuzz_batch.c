/*
 * Any bytes as a line of a batch. Its row is one line without control characters, and says the same
 * as reading the list alone does: the error, or the totals.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

#include "base/text.h"

enum { MEMORY = 1 << 23, TEXT = 1 << 20 };

static _Alignas(16) unsigned char batch_memory[1 << 16], memory[MEMORY];
static char written[TEXT];
static size_t size_written;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool collect(void *user, const char *data, size_t size)
{
    (void)user;
    if (size > TEXT - size_written) {
        return false;
    }
    memcpy(written + size_written, data, size);
    size_written += size;
    return true;
}

/* The row of the line in this format; false: there was no memory for it. */
static bool write_row(const char *format, const char *columns, cnn_text line, cnn_error *err)
{
    cnn_arena arena = cnn_arena_over(batch_memory, sizeof batch_memory);
    cnn_writer to = {collect, NULL};
    const cnn_batch_options options = {.format = cnn_text_of(format),
                                       .columns = cnn_text_of(columns)};
    const cnn_batch *batch = cnn_batch_make(&arena, &options, err);
    require(batch != NULL);
    size_written = 0;
    if (!cnn_batch_write_row(batch, line, 7, cnn_arena_over(memory, MEMORY), &to, err)) {
        require(err->code == CNN_OUT_OF_MEMORY || err->code == CNN_WRITE_FAILED);
        return false;
    }
    return true;
}

static void check_one_line(void)
{
    require(size_written > 0 && written[size_written - 1] == '\n');
    for (size_t i = 0; i + 1 < size_written; i++) {
        require((unsigned char)written[i] >= 0x20 || written[i] == '\t');
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const cnn_text line = {(const char *)data, size};
    cnn_error err = {0};
    if (memchr(data, '\n', size) != NULL) {
        return 0; /* the reader of lines does not hand such on */
    }
    if (!write_row("json", "", line, &err)) {
        return 0;
    }
    check_one_line();
    cnn_error row = {0};
    if (!write_row("tsv", "line,params,macs", line, &row)) {
        return 0;
    }
    check_one_line();
    require(row.code == err.code); /* the same in every format */
    if (row.code == CNN_OK && size_written == 4) {
        return 0; /* a blank line, or a comment, whatever stands in it */
    }

    cnn_arena arena = cnn_arena_over(memory, MEMORY);
    cnn_network net = {0};
    cnn_error alone = {0};
    if (!cnn_network_read(&arena, line, NULL, &net, &alone)) {
        /* alone it needs a vocabulary besides, for which memory may just be missing */
        require(alone.code == row.code || alone.code == CNN_OUT_OF_MEMORY);
        return 0;
    }
    require(row.code == CNN_OK);
    char expected[80];
    const int length = snprintf(expected, sizeof expected, "7\t%" PRId64 "\t%" PRId64 "\n",
                                net.totals.params, net.totals.macs);
    require(length > 0 && (size_t)length == size_written);
    require(memcmp(expected, written, size_written) == 0);
    return 0;
}
