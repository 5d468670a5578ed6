/*
 * A separate thread reports long work, because the library has no clock: it waits, and writes one
 * line a second. It is joined before the first byte of a stream is written, so lines never mix.
 */
#include "terminal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "files.h"

int32_t terminal_width(void)
{
    struct winsize size = {0};
    if (isatty(STDOUT_FILENO) != 1) {
        return 0;
    }
    /* a user may want another width than the terminal has */
    const char *columns = getenv("COLUMNS");
    const long given = columns != NULL ? strtol(columns, NULL, 10) : 0;
    if (given > 0 && given < INT32_MAX) {
        return (int32_t)given;
    }
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool terminal_styled(int fd, color_when when)
{
    /* see no-color.org: any text in NO_COLOR turns colours off */
    if (when != COLOR_AUTO || isatty(fd) != 1) {
        return when == COLOR_ALWAYS;
    }
    const char *none = getenv("NO_COLOR"), *term = getenv("TERM");
    return (none == NULL || none[0] == '\0') && (term == NULL || strcmp(term, "dumb") != 0);
}

/* ---- messages ---- */

static color_when chosen; /* COLOR_AUTO until the command line is read */

void terminal_choose(color_when when)
{
    chosen = when;
}

const char *terminal_begin(const char *word)
{
    if (!terminal_styled(STDERR_FILENO, chosen)) {
        return "";
    }
    return strcmp(word, "remark") == 0 ? "\x1b[1;33m" : "\x1b[1;31m";
}

const char *terminal_end(void)
{
    return terminal_styled(STDERR_FILENO, chosen) ? "\x1b[0m" : "";
}

/* ---- long work ---- */

static atomic_int percent = -1; /* of the work; -1: not known */

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    const char *work;
    bool over;
    bool shown;
} watch = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* False: the work is over. */
static bool wait_second(struct timespec *until)
{
    until->tv_sec++;
    /* condition variables may wake for no reason */
    while (!watch.over && pthread_cond_timedwait(&watch.changed, &watch.lock, until) == 0) {
    }
    return !watch.over;
}

static void *show(void *user)
{
    char line[80];
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    pthread_mutex_lock(&watch.lock);
    for (int seconds = 1; wait_second(&until); seconds++) {
        const int part = atomic_load(&percent);
        /* back to the beginning of the line, and clear it */
        int size = snprintf(line, sizeof line, "\r\x1b[K%s, %d s", watch.work, seconds);
        if (part >= 0) {
            size += snprintf(line + size, sizeof line - (size_t)size, ", %d %%", part);
        }
        watch.shown = write(STDERR_FILENO, line, (size_t)size) == size || watch.shown;
    }
    pthread_mutex_unlock(&watch.lock);
    return user;
}

static void stop(void)
{
    static const char clear[] = "\r\x1b[K";
    streams_before_write = NULL;
    pthread_mutex_lock(&watch.lock);
    watch.over = true;
    pthread_cond_signal(&watch.changed);
    pthread_mutex_unlock(&watch.lock);
    pthread_join(watch.thread, NULL);
    if (watch.shown) {
        (void)!write(STDERR_FILENO, clear, sizeof clear - 1);
    }
}

void terminal_watch_part(void *user, int64_t done, int64_t all)
{
    (void)user; /* bounds that come down may be passed already */
    atomic_store(&percent, done < all ? (int)(100.0 * (double)done / (double)all) : 100);
}

void terminal_watch(const char *work)
{
    pthread_condattr_t monotonic;
    if (isatty(STDERR_FILENO) != 1) {
        return;
    }
    watch.work = work;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&watch.changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    /* without a thread the work goes on in silence */
    if (pthread_create(&watch.thread, NULL, show, NULL) == 0) {
        streams_before_write = stop;
    }
}
