/* Two mistakes together, for answers that no single one explains. */
#include "check/search.h"

/* Calls back with every way to make a mistake at `layer`: in the counts, then in the sizes. */
static void with_ways(cnn_search *s, const cnn_mistake *m, int32_t layer,
                      void (*act)(cnn_search *s, const cnn_variation *v, void *user), void *user)
{
    const cnn_layer *layers = s->study.numbers.net->layers;
    if (layer != CNN_EVERYWHERE && (m->whole || !cnn_mistake_fits(m, &layers[layer]))) {
        return;
    }
    for (int32_t variant = 0; variant < cnn_variants_of(m) && s->study.steps > 0; variant++) {
        cnn_variation v = {m, variant, layer, false};
        if (m->count != NULL) {
            act(s, &v, user);
        }
        v.sizes = true;
        if (m->side != NULL || m->size != NULL) {
            act(s, &v, user);
        }
    }
}

/* ---- at one place ---- */

static void try_second(cnn_search *s, const cnn_variation *second, void *first)
{
    const cnn_variation both[] = {*(const cnn_variation *)first, *second};
    cnn_search_try(s, both, 2);
}

/* With every mistake that comes later in the catalogue, at the same place. */
static void try_first(cnn_search *s, const cnn_variation *first, void *user)
{
    (void)user;
    cnn_variation copy = *first;
    for (size_t k = cnn_mistake_place(first->mistake) + 1; k < cnn_mistake_count(); k++) {
        with_ways(s, cnn_mistake_at(k), first->layer, try_second, &copy);
    }
}

static void try_pairs_at(cnn_search *s, int32_t layer)
{
    for (size_t i = 0; i < cnn_mistake_count(); i++) {
        with_ways(s, cnn_mistake_at(i), layer, try_first, NULL);
    }
}

/* ---- one everywhere, another at one layer ---- */

static void try_mixed_pairs(cnn_search *s)
{
    const cnn_layer *layers = s->study.numbers.net->layers;
    for (size_t i = 0; i < cnn_mistake_count(); i++) {
        if (cnn_mistake_at(i)->count == NULL) {
            continue;
        }
        for (size_t k = 0; k < cnn_mistake_count(); k++) {
            cnn_variation both[] = {{cnn_mistake_at(i), 0, CNN_EVERYWHERE, false},
                                    {cnn_mistake_at(k), 0, 1, false}};
            const bool useful = k != i && both[1].mistake->count != NULL && !both[1].mistake->whole;
            for (; useful && both[1].layer < s->study.until && s->study.steps > 0;
                 both[1].layer++) {
                if (cnn_mistake_fits(both[1].mistake, &layers[both[1].layer])) {
                    cnn_search_try(s, both, 2);
                }
            }
        }
    }
}

/* ---- a convention on top of a mistake ---- */

static void try_single(cnn_search *s, const cnn_variation *v, void *user)
{
    (void)user;
    cnn_search_try(s, v, 1);
}

static void try_conventions(cnn_search *s, int32_t layer)
{
    for (size_t i = 0; i < cnn_mistake_count(); i++) {
        const cnn_mistake *then = cnn_mistake_at(i);
        if (then->value == NULL || cnn_variants_of(then) > 1 ||
            !cnn_mistake_concerns(then, s->only->what)) {
            continue;
        }
        s->then = then;
        for (size_t k = 0; k < cnn_mistake_count(); k++) {
            with_ways(s, cnn_mistake_at(k), layer, try_single, NULL);
        }
    }
    s->then = NULL;
}

static void try_claim(cnn_search *s, const cnn_claim *claim)
{
    const bool single = cnn_subject_single(&claim->of);
    const int32_t layer = single ? claim->of.first : CNN_EVERYWHERE;
    s->study.until = single ? claim->of.end : s->study.numbers.net->layer_count;
    try_conventions(s, layer);
    if (claim->explanations == NULL) {
        try_pairs_at(s, layer);
    }
    if (claim->explanations == NULL && !single) {
        try_mixed_pairs(s);
    }
    s->study.until = s->study.numbers.net->layer_count;
}

void cnn_search_pairs(cnn_search *s)
{
    for (int32_t i = 0; i < s->claims->count && s->study.steps > 0; i++) {
        cnn_claim *claim = &s->claims->list[i];
        s->only = NULL;
        if (cnn_search_open(s, claim) && claim->explanations == NULL &&
            claim->what->kind != CNN_QUANTITY_PAIR && cnn_claim_digits(claim) >= 4) {
            s->only = claim;
            try_claim(s, claim);
        }
    }
    s->only = NULL;
}
