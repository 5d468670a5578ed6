/*
 * Any bytes as a sheet of claims about gradients, for an MLP or for a small convolutional network:
 * an answer, or an error that lies within the text and can be written; now and then asked twice,
 * and the same both times. Which network it is about is the input's own choice.
 */
#include "target.h"

enum { MEMORY = 1 << 23, TEXT = 1 << 21, NETWORKS = 2 };

static _Alignas(16) unsigned char memory[NETWORKS][MEMORY];
static char room[2][TEXT];
static collected written[2] = {{room[0], TEXT, 0}, {room[1], TEXT, 0}};

static void check(unsigned which, cnn_text claims, cnn_text format, int turns)
{
    static const cnn_text inputs[] = {{"vector 2", 8}, {"1x3x3", 5}};
    static const cnn_text layers[] = {{"FC-3,sigmoid,FC-2,tanh", 22},
                                      {"conv2-2,relu,gap,FC-2", 21}};
    static standing networks[NETWORKS];
    standing *s = &networks[which];
    stand(s, memory[which], MEMORY, inputs[which], layers[which]);
    const cnn_gradient_options options = {.format = format};
    for (int turn = 0; turn < turns; turn++) {
        cnn_writer to = collect_anew(&written[turn]);
        int32_t wrong;
        cnn_error err = {0};
        const bool done = cnn_gradient_check(&s->net, &options, claims, s->rest, &to, &wrong, &err);
        require_answer(done, &err, claims, &written[turn]);
    }
    if (turns == 2) {
        require_same(&written[0], &written[1]);
    }
}

static void take(cnn_text claims, unsigned choice)
{
    static const cnn_text formats[] = {{"", 0}, {"json", 4}};
    claims.size = claims.size > 2000 ? 2000 : claims.size;
    (void)cnn_gradient_claimed(claims);
    check(choice % NETWORKS, claims, formats[choice / NETWORKS % 2], choice < 4 ? 2 : 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    take_one(data, size, 12, take);
    return 0;
}
