/* What was read before begins as nothing. */
#include "lang/memo.h"

#include "base/arena.h"

cnn_memo *cnn_memo_make(cnn_arena *arena)
{
    return CNN_NEW(arena, cnn_memo);
}
