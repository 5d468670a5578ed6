#ifndef CNN_WEB_STRING_H
#define CNN_WEB_STRING_H
#include <stddef.h>
#include <stdint.h>
void *memcpy(void *to, const void *from, size_t size);
void *memmove(void *to, const void *from, size_t size);
void *memset(void *to, int byte, size_t size);
int memcmp(const void *a, const void *b, size_t size);
void *memchr(const void *in, int byte, size_t size);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t size);
char *strchr(const char *s, int c);
char *strstr(const char *s, const char *word);
size_t strcspn(const char *s, const char *set);
#endif
