/* Whole files in, buffered bytes out; interrupted and partial calls are carried on. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

bool stream_flush(stream *s)
{
    size_t done = 0;
    while (done < s->used && s->failure == 0) {
        const ssize_t n = write(s->fd, s->buffer + done, s->used - done);
        if (n >= 0) {
            done += (size_t)n;
        } else if (errno != EINTR) {
            s->failure = errno;
        }
    }
    s->used = 0;
    return s->failure == 0;
}

bool stream_close(stream *s)
{
    if (s->begun && stream_flush(s) && close(s->fd) != 0 && errno != EINTR) {
        s->failure = errno;
    }
    return s->failure == 0;
}

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

/* Reads to the end into a growing buffer. One byte more than allowed is enough to know. */
static char *read_all(int fd, size_t *size)
{
    size_t room = 1 << 14;
    char *data = malloc(room);
    for (*size = 0; data != NULL;) {
        const ssize_t n = read(fd, data + *size, room - *size);
        if (n == 0) {
            return data;
        }
        if (n < 0 && errno != EINTR) {
            break;
        }
        *size += n > 0 ? (size_t)n : 0;
        if (*size > LONGEST_FILE) {
            errno = EFBIG;
            break;
        }
        if (*size == room) {
            room *= 2;
            char *grown = realloc(data, room);
            if (grown == NULL) {
                errno = ENOMEM;
                break;
            }
            data = grown;
        }
    }
    const int failure = data == NULL ? ENOMEM : errno;
    free(data);
    errno = failure;
    return NULL;
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

char *read_file(const char *path, size_t *size)
{
    const int fd = open_input(path);
    char *data = fd < 0 ? NULL : read_all(fd, size);
    const int failure = errno;
    if (fd > STDIN_FILENO && close(fd) != 0 && errno != EINTR) {
        const int broken = errno;
        free(data);
        errno = broken;
        return NULL;
    }
    errno = failure;
    return data;
}
