/*
 * Any bytes as a sheet of claims about gradients, for an MLP and for a small convolutional network:
 * an answer, or an error that lies within the text and can be written; the same both times.
 */
#include "target.h"

enum { MEMORY = 1 << 23, TEXT = 1 << 21 };

static _Alignas(16) unsigned char memory[MEMORY];
static char room[2][TEXT];
static collected written[2] = {{room[0], TEXT, 0}, {room[1], TEXT, 0}};

static void check(cnn_text input, cnn_text layers, cnn_text claims, cnn_text format)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = input};
    const cnn_gradient_options options = {.format = format};
    cnn_network net = {0};
    cnn_error err = {0};
    require(cnn_network_read(&arena, layers, &settings, &net, &err));
    for (int turn = 0; turn < 2; turn++) {
        cnn_writer to = collect_anew(&written[turn]);
        int32_t wrong;
        err = (cnn_error){0};
        const bool done = cnn_gradient_check(&net, &options, claims, arena, &to, &wrong, &err);
        require_answer(done, &err, claims, &written[turn]);
    }
    require_same(&written[0], &written[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const cnn_text claims = {(const char *)data, size > 2000 ? 2000 : size};
    (void)cnn_gradient_claimed(claims);
    check((cnn_text){"vector 2", 8}, (cnn_text){"FC-3,sigmoid,FC-2,tanh", 22}, claims,
          (cnn_text){"json", 4});
    check((cnn_text){"1x3x3", 5}, (cnn_text){"conv2-2,relu,gap,FC-2", 21}, claims, (cnn_text){0});
    return 0;
}
