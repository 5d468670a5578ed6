/*
 * An outline takes shortcuts that a network does not: both have to agree about every list, on all
 * totals, the final shape, the number of layers, and on errors and their places. The lists are all
 * combinations of the parts below, so that each number meets the limits of the shortcuts: 2^20,
 * places 2^22, weights 2^38.
 */
#include "lang/outline.h"
#include "support.h"

static const char *const inputs[] = {"3x8x8",         "8x5x12",
                                     "4x1x1",         "1d 4x9",
                                     "3d 4x6x5x7",    "vector 12",
                                     "8x32767x2",     "32768x3x3",
                                     "2x40000x40000", "vector 32768",
                                     "12x181x97",     "6x2147483647",
                                     "9x65535x32767", "vector 9000000000",
                                     "1048575x3x3",   "1048576x2x4",
                                     "2x2047x2049",   "2x2048x2048",
                                     "2x1048575x2",   "vector 1048576"};

/* Each has one "%s", for the numbers. */
static const char *const lists[] = {"conv3%s",
                                    "conv2-8%s",
                                    "conv1x3-6%s",
                                    "conv3-8 s2%s",
                                    "conv3-4 p1%s,bn",
                                    "conv3x2-4/2x1%s",
                                    "conv32767-32767%s",
                                    "conv32768-1%s",
                                    "conv5-32768%s",
                                    "relu,conv3-12%s,gap",
                                    "conv3-2%s,FC-32767",
                                    "dwconv3%s",
                                    "dwconv3-8%s,bn a0",
                                    "dwconv3x1-12%s,ln",
                                    "maxpool%s",
                                    "maxpool2%s",
                                    "avgpool3 s2%s",
                                    "maxpool3/1 p1%s",
                                    "avgpool2x3%s",
                                    "maxpool3 p1 d2%s",
                                    "gap%s",
                                    "gmp%s,FC-3",
                                    "FC-10%s",
                                    "FC-32768%s",
                                    "FC-8 b0%s,bn,bn",
                                    "linear-5%s",
                                    "bn%s",
                                    "aux(conv3-2%s)",
                                    "frozen(conv3-2%s,bn)",
                                    "2x(conv3-8%s,maxpool)",
                                    "dropout0.5%s",
                                    "bn0.5%s",
                                    "convT3-4%s",
                                    "gn4%s",
                                    "prelu%s",
                                    "prelu2%s",
                                    "ln%s",
                                    "in%s",
                                    "LRN%s",
                                    "relu6%s,relu",
                                    "aap%s",
                                    "amp3x2%s",
                                    "flatten%s,FC-4",
                                    "conv10000-2%s",
                                    "conv3-9999%s,conv1-9999",
                                    "add(conv3-8%s|id)",
                                    "conv1023x1025-6%s",
                                    "conv1-262143%s,conv1-1048575",
                                    "conv2-262144%s,conv2-262144",
                                    "dwconv1048576%s",
                                    "maxpool1048575%s",
                                    "FC-1048575%s,FC-1048576",
                                    "f(n)=conv3-n%s; f(8), f(32768)",
                                    "f(n, k=3)=conv(k)-(2*n)%s; f(2), f(n=6, k=2)",
                                    "f(n)=conv3-n/2%s; f(8)",
                                    "f(n)=conv3-4 s(n) p(n/2)%s; f(2), f(3)",
                                    "n=6; conv3-n%s, dwconv(n)/(n/2), FC-n",
                                    "conv3-c%s, conv1-(c/2) p(h-1), conv3-(1/0)",
                                    "f(n)=2x(conv3-n%s|id); f(8)",
                                    "conv(99999999999999999999)-3%s"};
static const char *const numbers[] = {
    "",    " s1",   " s3",    " p1",      " p2 d2",    " g2",    " b0",
    " b1", " d2",   " g4 b0", " p32767",  " s32768",   " p1x0",  " d3x1",
    " g3", " b2",   " s2 p1", "s2",       "d2",        " same",  " ceil",
    " /2", "/2 p1", " s02",   " s999999", " s1000000", " p1 p1", " a1"};

static unsigned char memory[1 << 16];

static void compare(const char *input, const char *list)
{
    const cnn_settings settings = {.input = view(input)};
    cnn_arena kept = cnn_arena_over(memory, sizeof memory / 2);
    cnn_arena summed = cnn_arena_over(memory + sizeof memory / 2, sizeof memory / 2);
    cnn_network net, outline;
    cnn_layer ends;
    cnn_error err = {0}, other = {0};
    const bool read = cnn_network_read(&kept, view(list), &settings, &net, &err);
    assert_int_equal(read, cnn_outline_read(&summed, view(list), &settings, NULL, NULL, &outline,
                                            &ends, &other));
    assert_string_equal(cnn_error_id(&err), cnn_error_id(&other));
    assert_int_equal(err.span.begin, other.span.begin);
    assert_int_equal(err.span.end, other.span.end);
    if (read) {
        const cnn_shape *out = &net.layers[net.output].out;
        assert_memory_equal(&net.totals, &outline.totals, sizeof net.totals);
        assert_int_equal(net.layer_count, outline.layer_count);
        assert_int_equal(out->channels, ends.out.channels);
        assert_int_equal(out->axes, ends.out.axes);
        assert_memory_equal(out->side, ends.out.side, sizeof out->side);
    }
}

static void outlines_equal_networks(void **state)
{
    (void)state;
    char list[128];
    for (size_t i = 0; i < LENGTH(lists); i++) {
        for (size_t k = 0; k < LENGTH(numbers); k++) {
            (void)snprintf(list, sizeof list, lists[i], numbers[k]);
            for (size_t n = 0; n < LENGTH(inputs); n++) {
                compare(inputs[n], list);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(outlines_equal_networks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
