/*
 * Any bytes as a file of values for gradients: numbers that read back as the same numbers, or an
 * error that lies within the text and can be written.
 */
#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

enum { MEMORY = 1 << 20, TEXT = 1 << 16 };

static _Alignas(16) unsigned char memory[MEMORY];
static char written[TEXT];
static size_t size_written;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char layers[] = "conv2-2,tanh,FC-2 b0";
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = {"1x2x2", 5}};
    const cnn_gradient_options options = {.values = {(const char *)data, size},
                                          .loss = {"cross-entropy", 13}};
    cnn_network net = {0};
    cnn_error err = {0};
    cnn_writer to = {collect, NULL};
    require(cnn_network_read(&arena, (cnn_text){layers, sizeof layers - 1}, &settings, &net, &err));
    size_written = 0;
    if (data != NULL && cnn_gradient_compute(&net, &options, arena, &to, &err)) {
        require(memcmp(written, "l = ", 4) == 0);
    } else if (data != NULL) {
        require(size_written == 0 && err.code > CNN_WRITE_FAILED);
        require(err.span.begin <= err.span.end && err.span.end <= size);
        require(cnn_error_write(&err, options.values, (cnn_text){"-", 1}, &to));
    }
    return 0;
}
