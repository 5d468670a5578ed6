/*
 * No thread is dedicated to reading or writing: a free worker takes the next block and a ticket,
 * and rows are written in the order of the tickets. So the output does not
 * depend on the number of jobs, and memory holds no more than a block for each.
 */
#include "jobs.h"

void jobs_open(job_queue *queue, int fd)
{
    queue->source.fd = fd;
    pthread_mutex_init(&queue->reading, NULL);
    pthread_mutex_init(&queue->writing, NULL);
    pthread_cond_init(&queue->passed, NULL);
}

bool jobs_take(job_queue *queue, lines_block *block, int64_t *ticket)
{
    pthread_mutex_lock(&queue->reading);
    const bool taken = !atomic_load(&queue->stopped) && lines_next(&queue->source, block);
    *ticket = queue->taken;
    queue->taken += taken ? 1 : 0;
    pthread_mutex_unlock(&queue->reading);
    return taken;
}

void jobs_wait(job_queue *queue, int64_t ticket)
{
    pthread_mutex_lock(&queue->writing);
    while (queue->turn != ticket) {
        pthread_cond_wait(&queue->passed, &queue->writing);
    }
    pthread_mutex_unlock(&queue->writing);
}

void jobs_pass(job_queue *queue)
{
    pthread_mutex_lock(&queue->writing);
    queue->turn++;
    pthread_cond_broadcast(&queue->passed);
    pthread_mutex_unlock(&queue->writing);
}

void jobs_stop(job_queue *queue)
{
    atomic_store(&queue->stopped, true);
}

void jobs_run(int count, void *(*work)(void *), void *shared)
{
    pthread_t threads[MAX_JOBS];
    int started = 0;
    while (started < count - 1 && pthread_create(&threads[started], NULL, work, shared) == 0) {
        started++;
    }
    work(shared);
    while (started > 0) {
        pthread_join(threads[--started], NULL);
    }
}
