/* Whole files in, buffered bytes out; interrupted and partial calls are carried on. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ending.h"

/*
 * Without initial values, which would have to be loaded with the program. It is the pages touched
 * that make a start slow, so what every run touches lies together: the output at the beginning,
 * beside variables with values; at the end what is taken first of the memory, with the streams.
 */
static struct {
    char output_buffer[STREAM_ROOM], message_buffer[STREAM_ROOM];
    _Alignas(16) unsigned char memory[FIRST_MEMORY];
    stream output, messages;
} start;

unsigned char *const first_memory = start.memory;
stream *const output = &start.output, *const messages = &start.messages;

void streams_open(void)
{
    output->fd = STDOUT_FILENO;
    output->buffer = start.output_buffer;
    messages->fd = STDERR_FILENO;
    messages->buffer = start.message_buffer;
}

void (*streams_before_write)(void);

/* The system gives pages when they are touched, so that asking for too much costs nothing. */
void *most_memory(size_t most, size_t *size)
{
    void *memory = malloc(*size = most);
    while (memory == NULL && *size > FIRST_MEMORY) {
        *size /= 4;
        memory = malloc(*size);
    }
    return memory;
}

/* Writes bytes, all of them unless a signal asks for the end before the first one. */
static size_t write_all(stream *s, const char *data, size_t size)
{
    size_t done = 0;
    if (streams_before_write != NULL) {
        streams_before_write();
    }
    while (done < size && s->failure == 0) {
        const ssize_t n = write(s->fd, data + done, size - done);
        if (n >= 0) {
            done += (size_t)n;
            /* a signal alone is no failure: the write goes on */
        } else if (errno != EINTR) {
            s->failure = errno;
        } else if (done == 0 && ending_wanted()) {
            break;
        }
    }
    return done;
}

bool stream_flush(stream *s)
{
    (void)write_all(s, s->buffer, s->used);
    s->used = 0;
    return s->failure == 0;
}

/* The whole lines among the first `most` bytes; all of these bytes when they hold no line end. */
static size_t whole_lines(const char *data, size_t size, size_t most)
{
    const size_t part = size < most ? size : most;
    size_t end = part;
    while (end > 0 && data[end - 1] != '\n') {
        end--;
    }
    return end > 0 ? end : part;
}

bool stream_flush_lines(stream *s)
{
    /* A pipe takes so many bytes as a whole or not at all. */
    const size_t end = whole_lines(s->buffer, s->used, s->used);
    const size_t most = s->regular ? end : PIPE_BUF;
    for (size_t done = 0, part; done < end && s->failure == 0; done += part) {
        part = whole_lines(s->buffer + done, end - done, most);
        ending_hold();
        (void)write_all(s, s->buffer + done, part);
        ending_release();
    }
    s->used -= end;
    memmove(s->buffer, s->buffer + end, s->used);
    return s->failure == 0;
}

void stream_look(stream *s)
{
    struct stat status;
    s->regular = fstat(s->fd, &status) == 0 && S_ISREG(status.st_mode);
}

bool stream_close(stream *s)
{
    /* a full disk may be reported only by close */
    if (s->begun && stream_flush(s) && close(s->fd) != 0 && errno != EINTR) {
        s->failure = errno;
    }
    return s->failure == 0;
}

/* Nothing leaves before the buffer is full; then it goes as a whole. */
bool stream_write(void *user, const char *data, size_t size)
{
    stream *s = user;
    s->begun = true;
    while (size > 0) {
        if (s->used == STREAM_ROOM && !stream_flush(s)) {
            return false;
        }
        const size_t room = STREAM_ROOM - s->used;
        const size_t part = size < room ? size : room;
        memcpy(s->buffer + s->used, data, part);
        s->used += part;
        data += part;
        size -= part;
    }
    return s->failure == 0;
}

bool stream_strings(stream *s, const char *const *strings)
{
    for (; *strings != NULL; strings++) {
        stream_write(s, *strings, strlen(*strings));
    }
    return s->failure == 0;
}

/* One read, again when a signal interrupts it. Below 0: see errno. */
static ssize_t read_some(int fd, void *into, size_t size)
{
    ssize_t n;
    do {
        n = read(fd, into, size);
    } while (n < 0 && errno == EINTR);
    return n;
}

int open_input(const char *path)
{
    int fd = STDIN_FILENO;
    while (strcmp(path, "-") != 0 && (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0) {
        if (errno != EINTR) {
            break;
        }
    }
    return fd;
}

/* A read may give less than there is, as from a pipe: the head is read until it is full. */
bool source_open(source *s, const char *path)
{
    s->fd = open_input(path);
    s->failure = 0;
    s->length = -1;
    s->at = s->size = 0;
    if (s->fd < 0) {
        return false;
    }
    ssize_t n = 1;
    while (n > 0 && s->size < sizeof s->head) {
        n = read_some(s->fd, s->head + s->size, sizeof s->head - s->size);
        s->size += n > 0 ? (size_t)n : 0;
    }
    struct stat info;
    if (n >= 0 && fstat(s->fd, &info) == 0 && S_ISREG(info.st_mode)) {
        s->length = (int64_t)info.st_size;
    }
    s->offset = (int64_t)s->size;
    if (n < 0) {
        s->failure = errno;
        (void)source_close(s);
        errno = s->failure;
    }
    return n >= 0;
}

bool source_close(source *s)
{
    return s->fd <= STDIN_FILENO || close(s->fd) == 0 || errno == EINTR;
}

/* First what is left of the head, then the file itself. */
bool source_read(void *user, void *into, size_t size, size_t *got)
{
    source *s = user;
    const size_t left = s->size - s->at;
    if (left > 0) {
        *got = left < size ? left : size;
        memcpy(into, s->head + s->at, *got);
        s->at += *got;
        return true;
    }
    const ssize_t n = read_some(s->fd, into, size);
    s->failure = n < 0 ? errno : 0;
    *got = n > 0 ? (size_t)n : 0;
    s->offset += n > 0 ? n : 0;
    return n >= 0;
}

/* A file on a disk is sought, up to its end; the bytes of a pipe have to be read. */
bool source_skip(void *user, int64_t size, int64_t *skipped)
{
    source *s = user;
    const int64_t left = (int64_t)(s->size - s->at);
    *skipped = left < size ? left : size;
    s->at += (size_t)*skipped;
    const int64_t rest = size - *skipped, room = s->length - s->offset;
    const int64_t part = rest < room ? rest : room;
    if (part <= 0 || lseek(s->fd, (off_t)part, SEEK_CUR) < 0) {
        return true;
    }
    s->offset += part;
    *skipped += part;
    return true;
}

/* Reads to the end into a growing buffer. One byte more than allowed is enough to know. */
char *source_rest(source *s, size_t *size)
{
    size_t room = 1 << 14, got = 1;
    char *data = malloc(room);
    for (*size = 0; data != NULL;) {
        if (!source_read(s, data + *size, room - *size, &got)) {
            break;
        }
        if (got == 0) {
            return data;
        }
        *size += got;
        if (*size > LONGEST_FILE) {
            s->failure = EFBIG;
            break;
        }
        if (*size == room) {
            room *= 2;
            char *grown = realloc(data, room);
            if (grown == NULL) {
                s->failure = ENOMEM;
                break;
            }
            data = grown;
        }
    }
    const int failure = data == NULL ? ENOMEM : s->failure;
    free(data);
    errno = failure;
    return NULL;
}

char *read_file(const char *path, size_t *size)
{
    source s;
    char *data = source_open(&s, path) ? source_rest(&s, size) : NULL;
    /* closing may set errno again */
    const int failure = errno;
    if (s.fd >= 0 && s.failure == 0 && !source_close(&s)) {
        const int broken = errno;
        free(data);
        errno = broken;
        return NULL;
    }
    errno = failure;
    return data;
}
