/* Making mistakes, comparing what they give with the claims, and asking the other claims whether
 * the pupil can have made them. */
#include "check/search.h"

#include <assert.h>

#include "base/arena.h"

enum { MOST_EXPLANATIONS = 64 }; /* of one answer */

/* ---- what is found ---- */

/* All explanations of a claim are of as many mistakes: two are tried where one does not do. */
static bool known(const cnn_claim *claim, const cnn_explanation *found)
{
    for (const cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        bool same = true;
        for (int32_t i = 0; i < found->count; i++) {
            same = same && cnn_variation_same(&e->made[i], &found->made[i]);
        }
        if (same) {
            return true;
        }
    }
    return false;
}

/* Without memory the search is over: no steps are left. */
cnn_explanation *cnn_search_add(cnn_search *s, cnn_claim *claim, const cnn_variation *made,
                                int32_t count)
{
    cnn_explanation found = {.next = claim->explanations, .count = count};
    for (int32_t i = 0; i < count; i++) {
        const cnn_mistake *m = made[i].mistake;
        found.made[i] = made[i];
        if (count > 1 && made[i].layer == CNN_EVERYWHERE && m->value == NULL && !m->whole &&
            s->study.places[i] == 1) {
            found.made[i].layer = s->study.only_place[i];
        }
        /* A fraction that is rounded to the nearest number is seldom, one that is kept is not. */
        found.score += m->rank + (m->exact && claim->value[0].decimals == 0);
    }
    if (claim->found == MOST_EXPLANATIONS || known(claim, &found)) {
        return NULL;
    }
    cnn_explanation *e = CNN_NEW(s->arena, cnn_explanation);
    if (e == NULL) {
        (void)cnn_fail_memory(s->err);
        s->study.steps = 0;
        return NULL;
    }
    *e = found;
    claim->explanations = e;
    claim->found++;
    s->study.scratch = *s->arena;
    return e;
}

/* ---- digits ---- */

enum { ENOUGH_DIGITS = 4, LEAST_DIGITS = 2 };

/* Half as much again, or two thirds, and beyond. */
static bool is_far(int64_t answer, int64_t right)
{
    return answer / 3 >= right / 2 || answer / 2 <= right / 3;
}

bool cnn_search_told_apart(const cnn_search *s, const cnn_claim *claim, const cnn_variation *made,
                           int32_t count, const cnn_answer *answer)
{
    const int32_t digits = cnn_claim_digits(claim);
    if (digits >= ENOUGH_DIGITS || claim->what->kind != CNN_QUANTITY_COUNT) {
        return true;
    }
    if (digits < LEAST_DIGITS || count > 1) {
        return false;
    }
    if (made->mistake->factor) {
        return true;
    }
    if (made->mistake->term != NULL || made->mistake->value != NULL) {
        return false;
    }
    if (digits == LEAST_DIGITS && !is_far(answer->count, claim->right.count)) {
        return false;
    }
    if (cnn_subject_single(&claim->of)) {
        return made->layer == claim->of.first;
    }
    return made->layer == CNN_EVERYWHERE ? is_far(answer->count, claim->right.count)
                                         : made->layer == s->weighted;
}

/* ---- claims that a variation changes ---- */

bool cnn_search_open(const cnn_search *s, const cnn_claim *claim)
{
    return claim->verdict == CNN_VERDICT_WRONG && claim->relation == CNN_EQUAL &&
           claim->right.numbers > 0 && claim->reading == NULL && !claim->share &&
           (s->only == NULL || claim == s->only);
}

/* A mistake in a layer after the claimed one explains nothing; counts that are mistaken everywhere
 * are, for one layer, mistaken there. */
static bool concerns(const cnn_search *s, const cnn_claim *claim, const cnn_variation *v)
{
    const bool single = cnn_subject_single(&claim->of);
    if (s->own && v->layer != claim->of.first) {
        return false;
    }
    if (v->sizes ? v->mistake->local && !claim->what->sizes : claim->what->sizes) {
        return false;
    }
    if (v->layer == CNN_EVERYWHERE) {
        return !single || v->sizes;
    }
    return v->layer < claim->of.end && (v->sizes || !single || v->layer == claim->of.first);
}

typedef struct attempt {
    cnn_search *s;
    const cnn_variation *made;
    int32_t count;
    struct cnn_conflict *conflicts; /* by quantity */
    bool any;
} attempt;

/* Answers about a quantity that are not what the mistakes give. */
typedef struct cnn_conflict {
    int32_t rights;       /* parts of the network with right ones, 2 standing for more, */
    cnn_subject right_of; /* and the first of these parts */
    bool total;           /* a right total */
    int32_t wrong_at;     /* where the earliest wrong one ends */
} conflict;

/* The claim's answer under the variation. */
static bool answer_of(const attempt *a, const cnn_claim *claim, cnn_answer *out)
{
    const cnn_search *s = a->s;
    if (!cnn_study_answer(&s->study, claim->what, &claim->of, &claim->right, out)) {
        return false;
    }
    if (s->then == NULL) {
        return true;
    }
    const cnn_counting as = {.numbers = &s->study.numbers, .right = out->count};
    return claim->what->kind == CNN_QUANTITY_COUNT && cnn_mistake_concerns(s->then, claim->what) &&
           s->then->value(&as, &out->count);
}

/* `inexact`: only rounding makes it fit. */
static bool matches(const attempt *a, const cnn_claim *claim, bool *inexact)
{
    cnn_answer answer;
    bool fits = cnn_search_open(a->s, claim);
    for (int32_t k = 0; k < a->count && fits; k++) {
        fits = concerns(a->s, claim, &a->made[k]);
    }
    fits = fits && answer_of(a, claim, &answer) && cnn_claim_is(claim, &answer) &&
           cnn_search_told_apart(a->s, claim, a->made, a->count + (a->s->then != NULL), &answer);
    *inexact = fits && claim->what->kind == CNN_QUANTITY_COUNT &&
               cnn_amount_compare(&claim->value[0], (cnn_fraction){answer.count, 1}) != 0;
    return fits;
}

static void look_for_match(attempt *a, cnn_claim *claim)
{
    bool inexact;
    a->any = a->any || matches(a, claim, &inexact);
}

static bool same_part(const cnn_subject *a, const cnn_subject *b)
{
    return a->first == b->first && a->end == b->end && a->total == b->total;
}

/* Whether the pupil gives this answer, too, beside another one to the same question. */
static bool also_given(const attempt *a, const cnn_claim *claim, const cnn_answer *answer)
{
    const cnn_claims *claims = a->s->claims;
    int32_t at = claims->first_at[cnn_claim_place(claim, a->s->study.numbers.net)];
    for (; at >= 0; at = claims->list[at].next) {
        const cnn_claim *other = &claims->list[at];
        if (other->what == claim->what && same_part(&other->of, &claim->of) &&
            cnn_claim_is(other, answer)) {
            return true;
        }
    }
    return false;
}

static void look_for_conflict(attempt *a, cnn_claim *claim)
{
    cnn_answer answer;
    conflict *c = &a->conflicts[claim->what - cnn_quantities];
    if (claim->verdict == CNN_VERDICT_FOLLOWS || claim->as != NULL || claim->reading != NULL ||
        !cnn_study_answer(&a->s->study, claim->what, &claim->of, &claim->right, &answer) ||
        also_given(a, claim, &answer)) {
        return;
    }
    if (claim->verdict != CNN_VERDICT_RIGHT) {
        const bool earlier = !claim->of.total && claim->of.end < c->wrong_at;
        c->wrong_at = earlier ? claim->of.end : c->wrong_at;
    } else if (claim->of.total) {
        c->total = true;
    } else if (c->rights == 0) {
        c->rights = 1;
        c->right_of = claim->of;
    } else if (!same_part(&c->right_of, &claim->of)) {
        c->rights = 2;
    }
}

/* Whether answers of the one kind tell something about how the other was computed. */
static bool related(const attempt *a, const cnn_quantity *what, const cnn_quantity *other)
{
    if (other->sizes) {
        bool sizes = what->sizes;
        for (int32_t i = 0; i < a->count; i++) {
            sizes = sizes || a->made[i].sizes;
        }
        return sizes;
    }
    return !what->sizes && what->work == other->work;
}

/* Not by another answer to the same question: people try several. And a right total may have been
 * copied: it does not speak for its terms. */
static bool ruled_out(const attempt *a, const cnn_claim *claim)
{
    for (size_t i = 0; i < cnn_quantity_count; i++) {
        const conflict *c = &a->conflicts[i];
        const bool same = claim->what == &cnn_quantities[i];
        if (!related(a, claim->what, &cnn_quantities[i])) {
            continue;
        }
        const bool right =
            c->rights > 1 || (c->rights == 1 && !(same && same_part(&c->right_of, &claim->of)));
        const bool earlier = !claim->of.total && c->wrong_at <= claim->of.first;
        if (right || earlier || (c->total && !same)) {
            return true;
        }
    }
    return false;
}

static void add_match(attempt *a, cnn_claim *claim)
{
    bool inexact;
    if (matches(a, claim, &inexact) && !ruled_out(a, claim)) {
        cnn_variation made[CNN_MOST_MISTAKES];
        int32_t count = a->count;
        for (int32_t i = 0; i < count; i++) {
            made[i] = a->made[i];
        }
        if (a->s->then != NULL) {
            made[count++] = (cnn_variation){a->s->then, 0, made[0].layer, false};
        }
        cnn_explanation *found = cnn_search_add(a->s, claim, made, count);
        if (found != NULL && inexact) {
            found->score += 2; /* what fits exactly is meant */
        }
    }
}

static void visit_chain(attempt *a, int32_t at, void (*see)(attempt *a, cnn_claim *claim))
{
    for (; at >= 0; at = a->s->claims->list[at].next) {
        a->s->study.steps--;
        see(a, &a->s->claims->list[at]);
    }
}

/* Claims of the layers that changed, of the item that the first one is in the middle of, totals. */
static void visit(attempt *a, void (*see)(attempt *a, cnn_claim *claim))
{
    const cnn_study *study = &a->s->study;
    const int32_t *first_at = a->s->claims->first_at;
    if (study->changed >= study->changed_end) {
        return;
    }
    const cnn_item *item = study->base[study->changed].item;
    if (item != NULL && item->composite && item->first < study->changed) {
        visit_chain(a, first_at[item->first], see);
    }
    for (int32_t i = study->changed; i < study->changed_end; i++) {
        visit_chain(a, first_at[i], see);
    }
    visit_chain(a, first_at[study->numbers.net->layer_count], see);
}

/* ---- one attempt ---- */

/* Whether one of two mistakes alone gives the claimed number: then the other one is not needed, and
 * what rules the first one out rules out both. */
static bool one_is_enough(cnn_search *s, const cnn_variation *made, int32_t count)
{
    bool enough = false;
    for (int32_t i = 0; i < count && count > 1 && !enough; i++) {
        const attempt alone = {.s = s, .made = &made[i], .count = 1};
        bool inexact;
        if (cnn_study_vary(&s->study, &made[i], 1)) {
            enough = matches(&alone, s->only, &inexact);
            cnn_study_restore(&s->study);
        }
    }
    return enough;
}

/* Computes the layers after the claimed one, too, which may rule the mistakes out; if they can be
 * computed. */
static bool vary_all(cnn_search *s, const cnn_variation *made, int32_t count)
{
    const int32_t until = s->study.until;
    cnn_study_restore(&s->study);
    s->study.until = s->study.numbers.net->layer_count;
    const bool all = cnn_study_vary(&s->study, made, count);
    s->study.until = until;
    return all || cnn_study_vary(&s->study, made, count);
}

void cnn_search_try(cnn_search *s, const cnn_variation *made, int32_t count)
{
    if (!cnn_study_vary(&s->study, made, count)) {
        return;
    }
    if (s->conflicts == NULL) {
        s->conflicts = CNN_NEW_ARRAY(s->arena, conflict, (int64_t)cnn_quantity_count);
    }
    if (s->conflicts == NULL) {
        (void)cnn_fail_memory(s->err);
        return;
    }
    attempt a = {.s = s, .made = made, .count = count, .conflicts = s->conflicts};
    /* What happens everywhere and changes one layer only was tried at that layer. */
    const bool once = made[0].layer == CNN_EVERYWHERE && s->study.places[0] == 1 && count == 1 &&
                      !made[0].mistake->whole && s->then == NULL;
    if (!once && s->only != NULL) {
        look_for_match(&a, s->only);
    } else if (!once) {
        visit(&a, look_for_match);
    }
    if (a.any && s->only != NULL) {
        cnn_study_restore(&s->study);
        a.any = !one_is_enough(s, made, count) && vary_all(s, made, count);
    }
    if (a.any) {
        for (size_t i = 0; i < cnn_quantity_count; i++) {
            s->conflicts[i] = (conflict){.wrong_at = INT32_MAX};
        }
        visit(&a, look_for_conflict);
        if (s->only != NULL) {
            add_match(&a, s->only);
        } else {
            visit(&a, add_match);
        }
    }
    cnn_study_restore(&s->study);
}
