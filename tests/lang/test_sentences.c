/*
 * What errors say about lists, word for word, where the place alone does not tell two mistakes
 * apart. The sentences follow from src/base/errors.def and docs/language.md.
 */
#include "support.h"

static sink said;

static void sentences(void **state)
{
    (void)state;
    static const struct {
        const char *list, *sentence, *way_out;
    } rows[] = {
        {"a:", "'the end of the list' is not expected here", "a layer is expected here"},
        {"f(n)=conv3-n;f( )", "'f' needs a value for 'n'", "write f(..., n=...)"},
        {"f(n)=conv3-n;f(n= )", "')' is not expected here", "a number or a layer is expected here"},
        {"f(num)=(nmu-1)*relu;f(2)", "no number is called 'nmu'", "did you mean num?"},
        {"f(num)=conv3-nmu;f(2)", "no number is called 'nmu'", "did you mean num?"},
        {"width=64\nconv3-widht", "no number is called 'widht'", "did you mean width?"},
        {"depth=64;width(n)=relu\nwidth(widths)", "no layer or definition is called 'widths'",
         "did you mean width?"},
        {"width(n)=relu;conv3-(widht)", "no number is called 'widht'",
         "put a space or parentheses after a name, and define numbers before they are used"},
        /* the first mistake is told, whatever stands behind it */
        {"f(n;conv0-4)=relu;f", "';' is not expected here", "write f(a, b=2) = ... to define f"},
        {"(y conv0-4)*relu", "no number is called 'y'",
         "put a space or parentheses after a name, and define numbers before they are used"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("8", rows[i].list);
        cnn_writer to = sink_open(&said);
        assert_true(cnn_error_write_line(&r.err, &to));
        EXPECT(failed, strcmp(said.data, rows[i].sentence) == 0, "%s: %s", rows[i].list, said.data);
        to = sink_open(&said);
        assert_true(cnn_error_write(&r.err, view(rows[i].list), view("list"), &to));
        const char *last = said.data + said.size - strlen(rows[i].way_out) - 1;
        EXPECT(failed, memcmp(last, rows[i].way_out, strlen(rows[i].way_out)) == 0, "%s: %s",
               rows[i].list, said.data);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
