/*
 * Solving for unknowns: what is found by hand, and that every list that is printed gives what was
 * wanted when it is read again.
 */
#include <dirent.h>

#include "support.h"

static sink output, notes;
static int failed;

/* Solves with more and more memory; the result is that of the call, or the error's name. */
static const char *solve(const char *input, cnn_text layers, const char *want, const char *format,
                         bool *found)
{
    static char name[64];
    for (size_t size = 1 << 16; size <= (size_t)1 << 28; size *= 8) {
        void *memory = malloc(size);
        const cnn_text wanted = view(want);
        const cnn_settings settings = {.input = input == NULL ? (cnn_text){0} : view(input)};
        const cnn_solve_options options = {
            .format = view(format), .wants = &wanted, .want_count = 1};
        cnn_writer to = sink_open(&output), remarks = sink_open(&notes);
        cnn_error err = {0};
        *found = false;
        const bool done = cnn_solve_write(layers, &settings, &options, cnn_arena_over(memory, size),
                                          &to, &remarks, found, &err);
        snprintf(name, sizeof name, "%s", cnn_error_id(&err));
        free(memory);
        if (done || err.code != CNN_OUT_OF_MEMORY) {
            return done ? output.data : name;
        }
    }
    return "out-of-memory";
}

typedef struct row {
    const char *input, *layers, *want;
    const char *lists; /* all that is printed; or an error */
    const char *note;  /* part of what stands beside it */
} row;

static void test_rows(void **state)
{
    (void)state;
    static const row rows[] = {
        /* (224 - 7 + 2p)/2 + 1 is 112 for 3 and 113 for 4; both halves are 56 */
        {"224", "conv7-64 s2 p?,maxpool", "56", "conv7-64 s2 p3,maxpool\nconv7-64 s2 p4,maxpool\n",
         "searched ? = 0 to 1,023"},
        {"224", "conv7-64 s2 p?,maxpool", "64x56x56",
         "conv7-64 s2 p3,maxpool\nconv7-64 s2 p4,maxpool\n", ""},
        {"224", "conv7-64 s2 p?,maxpool", "output=32x56x56", "", "nothing gives what is wanted"},
        /* strides 1 and 2 give 218/2 = 109 and 109/2 = 54 */
        {"224", "conv7-64 s? p0,maxpool", "57", "",
         "nearest below: conv7-64 s2 p0,maxpool gives output 64x54x54\n"
         "nearest above: conv7-64 s1 p0,maxpool gives output 64x109x109\n"},
        {"28", "conv?-8 p0", "24", "conv5-8 p0\n", ""},
        {"28", "conv3-8 p0 d?", "20", "conv3-8 p0 d4\n", ""},
        {"28", "conv3-?", "16x28x28", "conv3-16\n", ""},
        {"28", "FC-?", "10", "FC-10\n", ""},
        {"28", "FC-?", "params=7850", "FC-3\n", "params 7,059 comes nearest"},
        {"1x28x28", "FC-?", "params=7850", "FC-10\n", "params 7,850 exactly"},
        {"1x28x28", "FC-?", "params<7850", "FC-9\n", ""},
        {"1x28x28", "FC-?", "params>7850", "FC-11\n", ""},
        {"1x28x28", "FC-?", "params<785", "", "nearest above: FC-1 gives params 785"},
        /* 785 n <= 5*10^9, beyond the numbers that are tried one by one */
        {"1x28x28", "FC-?", "params<=5G", "FC-6369426\n", ""},
        {"3x8x8", "conv3-? b0", "macs<=100K", "conv3-57 b0\n", "macs 98,496 comes nearest"},
        {"?", "conv3-8 p0,maxpool", "13",
         "input 28; conv3-8 p0,maxpool\n"
         "input 29; conv3-8 p0,maxpool\n",
         ""},
        {"1x?x28", "conv3-8 p0", "8x26x26", "input 1x28x28; conv3-8 p0\n", ""},
        {"?", "input 32; conv3-8 p0", "30", "input 32; conv3-8 p0\n", ""},
        {NULL, "input ?\nconv3-8 p0", "30", "input 32; conv3-8 p0\n", ""},
        {"28", "conv?-8 p?", "28",
         "conv1-8 p0\nconv3-8 p1\nconv5-8 p2\nconv7-8 p3\nconv9-8 p4\nconv11-8 p5\nconv13-8 p6\n"
         "conv15-8 p7\n",
         "searched ? = 0 to 16, ? = 0 to 16"},
        {"28", "n = ? # filters\nf(k) = conv3-k,\n  relu\nf(n)\nf(2*n)", "4x28x28",
         "n = 2; f(k) = conv3-k, relu; f(n); f(2*n)\n", ""},
        {"28", "?*conv3-8 p0", "24", "2*conv3-8 p0\n", ""},
        {"28", "(?)*conv3-8 p0", "24", "(2)*conv3-8 p0\n", ""},
        {"64", "conv3-8 s2,conv3-?", "rf=7", NULL, ""},
        /* what cannot be solved */
        {"28", "conv3-8", "28", "no-unknown", ""},
        {"28", "conv3-8 # ?", "28", "no-unknown", ""},
        {"28", "conv1?-8", "28", "unknown-digit", ""},
        {"28", "conv?-?,conv?-?,conv?-?,conv?-?", "28", "too-many-unknowns", ""},
        {"28", "conv?-8", "prams=5", "unknown-quantity", ""},
        {"28", "conv?-8", "x", "want-form", ""},
        {"28", "conv?-8", "output<5", "claim-budget", ""},
        {"28", "cov?-8", "28", "unknown-layer", ""},
        {"28", "FC-10,conv?-8", "28", "needs-map", ""},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const row *r = &rows[i];
        bool found;
        const char *lists = solve(r->input, view(r->layers), r->want, "table", &found);
        EXPECT(failed, r->lists == NULL || strcmp(lists, r->lists) == 0,
               "%s --want %s\n  wanted %s\n  got %s", r->layers, r->want, r->lists, lists);
        EXPECT(failed, strstr(notes.data, r->note) != NULL, "%s --want %s: %s", r->layers, r->want,
               notes.data);
        EXPECT(failed, found == (output.size > 0), "%s: found is %d", r->layers, found);
    }
    assert_int_equal(failed, 0);
}

/* Reads each printed line again and compares its output. */
static int read_back(const char *input, const cnn_shape *wanted)
{
    static char lists[sizeof output.data];
    int count = 0;
    memcpy(lists, output.data, output.size + 1);
    for (char *line = lists, *end; (end = strchr(line, '\n')) != NULL; line = end + 1, count++) {
        *end = '\0';
        reading r = read_list(input, line);
        const cnn_shape *got = r.done ? output_of(&r.net) : wanted;
        EXPECT(failed,
               r.done && got->channels == wanted->channels && got->side[0] == wanted->side[0] &&
                   got->side[1] == wanted->side[1],
               "%s is not what was wanted", line);
        reading_free(&r);
    }
    return count;
}

/* All geometries with one or two unknowns: what a known list gives is found again. */
static void test_read_back(void **state)
{
    (void)state;
    static const char *const lists[] = {"conv%d-8 s%d p%d", "conv%d-8 s? p%d", "conv?-8 s%d p%d",
                                        "conv?-8 s? p%d"};
    int found_lists = 0;
    for (int k = 1; k <= 7; k += 2) {
        for (int s = 1; s <= 3; s++) {
            for (int p = 0; p <= 3; p++) {
                char known[64], unknown[64], want[64];
                snprintf(known, sizeof known, lists[0], k, s, p);
                reading r = read_list("32x29", known);
                if (!r.done) {
                    continue;
                }
                const cnn_shape wanted = *output_of(&r.net);
                shape_name(&wanted, want, sizeof want);
                reading_free(&r);
                const int numbers[][3] = {{k, p, 0}, {s, p, 0}, {p, 0, 0}};
                for (int i = 0; i < 3; i++) {
                    snprintf(unknown, sizeof unknown, lists[i + 1], numbers[i][0], numbers[i][1]);
                    bool found;
                    (void)solve("32x29", view(unknown), want, "table", &found);
                    EXPECT(failed, found && strstr(output.data, known) != NULL,
                           "%s is not found from %s", known, unknown);
                    found_lists += read_back("32x29", &wanted);
                }
            }
        }
    }
    print_message("%d lists read back\n", found_lists);
    assert_true(found_lists > 200);
    assert_int_equal(failed, 0);
}

/* Every example in one line, with its last number unknown: its own number is found again. */
static void test_examples(void **state)
{
    (void)state;
    DIR *folder = opendir(EXAMPLES);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        static char text[1 << 16];
        char path[512], want[64];
        const size_t length = strlen(entry->d_name);
        if (length < 4 || strcmp(entry->d_name + length - 4, ".cnn") != 0) {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", EXAMPLES, entry->d_name);
        FILE *file = fopen(path, "rb");
        assert_non_null(file);
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
        reading known = read_list(NULL, text);
        snprintf(want, sizeof want, "params=%lld", (long long)known.net.totals.params);
        char *place = strstr(text, "-64"); /* the first layer's channels, mostly */
        if (place == NULL) {
            reading_free(&known);
            continue;
        }
        place[1] = '?';
        memmove(place + 2, place + 3, strlen(place + 3) + 1);
        bool found;
        const char *lists = solve(NULL, view(text), want, "table", &found);
        reading again = read_text_list(NULL, (cnn_text){lists, strcspn(lists, "\n")});
        EXPECT(failed,
               found && again.done &&
                   memcmp(&again.net.totals, &known.net.totals, sizeof known.net.totals) == 0,
               "%s: %s", entry->d_name, lists);
        reading_free(&again);
        reading_free(&known);
        count++;
    }
    closedir(folder);
    assert_true(count > 20);
    assert_int_equal(failed, 0);
}

static void test_json(void **state)
{
    (void)state;
    bool found;
    assert_string_equal(
        solve("28", view("conv?-8 p0"), "24", "json", &found),
        "{\"schema\":1,\"solutions\":[\n  {\"layers\":\"conv5-8 p0\",\"unknowns\":[5],"
        "\"output\":[8,24,24],\"params\":608,\"macs\":345600}\n ],\n"
        " \"nearest\":[],\n \"searched\":[[0,1023]]}\n");
    assert_true(found);
    assert_non_null(strstr(solve("28", view("FC-? b0"), "params<2352", "json", &found),
                           "\"solutions\":[],\n \"nearest\":[\n  {\"layers\":\"FC-1 b0\""));
    assert_false(found);
    assert_string_equal(solve("28", view("conv?-8"), "24", "svg2", &found), "unknown-format");
    assert_string_equal(solve("28", view("conv?-8"), "24", "tsv", &found), "solve-format");
}

typedef struct told {
    int64_t last, all, calls;
    bool falls;
} told;

static void count_call(void *user, int64_t tried, int64_t all)
{
    told *t = user;
    t->falls = t->falls || tried < t->last || tried > all;
    t->last = tried;
    t->all = all;
    t->calls++;
}

/* One ? is tried from 0 to 1,023: after 64 tries, after 128, and so on. */
static void test_progress(void **state)
{
    static unsigned char memory[1 << 20];
    (void)state;
    told t = {0};
    const cnn_text wanted = view("56");
    const cnn_settings settings = {.input = view("224")};
    const cnn_solve_options options = {
        .wants = &wanted, .want_count = 1, .progress = count_call, .user = &t};
    cnn_writer to = sink_open(&output), remarks = sink_open(&notes);
    cnn_error err = {0};
    bool found;
    assert_true(cnn_solve_write(view("conv7-64 s2 p?,maxpool"), &settings, &options,
                                cnn_arena_over(memory, sizeof memory), &to, &remarks, &found,
                                &err));
    assert_int_equal(t.calls, 16);
    assert_int_equal(t.last, 1023);
    assert_int_equal(t.all, 1024);
    assert_false(t.falls);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),     cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_examples), cmocka_unit_test(test_json),
        cmocka_unit_test(test_progress),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
