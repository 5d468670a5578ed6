/* Several threads that share one input and one output, in the order of the input. */
#ifndef CNN_CLI_JOBS_H
#define CNN_CLI_JOBS_H

#include "lines.h"

#include <pthread.h>
#include <stdatomic.h>

/* Blocks are taken in turn and, by the ticket drawn with each, written in turn. */
typedef struct job_queue {
    lines_source source;
    int64_t taken; /* blocks handed out */
    int64_t turn;  /* the ticket whose rows may be written now */
    atomic_bool stopped;
    pthread_mutex_t reading;
    pthread_mutex_t writing;
    pthread_cond_t passed;
} job_queue;

void jobs_open(job_queue *queue, int fd);

/* The next block and its ticket. False: there is none, or the queue was stopped. */
bool jobs_take(job_queue *queue, lines_block *block, int64_t *ticket);

/* Waits until all blocks with earlier tickets are done. */
void jobs_wait(job_queue *queue, int64_t ticket);

/* The block whose turn it is, is done. */
void jobs_pass(job_queue *queue);

/* No more blocks: the output is closed. */
void jobs_stop(job_queue *queue);

/* Runs work(shared) in `count` threads, of which this is one, or in as many as there can be. */
void jobs_run(int count, void *(*work)(void *), void *shared);

enum { MAX_JOBS = 256 };

#endif
