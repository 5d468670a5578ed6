/* Expressions: postfix terms over a small stack. */
#include "base/checked.h"
#include "lang/expand.h"
#include "lang/parse.h"

static bool overflow(cnn_span span, cnn_error *err)
{
    return cnn_fail_words(err, CNN_E_OVERFLOW, span, cnn_text_of("the result"), (cnn_text){0});
}

/* False where the result does not fit, without an error. */
static bool apply(const cnn_term *term, int64_t a, int64_t b, int64_t *out, cnn_error *err)
{
    switch (term->kind) {
    case CNN_TERM_ADD:
        return cnn_checked_add(a, b, out);
    case CNN_TERM_SUB:
        return cnn_checked_sub(a, b, out);
    case CNN_TERM_MUL:
        return cnn_checked_mul(a, b, out);
    default:
        /* INT64_MIN / -1 cannot occur: there are no negative numbers to begin with, and the
         * smallest difference is above INT64_MIN. */
        if (b == 0 || a % b != 0) {
            return cnn_fail_numbers(err, CNN_E_DIVISION, term->span, a, b);
        }
        *out = a / b;
        return true;
    }
}

/* c, h and w of what entered; a vector counts as Nx1x1. */
static int64_t entry_number(const cnn_scope *scope, int64_t which)
{
    const cnn_shape *shape = cnn_value_shape(scope->to, scope->entry);
    if (which == 0) {
        return shape->channels;
    }
    return shape->axes == 0 ? 1 : shape->side[which - 1];
}

static bool operand(const cnn_term *term, const cnn_scope *scope, int64_t *out, cnn_error *err)
{
    *out = term->value;
    if (term->kind == CNN_TERM_ENTRY) {
        *out = entry_number(scope, term->value);
    } else if (term->kind == CNN_TERM_UNKNOWN) {
        if (term->value >= scope->unknown_count) {
            return cnn_fail(err, CNN_E_UNKNOWN_VALUE, term->span);
        }
        *out = scope->unknowns[term->value];
    } else if (term->kind == CNN_TERM_PARAM) {
        const cnn_binding *binding = &scope->frame->bindings[term->value];
        if (binding->item != NULL) {
            return cnn_fail_words(err, CNN_E_HOLDS_LAYER, term->span,
                                  scope->frame->definition->params[term->value].name,
                                  (cnn_text){0});
        }
        *out = binding->number;
    }
    return true;
}

bool cnn_expr_value(const cnn_expr *expr, const cnn_scope *scope, int64_t *out, cnn_error *err)
{
    if (expr->count == 1) {
        return operand(expr->terms, scope, out, err);
    }
    int64_t stack[CNN_MAX_TERMS] = {0};
    int32_t top = 0;
    for (int32_t i = 0; i < expr->count; i++) {
        const cnn_term *term = &expr->terms[i];
        if (term->kind < CNN_TERM_ADD) {
            if (!operand(term, scope, &stack[top++], err)) {
                return false;
            }
        } else {
            top--;
            if (!apply(term, stack[top - 1], stack[top], &stack[top - 1], err)) {
                return overflow(term->span, err); /* unless it is another error */
            }
        }
    }
    *out = stack[0];
    return true;
}

bool cnn_expr_constant(const cnn_expr *expr, int64_t *out, cnn_error *err)
{
    for (int32_t i = 0; i < expr->count; i++) {
        const cnn_term_kind kind = expr->terms[i].kind;
        if (kind != CNN_TERM_NUMBER && kind < CNN_TERM_ADD) {
            return cnn_fail_words(err, CNN_E_NUMBER_WANTED, expr->terms[i].span,
                                  cnn_text_of("a number, or the name of one"), (cnn_text){0});
        }
    }
    return cnn_expr_value(expr, &(cnn_scope){0}, out, err);
}
