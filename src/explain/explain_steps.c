/*
 * The working of one layer: which steps are asked for. The layer is resolved once more with a
 * trace, and its steps are collected.
 */
#include "base/arena.h"
#include "explain/steps.h"
#include "net/network.h"

/* What the result of a step is called, and where programs call it otherwise, how they do; a count
 * is called as its quantity. */
static const struct {
    const char *label, *name;
} labels[CNN_STEP_KINDS] = {
    [CNN_STEP_EXTENT] = {.label = "kernel extent"},
    [CNN_STEP_SIDE] = {.label = "side"},
    [CNN_STEP_LAST] = {.label = "last window at"},
    [CNN_STEP_LIMIT] = {.label = "padding at"},
    [CNN_STEP_PAD] = {.label = "padding"},
    [CNN_STEP_PAD_ALL] = {.label = "padding in all"},
    [CNN_STEP_PAD_LOW] = {.label = "padding before"},
    [CNN_STEP_PAD_HIGH] = {.label = "padding after"},
    [CNN_STEP_EXTRA] = {.label = "output padding"},
    [CNN_STEP_CHANNELS] = {.label = "channels"},
    [CNN_STEP_FEATURES] = {.label = "flattened"},
    [CNN_STEP_TAPS] = {.label = "kernel"},
    [CNN_STEP_ROWS] = {.label = "rows"},
    [CNN_STEP_PLACES] = {.label = "places"},
    [CNN_STEP_WEIGHTS] = {.label = "weights"},
    [CNN_STEP_BIASES] = {.label = "biases"},
    [CNN_STEP_STATISTICS] = {.label = "statistics"},
    [CNN_STEP_MACS] = {"MACs", "macs"},
    [CNN_STEP_FLOPS] = {"FLOPs", "flops"},
    [CNN_STEP_FIELD] = {"receptive field", "rf"},
    [CNN_STEP_JUMP] = {.label = "jump"},
    [CNN_STEP_START] = {.label = "start"},
};

static void collect(void *user, const cnn_step *step)
{
    cnn_steps *all = user;
    cnn_step *copy = cnn_arena_push(&all->arena, sizeof *copy);
    all->full = all->full || copy == NULL;
    if (copy != NULL) {
        *copy = *step;
        copy->label = labels[step->quantity].label;
        copy->name = labels[step->quantity].name;
        if (step->quantity == CNN_STEP_COUNT) {
            copy->label = all->of->title;
            copy->name = all->of->name;
        }
        all->count++;
    }
}

bool cnn_explain_wants(const cnn_report *report, const cnn_quantity *what)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        if (report->columns[i].quantity == what && !report->columns[i].share) {
            return true;
        }
    }
    return false;
}

/* Whether the working of a column needs the steps of this quantity: its own, or what it is
 * computed from. */
static bool needs_count(const cnn_report *report, const cnn_quantity *what)
{
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        const cnn_quantity *other = &cnn_quantities[i];
        if ((other == what || cnn_quantity_uses(other, what)) && cnn_explain_wants(report, other)) {
            return true;
        }
    }
    return false;
}

/* The steps that the report's columns ask for. */
static uint32_t steps_wanted(const cnn_report *report)
{
    uint32_t wanted = CNN_STEP_BIT(COUNT); /* told only when they are needed */
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_column *column = &report->columns[i];
        wanted |= column->quantity != NULL && !column->share ? column->quantity->steps : 0;
    }
    return wanted;
}

static bool wants(const cnn_report *report, const char *name)
{
    return cnn_explain_wants(report, cnn_quantity_named(name));
}

/* What a layer does not have is mentioned too, in one line. */
static void put_missing(const cnn_report *report, const cnn_layer *layer, const cnn_steps *all,
                        cnn_working *to)
{
    static const char *const sentences[] = {
        NULL,
        "no MACs",
        "no parameters",
        "no parameters, no MACs",
        "the size stays",
        "the size stays; no MACs",
        "the size stays; no parameters",
        "the size stays; no parameters, no MACs",
    };
    bool sized = false;
    for (int32_t i = 0; i < all->count; i++) {
        sized = sized || all->step[i].quantity <= CNN_STEP_FEATURES;
    }
    const bool same = cnn_shapes_equal(&layer->in, &layer->out);
    const bool params = cnn_steps_find(all, CNN_STEP_WEIGHTS) != NULL ||
                        cnn_steps_find(all, CNN_STEP_BIASES) != NULL;
    const size_t which =
        (size_t)(!sized && same && wants(report, "output")) << 2 |
        (size_t)(!params && wants(report, "params")) << 1 |
        (size_t)(cnn_steps_find(all, CNN_STEP_MACS) == NULL && wants(report, "macs"));
    if (which > 0) {
        cnn_working_note(to, sentences[which]);
    }
}

/* A sentence for a layer of which no column has any working. */
static void put_nothing(const cnn_report *report, const cnn_layer *layer, cnn_working *to)
{
    for (int32_t i = 0; i < report->column_count; i++) {
        const cnn_quantity *what = report->columns[i].quantity;
        if (what != NULL && what->kind == CNN_QUANTITY_PAIR) {
            cnn_working_note(to, layer->op->form == CNN_FORM_JOIN
                                     ? "as of the branch that sees most"
                                     : "a position sees what the one at its place sees");
            return;
        }
        if (what != NULL && what->kind == CNN_QUANTITY_COUNT) {
            cnn_working_note(to, "none");
            return;
        }
    }
}

/* The steps of counts that resolving does not tell. They fit: the columns were summed before. */
static void tell_counts(const cnn_report *report, const cnn_layer *layer, const cnn_trace *trace)
{
    cnn_steps *all = trace->user;
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        int64_t ignored;
        all->of = &cnn_quantities[i];
        if (all->of->count != NULL && needs_count(report, all->of)) {
            (void)all->of->count(layer, &report->numbers, trace, &ignored);
        }
    }
}

/* Collects the steps at the low end of the scratch memory, beside what resolving takes. */
static bool tell_all(const cnn_report *report, int32_t index, bool only_fields, cnn_steps *all,
                     cnn_layer *layer, cnn_error *err)
{
    const cnn_trace trace = {collect, all};
    if (!only_fields) {
        if (cnn_arena_take(&all->arena, (size_t)layer->source_count, sizeof(cnn_shape)) == NULL) {
            return cnn_fail_memory(err);
        }
        /* It was resolved before, and now the memory is there. */
        (void)cnn_layer_resolve_told(layer, report->net->layers, &report->scratch, &trace, err);
        tell_counts(report, layer, &trace);
    }
    if (report->numbers.fields != NULL && report->net->layers[0].out.axes > 0) {
        cnn_layer_field_tell(report->net, index, report->numbers.fields, &trace);
    }
    return true;
}

bool cnn_explain_steps(const cnn_report *report, int32_t index, bool only_fields, cnn_working *to,
                       cnn_error *err)
{
    cnn_steps all = {.arena = report->scratch, .wanted = steps_wanted(report)};
    const int64_t before = cnn_out_columns(to->out);
    cnn_layer layer = report->net->layers[index];
    all.axes = layer.in.axes > 0 ? layer.in.axes : report->net->layers[0].out.axes;
    if (!cnn_arena_align_low(&all.arena)) {
        return cnn_fail_memory(err);
    }
    all.step = (cnn_step *)(void *)all.arena.low;
    if (!tell_all(report, index, only_fields, &all, &layer, err)) {
        return false;
    }
    if (all.full) {
        return cnn_fail_memory(err);
    }
    cnn_steps_write(&all, wants(report, "params"), to);
    if (!only_fields) {
        put_missing(report, &layer, &all, to);
        if (cnn_out_columns(to->out) == before) {
            put_nothing(report, &layer, to);
        }
    }
    cnn_working_close(to);
    return true;
}
