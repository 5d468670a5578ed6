/* Reading texts and writing bytes: the program's only contact with the system. */
#ifndef CNN_CLI_FILES_H
#define CNN_CLI_FILES_H

#include <cnncalc/cnncalc.h>

/* A file descriptor with a buffer in front. */
typedef struct stream {
    int fd;
    int failure; /* errno of the first failed write; 0: none */
    bool begun;  /* something was to be written */
    size_t used;
    char *buffer; /* STREAM_ROOM bytes */
} stream;

enum { STREAM_ROOM = 1 << 16 };

/* Standard output and standard error. Everything goes through them, because stdio gives up when a
 * signal interrupts it. */
extern stream *const output;
extern stream *const messages;
void streams_open(void);

/* Memory for a list; for the few that need more there is malloc. */
enum { FIRST_MEMORY = 1 << 18 };
extern unsigned char *const first_memory;

/* For cnn_writer: `user` is a stream. */
bool stream_write(void *user, const char *data, size_t size);

/* Writes all strings up to a NULL. */
bool stream_strings(stream *s, const char *const *strings);

/* The strings, one after the other, to standard error. */
#define SAY(...) stream_strings(messages, (const char *const[]){__VA_ARGS__, NULL})

bool stream_flush(stream *s);

/* Flushes and closes, if there was anything to write: a disk may turn out to be full only then. */
bool stream_close(stream *s);

enum { LONGEST_FILE = 16 << 20 };

/* Reads a file, or standard input for "-", into memory for the caller to free. NULL with errno set:
 * it cannot be read, is a directory, or is longer than LONGEST_FILE (EFBIG). */
char *read_file(const char *path, size_t *size);

/* Opens a file for reading, or gives standard input for "-". Below 0 with errno set: it cannot. */
int open_input(const char *path);

/* The most that a single list may need. */
#define MOST_MEMORY ((size_t)1 << 30)

#endif
