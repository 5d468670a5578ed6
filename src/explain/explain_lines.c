/* Steps as lines: equal ones of height and width as one, summands of a sum side by side. */
#include <string.h>

#include "explain/steps.h"

/* ---- one line ---- */

/* Whether two steps make up one line: they join, and are of the same quantity and axis. */
static bool share_line(const cnn_step *a, const cnn_step *b)
{
    return a->joining != CNN_ALONE && a->joining == b->joining && a->quantity == b->quantity &&
           a->axis == b->axis && a->label == b->label;
}

/* The next step of a line; -1: there is none. */
static int32_t next_of_line(const cnn_steps *all, int32_t at)
{
    for (int32_t i = at + 1; all->step[at].joining != CNN_ALONE && i < all->count; i++) {
        if (share_line(&all->step[at], &all->step[i])) {
            return i;
        }
    }
    return -1;
}

static void put_terms(cnn_working *to, const cnn_steps *all, int32_t at, cnn_formula_form form)
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

/* A line of steps while it is written. */
typedef struct line_of_steps {
    const cnn_steps *all;
    int32_t at;
    const char *label, *suffix;
    char letter; /* of the side */
} line_of_steps;

static int32_t put_part(const cnn_worked *line, cnn_working *to, cnn_line_part part)
{
    const line_of_steps *its = line->of;
    const cnn_formula_form form = {
        .tex = to->style->tex, .side = its->letter, .numbers = part == CNN_LINE_NUMBERS};
    if (part == CNN_LINE_NAME) {
        cnn_working_put(to, its->label);
        cnn_working_put(to, its->suffix);
    } else {
        put_terms(to, its->all, its->at, form);
    }
    return 0;
}

static void put_line(cnn_working *to, const cnn_steps *all, int32_t at, bool square)
{
    static const struct {
        const char *name, *suffix;
        char letter;
    } sides[] = {
        {NULL, "", 'W'}, {"width", " W", 'W'}, {"height", " H", 'H'}, {"depth", " D", 'D'}};
    const cnn_step *step = &all->step[at], *last = step;
    const int32_t from_last = square || step->axis == 0 ? 0 : all->axes - step->axis + 1;
    const char *axis = sides[from_last].name;
    const bool side = step->quantity == CNN_STEP_SIDE && axis != NULL;
    for (int32_t i = at; i >= 0; i = next_of_line(all, i)) {
        last = &all->step[i];
    }
    const line_of_steps its = {.all = all,
                               .at = at,
                               .label = side ? axis : step->label,
                               .suffix = side ? "" : sides[from_last].suffix,
                               .letter = sides[from_last].letter};
    cnn_working_line(to, &(cnn_worked){.what = step->name != NULL ? step->name : step->label,
                                       .axis = axis,
                                       .put = put_part,
                                       .of = &its,
                                       .result = last->result,
                                       .result_over = last->result_over});
}

/* Then the results are the same too. Where only one of them is dilated, the steps before differ. */
static bool same_numbers(const cnn_step *a, const cnn_step *b)
{
    return strcmp(a->formula, b->formula) == 0 &&
           memcmp(a->value, b->value, sizeof a->value) == 0 &&
           memcmp(a->over, b->over, sizeof a->over) == 0;
}

/* The two counts that parameters are the sum of; either may be missing. */
typedef struct params_of {
    const cnn_step *weights, *biases;
} params_of;

/* Weights + biases; a norm's are C + C, which everybody writes as 2C. */
static int32_t put_params_part(const cnn_worked *line, cnn_working *to, cnn_line_part part)
{
    const params_of *its = line->of;
    const bool twice =
        its->weights != NULL && its->biases != NULL && same_numbers(its->weights, its->biases);
    const cnn_formula_form form = {.tex = to->style->tex, .numbers = part == CNN_LINE_NUMBERS};
    if (part == CNN_LINE_NAME) {
        cnn_working_put(to, line->what);
        return 0;
    }
    cnn_out_string(to->out, !twice ? "" : form.tex ? "2 \\cdot " : "2*");
    if (its->weights != NULL) {
        cnn_out_formula(to->out, its->weights, form);
    }
    if (its->biases != NULL && !twice) {
        cnn_out_string(to->out, its->weights != NULL ? " + " : "");
        cnn_out_formula(to->out, its->biases, form);
    }
    return 0;
}

static void put_params(cnn_working *to, const cnn_step *weights, const cnn_step *biases)
{
    const params_of its = {weights, biases};
    cnn_working_line(to, &(cnn_worked){.what = "params",
                                       .put = put_params_part,
                                       .of = &its,
                                       .result = (weights != NULL ? weights->result : 0) +
                                                 (biases != NULL ? biases->result : 0)});
}

/* ---- the lines of a layer ---- */

const cnn_step *cnn_steps_find(const cnn_steps *all, cnn_step_kind quantity)
{
    for (int32_t i = 0; i < all->count; i++) {
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
static bool is_alike(const cnn_steps *all, bool field, int32_t axis)
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

static bool is_square(const cnn_steps *all, bool field)
{
    bool square = true;
    for (int32_t axis = 2; axis <= all->axes; axis++) {
        square = square && is_alike(all, field, axis);
    }
    return square;
}

/* Whether an earlier step's line has this one in it. */
static bool is_joined(const cnn_steps *all, int32_t at)
{
    for (int32_t i = at - 1; all->step[at].joining != CNN_ALONE && i >= 0; i--) {
        if (share_line(&all->step[i], &all->step[at])) {
            return true;
        }
    }
    return false;
}

/* `square`: all sides are worked alike: sizes, receptive fields. */
static void put_step(cnn_working *to, const cnn_steps *all, int32_t at, const bool square[2])
{
    const cnn_step *step = &all->step[at];
    if ((all->wanted >> step->quantity & 1) == 0 || is_joined(all, at)) {
        return;
    }
    const bool alike = square[step->quantity >= CNN_STEP_FIELD];
    if (alike && step->axis >= 2) {
        return;
    }
    if (step->formula != NULL) {
        put_line(to, all, at, alike);
    }
    if (step->note != NULL) {
        cnn_working_note(to, step->note);
    }
}

void cnn_steps_write(const cnn_steps *all, bool params, cnn_working *to)
{
    const bool square[2] = {is_square(all, false), is_square(all, true)};
    bool done = !params;
    for (int32_t i = 0; i < all->count; i++) {
        const cnn_step_kind quantity = all->step[i].quantity;
        if (!done && (quantity == CNN_STEP_WEIGHTS || quantity == CNN_STEP_BIASES)) {
            put_params(to, cnn_steps_find(all, CNN_STEP_WEIGHTS),
                       cnn_steps_find(all, CNN_STEP_BIASES));
            done = true;
        }
        put_step(to, all, i, square);
    }
}
