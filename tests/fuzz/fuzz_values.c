/*
 * Any bytes as a file of values for gradients: numbers that read back as the same numbers, or an
 * error that lies within the text and can be written.
 */
#include "target.h"

enum { MEMORY = 1 << 20, TEXT = 1 << 16 };

static _Alignas(16) unsigned char memory[MEMORY];
static char room[TEXT];
static collected written = {room, TEXT, 0};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char layers[] = "conv2-2,tanh,FC-2 b0";
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = {"1x2x2", 5}};
    const cnn_gradient_options options = {.values = {(const char *)data, size},
                                          .loss = {"cross-entropy", 13}};
    cnn_network net = {0};
    cnn_error err = {0};
    cnn_writer to = collect_anew(&written);
    require(cnn_network_read(&arena, (cnn_text){layers, sizeof layers - 1}, &settings, &net, &err));
    if (size > 0 && cnn_gradient_compute(&net, &options, arena, &to, &err)) {
        require(memcmp(written.data, "l = ", 4) == 0);
    } else if (size > 0) { /* no values: the derivation alone */
        require(written.size == 0 && err.code > CNN_WRITE_FAILED);
        require_told(&err, options.values, &written);
    }
    return 0;
}
