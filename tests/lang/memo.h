/* What the tests of known layers share. */
#ifndef TESTS_MEMO_H
#define TESTS_MEMO_H

#include "support.h"

#include "lang/memo.h"
#include "lang/outline.h"

/* An empty memo, in the place of the last one. */
static inline cnn_memo *new_memo(void)
{
    static _Alignas(16) unsigned char kept[1 << 20];
    cnn_arena arena = cnn_arena_over(kept, sizeof kept);
    cnn_memo *memo = cnn_memo_make(&arena);
    assert_non_null(memo);
    return memo;
}

/* The outline of a list, with the memo or with none; its shapes stay until the next one is read. */
static inline bool read_outline(cnn_memo *memo, cnn_text list, cnn_outline *out, cnn_error *err)
{
    static _Alignas(16) unsigned char memory[1 << 20];
    cnn_arena arena = cnn_arena_over(memory, sizeof memory);
    const cnn_settings settings = {.memo = memo};
    *err = (cnn_error){0};
    return cnn_outline_read(&arena, list, &settings, out, err);
}

#endif
