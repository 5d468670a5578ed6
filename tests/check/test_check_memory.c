/*
 * Checking, solving, explaining and reconciling with too little memory and with writers that fail.
 * Arenas grow from nothing in steps of one unit of allocation: each size before the first that is
 * enough ends in the clean error "out of memory", and what is written then is what is written with
 * plenty of memory.
 */
#include "explain/explain.h"
#include "support.h"

enum { STEP = 16, MOST = 1 << 22 };

static unsigned char memory[MOST], network_memory[1 << 20];
static sink written, notes, plenty;

typedef enum task { CHECK, SHEET, EXPLAIN, LIKE, SOLVE } task;

/* `text`: claims, a sheet, columns, a tool, or what is wanted. */
static const struct {
    task task;
    const char *input, *layers, *text, *format;
} rows[] = {
    {CHECK, "8", "conv3-4,maxpool,FC-10", "params=112,650", "table"},
    {CHECK, "8", "conv3-4,maxpool,FC-10", "rf=4", "json"},
    /* one mistake: in a layer, everywhere, from two layers that tell it apart */
    {CHECK, "8", "conv3-4,FC-10", "params=108", "table"},
    {CHECK, "16x8x8", "flatten,FC-10", "params=1290", "table"},
    {CHECK, "8", "conv3-4,conv3-4", "params=252", "table"},
    {CHECK, "3x28x28", "conv7-4 s2 p3", "output=15", "table"},
    {CHECK, "3x28x28", "conv7-4 s2 p3,relu", "output=4x15x15", "table"},
    {CHECK, "8", "conv3-4 s2,conv3-4", "rf=5", "table"},
    /* two mistakes: in a layer, everywhere, one of each */
    {SHEET, "3x28x28", "conv5-8", "layer\tparams\nconv5-8\t48\n", "json"},
    {CHECK, "3x28x28", "conv5-8 p2", "output=23", "json"},
    {CHECK, "3x28x28", "conv5-8", "params=48", "table"},
    /* a question that tells two explanations apart */
    {CHECK, "vector 1", "FC-10", "params=10", "table"},
    {CHECK, "3x2x2", "conv3-4,gap,upsample2", "macs=27", "table"},
    /* sizes that follow, and a second mistake on top of them */
    {CHECK, "24", "conv7-4 p0,conv3-4 s2 p1,maxpool", "output=24,13,6", "table"},
    {EXPLAIN, "8", "conv3-4,maxpool,FC-10", "params,macs", "table"},
    {EXPLAIN, "8", "a:(conv3-4,add(id|conv1-4)),maxpool", "output,rf,memory", "latex"},
    {LIKE, "8", "conv3-4,bn,maxpool,FC-10", "thop", "table"},
    {LIKE, "8", "conv3-4,bn,maxpool,FC-10", "torchinfo", "json"},
    {SOLVE, "9", "conv?-4 p0", "5", "json"},
    {SOLVE, "9", "FC-?", "params<=50K", "table"},
    {SOLVE, "1x3x3", "conv3-? b0", "params=700K", "table"},
    {SOLVE, "9", "conv3-4 s?,conv3-2", "rf=7", "table"},
};

static bool run(size_t row, cnn_arena arena, size_t limit, size_t notes_limit, cnn_error *err)
{
    const cnn_settings settings = {.input = view(rows[row].input)};
    const cnn_text text = view(rows[row].text), format = view(rows[row].format);
    const task what = rows[row].task;
    cnn_writer to = sink_open(&written), remarks = sink_open(&notes);
    written.limit = limit;
    notes.limit = notes_limit;
    bool result;
    cnn_check_counts counts;
    if (what == SOLVE) {
        const cnn_solve_options options = {.format = format, .wants = &text, .want_count = 1};
        return cnn_solve_write(view(rows[row].layers), &settings, &options, arena, &to, &remarks,
                               &result, err);
    }
    cnn_network net = {0};
    cnn_arena place = cnn_arena_over(network_memory, sizeof network_memory);
    assert_true(cnn_network_read(&place, view(rows[row].layers), &settings, &net, err));
    const cnn_report_options options = {.format = format,
                                        .columns = what == EXPLAIN ? text : (cnn_text){0}};
    const cnn_claim_text claim = {text, what == SHEET};
    return what == EXPLAIN ? cnn_explain_write(&net, &options, arena, &to, err)
           : what == LIKE  ? cnn_like_write(&net, text, &options, arena, &to, err)
                           : cnn_check_write(&net, &claim, 1, &options, arena, &to, &counts, err);
}

static void every_size_of_memory(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        cnn_error err = {0};
        assert_true(run(row, cnn_arena_over(memory, MOST), 0, 0, &err));
        plenty = written;
        bool done = false;
        size_t size = 0;
        for (; !done && size < MOST; size += STEP) {
            err = (cnn_error){0};
            done = run(row, cnn_arena_over(memory + 1, size), 0, 0, &err);
            EXPECT(failed, done || (err.code == CNN_OUT_OF_MEMORY && written.size == 0),
                   "%s %s with %zu bytes: %s", rows[row].layers, rows[row].text, size,
                   cnn_error_id(&err));
        }
        EXPECT(failed, strcmp(written.data, plenty.data) == 0, "%s %s: %s", rows[row].layers,
               rows[row].text, written.data);
        assert_true(size > 2 * STEP); /* it did need memory */
    }
    assert_int_equal(failed, 0);
}

/* The working of one layer, by itself. */
static void working_alone(void **state)
{
    (void)state;
    cnn_arena place = cnn_arena_over(network_memory, sizeof network_memory);
    const cnn_settings settings = {.input = view("8")};
    cnn_network net = {0};
    cnn_error err = {0};
    assert_true(cnn_network_read(&place, view("conv3-4"), &settings, &net, &err));
    const cnn_numbers numbers = {.net = &net, .samples = 1, .value_bytes = 4, .weight_bits = 32};
    bool done = false;
    for (size_t size = 0; !done && size < MOST; size++) {
        cnn_out out;
        cnn_writer to = sink_open(&written);
        cnn_out_open(&out, &to);
        err = (cnn_error){0};
        cnn_working working = {.out = &out};
        working.style = cnn_style_find((cnn_text){0}, &err);
        done = cnn_explain_layer(&numbers, 1, view("params"), &working,
                                 cnn_arena_over(memory + 1, size), &err);
        assert_true(cnn_out_close(&out));
        assert_int_equal(err.code, done ? CNN_OK : CNN_OUT_OF_MEMORY);
    }
    /* 3*3 positions of 3 channels for each of 4 filters, and 4 biases */
    assert_non_null(strstr(written.data, "= 112\n"));
}

static void failing_writers(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t row = 0; row < LENGTH(rows); row++) {
        cnn_error err = {0};
        assert_true(run(row, cnn_arena_over(memory, MOST), 0, 0, &err));
        const size_t sizes[] = {written.size, notes.size};
        for (int which = 0; which < 2; which++) {
            for (size_t limit = 1; limit < sizes[which]; limit += 61) {
                err = (cnn_error){0};
                const bool done = run(row, cnn_arena_over(memory, MOST), which == 0 ? limit : 0,
                                      which == 1 ? limit : 0, &err);
                EXPECT(failed, !done && err.code == CNN_WRITE_FAILED, "%s %s to %zu bytes: %s",
                       rows[row].layers, rows[row].text, limit, cnn_error_id(&err));
            }
        }
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_size_of_memory),
        cmocka_unit_test(working_alone),
        cmocka_unit_test(failing_writers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
