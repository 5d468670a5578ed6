/* Reading lines: a block ends after the last line end that has been read, and what is left begins
 * the next one. A line that is too long is dropped while it is read. */
#include "lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Reads some bytes to data + *size; 0 at the end and after a failure. */
static size_t read_some(lines_source *s, char *data, size_t room)
{
    for (;;) {
        const ssize_t n = read(s->fd, data, room < LINES_READ ? room : LINES_READ);
        if (n > 0) {
            s->bytes += n;
            return (size_t)n;
        }
        if (n == 0 || errno != EINTR) {
            s->failure = n < 0 ? errno : 0;
            s->ended = true;
            return 0;
        }
    }
}

/* The end of the last whole line between `from` and `size`; 0: there is none. */
static size_t last_end(const char *data, size_t from, size_t size)
{
    while (size > from && data[size - 1] != '\n') {
        size--;
    }
    return size > from ? size : 0;
}

static int64_t count_lines(const lines_block *block)
{
    int64_t count = 0;
    const char *end = block->data + block->size;
    for (const char *p = block->data; p < end; count++) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        p = line_end == NULL ? end : line_end + 1;
    }
    return count;
}

static void keep(lines_source *s, const char *data, size_t size)
{
    memcpy(s->rest, data, size);
    s->kept = size;
}

/* Drops the rest of a line that fills the block, and keeps what follows it. */
static void skip_line(lines_source *s, lines_block *block)
{
    size_t n;
    while ((n = read_some(s, block->data, LINES_READ)) > 0) {
        const char *line_end = memchr(block->data, '\n', n);
        if (line_end != NULL) {
            keep(s, line_end + 1, (size_t)(block->data + n - line_end) - 1);
            break;
        }
    }
    block->too_long = true;
    block->size = 0;
    block->count = 1;
}

/* Reads until there is a line end, or no more. */
static void fill(lines_source *s, lines_block *block)
{
    /* after a line that was dropped, whole lines may be there already */
    size_t end = last_end(block->data, 0, block->size);
    while (end == 0 && !s->ended && block->size < LINES_ROOM) {
        const size_t n = read_some(s, block->data + block->size, LINES_ROOM - block->size);
        end = last_end(block->data, block->size, block->size + n);
        block->size += n;
    }
    if (end > 0) {
        keep(s, block->data + end, block->size - end);
        block->size = end;
    } else if (!s->ended) {
        skip_line(s, block);
        return;
    } else if (s->failure != 0) {
        block->size = 0; /* the beginning of a line that cannot be read */
    }
    block->count = count_lines(block);
}

bool lines_next(lines_source *s, lines_block *block)
{
    block->number = s->lines + 1;
    block->too_long = false;
    block->size = s->kept;
    memcpy(block->data, s->rest, s->kept);
    s->kept = 0;
    fill(s, block);
    s->lines += block->count;
    return block->count > 0;
}
