#ifndef CNN_WEB_STDLIB_H
#define CNN_WEB_STDLIB_H
double strtod(const char *text, char **end);
#endif
