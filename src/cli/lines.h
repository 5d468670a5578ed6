/* Blocks of whole lines from a file descriptor, in bounded memory whatever the file holds. */
#ifndef CNN_CLI_LINES_H
#define CNN_CLI_LINES_H

#include <cnncalc/cnncalc.h>

enum {
    LINES_READ = 1 << 15,                      /* bytes asked for at once */
    LINES_ROOM = CNN_MAX_LINE + 2 + LINES_READ /* a whole line with its "\r\n", and a read */
};

/* Some lines. Only the last line of the file may lack its end. */
typedef struct lines_block {
    int64_t number; /* of its first line, from 1 */
    int64_t count;  /* lines */
    bool too_long;  /* a line of more than CNN_MAX_LINE bytes, which were dropped */
    size_t size;
    char data[LINES_ROOM];
} lines_block;

typedef struct lines_source {
    int fd;
    int failure; /* errno of a read that failed; 0: none */
    bool ended;
    int64_t lines; /* handed out so far */
    int64_t bytes; /* read so far */
    size_t kept;   /* what was read beyond the last block */
    char rest[LINES_ROOM];
} lines_source;

/* The next lines, at least one. False: there are none, or reading failed. */
bool lines_next(lines_source *source, lines_block *block);

#endif
