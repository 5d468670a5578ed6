/* From the command line to a list or a model file. */
#include "operand.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "terminal.h"

int fail_io(const char *what, const char *name, int failure)
{
    const char *shown = strcmp(name, "-") == 0 ? "standard input" : name;
    SAY(terminal_begin("cnncalc"), "cnncalc:", terminal_end(), " ", what, " ", shown, ": ",
        strerror(failure), "\n");
    return FAILED_IO;
}

static int fail_file(const char *operand, int failure)
{
    const cnn_text near = cnn_example_nearest((cnn_text){operand, strlen(operand)});
    fail_io("cannot read", operand, failure);
    if (failure == ENOENT && near.size > 0) {
        SAY("  did you mean the built-in network ");
        stream_write(messages, near.data, near.size);
        SAY("?\n");
    } else if (failure == ENOENT) {
        SAY("  cnncalc --list names the built-in networks\n");
    }
    return FAILED_IO;
}

/* Several --layers are one list with commas between. */
static bool join_layers(const options *o, list *out)
{
    size_t size = 0;
    for (int i = 0; i < o->layer_parts; i++) {
        size += strlen(o->layers[i]) + 1;
    }
    char *text = malloc(size);
    if (text == NULL) {
        return false;
    }
    out->text = (cnn_text){text, size - 1};
    out->name = "--layers";
    out->memory = text;
    for (int i = 0; i < o->layer_parts; i++) {
        const size_t length = strlen(o->layers[i]);
        memcpy(text, o->layers[i], length);
        text[length] = ',';
        text += length + 1;
    }
    return true;
}

/* Opened and closed again: only so it is known that a file can be read. */
bool operand_known(const char *operand)
{
    if (cnn_example_find((cnn_text){operand, strlen(operand)}) != NULL ||
        strcmp(operand, "-") == 0) {
        return true;
    }
    const int fd = open_input(operand);
    if (fd >= 0) {
        (void)close(fd); /* nothing was written to it */
    }
    return fd >= 0;
}

/* In this order --layers, a built-in network, a file: "./vgg16" is a file of that name. */
static int load(const options *o, const char *operand, list *out)
{
    if (o->layer_parts == 1) {
        out->text = (cnn_text){o->layers[0], strlen(o->layers[0])};
        out->name = "--layers";
        return FINE;
    }
    if (o->layer_parts > 1) {
        return join_layers(o, out) ? FINE : fail_io("cannot join", "--layers", ENOMEM);
    }
    const cnn_example *network = cnn_example_find((cnn_text){operand, strlen(operand)});
    if (network != NULL) {
        out->text = network->text;
        out->name = network->name;
        out->builtin = true;
        return FINE;
    }
    out->name = strcmp(operand, "-") == 0 ? "standard input" : operand;
    if (!source_open(&out->file, operand)) {
        return fail_file(out->name, errno);
    }
    /* a model is read piece by piece while it is worked on; a list is read as a whole */
    if (cnn_model_begins((cnn_text){out->file.head, out->file.size})) {
        out->model = &out->file;
        return FINE;
    }
    out->memory = source_rest(&out->file, &out->text.size);
    out->text.data = out->memory;
    const int failure = out->memory == NULL ? errno : source_close(&out->file) ? 0 : errno;
    return failure == 0 ? FINE : fail_file(out->name, failure);
}

int list_load(const options *o, const char *operand, list *out)
{
    const int status = load(o, operand, out);
    /* --from means that it is; else the text is looked at, unless it is one of our own lists */
    out->pasted = status == FINE && out->model == NULL &&
                  (o->from.size > 0 || (!out->builtin && cnn_paste_recognise(out->text)));
    return status;
}

cnn_settings list_settings(const options *o, const list *l)
{
    const bool named = o->named_inputs > 0;
    return (cnn_settings){.input = named ? (cnn_text){0} : o->inputs[l->input],
                          /* inputs with names go together; without, each is a size to try */
                          .inputs = o->inputs,
                          .input_count = named ? o->input_count : 0,
                          .defines = o->defines,
                          .define_count = o->define_count,
                          .from = o->from,
                          .model = o->model};
}

bool list_read(const options *o, const list *l, cnn_arena *arena, cnn_network *net, cnn_error *err)
{
    const cnn_settings settings = list_settings(o, l);
    return (l->pasted ? cnn_paste_read : cnn_network_read)(arena, l->text, &settings, net, err);
}
