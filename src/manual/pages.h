/* The tables of the program, as parts of manual pages and completions. */
#ifndef CNN_MANUAL_PAGES_H
#define CNN_MANUAL_PAGES_H

#include <stdbool.h>

/* A table as a part of a page. False: there is none of that name. */
bool pages_put_block(const char *name);

/* The names in a table, with `between` after all but the last. False: there is no such table. */
bool pages_put_words(const char *name, const char *between);

/* The options for a shell; see completions.c. */
void pages_put_bash(void);
void pages_put_zsh(void);
void pages_put_fish(void);

#endif
