/*
 * What does not fit into 64 bits is named, not only refused: which quantity of which kind of layer,
 * and of which side. 2^62 is 4611686018427387904, 2^63 - 1 is 9223372036854775807.
 */
#include "support.h"

#include "net/network.h"

static const struct {
    const char *input, *layers, *what;
} rows[] = {
    /* 4 times 2^62 weights; 4 weights at 4*10^18 positions; twice 2^62 MACs */
    {"4x1x1", "conv1-4611686018427387904 b0", "the number of weights"},
    {"4x1x1", "deconv1-4611686018427387904 b0", "the number of weights"},
    {"1x1x1", "dwconv9223372036854775807x2", "the number of weights"},
    {"vector 4", "FC-4611686018427387904 b0", "the number of weights"},
    {"1x4x1", "FC-4611686018427387904 b0", "the number of weights"},
    {"1x1x4", "FC-4611686018427387904 b0", "the number of weights"},
    {"1x4000000000x1000000000", "conv2-1 p0", "the number of MACs"},
    {"1x4000000000x1000000000", "deconv2-1 p0", "the number of MACs"},
    {"1x4000000000x1000000000", "dwconv2 p0", "the number of MACs"},
    {"vector 4611686018427387904", "FC-1 b0", "the number of FLOPs"},
    {"vector 4611686018427387904", "aux(FC-1 b0)", "the number of FLOPs"},
    {"vector 4611686018427387904", "relu,FC-1 b0", "the number of FLOPs"},
    /* 2^63 of both factors and shifts, of means and variances; twice 2^62 MACs of two layers */
    {"vector 4611686018427387904", "bn", "the number of statistics"},
    {"vector 4611686018427387904", "ln", "the total up to here"},
    {"vector 4611686018427387903", "ln,scale", "the total up to here"},
    {"vector 4611686018427387903", "FC-1 b0", ""},
    {"vector 4611686018427387903", "FC-1 b0,FC-1 b0", "the total up to here"},
    {"vector 4611686018427387903", "2*(FC-1 b0,FC-4611686018427387903 b0)", "the total up to here"},
    /* the MACs of heads do not count */
    {"vector 4611686018427387903", "aux(FC-1 b0),aux(FC-1 b0)", ""},
    {"vector 4611686018427387902", "cat(FC-1 b0 | id),aux(FC-1 b0)", ""},
    {"vector 4611686018427387902", "cat(FC-1 b0 | id),FC-1 b0", "the total up to here"},
    /* but their parameters do, together with those of the path: 2^63 - 2 and 2^62 - 2 */
    {"vector 4611686018427387902", "cat(FC-1 b0 | id),aux(ln)", "the total up to here"},
    {"vector 4611686018427387903", "aux(ln),ln", "the total up to here"},
    {"1x1x1", "conv1-9223372036854775807", "the number of FLOPs"},
    {"1x1x1", "conv1-4611686018427387904 b0", "the number of FLOPs"},
    /* three sides: 2^61*4*4 weights; 4 at 4*10^18 positions; 4*2^62 */
    {"3d 4x1x1x1", "conv1x1x2305843009213693952-4 b0", "the number of weights"},
    {"3d 1x1x1x4000000000000000000", "conv1x1x4-1 p0 b0", "the number of MACs"},
    {"3d 1x1x1x4611686018427387904", "FC-4 b0", "the number of weights"},
    /* two steps: 2^63 taps; 4*2^61 weights of the first, of the second; 2^62 of each; 5*4*10^18 */
    {"1x1x1", "sepconv4294967296x2147483648-1 b0", "the number of weights"},
    {"4x1x1", "sepconv1x2305843009213693952-1 b0", "the number of weights"},
    {"4x1x1", "sepconv1-2305843009213693952 b0", "the number of weights"},
    {"1x1x1", "sepconv1x4611686018427387904-4611686018427387904 b0", "the number of weights"},
    {"1x4000000000x1000000000", "sepconv2-1 p0 b0", "the number of MACs"},
    /* C*k*(N + 2*k): 2*2^62; 2^62 + 2^62; 4*2^61; 2^32*(2^33 + 1); 3*4*10^18 */
    {"1x1x1", "deformconv1x4611686018427387904-1 b0", "the number of weights"},
    {"1x1x1", "deformconv1x2305843009213693952-4611686018427387904 b0", "the number of weights"},
    {"4x1x1", "deformconv1x2305843009213693952-1 b0", "the number of weights"},
    {"1x1x1", "deformconv1x4294967296-1 b0", "the number of weights"},
    {"1x4000000000x1000000000", "deformconv1-1 b0", "the number of MACs"},
    {"1x1x1", "deformconv4294967296x2147483648-1 b0", "the number of weights"},
    /* over the last axis: 4*2^61 weights; 2 of them for each of 2^62 rows */
    {"1x1x4", "linear-2305843009213693952 b0", "the number of weights"},
    {"1x4611686018427387904x1", "linear-2 b0", "the number of MACs"},
    /* sides, one after the other */
    {"8", "pad4611686018427387904x0", "the size of the output"},
    {"8", "pad0x4611686018427387904", "the size of the output"},
    {"8", "pad4611686018427387903x0", "the size of the output"},
    {"8", "pad0x4611686018427387903", "the size of the output"},
    {"8", "upsample2000000000000000000x1", "the size of the output"},
    {"8", "upsample1x2000000000000000000", "the size of the output"},
    {"8", "deconv2-1 s2000000000000000000x1 p0", "the size of the output"},
    {"8", "deconv2-1 s1x2000000000000000000 p0", "the size of the output"},
    {"8", "deconv2-1 s2000000000000000000x1", "the size of the output"},
    {"8", "deconv2-1 s1x2000000000000000000", "the size of the output"},
    {"8", "deconv3-1 d4611686018427387904x1", "the extent of the kernel"},
    {"8", "deconv3-1 d1x4611686018427387904", "the extent of the kernel"},
    {"8", "conv3-1 d4611686018427387904x1", "the extent of the kernel"},
    {"8", "conv3-1 d1x4611686018427387904", "the extent of the kernel"},
    {"8", "maxpool3 d4611686018427387904", "the extent of the kernel"},
    {"8", "maxpool3 d4611686018427387904 p1+0", "the extent of the kernel"},
    {"8", "conv3-1 p4611686018427387904x0", "the padded input"},
    {"8", "conv3-1 p0x4611686018427387904", "the padded input"},
    {"8", "conv3-1 p4611686018427387904", "the padded input"},
    /* 3*2^32*2^31; channels of branches; r*r */
    {"3x1x1", "resize4294967296x2147483648", "the number of values"},
    {"3x1x1", "aap4294967296x2147483648", "the number of values"},
    {"3x1x1", "chpad-9223372036854775807,pad0x1", "the number of values"},
    {"vector 4611686018427387904", "cat(id | id)", "the number of channels"},
    {"8", "pixshuf4294967296", "the power of the factor"},
    {"1x4611686018427387904x2", "relu", "the number of input values"},
    {"2x4611686018427387904x1", "relu", "the number of input values"},
};

static void quantities_are_named(void **state)
{
    (void)state;
    static sink written;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char wanted[100] = "no error";
        if (rows[i].what[0] != '\0') {
            snprintf(wanted, sizeof wanted, "%s does not fit into 64 bits", rows[i].what);
        }
        reading r = read_list(rows[i].input, rows[i].layers);
        cnn_writer to = sink_open(&written);
        assert_true(cnn_error_write_line(&r.err, &to));
        EXPECT(failed, strcmp(written.data, wanted) == 0, "%s %s: %s", rows[i].input,
               rows[i].layers, written.data);
        EXPECT(failed, r.done == (rows[i].what[0] == '\0'), "%s %s: %d", rows[i].input,
               rows[i].layers, (int)r.done);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* A layer that is resolved again, from a source that is another one now, is looked at again. */
static void what_changed_is_resolved_with_care(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers;
        cnn_shape source;
        const char *id, *what;
    } changes[] = {
        {"8", "conv3-1 p0", {1, {8, 8}, 2}, "ok", ""},
        {"8", "conv3-1 p0", {1, {2, 8}, 2}, "kernel-too-large", ""},
        {"8", "FC-4 b0", {INT64_C(1) << 62, {1, 1}, 2}, "overflow", "the number of weights"},
        {"8", "FC-1 b0", {INT64_C(1) << 62, {1, 1}, 2}, "overflow", "the number of FLOPs"},
        {"8", "upsample2", {INT64_C(1) << 62, {1, 1}, 2}, "overflow", "the number of values"},
        {"8", "aux(upsample2)", {INT64_C(1) << 62, {1, 1}, 2}, "overflow", "the number of values"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(changes); i++) {
        reading r = read_list(changes[i].input, changes[i].layers);
        assert_true(r.done);
        r.net.layers[0].out = changes[i].source;
        cnn_error err = {0};
        const bool done = cnn_layer_resolve(&r.net.layers[1], r.net.layers, &r.arena, &err);
        EXPECT(failed, done == (err.code == CNN_OK), "%s: %d", changes[i].layers, (int)done);
        EXPECT(failed, strcmp(cnn_error_id(&err), changes[i].id) == 0, "%s: %s", changes[i].layers,
               cnn_error_id(&err));
        EXPECT(failed,
               changes[i].what[0] == '\0' ||
                   (err.word[0].size == strlen(changes[i].what) &&
                    memcmp(err.word[0].data, changes[i].what, err.word[0].size) == 0),
               "%s", changes[i].layers);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantities_are_named),
        cmocka_unit_test(what_changed_is_resolved_with_care),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
