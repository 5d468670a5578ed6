/* What --gradients and claims about gradients take from files, and the call into the library. */
#ifndef CNN_CLI_GRADIENTS_H
#define CNN_CLI_GRADIENTS_H

#include "claims.h"

/* Texts for gradients; what was read from files is to be freed with gradients_free. */
typedef struct gradients {
    cnn_text values; /* data NULL: none are given */
    const char *values_name;
    cnn_text claims; /* one on a line; size 0: none */
    const char *claims_name;
    char *memory[2];
    const char *failed; /* the file that could not be read */
} gradients;

/* Reads --values, and takes the claims together. False: see errno. */
bool gradients_load(const options *o, const claims *claimed, gradients *out);
void gradients_free(gradients *g);

/* Whether the answer is about gradients: they are asked for, or claimed. */
bool gradients_wanted(const options *o, const gradients *g);

/* Derives, computes or checks; *wrong: a claim is not right. */
bool gradients_write(const options *o, const gradients *g, const cnn_network *net, cnn_arena arena,
                     cnn_writer *to, bool *wrong, cnn_error *err);

#endif
