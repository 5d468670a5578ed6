/*
 * Any bytes as a sheet of claims about gradients, for an MLP and for a small convolutional network:
 * an answer, or an error that lies within the text and can be written; the same both times.
 */
#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

enum { MEMORY = 1 << 23, TEXT = 1 << 21 };

static _Alignas(16) unsigned char memory[MEMORY];
static char written[2][TEXT];
static size_t sizes[2];
static int turn;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool collect(void *user, const char *data, size_t size)
{
    (void)user;
    if (size > TEXT - sizes[turn]) {
        return false;
    }
    memcpy(written[turn] + sizes[turn], data, size);
    sizes[turn] += size;
    return true;
}

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check(cnn_text input, cnn_text layers, cnn_text claims, cnn_text format)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = input};
    const cnn_gradient_options options = {.format = format};
    cnn_network net = {0};
    cnn_error err = {0};
    require(cnn_network_read(&arena, layers, &settings, &net, &err));
    for (turn = 0; turn < 2; turn++) {
        cnn_writer to = {collect, NULL};
        int32_t wrong;
        sizes[turn] = 0;
        err = (cnn_error){0};
        const bool done = cnn_gradient_check(&net, &options, claims, arena, &to, &wrong, &err);
        require(done == (err.code == CNN_OK));
        if (!done && err.code != CNN_OUT_OF_MEMORY && err.code != CNN_WRITE_FAILED) {
            require(sizes[turn] == 0);
            require(err.span.begin <= err.span.end && err.span.end <= claims.size);
            require(cnn_error_write(&err, claims, (cnn_text){"-", 1}, &to));
        }
    }
    require(sizes[0] == sizes[1] && memcmp(written[0], written[1], sizes[0]) == 0);
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
