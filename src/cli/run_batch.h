/* Many lists, a row each: the program's --batch. */
#ifndef CNN_CLI_RUN_BATCH_H
#define CNN_CLI_RUN_BATCH_H

#include "files.h"

/*
 * Reads lists from `fd`, one in each line, and writes header and rows to `to`, which keeps the
 * reason if that fails. `wrong` tells whether a list was wrong. 0, or the errno of a failed read.
 */
int batch_run(const cnn_batch *rows, int fd, int jobs, bool quiet, stream *to, bool *wrong);

#endif
