/*
 * Single changes that make a claim right: another name, a transpose more or less, the other
 * product, a factor less. Each is made in the expression itself, tried, and taken back.
 */
#include <string.h>

#include "base/arena.h"
#include "gradient/gradient_claim.h"

typedef struct search {
    cnn_gradient_sheet *sheet;
    cnn_gradient_claim *claim;
    bool names_only;
    double scale;   /* of the right value */
    cnn_term inner; /* of a term that is put around another */
} search;

/* Whether the claim in its present form is right at every point. */
static bool is_right_now(search *s)
{
    for (int32_t p = 0; p < s->sheet->points.count; p++) {
        cnn_arena scratch = s->sheet->arena;
        cnn_env env = {.arena = &scratch, .work = s->sheet->work};
        cnn_matrix v;
        const bool done = cnn_gradient_claim_eval(s->sheet, s->claim, CNN_NAMES_TRUE, p, &env, &v);
        const cnn_matrix right = cnn_gradient_claim_right(s->sheet, s->claim, p);
        s->sheet->work = env.work - 100;
        if (env.unfit == CNN_UNFIT_MEMORY) {
            return cnn_fail_memory(s->sheet->err);
        }
        if (!done || !cnn_matrix_near(&v, &right, 1, s->scale)) {
            return false;
        }
    }
    return true;
}

static bool is_over(const search *s)
{
    return s->claim->count == CNN_CAUSES || s->sheet->work <= 0;
}

static cnn_text text_of(const search *s, const cnn_term *e)
{
    return cnn_text_part(s->sheet->text, e->span);
}

/* The name without the parentheses around it. */
static cnn_text name_of(const search *s, const cnn_term *name)
{
    cnn_text text = text_of(s, name);
    while (text.size > 2 && text.data[0] == '(') {
        text = cnn_text_trim((cnn_text){text.data + 1, text.size - 2});
    }
    return text;
}

/* Only names of one kind are mistaken for each other: weights, biases, and the values of layers
 * with x and y. l and dl/dl are none of these. */
static int32_t sort_of(const cnn_value *q)
{
    static const int32_t sorts[] = {
        [CNN_VALUE_INPUT] = 1,   [CNN_VALUE_TARGET] = 1, [CNN_VALUE_OUTPUT] = 1,
        [CNN_VALUE_WEIGHTS] = 2, [CNN_VALUE_BIASES] = 3, [CNN_VALUE_LOSS] = 0,
    };
    return sorts[q->role];
}

/* Tries the claim in its present form; if that is right, `mistake` explains it. */
static void test(search *s, int32_t mistake, cnn_text a, cnn_text b)
{
    if (!is_over(s) && is_right_now(s)) {
        const cnn_finding finding = {.mistake = mistake, .a = a, .b = b};
        cnn_gradient_claim_explain(s->claim, &finding, NULL);
    }
}

/* ---- one kind of change each; `e` is as before when they return ---- */

/* Every value and gradient of the same sort, except what is claimed: that explains nothing. */
static void change_name(search *s, cnn_term *e)
{
    const cnn_chain *chain = s->sheet->chain;
    const cnn_term kept = *e;
    for (int32_t i = 0; e->kind == CNN_TERM_NAME && i < 2 * chain->quantity_count; i++) {
        e->quantity = &chain->quantities[i / 2];
        e->slope = i % 2 == 1;
        const bool same = e->quantity == kept.quantity && e->slope == kept.slope;
        const bool what = e->quantity == s->claim->what && e->slope == s->claim->slope;
        const int32_t sort = sort_of(e->quantity);
        const bool alike = sort > 0 && sort == sort_of(kept.quantity) &&
                           !(e->slope && e->quantity->role == CNN_VALUE_TARGET);
        const bool allowed = alike && (!s->names_only || (e->slope && kept.slope));
        if (same || what || !allowed || is_over(s)) {
            continue;
        }
        if (is_right_now(s)) {
            const cnn_finding finding = {.mistake = CNN_MISTAKE_NAME,
                                         .a = name_of(s, &kept),
                                         .b = cnn_value_name(e->quantity, e->slope)};
            cnn_gradient_claim_explain(s->claim, &finding, NULL);
        }
    }
    *e = kept;
}

/* The node becomes what it was, transposed; or what was transposed in it. */
static void change_transpose(search *s, cnn_term *e)
{
    const cnn_term kept = *e;
    if (e->kind == CNN_TERM_TRANSPOSE) {
        *e = *kept.first;
        e->op = kept.op;
        e->next = kept.next;
        test(s, CNN_MISTAKE_TRANSPOSE_SURPLUS, text_of(s, kept.first), (cnn_text){0});
    } else if (e->kind != CNN_TERM_NUMBER) {
        s->inner = kept;
        s->inner.next = NULL;
        e->kind = CNN_TERM_TRANSPOSE;
        e->first = &s->inner;
        test(s, CNN_MISTAKE_TRANSPOSE_MISSING, text_of(s, &kept), (cnn_text){0});
    }
    *e = kept;
}

static void change_prime(search *s, cnn_term *e)
{
    if (e->kind != CNN_TERM_CALL || e->function->prime == NULL) {
        return;
    }
    e->prime = !e->prime;
    const cnn_text with = cnn_text_of(e->function->prime);
    const cnn_text without = cnn_text_of(e->function->name);
    if (e->prime) {
        test(s, CNN_MISTAKE_PRIME_MISSING, without, with);
    } else {
        test(s, CNN_MISTAKE_PRIME_SURPLUS, with, without);
    }
    e->prime = !e->prime;
}

static void change_sign(search *s, cnn_term *e)
{
    if (e->kind == CNN_TERM_NEGATE) {
        const cnn_term kept = *e;
        *e = *kept.first;
        e->op = kept.op;
        e->next = kept.next;
        test(s, CNN_MISTAKE_TERM_SIGN, text_of(s, &kept), (cnn_text){0});
        *e = kept;
    } else if (e->op == '+' || e->op == '-') {
        e->op = e->op == '+' ? '-' : '+';
        test(s, CNN_MISTAKE_TERM_SIGN, text_of(s, e), (cnn_text){0});
        e->op = e->op == '+' ? '-' : '+';
    }
}

static void change_product(search *s, cnn_term *e)
{
    const char kept = e->op;
    if (kept == '*' || kept == '.') {
        e->op = kept == '*' ? '.' : '*';
        test(s, kept == '*' ? CNN_MISTAKE_EACH_WANTED : CNN_MISTAKE_MATRIX_WANTED, text_of(s, e),
             (cnn_text){0});
        e->op = kept;
    }
}

/* Without the operand that `slot` points at. */
static void change_count(search *s, const cnn_term *parent, cnn_term **slot)
{
    cnn_term *e = *slot;
    *slot = e->next;
    test(s, parent->kind == CNN_TERM_SUM ? CNN_MISTAKE_SURPLUS_TERM : CNN_MISTAKE_SURPLUS_FACTOR,
         text_of(s, e), (cnn_text){0});
    *slot = e;
}

/* Two operands side by side change places; the signs stay. */
static void change_order(search *s, cnn_term *a)
{
    cnn_term *b = a->next;
    if (b == NULL || (a->kind == CNN_TERM_NUMBER && b->kind == CNN_TERM_NUMBER)) {
        return;
    }
    const cnn_term kept_a = *a, kept_b = *b;
    *a = kept_b;
    *b = kept_a;
    a->op = kept_a.op;
    a->next = b;
    b->op = kept_b.op;
    b->next = kept_b.next;
    test(s, CNN_MISTAKE_EXCHANGED, text_of(s, &kept_a), text_of(s, &kept_b));
    *a = kept_a;
    *b = kept_b;
}

/* Changes of a kind are tried everywhere before the next kind. */
typedef void change(search *s, cnn_term *e);

static void everywhere(search *s, cnn_term *e, change *try)
{
    if (is_over(s)) {
        return;
    }
    try(s, e);
    for (cnn_term *f = e->first; f != NULL; f = f->next) {
        everywhere(s, f, try);
    }
}

static void change_operands(search *s, cnn_term *e)
{
    if (e->kind != CNN_TERM_PRODUCT && e->kind != CNN_TERM_SUM) {
        return;
    }
    for (cnn_term **slot = &e->first; *slot != NULL; slot = &(*slot)->next) {
        change_count(s, e, slot);
    }
    for (cnn_term *f = e->first; f != NULL; f = f->next) {
        change_order(s, f);
    }
}

void cnn_gradient_claim_find_repairs(cnn_gradient_sheet *sheet, cnn_gradient_claim *claim,
                                     bool names_only)
{
    /* in this order, because no more than CNN_CAUSES are reported */
    static change *const changes[] = {change_transpose, change_product, change_sign,
                                      change_prime,     change_name,    change_operands};
    search s = {.sheet = sheet,
                .claim = claim,
                .names_only = names_only,
                .scale = cnn_gradient_claim_scale(sheet, claim)};
    if (names_only) {
        everywhere(&s, claim->term, change_name);
        return;
    }
    for (size_t i = 0; i < CNN_LENGTH(changes); i++) {
        everywhere(&s, claim->term, changes[i]);
    }
}
