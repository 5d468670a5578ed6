/* Views of bytes: comparing, trimming, splitting, and the distance behind "did you mean". */
#include "support.h"

#include "base/text.h"

static void comparing_ignores_case(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"", "", true},
        {"conv", "CONV", true},
        {"conv", "con", false},
        {"a", "b", false},
        {"Fc", "fC", true},
        {"a_1", "A_1", true},
        {"[", "{", false},
        {"@", "`", false},               /* 32 apart, but no letters */
        {"\xC3\x84", "\xC3\xA4", false}, /* case folding is of ASCII only */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(cnn_text_same(view(rows[i].a), view(rows[i].b)), rows[i].same);
        assert_int_equal(cnn_text_is(view(rows[i].a), rows[i].b), rows[i].same);
        if (rows[i].same) {
            assert_true(cnn_text_hash(view(rows[i].a)) == cnn_text_hash(view(rows[i].b)));
        }
    }
    for (int c = -128; c < 128; c++) { /* against the C locale's own */
        const char folded = c >= 'A' && c <= 'Z' ? (char)(c + 32) : (char)c;
        assert_int_equal(cnn_fold((char)c), folded);
        assert_int_equal(cnn_is_letter((char)c), folded >= 'a' && folded <= 'z');
        assert_int_equal(cnn_is_digit((char)c), c >= '0' && c <= '9');
    }
}

static void trimming(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},   {" ", ""},    {" \t\r\n", ""}, {" a b ", "a b"},
        {"a", "a"}, {"\ta", "a"}, {"a\n", "a"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_text text = cnn_text_trim(view(rows[i][0]));
        assert_int_equal(text.size, strlen(rows[i][1]));
        assert_memory_equal(text.data, rows[i][1], text.size);
    }
}

/* What stands around a view is none of it, even where it looks like its continuation. */
static void views_end_where_they_end(void **state)
{
    (void)state;
    assert_int_equal(cnn_text_trim((cnn_text){"   ", 1}).size, 0);
    assert_int_equal(cnn_text_trim((cnn_text){" a  ", 3}).size, 1);
    const cnn_text inner = cnn_text_trim((cnn_text){&"  a  "[2], 1});
    assert_int_equal(inner.size, 1);
    assert_int_equal(inner.data[0], 'a');
    /* the 'b' before 'a' would make a swap */
    assert_int_equal(cnn_text_distance(view("xab"), (cnn_text){&"ba"[1], 1}, 3), 2);
    assert_int_equal(cnn_text_distance((cnn_text){&"ba"[1], 1}, view("xab"), 3), 2);
}

/* Names that differ in one letter have different hashes, or the map of names would be a list. */
static void hashes_differ(void **state)
{
    (void)state;
    static uint64_t hashes[26 * 26];
    for (int i = 0; i < 26 * 26; i++) {
        const char name[] = {(char)('a' + i / 26), (char)('a' + i % 26)};
        hashes[i] = cnn_text_hash((cnn_text){name, sizeof name});
        for (int k = 0; k < i; k++) {
            assert_true(hashes[i] != hashes[k]);
        }
    }
}

static void splitting(void **state)
{
    (void)state;
    cnn_text rest = view("a,,bc,");
    static const char *const parts[] = {"a", "", "bc", "", ""};
    for (size_t i = 0; i < LENGTH(parts); i++) {
        const cnn_text head = cnn_text_split(&rest, ',');
        assert_int_equal(head.size, strlen(parts[i]));
        assert_memory_equal(head.data, parts[i], head.size);
    }
    assert_int_equal(rest.size, 0);
}

static void parts_of_texts(void **state)
{
    (void)state;
    const cnn_text part = cnn_text_part(view("conv3-64"), (cnn_span){4, 5});
    assert_int_equal(part.size, 1);
    assert_int_equal(part.data[0], '3');
}

/* Optimal string alignment distances by hand. */
static void distances(void **state)
{
    (void)state;
    static const struct {
        const char *a, *b;
        int32_t distance; /* up to 3; 4 stands for more */
    } rows[] = {
        {"conv", "conv", 0},       {"cnov", "conv", 1},    {"con", "conv", 1},
        {"convv", "conv", 1},      {"CONV", "conv", 0},    {"cnv", "conv", 1},
        {"kitten", "sitting", 3},  {"abc", "", 3},         {"", "ab", 2},
        {"abcd", "", 4},           {"ca", "abc", 3},       {"max", "gap", 2},
        {"maxpool", "avgpool", 3}, {"relu", "dropout", 4},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        const cnn_text a = view(rows[i].a), b = view(rows[i].b);
        assert_int_equal(cnn_text_distance(a, b, 3), rows[i].distance);
        assert_int_equal(cnn_text_distance(b, a, 3), rows[i].distance);
    }
    const cnn_text lengthy = view("a123456789012345678901234567890123");
    assert_int_equal(cnn_text_distance(lengthy, lengthy, 2), 3); /* not guessed at */
    const cnn_text longest = {lengthy.data, 32}, longer = {lengthy.data, 33};
    assert_int_equal(cnn_text_distance(longest, longest, 2), 0);
    assert_int_equal(cnn_text_distance(longer, longest, 2), 3);
    assert_int_equal(cnn_text_distance(longest, longer, 2), 3);
    for (size_t size = 30; size <= 32; size++) {
        const cnn_text name = {lengthy.data, size};
        assert_int_equal(cnn_text_distance(name, longer, 3), 4);
        assert_int_equal(cnn_text_distance(longer, name, 3), 4);
    }
}

/* One edit for short words, two for longer ones, never a whole word's worth; the first of equally
 * near names. */
static void the_nearest_name(void **state)
{
    (void)state;
    static const struct {
        const char *wanted, *offered, *best;
    } rows[] = {
        {"cnov", "relu conv dwconv", "conv"},
        {"mxpol", "relu maxpool", "maxpool"},
        {"xyz", "relu conv", ""},
        {"sofmax", "softmax", "softmax"},
        {"b", "bn in", ""}, /* half of it would be made up */
        {"q", "b g", ""},   /* everything would change */
        {"ab", "a", ""},    /* all of what is left was there before, and as much again */
        {"rleu", "relu relu6", "relu"},
        {"p0ol", "pool", "pool"},                 /* 0 and p are one bit of the quick test */
        {"batchnrom1", "batchnorm", "batchnorm"}, /* a swap and a digit too many */
        {"SOFTMAXES", "softmax", "softmax"},
        {"softmaxing", "softmax", ""},             /* three more */
        {"tanhs", "silu batch than tanh", "tanh"}, /* "than" is two edits away, "tanh" one */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_nearest nearest = cnn_nearest_to(view(rows[i].wanted));
        cnn_text offered = view(rows[i].offered);
        while (offered.size > 0) {
            cnn_nearest_offer(&nearest, cnn_text_split(&offered, ' '));
        }
        assert_int_equal(nearest.best.size, strlen(rows[i].best));
        assert_true(cnn_text_is(nearest.best, rows[i].best));
    }
}

/* The byte order mark is EF BB BF, Unicode 15, section 23.8; a text that ends before has none. */
static void byte_order_marks(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 4; size++) {
        assert_int_equal(cnn_text_mark((cnn_text){"\xEF\xBB\xBF"
                                                  "a",
                                                  size}),
                         size < 3 ? 0 : 3);
    }
    assert_int_equal(cnn_text_mark(view("\xEF\xBB\xBE")), 0);
}

static void letters_are_counted(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t at;
        int64_t letters;
        size_t after;
    } rows[] = {
        {"", 0, 0, 0},
        {"", 0, 3, 0},
        {"abc", 0, 0, 0},
        {"abc", 1, 1, 2},
        {"abc", 1, 9, 3},
        {"a\xC3\x97\xE2\x80\xA6z", 0, 2, 3}, /* a, two bytes, three bytes, z */
        {"a\xC3\x97\xE2\x80\xA6z", 1, 2, 6},
        {"\xE2\x80\xA6", 0, 1, 3},
        {"\xE2\x80", 0, 1, 2}, /* cut off */
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_int_equal(cnn_text_after(view(rows[i].text), rows[i].at, rows[i].letters),
                         rows[i].after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparing_ignores_case),
        cmocka_unit_test(trimming),
        cmocka_unit_test(views_end_where_they_end),
        cmocka_unit_test(hashes_differ),
        cmocka_unit_test(splitting),
        cmocka_unit_test(parts_of_texts),
        cmocka_unit_test(distances),
        cmocka_unit_test(the_nearest_name),
        cmocka_unit_test(byte_order_marks),
        cmocka_unit_test(letters_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
