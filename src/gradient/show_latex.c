/* LaTeX for a paper's align environment. Formulas of matrices are read as claims are, and typeset;
 * those of indices are written as they are. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "gradient/double.h"
#include "gradient/show.h"

/* Room for a formula whose size is known. */
typedef struct memory {
    char *at;
} memory;

static bool write_memory(void *user, const char *data, size_t size)
{
    memory *m = user;
    memcpy(m->at, data, size);
    m->at += size;
    return true;
}

/* The formula as text, in the arena. */
static cnn_text formula_text(const cnn_show *show, const cnn_line *line, cnn_arena *arena)
{
    cnn_out out;
    /* the first pass only counts */
    cnn_out_open(&out, NULL);
    cnn_out_line(&out, show->chain, line, &cnn_notation_text);
    const size_t size = (size_t)cnn_out_columns(&out); /* formulas are ASCII */
    memory m = {cnn_arena_take(arena, size + 1, 1)};
    const cnn_text text = {m.at, size};
    assert(m.at != NULL); /* CNN_SHOW_FORMULA bytes are left */
    cnn_writer to = {write_memory, &m};
    cnn_out_open(&out, &to);
    cnn_out_line(&out, show->chain, line, &cnn_notation_text);
    (void)cnn_out_close(&out);
    return text;
}

static void put_formula(cnn_show *show, const cnn_line *line)
{
    if (line->step != NULL && line->step->rule->indexed) {
        cnn_out_line(show->out, show->chain, line, &cnn_notation_latex);
        return;
    }
    cnn_arena arena = show->scratch;
    cnn_error err = {0};
    const cnn_names none = {0};
    const cnn_text text = formula_text(show, line, &arena);
    const cnn_term_source source = {show->chain, &none, text, &arena, &err};
    const cnn_term *e = cnn_term_read(&source, (cnn_span){0, (uint32_t)text.size});
    assert(e != NULL);
    cnn_out_term_latex(show->out, e);
}

static void put_line(cnn_show *show, const cnn_line *line)
{
    cnn_out_string(show->out, "  ");
    cnn_notation_latex.name(show->out, line->what, line->slope);
    cnn_out_string(show->out, " &= ");
    put_formula(show, line);
    cnn_out_string(show->out, " && \\in \\mathbb{R}^{");
    cnn_out_dims(show->out, show->chain, line->what, " \\times ");
    cnn_out_string(show->out, "} \\\\\n");
}

static void latex_derivation(cnn_show *show)
{
    cnn_out_string(show->out, "\\begin{align*}\n");
    cnn_show_each(show, false, put_line);
    cnn_out_string(show->out, "\\end{align*}\n\\begin{align*}\n");
    cnn_show_each(show, true, put_line);
    cnn_out_string(show->out, "\\end{align*}\n");
}

/* A value of a point; vectors and maps have one column. */
static void put_matrix(cnn_show *show, const cnn_value *q, bool slope)
{
    const double *v = (slope ? show->point->slope : show->point->value) + q->at;
    const int64_t count = cnn_dims_count(&q->dims);
    cnn_out_string(show->out, "  ");
    cnn_notation_latex.name(show->out, q, slope);
    cnn_out_string(show->out, " &= \\begin{bmatrix} ");
    for (int64_t i = 0; i < count; i++) {
        cnn_out_string(show->out, i == 0 ? "" : i % q->dims.columns == 0 ? " \\\\ " : " & ");
        cnn_out_double(show->out, v[i]);
    }
    cnn_out_string(show->out, " \\end{bmatrix} \\\\\n");
}

/* Values, the loss, and the gradients, each as a matrix. */
static void latex_numbers(cnn_show *show)
{
    const cnn_chain *chain = show->chain;
    cnn_out_string(show->out, "\\begin{align*}\n");
    for (int32_t i = 0; show->with_values && i < chain->quantity_count; i++) {
        const cnn_value *q = &chain->quantities[i];
        if (cnn_is_variable(q) || q->role == CNN_VALUE_TARGET) {
            put_matrix(show, q, false);
        }
    }
    cnn_out_string(show->out, "  l &= ");
    cnn_out_double(show->out, show->point->value[chain->quantities[chain->loss_at].at]);
    cnn_out_string(show->out, " \\\\\n");
    for (int32_t i = 0; i < chain->quantity_count; i++) {
        if (cnn_is_variable(&chain->quantities[i])) {
            put_matrix(show, &chain->quantities[i], true);
        }
    }
    cnn_out_string(show->out, "\\end{align*}\n");
}

/* Verdicts are sentences; claims are written as they were given. */
static void latex_claims(cnn_show *show)
{
    cnn_out_string(show->out, "\\begin{verbatim}\n");
    cnn_show_text.claims(show);
    cnn_out_string(show->out, "\\end{verbatim}\n");
}

const cnn_show_format cnn_show_latex = {latex_derivation, latex_numbers, latex_claims};
