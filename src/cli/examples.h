/* One-line uses of the program, for --help examples and the manual page. */
#ifndef CNN_CLI_EXAMPLES_H
#define CNN_CLI_EXAMPLES_H

#include <cnncalc/cnncalc.h>

typedef struct example {
    const char *command; /* for a POSIX shell; runs anywhere, without files */
    const char *brief;
} example;

extern const example examples[];
extern const size_t example_count;

/* Writes each with its description before it. A writer that fails keeps its failure. */
void examples_write(cnn_writer *to);

#endif
