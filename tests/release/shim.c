/*
 * Preloaded into the program: makes allocations fail and transfers short.
 *
 *   SHIM_FAIL=N     the N-th call of malloc, calloc or realloc fails (from 1)
 *   SHIM_FOREVER=1  and so do all after it
 *   SHIM_SHORT=1    read and write transfer one byte at a time
 *   SHIM_REPORT=FD  at the end "CALLS LEFT" is written there: calls made, blocks not freed
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
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

ssize_t read(int fd, void *to, size_t size)
{
    static ssize_t (*real)(int, void *, size_t);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "read");
    }
    return real(fd, to, size > 1 && setting("SHIM_SHORT") != 0 ? 1 : size);
}

ssize_t write(int fd, const void *from, size_t size)
{
    static ssize_t (*real)(int, const void *, size_t);
    if (real == NULL) {
        *(void **)&real = dlsym(RTLD_NEXT, "write");
    }
    return real(fd, from, size > 1 && setting("SHIM_SHORT") != 0 ? 1 : size);
}

__attribute__((destructor)) static void report(void)
{
    if (setting("SHIM_REPORT") > 0) {
        dprintf((int)setting("SHIM_REPORT"), "%ld %ld\n", calls, left);
    }
}
