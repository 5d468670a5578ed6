/*
 * Signals may come at any time, also while rows are written, and a reader would take half a row for
 * a whole one. So the handler ends the program at once unless a write is going on; then the end of
 * that write does it. Who comes first is decided by one atomic exchange.
 */
#include "ending.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

enum { IDLE, BEGINNING, WRITING, ENDING };

static atomic_int state = IDLE;
static volatile sig_atomic_t waiting; /* the signal that came while something was written */
static pthread_t writer;              /* while something is written */

/* As if there had been no handler: the parent sees which signal it was. */
static void end_by(int signal_number)
{
    sigset_t one;
    (void)signal(signal_number, SIG_DFL);
    (void)sigemptyset(&one);
    (void)sigaddset(&one, signal_number);
    (void)raise(signal_number);
    (void)sigprocmask(SIG_UNBLOCK, &one, NULL); /* it is blocked while its handler runs */
}

/* A write that waits for its reader has to be woken, by an alarm once more: it may have begun to
 * wait only after the signal. */
static void handle(int signal_number)
{
    int expected = IDLE;
    waiting = signal_number == SIGALRM ? waiting : signal_number;
    if (waiting == 0) {
        return; /* an alarm from outside */
    }
    if (atomic_compare_exchange_strong(&state, &expected, ENDING)) {
        end_by(waiting);
        return;
    }
    (void)alarm(1);
    if (expected == WRITING && !pthread_equal(pthread_self(), writer)) {
        (void)pthread_kill(writer, SIGALRM);
    }
}

void ending_guard(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGALRM};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct sigaction now;
        struct sigaction guarded = {.sa_handler = handle};
        (void)sigemptyset(&guarded.sa_mask);
        /* What is ignored, as by nohup, stays so. */
        if (sigaction(signals[i], NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
            (void)sigaction(signals[i], &guarded, NULL);
        }
    }
}

bool ending_wanted(void)
{
    return waiting != 0;
}

void ending_hold(void)
{
    int expected = IDLE;
    while (!atomic_compare_exchange_strong(&state, &expected, BEGINNING)) {
        (void)pause(); /* the program is ending in another thread */
        expected = IDLE;
    }
    writer = pthread_self();
    atomic_store(&state, WRITING);
}

void ending_release(void)
{
    atomic_store(&state, IDLE);
    if (waiting != 0) {
        handle(waiting);
    }
}
