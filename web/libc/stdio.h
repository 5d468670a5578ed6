#ifndef CNN_WEB_STDIO_H
#define CNN_WEB_STDIO_H
#include <stddef.h>
int snprintf(char *text, size_t room, const char *format, ...);
#endif
