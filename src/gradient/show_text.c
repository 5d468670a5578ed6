/* Plain text: a derivation is a sheet of claims, and numbers are a file of values. */
#include "base/shape_text.h"
#include "gradient/show.h"
#include "gradient/values.h"

/* Where the shapes begin, unless the formula is longer. */
enum { FORMULA_WIDTH = 48 };

static const char INDICES[] =
    "n filter, c channel, i j position, u v place in the window, h w row and column, all from 0; "
    "outside a map values are 0";

static bool has_indices(const cnn_chain *chain)
{
    bool indexed = false;
    for (int32_t i = 0; i < chain->step_count; i++) {
        indexed = indexed || chain->steps[i].rule->indexed;
    }
    return indexed;
}

static void put_equation(cnn_show *show, cnn_out *out, const cnn_line *line)
{
    cnn_notation_text.name(out, line->what, line->slope);
    cnn_out_string(out, " = ");
    cnn_out_line(out, show->chain, line, &cnn_notation_text);
}

/* The shape is a comment after the formula, so that the line is also a claim. */
static void put_line(cnn_show *show, const cnn_line *line)
{
    cnn_out counter;
    /* counts the columns of the formula and writes nothing */
    cnn_out_open(&counter, NULL);
    put_equation(show, &counter, line);
    put_equation(show, show->out, line);
    cnn_out_fill(show->out, ' ', FORMULA_WIDTH - cnn_out_columns(&counter));
    cnn_out_string(show->out, "  # ");
    cnn_out_dims(show->out, show->chain, line->what, "x");
    cnn_out_char(show->out, '\n');
}

/* The sizes of what is given: x, y and the weights and biases. */
static void put_given(cnn_show *show)
{
    const char *separator = "# given: ";
    for (int32_t i = 0; i < show->chain->quantity_count; i++) {
        const cnn_value *q = &show->chain->quantities[i];
        if (cnn_is_variable(q) || q->role == CNN_VALUE_TARGET) {
            cnn_out_string(show->out, separator);
            cnn_out_string(show->out, q->name);
            cnn_out_char(show->out, ' ');
            cnn_out_dims(show->out, show->chain, q, "x");
            separator = ", ";
        }
    }
    const cnn_dims *y = &show->chain->quantities[show->chain->target].dims;
    const bool class = show->chain->loss->target == CNN_TARGET_CLASS;
    const bool map = cnn_shape_positions(&y->map) > 1;
    cnn_out_string(show->out, !class ? "\n"
                              : map
                                  ? "; at each position y is 1 for the class, else 0, and softmax "
                                    "is over the channels\n"
                                  : "; y is 1 for the class, else 0\n");
}

static void text_derivation(cnn_show *show)
{
    put_given(show);
    if (has_indices(show->chain)) {
        cnn_out_string(show->out, "# ");
        cnn_out_string(show->out, INDICES);
        cnn_out_char(show->out, '\n');
    }
    cnn_out_string(show->out, "\n# forward\n");
    cnn_show_each(show, false, put_line);
    cnn_out_string(show->out, "\n# backward\n");
    cnn_show_each(show, true, put_line);
}

static void put_number_line(cnn_show *show, const cnn_value *q, bool slope)
{
    const double *values = (slope ? show->point->slope : show->point->value) + q->at;
    cnn_out_string(show->out, slope ? "d" : "");
    cnn_out_string(show->out, q->name);
    cnn_out_string(show->out, " = ");
    cnn_out_values(show->out, values, q);
    cnn_out_char(show->out, '\n');
}

static void put_loss(cnn_show *show)
{
    cnn_out_string(show->out, "l = ");
    cnn_out_double(show->out, show->point->value[show->chain->quantities[show->chain->loss_at].at]);
    cnn_out_char(show->out, '\n');
}

/* How far the gradients are from central differences; a count where not all values were checked. */
static void put_deviation(cnn_show *show, const char *before)
{
    const cnn_deviation *d = show->deviation;
    cnn_out_string(show->out, before);
    cnn_out_string(show->out, "largest deviation from central differences: ");
    cnn_out_double(show->out, d->largest);
    if (d->checked < d->all) {
        cnn_out_string(show->out, " (");
        cnn_out_int(show->out, d->checked);
        cnn_out_string(show->out, " of ");
        cnn_out_int(show->out, d->all);
        cnn_out_string(show->out, " values)");
    }
    cnn_out_char(show->out, '\n');
}

static void put_numbers(cnn_show *show)
{
    for (int32_t i = 0; show->with_values && i < show->chain->quantity_count; i++) {
        const cnn_value *q = &show->chain->quantities[i];
        if (cnn_is_variable(q) || q->role == CNN_VALUE_TARGET) {
            put_number_line(show, q, false);
        }
    }
    put_loss(show);
    for (int32_t i = 0; i < show->chain->quantity_count; i++) {
        if (cnn_is_variable(&show->chain->quantities[i])) {
            put_number_line(show, &show->chain->quantities[i], true);
        }
    }
}

static void text_numbers(cnn_show *show)
{
    put_numbers(show);
    put_deviation(show, "# ");
}

/* The marks of checked answers, for all kinds of answers the same. */
static const char *const heads[] = {
    [CNN_JUDGED_RIGHT] = "+ right    ",
    [CNN_JUDGED_WRONG] = "x wrong    ",
    [CNN_JUDGED_FOLLOWS] = "> follows  ",
};

static void put_count(cnn_out *out, const char *before, int32_t count, const char *what)
{
    if (count > 0) {
        cnn_out_string(out, before);
        cnn_out_int(out, count);
        cnn_out_string(out, what);
    }
}

/* How many answers are what, where there are several. */
static void put_summary(cnn_out *out, const int32_t *count)
{
    const int32_t follow = count[CNN_JUDGED_FOLLOWS];
    const int32_t all = count[CNN_JUDGED_RIGHT] + count[CNN_JUDGED_WRONG] + follow;
    if (all < 2) {
        return;
    }
    put_count(out, "\n", all, " answers: ");
    cnn_out_int(out, count[CNN_JUDGED_RIGHT]);
    cnn_out_string(out, " right");
    put_count(out, ", ", follow, follow == 1 ? " that follows" : " that follow");
    put_count(out, ", ", count[CNN_JUDGED_WRONG], " wrong");
    cnn_out_char(out, '\n');
}

/* Each claim with its verdict, and the reasons indented under it. Own names have no verdict. */
static void text_claims(cnn_show *show)
{
    int32_t count[3] = {0};
    for (int32_t i = 0; i < show->sheet->count; i++) {
        const cnn_gradient_claim *claim = &show->sheet->claims[i];
        if (!cnn_gradient_claim_judged(claim)) {
            continue;
        }
        count[claim->judgement]++;
        cnn_out_string(show->out, heads[claim->judgement]);
        cnn_out_text(show->out, claim->text);
        if (cnn_gradient_claim_has_reason(claim)) {
            cnn_out_string(show->out, "\n    ");
            cnn_out_reason(show->out, show->sheet, claim, "\n    ", true);
        }
        cnn_out_char(show->out, '\n');
    }
    put_summary(show->out, count);
}

const cnn_show_format cnn_show_text = {text_derivation, text_numbers, text_claims};

/* ---- Markdown: tables of formulas, and numbers in a block as they are ---- */

static void put_markdown_line(cnn_show *show, const cnn_line *line)
{
    cnn_out_string(show->out, "| `");
    put_equation(show, show->out, line);
    cnn_out_string(show->out, "` | ");
    cnn_out_dims(show->out, show->chain, line->what, "x");
    cnn_out_string(show->out, " |\n");
}

static void markdown_derivation(cnn_show *show)
{
    cnn_out_string(show->out, "| forward | shape |\n|---|---|\n");
    cnn_show_each(show, false, put_markdown_line);
    cnn_out_string(show->out, "\n| backward | shape |\n|---|---|\n");
    cnn_show_each(show, true, put_markdown_line);
    if (has_indices(show->chain)) {
        cnn_out_string(show->out, "\nIndices: ");
        cnn_out_string(show->out, INDICES);
        cnn_out_string(show->out, ".\n");
    }
}

static void markdown_numbers(cnn_show *show)
{
    cnn_out_string(show->out, "```\n");
    put_numbers(show);
    put_deviation(show, "```\n\n");
}

/* A list with a verdict for each claim, and under it a list of reasons. */
static void markdown_claims(cnn_show *show)
{
    for (int32_t i = 0; i < show->sheet->count; i++) {
        const cnn_gradient_claim *claim = &show->sheet->claims[i];
        if (!cnn_gradient_claim_judged(claim)) {
            continue;
        }
        cnn_out_string(show->out, "- **");
        cnn_out_string(show->out, cnn_judgement_names[claim->judgement]);
        cnn_out_string(show->out, "** `");
        cnn_out_text(show->out, claim->text);
        cnn_out_string(show->out, "`\n");
        if (cnn_gradient_claim_has_reason(claim)) {
            cnn_out_string(show->out, "  - ");
            cnn_out_reason(show->out, show->sheet, claim, "\n  - ", true);
            cnn_out_char(show->out, '\n');
        }
    }
}

const cnn_show_format cnn_show_markdown = {markdown_derivation, markdown_numbers, markdown_claims};
