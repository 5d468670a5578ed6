/*
 * Any bytes as an answer, as a sheet of answers, and as what to solve for: a result, or an error
 * that lies within the text and can be written; the same both times. A right answer is never wrong.
 */
#include <stdlib.h>
#include <string.h>

#include <cnncalc/cnncalc.h>

enum { MEMORY = 1 << 24, TEXT = 1 << 21 };

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

static void judge(bool done, const cnn_error *err, cnn_text text)
{
    cnn_writer to = {collect, NULL};
    require(done == (err->code == CNN_OK));
    if (!done && err->code != CNN_OUT_OF_MEMORY && err->code != CNN_WRITE_FAILED) {
        require(sizes[turn] == 0);
        require(err->span.begin <= err->span.end && err->span.end <= text.size);
        require(cnn_error_write(err, text, (cnn_text){"-", 1}, &to));
    }
}

static void check(cnn_text layers, cnn_claim_text claim, cnn_text format)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_report_options options = {.format = format};
    cnn_network net = {0};
    cnn_error err = {0};
    require(cnn_network_read(&arena, layers, NULL, &net, &err));
    for (turn = 0; turn < 2; turn++) {
        cnn_writer to = {collect, NULL};
        bool right = false;
        sizes[turn] = 0;
        err = (cnn_error){0};
        const bool done = cnn_check_write(&net, &claim, 1, &options, arena, &to, &right, &err);
        judge(done, &err, claim.text);
    }
    require(sizes[0] == sizes[1] && memcmp(written[0], written[1], sizes[0]) == 0);
}

static void solve(cnn_text want)
{
    const cnn_text layers = {"conv?-4,FC-2", 12};
    const cnn_settings settings = {.input = {"1x9x9", 5}};
    const cnn_solve_options options = {.wants = &want, .want_count = 1};
    cnn_writer to = {collect, NULL};
    cnn_error err = {0};
    bool found;
    turn = 0;
    sizes[0] = 0;
    const bool done = cnn_solve_write(
        layers, &settings, &options, cnn_arena_over(memory, sizeof memory), &to, &to, &found, &err);
    judge(done, &err, want);
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
