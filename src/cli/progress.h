/* How far a long run is, on standard error when that is a terminal. */
#ifndef CNN_CLI_PROGRESS_H
#define CNN_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

typedef struct progress {
    bool wanted;
    bool shown;    /* a line of progress is on the terminal */
    int64_t total; /* bytes of the input; 0: unknown */
    struct timespec start;
    double last; /* seconds from the start to the last line shown */
} progress;

/* `fd` is the input; `quiet`: nothing is shown. */
void progress_start(progress *p, int fd, bool quiet);

/* Shows lines and bytes done, a few times a second and not in the first one. */
void progress_show(progress *p, int64_t lines, int64_t bytes);

/* Takes the line away: before other output, and at the end. */
void progress_hide(progress *p);

#endif
