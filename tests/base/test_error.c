/* Errors: the first one wins, and the sentence stands over the source line with its caret. */
#include "support.h"

#include "base/error.h"

static sink written;

static const char *shown(const cnn_error *err, const char *text)
{
    cnn_writer to = sink_open(&written);
    assert_true(cnn_error_write(err, view(text), view("--layers"), &to));
    return written.data;
}

static void the_first_error_wins(void **state)
{
    (void)state;
    cnn_error err = {0};
    assert_string_equal(cnn_error_id(&err), "ok");
    assert_false(cnn_fail(&err, CNN_E_EMPTY_LIST, (cnn_span){1, 2}));
    assert_false(cnn_fail(&err, CNN_E_BAR, (cnn_span){3, 4}));
    assert_false(cnn_fail_numbers(&err, CNN_E_COUNT, (cnn_span){3, 4}, 5, 6));
    assert_false(cnn_fail_words(&err, CNN_E_SELF, (cnn_span){3, 4}, view("a"), view("b")));
    assert_false(cnn_fail_memory(&err));
    assert_string_equal(cnn_error_id(&err), "empty-list");
    assert_int_equal(err.span.begin, 1);
    assert_int_equal(err.number[0], 0);
    assert_int_equal(err.word[0].size, 0);
}

/* Every row of the table has an id, a sentence, and only places that can be filled in. */
static void every_error_is_complete(void **state)
{
    (void)state;
    static const struct {
        const char *id, *texts[3];
    } table[] = {
#define X(CODE, id, sentence, help, other) {id, {sentence, help, other}},
#include "base/errors.def"
#undef X
    };
    for (size_t i = 0; i < LENGTH(table); i++) {
        assert_true(strlen(table[i].id) > 1 && strlen(table[i].texts[0]) > 4);
        assert_true(strspn(table[i].id, "abcdefghijklmnopqrstuvwxyz-0123456789") ==
                    strlen(table[i].id));
        for (int k = 0; k < 3; k++) {
            const char *p = table[i].texts[k];
            while ((p = strchr(p, '{')) != NULL) {
                assert_non_null(strchr("0123abcstf", p[1]));
                assert_int_equal(p[2], '}');
                p += 3;
            }
            /* a caller of the library has no command line */
            assert_null(strstr(table[i].texts[k], "--"));
            assert_null(strstr(table[i].texts[k], "cnncalc "));
            for (p = table[i].texts[k]; (p = strstr(p, " -")) != NULL; p += 2) {
                assert_null(
                    memchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", p[2], 52));
            }
            /* a sentence is not ended: the place stands before it, the way out below */
            const size_t size = strlen(table[i].texts[k]);
            assert_true(size == 0 || table[i].texts[k][size - 1] != '.');
        }
    }
}

/* Errors that a program tells apart by their number. */
static void public_codes(void **state)
{
    (void)state;
    assert_int_equal(CNN_E_OK, CNN_OK);
    assert_int_equal(CNN_E_MEMORY, CNN_OUT_OF_MEMORY);
    assert_int_equal(CNN_E_WRITE, CNN_WRITE_FAILED);
}

static void places(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        cnn_span span;
        const char *shown;
    } rows[] = {
        {"a,|b",
         {2, 3},
         "--layers:1:3: '|' separates the branches of add, mul, cat and split\n"
         "    a,|b\n"
         "      ^\n"
         "  write add(a | b)\n"},
        /* several characters; the second line; a carriage return is not shown */
        {"a\nbcd,e\r\nf",
         {2, 5},
         "--layers:2:1: '|' separates the branches of add, mul, cat and "
         "split\n"
         "    bcd,e\n"
         "    ^^^\n"
         "  write add(a | b)\n"},
        /* an empty span at the end */
        {"ab",
         {2, 2},
         "--layers:1:3: '|' separates the branches of add, mul, cat and split\n"
         "    ab\n"
         "      ^\n"
         "  write add(a | b)\n"},
        {"",
         {0, 0},
         "--layers:1:1: '|' separates the branches of add, mul, cat and split\n"
         "    \n"
         "    ^\n"
         "  write add(a | b)\n"},
        /* a tab takes one column, a code point too; other control characters are shown as ? */
        {"\t\xC3\x97\x01|",
         {4, 5},
         "--layers:1:4: '|' separates the branches of add, mul, cat and "
         "split\n"
         "     \xC3\x97?|\n"
         "       ^\n"
         "  write add(a | b)\n"},
        /* a span over several lines is marked on the first */
        {"ab(\n)",
         {1, 5},
         "--layers:1:2: '|' separates the branches of add, mul, cat and split\n"
         "    ab(\n"
         "     ^^\n"
         "  write add(a | b)\n"},
    };
    /* Spans that lead beyond the text, as of another text, stop at its end. */
    cnn_error beyond = {0};
    cnn_fail(&beyond, CNN_E_BAR, (cnn_span){7, 9});
    beyond.call = (cnn_span){8, 9};
    assert_string_equal(shown(&beyond, "ab"), rows[2].shown);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_error err = {0};
        cnn_fail(&err, CNN_E_BAR, rows[i].span);
        assert_string_equal(shown(&err, rows[i].text), rows[i].shown);
    }
}

/* Of a long line a part is shown, cut between code points, with the caret under its character. */
static void long_lines_are_cut(void **state)
{
    (void)state;
    static char text[3001];
    for (size_t at = 0; at < 3000; at += 7) {
        for (size_t i = 0; i < 3000; i++) { /* two bytes each, so that cuts may fall between */
            text[i] = i % 2 == 0 ? '\xC3' : '\x97';
        }
        text[at / 2 * 2] = '<';
        text[at / 2 * 2 + 1] = '>';
        cnn_error err = {0};
        const uint32_t begin = (uint32_t)(at / 2 * 2);
        cnn_fail(&err, CNN_E_BAR, (cnn_span){begin, begin + 2});
        char *line = strchr(shown(&err, text), '\n') + 1;
        char *carets = strchr(line, '\n') + 1;
        int64_t column = 0, caret = (int64_t)strcspn(carets, "^");
        const char *mark = strstr(line, "<>");
        assert_non_null(mark);
        for (const char *p = line; p < mark; p++) {
            column += ((unsigned char)*p & 0xC0) != 0x80;
        }
        assert_int_equal(column, caret);
        assert_memory_equal(carets + caret, "^^\n", 3);
        assert_true(carets - line < 4 + 2 * 90);
        const char *dots = strstr(line, at / 2 * 2 > 2800 ? "\n" : "...\n");
        assert_true(dots != NULL && dots < carets);
    }
}

/* The bytes around a text are none of it: no end of a line, no rest of a character. */
static void only_the_text_is_shown(void **state)
{
    (void)state;
    static const char wanted[] = "x:1:1: '|' separates the branches of add, mul, cat and split\n"
                                 "    %s\n"
                                 "    ^\n"
                                 "  write add(a | b)\n";
    static const struct {
        const char *around;
        size_t begin, size;
        const char *line;
    } rows[] = {
        {"\r|", 1, 0, ""},          /* a carriage return before an empty line */
        {"|\x97", 0, 1, "|"},       /* half a character behind it */
        {"\x97", 0, 1, "\x97"},     /* half a character, alone */
        {"\xC3\x97", 1, 1, "\x97"}, /* its first byte before it */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char expected[200];
        snprintf(expected, sizeof expected, wanted, rows[i].line);
        cnn_error err = {0};
        cnn_fail(&err, CNN_E_BAR, (cnn_span){0, (uint32_t)rows[i].size});
        const cnn_text text = {rows[i].around + rows[i].begin, rows[i].size};
        cnn_writer to = sink_open(&written);
        assert_true(cnn_error_write(&err, text, view("x"), &to));
        assert_string_equal(written.data, expected);
    }
}

/* So it is where a line is as long as what is shown of one, or as the character that ends there. */
static void only_the_line_is_shown(void **state)
{
    (void)state;
    static const char *const ends[] = {"a", "\xC3\x97", "\xE2\x82\xAC"};
    for (size_t i = 0; i < LENGTH(ends); i++) {
        char text[100] = "", expected[300];
        memset(text, 'a', 75);
        strcat(text, ends[i]);
        const size_t size = strlen(text);
        snprintf(expected, sizeof expected,
                 "x:1:1: '|' separates the branches of add, mul, cat and split\n    %s\n    ^\n"
                 "  write add(a | b)\n",
                 text);
        strcat(text, "\x97\x97");
        cnn_error err = {0};
        cnn_fail(&err, CNN_E_BAR, (cnn_span){0, 1});
        cnn_writer to = sink_open(&written);
        assert_true(cnn_error_write(&err, (cnn_text){text, size}, view("x"), &to));
        assert_string_equal(written.data, expected);
    }
}

/* Of a line without any beginning of a character all is shown, because it is cut nowhere. */
static void lines_that_cannot_be_cut(void **state)
{
    (void)state;
    char text[201] = "";
    memset(text, '\x97', 200);
    cnn_error err = {0};
    cnn_fail(&err, CNN_E_BAR, (cnn_span){120, 121});
    char *line = strchr(shown(&err, text), '\n') + 1;
    assert_memory_equal(line, "    ...", 7);
    assert_memory_equal(line + 7, text, 200);
    assert_memory_equal(line + 207, "\n       ^\n", 10);
}

/* 76 bytes are shown, and the rest of the character that they end in, wherever that is. */
static void cuts_end_behind_characters(void **state)
{
    (void)state;
    for (size_t letters = 0; letters < 3; letters++) {
        char text[400] = "";
        memset(text, 'a', letters);
        for (size_t i = 0; i < 100; i++) {
            memcpy(text + letters + 3 * i, "\xE2\x82\xAC", 3); /* the euro sign */
        }
        cnn_error err = {0};
        cnn_fail(&err, CNN_E_BAR, (cnn_span){0, 0});
        const char *line = strchr(shown(&err, text), '\n') + 1;
        const size_t whole = letters + (76 - letters + 2) / 3 * 3;
        assert_memory_equal(line, "    ", 4);
        assert_memory_equal(line + 4, text, whole);
        assert_memory_equal(line + 4 + whole, "...\n    ^\n", 10);
    }
}

static void templates(void **state)
{
    (void)state;
    cnn_error err = {.shape = {{64, {56, 28}, 2}, {10, {0}, 0}}};
    cnn_fail(&err, CNN_E_ADD_SHAPES, (cnn_span){0, 1});
    cnn_writer to = sink_open(&written);
    assert_true(cnn_error_write_line(&err, &to));
    assert_string_equal(written.data, "add needs equal shapes: its branches give 64x56x28 and 10");

    err = (cnn_error){.number = {7, -9, 2, 3}};
    err.code = CNN_E_KERNEL_DILATED;
    assert_string_equal(shown(&err, "x"),
                        "--layers:1:1: kernel 3 with its dilation covers 7, more than its padded "
                        "input -9\n    x\n    ^\n"
                        "  use a smaller dilation, or a padding of 2 or more\n");
}

/* Without a word for the first way out, the other one is shown. */
static void ways_out(void **state)
{
    (void)state;
    cnn_error err = {0};
    cnn_fail_words(&err, CNN_E_UNKNOWN_LAYER, (cnn_span){0, 4}, view("cnov"), view("conv"));
    assert_non_null(strstr(shown(&err, "cnov"), "\n  did you mean conv?\n"));
    err.word[1] = (cnn_text){0};
    assert_string_equal(strrchr(shown(&err, "cnov"), '^'), "^\n"); /* nothing is near */
}

static void hostile_words_are_cut_and_cleaned(void **state)
{
    (void)state;
    cnn_error err = {0};
    cnn_fail_words(&err, CNN_E_UNKNOWN_LAYER, (cnn_span){0, 1},
                   view("a\x1b[31m\x7f 0123456789012345678901234567890123456789"
                        "01234567890123456789012345"),
                   (cnn_text){0});
    cnn_writer to = sink_open(&written);
    assert_true(cnn_error_write_line(&err, &to));
    assert_string_equal(
        written.data,
        "no layer or definition is called 'a?[31m? 0123456789012345678901234567890123456789"
        "012345678901234567890123...'");
}

/* The item that uses the faulty one is shown as a second place. */
static void the_call_is_shown(void **state)
{
    (void)state;
    cnn_error err = {0};
    cnn_fail(&err, CNN_E_BAR, (cnn_span){2, 3});
    err.call = (cnn_span){4, 6};
    assert_string_equal(shown(&err, "f=|\nfg"),
                        "--layers:1:3: '|' separates the branches of add, mul, cat and split\n"
                        "    f=|\n"
                        "      ^\n"
                        "  used by --layers:2:1:\n"
                        "    fg\n"
                        "    ^^\n"
                        "  write add(a | b)\n");
}

/* These two have no place. */
static void memory_and_writing_have_no_place(void **state)
{
    (void)state;
    cnn_error err = {0};
    cnn_fail_memory(&err);
    assert_string_equal(shown(&err, "conv"), "out of memory\n");
    err = (cnn_error){.code = CNN_WRITE_FAILED};
    assert_string_equal(shown(&err, "conv"), "writing failed\n");
}

static void writers_may_fail(void **state)
{
    (void)state;
    cnn_error err = {0};
    cnn_fail(&err, CNN_E_BAR, (cnn_span){2, 3});
    cnn_writer to = sink_open(&written);
    written.limit = 1;
    assert_false(cnn_error_write(&err, view("a,|"), view("-"), &to));
    assert_false(cnn_error_write_line(&err, &to));
}

static void lines_and_columns(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t offset;
        int64_t line, column;
    } rows[] = {
        {"", 0, 1, 1},
        {"abc", 2, 1, 3},
        {"a\nb", 2, 2, 1},
        {"a\nb", 1, 1, 2},
        {"a\r\nb", 3, 2, 1},
        {"\n\n\n", 3, 4, 1},
        {"\xC3\x97\xC3\x97q", 4, 1, 3},
        {"abc", 99, 1, 4}, /* behind the end: the end */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        int64_t line, column;
        cnn_text_locate(view(rows[i].text), rows[i].offset, &line, &column);
        assert_int_equal(line, rows[i].line);
        assert_int_equal(column, rows[i].column);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_error_wins),
        cmocka_unit_test(every_error_is_complete),
        cmocka_unit_test(public_codes),
        cmocka_unit_test(places),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(only_the_text_is_shown),
        cmocka_unit_test(only_the_line_is_shown),
        cmocka_unit_test(lines_that_cannot_be_cut),
        cmocka_unit_test(cuts_end_behind_characters),
        cmocka_unit_test(templates),
        cmocka_unit_test(ways_out),
        cmocka_unit_test(hostile_words_are_cut_and_cleaned),
        cmocka_unit_test(the_call_is_shown),
        cmocka_unit_test(memory_and_writing_have_no_place),
        cmocka_unit_test(writers_may_fail),
        cmocka_unit_test(lines_and_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
