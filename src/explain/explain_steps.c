/*
 * The working of one layer. The layer is resolved once more with a trace; its steps are collected
 * and written as lines: equal ones of height and width as one, summands of a sum side by side.
 */
#include <string.h>

#include "base/arena.h"
#include "explain/explain.h"
#include "net/network.h"

/* What the result of a step is called; a count is called as its quantity. */
static const char *const labels[CNN_STEP_KINDS] = {
    [CNN_STEP_EXTENT] = "kernel extent",
    [CNN_STEP_LAST] = "last window at",
    [CNN_STEP_LIMIT] = "padding at",
    [CNN_STEP_PAD] = "padding",
    [CNN_STEP_PAD_ALL] = "padding in all",
    [CNN_STEP_PAD_LOW] = "padding before",
    [CNN_STEP_PAD_HIGH] = "padding after",
    [CNN_STEP_EXTRA] = "output padding",
    [CNN_STEP_CHANNELS] = "channels",
    [CNN_STEP_FEATURES] = "flattened",
    [CNN_STEP_TAPS] = "kernel",
    [CNN_STEP_ROWS] = "rows",
    [CNN_STEP_PLACES] = "places",
    [CNN_STEP_WEIGHTS] = "weights",
    [CNN_STEP_BIASES] = "biases",
    [CNN_STEP_STATISTICS] = "statistics",
    [CNN_STEP_MACS] = "MACs",
    [CNN_STEP_FLOPS] = "FLOPs",
    [CNN_STEP_FIELD] = "receptive field",
    [CNN_STEP_JUMP] = "jump",
    [CNN_STEP_START] = "start",
};

typedef struct steps {
    cnn_arena arena; /* the steps grow at its low end */
    cnn_step *step;
    int32_t count;
    bool full;
    int32_t axes;           /* of the map that enters */
    bool square[2];         /* all sides are worked alike: sizes, receptive fields */
    const cnn_quantity *of; /* whose count tells its steps now */
    uint32_t wanted;        /* a bit for each kind of step that a column asks for */
} steps;

static void collect(void *user, const cnn_step *step)
{
    steps *all = user;
    cnn_step *copy = cnn_arena_push(&all->arena, sizeof *copy);
    all->full = all->full || copy == NULL;
    if (copy != NULL) {
        *copy = *step;
        copy->label = step->quantity == CNN_STEP_COUNT ? all->of->title : labels[step->quantity];
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

/* ---- one line ---- */

/* Whether two steps make up one line: they join, and are of the same quantity and axis. */
static bool share_line(const cnn_step *a, const cnn_step *b)
{
    return a->joining != CNN_ALONE && a->joining == b->joining && a->quantity == b->quantity &&
           a->axis == b->axis && a->label == b->label;
}

/* The next step of a line; -1: there is none. */
static int32_t next_of_line(const steps *all, int32_t at)
{
    for (int32_t i = at + 1; all->step[at].joining != CNN_ALONE && i < all->count; i++) {
        if (share_line(&all->step[at], &all->step[i])) {
            return i;
        }
    }
    return -1;
}

static void put_terms(cnn_working *to, const steps *all, int32_t at, cnn_formula_form form)
{
    const bool largest = all->step[at].joining == CNN_LARGEST;
    const bool several = next_of_line(all, at) >= 0;
    cnn_out_string(to->out, largest ? (form.tex ? "\\max(" : "max(") : "");
    for (int32_t i = at; i >= 0; i = next_of_line(all, i)) {
        cnn_out_string(to->out, i == at ? "" : largest ? ", " : " + ");
        form.index += several && !form.numbers;
        cnn_out_formula(to->out, &all->step[i], form);
    }
    cnn_out_string(to->out, largest ? ")" : "");
}

static void put_equation(cnn_working *to, int64_t num, int64_t den)
{
    cnn_out_string(to->out, " = ");
    cnn_out_number(to->out, num, den, to->style->tex);
    cnn_working_put(to, to->style->numbers_end);
}

static void put_line(cnn_working *to, const steps *all, int32_t at, bool square)
{
    const cnn_step *step = &all->step[at];
    static const struct {
        const char *name, *suffix;
        char letter;
    } sides[] = {
        {"side", "", 'W'}, {"width", " W", 'W'}, {"height", " H", 'H'}, {"depth", " D", 'D'}};
    const int32_t from_last = square || step->axis == 0 ? 0 : all->axes - step->axis + 1;
    const bool side = step->quantity == CNN_STEP_SIDE;
    cnn_formula_form form = {.tex = to->style->tex, .side = sides[from_last].letter};
    cnn_working_label(to, side ? sides[from_last].name : step->label,
                      side ? "" : sides[from_last].suffix);
    put_terms(to, all, at, form);
    cnn_out_string(to->out, to->style->numbers_begin);
    form.numbers = true;
    put_terms(to, all, at, form);
    for (int32_t i = at; i >= 0; i = next_of_line(all, i)) {
        step = &all->step[i];
    }
    put_equation(to, step->result, step->result_over);
}

/* Then the results are the same too. Where only one of them is dilated, the steps before differ. */
static bool same_numbers(const cnn_step *a, const cnn_step *b)
{
    return strcmp(a->formula, b->formula) == 0 &&
           memcmp(a->value, b->value, sizeof a->value) == 0 &&
           memcmp(a->over, b->over, sizeof a->over) == 0;
}

/* Weights + biases; a norm's are C + C, which everybody writes as 2C. */
static void put_params(cnn_working *to, const cnn_step *weights, const cnn_step *biases)
{
    const bool twice = weights != NULL && biases != NULL && same_numbers(weights, biases);
    cnn_formula_form form = {.tex = to->style->tex};
    cnn_working_label(to, "params", "");
    for (int32_t pass = 0; pass < 2; pass++) {
        cnn_out_string(to->out, pass == 0 ? "" : to->style->numbers_begin);
        form.numbers = pass == 1;
        cnn_out_string(to->out, !twice ? "" : form.tex ? "2 \\cdot " : "2*");
        if (weights != NULL) {
            cnn_out_formula(to->out, weights, form);
        }
        if (biases != NULL && !twice) {
            cnn_out_string(to->out, weights != NULL ? " + " : "");
            cnn_out_formula(to->out, biases, form);
        }
    }
    put_equation(
        to, (weights != NULL ? weights->result : 0) + (biases != NULL ? biases->result : 0), 1);
}

/* ---- the lines of a layer ---- */

/* The first step of a quantity; a note about it stands after its formula. */
static const cnn_step *find(const steps *all, cnn_step_kind quantity, int32_t from)
{
    for (int32_t i = from; i < all->count; i++) {
        if (all->step[i].quantity == quantity) {
            return &all->step[i];
        }
    }
    return NULL;
}

/* The next step of an axis; sizes and receptive fields are looked at apart from one another. */
static const cnn_step *next_of_axis(const cnn_step *step, const cnn_step *end, bool field,
                                    int32_t axis)
{
    while (step < end && (step->axis != axis || (step->quantity >= CNN_STEP_FIELD) != field)) {
        step++;
    }
    return step;
}

/* Whether all sizes, or all fields, are the same for the first axis and this one. */
static bool is_alike(const steps *all, bool field, int32_t axis)
{
    const cnn_step *const end = all->step + all->count;
    const cnn_step *high = all->step, *wide = all->step;
    for (;; high++, wide++) {
        high = next_of_axis(high, end, field, 1);
        wide = next_of_axis(wide, end, field, axis);
        if (high == end || wide == end) {
            return high == wide;
        }
        if (high->quantity != wide->quantity || !same_numbers(high, wide)) {
            return false;
        }
    }
}

static bool is_square(const steps *all, bool field)
{
    bool square = true;
    for (int32_t axis = 2; axis <= all->axes; axis++) {
        square = square && is_alike(all, field, axis);
    }
    return square;
}

/* Whether an earlier step's line has this one in it. */
static bool is_joined(const steps *all, int32_t at)
{
    for (int32_t i = at - 1; all->step[at].joining != CNN_ALONE && i >= 0; i--) {
        if (share_line(&all->step[i], &all->step[at])) {
            return true;
        }
    }
    return false;
}

static void put_step(cnn_working *to, const steps *all, int32_t at)
{
    const cnn_step *step = &all->step[at];
    if ((all->wanted >> step->quantity & 1) == 0 || is_joined(all, at)) {
        return;
    }
    const bool square = all->square[step->quantity >= CNN_STEP_FIELD];
    if (square && step->axis >= 2) {
        return;
    }
    if (step->formula != NULL) {
        put_line(to, all, at, square);
    }
    if (step->note != NULL) {
        cnn_working_note(to, step->note);
    }
}

/* What a layer does not have is said too, in one line. */
static void put_missing(const cnn_report *report, const cnn_layer *layer, const steps *all,
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
    const bool params =
        find(all, CNN_STEP_WEIGHTS, 0) != NULL || find(all, CNN_STEP_BIASES, 0) != NULL;
    const size_t which = (size_t)(!sized && same && wants(report, "output")) << 2 |
                         (size_t)(!params && wants(report, "params")) << 1 |
                         (size_t)(find(all, CNN_STEP_MACS, 0) == NULL && wants(report, "macs"));
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
    steps *all = trace->user;
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        int64_t ignored;
        all->of = &cnn_quantities[i];
        if (all->of->count != NULL && needs_count(report, all->of)) {
            (void)all->of->count(layer, &report->numbers, trace, &ignored);
        }
    }
}

/* Collects the steps at the low end of the scratch memory, beside what resolving takes. */
static bool tell_all(const cnn_report *report, int32_t index, bool only_fields, steps *all,
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
    steps all = {.arena = report->scratch, .wanted = steps_wanted(report)};
    const int64_t before = to->out->count;
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
    all.square[false] = is_square(&all, false);
    all.square[true] = is_square(&all, true);
    bool params = !wants(report, "params");
    for (int32_t i = 0; i < all.count; i++) {
        const cnn_step_kind quantity = all.step[i].quantity;
        if (!params && (quantity == CNN_STEP_WEIGHTS || quantity == CNN_STEP_BIASES)) {
            put_params(to, find(&all, CNN_STEP_WEIGHTS, 0), find(&all, CNN_STEP_BIASES, 0));
            params = true;
        }
        put_step(to, &all, i);
    }
    if (!only_fields) {
        put_missing(report, &layer, &all, to);
        if (to->out->count == before) {
            put_nothing(report, &layer, to);
        }
    }
    cnn_working_close(to);
    return true;
}
