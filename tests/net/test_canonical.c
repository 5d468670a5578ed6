/*
 * One layer written back: numbers filled in, defaults left out (docs/language.md, `--help layers`).
 * A kernel of two equal numbers is one; a pooling's stride is its kernel; a padding of a
 * convolution is never its default, which is "same".
 */
#include "support.h"

static const struct {
    const char *written, *canonical; /* NULL: the same */
} rows[] = {
    {"dropout", NULL},
    {"dropout0.5", "dropout"},
    {"dropout 0.500", "dropout"},
    {"dropout0.25", NULL},
    {"dropout1", NULL},
    {"dropout0", NULL},
    {"droppath0.000000001", NULL},
    {"LRN5", "LRN"},
    {"LRN3", NULL},
    {"gn", NULL},
    {"gn32", "gn"},
    {"gn4", NULL},
    {"shuffle2", NULL},
    {"pixshuf1", NULL},
    {"upsample2", NULL},
    {"upsample2x2", "upsample2"},
    {"upsample2x1", NULL},
    {"upsample1x2", NULL},
    {"aap", NULL},
    {"aap1", "aap"},
    {"aap1x1", "aap"},
    {"aap7x1", NULL},
    {"aap1x7", NULL},
    {"reshape 32x32x8", "reshape32x32x8"},
    {"reshape 1x128x64", "reshape1x128x64"},
    {"pad0", NULL},
    {"pad1x2", NULL},
    {"resize16x16", "resize16"},
    {"resize8x4", NULL},
    {"crop4x5", NULL},
    {"maxpool2", "maxpool"},
    {"maxpool2x2 s2", "maxpool"},
    {"maxpool2x1", NULL},
    {"maxpool1x2", NULL},
    {"maxpool s2x1", NULL},
    {"maxpool s1x2", NULL},
    {"maxpool3 s3", "maxpool3"},
    {"maxpool3 s2", NULL},
    {"maxpool3 s2 p0+1", NULL}, /* not p0, the default: one more column is padded */
    {"maxpool3 s2 p1+0", NULL},
    {"maxpool3 s2 p0+0", "maxpool3 s2"},
    {"avgpool2 p0x0+1", "avgpool p0+0x0+1"},
    {"maxpool3x2 s3x2", "maxpool3x2"},
    {"maxpool3x2 s3", NULL},
    {"maxpool3x2 s2", NULL},
    {"maxpool3 p0", "maxpool3"},
    {"maxpool3 p1", NULL},
    {"maxpool3 p1x0", NULL},
    {"maxpool3 p0x1", NULL},
    {"maxpool d1 ceil", "maxpool ceil"},
    {"maxpool d1x2", NULL},
    {"maxpool d2x1", NULL},
    {"conv3x3-8 s1 d1 g1 b1", "conv3-8"},
    {"conv3-8 same", "conv3-8"},
    {"conv3-8 valid", NULL},
    {"conv3x1-8", NULL},
    {"conv1x3-8", NULL},
    {"conv3-8 s1x2", NULL},
    {"conv3-8 s2x1", NULL},
    {"conv3-8 p1", NULL},
    {"conv3-8 p0", NULL},
    {"conv3-8 p0x1", NULL},
    {"conv3-8 p1x0", NULL},
    {"conv3-8 d1x2", NULL},
    {"conv3-8 d2x1", NULL},
    {"conv3-8 g2 b0", NULL},
    {"deconv2-8 s2", NULL},
    {"deconv2-8 s2 p0 op0", "deconv2-8 s2 p0"},
    {"deconv2-8 s2 p0 op1", NULL},
    {"deconv2-8 s2 p0 op1x0", NULL},
    {"deconv2-8 s2 p0 op0x1", NULL},
    {"dwconv3", NULL},
    {"dwconv3-32", NULL},
    {"dwconv3-64 s1", "dwconv3-64"},
    {"prelu", NULL},
    {"prelu1", NULL},
    {"prelu32", NULL},
    {"chpad-33", NULL},
    {"FC-3 b1", "FC-3"},
    {"FC-3 b0", NULL},
};

static void layers_are_written_back(void **state)
{
    (void)state;
    static sink written;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const char *canonical = rows[i].canonical == NULL ? rows[i].written : rows[i].canonical;
        reading r = read_list("32x16x16", rows[i].written);
        cnn_writer to = sink_open(&written);
        EXPECT(failed, r.done && cnn_layer_write(&r.net.layers[1], &to), "%s: %s", rows[i].written,
               cnn_error_id(&r.err));
        EXPECT(failed, strcmp(written.data, canonical) == 0, "%s: %s", rows[i].written,
               written.data);
        EXPECT(failed, r.done && round_trips(&r.net), "%s reads back otherwise", rows[i].written);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Three equal numbers are no square. */
static void cubes_are_written_back(void **state)
{
    (void)state;
    static sink written;
    reading r = read_list("8x1x1", "reshape 2x2x2");
    cnn_writer to = sink_open(&written);
    assert_true(r.done && cnn_layer_write(&r.net.layers[1], &to));
    assert_string_equal(written.data, "reshape2x2x2");
    reading_free(&r);
}

/* Where layers stand: labels, definitions, branches, repetitions of lists. */
static void paths_are_written(void **state)
{
    (void)state;
    static const struct {
        const char *layers, *paths;
    } lists[] = {
        {"relu", "\n"},
        {"a: relu, (relu), b: (bn)", "a\n\nb\n"},
        {"2*relu, 2*(relu)", "\n\n[1]\n[2]\n"},
        {"a: 2*(b: (relu), bn)", "a[1]/b\na[1]\na[2]/b\na[2]\n"},
        {"2*(2*(id))", "[1][1]\n[1][2]\n[2][1]\n[2][2]\n"},
        {"add(id | 2*relu | b: (bn, id))", "a\nb\nb\nc/b\nc/b\n\n"},
        {"a: add(add(id | id) | id)", "a/a/a\na/a/b\na/a\na/b\na\n"},
        {"f(x)=x,bn; f(relu), 2*f(id)", "f\nf\nf[1]\nf[1]\nf[2]\nf[2]\n"},
        {"aux(relu)", "\n\n"},
    };
    static sink written;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        reading r = read_list("8", lists[i].layers);
        cnn_writer to = sink_open(&written);
        for (int32_t k = 1; r.done && k < r.net.layer_count; k++) {
            assert_true(cnn_path_write(r.net.layers[k].path, &to) && to.write(&written, "\n", 1));
        }
        EXPECT(failed, strcmp(written.data, lists[i].paths) == 0, "%s: %s\n%s", lists[i].layers,
               cnn_error_id(&r.err), written.data);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layers_are_written_back),
        cmocka_unit_test(cubes_are_written_back),
        cmocka_unit_test(paths_are_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
