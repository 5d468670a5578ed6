/*
 * Answers about networks whose numbers grow until they do not fit: each mistake is tried on them,
 * and whatever it would give, the verdict is "wrong" and the right number is told. Right numbers
 * are the network's own, or those of 128 bits where they are simple.
 */
#include "support.h"

enum { MEMORY = 1 << 22 };

static unsigned char memory[MEMORY], network_memory[1 << 20];
static sink written;

static const struct {
    const char *input, *layers;
} rows[] = {
    {"vector %lld", "FC-2"},
    {"vector %lld", "FC-1,FC-1,relu"},
    {"vector %lld", "bn"},
    {"vector %lld", "ln,FC-1 b0"},
    {"%lldx3x3", "conv3-2,maxpool,FC-2"},
    {"1x%lldx3", "conv3-2,maxpool3 s2,flatten,FC-1"},
    {"1x3x%lld", "conv3-2 s2 p0,avgpool,relu"},
    {"2x%lldx%lld", "conv3-1 s2,conv5-2 d2,gap"},
    {"2x%lldx%lld", "dwconv3,conv1-2,bn"},
    {"2x%lldx%lld", "sepconv3-2,add(id|conv1-2)"},
    {"2x%lldx%lld", "conv%lldx1-1 p0"},
    {"1x4x4", "conv1-%lld,conv3-1"},
    {"1x4x4", "conv1-%lld b0,flatten,FC-2"},
    {"1x4x4", "conv3-2 p%lld,maxpool2"},
    {"1x4x4", "conv3-2 s%lld,FC-%lld"},
    {"4x8x8", "conv3-4 g2 d%lld p%lld"},
    {"1d 4x%lld", "conv3-4,maxpool,lstm"},
};
static const char *const claims[] = {"params=7",     "macs=7",   "output=7",  "output=7x7x7",
                                     "rf=7",         "memory=7", "weights=7", "biases=7",
                                     "statistics=7", "flops=7"};

/* The template with its number put in, as often as it is there. */
static void put_number(char *out, size_t size, const char *form, int64_t number)
{
    size_t used = 0;
    for (const char *c = form; *c != '\0' && used + 24 < size;) {
        if (strncmp(c, "%lld", 4) == 0) {
            used += (size_t)snprintf(out + used, size - used, "%lld", (long long)number);
            c += 4;
        } else {
            out[used++] = *c++;
        }
    }
    out[used] = '\0';
}

/* "1,792" has the digits of 1792. */
static bool tells(const char *text, int64_t number)
{
    char digits[32], plain[4096];
    size_t used = 0;
    snprintf(digits, sizeof digits, "%lld", (long long)number);
    for (const char *c = text; *c != '\0' && used + 1 < sizeof plain; c++) {
        if (*c != ',') {
            plain[used++] = *c;
        }
    }
    plain[used] = '\0';
    return strstr(plain, digits) != NULL;
}

static int64_t right_of(const cnn_totals *t, const char *claim)
{
    const struct {
        const char *name;
        int64_t value;
    } totals[] = {{"params=", t->params},         {"macs=", t->macs},
                  {"weights=", t->weights},       {"biases=", t->biases},
                  {"statistics=", t->statistics}, {"flops=", 2 * t->macs}};
    for (size_t i = 0; i < LENGTH(totals); i++) {
        if (strncmp(claim, totals[i].name, strlen(totals[i].name)) == 0) {
            return totals[i].value;
        }
    }
    return -1;
}

static void large_networks(void **state)
{
    (void)state;
    static const char *const formats[] = {"table", "json"};
    int failed = 0, judged = 0, read = 0;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        for (int power = 9; power < 63; power += 5) {
            char input[64], layers[128];
            const int64_t number = ((int64_t)1 << power) + (power % 3 == 0);
            put_number(input, sizeof input, rows[row].input, number);
            put_number(layers, sizeof layers, rows[row].layers, number);
            const cnn_settings settings = {.input = view(input)};
            cnn_network net = {0};
            cnn_error err = {0};
            cnn_arena place = cnn_arena_over(network_memory, sizeof network_memory);
            if (!cnn_network_read(&place, view(layers), &settings, &net, &err)) {
                continue;
            }
            read++;
            for (size_t i = row % 2; i < LENGTH(claims); i += 2) {
                const cnn_claim_text claim = {view(claims[i]), false};
                const cnn_report_options options = {.format = view(formats[(size_t)power % 2])};
                cnn_check_counts counts = {0};
                cnn_writer to = sink_open(&written);
                err = (cnn_error){0};
                const bool done = cnn_check_write(
                    &net, &claim, 1, &options, cnn_arena_over(memory, MEMORY), &to, &counts, &err);
                EXPECT(failed, done == (err.code == CNN_OK), "%s %s %s", input, layers, claims[i]);
                EXPECT(failed, err.code != CNN_OUT_OF_MEMORY, "%s %s %s", input, layers, claims[i]);
                const int64_t right = right_of(&net.totals, claims[i]);
                EXPECT(failed, right < 0 || (done && counts.wrong == (right != 7)), "%s %s %s: %s",
                       input, layers, claims[i], cnn_error_id(&err));
                EXPECT(failed, right < 0 || tells(written.data, right), "%s %s %s: %s", input,
                       layers, claims[i], written.data);
                judged += done;
            }
        }
    }
    assert_int_equal(failed, 0);
    assert_true(read > 80);
    assert_true(judged > 300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(large_networks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
