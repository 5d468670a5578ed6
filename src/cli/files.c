/* Whole texts in, buffered bytes out; interrupted and partial calls are carried on. */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

bool stream_write(void *user, const char *data, size_t size)
{
    stream *s = user;
    while (size > 0) {
        if (s->used == sizeof s->buffer && !stream_flush(s)) {
            return false;
        }
        const size_t room = sizeof s->buffer - s->used;
        const size_t part = size < room ? size : room;
        memcpy(s->buffer + s->used, data, part);
        s->used += part;
        data += part;
        size -= part;
    }
    return s->failure == 0;
}

/* Reads to the end into a growing buffer. One byte more than a list may have is enough to know. */
static bool read_all(int fd, cnn_text *out)
{
    size_t room = 1 << 14, size = 0;
    char *data = malloc(room);
    while (data != NULL) {
        const ssize_t n = read(fd, data + size, room - size);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0 || (size += (size_t)n) > CNN_MAX_BYTES) {
            errno = n < 0 ? errno : n > 0 ? EFBIG : 0;
            *out = (cnn_text){data, size};
            return errno == 0;
        }
        if (size == room) {
            room *= 2;
            char *grown = realloc(data, room);
            if (grown == NULL) {
                break;
            }
            data = grown;
        }
    }
    free(data);
    errno = ENOMEM;
    return false;
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

bool read_text(const char *path, cnn_text *out)
{
    const int fd = open_input(path);
    const bool done = fd >= 0 && read_all(fd, out);
    const int failure = errno;
    if (fd > STDIN_FILENO && close(fd) != 0 && done && errno != EINTR) {
        return false;
    }
    errno = failure;
    return done;
}
