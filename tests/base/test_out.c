/* Writing: numbers, escapes, counting columns, and writers that fail. */
#include "support.h"

#include <inttypes.h>

#include "base/out.h"
#include "base/shape_text.h"

static sink written;

static void expect_int(int64_t n, bool grouped, const char *text)
{
    cnn_writer to = sink_open(&written);
    cnn_out out;
    cnn_out_open(&out, &to);
    (grouped ? cnn_out_grouped : cnn_out_int)(&out, n);
    assert_true(cnn_out_close(&out));
    assert_string_equal(written.data, text);
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        int64_t n;
        const char *grouped;
    } rows[] = {
        {0, "0"},
        {9, "9"},
        {999, "999"},
        {1000, "1,000"},
        {-1000, "-1,000"},
        {-999, "-999"},
        {123456, "123,456"},
        {1234567, "1,234,567"},
        {INT64_MAX, "9,223,372,036,854,775,807"},
        {INT64_MIN, "-9,223,372,036,854,775,808"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char plain[32];
        snprintf(plain, sizeof plain, "%" PRId64, rows[i].n);
        expect_int(rows[i].n, false, plain);
        expect_int(rows[i].n, true, rows[i].grouped);
    }
}

/* As the C library writes it, and with a comma before each three digits from the right. */
static void expect_printed(int64_t n)
{
    char plain[32], grouped[40];
    const int size = snprintf(plain, sizeof plain, "%" PRId64, n);
    int used = 0;
    for (int i = 0; i < size; i++) {
        const bool comma = (size - i) % 3 == 0 && i > (n < 0);
        used += snprintf(grouped + used, 3, comma ? ",%c" : "%c", plain[i]);
    }
    expect_int(n, false, plain);
    expect_int(n, true, grouped);
}

static void numbers_of_all_lengths(void **state)
{
    (void)state;
    for (int64_t n = -1100; n <= 20000; n++) {
        expect_printed(n);
    }
    for (int64_t power = 10000; power <= INT64_MAX / 10; power *= 10) {
        for (int64_t n = power - 2; n < power + 2; n++) {
            expect_printed(n);
            expect_printed(-n);
            expect_printed(n / 7 * 9); /* other digits than 9 and 0 */
        }
    }
}

/* Numbers that begin anywhere before the buffer's end arrive whole. */
static void numbers_in_full_buffers(void **state)
{
    (void)state;
    static const int64_t rows[] = {7, 42, 305, 9999, 12345, -6, INT64_MAX, INT64_MIN};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (int64_t before = 990; before < 1060; before++) {
            char text[32];
            const size_t size = (size_t)snprintf(text, sizeof text, "%" PRId64, rows[i]);
            cnn_writer to = sink_open(&written);
            cnn_out out;
            cnn_out_open(&out, &to);
            cnn_out_fill(&out, '.', before);
            cnn_out_int(&out, rows[i]);
            assert_int_equal(cnn_out_columns(&out), (size_t)before + size);
            assert_true(cnn_out_close(&out));
            assert_int_equal(written.size, (size_t)before + size);
            assert_memory_equal(written.data + before, text, size);
        }
    }
}

static void escapes(void **state)
{
    (void)state;
    static const struct {
        cnn_escape escape;
        const char *text, *wanted;
    } rows[] = {
        {CNN_ESCAPE_NONE, "a|\"\\\n", "a|\"\\\n"},
        {CNN_ESCAPE_JSON, "a\"b\\c", "a\\\"b\\\\c"},
        {CNN_ESCAPE_JSON, "\n\t\x1f\x7f", "\\u000a\\u0009\\u001f\\u007f"}, /* RFC 8259, section 7 */
        {CNN_ESCAPE_JSON, "\xC3\x97|/", "\xC3\x97|/"},
        {CNN_ESCAPE_CSV, "a\"b,c", "a\"\"b,c"},   /* RFC 4180, rule 7 */
        {CNN_ESCAPE_CSV, "a\nb\x7f", "a\nb\x7f"}, /* rule 6 */
        {CNN_ESCAPE_MARKDOWN, "add(a | b)", "add(a \\| b)"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_writer to = sink_open(&written);
        cnn_out out;
        cnn_out_open(&out, &to);
        cnn_out_set_escape(&out, rows[i].escape);
        cnn_out_string(&out, rows[i].text);
        assert_true(cnn_out_close(&out));
        assert_string_equal(written.data, rows[i].wanted);
    }
}

/* `count` is what the text takes on a terminal: code points, not bytes. */
static void columns_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t columns;
    } rows[] = {{"", 0},
                {"abc", 3},
                {"a\xC3\x97"
                 "b",
                 3},
                {"\xE2\x96\x88\xF0\x9F\x98\x80", 2}};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_out out;
        cnn_out_open(&out, NULL); /* only counting */
        cnn_out_text(&out, view(rows[i].text));
        assert_int_equal(cnn_out_columns(&out), rows[i].columns);
        assert_true(cnn_out_close(&out));
    }
    cnn_out out;
    cnn_out_open(&out, NULL);
    cnn_out_fill(&out, '-', 5000);
    cnn_out_fill(&out, '-', 0);
    cnn_out_fill(&out, '-', -3);
    assert_int_equal(cnn_out_columns(&out), 5000);
}

/* Every length around the buffer's size arrives whole. */
static void long_texts_arrive_whole(void **state)
{
    (void)state;
    static char text[5000];
    for (size_t size = 1000; size < sizeof text; size += size < 1050 ? 1 : 101) {
        for (size_t i = 0; i < size; i++) {
            text[i] = (char)('a' + i % 26);
        }
        cnn_writer to = sink_open(&written);
        cnn_out out;
        cnn_out_open(&out, &to);
        cnn_out_bytes(&out, text, size);
        assert_true(cnn_out_close(&out));
        assert_int_equal(written.size, size);
        assert_memory_equal(written.data, text, size);
    }
}

/* The writer is called when the buffer is full, and not before: calls cost time. */
static size_t pieces, smallest;

static bool weigh(void *user, const char *data, size_t size)
{
    (void)user;
    (void)data;
    pieces++;
    smallest = size < smallest ? size : smallest;
    return true;
}

static void full_buffers_are_written(void **state)
{
    (void)state;
    for (int how = 0; how < 5; how++) {
        cnn_writer to = {weigh, NULL};
        cnn_out out;
        cnn_out_open(&out, &to);
        pieces = 0;
        smallest = SIZE_MAX;
        for (int i = 0; i < 10000; i++) {
            switch (how) {
            case 0:
                cnn_out_char(&out, 'a');
                break;
            case 1:
                cnn_out_string(&out, "a");
                break;
            case 2:
                cnn_out_fill(&out, 'a', 1);
                break;
            case 3:
                cnn_out_char(&out, '\xB0'); /* no ASCII */
                break;
            default:
                cnn_out_int(&out, 7);
            }
        }
        /* a number may leave room for the longest one, and as much again */
        assert_true(pieces > 0 && pieces <= 10000 / (sizeof out.buffer - 48));
        assert_true(smallest >= sizeof out.buffer - 48);
        assert_true(cnn_out_close(&out));
    }
}

/* Wherever a character of several bytes stands, and whatever stands before and behind it. */
static void code_points_are_counted_anywhere(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 40; size++) {
        for (size_t at = 0; at <= size; at++) {
            char text[64] = "";
            memset(text, 'a', at);
            strcat(text, "\xE2\x82\xAC"); /* the euro sign */
            memset(text + at + 3, 'b', size - at);
            cnn_writer to = sink_open(&written);
            cnn_out out;
            cnn_out_open(&out, &to);
            cnn_out_string(&out, text);
            assert_int_equal(cnn_out_columns(&out), size + 1);
            assert_true(cnn_out_close(&out));
            assert_string_equal(written.data, text);
        }
    }
}

/* A writer that fails once is not called again. */
static int calls;

static bool refuse(void *user, const char *data, size_t size)
{
    (void)user;
    (void)data;
    assert_true(size > 0);
    calls++;
    return false;
}

static void failure_is_reported_once(void **state)
{
    (void)state;
    cnn_writer to = {refuse, NULL};
    cnn_out out;
    cnn_out_open(&out, &to);
    calls = 0;
    cnn_out_fill(&out, 'x', 10000);
    assert_false(cnn_out_close(&out));
    assert_int_equal(calls, 1);
    cnn_out_open(&out, &to);
    assert_true(cnn_out_close(&out)); /* nothing was written, so nothing failed */
    assert_int_equal(calls, 1);
}

static void shapes(void **state)
{
    (void)state;
    static const struct {
        cnn_shape shape;
        const char *text;
    } rows[] = {
        {{64, {224, 112}, 2}, "64x224x112"}, {{4096, {0}, 0}, "4096"}, {{1, {1, 1}, 2}, "1x1x1"}};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_writer to = sink_open(&written);
        cnn_out out;
        cnn_out_open(&out, &to);
        cnn_out_shape(&out, &rows[i].shape);
        assert_true(cnn_out_close(&out));
        assert_string_equal(written.data, rows[i].text);
    }
    static const struct {
        int64_t side[3];
        int32_t count;
        const char *text;
    } sides[] = {{{3, 3}, 2, "3"},
                 {{1, 7}, 2, "1x7"},
                 {{5}, 1, "5"},
                 {{2, 2, 2}, 3, "2"},
                 {{2, 2, 3}, 3, "2x2x3"}};
    for (size_t i = 0; i < LENGTH(sides); i++) {
        cnn_writer to = sink_open(&written);
        cnn_out out;
        cnn_out_open(&out, &to);
        cnn_out_sides(&out, sides[i].side, sides[i].count);
        assert_true(cnn_out_close(&out));
        assert_string_equal(written.data, sides[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),
        cmocka_unit_test(numbers_of_all_lengths),
        cmocka_unit_test(numbers_in_full_buffers),
        cmocka_unit_test(escapes),
        cmocka_unit_test(columns_are_counted),
        cmocka_unit_test(long_texts_arrive_whole),
        cmocka_unit_test(full_buffers_are_written),
        cmocka_unit_test(code_points_are_counted_anywhere),
        cmocka_unit_test(failure_is_reported_once),
        cmocka_unit_test(shapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
