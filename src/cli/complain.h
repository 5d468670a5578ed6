/* Errors and remarks about a list, on standard error. */
#ifndef CNN_CLI_COMPLAIN_H
#define CNN_CLI_COMPLAIN_H

#include "operand.h"

/* The error with its place and a way out. */
void show_error(const options *o, const list *l, const cnn_error *err);

/* The beginning of each line of a kind of message. */
typedef struct prefix {
    const char *word; /* "remark" */
    const char *name; /* of the network, where there are several; otherwise NULL */
    bool quiet;       /* nothing is written */
    bool begun;       /* the line */
} prefix;

/* For cnn_writer, with a prefix as `user`. A failure sticks to the stream. */
bool write_remark(void *user, const char *data, size_t size);

#endif
