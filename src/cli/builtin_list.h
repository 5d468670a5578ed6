/* The list of the built-in networks. */
#ifndef CNN_CLI_BUILTIN_LIST_H
#define CNN_CLI_BUILTIN_LIST_H

#include <cnncalc/cnncalc.h>

/* Writes every name with its description and source. A writer that fails keeps its failure. */
void builtin_list(cnn_writer *to);

#endif
