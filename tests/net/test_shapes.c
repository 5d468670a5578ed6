/* Numbers of shapes: one for each, and the same one every time. */
#include "support.h"

#include "net/shapes.h"

static cnn_shapes shapes;

/* Every shape of few channels and sides, so that many differ in one of them, or swap them. */
static cnn_shape shape_at(int32_t i)
{
    static const int64_t numbers[] = {1, 2, 3, 64, 1 << 20, (int64_t)1 << 32, INT64_MAX};
    const int32_t count = (int32_t)LENGTH(numbers);
    cnn_shape shape = {.channels = numbers[i % count], .axes = i / count == 0 ? 0 : 2};
    if (shape.axes > 0) {
        shape.side[0] = numbers[i / count % count];
        shape.side[1] = numbers[i / count / count % count];
    }
    return shape;
}

enum { GRID = 7 * 7 * 7 };

static bool same(const cnn_shape *a, const cnn_shape *b)
{
    return a->channels == b->channels && a->axes == b->axes && a->side[0] == b->side[0] &&
           a->side[1] == b->side[1] && a->side[2] == b->side[2];
}

static void every_shape_has_one_number(void **state)
{
    (void)state;
    int failed = 0;
    memset(&shapes, 0, sizeof shapes);
    for (int round = 0; round < 2; round++) {
        for (int32_t i = 0; i < GRID; i++) {
            const cnn_shape shape = shape_at(i);
            const int32_t number = cnn_shapes_number(&shapes, &shape);
            EXPECT(failed, number == i && same(&shapes.of[number], &shape), "%d: %d", (int)i,
                   (int)number);
        }
    }
    assert_int_equal(shapes.count, GRID);
    assert_int_equal(failed, 0);
}

/* The third axis and the number of axes are looked at as well. */
static void nothing_of_a_shape_is_left_out(void **state)
{
    (void)state;
    static const cnn_shape rows[] = {
        {1, {2, 3, 0}, 2}, {1, {3, 2, 0}, 2}, {2, {1, 3, 0}, 2}, {1, {2, 3, 4}, 3},
        {1, {2, 3, 5}, 3}, {1, {0, 0, 0}, 0}, {1, {0, 0, 0}, 2}, {1, {1, 0, 0}, 2},
    };
    memset(&shapes, 0, sizeof shapes);
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < LENGTH(rows); i++) {
            assert_int_equal(cnn_shapes_number(&shapes, &rows[i]), i);
        }
    }
}

/* More than there are numbers: those that have one keep it. */
static void numbers_end(void **state)
{
    (void)state;
    int failed = 0;
    memset(&shapes, 0, sizeof shapes);
    for (int round = 0; round < 2; round++) {
        for (int32_t i = 0; i < CNN_SHAPE_NUMBERS + 100; i++) {
            const cnn_shape shape = {i + 1, {224, 224, 0}, 2};
            const int32_t expected = i < CNN_SHAPE_NUMBERS ? i : CNN_SHAPE_NUMBERS;
            EXPECT(failed, cnn_shapes_number(&shapes, &shape) == expected, "%d", (int)i);
            if (round == 0) {
                const bool crowded = i + 1 > CNN_SHAPE_NUMBERS / 4 * 3;
                EXPECT(failed, cnn_shapes_crowded(&shapes) == crowded, "%d", (int)i);
            }
        }
    }
    assert_int_equal(shapes.count, CNN_SHAPE_NUMBERS);
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_shape_has_one_number),
        cmocka_unit_test(nothing_of_a_shape_is_left_out),
        cmocka_unit_test(numbers_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
