/*
 * The most samples within budgets, by hand: conv1-1 on 1x4x4 keeps its input, 64 bytes a sample,
 * and trains 2 parameters of 4 bytes; its activations are 32 values.
 */
#include "support.h"

static sink written, notes;

static bool solve(reading *r, const char *wants, const char *train, const char *format, bool *found,
                  cnn_error *err)
{
    cnn_text list[12], rest = view(wants);
    int32_t count = 0;
    while (rest.size > 0) {
        const char *comma = memchr(rest.data, ';', rest.size);
        const size_t size = comma == NULL ? rest.size : (size_t)(comma - rest.data);
        list[count++] = (cnn_text){rest.data, size};
        rest = (cnn_text){rest.data + size + (comma != NULL), rest.size - size - (comma != NULL)};
    }
    const cnn_solve_options options = {
        .format = view(format), .wants = list, .want_count = count, .train = view(train)};
    cnn_writer to = sink_open(&written), remarks = sink_open(&notes);
    return cnn_samples_write(&r->net, &options, r->arena, &to, &remarks, found, err);
}

static void most_samples(void **state)
{
    (void)state;
    static const struct {
        const char *wants, *train, *format, *out, *notes;
        bool found;
    } rows[] = {
        {"kept<=1000", "sgd", "", "samples 15\n", "15 samples: kept 960\n16 samples: kept 1,024\n",
         true},
        {"kept=1024", "sgd", "", "samples 16\n", "16 samples: kept 1,024\n17 samples: kept 1,088\n",
         true},
        {"kept<1024", "sgd", "json", "{\"schema\":1,\"samples\":15}\n", "", true},
        /* 2 parameters, 2 gradients, 4 moments and 2 counters: 40 bytes */
        {"train<=104", "adam", "", "samples 1\n", "1 sample: train 104\n2 samples: train 168\n",
         true},
        {"train<=103", "adam", "", "", "1 sample: train 104\n", false},
        {"train<=103", "adam", "json", "{\"schema\":1,\"samples\":0}\n", "", false},
        {"kept<=1000;memory<=1KB", "sgd", "", "samples 7\n",
         "7 samples: kept 448, memory 896\n8 samples: kept 512, memory 1,024\n", true},
        {"params<=2", "", "", "samples 2147483647\n", "2,147,483,647 samples: params 2\n", true},
        {"params<=1", "", "", "", "1 sample: params 2\n", false},
        {"1x4x4;kept<=64", "sgd", "", "samples 1\n",
         "1 sample: output 1x4x4, kept 64\n2 samples: output 1x4x4, kept 128\n", true},
        {"rf<1", "", "", "", "1 sample: rf 1\n", false},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x4x4", "conv1-1");
        cnn_error err = {0};
        bool found = !rows[i].found;
        EXPECT(failed, solve(&r, rows[i].wants, rows[i].train, rows[i].format, &found, &err),
               "%s: %s", rows[i].wants, cnn_error_id(&err));
        EXPECT(failed,
               found == rows[i].found && strcmp(written.data, rows[i].out) == 0 &&
                   strcmp(notes.data, rows[i].notes) == 0,
               "%s: %s, %s", rows[i].wants, written.data, notes.data);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static void errors(void **state)
{
    (void)state;
    static const struct {
        const char *wants, *train, *format, *id;
    } rows[] = {
        {"nonsense<=1", "sgd", "", "unknown-quantity"},
        {"kept<=1", "rmsprop", "", "unknown-optimizer"},
        {"kept<=1", "sgd", "nosuch", "unknown-format"},
        {"1;1;1;1;1;1;1;1;1", "sgd", "", "too-many-wants"},
        {"kept<=50%", "sgd", "", "want-form"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x4x4", "conv1-1");
        cnn_error err = {0};
        bool found;
        EXPECT(failed,
               !solve(&r, rows[i].wants, rows[i].train, rows[i].format, &found, &err) &&
                   strcmp(cnn_error_id(&err), rows[i].id) == 0,
               "%s: %s", rows[i].wants, cnn_error_id(&err));
        reading_free(&r);
    }
    reading r = read_list("1x4x4", "conv1-1");
    cnn_error err = {0};
    bool found;
    r.arena = (cnn_arena){0};
    assert_false(solve(&r, "kept<=64", "sgd", "", &found, &err));
    assert_int_equal(err.code, CNN_OUT_OF_MEMORY);
    reading_free(&r);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(most_samples), cmocka_unit_test(errors)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
