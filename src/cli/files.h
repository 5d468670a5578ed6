/* Reading texts and writing bytes: the program's only contact with the system. */
#ifndef CNN_CLI_FILES_H
#define CNN_CLI_FILES_H

#include <cnncalc/cnncalc.h>

/* A file descriptor with a buffer in front. */
typedef struct stream {
    int fd;
    int failure; /* errno of the first failed write; 0: none */
    size_t used;
    char buffer[1 << 16];
} stream;

/* For cnn_writer: `user` is a stream. */
bool stream_write(void *user, const char *data, size_t size);
bool stream_flush(stream *s);

/* Reads a file, or standard input for "-". The text is from malloc and lives until the end of the
 * program. False with errno set: it cannot be read, is a directory, or is too long (EFBIG). */
bool read_text(const char *path, cnn_text *out);

/* Opens a file for reading, or gives standard input for "-". Below 0 with errno set: it cannot. */
int open_input(const char *path);

/* The most that a single list may need. */
#define MOST_MEMORY ((size_t)1 << 32)

#endif
