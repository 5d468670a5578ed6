/* The map from names to values. */
#include "support.h"

#include "base/names.h"

enum { MANY = 5000 };

static _Alignas(16) unsigned char memory[1 << 20];
static char spellings[MANY][8];

static void many_names_are_found_again(void **state)
{
    (void)state;
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_names names = {0};
    for (int i = 0; i < MANY; i++) {
        snprintf(spellings[i], sizeof spellings[i], "n%d", i);
        assert_null(cnn_names_find(&names, view(spellings[i])));
        cnn_name *name = cnn_names_add(&names, view(spellings[i]), &arena);
        assert_non_null(name);
        assert_int_equal(name->number, 0);
        assert_null(name->value);
        name->number = i;
    }
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(cnn_names_find(&names, view(spellings[i]))->number, i);
    }
    assert_null(cnn_names_find(&names, view("n5000")));
}

static void case_makes_no_difference(void **state)
{
    (void)state;
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_names names = {0};
    cnn_name *name = cnn_names_add(&names, view("Conv"), &arena);
    assert_ptr_equal(cnn_names_add(&names, view("CONV"), &arena), name);
    assert_ptr_equal(cnn_names_find(&names, view("conv")), name);
    assert_memory_equal(name->text.data, "Conv", 4); /* as first written */
    assert_null(cnn_names_find(&names, view("con")));
    assert_null(cnn_names_find(&names, (cnn_text){0}));
}

static void a_full_arena_is_reported(void **state)
{
    (void)state;
    cnn_arena arena = cnn_arena_over(memory, sizeof(cnn_name));
    cnn_names names = {0};
    assert_non_null(cnn_names_add(&names, view("a"), &arena));
    assert_null(cnn_names_add(&names, view("b"), &arena));
    assert_non_null(cnn_names_add(&names, view("a"), &arena)); /* it is there already */
    assert_null(cnn_names_find(&names, view("b")));
}

/* The high end may lie at any address, and there may be no room at all. */
static void odd_arenas(void **state)
{
    (void)state;
    for (size_t from = 0; from < 16; from++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof(cnn_name) + 32 - from);
        cnn_names names = {0};
        cnn_name *name = cnn_names_add(&names, view("a"), &arena);
        assert_non_null(name);
        assert_int_equal((uintptr_t)name % 16, 0);
        assert_ptr_equal(cnn_names_find(&names, view("a")), name);
    }
    cnn_arena arena = {0};
    cnn_names names = {0};
    assert_null(cnn_names_add(&names, view("a"), &arena));
    assert_null(names.root);
}

static void all_names_are_offered(void **state)
{
    (void)state;
    static const char *const words[] = {"relu", "conv", "maxpool", "softmax", "bn", "dropout"};
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    cnn_names names = {0};
    for (size_t i = 0; i < LENGTH(words); i++) {
        assert_non_null(cnn_names_add(&names, view(words[i]), &arena));
    }
    for (size_t i = 0; i < LENGTH(words); i++) {
        char wrong[16];
        snprintf(wrong, sizeof wrong, "%sx", words[i]);
        cnn_nearest nearest = cnn_nearest_to(view(wrong));
        cnn_names_offer(&names, &nearest);
        assert_true(cnn_text_is(nearest.best, words[i]));
    }
    cnn_nearest nearest = cnn_nearest_to(view("conv"));
    cnn_names_offer(&(cnn_names){0}, &nearest);
    assert_int_equal(nearest.best.size, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_names_are_found_again), cmocka_unit_test(case_makes_no_difference),
        cmocka_unit_test(a_full_arena_is_reported),   cmocka_unit_test(odd_arenas),
        cmocka_unit_test(all_names_are_offered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
