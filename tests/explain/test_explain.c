/* The working as the library gives it: of one layer for a checker, and of whole networks. */
#include "support.h"

#include "explain/explain.h"
#include "net/network.h"

static sink written;

/* What cnn_explain_layer writes; numbers by hand: 3*64*3*3 + 64, 7x7 of 512 flattened, and so on.
 */
static const struct {
    const char *input, *layers;
    int32_t index;
    const char *columns, *format, *expected;
} rows[] = {
    {"224", "conv3-64", 1, "params", "table",
     "    params             C*N*kh*kw + N\n"
     "                       3*64*3*3 + 64 = 1,792\n"},
    {"512x7x7", "FC-4096", 1, "params", "",
     "    flattened          C*H*W\n"
     "                       512*7*7 = 25,088\n"
     "    params             C*H*W*N + N\n"
     "                       512*7*7*4096 + 4096 = 102,764,544\n"},
    {"224", "conv7-64p0", 1, "output", "table",
     "    side               floor((W - k + 2*p)/s) + 1\n"
     "                       floor((224 - 7 + 2*0)/1) + 1 = 218\n"},
    {"224", "conv7-64p0,relu", 2, "output,macs", "table", "    the size stays; no MACs\n"},
    {"224", "conv7-64p0", 1, "output", "markdown",
     "- side: `floor((W - k + 2*p)/s) + 1` \\\n"
     "  `floor((224 - 7 + 2*0)/1) + 1 = 218`\n\n"},
    {"224", "conv7-64p0", 1, "output", "latex",
     "\\begin{align*}\n"
     "\\text{side} &= \\left\\lfloor \\frac{W - k + 2 \\cdot p}{s} \\right\\rfloor + 1 = "
     "\\left\\lfloor \\frac{224 - 7 + 2 \\cdot 0}{1} \\right\\rfloor + 1 = 218\n"
     "\\end{align*}\n"},
    {"8x4x4", "bn", 1, "params", "latex",
     "\\begin{align*}\n\\text{params} &= 2 \\cdot C = 2 \\cdot 8 = 16\n\\end{align*}\n"},
    {"8x4x4", "cat(id | id)", 3, "output", "latex",
     "\\begin{align*}\n\\text{channels} &= C_{1} + C_{2} = 8 + 8 = 16\n\\end{align*}\n"},
    {"2x4x4", "deconv2-2 s2,conv3-2", 2, "rf", "latex",
     "\\begin{align*}\n"
     "\\text{receptive field} &= r + \\left\\lceil \\left(e - 1\\right) \\cdot j \\right\\rceil = "
     "1 + \\left\\lceil \\left(3 - 1\\right) \\cdot \\left(\\frac{1}{2}\\right) \\right\\rceil = "
     "2 \\\\\n"
     "\\text{jump} &= j \\cdot s = \\left(\\frac{1}{2}\\right) \\cdot 1 = 0.5\n"
     "\\end{align*}\n"},
    {"2x4x4", "deconv2-2 s2", 1, "start", "latex",
     "\\begin{align*}\n"
     "\\text{start} &= \\frac{a + b + 1}{2} = \\frac{0 + 0 + 1}{2} = 0.5 \\\\\n"
     "& \\text{the first position sees from a to b}\n"
     "\\end{align*}\n"},
};

static void one_layer_is_worked(void **state)
{
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        cnn_writer to = sink_open(&written);
        cnn_out out;
        cnn_out_open(&out, &to);
        cnn_numbers numbers = {.net = &r.net, .samples = 1, .value_bytes = 4, .weight_bits = 32};
        assert_true(cnn_numbers_prepare(&numbers, CNN_NEEDS_FIELDS, &r.arena, &r.err));
        cnn_working working = {.out = &out};
        working.style = cnn_style_find(view(rows[i].format), &r.err);
        const bool done = cnn_explain_layer(&numbers, rows[i].index, view(rows[i].columns),
                                            &working, r.arena, &r.err) &&
                          cnn_out_close(&out);
        EXPECT(failed, done && strcmp(written.data, rows[i].expected) == 0, "%s %s: %s",
               rows[i].layers, rows[i].columns, written.data);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static void count(void *user, const cnn_step *step)
{
    assert_true(step->formula != NULL || step->note != NULL);
    ++*(int32_t *)user;
}

/* A resolved layer resolved once more, with a trace, is what it was; every kind but functions and
 * heads that only look at their values tells how. */
static void resolving_again_gives_the_same(void **state)
{
    static const char *const lists[] = {
        "input 4x9x10;conv4-8/2,deconv3-4 s2,deconv2-4 s3,dwconv3,gn2,prelu,se-2",
        "input 4x9x10;a: pad1,cat(@a | maxpool3/1 p1 ceil),split(id | relu),aux(gap,FC-3)",
        "input 4x8x8;upsample2,resize9,crop8,pixshuf2,chpad-5,shuffle5,aap3,flatten,FC-2 b0",
        "input 4x8x8;reshape1x16x16,mul(id | gmp),add(id | scale,bias),conv2-3 d2 g1 p1 b0",
    };
    int failed = 0;
    (void)state;
    for (size_t i = 0; i < LENGTH(lists); i++) {
        reading r = read_list(NULL, lists[i]);
        int32_t told = 0;
        const cnn_trace trace = {count, &told};
        assert_true(r.done);
        for (int32_t k = 1; k < r.net.layer_count; k++) {
            const cnn_layer *layer = &r.net.layers[k];
            cnn_layer again = *layer;
            const bool done =
                cnn_layer_resolve_told(&again, r.net.layers, &r.arena, &trace, &r.err);
            EXPECT(failed,
                   done && cnn_shapes_equal(&again.out, &layer->out) &&
                       again.attrs == layer->attrs &&
                       memcmp(again.pad_low, layer->pad_low, sizeof again.pad_low) == 0 &&
                       memcmp(again.pad_high, layer->pad_high, sizeof again.pad_high) == 0 &&
                       again.weights == layer->weights && again.biases == layer->biases &&
                       again.statistics == layer->statistics && again.macs == layer->macs,
                   "%s: layer %d", lists[i], (int)k);
        }
        assert_true(told > r.net.layer_count);
        reading_free(&r);
    }
    assert_int_equal(failed, 0);
}

static bool explain(const char *layers, const char *format, cnn_arena arena, cnn_writer *to,
                    cnn_error *err)
{
    const cnn_report_options options = {
        .format = view(format), .columns = view("+rf,memory"), .standalone = true};
    cnn_network net = {0};
    return cnn_network_read(&arena, view(layers), NULL, &net, err) &&
           cnn_explain_write(&net, &options, arena, to, err);
}

static bool draw(const char *layers, const char *format, cnn_arena arena, cnn_writer *to,
                 cnn_error *err)
{
    const cnn_report_options options = {.format = view(format)};
    cnn_network net = {0};
    return cnn_network_read(&arena, view(layers), NULL, &net, err) &&
           cnn_report_write(&net, &options, arena, to, err);
}

/* Arenas that grow from nothing: out of memory, and then the whole; never a part of it. */
static void every_arena_ends_cleanly(void **state)
{
    static unsigned char memory[1 << 18];
    static const struct {
        bool (*run)(const char *, const char *, cnn_arena, cnn_writer *, cnn_error *);
        const char *format, *layers;
    } ways[] = {
        {explain, "table", "input 4x8x8;cat(conv3-4 | id | relu),bn,aux(gap,FC-3),FC-4"},
        {explain, "markdown", "input 4x8x8;cat(conv3-4 | id | relu),bn,aux(gap,FC-3),FC-4"},
        {explain, "json", "input 4x8x8;cat(conv3-4 | id | relu),bn,aux(gap,FC-3),FC-4"},
        {explain, "latex", "input 4x8x8;cat(conv3-4 | id | relu),bn,aux(gap,FC-3),FC-4"},
        {draw, "svg", "input 4x8x8;a:conv3-4,14*relu,add(@a | id),aux(gap,FC-3),FC-4"},
        {draw, "dot", "input 4x8x8;a:conv3-4,14*relu,add(@a | id),aux(gap,FC-3),FC-4"},
        {draw, "latex", "input 4x8x8;a:conv3-4,14*relu,add(@a | id),aux(gap,FC-3),FC-4"},
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(ways); i++) {
        bool done = false;
        for (size_t size = 0; !done && size < sizeof memory; size += 16) {
            cnn_error err = {0};
            cnn_writer to = sink_open(&written);
            done = ways[i].run(ways[i].layers, ways[i].format, cnn_arena_over(memory, size), &to,
                               &err);
            assert_true(done || (err.code == CNN_OUT_OF_MEMORY && written.size == 0));
        }
        assert_true(done);
    }
}

static void a_failing_writer_is_told(void **state)
{
    static unsigned char memory[1 << 18];
    (void)state;
    for (size_t limit = 1; limit < 3000; limit += 500) {
        cnn_error err = {0};
        cnn_writer to = sink_open(&written);
        written.limit = limit;
        assert_false(explain("conv3-64,relu,maxpool,conv3-64,relu,maxpool,bn,FC-10,FC-10,FC-10",
                             "table", cnn_arena_over(memory, sizeof memory), &to, &err));
        assert_int_equal(err.code, CNN_WRITE_FAILED);
    }
}

/* The first layer that is like another one is found, whatever stands between. */
static void twins_are_found(void **state)
{
    static const char layers[] = "input 4x8x8;conv3-4,relu,conv3-4,conv3-4 b0,relu,maxpool,relu";
    static const int32_t expected[] = {0, 1, 2, 1, 4, 2, 6, 7};
    (void)state;
    reading r = read_list(NULL, layers);
    cnn_twins twins;
    assert_true(cnn_twins_begin(&twins, &r.net, &r.arena));
    const cnn_numbers numbers = {.net = &r.net};
    for (int32_t i = 1; i < r.net.layer_count; i++) {
        assert_int_equal(cnn_twins_find(&twins, &numbers, i), expected[i]);
    }
    reading_free(&r);
}

/* Whether each layer of a working in plain text has a line, or refers to an earlier layer. */
static const char *empty_block(const char *text)
{
    for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1) {
        const size_t size = strcspn(line, "\n");
        if (*line < '1' || *line > '9' || memcmp(line + size + 1, "    ", 4) == 0) {
            continue;
        }
        char heading[256];
        snprintf(heading, sizeof heading, "%.*s", (int)size, line);
        if (strstr(heading, ", as layer ") == NULL) {
            return line;
        }
    }
    return NULL;
}

/* Every kind has a working, whatever is asked about it. */
static void no_working_is_empty(void **state)
{
    (void)state;
    int failed = 0, kinds = 0;
    for (size_t f = 0; f < cnn_family_count; f++) {
        for (size_t k = 0; k < cnn_families[f]->count; k++, kinds++) {
            const cnn_op *op = &cnn_families[f]->ops[k];
            if (op->form == CNN_FORM_REUSE) {
                continue; /* it needs a label */
            }
            reading r = read_list("16x32x32", op->example);
            assert_true(r.done);
            for (size_t i = 0; i < cnn_quantity_count; i++) {
                const cnn_quantity *what = &cnn_quantities[i];
                const cnn_report_options options = {.columns = view(what->name)};
                cnn_error err = {0};
                cnn_writer to = sink_open(&written);
                const bool done = cnn_explain_write(&r.net, &options, r.arena, &to, &err);
                EXPECT(failed, done || what->count == NULL, "%s, %s: %s", op->name, what->name,
                       cnn_error_id(&err));
                const char *empty = done ? empty_block(written.data) : NULL;
                EXPECT(failed, empty == NULL, "%s of %s: %.40s", what->name, op->name, empty);
            }
            reading_free(&r);
        }
    }
    assert_int_equal(failed, 0);
    assert_true(kinds > 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_layer_is_worked),
        cmocka_unit_test(resolving_again_gives_the_same),
        cmocka_unit_test(every_arena_ends_cleanly),
        cmocka_unit_test(a_failing_writer_is_told),
        cmocka_unit_test(twins_are_found),
        cmocka_unit_test(no_working_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
