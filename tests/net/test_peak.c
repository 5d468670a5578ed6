/*
 * The values of a forward pass, and the most that are alive at once, worked out by hand: a layer's
 * output is there from when it is computed until its last reader is done, the network's output for
 * ever. The layers run in the order of the list. Functions work in place where nobody reads their
 * input later; flattening and the like look at the same values; heads beside the path do not run.
 */
#include "support.h"

#include "measure/quantity.h"

/* The input is 1x8x8, 64 values. */
static const struct {
    const char *layers;
    int64_t all, peak;
} rows[] = {
    {"0*relu", 64, 64},
    {"relu", 64, 64},
    {"conv1-4", 64 + 256, 64 + 256},
    {"conv1-4,conv1-2", 64 + 256 + 128, 256 + 128},
    {"conv1-2,conv1-4,conv1-2", 64 + 128 + 256 + 128, 128 + 256},
    {"conv1-4,relu,flatten,FC-7", 64 + 256 + 7, 64 + 256},
    {"flatten,FC-100", 64 + 100, 64 + 100},
    {"flatten,FC-100,FC-100", 64 + 100 + 100, 100 + 100},
    {"relu,relu,conv1-1", 64 + 64, 64 + 64},
    /* a function whose input somebody reads later has values of its own: input, relu, sum; that
     * the reader looks at a view of it makes no difference, nor does the order of the branches */
    {"add(relu | id)", 3 * 64, 3 * 64},
    {"add(id | relu)", 3 * 64, 3 * 64},
    {"add(id | id)", 64 + 64, 64 + 64},
    {"add(flatten,reshape1x8x8,relu | id)", 3 * 64, 3 * 64},
    {"a: flatten, reshape1x8x8, relu, add(@a,reshape1x8x8 | id)", 3 * 64, 3 * 64},
    {"mul(relu | flatten,reshape1x8x8 | gap)", 3 * 64 + 1, 3 * 64 + 1},
    /* of several functions the last one works in place: input, two outputs, sum */
    {"add(relu | sigmoid | tanh)", 4 * 64, 4 * 64},
    {"add(tanh | relu | sigmoid)", 4 * 64, 4 * 64},
    {"cat(conv1-2 | id)", 64 + 128 + 192, 64 + 128 + 192},
    {"a: relu, conv1-4, conv1-1, cat(@a | id)", 64 + 256 + 64 + 128, 64 + 256 + 64},
    {"a: conv1-2, conv1-4, conv1-1, cat(@a | id)", 64 + 128 + 256 + 64 + 192, 128 + 256 + 64},
    {"conv1-2, conv1-4, conv1-1, cat(id | id)", 64 + 128 + 256 + 64 + 128, 128 + 256},
    /* nobody reads the 512 */
    {"a: conv1-2, b: conv1-2, conv1-8, add(@a | @b)", 64 + 128 + 128 + 512 + 128, 128 + 128 + 512},
    {"a: conv1-2, b: conv1-2, conv1-8, add(@a | @b), conv1-9", 64 + 128 + 128 + 512 + 128 + 576,
     128 + 128 + 512},
    /* a part of a split is a view of the whole map, which lives as long as any part is read; a
     * function on a part works in place where nobody reads that part or the whole later */
    {"conv1-2, split(relu | id)", 64 + 128 + 128, 128 + 128},
    {"conv1-2, split(relu | bn)", 64 + 128 + 64 + 128, 128 + 64 + 128},
    {"conv1-2, split(bn | bn)", 64 + 128 + 64 + 64 + 128, 128 + 64 + 64},
    {"a: conv1-2, split(relu | id), cat(@a | id)", 64 + 128 + 64 + 128 + 256, 128 + 128 + 256},
    {"conv1-4, split(split(relu | id) | tanh)", 64 + 256 + 128 + 256, 256 + 128 + 256},
    /* tanh works in place, relu does not: its part is read by the second split, too */
    {"conv1-2, add(split(relu | id) | split(id | tanh))", 64 + 128 + 64 + 128 + 128 + 128,
     128 + 128 + 128},
    {"a: conv1-2, add(split(relu | id) | @a,split(id | bn))", 64 + 128 + 64 + 128 + 64 + 128 + 128,
     128 + 128 + 64 + 128},
    /* a part that nobody reads does not keep the others: relu is in place in 128, then dropped */
    {"a: conv1-1, conv1-2, split(relu, bn | @a,conv1-9)", 64 + 64 + 128 + 64 + 576 + 640,
     64 + 576 + 640},
    /* heads neither take values nor keep those that they look at */
    {"aux(conv1-100),conv1-1", 64 + 64, 64 + 64},
    {"a: conv1-4, conv1-1, aux(cat(@a | id)), conv1-4", 64 + 256 + 64 + 256, 256 + 64},
    {"aux(flatten,FC-9)", 64, 64},
    {"conv1-4,aux(relu),conv1-5", 64 + 256 + 320, 256 + 320},
    {"a: conv1-2, aux(@a,split(relu | id)), relu", 64 + 128, 64 + 128},
    {"a: bn, pixshuf1, gmp, aux(LRN5, add(@a,id | @a)), amp1", 3 * 64 + 2, 64 + 64},
};

/* -1: it does not fit. */
static int64_t total_of(const reading *r, const cnn_numbers *numbers, const char *what)
{
    const cnn_subject all = cnn_subject_total(&r->net);
    int64_t total = 0;
    return cnn_sum_of(cnn_quantity_named(what), &all, r->net.layers, numbers, &total) ? total : -1;
}

static void peaks(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x8x8", rows[i].layers);
        cnn_numbers numbers;
        EXPECT(failed,
               r.done && cnn_numbers_begin(&numbers, &r.net, (cnn_text){0}, 1, &r.err) &&
                   cnn_numbers_prepare(&numbers, CNN_NEEDS_MEMORY, &r.arena, &r.err),
               "%s: %s", rows[i].layers, cnn_error_id(&r.err));
        const int64_t all = total_of(&r, &numbers, "activations");
        const int64_t peak = total_of(&r, &numbers, "peak");
        EXPECT(failed, all == rows[i].all && peak == rows[i].peak, "%s: %d and %d, not %d and %d",
               rows[i].layers, (int)all, (int)peak, (int)rows[i].all, (int)rows[i].peak);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Each product of values, samples and bytes, and each sum, either fits or is not there. */
static void nothing_overflows(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers;
        int32_t samples;
        int64_t memory, peak;
    } limits[] = {
        {"1x1000000x1000000", "add(relu | sigmoid | tanh)", 1, 16000000000000, 16000000000000},
        {"1x1000000x1000000", "add(relu | sigmoid | tanh)", 1000000, -1, -1},
        {"1x1000000x1000000", "relu", 2000000, 8000000000000000000, 8000000000000000000},
        {"1x1000000x1000000", "relu", 3000000, -1, -1},
        {"1x2147483648x2147483648", "relu", 1, -1, -1},    /* 2^62 values of 4 bytes */
        {"1x2147483648x2147483648", "2*scale", 1, -1, -1}, /* their sum is 3 * 2^62 */
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(limits); i++) {
        reading r = read_list(limits[i].input, limits[i].layers);
        cnn_numbers numbers;
        assert_true(r.done);
        assert_true(cnn_numbers_begin(&numbers, &r.net, (cnn_text){0}, limits[i].samples, &r.err) &&
                    cnn_numbers_prepare(&numbers, CNN_NEEDS_MEMORY, &r.arena, &r.err));
        const int64_t memory = total_of(&r, &numbers, "memory");
        const int64_t peak = total_of(&r, &numbers, "peak_memory");
        EXPECT(failed, memory == limits[i].memory && peak == limits[i].peak,
               "%s, %d samples: %lld and %lld", limits[i].layers, (int)limits[i].samples,
               (long long)memory, (long long)peak);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(peaks),
                                       cmocka_unit_test(nothing_overflows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
