/* Errors and remarks about a list, on standard error. */
#include "complain.h"

#include <string.h>

#include "terminal.h"

/* Ways out that only this program has. */
static void put_advice(const cnn_error *err)
{
    enum { ALWAYS = -1 };
    static const struct {
        const char *id;
        int unless; /* the near word of the error is enough, where it has one */
        const char *advice;
    } advices[] = {
        {"unknown-layer", 1, "--help layers lists every layer"},
        {"unknown-attribute", 2, "--help layers lists what each layer takes"},
        {"unknown-column", 1, "--columns help lists them"},
        {"no-columns", 1, "--columns help lists them"},
        {"unknown-value", 1, "--want gives the target"},
        {"paste-name", ALWAYS, "-D takes it"},
        {"paste-inputs", ALWAYS, "-i takes it, and may be repeated"},
        {"paste-summary", ALWAYS, "as in: cnncalc net.py -k @summary.txt"},
        {"paste-summary-keras", ALWAYS, "as in: cnncalc net.py -k @summary.txt"},
        {"paste-library", ALWAYS, "as in: cnncalc resnet50"},
        {"model-input-open", ALWAYS, "-i takes it, and may be repeated"},
    };
    for (size_t i = 0; i < sizeof advices / sizeof *advices; i++) {
        const int unless = advices[i].unless;
        if (strcmp(cnn_error_id(err), advices[i].id) == 0 &&
            (unless == ALWAYS || err->word[unless].size == 0)) {
            SAY("  ", advices[i].advice, "\n");
        }
    }
}

/* The library tells which text is wrong; here are the texts, and what the user calls them. */
void show_error(const options *o, const list *l, const cnn_error *err)
{
    const bool derived = gradients_wanted(o, &l->gradients);
    const int64_t claim = err->source == CNN_SOURCE_CLAIM && !derived ? err->index : 0;
    const int64_t want = err->source == CNN_SOURCE_WANT ? err->index : 0;
    /* where there are several inputs, the error has the index of the wrong one */
    const bool numbered = l->model != NULL || o->named_inputs > 0;
    const int64_t input = l->input + (numbered && err->source == CNN_SOURCE_INPUT ? err->index : 0);
    const struct {
        cnn_text text;
        const char *name;
    } sources[] = {
        [CNN_SOURCE_LAYERS] = {l->text, l->name},
        [CNN_SOURCE_INPUT] = {o->inputs[input], "--input"},
        [CNN_SOURCE_FILE] = {{0}, l->name},
        [CNN_SOURCE_DEFINE] = {err->index < o->define_count ? o->defines[err->index]
                                                            : (cnn_text){0},
                               "--define"},
        [CNN_SOURCE_COLUMNS] = {o->report.columns, "--columns"},
        [CNN_SOURCE_FORMAT] = {o->report.format, "--format"},
        [CNN_SOURCE_CLAIM] = {derived ? l->gradients.claims : l->claimed.text[claim].text,
                              derived ? l->gradients.claims_name : l->claimed.name[claim]},
        [CNN_SOURCE_VALUES] = {l->gradients.values, l->gradients.values_name},
        [CNN_SOURCE_DTYPE] = {o->report.dtype, "--dtype"},
        [CNN_SOURCE_TRAIN] = {o->report.train, "--train"},
        [CNN_SOURCE_CHECKPOINT] = {o->report.checkpoint, "--checkpoint"},
        [CNN_SOURCE_DEVICE] = {o->report.device, "--device"},
        [CNN_SOURCE_LIKE] = {o->like, "--like"},
        [CNN_SOURCE_LOSS] = {o->loss, "--loss"},
        [CNN_SOURCE_WANT] = {o->wants[want], "--want"},
        [CNN_SOURCE_FROM] = {o->from, "--from"},
        [CNN_SOURCE_MODEL] = {o->model, "--model"},
    };
    const char *name = sources[err->source].name;
    cnn_writer to = {stream_write, messages};
    SAY(terminal_begin("cnncalc"), "cnncalc:", terminal_end(), " ");
    if (name != NULL) {
        cnn_error_write(err, sources[err->source].text, (cnn_text){name, strlen(name)}, &to);
    } else { /* a text that the user did not write has no place to show */
        cnn_error_write_line(err, &to);
        SAY("\n");
    }
    put_advice(err);
}

bool write_remark(void *user, const char *data, size_t size)
{
    prefix *before = user;
    if (before->quiet) {
        return true;
    }
    /* the prefix goes before the first byte of every line, however the library cuts its writes */
    for (size_t i = 0; i < size; i++) {
        if (!before->begun) {
            SAY(terminal_begin(before->word), before->word, ":", terminal_end(), " ");
            if (before->name != NULL) {
                SAY(before->name, ": ");
            }
        }
        before->begun = data[i] != '\n';
        stream_write(messages, &data[i], 1);
    }
    return true;
}
