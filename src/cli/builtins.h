/* The example networks, compiled in from examples/ when the program is built. */
#ifndef CNN_CLI_BUILTINS_H
#define CNN_CLI_BUILTINS_H

#include <cnncalc/cnncalc.h>

typedef struct builtin {
    const char *name;
    const char *aliases; /* separated by blanks */
    const char *brief;
    const char *source;
    cnn_text text;
} builtin;

extern const builtin builtins[];
extern const size_t builtin_count;

/* The network of that name or alias; NULL: there is none. */
const builtin *builtin_find(cnn_text name);

/* The name or alias most like it; empty: none is near. */
cnn_text builtin_nearest(const char *name);

/* Writes every name with its description and source. A writer that fails keeps its failure. */
void builtin_list(cnn_writer *to);

#endif
