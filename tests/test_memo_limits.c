/*
 * Layers, joins and groups that are known still count, and need memory, as if they were not.
 */
#include "support.h"

#include "lang/memo.h"
#include "lang/outline.h"

static _Alignas(16) unsigned char kept[1 << 20], memory[1 << 18];

static cnn_memo *new_memo(void)
{
    cnn_arena arena = cnn_arena_over(kept, sizeof kept);
    cnn_memo *memo = cnn_memo_make(&arena);
    assert_non_null(memo);
    return memo;
}

/* More layers than there may be, each of them known; the tree says where. */
static void known_layers_are_counted(void **state)
{
    (void)state;
    static char list[1 << 16];
    size_t size = 0;
    for (int i = 0; i < 50; i++) { /* 50 * 99 * 220 layers */
        size += (size_t)sprintf(list + size, "99x(");
        for (int k = 0; k < 220; k++) {
            size += (size_t)sprintf(list + size, k < 219 ? "id," : "id),");
        }
    }
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 2; round++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        const cnn_settings settings = {.memo = memo};
        cnn_outline outline;
        cnn_error err = {0};
        assert_false(cnn_outline_read(&arena, view(list), &settings, &outline, &err));
        assert_string_equal(cnn_error_id(&err), "too-many-layers");
        /* 45 * 21,780 layers are 980,100; the 46th group is one too many */
        assert_int_equal(err.span.begin, 45 * (4 + 220 * 3 + 1));
    }
}

/* As many as there may be, and one more that is known, which does something. */
static void the_last_known_layer_is_counted(void **state)
{
    (void)state;
    static char list[1 << 16];
    size_t size = (size_t)sprintf(list, "bn,");
    for (int i = 0; i < 91; i++) { /* 91 * 99 * 111 layers are 999,999 */
        size += (size_t)sprintf(list + size, "99x(");
        for (int k = 0; k < 111; k++) {
            size += (size_t)sprintf(list + size, k < 110 ? "id," : "id),");
        }
    }
    const size_t most = size - 1;
    size += (size_t)sprintf(list + size, "bn");
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 4; round++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        const cnn_settings settings = {.memo = round == 0 ? NULL : memo};
        cnn_outline outline;
        cnn_error err = {0};
        assert_false(cnn_outline_read(&arena, view(list), &settings, &outline, &err));
        assert_string_equal(cnn_error_id(&err), "too-many-layers");
        assert_int_equal(err.span.begin, size - 2);
        err = (cnn_error){0};
        arena = cnn_arena_over(memory, sizeof memory);
        const cnn_text enough = {list, most};
        assert_true(cnn_outline_read(&arena, enough, &settings, &outline, &err));
        assert_int_equal(outline.layer_count, 1000001);
    }
}

/* The same for groups that are known as a whole. */
static void layers_of_known_groups_are_counted(void **state)
{
    (void)state;
    static char list[1 << 16];
    static const char group[] = "99x(id,id,id,id,id,id,id,id,id,id,id,id,id,id,id,id,id,id),";
    size_t size = 0;
    for (int i = 0; i < 562; i++) { /* 561 * 99 * 18 layers are 999,702 */
        size += (size_t)sprintf(list + size, "%s", group);
    }
    cnn_memo *memo = new_memo();
    for (int round = 0; round < 3; round++) {
        cnn_arena arena = cnn_arena_over(memory, sizeof memory);
        const cnn_settings settings = {.memo = round == 0 ? NULL : memo};
        cnn_outline outline;
        cnn_error err = {0};
        assert_false(cnn_outline_read(&arena, view(list), &settings, &outline, &err));
        assert_string_equal(cnn_error_id(&err), "too-many-layers");
        assert_int_equal(err.span.begin, 561 * (sizeof group - 1));
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
            cnn_arena arena = cnn_arena_over(memory, sizeof memory);
            const cnn_settings settings = {.memo = memo};
            cnn_outline outline;
            cnn_error err = {0};
            EXPECT(failed,
                   cnn_outline_read(&arena, view(rows[i].list), &settings, &outline, &err) &&
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
        {"2x(conv3-3)", 2 * 84, 3, 3}, /* the group needs memory last; 3*3*9+3 */
        {"relu,relu", 0, 3, 3},        /* only the input needs any */
        /* more shapes than there is room in the record of a layer; 3*3+3 */
        {"conv1-3,conv1-3,conv1-3,conv1-3,conv1-3,conv1-3,conv1-3,conv1-3", 8 * 12, 3, 9},
    };
    enum { ENOUGH = 3072 };
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
        cmocka_unit_test(known_layers_need_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
