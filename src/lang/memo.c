/* What was read before begins as nothing. */
#include "lang/memo.h"

#include <string.h>

#include "base/arena.h"

cnn_memo *cnn_memo_make(cnn_arena *arena)
{
    return CNN_NEW(arena, cnn_memo);
}

void cnn_memo_make_room(cnn_memo *memo)
{
    if (cnn_shapes_crowded(&memo->known.shapes)) {
        memset(&memo->known, 0, sizeof memo->known);
        memset(&memo->phrases, 0, sizeof memo->phrases);
    }
}
