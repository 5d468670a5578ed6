/* The part of libc that the library uses. Numbers in text are JavaScript's, which reads and rounds
 * doubles as C does. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *memcpy(void *to, const void *from, size_t size)
{
    return __builtin_memcpy(to, from, size);
}

void *memmove(void *to, const void *from, size_t size)
{
    return __builtin_memmove(to, from, size);
}

void *memset(void *to, int byte, size_t size)
{
    return __builtin_memset(to, byte, size);
}

int memcmp(const void *a, const void *b, size_t size)
{
    const unsigned char *p = a, *q = b;
    for (; size > 0; size--, p++, q++) {
        if (*p != *q) {
            return *p < *q ? -1 : 1;
        }
    }
    return 0;
}

void *memchr(const void *in, int byte, size_t size)
{
    const unsigned char *p = in;
    for (; size > 0; size--, p++) {
        if (*p == (unsigned char)byte) {
            return (void *)p;
        }
    }
    return NULL;
}

size_t strlen(const char *s)
{
    size_t size = 0;
    while (s[size] != '\0') {
        size++;
    }
    return size;
}

int strncmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; size--, a++, b++) {
        if (*a != *b || *a == '\0') {
            return (unsigned char)*a - (unsigned char)*b;
        }
    }
    return 0;
}

int strcmp(const char *a, const char *b)
{
    return strncmp(a, b, SIZE_MAX);
}

char *strchr(const char *s, int c)
{
    return memchr(s, c, strlen(s) + 1);
}

size_t strcspn(const char *s, const char *set)
{
    size_t size = 0;
    while (s[size] != '\0' && strchr(set, s[size]) == NULL) {
        size++;
    }
    return size;
}

char *strstr(const char *s, const char *word)
{
    const size_t size = strlen(word);
    for (; strncmp(s, word, size) != 0; s++) {
        if (*s == '\0') {
            return NULL;
        }
    }
    return (char *)s;
}

/* x = m 2^e with m from 0.5 to 1 */
double frexp(double x, int *exponent)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int stored = (int)(bits >> 52 & 0x7FF);
    *exponent = 0;
    if (x == 0 || stored == 0x7FF) {
        return x;
    }
    if (stored == 0) { /* subnormal */
        const double m = frexp(x * 0x1p64, exponent);
        *exponent -= 64;
        return m;
    }
    *exponent = stored - 1022;
    bits = (bits & ~((uint64_t)0x7FF << 52)) | (uint64_t)1022 << 52;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* x 2^e, rounded once: only the last factor can make it subnormal. */
double ldexp(double x, int e)
{
    for (; e > 1023; e -= 1023) {
        x *= 0x1p1023;
        if (e > 4096) {
            e = 4096;
        }
    }
    for (; e < -969; e += 969) { /* 53 bits above the smallest normal number */
        x *= 0x1p-969;
        if (e < -4096) {
            e = -4096;
        }
    }
    const uint64_t bits = (uint64_t)(e + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return x * power;
}

__attribute__((import_module("page"), import_name("number"))) double page_number(const char *text,
                                                                                 size_t size);

double strtod(const char *text, char **end)
{
    const size_t size = strlen(text);
    if (end != NULL) {
        *end = (char *)text + size;
    }
    return page_number(text, size);
}

/* ---- snprintf with what the library asks for: %s, %c, %d and %.1f ---- */

typedef struct target {
    char *text;
    size_t room, size;
} target;

static void put_char(target *to, char c)
{
    if (to->size + 1 < to->room) {
        to->text[to->size] = c;
    }
    to->size++;
}

static void put_int(target *to, int64_t value)
{
    char digits[20];
    int count = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    if (value < 0) {
        put_char(to, '-');
    }
    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    while (count > 0) {
        put_char(to, digits[--count]);
    }
}

/* One place after the point, of numbers that have no more. */
static void put_tenths(target *to, double value)
{
    const int64_t tenths = (int64_t)(value * 10);
    put_int(to, tenths / 10);
    put_char(to, '.');
    put_int(to, tenths % 10);
}

static void put_string(target *to, const char *s)
{
    for (; *s != '\0'; s++) {
        put_char(to, *s);
    }
}

int snprintf(char *text, size_t room, const char *format, ...)
{
    target to = {text, room, 0};
    va_list arguments;
    va_start(arguments, format);
    for (const char *p = format; *p != '\0'; p++) {
        if (*p != '%') {
            put_char(&to, *p);
            continue;
        }
        switch (*++p) {
        case 's':
            put_string(&to, va_arg(arguments, const char *));
            break;
        case 'c':
            put_char(&to, (char)va_arg(arguments, int));
            break;
        case 'd':
            put_int(&to, va_arg(arguments, int));
            break;
        case '.':
            p += 2; /* 1f */
            put_tenths(&to, va_arg(arguments, double));
            break;
        default:
            __builtin_trap();
        }
    }
    va_end(arguments);
    if (room > 0) {
        text[to.size < room ? to.size : room - 1] = '\0';
    }
    return (int)to.size;
}
