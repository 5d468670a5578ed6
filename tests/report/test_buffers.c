/*
 * Output goes through a buffer, and it does not matter where that ends. A label of q's is made
 * longer, a letter at a time, until every character behind it has stood at the end of the buffer;
 * but for the q's the output stays the same.
 */
#include "support.h"

#include "base/out.h"

enum { LEAST = 100, MOST = LEAST + sizeof((cnn_out *)NULL)->buffer };

static sink first, written;
static char expected[sizeof first.data];

/* `LEAST` q's in a row become `count`. Fewer are a label that is cut. */
static void widen(const char *text, size_t count)
{
    char *to = expected;
    while (*text != '\0') {
        const size_t q = strspn(text, "q");
        const size_t size = q == LEAST ? count : q > 0 ? q : 1;
        memset(to, *text, size);
        to += size;
        text += q > 0 ? q : 1;
    }
    *to = '\0';
}

/* What `render` writes of a label of so many letters, against what it writes of the shortest. */
static void assert_same_anywhere(void (*render)(const char *label, const void *what,
                                                cnn_writer *to),
                                 const void *what)
{
    static char label[MOST + 1];
    for (size_t count = LEAST; count <= MOST; count++) {
        memset(label, 'q', count);
        label[count] = '\0';
        sink *into = count == LEAST ? &first : &written;
        cnn_writer to = sink_open(into);
        render(label, what, &to);
        widen(first.data, count);
        assert_string_equal(into->data, expected);
    }
    assert_non_null(strstr(first.data, "q"));
}

/* Layers with all there is to say about them. */
static const char layers[] =
    "conv3x5-8 s2x1 p1x2,conv2-8 g2 b0,a:add(conv3-8|id),cat(id|@a,dwconv3 d1x2),"
    "2*(n:maxpool2 p1,bn),deconv2-8 s2 p0,upsample3x2,split(id|relu),aux(gap,FC-4),"
    "dropout0.25,(resize24,lrn),maxpool1 s3,flatten,FC-1000";

static reading read_labelled(const char *label)
{
    static char list[4096];
    snprintf(list, sizeof list, "%s:relu,add(bn|@%s),%s", label, label, layers);
    return read_list("8x16x33", list);
}

static void render_report(const char *label, const void *what, cnn_writer *to)
{
    const cnn_report_options *options = what;
    reading r = read_labelled(label);
    assert_true(r.done && cnn_report_write(&r.net, options, r.arena, to, &r.err));
    assert_true(cnn_remarks_write(&r.net, options, r.arena, to));
    reading_free(&r);
}

static void reports(void **state)
{
    (void)state;
    static const char *const formats[] = {"tsv", "csv", "markdown", "json", "latex", "table"};
    for (size_t i = 0; i < LENGTH(formats); i++) {
        for (int all = 0; all < 2; all++) {
            const cnn_report_options options = {
                .format = view(formats[i]),
                .all = all == 1,
                /* in a table what comes before would become wider everywhere; the spans of rows
                 * move with the label */
                .columns = view(strcmp(formats[i], "table") == 0
                                    ? "index,kind,window,input,output,params,share,memory,rf,jump,"
                                      "start,aux,path"
                                    : "index,layer,path,kind,window,input,output,params,weights,"
                                      "biases,statistics,macs,share,memory,rf,jump,start,aux")};
            assert_same_anywhere(render_report, &options);
        }
    }
}

/* A network as a list has no names: layers in front move the others. */
static void lists(void **state)
{
    (void)state;
    static char list[1 << 14];
    for (int count = 1; count <= (int)MOST; count++) {
        char *to = list;
        for (int i = 0; i < count; i++) {
            to += sprintf(to, "id,");
        }
        strcpy(to, layers);
        reading r = read_list("8x16x33", list);
        cnn_writer into = sink_open(count == 1 ? &first : &written);
        assert_true(r.done && write_list(&r.net, &into));
        reading_free(&r);
        const char *rest = strstr(first.data, "id\n");
        assert_non_null(rest);
        memcpy(expected, first.data, (size_t)(rest - first.data));
        to = expected + (rest - first.data);
        for (int i = 1; i < count; i++) {
            to += sprintf(to, "id\n");
        }
        strcpy(to, rest);
        assert_string_equal(count == 1 ? first.data : written.data, expected);
    }
}

/* The label is the name of the file. */
static void render_error(const char *label, const void *what, cnn_writer *to)
{
    reading r = read_list("8", what);
    assert_false(r.done);
    assert_true(cnn_error_write(&r.err, view(what), view(label), to));
    reading_free(&r);
}

static void errors(void **state)
{
    (void)state;
    static const char *const wrong[] = {"conv3-64,\n\tcnov3-64,relu",
                                        "add(conv3-8|conv5-9 s2)",
                                        "conv3-(7/2)",
                                        "crop9",
                                        "conv3-64 s0",
                                        "f(a)=conv3-a\nf(4),f(1,2)",
                                        "cat(@b|id)",
                                        "relu)"};
    for (size_t i = 0; i < LENGTH(wrong); i++) {
        assert_same_anywhere(render_error, wrong[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports),
        cmocka_unit_test(lists),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
