/* The answers of --check: texts from the command line, and sheets read from files. */
#ifndef CNN_CLI_CLAIMS_H
#define CNN_CLI_CLAIMS_H

#include "options.h"

typedef struct claims {
    cnn_claim_text text[MAX_PARTS];
    const char *name[MAX_PARTS]; /* what to call it in messages */
    char *memory[MAX_PARTS];     /* of a sheet; NULL: it is the command line's */
    int count;
} claims;

/* Reads the sheets. 0, or errno of the one that `failed` names. */
int claims_load(const options *o, claims *out, const char **failed);

void claims_free(claims *c);

#endif
