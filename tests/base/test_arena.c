/* The arena: alignment, zeroing, the two ends, and refusal of what does not fit. */
#include "support.h"

#include "base/arena.h"

static _Alignas(16) unsigned char memory[4096];

static void objects_are_aligned_and_zeroed(void **state)
{
    (void)state;
    memset(memory, 0xAA, sizeof memory);
    for (size_t from = 0; from < 16; from++) {
        cnn_arena arena = cnn_arena_over(memory + from, 1000);
        for (size_t size = 1; size < 20; size++) {
            unsigned char *p = cnn_arena_take(&arena, 1, size);
            assert_non_null(p);
            assert_int_equal((uintptr_t)p % 16, 0);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(p[i], 0);
            }
            memset(p, 0xFF, size);
        }
    }
}

static void objects_do_not_overlap(void **state)
{
    (void)state;
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    unsigned char *low = cnn_arena_push(&arena, 24);
    unsigned char *a = cnn_arena_take(&arena, 3, 7);
    unsigned char *b = cnn_arena_take(&arena, 1, 16);
    unsigned char *next = cnn_arena_push(&arena, 24);
    assert_ptr_equal(low, memory);
    assert_ptr_equal(next, memory + 24); /* one array, behind one another */
    assert_true(b + 16 <= a && next + 24 <= b && a + 21 <= memory + sizeof memory);
}

/* Sizes up to the room fit, everything above does not, and a refusal changes nothing. */
static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    for (size_t room = 0; room < 64; room++) {
        for (size_t size = 1; size < 80; size++) {
            cnn_arena arena = cnn_arena_over(memory, room);
            const cnn_arena before = arena;
            const size_t rounded = (size + 15) / 16 * 16;
            const bool fits = rounded <= room / 16 * 16;
            assert_int_equal(cnn_arena_take(&arena, 1, size) != NULL, fits);
            assert_true(fits || (arena.low == before.low && arena.high == before.high));
            arena = before;
            assert_int_equal(cnn_arena_push(&arena, size) != NULL, size <= room);
        }
    }
}

static void products_that_overflow_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t count, size;
    } rows[] = {{SIZE_MAX, 1},         {SIZE_MAX, SIZE_MAX},    {SIZE_MAX / 16 + 1, 16},
                {SIZE_MAX / 2 + 1, 2}, {SIZE_MAX / 24 + 1, 24}, {1, SIZE_MAX},
                {1, SIZE_MAX - 14},    {sizeof memory + 1, 1},  {2, sizeof memory / 2 + 1}};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        assert_null(cnn_arena_take(&arena, rows[i].count, rows[i].size));
        assert_ptr_equal(arena.high, memory + sizeof memory);
    }
}

static void nothing_can_be_taken_of_nothing(void **state)
{
    (void)state;
    cnn_arena arena = {0};
    assert_null(cnn_arena_take(&arena, 1, 1));
    assert_null(cnn_arena_push(&arena, 1));
    assert_true(cnn_arena_align_low(&arena));
    assert_non_null(cnn_arena_take(&(cnn_arena){memory, memory + 16}, 0, 8));
}

static void the_low_end_is_aligned(void **state)
{
    (void)state;
    for (size_t from = 0; from < 32; from++) {
        cnn_arena arena = cnn_arena_over(memory + from, 64);
        assert_true(cnn_arena_align_low(&arena));
        assert_int_equal((uintptr_t)arena.low % 16, 0);
        assert_true(arena.low >= memory + from && arena.low < memory + from + 16);
    }
    cnn_arena tight = cnn_arena_over(memory + 1, 14);
    assert_false(cnn_arena_align_low(&tight));
    assert_ptr_equal(tight.low, memory + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_aligned_and_zeroed),
        cmocka_unit_test(objects_do_not_overlap),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(products_that_overflow_are_refused),
        cmocka_unit_test(nothing_can_be_taken_of_nothing),
        cmocka_unit_test(the_low_end_is_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
