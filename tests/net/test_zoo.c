/*
 * Known networks against numbers that this project did not compute: the totals of every row of
 * tests/data/zoo.tsv, and the layers of three networks as multisets.
 */
#include "support.h"

#include "ops/op.h"

static reading read_example(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s.cnn", EXAMPLES, name);
    char *text = slurp(path);
    reading r = read_list(NULL, text);
    if (!r.done) {
        fail_msg("%s: %s", name, cnn_error_id(&r.err));
    }
    free(text); /* no view of it is read from here on */
    r.net.text = (cnn_text){0};
    return r;
}

/* "-": no source gives the number. */
static bool agrees(const char *cell, int64_t number)
{
    return strcmp(cell, "-") == 0 || strtoll(cell, NULL, 10) == number;
}

enum {
    NAME,
    FILE_NAME,
    INPUT,
    OUTPUT,
    PARAMS,
    PARAMS_WITHOUT_AUX,
    STATISTICS,
    MACS,
    STATISTICS_WITHOUT_AUX,
    SOURCE,
    CELLS
};

static void totals(void **state)
{
    (void)state;
    char *table = slurp(TEST_DATA "/zoo.tsv"), *at = table, *cells[CELLS];
    int rows = 0, failed = 0;
    assert_true(next_row(&at, cells, CELLS));
    assert_string_equal(cells[STATISTICS_WITHOUT_AUX], "statistics_without_aux");
    for (; next_row(&at, cells, CELLS); rows++) {
        reading r = read_example(cells[FILE_NAME]);
        const cnn_totals *t = &r.net.totals;
        char input[64], output[64];
        shape_name(&r.net.layers[0].out, input, sizeof input);
        shape_name(output_of(&r.net), output, sizeof output);
        EXPECT(failed, strcmp(input, cells[INPUT]) == 0, "%s: input %s", cells[NAME], input);
        EXPECT(failed, strcmp(output, cells[OUTPUT]) == 0, "%s: output %s", cells[NAME], output);
        EXPECT(failed, agrees(cells[PARAMS], t->params), "%s: params", cells[NAME]);
        EXPECT(failed, agrees(cells[PARAMS_WITHOUT_AUX], t->params_without_aux),
               "%s: params without aux", cells[NAME]);
        EXPECT(failed, agrees(cells[STATISTICS], t->statistics), "%s: statistics", cells[NAME]);
        EXPECT(failed, agrees(cells[STATISTICS_WITHOUT_AUX], t->statistics_without_aux),
               "%s: statistics without aux", cells[NAME]);
        EXPECT(failed, agrees(cells[MACS], t->macs), "%s: macs", cells[NAME]);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
    assert_true(rows >= 40);
    free(table);
}

/* ---- layers ---- */

/* A torch module and the kinds of ours it stands for. */
static const struct {
    const char *module, *kinds;
} modules[] = {{"Conv2d", "conv dwconv"}, {"Linear", "FC"}, {"BatchNorm2d", "bn"}};

enum { MOST_LINES = 1000, LINE = 240 };

typedef struct bag {
    char lines[MOST_LINES][LINE];
    size_t count;
} bag;

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void add(bag *b, const char *module, const char *in, const char *out, int64_t params,
                int64_t macs)
{
    assert_true(b->count < MOST_LINES);
    snprintf(b->lines[b->count++], LINE, "%s %s -> %s, %lld params, %lld MACs", module, in, out,
             (long long)params, (long long)macs);
}

static const char *module_of(const char *kind)
{
    for (size_t i = 0; i < LENGTH(modules); i++) {
        const char *found = strstr(modules[i].kinds, kind);
        if (found != NULL) {
            return modules[i].module;
        }
    }
    return NULL;
}

static void ours(const cnn_network *net, bag *out)
{
    out->count = 0;
    for (int32_t i = 1; i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        const char *module = module_of(cnn_op_name(layer->op));
        if (module != NULL && !layer->aux) {
            char in[64], output[64];
            cnn_shape flat = layer->in; /* torch's Linear gets the flattened map */
            if (strcmp(module, "Linear") == 0 && flat.axes > 0) {
                flat = (cnn_shape){.channels = flat.channels * flat.side[0] * flat.side[1]};
            }
            add(out, module, shape_name(&flat, in, sizeof in),
                shape_name(&layer->out, output, sizeof output), layer->weights + layer->biases,
                layer->macs);
        }
    }
    qsort(out->lines, out->count, LINE, compare);
}

static void theirs(const char *path, bag *out)
{
    char *table = slurp(path), *at = table, *cells[6];
    out->count = 0;
    assert_true(next_row(&at, cells, 6));
    while (next_row(&at, cells, 6)) {
        bool counted = false;
        for (size_t i = 0; i < LENGTH(modules); i++) {
            counted = counted || strcmp(cells[1], modules[i].module) == 0;
        }
        if (counted) {
            add(out, cells[1], cells[2], cells[3], strtoll(cells[4], NULL, 10),
                strtoll(cells[5], NULL, 10));
        }
    }
    qsort(out->lines, out->count, LINE, compare);
    free(table);
}

static void layers_as_multisets(void **state)
{
    (void)state;
    static const struct {
        const char *example, *file;
        size_t layers;
    } rows[] = {
        {"vgg-d", TEST_DATA "/refs/vgg16.tsv", 16},
        {"resnet18", TEST_DATA "/refs/resnet18.tsv", 41},    /* 20 conv, 20 bn, 1 FC */
        {"googlenet", TEST_DATA "/refs/googlenet.tsv", 115}, /* 57 conv, 57 bn, 1 FC */
    };
    static bag mine, other;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_example(rows[i].example);
        ours(&r.net, &mine);
        theirs(rows[i].file, &other);
        assert_int_equal(mine.count, rows[i].layers);
        assert_int_equal(other.count, rows[i].layers);
        for (size_t k = 0; k < mine.count; k++) {
            assert_string_equal(mine.lines[k], other.lines[k]);
        }
        reading_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals),
        cmocka_unit_test(layers_as_multisets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
