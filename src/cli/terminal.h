/* The terminal: its width, colours, and progress of long work. */
#ifndef CNN_CLI_TERMINAL_H
#define CNN_CLI_TERMINAL_H

#include "options.h"

/* The width of standard output: COLUMNS, or what the terminal reports; 0: unknown, or no terminal.
 */
int32_t terminal_width(void);

/* Whether what is written there is in colour and bold: by --color, or on a terminal unless NO_COLOR
 * is set or TERM is dumb. */
bool terminal_styled(int fd, color_when when);

/* "\x1b[1;31m" and "\x1b[0m" around the first word of messages, or nothing. */
void terminal_choose(color_when when);
const char *terminal_begin(const char *word);
const char *terminal_end(void);

/* Writes "solving, 3 s" to a terminal on standard error, from the first second on, until the first
 * byte of a stream is written. */
void terminal_watch(const char *work);

/* From now on it is "solving, 3 s, 40 %". `user` is not used. */
void terminal_watch_part(void *user, int64_t done, int64_t all);

#endif
