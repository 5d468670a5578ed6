/* Putting explanations in order, and finding answers that are wrong for the same reason. */
#include <string.h>

#include "base/arena.h"
#include "check/diagnose.h"

/* ---- ranking ---- */

/* Those that explain other answers too, then those made more often. */
static bool better(const cnn_explanation *a, const cnn_explanation *b)
{
    if (a->covers != b->covers) {
        return a->covers > b->covers;
    }
    if (a->score != b->score) {
        return a->score < b->score;
    }
    const size_t x = cnn_mistake_place(a->made[0].mistake),
                 y = cnn_mistake_place(b->made[0].mistake);
    return x != y ? x < y : a->made[0].layer < b->made[0].layer;
}

/* At how many single layers the mistake explains the claim, and whether it does everywhere and at
 * the claimed layer. */
typedef struct places {
    int32_t layers;
    bool everywhere, claimed;
} places;

static places places_of(const cnn_claim *claim, const cnn_mistake *mistake)
{
    places p = {0};
    const bool single = cnn_subject_single(&claim->of);
    for (const cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        if (e->count == 1 && e->made[0].mistake == mistake) {
            p.layers += e->made[0].layer != CNN_EVERYWHERE;
            p.everywhere = p.everywhere || e->made[0].layer == CNN_EVERYWHERE;
            p.claimed = p.claimed || (single && e->made[0].layer == claim->of.first);
        }
    }
    return p;
}

/* One mistake has one place: the claimed layer where it can be that, the only layer, or everywhere
 * where several layers would do. */
static bool elsewhere(const cnn_claim *claim, const cnn_explanation *e)
{
    if (e->count > 1) {
        return false;
    }
    const places p = places_of(claim, e->made[0].mistake);
    if (p.claimed) {
        return e->made[0].layer != claim->of.first;
    }
    return e->made[0].layer == CNN_EVERYWHERE ? p.layers == 1 : p.everywhere && p.layers > 1;
}

/* A rare mistake is dropped beside a frequent one. */
static bool is_rare(const cnn_explanation *best, const cnn_explanation *e)
{
    return e->covers <= best->covers && e->score > best->score + 1;
}

static bool one_formula(const cnn_network *net, const cnn_claim *claim, const cnn_variation *x,
                        const cnn_variation *y)
{
    if (x->layer != y->layer || x->layer < 0 || x->sizes != y->sizes) {
        return false;
    }
    const cnn_layer *layer = &net->layers[x->layer];
    const cnn_quantity *what = x->sizes ? NULL : claim->what;
    cnn_out mine, other;
    cnn_out_open(&mine, NULL);
    cnn_out_open(&other, NULL);
    return cnn_mistake_put_formula(&mine, x->mistake, layer, what) &&
           cnn_mistake_put_formula(&other, y->mistake, layer, what) && mine.used == other.used &&
           memcmp(mine.buffer, other.buffer, mine.used) == 0;
}

/* Whether both write the same formulas for the quantity: for weights they are the same whether the
 * biases are forgotten, too. */
static bool same_formulas(const cnn_network *net, const cnn_claim *claim, const cnn_explanation *a,
                          const cnn_explanation *b)
{
    bool same = a->count == b->count;
    for (int32_t i = 0; i < a->count && same; i++) {
        same = cnn_variation_same(&a->made[i], &b->made[i]) ||
               one_formula(net, claim, &a->made[i], &b->made[i]);
    }
    return same;
}

/* Drops what an explanation before it tells, and what is rare. */
static void thin_out(const cnn_network *net, cnn_claim *claim)
{
    for (cnn_explanation **at = &claim->explanations; *at != NULL;) {
        bool said = is_rare(claim->explanations, *at);
        for (const cnn_explanation *e = claim->explanations; e != *at && !said; e = e->next) {
            said = same_formulas(net, claim, e, *at);
        }
        if (said) {
            *at = (*at)->next;
        } else {
            at = &(*at)->next;
        }
    }
}

static void sort(const cnn_network *net, cnn_claim *claim)
{
    cnn_explanation *sorted = NULL;
    for (cnn_explanation *e = claim->explanations; e != NULL; e = e->next) {
        e->hidden = elsewhere(claim, e);
    }
    for (cnn_explanation *e = claim->explanations, *next; e != NULL; e = next) {
        next = e->next;
        cnn_explanation **at = &sorted;
        while (*at != NULL && !better(e, *at)) {
            at = &(*at)->next;
        }
        if (!e->hidden) {
            e->next = *at;
            *at = e;
        }
    }
    claim->explanations = sorted;
    thin_out(net, claim);
}

/* How many wrong answers a mistake explains. */
typedef struct tally {
    int32_t answers;
    int32_t last; /* of these, counted from 1 */
} tally;

bool cnn_claims_rank(cnn_claims *claims, const cnn_network *net, cnn_error *err)
{
    cnn_arena scratch = *claims->arena;
    tally *tallies = CNN_NEW_ARRAY(&scratch, tally, cnn_mistake_count() + 1);
    if (tallies == NULL) {
        return cnn_fail_memory(err);
    }
    for (int32_t i = 0; i < claims->count; i++) {
        for (cnn_explanation *e = claims->list[i].explanations; e != NULL; e = e->next) {
            tally *its = &tallies[cnn_mistake_place(e->made[0].mistake)];
            its->answers += its->last != i + 1;
            its->last = i + 1;
        }
    }
    for (int32_t i = 0; i < claims->count; i++) {
        for (cnn_explanation *e = claims->list[i].explanations; e != NULL; e = e->next) {
            e->covers = tallies[cnn_mistake_place(e->made[0].mistake)].answers - 1;
        }
        sort(net, &claims->list[i]);
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

/* Mistakes by what they are and where, each with the first claim that it explains: a table with
 * open addressing. */
typedef struct origin {
    const cnn_mistake *mistake; /* NULL: free */
    int32_t layer;
    int32_t claim;
} origin;

typedef struct origins {
    origin *table;
    size_t mask;
} origins;

static origin *origin_of(const origins *all, const cnn_variation *v)
{
    size_t at = (cnn_mistake_place(v->mistake) * 31 + (size_t)(v->layer + 1)) * 2654435761u;
    for (;; at++) {
        origin *o = &all->table[at & all->mask];
        if (o->mistake == NULL || (o->mistake == v->mistake && o->layer == v->layer)) {
            return o;
        }
    }
}

/* The claim that is wrong for the same reason and comes first; -1: it is this one. */
static int32_t root_of(const cnn_claims *claims, const origins *all, const cnn_claim *claim)
{
    int32_t root = -1;
    for (const cnn_explanation *e = claim->explanations; e != NULL && e->count == 1; e = e->next) {
        const int32_t its = origin_of(all, &e->made[0])->claim;
        if (before(&claims->list[its], claim) &&
            (root < 0 || before(&claims->list[its], &claims->list[root]))) {
            root = its;
        }
    }
    return root;
}

bool cnn_claims_follow_mistakes(cnn_claims *claims, cnn_error *err)
{
    cnn_arena scratch = *claims->arena;
    size_t found = 0, size = 4;
    for (int32_t i = 0; i < claims->count; i++) {
        found += (size_t)claims->list[i].found;
    }
    while (size < 2 * found) {
        size *= 2;
    }
    const origins all = {CNN_NEW_ARRAY(&scratch, origin, size), size - 1};
    if (all.table == NULL) {
        return cnn_fail_memory(err);
    }
    for (int32_t i = 0; i < claims->count; i++) {
        const cnn_claim *claim = &claims->list[i];
        for (const cnn_explanation *e = claim->explanations; e != NULL && e->count == 1;
             e = e->next) {
            origin *o = origin_of(&all, &e->made[0]);
            if (o->mistake == NULL || before(claim, &claims->list[o->claim])) {
                *o = (origin){e->made[0].mistake, e->made[0].layer, i};
            }
        }
    }
    for (int32_t i = 0; i < claims->count; i++) {
        cnn_claim *claim = &claims->list[i];
        const int32_t root = root_of(claims, &all, claim);
        if (root >= 0) {
            claim->verdict = CNN_VERDICT_FOLLOWS;
            claim->from = root;
        }
    }
    return true;
}
