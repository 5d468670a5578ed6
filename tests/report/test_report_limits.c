/*
 * Reports of odd networks: without layers, without parameters, with numbers next to the limits, to
 * a writer that fails. The lines looked for are worked out by hand.
 */
#include "support.h"

static sink written;

static bool report_to(const cnn_network *net, const cnn_report_options *options, cnn_arena scratch,
                      cnn_writer *to, cnn_error *err)
{
    return cnn_report_write(net, options, scratch, to, err) &&
           cnn_remarks_write(net, options, scratch, to);
}

static void shown(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *format, *columns, *line;
        bool all, style;
    } rows[] = {
        /* one after the other, blanks within, a comment left out, line ends as blanks */
        {"8", "(relu,\n\tbn # norm\r\n,  id)", "tsv", "layer", "(relu, bn , id)\n", 0, 0},
        {"8", "(relu,\r\nbn)", "tsv", "layer", "(relu, bn)\n", 0, 0},
        {"8", "(relu #", "table", "layer", "", 0, 0},
        /* items have a path and a kind too */
        {"8", "a: (relu,bn), 2*(id), relu", "tsv", "path,kind", "a\tgroup\n", 0, 0},
        {"8", "a: relu, (bn)", "tsv", "path,kind", "a\trelu\n", 0, 0},
        {"8", "aux(gap), relu", "tsv", "layer,aux", "relu\tno\n", 1, 0},
        {"8", "aux(gap), relu", "json", "layer,aux", "{\"layer\":\"relu\",\"aux\":false}", 1, 0},
        {"8", "aux(gap), relu", "table", "layer,aux", " gap (aux)    yes\n", 1, 0},
        /* pairs of fractions */
        {"8", "maxpool1 s2x1", "tsv", "jump,start", "2x1\t0.5\n", 0, 0},
        {"8", "upsample1x2", "tsv", "jump", "1x0.5\n", 0, 0},
        {"8", "upsample3x2", "tsv", "jump", "1/3x0.5\n", 0, 0},
        {"8", "upsample1x2", "json", "jump", "\"jump\":[1,0.5]", 0, 0},
        {"8", "conv3-2", "latex", "layer,jump", "conv3-2 & 1 \\\\", 0, 0},
        {"8", "relu,flatten", "latex", "output", "$192$ \\\\", 0, 0},
        /* the input's row, whatever else is asked for */
        {"8", "conv1-1", "tsv", "activations,params", "params\n192\t0\n64\t4\n256\t4\n", 0, 0},
        {"8", "conv1-1", "tsv", "params,memory", "memory\n0\t768\n4\t256\n4\t1024\n", 0, 0},
        /* twice the same column */
        {"8", "conv3-2", "tsv", "params,params,params", "params\n56\n56\n", 0, 0},
        {"8", "conv3-2", "tsv", "+rf,layer", "index\tlayer\twindow", 0, 0},
        /* shares of nothing, and of nearly everything that fits */
        {"8", "relu", "table", "layer,share", " relu\n", 0, 0},
        {"1x1x1", "chpad-4000000000000000000,scale,scale", "tsv", "share", "\n50.0\n50.0\n", 0, 0},
        {"8", "conv1-1 b0, relu", "table", "layer,share", " conv1-1 b0  100.0  ########", 0, 0},
        {"1x1x1", "conv1-1 b0, conv1-2 b0", "tsv", "share", "share\n33.3\n66.7\n100.0\n", 0, 0},
        /* positions of vectors, and of what nothing moves away from the edge */
        {"8", "conv1-1,FC-2", "tsv", "jump,start", "start\n1\t0.5\n\t\n\t\n", 0, 0},
        {"8", "conv3-1 p2,conv3-1 p3", "tsv", "start", "start\n-0.5\n-2.5\n", 0, 0},
        {"8", "maxpool2 p1", "tsv", "start", "start\n0\n", 0, 0},
        {"8", "maxpool, pad1", "tsv", "start", "start\n1\n-1\n", 0, 0},
        {"8", "upsample3, pad1", "tsv", "start", "start\n0.5\n-0.5\n", 0, 0},
        /* a "+" anywhere adds to the usual columns */
        {"8", "relu", "tsv", "rf,+jump", "macs\trf\tjump\n", 0, 0},
        /* behind the last text of a line stand no blanks */
        {"8", "relu, conv3-4", "table", "layer,window", " relu\n", 0, 0},
        /* a group is auxiliary when all of it is */
        {"8", "(relu,aux(gap)),(aux(relu),gap)", "tsv", "aux", "aux\nno\nno\n\n", 0, 0},
        /* a field that does not fit, where nobody asks for it */
        {"1x1x1", "2*maxpool1 s5000000000000000000x1", "tsv", "macs", "macs\n0\n0\n0\n", 0, 0},
        {"8", "0*relu", "tsv", "layer,input", "input\ntotal\t3x8x8\n", 0, 0},
        {"8", "relu", "latex", "layer", "relu \\\\\n\\hline\ntotal \\\\\n\\hline\n", 0, 0},
        {"8", "aux(gap),relu", "latex", "layer", "total \\\\\nwithout aux \\\\\n\\hline\n", 0, 0},
        /* of several labels the first one names the row */
        {"8", "a: b: relu", "tsv", "layer", "layer\na: relu\ntotal\n", 0, 0},
        {"8", "a: b: c: (relu,bn)", "tsv", "layer", "layer\na\ntotal\n", 0, 0},
        {"8", "a: 2*(relu)", "tsv", "layer", "layer\na\ntotal\n", 0, 0},
        /* no layer at all */
        {"8", "0*relu", "json", "", "\"layers\":[],", 0, 0},
        {"8", "0*relu", "table", "layer", "total", 0, 0},
        {"8", "0*relu", "dot", "", "fillcolor=\"#e3e7eb\"];\n}\n", 0, 0},
        {"8", "0*relu", "svg", "", "<title>0 layers, 0 parameters</title>", 0, 0},
        /* what no list names has a colour of its own */
        {"4x8x8", "split(id|relu)", "svg", "", ">others<", 1, 0},
        /* a name of more than 18 letters ends behind the 18th, which has two bytes here */
        {"8",
         "(relu,bn,bn,conv3\xC3\x97"
         "3-8)",
         "svg", "", "(relu,bn,bn,conv3\xC3\x97\xE2\x80\xA6<", 0, 0},
        /* a terminal's bold */
        {"8", "relu", "table", "layer", "\x1b[1m layer\x1b[0m\n relu\n\x1b[1m total\x1b[0m\n", 0,
         1},
        /* uneven padding: 0 and 1 rows, 1 and 2 columns */
        {"8", "conv2x4-4", "tsv", "window", "2x4 s1 p0+1x1+2\n", 0, 0},
        {"8", "conv2-4", "tsv", "window", "2x2 s1 p0+1\n", 0, 0},
        {"8", "conv2x1-4", "tsv", "window", "2x1 s1 p0+1x0+0\n", 0, 0},
        {"8", "conv3-3 d1x2", "tsv", "window", "3x3 s1 p1x2 d1x2\n", 0, 0},
        /* a group without a label is no part of a path, and without paths there is no column */
        {"8", "(relu,bn),relu", "tsv", "", "index\tlayer\twindow\toutput\tparams\tmacs\n", 1, 0},
        {"8", "2*(relu),bn", "tsv", "", "index\tlayer\tpath\twindow\toutput\tparams\tmacs\n", 1, 0},
        /* the 27th and 28th branch */
        {"8",
         "add(id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|id|"
         "relu)",
         "tsv", "path", "z\naa\nab\n", 1, 0},
        /* fields of joins that stretch a row or a vector, and of those that do not agree */
        {"8", "mul(id | gap,flatten)", "tsv", "rf,jump", "8\t1\n", 0, 0},
        {"8x4", "mul(maxpool1 s1 | avgpool8x1 s1)", "tsv", "rf", "8x1\n", 0, 0},
        {"8x4", "mul(id | gap)", "tsv", "rf", "8x4\n", 0, 0},
        {"8", "cat(maxpool2 | upsample1,maxpool2), relu", "tsv", "rf,jump", "2\t2\n", 0, 0},
        {"8", "cat(maxpool2 | crop4x4)", "table", "rf", "different jumps", 0, 0},
        {"8", "add(maxpool2,upsample2,upsample2,maxpool2 | id)", "tsv", "jump", "1\n", 0, 0},
        /* a vector keeps what it was made of: (8 - 1)*1 + 3 pixels */
        {"8", "conv3-2,flatten,FC-3,FC-2", "tsv", "rf", "rf\n3\n10\n10\n10\n", 0, 0},
        {"8", "FC-3,relu,FC-2", "tsv", "rf", "rf\n8\n8\n8\n", 0, 0},
        /* pictures of nothing and of very much */
        {"8", "0*relu", "svg", "", "<svg", 0, 0},
        {"1x1x1", "chpad-9000000000000000000", "svg", "", "<svg", 0, 0},
        {"8", "(relu,bn),add(id|relu)", "dot", "", "digraph", 1, 0},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        const cnn_report_options options = {.format = view(rows[i].format),
                                            .columns = view(rows[i].columns),
                                            .all = rows[i].all,
                                            .style = rows[i].style};
        cnn_writer to = sink_open(&written);
        if (rows[i].line[0] == '\0') {
            EXPECT(failed, !r.done, "row %d", (int)i);
        } else {
            EXPECT(failed, r.done && report_to(&r.net, &options, r.arena, &to, &r.err),
                   "row %d: %s", (int)i, cnn_error_id(&r.err));
            EXPECT(failed, strstr(written.data, rows[i].line) != NULL, "row %d: %s", (int)i,
                   written.data);
        }
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* Of a picture: where its skips begin, turn and end, where the name of the input stands, and the
 * width of all. */
typedef struct drawn {
    int count;
    struct {
        int begin, turn, end;
    } skips[4];
    int input, width;
} drawn;

static drawn draw(const char *input, const char *layers)
{
    drawn d = {0};
    reading r = read_list(input, layers);
    const cnn_report_options options = {.format = view("svg")};
    cnn_writer to = sink_open(&written);
    assert_true(r.done && report_to(&r.net, &options, r.arena, &to, &r.err));
    const char *width = strstr(written.data, "width=\"");
    assert_true(width != NULL && sscanf(width, "width=\"%d\"", &d.width) == 1);
    static const char skip[] = "class=\"skip\" d=\"";
    for (const char *p = strstr(written.data, skip); p != NULL; p = strstr(p + 1, skip)) {
        assert_int_equal(sscanf(p + strlen(skip), "M%*d %dV%dq0 -6 6 -6H%*dq6 0 6 6V%d",
                                &d.skips[d.count].begin, &d.skips[d.count].turn,
                                &d.skips[d.count].end),
                         3);
        d.count++;
    }
    const char *name = strstr(written.data, "class=\"name\"");
    assert_non_null(name);
    assert_int_equal(sscanf(name, "class=\"name\" x=\"%*d\" y=\"%d\">input<", &d.input), 1);
    reading_free(&r);
    return d;
}

/* The width is 5 for each doubling of the channels, straight between powers: of 2^62 and one and a
 * half times as many, for two boxes. */
static void widths_of_the_largest_maps(void **state)
{
    (void)state;
    const drawn power = draw("4611686018427387904x1x1", "relu");
    const drawn more = draw("6917529027641081856x1x1", "relu");
    assert_int_equal(more.width - power.width, 2 * (5 / 2));
}

/* Boxes of the same size in one line or in two of ten. */
static void skips_take_the_room_they_need(void **state)
{
    (void)state;
    drawn d = draw("3x8x8", "a:relu,relu,bn,add(@a|id),relu,b:bn,relu,add(@b|id)");
    assert_int_equal(d.count, 2); /* a long and a short one beside each other: equally high */
    assert_int_equal(d.skips[0].turn, d.skips[1].turn);
    d = draw("3x8x8", "a:relu,relu,b:relu,relu,add(@b|id),add(@a|id)");
    assert_int_equal(d.count, 2); /* the short one below the long one */
    assert_true(d.skips[0].turn > d.skips[1].turn);
    d = draw("3x8x8", "a:relu,12*relu,add(@a|id),relu,c:relu,relu,add(@c|id)");
    assert_int_equal(d.count,
                     1); /* beside a note: it begins and ends at its boxes, an arrow above */
    assert_int_equal(d.skips[0].begin - d.skips[0].end, 2);
    d = draw("3x8x8", "a:relu,12*relu,c:add(@a|id),relu,relu,add(@c|id)");
    assert_int_equal(d.count, 1); /* above the note of the box that it comes from */
    assert_true(d.skips[0].begin < d.skips[0].end);
    d = draw("3x8x8", "a:relu,relu,add(@a|id),10*relu,c:relu,relu,add(@c|id),add(@c|id)");
    assert_int_equal(d.count, 3); /* two levels of the second line leave the first where it was */
    assert_int_equal(d.input,
                     draw("3x8x8", "a:relu,relu,add(@a|id),10*relu,c:relu,relu,id,id").input);
}

/* What stands below a table, exactly. */
static void remarked(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *format, *columns, *remarks;
    } rows[] = {
        {"8", "relu", "", "", ""},
        {"8", "0*relu", "", "", ""},
        {"8", "0*relu", "", "rf", ""},
        /* 8 - 3 is 5 steps of 1: of 2 and 3 one and two are left over */
        {"8", "conv3-1 p0 s2", "", "",
         "layer 1 (conv3-1 s2 p0) leaves 1 row and 1 column unread: the stride does not fit\n"},
        {"8", "conv3-1 p0 s3x1", "", "",
         "layer 1 (conv3-1 s3x1 p0) leaves 2 rows unread: the stride does not fit\n"},
        {"8", "conv3-1 p0 s1x3", "", "",
         "layer 1 (conv3-1 s1x3 p0) leaves 2 columns unread: the stride does not fit\n"},
        {"8", "(conv3-1 p0 s2,relu)", "", "",
         "layer 1 (conv3-1 s2 p0) leaves 1 row and 1 column unread: the stride does not fit\n"},
        {"8", "a: (conv3-1 p0 s2,relu)", "", "",
         "layer 1 (a conv3-1 s2 p0) leaves 1 row and 1 column unread: the stride does not fit\n"},
        {"8", "conv3-1 p0 s2", "tsv", "", ""},
        {"8", "conv3-1 p0 s2", "", "nonsense", ""},
        {"8", "conv3-1 p0 s2", "nonsense", "", ""},
        /* only who sees fields is told about them */
        {"8", "cat(maxpool2 | crop4x4)", "", "layer", ""},
        {"8", "cat(maxpool2x1 | crop4x8)", "", "rf",
         "layer 3 (cat) joins branches with different jumps: jump is that of the branch that sees "
         "most\n"},
        {"8", "cat(maxpool1x2 | crop8x4)", "", "rf",
         "layer 3 (cat) joins branches with different jumps: jump is that of the branch that sees "
         "most\n"},
        {"8", "cat(maxpool2 | crop4x4 | maxpool2)", "", "rf",
         "layer 4 (cat) joins branches with different jumps: jump is that of the branch that sees "
         "most\n"},
        {"8", "cat(maxpool2 | crop4x4), relu", "", "layer,rf",
         "layer 3 (cat) joins branches with different jumps: jump is that of the branch that sees "
         "most\n"},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        const cnn_report_options options = {.format = view(rows[i].format),
                                            .columns = view(rows[i].columns)};
        cnn_writer to = sink_open(&written);
        EXPECT(failed, r.done && cnn_remarks_write(&r.net, &options, r.arena, &to), "row %d",
               (int)i);
        EXPECT(failed, strcmp(written.data, rows[i].remarks) == 0, "row %d: %s", (int)i,
               written.data);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static void refused(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *format, *columns, *error;
        int32_t samples;
    } rows[] = {
        {"8", "relu", "tables", "", "unknown-format", 0},
        {"8", "relu", "", "params,,layer", "no-columns", 0},
        {"8", "relu", "", " , ", "no-columns", 0},
        {"8", "relu", "", "+", "no-columns", 0},
        {"8", "relu", "", "parms", "unknown-column", 0},
        {"8", "relu", "", "memory,parms", "unknown-column", 0},
        {"8", "relu", "", "rf,parms", "unknown-column", 0},
        /* values, values of all samples, and their bytes */
        {"1x1x9000000000000000000", "maxpool1 s1,maxpool1 s1", "", "activations", "overflow", 0},
        {"1x1x9000000000", "relu", "", "memory", "overflow", 2000000000},
        {"1x1x9000000000", "relu", "", "memory", "overflow", 1000000000},
        /* the recurrence of fields, each number in turn */
        {"1x1x1", "conv1-1 s1x10 p0x2305843009213693952", "", "rf", "field-overflow", 0},
        {"1x1x2", "deconv1-1 s1x5000000000000000000 p0", "", "rf", "field-overflow", 0},
        {"1x1x2", "deconv1x3-1 s1x4611686018427387903 p0x2305843009213693952", "", "rf",
         "field-overflow", 0},
        {"1x1x1", "resize1x5000000000000000000", "", "rf", "field-overflow", 0},
        {"1x1x5000000000000000000", "resize1x5000000000000000000", "", "rf", "field-overflow", 0},
        {"1x1x1", "2*maxpool1 s1x5000000000000000000", "", "jump", "field-overflow", 0},
        {"1x1x1", "2*maxpool1 s5000000000000000000x1", "", "jump", "field-overflow", 0},
        {"1x1x1", "2*(upsample1x4000000000,crop1)", "", "jump", "field-overflow", 0},
        {"1x1x1", "maxpool1 s1x4000000000000000000,conv1x4-1", "", "rf", "field-overflow", 0},
        {"1x1x1", "conv1x4000000000000000001-1 s1x4,conv1x3-1 s1x4,conv1x3-1 s1x4", "", "rf", "",
         0},
        {"1x1x1", "maxpool1 s1x4000000000000000000,conv1x2-1,conv1x2-1,conv1x2-1", "", "rf",
         "field-overflow", 0},
    };
    int failed = 0;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        const cnn_report_options options = {.format = view(rows[i].format),
                                            .columns = view(rows[i].columns),
                                            .samples = rows[i].samples};
        cnn_writer to = sink_open(&written);
        const bool fine = rows[i].error[0] == '\0';
        EXPECT(failed, r.done, "row %d: %s", (int)i, cnn_error_id(&r.err));
        EXPECT(failed,
               r.done && cnn_report_write(&r.net, &options, r.arena, &to, &r.err) == fine &&
                   (fine || strcmp(cnn_error_id(&r.err), rows[i].error) == 0),
               "row %d: %s", (int)i, cnn_error_id(&r.err));
        EXPECT(failed, cnn_remarks_write(&r.net, &options, r.arena, &to), "row %d: remarks",
               (int)i);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

/* The input's 9*10^18 values fit, those of two layers do not, however few bytes each takes. */
static void values_that_do_not_fit(void **state)
{
    (void)state;
    reading r = read_list("1x1x9000000000000000000", "maxpool1 s1,maxpool1 s1");
    assert_true(r.done);
    const cnn_report_options options = {.columns = view("memory"), .dtype = view("i8")};
    cnn_writer to = sink_open(&written);
    assert_false(cnn_report_write(&r.net, &options, r.arena, &to, &r.err));
    assert_string_equal(cnn_error_id(&r.err), "overflow");
    reading_free(&r);
}

/* The table of `layers` made in `room` bytes. False: it does not fit. */
static bool table_fits(const char *layers, const char *columns, size_t room, const char *expected)
{
    reading r = read_list("8", layers);
    assert_true(r.done && (size_t)(r.arena.high - r.arena.low) >= room);
    r.arena.low = r.arena.high - room;
    const cnn_report_options options = {.columns = view(columns)};
    cnn_writer to = sink_open(&written);
    const bool done = cnn_report_write(&r.net, &options, r.arena, &to, &r.err);
    if (done) {
        assert_string_equal(written.data, expected);
    } else {
        assert_string_equal(cnn_error_id(&r.err), "out-of-memory");
        assert_int_equal(written.size, 0);
    }
    reading_free(&r);
    return done;
}

/* From the least room on, for one row, to that for all of them: the table is the same however many
 * parts it is made in. */
static void tables_in_parts(void **state)
{
    (void)state;
    static const char expected[] = "input 3x8x8\n\n"
                                   " layer    output  params\n"
                                   " relu     3x8x8        0\n"
                                   " bn       3x8x8        6\n"
                                   " conv1-1  1x8x8        4\n"
                                   " total    1x8x8       10\n";
    enum { ALL = 4096, ROWS = 4 * 14 }; /* each row has more than so many bytes besides its text */
    size_t least = 0;
    for (size_t room = 0; room < ALL; room++) {
        const bool fits = table_fits("relu,bn,conv1-1", "layer,output,params", room, expected);
        assert_true(fits || least == 0);
        least = fits && least == 0 ? room : least;
    }
    assert_true(least > 0 && least + ROWS < ALL);
}

/* Many rows, and a cell among them that is longer than a buffer. */
static void long_tables(void **state)
{
    (void)state;
    static char layers[1 << 17], expected[1 << 17], label[2000];
    enum { HALF = 2500 };
    memset(label, 'l', sizeof label - 1);
    char *end = expected + sprintf(expected, "input 3x8x8\n\n     #  output  path\n");
    char *list = layers;
    for (int i = 1; i <= 2 * HALF; i++) {
        end += i < 1000 ? sprintf(end, " %5d  3x8x8", i)
                        : sprintf(end, " %d,%03d  3x8x8", i / 1000, i % 1000);
        end += i == HALF ? sprintf(end, "   %s\n", label) : sprintf(end, "\n");
        list += i == HALF ? sprintf(list, "%s:relu,", label) : sprintf(list, "relu,");
    }
    strcpy(end, "        3x8x8\n");
    list[-1] = '\0';
    assert_true(table_fits(layers, "index,output,path", 1 << 18, expected));
    assert_true(table_fits(layers, "index,output,path", 1 << 13, expected));
    assert_false(table_fits(layers, "index,output,path", sizeof label, expected));
}

/* The names of columns end where their text ends; the "+" behind it is none of it. */
static void columns_end_where_they_end(void **state)
{
    (void)state;
    reading r = read_list("8", "relu");
    const cnn_report_options options = {.columns = {"layer, +macs", 7}};
    cnn_writer to = sink_open(&written);
    assert_false(cnn_report_write(&r.net, &options, r.arena, &to, &r.err));
    assert_string_equal(cnn_error_id(&r.err), "no-columns");
    reading_free(&r);
}

/* A writer that stops after so many bytes: every report, help text and batch row says so. */
static void writers_that_fail(void **state)
{
    (void)state;
    reading r = read_list("8", "conv3-8 p0 s2,add(relu | id),aux(gap)");
    for (size_t i = 0; i < 3; i++) {
        static const char *const formats[] = {"table", "json", "svg"};
        const cnn_report_options options = {.format = view(formats[i])};
        cnn_writer to = sink_open(&written);
        written.limit = 100;
        cnn_error err = {0};
        assert_false(cnn_report_write(&r.net, &options, r.arena, &to, &err));
        assert_int_equal(err.code, CNN_WRITE_FAILED);
        assert_string_equal(cnn_error_id(&err), "write-failed");
    }
    for (cnn_help topic = CNN_HELP_LAYERS; topic <= CNN_HELP_BATCH_COLUMNS; topic++) {
        cnn_writer to = sink_open(&written);
        assert_true(cnn_help_write(topic, false, &to));
        assert_true(written.size > 0);
        to = sink_open(&written);
        written.limit = 20;
        assert_false(cnn_help_write(topic, false, &to));
    }
    /* remarks without the memory for what only they would say */
    const cnn_report_options fields = {.columns = view("rf")};
    cnn_writer to = sink_open(&written);
    cnn_arena none = {0};
    assert_true(cnn_remarks_write(&r.net, &fields, none, &to));
    reading_free(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shown),
        cmocka_unit_test(widths_of_the_largest_maps),
        cmocka_unit_test(skips_take_the_room_they_need),
        cmocka_unit_test(remarked),
        cmocka_unit_test(refused),
        cmocka_unit_test(values_that_do_not_fit),
        cmocka_unit_test(tables_in_parts),
        cmocka_unit_test(long_tables),
        cmocka_unit_test(columns_end_where_they_end),
        cmocka_unit_test(writers_that_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
