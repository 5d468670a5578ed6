/* The batch filter: blocks of lines in, rows out. One job or many, this is all the code there is.
 */
#include "run_batch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ending.h"
#include "jobs.h"
#include "progress.h"

/* For one list; larger lists get more while they are read. */
enum { WARM_MEMORY = 1 << 16 };

/* What all jobs share. Beyond the queue it belongs to the job whose turn it is. */
typedef struct shared {
    job_queue queue;
    const cnn_batch *rows;
    stream *output;
    progress progress;
    int64_t bytes; /* of the blocks done */
    bool wrong;
    atomic_int workers; /* that had memory to work */
} shared;

typedef struct worker {
    shared *all;
    int64_t ticket; /* of the block in work */
    bool served;    /* its turn has come */
    bool wrong;     /* a list of it was wrong */
    lines_block block;
    stream rows;    /* written but not yet flushed */
    cnn_error err;  /* of the list in work */
    cnn_arena warm; /* what is left of the memory */
    char buffer[STREAM_ROOM];
    _Alignas(16) unsigned char memory[WARM_MEMORY];
} worker;

/* Rows that do not fit any more wait for their turn; then they go straight through. */
static void wait_turn(worker *w)
{
    if (!w->served) {
        jobs_wait(&w->all->queue, w->ticket);
        w->served = true;
        progress_hide(&w->all->progress);
    }
}

/* For cnn_writer. */
static bool put(void *user, const char *data, size_t size)
{
    worker *w = user;
    stream *rows = &w->rows;
    if (size > STREAM_ROOM - rows->used) {
        wait_turn(w);
        (void)stream_flush_lines(rows); /* a failure sticks to the stream */
        return stream_write(rows, data, size);
    }
    memcpy(rows->buffer + rows->used, data, size);
    rows->used += size;
    return rows->failure == 0;
}

/* A list that needs more than the warm memory. When there is no more memory, its row is an error.
 */
static bool large_line(worker *w, cnn_text line, int64_t number, cnn_writer *to, cnn_error *err)
{
    bool written = false;
    for (size_t size = (size_t)WARM_MEMORY * 2; !written && err->code == CNN_OUT_OF_MEMORY;
         size *= 4) {
        void *memory = size <= MOST_MEMORY ? malloc(size) : NULL;
        if (memory != NULL) {
            *err = (cnn_error){0};
        }
        written =
            cnn_batch_write_row(w->all->rows, line, number, cnn_arena_over(memory, size), to, err);
        free(memory);
    }
    return written;
}

static inline bool do_line(worker *w, cnn_text line, int64_t number)
{
    cnn_writer to = {put, w};
    cnn_error *const err = &w->err;
    const bool written = cnn_batch_write_row(w->all->rows, line, number, w->warm, &to, err) ||
                         (err->code == CNN_OUT_OF_MEMORY && large_line(w, line, number, &to, err));
    if (err->code != CNN_OK) {
        w->wrong = w->wrong || err->code != CNN_WRITE_FAILED;
        *err = (cnn_error){0};
    }
    return written;
}

/* The rows of a block; false when they cannot be written. */
static bool do_block(worker *w)
{
    const lines_block *block = &w->block;
    if (block->too_long) {
        return do_line(w, (cnn_text){NULL, CNN_MAX_LINE + 1}, block->number);
    }
    const char *end = block->data + block->size;
    int64_t number = block->number;
    for (const char *p = block->data; p < end; number++) {
        const char *line_end = memchr(p, '\n', (size_t)(end - p));
        line_end = line_end == NULL ? end : line_end;
        const size_t size = (size_t)(line_end - p);
        const bool cr = size > 0 && line_end[-1] == '\r';
        if (!do_line(w, (cnn_text){p, cr ? size - 1 : size}, number)) {
            return false;
        }
        p = line_end + 1;
    }
    return true;
}

/* Writes what is left of the block, adds it up, and ends its turn. */
static void finish_block(worker *w)
{
    shared *all = w->all;
    wait_turn(w);
    all->wrong = all->wrong || w->wrong;
    all->bytes += (int64_t)w->block.size;
    if (!stream_flush_lines(&w->rows)) {
        all->output->failure = w->rows.failure;
        jobs_stop(&all->queue);
    }
    progress_show(&all->progress, w->block.number + w->block.count - 1, all->bytes);
    jobs_pass(&all->queue);
}

static void *work(void *user)
{
    shared *all = user;
    worker *w = malloc(sizeof *w);
    if (w == NULL) {
        return NULL;
    }
    atomic_fetch_add(&all->workers, 1);
    w->all = all;
    w->warm = cnn_arena_over(w->memory, sizeof w->memory);
    w->err = (cnn_error){0};
    w->rows.fd = all->output->fd;
    w->rows.failure = 0;
    w->rows.regular = all->output->regular;
    w->rows.used = 0;
    w->rows.buffer = w->buffer;
    while (jobs_take(&all->queue, &w->block, &w->ticket)) {
        w->served = false;
        w->wrong = false;
        (void)do_block(w); /* a failure sticks to the stream */
        finish_block(w);
    }
    free(w);
    return NULL;
}

int batch_run(const cnn_batch *rows, int fd, int jobs, bool quiet, stream *to, bool *wrong)
{
    shared *all = calloc(1, sizeof *all);
    if (all == NULL) {
        return ENOMEM;
    }
    /* Nothing can be read of a folder or a closed file; then there is no header either. */
    if (read(fd, all, 0) < 0 && errno != EINTR) {
        const int unreadable = errno;
        free(all);
        return unreadable;
    }
    cnn_writer header = {stream_write, to};
    all->rows = rows;
    all->output = to;
    jobs_open(&all->queue, fd);
    progress_start(&all->progress, fd, quiet);
    (void)cnn_batch_write_header(rows, &header); /* a failure sticks to the stream */
    int failure = 0;
    ending_guard();
    stream_look(to);
    if (stream_flush_lines(to)) {
        jobs_run(jobs, work, all);
        progress_hide(&all->progress);
        *wrong = all->wrong;
        failure = atomic_load(&all->workers) == 0 ? ENOMEM : all->queue.source.failure;
    }
    free(all);
    return failure;
}
