/*
 * The search for mistakes. Every mistake of the catalogue is made, at each layer where it can
 * happen and everywhere at once, and what then comes out is compared with the wrong answers. Two
 * mistakes together are tried only for answers that no single one explains.
 */
#include "check/diagnose.h"

#include "base/arena.h"
#include "check/search.h"

/* The end of the last layer that an open claim is about; 0: nothing is open. */
static int32_t last_layer(const cnn_search *s)
{
    int32_t last = 0;
    for (int32_t i = 0; i < s->claims->count; i++) {
        const cnn_claim *claim = &s->claims->list[i];
        if (cnn_search_open(s, claim) && claim->of.end > last) {
            last = claim->of.end;
        }
    }
    return last;
}

/* ---- single mistakes ---- */

/* At each layer before `end`, then everywhere. */
static void try_places(cnn_search *s, cnn_variation v, int32_t end)
{
    const cnn_layer *layers = s->study.numbers.net->layers;
    for (v.layer = 1; v.layer < end && !v.mistake->whole; v.layer++) {
        if (cnn_mistake_fits(v.mistake, &layers[v.layer])) {
            cnn_search_try(s, &v, 1);
        }
    }
    v.layer = CNN_EVERYWHERE;
    cnn_search_try(s, &v, 1);
}

static void try_layers(cnn_search *s)
{
    const int32_t end = last_layer(s);
    for (size_t i = 0; i < cnn_mistake_count(); i++) {
        const cnn_mistake *m = cnn_mistake_at(i);
        for (int32_t variant = 0; variant < cnn_variants_of(m); variant++) {
            cnn_variation v = {m, variant, 0, false};
            if (m->count != NULL) {
                try_places(s, v, end);
            }
            v.sizes = true;
            if (m->side != NULL || m->size != NULL) {
                try_places(s, v, end);
            }
        }
    }
}

/* ---- the pupil's own sizes ---- */

/* Whether what enters the claimed layer is wrong already. */
static bool on_own_size(const cnn_search *s, const cnn_pupil *pupil, const cnn_claim *claim)
{
    const cnn_layer *layer = &s->study.numbers.net->layers[claim->of.first];
    for (int32_t i = 0; i < layer->source_count && cnn_subject_single(&claim->of); i++) {
        if (pupil->root[layer->sources[i]] >= 0) {
            return true;
        }
    }
    return false;
}

/* A second mistake on top of an earlier wrong size: seen only from the sizes the pupil had. */
static void try_on_own_sizes(cnn_search *s, const cnn_pupil *pupil)
{
    cnn_study_base(&s->study, pupil->layers, pupil->forced);
    s->own = true;
    for (int32_t i = 0; i < s->claims->count && s->study.steps > 0; i++) {
        cnn_claim *claim = &s->claims->list[i];
        s->only = claim;
        if (!cnn_search_open(s, claim) || claim->explanations != NULL ||
            !on_own_size(s, pupil, claim)) {
            continue;
        }
        for (size_t k = 0; k < cnn_mistake_count(); k++) {
            const cnn_mistake *m = cnn_mistake_at(k);
            for (int32_t variant = 0; variant < cnn_variants_of(m); variant++) {
                const bool sizes = m->side != NULL || m->size != NULL;
                cnn_variation v = {m, variant, claim->of.first, false};
                if (m->count != NULL && !m->whole) {
                    cnn_search_try(s, &v, 1);
                }
                v.sizes = true;
                if (sizes) {
                    cnn_search_try(s, &v, 1);
                }
            }
        }
    }
    s->only = NULL;
    s->own = false;
    cnn_study_base(&s->study, s->study.numbers.net->layers, NULL);
}

/* ---- all of it ---- */

/* The only layer that has weights; -1: there are none, or several. */
static int32_t only_weighted(const cnn_network *net)
{
    int32_t only = -1;
    for (int32_t i = net->input_count; i < net->layer_count; i++) {
        if (net->layers[i].weights + net->layers[i].biases > 0) {
            if (only >= 0) {
                return -1;
            }
            only = i;
        }
    }
    return only;
}

bool cnn_claims_diagnose(cnn_claims *claims, const cnn_numbers *numbers, const cnn_pupil *pupil,
                         cnn_error *err)
{
    cnn_search s = {.claims = claims,
                    .arena = claims->arena,
                    .err = err,
                    .weighted = only_weighted(numbers->net)};
    if (last_layer(&s) == 0) {
        return true; /* nothing is wrong */
    }
    if (!cnn_study_open(&s.study, numbers, claims->arena, err)) {
        return false;
    }
    try_layers(&s);
    cnn_search_answers(&s);
    try_on_own_sizes(&s, pupil);
    cnn_search_inputs(&s);
    cnn_search_pairs(&s);
    return err->code == CNN_OK && cnn_claims_rank(claims, numbers->net, err) &&
           cnn_claims_follow_mistakes(claims, err);
}
