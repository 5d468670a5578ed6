/* One line that is written over itself. */
#include "progress.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const double FIRST = 1.0, INTERVAL = 0.2; /* seconds */

void progress_start(progress *p, int fd, bool quiet)
{
    struct stat info = {0};
    *p = (progress){.wanted = !quiet && isatty(STDERR_FILENO) == 1};
    if (p->wanted) {
        clock_gettime(CLOCK_MONOTONIC, &p->start);
        (void)fstat(fd, &info); /* if it fails, reading does too */
        p->total = S_ISREG(info.st_mode) ? (int64_t)info.st_size : 0;
    }
}

static double elapsed(const progress *p)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - p->start.tv_sec) + 1e-9 * (double)(now.tv_nsec - p->start.tv_nsec);
}

void progress_show(progress *p, int64_t lines, int64_t bytes)
{
    if (!p->wanted) {
        return;
    }
    const double seconds = elapsed(p);
    if (seconds < FIRST || (p->last > 0 && seconds < p->last + INTERVAL)) {
        return;
    }
    p->last = seconds;
    p->shown = true;
    (void)fprintf(stderr, "\r\033[K%lld lines", (long long)lines);
    const double part = (double)bytes / (double)p->total; /* of a pipe infinite, or no number */
    /* the lines in all are estimated from the bytes; a file may grow while it is read */
    if (part > 0 && part <= 1) {
        (void)fprintf(stderr, " of about %.0f (%.0f %%)", (double)lines / part, 100 * part);
        (void)fprintf(stderr, ", %.0f a second, %.0f s left", (double)lines / seconds,
                      seconds / part - seconds);
    } else {
        (void)fprintf(stderr, ", %.0f a second", (double)lines / seconds);
    }
    (void)fflush(stderr);
}

void progress_hide(progress *p)
{
    if (p->shown) {
        (void)fputs("\r\033[K", stderr);
        (void)fflush(stderr);
        p->shown = false;
    }
}
