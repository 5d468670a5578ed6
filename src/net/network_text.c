/* The whole network as a list again: flat, but for the branches of joins. */
#include "base/arena.h"
#include "base/shape_text.h"
#include "net/layer_text.h"
#include "net/network_dag.h"
#include "ops/op.h"

/* What is known of a layer before its text is written. */
typedef struct mark {
    int32_t join;   /* the outermost join whose first layer this is; 0: none */
    int32_t inside; /* of a join: the next inner one with the same first layer; 0: none */
    bool labelled;  /* a branch begins with its output, or its weights are used again */
} mark;

typedef struct printer {
    const cnn_network *net;
    const mark *marks;
    bool frozen; /* inside frozen(...) */
    cnn_out out;
} printer;

/* The value with which a branch begins unless a tap changes that. */
static int32_t branch_entry(const cnn_layer *join, const cnn_branch *branch)
{
    return join->op->splits ? branch->first : branch->entry;
}

static int32_t branch_count(const cnn_layer *join)
{
    return join->op->form == CNN_FORM_AUX ? 1 : join->source_count;
}

/* NULL: no memory. */
static const mark *make_marks(const cnn_network *net, cnn_arena *scratch)
{
    mark *marks = CNN_NEW_ARRAY(scratch, mark, net->layer_count);
    for (int32_t i = 0; marks != NULL && i < net->layer_count; i++) {
        const cnn_layer *layer = &net->layers[i];
        if (layer->weights_of > 0) {
            marks[layer->weights_of].labelled = true;
        }
        if (layer->branches == NULL) {
            continue;
        }
        const int32_t first = layer->branches[0].first;
        if (first < i) {
            /* inner joins come first in the array: the last that is marked is the outermost */
            marks[i].inside = marks[first].join;
            marks[first].join = i;
        }
        for (int32_t k = 0; k < branch_count(layer); k++) {
            const cnn_branch *branch = &layer->branches[k];
            if (branch->start != branch_entry(layer, branch)) {
                marks[branch->start].labelled = true;
            }
        }
    }
    return marks;
}

/* The label of a layer's output; taps and their layers agree on it. */
static void put_label(printer *pr, int32_t index)
{
    if (index < pr->net->input_count) {
        const cnn_text name = pr->net->layers[index].label;
        cnn_out_text(&pr->out, name.size > 0 ? name : cnn_text_of("input"));
    } else {
        cnn_out_char(&pr->out, 'n');
        cnn_out_int(&pr->out, index);
    }
}

static void put_series(printer *pr, int32_t first, int32_t end, const char *separator, bool begun);

static void put_branch(printer *pr, const cnn_layer *join, const cnn_branch *branch)
{
    const bool tap = branch->start != branch_entry(join, branch);
    if (tap) {
        cnn_out_char(&pr->out, '@');
        put_label(pr, branch->start);
    }
    put_series(pr, branch->first, branch->end, ", ", tap);
}

static void put_join(printer *pr, const cnn_layer *join)
{
    const int32_t branches = branch_count(join);
    cnn_out_string(&pr->out, join->op->name);
    cnn_out_char(&pr->out, '(');
    for (int32_t i = 0; i < branches; i++) {
        cnn_out_string(&pr->out, i > 0 ? " | " : "");
        put_branch(pr, join, &join->branches[i]);
    }
    cnn_out_char(&pr->out, ')');
}

/* A layer, join or use of weights, with a label where another item names it. */
static void put_item(printer *pr, int32_t index, bool part)
{
    const cnn_layer *layer = &pr->net->layers[index];
    if (pr->marks[index].labelled) {
        put_label(pr, index);
        cnn_out_string(&pr->out, ": ");
    }
    if (part) {
        cnn_out_string(&pr->out, "0*id");
    } else if (layer->branches != NULL) {
        put_join(pr, layer);
    } else if (layer->weights_of > 0) {
        cnn_out_string(&pr->out, "reuse(");
        put_label(pr, layer->weights_of);
        cnn_out_char(&pr->out, ')');
    } else {
        cnn_out_layer(&pr->out, layer);
    }
}

/* The layers [first, end): each by itself, or a join with all that lies in its branches. */
static void put_series(printer *pr, int32_t first, int32_t end, const char *separator, bool begun)
{
    const cnn_layer *layers = pr->net->layers;
    const bool around = pr->frozen; /* the whole series is */
    for (int32_t i = first; i < end; i++) {
        int32_t join = pr->marks[i].join;
        /* of nested joins with the same first layer, the outermost that is a part of this series */
        while (join >= end) {
            join = pr->marks[join].inside;
        }
        i = join > 0 ? join : i;
        const cnn_layer *layer = &layers[i];
        const bool part = layer->op->form == CNN_FORM_INNER;
        if (part && !pr->marks[i].labelled) {
            continue; /* the split itself makes it */
        }
        if (pr->frozen && !around && !layer->frozen) {
            cnn_out_char(&pr->out, ')');
            pr->frozen = false;
        }
        cnn_out_string(&pr->out, !begun ? "" : pr->frozen ? ", " : separator);
        begun = true;
        /* neighbours that are frozen share one frozen(...) */
        if (layer->frozen && !pr->frozen) {
            cnn_out_string(&pr->out, "frozen(");
            pr->frozen = true;
        }
        put_item(pr, i, part);
    }
    if (pr->frozen && !around) {
        cnn_out_char(&pr->out, ')');
        pr->frozen = false;
    }
    if (!begun) {
        cnn_out_string(&pr->out, "0*id"); /* a list may not be empty */
    }
}

bool cnn_network_write(const cnn_network *net, cnn_arena scratch, cnn_writer *to, cnn_error *err)
{
    printer pr = {.net = net, .marks = make_marks(net, &scratch)};
    if (pr.marks == NULL) {
        return cnn_fail_memory(err);
    }
    cnn_out_open(&pr.out, to);
    /* a graph of values, as of code or a model: it is not made of branches yet */
    if (!net->nested) {
        const bool done = cnn_out_graph(&pr.out, net, scratch, err);
        return cnn_out_close(&pr.out) ? done : cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
    }
    for (int32_t i = 0; i < net->input_count; i++) {
        cnn_out_input(&pr.out, net->layers[i].label, &net->layers[i].out);
    }
    put_series(&pr, net->input_count, net->layer_count, "\n", false);
    cnn_out_char(&pr.out, '\n');
    return cnn_out_close(&pr.out) || cnn_fail(err, CNN_WRITE_FAILED, (cnn_span){0, 0});
}
