/*
 * Any graph of values as a list. In a list each layer reads the value in hand; only a branch may
 * begin elsewhere, with a tap. So a value is reached from an earlier one, its ancestor, along the
 * chain of dominators.
 *
 * The list is made twice: first only to find out which values need labels, then to be written.
 */
#include "net/network_dag.h"

#include "base/arena.h"
#include "base/names.h"
#include "base/shape_text.h"
#include "net/dominators.h"
#include "net/layer_text.h"
#include "ops/op.h"

enum { DEEPEST = 1000 }; /* joins whose sources lead through one another */

typedef struct value {
    bool written;
    bool labelled;
    bool named;     /* its own label can be used */
    bool shared;    /* its weights are used again */
    cnn_node first; /* the first layer written that uses them; 0: none is */
} value;

typedef struct printer {
    cnn_out *out;
    const cnn_network *net;
    value *values;
    cnn_dominated *above;
    cnn_node *stack; /* the chains that are being written */
    int32_t used;
    int32_t depth;
    bool dry;   /* only labels are found out */
    bool begun; /* an item was written in this series */
    bool noted; /* work that does not lead to the output was told */
    const char *separator;
} printer;

static void put(printer *pr, const char *text)
{
    if (!pr->dry) {
        cnn_out_string(pr->out, text);
    }
}

/* Names that a list reads otherwise than as a label. */
static bool is_taken(cnn_text label)
{
    static const char *const words[] = {"input", "vector", "1d",   "2d",  "3d",
                                        "rgb",   "gray",   "grey", "mono"};
    bool taken = label.size == 0 || label.data[0] == 'n' || cnn_is_digit(label.data[0]);
    for (size_t i = 0; i < CNN_LENGTH(words); i++) {
        taken = taken || cnn_text_is(label, words[i]);
    }
    for (size_t i = 0; i < label.size; i++) {
        const char c = label.data[i];
        taken = taken || !(cnn_is_letter(c) || cnn_is_digit(c) || c == '_' || c == '.');
    }
    return taken;
}

/* Which values keep their own label: the first of each that a list can read. */
static bool name_values(printer *pr, cnn_arena *scratch)
{
    cnn_names names = {0};
    for (cnn_node v = 0; v < pr->net->layer_count; v++) {
        const cnn_text label = pr->net->layers[v].label;
        if (is_taken(label) || cnn_names_find(&names, label) != NULL) {
            continue;
        }
        if (cnn_names_add(&names, label, scratch) == NULL) {
            return false;
        }
        pr->values[v].named = true;
    }
    return true;
}

static void put_label(const printer *pr, cnn_node v)
{
    if (v == 0 && pr->net->input_count == 1) {
        cnn_out_string(pr->out, "input");
    } else if (pr->values[v].named) {
        cnn_out_text(pr->out, pr->net->layers[v].label);
    } else {
        cnn_out_char(pr->out, 'n');
        cnn_out_int(pr->out, v);
    }
}

/* What pasted code calls the layer, where the line has nothing after it. */
static void put_name(const printer *pr, cnn_node v)
{
    const cnn_text name = pr->net->layers[v].label;
    bool plain = name.size > 0;
    for (size_t i = 0; i < name.size; i++) {
        plain = plain && name.data[i] > ' ' && name.data[i] <= '~';
    }
    const bool line = pr->separator[0] == '\n' && pr->net->pasted != NULL && !pr->dry;
    if (plain && line && !(pr->values[v].labelled && pr->values[v].named)) {
        cnn_out_string(pr->out, "  # ");
        cnn_out_text(pr->out, name);
    }
}

/* What precedes an item of a series. */
static void begin_item(printer *pr)
{
    put(pr, pr->begun ? pr->separator : "");
    pr->begun = true;
}

static void put_label_of(printer *pr, cnn_node v, const char *sign)
{
    if (!pr->dry) {
        put_label(pr, v);
        cnn_out_string(pr->out, sign);
    }
}

static void put_tap(printer *pr, cnn_node v)
{
    begin_item(pr);
    pr->values[v].labelled = true;
    put(pr, "@");
    put_label_of(pr, v, "");
}

static bool put_chain(printer *pr, cnn_node hand, cnn_node v);

/* One branch: a separate series that ends with `v`, where `hand` enters. */
static bool put_branch(printer *pr, cnn_node hand, cnn_node v, bool first)
{
    const bool begun = pr->begun;
    const char *separator = pr->separator;
    put(pr, first ? "" : " | ");
    pr->begun = false;
    pr->separator = ", ";
    const bool done = put_chain(pr, hand, v);
    if (!pr->begun) {
        put(pr, "id");
    }
    pr->begun = begun;
    pr->separator = separator;
    return done;
}

/* The latest of the sources, which all others can be taken from. */
static cnn_node last_source(const cnn_layer *join)
{
    cnn_node last = join->sources[0];
    for (int32_t i = 1; i < join->source_count; i++) {
        last = join->sources[i] > last ? join->sources[i] : last;
    }
    return last;
}

static bool put_join(printer *pr, cnn_node hand, cnn_node v)
{
    const cnn_layer *join = &pr->net->layers[v];
    if (pr->above[v].joins > CNN_NESTED) { /* its longest branch becomes part of the series */
        const cnn_node last = last_source(join);
        if (!put_chain(pr, hand, last)) {
            return false;
        }
        hand = last;
    }
    begin_item(pr);
    if (pr->values[v].labelled) {
        put_label_of(pr, v, ": ");
    }
    put(pr, join->op->name);
    put(pr, "(");
    for (int32_t i = 0; i < join->source_count; i++) {
        if (!put_branch(pr, hand, join->sources[i], i == 0)) {
            return false;
        }
    }
    put(pr, ")");
    return true;
}

/* A layer by itself. Of those that share weights the first one written has the label that the
 * others name: it need not be the first one of the network. */
static void put_one(printer *pr, cnn_node v)
{
    const cnn_layer *layer = &pr->net->layers[v];
    value *owner = &pr->values[layer->weights_of > 0 ? layer->weights_of : v];
    const bool frozen = layer->frozen && (cnn_layer_has_weights(layer) || layer->weights_of > 0);
    if (owner->shared && owner->first == 0) {
        owner->first = v;
        pr->values[v].labelled = true;
    }
    if (pr->values[v].labelled) {
        put_label_of(pr, v, ": ");
    }
    if (pr->dry) {
        return;
    }
    if (owner->shared && owner->first != v) {
        cnn_out_string(pr->out, "reuse(");
        put_label_of(pr, owner->first, ")");
        return;
    }
    cnn_out_string(pr->out, frozen ? "frozen(" : "");
    cnn_out_layer(pr->out, layer);
    cnn_out_string(pr->out, frozen ? ")" : "");
}

/* resize and crop to the size of another value, which is written by its numbers. */
static bool put_layer(printer *pr, cnn_node hand, cnn_node v)
{
    const cnn_layer *layer = &pr->net->layers[v];
    if (layer->op->form == CNN_FORM_JOIN) {
        return put_join(pr, hand, v);
    }
    if (layer->source_count > 1 && hand != layer->sources[0] &&
        !put_chain(pr, hand, layer->sources[0])) {
        return false;
    }
    begin_item(pr);
    put_one(pr, v);
    put_name(pr, v);
    return true;
}

/* The items that lead from the value in hand to `v`. Where one on the way is written already, the
 * series begins with a tap of the last such value; that can only happen where a branch begins. */
static bool put_chain(printer *pr, cnn_node hand, cnn_node v)
{
    if (pr->depth == DEEPEST) {
        return false;
    }
    pr->depth++;
    const int32_t from = pr->used;
    cnn_node start = v;
    for (; start != hand && start != CNN_ROOT && !pr->values[start].written;
         start = pr->above[start].by) {
        pr->stack[pr->used++] = start;
    }
    if (start != hand && start != CNN_ROOT) {
        put_tap(pr, start);
        hand = start;
    }
    bool done = true;
    for (int32_t i = pr->used - 1; done && i >= from; i--) {
        const cnn_node next = pr->stack[i];
        done = put_layer(pr, hand, next);
        pr->values[next].written = true;
        hand = next;
    }
    pr->used = from;
    pr->depth--;
    return done;
}

/* A list leaves out the MACs of heads; a network that computes them all the same does not. */
static void note_work(printer *pr)
{
    if (pr->dry || pr->noted) {
        return;
    }
    int64_t macs = 0;
    for (cnn_node i = pr->net->input_count; i < pr->net->layer_count; i++) {
        macs += !pr->values[i].written && !pr->net->layers[i].aux ? pr->net->layers[i].macs : 0;
    }
    pr->noted = true;
    if (macs == 0) {
        return;
    }
    cnn_out_string(pr->out, "# ");
    cnn_out_int(pr->out, macs);
    cnn_out_string(pr->out, " MACs do not lead to the output; those of aux(...) are not counted\n");
}

/* Layers that do not lead to the output are auxiliary heads; the last one of each is asked for. */
static bool put_heads(printer *pr)
{
    bool done = true;
    for (cnn_node v = pr->net->layer_count - 1; done && v >= pr->net->input_count; v--) {
        if (pr->values[v].written) {
            continue;
        }
        begin_item(pr);
        note_work(pr);
        put(pr, "aux(");
        done = put_branch(pr, pr->net->output, v, true);
        put(pr, ")");
    }
    return done;
}

/* The input with which the list begins: the one that dominates the output, or else the first. */
static cnn_node first_input(const printer *pr)
{
    cnn_node v = pr->net->output;
    while (pr->above[v].by != CNN_ROOT) {
        v = pr->above[v].by;
    }
    return v < pr->net->input_count ? v : 0;
}

/* A list with one input does not name it. */
static void put_input(const printer *pr, cnn_node v)
{
    cnn_out label;
    cnn_out_open(&label, NULL);
    put_label(&(printer){.out = &label, .net = pr->net, .values = pr->values}, v);
    const size_t size = pr->net->input_count == 1 ? 0 : label.used;
    cnn_out_input(pr->out, (cnn_text){label.buffer, size}, &pr->net->layers[v].out);
}

static void put_inputs(const printer *pr)
{
    const cnn_node first = first_input(pr);
    put_input(pr, first);
    for (cnn_node v = 0; v < pr->net->input_count; v++) {
        if (v != first) {
            put_input(pr, v);
        }
    }
}

static bool put_all(printer *pr)
{
    for (cnn_node v = 0; v < pr->net->layer_count; v++) {
        pr->values[v].written = v < pr->net->input_count;
    }
    pr->begun = false;
    pr->separator = "\n";
    const bool done = put_chain(pr, first_input(pr), pr->net->output) && put_heads(pr);
    if (!pr->begun) {
        put(pr, "0*id"); /* a list may not be empty */
    }
    put(pr, "\n");
    return done;
}

/* Labels that a later item needs are found by the dry run, and written by the second one. */
bool cnn_out_graph(cnn_out *out, const cnn_network *net, cnn_arena scratch, cnn_error *err)
{
    printer pr = {.out = out, .net = net, .dry = true};
    pr.values = CNN_NEW_ARRAY(&scratch, value, net->layer_count);
    pr.above = CNN_NEW_ARRAY(&scratch, cnn_dominated, net->layer_count);
    pr.stack = CNN_NEW_ARRAY(&scratch, cnn_node, (int64_t)net->layer_count + 1);
    if (pr.values == NULL || pr.above == NULL || pr.stack == NULL || !name_values(&pr, &scratch)) {
        return cnn_fail_memory(err);
    }
    for (cnn_node v = 0; v < net->layer_count; v++) {
        if (net->layers[v].weights_of > 0) {
            pr.values[net->layers[v].weights_of].shared = true;
        }
    }
    if (!cnn_find_dominators(net, pr.above) || !put_all(&pr)) {
        return cnn_fail_numbers(err, CNN_E_NESTING, (cnn_span){0, 0}, DEEPEST, 0);
    }
    pr.dry = false;
    put_inputs(&pr);
    return put_all(&pr);
}
