/*
 * Solving, reconciling, long sheets and formulas at their limits: branches that the tests of each
 * leave over. What is expected is worked by hand, in the rows or beside them.
 */
#include "base/out.h"
#include "explain/formula.h"
#include "report/report.h"
#include "support.h"

static unsigned char memory[1 << 26];
static sink output, notes;
static int failed;

typedef struct row {
    const char *input, *layers, *want;
    const char *lists; /* all that is printed; or an error */
    const char *note;  /* part of what stands beside it */
} row;

static const char *solve(const row *r, const cnn_text *wants, int32_t count, const char *format)
{
    const cnn_settings settings = {.input = view(r->input)};
    const cnn_solve_options options = {.format = view(format), .wants = wants, .want_count = count};
    cnn_writer to = sink_open(&output), remarks = sink_open(&notes);
    cnn_error err = {0};
    bool found = false;
    const bool done =
        cnn_solve_write(view(r->layers), &settings, &options, cnn_arena_over(memory, sizeof memory),
                        &to, &remarks, &found, &err);
    EXPECT(failed, !done || strcmp(format, "json") == 0 || found == (output.size > 0),
           "%s: found is %d", r->layers, found);
    return done ? output.data : cnn_error_id(&err);
}

/* Fields of transposed convolutions are followed row by row: trying all inputs takes minutes. */
static void test_time(void **state)
{
    (void)state;
    static const char begin[] = "nothing gives what is wanted; searched ? = 0 to ";
    static const char *const inputs[] = {"?", "?x?", "1d 4x?"};
    for (size_t i = 0; i < LENGTH(inputs); i++) {
        const row r = {inputs[i], "conv3-4 s2, deconv3-4 p0 s2", "rf=3", "", ""};
        const cnn_text want = view(r.want);
        assert_string_equal(solve(&r, &want, 1, "table"), "");
        const char *searched = strstr(notes.data, begin);
        assert_non_null(searched);
        const char *number = searched + sizeof begin - 1;
        assert_true(strspn(number, "0123456789,") < strlen("65,535") || number[0] < '6');
    }
}

static void test_solving(void **state)
{
    (void)state;
    static const row rows[] = {
        /* (10 - 3)/2 + 1 = 4 for rows of 10 and 11 pixels; comments, line ends, blanks, a mark */
        {"", "\xEF\xBB\xBFinput ?\nconv3-8 p0 s2", "4",
         "input 9; conv3-8 p0 s2\ninput 10; conv3-8 p0 s2\n", ""},
        {"", " \t# a list\r\ninput ? # side\r\nconv3-8 p0", "4", "input 6; conv3-8 p0\n", ""},
        {"", "input ?, conv3-8 p0", "4", "input 6, conv3-8 p0\n", ""},
        {"", ";input ?;conv3-8 p0", "4", ";input 6;conv3-8 p0\n", ""},
        {"", "input ?", "4", "empty-list", ""},
        {"28", "inputs=?\nconv3-inputs", "4x28x28", "inputs=4; conv3-inputs\n", ""},
        {"28", "n =\t? # filters\nconv3-n # end", "4x28x28", "n = 4; conv3-n\n", ""},
        {"28", "\n\nconv3-?", "4x28x28", "conv3-4\n", ""},
        {"28", "conv3-(?)\r\nrelu", "4x28x28", "conv3-(4); relu\n", ""},
        {"28", "conv3-(\n?\n)", "4x28x28", "conv3-( 4 )\n", ""},
        {"28", "conv3-(\t?)", "4x28x28", "conv3-( 4)\n", ""},
        {"28", "  ", "4", "no-unknown", ""},
        {"28", "conv3-?4", "28", "unknown-digit", ""},
        {"1?x8", "conv3-4", "28", "unknown-digit", ""},
        {"??", "conv3-4", "28", "unknown-digit", ""},
        {"28", "conv3-?", "params=10%", "want-form", ""},
        {"28", "conv3-?", "macs%<50", "want-form", ""},
        {"28", "conv3x5-?", "rf<4", "", "nearest above: conv3x5-1 gives rf 3x5\n"},
        {"28", "conv3-??", "28", "unknown-digit", ""},
        {"?", "conv0-8,conv3-4", "28", "too-small", ""},
        {"28", "conv?-8,conv0-4", "28", "too-small", ""},
        /* 28 - 4 + 1 = 25, 28 - 3 + 1 = 26 */
        {"28", "conv?x3-8 p0", "25x26", "conv4x3-8 p0\n", ""},
        {"28", "conv?-8 p0", "25x26", "", "nothing gives what is wanted"},
        /* the first two are equal, the third is not: height x width x channels */
        {"5", "conv1-?", "5x5x3", "conv1-3\n", ""},
        {"28", "conv?-8 p0", "rf<4", "conv1-8 p0\nconv2-8 p0\nconv3-8 p0\n", ""},
        {"28", "conv3-8 s2,conv?-8", "rf=8", "",
         "nearest below: conv3-8 s2,conv3-8 gives rf 7\nnearest above: conv3-8 s2,conv4-8 gives "
         "rf 9\n"},
        {"vector 8", "FC-?", "rf=3", "", "nothing gives what is wanted"},
        {"1x28x28", "FC-?", "params>=7850", "FC-10\n", "params 7,850 exactly"},
        {"1x28x28", "FC-?", "macs>=7850", "FC-11\n", "macs 8,624 comes nearest"},
        /* 2,002 layers are read at most 8,000,000/2,002 = 3,996 times: 3 to the 6th is 729, 4 to
         * the 6th 4,096 */
        {"3", "conv?x?-1 s?x? p?x?,2000*relu", "1x99x99", "",
         "searched ? = 0 to 2, ? = 0 to 2, ? = 0 to 2, ? = 0 to 2, ? = 0 to 2, ? = 0 to 2\n"},
        {"vector 1", "FC-?,2000*relu", "400000", "", "nothing gives what is wanted"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const row *r = &rows[i];
        const cnn_text want = view(r->want);
        const char *lists = solve(r, &want, 1, "table");
        EXPECT(failed, strcmp(lists, r->lists) == 0, "%s --want %s\n  wanted %s\n  got %s",
               r->layers, r->want, r->lists, lists);
        EXPECT(failed, strstr(notes.data, r->note) != NULL, "%s --want %s: %s", r->layers, r->want,
               notes.data);
    }
    assert_int_equal(failed, 0);
}

static void test_wants(void **state)
{
    (void)state;
    const row chain = {"64", "conv3-8 s?,conv3-8", NULL, NULL, NULL};
    const cnn_text pairs[] = {view("rf=7"), view("jump=2")};
    assert_string_equal(solve(&chain, pairs, 2, "table"), "conv3-8 s2,conv3-8\n");
    cnn_text many[9];
    for (size_t i = 0; i < LENGTH(many); i++) {
        many[i] = view("rf=7");
    }
    assert_string_equal(solve(&chain, many, 8, "table"), "conv3-8 s2,conv3-8\n");
    assert_string_equal(solve(&chain, many, 9, "table"), "too-many-wants");
    /* 3*3*3*8 + 8 whatever the stride */
    const row ties = {"28", "conv3-8 s?", NULL, NULL, NULL};
    const cnn_text budget[] = {view("params<=224"), view("output<29")};
    assert_string_equal(solve(&ties, &budget[1], 1, "table"), "claim-budget");
    const cnn_text with_size[] = {budget[0], view("14")};
    assert_string_equal(solve(&ties, with_size, 2, "table"), "conv3-8 s2\n");
    (void)solve(&ties, budget, 1, "table");
    assert_non_null(strstr(output.data, "conv3-8 s1\nconv3-8 s2\nconv3-8 s3\n"));
    assert_non_null(strstr(notes.data, "params 224 exactly\n"));
    /* However long the row is, it has no parameters: the search ends with the numbers. */
    const row endless = {"1x1x?", "relu", NULL, NULL, NULL};
    const cnn_text none = view("params<=5");
    (void)solve(&endless, &none, 1, "table");
    assert_int_equal(strncmp(output.data, "input 1x1x1; relu\ninput 1x1x2; relu\n", 36), 0);
    assert_non_null(strstr(notes.data, " more are not shown\n"));
    const row endless_too = {"1x1x?", "1000*relu", NULL, NULL, NULL};
    (void)solve(&endless_too, &none, 1, "table");
    const char *bound = strstr(notes.data, "0 to ") + strlen("0 to ");
    assert_int_equal(strcspn(bound, "\n"), strlen("9,223,372,036,854,775,807"));
    assert_int_equal(failed, 0);
}

/* ---- how far a search goes ---- */

/*
 * Whatever takes long is counted: a list that takes as long as 125,000 layers is refused. Of the
 * fields of an enlargement a row takes as long as a layer: 224 doubled eight times gives more than
 * 2*100,000. Twenty blocks of 100 layers have 5! orders each. The 500 terms of a definition, of 4
 * bytes, are read again for each call, and 16 bytes count as a layer.
 */
static void test_effort(void **state)
{
    (void)state;
    static char terms[1 << 12] = "f(n) = conv3-(n";
    for (int32_t i = 0; i < 500; i++) {
        strcat(terms, "+1*1");
    }
    strcat(terms, "); conv3-?, 1000*f(1)");
    static const char enlarged[] = "conv3-?, 8*deconv5-8 s2 p2";
    static const char joins[] = "conv3-?, 20*cat(conv3-8 | conv1-8 | id | conv5-9 | relu)";
    const struct {
        const char *layers, *want;
        bool refused;
    } rows[] = {
        {enlarged, "rf=7", true}, {enlarged, "output=7", false}, {joins, "ram=1", true},
        {joins, "peak=1", false}, {terms, "output=7", true},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const row r = {"1x224x224", rows[i].layers, NULL, NULL, NULL};
        const cnn_text want = view(rows[i].want);
        const bool refused = strcmp(solve(&r, &want, 1, "table"), "solve-too-long") == 0;
        EXPECT(failed, refused == rows[i].refused, "%s --want %s", r.layers, rows[i].want);
    }
    assert_int_equal(failed, 0);
}

/* The numbers of the remark: searched ? = 0 to 5, ? = 0 to 7. */
static int64_t told_bound(int32_t which)
{
    const char *at = strstr(notes.data, "searched");
    for (int32_t i = 0; i <= which; i++) {
        at = strstr(at, " to ") + strlen(" to ");
    }
    int64_t number = 0;
    for (; (*at >= '0' && *at <= '9') || *at == ','; at++) {
        if (*at == ',') {
            if (at[1] == ' ') {
                break;
            }
            continue;
        }
        number = 10 * number + (*at - '0');
    }
    return number;
}

/*
 * Lists that become longer with their numbers: the bounds come down, though not alike, as even the
 * lower ones take too long. All within those that are told was tried. All lists give 8x8, so that
 * those tried are those found.
 */
static void test_longer_lists(void **state)
{
    (void)state;
    const row r = {"8", "k = ?; n = ?; m = ?; relu, k*n*m*relu", NULL, NULL, NULL};
    const cnn_text size = view("8x8");
    int64_t found = 0;
    for (const char *at = solve(&r, &size, 1, "table"); (at = strchr(at, '\n')) != NULL; at++) {
        found++;
    }
    const int64_t k = told_bound(0), n = told_bound(1), m = told_bound(2);
    EXPECT(failed, k > 0 && k < n && n == m, "%s", notes.data);
    found += 1000 * strtoll(strstr(notes.data, "\n") + 1, NULL, 10);
    EXPECT(failed, found >= (k + 1) * (n + 1) * (m + 1), "%lld found, %s", (long long)found,
           notes.data);
    assert_int_equal(failed, 0);
}

static void test_solving_json(void **state)
{
    (void)state;
    const row two = {"9", "conv?-4 p?", NULL, NULL, NULL};
    const cnn_text same = view("9");
    const char *json = solve(&two, &same, 1, "json");
    assert_non_null(strstr(json, "\"unknowns\":[3,1],\"output\":[4,9,9],"));
    assert_non_null(strstr(json, "\"searched\":[[0,16],[0,16]]"));
    /* strides 1 and 2 give 218/2 = 109 and 109/2 = 54 */
    const row strides = {"224", "conv7-64 s? p0,maxpool", NULL, NULL, NULL};
    const cnn_text between = view("57");
    json = solve(&strides, &between, 1, "json");
    assert_non_null(strstr(json, "\"unknowns\":[2],\"output\":[64,54,54],"));
    assert_non_null(strstr(json, ",\n  {\"layers\":\"conv7-64 s1 p0,maxpool\""));
    assert_int_equal(failed, 0);
}

/* ---- other programs' totals ---- */

static void test_like(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *tool, *dtype, *expected;
        int32_t samples;
    } rows[] = {
        /* heads do not run: their pooling counts nothing; 100 values enter the other one */
        {"1x10x10", "aux(gap,FC-10),gap", "fvcore", "", "fvcore 0.1.5.post20221221, flops: 100\n",
         1},
        /* our bytes: 3 * 10^10 values, two samples' worth; two layers of 5 * 10^18 */
        {"3x100000x100000", "relu", "cs231n", "", "overflow", INT32_MAX},
        {"1x1x580000000", "maxpool1 s1", "cs231n", "", "overflow", INT32_MAX},
        /* theirs: 5 * 2 * 10^18; 2 * 5 * 10^18; 3 * 4 * 10^18 */
        {"2000000000000000000x1x1", "ln", "fvcore", "", "overflow", 1},
        {"1000000000000000000x1x1", "ln,ln", "fvcore", "", "overflow", 1},
        {"4000000000000000000x1x1", "softmax", "thop", "", "overflow", 1},
        /* 3 * 10^18 + 8 * 10^18 and + 100 * 10^18; 3 * 10^18 + 5 * 10^18 fit */
        {"1x1000000000x1000000000", "LRN8", "ptflops", "", "overflow", 1},
        {"1x1000000000x1000000000", "LRN100", "ptflops", "", "overflow", 1},
        {"1x1000000000x1000000000", "LRN5", "ptflops", "", "MACs: 8,000,000,000,000,000,000\n", 1},
        /* twice the output, of two samples, of two bytes */
        {"1x1x4700000000000000000", "scale", "torchinfo", "i8", "overflow", 1},
        {"1x1x2400000000000000000", "scale", "torchinfo", "i8", "overflow", 2},
        {"1x1x2400000000000000000", "scale", "torchinfo", "f16", "overflow", 1},
        {"8", "relu", "fvcoer", "", "unknown-tool", 1},
        {"8", "relu", "fvcore", "f33", "unknown-dtype", 1},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        const cnn_settings settings = {.input = view(rows[i].input)};
        const cnn_report_options options = {.dtype = view(rows[i].dtype),
                                            .samples = rows[i].samples};
        cnn_network net = {0};
        cnn_error err = {0};
        cnn_writer to = sink_open(&output);
        const bool done = cnn_network_read(&arena, view(rows[i].layers), &settings, &net, &err) &&
                          cnn_like_write(&net, view(rows[i].tool), &options, arena, &to, &err);
        const char *written = done ? output.data : cnn_error_id(&err);
        EXPECT(failed, strstr(written, rows[i].expected) != NULL, "row %d %s --like %s: %s", (int)i,
               rows[i].layers, rows[i].tool, written);
    }
    assert_int_equal(failed, 0);
}

/* ---- sheets ---- */

static char text[1 << 21], layers[1 << 18];

/* Checks the sheet in `text`, and says what is written, or the error's name. */
static const char *check_sheet(const char *list, size_t size, const char *dtype, const char *format)
{
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.input = view("8")};
    const cnn_claim_text claim = {{text, size}, true};
    const cnn_report_options options = {.format = view(format), .dtype = view(dtype)};
    cnn_network net = {0};
    cnn_error err = {0};
    cnn_check_counts counts = {0};
    cnn_writer to = sink_open(&output);
    return cnn_network_read(&arena, view(list), &settings, &net, &err) &&
                   cnn_check_write(&net, &claim, 1, &options, arena, &to, &counts, &err)
               ? output.data
               : cnn_error_id(&err);
}

static void test_sheets(void **state)
{
    (void)state;
    static const struct {
        const char *layers, *sheet, *expected;
    } rows[] = {
        /* other columns of reports, by name and by title; their cells say nothing */
        {"conv3-4", "index\twindow\tpath\tparams\n1\tx\ty\t112\n", "+ right    layer 1 (conv3-4)"},
        {"conv3-4", "layer\t#\tparams\nconv3-4\tx\t112\n", "+ right    layer 1 (conv3-4)"},
        {"maxpool,aux(gap,FC-10),FC-5", "layer\tparams\nFC-10 (aux)\t40\n",
         "+ right    layer 3 (FC-10): params = 40\n"},
        {"aux(gap,FC-10),FC-5", "layer\tparams\nconv3-64\t40\n",
         "? unread   line 2: the network has no row 'conv3-64'"},
        {"aux(gap,FC-10),FC-5", "layer\tparams\nFC-5\t965\n", "+ right    layer 4 (FC-5)"},
        {"2*(conv3-4,relu),FC-5", "layer\tparams\nFC-5\t1285\n", "+ right    layer 5 (FC-5)"},
        /* names that stand in no row of layers: rows are items */
        {"a:(conv3-4,relu),b:(conv3-4,relu),FC-5",
         "index\tlayer\tparams\n1\ta\t112\n2\tb\t148\n3\tFC-5\t1285\n", "3 answers: 3 right\n"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        strcpy(text, rows[i].sheet);
        const char *written = check_sheet(rows[i].layers, strlen(text), "", "table");
        EXPECT(failed, strstr(written, rows[i].expected) != NULL, "%s\n  wanted %s\n  got %s",
               rows[i].sheet, rows[i].expected, written);
    }
    strcpy(text, "index\tparams\n1\t112\n");
    assert_string_equal(check_sheet("conv3-4", strlen(text), "f33", "table"), "unknown-dtype");
    assert_string_equal(check_sheet("conv3-4", strlen(text), "", "svg2"), "unknown-format");
    assert_string_equal(check_sheet("conv3-4", CNN_MAX_BYTES + 1, "", "table"), "too-long");
    strcpy(text, "index");
    for (int i = 0; i < CNN_MAX_COLUMNS; i++) {
        strcat(text, "\tparams");
    }
    assert_string_equal(check_sheet("conv3-4", strlen(text), "", "table"), "sheet-header");
    assert_int_equal(failed, 0);
}

/* 3,000 rows in order are found in one pass; the other way round it would be 4.5 million steps. */
static void test_long_sheets(void **state)
{
    (void)state;
    enum { ROWS = 3000, WRONG_ROWS = 2001 };
    char *list = layers, *up = text;
    for (int i = 1; i <= ROWS; i++) {
        list += sprintf(list, "%sconv1-%d", i > 1 ? "," : "", i);
    }
    up += sprintf(up, "index\tinput\n");
    for (int i = 1; i <= ROWS; i++) {
        up += sprintf(up, "%d\t8\n", i);
    }
    assert_non_null(strstr(check_sheet(layers, (size_t)(up - text), "", "table"),
                           "3000 answers: 3000 right\n"));
    for (int named = 0; named < 2; named++) {
        char *down = text + sprintf(text, named != 0 ? "layer\tinput\n" : "index\tinput\n");
        for (int i = ROWS; i >= 1; i--) {
            down += sprintf(down, named != 0 ? "conv1-%d\t8\n" : "%d\t8\n", i);
        }
        assert_non_null(strstr(check_sheet(layers, (size_t)(down - text), "", "table"),
                               "3000 answers: 3000 right\n"));
    }
    /* The same wrong answer to one question follows from nothing, however often it is given. */
    char *same = text + sprintf(text, "index\tparams\n");
    for (int i = 0; i < WRONG_ROWS; i++) {
        same += sprintf(same, "1\t108\n");
    }
    assert_non_null(strstr(check_sheet("conv3-4", (size_t)(same - text), "", "json"), "[no-bias") ==
                            NULL
                        ? strstr(output.data, "\"id\":\"no-bias\"")
                        : NULL);
    assert_null(strstr(output.data, "follows"));
}

/* ---- formulas and explanations ---- */

static void test_formulas(void **state)
{
    (void)state;
    const cnn_step step = {.formula = "a*a + b", .value = {2, 3}};
    cnn_out out;
    cnn_writer to = sink_open(&output);
    cnn_out_open(&out, &to);
    cnn_out_formula(&out, &step, (cnn_formula_form){.numbers = true});
    cnn_out_char(&out, ' ');
    cnn_out_number(&out, -1234005, 1, false);
    assert_true(cnn_out_close(&out));
    assert_string_equal(output.data, "2*2 + 3 -1,234,005");
}

static void test_explanations(void **state)
{
    (void)state;
    static const struct {
        const char *layers, *format, *expected;
    } rows[] = {
        {"conv3-4", "svg2", "unknown-format"},
        /* joins of two and of three branches are not alike */
        {"add(relu|relu),add(relu|relu|relu)", "table", "7  add: 3x8x8, 3x8x8, 3x8x8 -> 3x8x8\n"},
        /* height 8 - 3 + 1, width 8 - (2*2 + 1) + 1 */
        {"conv3-4 p0 d1x2", "table", "floor((8 - 3 + 2*0)/1) + 1 = 6\n"},
        {"conv3-4 p0 d1x2", "table", "floor((8 - 5 + 2*0)/1) + 1 = 4\n"},
        {"conv3x5-4 p0 d2x1", "table", "= 4\n"},
        /* bytes that do not fit into 64 bits, for so many samples: nobody asked for them */
        {"resize100000", "table", "3x8x8 -> 3x100000x100000\n"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        const cnn_settings settings = {.input = view("8")};
        const cnn_report_options options = {.format = view(rows[i].format), .samples = INT32_MAX};
        cnn_network net = {0};
        cnn_error err = {0};
        cnn_writer to = sink_open(&output);
        const bool done = cnn_network_read(&arena, view(rows[i].layers), &settings, &net, &err) &&
                          cnn_explain_write(&net, &options, arena, &to, &err);
        const char *written = done ? output.data : cnn_error_id(&err);
        EXPECT(failed, strstr(written, rows[i].expected) != NULL, "%s\n  wanted %s\n  got %s",
               rows[i].layers, rows[i].expected, written);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_solving),      cmocka_unit_test(test_time),
        cmocka_unit_test(test_wants),        cmocka_unit_test(test_effort),
        cmocka_unit_test(test_longer_lists), cmocka_unit_test(test_solving_json),
        cmocka_unit_test(test_like),         cmocka_unit_test(test_sheets),
        cmocka_unit_test(test_long_sheets),  cmocka_unit_test(test_formulas),
        cmocka_unit_test(test_explanations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
