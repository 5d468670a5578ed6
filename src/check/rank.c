/* Putting explanations in order, and finding answers that are wrong for the same reason. */
#include "base/arena.h"
#include "check/diagnose.h"

/* ---- ranking ---- */

/* Those that explain other answers too, then those seen more often. */
static bool better(const cnn_explanation *a, const cnn_explanation *b)
{
    if (a->covers != b->covers) {
        return a->covers > b->covers;
    }
    if (a->score != b->score) {
        return a->score < b->score;
    }
    return a->made[0].mistake != b->made[0].mistake ? a->made[0].mistake < b->made[0].mistake
                                                    : a->made[0].layer < b->made[0].layer;
}

/* The same mistake at the claimed layer itself is a better explanation than at one before it. */
static bool is_remote(const cnn_claim *claim, const cnn_explanation *e)
{
    if (!cnn_subject_single(&claim->of) || e->count > 1 || e->made[0].layer == claim->of.first) {
        return false;
    }
    for (const cnn_explanation *other = claim->explanations; other != NULL; other = other->next) {
        if (other->made[0].mistake == e->made[0].mistake &&
            other->made[0].layer == claim->of.first) {
            return true;
        }
    }
    return false;
}

static void sort(cnn_claim *claim)
{
    cnn_explanation *sorted = NULL;
    for (cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        e->remote = is_remote(claim, e);
    }
    for (cnn_explanation *e = claim->explanations, *next; e != NULL; e = next) {
        next = e->next;
        cnn_explanation **at = &sorted;
        while (*at != NULL && !better(e, *at)) {
            at = &(*at)->next;
        }
        if (!e->remote) {
            e->next = *at;
            *at = e;
        }
    }
    claim->explanations = sorted;
}

/* How many wrong answers a mistake explains. */
typedef struct tally {
    int32_t answers;
    int32_t last; /* of these, counted from 1 */
} tally;

bool cnn_claims_rank(cnn_claims *claims, cnn_arena scratch, cnn_error *err)
{
    tally *tallies = CNN_NEW_ARRAY(&scratch, tally, cnn_mistake_count);
    if (tallies == NULL) {
        return cnn_fail_memory(err);
    }
    for (int32_t i = 0; i < claims->count; i++) {
        for (cnn_explanation *e = claims->list[i].explanations; e != NULL; e = e->next) {
            tally *its = &tallies[e->made[0].mistake - cnn_mistakes];
            its->answers += its->last != i + 1;
            its->last = i + 1;
        }
    }
    for (int32_t i = 0; i < claims->count; i++) {
        for (cnn_explanation *e = claims->list[i].explanations; e != NULL; e = e->next) {
            e->covers = tallies[e->made[0].mistake - cnn_mistakes].answers - 1;
        }
        sort(&claims->list[i]);
    }
    return true;
}

/* ---- what follows from the same mistake ---- */

/* Layers first, in order, then totals; for one layer, what others are computed from first. */
static bool before(const cnn_claim *a, const cnn_claim *b)
{
    if (a->of.end != b->of.end || a->of.total != b->of.total) {
        return a->of.total != b->of.total ? b->of.total : a->of.end < b->of.end;
    }
    return a->what != b->what && cnn_quantity_before(a->what, b->what);
}

/* The same mistake at the same layer explains both. */
static bool share(const cnn_claim *a, const cnn_claim *b)
{
    for (const cnn_explanation *x = a->explanations; x != NULL; x = x->next) {
        for (const cnn_explanation *y = b->explanations; y != NULL; y = y->next) {
            if (x->count == 1 && y->count == 1 && cnn_variation_same(&x->made[0], &y->made[0])) {
                return true;
            }
        }
    }
    return false;
}

enum { MOST_COMPARED = 2000 }; /* sheets with more wrong answers are not looked through */

void cnn_claims_follow_mistakes(cnn_claims *claims)
{
    int32_t compared = 0;
    for (int32_t i = 0; i < claims->count && compared < MOST_COMPARED; i++) {
        cnn_claim *claim = &claims->list[i];
        if (claim->verdict != CNN_VERDICT_WRONG || claim->explanations == NULL) {
            continue;
        }
        compared++;
        int32_t root = -1;
        for (int32_t k = 0; k < claims->count; k++) {
            const cnn_claim *other = &claims->list[k];
            const bool earlier = root < 0 || before(other, &claims->list[root]);
            if (other->verdict == CNN_VERDICT_WRONG && before(other, claim) && earlier &&
                share(claim, other)) {
                root = k;
            }
        }
        if (root >= 0) {
            claim->verdict = CNN_VERDICT_FOLLOWS;
            claim->from = root;
        }
    }
}
