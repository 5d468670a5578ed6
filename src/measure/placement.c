/*
 * Places in one block of memory, as TFLite Micro's greedy planner gives them (tensorflow/lite/
 * micro/memory_planner/greedy_memory_planner.cc): buffers by size, largest first, each at the
 * lowest offset where it overlaps no buffer that is alive at the same time.
 */
#include "measure/placement.h"

#include <string.h>

#include "base/arena.h"
#include "base/checked.h"

/* Largest first, of equal ones the earlier one: a heap sort, as there may be many. */
static bool is_before(const cnn_buffer *a, const cnn_buffer *b)
{
    return a->size != b->size ? a->size > b->size : a->first < b->first;
}

static void sift_down(cnn_buffer *list, int32_t at, int32_t count)
{
    for (int32_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && is_before(&list[child], &list[child + 1])) {
            child++;
        }
        if (!is_before(&list[at], &list[child])) {
            return;
        }
        const cnn_buffer moved = list[at];
        list[at] = list[child];
        list[child] = moved;
        at = child;
    }
}

static void sort(cnn_buffer *list, int32_t count)
{
    for (int32_t i = count / 2 - 1; i >= 0; i--) {
        sift_down(list, i, count);
    }
    for (int32_t end = count - 1; end > 0; end--) {
        const cnn_buffer moved = list[0];
        list[0] = list[end];
        list[end] = moved;
        sift_down(list, 0, end);
    }
}

/* The lowest place for `buffer` beside the placed ones, which are in the order of their offsets. */
static int64_t find_gap(const cnn_buffer *buffer, const cnn_buffer *placed, int32_t count)
{
    int64_t offset = 0;
    for (int32_t i = 0; i < count; i++) {
        const bool alive = placed[i].first <= buffer->last && buffer->first <= placed[i].last;
        if (!alive) {
            continue;
        }
        if (placed[i].offset - offset >= buffer->size) {
            return offset;
        }
        const int64_t end = placed[i].offset + placed[i].size;
        offset = end > offset ? end : offset;
    }
    return offset;
}

int64_t cnn_buffers_place(cnn_buffer *list, int32_t count, cnn_arena scratch)
{
    cnn_buffer *placed = CNN_NEW_ARRAY(&scratch, cnn_buffer, count);
    int64_t all = 0;
    if (placed == NULL) {
        return -1;
    }
    sort(list, count);
    for (int32_t i = 0; i < count; i++) {
        cnn_buffer buffer = list[i];
        buffer.offset = find_gap(&buffer, placed, i);
        int32_t at = i;
        while (at > 0 && placed[at - 1].offset > buffer.offset) {
            placed[at] = placed[at - 1];
            at--;
        }
        placed[at] = buffer;
        all = buffer.offset + buffer.size > all ? buffer.offset + buffer.size : all;
    }
    return all;
}
