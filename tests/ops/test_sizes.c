/* Single layers against PyTorch: tests/data/sizes.tsv, every row. */
#include "support.h"

static void every_row(void **state)
{
    (void)state;
    char *table = slurp(TEST_DATA "/sizes.tsv"), *at = table, *cells[4];
    int rows = 0, failed = 0;
    assert_true(next_row(&at, cells, 4)); /* the header */
    assert_string_equal(cells[3], "params");
    for (; next_row(&at, cells, 4); rows++) {
        reading r = read_list(cells[0], cells[1]);
        char name[96] = "error", params[32] = "-";
        if (r.done) {
            shape_name(output_of(&r.net), name, sizeof name);
            snprintf(params, sizeof params, "%lld", (long long)r.net.totals.params);
            EXPECT(failed, round_trips(&r.net), "%s %s: the canonical text reads otherwise",
                   cells[0], cells[1]);
        }
        EXPECT(failed, strcmp(name, cells[2]) == 0 && strcmp(params, cells[3]) == 0,
               "%s %s: %s %s, not %s %s", cells[0], cells[1], cells[2], cells[3], name, params);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
    assert_int_equal(rows, 3000);
    free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_row)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
