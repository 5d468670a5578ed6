/*
 * Any bytes as an answer, as a sheet of answers, or as what to solve for: a result, or an error
 * that lies within the text and can be written; now and then asked twice, and the same both times.
 * A right answer is never wrong. Which of these is done with an input is its own choice.
 */
#include "target.h"

enum { MEMORY = 1 << 24, TEXT = 1 << 21 };

static _Alignas(16) unsigned char memory[MEMORY];
static char room[2][TEXT];
static collected written[2] = {{room[0], TEXT, 0}, {room[1], TEXT, 0}};

static void check(cnn_claim_text claim, cnn_text format, int turns)
{
    static standing s;
    stand(&s, memory, sizeof memory, (cnn_text){0},
          (cnn_text){"input 32,conv3-8 s2,maxpool3 s2 ceil,relu,cat(id|conv1-4),FC-10", 63});
    const cnn_report_options options = {.format = format};
    for (int turn = 0; turn < turns; turn++) {
        cnn_writer to = collect_anew(&written[turn]);
        cnn_check_counts counts = {0};
        cnn_error err = {0};
        const bool done = cnn_check_write(&s.net, &claim, 1, &options, s.rest, &to, &counts, &err);
        require_answer(done, &err, claim.text, &written[turn]);
    }
    if (turns == 2) {
        require_same(&written[0], &written[1]);
    }
}

static void solve(cnn_text want)
{
    static _Alignas(16) unsigned char own[1 << 20];
    const cnn_text layers = {"conv?-4,FC-2", 12};
    const cnn_settings settings = {.input = {"1x9x9", 5}};
    const cnn_solve_options options = {.wants = &want, .want_count = 1};
    cnn_writer to = collect_anew(&written[0]);
    cnn_error err = {0};
    bool found;
    const bool done = cnn_solve_write(layers, &settings, &options, cnn_arena_over(own, sizeof own),
                                      &to, &to, &found, &err);
    require_answer(done, &err, want, &written[0]);
}

static void take(cnn_text text, unsigned choice)
{
    static const cnn_text formats[] = {{"", 0}, {"json", 4}};
    text.size = text.size > 1000 ? 1000 : text.size;
    if (choice == 0) {
        solve(text);
    } else {
        const bool sheet = choice % 2 != 0;
        check((cnn_claim_text){text, sheet}, formats[choice / 2 % 2], choice < 5 ? 2 : 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    take_one(data, size, 17, take);
    return 0;
}
