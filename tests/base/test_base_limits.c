/* The base's branches that no list reaches: memory at odd addresses, long names, deep maps. */
#include "support.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/names.h"
#include "base/shape_text.h"
#include "ops/count.h"

static void arena_at_odd_ends(void **state)
{
    (void)state;
    static _Alignas(16) unsigned char memory[64];
    /* the high end is 5 above a multiple of 16: more slack than room */
    cnn_arena arena = {memory + 32, memory + 37};
    arena.low = memory + 34;
    assert_null(cnn_arena_take(&arena, 1, 1));
    /* 17 bytes of room, rounded up to 32: too many */
    arena = (cnn_arena){memory + 15, memory + 32};
    assert_null(cnn_arena_take(&arena, 17, 1));
    assert_non_null(cnn_arena_take(&arena, 16, 1));
    /* no room to align the low end */
    arena = (cnn_arena){memory + 1, memory + 3};
    assert_false(cnn_arena_align_low(&arena));
    arena = (cnn_arena){memory + 1, memory + 16};
    assert_true(cnn_arena_align_low(&arena));
    assert_ptr_equal(arena.low, memory + 16);
}

/* Names of one hash make a map a chain; beyond 64 of them it no longer guesses. */
static void deep_names(void **state)
{
    (void)state;
    static cnn_name chain[70];
    for (size_t i = 0; i < LENGTH(chain); i++) {
        chain[i].text = view(i == 65 ? "conv" : "something");
        chain[i].child[0] = i + 1 < LENGTH(chain) ? &chain[i + 1] : NULL;
    }
    const cnn_names names = {chain};
    cnn_nearest nearest = cnn_nearest_to(view("convx"));
    cnn_names_offer(&names, &nearest);
    assert_int_equal(nearest.best.size, 0);
    chain[3].text = view("conv");
    cnn_names_offer(&names, &nearest);
    assert_int_equal(nearest.best.size, 4);
}

static void long_names(void **state)
{
    (void)state;
    const cnn_text name = view("a_name_of_more_than_thirty_two_letters");
    assert_int_equal(cnn_text_distance(name, view("a"), 2), 3);
    assert_int_equal(cnn_text_distance(view("a"), name, 2), 3);
}

static void sides_of_three_axes(void **state)
{
    (void)state;
    static sink s;
    static const struct {
        int64_t side[3];
        const char *text;
    } rows[] = {{{2, 2, 2}, "2"}, {{1, 2, 2}, "1x2x2"}, {{2, 1, 2}, "2x1x2"}, {{2, 2, 1}, "2x2x1"}};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_writer to = sink_open(&s);
        cnn_out out;
        cnn_out_open(&out, &to);
        cnn_out_sides(&out, rows[i].side, 3);
        assert_true(cnn_out_close(&out));
        assert_string_equal(s.data, rows[i].text);
    }
}

/* A long line of characters of two bytes is cut between them, at both ends. */
static void long_lines(void **state)
{
    (void)state;
    static sink s;
    char text[400] = "";
    for (int i = 0; i < 60; i++) {
        strcat(text, i == 29 ? "!" : "\xC3\x97");
    }
    for (uint32_t at = 0; at < 119; at++) {
        cnn_writer to = sink_open(&s);
        const cnn_error err = {.code = CNN_E_EMPTY_LIST, .span = {at, at + 1}};
        assert_true(cnn_error_write(&err, view(text), view("x"), &to));
        /* what is shown is UTF-8: each first byte has its second one */
        for (const char *p = s.data; *p != '\0'; p++) {
            if (*p == '\xC3') {
                assert_int_equal((unsigned char)*++p, 0x97);
            } else {
                assert_true((unsigned char)*p < 0x80);
            }
        }
    }
}

static void negative_counts(void **state)
{
    (void)state;
    int64_t out;
    assert_true(cnn_count_product(-1, 2, 3, 4, &out));
    assert_int_equal(out, -24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arena_at_odd_ends), cmocka_unit_test(deep_names),
        cmocka_unit_test(long_names),        cmocka_unit_test(sides_of_three_axes),
        cmocka_unit_test(long_lines),        cmocka_unit_test(negative_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
