/* Reading texts and writing bytes: the program's only contact with the system. */
#ifndef CNN_CLI_FILES_H
#define CNN_CLI_FILES_H

#include <cnncalc/cnncalc.h>

/* A file descriptor with a buffer in front. */
typedef struct stream {
    int fd;
    int failure;  /* errno of the first failed write; 0: none */
    bool begun;   /* something was to be written */
    bool regular; /* it is a file, not a pipe; see stream_look */
    size_t used;
    char *buffer; /* STREAM_ROOM bytes */
} stream;

enum { STREAM_ROOM = 1 << 16 };

/* Standard output and standard error. Everything goes through them, because stdio gives up when a
 * signal interrupts it. */
extern stream *const output;
extern stream *const messages;
void streams_open(void);

/* Called before bytes leave a stream; NULL: nothing is. */
extern void (*streams_before_write)(void);

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

/* Writes the whole lines of the buffer and keeps the rest; all of it when there is no line end. A
 * signal leaves no line half written, see ending.h. */
bool stream_flush_lines(stream *s);

/* Finds out what the stream leads to, for stream_flush_lines. */
void stream_look(stream *s);

/* Flushes and closes, if there was anything to write: a disk may turn out to be full only then. */
bool stream_close(stream *s);

enum { LONGEST_FILE = 16 << 20 };

/* A file that is read from its beginning: its first bytes tell what it is. */
typedef struct source {
    int fd;
    int failure;    /* errno of a read that failed; 0: none */
    int64_t length; /* of the file; -1: unknown, as of a pipe */
    int64_t offset; /* of what is read next from `fd` */
    size_t at;      /* bytes of the head that were handed out */
    size_t size;    /* of the head */
    char head[4096];
} source;

/* Opens a file, or takes standard input for "-", and reads its head. False: see errno. */
bool source_open(source *s, const char *path);

/* Closes it. False: see errno. */
bool source_close(source *s);

/* For cnn_byte_source: `user` is a source. */
bool source_read(void *user, void *into, size_t size, size_t *got);
bool source_skip(void *user, int64_t size, int64_t *skipped);

/* The whole of it, into memory for the caller to free. NULL with errno set: it cannot be read, is a
 * directory, or is longer than LONGEST_FILE (EFBIG). */
char *source_rest(source *s, size_t *size);

/* Opens, reads and closes. */
char *read_file(const char *path, size_t *size);

/* Opens a file for reading, or gives standard input for "-". Below 0 with errno set: it cannot. */
int open_input(const char *path);

/* As much memory as there is, of `most` bytes down to FIRST_MEMORY; only what is touched takes any.
 * NULL: there is none. */
void *most_memory(size_t most, size_t *size);

/* The most that a single list may need. */
#define MOST_MEMORY ((size_t)1 << 30)

#endif
