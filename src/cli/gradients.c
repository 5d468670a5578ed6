/* Gradients on the command line. */
#include "gradients.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"

/* Appends a text and a line end. */
static bool append(gradients *g, const char *data, size_t size)
{
    char *grown = realloc(g->memory[1], g->claims.size + size + 1);
    if (grown == NULL) {
        errno = ENOMEM;
        return false;
    }
    memcpy(grown + g->claims.size, data, size);
    grown[g->claims.size + size] = '\n';
    g->memory[1] = grown;
    g->claims = (cnn_text){grown, g->claims.size + size + 1};
    return true;
}

bool gradients_load(const options *o, const claims *claimed, gradients *out)
{
    *out = (gradients){.values_name = o->values, .claims_name = "--check", .failed = "--check"};
    for (int i = 0; i < claimed->count; i++) {
        if (!append(out, claimed->text[i].text.data, claimed->text[i].text.size)) {
            return false;
        }
    }
    /* one claim, or one sheet, gives its name to errors; several are joined into one text */
    if (claimed->count == 1) {
        out->claims_name = claimed->name[0];
    }
    if (o->values != NULL) {
        out->failed = o->values;
        out->memory[0] = read_file(o->values, &out->values.size);
        out->values.data = out->memory[0];
        if (out->memory[0] != NULL && out->values.size == 0) {
            out->values = (cnn_text){" ", 1}; /* no values at all would be random ones */
        }
    }
    return o->values == NULL || out->memory[0] != NULL;
}

void gradients_free(gradients *g)
{
    free(g->memory[0]);
    free(g->memory[1]);
}

bool gradients_wanted(const options *o, const gradients *g)
{
    return (o->asked & FOR(GRADIENTS)) != 0 || cnn_gradient_claimed(g->claims);
}

bool gradients_write(const options *o, const gradients *g, const cnn_network *net, cnn_arena arena,
                     cnn_writer *to, bool *wrong, cnn_error *err)
{
    const cnn_gradient_options choice = {
        .format = o->report.format, .loss = o->loss, .values = g->values, .seed = o->seed};
    if (o->check_count > 0) {
        int32_t count = 0;
        const bool done = cnn_gradient_check(net, &choice, g->claims, arena, to, &count, err);
        *wrong = count > 0;
        return done;
    }
    /* with numbers they are computed, without any the formulas are derived */
    return (o->values != NULL || o->random ? cnn_gradient_compute
                                           : cnn_gradient_derive)(net, &choice, arena, to, err);
}
