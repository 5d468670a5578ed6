/*
 * Words, numbers and bytes at their limits: which word an error names and what it offers instead,
 * words longer than any that is known, numbers beyond 64 bits, and what is UTF-8.
 */
#include "support.h"

#include "base/utf8.h"
#include "lang/reader.h"

static bool text_is(cnn_text text, const char *wanted)
{
    return text.size == strlen(wanted) &&
           (text.size == 0 || memcmp(text.data, wanted, text.size) == 0);
}

/* The nearer of the whole name and its letters is offered; a name with "_" is no layer. */
static void words_that_nobody_knows(void **state)
{
    (void)state;
    static const struct {
        const char *list, *word, *offered;
    } rows[] = {
        {"cnov3-64", "cnov", "conv"},
        {"con3", "con", "conv"},
        {"cnov", "cnov", "conv"},
        {"xyzzy", "xyzzy", ""},
        {"xyzzy3", "xyzzy", ""},
        {"block1=relu\nblok1", "blok1", "block1"},
        {"block1=relu\nblok", "blok", ""},
        {"my_block=relu\nmy_blok", "my_blok", "my_block"},
        {"my_block=relu\nmyblock", "myblock", "my_block"},
        {"my_block=relu\nmy_block3-4", "my_block3", "my_block"},
        {"conv_3-4", "conv_3", "conv"},
        {"rleu6", "rleu", "relu"},
        {"gapp", "gapp", "gap"},
        {"sigmoi", "sigmoi", "sigmoid"},
        {"linea", "linea", "linear"}, /* aliases are offered, too */
        {"soft-plu", "soft", ""},
        {"RGBgap", "RGBgap", ""},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("8", rows[i].list);
        EXPECT(failed, strcmp(cnn_error_id(&r.err), "unknown-layer") == 0, "%s: %s", rows[i].list,
               cnn_error_id(&r.err));
        for (int k = 0; k < 2; k++) {
            const char *wanted = k == 0 ? rows[i].word : rows[i].offered;
            const cnn_text word = r.err.word[k];
            EXPECT(failed, text_is(word, wanted), "%s: '%.*s', not '%s'", rows[i].list,
                   (int)word.size, word.data, wanted);
        }
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Attributes that a kind does not have: the nearest one that it has, if any is near. */
static void attributes_that_nobody_knows(void **state)
{
    (void)state;
    static const struct {
        const char *list, *word, *offered;
    } rows[] = {
        {"conv3-8 stide2", "stide", "stride"},
        {"conv3-8 dilaton2", "dilaton", "dilation"},
        {"conv3-8 vaild", "vaild", "valid"},
        {"conv3-8 smae", "smae", "same"},
        {"FC-3 bia1", "bia", "bias"},
        {"maxpool3 cel", "cel", "ceil"},
        {"conv3-8 cel", "cel", ""}, /* a convolution does not round up */
        {"upsample2 strid2", "strid", ""},
        {"conv3-8 st2", "st", ""}, /* too short to guess at */
        {"relu stride2", "stride", ""},
        {"deconv4-8 sp1", "sp", ""}, /* neither are "s" and "p" or "op" meant */
        {"conv3-4 inpu", "inpu", ""},
        {"se-3 lu ", "lu", ""},
        {"se-8the", "the", ""},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("8", rows[i].list);
        const cnn_text word = r.err.word[1], offered = r.err.word[2];
        EXPECT(failed, strcmp(cnn_error_id(&r.err), "unknown-attribute") == 0, "%s: %s",
               rows[i].list, cnn_error_id(&r.err));
        EXPECT(failed, text_is(word, rows[i].word), "%s: '%.*s'", rows[i].list, (int)word.size,
               word.data);
        EXPECT(failed, text_is(offered, rows[i].offered), "%s: did you mean '%.*s'", rows[i].list,
               (int)offered.size, offered.data);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Neither letters nor digits nor both fit into what is looked up. */
static void words_without_end(void **state)
{
    (void)state;
    static const struct {
        const char *begin, *id;
        char filling;
    } rows[] = {
        {"relu", "no-size", '0'},
        {"relu", "unknown-layer", 'u'},
        {"soft-", "unknown-layer", 'm'},
        {"conv-", "unknown-number", 'c'},
        {"relu-", "no-channels", 'r'},
        {"conv3-4 s", "overflow", '9'},
        {"conv3-4 ", "unknown-attribute", 's'},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        for (size_t size = 20; size < 2000; size += size < 70 ? 1 : 500) {
            char list[2100] = "";
            strcpy(list, rows[i].begin);
            memset(list + strlen(list), rows[i].filling, size);
            reading r = read_list("8", list);
            EXPECT(failed, strcmp(cnn_error_id(&r.err), rows[i].id) == 0, "%s: %s", list,
                   cnn_error_id(&r.err));
            reading_free(&r);
        }
    }
    assert_int_equal(failed, 0);
}

/* 2^63 - 1 is the largest; a digit more does not make a number fit again. */
static void numbers_beyond_64_bits(void **state)
{
    (void)state;
    static const struct {
        const char *list, *id;
    } rows[] = {
        {"9223372036854775807*relu", "too-many-layers"},
        {"0009223372036854775807*relu", "too-many-layers"},
        {"9223372036854775808*relu", "overflow"},
        {"92233720368547758080*relu", "overflow"},
        {"922337203685477580800*relu", "overflow"},
        {"18446744073709551616*relu", "overflow"},
        {"18446744073709551617*relu", "overflow"},
        {"(9223372036854775807)*relu", "too-many-layers"},
        {"(92233720368547758080)*relu", "overflow"},
        {"999999999999999999*relu", "too-many-layers"},
        {"1000000000000000000*relu", "too-many-layers"},
        {"dropout0.9999999999", "ok"},
        {"dropout1.0000000001", "ok"}, /* the tenth decimal is not kept */
        {"dropout1.000000001", "probability"},
        {"dropout2", "probability"},
        {"dropout1.5", "probability"},
        {"dropout(2)", "probability"},
        /* a billion times this is 2^64 and a little more */
        {"dropout18446744074", "probability"},
        {"dropout(18446744074)", "probability"},
        {"dropout(0-1)", "probability"},
        {"dropout(1)", "ok"},
        {"dropout(0)", "ok"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list("8", rows[i].list);
        EXPECT(failed, strcmp(cnn_error_id(&r.err), rows[i].id) == 0, "%s: %s", rows[i].list,
               cnn_error_id(&r.err));
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Lists that stop, or go on, in the middle of something: the error is where the reader notices. */
static void unfinished_lists(void **state)
{
    (void)state;
    static const struct {
        const char *before, *place, *behind, *id;
    } rows[] = {
        {"f(n)=relu;f(1,", ")", "", "unexpected"},
        {"f(n)=conv3-n;f(", "=", "3)", "unexpected"},
        {"f(n)=conv3-n;f", "(", "3,", "parenthesis-open"},
        {"f(n)=conv3-n;f", "(", "", "parenthesis-open"},
        {"f(n)=conv3-n;f(n=", "", "", "unexpected"},
        {"f(n)=conv3-n;f(n=", ")", "", "unexpected"},
        {"f(n)=conv3-n;f(", ",", "3)", "item-missing"},
        {"f(n=", ")", "=conv3-n;f(3)", "unexpected"},
        {"f(n,", ")", "=conv3-n;f(3)", "unexpected"},
        {"f(", ")", "=conv3-4;f()", "unexpected"},
        {"f(", ",", "n)=conv3-4;f", "unexpected"},
        {"f(n=3,", ")", "=conv3-n;f", "unexpected"},
        {"f(n", ";", "m)=relu;f", "unexpected"},
        {"f(n ", "m", ")=relu;f", "unexpected"},
        {"f(n=relu ", "relu", ")=n;f", "comma-missing"},
        {"f(n)=conv3-n;f(3)", "(", "4)", "comma-missing"},
        {"f(n)=conv3-n;f(3)", "relu", "", "comma-missing"},
        {"f(x)=x;f(relu ", "bn", ")", "comma-missing"},
        {"f(x)=x;f(relu", ";", "bn)", "unexpected"},
        {"f(n)=relu;f(1)", ")", "", "parenthesis-close"},
        {"conv3-", "", "", "number-wanted"},
        {"conv3-(", "", "", "number-wanted"},
        {"conv3-", "(", "1", "parenthesis-open"},
        {"conv3-(1+", "", "", "number-wanted"},
        {"conv3-(1+", ")", "", "number-wanted"},
        {"conv3-(", ")", "", "number-wanted"},
        {"conv3-", "(", "1 2", "parenthesis-open"},
        {"conv3-(1 ", "2", ")", "unexpected"},
        {"conv3-(1", ",", "2)", "unexpected"},
        {"conv3-((1", ",", "2)", "unexpected"},
        {"conv3-(", "n", ")", "unknown-number"},
        {"conv", "(", "3", "parenthesis-open"},
        {"conv(3)", "x", "", "unknown-attribute"},
        {"conv3x", "-", "4", "number-wanted"},
        {"a:", "", "", "unexpected"},
        {"a:b:", "", "", "unexpected"},
        {"a:", ",", "relu", "item-missing"},
        {"a: ", "a", "", "unknown-layer"},
        {"add", "(", "", "parenthesis-open"},
        {"add", "(", "relu", "parenthesis-open"},
        {"add", "(", "relu|", "parenthesis-open"},
        {"add(relu", "|)", "", "empty-group"},
        {"add", "(|", "", "empty-group"},
        {"2", "*", "", "count-item"},
        {"2*", "(", "", "parenthesis-open"},
        {"(2)", "*", "", "count-item"},
        {"", "(", "2*", "parenthesis-open"},
        {"(2)*", "(", "", "parenthesis-open"},
        {"", "@", "", "label-missing"},
        {"", "@a", "", "tap-place"},
        {"resize", "@", "", "label-missing"},
        {"resize", "@", ",relu", "label-missing"},
        {"relu ", "3", " x", "comma-missing"},
        {"", "n", "=", "body-missing"},
        {"n=", "(", "", "parenthesis-open"},
        {"n=3;", "n", "", "holds-number"},
        {"n=3;n", "*", "", "count-item"},
        {"n=3;", "n", " x relu", "holds-number"},
        /* the letter Eta, whose second byte is that of the multiplication sign */
        {"conv3-8 s2", "\xCE\x97", "2", "unexpected-character"},
        {"", "2", "\xCE\x97relu", "size-first"},
        {"(relu)", "=", "bn", "definition-inside"},
        {"f(n)=", "3", "\nrelu", "size-first"},
        {"f (n) = ", "2", "+3\nrelu", "size-first"},
        {"n=", "=", "3", "unexpected"},
        {"n=", "3", "=4", "size-first"},
        {"n=", "3", "@a", "size-first"},
        {"n=", "3", "M", "size-first"},
        /* what belongs to no layer, or to none of this kind */
        {"", "conv", ".5", "size-missing"},
        {"relu ", ".5", "", "unexpected-character"},
        {"relu", ".5", "", "unexpected-character"},
        {"dropout", ".5", "", "number-wanted"},
        {"dropout ", ".5", "", "number-wanted"},
        {"dropout", "0.", "", "number-wanted"},
        {"dropout", "0.x", "", "number-wanted"},
        {"conv3-8 s", "-", "1", "number-wanted"},
        {"conv3-8 s ", "-", "1", "number-wanted"},
        {"conv3-8 ", "sx", "", "unknown-attribute"},
        {"conv3-8 ", "s", "", "attribute-number"},
        {"conv3-8 ", "s", ",relu", "attribute-number"},
        {"relu ", "3", "*bn", "comma-missing"},
        {"relu ", "3", " * bn", "comma-missing"},
        {"relu ", "3xbn", "", "comma-missing"},
        {"relu ", "3x3", "", "no-size"},
        {"relu ", "3", "", "no-size"},
        {"relu ", "(", "bn)", "comma-missing"},
        {"relu", "(", "bn)", "no-size"},
        {"gap ", "(", "relu)", "comma-missing"},
        {"gap", "(", "2)", "no-size"},
        {"conv (", "relu", ")", "unknown-number"},
        {"", "conv3", " (relu)", "channels-missing"},
        {"relu ", "99999999999999999999", "*bn", "no-size"},
        {"conv3-8 ", "relu", "", "comma-missing"},
        {"conv3-8 ", "relu6", "", "comma-missing"},
        {"f=bn;conv3-8 ", "f", "", "comma-missing"},
        {"conv3-8 ", "(", "relu)", "comma-missing"},
        {"conv3-8", "@", "a", "comma-missing"},
        {"conv3-8 ", "@", "a", "comma-missing"},
        {"conv3-8", ".5", "", "unexpected-character"},
        {"conv3-8 s2", ".5", "", "unexpected-character"},
        {"maxpool 2", ".5", "", "unexpected-character"},
        {"conv3-8 p1", "x", "", "unknown-attribute"},
        {"conv3-8 p", "1x1", "x1", "numbers"},
        {"prelu", "1", "x1", "numbers"},
        {"relu6", "x", "2", "unknown-attribute"},
        {"conv3-8 b", "2", "", "too-large"},
        {"conv3-8 b0 ", "b", "0", "attribute-twice"},
        {"conv3-8 same ", "same", "", "attribute-twice"},
        {"", "conv3-8 valid same", "", "attribute-conflict"},
        {"", "conv3-8 valid p1", "", "attribute-conflict"},
        {"conv3-8 ", "ceil", "", "unknown-attribute"},
        {"FC-3 ", "s", "1", "unknown-attribute"},
        {"FC", "3", "-3", "no-size"},
        {"bn", "-", "3", "no-channels"},
        {"se", "2", "-3", "no-size"},
        {"se-3 ", "s", "2", "unknown-attribute"},
        {"resize8", "@", "a", "comma-missing"},
        {"maxpool1", "/", "h", "attribute-number"},
        {"maxpool3x2 s3", "xh", "2", "unknown-attribute"},
        {"f(n)=conv3-n", "/", "\nf(2)", "ambiguous-slash"},
        {"f(n)=conv3-n ", "/", "\nf(2)", "ambiguous-slash"},
        {"(relu\n", "_b", ")*2", "unknown-layer"}, /* no count: it ends with its line */
        /* what begins no item, and what ends one too early */
        {"", "|", "", "bar-outside"},
        {"", "{", "", "unexpected"},
        {"", "\xF0\x90\x80\x80", "", "unexpected"},
        {"id;f=add(id,relu,", "|", "id)", "item-missing"},
        {"@a", "|", "", "bar-outside"},
        {"@a", ")", "", "parenthesis-close"},
        {"", "aux", "\nrelu", "one-list"},
        {"", "mul", "-relu", "branches"},
        {"f=relu", ",", "", "item-missing"},
        {"f = relu ", ",", " ", "item-missing"},
        {"f(n)=conv3-n;f(", "3", " 4)", "size-first"},
        {"f(a=", "1", "wb)=relu;", "size-first"},
        {"f(x)=x;f(", "h", "\xCE\x97)", "unknown-layer"},
        /* definitions further down are of the same name, and begin a line */
        {"", "a", "\nb=relu", "unknown-layer"},
        {"", "a", "|a=3", "unknown-layer"},
        {"", "a", " a=3", "unknown-layer"},
        {"", "a", "\nab=3", "unknown-layer"},
        {"", "a", "\n a =3", "defined-later"},
        {"", "a", ";a=3", "defined-later"},
        {"input(8 ", "*", "", "input-form"},
        {"n=2*", "c", "", "number-wanted"},
        {"n=2+", "99999999999999999999", "", "overflow"},
        {"n=", "99999999999999999999", "?", "overflow"},
        {"n=", "99999999999999999999", "c", "overflow"},
        {"f(n)=conv3-n;f(2+", "99999999999999999999", ")", "overflow"},
        {"se -", "lu", "", "unknown-number"}, /* no selu */
        {"input(8", ";", "", "input-form"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        char list[100];
        snprintf(list, sizeof list, "%s%s%s", rows[i].before, rows[i].place, rows[i].behind);
        reading r = read_list("8", list);
        const size_t begin = strlen(rows[i].before), end = begin + strlen(rows[i].place);
        EXPECT(failed, strcmp(cnn_error_id(&r.err), rows[i].id) == 0, "%s: %s", list,
               cnn_error_id(&r.err));
        EXPECT(failed, r.err.span.begin == begin && r.err.span.end == end, "%s: at %u-%u", list,
               r.err.span.begin, r.err.span.end);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* The bytes of the character that begins a text, decoded; 0: it is none. Unicode 15, section 3.9:
 * shortest form, no surrogates, at most 10FFFF. */
static size_t decoded(const unsigned char *s)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = 0;
    while (n < 5 && (s[0] >> (7 - n) & 1) != 0) {
        n++;
    }
    if (n < 2 || n > 4) {
        return n == 0 && s[0] != 0;
    }
    uint32_t point = s[0] & (0x7Fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (s[i] >> 6 != 2) {
            return 0;
        }
        point = point << 6 | (s[i] & 0x3Fu);
    }
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point >= least[n] && point <= 0x10FFFF && !surrogate ? n : 0;
}

static void utf8(void **state)
{
    (void)state;
    static const unsigned char others[] = {'a', 0x7F, 0x80, 0x9F, 0xBF, 0xC0, 0};
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            for (size_t i = 0; i < LENGTH(others) * LENGTH(others); i++) {
                const unsigned char s[] = {(unsigned char)first, (unsigned char)second,
                                           others[i / LENGTH(others)], others[i % LENGTH(others)]};
                const size_t n = decoded(s);
                cnn_error err = {0};
                const cnn_text text = {(const char *)s, n == 0 ? 4 : n};
                assert_int_equal(cnn_text_check(text, &err), n > 0);
                assert_true(n > 0 || err.span.begin == 0);
                /* what is cut short is none */
                err = (cnn_error){0};
                assert_false(n > 1 && cnn_text_check((cnn_text){(const char *)s, n - 1}, &err));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_nobody_knows), cmocka_unit_test(attributes_that_nobody_knows),
        cmocka_unit_test(words_without_end),       cmocka_unit_test(numbers_beyond_64_bits),
        cmocka_unit_test(unfinished_lists),        cmocka_unit_test(utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
