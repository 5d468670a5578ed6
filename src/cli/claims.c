/* --check CLAIM and --check @SHEET. */
#include "claims.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

/* An argument that begins with "@" names a sheet, where each line may be a claim. */
int claims_load(const options *o, claims *out, const char **failed)
{
    for (int i = 0; i < o->check_count; i++) {
        const char *argument = o->checks[i];
        cnn_claim_text *to = &out->text[out->count];
        out->name[out->count] = "--check";
        if (argument[0] == '@') {
            out->name[out->count] = argument + 1;
            out->memory[out->count] = read_file(argument + 1, &to->text.size);
            if (out->memory[out->count] == NULL) {
                *failed = argument + 1;
                /* what was read before is freed by claims_free */
                return errno;
            }
            to->text.data = out->memory[out->count];
            to->sheet = true;
        } else {
            to->text = (cnn_text){argument, strlen(argument)};
        }
        out->count++;
    }
    return 0;
}

void claims_free(claims *c)
{
    for (int i = 0; i < c->count; i++) {
        free(c->memory[i]);
    }
}
