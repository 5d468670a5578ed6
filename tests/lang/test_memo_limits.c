/*
 * Layers, joins and groups that are known still count, and need memory, as if they were not.
 */
#include "memo.h"

/* Groups of 99 times so many layers that do nothing, behind what the list holds; its size then. */
static size_t put_groups(char *list, size_t size, int groups, int layers)
{
    for (int i = 0; i < groups; i++) {
        size += (size_t)sprintf(list + size, "99x(");
        for (int k = 1; k <= layers; k++) {
            size += (size_t)sprintf(list + size, k < layers ? "id," : "id),");
        }
    }
    return size;
}

/* The list has more layers than there may be, of which the item at `begin` has the first. */
static void assert_too_many(cnn_memo *memo, cnn_text list, size_t begin)
{
    cnn_outline outline;
    cnn_error err;
    assert_false(read_outline(memo, list, &outline, &err));
    assert_string_equal(cnn_error_id(&err), "too-many-layers");
    assert_int_equal(err.span.begin, begin);
}

/* More layers than there may be, each of them known; the tree says where. */
static void known_layers_are_counted(void **state)
{
    (void)state;
    static char list[1 << 16];
    const size_t size = put_groups(list, 0, 50, 220);
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 2; round++) {
        /* 45 * 99 * 220 layers are 980,100; the 46th group is one too many */
        assert_too_many(memo, (cnn_text){list, size}, 45 * (4 + 220 * 3 + 1));
    }
}

/* As many as there may be, and one more that is known, which does something. */
static void the_last_known_layer_is_counted(void **state)
{
    (void)state;
    static char list[1 << 16];
    size_t size = (size_t)sprintf(list, "bn,");
    size = put_groups(list, size, 91, 111); /* 91 * 99 * 111 layers are 999,999 */
    const cnn_text enough = {list, size - 1};
    size += (size_t)sprintf(list + size, "bn");
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 4; round++) {
        cnn_memo *with = round == 0 ? NULL : memo;
        cnn_outline outline;
        cnn_error err;
        assert_too_many(with, (cnn_text){list, size}, size - 2);
        assert_true(read_outline(with, enough, &outline, &err));
        assert_int_equal(outline.layer_count, 1000001);
    }
}

/* The same for groups that are known as a whole. */
static void layers_of_known_groups_are_counted(void **state)
{
    (void)state;
    static char list[1 << 16];
    const size_t size = put_groups(list, 0, 562, 18); /* 561 * 99 * 18 layers are 999,702 */
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 3; round++) {
        assert_too_many(round == 0 ? NULL : memo, (cnn_text){list, size}, 561 * (4 + 18 * 3 + 1));
    }
}

/*
 * Layers that are passed are not looked at, for a million of them stay far below what fits. With
 * what comes behind them the sums are exact up to the layer that is too much: 741,455 squared is
 * the last below 2^39, and 99^3 of them below 2^59.
 */
static void sums_of_known_layers_are_exact(void **state)
{
    (void)state;
    static const char *const begin =
        "FC-741455,bn,99x(99x(99x(FC-741455))),FC-1500000000000,FC-700000,FC-1500000000000";
    static const int64_t n = 741455, large = 1500000000000, small = 700000, times = 99 * 99 * 99;
    const int64_t inputs = 3 * 224 * 224;
    const int64_t macs = inputs * n + times * n * n + n * large + 2 * small * large;
    const int64_t biases = n + 2 * n + times * n + 2 * large + small;
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 3; round++) {
        char list[160];
        cnn_outline outline;
        cnn_error err;
        snprintf(list, sizeof list, "%s,FC-1", begin);
        assert_true(read_outline(memo, view(list), &outline, &err));
        assert_int_equal(outline.totals.macs, macs + large);
        assert_int_equal(outline.totals.params, macs + large + biases + 1);
        /* 2^62 FLOPs are 2^61 MACs less than there would be */
        snprintf(list, sizeof list, "%s,FC-700000,FC-1", begin);
        assert_true(macs < INT64_MAX / 2 && macs > INT64_MAX / 2 - small * large);
        assert_false(read_outline(memo, view(list), &outline, &err));
        assert_string_equal(cnn_error_id(&err), "overflow");
        assert_int_equal(err.span.begin, strlen(begin) + 1);
    }
}

typedef struct sized {
    const char *list;
    int64_t params, channels;
    int32_t layers;
} sized;

/* Reads the list in so many bytes: the right sums and nothing written behind them, or an error that
 * asks for more. Whether it was enough. */
static bool read_in(const sized *row, const cnn_settings *settings, unsigned char *room,
                    size_t bytes)
{
    memset(room + bytes, 0x5A, 64);
    cnn_arena arena = cnn_arena_over(room, bytes);
    cnn_outline outline;
    cnn_error err = {0};
    const bool done = cnn_outline_read(&arena, view(row->list), settings, &outline, &err);
    assert_int_equal(err.code, done ? CNN_OK : CNN_OUT_OF_MEMORY);
    if (done) {
        assert_int_equal(outline.totals.params, row->params);
        assert_int_equal(outline.out->channels, row->channels);
        assert_int_equal(outline.layer_count, row->layers);
    }
    for (size_t k = 0; k < 64; k++) {
        assert_int_equal(room[bytes + k], 0x5A);
    }
    return done;
}

/* A group of known groups is streamed, too, and may be more layers than an effect has room for. */
static void groups_of_known_groups(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        int layers; /* with the input */
    } rows[] = {
        {"99x(bn)", 1 + 99},
        {"99x(99x(bn))", 1 + 99 * 99},
        {"6x(99x(99x(bn)))", 1 + 6 * 99 * 99},
        {"2x(6x(99x(99x(bn))))", 1 + 2 * 6 * 99 * 99}, /* above 2^16 */
        {"99x(99x(99x(bn)))", 1 + 99 * 99 * 99},
    };
    int failed = 0;
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < LENGTH(rows); i++) {
            cnn_outline outline;
            cnn_error err;
            EXPECT(failed,
                   read_outline(memo, view(rows[i].list), &outline, &err) &&
                       outline.layer_count == rows[i].layers &&
                       outline.totals.params == (int64_t)6 * (rows[i].layers - 1),
                   "%s: %d", rows[i].list, err.code == CNN_OK ? (int)outline.layer_count : -1);
        }
    }
    assert_int_equal(failed, 0);
}

/* Memory of every size, wherever it begins, with no memo, an empty one, and one that is filled. */
static void known_layers_need_memory(void **state)
{
    (void)state;
    static const sized rows[] = {
        /* 3*4*9+4, 2*4, three times 4*4*9+4 */
        {"conv3-4,bn,2x(conv3-4),add(conv3-4|id),cat(id|id|id|id|id),gap", 112 + 8 + 3 * 148, 20,
         1 + 2 + 2 + 3 + 6 + 1},
        {"2x(conv3-3)", 2 * 84, 3, 3},  /* the group needs memory last; 3*3*9+3 */
        {"2 x(conv3-3)", 2 * 84, 3, 3}, /* as a tree */
        {"relu,relu", 0, 3, 3},         /* only the input needs any */
        /* more shapes than there is room in the record of a layer; 3*3+3 */
        {"conv1-3,conv1-3,conv1-3,conv1-3,conv1-3,conv1-3,conv1-3,conv1-3", 8 * 12, 3, 9},
    };
    enum { ENOUGH = 3072 };
    static _Alignas(16) unsigned char memory[2 * ENOUGH];
    static unsigned char words_memory[1 << 18];
    cnn_arena words = cnn_arena_over(words_memory, sizeof words_memory);
    const cnn_vocabulary *vocabulary = cnn_vocabulary_make(&words);
    for (size_t i = 0; i < LENGTH(rows); i++) {
        cnn_memo *memo = new_memo();
        for (int round = 0; round < 4; round++) {
            const cnn_settings settings = {.memo = round == 0 ? NULL : memo,
                                           .vocabulary = vocabulary};
            for (size_t from = 0; from < 16; from++) {
                for (size_t size = 0; size < ENOUGH; size++) {
                    (void)read_in(&rows[i], &settings, memory + from, size);
                }
                for (size_t more = 0; more < 16; more++) {
                    assert_true(read_in(&rows[i], &settings, memory + from, ENOUGH + more));
                }
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_layers_are_counted),
        cmocka_unit_test(the_last_known_layer_is_counted),
        cmocka_unit_test(layers_of_known_groups_are_counted),
        cmocka_unit_test(groups_of_known_groups),
        cmocka_unit_test(sums_of_known_layers_are_exact),
        cmocka_unit_test(known_layers_need_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
