/*
 * A repeated group is read as often as it says where its text allows that, and made a tree of where
 * it does not. A blank in front of the parenthesis leaves any group to the tree, so that both ways
 * can be compared: the same layers, paths and items, and the same error.
 */
#include "support.h"

static _Alignas(16) unsigned char memory[1 << 20], other_memory[1 << 20];

/* Around "N" and "(...)". */
static const struct {
    const char *before, *behind;
} places[] = {
    {"", ""},
    {"conv3-8,", ",bn"},
    {"conv3-8\n", "\nFC-3"},
    {"add(", "|id)"},
    {"a:conv3-8,", ",add(id|@a)"},
    {"cat(conv1-4,", "|id),bn"},
    {"2x(bn,", ")"},
    {"bn,", ",foo"},
    {"bn,", " x"},
};

static const char *const groups[] = {
    "3x(conv3-8,bn,relu)",
    "1x(bn)",
    "0x(bn)",
    "99x(id)",
    "100x(id)",
    "07x(bn)",
    "2*(bn)",
    "2X(bn)",
    "2x(add(conv3-8,bn|id),relu)",
    "2x(add(id|2x(bn)))",
    "2x( bn , relu )",
    "2x(\nbn\nrelu\n)",
    "2x(bn # relu\n)",
    "2x(relu,a:bn)",
    "2x(se)",
    "2x(conv3-(2*4))",
    "2x(conv3-c)",
    "2x(aux(gap,FC-10),conv3-8)",
    "2x(split(conv3-4|id))",
    "2x(maxpool)",
    "9x(maxpool)",
    "2x(conv3-8,foo)",
    "2x(conv300-8 p0,foo)",
    "2x()",
    "2x(,bn)",
    "2x(bn,)",
    "2x(bn,,bn)",
    "2x(add(bn|id),)",
    "2x(bn|bn)",
    "2x(bn",
    "2x(bn))",
    "2x(bn)x",
    "2x(bn)*relu",
    "2x(3)*relu",
    "2x(@a,bn)",
    "18446744073709551618x(bn)", /* 2 if 64 bits were all there is */
    "99x(FC-3037000500)",
};

/* Paths and items of all layers, and what became of them; of the places in the text, those up to
 * `blank` are as they are, and those behind it lie one byte further left without it. */
static void describe(const char *list, int64_t blank, unsigned char *room, sink *out)
{
    cnn_writer to = sink_open(out);
    cnn_arena arena = cnn_arena_over(room, sizeof memory);
    cnn_network net;
    cnn_error err = {0};
    char line[300];
    if (!cnn_network_read(&arena, view(list), NULL, &net, &err)) {
        snprintf(line, sizeof line, "%s at %d to %d\n", cnn_error_id(&err),
                 (int)(err.span.begin - (err.span.begin > blank)),
                 (int)(err.span.end - (err.span.end > blank)));
        assert_true(to.write(out, line, strlen(line)) && cnn_error_write_line(&err, &to));
        return;
    }
    for (int32_t i = 0; i < net.layer_count; i++) {
        const cnn_layer *layer = &net.layers[i];
        const cnn_item *item = layer->item;
        snprintf(line, sizeof line, " %d-%d %s %d %lldx%lld %lld %lld item %d-%d %d\n",
                 (int)(layer->span.begin - (layer->span.begin > blank)),
                 (int)(layer->span.end - (layer->span.end > blank)), cnn_op_name(layer->op),
                 (int)(layer->sources == NULL ? -1 : layer->sources[0]),
                 (long long)layer->out.channels, (long long)layer->out.side[0],
                 (long long)layer->weights, (long long)layer->macs, item == NULL ? 0 : item->first,
                 item == NULL ? 0 : item->end, item != NULL && item->composite);
        assert_true(cnn_path_write(layer->path, &to) && to.write(out, line, strlen(line)));
    }
    snprintf(line, sizeof line, "output %d params %lld\n", (int)net.output,
             (long long)net.totals.params);
    assert_true(to.write(out, line, strlen(line)));
}

static void repeats_are_what_their_trees_are(void **state)
{
    (void)state;
    static sink streamed, tree;
    int failed = 0, right = 0;
    for (size_t i = 0; i < LENGTH(groups); i++) {
        for (size_t k = 0; k < LENGTH(places); k++) {
            char with[200], without[200];
            const int open = (int)strcspn(groups[i], "(");
            const int blank = (int)strlen(places[k].before) + open;
            snprintf(without, sizeof without, "%s%s%s", places[k].before, groups[i],
                     places[k].behind);
            snprintf(with, sizeof with, "%s%.*s %s%s", places[k].before, open, groups[i],
                     groups[i] + open, places[k].behind);
            describe(without, INT64_MAX, memory, &streamed);
            describe(with, blank, other_memory, &tree);
            EXPECT(failed,
                   streamed.size == tree.size && memcmp(streamed.data, tree.data, tree.size) == 0,
                   "%s\n%.*s%.*s", without, (int)streamed.size, streamed.data, (int)tree.size,
                   tree.data);
            right += strstr(streamed.data, "output") != NULL;
        }
    }
    assert_int_equal(failed, 0);
    assert_true(right > 80);
}

/* Where the text of all repeats is long, it is not read again and again. */
static void long_groups_are_left_to_the_tree(void **state)
{
    (void)state;
    static char without[2000], with[2000];
    static sink streamed, tree;
    for (int blanks = 640; blanks < 680; blanks++) { /* 99 * 662 is 2^16 */
        snprintf(without, sizeof without, "conv3-8,99x(relu,%*sid),bn", blanks, "");
        snprintf(with, sizeof with, "conv3-8,99x (relu,%*sid),bn", blanks, "");
        describe(without, INT64_MAX, memory, &streamed);
        describe(with, 11, other_memory, &tree);
        assert_string_equal(streamed.data, tree.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(repeats_are_what_their_trees_are),
        cmocka_unit_test(long_groups_are_left_to_the_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
