/* A list or a model file, as the command line names it. */
#ifndef CNN_CLI_OPERAND_H
#define CNN_CLI_OPERAND_H

#include "claims.h"
#include "files.h"
#include "gradients.h"
#include "options.h"

/* The program's exit status. */
enum { FINE = 0, WRONG_ANSWER = 1, WRONG_INPUT = 2, FAILED_IO = 3 };

/* A list, what to call it in messages, and what is asked about it. */
typedef struct list {
    cnn_text text;
    const char *name;
    char *memory;  /* of the text, to be freed; NULL: the text is not owned */
    source *model; /* a model file, read while it is worked on; NULL: it is a list */
    source file;   /* what `model` points at */
    int input;     /* the first of the options' inputs that is its own */
    gradients gradients;
    claims claimed;
    bool builtin;  /* a list of ours: it is no pasted code */
    bool pasted;   /* code or a printout of a framework */
    bool wrong;    /* an answer to check is wrong, or nothing solves the list */
    bool unread;   /* an answer is not understood */
    bool remarked; /* remarks were written */
} list;

/* Says that something cannot be done with a file; FAILED_IO. */
int fail_io(const char *what, const char *name, int failure);

/* Whether it is a built-in network or a file that can be opened. */
bool operand_known(const char *operand);

/* Loads what --layers gives when `operand` is NULL, or a built-in network, or a file. A model file
 * is left open. FINE, or the exit status after a message. */
int list_load(const options *o, const char *operand, list *out);

/* How its text is read, with its own inputs. */
cnn_settings list_settings(const options *o, const list *l);

/* Reads a text into a network, whatever language it is in. */
bool list_read(const options *o, const list *l, cnn_arena *arena, cnn_network *net, cnn_error *err);

#endif
