/* The whole network as a list again: flat, but for the branches of joins. */
#include "net/layer_text.h"
#include "ops/op.h"

typedef struct printer {
    const cnn_network *net;
    cnn_out out;
} printer;

/* The label that stands for a layer's output; taps and their layers agree on it. */
static void put_label(printer *pr, int32_t index)
{
    if (index == 0) {
        cnn_out_string(&pr->out, "input");
    } else {
        cnn_out_char(&pr->out, 'n');
        cnn_out_int(&pr->out, index);
    }
}

static void put_series(printer *pr, int32_t first, int32_t end, const char *separator, bool begun);

static void put_branch(printer *pr, const cnn_branch *branch, bool splits)
{
    const int32_t entry = splits ? branch->first : branch->entry;
    const bool tap = branch->start != entry;
    if (tap) {
        cnn_out_char(&pr->out, '@');
        put_label(pr, branch->start);
    }
    put_series(pr, branch->first, branch->end, ", ", tap);
}

static void put_join(printer *pr, const cnn_layer *join)
{
    const int32_t branches = join->op->form == CNN_FORM_AUX ? 1 : join->source_count;
    cnn_out_string(&pr->out, join->op->name);
    cnn_out_char(&pr->out, '(');
    for (int32_t i = 0; i < branches; i++) {
        cnn_out_string(&pr->out, i > 0 ? " | " : "");
        put_branch(pr, &join->branches[i], join->op->splits);
    }
    cnn_out_char(&pr->out, ')');
}

/* The layers [first, end): each by itself, or a join with all that lies in its branches. */
static void put_series(printer *pr, int32_t first, int32_t end, const char *separator, bool begun)
{
    const cnn_layer *layers = pr->net->layers;
    for (int32_t i = first; i < end; i++) {
        int32_t join = layers[i].join_here;
        while (join >= end) {
            join = layers[join].join_inside;
        }
        const cnn_layer *layer = &layers[join > 0 ? join : i];
        const bool part = layer->op->form == CNN_FORM_INNER;
        i = join > 0 ? join : i;
        if (part && !layer->tapped) {
            continue; /* the split itself makes it */
        }
        cnn_out_string(&pr->out, begun ? separator : "");
        begun = true;
        if (layer->tapped) {
            put_label(pr, i);
            cnn_out_string(&pr->out, ": ");
        }
        if (part) {
            cnn_out_string(&pr->out, "0*id");
        } else if (layer->branches != NULL) {
            put_join(pr, layer);
        } else {
            cnn_out_layer(&pr->out, layer);
        }
    }
    if (!begun) {
        cnn_out_string(&pr->out, "0*id"); /* a list may not be empty */
    }
}

bool cnn_network_write(const cnn_network *net, cnn_writer *to)
{
    const cnn_shape *input = &net->layers[0].out;
    printer pr = {.net = net};
    cnn_out_open(&pr.out, to);
    cnn_out_string(&pr.out, input->axes == 0 ? "input vector " : "input ");
    cnn_out_shape(&pr.out, input);
    cnn_out_char(&pr.out, '\n');
    put_series(&pr, 1, net->layer_count, "\n", false);
    cnn_out_char(&pr.out, '\n');
    return cnn_out_close(&pr.out);
}
