/*
 * Other programs' totals: every row of tests/data/like.tsv, which holds what they printed, and
 * totals that are published or follow by hand.
 */
#include "support.h"

#include "compare/tools.h"
#include "ops/op.h"

static sink output;
static int failed;

/* torchvision's VGG-16: its adaptive pooling does nothing at 224x224, but is counted. */
#define VGG16                                                                                      \
    "2*(conv3-64,relu),maxpool,2*(conv3-128,relu),maxpool,3*(conv3-256,relu),maxpool,"             \
    "3*(conv3-512,relu),maxpool,3*(conv3-512,relu),maxpool,aap7,flatten,"                          \
    "FC-4096,relu,dropout,FC-4096,relu,dropout,FC-1000"

typedef struct row {
    const char *layers; /* or the name of an example */
    const char *tool, *what;
    long long ours, theirs;
} row;

static const char *load(const char *name)
{
    static char text[1 << 16];
    char path[512];
    snprintf(path, sizeof path, "%s/%s.cnn", EXAMPLES, name);
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return name;
    }
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* The JSON for one tool, or the error's name. */
static const char *like(const char *input, const char *layers, const char *tool, const char *format)
{
    static char name[64];
    reading r = read_list(input, load(layers));
    assert_true(r.done);
    const cnn_report_options options = {.format = view(format)};
    cnn_writer to = sink_open(&output);
    cnn_error err = {0};
    const bool done = cnn_like_write(&r.net, view(tool), &options, r.arena, &to, &err);
    snprintf(name, sizeof name, "%s", cnn_error_id(&err));
    reading_free(&r);
    return done ? output.data : name;
}

/* ---- rows of the file ---- */

/* A column, and where its number is: which report of which tool. */
static const struct {
    const char *column, *tool, *what;
    int report;
} columns[] = {
    {"torchinfo", "torchinfo", "macs", 0},
    {"torchinfo_memory", "torchinfo", "memory", 1},
    {"thop", "thop", "macs", 0},
    {"ptflops", "ptflops", "macs", 0},
    {"ptflops-aten", "ptflops-aten", "macs", 0},
    {"fvcore", "fvcore", "macs", 0},
    {"profiler", "torch-profiler", "flops", 0},
    {"profiler_sums", "torch-profiler", "flops", 1},
    {"opencv", "opencv", "flops", 0},
};

enum { FIRST = 2, CELLS = FIRST + LENGTH(columns) };

/* What report number `report` of the JSON says is theirs: a number or null. */
static void theirs_of(const char *json, const char *what, int report, char *out, size_t size)
{
    const char *at = json;
    for (int i = 0; i <= report && at != NULL; i++) {
        at = strstr(at + 1, "{\"what\":\"");
    }
    snprintf(out, size, "no report");
    if (at != NULL && strncmp(at + 9, what, strlen(what)) == 0) {
        at = strstr(at, "\"theirs\":") + strlen("\"theirs\":");
        snprintf(out, size, "%.*s", (int)strcspn(at, ","), at);
    }
}

/* "5" is 5, "5+2" is 7, "none" is null. */
static void wanted_of(const char *cell, char *out, size_t size)
{
    char *more;
    const long long number = strtoll(cell, &more, 10);
    if (strcmp(cell, "none") == 0) {
        snprintf(out, size, "null");
    } else {
        snprintf(out, size, "%lld", number + strtoll(more, NULL, 10));
    }
}

static void test_measured(void **state)
{
    (void)state;
    char *table = slurp(TEST_DATA "/like.tsv"), *at = table, *cells[CELLS];
    int compared = 0;
    assert_true(next_row(&at, cells, CELLS));
    for (size_t i = 0; i < LENGTH(columns); i++) {
        assert_string_equal(cells[FIRST + i], columns[i].column);
    }
    while (next_row(&at, cells, CELLS)) {
        for (size_t i = 0; i < LENGTH(columns); i++) {
            const char *cell = cells[FIRST + i];
            char wanted[64], got[64];
            if (strcmp(cell, "-") == 0) {
                continue;
            }
            wanted_of(cell, wanted, sizeof wanted);
            theirs_of(like(cells[0], cells[1], columns[i].tool, "json"), columns[i].what,
                      columns[i].report, got, sizeof got);
            EXPECT(failed, strcmp(wanted, got) == 0, "%s %s: %s reports %s, not %s", cells[0],
                   cells[1], columns[i].column, wanted, got);
            compared++;
        }
    }
    free(table);
    assert_true(compared > 500);
    assert_int_equal(failed, 0);
}

/* ---- others ---- */

static long long sum_of_differences(const char *json)
{
    long long sum = 0, ours, theirs;
    while ((json = strstr(json, "{\"layer\":")) != NULL) {
        json = strstr(json, ",\"ours\":");
        if (sscanf(json, ",\"ours\":%lld,\"theirs\":%lld", &ours, &theirs) == 2) {
            sum += theirs - ours;
        }
    }
    return sum;
}

static void test_totals(void **state)
{
    (void)state;
    static const row rows[] = {
        {VGG16, "torchinfo", "params", 138357544, 138357544},
        {VGG16, "darknet", "flops", 30940528640, 30940528640},
        {VGG16, "keras", "params", 138357544, 138357544},
        {VGG16, "cs231n", "params", 138357544, 138344128},
        /* the rows of the course page sum to 15,237,608 values of 4 bytes */
        {"vgg-d", "cs231n", "memory", 60950432, 60950432},
        /* published by users of thop: its totals of torchvision's models, unchanged since 0.1 */
        {"resnet18", "thop", "macs", 1814073344, 1824033792},
        {"resnet50", "thop", "macs", 4089184256, 4133742592},
        {"resnet101", "thop", "macs", 7801405440, 7866435584},
        {"resnet152", "thop", "macs", 11513626624, 11603945472},
        /* 177.83 MB in torchinfo's table */
        {"resnet50", "torchinfo", "memory", 112406432, 177831744},
        /* means and variances of 4,800 channels besides torchvision's 11,689,512 */
        {"resnet18", "keras", "params", 11689512, 11699112},
        {"maxpool112,deconv2-2 s2 p0", "darknet", "flops", 192, 0},
        /* 3 x 2 x 2 values, by the rules in the source: layer norms; no module; a map's softmax */
        {"maxpool112,ln", "ptflops", "macs", 0, 2 * 150528 + 12},
        {"maxpool112,ln", "fvcore", "macs", 0, 60},
        {"maxpool112,ln", "thop", "macs", 0, 48},
        {"maxpool112,ln", "torchinfo", "macs", 0, 6},
        {"maxpool112,scale", "torchinfo", "macs", 0, 0},
        {"maxpool112,bias", "torchinfo", "memory", 602112 + 48 + 48, 0},
        {"maxpool112,softmax", "thop", "macs", 0, 32},
        /* windows of 2 and 1 rows and columns under ceil: 3 + 2 values each way, less the padding
         * that is not there */
        {"maxpool112,avgpool2 ceil", "thop", "macs", 0, 12 + 3},
        {"maxpool112,pad1,avgpool3 s2 ceil", "thop", "macs", 0, 3 * 5 * 5 + 12},
        {"maxpool112,bn", "keras", "params", 6, 12},
        {"maxpool112,aux(bn)", "keras", "params", 6, 12},
        {"maxpool112,aux(bn)", "fvcore", "macs", 0, 0},
        {"maxpool112,aux(bn)", "torchinfo", "memory", 602112 + 48, 0},
        /* Keras' slopes: 12 values; with shared_axes=[1, 2] 3 */
        {"maxpool112,prelu", "keras", "params", 3, 12},
        {"maxpool112,bn", "cs231n", "memory", 602208, 602208 - 48},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const row *r = &rows[i];
        char ours[64], head[64];
        const char *json = like(NULL, r->layers, r->tool, "json");
        snprintf(head, sizeof head, "{\"what\":\"%s\"", r->what);
        snprintf(ours, sizeof ours, ",\"ours\":%lld,\"theirs\":%lld,", r->ours, r->theirs);
        const char *found = strstr(json, head);
        EXPECT(failed, found != NULL, "%s says nothing of %s", r->tool, r->what);
        if (found != NULL) {
            const char *line = strstr(found, ",\"ours\":");
            EXPECT(failed, strncmp(line, ours, strlen(ours)) == 0, "%s, %s: wanted %s, got %.60s",
                   r->layers, r->tool, ours, line);
        }
    }
    assert_int_equal(failed, 0);
}

/* Line by line: the differences of all reports add up to the differences of the totals. */
static void test_lines(void **state)
{
    (void)state;
    static const char *const networks[] = {
        VGG16,  "resnet50",        "googlenet",    "mobilenet_v3_small",
        "unet", "efficientnet_b0", "convnext_tiny"};
    for (size_t i = 0; i < cnn_tool_count; i++) {
        for (size_t k = 0; k < LENGTH(networks); k++) {
            const char *json = like(NULL, networks[k], cnn_tools[i].name, "json");
            long long wanted = 0, ours, theirs;
            for (const char *at = json; (at = strstr(at, "\"called\":")) != NULL; at++) {
                const char *totals = strstr(at, ",\"ours\":");
                assert_int_equal(sscanf(totals, ",\"ours\":%lld,\"theirs\":%lld", &ours, &theirs),
                                 2);
                wanted += theirs - ours;
            }
            EXPECT(failed, sum_of_differences(json) == wanted,
                   "%s, %s: the lines give %lld not %lld", cnn_tools[i].name, networks[k],
                   sum_of_differences(json), wanted);
        }
    }
    assert_int_equal(failed, 0);
}

/* Kinds in the rules are kinds of ours. */
static void test_kinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < cnn_tool_report_count; i++) {
        const cnn_tool_rule *rule = cnn_tool_reports[i].rules;
        for (; rule != NULL && rule->kinds != NULL; rule++) {
            cnn_text rest = cnn_text_of(rule->kinds);
            while (rest.size > 0 && rule->kinds[0] != '*') {
                const cnn_text name = cnn_text_split(&rest, ' ');
                bool found = false;
                for (size_t f = 0; f < cnn_family_count; f++) {
                    for (size_t k = 0; k < cnn_families[f]->count; k++) {
                        found = found || cnn_text_is(name, cnn_families[f]->ops[k].name);
                    }
                }
                EXPECT(failed, found, "%s has a rule for '%.*s'", cnn_tool_reports[i].tool->name,
                       (int)name.size, name.data);
            }
        }
    }
    assert_int_equal(failed, 0);
}

static void test_errors(void **state)
{
    (void)state;
    assert_string_equal(like(NULL, "FC-10", "torchsummary", "json"), "unknown-tool");
    assert_string_equal(like(NULL, "FC-10", "", "json"), "unknown-tool");
    assert_string_equal(like(NULL, "FC-10", "thop", "csv"), "like-format");
    assert_string_equal(like(NULL, "FC-10", "thop", "none"), "unknown-format");
    assert_non_null(
        strstr(like(NULL, "FC-10", "THOP", "table"), "ultralytics-thop 2.1.6, MACs: 1,505,280\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measured), cmocka_unit_test(test_totals),
        cmocka_unit_test(test_kinds),    cmocka_unit_test(test_lines),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
