/*
 * Other programs' totals. The numbers are those that these programs print for torchvision's models,
 * published in their documentation and by users, or follow by hand from the rules in their source.
 */
#include "support.h"

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
static const char *like(const char *layers, const char *tool, const char *format)
{
    static char name[64];
    reading r = read_list(NULL, load(layers));
    assert_true(r.done);
    const cnn_report_options options = {.format = view(format)};
    cnn_writer to = sink_open(&output);
    cnn_error err = {0};
    const bool done = cnn_like_write(&r.net, view(tool), &options, r.arena, &to, &err);
    snprintf(name, sizeof name, "%s", cnn_error_id(&err));
    reading_free(&r);
    return done ? output.data : name;
}

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
        {VGG16, "torchinfo", "macs", 15470264320, 15483821032},
        {VGG16, "torchinfo", "params", 138357544, 138357544},
        /* 108.45 MB in torchinfo's table */
        {VGG16, "torchinfo", "memory", 61050784, 108453696},
        {VGG16, "thop", "macs", 15470264320, 15470314496},
        {VGG16, "fvcore", "macs", 15470264320, 15470289408},
        {VGG16, "darknet", "macs", 15470264320, 30940528640},
        /* 13,556,712 biases, 13,555,712 ReLUs, 6,121,472 + 25,088 pooled values */
        {VGG16, "ptflops", "macs", 15470264320, 15503523304},
        {VGG16, "keras", "params", 138357544, 138357544},
        {VGG16, "cs231n", "params", 138357544, 138344128},
        /* the rows of the course page sum to 15,237,608 values of 4 bytes */
        {"vgg-d", "cs231n", "memory", 60950432, 60950432},
        /* printed by THOP 0.1 */
        {"resnet18", "thop", "macs", 1814073344, 1824033792},
        {"resnet50", "thop", "macs", 4089184256, 4133742592},
        {"resnet101", "thop", "macs", 7801405440, 7866435584},
        {"resnet152", "thop", "macs", 11513626624, 11603945472},
        /* 177.83 MB in torchinfo's table */
        {"resnet50", "torchinfo", "memory", 112406432, 177831744},
        /* means and variances of 4,800 channels besides torchvision's 11,689,512 */
        {"resnet18", "keras", "params", 11689512, 11699112},
        /* by hand: 24 weights and 2 biases, at 4x4 outputs and not at 2x2 inputs */
        {"maxpool112,deconv2-2 s2 p0", "torchinfo", "macs", 96, 416},
        {"maxpool112,deconv2-2 s2 p0", "ptflops", "macs", 96, 150944},
        {"maxpool112,deconv2-2 s2 p0", "thop", "macs", 96, 384},
        {"maxpool112,deconv2-2 s2 p0", "fvcore", "macs", 96, 96},
        {"maxpool112,deconv2-2 s2 p0", "darknet", "macs", 96, 0},
        /* 3 x 2 x 2 values: norms, functions, resizing */
        {"maxpool112,ln", "fvcore", "macs", 0, 60},
        {"maxpool112,ln", "thop", "macs", 0, 48},
        {"maxpool112,ln", "torchinfo", "macs", 0, 6},
        {"maxpool112,in", "fvcore", "macs", 0, 48},
        {"maxpool112,in", "thop", "macs", 0, 24},
        {"maxpool112,bn", "fvcore", "macs", 0, 24},
        {"maxpool112,gn3", "thop", "params", 6, 0},
        {"maxpool112,scale", "torchinfo", "macs", 0, 0},
        {"maxpool112,lrelu,prelu", "thop", "macs", 0, 24},
        {"maxpool112,softmax", "thop", "macs", 0, 32},
        {"maxpool112,upsample2", "thop", "macs", 0, 48},
        {"maxpool112,resize4", "thop", "macs", 0, 528},
        {"maxpool112,upsample2", "fvcore", "macs", 0, 48},
        {"maxpool112,resize4", "fvcore", "macs", 0, 192},
        {"maxpool112,avgpool", "thop", "macs", 0, 3},
        {"maxpool112,avgpool", "fvcore", "macs", 0, 0},
        {"maxpool112,gap", "thop", "macs", 0, 15},
        {"maxpool112,gap", "fvcore", "macs", 0, 12},
        {"maxpool112,bn", "keras", "params", 6, 12},
        {"maxpool112,aux(bn)", "keras", "params", 6, 12},
        {"maxpool112,aux(bn)", "fvcore", "macs", 0, 0},
        {"maxpool112,bn", "cs231n", "memory", 602208, 602208 - 48},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const row *r = &rows[i];
        char ours[64], head[64];
        const char *json = like(r->layers, r->tool, "json");
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
    static const char *const tools[] = {"torchinfo", "thop",  "ptflops", "fvcore",
                                        "darknet",   "keras", "cs231n"};
    static const char *const networks[] = {
        VGG16,  "resnet50",        "googlenet",    "mobilenet_v3_small",
        "unet", "efficientnet_b0", "convnext_tiny"};
    for (size_t i = 0; i < LENGTH(tools); i++) {
        for (size_t k = 0; k < LENGTH(networks); k++) {
            const char *json = like(networks[k], tools[i], "json");
            long long wanted = 0, ours, theirs;
            for (const char *at = json; (at = strstr(at, "\"called\":")) != NULL; at++) {
                const char *totals = strstr(at, ",\"ours\":");
                assert_int_equal(sscanf(totals, ",\"ours\":%lld,\"theirs\":%lld", &ours, &theirs),
                                 2);
                wanted += theirs - ours;
            }
            EXPECT(failed, sum_of_differences(json) == wanted,
                   "%s, %s: the lines give %lld not %lld", tools[i], networks[k],
                   sum_of_differences(json), wanted);
        }
    }
    assert_int_equal(failed, 0);
}

static void test_errors(void **state)
{
    (void)state;
    assert_string_equal(like("FC-10", "torchsummary", "json"), "unknown-tool");
    assert_string_equal(like("FC-10", "", "json"), "unknown-tool");
    assert_string_equal(like("FC-10", "thop", "csv"), "like-format");
    assert_string_equal(like("FC-10", "thop", "none"), "unknown-format");
    assert_non_null(strstr(like("FC-10", "THOP", "table"), "thop, MACs: 1,505,280\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
