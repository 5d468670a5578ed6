/*
 * The most values that are alive at once, worked out by hand: a layer's output is there from when
 * it is computed until its last reader is done, the network's output for ever. Functions work in
 * place where nobody reads their input later; flattening and the like look at the same values;
 * heads beside the path do not run.
 */
#include "support.h"

#include "net/memory.h"

/* The input is 1x8x8, 64 values. */
static const struct {
    const char *layers;
    int64_t peak;
} rows[] = {
    {"0*relu", 64},
    {"relu", 64},
    {"conv1-4", 64 + 256},
    {"conv1-4,conv1-2", 256 + 128},
    {"conv1-2,conv1-4,conv1-2", 128 + 256},
    {"conv1-4,relu,flatten,FC-7", 64 + 256},
    {"flatten,FC-100", 64 + 100},
    {"flatten,FC-100,FC-100", 100 + 100},
    {"relu,relu,conv1-1", 64 + 64},
    /* a function whose input somebody reads later has values of its own */
    {"add(relu | id)", 64 + 64 + 64},
    {"add(id | relu)", 64 + 64},
    {"add(id | id)", 64 + 64},
    {"cat(conv1-2 | id)", 64 + 128 + 192},
    {"a: relu, conv1-4, conv1-1, cat(@a | id)", 64 + 256 + 64},
    {"a: conv1-2, conv1-4, conv1-1, cat(@a | id)", 128 + 256 + 64},
    {"conv1-2, conv1-4, conv1-1, cat(id | id)", 128 + 256},
    /* nobody reads the 512 */
    {"a: conv1-2, b: conv1-2, conv1-8, add(@a | @b)", 128 + 128 + 512},
    {"a: conv1-2, b: conv1-2, conv1-8, add(@a | @b), conv1-9", 128 + 128 + 512},
    /* heads neither take values nor keep those that they look at */
    {"aux(conv1-100),conv1-1", 64 + 64},
    {"a: conv1-4, conv1-1, aux(cat(@a | id)), conv1-4", 256 + 64},
    {"aux(flatten,FC-9)", 64},
    {"conv1-4,aux(relu),conv1-5", 256 + 320},
};

static void peaks(void **state)
{
    (void)state;
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("1x8x8", rows[i].layers);
        int64_t peak = -1;
        EXPECT(failed, r.done && cnn_network_peak(&r.net, r.arena, &peak), "%s: %s", rows[i].layers,
               cnn_error_id(&r.err));
        EXPECT(failed, peak == rows[i].peak, "%s: %d, not %d", rows[i].layers, (int)peak,
               (int)rows[i].peak);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(peaks)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
