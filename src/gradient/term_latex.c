/* Expressions as LaTeX: ".*" becomes a circled dot, "*" a thin space, "^T" a raised sign. */
#include <assert.h>

#include "gradient/derive.h"
#include "gradient/double.h"
#include "gradient/term.h"

static void put_wrapped(cnn_out *out, const cnn_term *e, bool wrap)
{
    cnn_out_string(out, wrap ? "\\left(" : "");
    cnn_out_term_latex(out, e);
    cnn_out_string(out, wrap ? "\\right)" : "");
}

/* What binds looser than a product needs parentheses in one. */
static bool is_loose(const cnn_term *e)
{
    return e->kind == CNN_TERM_SUM || e->kind == CNN_TERM_NEGATE;
}

/* What needs parentheses before an exponent or a transpose; a gradient is written as a fraction. */
static bool is_compound(const cnn_term *e)
{
    const bool fraction = e->kind == CNN_TERM_NAME && e->slope;
    return is_loose(e) || fraction || e->kind == CNN_TERM_PRODUCT ||
           e->kind == CNN_TERM_TRANSPOSE || e->kind == CNN_TERM_POWER;
}

static void put_operands(cnn_out *out, const cnn_term *e)
{
    const bool product = e->kind == CNN_TERM_PRODUCT;
    for (const cnn_term *f = e->first; f != NULL; f = f->next) {
        if (f != e->first) {
            cnn_out_string(out, !product       ? (f->op == '-' ? " - " : " + ")
                                : f->op == '.' ? " \\odot "
                                : f->op == '/' ? " / "
                                               : " \\, ");
        }
        put_wrapped(out, f, product ? is_loose(f) : f->kind == CNN_TERM_NEGATE);
    }
}

void cnn_out_term_latex(cnn_out *out, const cnn_term *e)
{
    switch (e->kind) {
    case CNN_TERM_NUMBER:
        cnn_out_double(out, e->number);
        break;
    case CNN_TERM_NAME:
        cnn_notation_latex.name(out, e->quantity, e->slope);
        break;
    case CNN_TERM_CALL:
        cnn_out_string(out, e->function->latex);
        cnn_out_string(out, e->prime ? "'" : "");
        put_wrapped(out, e->first, true);
        break;
    case CNN_TERM_NEGATE:
        cnn_out_char(out, '-');
        put_wrapped(out, e->first, is_loose(e->first));
        break;
    case CNN_TERM_SUM:
    case CNN_TERM_PRODUCT:
        put_operands(out, e);
        break;
    case CNN_TERM_TRANSPOSE:
        put_wrapped(out, e->first, is_compound(e->first));
        cnn_out_string(out, "^{\\top}");
        break;
    default: /* CNN_TERM_POWER; names of their own have only sheets, and these are not typeset */
        assert(e->kind == CNN_TERM_POWER);
        put_wrapped(out, e->first, is_compound(e->first));
        cnn_out_string(out, "^{");
        cnn_out_double(out, e->number);
        cnn_out_char(out, '}');
        break;
    }
}
