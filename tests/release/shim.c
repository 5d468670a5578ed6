/*
 * Preloaded into the program: makes allocations and system calls fail, and transfers short.
 *
 *   SHIM_FAIL=N     the N-th call of malloc, calloc or realloc fails (from 1)
 *   SHIM_FOREVER=1  and so do all after it
 *   SHIM_SHORT=1    read and write transfer one byte at a time
 *   SHIM_BREAK=C:N:E  the N-th call of C fails with the errno E: read, write, open, close, and
 *                   pthread_create, which fails from there on
 *   SHIM_REPORT=FD  at the end "CALLS LEFT" is written there: calls made, blocks not freed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Under these names glibc offers what it would call itself. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void __libc_free(void *memory);

static long calls, left;

static long setting(const char *name)
{
    const char *value = getenv(name);
    return value == NULL ? 0 : atol(value);
}

static bool fails(void)
{
    const long n = setting("SHIM_FAIL");
    calls++;
    if (n > 0 && (calls == n || (calls > n && setting("SHIM_FOREVER") != 0))) {
        errno = ENOMEM;
        return true;
    }
    return false;
}

void *malloc(size_t size)
{
    void *memory = fails() ? NULL : __libc_malloc(size);
    left += memory != NULL;
    return memory;
}

void *calloc(size_t count, size_t size)
{
    void *memory = fails() ? NULL : __libc_calloc(count, size);
    left += memory != NULL;
    return memory;
}

void *realloc(void *old, size_t size)
{
    void *memory = fails() ? NULL : __libc_realloc(old, size);
    left += memory != NULL && old == NULL;
    return memory;
}

void free(void *memory)
{
    left -= memory != NULL;
    __libc_free(memory);
}

/* The errno with which the call `name`, one of `count` so far, is to fail; 0: it is not. */
static int broken(const char *name, long count)
{
    const char *setting = getenv("SHIM_BREAK");
    const size_t size = strlen(name);
    if (setting == NULL || strncmp(setting, name, size) != 0 || setting[size] != ':') {
        return 0;
    }
    char *end;
    const long wanted = strtol(setting + size + 1, &end, 10);
    return count == wanted ? atoi(end + 1) : 0;
}

/* Fails with the errno, or finds the C library's own function. */
static bool pass(const char *name, long count, void **real)
{
    const int failure = broken(name, count);
    if (*real == NULL) {
        *real = dlsym(RTLD_NEXT, name);
    }
    errno = failure != 0 ? failure : errno;
    return failure == 0;
}

ssize_t read(int fd, void *to, size_t size)
{
    static ssize_t (*real)(int, void *, size_t);
    static long count;
    const size_t part = size > 1 && setting("SHIM_SHORT") != 0 ? 1 : size;
    return pass("read", ++count, (void **)&real) ? real(fd, to, part) : -1;
}

ssize_t write(int fd, const void *from, size_t size)
{
    static ssize_t (*real)(int, const void *, size_t);
    static long count;
    const size_t part = size > 1 && setting("SHIM_SHORT") != 0 ? 1 : size;
    return pass("write", ++count, (void **)&real) ? real(fd, from, part) : -1;
}

int open(const char *path, int flags, ...)
{
    static int (*real)(const char *, int, ...);
    static long count;
    va_list rest;
    va_start(rest, flags);
    const int mode = (flags & O_CREAT) != 0 ? va_arg(rest, int) : 0;
    va_end(rest);
    return pass("open", ++count, (void **)&real) ? real(path, flags, mode) : -1;
}

/* Closed it is all the same, as after an error of the system. */
int close(int fd)
{
    static int (*real)(int);
    static long count;
    const bool fine = pass("close", ++count, (void **)&real);
    const int failure = errno, result = real(fd);
    errno = fine ? errno : failure;
    return fine ? result : -1;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*start)(void *),
                   void *user)
{
    static int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    static long count;
    if (pass("pthread_create", count + 1, (void **)&real)) {
        count++;
        return real(thread, attributes, start, user);
    }
    return errno;
}

__attribute__((destructor)) static void report(void)
{
    if (setting("SHIM_REPORT") > 0) {
        dprintf((int)setting("SHIM_REPORT"), "%ld %ld\n", calls, left);
    }
}
