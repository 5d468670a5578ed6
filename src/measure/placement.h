/* Buffers that share one block of memory. */
#ifndef CNN_NET_PLACEMENT_H
#define CNN_NET_PLACEMENT_H

#include <cnncalc/cnncalc.h>

/* `size` values that are alive from one layer to another, both included. */
typedef struct cnn_buffer {
    int64_t size;
    int64_t offset;
    int32_t first;
    int32_t last;
} cnn_buffer;

/* So many buffers are placed; the time grows with their square. */
enum { CNN_MOST_BUFFERS = 4096 };

/* Places them, in another order, and gives the size of the block. The sum of the sizes fits into 64
 * bits. -1: out of memory. */
int64_t cnn_buffers_place(cnn_buffer *list, int32_t count, cnn_arena scratch);

#endif
