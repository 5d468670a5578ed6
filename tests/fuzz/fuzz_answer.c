/*
 * Any bytes as an answer, as a sheet of answers, or as what to solve for: a result, or an error
 * that lies within the text and can be written; now and then asked twice, and the same both times.
 * A right answer is never wrong: the program's own numbers are claimed in the ways in which people
 * write numbers, alone and with the input's bytes beside them, for networks of all kinds of maps.
 * Which of these is done with an input is its own choice.
 */
#include <stdio.h>

#include "measure/quantity.h"
#include "target.h"

enum { MEMORY = 1 << 24, TEXT = 1 << 21, VALUE = 200 };

static char room[2][TEXT];
static collected written[2] = {{room[0], TEXT, 0}, {room[1], TEXT, 0}};

/* The network of this number; the first one is the one that most inputs are about. */
static const standing *network(unsigned which)
{
    static const char *const lists[][2] = {
        {"32", "conv3-8 s2,maxpool3 s2 ceil,relu,cat(id|conv1-4),FC-10"},
        {"1d 4x20", "a: conv3-10,bn,frozen(conv2-4 s2),aux(gap,FC-3),relu"},
        {"3d 2x5x6x7", "2*(conv3-8,relu),maxpool"},
        {"vector 10", "FC-12,relu,FC-10"},
    };
    enum { LISTS = sizeof lists / sizeof *lists };
    static _Alignas(16) unsigned char memory[LISTS][MEMORY];
    static standing networks[LISTS];
    which %= LISTS;
    const cnn_text input = {lists[which][0], strlen(lists[which][0])};
    const cnn_text layers = {lists[which][1], strlen(lists[which][1])};
    stand(&networks[which], memory[which], MEMORY, input, layers);
    return &networks[which];
}

static bool ask(const standing *s, cnn_claim_text claim, cnn_text format, collected *to,
                cnn_check_counts *counts)
{
    const cnn_report_options options = {.format = format};
    cnn_writer writer = collect_anew(to);
    cnn_error err = {0};
    const bool done = cnn_check_write(&s->net, &claim, 1, &options, s->rest, &writer, counts, &err);
    require_answer(done, &err, claim.text, to);
    return done;
}

static void check(cnn_claim_text claim, cnn_text format, unsigned which, int turns)
{
    for (int turn = 0; turn < turns; turn++) {
        cnn_check_counts counts = {0};
        (void)ask(network(which), claim, format, &written[turn], &counts);
    }
    if (turns == 2) {
        require_same(&written[0], &written[1]);
    }
}

/* ---- the program's own numbers ---- */

/* A value and the forms in which it is claimed. */
typedef struct form {
    const char *before, *after;
    const char *between; /* the numbers of a size */
    char thousands;      /* '\0': none */
} form;

static const form count_forms[] = {
    {"=", "", "", '\0'},   {"=", "", "", ','},    {"=", "", "", '\''},
    {"=", "", "", '_'},    {" = ", "", "", ' '},  {": ", "", "", '.'},
    {"=~", "", "", '\0'},  {": ~", "", "", '\0'}, {"<=", "", "", '\0'},
    {">=", "", "", '\0'},  {"==", ".", "", '\0'}, {"\xE2\x89\xA4", "", "", ','},
    {"=", "e0", "", '\0'}, {"=", "*1", "", '\0'},
};

static const form size_forms[] = {
    {"=", "", "x", '\0'},           {"=", "", " x ", '\0'},
    {"=(", ")", ", ", '\0'},        {"=[", "]", ",", '\0'},
    {": (None, ", ")", ", ", '\0'}, {"=torch.Size([1, ", "])", ", ", '\0'},
    {"=", "", "\xC3\x97", '\0'},    {"=(N, ", ")", ", ", '\0'},
    {" = [-1, ", "]", ", ", '\0'},
};

/* What is right for a quantity, as JSON tells it beside a wrong answer. False: nothing is. */
static bool find_right(const standing *s, const char *what, bool size, char *value)
{
    char text[VALUE + 16];
    cnn_check_counts counts = {0};
    snprintf(text, sizeof text, "%s=%s", what, size ? "7x7x7x7" : "7");
    if (!ask(s, (cnn_claim_text){{text, strlen(text)}, false}, (cnn_text){"json", 4}, &written[0],
             &counts)) {
        return false;
    }
    static const char key[] = "\"right\":";
    written[0].data[written[0].size - 1] = '\0';
    const char *right = strstr(written[0].data, key);
    require(right != NULL);
    right += sizeof key - 1;
    const size_t length = strcspn(right, right[0] == '[' ? "]" : ",");
    snprintf(value, VALUE, "%.*s", (int)length, right + (right[0] == '['));
    value[strcspn(value, "]")] = '\0';
    return strcmp(value, "null") != 0;
}

/* The numbers of a value in this form. */
static void put_value(char *to, size_t size, const char *value, const form *f)
{
    const size_t digits = strspn(value, "0123456789");
    const bool whole = value[digits] == '\0';
    size_t used = 0;
    for (size_t i = 0; value[i] != '\0' && used + 8 < size; i++) {
        if (value[i] == ',') {
            used += (size_t)snprintf(to + used, size - used, "%s", f->between);
            continue;
        }
        if (whole && f->thousands != '\0' && i > 0 && (digits - i) % 3 == 0) {
            to[used++] = f->thousands;
        }
        to[used++] = value[i];
    }
    to[used] = '\0';
}

/* The first bytes choose what is claimed and how; what follows them is written beside it. */
static void claim_right(cnn_text bytes, unsigned which)
{
    enum { CHOICES = 3 };
    unsigned char chosen[CHOICES] = {0};
    const size_t begin = bytes.size < CHOICES ? bytes.size : CHOICES;
    memcpy(chosen, bytes.data, begin);
    const standing *s = network(which);
    const cnn_quantity *quantity = &cnn_quantities[chosen[0] % cnn_quantity_count];
    const int32_t layers = s->net.layer_count - s->net.input_count;
    const int32_t layer = chosen[1] % (layers + 1); /* 0: the total */
    char what[VALUE], value[VALUE], numbers[2 * VALUE], text[8 * VALUE];
    snprintf(what, sizeof what, layer > 0 ? "%d.%s" : "%.0d%s", (int)layer, quantity->name);
    const bool size = quantity->kind == CNN_QUANTITY_SIZE;
    if (!find_right(s, what, size, value)) {
        return;
    }
    const bool several = size || strchr(value, ',') != NULL;
    const form *f = several ? &size_forms[chosen[2] % (sizeof size_forms / sizeof *size_forms)]
                            : &count_forms[chosen[2] % (sizeof count_forms / sizeof *count_forms)];
    put_value(numbers, sizeof numbers, value, f);
    const int rest = (int)(bytes.size - begin < VALUE ? bytes.size - begin : VALUE);
    const bool named = rest == 0 || chosen[2] < 128;
    const int length =
        snprintf(text, sizeof text, "%s%s%s%.*s%s", named ? what : "", named ? f->before : "",
                 numbers, rest, bytes.data + begin, f->after);
    cnn_check_counts counts = {0};
    const cnn_claim_text claim = {{text, (size_t)length}, false};
    const bool done = ask(s, claim, (cnn_text){0}, &written[0], &counts);
    const bool plain = (size || !several) && quantity->kind != CNN_QUANTITY_PAIR;
    if (rest == 0 && plain) {
        require(done && counts.right == 1 && counts.wrong == 0);
    }
}

/* ---- solving ---- */

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

enum { SOLVE, CHECK, CLAIM_RIGHT = 17, TAKES = 25 };

static void take(cnn_text text, unsigned choice)
{
    static const cnn_text formats[] = {{"", 0}, {"json", 4}};
    text.size = text.size > 1000 ? 1000 : text.size;
    if (choice == SOLVE) {
        solve(text);
    } else if (choice >= CLAIM_RIGHT) {
        claim_right(text, choice);
    } else {
        const bool sheet = choice % 2 != 0;
        check((cnn_claim_text){text, sheet}, formats[choice / 2 % 2], choice < 9 ? 0 : choice,
              choice < 5 ? 2 : 1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    take_one(data, size, TAKES, take);
    return 0;
}
