/*
 * Any bytes as an answer, as a sheet of answers, and as what to solve for: a result, or an error
 * that lies within the text and can be written; the same both times. A right answer is never wrong.
 */
#include "target.h"

enum { MEMORY = 1 << 24, TEXT = 1 << 21 };

static _Alignas(16) unsigned char memory[MEMORY];
static char room[2][TEXT];
static collected written[2] = {{room[0], TEXT, 0}, {room[1], TEXT, 0}};

static void check(cnn_text layers, cnn_claim_text claim, cnn_text format)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_report_options options = {.format = format};
    cnn_network net = {0};
    cnn_error err = {0};
    require(cnn_network_read(&arena, layers, NULL, &net, &err));
    for (int turn = 0; turn < 2; turn++) {
        cnn_writer to = collect_anew(&written[turn]);
        bool right = false;
        err = (cnn_error){0};
        const bool done = cnn_check_write(&net, &claim, 1, &options, arena, &to, &right, &err);
        require_answer(done, &err, claim.text, &written[turn]);
    }
    require_same(&written[0], &written[1]);
}

static void solve(cnn_text want)
{
    const cnn_text layers = {"conv?-4,FC-2", 12};
    const cnn_settings settings = {.input = {"1x9x9", 5}};
    const cnn_solve_options options = {.wants = &want, .want_count = 1};
    cnn_writer to = collect_anew(&written[0]);
    cnn_error err = {0};
    bool found;
    const bool done = cnn_solve_write(
        layers, &settings, &options, cnn_arena_over(memory, sizeof memory), &to, &to, &found, &err);
    require_answer(done, &err, want, &written[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const cnn_text text = {(const char *)data, size > 1000 ? 1000 : size};
    const cnn_text layers = {"input 32,conv3-8 s2,maxpool3 s2 ceil,relu,cat(id|conv1-4),FC-10", 63};
    check(layers, (cnn_claim_text){text, false}, (cnn_text){"json", 4});
    check(layers, (cnn_claim_text){text, true}, (cnn_text){0});
    if (size > 0 && data[0] % 8 == 0) {
        solve((cnn_text){text.data + 1, text.size - 1}); /* slower, so less often */
    }
    return 0;
}
