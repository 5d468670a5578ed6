/* The table of layer kinds: every entry is complete, and its example works and prints back. */
#include "support.h"

#include "base/names.h"
#include "lang/words.h"
#include "ops/op.h"

static unsigned char memory[1 << 18];
static sink written;

/* Calls `check` for every entry of every family. */
static void for_each(void (*check)(const cnn_op *op))
{
    for (size_t i = 0; i < cnn_family_count; i++) {
        for (size_t k = 0; k < cnn_families[i]->count; k++) {
            check(&cnn_families[i]->ops[k]);
        }
    }
}

static void check_complete(const cnn_op *op)
{
    assert_non_null(op->name);
    if (op->brief == NULL || op->brief[0] == '\0' || op->example == NULL ||
        op->form > CNN_FORM_MACRO) {
        fail_msg("%s lacks something", op->name);
    }
    const bool macro = op->form == CNN_FORM_MACRO;
    assert_int_equal(op->body != NULL, macro);
    assert_true(op->shape == NULL || !macro);
    assert_int_equal(op->cost != NULL || macro, op->params != NULL);
    for (int32_t i = 0; i < CNN_ATTRS; i++) {
        const cnn_use *use = cnn_use_of(op, (cnn_attr)i);
        assert_true(use->most == 0 || use->least <= use->most);
        assert_true(use->numbers >= 0 && use->numbers <= CNN_AXES);
        /* a default lies within the range, but for 0, which stands for "computed" */
        assert_true(use->standard == 0 || use->standard == CNN_EACH_CHANNEL ||
                    use->standard >= use->least);
        assert_true(use->most == 0 || use->standard <= use->most);
        /* an attribute that is never taken has nothing else to say */
        assert_true(use->need != CNN_NEVER || (use->least == 0 && use->most == 0));
    }
}

static void entries_are_complete(void **state)
{
    (void)state;
    for_each(check_complete);
    assert_true(cnn_family_count > 0);
    for (size_t i = 0; i < cnn_family_count; i++) {
        assert_true(cnn_families[i]->title != NULL && cnn_families[i]->count > 0);
    }
}

/* The single item of a list at the top level, as its text. */
static const char *canonical(const cnn_network *net)
{
    cnn_writer to = sink_open(&written);
    assert_true(write_list(net, &to));
    char *item = strchr(written.data, '\n') + 1; /* behind the input */
    item[strcspn(item, "\n")] = '\0';
    return item;
}

static void check_example(const cnn_op *op)
{
    if (op->form == CNN_FORM_REUSE) {
        return; /* it needs a label */
    }
    reading r = read_list("16x32x32", op->example);
    if (!r.done) {
        fail_msg("%s: %s", op->example, cnn_error_id(&r.err));
    }
    if (op->form == CNN_FORM_MACRO) {
        /* it is written as what it stands for; its item keeps the text */
        const cnn_item *item = r.net.layers[1].item;
        assert_true(item != NULL && item->end == r.net.layer_count);
        assert_int_equal(item->span.end - item->span.begin, strlen(op->example));
    } else {
        assert_true(op->form == CNN_FORM_FROZEN || r.net.layers[r.net.layer_count - 1].op == op);
        assert_string_equal(canonical(&r.net), op->example);
    }
    assert_true(round_trips(&r.net));
    reading_free(&r);
}

static void examples_print_back_the_same(void **state)
{
    (void)state;
    for_each(check_example);
}

/* Names and aliases: found whatever their case, and each only once. */
static cnn_names seen;
static cnn_arena arena;

static void check_word(const cnn_op *op, cnn_text text)
{
    char upper[32];
    assert_true(text.size > 0 && text.size < sizeof upper);
    assert_null(cnn_names_find(&seen, text));
    assert_non_null(cnn_names_add(&seen, text, &arena));
    for (size_t i = 0; i < text.size; i++) {
        const char c = text.data[i];
        upper[i] = c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
    }
    const cnn_word *word = cnn_word_find((cnn_text){upper, text.size});
    assert_non_null(word);
    assert_ptr_equal(word->op, op);
}

static void check_words(const cnn_op *op)
{
    check_word(op, view(op->name));
    cnn_text aliases = view(op->aliases == NULL ? "" : op->aliases);
    while (aliases.size > 0) {
        check_word(op, cnn_text_split(&aliases, ' '));
    }
}

static void words_are_unique(void **state)
{
    (void)state;
    arena = cnn_arena_over(memory, sizeof memory);
    seen = (cnn_names){0};
    for_each(check_words);
}

/* The help names every layer, its parameters and its example. */
static void check_help(const cnn_op *op)
{
    char row[64];
    snprintf(row, sizeof row, "%s", op->name);
    assert_non_null(strstr(written.data, row));
    assert_non_null(strstr(written.data, op->brief));
}

static void the_help_names_all(void **state)
{
    (void)state;
    cnn_writer to = sink_open(&written);
    assert_true(cnn_help_write(CNN_HELP_LAYERS, false, &to));
    for_each(check_help);
}

/* se-N is exactly mul(id | gap, conv1-N, relu, conv1-C, sigmoid). */
static void se_is_its_list(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"se-4", "mul(id | gap, conv1-4, relu, conv1-16, sigmoid)"},
        {"se-4 b0", "mul(id | gap, conv1-4 b0, relu, conv1-16 b0, sigmoid)"},
        {"2*se-(c/8)", "2*(mul(id | gap, conv1-2, relu, conv1-16, sigmoid))"},
        {"f(n)=se-n b(n-1)\nf(2)", "mul(id | gap, conv1-2, relu, conv1-16, sigmoid)"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading a = read_list("16x9x5", rows[i][0]), b = read_list("16x9x5", rows[i][1]);
        assert_true(a.done && b.done);
        assert_int_equal(a.net.layer_count, b.net.layer_count);
        assert_memory_equal(&a.net.totals, &b.net.totals, sizeof a.net.totals);
        for (int32_t k = 1; k < a.net.layer_count; k++) {
            assert_ptr_equal(a.net.layers[k].op, b.net.layers[k].op);
            assert_memory_equal(&a.net.layers[k].out, &b.net.layers[k].out, sizeof(cnn_shape));
        }
        reading_free(&a);
        reading_free(&b);
    }
}

/* Errors inside such a list point at the layer that the user wrote. */
static void errors_inside_se_point_at_it(void **state)
{
    (void)state;
    static const struct {
        const char *input, *layers, *place, *id;
    } rows[] = {
        {"vector4", "relu,se-4", "se-4", "needs-map"},
        {"1x1x1", "se-9223372036854775807", "se-9223372036854775807", "overflow"},
        {"4x4x4", "relu,se-(c-4)", "se-(c-4)", "too-small"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        reading r = read_list(rows[i].input, rows[i].layers);
        assert_false(r.done);
        assert_string_equal(cnn_error_id(&r.err), rows[i].id);
        assert_int_equal(r.err.span.begin, strstr(rows[i].layers, rows[i].place) - rows[i].layers);
        assert_int_equal(r.err.span.end - r.err.span.begin, strlen(rows[i].place));
        reading_free(&r);
    }
}

/* A map of about 2^32 x 2^32: every kind that makes one. */
static void huge_maps_are_refused(void **state)
{
    (void)state;
    static const char *const layers[] = {
        "conv3-4 p2147483648",
        "dwconv3 p2147483648",
        "sepconv3-4 p2147483648",
        "deformconv3-4 p2147483648",
        "deconv3-4 s2147483648",
        "pad2147483648",
        "upsample2147483648",
        "resize4294967296",
        "reshape 1x4294967296x4294967296",
        "aap4294967296",
        "maxunpool2 s2147483648",
        "pixshuf2, upsample2147483648",
    };
    for (size_t i = 0; i < LENGTH(layers); i++) {
        reading r = read_list("4x8x8", layers[i]);
        assert_false(r.done);
        assert_string_equal(cnn_error_id(&r.err), "overflow");
        reading_free(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_complete),  cmocka_unit_test(examples_print_back_the_same),
        cmocka_unit_test(words_are_unique),      cmocka_unit_test(the_help_names_all),
        cmocka_unit_test(se_is_its_list),        cmocka_unit_test(errors_inside_se_point_at_it),
        cmocka_unit_test(huge_maps_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
